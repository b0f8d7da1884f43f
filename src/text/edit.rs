//! The editor behind the chat input: text, a cursor, and the moves and deletions people expect.
//!
//! It moves and deletes by grapheme, what a reader calls one character: backspace on `é` typed as letter and accent, or on a family emoji,
//! removes all of it. Text is kept in logical order; [`VisualLine::column_of`](super::VisualLine::column_of) says where to draw the cursor.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// The most an input holds, in characters (Unicode scalar values), so that a paste cannot exhaust memory (our choice).
pub const MAX_INPUT_CHARS: usize = 10_000;

/// A text of one or more lines with a cursor, which always stands between two graphemes.
///
/// Lines are separated by `\n`, whatever was pasted. Other control characters are kept as data; what draws them makes them
/// [`visible`](super::visible).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineEditor {
    text: String,
    cursor: usize,
}

impl LineEditor {
    /// An empty input.
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The cursor as a byte offset in [`text`](Self::text), on a grapheme boundary.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Inserts a typed character or a paste at the cursor, with `\r\n` and `\r` as `\n`. Returns whether all of it fitted into
    /// [`MAX_INPUT_CHARS`]; else as many whole graphemes as fit were inserted.
    pub fn insert(&mut self, text: &str) -> bool {
        let mut room = MAX_INPUT_CHARS.saturating_sub(self.text.chars().count());
        let mut fitting = String::new();
        let mut fits = true;
        for grapheme in text.graphemes(true) {
            // `\r\n` is a single grapheme.
            let grapheme = if grapheme.starts_with('\r') { "\n" } else { grapheme };
            let Some(left) = room.checked_sub(grapheme.chars().count()) else {
                fits = false;
                break;
            };
            room = left;
            fitting.push_str(grapheme);
        }
        self.text.insert_str(self.cursor, &fitting);
        // A mark after the cursor may have joined what was inserted before it.
        self.cursor = self.boundary_at_or_after(self.cursor + fitting.len());
        fits
    }

    /// Removes the grapheme before the cursor.
    pub fn backspace(&mut self) {
        self.remove(self.before()..self.cursor);
    }

    /// Removes the grapheme after the cursor.
    pub fn delete(&mut self) {
        self.remove(self.cursor..self.after());
    }

    /// Removes back to the start of the word, as [`word_left`](Self::word_left) moves.
    pub fn delete_word_back(&mut self) {
        self.remove(self.word_before()..self.cursor);
    }

    /// Removes from the start of the current line to the cursor.
    pub fn delete_to_start(&mut self) {
        self.remove(self.line_start()..self.cursor);
    }

    /// Removes from the cursor to the end of the current line.
    pub fn delete_to_end(&mut self) {
        self.remove(self.cursor..self.line_end());
    }

    /// Moves one grapheme towards the start of the text (rightwards on the screen in Arabic).
    pub fn left(&mut self) {
        self.cursor = self.before();
    }

    /// Moves one grapheme towards the end of the text.
    pub fn right(&mut self) {
        self.cursor = self.after();
    }

    /// Moves to the start of the word (UAX #29) before the cursor, over any blanks in between.
    pub fn word_left(&mut self) {
        self.cursor = self.word_before();
    }

    /// Moves to the end of the word (UAX #29) after the cursor, over any blanks in between.
    pub fn word_right(&mut self) {
        let segments = self.text[self.cursor..].split_word_bound_indices();
        let end = first_word(segments).map_or(self.text.len(), |word| self.cursor + word.end);
        self.cursor = self.boundary_at_or_after(end);
    }

    /// Moves to the start of the current line.
    pub fn home(&mut self) {
        self.cursor = self.line_start();
    }

    /// Moves to the end of the current line.
    pub fn end(&mut self) {
        self.cursor = self.line_end();
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
    }

    /// Hands over the text and leaves the input empty.
    pub fn take(&mut self) -> String {
        self.cursor = 0;
        std::mem::take(&mut self.text)
    }

    /// Replaces the text, as recalling a line does; the cursor stands at its end. Returns whether all of it fitted, as
    /// [`insert`](Self::insert) does.
    pub fn set(&mut self, text: &str) -> bool {
        self.clear();
        self.insert(text)
    }

