//! What only a look at a whole flow shows: variables nothing sets, arms that can never be taken, messages that come too late. Each pass
//! takes note of what it sees, as lowering does; the lints judge.

mod arms;
mod jumps;
mod mocks;
mod time;
mod variables;

use std::collections::HashMap;

use super::facts::{Fact, Noticed};
use super::model::{Action, Flow, Spanned, Step};
use crate::source::Span;

/// A list of steps and a place in it: where a run may be. What follows is the next of the list; lists never merge.
type Place<'f> = (&'f [Step], usize);

/// Looks at a flow without errors. `used` are the workflow variables its texts and conditions speak of.
pub(super) fn survey(flow: &Flow, used: &[Spanned<String>]) -> Vec<Fact> {
    let mut found: Vec<(Span, Noticed)> = Vec::new();
    variables::look(flow, used, &mut found);
    arms::look(flow, &mut found);
    time::look(flow, &mut found);
    jumps::look(flow, &mut found);
    mocks::look(flow, &mut found);
    found.into_iter().map(|(span, what)| Fact { file: flow.file, span, what }).collect()
}

/// Where every step stands, by its id.
fn places(flow: &Flow) -> HashMap<&str, Place<'_>> {
    let mut places = HashMap::new();
    let mut open: Vec<&[Step]> = vec![&flow.steps];
    while let Some(list) = open.pop() {
        for (index, step) in list.iter().enumerate() {
            places.insert(step.id.as_str(), (list, index));
            open.extend(step.action.lists().into_iter().map(Vec::as_slice));
        }
    }
    places
}

/// Every branch of a flow.
fn branches(flow: &Flow) -> impl Iterator<Item = (&Step, &super::model::Branch)> {
    super::model::all_steps(&flow.steps).into_iter().filter_map(|step| match &step.action {
        Action::Branch(branch) => Some((step, branch)),
        _ => None,
    })
}
