//! The chat: the messages in sight in their frame.

use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::app::{App, Focus};
use crate::tui::look::columns;

use super::canvas::Canvas;
use super::layout::{Layout, Mode};

/// Draws frame and messages.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, layout: &Layout) {
    let glyphs = canvas.look.glyphs;
    let palette = canvas.look.palette;
    let focused = app.focus == Focus::Input;
    let line = if focused { palette.border_focused } else { palette.border };
    let area = layout.chat;
    let contact = app.rehearsal.session().contact().name();
    let title = contact.as_deref().unwrap_or("Contact");
    let above_input = Rect { y: layout.input.y.saturating_sub(1), height: 1, ..area };
    canvas.hit(area, Some(Action::FocusOn(Focus::Input)));
    if layout.mode == Mode::Wide {
        let top = Rect { height: 1, ..area };
        canvas.rule(top, (glyphs.top_left, glyphs.top_right), title, (line, palette.accent));
        canvas.sides(Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area }, line);
        canvas.rule(above_input, (glyphs.tee_left, glyphs.tee_right), "", (line, line));
        let foot = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
        canvas.rule(foot, (glyphs.bottom_left, glyphs.bottom_right), "", (line, line));
    } else {
        canvas.rule(above_input, (glyphs.horizontal, glyphs.horizontal), title, (line, palette.accent));
    }

    let messages = layout.messages;
    for (y, laid) in (messages.top()..messages.bottom()).zip(app.chat.visible()) {
        for (x, text, style) in &laid.pieces {
            canvas.text(messages.x + x, y, messages.width.saturating_sub(*x), text, *style);
        }
        if let Some(event) = laid.shows {
            canvas.hit(Rect { y, height: 1, ..messages }, Some(Action::ShowEvent(event)));
        }
        for (x, width, option) in &laid.picks {
            let place = Rect { x: messages.x + x, y, width: *width, height: 1 };
            canvas.hit(place.intersection(messages), Some(Action::Pick(*option)));
        }
    }
    if app.chat.is_scrolled() {
        let words = match app.chat.unseen() {
            0 => format!(" {} End for the newest ", glyphs.down),
            count => format!(" {} {count} new ", glyphs.down),
        };
        let right = area.right().saturating_sub(2);
        let x = canvas.text_right(right, above_input.y, &words, palette.selected);
        let place = Rect { x, y: above_input.y, width: columns(&words), height: 1 };
        canvas.hit(place, Some(Action::ScrollToEnd));
    }
}
