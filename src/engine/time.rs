//! Virtual instants: UTC milliseconds. Zones apply where an instant is shown and in `date_time`.

use std::time::Duration;

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A virtual instant, in milliseconds since 1970-01-01T00:00:00Z. Always between [`Instant::MIN`] and [`Instant::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let millis = i64::deserialize(deserializer)?;
        Self::from_millis(millis)
            .ok_or_else(|| serde::de::Error::custom("an instant lies between the years 1 and 9999"))
    }
}

impl Instant {
    /// The first instant of the year 1.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// The last millisecond of the year 9999, less two days so that every zone can show it with four digits.
    pub const MAX: Self = Self(253_402_300_799_999 - 2 * 86_400_000);

    /// An instant from UTC milliseconds; `None` outside the years 1 to 9999.
    pub fn from_millis(millis: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0).contains(&millis).then_some(Self(millis))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// So much later; `None` past [`Instant::MAX`].
    pub fn checked_add(self, span: Duration) -> Option<Self> {
        self.0.checked_add(i64::try_from(span.as_millis()).ok()?).and_then(Self::from_millis)
    }

    /// So much later, at most [`Instant::MAX`].
    #[must_use]
    pub fn saturating_add(self, span: Duration) -> Self {
        self.checked_add(span).unwrap_or(Self::MAX)
    }

    /// The instant so much earlier; the first one there is when that lies before it.
    #[must_use]
    pub fn saturating_sub(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).ok().and_then(|span| self.0.checked_sub(span));
        millis.and_then(Self::from_millis).unwrap_or(Self::MIN)
    }

    /// The time from `earlier` to this instant; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The instant as a zone's clocks show it.
    pub fn local(self, zone: Tz) -> DateTime<Tz> {
        // The range of `Instant` lies well inside chrono's, so the fallback is never seen.
        zone.timestamp_millis_opt(self.0).single().unwrap_or_else(|| DateTime::<Utc>::UNIX_EPOCH.with_timezone(&zone))
    }
}

impl<Zone: TimeZone> TryFrom<DateTime<Zone>> for Instant {
    type Error = OutOfRange;

    fn try_from(date_time: DateTime<Zone>) -> Result<Self, OutOfRange> {
        Self::from_millis(date_time.timestamp_millis()).ok_or(OutOfRange)
    }
}

/// An instant outside the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an instant lies between the years 1 and 9999")]
pub struct OutOfRange;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_can_be_shown_in_every_zone() {
        for zone in chrono_tz::TZ_VARIANTS {
            assert!(Instant::MAX.local(zone).format("%Y").to_string() == "9999", "{zone}");
            assert!(Instant::MIN.local(zone).timestamp_millis() == Instant::MIN.millis(), "{zone}");
        }
    }

    #[test]
    fn adding_stops_at_the_end() {
        assert_eq!(Instant::MAX.checked_add(Duration::from_millis(1)), None);
        assert_eq!(Instant::MAX.saturating_add(Duration::from_secs(1)), Instant::MAX);
        assert_eq!(Instant::MIN.checked_add(Duration::MAX), None);
    }
}
