//! Findings for people: the lines they are about, drawn as compilers do.

use super::{Diagnostic, Label, Severity, in_order};
use crate::source::{SourceFile, Sources};
use crate::text::stand_in;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use std::collections::HashSet;
use std::ops::Range;

/// The width excerpts are cut to, in columns: comfortable in a terminal and in a log (our choice).
const WIDTH: usize = 120;

/// Bytes of a line that are kept before its first label and behind its last: more than an excerpt can show (our choice).
const MARGIN: usize = 4 * WIDTH;

/// Bytes between two labels of one excerpt at most; what lies farther away gets its own (our choice, so that no finding draws a whole file).
const FAR: u32 = 16 << 10;

/// Every finding in file order, each once, with the lines it is about. A blank line follows each.
///
/// The place reads `file:line:column`, the column counted in characters. With `color` the text holds ANSI colours. Whatever the files
/// or messages hold, no control character reaches the terminal.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() }.term_width(WIDTH);
    let mut out = String::new();
    for finding in in_order(diagnostics) {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = level.primary_title(visible(&finding.message)).id(finding.id);
        let mut corrections = Vec::new();
        let excerpts = excerpts(finding, sources, &mut corrections);
        let group = Group::with_title(title).elements(excerpts);
        let group = match &finding.help {
            Some(help) => group.element(Level::HELP.message(visible(help))),
            None => group,
        };
        let drawn = renderer.render(&[group]);
        out.push_str(&corrections.iter().fold(drawn, |text, (counted, place)| text.replacen(counted, place, 1)));
        out.push_str("\n\n");
    }
    out
}

/// How many errors, warnings and notes there are, such as `2 errors, 1 warning`. `None` if there are none.
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let findings = in_order(diagnostics);
    let count = |severity: Severity, noun: &str| match findings.iter().filter(|it| it.severity == severity).count() {
        0 => None,
        1 => Some(format!("1 {noun}")),
        number => Some(format!("{number} {noun}s")),
    };
    let all = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let parts: Vec<String> = all.into_iter().filter_map(|(severity, noun)| count(severity, noun)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A place as the renderer counts it in a line whose beginning was left out, and the place in the file.
type Correction = (String, String);

/// Per file the lines that the labels in it are about; the file of the first label comes first.
fn excerpts<'a>(finding: &'a Diagnostic, sources: &Sources, corrections: &mut Vec<Correction>) -> Vec<Element<'a>> {
    let mut elements = Vec::new();
    let mut done = HashSet::new();
    for (index, label) in finding.labels.iter().enumerate() {
        let Some(file) = sources.get(label.file) else { continue };
        if !done.insert(index) {
            continue;
        }
        if file.text().is_empty() {
            elements.push(Origin::path(visible(file.name())).line(1).char_column(1).into());
            continue;
        }
        let labels: Vec<(AnnotationKind, &Label)> = finding
            .labels
            .iter()
            .enumerate()
            .filter(|(place, other)| {
                let near = other.file == label.file && other.span.start.abs_diff(label.span.start) <= FAR;
                near && (*place == index || done.insert(*place))
            })
            .map(|(place, other)| {
                (if place == index { AnnotationKind::Primary } else { AnnotationKind::Context }, other)
            })
            .collect();
        elements.push(excerpt(file, &labels, corrections).into());
    }
    elements
}

