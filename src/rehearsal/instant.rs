//! Instants as people write them, and as the event stream does.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::engine::Instant;

/// An instant of the workspace's zone, written as RFC 3339 with an offset, never `Z`. Milliseconds stand only where there are some.
#[derive(Debug, Clone, Copy)]
pub struct Stamp(pub Instant, pub Tz);

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.0.local(self.1);
        if self.0.millis() % 1000 == 0 {
            write!(f, "{}", local.format("%Y-%m-%dT%H:%M:%S%:z"))
        } else {
            write!(f, "{}", local.format("%Y-%m-%dT%H:%M:%S%.3f%:z"))
        }
    }
}

/// Why a text names no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    /// It cannot be read.
    #[error(
        "\"{0}\" is no instant: write it like 2026-01-05T09:00, 2026-01-05T09:00:00+03:00, or 09:00 for the next time it is nine"
    )]
    Unreadable(String),
    /// The clocks of the zone skip it.
    #[error("{0} does not exist in {1}: the clocks are put forward over it")]
    Skipped(String, Tz),
    /// It lies outside the years 1 to 9999.
    #[error("{0} lies outside the years 1 to 9999")]
    OutOfRange(String),
}

/// Reads an instant: RFC 3339, or a date and time local to the zone, or a time of day, which is the next such time after `now`.
pub fn parse(text: &str, zone: Tz, now: Option<Instant>) -> Result<Instant, InstantError> {
    let text = text.trim();
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Instant::try_from(instant).map_err(|_| InstantError::OutOfRange(text.to_owned()));
    }
    let in_zone = |local: NaiveDateTime| {
        let instant = zone.from_local_datetime(&local).earliest();
        let instant = instant.ok_or_else(|| InstantError::Skipped(local.to_string(), zone))?;
        Instant::try_from(instant).map_err(|_| InstantError::OutOfRange(text.to_owned()))
    };
    let formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
    if let Some(local) = formats.into_iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()) {
        return in_zone(local);
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return in_zone(day.and_time(NaiveTime::MIN));
    }
    let unreadable = || InstantError::Unreadable(text.to_owned());
    let time = NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| unreadable())?;
    let now = now.ok_or_else(unreadable)?;
    let today = now.local(zone).date_naive();
    let next = [Some(today), today.checked_add_days(Days::new(1))].into_iter().flatten();
    let mut next = next.filter_map(|day| in_zone(day.and_time(time)).ok());
    next.find(|instant| *instant > now).ok_or_else(unreadable)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Amman;

    fn stamp(text: &str, now: Option<&str>) -> Result<String, InstantError> {
        let now = now.map(|now| parse(now, Amman, None).unwrap());
        parse(text, Amman, now).map(|instant| Stamp(instant, Amman).to_string())
    }

    #[test]
    fn instants_are_read_in_the_zone_and_written_with_its_offset() {
        assert_eq!(stamp("2026-01-05T09:00", None).unwrap(), "2026-01-05T09:00:00+03:00");
        assert_eq!(stamp("2026-01-05T06:00:00Z", None).unwrap(), "2026-01-05T09:00:00+03:00");
        assert_eq!(stamp("2026-01-05T06:00:00.250Z", None).unwrap(), "2026-01-05T09:00:00.250+03:00");
        assert_eq!(
            Stamp(parse("2026-01-05", Tz::UTC, None).unwrap(), Tz::UTC).to_string(),
            "2026-01-05T00:00:00+00:00"
        );
    }

    #[test]
    fn a_time_of_day_is_the_next_one() {
        assert_eq!(stamp("09:00", Some("2026-01-05T08:00")).unwrap(), "2026-01-05T09:00:00+03:00");
        assert_eq!(stamp("09:00", Some("2026-01-05T09:00")).unwrap(), "2026-01-06T09:00:00+03:00");
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        assert!(matches!(stamp("soon", None), Err(InstantError::Unreadable(_))));
        assert!(matches!(parse("2026-03-29T02:30", chrono_tz::Europe::Berlin, None), Err(InstantError::Skipped(..))));
        assert!(matches!(stamp("0000-01-01T00:00:00Z", None), Err(InstantError::OutOfRange(_))));
    }
}