    fn remove(&mut self, range: Range<usize>) {
        let start = range.start;
        self.text.replace_range(range, "");
        // The neighbours may have become one grapheme, as two halves of a flag do.
        self.cursor = self.boundary_at_or_after(start);
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(start, _)| start)
    }

    fn after(&self) -> usize {
        self.cursor + self.text[self.cursor..].graphemes(true).next().map_or(0, str::len)
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |line_end| line_end + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.cursor..].find('\n').map_or(self.text.len(), |line_end| self.cursor + line_end)
    }

    fn word_before(&self) -> usize {
        let segments = self.text[..self.cursor].split_word_bound_indices().rev();
        let start = first_word(segments).map_or(0, |word| word.start);
        // Words and graphemes are cut by different rules: step back, never forward, or the cursor could be stuck.
        self.text.grapheme_indices(true).map(|(at, _)| at).take_while(|&at| at <= start).last().unwrap_or(0)
    }

    fn boundary_at_or_after(&self, byte: usize) -> usize {
        self.text.grapheme_indices(true).map(|(at, _)| at).find(|&at| at >= byte).unwrap_or(self.text.len())
    }
}

/// The first segment that is not blank, as a byte range.
fn first_word<'a>(mut segments: impl Iterator<Item = (usize, &'a str)>) -> Option<Range<usize>> {
    let (start, word) = segments.find(|(_, segment)| !segment.trim().is_empty())?;
    Some(start..start + word.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FAMILY: &str = "👨‍👩‍👧‍👦";

    /// An editor from a text in which `|` marks the cursor.
    fn at(marked: &str) -> LineEditor {
        let cursor = marked.find('|').unwrap();
        LineEditor { text: marked.replacen('|', "", 1), cursor }
    }

    /// What `change` makes of a text in which `|` marks the cursor.
    fn after(marked: &str, change: impl FnOnce(&mut LineEditor)) -> String {
        let mut editor = at(marked);
        change(&mut editor);
        let mut text = editor.text.clone();
        text.insert(editor.cursor, '|');
        text
    }

    #[test]
    fn typing_moves_the_cursor_along() {
        assert_eq!(after("a|c", |e| assert!(e.insert("b"))), "ab|c");
        assert_eq!(after("|", |e| assert!(e.insert("سلام"))), "سلام|");
    }

    #[test]
    fn pasted_line_ends_become_newlines() {
        assert_eq!(after("|", |e| assert!(e.insert("a\r\nb\rc\nd"))), "a\nb\nc\nd|");
    }

    #[test]
    fn a_paste_stops_at_the_cap_without_cutting_a_grapheme() {
        let mut editor = LineEditor::new();
        assert!(editor.insert(&"x".repeat(MAX_INPUT_CHARS - 1)));
        assert!(!editor.insert("e\u{301}"));
        assert!(editor.insert("y"));
        assert!(!editor.insert("z"));
        assert_eq!(editor.text().chars().count(), MAX_INPUT_CHARS);
        assert!(editor.text().ends_with("xy"));
        assert_eq!(editor.cursor(), editor.text().len());
    }

    #[test]
    fn backspace_and_delete_remove_whole_graphemes() {
        assert_eq!(after("cafe\u{301}|", LineEditor::backspace), "caf|");
        assert_eq!(after(&format!("a{FAMILY}|b"), LineEditor::backspace), "a|b");
        assert_eq!(after(&format!("a|{FAMILY}b"), LineEditor::delete), "a|b");
        assert_eq!(after("سَ|ل", LineEditor::backspace), "|ل");
        assert_eq!(after("|a", LineEditor::backspace), "|a");
        assert_eq!(after("a|", LineEditor::delete), "a|");
    }

    #[test]
    fn moves_go_by_grapheme() {
        assert_eq!(after(&format!("a{FAMILY}|"), LineEditor::left), format!("a|{FAMILY}"));
        assert_eq!(after("|e\u{301}x", LineEditor::right), "e\u{301}|x");
        assert_eq!(after("|a", LineEditor::left), "|a");
        assert_eq!(after("a|", LineEditor::right), "a|");
    }

    #[test]
    fn words_are_crossed_with_the_blanks_before_them() {
        assert_eq!(after("one two  |", LineEditor::word_left), "one |two  ");
        assert_eq!(after("one |two", LineEditor::word_left), "|one two");
        assert_eq!(after("one|  two three", LineEditor::word_right), "one  two| three");
        assert_eq!(after("ana@example.com|", LineEditor::word_left), "ana@|example.com");
        assert_eq!(after("  |", LineEditor::word_left), "|  ");
        assert_eq!(after("نعم، أوافق|", LineEditor::word_left), "نعم، |أوافق");
        assert_eq!(after("one two|", LineEditor::delete_word_back), "one |");
    }

    #[test]
    fn home_and_end_keep_to_the_current_line() {
        assert_eq!(after("a\nbc|d\ne", LineEditor::home), "a\n|bcd\ne");
        assert_eq!(after("a\nb|cd\ne", LineEditor::end), "a\nbcd|\ne");
        assert_eq!(after("a\nbc|d\ne", LineEditor::delete_to_start), "a\n|d\ne");
        assert_eq!(after("a\nb|cd\ne", LineEditor::delete_to_end), "a\nb|\ne");
        assert_eq!(after("abc|", LineEditor::home), "|abc");
    }

    #[test]
    fn the_cursor_leaves_a_grapheme_that_forms_around_it() {
        assert_eq!(after("|\u{301}x", |e| assert!(e.insert("e"))), "e\u{301}|x");
        assert_eq!(after("🇯x|🇴", LineEditor::backspace), "🇯🇴|");
    }

    #[test]
    fn take_set_and_clear() {
        let mut editor = LineEditor::new();
        assert!(editor.set("one\r\ntwo"));
        assert_eq!((editor.text(), editor.cursor()), ("one\ntwo", 7));
        assert_eq!(editor.take(), "one\ntwo");
        assert!(editor.is_empty());
        assert_eq!(editor.cursor(), 0);
        editor.set("x");
        editor.clear();
        assert_eq!(editor, LineEditor::new());
    }

    /// One thing that a key can do.
    type Move = fn(&mut LineEditor);
    const MOVES: [Move; 12] = [
        LineEditor::backspace,
        LineEditor::delete,
        LineEditor::delete_word_back,
        LineEditor::delete_to_start,
        LineEditor::delete_to_end,
        LineEditor::left,
        LineEditor::right,
        LineEditor::word_left,
        LineEditor::word_right,
        LineEditor::home,
        LineEditor::end,
        LineEditor::clear,
    ];

    proptest! {
        #[test]
        fn the_cursor_always_stands_between_graphemes(
            steps in proptest::collection::vec(
                prop_oneof![
                    "[a e\u{301}\u{64e}\u{600}\u{200d}👨👩🇯🇴\u{1f3fd}\r\n日סक\u{94d}ष.]{1,6}".prop_map(Ok),
                    "\\PC{1,4}".prop_map(Ok),
                    (0..MOVES.len()).prop_map(Err),
                ],
                0..60,
            ),
        ) {
            let mut editor = LineEditor::new();
            for step in steps {
                match step {
                    Ok(text) => prop_assert!(editor.insert(&text)),
                    Err(index) => MOVES[index](&mut editor),
                }
                let (text, cursor) = (editor.text(), editor.cursor());
                prop_assert!(
                    cursor == text.len() || text.grapheme_indices(true).any(|(at, _)| at == cursor),
                    "cursor {cursor} in {text:?}"
                );
                prop_assert!(!text.contains('\r'));
            }
        }

        #[test]
        fn moving_never_gets_stuck(text in "\\PC{0,30}") {
            for (forward, step) in [(true, MOVES[6]), (true, MOVES[8]), (false, MOVES[5]), (false, MOVES[7])] {
                let mut editor = LineEditor::new();
                editor.set(&text);
                if forward {
                    editor.cursor = 0;
                }
                for _ in 0..30 {
                    step(&mut editor);
                }
                prop_assert_eq!(editor.cursor(), if forward { text.len() } else { 0 });
            }
        }
    }
}
