//! The chat input: the text being typed, the lines sent before, and the option picked out.

use crate::text::{BidiMode, Direction, History, LineEditor, visible, width, wrap};

use super::action::{Edit, Towards};

/// The chat input.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The text being typed.
    pub editor: LineEditor,
    /// The lines sent before.
    pub history: History,
    /// The option picked out, from 0.
    pub highlighted: Option<usize>,
}

impl Input {
    /// Picks out the next of so many options, or the one before, round at the ends.
    pub fn highlight(&mut self, towards: Towards, options: usize) {
        let Some(last) = options.checked_sub(1) else { return };
        self.highlighted = Some(match (self.highlighted.filter(|index| *index <= last), towards) {
            (None, Towards::Next) => 0,
            (None, Towards::Previous) => last,
            (Some(index), Towards::Next) => {
                if index == last {
                    0
                } else {
                    index + 1
                }
            }
            (Some(index), Towards::Previous) => index.checked_sub(1).unwrap_or(last),
        });
    }
}

/// Does an edit.
pub fn edit(editor: &mut LineEditor, edit: Edit) {
    match edit {
        Edit::Newline => {
            editor.insert("\n");
        }
        Edit::Backspace => editor.backspace(),
        Edit::Delete => editor.delete(),
        Edit::DeleteWordBack => editor.delete_word_back(),
        Edit::DeleteToStart => editor.delete_to_start(),
        Edit::DeleteToEnd => editor.delete_to_end(),
        Edit::Left => editor.left(),
        Edit::Right => editor.right(),
        Edit::WordLeft => editor.word_left(),
        Edit::WordRight => editor.word_right(),
        Edit::Home => editor.home(),
        Edit::End => editor.end(),
    }
}

/// The text being typed as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Its lines in the order seen, each with the column it starts at.
    pub lines: Vec<(usize, String)>,
    /// The cursor: line and column.
    pub cursor: (usize, usize),
}

/// Lays out a text with its cursor, a byte offset, in lines of so many columns. Right-to-left lines stand at the right edge.
pub fn lay_out(editor: &LineEditor, bidi: BidiMode, columns: usize) -> Typed {
    let text = visible(editor.text());
    let cursor = visible(editor.text().get(..editor.cursor()).unwrap_or_default()).len();
    // A column is kept for the cursor after the last character.
    let room = columns.saturating_sub(1).max(1);
    let ranges = wrap(&text, room);
    let cursor_line = ranges.iter().rposition(|range| range.start <= cursor).unwrap_or(0);
    let mut typed = Typed { lines: Vec::with_capacity(ranges.len()), cursor: (cursor_line, 0) };
    let mut paragraph = Direction::LeftToRight;
    for (index, range) in ranges.iter().enumerate() {
        if range.start == 0 || text.get(..range.start).is_some_and(|before| before.ends_with('\n')) {
            let rest = text.get(range.start..).unwrap_or_default();
            paragraph = bidi.direction(rest.split('\n').next().unwrap_or_default());
        }
        let line = text.get(range.clone()).unwrap_or_default();
        let seen = bidi.line(line, paragraph);
        let right_to_left = paragraph == Direction::RightToLeft;
        let start = if right_to_left { room.saturating_sub(seen.width()) } else { 0 };
        if index == cursor_line {
            let column = start + seen.column_of(cursor.min(range.end) - range.start);
            // Blanks at which a line breaks belong to no line, and still the cursor stands after them.
            let beyond = text.get(range.end..cursor).map_or(0, width);
            typed.cursor.1 = if right_to_left { column.saturating_sub(beyond) } else { (column + beyond).min(room) };
        }
        typed.lines.push((start, seen.text.into_owned()));
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, columns: usize) -> Typed {
        let mut editor = LineEditor::new();
        editor.set(text);
        lay_out(&editor, BidiMode::App, columns)
    }

    #[test]
    fn the_cursor_follows_blanks_and_line_ends() {
        assert_eq!(typed("ab ", 10).cursor, (0, 3));
        assert_eq!(typed("ab\n", 10).cursor, (1, 0));
        assert_eq!(typed("", 10).cursor, (0, 0));
        assert_eq!(typed("one two", 5).cursor, (1, 3));
    }

    #[test]
    fn arabic_is_typed_from_the_right_edge() {
        let arabic = typed("سلام", 10);
        // Three signs: lam and alef are one.
        assert_eq!(arabic.lines, [(6, "\u{FEE1}\u{FEFC}\u{FEB3}".to_owned())]);
        assert_eq!(arabic.cursor, (0, 6));
        assert_eq!(typed("سلام ", 10).cursor, (0, 5));
    }

    #[test]
    fn options_are_picked_out_round_the_ends() {
        let mut input = Input::default();
        input.highlight(Towards::Previous, 3);
        assert_eq!(input.highlighted, Some(2));
        input.highlight(Towards::Next, 3);
        assert_eq!(input.highlighted, Some(0));
        input.highlight(Towards::Next, 0);
        assert_eq!(input.highlighted, Some(0));
    }
}
