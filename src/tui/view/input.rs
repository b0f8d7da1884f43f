//! The chat input: prompt, text with its cursor, and what kind of answer is expected.

use ratatui::layout::Rect;

use crate::text::{Direction, direction};
use crate::tui::app::{App, Focus};
use crate::tui::input::lay_out;
use crate::tui::look::{cells, columns};
use crate::tui::words;

use super::canvas::Canvas;

/// Draws the input. The cursor is the terminal's own.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let look = canvas.look;
    let palette = look.palette;
    let focused = app.focus == Focus::Input && app.popup.is_none();
    let prompt = if focused { palette.accent } else { palette.muted };
    canvas.text(area.x.saturating_sub(2), area.y, 1, look.glyphs.prompt, prompt);

    let typed = lay_out(&app.input.editor, look.bidi, usize::from(area.width));
    let (line, column) = typed.cursor;
    // The lines around the cursor when there are more than fit.
    let first = (line + 1).saturating_sub(usize::from(area.height));
    let mut free = (area.x, area.right());
    for (y, (start, text)) in (area.top()..area.bottom()).zip(typed.lines.iter().skip(first)) {
        let x = area.x + cells(*start);
        let end = x + canvas.text(x, y, area.right().saturating_sub(x), text, palette.base);
        if y == area.y {
            free = if *start > 0 { (area.x, x) } else { (end, area.right()) };
        }
    }
    if focused {
        let y = area.y + cells(line - first);
        canvas.cursor = Some((area.x + cells(column), y));
    }

    if typed.lines.len() > 1 {
        return;
    }
    if let Some(rest) = app.completion().filter(|_| direction(app.input.editor.text()) == Direction::LeftToRight) {
        let room = free.1.saturating_sub(free.0);
        let rest = look.fit(rest, usize::from(room));
        free.0 += canvas.text(free.0, area.y, room, &rest, palette.muted);
    }
    if let Some(option) = app.input.highlighted.and_then(|index| app.options().get(index)) {
        let option = look.fit(option, usize::from(area.width) / 2);
        free.0 += canvas.text(area.x + 1, area.y, area.width, &option, palette.muted) + 1;
    }
    // What is expected stands where nothing is typed: at the right end, or at the left of what runs from the right.
    let expected = look.own(words::expected(app.rehearsal.session(), app.awaits_courier()));
    let expected = &*expected;
    if free.0 + columns(expected) + 2 <= free.1 {
        let right = if free.1 < area.right() { free.0 + columns(expected) } else { free.1 };
        canvas.text_right(right, area.y, expected, palette.muted);
    }
}
