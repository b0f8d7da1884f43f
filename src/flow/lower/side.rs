//! Side branches: the steps that run instead of what comes next, some with a clock.

use std::time::Duration;

use super::Lowering;
use super::step::{ACTIONS, STEP_KEYS};
use super::value::Value;
use crate::diagnostic::did_you_mean;
use crate::flow::duration::parse_duration;
use crate::flow::model::Side;
use crate::source::{Node, NodeKind};

/// A side branch as it stands in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct SideAt<'n> {
    /// Its key as messages quote it.
    pub(super) what: &'static str,
    /// Its value, when it was written.
    pub(super) value: Option<Value<'n>>,
    /// Whether it may say after how long it is taken.
    pub(super) clock: bool,
}

impl Lowering<'_> {
    /// Reads the side branches of a step in the order they stand in the file, so that their steps are numbered as people count them.
    /// A clock among them sets `time`.
    pub(super) fn sides<const N: usize>(&mut self, given: [SideAt<'_>; N], time: &mut Duration) -> [Option<Side>; N] {
        let mut order: Vec<(usize, SideAt<'_>)> = given.into_iter().enumerate().collect();
        order.sort_by_key(|(_, side)| side.value.map_or(0, |value| value.at.start));
        let mut read = [const { None }; N];
        for (place, side) in order {
            let Some(value) = side.value else { continue };
            let steps = if side.clock { self.timed_side(value, side.what, time) } else { self.side(value, side.what) };
            if let Some(slot) = read.get_mut(place) {
                *slot = Some(steps);
            }
        }
        read
    }

    /// A side branch without a clock: a list of steps, or a mapping in which `steps` is optional.
    pub(super) fn side(&mut self, value: Value<'_>, what: &'static str) -> Side {
        if !is_side_mapping(value.node) {
            return self.steps(value);
        }
        let Some(mut fields) = self.fields(value, what, "a list of steps") else { return Vec::new() };
        let steps = fields.take("steps");
        fields.finish(self);
        steps.map(|steps| self.steps(steps)).unwrap_or_default()
    }

    /// A side branch with a clock: a list of steps, or `{ after, steps }`. `time` stays as it is when nothing is said.
    fn timed_side(&mut self, value: Value<'_>, what: &'static str, time: &mut Duration) -> Side {
        if let Some(written) = value.scalar().filter(|text| parse_duration(text).is_ok()) {
            let key = what.trim_matches('`');
            let message = format!("{what} needs its steps, but only a time is written here");
            let help = format!(
                "write the time as `after`: {key}: {{ after: {written}, steps: [{{ send_message: Hello? }}] }}"
            );
            self.error("wrong-type", value.place(), message, help);
            return Vec::new();
        }
        if !is_side_mapping(value.node) {
            return self.steps(value);
        }
        let Some(mut fields) = self.fields(value, what, "{ after: 1 day, steps: [...] }") else { return Vec::new() };
        if let Some(after) = fields.take("after").and_then(|after| self.waiting_time(after, "`after`")) {
            *time = after;
        }
        let steps = fields.take("steps");
        fields.finish(self);
        steps.map(|steps| self.steps(steps)).unwrap_or_default()
    }
}

/// Whether a side branch is written as a mapping with settings, rather than as one step that stands alone.
fn is_side_mapping(node: &Node) -> bool {
    let NodeKind::Map(entries) = &node.kind else { return false };
    let has = |words: &[&str]| {
        entries.iter().any(|(key, _)| Value::item(key).scalar().is_some_and(|key| words.contains(&key)))
    };
    let misspelt_step = || matches!(entries.as_slice(), [(key, _)] if Value::item(key).scalar().is_some_and(|key| did_you_mean(key, ACTIONS).is_some()));
    has(&["steps", "after"]) || !(has(&ACTIONS) || misspelt_step() || has(&STEP_KEYS))
}
