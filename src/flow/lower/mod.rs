//! Lowering: from the spanned YAML tree to the model, answering every mistake on the way and stopping at none.
//!
//! One [`Lowering`] goes through one file. A function that finds a mistake reports it and answers `None`; its caller goes on with
//! the next thing, so that one pass shows everything.

mod action;
mod ai;
mod assign;
mod branch;
mod comment;
mod condition;
mod contact;
mod date_time;
mod file;
mod http;
mod json;
mod mapping;
mod message;
mod mock;
mod native;
mod question;
mod side;
mod step;
mod synonyms;
mod trigger;
mod value;
mod workspace;

use std::collections::HashMap;

use super::facts::{Fact, NameKind, Noticed};
use super::model::{Spanned, limits};
use super::workspace::Workspace;
use crate::diagnostic::{Diagnostic, did_you_mean, listed};
use crate::source::{FileId, Span};

pub(crate) use comment::mentioned;
pub(super) use file::{
    Expected, FlowParts, WorkspaceChoice, WorkspaceWord, looks_like_flow, looks_like_workspace, workspace_span,
    workspace_word,
};
pub(super) use value::decimal;

/// The standard contact fields: always there, always text.
pub(crate) const STANDARD_FIELDS: [&str; 6] = ["firstname", "lastname", "phone", "email", "country", "language"];

/// Findings one file may bring; the rest waits until these are mended (our choice, so that no file keeps an author waiting).
const MAX_FINDINGS: usize = 1_000;

/// The longest list of words that the format itself has.
const WORDS: usize = 20;

/// Entries that the lists of one file may have together, steps aside (our choice: far above any workspace, far below harm).
const MOST_ENTRIES: usize = 20_000;

/// Ids and where they were given.
type Ids = HashMap<String, Span>;

/// What one file has told so far.
pub(super) struct Lowering<'s> {
    file: FileId,
    text: &'s str,
    /// Findings of this file.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What the lints will look at.
    pub(super) facts: Vec<Fact>,
    /// The workspace names are checked against; `None` when it has errors, then nothing is checked against it.
    pub(super) workspace: Option<Workspace>,
    /// Steps met so far: the number of the latest in document order.
    steps: usize,
    /// How many lists of steps are being read, one inside the other.
    depth: usize,
    /// Entries of lists read so far.
    entries: usize,
    /// Ids given by the author.
    ids: Ids,
    /// Workflow variables that texts and conditions speak of.
    pub(super) used: Vec<Spanned<String>>,
    /// Ids spoken of: jump targets and mocks.
    targets: Vec<Spanned<String>>,
}

impl<'s> Lowering<'s> {
    /// Starts on a file.
    pub(super) fn new(file: FileId, text: &'s str) -> Self {
        Self {
            file,
            text,
            diagnostics: Vec::new(),
            facts: Vec::new(),
            workspace: None,
            steps: 0,
            depth: 0,
            entries: 0,
            ids: Ids::new(),
            used: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Reports an error. The finding comes back so that more can be said in it.
    fn error(&mut self, id: &'static str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.push(Diagnostic::error(id, self.file, self.clip(span), message).help(help));
    }

    /// Reports an error that has to do with a second place.
    fn error_also(
        &mut self,
        id: &'static str,
        (span, message): (Span, String),
        (other, words): (Span, &str),
        help: impl Into<String>,
    ) {
        let finding = Diagnostic::error(id, self.file, self.clip(span), message)
            .also(self.file, self.clip(other), words)
            .help(help);
        self.push(finding);
    }

    fn push(&mut self, finding: Diagnostic) {
        if self.diagnostics.len() < MAX_FINDINGS {
            self.diagnostics.push(finding);
        }
    }

    /// Reports a word that is none of those allowed, with what was probably meant.
    fn unknown<'w>(
        &mut self,
        id: &'static str,
        span: Span,
        message: impl Into<String>,
        word: &str,
        known: impl IntoIterator<Item = &'w str>,
    ) {
        if self.diagnostics.len() >= MAX_FINDINGS {
            return;
        }
        let known: Vec<&str> = known.into_iter().collect();
        let all = match known.len() {
            0 => String::new(),
            // The words of the format are all worth telling; names of a file may be thousands.
            count if count <= WORDS => format!("possible here: {}", listed(known.iter().copied())),
            _ => format!("possible here: {}", crate::diagnostic::closest(word, known.iter().copied())),
        };
        let meant = synonyms::meant(word, &known).or_else(|| did_you_mean(word, known.iter().copied()));
        let help = match meant {
            Some(meant) if known.len() == 1 => format!("did you mean `{meant}`?"),
            Some(meant) => format!("did you mean `{meant}`? {all}"),
            None => all,
        };
        self.error(id, span, message, help.trim());
    }

    /// The entries of a list, as many of them as one list and the lists of one file may have. More is an error.
    fn within<T>(&mut self, mut entries: Vec<T>, most: usize, at: Span) -> Vec<T> {
        let left = MOST_ENTRIES.saturating_sub(self.entries);
        if entries.len() > most {
            let message = format!("{} entries here; at most {most} are read", entries.len());
            self.error("too-many-entries", at, message, "leave out what this rehearsal does not need");
            entries.truncate(most);
        }
        if entries.len() > left {
            let message = format!("the lists of this file have more than {MOST_ENTRIES} entries together");
            self.error("too-many-entries", at, message, "leave out what this rehearsal does not need");
            entries.truncate(left);
        }
        self.entries += entries.len();
        entries
    }

    fn notice(&mut self, span: Span, what: Noticed) {
        self.facts.push(Fact { file: self.file, span, what });
    }

    fn notice_name(&mut self, kind: NameKind, name: &Spanned<String>) {
        // A name that holds a variable is only known when the flow runs.
        if crate::template::Template::parse(name.value.as_str()).is_plain() {
            self.notice(name.span, Noticed::Name(kind, name.value.clone()));
        }
    }

    /// A span cut at the end of its first line: a label should point, not cover half the file.
    fn clip(&self, span: Span) -> Span {
        let covered = self.text.get(span.range()).unwrap_or_default();
        match covered.find(['\n', '\r']).map(|length| u32::try_from(length).unwrap_or(u32::MAX)) {
            Some(length) => Span::new(span.start, span.start.saturating_add(length)),
            None => span,
        }
    }
}

/// A name as a message quotes it: between backticks, on one line, not longer than people read.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > LONGEST {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// User-perceived characters (grapheme clusters).
fn characters(text: &str) -> usize {
    use unicode_segmentation::UnicodeSegmentation as _;
    text.graphemes(true).count()
}
