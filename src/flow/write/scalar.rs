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
fn looks_typed(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    let dated =
        text.as_bytes().get(..5).is_some_and(|day| day.iter().take(4).all(u8::is_ascii_digit) && day.ends_with(b"-"));
    // Wider than any one version of YAML: all bases, fractions, exponents, groups, sixties, and instants behind a year.
    let numeric = |c: char| {
        c.is_ascii_hexdigit()
            || matches!(c, '_' | 'x' | 'X' | 'o' | 'O' | ':' | '.' | ',' | '+' | '-')
            || (dated && matches!(c, 'T' | 't' | 'Z' | 'z' | ' '))
    };
    let number = digits.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(numeric);
    number || TYPED_WORDS.iter().any(|word| unsigned.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_safe_stays_plain() {
        for text in [
            "Hello, $contact.firstname! Ready?",
            "It's 5 o'clock",
            "10 minutes",
            "09:00 to 17:00",
            "https://example.com/a?b=c#d",
            "ana@example.com",
            "crm.yaml#lookup",
            "a & b * c",
            "100% {sure} [or not]",
            "$279",
            "Nobody",
            "nothing",
            "1st",
            "~ about",
            "<b>",
            "(yes)",
            "/path",
            "\u{200f}نعم، أوافق",
            "👨‍👩‍👧 ❤️",
            "a\u{a0}b",
        ] {
            assert_eq!(line(text, Place::Block), text);
        }
        for text in ["Under 2000 JOD", "https://example.com/a", "$.order.id", "a:b"] {
            assert_eq!(line(text, Place::Flow), text);
        }
    }

    #[test]
    fn what_any_reader_could_take_for_something_else_stands_in_quotes() {
        for text in [
            "",
            " a",
            "a ",
            "\u{3000}a",
            "No",
            "yes",
            "ON",
            "off",
            "y",
            "N",
            "null",
            "Null",
            "~",
            "true",
            "False",
            ".nan",
            "-.Inf",
            "=",
            "<<",
            "007",
            "1.0",
            "0x10",
            "0o7",
            "1e3",
            "12e456",
            "2026-01-05",
            "2026-01-05T09:00:00Z",
            "12:30:45",
            "+962790000000",
            "-5",
            ".5",
            "1_000",
            "1,000",
            "- a",
            "-a",
            "? a",
            ": a",
            ":)",
            "#1",
            "&a",
            "*bold*",
            "!Important",
            "|",
            ">",
            "%a",
            "@ana",
            "`a`",
            "[a]",
            "{{$city}}",
            "{a",
            "]",
            "}",
            ",",
            "'a'",
            "Note: x",
            "a:",
            "Ticket #12",
            "---",
            "...",
        ] {
            assert_eq!(line(text, Place::Block), format!("\"{text}\""));
        }
        for text in ["Hello, world", "What?", "a [b]", "{{1}}", "Hi {{1}}"] {
            assert_eq!(line(text, Place::Flow), format!("\"{text}\""));
        }
    }

    #[test]
    fn quotes_escape_no_more_than_they_must() {
        for (text, written) in [
            ("\"Hi\" she said", r#"'"Hi" she said'"#),
            (r"{ C:\new }", r"'{ C:\new }'"),
            ("@ana's \"new\" \\", r#""@ana's \"new\" \\""#),
            ("@ana\t\r\n\0\u{1b}\u{7f}\u{85}", r#""@ana\t\r\n\x00\x1B\x7F\x85""#),
            ("\u{feff}\u{2028}\u{202e}\u{2066}\u{ffff}", r#""\uFEFF\u2028\u202E\u2066\uFFFF""#),
            (" نعم\u{200f}🎉", "\" نعم\u{200f}🎉\""),
        ] {
            assert_eq!(quoted(text), written);
        }
    }

    #[test]
    fn several_lines_become_a_block_where_one_holds_them_exactly() {
        for (text, header) in [
            ("a\nb", Some("|-")),
            ("a\nb\n", Some("|")),
            ("a\n", Some("|")),
            ("a\nb\n\n", Some("|+")),
            ("a\n\n  b: # c\n- d", Some("|-")),
            ("a", None),
            (" a\nb", None),
            ("\na", None),
            ("\n", None),
            ("a\n  \nb", None),
            ("a\tb\nc", None),
            ("a\r\nb", None),
            ("a\n\u{2029}b", None),
            ("a\n\u{feff}b", None),
        ] {
            assert_eq!(block_header(text), header, "{text:?}");
        }
    }
}
