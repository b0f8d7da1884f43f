//! Flows that earlier imports wrote into the same folder: what is imported now triggers them, and they trigger it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::flow::Flow;
use crate::flow::load::{self, LoadOptions};
use crate::flow::model::{Action, all_steps};
use crate::flow::project::Project;
use crate::flow::workspace::Workspace;
use crate::native::{Other, aside, readable_id};

/// Steps that others start at, by the place of their flow.
type Starts = Vec<(usize, String)>;

/// A flow that is there already.
pub(super) struct Neighbour {
    path: PathBuf,
    text: String,
    flow: Flow,
    /// How the others find it: its native id, its file, and our ids of its steps by the native ones.
    pub(super) other: Other,
}

/// The flows of a folder that its workspace knows by a native id. One that cannot be read is nobody's neighbour.
pub(super) fn neighbours(folder: &Path, workspace: &Workspace) -> Vec<Neighbour> {
    let mut found = Vec::new();
    for entry in &workspace.workflows {
        let (Some(id), Some(file)) = (&entry.id, &entry.file) else { continue };
        let path = folder.join(file);
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let Ok(loaded) = load::load(&path, &LoadOptions::default()) else { continue };
        let Some(mut flow) = loaded.flow else { continue };
        if let Ok(kept) = std::fs::read_to_string(aside::path(&path)) {
            // Without it the flow is found, but none of its steps.
            let _ = aside::attach(&mut flow, &kept);
        }
        let mut taken: HashSet<String> = all_steps(&flow.steps).into_iter().map(|step| step.id.clone()).collect();
        let mut steps = HashMap::new();
        for step in all_steps(&flow.steps) {
            let Some(native) = aside::native_id(&flow, &step.id) else { continue };
            let ours = if step.named { step.id.clone() } else { readable_id(step.name.as_deref(), native, &mut taken) };
            steps.insert(native.to_owned(), ours);
        }
        let other = Other { id: id.clone(), written: file.clone(), steps };
        found.push(Neighbour { path, text, flow, other });
    }
    found
}

/// What ties a folder together: the texts of neighbours that change, and the steps of the new flows they start at, by place and id.
pub(super) fn tie(
    neighbours: &[Neighbour],
    project: &Project,
    workspace: &Workspace,
) -> (Vec<(PathBuf, String)>, Starts) {
    let mut wanted = Vec::new();
    let mut changed = Vec::new();
    for neighbour in neighbours {
        // What is put in, and where; a span is replaced.
        let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        let starts_here = |id: &str| {
            project.flows.iter().flat_map(|flow| all_steps(&flow.steps)).any(|step| match &step.action {
                Action::TriggerWorkflow(call) => {
                    call.workflow.value == neighbour.other.written
                        && call.step.as_ref().is_some_and(|step| step.value == id)
                }
                _ => false,
            })
        };
        for step in all_steps(&neighbour.flow.steps) {
            let at = step.span.range().start;
            let native = aside::native_id(&neighbour.flow, &step.id);
            if let Some(id) = native.and_then(|native| neighbour.other.steps.get(native))
                && !step.named
                && starts_here(id)
                && let Some(line) = neighbour.text.get(..at).map(|before| before.rfind('\n').map_or(0, |end| end + 1))
                && is_key(&neighbour.text, at)
            {
                edits.push((at..at, format!("id: {id}\n{}", " ".repeat(at - line))));
            }
            if let Action::TriggerWorkflow(call) = &step.action
                && call.step.is_none()
                && let Some((place, id)) = start(&neighbour.flow, native, &call.workflow.value, project, workspace)
            {
                let span = call.workflow.span.range();
                let word = neighbour.text.get(span.clone()).unwrap_or_default();
                if neighbour.text.get(..span.start).is_some_and(|before| before.ends_with("trigger_workflow: ")) {
                    edits.push((span.clone(), format!("{{ workflow: {word}, step: {id} }}")));
                    wanted.push((place, id));
                }
            }
        }
        if edits.is_empty() {
            continue;
        }
        edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        let mut text = neighbour.text.clone();
        for (range, put) in edits {
            text.replace_range(range, &put);
        }
        changed.push((neighbour.path.clone(), text));
    }
    (changed, wanted)
}

/// Whether a key of a mapping stands there, rather than a bare word.
fn is_key(text: &str, at: usize) -> bool {
    let line = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').starts_with(':')
}

/// The step of a new flow that a trigger was exported with, and that was not known when it was imported.
fn start(
    flow: &Flow,
    native: Option<&str>,
    called: &str,
    project: &Project,
    workspace: &Workspace,
) -> Option<(usize, String)> {
    let wanted = aside::kept_start(flow, native?)?;
    let file = workspace.workflows.iter().find(|entry| entry.name == called)?.id.as_ref()?;
    let place = project.flows.iter().position(|flow| aside::workflow_id(flow).as_ref() == Some(file))?;
    let new = project.flows.get(place)?;
    let id = all_steps(&new.steps).into_iter().find(|step| aside::native_id(new, &step.id) == Some(wanted))?.id.clone();
    Some((place, id))
}
