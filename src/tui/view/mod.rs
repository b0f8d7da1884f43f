//! The view: draws the state of the screen and changes nothing. One file a pane.

mod canvas;
mod chat;
mod clock_bar;
mod decisions;
mod form;
mod hints;
mod input;
mod inspector;
pub mod layout;
mod outline;
mod outside;
mod popups;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::action::Action;
use super::app::{App, Focus};
use super::look::{cells, columns};
use canvas::{Canvas, PaneLine};
use layout::{Layout, Mode, SMALLEST, share};

pub use canvas::Hit;

/// Draws the screen; [`App::prepare`] comes before it. Returns what a click does where, the topmost first.
pub fn draw(app: &App, frame: &mut Frame<'_>) -> Vec<Hit> {
    let mut canvas = Canvas::new(frame.buffer_mut(), &app.look);
    let layout = app.layout();
    if layout.mode == Mode::Tiny {
        tiny(&mut canvas);
        return Vec::new();
    }
    clock_bar::draw(app, &mut canvas, layout.clock);
    chat::draw(app, &mut canvas, &layout);
    input::draw(app, &mut canvas, layout.input);
    for pane in panes(app, &layout) {
        draw_pane(app, &mut canvas, &pane, &layout);
    }
    hints::draw(app, &mut canvas, layout.hints);
    if let Some(popup) = &app.popup {
        popups::draw(app, &mut canvas, popup);
    }
    hints::draw_long_toast(app, &mut canvas, layout.hints);
    let cursor = canvas.cursor;
    let hits = canvas.into_hits();
    if let Some((x, y)) = cursor {
        frame.set_cursor_position(Position::new(x, y));
    }
    hits
}

/// The window is too small for anything but saying so.
fn tiny(canvas: &mut Canvas<'_>) {
    let area = canvas.area();
    let style = canvas.look.palette.base;
    let words = format!("Please make the window larger: {}×{} at least.", SMALLEST.width, SMALLEST.height);
    let words = canvas.look.own(&words).into_owned();
    let lines = crate::text::wrap(&words, usize::from(area.width).max(1));
    for (y, range) in (area.top()..area.bottom()).zip(lines) {
        canvas.text(area.x, y, area.width, words.get(range).unwrap_or_default(), style);
    }
}

/// A pane with its place and what is in it.
struct Pane {
    focus: Focus,
    title: String,
    /// With its title line, without a line below.
    area: Rect,
    lines: Vec<PaneLine>,
    /// The first line shown, and the last it can be.
    first: usize,
    last_first: usize,
}

/// The panes beside the chat; on a narrow screen the focused one over it.
fn panes(app: &App, layout: &Layout) -> Vec<Pane> {
    match layout.mode {
        Mode::Tiny => Vec::new(),
        Mode::Narrow if app.focus == Focus::Input => Vec::new(),
        Mode::Narrow => {
            vec![pane(app, app.focus, Rect { height: layout.chat.height.saturating_sub(1), ..layout.chat })]
        }
        Mode::Wide => {
            let mut panes = Focus::SIDE.map(|focus| pane(app, focus, layout.side));
            let content = layout.side.height.saturating_sub(cells(panes.len()) + 1);
            let wishes = [0, 1, 2, 3, 4].map(|index: usize| cells(panes[index].lines.len()));
            let shares = share(content, wishes, app.focus.side_index());
            let spare = content.saturating_sub(shares.iter().sum());
            let mut y = layout.side.y;
            for (index, (pane, share)) in panes.iter_mut().zip(shares).enumerate() {
                // What is left over stands below the last pane.
                let height = 1 + share + if index == 4 { spare } else { 0 };
                pane.area = Rect { y, height, ..layout.side };
                pane.scroll_to(app);
                y += height;
            }
            panes.into()
        }
    }
}

