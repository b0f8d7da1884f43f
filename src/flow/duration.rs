//! Durations as people write them: `10 minutes`, `4h`, `1 day 12h`.

use std::time::Duration;

/// Why a text is no duration. Each message is one sentence for the author of a flow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Nothing was written.
    #[error("a duration is missing here, such as `10 minutes`, `4h` or `1 day 12h`")]
    Empty,
    /// A number that no unit follows.
    #[error("`{0}` needs a unit: write `{0} minutes`, `{0} hours` or `{0} days`")]
    NoUnit(String),
    /// A unit that is not known.
    #[error("`{0}` is not a unit of time: use seconds, minutes, hours, days or weeks")]
    UnknownUnit(String),
    /// Something that does not start with a whole number.
    #[error("`{0}` is not a duration: it takes whole numbers with their units")]
    NotANumber(String),
    /// More seconds than can be counted.
    #[error("this duration is too long")]
    TooLong,
}

const UNITS: &[(u64, &str, &[&str])] = &[
    (7 * 24 * 3600, "week", &["w", "wk", "wks", "week", "weeks"]),
    (24 * 3600, "day", &["d", "day", "days"]),
    (3600, "hour", &["h", "hr", "hrs", "hour", "hours"]),
    (60, "minute", &["m", "min", "mins", "minute", "minutes"]),
    (1, "second", &["s", "sec", "secs", "second", "seconds"]),
];

/// Reads a duration: whole numbers with units, added up (`1 day 12h`, `1h30m`). Case does not matter, a day is 24 hours. Zero is a
/// duration; who cannot use it says so.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(DurationError::Empty);
    }
    let mut seconds: u64 = 0;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit());
        if number.is_empty() {
            return Err(DurationError::NotANumber(text.trim().to_owned()));
        }
        let (unit, after) = split(after.trim_start(), char::is_alphabetic);
        if unit.is_empty() {
            return Err(match after.chars().next() {
                None | Some('0'..='9') => DurationError::NoUnit(number.to_owned()),
                Some(_) => DurationError::NotANumber(text.trim().to_owned()),
            });
        }
        let lower = unit.to_lowercase();
        let Some((size, ..)) = UNITS.iter().find(|(_, _, words)| words.contains(&lower.as_str())) else {
            return Err(DurationError::UnknownUnit(unit.to_owned()));
        };
        let count: u64 = number.parse().map_err(|_| DurationError::TooLong)?;
        let part = count.checked_mul(*size).ok_or(DurationError::TooLong)?;
        seconds = seconds.checked_add(part).ok_or(DurationError::TooLong)?;
        rest = after.trim_start();
    }
    Ok(Duration::from_secs(seconds))
}

/// The durations a sentence speaks of: `Wait 4 hours, then 1 day 12h` speaks of two. A unit of one letter must follow its number at once.
pub fn durations_in(text: &str) -> Vec<Duration> {
    let mut found = Vec::new();
    let mut seconds: Option<u64> = None;
    let mut rest = text;
    let mut in_word = false;
    while let Some(next) = rest.chars().next() {
        let (number, after) = split(rest, |c| c.is_ascii_digit());
        if in_word || number.is_empty() {
            if !next.is_whitespace() {
                found.extend(seconds.take().map(Duration::from_secs));
            }
            in_word = next.is_alphanumeric() || matches!(next, '_' | '.' | ':');
            rest = rest.get(next.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (unit, behind) = split(after.trim_start_matches([' ', '-']), char::is_alphabetic);
        let attached = after.len() == unit.len() + behind.len();
        let lower = unit.to_lowercase();
        let size = UNITS
            .iter()
            .find(|(_, _, words)| words.contains(&lower.as_str()) && (attached || unit.len() > 1))
            .map(|(size, ..)| *size);
        let part = size.and_then(|size| number.parse::<u64>().ok()?.checked_mul(size));
        if let Some(part) = part {
            seconds = Some(seconds.unwrap_or_default().saturating_add(part));
            rest = behind;
        } else {
            found.extend(seconds.take().map(Duration::from_secs));
            in_word = true;
            rest = after;
        }
    }
    found.extend(seconds.map(Duration::from_secs));
    found
}

/// Writes a duration in full words, such as `1 day 12 hours`; parts of a second are dropped. [`parse_duration`] reads it back.
pub fn format_duration(duration: Duration) -> String {
    let mut seconds = duration.as_secs();
    let mut words = Vec::new();
    // A week is written as seven days: that is how the product's limits speak.
    for (size, name, _) in UNITS.iter().skip(1) {
        let count = seconds / size;
        seconds %= size;
        if count > 0 {
            words.push(format!("{count} {name}{}", if count == 1 { "" } else { "s" }));
        }
    }
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_speak_of_durations() {
        let hours = |text| durations_in(text).iter().map(|found| found.as_secs() / 3600).collect::<Vec<_>>();
        assert_eq!(hours("Wait 4 Hours"), [4]);
        assert_eq!(hours("Wait 23h, then 1 day 12 hours."), [23, 36]);
        assert_eq!(hours("a 24-hour window"), [24]);
        for none in ["Step 4", "v2.4 hours", "4 d", "at 10:30 days", "a4h", "", "99999999999999999999 h"] {
            assert_eq!(hours(none), [] as [u64; 0], "{none}");
        }
    }
    use proptest::prelude::*;

    fn seconds(text: &str) -> Result<u64, DurationError> {
        parse_duration(text).map(|duration| duration.as_secs())
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, expected) in [
            ("10 minutes", 600),
            ("4h", 14_400),
            ("1 day 12h", 129_600),
            ("7 days", 604_800),
            ("1 week", 604_800),
            ("1h30m", 5_400),
            (" 2 Hrs ", 7_200),
            ("90s", 90),
            ("0 minutes", 0),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_told_apart() {
        assert_eq!(seconds(" "), Err(DurationError::Empty));
        assert_eq!(seconds("10"), Err(DurationError::NoUnit("10".into())));
        assert_eq!(seconds("1 day 12"), Err(DurationError::NoUnit("12".into())));
        assert_eq!(seconds("3 fortnights"), Err(DurationError::UnknownUnit("fortnights".into())));
        for text in ["soon", "1.5 hours", "-1 day", "1 day, 2 hours", "١ day"] {
            assert_eq!(seconds(text), Err(DurationError::NotANumber(text.into())), "{text}");
        }
        assert_eq!(seconds("99999999999999999999 s"), Err(DurationError::TooLong));
        assert_eq!(seconds("9999999999999999999 w"), Err(DurationError::TooLong));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(count in any::<u64>()) {
            let duration = Duration::from_secs(count);
            prop_assert_eq!(parse_duration(&format_duration(duration)), Ok(duration));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = parse_duration(&text);
        }
    }
}
