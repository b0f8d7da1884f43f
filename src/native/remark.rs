//! What an import has to say line by line: what it could not carry, and what it had to guess.

use super::json::At;
use crate::diagnostic::Diagnostic;
use crate::flow::facts::{Fact, Noticed};
use crate::source::{FileId, Span};

/// How much of a thing came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Carried {
    /// It is kept for the way back, but a simulation knows nothing of it.
    Kept,
    /// It runs, by a guess that may be wrong.
    Guessed,
}

impl Carried {
    /// The word that stands before a remark.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Guessed => "guessed",
        }
    }
}

/// One line of the report of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How much came through.
    pub carried: Carried,
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
    /// The same as a JSON path, such as `$.workflow[3].data`.
    pub path: String,
    /// The id our side gave the step it is about, if it is about one.
    pub step: Option<String>,
    /// One sentence.
    pub text: String,
    /// Whether it is only about the id of a step, which an import does not write unless something refers to it.
    pub only_ids: bool,
}

/// What reading one file has told so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) file: FileId,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) remarks: Vec<Remark>,
    pub(super) facts: Vec<Fact>,
}

/// Findings one file may bring; the rest waits until these are mended.
pub(super) const MAX_FINDINGS: usize = 1_000;

impl Findings {
    /// Reports a mistake at a value; the message is followed by its path.
    pub(super) fn error(&mut self, id: &'static str, at: &At<'_>, message: &str, help: impl Into<String>) {
        self.error_at(id, at.span(), &at.path, message, help);
    }

    /// The same where the place is not a value of its own.
    pub(super) fn error_at(
        &mut self,
        id: &'static str,
        span: Span,
        path: &str,
        message: &str,
        help: impl Into<String>,
    ) {
        if self.diagnostics.len() < MAX_FINDINGS {
            self.diagnostics.push(Diagnostic::error(id, self.file, span, format!("{path}: {message}")).help(help));
        }
    }

    /// Says that a value is not of the kind it must be.
    pub(super) fn wrong_type(&mut self, at: &At<'_>, wanted: &str) {
        let message = format!("this must be {wanted}, not {}", at.json.described());
        self.error("wrong-type", at, &message, "export the workflow again, or mend the value by hand");
    }

    /// Says that an object lacks a key.
    pub(super) fn missing(&mut self, at: &At<'_>, key: &str, wanted: &str) {
        let span = Span::new(at.span().start, at.span().start.saturating_add(1));
        let message = format!("the key `{key}` is missing: {wanted}");
        self.error_at("missing-key", span, &at.path, &message, "export the workflow again, or add the key by hand");
    }

    pub(super) fn remark(&mut self, carried: Carried, at: &At<'_>, step: Option<&str>, text: impl Into<String>) {
        if self.remarks.len() < MAX_FINDINGS {
            self.remarks.push(Remark {
                carried,
                file: self.file,
                span: at.span(),
                path: at.path.clone(),
                step: step.map(str::to_owned),
                text: text.into(),
                only_ids: false,
            });
        }
    }

    /// Notes something for the lints.
    pub(super) fn notice(&mut self, span: Span, what: Noticed) {
        self.facts.push(Fact { file: self.file, span, what });
    }

    /// A text that must be there.
    pub(super) fn text<'j>(&mut self, of: &At<'j>, key: &str, wanted: &str) -> Option<At<'j>> {
        let Some(at) = of.get(key) else {
            self.missing(of, key, wanted);
            return None;
        };
        if at.as_text().is_none() {
            self.wrong_type(&at, "a text");
            return None;
        }
        Some(at)
    }
}
