//! Texts as YAML scalars: plain where every YAML reader takes them for the same text, in quotes otherwise.
//!
//! Our own reader takes the source text of a scalar whatever it looks like. Others do not, so `No`, `007` or `12:30:45` stand in quotes all
//! the same.

use std::fmt::Write as _;

/// What stands around a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A value or key of its own line.
    Block,
    /// Inside `{…}` or `[…]`.
    Flow,
}

/// Words that some version of YAML takes for a boolean, for nothing or for something of its own, in lower case.
const TYPED_WORDS: [&str; 15] =
    ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<", ".nan", ".inf"];

/// A text on one line: plain when that is safe, else in quotes.
pub(super) fn line(text: &str, place: Place) -> String {
    if is_plain(text, place) { text.to_owned() } else { quoted(text) }
}

/// A text in quotes: double ones, or single ones where those save every escape.
pub(super) fn quoted(text: &str) -> String {
    let only_quotes = !text.contains('\'') && !text.contains(must_escape);
    if only_quotes && text.contains(['"', '\\']) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        escape(character, &mut out);
    }
    out.push('"');
    out
}

/// The header of a block scalar (`|`, `|-`, `|+`) that holds exactly this text; `None` when the text has one line only or no block holds it.
pub(super) fn block_header(text: &str) -> Option<&'static str> {
    let body = text.trim_end_matches('\n');
    let starts_well = !body.starts_with(['\n', ' ']) && !body.is_empty();
    // A line of blanks is a trap for editors, which take the blanks away.
    let blank_line = body.split('\n').any(|line| !line.is_empty() && line.trim().is_empty());
    let exact = starts_well && !blank_line && !text.contains(|c| c != '\n' && must_escape(c));
    match text.len() - body.len() {
        _ if !exact || !text.contains('\n') => None,
        0 => Some("|-"),
        1 => Some("|"),
        _ => Some("|+"),
    }
}

fn escape(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        _ if must_escape(character) => {
            let code = u32::from(character);
            // Writing into a string cannot fail.
            let _ = if code <= 0xFF { write!(out, "\\x{code:02X}") } else { write!(out, "\\u{code:04X}") };
        }
        _ => out.push(character),
    }
}

/// Whether a character may not stand in a file as it is: YAML forbids it, takes it for a line end, or nobody would see that it reorders
/// the line. The plain marks (U+200E, U+200F, U+061C) and the joiners stay: Arabic and emoji need them.
const fn must_escape(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x1F' | '\x7F'..='\u{9F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
    )
}

fn is_plain(text: &str, place: Place) -> bool {
    let Some(first) = text.chars().next() else { return false };
    // What YAML gives a meaning at the start of a value, and the byte-like marks it keeps for itself.
    let indicator = matches!(
        first,
        '-' | '?'
            | ':'
            | ','
            | '['
            | ']'
            | '{'
            | '}'
            | '#'
            | '&'
            | '*'
            | '!'
            | '|'
            | '>'
            | '\''
            | '"'
            | '%'
            | '@'
            | '`'
    );
    let cut = text.ends_with(':') || text.contains(": ") || text.contains(" #") || text.starts_with("...");
    let in_flow = place == Place::Flow && text.contains([',', '[', ']', '{', '}', '?']);
    let outer_blanks = text.trim().len() != text.len();
    !(indicator || cut || in_flow || outer_blanks || text.contains(must_escape) || looks_typed(text))
}

/// Whether some YAML reader takes this text for a boolean, a number, a date, a time or nothing.
pub(super) fn looks_typed(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    let number = digits.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| {
            c.is_ascii_hexdigit()
                || matches!(c, '_' | 'x' | 'X' | 'o' | 'O' | ':' | '.' | ',' | '+' | '-' | 'T' | 't' | 'Z' | 'z' | ' ')
        });
    number || TYPED_WORDS.iter().any(|word| unsigned.eq_ignore_ascii_case(word))
}
