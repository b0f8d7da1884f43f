//! Walking the tree of steps.

use super::{Action, FailureBranches, Otherwise, Step};

impl Action {
    /// Every list of steps inside: arms, the else arm, side branches.
    pub fn lists(&self) -> Vec<&Vec<Step>> {
        let mut lists: Vec<&Vec<Step>> = Vec::new();
        if let Self::Branch(branch) = self {
            lists.extend(branch.arms.iter().map(|arm| &arm.steps));
            if let Otherwise::Steps(steps) = &branch.otherwise {
                lists.push(steps);
            }
        }
        lists.extend(self.sides().into_iter().map(|(_, side)| side));
        lists
    }

    /// The same, to change them.
    pub fn lists_mut(&mut self) -> Vec<&mut Vec<Step>> {
        match self {
            Self::Branch(branch) => {
                let mut lists: Vec<&mut Vec<Step>> = branch.arms.iter_mut().map(|arm| &mut arm.steps).collect();
                if let Otherwise::Steps(steps) = &mut branch.otherwise {
                    lists.push(steps);
                }
                lists
            }
            Self::SendMessage(send) => send.failure_branch.iter_mut().collect(),
            Self::DateTime(look) => look.failure_branch.iter_mut().collect(),
            Self::AskQuestion(ask) => {
                let mut lists: Vec<&mut Vec<Step>> = ask.timeout_branch.iter_mut().collect();
                match &mut ask.failures {
                    FailureBranches::Joint(side) => lists.extend(side),
                    FailureBranches::Split { invalid, sending_failed } => {
                        lists.extend(invalid);
                        lists.extend(sending_failed);
                    }
                }
                lists
            }
            Self::AssignTo(assign) => assign.timeout_branch.iter_mut().collect(),
            Self::HttpRequest(request) => request.failure_branch.iter_mut().collect(),
            Self::RespondWithAi(ai) => {
                let sides =
                    [&mut ai.speak_to_human_branch, &mut ai.unable_branch, &mut ai.idle_branch, &mut ai.failure_branch];
                sides.into_iter().flatten().collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Every step of a list and of the lists inside, each before what is inside it.
pub fn all_steps(steps: &[Step]) -> Vec<&Step> {
    let mut found = Vec::new();
    let mut open: Vec<&Step> = steps.iter().rev().collect();
    while let Some(step) = open.pop() {
        found.push(step);
        open.extend(step.action.lists().into_iter().rev().flat_map(|list| list.iter().rev()));
    }
    found
}
