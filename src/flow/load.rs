//! From files on disk to a flow: reads a flow with its workspace and answers with everything that is wrong in both, in one pass.
//!
//! What cannot be opened at all is wrong usage ([`UsageError`]); whatever was read and is refused is a finding. The warnings of the lints
//! are not in here: [`crate::lint::lint`] adds them.

use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::lower::{Lowering, WorkspaceChoice, looks_like_workspace};
use super::model::{Flow, Spanned};
use super::workspace::{ContactCard, Workspace};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{self, FileId, Node, ReadError, SourceFile, Sources};

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
        loading.facts.workspace = loading.workspace();
        return Ok(loading.finish(None));
    }
    loading.flow(Some(path), &LoadOptions::default())
}

/// Loads a workspace file.
pub fn load_workspace(path: &Path) -> Result<Read<Workspace>, UsageError> {
    let mut loading = Loading::open(path)?;
    let workspace = loading.workspace();
    Ok(loading.read(workspace))
}

/// Loads a contact file (`--contact FILE`) for a contact of this workspace.
pub fn load_contact(path: &Path, workspace: &Workspace) -> Result<Read<ContactCard>, UsageError> {
    let mut loading = Loading::open(path)?;
    let card = loading.contact(workspace);
    Ok(loading.read(card))
}

/// A file that was read, and all that was found so far.
#[derive(Default)]
struct Loading {
    sources: Sources,
    file: FileId,
    root: Option<Node>,
    facts: Facts,
    diagnostics: Vec<Diagnostic>,
}

impl Loading {
    fn open(path: &Path) -> Result<Self, UsageError> {
        let mut loading = Self::default();
        let (file, root) = loading.parse_file(path)?;
        loading.file = file;
        loading.root = root;
        Ok(loading)
    }

    fn start(name: &str, text: &str) -> Self {
        let mut loading = Self::default();
        let (file, root) = loading.parse(SourceFile::new(name, text));
        loading.file = file;
        loading.root = root;
        loading
    }

    /// Reads and parses a file. Bytes that are refused are a finding, and there is no tree then.
    fn parse_file(&mut self, path: &Path) -> Result<(FileId, Option<Node>), UsageError> {
        match source::read(path) {
            Ok(file) => Ok(self.parse(file)),
            Err(ReadError::Usage(message)) => Err(UsageError(message)),
            Err(ReadError::Refused(finding, sources)) => Ok((self.refused(*finding, &sources), None)),
        }
    }

    fn parse(&mut self, file: SourceFile) -> (FileId, Option<Node>) {
        let file = self.sources.add(file);
        let parsed = source::parse(file, self.text(file));
        self.diagnostics.extend(parsed.diagnostics);
        (file, parsed.root)
    }

    /// Takes over a finding about a file that was read on its own.
    fn refused(&mut self, mut finding: Diagnostic, sources: &Sources) -> FileId {
        let file = sources.iter().next().map_or_else(|| SourceFile::new("", ""), |(_, file)| file.clone());
        let main = self.sources.add(file);
        finding.labels.iter_mut().for_each(|label| label.file = main);
        self.diagnostics.push(finding);
        main
    }

    fn text(&self, file: FileId) -> &str {
        self.sources.get(file).map(SourceFile::text).unwrap_or_default()
    }

    /// Lowers the file as a workspace.
    fn workspace(&mut self) -> Option<Workspace> {
        let root = self.root.take()?;
        self.workspace_in(self.file, &root)
    }

    fn workspace_in(&mut self, file: FileId, root: &Node) -> Option<Workspace> {
        let mut low = Lowering::new(file, self.text(file));
        let workspace = low.workspace_file(root);
        let (diagnostics, facts) = (low.diagnostics, low.facts);
        self.diagnostics.extend(diagnostics);
        self.facts.list.extend(facts);
        workspace
    }

    /// Lowers the file as a contact.
    fn contact(&mut self, workspace: &Workspace) -> Option<ContactCard> {
        let root = self.root.take()?;
        let mut low = Lowering::new(self.file, self.text(self.file));
        let card = low.contact_file(&root, workspace);
        let diagnostics = low.diagnostics;
        self.diagnostics.extend(diagnostics);
        card
    }

    /// Lowers a flow. `path` is where it lies; without one it may not name a workspace file.
    fn flow(mut self, path: Option<&Path>, options: &LoadOptions) -> Result<Loaded, UsageError> {
        let given = match &options.workspace {
            Some(workspace) => Some(self.workspace_at(workspace)?),
            None => None,
        };
        let Some(root) = self.root.take() else { return Ok(self.finish(None)) };
        if looks_like_workspace(&root) {
            let finding = Diagnostic::error("not-a-flow", self.file, root.span, "this is a workspace file, not a flow");
            self.diagnostics
                .push(finding.help("name a flow that uses it, with `workspace:` and the path to this file"));
            return Ok(self.finish(None));
        }
        let text = self.text(self.file).to_owned();
        let mut low = Lowering::new(self.file, &text);
        let flow = low.open_flow(&root).and_then(|parts| {
            low.workspace = match given {
                Some(given) => given,
                None => match parts.choice(&mut low) {
                    WorkspaceChoice::BuiltIn => Some(Workspace::default()),
                    WorkspaceChoice::Inline(workspace) => workspace,
                    WorkspaceChoice::Path(named) => self.named_workspace(&mut low, &named, path),
                },
            };
            low.flow(parts)
        });
        self.facts.workspace = low.workspace.take();
        self.diagnostics.append(&mut low.diagnostics);
        self.facts.list.append(&mut low.facts);
        Ok(self.finish(flow))
    }

    /// The workspace in a file that a flow names, relative to the flow's folder. A file that cannot be read is a finding there.
    fn named_workspace(
        &mut self,
        low: &mut Lowering<'_>,
        named: &Spanned<String>,
        flow: Option<&Path>,
    ) -> Option<Workspace> {
        let Some(flow) = flow else {
            let help = "Write the workspace down in the flow itself.";
            low.missing_workspace(named, "cannot be opened from a text", help);
            return None;
        };
        let path = flow.parent().unwrap_or(Path::new("")).join(&named.value);
        match self.workspace_at(&path) {
            Ok(workspace) => workspace,
            Err(error) => {
                low.missing_workspace(
                    named,
                    &format!("cannot be read: {error}"),
                    "A path is taken relative to this file.",
                );
                None
            }
        }
    }

    fn workspace_at(&mut self, path: &Path) -> Result<Option<Workspace>, UsageError> {
        let (file, root) = self.parse_file(path)?;
        let Some(root) = root else { return Ok(None) };
        Ok(self.workspace_in(file, &root))
    }

    fn finish(self, flow: Option<Flow>) -> Loaded {
        let flow = flow.filter(|_| !has_errors(&self.diagnostics));
        let mut loaded = Loaded { sources: self.sources, flow, facts: self.facts, diagnostics: self.diagnostics };
        loaded.sort();
        loaded
    }

    fn read<T>(mut self, value: Option<T>) -> Read<T> {
        sort(&mut self.diagnostics);
        let value = value.filter(|_| !has_errors(&self.diagnostics));
        Read { sources: self.sources, value, diagnostics: self.diagnostics }
    }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|finding| finding.severity == Severity::Error)
}

fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|finding| finding.labels.first().map(|label| (label.file, label.span)));
}
