//! The chat: the messages in sight in their frame.

use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::app::{App, Focus};
use crate::tui::form::Purpose;
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
    let title = super::focus_title(canvas.look, contact.as_deref().unwrap_or("Contact"), focused);
    let title = &*title;
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
        for (x, width, action) in &laid.does {
            let place = Rect { x: messages.x + x, y, width: *width, height: 1 };
            canvas.hit(place.intersection(messages), Some(*action));
        }
        for (x, width, option) in &laid.picks {
            let place = Rect { x: messages.x + x, y, width: *width, height: 1 };
            canvas.hit(place.intersection(messages), Some(Action::Pick(*option)));
        }
    }
    // A request that waits is told of, for its form does not open over what is being typed.
    if app.popup.is_none()
        && !app.awaits_courier()
        && let Some(purpose) = app.pending_purpose()
    {
        let what = if matches!(purpose, Purpose::Http(_)) { "HTTP answer due" } else { "AI reply due" };
        let words = format!(" {what} {} Ctrl-G ", glyphs.dot);
        let x = canvas.text(area.x + 2, above_input.y, area.width.saturating_sub(4), &words, palette.selected);
        let place = Rect { x: area.x + 2, y: above_input.y, width: x, height: 1 };
        canvas.hit(place, Some(Action::OpenAnswer));
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
