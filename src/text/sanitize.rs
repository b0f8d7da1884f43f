//! Makes text from flows and contacts safe to show: what a terminal would obey becomes something to look at. Every door uses it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What a tab becomes: blanks, because a terminal's tab stops know nothing of panes.
const TAB: &str = "    ";

/// What stands for a line end where only one line may be shown.
const LINE_END: &str = " ↵ ";

/// `text` with nothing left that a terminal would obey; its only control character is `\n`. Borrowed when it was so already.
///
/// - Control characters and ESC are shown as Unicode's control pictures (`␛`, `␀`, `␡`), those of C1 as `\u{9b}`.
/// - `\r\n` and the Unicode line and paragraph separators become `\n`; a tab becomes four blanks (our choice).
/// - Bidirectional embeddings, overrides and isolates are dropped, for they could reorder the screen beyond their own text. The plain
///   marks (U+200E, U+200F, U+061C) stay: they reach no further than their neighbours.
/// - Variation selectors 15 and 16 are dropped, for terminals disagree on the width of `❤️`.
///
/// Works character by character, so that a prefix of `text` becomes a prefix of the result (unless it ends between `\r` and `\n`):
/// `visible(&text[..cursor]).len()` is where a cursor stands in the result.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| matches!(replacement(c), Replacement::Keep)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + TAB.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match replacement(c) {
            Replacement::Keep => out.push(c),
            // The first half of `\r\n`.
            Replacement::Char('␍') if chars.peek() == Some(&'\n') => {}
            Replacement::Char(shown) => out.push(shown),
            Replacement::Tab => out.push_str(TAB),
            Replacement::Escape => out.extend(c.escape_unicode()),
            Replacement::Drop => {}
        }
    }
    Cow::Owned(out)
}

/// [`visible`] on a single line: each line end becomes ` ↵ `.
pub fn single_line(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    if shown.contains('\n') { Cow::Owned(shown.replace('\n', LINE_END)) } else { shown }
}

/// One character for one, for excerpts whose columns must stay true: control characters, line ends too, as their pictures (a tab as a
/// blank), and whatever else [`visible`] would not let through as the replacement character.
pub fn stand_in(character: char) -> char {
    match character {
        '\t' => ' ',
        '\n' => '␊',
        '\u{fe0e}' | '\u{fe0f}' => character,
        other => match replacement(other) {
            Replacement::Keep => other,
            Replacement::Char('\n') | Replacement::Tab | Replacement::Escape | Replacement::Drop => '\u{fffd}',
            Replacement::Char(picture) => picture,
        },
    }
}

/// JSON that says the same with no character a terminal would obey: DEL, those of C1, the Unicode line ends and every control of the
/// bidirectional algorithm are written as `\u`. They stand in strings only, and those of C0 are escaped by all JSON.
pub fn escaped_json(json: String) -> String {
    let obeyed = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if json.is_ascii() && !json.contains('\u{7f}') || !json.contains(obeyed) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if obeyed(c) {
            // A text takes everything.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// What becomes of one character.
enum Replacement {
    Keep,
    Char(char),
    Tab,
    Escape,
    Drop,
}

fn replacement(c: char) -> Replacement {
    match c {
        '\n' => Replacement::Keep,
        '\t' => Replacement::Tab,
        // The control pictures follow the order of the characters they depict.
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).map_or(Replacement::Escape, Replacement::Char),
        '\x7f' => Replacement::Char('␡'),
        '\u{80}'..='\u{9f}' => Replacement::Escape,
        '\u{2028}' | '\u{2029}' => Replacement::Char('\n'),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fe0e}' | '\u{fe0f}' => Replacement::Drop,
        _ => Replacement::Keep,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escape_sequences_are_shown_not_obeyed() {
        assert_eq!(visible("\u{1b}[31mred\u{7}\0\u{7f}"), "␛[31mred␇␀␡");
        assert_eq!(visible("\u{9b}31m\u{85}"), "\\u{9b}31m\\u{85}");
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in ["", "two\nlines", "السلام عليكم", "👨‍👩‍👧 é", "می‌خواهم", "a\u{200f}b"]
        {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn line_ends_of_every_kind_become_one() {
        assert_eq!(visible("a\r\nb\u{2028}c\u{2029}d\ne\rf\r\r\n"), "a\nb\nc\nd\ne␍f␍\n");
        assert_eq!(visible("a\tb"), "a    b");
    }

    #[test]
    fn overrides_and_variation_selectors_are_dropped() {
        assert_eq!(visible("\u{202e}evil\u{202c} \u{2067}x\u{2069}"), "evil x");
        assert_eq!(visible("❤\u{fe0f}♻\u{fe0f}"), "❤♻");
    }

    #[test]
    fn single_line_marks_line_ends() {
        assert_eq!(single_line("one\r\ntwo\n"), "one ↵ two ↵ ");
        assert!(matches!(single_line("one"), Cow::Borrowed("one")));
    }

    #[test]
    fn a_stand_in_takes_the_place_of_one() {
        assert_eq!(
            "a\u{1b}\t\n\r\u{7f}\u{9b}\u{202e}\u{2028}é".chars().map(stand_in).collect::<String>(),
            "a␛ ␊␍␡���é"
        );
    }

    /// Text thick with what must not come through.
    fn hostile() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                any::<char>(),
                proptest::char::range('\0', '\u{a0}'),
                proptest::char::range('\u{2020}', '\u{2070}')
            ],
            0..40,
        )
        .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nothing_to_obey_is_left(text in hostile()) {
            let obeyed = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fe0f}');
            let shown = visible(&text);
            prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\n' || obeyed(c)));
            prop_assert!(!single_line(&text).contains(|c: char| c.is_control() || obeyed(c)));
            prop_assert_eq!(visible(&shown), shown.as_ref());
        }

        #[test]
        fn escaped_json_says_the_same(text in hostile()) {
            let plain = serde_json::Value::from(text.as_str());
            let escaped = escaped_json(plain.to_string());
            let obeyed = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!escaped.contains(obeyed));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), plain);
        }

        #[test]
        fn a_prefix_becomes_a_prefix(before in hostile(), after in hostile()) {
            prop_assume!(!before.ends_with('\r'));
            let whole = format!("{before}{after}");
            prop_assert_eq!(visible(&whole), format!("{}{}", visible(&before), visible(&after)));
        }
    }
}
