//! Marks nobody sees: bidi controls and zero-width characters that keyboards and copied text leave behind.

use std::borrow::Cow;

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
    let text = trim(text);
    if text.is_ascii() || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|character| !is_invisible(*character)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_at_the_ends_and_stay_inside() {
        assert_eq!(trim("\u{200f} \u{feff}نعم\u{200b}\t"), "نعم");
        assert_eq!(trim("a\u{200d}b"), "a\u{200d}b");
        assert_eq!(strip_invisible("\u{200e}a\u{200d}b\u{2069} "), "ab");
        assert!(matches!(strip_invisible(" ab "), Cow::Borrowed("ab")));
    }
}