fn pane(app: &App, focus: Focus, area: Rect) -> Pane {
    let width = area.width.saturating_sub(4);
    let (title, lines) = match focus {
        Focus::Contact => ("Contact".to_owned(), inspector::contact(app, width)),
        Focus::Variables => ("Variables".to_owned(), inspector::variables(app, width)),
        Focus::Decisions => ("Decisions".to_owned(), decisions::lines(app, width).0),
        Focus::Outline => {
            let (long, short) = outline::titles(app);
            let title = if columns(&long) + 16 > area.width { short } else { long };
            (title, outline::lines(app, width).0)
        }
        Focus::Timers => ("Timers".to_owned(), outline::timers(app, width)),
        Focus::Input => (String::new(), Vec::new()),
    };
    let mut pane = Pane { focus, title, area, lines, first: 0, last_first: 0 };
    pane.scroll_to(app);
    pane
}

impl Pane {
    /// Finds the first line shown: where it was scrolled to, else so that what is current is in sight.
    fn scroll_to(&mut self, app: &App) {
        let rows = usize::from(self.area.height.saturating_sub(1));
        self.last_first = self.lines.len().saturating_sub(rows);
        let scrolled = self.focus.side_index().and_then(|index| *app.panes.scrolled.get(index)?);
        let followed = match self.focus {
            Focus::Outline => outline::lines(app, self.area.width.saturating_sub(4)).1,
            Focus::Decisions => Some(decisions::lines(app, self.area.width.saturating_sub(4)).1),
            _ => None,
        };
        let follow = followed.map_or(0, |line| {
            // A decision is followed by its reasons, a step stands in the middle of its neighbours.
            if self.focus == Focus::Decisions { line } else { line.saturating_sub(rows / 2) }
        });
        self.first = scrolled.unwrap_or(follow).min(self.last_first);
    }
}

fn draw_pane(app: &App, canvas: &mut Canvas<'_>, pane: &Pane, layout: &Layout) {
    let glyphs = canvas.look.glyphs;
    let palette = canvas.look.palette;
    let focused = app.focus == pane.focus;
    let line = if focused { palette.border_focused } else { palette.border };
    let area = pane.area;
    if layout.mode == Mode::Narrow {
        canvas.clear(layout.chat);
    }
    let is_first = area.y == layout.side.y || layout.mode == Mode::Narrow;
    let ends = if is_first { (glyphs.top_left, glyphs.top_right) } else { (glyphs.tee_left, glyphs.tee_right) };
    let rows = area.height.saturating_sub(1);
    let hidden = pane.lines.len().saturating_sub(pane.first + usize::from(rows));
    canvas.rule(Rect { height: 1, ..area }, ends, &pane.title, (line, palette.accent));
    if hidden > 0 {
        let more = format!(" {hidden} more {} ", glyphs.down);
        canvas.text_right(area.right().saturating_sub(2), area.y, &more, palette.muted);
    }
    canvas.sides(Rect { y: area.y + 1, height: rows, ..area }, line);
    canvas.hit(area, Some(Action::FocusOn(pane.focus)));
    let inside = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: rows };
    for (y, line) in (inside.top()..inside.bottom()).zip(pane.lines.iter().skip(pane.first)) {
        line.draw(canvas, Rect { y, height: 1, ..inside }, focused);
    }
    let is_last = pane.focus == Focus::Timers || layout.mode == Mode::Narrow;
    if is_last {
        let foot = Rect { y: area.bottom(), height: 1, ..area };
        canvas.rule(foot, (glyphs.bottom_left, glyphs.bottom_right), "", (line, line));
    }
}

/// The pane at a place; `None` for the chat.
pub fn pane_at(app: &App, place: Position) -> Option<Focus> {
    panes(app, &app.layout()).into_iter().find(|pane| pane.area.contains(place)).map(|pane| pane.focus)
}

/// The first line a pane shows, and the last that can be the first.
pub fn pane_scroll(app: &App, focus: Focus) -> (usize, usize) {
    let pane = panes(app, &app.layout()).into_iter().find(|pane| pane.focus == focus);
    pane.map_or((0, 0), |pane| (pane.first, pane.last_first))
}
