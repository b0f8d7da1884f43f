//! The commands that fit a slash that is being typed, over the foot of the chat; once the name is typed, how the command is written.

use ratatui::layout::Rect;

use crate::tui::app::{App, Focus};
use crate::tui::look::cells;
use crate::tui::slash;

use super::canvas::Canvas;
use super::layout::Layout;
use super::popups::first_line;

/// So many commands are listed at once.
const LISTED: u16 = 8;

/// Draws the list.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, layout: &Layout) {
    if app.focus != Focus::Input || app.popup.is_some() || !slash::is_on(app) {
        return;
    }
    let mut found = slash::found(app);
    let picks = !found.is_empty();
    if !picks {
        found.extend(slash::typed(app));
    }
    let height = cells(found.len()).min(LISTED).min(layout.messages.height.saturating_sub(1));
    let area = Rect { y: layout.messages.bottom().saturating_sub(height), height, ..layout.messages };
    let selected = app.slash.min(found.len().saturating_sub(1));
    let first = first_line(selected, height);
    for (y, (index, command)) in (area.top()..area.bottom()).zip(found.iter().enumerate().skip(first)) {
        let line = Rect { y, height: 1, ..area };
        let name = if picks { format!("/{} {}", command.name, command.arguments) } else { command.example.to_owned() };
        canvas.list_line(line, name.trim_end(), command.summary, picks && index == selected);
    }
}
