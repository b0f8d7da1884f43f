//! Native files from disk to a project: every file of a group is read, then their triggers are tied together.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::document::{self, Document};
use super::gather::Gather;
use super::json::{At, Json};
use super::lower::{Lowered, Target};
use super::remark::{Findings, Remark};
use super::write::Exported;
use super::{ids, json, keep, lower};
use crate::diagnostic::{Diagnostic, Severity};
use crate::flow::facts::{Fact, Facts};
use crate::flow::link::LoadedProject;
use crate::flow::load::UsageError;
use crate::flow::mentioned;
use crate::flow::model::{Action, Flow, WorkflowTarget, all_steps};
use crate::flow::project::Project;
use crate::flow::workspace::{WorkflowEntry, Workspace};
use crate::source::{self, FileId, ReadError, SourceFile, Sources, Span};

/// How native files are loaded.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A workspace that knows names for native ids; without one they are named after their numbers.
    pub workspace: Option<Workspace>,
    /// Workflows that were imported before, which these may trigger.
    pub others: Vec<Other>,
}

/// A workflow that was imported before.
#[derive(Debug, Clone)]
pub struct Other {
    /// Its native id.
    pub id: String,
    /// Its file, as a flow beside it names it.
    pub written: String,
    /// Our ids of its steps by the native ones.
    pub steps: HashMap<String, String>,
}

/// What became of a group of native files.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Every file that was read, in the order of the paths.
    pub sources: Sources,
    /// The flows, the main one first; there if and only if no finding is an error.
    pub project: Option<Project>,
    /// Everything the files speak of, with its native ids.
    pub workspace: Workspace,
    /// For every flow of the project the name of its YAML file, safe and unique.
    pub file_names: Vec<String>,
    /// Findings in order of file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be carried or had to be guessed.
    pub remarks: Vec<Remark>,
    /// What the lints look at.
    pub facts: Vec<Fact>,
}

impl Loaded {
    /// The main flow.
    pub fn flow(&self) -> Option<&Flow> {
        self.project.as_ref()?.flows.first()
    }
}

impl From<Loaded> for LoadedProject {
    /// As projects of YAML are loaded. What the lints look at is in it as far as a native file can say it.
    fn from(loaded: Loaded) -> Self {
        let facts = Facts { workspace: Some(loaded.workspace), list: loaded.facts };
        Self { sources: loaded.sources, project: loaded.project, facts, diagnostics: loaded.diagnostics }
    }
}

/// The same project, led by another of its flows.
pub fn led_by(project: &Project, place: usize) -> Project {
    let mut flows = project.flows.clone();
    let mut names = vec![String::new(); flows.len()];
    bring_first(&mut flows, &mut names, place);
    Project { flows }
}

