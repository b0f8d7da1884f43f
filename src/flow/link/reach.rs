//! Which triggers of a flow can be reached from one of its steps, and whether without waiting.

use std::collections::HashMap;

use super::super::model::{Action, AssignTarget, Flow, Otherwise, Step, TriggerWorkflow};

/// The ways through one flow: which steps can come after which.
pub(super) struct Ways<'f> {
    steps: Vec<&'f Step>,
    /// For each step those that can come next.
    next: Vec<Vec<usize>>,
    places: HashMap<&'f str, usize>,
    first: Option<usize>,
}

/// A trigger that can be reached.
pub(super) struct Reached<'f> {
    pub(super) call: &'f TriggerWorkflow,
    /// Whether there is a way to it on which nothing waits.
    pub(super) at_once: bool,
}

impl<'f> Ways<'f> {
    pub(super) fn new(flow: &'f Flow) -> Self {
        let mut ways = Self { steps: Vec::new(), next: Vec::new(), places: HashMap::new(), first: None };
        ways.first = ways.list(&flow.steps);
        for (step, next) in ways.steps.iter().zip(&mut ways.next) {
            if let Action::JumpTo { step: target, .. } = &step.action {
                next.extend(ways.places.get(target.value.as_str()));
            }
        }
        ways
    }

    /// Adds a list of steps; gives the place of its first.
    fn list(&mut self, steps: &'f [Step]) -> Option<usize> {
        let mut following = None;
        for step in steps.iter().rev() {
            let place = self.steps.len();
            self.steps.push(step);
            self.next.push(Vec::new());
            self.places.insert(&step.id, place);
            let mut next: Vec<usize> = step.action.lists().into_iter().filter_map(|list| self.list(list)).collect();
            if goes_on(&step.action) {
                next.extend(following);
            }
            if let Some(slot) = self.next.get_mut(place) {
                *slot = next;
            }
            following = Some(place);
        }
        following
    }

    /// The triggers that can be reached from a step, or from the start.
    pub(super) fn triggers(&self, from: Option<&str>) -> Vec<Reached<'f>> {
        let entry = match from {
            None => self.first,
            Some(id) => self.places.get(id).copied(),
        };
        let at_once = self.reached(entry, true);
        let all = self.reached(entry, false);
        let reached = self.steps.iter().zip(all.iter().zip(&at_once)).filter(|(_, (reached, _))| **reached);
        let mut triggers: Vec<Reached<'f>> = reached
            .filter_map(|(step, (_, at_once))| match &step.action {
                Action::TriggerWorkflow(call) => Some(Reached { call, at_once: *at_once }),
                _ => None,
            })
            .collect();
        // Steps were added from the last to the first.
        triggers.sort_by_key(|reached| reached.call.workflow.span);
        triggers
    }

    /// Which steps can be reached; when asked for, only without passing one that waits.
    fn reached(&self, entry: Option<usize>, at_once: bool) -> Vec<bool> {
        let mut seen = vec![false; self.steps.len()];
        let mut open: Vec<usize> = entry.into_iter().collect();
        while let Some(place) = open.pop() {
            let (Some(seen), Some(step), Some(next)) =
                (seen.get_mut(place), self.steps.get(place), self.next.get(place))
            else {
                continue;
            };
            if std::mem::replace(seen, true) || (at_once && waits(&step.action)) {
                continue;
            }
            open.extend(next);
        }
        seen
    }
}

/// Whether a run can stop at a step and wait: for the contact, a colleague, the clock or the outside world.
fn waits(action: &Action) -> bool {
    match action {
        Action::AskQuestion(_) | Action::Wait(_) | Action::HttpRequest(_) | Action::RespondWithAi(_) => true,
        Action::AssignTo(assign) => matches!(assign.to, AssignTarget::Team(_) | AssignTarget::Workspace),
        _ => false,
    }
}

/// Whether the step below can come next.
fn goes_on(action: &Action) -> bool {
    match action {
        Action::TriggerWorkflow(_) | Action::Unknown(_) => false,
        Action::Branch(branch) => branch.otherwise == Otherwise::Continue,
        _ => true,
    }
}
