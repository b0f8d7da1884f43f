//! From YAML text to the spanned tree: the events of the parser below `serde_yaml`, read in a loop.
//!
//! A loop rather than serde's recursion, for three reasons: deep documents cannot overflow the stack, every finding of a file can be
//! told in one pass, and nothing guesses types (`No`, `007` and `1.0` stay what the author wrote).

mod syntax;
mod tree;

use super::{FileId, Node, Span};
use crate::diagnostic::Diagnostic;
use serde_yaml::granit_parser::{Event, Marker, Parser, options};

/// Levels of lists and mappings a document may nest. 100 steps nested in one another take about 500 (our choice).
pub const MAX_DEPTH: usize = 1000;

/// Findings about YAML that one file may bring; the rest waits until these are mended (our choice).
const MAX_FINDINGS: usize = 100;

/// Texts that are read as if they stood in quotes, in one file (our choice).
const MOST_MENDED: usize = 30;

/// What a file's text turned out to be.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The document. Absent when the text is no YAML, is empty, nests too deep or is a bomb: then there is an error below.
    pub root: Option<Node>,
    /// Errors and warnings in file order. With errors there can still be a tree, so that everything else is told in the same pass.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the text of one file as YAML 1.2.
///
/// Every scalar is text as its author wrote it; only an empty value, `~` and unquoted lower-case `null` are nothing. An alias brings
/// a copy of what its anchor marks, with the spans of the original. Tags, merge keys and a second document are errors that are told
/// and then passed over; of a repeated key the first stays.
///
/// A text that should stand in quotes ends the document for YAML. It is told, read as if it stood in quotes, and the rest is read on, so
/// that one pass tells everything.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let mut parsed = parse_once(file, text);
    let mut mended = None;
    for _ in 0..MOST_MENDED {
        let Some(next) = parsed.fatal.take().and_then(|at| quoted(mended.as_deref().unwrap_or(text), at)) else {
            break;
        };
        let told = std::mem::take(&mut parsed.result.diagnostics);
        parsed = parse_once(file, &next);
        mended = Some(next);
        if parsed.result.root.is_none() && parsed.fatal.is_none() {
            // What stops the reading now may well come of the mending: better to tell too little than a wrong thing.
            return Parsed { root: None, diagnostics: told };
        }
        let mut diagnostics = told;
        for finding in std::mem::take(&mut parsed.result.diagnostics) {
            if !diagnostics.contains(&finding) {
                diagnostics.push(finding);
            }
        }
        parsed.result.diagnostics = diagnostics;
    }
    parsed.result
}

/// The text with a stretch of one line put in quotes, as long as before, so that every place stays where it is.
fn quoted(text: &str, at: Span) -> Option<String> {
    let inside = text.get(at.range())?;
    if inside.len() < 2 || inside.contains(['\n', '\r']) {
        return None;
    }
    let mut mended = text.to_owned();
    mended.replace_range(at.range(), &format!("\"{}\"", "x".repeat(inside.len() - 2)));
    Some(mended)
}

/// What one reading came to.
struct Reading {
    result: Parsed,
    /// The text that ended it and belongs in quotes.
    fatal: Option<Span>,
}

fn parse_once(file: FileId, text: &str) -> Reading {
    let limits = options! {
        emit_comments: true,
        emit_anchor_events: true,
        // The limits of depth are ours; these only stop the scanner from running ahead of them.
        flow_nesting_limit: MAX_DEPTH + 1,
        block_nesting_limit: MAX_DEPTH + 1,
        // Comments are bounded by the size of the file.
        max_buffered_comment_events: usize::MAX,
    };
    let mut tree = tree::Builder::new(file, text);
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, limits) {
        let outcome = match event {
            Ok((Event::DocumentStart(..), at)) => {
                documents += 1;
                if documents > 1 {
                    let span = span(text, at.start, at.end);
                    let marker = Span::new(span.start, span.end.max(first_line_end(text, span.start)));
                    tree.report(
                        Diagnostic::error(
                            "several-documents",
                            file,
                            marker,
                            "a second document starts here; one file is one document",
                        )
                        .help("remove the line `---`, or move what follows it to a file of its own"),
                    );
                    break;
                }
                Ok(())
            }
            Ok((event, at)) => {
                let tag = at.tag_span().map(|tag| span(text, tag.start, tag.end));
                tree.event(event, span(text, at.start, at.end), tag)
            }
            Err(error) => Err(Box::new(syntax::explain(file, text, &error, tree.before()))),
        };
        if let Err(fatal) = outcome {
            let belongs_in_quotes = matches!(fatal.id, "needs-quotes" | "unknown-alias" | "yaml-tag");
            let place = fatal.labels.first().map(|label| label.span).filter(|_| belongs_in_quotes);
            return Reading { result: tree.abandon(*fatal), fatal: place };
        }
    }
    Reading { result: tree.finish(), fatal: None }
}

/// A span of ours from two places of the parser, always inside the text and on character boundaries.
fn span(text: &str, start: Marker, end: Marker) -> Span {
    let (start, end) = (offset(text, start), offset(text, end));
    Span::new(start, end.max(start))
}

/// The byte offset of a place of the parser.
fn offset(text: &str, at: Marker) -> u32 {
    let byte = text.floor_char_boundary(at.byte_offset().unwrap_or_default());
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// The offset behind the last visible character of the line that holds `start`.
fn first_line_end(text: &str, start: u32) -> u32 {
    let rest = text.get(start as usize..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim_end();
    start + u32::try_from(line.len()).unwrap_or_default()
}

/// The help that a text belongs in quotes, showing how: `put the text in quotes: "@ana …"`.
fn quote_help(text: &str) -> String {
    const SHOWN: usize = 40;
    let line = text.trim().lines().next().unwrap_or_default().trim_end();
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < text.trim().len() {
        shown.truncate(shown.trim_end().len());
        shown.push_str(" …");
    }
    format!("put the text in quotes: \"{}\"", shown.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests;
