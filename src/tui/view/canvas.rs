//! The canvas: draws text and frames into the buffer, clipped at their areas, and remembers what a click does where.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::tui::action::Action;
use crate::tui::look::{Look, columns};

/// What a click does in an area; `None` swallows it.
pub type Hit = (Rect, Option<Action>);

/// The buffer with the look, and the clicks.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    /// How it looks.
    pub look: &'a Look,
    hits: Vec<Hit>,
    /// Where the cursor stands, if anywhere.
    pub cursor: Option<(u16, u16)>,
}

impl<'a> Canvas<'a> {
    /// A canvas on a buffer, filled with the ground of the screen.
    pub fn new(buffer: &'a mut Buffer, look: &'a Look) -> Self {
        buffer.set_style(buffer.area, look.palette.base);
        Self { buffer, look, hits: Vec::new(), cursor: None }
    }

    /// The clicks, the topmost first.
    pub fn into_hits(self) -> Vec<Hit> {
        self.hits.into_iter().rev().collect()
    }

    /// The whole screen.
    pub const fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Lets a click in an area do something.
    pub fn hit(&mut self, area: Rect, action: Option<Action>) {
        self.hits.push((area, action));
    }

    /// Writes a text that is safe and in the order seen, at most so many columns of it. Returns the columns it took.
    pub fn text(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y >= area.bottom() || x >= area.right() || room == 0 {
            return 0;
        }
        // A style is laid over what stood there; what it does not say is not to shine through.
        let style = style.remove_modifier(Modifier::all().difference(style.add_modifier));
        let (end, _) = self.buffer.set_stringn(x, y, text, usize::from(room), style);
        end.saturating_sub(x)
    }

    /// Writes a text that ends before column `right`. Returns where it begins.
    pub fn text_right(&mut self, right: u16, y: u16, text: &str, style: Style) -> u16 {
        let x = right.saturating_sub(columns(text));
        self.text(x, y, right.saturating_sub(x), text, style);
        x
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Rect) {
        let blank = " ".repeat(usize::from(area.width));
        for y in area.top()..area.bottom() {
            self.text(area.x, y, area.width, &blank, self.look.palette.base);
        }
    }

    /// A horizontal line with its two ends and a title on it.
    pub fn rule(&mut self, area: Rect, ends: (&str, &str), title: &str, styles: (Style, Style)) {
        let (line_style, title_style) = styles;
        let line = self.look.glyphs.horizontal.repeat(usize::from(area.width.saturating_sub(2)));
        self.text(area.x, area.y, 1, ends.0, line_style);
        self.text(area.x + 1, area.y, area.width.saturating_sub(2), &line, line_style);
        if area.width > 1 {
            self.text(area.right() - 1, area.y, 1, ends.1, line_style);
        }
        if !title.is_empty() && area.width > 6 {
            let title = self.look.fit(title, usize::from(area.width - 5));
            self.text(area.x + 1, area.y, area.width - 3, &format!(" {title} "), title_style);
        }
    }

    /// The left and right edges of a frame.
    pub fn sides(&mut self, area: Rect, style: Style) {
        for y in area.top()..area.bottom() {
            self.text(area.x, y, 1, self.look.glyphs.vertical, style);
            if area.width > 1 {
                self.text(area.right() - 1, y, 1, self.look.glyphs.vertical, style);
            }
        }
    }

