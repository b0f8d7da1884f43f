//! Marks nobody sees: bidi controls and zero-width characters that keyboards and copied text leave behind.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::to_ascii_digits;

/// Whether a character is a bidi mark or takes no width and joins nothing a reader could miss.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}' | '\u{FEFF}'
    )
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// The text without outer blanks, bidi marks and zero-width characters. What stands inside stays.
pub fn trim(text: &str) -> &str {
    if text.is_ascii() { text.trim() } else { text.trim_matches(is_blank) }
}

/// The text without outer blanks, and without bidi marks and zero-width characters anywhere.
pub fn strip_invisible(text: &str) -> Cow<'_, str> {
    strip_marks(trim(text))
}

/// The text without bidi marks and zero-width characters anywhere; blanks stay.
pub fn strip_marks(text: &str) -> Cow<'_, str> {
    without(text, is_invisible)
}

/// The text without outer blanks, bidi marks and zero-width characters, except the joiners inside it: they are spelling in Persian and
/// in the scripts of India.
pub fn strip_all_but_joiners(text: &str) -> Cow<'_, str> {
    without(trim(text), |character| is_invisible(character) && !matches!(character, '\u{200C}' | '\u{200D}'))
}

fn without(text: &str, dropped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(&dropped) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|character| !dropped(*character)).collect())
}

/// The text with every letter and its marks spelled one way (NFC): `e` and an accent are `é`.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// What is left of an option or an answer when everything is dropped that matching drops: outer blanks, invisible marks, the script
/// of digits, case, and how accents are spelled.
pub fn matched(text: &str) -> String {
    composed(&to_ascii_digits(&strip_invisible(text)).to_lowercase()).into_owned()
}

/// The same when case and outer blanks count (`match: exact`).
pub fn matched_exactly(text: &str) -> String {
    composed(&to_ascii_digits(&strip_marks(text))).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matching_drops_is_dropped() {
        for (one, other) in [("\u{200f}٣ Stars", "3 stars "), ("Cafe\u{301}", "CAFÉ"), ("ok\u{200b}", "OK")] {
            assert_eq!(matched(one), matched(other));
        }
        assert_eq!(matched_exactly("٣\u{200f} "), "3 ");
        assert_ne!(matched_exactly("Yes"), matched_exactly("yes"));
        assert_eq!(strip_all_but_joiners(" \u{200f}می\u{200c}خواهم\u{200b} "), "می\u{200c}خواهم");
    }

    #[test]
    fn marks_go_at_the_ends_and_stay_inside() {
        assert_eq!(trim("\u{200f} \u{feff}نعم\u{200b}\t"), "نعم");
        assert_eq!(trim("a\u{200d}b"), "a\u{200d}b");
        assert_eq!(strip_invisible("\u{200e}a\u{200d}b\u{2069} "), "ab");
        assert!(matches!(strip_invisible(" ab "), Cow::Borrowed("ab")));
    }
}
