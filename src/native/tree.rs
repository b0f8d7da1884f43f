//! Every list of steps inside a step: side branches, arms, the else arm.

use crate::flow::model::{Action, FailureBranches, Otherwise, Step};

/// The lists of steps directly inside an action, in document order.
pub(super) fn lists_mut(action: &mut Action) -> Vec<&mut Vec<Step>> {
    let sides: Vec<Option<&mut Vec<Step>>> = match action {
        Action::SendMessage(send) => vec![send.failure_branch.as_mut()],
        Action::DateTime(look) => vec![look.failure_branch.as_mut()],
        Action::AskQuestion(ask) => {
            let mut sides = vec![ask.timeout_branch.as_mut()];
            match &mut ask.failures {
                FailureBranches::Joint(side) => sides.push(side.as_mut()),
                FailureBranches::Split { invalid, sending_failed } => {
                    sides.extend([invalid.as_mut(), sending_failed.as_mut()]);
                }
            }
            sides
        }
        Action::AssignTo(assign) => vec![assign.timeout_branch.as_mut()],
        Action::HttpRequest(request) => vec![request.failure_branch.as_mut()],
        Action::RespondWithAi(ai) => vec![
            ai.speak_to_human_branch.as_mut(),
            ai.unable_branch.as_mut(),
            ai.idle_branch.as_mut(),
            ai.failure_branch.as_mut(),
        ],
        Action::Branch(branch) => {
            let mut lists: Vec<_> = branch.arms.iter_mut().map(|arm| Some(&mut arm.steps)).collect();
            if let Otherwise::Steps(steps) = &mut branch.otherwise {
                lists.push(Some(steps));
            }
            lists
        }
        _ => Vec::new(),
    };
    sides.into_iter().flatten().collect()
}

/// The lists of steps directly inside an action, in document order.
pub(super) fn lists(action: &Action) -> Vec<&Vec<Step>> {
    match action {
        Action::Branch(branch) => {
            let mut lists: Vec<_> = branch.arms.iter().map(|arm| &arm.steps).collect();
            if let Otherwise::Steps(steps) = &branch.otherwise {
                lists.push(steps);
            }
            lists
        }
        _ => action.sides().into_iter().map(|(_, side)| side).collect(),
    }
}

/// Looks at every step, nested ones included, in document order.
pub(super) fn each<'s>(steps: &'s [Step], look: &mut impl FnMut(&'s Step)) {
    for step in steps {
        look(step);
        for list in lists(&step.action) {
            each(list, look);
        }
    }
}

/// Changes every step, nested ones included, in document order.
pub fn each_mut(steps: &mut [Step], change: &mut impl FnMut(&mut Step)) {
    for step in steps {
        change(step);
        for list in lists_mut(&mut step.action) {
            each_mut(list, change);
        }
    }
}
