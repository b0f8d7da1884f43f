//! What each `trigger_workflow` leads to: a flow of the project, or a workflow that lives only on the platform.

use std::path::{Path, PathBuf};

use super::super::load::beside;
use super::super::lower::{looks_like_flow, quoted};
use super::super::model::{Action, Step, TriggerOn, TriggerWorkflow, WorkflowTarget, all_steps};
use super::super::workspace::WorkflowEntry;
use super::library::{Entry, Group, Library};
use crate::diagnostic::{Diagnostic, did_you_mean, listed};
use crate::source::FileId;

/// Names that are looked at for what was probably meant (our choice).
const MOST_NAMES: usize = 1_000;

impl Library {
    /// Resolves the triggers of every flow of a group, and adds the flows they reach.
    pub(super) fn resolve(&mut self, group: &mut Group) {
        let mut at = 0;
        while let Some(entry) = group.entries.get(at) {
            let (file, path) = (entry.file, entry.path.clone());
            let steps = entry.flow.as_ref().map(|flow| all_steps(&flow.steps)).unwrap_or_default();
            let calls: Vec<TriggerWorkflow> = steps
                .into_iter()
                .filter_map(|step| match &step.action {
                    Action::TriggerWorkflow(call) => Some((**call).clone()),
                    _ => None,
                })
                .collect();
            let mut targets = Vec::with_capacity(calls.len());
            for call in &calls {
                targets.push(self.target(group, (file, &path), call).unwrap_or_default());
            }
            if let Some(flow) = group.entries.get_mut(at).and_then(|entry| entry.flow.as_mut()) {
                set_targets(&mut flow.steps, &mut targets.into_iter());
            }
            at += 1;
        }
    }

    /// Where a trigger in a file leads; `None` when that is an error, which is reported.
    fn target(&mut self, group: &mut Group, from: (FileId, &Path), call: &TriggerWorkflow) -> Option<WorkflowTarget> {
        let (file, word) = (from.0, &call.workflow);
        let listed = group.workspace.as_ref()?.workflows.iter().find(|entry| entry.name == word.value).cloned();
        let path = match &listed {
            Some(WorkflowEntry { file: None, name, .. }) => return Some(WorkflowTarget::External(name.clone())),
            Some(WorkflowEntry { file: Some(named), .. }) => beside(&group.path, named),
            None => beside(from.1, &word.value),
        };
        // Without the dots that a reader would stumble over.
        let path: PathBuf = path.components().collect();
        let (key, opened) = match self.open(&path) {
            Ok(opened) => opened,
            Err(error) => {
                let message = format!("the workflow {} cannot be read: {error}", quoted(&word.value));
                let help = match &listed {
                    Some(_) => "mend the path in the workspace; it is taken relative to the workspace file".to_owned(),
                    None => meant(group, &word.value, &path),
                };
                let finding = Diagnostic::error("missing-workflow", file, word.span, message).help(help);
                self.reader.diagnostics.push(also_listed(finding, group, listed.as_ref()));
                return None;
            }
        };
        if opened.root.as_ref().is_some_and(|root| !looks_like_flow(root)) && !group.known.contains_key(&key) {
            let message = format!("{} is no flow: it has no `steps`", quoted(&word.value));
            let finding = Diagnostic::error("not-a-flow", file, word.span, message)
                .help("name the file of a flow, or a workflow that the workspace lists under `workflows`");
            self.reader.diagnostics.push(also_listed(finding, group, listed.as_ref()));
            return None;
        }
        let place = self.add_reached(group, path, key, &opened);
        let finding = group.entries.get(place).and_then(|target| judge(file, call, target));
        self.reader.diagnostics.extend(finding);
        Some(WorkflowTarget::Flow(place))
    }
}

/// What is wrong with a trigger, seen from the flow it leads to.
fn judge(file: FileId, call: &TriggerWorkflow, target: &Entry) -> Option<Diagnostic> {
    let word = &call.workflow;
    if target.broken {
        let message = format!("the workflow {} has errors of its own", quoted(&word.value));
        let help = format!("mend the errors in {}", target.path.display());
        return Some(Diagnostic::error("broken-workflow", file, word.span, message).help(help));
    }
    let flow = target.flow.as_ref()?;
    if let Some(wanted) = &call.step {
        let named: Vec<&Step> = all_steps(&flow.steps).into_iter().filter(|step| step.named).collect();
        if !named.iter().any(|step| step.id == wanted.value) {
            let message = format!("{} has no step with the id {}", quoted(&word.value), quoted(&wanted.value));
            let known: Vec<&str> = named.iter().map(|step| step.id.as_str()).collect();
            let help = match did_you_mean(&wanted.value, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`? possible here: {}", listed(known.iter().copied())),
                None if known.is_empty() => "give the step that is meant an `id:` there and name it here".to_owned(),
                None => format!("possible here: {}", listed(known.iter().copied())),
            };
            return Some(Diagnostic::error("unknown-step-id", file, wanted.span, message).help(help));
        }
    }
    if flow.trigger.on == TriggerOn::Manual {
        return None;
    }
    let trigger = flow.trigger.on.word();
    let message = format!("the trigger of {} is {trigger}: the product starts only manual ones", quoted(&word.value));
    let help = format!("write `trigger: manual` in {}", target.path.display());
    Some(Diagnostic::warning("trigger-not-manual", file, word.span, message).help(help))
}

/// What was probably meant by a word that is no workflow.
fn meant(group: &Group, word: &str, path: &Path) -> String {
    let workflows = group.workspace.iter().flat_map(|workspace| &workspace.workflows);
    let mut known: Vec<String> = workflows.map(|entry| entry.name.clone()).collect();
    known.extend(flows_beside(path, word));
    match did_you_mean(word, known.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            "a path is taken relative to this file. List a workflow that lives only on the platform in the workspace: \
                 workflows: [{ name: …, external: true }]"
                .to_owned()
        }
    }
}

/// The flow files of the folder that a path leads to, written as the word was.
fn flows_beside(path: &Path, word: &str) -> Vec<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let before = word.rfind('/').and_then(|slash| word.get(..=slash)).unwrap_or_default();
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = entries.take(MOST_NAMES).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_flow =
        |name: &String| Path::new(name).extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let mut names: Vec<String> = names.filter(is_flow).map(|name| format!("{before}{name}")).collect();
    names.sort();
    names
}

/// A finding with the place where the workspace lists the workflow.
fn also_listed(finding: Diagnostic, group: &Group, listed: Option<&WorkflowEntry>) -> Diagnostic {
    match listed {
        Some(entry) => finding.also(group.file, entry.span, "listed here"),
        None => finding,
    }
}

/// Sets the targets of all triggers, in the order of [`all_steps`].
fn set_targets(steps: &mut [Step], targets: &mut impl Iterator<Item = WorkflowTarget>) {
    for step in steps {
        if let Action::TriggerWorkflow(call) = &mut step.action {
            call.target = targets.next().unwrap_or_default();
        }
        for list in step.action.lists_mut() {
            set_targets(list, targets);
        }
    }
}
