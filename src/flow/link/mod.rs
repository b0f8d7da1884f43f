//! Projects: a flow and every flow it reaches by `trigger_workflow`, read together and checked against each other.

mod library;
mod loops;
mod mocks;
mod reach;
mod resolve;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::load::{LoadOptions, UsageError};
use super::project::Project;
use super::read::{has_errors, sort};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Sources, Span};
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

fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::with_capacity(diagnostics.len());
    diagnostics.retain(|finding| seen.insert(finding.clone()));
    sort(diagnostics);
}
