//! What the reader takes, what it refuses, and how it says so.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::diagnostic::{Severity, human};
use crate::source::{NodeKind, Scalar, SourceFile, Sources};
use insta::assert_snapshot;
use proptest::prelude::*;
use std::fmt::Write as _;

mod limits;
mod traps;

fn read(text: &str) -> Parsed {
    parse(FileId(0), text)
}

/// The tree in one line: texts in quotes, nothing as `-`.
fn show(node: &Node) -> String {
    match &node.kind {
        NodeKind::Null => "-".into(),
        NodeKind::Scalar(Scalar { text, plain }) => format!("{}{text:?}", if *plain { "" } else { "q" }),
        NodeKind::Seq(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        NodeKind::Map(pairs) => {
            let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("{}: {}", show(key), show(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// The tree of a text without findings.
fn tree(text: &str) -> String {
    let parsed = read(text);
    assert!(parsed.diagnostics.is_empty(), "{}", findings(text));
    show(&parsed.root.unwrap())
}

/// The findings of a text as people read them.
fn findings(text: &str) -> String {
    let mut sources = Sources::default();
    sources.add(SourceFile::new("a.yaml", text));
    human::render(&read(text).diagnostics, &sources, false)
}

/// Only the ids and the help.
fn brief(text: &str) -> String {
    let mut out = String::new();
    for finding in read(text).diagnostics {
        let label = finding.labels.first().unwrap();
        let _ =
            writeln!(out, "{} at {:?}: {}", finding.id, &text[label.span.range()], finding.help.unwrap_or_default());
    }
    out
}

/// Runs on a thread with the stack a test gets.
fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn every_scalar_is_the_text_its_author_wrote() {
    let text = "- No\n- yes\n- on\n- n\n- 007\n- 1.0\n- 0x10\n- 2026-01-05\n- +962790000000\n- .inf\n- 1_000\n- Null\n- NULL\n- True: 1e3\n- 'x'\n- \"\"\n";
    assert_snapshot!(tree(text), @r#"["No", "yes", "on", "n", "007", "1.0", "0x10", "2026-01-05", "+962790000000", ".inf", "1_000", "Null", "NULL", {"True": "1e3"}, q"x", q""]"#);
}

#[test]
fn only_empty_tilde_and_null_are_nothing() {
    assert_snapshot!(tree("- \n- ~\n- null\n- 'null'\n- \"~\"\n- {a: , b: ~}\n- c:\n"), @r#"[-, -, -, q"null", q"~", {"a": -, "b": -}, {"c": -}]"#);
}

#[test]
fn block_texts_keep_and_fold_their_lines() {
    assert_snapshot!(tree("a: |\n  x # y\n   z\n\nb: >-\n  x\n  y\nc: x\n  y\n"), @r#"{"a": q"x # y\n z\n", "b": q"x y", "c": "x y"}"#);
}

#[test]
fn bom_and_crlf_leave_spans_true() {
    let text = "\u{feff}a: نعم\r\nb: |\r\n  x\r\n  y\r\n\r\nc:\r\n  - {d: 'e'}\r\n";
    let parsed = read(text);
    assert!(parsed.diagnostics.is_empty());
    let root = parsed.root.unwrap();
    assert_snapshot!(show(&root), @r#"{"a": "نعم", "b": q"x\ny\n", "c": [{"d": q"e"}]}"#);
    let NodeKind::Map(pairs) = &root.kind else { panic!() };
    let slices: Vec<_> =
        pairs.iter().flat_map(|(key, value)| [&text[key.span.range()], &text[value.span.range()]]).collect();
    assert_eq!(slices, ["a", "نعم", "b", "x\r\n  y", "c", "- {d: 'e'}"]);
    assert_eq!(&text[root.span.range()], text.trim_start_matches('\u{feff}').trim_end());
}

#[test]
fn aliases_copy_what_anchors_mark() {
    assert_snapshot!(tree("a: &x [1, &y {b: c}]\nd: *x\ne: [*y]\n"), @r#"{"a": ["1", {"b": "c"}], "d": ["1", {"b": "c"}], "e": [{"b": "c"}]}"#);
}

#[test]
fn many_comment_lines_are_no_obstacle() {
    let text = format!("a:\n{}  - b\n", "  # x\n".repeat(5000));
    assert_eq!(tree(&text), "{\"a\": [\"b\"]}");
}

/// Every span of the tree lies in the text, on character boundaries, and holds the spans of what is inside (aliases aside).
fn check_spans(node: &Node, text: &str) {
    assert!(text.get(node.span.range()).is_some(), "{node:?}");
    match &node.kind {
        NodeKind::Null => {}
        NodeKind::Scalar(scalar) => {
            if scalar.plain && !scalar.text.contains(char::is_whitespace) {
                assert_eq!(&text[node.span.range()], scalar.text);
            }
        }
        NodeKind::Seq(items) => items.iter().for_each(|item| check_spans(item, text)),
        NodeKind::Map(pairs) => pairs.iter().for_each(|(key, value)| {
            check_spans(key, text);
            check_spans(value, text);
        }),
    }
}

fn check_all(text: &str) {
    let parsed = read(text);
    assert!(parsed.root.is_some() || parsed.diagnostics.iter().any(|finding| finding.severity == Severity::Error));
    if let Some(root) = &parsed.root {
        check_spans(root, text);
    }
    for label in parsed.diagnostics.iter().flat_map(|finding| &finding.labels) {
        assert!(text.get(label.span.range()).is_some(), "{label:?}");
    }
    // Rendering takes whatever was found.
    let _ = findings(text);
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic_and_with_true_spans(text in any::<String>()) {
        check_all(&text);
    }

    #[test]
    fn any_yaml_like_text_is_read_without_panic_and_with_true_spans(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "a", ": ", ":", "- ", "\n", "\n  ", "\r\n", "\t", "{", "}", "[", "]", ", ", "#", " #x", "\"", "'", "*a", "&a ", "!t ", "|", ">\n",
                "<<: ", "---\n", "~", "null", "نعم", "🎉", "\u{feff}", "\u{85}", "\u{2028}", "\\", "? ", "%", "@", " ", "b c", "x: y",
            ]),
            0..40,
        )
    ) {
        check_all(&parts.concat());
    }
}
