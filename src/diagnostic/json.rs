//! Findings as a JSON array, for other programs.

use super::{Diagnostic, Label, Severity, in_order};
use crate::source::{Position, Sources};
use crate::text::escaped_json;
use serde::Serialize;

/// A place as other programs read it: lines and columns from 1, columns in characters, the end exclusive.
#[derive(Serialize)]
struct Place<'a> {
    /// `null` only for a finding about no file.
    file: Option<&'a str>,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl<'a> Place<'a> {
    fn new(label: Option<&Label>, sources: &'a Sources) -> Self {
        let found = label.and_then(|label| sources.get(label.file).map(|file| (file, label.span)));
        let start = Position { line: 1, column: 1 };
        let (from, to) =
            found.map_or((start, start), |(file, span)| (file.position(span.start), file.position(span.end)));
        Self {
            file: found.map(|(file, _)| file.name()),
            line: from.line,
            column: from.column,
            end_line: to.line,
            end_column: to.column,
        }
    }
}

#[derive(Serialize)]
struct Finding<'a> {
    id: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    help: Option<&'a str>,
    labels: Vec<Labelled<'a>>,
}

#[derive(Serialize)]
struct Labelled<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

/// The findings as a JSON array in file order, one object per finding, one finding per line, with a line break at the end.
///
/// Keys: `id`, `severity` (`error`, `warning` or `note`), `message`, `file`, `line`, `column`, `end_line`, `end_column`, `help` (or `null`)
/// and `labels`, whose entries hold the same five keys of a place and `text`.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let lines: Vec<String> = in_order(diagnostics)
        .into_iter()
        .filter_map(|finding| {
            let finding = Finding {
                id: finding.id,
                severity: match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "note",
                },
                message: &finding.message,
                place: Place::new(finding.labels.first(), sources),
                help: finding.help.as_deref(),
                labels: finding
                    .labels
                    .iter()
                    .map(|label| Labelled { place: Place::new(Some(label), sources), text: &label.text })
                    .collect(),
            };
            // Nothing in a finding can fail to serialise.
            serde_json::to_string(&finding).ok().map(escaped_json)
        })
        .collect();
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};
    use insta::assert_snapshot;

    #[test]
    fn a_finding_says_everything_by_name() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("flow.yaml", "نص: 1\nنص: \"🎉\"\n"));
        let finding = Diagnostic::error("repeated-key", file, Span::new(7, 11), "twice").here("again").also(
            file,
            Span::new(0, 4),
            "first",
        );
        assert_snapshot!(render(&[finding.clone(), finding.help("drop one \u{1b}")], &sources), @r#"
        [
        {"id":"repeated-key","severity":"error","message":"twice","file":"flow.yaml","line":1,"column":6,"end_line":2,"end_column":3,"help":null,"labels":[{"file":"flow.yaml","line":1,"column":6,"end_line":2,"end_column":3,"text":"again"},{"file":"flow.yaml","line":1,"column":1,"end_line":1,"end_column":3,"text":"first"}]},
        {"id":"repeated-key","severity":"error","message":"twice","file":"flow.yaml","line":1,"column":6,"end_line":2,"end_column":3,"help":"drop one \u001b","labels":[{"file":"flow.yaml","line":1,"column":6,"end_line":2,"end_column":3,"text":"again"},{"file":"flow.yaml","line":1,"column":1,"end_line":1,"end_column":3,"text":"first"}]}
        ]
        "#);
    }

    #[test]
    fn a_note_is_called_one() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("flow.yaml", "a: 1\n"));
        let note = Diagnostic::note("some-rule", file, Span::new(0, 1), "worth knowing");
        assert!(render(&[note], &sources).contains(r#""severity":"note""#));
    }

    #[test]
    fn no_findings_are_an_empty_array() {
        assert_eq!(render(&[], &Sources::default()), "[]\n");
    }
}