/// The lines from the first to the last label, made safe to print, with the labels in their new places.
fn excerpt<'a>(
    file: &SourceFile,
    labels: &[(AnnotationKind, &'a Label)],
    corrections: &mut Vec<Correction>,
) -> Snippet<'a, Annotation<'a>> {
    let text = file.text();
    let spans: Vec<Range<usize>> = labels.iter().map(|(_, label)| first_line(text, label.span.range())).collect();
    let first = spans.iter().map(|span| span.start).min().unwrap_or_default();
    let last = spans.iter().map(|span| span.end).max().unwrap_or_default();
    let start = text.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let end = text.get(last..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| last + newline);
    let line = file.position(u32::try_from(start).unwrap_or_default()).line;
    let (lines, moved) = printable(text, start..end, &spans);
    if let (Some(span), Some(copied)) = (spans.first(), moved.first()) {
        let place = file.position(u32::try_from(span.start).unwrap_or_default());
        let before = lines.get(..copied.start).unwrap_or_default();
        let drawn = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        if drawn != place.column as usize {
            let name = format!("{}:{}", visible(file.name()), place.line);
            corrections.push((format!("{name}:{drawn}"), format!("{name}:{}", place.column)));
        }
    }
    let annotations = moved.into_iter().zip(labels).map(|(span, (kind, label))| {
        let words = (!label.text.is_empty()).then(|| visible(&label.text));
        kind.span(span).label(words)
    });
    Snippet::source(lines).path(visible(file.name())).line_start(line as usize).annotations(annotations)
}

/// A span that fits the text and stays on one line: a value of many lines is marked on its first.
fn first_line(text: &str, span: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
    let line = text.get(start..end).and_then(|value| value.lines().next()).unwrap_or_default();
    start..start + line.trim_end().len()
}

/// A copy of some lines in which every character stands for one of the source, so that columns stay true, but none disturbs the
/// terminal; and where the spans are in it. Of very long lines only the surroundings of the spans are kept.
fn printable(text: &str, range: Range<usize>, spans: &[Range<usize>]) -> (String, Vec<Range<usize>>) {
    let mut copy = String::new();
    let mut moved = vec![0..0; spans.len()];
    let mut mark = |at: usize, copied: usize| {
        for (span, place) in spans.iter().zip(&mut moved) {
            if span.start == at {
                place.start = copied;
            }
            if span.end == at {
                place.end = copied;
            }
        }
    };
    let mut line_start = range.start;
    for line in text.get(range.clone()).unwrap_or_default().split_inclusive('\n') {
        let line_end = line_start + line.len();
        let inside =
            || spans.iter().flat_map(|span| [span.start, span.end]).filter(|at| (line_start..line_end).contains(at));
        let kept_from =
            text.floor_char_boundary(inside().min().unwrap_or(line_start).saturating_sub(MARGIN).max(line_start));
        let kept_to = inside().max().unwrap_or(line_start) + MARGIN;
        if kept_from > line_start {
            copy.push('…');
        }
        let kept = text.get(kept_from..line_end).unwrap_or_default();
        for (offset, character) in kept.char_indices().take_while(|(offset, _)| kept_from + offset < kept_to) {
            mark(kept_from + offset, copy.len());
            match character {
                '\r' | '\u{feff}' => {}
                '\n' => copy.push('\n'),
                other => copy.push(stand_in(other)),
            }
        }
        if line_end >= kept_to && line.ends_with('\n') && !copy.ends_with('\n') {
            copy.push('\n');
        }
        line_start = line_end;
    }
    mark(range.end, copy.len());
    (copy, moved)
}

/// The text on one line, with every character that could disturb a terminal or feign a finding of its own made visible.
fn visible(text: &str) -> String {
    text.chars().map(stand_in).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};
    use insta::assert_snapshot;

    fn sources(text: &str) -> Sources {
        let mut sources = Sources::default();
        sources.add(SourceFile::new("flows/a.yaml", text));
        sources
    }

    /// A finding at the first place where `part` stands.
    fn at(text: &str, part: &str) -> Diagnostic {
        Diagnostic::error("some-rule", FileId(0), place(text, part), "something is wrong")
    }

    fn place(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap_or_default();
        Span::new(u32::try_from(start).unwrap_or_default(), u32::try_from(start + part.len()).unwrap_or_default())
    }

    #[test]
    fn columns_are_characters_after_arabic_and_emoji() {
        let text = "\u{feff}a: 1\r\nنص: \"🎉 نعم\" bad\r\nz: 1\r\n";
        let finding = at(text, "bad").here("this").also(FileId(0), place(text, "a: 1"), "before").help("remove it");
        assert_snapshot!(render(&[finding], &sources(text), false), @r#"
        error[some-rule]: something is wrong
         --> flows/a.yaml:2:13
          |
        1 | a: 1
          | ---- before
        2 | نص: "🎉 نعم" bad
          |              ^^^ this
          |
          = help: remove it
        "#);
    }

    #[test]
    fn a_value_of_many_lines_is_marked_on_its_first() {
        let text = "steps:\n  - wait: 1 day\n  - wait: 2 days\nx: 1\n";
        assert_snapshot!(render(&[at(text, "- wait: 1 day\n  - wait: 2 days")], &sources(text), false), @"
        error[some-rule]: something is wrong
         --> flows/a.yaml:2:3
          |
        2 |   - wait: 1 day
          |   ^^^^^^^^^^^^^
        ");
    }

    #[test]
    fn far_places_are_folded() {
        let text = format!("first: 1\n{}second: 2\n", "- x\n".repeat(50));
        let finding = at(&text, "second").also(FileId(0), place(&text, "first"), "here too");
        assert_snapshot!(render(&[finding], &sources(&text), false), @"
        error[some-rule]: something is wrong
          --> flows/a.yaml:52:1
           |
         1 | first: 1
           | ----- here too
        ...
        52 | second: 2
           | ^^^^^^
        ");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let text = "a: \u{1b}[31mred\u{202e}\u{9b}\u{7}\tbad\n";
        let finding = at(text, "bad").here("l\u{1b}[2J").help("h\u{1b}]0;x\u{7}");
        let finding = Diagnostic { message: "m\u{1b}[0m".into(), ..finding };
        let mut sources = sources(text);
        sources.add(SourceFile::new("\u{1b}.yaml", "x"));
        let finding = finding.also(FileId(1), Span::new(0, 1), "\u{2066}there");
        let out = render(&[finding], &sources, false);
        assert!(!out.contains(|c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}".contains(c)), "{out:?}");
        assert_snapshot!(out, @"
        error[some-rule]: m␛[0m
         --> flows/a.yaml:1:16
          |
        1 | a: ␛[31mred��␇ bad
          |                ^^^ l␛[2J
          |
         ::: ␛.yaml:1:1
          |
        1 | x
          | ^ �there
          |
          = help: h␛]0;x␇
        ");
    }

    #[test]
    fn very_long_lines_are_cut_around_the_place() {
        let text = format!("a: {}bad{}\n", "نص 🎉 ".repeat(20_000), " y".repeat(500_000));
        let out = render(&[at(&text, "bad").here("this")], &sources(&text), false);
        assert!(out.contains("flows/a.yaml:1:100004"), "{out}");
        assert!(out.contains("bad") && out.lines().all(|line| line.chars().count() < 450), "{out}");
        let begun = std::time::Instant::now();
        let findings: Vec<_> = (0..50).map(|n| Diagnostic { message: format!("{n}"), ..at(&text, "bad") }).collect();
        render(&findings, &sources(&text), false);
        assert!(begun.elapsed() < std::time::Duration::from_secs(1), "{:?}", begun.elapsed());
        let end = Diagnostic::error("x", FileId(0), Span::new(u32::MAX, u32::MAX), "at the end");
        assert!(render(&[end], &sources(&text), false).contains("flows/a.yaml:2:1"));
    }

    #[test]
    fn colours_only_when_asked() {
        assert!(render(&[at("a: 1", "a")], &sources("a: 1"), true).contains('\u{1b}'));
        assert!(!render(&[at("a: 1", "a")], &sources("a: 1"), false).contains('\u{1b}'));
    }

    #[test]
    fn findings_without_lines_still_name_the_file() {
        assert_snapshot!(render(&[at("", "")], &sources(""), false), @"
        error[some-rule]: something is wrong
        --> flows/a.yaml:1:1
        ");
        let nowhere = Diagnostic { labels: Vec::new(), ..at("", "") };
        assert_snapshot!(render(&[nowhere], &Sources::default(), false), @"error[some-rule]: something is wrong");
    }

    #[test]
    fn a_note_is_called_one() {
        let note = Diagnostic::note("some-rule", FileId(0), Span::new(0, 1), "worth knowing");
        assert!(render(&[note], &sources("a: 1"), false).starts_with("note[some-rule]: worth knowing\n"));
    }

    #[test]
    fn the_summary_counts() {
        let error = at("a", "a");
        let warning = Diagnostic { severity: Severity::Warning, ..error.clone() };
        let other = Diagnostic { id: "other", ..error.clone() };
        assert_eq!(summary(&[]), None);
        assert_eq!(summary(&[error.clone(), error.clone()]).as_deref(), Some("1 error"));
        let note = Diagnostic { severity: Severity::Note, ..error.clone() };
        assert_eq!(summary(std::slice::from_ref(&note)).as_deref(), Some("1 note"));
        assert_eq!(summary(&[error, other, warning, note]).as_deref(), Some("2 errors, 1 warning, 1 note"));
    }
}