/// The native files under a path: the file itself, or those of a folder that look like workflows, in order of their names. Folders inside
/// it are left alone: a group of workflows lies side by side.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, UsageError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let broken = |error: std::io::Error| UsageError(format!("the folder `{}` cannot be read: {error}", path.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(broken)? {
        let entry = entry.map_err(broken)?.path();
        if is_json(&entry) && entry.is_file() && is_native(&entry) {
            files.push(entry);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a path is called like a JSON file.
pub fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Whether a path is one that [`load`] takes: a JSON file, or a folder that holds native files.
pub fn takes(path: &Path) -> bool {
    if path.is_dir() { files(path).is_ok_and(|files| !files.is_empty()) } else { is_json(path) }
}

/// Whether a file holds a workflow of the platform: an object with an array of records. What cannot be read is none.
pub fn is_native(path: &Path) -> bool {
    #[derive(serde::Deserialize)]
    struct Looks {
        #[serde(rename = "workflow")]
        _workflow: Vec<serde::de::IgnoredAny>,
    }
    let Ok(file) = source::read(path) else { return false };
    serde_json::from_str::<Looks>(file.text().trim_start_matches('\u{feff}')).is_ok()
}

/// Loads native files as one project. A path that cannot be opened is wrong usage; whatever was read and is refused is a finding.
pub fn load(paths: &[PathBuf], options: &Options) -> Result<Loaded, UsageError> {
    let mut loading = Loading::default();
    for path in paths {
        for file in files(path)? {
            match source::read(&file) {
                Ok(file) => loading.text(file),
                Err(ReadError::Usage(message)) => return Err(UsageError(message)),
                Err(ReadError::Refused(finding, sources)) => loading.refused(*finding, &sources),
            }
        }
    }
    if loading.trees.is_empty() && loading.findings.is_empty() {
        let shown: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
        return Err(UsageError(format!("there is no workflow of the platform (.json) in {}", shown.join(", "))));
    }
    Ok(loading.finish(options))
}

/// Loads one native file from its text. `name` is what findings call it.
pub fn load_text(name: &str, text: &str, options: &Options) -> Loaded {
    let mut loading = Loading::default();
    loading.text(SourceFile::new(name, text));
    loading.finish(options)
}

/// Files that were parsed, and all that was found so far.
#[derive(Default)]
struct Loading {
    sources: Sources,
    trees: Vec<(FileId, Json)>,
    findings: Vec<Diagnostic>,
}

impl Loading {
    fn text(&mut self, file: SourceFile) {
        let id = self.sources.add(file);
        let text = self.sources.get(id).map(SourceFile::text).unwrap_or_default();
        let (root, findings) = json::parse(id, text);
        self.findings.extend(findings);
        self.trees.extend(root.map(|root| (id, root)));
    }

    fn refused(&mut self, mut finding: Diagnostic, sources: &Sources) {
        let file = sources.iter().next().map_or_else(|| SourceFile::new("", ""), |(_, file)| file.clone());
        let id = self.sources.add(file);
        finding.labels.iter_mut().for_each(|label| label.file = id);
        self.findings.push(finding);
    }

    fn finish(mut self, options: &Options) -> Loaded {
        let mut all: Vec<Findings> = Vec::new();
        let mut documents: Vec<Document<'_>> = Vec::new();
        for (file, root) in &self.trees {
            let mut found = Findings { file: *file, ..Findings::default() };
            if let Some(document) = document::read(At::root(root), &mut found) {
                documents.push(document);
                all.push(found);
            } else {
                self.findings.append(&mut found.diagnostics);
            }
        }
        // A file that is refused leaves the others without the workflow they trigger; its own mistakes come first.
        let complete = self.findings.is_empty();
        let names = unique_names(documents.iter().map(called), "yaml");
        let our_ids: Vec<Vec<Option<String>>> =
            documents.iter().zip(&mut all).map(|(document, found)| ids::assign(document, found)).collect();
        let mut targets = if complete { targets(&documents, &our_ids, &names, &mut all) } else { HashMap::new() };
        for other in &options.others {
            let known = Target { written: other.written.clone(), steps: other.steps.clone(), flow: None };
            targets.entry(other.id.clone()).or_insert(known);
        }
        let mut gather = Gather::new(options.workspace.as_ref());
        for (document, name) in documents.iter().zip(&names) {
            let (called, _) = called(document);
            gather.workflow(WorkflowEntry {
                name: if called.trim().is_empty() { lower::UNTITLED } else { called }.to_owned(),
                id: document.root.some("id").and_then(|at| at.as_scalar()).filter(|id| !id.trim().is_empty()),
                file: Some(name.clone()),
                span: Span::default(),
            });
        }
        let mut flows: Vec<Option<Lowered>> = Vec::new();
        for ((document, found), our_ids) in documents.iter().zip(&mut all).zip(&our_ids) {
            flows.push(lower::lower(document, found, &mut gather, our_ids, &targets));
        }
        let workspace = gather.workspace();
        for found in &mut all {
            self.findings.append(&mut found.diagnostics);
        }
        let facts = all.iter_mut().flat_map(|found| std::mem::take(&mut found.facts)).collect();
        let remarks: Vec<Remark> = all.into_iter().flat_map(|found| found.remarks).collect();
        let good = !self.findings.iter().any(|finding| finding.severity == Severity::Error);
        let mut project = None;
        let mut file_names = names;
        if let Some(mut lowered) = flows.into_iter().collect::<Option<Vec<_>>>().filter(|_| good) {
            for flow in &mut lowered {
                flow.flow.workspace = workspace.clone();
                super::tree::each_mut(&mut flow.flow.steps, &mut |step| {
                    if let Action::AddComment { text, mentions } = &mut step.action {
                        *mentions = mentioned(text.source(), workspace.users.as_deref().unwrap_or_default());
                    }
                });
            }
            let originals: Vec<Value> = documents.iter().map(|document| document.root.json.plain()).collect();
            let mut flows = keep::keep(lowered, &originals);
            let main = main_flow(&flows);
            bring_first(&mut flows, &mut file_names, main);
            project = Some(Project { flows });
        }
        self.findings.sort_by_key(|finding| finding.labels.first().map(|label| (label.file, label.span)));
        Loaded { sources: self.sources, project, workspace, file_names, diagnostics: self.findings, remarks, facts }
    }
}

/// The files of exported workflows, named after them: safe on every system, and none twice.
pub fn file_names(exported: &[Exported], ending: &str) -> Vec<String> {
    let id = |flow: &Exported| flow.json.get("id").map(Value::to_string).unwrap_or_default();
    unique_names(exported.iter().map(|flow| (flow.name.as_str(), id(flow))), ending)
}

/// A workflow's name and its id.
fn called<'d>(document: &'d Document<'_>) -> (&'d str, String) {
    let name = document.root.get("name").and_then(|at| at.as_text()).unwrap_or_default();
    (name, document.root.some("id").and_then(|at| at.as_scalar()).unwrap_or_default())
}

