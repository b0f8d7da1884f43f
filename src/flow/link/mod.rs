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
use super::project::Project;
use super::read::{has_errors, sort};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources};
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
}

impl Checked {
    /// Brings the findings into the order of file and place, each once.
    pub fn sort(&mut self) {
        tidy(&mut self.diagnostics);
    }
}

/// Loads a flow and every flow it reaches by `trigger_workflow`, all of them in the workspace of the first.
pub fn load_project(path: &Path, options: &LoadOptions) -> Result<LoadedProject, UsageError> {
    let mut library = Library::default();
    library.add_flow(path, options.workspace.as_deref())?;
    let (reader, mut groups) = library.linked();
    // One flow was asked for, so at most one workspace came with it.
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
pub fn check_files(paths: &[PathBuf]) -> Result<Checked, UsageError> {
    let mut library = Library::default();
    for path in paths {
        library.add_file(path)?;
    }
    let (reader, groups) = library.linked();
    let facts = groups.iter().map(Group::facts).collect();
    let mut checked = Checked { sources: reader.sources, facts, diagnostics: reader.diagnostics };
    checked.sort();
    Ok(checked)
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
    let mut checked = Checked { sources: reader.sources, facts, diagnostics: reader.diagnostics };
    checked.sort();
    (checked, flows)
}

fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::with_capacity(diagnostics.len());
    diagnostics.retain(|finding| seen.insert(finding.clone()));
    sort(diagnostics);
}
