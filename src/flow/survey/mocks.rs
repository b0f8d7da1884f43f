//! Rehearsed answers for steps that would never ask for them.

use super::super::facts::Noticed;
use super::super::model::{Action, Flow, Mock};
use super::places;
use crate::source::Span;

pub(super) fn look(flow: &Flow, found: &mut Vec<(Span, Noticed)>) {
    let places = places(flow);
    for mocks in &flow.mocks {
        let step = places.get(mocks.step.value.as_str()).and_then(|(list, index)| list.get(*index));
        let Some(step) = step else { continue };
        let misfit = match &step.action {
            Action::HttpRequest(_) => {
                let ai = mocks.answers.iter().any(|answer| matches!(answer, Mock::Ai { .. }));
                ai.then(|| "what an AI says does not answer an HTTP request".to_owned())
            }
            Action::RespondWithAi(ai) => mocks.answers.iter().find_map(|answer| match answer {
                Mock::Http { .. } => Some("an HTTP response is nothing an AI says".to_owned()),
                Mock::Error(_) => None,
                Mock::Ai { collected, .. } => {
                    let unknown = |name: &str| ai.collect.iter().all(|item| item.variable.value != name);
                    let (name, _) = collected.iter().find(|(name, _)| unknown(name))?;
                    Some(format!("`{name}` is nothing that this step collects"))
                }
            }),
            other => Some(format!("a step `{}` asks nothing of the outside world", other.key())),
        };
        found.extend(misfit.map(|misfit| (mocks.step.span, Noticed::MockMisfit(misfit))));
    }
}
