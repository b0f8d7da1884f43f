//! The outputs of the steps: every way a run can leave a step, and which of them were taken.
//!
//! A question is left with an answer and by each side branch that was written; a message once it is sent, and by its failure branch; a
//! branch by every arm and else; a jump taken and exhausted. A step that only changes something has no output: nothing is decided there.

use std::collections::BTreeSet;

use crate::engine::event::{AiAnswer, HttpAnswer, KindOf as Kind, TimerName};
use crate::engine::{Event, Program, RowKind, StepId};
use crate::flow::model::AiOutcome;
use crate::rehearsal::Rehearsal;

/// A way out of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Output {
    /// The way of success: answered, sent, waited, jumped.
    Main,
    /// A jump that went back too often.
    Exhausted,
    /// A side branch, by its key.
    Side(&'static str),
    /// An arm of a branch, from 0.
    Arm(usize),
    /// What a branch does when no arm holds, written or not.
    Else,
}

/// Every output of a program, in the order of the flow.
pub fn all(program: &Program) -> Vec<(StepId, Output)> {
    let mut outputs = Vec::new();
    for row in program.outline() {
        match row.kind {
            RowKind::Step(step) => match program.step(step).action_key() {
                "branch" => {
                    outputs.extend((0..program.step(step).arm_count()).map(|arm| (step, Output::Arm(arm))));
                    outputs.push((step, Output::Else));
                }
                "jump_to" => outputs.extend([(step, Output::Main), (step, Output::Exhausted)]),
                "send_message" | "ask_question" | "wait" | "date_time" | "assign_to" | "http_request"
                | "respond_with_ai" => outputs.push((step, Output::Main)),
                _ => {}
            },
            RowKind::Side(step, key) => outputs.push((step, Output::Side(key))),
            RowKind::Workflow(_) | RowKind::Arm(..) | RowKind::Else(_) => {}
        }
    }
    outputs
}

/// The outputs a run took.
pub fn taken(rehearsal: &Rehearsal) -> BTreeSet<(StepId, Output)> {
    let mut taken = BTreeSet::new();
    for event in rehearsal.log().iter() {
        let Some(step) = event.step else { continue };
        taken.extend(of(&event).iter().map(|output| (step, *output)));
        if let Kind::BranchTaken { arm, .. } = event.kind {
            taken.insert((step, arm.map_or(Output::Else, |arm| Output::Arm(usize::from(arm)))));
        }
    }
    taken
}

/// The outputs an event tells of. Both keys of a failure are named, for a flow writes the one or the other.
const fn of(event: &Event<'_>) -> &'static [Output] {
    match event.kind {
        Kind::AnswerAccepted { .. } | Kind::MessageSent { .. } | Kind::Assigned { .. } | Kind::JumpTaken { .. } => {
            &[Output::Main]
        }
        Kind::JumpExhausted { .. } => &[Output::Exhausted],
        Kind::AnswerRejected { .. } => &[Output::Side("invalid_branch"), Output::Side("failure_branch")],
        Kind::SendingFailed { .. } => &[Output::Side("sending_failed_branch"), Output::Side("failure_branch")],
        Kind::DateTimeChecked { inside } => {
            if inside {
                &[Output::Main]
            } else {
                &[Output::Side("failure_branch")]
            }
        }
        Kind::TimerFired { timer, .. } => match timer {
            TimerName::Wait => &[Output::Main],
            TimerName::QuestionTimeout | TimerName::AssignmentTimeout => &[Output::Side("timeout_branch")],
            TimerName::AiIdle => &[Output::Side("idle_branch")],
        },
        Kind::HttpResponded { answer, .. } => match answer {
            HttpAnswer::Response { status: 200..=299, .. } => &[Output::Main],
            _ => &[Output::Side("failure_branch")],
        },
        Kind::AiReplied { reply, .. } => match reply {
            AiAnswer::Reply { outcome: None, .. } => &[],
            AiAnswer::Reply { outcome: Some(AiOutcome::Success), .. } => &[Output::Main],
            AiAnswer::Reply { outcome: Some(AiOutcome::SpeakToHuman), .. } => &[Output::Side("speak_to_human_branch")],
            AiAnswer::Reply { outcome: Some(AiOutcome::Unable), .. } => &[Output::Side("unable_branch")],
            AiAnswer::Failed(_) | AiAnswer::Reply { outcome: Some(AiOutcome::Failure), .. } => {
                &[Output::Side("failure_branch")]
            }
        },
        _ => &[],
    }
}
