//! The seam to the outside world: who carries requests there while the screen runs, and what is known to be switched on.

use std::fmt;

use crate::engine::Request;
use crate::rehearsal::Rehearsal;
use crate::rehearsal::command::Answer;

/// What of the outside world is switched on. Off unless somebody asked for it; the screen says so while it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outside {
    /// HTTP requests are really sent (`--live-http`).
    pub http: bool,
    /// An AI is really asked (`--ai-endpoint`).
    pub ai: bool,
    /// Rows are really appended to files (`--sheets`).
    pub sheets: bool,
}

impl Outside {
    /// Whether anything is on.
    pub const fn is_on(self) -> bool {
        self.http || self.ai || self.sheets
    }

    /// In words, what is on: in full, and in short. Empty when nothing is.
    pub fn in_words(self) -> (String, &'static str) {
        let parts = [(self.http, "HTTP live"), (self.ai, "AI live"), (self.sheets, "sheets to files")];
        let full: Vec<&str> = parts.into_iter().filter(|(on, _)| *on).map(|(_, words)| words).collect();
        let short = match (self.http || self.ai, self.sheets) {
            (true, _) => "network on",
            (false, true) => "sheets on",
            (false, false) => "",
        };
        (full.join(", "), short)
    }
}

/// Carries requests outside and brings answers back. It must not block: the screen asks it again and again while a request is pending.
pub trait Courier: fmt::Debug {
    /// Whether it answers this request by itself. What it does not answer, the operator is asked for.
    fn answers(&self, request: &Request) -> bool;

    /// Looks whether the answer to the pending request has come. Called only while one is pending that it [answers](Self::answers).
    ///
    /// `errand` numbers the requests: while it stays the same it is the same request still; another number is another request, and an
    /// answer that comes late for an earlier number is to be dropped. Undo, for one, makes a request disappear.
    fn poll(&mut self, rehearsal: &Rehearsal, errand: u64) -> Option<Answer>;

    /// Something was done: the events from this index of the log on are new. Called for the start of a run too. Not called after undo and
    /// redo, nor for what was done before the screen opened: that is no news to the world outside. Returns what went wrong, in words for people.
    fn acted(&mut self, rehearsal: &Rehearsal, events_from: usize) -> Option<String>;
}
