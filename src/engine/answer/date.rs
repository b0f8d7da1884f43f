//! Dates: a real calendar day in an allowed format, in ISO form (R10).

use chrono::{Datelike, NaiveDate};

use super::{DateFormat, InvalidAnswer};

const MONTHS: [&[u8; 3]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

/// Reads a day in one of the formats, in their order. Two-digit years lie in this century: 20YY, our choice.
pub(super) fn accept(answer: &str, formats: &[DateFormat], today: NaiveDate) -> Result<String, InvalidAnswer> {
    let mut reason = InvalidAnswer::NoDate;
    for format in formats {
        let Some((year, month, day)) = read(answer, *format, today) else { continue };
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(_) if year > 0 => return Ok(iso(year, month, day)),
            _ => reason = InvalidAnswer::NoSuchDay,
        }
    }
    Err(reason)
}

/// The numbers an answer puts in a format's places; `None` when it has another shape.
fn read(answer: &str, format: DateFormat, today: NaiveDate) -> Option<(i32, u32, u32)> {
    let format = format.as_str().as_bytes();
    let mut rest = answer.as_bytes();
    let (mut year, mut month, mut day) = (today.year(), 0, 0);
    let mut at = 0;
    while let Some(letter) = format.get(at) {
        let length = format.iter().skip(at).take_while(|other| *other == letter).count();
        at += length;
        let (here, after) = rest.split_at_checked(length)?;
        rest = after;
        match (letter, length) {
            (b'y', 2) => year = 2000 + i32::try_from(number(here)?).ok()?,
            (b'y', _) => year = i32::try_from(number(here)?).ok()?,
            (b'm', 3) => month = MONTHS.iter().zip(1..).find(|(name, _)| here.eq_ignore_ascii_case(**name))?.1,
            (b'm', _) => month = number(here)?,
            (b'd', _) => day = number(here)?,
            _ if here == [*letter] => {}
            _ => return None,
        }
    }
    rest.is_empty().then_some((year, month, day))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// `YYYY-MM-DD`, written by hand: this is on the way of every answered date.
fn iso(year: i32, month: u32, day: u32) -> String {
    let year = year.unsigned_abs();
    let digits = [year / 1000, year / 100, year / 10, year, 10, month / 10, month, 10, day / 10, day];
    // Ten in the list stands for a dash; everything else is one digit.
    let letter = |(place, digit): (usize, u32)| {
        if place == 4 || place == 7 { '-' } else { char::from_digit(digit % 10, 10).unwrap_or('0') }
    };
    digits.into_iter().enumerate().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Question, tests::accept};
    use super::*;
    use proptest::prelude::*;

    fn date(formats: &[DateFormat], answer: &str) -> Result<String, InvalidAnswer> {
        accept(&Question::Date { formats: formats.to_vec() }, answer)
    }

    #[test]
    fn r10_a_date_is_a_real_day_as_mm_dd_yyyy() {
        let formats = [DateFormat::MmDdYyyySlash];
        assert_eq!(date(&formats, "09/19/2021").as_deref(), Ok("2021-09-19"));
        assert_eq!(date(&formats, "٠٢/٢٩/٢٠٢٤").as_deref(), Ok("2024-02-29"));
        assert_eq!(date(&formats, "02/29/2023"), Err(InvalidAnswer::NoSuchDay));
        assert_eq!(date(&formats, "01/01/0000"), Err(InvalidAnswer::NoSuchDay));
        for other in ["9/19/2021", "19/09/21", "2021-09-19", "09/19/2021x", "09-19-2021", "09/19", "tomorrow"] {
            assert_eq!(date(&formats, other), Err(InvalidAnswer::NoDate), "{other}");
        }
        assert_eq!(date(&formats, "19/09/2021"), Err(InvalidAnswer::NoSuchDay));
    }

    #[test]
    fn every_format_reads_its_own_example() {
        let examples = [
            "09/19/2021",
            "2021/09/19",
            "09/19/21",
            "09-19-21",
            "sEp/19/2021",
            "Sep-19-2021",
            "SEP/19/21",
            "sep-19-21",
            "09/19",
            "09-19-2021",
            "2021-09-19",
        ];
        for (format, example) in DateFormat::ALL.iter().zip(examples) {
            let year = if *format == DateFormat::MmDdSlash { 2026 } else { 2021 };
            assert_eq!(date(&[*format], example), Ok(format!("{year}-09-19")), "{format}");
        }
    }

    #[test]
    fn a_reason_lists_the_formats() {
        let question = Question::Date { formats: vec![DateFormat::MmDdYyyySlash, DateFormat::YyyyMmDdDash] };
        assert_eq!(
            InvalidAnswer::NoDate.explain(&question, "soon"),
            "\"soon\" is not a date written as mm/dd/yyyy or yyyy-mm-dd"
        );
        assert_eq!(
            InvalidAnswer::NoDate.explain(&question, "25.12.2026"),
            "25.12.2026 does not fit mm/dd/yyyy or yyyy-mm-dd"
        );
        let question = Question::Date { formats: vec![DateFormat::MmDdYyyySlash] };
        assert_eq!(
            InvalidAnswer::NoSuchDay.explain(&question, "25/12/2026"),
            "25/12/2026 does not fit mm/dd/yyyy: there is no such day"
        );
    }

    proptest! {
        #[test]
        fn days_survive_their_own_writing(days in 0i32..3_000_000) {
            let Some(day) = NaiveDate::from_num_days_from_ce_opt(days + 1).filter(|day| day.year() < 10_000) else { return Ok(()) };
            prop_assert_eq!(date(&[DateFormat::YyyyMmDdDash], &day.to_string()), Ok(day.to_string()));
        }
    }
}
