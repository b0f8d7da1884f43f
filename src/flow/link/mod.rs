//! Projects: a flow and every flow it reaches by `trigger_workflow`, read together and checked against each other.

mod library;
mod loops;
mod mocks;
mod reach;
mod resolve;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Flow;
use super::facts::Facts;
use super::load::{LoadOptions, UsageError};
use super::lower::looks_like_flow;
use super::project::Project;
use super::read::{has_errors, sort};
use crate::diagnostic::Diagnostic;
use crate::source::{self, FileId, SourceFile, Sources, Span};
use library::{Group, Library};

/// What became of a flow and the flows it reaches.
#[derive(Debug, Clone, Default)]
pub struct LoadedProject {
    /// Every file that was read; the first is the one that was asked for.
    pub sources: Sources,
    /// The flows, put together; there if and only if no finding is an error.
    pub project: Option<Project>,
    /// What the lints look at.
    pub facts: Facts,
    /// Findings in order of file and place.
    pub diagnostics: Vec<Diagnostic>,
}

impl LoadedProject {
    /// Whether a finding is an error.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// Brings the findings into the order of file and place, each once.
    pub fn sort(&mut self) {
        tidy(&mut self.diagnostics);
    }
}

/// What became of many files.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Every file that was read.
    pub sources: Sources,
    /// What the lints look at, by workspace.
    pub facts: Vec<Facts>,
    /// Findings in order of file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Why some of what was asked for could not be read; each is a finding too.
    pub unread: Vec<UsageError>,
}

impl Checked {
    /// Takes note of a path that cannot be read, as a finding among those about the others.
    pub fn unreadable(&mut self, path: &Path, error: UsageError) {
        let file = self.sources.add(SourceFile::new(path.display().to_string(), ""));
        self.diagnostics.push(
            Diagnostic::error("unreadable-file", file, Span::default(), error.to_string())
                .help("the other files were checked; mend the path, or leave it out"),
        );
        self.unread.push(error);
    }

    /// Brings the findings into the order of file and place, each once.
    pub fn sort(&mut self) {
        tidy(&mut self.diagnostics);
    }
}

/// Loads a flow and every flow it reaches by `trigger_workflow`, all of them in the workspace of the first.
pub fn load_project(path: &Path, options: &LoadOptions) -> Result<LoadedProject, UsageError> {
    load_together(&[path.to_owned()], options)
}

/// Loads flows that take part in one rehearsal, and every flow they reach, all of them in one workspace: the one of the options, else the
/// first that one of them names.
pub fn load_together(paths: &[PathBuf], options: &LoadOptions) -> Result<LoadedProject, UsageError> {
    let mut library = Library::default();
    library.add_flows(paths, options.workspace.as_deref())?;
    let (reader, mut groups) = library.linked();
    let group = groups.pop();
    let facts = group.as_ref().map(Group::facts).unwrap_or_default();
    let flows = group.and_then(Group::flows).filter(|_| !has_errors(&reader.diagnostics));
    let mut loaded = LoadedProject {
        sources: reader.sources,
        project: flows.map(|flows| Project { flows }),
        facts,
        diagnostics: reader.diagnostics,
    };
    loaded.sort();
    Ok(loaded)
}

/// Checks flows and workspace files for the `check` command, told apart by their keys. Flows of the same workspace are checked together, so
/// that each file is read once however many others trigger it.
/// A file that cannot be read is wrong usage when it is the only one, else a finding.
pub fn check_files(paths: &[PathBuf]) -> Result<Checked, UsageError> {
    let checked = check_every(paths);
    match (paths, checked.unread.first()) {
        ([_], Some(error)) => Err(error.clone()),
        _ => Ok(checked),
    }
}

/// The same; what cannot be read is always a finding.
pub fn check_every(paths: &[PathBuf]) -> Checked {
    let mut library = Library::default();
    let mut unread = Vec::new();
    for path in paths {
        if let Err(error) = library.add_file(path) {
            unread.push((path, error));
        }
    }
    let (reader, groups) = library.linked();
    let facts = groups.iter().map(Group::facts).collect();
    let mut checked = Checked { sources: reader.sources, facts, diagnostics: reader.diagnostics, unread: Vec::new() };
    for (path, error) in unread {
        checked.unreadable(path, error);
    }
    checked.sort();
    checked
}

/// The flows that lie in a folder, in order of their names; files of another kind, hidden ones and those of folders inside it are left alone.
pub fn flows_in(folder: &Path) -> Result<Vec<PathBuf>, UsageError> {
    let broken =
        |error: std::io::Error| UsageError(format!("the folder `{}` cannot be read: {error}", folder.display()));
    let mut flows = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let is_scenario = name.ends_with(".scenario.yaml") || name.ends_with(".scenario.yml");
        if is_yaml && !is_scenario && !name.starts_with('.') && path.is_file() && is_flow(&path) {
            flows.push(path);
        }
    }
    flows.sort();
    Ok(flows)
}

/// Whether a file is meant as a flow. One that is broken counts when its text says so.
fn is_flow(path: &Path) -> bool {
    let Ok(file) = source::read(path) else { return false };
    match source::parse(FileId::default(), file.text()).root {
        Some(root) => looks_like_flow(&root),
        None => file.text().lines().any(|line| line.starts_with("steps:")),
    }
}

/// Checks flows and workspaces that lie on no disk, by the paths they call each other by; gives the flows too, each with its file.
pub(crate) fn check_texts(texts: Vec<(PathBuf, String)>) -> (Checked, Vec<(FileId, Flow)>) {
    let mut library = Library::default();
    let paths: Vec<PathBuf> = texts.iter().map(|(path, _)| path.clone()).collect();
    for (path, text) in texts {
        library.add_text(path, text);
    }
    for path in &paths {
        // Every path is known, so that none is opened.
        let _ = library.add_file(path);
    }
    let (reader, groups) = library.linked();
    let facts = groups.iter().map(Group::facts).collect();
    let flows = groups.into_iter().flat_map(|group| group.entries).filter_map(|entry| Some((entry.file, entry.flow?)));
    let flows = flows.collect();
    let mut checked = Checked { sources: reader.sources, facts, diagnostics: reader.diagnostics, unread: Vec::new() };
    checked.sort();
    (checked, flows)
}

fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::with_capacity(diagnostics.len());
    diagnostics.retain(|finding| seen.insert(finding.clone()));
    sort(diagnostics);
}
