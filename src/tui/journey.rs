//! A long move of time on the screen: it runs in slices, keys and signals are looked at in between, and Esc stops it.

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, MouseEventKind};

use crate::rehearsal::plain;

use super::app::{App, Toast};
use super::update;

/// Timers that fire between two looks at keys and signals (our choice).
pub(super) const SLICE: usize = 100;
/// Keys that are held while time moves; more are dropped (our choice).
const MOST_HELD: usize = 10_000;

/// What was pressed while time moves: it is done when time has arrived.
#[derive(Debug, Default)]
pub struct Held {
    events: Vec<Event>,
    /// Where the move goes that a running clock makes; it stands if that is not reached.
    by_clock: Option<crate::engine::Instant>,
}

impl App {
    /// While time moves: Esc stops it, leaving and suspending are done at once, everything else waits. Returns whether the screen has to be
    /// drawn again; `None` when the event is to be done now.
    pub(super) fn hold(&mut self, event: &Event) -> Option<bool> {
        self.rehearsal.journey()?;
        match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => return Some(false),
            Event::Key(key) if key.code == KeyCode::Esc => {
                self.stop_journey();
                return Some(true);
            }
            Event::Key(key) if key.modifiers == KeyModifiers::CONTROL => match key.code {
                KeyCode::Char('c' | 'q') => {
                    self.stop_journey();
                    return None;
                }
                KeyCode::Char('z') => return None,
                _ => {}
            },
            Event::Resize(..) => return None,
            Event::Mouse(mouse) => {
                let scrolls = matches!(mouse.kind, MouseEventKind::ScrollUp | MouseEventKind::ScrollDown);
                return if scrolls { None } else { Some(false) };
            }
            _ => {}
        }
        if self.held.events.len() < MOST_HELD {
            self.held.events.push(event.clone());
        }
        Some(false)
    }

    /// A running clock reaches one deadline or more.
    pub(super) fn reach_deadlines(&mut self) {
        let passed = self.clock.take();
        self.held.by_clock = Some(self.rehearsal.session().now().saturating_add(passed));
        match self.rehearsal.set_out_by_clock(passed, SLICE) {
            Ok(outcome) => {
                self.done(outcome);
                self.arrive();
            }
            // The end of the calendar: the clock stands.
            Err(_) => self.clock.toggle(),
        }
    }

    /// Goes on with a move of time that is under way. Returns whether there was one.
    pub(super) fn go_on(&mut self) -> bool {
        if self.rehearsal.journey().is_none() {
            return false;
        }
        let outcome = self.rehearsal.go_on(SLICE);
        self.done(outcome);
        self.leave_to_banner();
        self.arrive();
        true
    }

    /// Says how far a move of time has come; once it has arrived, does what was pressed meanwhile.
    pub(super) fn arrive(&mut self) {
        let now = self.rehearsal.session().now();
        if let Some(journey) = self.rehearsal.journey() {
            let to = plain::clock(self.rehearsal.program(), journey.target());
            let text = format!("moving to {to}: {} %, Esc stops", journey.percent(now));
            self.toast = Some(Toast { text, is_error: false });
            return;
        }
        self.forget_progress();
        if self.held.by_clock.take().is_some_and(|to| now < to) {
            // More fell due than one input may fire: at this speed every frame would.
            self.clock.toggle();
            self.fail("too many timers fell due at once, so the clock stands; F7 lets it run".to_owned());
        }
        self.release();
    }

    /// Stops a move of time where it is; a running clock stands.
    fn stop_journey(&mut self) {
        let outcome = self.rehearsal.stop_here();
        self.done(outcome);
        if self.held.by_clock.take().is_some() {
            self.clock.toggle();
        }
        let here = plain::clock(self.rehearsal.program(), self.rehearsal.session().now());
        self.toast = Some(Toast { text: format!("Stopped at {here}"), is_error: false });
        self.release();
    }

    fn forget_progress(&mut self) {
        self.toast = self.toast.take().filter(|toast| toast.is_error || !toast.text.starts_with("moving to "));
    }

    fn release(&mut self) {
        // What moves time again holds those after it again.
        for event in std::mem::take(&mut self.held.events) {
            update::take(self, &event);
        }
    }
}
