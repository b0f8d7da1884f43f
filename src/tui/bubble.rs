//! Laying out one row of the chat: its lines, what stands on them and where, and the options that can be picked.

mod options;

use std::borrow::Cow;

use ratatui::layout::Size;
use ratatui::style::{Modifier, Style};

use crate::engine::event::{Body, KindOf as Kind, Received, SEPARATOR};
use crate::engine::{Event, Program, ShownAs};
use crate::flow::{AttachmentKind, QuestionType};
use crate::rehearsal::plain::cause_in_words;
use crate::text::{Direction, visible, width, wrap};

use super::action::Action;
use super::app::App;
use super::aside;
use super::ending;
use super::fold::{Heard, Row, RowKind, ai_reply};
use super::look::{Look, cells, columns};
use super::markup;
use super::words;
use options::{Picking, chosen, has_options, is_pending};

/// Columns kept beside a bubble for its time and delivery state.
const META: u16 = 8;
/// Columns an aside stands in from the edge.
const INSET: u16 = 3;
/// A bubble is at most so wide, for long lines read badly.
const WIDEST: u16 = 72;
/// Fewer rows than this, and messages stand without a blank line between them.
const COMPACT: u16 = 20;

/// A row of the chat in lines.
#[derive(Debug, Clone, Default)]
pub struct Laid {
    /// Its lines, from the top.
    pub lines: Vec<LaidLine>,
}

/// One line of a row.
#[derive(Debug, Clone, Default)]
pub struct LaidLine {
    /// What stands on it: column, text in the order seen, style.
    pub pieces: Vec<(u16, String, Style)>,
    /// Where an option can be picked: column, width, its number from 0.
    pub picks: Vec<(u16, u16, usize)>,
    /// What a click does where: column, width, action.
    pub does: Vec<(u16, u16, Action)>,
    /// The event a click shows in full, by its index in the log.
    pub shows: Option<usize>,
}

/// Which side of the chat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The workflow's.
    Left,
    /// The contact's.
    Right,
}

/// Whether there are too few rows for blank lines between messages.
pub const fn is_compact(size: Size) -> bool {
    size.height < COMPACT
}

/// Lays out a row in so many columns.
pub fn lay(app: &App, index: usize, columns: u16) -> Laid {
    let mut layer = Layer { look: &app.look, columns, laid: Laid::default() };
    let Some(row) = app.fold.rows().get(index) else { return layer.laid };
    let Some(event) = app.rehearsal.log().get(row.event) else { return layer.laid };
    let before = index.checked_sub(1).and_then(|before| app.fold.rows().get(before));
    let loose = !is_compact(app.size);
    let apart = |before: &Row| match (before.kind.is_message(), row.kind.is_message()) {
        // Two messages of one side would run into each other.
        (true, true) => loose || is_contact(before) == is_contact(row),
        (before, this) => loose && (before || this),
    };
    // A group of one minute has no gaps, but below options the next message would read as one of them.
    let joined = row.joined && !before.is_some_and(|before| has_options(app, before));
    if before.is_some_and(apart) && !joined {
        layer.laid.lines.push(LaidLine::default());
    }
    let first = layer.laid.lines.len();
    layer.row(app, row, &event);
    if joined && let Some(line) = layer.laid.lines.get_mut(first) {
        // Where the next message begins is marked at the edge.
        let x = if is_contact(row) { columns.saturating_sub(1) } else { 0 };
        line.pieces.push((x, app.look.glyphs.dot.to_owned(), app.look.palette.muted));
    }
    layer.laid
}

const fn is_contact(row: &Row) -> bool {
    matches!(row.kind, RowKind::Contact { .. })
}

struct Layer<'a> {
    look: &'a Look,
    columns: u16,
    laid: Laid,
}

