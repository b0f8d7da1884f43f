//! `date_time`: business hours or a range of days, and reading the clock texts they are written with.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::mapping::Fields;
use super::value::Value;
use super::{Lowering, quoted};
use crate::flow::model::{DateTime, Hours};

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

const HOURS_EXAMPLE: &str = "business_hours: { timezone: Asia/Amman, mon-fri: 09:00-17:00 }";

impl Lowering<'_> {
    pub(super) fn date_time(&mut self, value: Value<'_>) -> Option<Box<DateTime>> {
        let mut fields = self.fields(value, "`date_time`", HOURS_EXAMPLE)?;
        let business = fields.take("business_hours");
        let range = fields.take("range");
        let failure = fields.take("failure_branch");
        let at = fields.at();
        fields.finish(self);
        let hours = match (business, range) {
            (Some(business), None) => self.business_hours(business),
            (None, Some(range)) => self.range(range),
            (None, None) => {
                let message = "`date_time` needs `business_hours` or `range`";
                self.error("missing-key", at, message, format!("add it: {HOURS_EXAMPLE}"));
                None
            }
            (Some(business), Some(range)) => {
                self.error_also(
                    "several-hours",
                    (range.at, "`date_time` looks at business hours or at a range, not at both".to_owned()),
                    (business.at, "`business_hours`"),
                    "use two steps, one after the other",
                );
                None
            }
        };
        let failure_branch = failure.map(|side| self.side(side, "`failure_branch`"));
        let (hours, timezone) = hours?;
        Some(Box::new(DateTime { hours, timezone, failure_branch }))
    }

    /// The zone of the mapping, else the workspace's.
    fn zone(&mut self, fields: &mut Fields<'_>) -> Option<Tz> {
        match fields.take("timezone") {
            Some(zone) => self.timezone(zone),
            None => Some(self.workspace.as_ref().map_or(Tz::UTC, |workspace| workspace.timezone)),
        }
    }

    fn business_hours(&mut self, value: Value<'_>) -> Option<(Hours, Tz)> {
        let mut fields = self.fields(value, "`business_hours`", HOURS_EXAMPLE)?;
        let zone = self.zone(&mut fields);
        let at = fields.at();
        let mut hours = Vec::new();
        let entries = fields.take_rest(self);
        if entries.is_empty() {
            let help = format!("add the days, as in {HOURS_EXAMPLE}");
            self.error("no-hours", at, "`business_hours` names no day", help);
        }
        let mut good = !entries.is_empty();
        for entry in entries {
            let Some(days) = days(entry.key) else {
                let message = format!("{} is not a day of the week", quoted(entry.key));
                let known = DAYS.iter().map(|(name, _)| *name).chain(["tue-fri", "timezone"]);
                self.unknown("unknown-day", entry.key_span, message, entry.key, known);
                good = false;
                continue;
            };
            if entry.value().is_null() {
                let help = "write the hours, such as 09:00-17:00. For a day that is closed leave the day out";
                self.error("missing-text", entry.key_span, format!("no hours are given for `{}`", entry.key), help);
                good = false;
            }
            for item in entry.value().items() {
                match self.hours(item) {
                    Some((from, to)) => hours.extend(days.iter().map(|day| (*day, from, to))),
                    None => good = false,
                }
            }
        }
        if !good {
            return None;
        }
        hours.sort_by_key(|(day, from, _)| (day.num_days_from_monday(), *from));
        Some((Hours::Business(hours), zone?))
    }

    /// `09:00-17:00`. Midnight at the end may be written 24:00.
    fn hours(&mut self, value: Value<'_>) -> Option<(NaiveTime, NaiveTime)> {
        let text = self.text(value, "the hours of a day")?;
        let ends = text.split_once(['-', '–']);
        let read = ends.and_then(|(from, to)| Some((clock(from)?, end_clock(to)?)));
        let Some((from, to)) = read else {
            let message = format!("{} are no hours", quoted(text));
            let help = "write start and end with hours and minutes, from 00:00 to 24:00: 09:00-17:00";
            self.error("bad-hours", value.place(), message, help);
            return None;
        };
        let whole_day = ends.is_some_and(|(_, to)| to.trim() == "24:00");
        if from == to && !whole_day {
            let help = "write the end of the range; for a whole day write 00:00-24:00.";
            self.error("bad-hours", value.place(), format!("{} ends when it starts", quoted(text)), help);
            return None;
        }
        Some((from, to))
    }

    fn range(&mut self, value: Value<'_>) -> Option<(Hours, Tz)> {
        let example = "range: { from: 2026-01-05 09:00, to: 2026-01-09 17:00 }";
        let mut fields = self.fields(value, "`range`", example)?;
        let zone = self.zone(&mut fields);
        let from_at = fields.require(self, "from");
        let from = from_at.and_then(|from| self.local(from, "`from`"));
        let to_at = fields.require(self, "to");
        let to = to_at.and_then(|to| self.local(to, "`to`"));
        fields.finish(self);
        let (from, to) = (from?, to?);
        if let (Some(from_at), Some(to_at)) = (from_at, to_at)
            && from >= to
        {
            self.error_also(
                "range-backwards",
                (from_at.node.span, "this range starts when it is over: `from` is not before `to`".to_owned()),
                (to_at.node.span, "`to`"),
                "exchange the two. A day without a time is its first minute",
            );
            return None;
        }
        Some((Hours::Range { from, to }, zone?))
    }

    fn local(&mut self, value: Value<'_>, what: &str) -> Option<NaiveDateTime> {
        let text = self.text(value, what)?;
        let read = local(text);
        if read.is_none() {
            let message = format!("{what} must be a day or a day with a time, not {}", quoted(text));
            let help = "write it like 2026-01-05 or 2026-01-05 09:00; the zone goes into `timezone`";
            self.error("bad-date", value.place(), message, help);
        }
        read
    }
}

/// The days a key names: `mon`, or `tue-fri`, which may run over the end of the week.
fn days(key: &str) -> Option<Vec<Weekday>> {
    let day = |name: &str| DAYS.iter().find(|(known, _)| *known == name.trim()).map(|(_, day)| *day);
    let Some((first, last)) = key.split_once(['-', '–']) else { return Some(vec![day(key)?]) };
    let (mut day, last) = (day(first)?, day(last)?);
    let mut days = vec![day];
    while day != last {
        day = day.succ();
        days.push(day);
    }
    Some(days)
}

fn clock(text: &str) -> Option<NaiveTime> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        let good = lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| good)
    };
    NaiveTime::from_hms_opt(number(hours, 1..=2)?, number(minutes, 2..=2)?, 0)
}

fn end_clock(text: &str) -> Option<NaiveTime> {
    if text.trim() == "24:00" { Some(NaiveTime::MIN) } else { clock(text) }
}

/// A local day, or day and time, as the format writes them; a day alone is its first minute.
pub(super) fn local(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    for format in ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(read) = NaiveDateTime::parse_from_str(text, format) {
            return Some(read);
        }
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN))
}
