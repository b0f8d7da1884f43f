//! `branch`: its arms and the else arm.

use super::value::Value;
use super::{Lowering, limits};
use crate::flow::condition::{Condition, Operand};
use crate::flow::model::{Arm, Branch, Otherwise};
use crate::source::{NodeKind, Span};

const EXAMPLE: &str = "- { name: VIP, when: { tags: { has_any_of: [vip] } }, steps: [...] }";

impl Lowering<'_> {
    pub(super) fn branch(&mut self, value: Value<'_>) -> Option<Branch> {
        let items = value.items();
        if items.is_empty() {
            self.error("no-arms", value.place(), "this branch has no arms", format!("add an arm: {EXAMPLE}"));
            return None;
        }
        let mut arms = Vec::new();
        let mut count = 0;
        let mut complete = true;
        let mut otherwise: Option<(Span, Otherwise)> = None;
        for item in items {
            if let Some(found) = self.else_arm(item) {
                if let Some((first, _)) = &otherwise {
                    self.error_also(
                        "repeated-else",
                        (found.0, "this branch has two else arms".to_owned()),
                        (*first, "the first one"),
                        "put their steps into one else arm",
                    );
                }
                otherwise = otherwise.or(Some(found));
                continue;
            }
            count += 1;
            if count == limits::ARMS + 1 {
                self.error(
                    "too-many-arms",
                    item.node.span,
                    format!("a branch has at most {} arms and the else arm; this is arm {count}", limits::ARMS),
                    "put a second branch into the else arm",
                );
            }
            match self.arm(item) {
                Some(arm) => arms.push(arm),
                None => complete = false,
            }
        }
        complete.then_some(Branch { arms, otherwise: otherwise.map_or(Otherwise::Absent, |(_, otherwise)| otherwise) })
    }

    /// The else arm, when this item is one.
    fn else_arm(&mut self, value: Value<'_>) -> Option<(Span, Otherwise)> {
        let NodeKind::Map(entries) = &value.node.kind else { return None };
        if !entries.iter().any(|(key, _)| Value::item(key).scalar() == Some("else")) {
            return None;
        }
        let mut fields = self.fields(value, "the else arm", "- else: continue")?;
        let steps = fields.take("else")?;
        if let Some(note) = fields.take("note") {
            self.text(note, "`note`");
        }
        fields.finish(self);
        let otherwise = match steps.scalar() {
            Some("continue") => Otherwise::Continue,
            Some(word) if crate::diagnostic::did_you_mean(word, ["continue"]).is_some() => {
                let message = format!("{} is not a value for `else`", super::quoted(word));
                self.unknown("unknown-word", steps.place(), message, word, ["continue"]);
                Otherwise::Continue
            }
            _ => Otherwise::Steps(self.side(steps, "`else`")),
        };
        Some((steps.at, otherwise))
    }

    fn arm(&mut self, value: Value<'_>) -> Option<Arm> {
        let mut fields = self.fields(value, "an arm", EXAMPLE)?;
        let name = fields.take("name").and_then(|name| self.spanned(name, "`name`"));
        let note = fields.take("note").and_then(|note| self.text(note, "`note`")).map(str::to_owned);
        let when = fields.require(self, "when").map(|when| self.conditions(when));
        let steps = fields.take("steps");
        let span = fields.at();
        fields.finish(self);
        let steps = steps.map(|steps| self.steps(steps)).unwrap_or_default();
        let when = when??;
        if let (Some(name), [Condition { operand: Operand::Ago(ago), .. }]) = (&name, when.list.as_slice()) {
            self.compare_time(name, *ago);
        }
        Some(Arm { name: name.map(|name| name.value), note, when, steps, span })
    }
}
