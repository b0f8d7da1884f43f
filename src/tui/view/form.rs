//! Forms: the request on top, the fields below, what is wrong with a field under it.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::engine::{Request, Speaker};
use crate::text::mask::{self, Secrets};
use crate::text::{Direction, single_line, truncate, visible, wrap};
use crate::tui::action::Action;
use crate::tui::app::App;
use crate::tui::form::{Field, FieldKind, Form, Purpose};
use crate::tui::input::lay_out;
use crate::tui::look::{Look, cells, columns};
use crate::tui::words;

use super::canvas::Canvas;

/// A form is at most so wide.
const WIDEST: u16 = 84;
/// A field shows so many lines of its text.
const FIELD_LINES: usize = 6;
/// With more words than this to pick from, they are not all shown.
const MANY: usize = 8;

/// One line of a form.
#[derive(Default)]
struct Line {
    /// Column, text in the order seen, style.
    pieces: Vec<(u16, String, Style)>,
    /// Column, width and what a click does there.
    hits: Vec<(u16, u16, Action)>,
    /// Where the cursor stands.
    cursor: Option<u16>,
}

impl Line {
    fn of(x: u16, text: impl Into<String>, style: Style) -> Self {
        Self { pieces: vec![(x, text.into(), style)], ..Self::default() }
    }
}

/// Draws a form.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, form: &Form) {
    let width = WIDEST.min(canvas.area().width.saturating_sub(2)).saturating_sub(4);
    let mut context = context(app, form, width);
    let label = form.fields.iter().map(|field| columns(&field.label)).max().unwrap_or_default();
    let label = label.clamp(4, (width / 3).max(4)) + 2;
    let mut fields = Vec::new();
    let mut focused = 0..0;
    for (index, field) in form.fields.iter().enumerate() {
        let from = fields.len();
        fields.extend(field_lines(app.look, field, (index, index == form.focus), label, width));
        if index == form.focus {
            focused = from..fields.len();
        }
    }
    if form.fields.is_empty() {
        fields.push(Line::of(0, "nothing to fill in", app.look.palette.muted));
    }
    let wished = context.len() + usize::from(!context.is_empty()) + fields.len();
    let inside = canvas.window(WIDEST, cells(wished + 2), &title(app, form));
    let height = usize::from(inside.height);
    // The request gives way before the fields do, all but its first line.
    let room = height.saturating_sub(fields.len() + 1).max(1);
    if context.len() > room {
        context.truncate(room);
    }
    if !context.is_empty() && context.len() + fields.len() < height {
        context.push(Line::default());
    }
    let left = height.saturating_sub(context.len());
    let first = focused.end.saturating_sub(left).min(focused.start);
    let lines = context.into_iter().chain(fields.into_iter().skip(first));
    for (y, line) in (inside.top()..inside.bottom()).zip(lines) {
        line.draw(canvas, Rect { y, height: 1, ..inside });
    }
}

impl Line {
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        for (x, text, style) in &self.pieces {
            canvas.text(area.x + x, area.y, area.width.saturating_sub(*x), text, *style);
        }
        for (x, width, action) in &self.hits {
            let place = Rect { x: area.x + x, width: *width, ..area };
            canvas.hit(place.intersection(area), Some(*action));
        }
        if let Some(x) = self.cursor {
            canvas.cursor = Some((area.x + x, area.y));
        }
    }
}

fn title(app: &App, form: &Form) -> String {
    let program = app.rehearsal.program();
    let dot = app.look.glyphs.dot;
    match form.purpose {
        Purpose::Http(step) => format!("HTTP answer {dot} {}", words::step_label(program.step(step))),
        Purpose::Ai(step) => format!("You are the AI {dot} {}", words::step_label(program.step(step))),
        Purpose::Shortcut(workflow) => format!("Shortcut {dot} {}", program.workflow(workflow).name),
        Purpose::Webhook => "Webhook".to_owned(),
    }
}

