//! Reading files and lowering them, each on its own: what a load is made of.

use std::path::Path;

use super::facts::Fact;
use super::load::UsageError;
use super::lower::{Expected, FlowParts, Lowering};
use super::model::Flow;
use super::survey;
use super::workspace::{ContactCard, Workspace};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{self, FileId, Node, ReadError, SourceFile, Sources, Span};

/// Findings about files whose bytes are refused before they are read as YAML.
const REFUSED: [&str; 3] = ["not-utf8", "not-text", "too-large"];

/// The files that were read, and what was found in them.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) sources: Sources,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) facts: Vec<Fact>,
}

/// A file that something names.
pub(super) enum Named<T> {
    /// What it says.
    Read(T),
    /// It is not what it is taken for.
    Misfit(FileId),
}

/// What lowering made of a flow.
pub(super) struct Lowered {
    /// The flow; of use only without errors in it and in its workspace.
    pub(super) flow: Option<Flow>,
    /// The workspace it was lowered against; `None` when that has errors.
    pub(super) workspace: Option<Workspace>,
    /// Whether the flow's own file has errors.
    pub(super) has_errors: bool,
}

impl Reader {
    /// Reads and parses a file. Bytes that are refused are a finding, and there is no tree then.
    pub(super) fn open(&mut self, path: &Path) -> Result<(FileId, Option<Node>), UsageError> {
        match source::read(path) {
            // The place for a match on the extension: until the platform's native files (`.json`) are read, JSON is taken as the YAML it is.
            Ok(file) => Ok(self.parse(file)),
            Err(ReadError::Usage(message)) => Err(UsageError(message)),
            Err(ReadError::Refused(finding, sources)) => Ok((self.refused(*finding, &sources), None)),
        }
    }

    /// Reads and parses a file that something else names. When it cannot be what it is taken for, nothing of it is kept, found or quoted, and
    /// the answer is [`Named::Misfit`].
    pub(super) fn open_as(
        &mut self,
        path: &Path,
        expected: Expected,
    ) -> Result<Named<(FileId, Option<Node>)>, UsageError> {
        let before = self.diagnostics.len();
        let (file, root) = self.open(path)?;
        // What was refused for its size or its encoding may be anybody's.
        let refused =
            root.is_none() && self.diagnostics.iter().skip(before).any(|finding| REFUSED.contains(&finding.id));
        if !refused && expected.fits(self.text(file), root.as_ref()) {
            return Ok(Named::Read((file, root)));
        }
        self.diagnostics.truncate(before);
        self.sources.forget_text(file);
        Ok(Named::Misfit(file))
    }

    /// Says that a file which was named on the command line is not what it is taken for.
    pub(super) fn misfit(&mut self, file: FileId, expected: Expected) {
        let what = expected.what();
        let name = self.sources.get(file).map(SourceFile::name).unwrap_or_default();
        let message = format!("the file `{name}` is no {what}");
        let id = match expected {
            Expected::Flow => "not-a-flow",
            Expected::Workspace => "not-a-workspace",
            Expected::Contact => "not-a-contact",
        };
        let help = format!("name the file of a {what}");
        self.diagnostics.push(Diagnostic::error(id, file, Span::default(), message).help(help));
    }

    /// Parses a text.
    pub(super) fn parse(&mut self, file: SourceFile) -> (FileId, Option<Node>) {
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

    /// Lowers a file as a workspace.
    pub(super) fn workspace(&mut self, file: FileId, root: &Node) -> Option<Workspace> {
        let mut low = Lowering::new(file, self.text(file));
        let workspace = low.workspace_file(root);
        let (diagnostics, facts) = (low.diagnostics, low.facts);
        self.diagnostics.extend(diagnostics);
        self.facts.extend(facts);
        workspace
    }

    /// Reads and lowers a workspace file. `None` inside says that it has errors, [`Named::Misfit`] that it is none.
    pub(super) fn workspace_at(&mut self, path: &Path) -> Result<Named<Option<Workspace>>, UsageError> {
        Ok(match self.open_as(path, Expected::Workspace)? {
            Named::Read((file, root)) => Named::Read(root.and_then(|root| self.workspace(file, &root))),
            Named::Misfit(file) => Named::Misfit(file),
        })
    }

    /// Lowers a file as a contact.
    pub(super) fn contact(&mut self, file: FileId, root: &Node, workspace: &Workspace) -> Option<ContactCard> {
        let mut low = Lowering::new(file, self.text(file));
        let card = low.contact_file(root, workspace);
        let diagnostics = low.diagnostics;
        self.diagnostics.extend(diagnostics);
        card
    }

    /// Lowers a file as a flow. `workspace` says against which workspace.
    pub(super) fn flow(
        &mut self,
        file: FileId,
        root: &Node,
        workspace: impl FnOnce(&mut Self, &mut Lowering<'_>, &FlowParts<'_>) -> Option<Workspace>,
    ) -> Lowered {
        let text = self.text(file).to_owned();
        let mut low = Lowering::new(file, &text);
        let flow = match low.open_flow(root) {
            None => None,
            Some(parts) => {
                low.workspace = workspace(self, &mut low, &parts);
                low.flow(parts)
            }
        };
        let has_errors = has_errors(&low.diagnostics);
        let (diagnostics, mut facts) = (low.diagnostics, low.facts);
        if let (Some(flow), false) = (&flow, has_errors) {
            facts.extend(survey::survey(flow, &low.used));
        }
        self.diagnostics.extend(diagnostics);
        self.facts.extend(facts);
        Lowered { flow, workspace: low.workspace, has_errors }
    }
}

/// Whether a finding is an error.
pub(super) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|finding| finding.severity == Severity::Error)
}

/// Brings findings into the order of file and place.
pub(super) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|finding| finding.labels.first().map(|label| (label.file, label.span)));
}

/// The finding for a workspace file where a flow is wanted.
pub(super) fn not_a_flow(file: FileId, root: &Node) -> Diagnostic {
    Diagnostic::error("not-a-flow", file, root.span, "this is a workspace file, not a flow")
        .help("name a flow that uses it, with `workspace:` and the path to this file")
}
