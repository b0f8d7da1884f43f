//! The options of a question below its bubble: which can be picked, which was chosen, and how its channel shows them.

use crate::engine::answer::Question;
use crate::engine::event::{Body, KindOf as Kind};
use crate::engine::{ShownAs, WaitKind};
use crate::flow::QuestionType;
use crate::text::{Direction, width};
use crate::tui::app::App;
use crate::tui::fold::Row;
use crate::tui::look::columns;

use super::{LaidLine, Layer};

/// Whether an option can be picked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Picking {
    /// It was answered, with this option if with one, or it is a template's button.
    Closed(Option<usize>),
    /// It waits for an answer; the option picked out so far.
    Open(Option<usize>),
}

/// Whether a row shows the question that waits for an answer, whose options can be picked.
pub(super) fn is_pending(app: &App, row: &Row) -> bool {
    let session = app.rehearsal.session();
    let Some(wait) = session.waiting().filter(|wait| wait.kind == WaitKind::Question) else { return false };
    let last = app.fold.last_question().and_then(|last| app.fold.rows().get(last));
    let step = app.rehearsal.log().get(row.event).and_then(|event| event.step);
    last == Some(row) && step == Some(wait.step)
}

/// Whether options or buttons stand below a message.
pub(super) fn has_options(app: &App, row: &Row) -> bool {
    let event = app.rehearsal.log().get(row.event);
    event.is_some_and(|event| match event.kind {
        Kind::QuestionAsked { .. } => {
            let step = event.step.map(|step| app.rehearsal.program().step(step));
            step.is_some_and(|step| {
                let kind = step.question().map(Question::kind);
                !step.options().is_empty() || kind == Some(QuestionType::Rating)
            })
        }
        Kind::MessageSent { body: Body::Template { buttons, .. }, .. } => !buttons.is_empty(),
        _ => false,
    })
}

impl Layer<'_> {
    /// The options of a question as its channel shows them.
    pub(super) fn options(&mut self, options: &[&str], shown_as: ShownAs, picking: Picking) {
        if options.is_empty() {
            return;
        }
        let palette = &self.look.palette;
        let room = usize::from(self.columns.saturating_sub(8)).max(4);
        let (open, close) = match shown_as {
            ShownAs::QuickReplies => ("( ", " )"),
            _ if palette.filled => (" ", " "),
            ShownAs::Numbered => ("", ""),
            _ => ("[ ", " ]"),
        };
        let label = |index: usize, option: &str| match shown_as {
            ShownAs::Stars => option.to_owned(),
            ShownAs::Numbered => format!("{}. {option}", index + 1),
            _ => format!("{} {option}", index + 1),
        };
        let cells_of: Vec<String> =
            options.iter().enumerate().map(|(index, option)| self.look.fit(&label(index, option), room)).collect();
        let widest = cells_of.iter().map(|cell| width(cell)).max().unwrap_or_default();
        // A list is one column, a keyboard two of equal keys where they fit; the others flow.
        let (per_line, equal) = match shown_as {
            ShownAs::List | ShownAs::Numbered => (1, true),
            ShownAs::Keyboard if (widest + 5) * 2 > room => (1, true),
            ShownAs::Keyboard => (2, true),
            _ => (usize::MAX, false),
        };
        let mut line = LaidLine::default();
        let mut x: u16 = 1;
        let mut on_line = 0;
        for (index, cell) in cells_of.iter().enumerate() {
            let gap = if equal { " ".repeat(widest.saturating_sub(width(cell))) } else { String::new() };
            // Equal cells are aligned at the side from which they are read.
            let (before, after) = match self.look.bidi.direction(cell) {
                Direction::RightToLeft => (gap.as_str(), ""),
                Direction::LeftToRight => ("", gap.as_str()),
            };
            let is_chosen = picking == Picking::Closed(Some(index));
            let sign = if is_chosen { self.look.glyphs.visited } else { "" };
            let (left, right) = match self.look.bidi.direction(cell) {
                _ if sign.is_empty() => (String::new(), String::new()),
                Direction::RightToLeft => (String::new(), format!(" {sign}")),
                Direction::LeftToRight => (format!("{sign} "), String::new()),
            };
            let chip = format!("{open}{left}{before}{cell}{after}{right}{close}");
            let chip_width = columns(&chip);
            if on_line > 0 && (on_line >= per_line || x + chip_width > self.columns.saturating_sub(2)) {
                self.laid.lines.push(std::mem::take(&mut line));
                (x, on_line) = (1, 0);
            }
            let style = match picking {
                Picking::Closed(Some(chosen)) if chosen == index => palette.key,
                Picking::Closed(_) => palette.muted,
                Picking::Open(Some(picked)) if picked == index => palette.selected,
                Picking::Open(_) => palette.option,
            };
            line.pieces.push((x, chip, style));
            if !matches!(picking, Picking::Closed(_)) {
                line.picks.push((x, chip_width, index));
            }
            x += chip_width + 1;
            on_line += 1;
        }
        if on_line > 0 {
            self.laid.lines.push(line);
        }
    }

    /// The five answers of a rating.
    pub(super) fn stars(&self) -> Vec<String> {
        (1..=5).map(|count: usize| format!("{count} {}", self.look.glyphs.star.repeat(count))).collect()
    }

    /// So many stars of five.
    pub(super) fn rated(&self, stars: usize) -> String {
        let stars = stars.min(5);
        format!("{}{}", self.look.glyphs.star.repeat(stars), self.look.glyphs.no_star.repeat(5 - stars))
    }
}

/// The option a question was answered with, when its last answer was one.
pub(super) fn chosen(app: &App, asked: usize, options: &[&str]) -> Option<usize> {
    let log = app.rehearsal.log();
    let step = log.get(asked)?.step;
    // An answer that comes so much later that this does not find it is out of sight anyway.
    let events = (asked + 1..log.len()).take(512).filter_map(|index| log.get(index));
    let mut of_step = events.filter(|event| event.step == step);
    let answer = of_step.find_map(|event| match event.kind {
        Kind::AnswerAccepted { value, .. } => Some(Some(value.to_string())),
        Kind::QuestionAsked { .. } => Some(None),
        _ => None,
    })??;
    options.iter().position(|option| *option == answer)
}