/// A file name for every workflow. Names in other scripts than Latin are too much for some systems: those files are named by their ids.
fn unique_names<'n>(workflows: impl Iterator<Item = (&'n str, String)>, ending: &str) -> Vec<String> {
    // `workspace.yaml` is the workspace's own.
    let mut taken: HashSet<String> = HashSet::from(["workspace".to_owned()]);
    workflows
        .map(|(name, id)| {
            let digits: String = id.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
            let wanted =
                ids::slug(name).unwrap_or_else(|| format!("workflow_{digits}").trim_end_matches('_').to_owned());
            let wanted = crate::files::safe_name(&wanted);
            format!("{}.{ending}", ids::unique(&wanted, &mut taken))
        })
        .collect()
}

/// The workflows of the group by their native id.
fn targets(
    documents: &[Document<'_>],
    our_ids: &[Vec<Option<String>>],
    names: &[String],
    all: &mut [Findings],
) -> HashMap<String, Target> {
    let mut targets: HashMap<String, Target> = HashMap::new();
    for (flow, document) in documents.iter().enumerate() {
        let Some(at) = document.root.some("id") else { continue };
        let Some(id) = at.as_scalar().filter(|id| !id.trim().is_empty()) else { continue };
        let steps = document
            .records
            .iter()
            .zip(&our_ids[flow])
            .filter_map(|(record, ours)| Some((record.id.clone(), ours.clone()?)))
            .collect();
        let target = Target { written: names[flow].clone(), steps, flow: Some(flow) };
        if targets.insert(id.clone(), target).is_some() {
            let message = format!("another file of this group is the workflow {id} too");
            all[flow].error("repeated-workflow", &at, &message, "name only one of the two files");
        }
    }
    targets
}

/// The flow to start with: the first that no other one triggers, else the first.
pub fn main_flow(flows: &[Flow]) -> usize {
    let mut triggered: HashSet<usize> = HashSet::new();
    for (index, flow) in flows.iter().enumerate() {
        for step in all_steps(&flow.steps) {
            if let Action::TriggerWorkflow(trigger) = &step.action
                && let WorkflowTarget::Flow(target) = trigger.target
                && target != index
            {
                triggered.insert(target);
            }
        }
    }
    (0..flows.len()).find(|index| !triggered.contains(index)).unwrap_or_default()
}

/// Puts one flow in front, and keeps every target pointing at the flow it pointed at.
fn bring_first(flows: &mut [Flow], names: &mut [String], main: usize) {
    if main == 0 || main >= flows.len() {
        return;
    }
    flows[..=main].rotate_right(1);
    names[..=main].rotate_right(1);
    for flow in flows {
        super::tree::each_mut(&mut flow.steps, &mut |step| {
            if let Action::TriggerWorkflow(trigger) = &mut step.action
                && let WorkflowTarget::Flow(target) = &mut trigger.target
            {
                *target = match *target {
                    same if same == main => 0,
                    before if before < main => before + 1,
                    after => after,
                };
            }
        });
    }
}
