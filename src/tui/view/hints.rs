//! The line at the foot: the keys that do something now, or what just went wrong.

use ratatui::layout::Rect;

use crate::text::wrap;
use crate::tui::action::Action;
use crate::tui::app::App;
use crate::tui::keymap;
use crate::tui::look::columns;

use super::canvas::Canvas;

/// Draws the hints, the most useful first, as many as fit; panes and help stand at the right end. What is to be said goes before them.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let palette = canvas.look.palette;
    let mut right = area.right();
    let look = canvas.look;
    let hints: Vec<_> = keymap::hints(app).map(|(key, words, action)| (look.own(key), words, action)).collect();
    for (key, words, action) in hints.iter().rev().filter(|(.., action)| always(action)) {
        right = right.saturating_sub(columns(key) + columns(words) + 2);
        hint(canvas, right, area.y, (key, words, *action));
        right = right.saturating_sub(2);
    }
    let room = right.saturating_sub(area.x + 3);
    if let Some(toast) = &app.toast {
        if columns(&toast.text) + 2 > room {
            return;
        }
        let (mark, style) = if toast.is_error { ("! ", palette.error) } else { ("", palette.ok) };
        let text = canvas.look.fit(&format!("{mark}{}", toast.text), usize::from(room));
        canvas.text(area.x + 1, area.y, room, &text, style);
        return;
    }
    let mut x = area.x + 1;
    for (key, words, action) in &hints {
        let width = columns(key) + 1 + columns(words);
        if always(action) || x + width + 1 > right {
            continue;
        }
        hint(canvas, x, area.y, (key, words, *action));
        x += width + if area.width < 72 { 2 } else { 3 };
    }
}

/// What is always said, for everything else is found from there.
const fn always(action: &Action) -> bool {
    matches!(action, Action::Focus(_) | Action::OpenHelp | Action::OpenPalette)
}

/// One hint, which does on a click what its key does.
fn hint(canvas: &mut Canvas<'_>, x: u16, y: u16, (key, words, action): (&str, &str, Action)) {
    let palette = canvas.look.palette;
    let end = x + canvas.text(x, y, u16::MAX, key, palette.key) + 1;
    let width = end - x + canvas.text(end, y, u16::MAX, words, palette.muted);
    canvas.hit(Rect { x, y, width, height: 1 }, Some(action));
}

/// What is to be said when it does not fit on the line: it lies over the foot of the chat in as many lines as it takes.
pub fn draw_long_toast(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(toast) = &app.toast else { return };
    let look = canvas.look;
    let hints = keymap::hints(app).filter(|(.., action)| always(action));
    let taken: u16 = hints.map(|(key, words, _)| columns(&look.own(key)) + columns(&words) + 4).sum();
    let room = area.width.saturating_sub(taken + area.x + 3);
    if columns(&toast.text) + 2 <= room {
        return;
    }
    let palette = canvas.look.palette;
    let text = crate::text::visible(&toast.text);
    let lines = wrap(&text, usize::from(area.width.saturating_sub(4)).max(1));
    let (mark, style) = if toast.is_error { ("! ", palette.error) } else { ("", palette.ok) };
    let height = crate::tui::look::cells(lines.len()).min(4);
    let top = area.bottom().saturating_sub(height);
    for (index, (y, range)) in (top..area.bottom()).zip(lines).enumerate() {
        canvas.clear(Rect { y, height: 1, ..area });
        let line = text.get(range).unwrap_or_default();
        let mark = if index == 0 {
            mark
        } else if mark.is_empty() {
            ""
        } else {
            "  "
        };
        canvas.text(area.x + 1, y, area.width.saturating_sub(1), &format!("{mark}{line}"), style);
    }
}
