//! From files on disk to a flow: reads a flow with its workspace and answers with everything that is wrong in both, in one pass.
//!
//! What cannot be opened at all is wrong usage ([`UsageError`]); whatever was read and is refused is a finding. The warnings of the lints
//! are not in here: [`crate::lint::lint`] adds them.

use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::lower::{Expected, Lowering, WorkspaceChoice, looks_like_workspace};
use super::model::{Flow, Spanned};
use super::read::{Named, Reader, has_errors, not_a_flow, sort};
use super::workspace::{ContactCard, Workspace};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Node, SourceFile, Sources};

/// How a flow is loaded.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// A workspace file that takes the place of the flow's own (`--workspace`).
    pub workspace: Option<PathBuf>,
}

/// What became of a flow file (or, from [`check_file`], of a workspace file).
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Every file that was read; the first is the one that was asked for.
    pub sources: Sources,
    /// The flow; there if and only if no finding is an error (and the file is no workspace).
    pub flow: Option<Flow>,
    /// What the lints look at.
    pub facts: Facts,
    /// Findings in order of file and place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether a finding is an error.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// Brings the findings into the order of file and place.
    pub fn sort(&mut self) {
        sort(&mut self.diagnostics);
    }
}

/// What became of a file that is no flow.
#[derive(Debug, Clone)]
pub struct Read<T> {
    /// The file.
    pub sources: Sources,
    /// What it says; there if and only if no finding is an error.
    pub value: Option<T>,
    /// Findings in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

/// A path that was given on the command line and cannot be opened: wrong usage, exit code 2. The message names the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Loads the flow in a file.
pub fn load(path: &Path, options: &LoadOptions) -> Result<Loaded, UsageError> {
    Loading::open(path)?.flow(Some(path), options)
}

/// Loads a flow from its text. `name` is what findings call it. A workspace must be written down in the flow itself: no file is opened.
pub fn load_text(name: &str, text: &str) -> Loaded {
    Loading::start(name, text).flow(None, &LoadOptions::default()).unwrap_or_default()
}

/// Checks a file for the `check` command: a flow, or a workspace file, told apart by their keys.
pub fn check_file(path: &Path) -> Result<Loaded, UsageError> {
    let mut loading = Loading::open(path)?;
    if loading.root.as_ref().is_some_and(looks_like_workspace) {
        let workspace = loading.workspace();
        return Ok(loading.finish(None, workspace));
    }
    loading.flow(Some(path), &LoadOptions::default())
}

/// Loads a workspace file.
pub fn load_workspace(path: &Path) -> Result<Read<Workspace>, UsageError> {
    let mut loading = Loading::open_as(path, Expected::Workspace)?;
    let workspace = loading.workspace();
    Ok(loading.read(workspace))
}

/// Loads a contact file (`--contact FILE`) for a contact of this workspace.
pub fn load_contact(path: &Path, workspace: &Workspace) -> Result<Read<ContactCard>, UsageError> {
    let mut loading = Loading::open_as(path, Expected::Contact)?;
    let card = loading.contact(workspace);
    Ok(loading.read(card))
}

/// A file that was read, and all that was found so far.
#[derive(Default)]
struct Loading {
    reader: Reader,
    file: FileId,
    root: Option<Node>,
}

impl Loading {
    fn open(path: &Path) -> Result<Self, UsageError> {
        let mut reader = Reader::default();
        let (file, root) = reader.open(path)?;
        Ok(Self { reader, file, root })
    }

    /// Opens a file that must be of this kind; of another one nothing is told.
    fn open_as(path: &Path, expected: Expected) -> Result<Self, UsageError> {
        let mut reader = Reader::default();
        let (file, root) = match reader.open_as(path, expected)? {
            Named::Read(read) => read,
            Named::Misfit(file) => {
                reader.misfit(file, expected);
                (file, None)
            }
        };
        Ok(Self { reader, file, root })
    }

    fn start(name: &str, text: &str) -> Self {
        let mut reader = Reader::default();
        let (file, root) = reader.parse(SourceFile::new(name, text));
        Self { reader, file, root }
    }

    /// Lowers the file as a workspace.
    fn workspace(&mut self) -> Option<Workspace> {
        let root = self.root.take()?;
        self.reader.workspace(self.file, &root)
    }

    /// Lowers the file as a contact.
    fn contact(&mut self, workspace: &Workspace) -> Option<ContactCard> {
        let root = self.root.take()?;
        self.reader.contact(self.file, &root, workspace)
    }

    /// Lowers a flow. `path` is where it lies; without one it may not name a workspace file.
    fn flow(mut self, path: Option<&Path>, options: &LoadOptions) -> Result<Loaded, UsageError> {
        let given = match &options.workspace {
            Some(workspace) => Some(match self.reader.workspace_at(workspace)? {
                Named::Read(workspace) => workspace,
                Named::Misfit(file) => {
                    self.reader.misfit(file, Expected::Workspace);
                    None
                }
            }),
            None => None,
        };
        let Some(root) = self.root.take() else { return Ok(self.finish(None, None)) };
        if looks_like_workspace(&root) {
            self.reader.diagnostics.push(not_a_flow(self.file, &root));
            return Ok(self.finish(None, None));
        }
        let lowered = self.reader.flow(self.file, &root, |reader, low, parts| match given {
            Some(given) => given,
            None => match parts.choice(low) {
                WorkspaceChoice::BuiltIn => Some(Workspace::default()),
                WorkspaceChoice::Inline(workspace) => workspace.map(|workspace| *workspace),
                WorkspaceChoice::Path(named) => named_workspace(reader, low, &named, path),
            },
        });
        Ok(self.finish(lowered.flow, lowered.workspace))
    }

    fn finish(self, flow: Option<Flow>, workspace: Option<Workspace>) -> Loaded {
        let Reader { sources, diagnostics, facts } = self.reader;
        let flow = flow.filter(|_| !has_errors(&diagnostics));
        let mut loaded = Loaded { sources, flow, facts: Facts { workspace, list: facts }, diagnostics };
        loaded.sort();
        loaded
    }

    fn read<T>(mut self, value: Option<T>) -> Read<T> {
        sort(&mut self.reader.diagnostics);
        let value = value.filter(|_| !has_errors(&self.reader.diagnostics));
        Read { sources: self.reader.sources, value, diagnostics: self.reader.diagnostics }
    }
}

/// The workspace in a file that a flow names, relative to the flow's folder. A file that cannot be read is a finding there.
fn named_workspace(
    reader: &mut Reader,
    low: &mut Lowering<'_>,
    named: &Spanned<String>,
    flow: Option<&Path>,
) -> Option<Workspace> {
    let Some(flow) = flow else {
        let help = "Write the workspace down in the flow itself.";
        low.missing_workspace(named, "cannot be opened from a text", help);
        return None;
    };
    match reader.workspace_at(&beside(flow, &named.value)) {
        Ok(Named::Read(workspace)) => workspace,
        Ok(Named::Misfit(_)) => {
            low.not_a_workspace(named);
            None
        }
        Err(error) => {
            unreadable_workspace(low, named, &error);
            None
        }
    }
}

/// Reports a workspace file that cannot be read.
pub(super) fn unreadable_workspace(low: &mut Lowering<'_>, named: &Spanned<String>, error: &UsageError) {
    low.missing_workspace(named, &format!("cannot be read: {error}"), "A path is taken relative to this file.");
}

/// A path that a file names, relative to that file's folder.
pub(super) fn beside(file: &Path, named: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(named)
}
