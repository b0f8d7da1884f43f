//! Cuts text into lines that fit a number of columns.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::grapheme_width;

/// The lines of `text` at `columns` width, as byte ranges in logical order. One pass, never empty: `""` is one empty line.
///
/// - `\n` ends a line; empty lines are kept.
/// - A line breaks at blanks, which belong to no line; blanks that open a paragraph stay as its indentation.
/// - Chinese and Japanese break between characters, but not before closing nor after opening punctuation.
/// - A word wider than the line is broken between graphemes. Only a single grapheme wider than `columns` makes a line too wide.
///
/// No-break spaces are not blanks.
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, start, columns, &mut lines);
        start += paragraph.len() + 1;
    }
    lines
}

/// The last place in the current line where it may break.
struct Break {
    /// End of the text before it, blanks left out.
    end: usize,
    /// Where the next line would start.
    resume: usize,
    /// Columns from the start of the line to `resume`.
    columns: usize,
}

/// Appends the lines of one paragraph, which starts at byte `offset` of the whole text and holds no `\n`.
fn wrap_paragraph(paragraph: &str, offset: usize, columns: usize, lines: &mut Vec<Range<usize>>) {
    let mut start = offset;
    let mut end = offset;
    let mut filled = 0;
    let mut last_break: Option<Break> = None;
    let mut previous = "";
    for (at, grapheme) in paragraph.grapheme_indices(true) {
        let at = offset + at;
        let columns_needed = grapheme_width(grapheme);
        if is_blank(grapheme) {
            // Blanks may hang over the edge: they are drawn only if something follows them on the same line.
            filled += columns_needed;
            previous = grapheme;
            continue;
        }
        if may_break(previous, grapheme) {
            last_break = Some(Break { end, resume: at, columns: filled });
        }
        // Breaking before the last word may leave a word that is too wide by itself, so this can happen twice.
        while filled + columns_needed > columns && start < at {
            let break_here = last_break.take().unwrap_or(Break { end, resume: at, columns: filled });
            // An indentation with no room left for text is dropped rather than drawn as an empty line.
            if break_here.end > start {
                lines.push(start..break_here.end);
            }
            start = break_here.resume;
            filled -= break_here.columns;
        }
        filled += columns_needed;
        end = at + grapheme.len();
        previous = grapheme;
    }
    lines.push(start..end);
}

/// Whether a line may break between two neighbouring graphemes, of which the second is not blank.
fn may_break(before: &str, after: &str) -> bool {
    const OPENING: &str = "「『（［｛〈《【〔“‘([{";
    const CLOSING: &str = "、。，．・：；！？」』）］｝〉》】〕”’)]},.!?:;ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…";
    let (Some(left), Some(right)) = (before.chars().next(), after.chars().next()) else { return false };
    is_blank(before)
        || ((is_ideographic(left) || is_ideographic(right)) && !OPENING.contains(left) && !CLOSING.contains(right))
}

fn is_blank(grapheme: &str) -> bool {
    // U+200B is the zero-width space, with which Thai and Khmer mark where a line may break.
    grapheme.chars().all(|c| c == '\u{200b}' || (c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')))
}

/// Scripts written without blanks: Han, kana, bopomofo, Yi, and full-width forms. Korean is not among them.
fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{312f}' | '\u{3190}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::width;

    fn lines(text: &str, columns: usize) -> Vec<&str> {
        wrap(text, columns).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn lines_break_at_blanks_and_leave_them_out() {
        assert_eq!(lines("the quick  brown fox ", 9), ["the quick", "brown fox"]);
        assert_eq!(lines("one two", 7), ["one two"]);
        assert_eq!(lines("one two", 6), ["one", "two"]);
    }

    #[test]
    fn empty_lines_and_indentation_are_kept() {
        assert_eq!(lines("", 5), [""]);
        assert_eq!(lines("a\n\n  b\n", 5), ["a", "", "  b", ""]);
        assert_eq!(lines("   \n", 2), ["", ""]);
        assert_eq!(lines("     wide", 4), ["wide"]);
    }

    #[test]
    fn a_long_word_moves_to_its_own_line_and_is_broken_between_graphemes() {
        assert_eq!(lines("go abcdefghij k", 4), ["go", "abcd", "efgh", "ij k"]);
        assert_eq!(lines("👨‍👩‍👧👍🇯🇴", 4), ["👨‍👩‍👧👍", "🇯🇴"]);
    }

    #[test]
    fn no_break_space_does_not_break() {
        assert_eq!(lines("a b\u{a0}c", 3), ["a", "b\u{a0}c"]);
    }

    #[test]
    fn chinese_breaks_between_characters_but_not_before_punctuation() {
        assert_eq!(lines("你好，世界", 5), ["你", "好，", "世界"]);
        assert_eq!(lines("ok 日本語", 7), ["ok 日本", "語"]);
        assert_eq!(lines("日「本」", 4), ["日", "「本", "」"]);
    }

    #[test]
    fn arabic_is_measured_by_grapheme() {
        assert_eq!(lines("السلام عليكم", 12), ["السلام عليكم"]);
        assert_eq!(lines("السلام عليكم", 11), ["السلام", "عليكم"]);
    }

    #[test]
    fn a_grapheme_wider_than_the_line_stands_alone() {
        assert_eq!(lines("日a日", 1), ["日", "a", "日"]);
        assert_eq!(lines("ab c", 0), ["a", "b", "c"]);
    }

    proptest! {
        #[test]
        fn lines_fit_and_lose_only_blanks(text in "[a-z \n]{0,80}|[\\PC\n]{0,40}|[日本、「」 a]{0,40}", columns in 0_usize..20) {
            let ranges = wrap(&text, columns);
            let mut seen = 0;
            for range in &ranges {
                prop_assert!(seen <= range.start && range.start <= range.end, "lines overlap");
                prop_assert!(text[seen..range.start].chars().all(|c| is_blank(c.encode_utf8(&mut [0; 4]))));
                let line = &text[range.clone()];
                prop_assert!(!line.contains('\n') && !line.graphemes(true).next_back().is_some_and(is_blank));
                prop_assert!(width(line) <= columns || line.graphemes(true).filter(|g| grapheme_width(g) > 0).count() == 1);
                seen = range.end;
            }
            prop_assert!(text[seen..].chars().all(|c| is_blank(c.encode_utf8(&mut [0; 4]))));
        }
    }
}
