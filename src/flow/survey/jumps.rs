//! Jumps: loops that give up before their own reminder is due.

use std::time::Duration;

use super::super::condition::{Joiner, Operand, Operator, Subject};
use super::super::facts::Noticed;
use super::super::model::{Action, Arm, Flow, Otherwise, Step, all_steps};
use super::{Place, places};
use crate::source::Span;

pub(super) fn look(flow: &Flow, found: &mut Vec<(Span, Noticed)>) {
    let all = all_steps(&flow.steps);
    let jumps: Vec<(&Step, &str, u8)> = all
        .iter()
        .filter_map(|step| match &step.action {
            Action::JumpTo { step: target, max_jumps } => Some((*step, target.value.as_str(), *max_jumps)),
            _ => None,
        })
        .collect();
    let places = places(flow);
    for (step, target, max_jumps) in &jumps {
        let Some(place) = places.get(target) else { continue };
        if let Some((arm, due, reached)) = never_due(*place, step, *max_jumps) {
            found.push((step.span, Noticed::JumpUsedUp { due, reached, arm: arm.span }));
        }
    }
}

/// The arm of a loop that waits for a longer silence than the loop can last, with the silence it waits for and the longest there is.
fn never_due<'f>(place: Place<'f>, jump: &Step, max_jumps: u8) -> Option<(&'f Arm, Duration, Duration)> {
    let (list, index) = place;
    let mut round = Duration::ZERO;
    let mut arms = Vec::new();
    way(list.get(index..)?, jump, &mut round, &mut arms)?;
    if round.is_zero() {
        return None;
    }
    let most = round.checked_mul(u32::from(max_jumps) + 1)?;
    arms.into_iter().find_map(|arm| {
        let due = arm.when.list.iter().find_map(|condition| match (&condition.subject, condition.operator) {
            (Subject::LastIncomingMessageTime, Operator::IsMoreThanAgo) => match condition.operand {
                Operand::Ago(due) => Some(due),
                _ => None,
            },
            _ => None,
        })?;
        let needed = arm.when.joiner == Joiner::All || arm.when.list.len() == 1;
        (needed && due >= most).then_some((arm, due, most))
    })
}

/// Walks from a step down to a jump: adds up what is waited for on the way, and collects the arms of the branches that are passed.
/// `None` when the jump is not below, or when the way leads past somebody's answer, after which silence starts anew.
fn way<'f>(list: &'f [Step], jump: &Step, round: &mut Duration, arms: &mut Vec<&'f Arm>) -> Option<()> {
    for step in list {
        if std::ptr::eq(step, jump) {
            return Some(());
        }
        if let Action::Branch(branch) = &step.action {
            arms.extend(&branch.arms);
            let mut inside: Vec<&[Step]> = branch.arms.iter().map(|arm| arm.steps.as_slice()).collect();
            if let Otherwise::Steps(steps) = &branch.otherwise {
                inside.push(steps);
            }
            if let Some(steps) = inside.into_iter().find(|steps| holds(steps, jump)) {
                return way(steps, jump, round, arms);
            }
            if branch.otherwise != Otherwise::Continue {
                return None;
            }
            continue;
        }
        match &step.action {
            Action::Wait(time) => *round = round.saturating_add(*time),
            Action::AskQuestion(_) | Action::RespondWithAi(_) | Action::AssignTo(_) | Action::DateTime(_) => {
                return None;
            }
            _ => {}
        }
    }
    None
}

fn holds(steps: &[Step], jump: &Step) -> bool {
    all_steps(steps).into_iter().any(|step| std::ptr::eq(step, jump))
}
