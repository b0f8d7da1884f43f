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
    /// Whether there is a way to it on which nothing waits but for the outside world.
    pub(super) calls: bool,
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
        let at_once = self.reached(entry, |action| waits(action) || asks(action));
        let calls = self.reached(entry, waits);
        let all = self.reached(entry, |_| false);
        let ways = at_once.into_iter().zip(calls);
        let reached = self.steps.iter().zip(all.into_iter().zip(ways)).filter(|(_, (reached, _))| *reached);
        let mut triggers: Vec<Reached<'f>> = reached
            .filter_map(|(step, (_, (at_once, calls)))| match &step.action {
                Action::TriggerWorkflow(call) => Some(Reached { call, at_once, calls }),
                _ => None,
            })
            .collect();
        // Steps were added from the last to the first.
        triggers.sort_by_key(|reached| reached.call.workflow.span);
        triggers
    }

    /// Which steps can be reached without passing one that stops the way.
    fn reached(&self, entry: Option<usize>, stops: fn(&Action) -> bool) -> Vec<bool> {
        let mut seen = vec![false; self.steps.len()];
        let mut open: Vec<usize> = entry.into_iter().collect();
        while let Some(place) = open.pop() {
            let (Some(seen), Some(step), Some(next)) =
                (seen.get_mut(place), self.steps.get(place), self.next.get(place))
            else {
                continue;
            };
            if std::mem::replace(seen, true) || stops(&step.action) {
                continue;
            }
            open.extend(next);
        }
        seen
    }
}

/// Whether a step asks the outside world, and a run can wait there for the answer.
const fn asks(action: &Action) -> bool {
    matches!(action, Action::HttpRequest(_) | Action::RespondWithAi(_))
}

/// Whether a run can stop at a step and wait: for the contact, a colleague or the clock.
fn waits(action: &Action) -> bool {
    match action {
        Action::AskQuestion(_) | Action::Wait(_) => true,
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
