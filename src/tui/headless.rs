//! The screen without a terminal: keys go in as text, the screen comes out as text or as a picture. For snapshots and documentation.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

use crate::rehearsal::{Files, Rehearsal};

use super::app::App;
use super::{Courier, Options, picture, update, view};

/// A screen of a fixed size on which time stands still unless it is told to pass.
#[derive(Debug)]
pub struct Stage {
    app: App,
    terminal: Terminal<TestBackend>,
}

impl Stage {
    /// A screen of so many columns and rows on a rehearsal.
    pub fn new(rehearsal: Rehearsal, options: &Options, width: u16, height: u16) -> Self {
        Self::with_courier(rehearsal, options, None, width, height)
    }

    /// The same with somebody who carries requests outside.
    pub fn with_courier(
        rehearsal: Rehearsal,
        options: &Options,
        courier: Option<Box<dyn Courier>>,
        width: u16,
        height: u16,
    ) -> Self {
        let Ok(terminal) = Terminal::new(TestBackend::new(width, height));
        let mut stage = Self { app: App::new(rehearsal, options, courier, Size::new(width, height)), terminal };
        stage.draw();
        stage
    }

    /// Gives it files that a start from the beginning reads again.
    pub fn read_again(&mut self, files: Box<dyn Files>) -> &mut Self {
        self.app.files = Some(files);
        self
    }

    /// Presses keys: characters as they are, others in angle brackets as `<Enter>`, `<F2>`, `<C-t>`, `<A-1>`, `<S-Tab>`; `<lt>` is `<`.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        let mut rest = script;
        while let Some(first) = rest.chars().next() {
            let name = rest.strip_prefix('<').and_then(|named| named.split_once('>'));
            let known = name.and_then(|(name, after)| Some((key(name)?, after)));
            let (event, after) = known.unwrap_or_else(|| {
                let after = rest.get(first.len_utf8()..).unwrap_or_default();
                (KeyEvent::new(KeyCode::Char(first), KeyModifiers::NONE), after)
            });
            self.event(&Event::Key(event));
            rest = after;
        }
        self
    }

    /// Takes an event as the terminal would send it.
    pub fn event(&mut self, event: &Event) -> &mut Self {
        if let Event::Resize(width, height) = event {
            self.terminal.backend_mut().resize(*width, *height);
        }
        update::take(&mut self.app, event);
        self.draw();
        self
    }

    /// Clicks where a text is seen first. Returns whether it is seen.
    pub fn click(&mut self, text: &str) -> bool {
        let screen = self.text();
        let found = screen.lines().enumerate().find_map(|(row, line)| Some((row, line.split_once(text)?.0.to_owned())));
        let Some((row, before)) = found else { return false };
        let column = super::look::columns(&before);
        let kind = MouseEventKind::Down(MouseButton::Left);
        let click = MouseEvent { kind, column, row: super::look::cells(row), modifiers: KeyModifiers::NONE };
        self.event(&Event::Mouse(click));
        true
    }

    /// Lets real time go by.
    pub fn pass(&mut self, real: Duration) -> &mut Self {
        self.app.tick(real);
        self.draw();
        self
    }

    /// The rehearsal as it stands.
    pub const fn rehearsal(&self) -> &Rehearsal {
        &self.app.rehearsal
    }

    /// Whether something asked to leave or to suspend.
    pub const fn effect(&self) -> Option<super::app::Effect> {
        self.app.effect
    }

    /// What the shell reads once the screen is left.
    pub fn summary(&self, again: &str) -> String {
        super::ending::summary(&self.app, again)
    }

    /// The screen as text, blanks at the ends of lines left out.
    pub fn text(&self) -> String {
        let buffer = self.terminal.backend().buffer();
        let mut text = String::new();
        for y in buffer.area.top()..buffer.area.bottom() {
            let mut line = String::new();
            let mut x = buffer.area.left();
            while x < buffer.area.right() {
                let symbol = buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
                line.push_str(symbol);
                x += super::look::columns(symbol).max(1);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The screen as an SVG picture with a title for those who cannot see it.
    pub fn svg(&self, title: &str) -> String {
        picture::svg(self.terminal.backend().buffer(), title)
    }

    /// Draws as the real screen does.
    pub fn draw(&mut self) {
        self.app.prepare();
        let mut hits = Vec::new();
        let Ok(_) = self.terminal.draw(|frame| hits = view::draw(&self.app, frame));
        self.app.hits = hits;
    }
}

/// The key of a name such as `Enter` or `C-t`.
fn key(name: &str) -> Option<KeyEvent> {
    let (modifiers, name) = match name.split_once('-') {
        Some(("C", name)) => (KeyModifiers::CONTROL, name),
        Some(("A", name)) => (KeyModifiers::ALT, name),
        Some(("S", name)) => (KeyModifiers::SHIFT, name),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" if modifiers == KeyModifiers::SHIFT => KeyCode::BackTab,
        "Tab" => KeyCode::Tab,
        "Backspace" => KeyCode::Backspace,
        "Delete" => KeyCode::Delete,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "lt" => KeyCode::Char('<'),
        _ => match (name.strip_prefix('F').and_then(|number| number.parse().ok()), name.chars().next()) {
            (Some(number), _) => KeyCode::F(number),
            (None, Some(character)) if name.chars().count() == 1 => KeyCode::Char(character),
            _ => return None,
        },
    };
    Some(KeyEvent::new(code, modifiers))
}
