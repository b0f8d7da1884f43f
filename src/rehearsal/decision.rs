//! Decisions, ready to be shown: what every arm of a branch looked at, and why the others lost.

use crate::engine::event::{Seen, Verdict, Why};
use crate::engine::{Program, Step};
use crate::flow::{Joiner, Operator};

/// One arm of a decision, ready to be shown: what it was called, whether it held, and its conditions when it was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmShown<'a> {
    /// Its name, or `arm_N`.
    pub name: &'a str,
    /// `all` or `any`.
    pub joiner: &'static str,
    /// `None` for an arm after the winner: it was not reached.
    pub holds: Option<bool>,
    /// Its conditions, in file order; empty when it was not reached.
    pub conditions: Vec<ConditionShown<'a>>,
}

/// One condition of a decision, ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionShown<'a> {
    /// `variable.n`, `field.city`, `tags` …
    pub subject: String,
    /// How it compares.
    pub operator: Operator,
    /// What with, variables filled in: several values are joined by [`SEPARATOR`](crate::engine::event::SEPARATOR).
    pub expected: String,
    /// What it saw.
    pub actual: Seen<'a>,
    /// Whether it holds.
    pub holds: bool,
}

/// A decision ready to be shown: every arm in file order.
pub fn arms<'a>(program: &Program, step: &'a Step, why: Why<'a>) -> Vec<ArmShown<'a>> {
    let mut verdicts = why.verdicts().peekable();
    let mut decided = false;
    (0..step.arm_count())
        .map(|index| {
            let mut conditions = Vec::new();
            while let Some(verdict) = verdicts.next_if(|verdict| usize::from(verdict.arm) == index) {
                conditions.extend(condition(program, step, verdict));
            }
            let joiner = step.arm_joiner(index).map_or("all", Joiner::as_str);
            let holds = (!decided && !conditions.is_empty()).then(|| match joiner {
                "any" => conditions.iter().any(|condition| condition.holds),
                _ => conditions.iter().all(|condition| condition.holds),
            });
            decided |= holds == Some(true);
            ArmShown { name: step.arm_name(index).unwrap_or_default(), joiner, holds, conditions }
        })
        .collect()
}

fn condition<'a>(program: &Program, step: &Step, verdict: Verdict<'a>) -> Option<ConditionShown<'a>> {
    let (subject, operator, written) =
        step.condition_written(program, usize::from(verdict.arm), usize::from(verdict.condition))?;
    let expected = verdict.expected.map_or(written, str::to_owned);
    Some(ConditionShown { subject, operator, expected, actual: verdict.actual, holds: verdict.holds })
}
