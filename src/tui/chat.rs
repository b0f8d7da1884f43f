//! Where the chat is scrolled to, and the slice of it that is seen. Only rows in sight are laid out, each once for a width.

use std::collections::HashMap;

use ratatui::layout::Rect;

use super::app::App;
use super::bubble::{self, Laid, LaidLine};

/// Laid-out rows kept; past that they are laid out again when needed (our choice).
const KEPT: usize = 512;

/// A line of the chat: its row and its place in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    row: usize,
    line: usize,
}

/// Where the chat is scrolled to.
#[derive(Debug, Default)]
pub struct Chat {
    /// The first line seen; `None` follows the newest message.
    top: Option<Place>,
    /// Rows there were when it was scrolled away from the newest.
    rows_when_left: usize,
    rows: usize,
    unseen: usize,
    /// The row of the question that was the last when this was prepared.
    question: Option<usize>,
    columns: u16,
    compact: bool,
    laid: HashMap<usize, Laid>,
    visible: Vec<Place>,
}

impl Chat {
    /// Whether it is scrolled away from the newest message.
    pub const fn is_scrolled(&self) -> bool {
        self.top.is_some()
    }

    /// Messages that came since it was scrolled away.
    pub const fn unseen(&self) -> usize {
        if self.top.is_some() { self.unseen } else { 0 }
    }

    /// The lines in sight, from the top, as [`prepare`](Self::prepare) found them.
    pub fn visible(&self) -> impl Iterator<Item = &LaidLine> {
        self.visible.iter().filter_map(|place| self.laid.get(&place.row)?.lines.get(place.line))
    }

    /// Shows the newest message again.
    pub const fn follow_newest(&mut self) {
        self.top = None;
    }

    /// Rows were added: the last one may read otherwise now.
    pub fn grew(&mut self) {
        let last = self.rows.saturating_sub(4);
        self.laid.retain(|row, _| *row < last);
    }

    /// Rows from this one on are not as they were.
    pub fn forget_from(&mut self, row: usize) {
        self.laid.retain(|known, _| *known < row);
        if self.top.is_some_and(|top| top.row >= row) {
            self.top = None;
        }
    }

    /// Lays out what is in sight. `app.chat` is not looked at.
    pub fn prepare(&mut self, app: &App, area: Rect) {
        let compact = bubble::is_compact(app.size);
        if self.columns != area.width || self.compact != compact || self.laid.len() > KEPT {
            self.laid.clear();
            (self.columns, self.compact) = (area.width, compact);
        }
        self.rows = app.fold.rows().len();
        // The options of the last question come and go without any new row, and those of the one before it went with it.
        for question in [self.question, app.fold.last_question()].into_iter().flatten() {
            self.laid.remove(&question);
        }
        self.question = app.fold.last_question();
        // A message counts as one, whatever is told beside it; what only is told counts as one too.
        let left = if self.top.is_some() { self.rows_when_left.min(self.rows) } else { self.rows };
        let came = app.fold.rows().get(left..).unwrap_or_default();
        let messages = came.iter().filter(|row| row.kind.is_message()).count();
        self.unseen = messages.max(usize::from(!came.is_empty()));
        let height = usize::from(area.height);
        let mut last_top = self.last_top(app, height);
        // The option that is picked out stays in sight where its question is taller than the chat.
        if let (Some(option), Some(row)) = (app.input.highlighted, self.question) {
            self.height(app, row);
            let lines = self.laid.get(&row).map_or(&[][..], |laid| laid.lines.as_slice());
            let picked = lines.iter().position(|line| line.picks.iter().any(|(.., index)| *index == option));
            let place = picked.map(|line| Place { row, line });
            last_top = place.filter(|place| *place < last_top).unwrap_or(last_top);
        }
        let top = self.top.filter(|top| *top < last_top).unwrap_or(last_top);
        if self.top.is_some_and(|top| top >= last_top) {
            self.top = None;
        }
        self.visible.clear();
        let mut place = top;
        while self.visible.len() < height && place.row < self.rows {
            if place.line < self.height(app, place.row) {
                self.visible.push(place);
                place.line += 1;
            } else {
                place = Place { row: place.row + 1, line: 0 };
            }
        }
    }

    /// Scrolls by so many lines; negative is back in time.
    pub fn scroll(&mut self, app: &App, area: Rect, lines: isize) {
        self.columns = area.width;
        self.rows = app.fold.rows().len();
        let last_top = self.last_top(app, usize::from(area.height));
        let mut top = self.top.unwrap_or(last_top);
        for _ in 0..lines.unsigned_abs() {
            let next = if lines < 0 { self.before(app, top) } else { self.after(app, top) };
            let Some(next) = next else { break };
            top = next;
        }
        if top >= last_top {
            self.top = None;
        } else {
            if self.top.is_none() {
                self.rows_when_left = self.rows;
            }
            self.top = Some(top);
        }
    }

    /// The first line seen when the newest message is at the foot.
    fn last_top(&mut self, app: &App, height: usize) -> Place {
        let mut left = height;
        let mut row = self.rows;
        while let Some(before) = row.checked_sub(1) {
            let lines = self.height(app, before);
            if lines >= left {
                return Place { row: before, line: lines - left };
            }
            left -= lines;
            row = before;
        }
        Place { row: 0, line: 0 }
    }

    fn before(&mut self, app: &App, place: Place) -> Option<Place> {
        if let Some(line) = place.line.checked_sub(1) {
            return Some(Place { line, ..place });
        }
        let mut row = place.row;
        loop {
            row = row.checked_sub(1)?;
            if let Some(line) = self.height(app, row).checked_sub(1) {
                return Some(Place { row, line });
            }
        }
    }

    fn after(&mut self, app: &App, place: Place) -> Option<Place> {
        if place.line + 1 < self.height(app, place.row) {
            return Some(Place { line: place.line + 1, ..place });
        }
        (place.row + 1 < self.rows).then_some(Place { row: place.row + 1, line: 0 })
    }

    fn height(&mut self, app: &App, row: usize) -> usize {
        let columns = self.columns;
        self.laid.entry(row).or_insert_with(|| bubble::lay(app, row, columns)).lines.len()
    }
}
