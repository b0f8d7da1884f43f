//! The running clock: real time that has passed and was not yet put into the session.
//!
//! Time that merely passes is no input of its own: it is shown at once, and put into the session right before the next act or when a
//! deadline is reached. So undo takes back what somebody did, and the event log is not flooded.

use std::time::Duration;

use crate::engine::Instant;

/// The speeds `Ctrl-S` goes through, in virtual seconds per real second (our choice).
const SPEEDS: [f64; 5] = [1.0, 10.0, 60.0, 600.0, 3600.0];
/// The screen is drawn at most so often when only the clock moves.
const SHORTEST_WAIT: Duration = Duration::from_millis(40);

/// A clock that runs or stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    running: bool,
    /// Virtual seconds per real second.
    speed: f64,
    /// Virtual time that has passed since the session last moved.
    passed: Duration,
}

impl Clock {
    /// A running clock, or at speed 0 one that stands and runs at speed 1 when it is started. What is no positive number becomes 1.
    pub fn new(speed: f64) -> Self {
        let running = speed != 0.0;
        let speed = if speed.is_finite() && speed > 0.0 { speed.min(1_000_000.0) } else { 1.0 };
        Self { running, speed, passed: Duration::ZERO }
    }

    /// Whether it runs.
    pub const fn is_running(&self) -> bool {
        self.running
    }

    /// Virtual seconds per real second.
    pub const fn speed(&self) -> f64 {
        self.speed
    }

    /// Virtual time that has passed and was not yet taken.
    pub const fn passed(&self) -> Duration {
        self.passed
    }

    /// Stops or starts.
    pub fn toggle(&mut self) {
        self.running = !self.running;
    }

    /// The next faster speed; after the fastest, real time.
    pub fn faster(&mut self) {
        self.speed = SPEEDS.into_iter().find(|speed| *speed > self.speed).unwrap_or(SPEEDS[0]);
    }

    /// Real time goes by.
    pub fn run(&mut self, real: Duration) {
        if self.running {
            let virtual_seconds = real.as_secs_f64() * self.speed;
            self.passed = self.passed.saturating_add(Duration::try_from_secs_f64(virtual_seconds).unwrap_or_default());
        }
    }

    /// Hands over what has passed, in whole milliseconds; the rest stays.
    pub fn take(&mut self) -> Duration {
        let whole = Duration::from_millis(u64::try_from(self.passed.as_millis()).unwrap_or(u64::MAX));
        self.passed = self.passed.saturating_sub(whole);
        whole
    }

    /// Puts back what was taken for an act that was refused.
    pub fn give_back(&mut self, passed: Duration) {
        self.passed = self.passed.saturating_add(passed);
    }

    /// Forgets what has passed: the session was moved elsewhere.
    pub fn reset(&mut self) {
        self.passed = Duration::ZERO;
    }

    /// The real time until the shown second changes or the deadline is reached; `None` when it stands.
    pub fn next_wake(&self, session_now: Instant, deadline: Option<Instant>) -> Option<Duration> {
        if !self.running {
            return None;
        }
        let shown = session_now.saturating_add(self.passed);
        let past_second = u64::try_from(shown.millis().rem_euclid(1000)).unwrap_or(0);
        let mut virtual_wait = Duration::from_millis(1000 - past_second);
        if let Some(deadline) = deadline {
            virtual_wait = virtual_wait.min(deadline.since(shown));
        }
        let real = Duration::try_from_secs_f64(virtual_wait.as_secs_f64() / self.speed).unwrap_or(SHORTEST_WAIT);
        Some(real.max(SHORTEST_WAIT))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_wakes_for_the_next_second_and_for_a_deadline_before_it() {
        let now = Instant::from_millis(10_250).unwrap();
        let mut clock = Clock::new(1.0);
        assert_eq!(clock.next_wake(now, None), Some(Duration::from_millis(750)));
        let deadline = Instant::from_millis(10_500);
        assert_eq!(clock.next_wake(now, deadline), Some(Duration::from_millis(250)));
        clock.toggle();
        assert_eq!(clock.next_wake(now, deadline), None);
    }

    #[test]
    fn time_is_taken_once_and_in_whole_milliseconds() {
        let mut clock = Clock::new(10.0);
        clock.run(Duration::from_micros(1_250));
        assert_eq!(clock.take(), Duration::from_millis(12));
        assert_eq!(clock.passed(), Duration::from_micros(500));
        clock.toggle();
        clock.run(Duration::from_secs(5));
        assert_eq!(clock.take(), Duration::ZERO);
    }

    #[test]
    fn a_strange_speed_is_real_time() {
        assert!(!Clock::new(0.0).is_running());
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!((Clock::new(speed).speed() - 1.0).abs() < f64::EPSILON);
        }
    }
}