impl Layer<'_> {
    fn row(&mut self, app: &App, row: &Row, event: &Event<'_>) {
        let program = app.rehearsal.program();
        let look = self.look;
        let local = event.at.local(program.zone());
        let time = if row.timed { local.format("%H:%M").to_string() } else { String::new() };
        match (row.kind, &event.kind) {
            (RowKind::Day, _) => {
                self.centred(&local.format("%a %-d %b").to_string(), look.palette.muted.add_modifier(Modifier::BOLD));
            }
            (RowKind::Jump(span), _) => {
                // Skipped time says where it leads.
                let until = match event.kind {
                    Kind::TimeAdvanced { from, .. } => from.saturating_add(span).local(program.zone()),
                    _ => local,
                };
                let until = until.format("%a %-d %b %H:%M");
                let line = format!("{} {} {} {until}", look.glyphs.jump, words::skipped(span), look.glyphs.arrow);
                self.centred(&line, look.palette.muted);
            }
            (RowKind::Note, _) => self.centred(&words::note(program, event), look.palette.muted),
            (RowKind::Warning, _) => {
                self.centred(&format!("! {}", words::note(program, event)), look.palette.warn);
            }
            (RowKind::Bot, Kind::MessageSent { body, .. }) => {
                let (mut header, text) = sent(body);
                if let Some((_, reply)) = ai_reply(&app.rehearsal, row.event) {
                    header = Some(self.ai_header(&reply));
                }
                self.bubble(Side::Left, look.palette.bot, header.as_deref(), &text, &time);
                if let Body::Template { buttons, .. } = body {
                    let titles: Vec<&str> = buttons.split(SEPARATOR).filter(|title| !title.is_empty()).collect();
                    let open = app.template_open() == Some(row.event);
                    let picking = if open { Picking::Open(app.input.highlighted) } else { Picking::Closed(None) };
                    self.options(&titles, ShownAs::Buttons, picking);
                }
            }
            (RowKind::Question, Kind::QuestionAsked { text, shown_as, .. }) => {
                self.bubble(Side::Left, look.palette.bot, None, text, &time);
                let step = event.step.map(|step| program.step(step));
                let is_rating = step
                    .and_then(|step| step.question())
                    .is_some_and(|question| question.kind() == QuestionType::Rating);
                let stars: Vec<String> = if is_rating { self.stars() } else { Vec::new() };
                let options: Vec<&str> = match step {
                    _ if is_rating => stars.iter().map(String::as_str).collect(),
                    Some(step) => step.options().iter().map(String::as_str).collect(),
                    None => Vec::new(),
                };
                let open = is_pending(app, row);
                let picking = if open {
                    Picking::Open(app.input.highlighted)
                } else {
                    let answers: Vec<&str> = match step {
                        _ if is_rating => vec!["1", "2", "3", "4", "5"],
                        _ => options.clone(),
                    };
                    Picking::Closed(chosen(app, row.event, &answers))
                };
                self.options(&options, *shown_as, picking);
            }
            (RowKind::Contact { stars, heard }, Kind::ContactMessage { body, .. }) => {
                // What no step took does not look like what was taken: no fill, and another sign.
                let (sign, style) = match heard {
                    Heard::Accepted => (look.glyphs.delivered, look.palette.contact),
                    Heard::Rejected => (look.glyphs.failed, look.palette.error),
                    Heard::Not => (look.glyphs.unheard, look.palette.muted),
                };
                let meta = format!("{time} {sign}");
                let (header, mut text) = received(body);
                if let Some(stars) = stars {
                    text = Cow::Owned(format!("{text} {}", self.rated(usize::from(stars))));
                }
                self.bubble(Side::Right, style, header, &text, meta.trim_start());
            }
            (RowKind::Agent, Kind::AgentMessage { text }) => {
                self.bubble(Side::Left, look.palette.agent, Some("Agent"), text, &time);
            }
            (RowKind::End, _) => self.end(app, row, event),
            (RowKind::Aside, _) => self.aside(program, row.event, event),
            (RowKind::Failed, Kind::SendingFailed { cause, text, .. }) => {
                let meta = format!("{time} {}", look.glyphs.failed);
                let style = look.palette.muted.add_modifier(Modifier::CROSSED_OUT);
                self.bubble(Side::Left, style, None, text, meta.trim_start());
                self.centred(&format!("! Not sent: {}", cause_in_words(*cause)), look.palette.error);
            }
            _ => {}
        }
    }

    /// Whose bubble it is when an AI talks.
    fn ai_header(&self, reply: &Event<'_>) -> String {
        let source = match reply.kind {
            Kind::AiReplied { source, .. } => aside::by(source),
            _ => "",
        };
        format!("{} AI {source}", self.look.glyphs.ai).trim_end().to_owned()
    }

    /// What agents see between the messages: inset, with its sign, cut to a few lines. A click shows it in full.
    fn aside(&mut self, program: &Program, index: usize, event: &Event<'_>) {
        let Some(aside) = aside::of(program, self.look.glyphs, event) else { return };
        let palette = &self.look.palette;
        let sign_at = INSET;
        let text_at = sign_at + columns(aside.sign) + 1;
        let room = self.columns.saturating_sub(text_at + 2).min(WIDEST);
        let source = columns(aside.source);
        // Who answered stands behind the last line, which leaves room for that.
        let text_room = if source > 0 { room.saturating_sub(source + 2) } else { room };
        let lines = self.look.lines(&aside.text, usize::from(text_room), aside.lines);
        let inner = lines.iter().map(|(line, _)| columns(line)).max().unwrap_or_default();
        let (mut style, sign) = (palette.muted, if aside.is_warning { palette.warn } else { palette.ok });
        // A comment is a block of its own colour, as colleagues write it in the inbox.
        let is_block = matches!(event.kind, Kind::CommentAdded { .. }) && palette.filled;
        if is_block {
            style = palette.agent;
        }
        let last = lines.len().saturating_sub(1);
        for (number, (line, base)) in lines.into_iter().enumerate() {
            let gap = inner.saturating_sub(columns(&line));
            let (mut x, mut line) = (text_at, line);
            match base {
                Direction::RightToLeft if is_block => line.insert_str(0, &" ".repeat(usize::from(gap))),
                Direction::RightToLeft => x += gap,
                Direction::LeftToRight if is_block => line.push_str(&" ".repeat(usize::from(gap))),
                Direction::LeftToRight => {}
            }
            let mut laid = LaidLine { shows: Some(index), ..LaidLine::default() };
            if number == 0 {
                laid.pieces.push((sign_at, aside.sign.to_owned(), sign));
            }
            let end = x + columns(&line);
            laid.pieces.push((x, line, style));
            if number == last && source > 0 {
                laid.pieces.push((end + 2, aside.source.to_owned(), palette.warn));
            }
            self.laid.lines.push(laid);
        }
    }

    /// The end of a run as a card: outcome, reason, coverage, and while nothing came after it, what can be done next.
    fn end(&mut self, app: &App, row: &Row, event: &Event<'_>) {
        let (glyphs, palette) = (self.look.glyphs, &self.look.palette);
        let (title, lines) = ending::card(app, event);
        let inner = self.columns.saturating_sub(8).clamp(1, WIDEST);
        let edge = |left: &str, line: &str, right: &str| format!("{left}{line}{right}");
        let frame = palette.border_focused;
        let rule = glyphs.horizontal.repeat(usize::from(inner) + 2);
        let mut push = |pieces, does| self.laid.lines.push(LaidLine { pieces, does, ..LaidLine::default() });
        push(vec![(2, edge(glyphs.top_left, &rule, glyphs.top_right), frame)], Vec::new());
        let mut text = |text: &str, style: Style| {
            let text = visible(text);
            let base = self.look.bidi.direction(&text);
            for range in wrap(&text, usize::from(inner)) {
                let line = self.look.seen(text.get(range).unwrap_or_default(), base).into_owned();
                let side = |x| (x, glyphs.vertical.to_owned(), frame);
                let x = if base == Direction::RightToLeft { 4 + inner - columns(&line).min(inner) } else { 4 };
                push(vec![side(2), (x, line, style), side(5 + inner)], Vec::new());
            }
        };
        text(&title, palette.accent);
        for line in &lines {
            text(line, palette.base);
        }
        let is_over = !app.rehearsal.session().is_running();
        if is_over && app.fold.rows().iter().rev().find(|row| row.kind == RowKind::End) == Some(row) {
            let (mut pieces, mut does) = (vec![(2, glyphs.vertical.to_owned(), frame)], Vec::new());
            let mut x = 4;
            for (key, word, action) in [
                ("Ctrl-T", "undo", Action::Undo),
                ("Alt-R", "start over", Action::Restart),
                ("Ctrl-Q", "leave", Action::Quit),
            ] {
                let width = columns(key) + columns(word) + 1;
                if x + width > 4 + inner {
                    break;
                }
                pieces.push((x, key.to_owned(), palette.key));
                pieces.push((x + columns(key) + 1, word.to_owned(), palette.muted));
                does.push((x, width, action));
                x += width + 3;
            }
            pieces.push((5 + inner, glyphs.vertical.to_owned(), frame));
            self.laid.lines.push(LaidLine { pieces, does, ..LaidLine::default() });
        }
        let foot = edge(glyphs.bottom_left, &rule, glyphs.bottom_right);
        self.laid.lines.push(LaidLine { pieces: vec![(2, foot, frame)], ..LaidLine::default() });
    }

    /// Lines in the middle, of a text that is safe.
    fn centred(&mut self, text: &str, style: Style) {
        let room = usize::from(self.columns.saturating_sub(4)).max(1);
        let base = self.look.bidi.direction(text);
        for range in wrap(text, room) {
            let line = self.look.seen(text.get(range).unwrap_or_default(), base).into_owned();
            let x = self.columns.saturating_sub(columns(&line)) / 2;
            self.laid.lines.push(LaidLine { pieces: vec![(x, line, style)], ..LaidLine::default() });
        }
    }

    /// A message: its text on its side, what is to be known about it beside its last line.
    fn bubble(&mut self, side: Side, style: Style, header: Option<&str>, text: &str, meta: &str) {
        let text = visible(text);
        let room = self.columns.saturating_sub(META + 4).clamp(1, WIDEST);
        let mut lines: Vec<(Cow<'_, str>, Direction, Style)> = Vec::new();
        if let Some(header) = header {
            let header = self.look.fit(header, usize::from(room));
            lines.push((header.into(), Direction::LeftToRight, style.add_modifier(Modifier::BOLD)));
        }
        let mut base = Direction::LeftToRight;
        for range in wrap(&text, usize::from(room)) {
            if range.start == 0 || text.get(..range.start).is_some_and(|before| before.ends_with('\n')) {
                let paragraph = text.get(range.start..).unwrap_or_default().split('\n').next().unwrap_or_default();
                base = self.look.bidi.direction(paragraph);
            }
            lines.push((self.look.seen(text.get(range).unwrap_or_default(), base), base, style));
        }
        let inner = cells(lines.iter().map(|(line, ..)| width(&markup::drawn(line).0)).max().unwrap_or_default());
        let last = lines.len().saturating_sub(1);
        for (index, (line, base, style)) in lines.into_iter().enumerate() {
            let meta = if index == last { meta } else { "" };
            let line = self.side_line(side, style, &line, base, inner, meta);
            self.laid.lines.push(line);
        }
    }

    /// One line of a bubble whose text is `inner` columns wide.
    fn side_line(&self, side: Side, style: Style, line: &str, base: Direction, inner: u16, meta: &str) -> LaidLine {
        let (line, marks) = markup::drawn(line);
        let line = &*line;
        let palette = &self.look.palette;
        let x = match side {
            Side::Left => 1,
            Side::Right => self.columns.saturating_sub(inner + 3),
        };
        let gap = " ".repeat(usize::from(inner.saturating_sub(columns(line))));
        let padded = match base {
            Direction::LeftToRight => format!("{line}{gap}"),
            Direction::RightToLeft => format!("{gap}{line}"),
        };
        let before = match base {
            Direction::LeftToRight => 0,
            Direction::RightToLeft => columns(&gap),
        };
        let drawn = |x: u16, style: Style| {
            marks.iter().map(move |(at, text, how)| (x + before + at, text.clone(), style.add_modifier(*how)))
        };
        let mut pieces = Vec::with_capacity(3);
        if palette.filled && style.bg != palette.base.bg {
            pieces.push((x, format!(" {padded} "), style));
            pieces.extend(drawn(x + 1, style));
        } else {
            // Without a ground a bar holds the lines of one bubble together.
            let (bar_at, text_at) = match side {
                Side::Left => (x, x + 2),
                Side::Right => (x + inner + 1, x),
            };
            pieces.push((bar_at, self.look.glyphs.bar.to_owned(), palette.border_focused));
            let style = style.patch(on_base(palette.base, style));
            pieces.push((text_at, padded, style));
            pieces.extend(drawn(text_at, style));
        }
        if !meta.is_empty() {
            let meta_at = match side {
                Side::Left => x + inner + 3,
                Side::Right => x.saturating_sub(columns(meta) + 1),
            };
            pieces.push((meta_at, meta.to_owned(), palette.muted));
        }
        LaidLine { pieces, ..LaidLine::default() }
    }
}