    /// A framed window in the middle of the screen, emptied. Returns its inside.
    pub fn window(&mut self, width: u16, height: u16, title: &str) -> Rect {
        let screen = self.area();
        let (width, height) = (width.min(screen.width.saturating_sub(2)), height.min(screen.height.saturating_sub(2)));
        let area = Rect { x: (screen.width - width) / 2, y: (screen.height - height) / 2, width, height };
        if width < 4 || height < 3 {
            return Rect::default();
        }
        let (glyphs, palette) = (self.look.glyphs, self.look.palette);
        self.hit(screen, Some(Action::Close));
        self.hit(area, None);
        self.clear(area);
        let styles = (palette.border_focused, palette.accent);
        self.rule(Rect { height: 1, ..area }, (glyphs.top_left, glyphs.top_right), title, styles);
        self.sides(Rect { y: area.y + 1, height: height - 2, ..area }, palette.border_focused);
        let foot = Rect { y: area.bottom() - 1, height: 1, ..area };
        self.rule(foot, (glyphs.bottom_left, glyphs.bottom_right), "", styles);
        Rect { x: area.x + 2, y: area.y + 1, width: width - 4, height: height - 2 }
    }

    /// A picked-out or plain line of a list: its name, and what is said beside it where there is room.
    pub fn list_line(&mut self, area: Rect, name: &str, note: &str, selected: bool) {
        let palette = self.look.palette;
        let (style, quiet) =
            if selected { (palette.selected, palette.selected) } else { (palette.base, palette.muted) };
        let mark = if selected { self.look.glyphs.current } else { " " };
        let blank = " ".repeat(usize::from(area.width));
        self.text(area.x, area.y, area.width, &blank, style);
        self.text(area.x, area.y, area.width, mark, style);
        let name = self.look.fit(name, usize::from(area.width.saturating_sub(2)));
        let taken = self.text(area.x + 2, area.y, area.width.saturating_sub(2), &name, style) + 4;
        let room = area.width.saturating_sub(taken + 1);
        if room > 5 && !note.is_empty() {
            let note = self.look.fit(note, usize::from(room));
            self.text_right(area.right().saturating_sub(1), area.y, &note, quiet);
        }
    }
}

/// A line of a pane.
#[derive(Debug, Clone, Default)]
pub struct PaneLine {
    /// What stands on it, from the left.
    pub pieces: Vec<(String, Style)>,
    /// What stands at its right end.
    pub right: Option<(String, Style)>,
    /// What a click on it does.
    pub action: Option<Action>,
    /// Whether the pane's cursor is on it.
    pub selected: bool,
}

impl PaneLine {
    /// A line of one piece.
    pub fn of(text: impl Into<String>, style: Style) -> Self {
        Self { pieces: vec![(text.into(), style)], ..Self::default() }
    }

    /// The same with something at the right end.
    #[must_use]
    pub fn with_right(mut self, text: impl Into<String>, style: Style) -> Self {
        self.right = Some((text.into(), style));
        self
    }

    /// Draws it on the first row of an area. Right ends that do not fit beside the left are left out.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
        let picked = self.selected && focused;
        let paint = |style: Style| if picked { canvas.look.palette.selected } else { style };
        let styles: Vec<Style> = self.pieces.iter().map(|(_, style)| paint(*style)).collect();
        let right_style = self.right.as_ref().map(|(_, style)| paint(*style));
        if picked {
            let blank = " ".repeat(usize::from(area.width));
            canvas.text(area.x, area.y, area.width, &blank, canvas.look.palette.selected);
        }
        // The right end is short and the left may be cut, unless that left it too little.
        let wanted = self.right.as_ref().map_or(0, |(text, _)| columns(text) + 1);
        let reserved = if wanted <= area.width / 2 { wanted } else { 0 };
        let end = area.right().saturating_sub(reserved);
        let mut x = area.x;
        for ((text, _), style) in self.pieces.iter().zip(styles) {
            let room = end.saturating_sub(x);
            let text = crate::text::truncate(text, usize::from(room), canvas.look.glyphs.ellipsis);
            x += canvas.text(x, area.y, room, &text, style);
        }
        if let (Some((text, _)), Some(style)) = (&self.right, right_style)
            && x + wanted <= area.right()
        {
            canvas.text_right(area.right(), area.y, text, style);
        }
        if let Some(action) = self.action {
            canvas.hit(area, Some(action));
        }
    }
}
