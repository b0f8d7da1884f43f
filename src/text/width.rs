//! How many columns of the terminal a text takes, and cutting it to a number of columns.
//!
//! The screen is drawn one grapheme (what a reader calls one character, UAX #29) at a time. A whole text can be narrower than its
//! graphemes: `unicode-width` counts the ligature لا as one column, yet its two letters are drawn in two cells. So a width here is always a
//! sum over graphemes, and a test holds it against a real screen buffer.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns that `text` takes when drawn on one row.
///
/// Control characters, line ends among them, are never drawn and take none; [`visible`](super::visible) gives them a shape first.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|byte| !byte.is_ascii_control()).count();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// Columns that one grapheme takes: 0 (a lone mark, a control character), 1 or 2, rarely more.
pub fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) {
        return 0;
    }
    // ratatui-core 0.1 adds a column for each half-width voiced sound mark, which unicode-width 0.2.3 has counted already. Too wide by
    // one in most terminals, but the buffer decides where the next character goes, so we count as it does.
    let sound_marks = grapheme.chars().filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}')).count();
    grapheme.width() + sound_marks
}

/// Cuts `text` to at most `max_columns`, with `ellipsis` (counted) in place of what was cut. Never cuts a grapheme in two.
///
/// A text that fits comes back as it is. Where there is no room even for the ellipsis, as much of the text as fits stands alone.
pub fn truncate<'a>(text: &'a str, max_columns: usize, ellipsis: &str) -> Cow<'a, str> {
    let room = max_columns.checked_sub(width(ellipsis));
    let mut columns = 0;
    let mut cut = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        columns += grapheme_width(grapheme);
        let end = start + grapheme.len();
        if columns <= room.unwrap_or(max_columns) {
            cut = end;
        }
        if columns > max_columns {
            let kept = &text[..cut];
            return if room.is_some() { Cow::Owned(format!("{kept}{ellipsis}")) } else { Cow::Borrowed(kept) };
        }
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::{buffer::Buffer, layout::Rect, style::Style};

    use super::*;

    /// Columns that the screen's own buffer fills: the truth this module must agree with.
    fn drawn(text: &str) -> usize {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2000, 1));
        let (end, _) = buffer.set_stringn(0, 0, text, 2000, Style::default());
        usize::from(end)
    }

    #[test]
    fn widths_are_those_the_screen_draws() {
        for (text, columns) in [
            ("", 0),
            ("hello", 5),
            ("لا", 2),
            ("السلام عليكم", 12),
            ("سَلَام", 4),
            ("שָׁלוֹם", 4),
            ("日本語", 6),
            ("한국어", 6),
            ("e\u{301}te\u{301}", 3),
            ("👍", 2),
            ("👍🏽", 2),
            ("👨‍👩‍👧‍👦", 2),
            ("🇯🇴🇸🇦", 4),
            ("ｶﾞ", 3),
            ("\u{200b}", 0),
            ("a\u{1b}b\nc\td", 4),
            ("é\u{1b}\n", 1),
        ] {
            assert_eq!(width(text), columns, "{text:?}");
            assert_eq!(drawn(text), columns, "{text:?}");
        }
    }

    #[test]
    fn truncate_counts_the_ellipsis() {
        assert_eq!(truncate("hello world", 8, "…"), "hello w…");
        assert_eq!(truncate("hello world", 8, "..."), "hello...");
        assert_eq!(truncate("hello", 5, "…"), "hello");
        assert_eq!(truncate("", 0, "…"), "");
    }

    #[test]
    fn truncate_never_cuts_a_grapheme() {
        assert_eq!(truncate("日本語", 4, "…"), "日…");
        assert_eq!(truncate("👨‍👩‍👧‍👦👍", 3, "…"), "👨‍👩‍👧‍👦…");
        assert_eq!(truncate("👍👍", 1, ""), "");
        assert_eq!(truncate("e\u{301}e\u{301}e\u{301}", 2, "…"), "e\u{301}…");
    }

    #[test]
    fn without_room_for_the_ellipsis_the_text_stands_alone() {
        assert_eq!(truncate("hello", 2, "..."), "he");
        assert_eq!(truncate("hello", 0, "…"), "");
    }

    proptest! {
        #[test]
        fn width_agrees_with_the_screen_on_any_text(text in "\\PC{0,60}|[ -~]{0,60}|[ء-ي\u{64b}-\u{652}ا-ل ]{0,60}") {
            prop_assert_eq!(width(&text), drawn(&text));
        }

        #[test]
        fn truncated_text_fits_and_is_a_prefix(text in "\\PC{0,40}", max in 0_usize..30) {
            let cut = truncate(&text, max, "…");
            prop_assert!(width(&cut) <= max);
            prop_assert!(text.starts_with(cut.strip_suffix('…').unwrap_or(&cut)));
            prop_assert_eq!(cut == text.as_str(), width(&text) <= max);
        }
    }
}