/// The ground of the screen for a text that is not filled with its own.
const fn on_base(base: Style, style: Style) -> Style {
    match (style.bg, base.bg) {
        (Some(own), _) => Style::new().bg(own),
        (None, Some(ground)) => Style::new().bg(ground),
        (None, None) => Style::new(),
    }
}

/// A heading and the text of what a workflow sent.
fn sent<'a>(body: &Body<&'a str>) -> (Option<String>, Cow<'a, str>) {
    match *body {
        Body::Text(text) => (None, Cow::Borrowed(text)),
        Body::Attachment { kind, url, name } => {
            let kind = attachment(kind);
            (Some(name.map_or_else(|| kind.to_owned(), |name| format!("{kind}: {name}"))), Cow::Borrowed(url))
        }
        Body::Template { name, header, body, .. } => {
            let body = if body.is_empty() { Cow::Owned(format!("Template {name}")) } else { Cow::Borrowed(body) };
            (Some(header.map_or_else(|| "Template".to_owned(), |header| format!("Template: {header}"))), body)
        }
    }
}

/// A heading and the text of what a contact sent.
fn received<'a>(body: &Received<&'a str>) -> (Option<&'static str>, Cow<'a, str>) {
    match *body {
        Received::Text(text) => (None, Cow::Borrowed(text)),
        Received::Attachment { kind, url } => (Some(attachment(kind)), Cow::Borrowed(url)),
        Received::Location { latitude, longitude } => {
            (Some("Location"), Cow::Owned(format!("{}, {}", latitude.normalize(), longitude.normalize())))
        }
    }
}

const fn attachment(kind: AttachmentKind) -> &'static str {
    match kind {
        AttachmentKind::Image => "Image",
        AttachmentKind::Video => "Video",
        AttachmentKind::Audio => "Audio",
        AttachmentKind::File => "File",
    }
}
