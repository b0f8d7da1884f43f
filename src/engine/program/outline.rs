//! The flow as a tree to print, and the one place that says in which order the lists below a step are numbered.

use super::StepId;
use crate::flow::model;

/// One row of the outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutlineRow {
    /// How deep it is nested, from 0.
    pub depth: u16,
    /// What the row is.
    pub kind: RowKind,
}

/// What an outline row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A step.
    Step(StepId),
    /// A side branch of a step, by its key: `timeout_branch`, `failure_branch` …
    Side(StepId, &'static str),
    /// An arm of a branch, from 0.
    Arm(StepId, u8),
    /// The else arm of a branch.
    Else(StepId),
}

/// The side branches a question may have, with their keys, in the order they are numbered.
pub(super) fn question_sides(ask: &model::AskQuestion) -> [Option<(&'static str, &model::Side)>; 4] {
    let timeout = ask.timeout_branch.as_ref().map(|side| ("timeout_branch", side));
    let (joint, invalid, sending_failed) = match &ask.failures {
        model::FailureBranches::Joint(side) => (side.as_ref(), None, None),
        model::FailureBranches::Split { invalid, sending_failed } => (None, invalid.as_ref(), sending_failed.as_ref()),
    };
    [
        timeout,
        joint.map(|side| ("failure_branch", side)),
        invalid.map(|side| ("invalid_branch", side)),
        sending_failed.map(|side| ("sending_failed_branch", side)),
    ]
}

/// The lists of steps below a step, in the order they are numbered.
pub(super) fn sides(id: StepId, action: &model::Action) -> Vec<(RowKind, &[model::Step])> {
    match action {
        model::Action::SendMessage(send) => failure(id, send.failure_branch.as_ref()),
        model::Action::DateTime(look) => failure(id, look.failure_branch.as_ref()),
        model::Action::AskQuestion(ask) => question_sides(ask)
            .into_iter()
            .flatten()
            .map(|(key, steps)| (RowKind::Side(id, key), steps.as_slice()))
            .collect(),
        model::Action::Branch(branch) => {
            let arms = branch.arms.iter().zip(0u8..).map(|(arm, n)| (RowKind::Arm(id, n), arm.steps.as_slice()));
            let otherwise = match &branch.otherwise {
                model::Otherwise::Steps(steps) => Some((RowKind::Else(id), steps.as_slice())),
                model::Otherwise::Absent | model::Otherwise::Continue => None,
            };
            arms.chain(otherwise).collect()
        }
        _ => Vec::new(),
    }
}

fn failure(id: StepId, side: Option<&model::Side>) -> Vec<(RowKind, &[model::Step])> {
    side.map(|steps| (RowKind::Side(id, "failure_branch"), steps.as_slice())).into_iter().collect()
}
