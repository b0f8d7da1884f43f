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
mod slash;

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
    slash::draw(app, &mut canvas, &layout);
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
    /// What stands in the place of the first line: where in the flow one is.
    head: Option<PaneLine>,
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
            let title = if columns(&long) + 18 > area.width { short } else { long };
            (title, outline::lines(app, width).0)
        }
        Focus::Timers => ("Timers".to_owned(), outline::timers(app, width)),
        Focus::Input => (String::new(), Vec::new()),
    };
    let mut pane = Pane { focus, title, area, lines, first: 0, last_first: 0, head: None };
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
        self.head = match self.focus {
            Focus::Outline => {
                outline::crumbs(app, self.first, rows, self.lines.len(), self.area.width.saturating_sub(4))
            }
            _ => None,
        };
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
    let more = if hidden > 0 { format!(" {hidden} more {} ", glyphs.down) } else { String::new() };
    // The title has its own place and is cut there; what is said at the right never lies over it.
    let room = area.width.saturating_sub(columns(&more) + 7);
    let title = canvas.look.fit(&focus_title(canvas.look, &pane.title, focused), usize::from(room));
    canvas.rule(Rect { height: 1, ..area }, ends, &title, (line, palette.accent));
    if hidden > 0 {
        canvas.text_right(area.right().saturating_sub(2), area.y, &more, palette.muted);
    }
    canvas.sides(Rect { y: area.y + 1, height: rows, ..area }, line);
    canvas.hit(area, Some(Action::FocusOn(pane.focus)));
    let inside = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: rows };
    let lines = pane.lines.iter().skip(pane.first + usize::from(pane.head.is_some()));
    for (y, line) in (inside.top()..inside.bottom()).zip(pane.head.iter().chain(lines)) {
        line.draw(canvas, Rect { y, height: 1, ..inside }, focused);
    }
    let is_last = pane.focus == Focus::Timers || layout.mode == Mode::Narrow;
    if is_last {
        let foot = Rect { y: area.bottom(), height: 1, ..area };
        canvas.rule(foot, (glyphs.bottom_left, glyphs.bottom_right), "", (line, line));
    }
}

/// A title that shows by a sign too which pane has the keys, where colour alone would have to.
fn focus_title(look: &super::look::Look, title: &str, focused: bool) -> String {
    if focused && !look.palette.filled { format!("{} {title}", look.glyphs.current) } else { title.to_owned() }
}

/// Puts the caret where the input was clicked.
pub fn place_caret(app: &mut App, place: Position) {
    /// Longer texts are not searched for the place.
    const MOST: usize = 600;
    let area = app.layout().input;
    if !area.contains(place) || app.input.editor.text().chars().count() > MOST {
        return;
    }
    let columns = usize::from(area.width);
    let lay_out = |editor: &crate::text::LineEditor| super::input::lay_out(editor, app.look.bidi, columns).cursor;
    let first = (lay_out(&app.input.editor).0 + 1).saturating_sub(usize::from(area.height));
    let wanted = (usize::from(place.y - area.y) + first, usize::from(place.x - area.x));
    let mut editor = app.input.editor.clone();
    while editor.cursor() > 0 {
        editor.left();
    }
    let mut best: Option<((usize, usize), crate::text::LineEditor)> = None;
    loop {
        let (line, column) = lay_out(&editor);
        let far = (line.abs_diff(wanted.0), column.abs_diff(wanted.1));
        if best.as_ref().is_none_or(|(nearest, _)| far < *nearest) {
            best = Some((far, editor.clone()));
        }
        let before = editor.cursor();
        editor.right();
        if editor.cursor() == before {
            break;
        }
    }
    if let Some((_, editor)) = best {
        app.input.editor = editor;
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