/// What the form answers, the most needed first.
fn context(app: &App, form: &Form, width: u16) -> Vec<Line> {
    let session = app.rehearsal.session();
    let palette = app.look.palette;
    let mut lines = Vec::new();
    match (form.purpose, session.request()) {
        (Purpose::Http(_), Some(Request::Http { method, url, headers, body })) => {
            let secrets = Secrets::of_request(url, headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let asked = format!("{} {method} {}", app.look.glyphs.arrow, mask::url(url));
            texts(&app.look, &mut lines, &asked, 2, width, palette.accent);
            if let Some(body) = body {
                texts(&app.look, &mut lines, &secrets.hide(body), 3, width, palette.base);
            }
            for (name, value) in headers {
                texts(
                    &app.look,
                    &mut lines,
                    &format!("{name}: {}", mask::header(name, value)),
                    1,
                    width,
                    palette.muted,
                );
            }
        }
        (Purpose::Ai(step), Some(Request::Ai { instructions })) => {
            // The last that was said is what is to be answered.
            let said = session.talk().iter().rev().take(3).collect::<Vec<_>>();
            for (speaker, text) in said.into_iter().rev() {
                let (who, style) = match speaker {
                    Speaker::Contact => ("contact", palette.accent),
                    Speaker::Ai => ("you", palette.base),
                };
                texts(&app.look, &mut lines, &format!("{who}: {text}"), 2, width, style);
            }
            if let Some((objective, knowledge, _)) = app.rehearsal.program().step(step).ai() {
                let aim = objective.as_str().replace('_', " ");
                let aim = instructions.as_ref().map_or_else(|| aim.clone(), |how| format!("{aim}: {how}"));
                texts(&app.look, &mut lines, &aim, 2, width, palette.muted);
                if !knowledge.is_empty() {
                    let known = format!("knows: {}", knowledge.join(", "));
                    texts(&app.look, &mut lines, &known, 1, width, palette.muted);
                }
            }
        }
        _ => {}
    }
    lines
}

/// A text in at most so many lines.
fn texts(look: &Look, lines: &mut Vec<Line>, text: &str, most: usize, width: u16, style: Style) {
    lines.extend(look.lines(text, usize::from(width), most).into_iter().map(|(line, base)| {
        let x = if base == Direction::RightToLeft { width.saturating_sub(columns(&line)) } else { 0 };
        Line::of(x, line, style)
    }));
}

fn field_lines(look: Look, field: &Field, (index, focused): (usize, bool), label: u16, width: u16) -> Vec<Line> {
    let palette = look.palette;
    let room = width.saturating_sub(label);
    let mut lines = match &field.kind {
        FieldKind::Pick(words) => chips(look, field, (index, focused), words, (label, width), 0),
        FieldKind::PickOrType(words) => {
            let mut lines = typed(look, field, focused, label, room);
            if words.len() > MANY {
                if let Some(line) = lines.first_mut() {
                    let many = look.own(&format!("←→ {} choices", words.len())).into_owned();
                    line.pieces.push((width.saturating_sub(columns(&many)), many, palette.muted));
                }
                lines
            } else {
                let shown = if field.editor.is_empty() { &field.note } else { field.editor.text() };
                let typed = columns(shown).max(6) + 3;
                let mut chips = chips(look, field, (index, focused), words, (label, width), typed);
                if let (Some(first), Some(line)) = (chips.first_mut(), lines.pop()) {
                    first.pieces.extend(line.pieces);
                    first.cursor = line.cursor;
                }
                chips
            }
        }
        FieldKind::Text | FieldKind::Json => typed(look, field, focused, label, room),
    };
    let name = look.fit(&field.label, usize::from(label.saturating_sub(2)));
    let style = if focused { palette.accent } else { palette.muted };
    if let Some(first) = lines.first_mut() {
        first.pieces.insert(0, (0, name, style));
    }
    for line in &mut lines {
        // A word to pick is hit before the field it stands in.
        line.hits.insert(0, (0, width, Action::FocusField(index)));
    }
    let as_typed = field.json_problem().filter(|_| focused).map(|problem| (problem, palette.warn));
    if let Some((problem, style)) = field.problem.clone().map(|problem| (problem, palette.error)).or(as_typed) {
        let mut below = Vec::new();
        texts(&look, &mut below, &format!("! {problem}"), 2, room, style);
        for line in &mut below {
            line.pieces.iter_mut().for_each(|(x, ..)| *x += label);
        }
        lines.append(&mut below);
    }
    lines
}

/// The lines of a text being typed around its cursor; what the field is for where nothing is.
fn typed(look: Look, field: &Field, focused: bool, label: u16, room: u16) -> Vec<Line> {
    let typed = lay_out(&field.editor, look.bidi, usize::from(room));
    let (at, column) = typed.cursor;
    let shown = if focused { FIELD_LINES } else { 2 };
    let first = if focused { (at + 1).saturating_sub(shown) } else { 0 };
    let mut lines: Vec<Line> = Vec::new();
    for (number, (start, text)) in typed.lines.iter().enumerate().skip(first).take(shown) {
        let style = if focused && field.is_replaced() { look.palette.selected } else { look.palette.base };
        let mut line = Line::of(label + cells(*start), text.clone(), style);
        line.cursor = (focused && number == at).then(|| label + cells(column));
        lines.push(line);
    }
    if typed.lines.len() > first + shown
        && let Some(last) = lines.last_mut()
    {
        last.pieces.push((label + room.saturating_sub(1), look.glyphs.ellipsis.to_owned(), look.palette.muted));
    }
    if field.editor.is_empty()
        && let Some(first) = lines.first_mut()
    {
        let note = look.fit(&field.note, usize::from(room.saturating_sub(2)));
        first.pieces.push((label + 2, note, look.palette.muted));
    }
    lines
}

/// The words to pick from, over as many lines as they need, the first of which begins after what is typed.
fn chips(
    look: Look,
    field: &Field,
    (index, focused): (usize, bool),
    words: &[String],
    (label, width): (u16, u16),
    typed: u16,
) -> Vec<Line> {
    let palette = look.palette;
    let mut lines = vec![Line::default()];
    let mut x = label + typed;
    for (number, word) in words.iter().enumerate() {
        let chip = format!(" {} ", look.fit(word, usize::from(width.saturating_sub(label + 2))));
        let chip_width = columns(&chip);
        if x + chip_width > width && x > label {
            lines.push(Line::default());
            x = label;
        }
        let chosen = field.editor.text() == word;
        let style = match (chosen, focused) {
            (true, true) => palette.selected,
            (true, false) => palette.accent,
            (false, _) => palette.option,
        };
        if let Some(line) = lines.last_mut() {
            // Without colour brackets say which word is chosen.
            let chip = if chosen { format!("[{}]", chip.trim()) } else { chip };
            line.pieces.push((x, chip, style));
            line.hits.push((x, chip_width, Action::PickWord(index, number)));
        }
        x += chip_width + 1;
    }
    lines
}

impl Look {
    /// A text of a flow or contact in at most so many lines, cut with an ellipsis; each in the order seen, with its direction.
    pub fn lines(&self, text: &str, room: usize, most: usize) -> Vec<(String, Direction)> {
        let text = visible(text);
        let room = room.max(1);
        let ranges = wrap(&text, room);
        let mut base = Direction::LeftToRight;
        let mut lines = Vec::new();
        for (number, range) in ranges.iter().enumerate().take(most) {
            if range.start == 0 || text.get(..range.start).is_some_and(|before| before.ends_with('\n')) {
                let rest = text.get(range.start..).unwrap_or_default();
                base = self.bidi.direction(rest.split('\n').next().unwrap_or_default());
            }
            let line = if number + 1 == most && ranges.len() > most {
                // What follows joins the last line, to be cut there.
                let rest = text.get(range.start..).unwrap_or_default().chars().take(room * 4).collect::<String>();
                truncate(&single_line(&rest), room, self.glyphs.ellipsis).into_owned()
            } else {
                text.get(range.clone()).unwrap_or_default().to_owned()
            };
            lines.push((self.seen(&line, base).into_owned(), base));
        }
        lines
    }
}
