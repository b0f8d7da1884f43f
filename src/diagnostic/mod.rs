//! One finding, with where it is and how to mend it; one renderer per output format.

pub mod human;
pub mod json;
mod suggest;

use crate::source::{FileId, Span};
use std::collections::HashSet;
pub use suggest::{closest, closest_said, did_you_mean};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The flow cannot run.
    Error,
    /// The flow runs, but probably not as its author means.
    Warning,
    /// The flow runs, and may well be meant so; worth knowing all the same. It never fails a check.
    Note,
}

/// A place a finding points at, with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub text: String,
}

/// One finding. The first label is the place it is reported at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Stable kebab-case name of the rule, such as `unknown-key`.
    pub id: &'static str,
    /// Error, warning or note.
    pub severity: Severity,
    /// One sentence: what is wrong.
    pub message: String,
    /// Where; the first is the main place. Empty only for files that could not be read at all.
    pub labels: Vec<Label>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(id: &'static str, file: FileId, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, file, span, message.into())
    }

    /// A warning at a place.
    pub fn warning(id: &'static str, file: FileId, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Warning, file, span, message.into())
    }

    /// A note at a place.
    pub fn note(id: &'static str, file: FileId, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Note, file, span, message.into())
    }

    fn new(id: &'static str, severity: Severity, file: FileId, span: Span, message: String) -> Self {
        Self { id, severity, message, labels: vec![Label { file, span, text: String::new() }], help: None }
    }

    /// The same finding with words at its main place.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// The same finding with another place.
    #[must_use]
    pub fn also(mut self, file: FileId, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { file, span, text: text.into() });
        self
    }

    /// The same finding with a way to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Words as a sentence lists them: each in quotes, so that nobody takes a comma for a part of one.
pub fn listed<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The findings by file and position, each once. At one place errors and warnings keep the order they were found in.
pub fn in_order(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut seen = HashSet::with_capacity(diagnostics.len());
    let mut findings: Vec<&Diagnostic> = diagnostics.iter().filter(|finding| seen.insert(*finding)).collect();
    findings.sort_by_key(|finding| finding.labels.first().map(|label| (label.file, label.span.start)));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_come_by_file_and_place_and_each_once() {
        let at = |id, file, start| Diagnostic::warning(id, FileId(file), Span::new(start, start), "x");
        let findings = [at("d", 1, 0), at("c", 0, 9), at("a", 0, 2), at("b", 0, 2), at("c", 0, 9)];
        let ids: Vec<_> = in_order(&findings).into_iter().map(|finding| finding.id).collect();
        assert_eq!(ids, ["a", "b", "c", "d"]);
    }
}
