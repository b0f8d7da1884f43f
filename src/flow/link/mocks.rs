//! A workspace's mocks, given to the flows they are for.

use super::super::load::beside;
use super::super::lower::quoted;
use super::super::model::{Mocks, Spanned, all_steps};
use super::library::{Group, Library};
use crate::diagnostic::{Diagnostic, did_you_mean};

/// Gives every flow of a group the mocks that its workspace has for it under `file#step`, behind its own. A flow's own mocks of a step win.
/// Mocks that are for nothing are findings.
pub(super) fn adopt(library: &mut Library, group: &mut Group) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mocks = group.workspace.as_ref().map(|workspace| workspace.mocks.clone()).unwrap_or_default();
    for Mocks { step: key, answers } in mocks {
        let Some((file, step)) = key.value.rsplit_once('#') else { continue };
        let path = beside(&group.path, file);
        let warn = |message: String, help: String| {
            Diagnostic::warning("unknown-mock", group.file, key.span, message).help(help)
        };
        let Some(place) = group.known.get(&library.normal(&path)) else {
            if !path.exists() {
                let message = format!("there is no file {} for this mock", quoted(file));
                let help = "write the path relative to the workspace file, then `#` and the id of the step";
                findings.push(warn(message, help.to_owned()));
            }
            continue;
        };
        let Some(entry) = group.entries.get_mut(*place).filter(|entry| !entry.broken) else { continue };
        let Some(flow) = &mut entry.flow else { continue };
        let named: Vec<&str> =
            all_steps(&flow.steps).into_iter().filter(|step| step.named).map(|step| step.id.as_str()).collect();
        if !named.contains(&step) {
            let help = did_you_mean(step, named.iter().copied()).map_or_else(
                || "name a step by its `id:`".to_owned(),
                |meant| format!("did you mean `{file}#{meant}`?"),
            );
            findings.push(warn(format!("{} has no step with the id {}", quoted(file), quoted(step)), help));
        } else if !flow.mocks.iter().any(|own| own.step.value == step) {
            let step = Spanned { value: step.to_owned(), span: key.span };
            flow.mocks.push(Mocks { step, answers });
        }
    }
    findings
}
