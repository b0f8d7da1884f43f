//! The flow as a tree to print, and the one place that says in which order the lists below a step are numbered.

use super::{StepId, WorkflowId};
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
    /// The head of a workflow; only there when the program has several.
    Workflow(WorkflowId),
    /// A step.
    Step(StepId),
    /// A side branch of a step, by its key: `timeout_branch`, `failure_branch` …
    Side(StepId, &'static str),
    /// An arm of a branch, from 0.
    Arm(StepId, u8),
    /// The else arm of a branch.
    Else(StepId),
}

/// The lists of steps below a step, in the order they are numbered.
pub(super) fn sides(id: StepId, action: &model::Action) -> Vec<(RowKind, &[model::Step])> {
    let model::Action::Branch(branch) = action else {
        let sides = action.sides().into_iter();
        return sides.map(|(key, steps)| (RowKind::Side(id, key), steps.as_slice())).collect();
    };
    let arms = branch.arms.iter().zip(0u8..).map(|(arm, n)| (RowKind::Arm(id, n), arm.steps.as_slice()));
    let otherwise = match &branch.otherwise {
        model::Otherwise::Steps(steps) => Some((RowKind::Else(id), steps.as_slice())),
        model::Otherwise::Absent | model::Otherwise::Continue => None,
    };
    arms.chain(otherwise).collect()
}
