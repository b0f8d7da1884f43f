//! A long move of time, done in slices so that who drives it can look at keys and signals in between. It is one entry of the history.

use std::time::Duration;

use super::{Origin, Outcome, Refused, Rehearsal};
use crate::engine::{Instant, Session, Travel};
use crate::rehearsal::command::Act;
use crate::rehearsal::instant;

/// A move of time that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Journey {
    from: Instant,
    travel: Travel,
}

impl Journey {
    /// Where it goes.
    pub const fn target(&self) -> Instant {
        self.travel.target()
    }

    /// How much of the way is behind it at an instant, in percent.
    pub fn percent(&self, now: Instant) -> u128 {
        let behind = now.since(self.from).as_millis().saturating_mul(100);
        behind.checked_div(self.target().since(self.from).as_millis()).unwrap_or(100).min(100)
    }
}

/// Whether an act moves time and nothing else.
pub(super) const fn is_move(act: &Act) -> bool {
    matches!(act, Act::Forward(_) | Act::Next | Act::Until(_))
}

/// Where an act moves time; what is no move leaves it where it is.
pub(super) fn target(session: &Session, act: &Act) -> Result<Instant, Refused> {
    match act {
        Act::Forward(span) => session.now().checked_add(*span).ok_or(Refused::TooFar),
        Act::Next => session.next_deadline().ok_or(Refused::NothingPending),
        Act::Until(written) => Ok(instant::parse(written, session.program().zone(), Some(session.now()))?),
        _ => Ok(session.now()),
    }
}

impl Rehearsal {
    /// Does something after a running clock moved so far, as [`act_after`](Self::act_after) does. A move of time pauses once so many
    /// timers have fired: there is a [journey](Self::journey) then, which [goes on](Self::go_on) or [stops](Self::stop_here).
    pub fn set_out_after(&mut self, passed: Duration, act: Act, timers: usize) -> Result<Outcome, Refused> {
        self.act_as(passed, act, Origin::Operator, timers)
    }

    /// Lets a running clock move so far by itself, as [`pass`](Self::pass) does, pausing as [`set_out_after`](Self::set_out_after) does.
    pub fn set_out_by_clock(&mut self, passed: Duration, timers: usize) -> Result<Outcome, Refused> {
        self.act_as(Duration::ZERO, Act::Forward(passed), Origin::Clock, timers)
    }

    /// The move of time that is under way.
    pub const fn journey(&self) -> Option<&Journey> {
        self.journey.as_ref()
    }

    /// Goes on with what is under way until so many more timers have fired.
    pub fn go_on(&mut self, timers: usize) -> Outcome {
        let outcome = Outcome { count: 1, events_from: self.log.len() };
        if let Some(journey) = &mut self.journey {
            // It was taken when it began, and time only went on since.
            let taken = self.session.travel(&mut journey.travel, timers, &mut self.log);
            if taken.is_err() || journey.travel.is_over() {
                self.journey = None;
                self.keep();
            }
        }
        outcome
    }

    /// Stops what is under way where it is. The history has it as a move to here.
    pub fn stop_here(&mut self) -> Outcome {
        let now = self.session.now();
        if let Some(journey) = &mut self.journey {
            journey.travel.shorten(now);
            if let Some(last) = self.done.last_mut() {
                last.act = Act::Forward(now.since(journey.from));
            }
        }
        // What falls due at this very instant belongs to it: done again, nothing else comes of it.
        self.go_on(usize::MAX)
    }

    /// Ends what is under way at its target, for something else is to be done.
    pub(super) fn arrive(&mut self) {
        self.go_on(usize::MAX);
    }

    /// Begins a move of time.
    pub(super) fn set_out(&mut self, act: &Act, timers: usize) -> Result<(), Refused> {
        let from = self.session.now();
        let mut travel = Travel::to(target(&self.session, act)?);
        self.session.travel(&mut travel, timers, &mut self.log)?;
        self.journey = Some(Journey { from, travel }).filter(|_| !travel.is_over());
        Ok(())
    }
}
