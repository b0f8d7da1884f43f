//! Why an answer does not fit, and the plain words for it.

use std::fmt::Write as _;

use super::{DateFormat, Question};
use crate::text::trim;

/// Why an answer does not fit its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvalidAnswer {
    /// Nothing is left when blanks and invisible marks are dropped.
    Blank,
    /// An attachment answers no question.
    Attachment,
    /// A location answers only a question for one.
    Location,
    /// None of the options.
    NoOption,
    /// No number.
    NoNumber,
    /// A number of more than 28 digits.
    TooManyDigits,
    /// Below the minimum (R9).
    BelowMinimum,
    /// Above the maximum (R9).
    AboveMaximum,
    /// In none of the formats.
    NoDate,
    /// In a format, but no day of the calendar.
    NoSuchDay,
    /// No phone number.
    NoPhone,
    /// It starts with 0: the country code is missing.
    NoCountryCode,
    /// Fewer than 8 or more than 15 digits.
    PhoneLength,
    /// No e-mail address.
    NoEmail,
    /// No web address.
    NoUrl,
    /// A web address, but neither http nor https.
    UrlScheme,
    /// No rating from 1 to 5.
    NoRating,
    /// No place.
    NoLocation,
    /// A latitude beyond ±90° or a longitude beyond ±180°.
    NotOnEarth,
}

impl InvalidAnswer {
    /// The reason in plain words, such as `15 is above the maximum 10`.
    pub fn explain(self, question: &Question, answer: &str) -> String {
        let answer = quoted(answer);
        let bound = |bound: Option<rust_decimal::Decimal>| {
            bound.map_or_else(String::new, |bound| bound.normalize().to_string())
        };
        match (self, question) {
            (Self::Blank, _) => "the answer is empty".into(),
            (Self::Attachment, _) => "an attachment is not an answer".into(),
            (Self::Location, _) => "a location is not an answer to this question".into(),
            (Self::BelowMinimum, Question::Number { min, .. }) => {
                format!("{answer} is below the minimum {}", bound(*min))
            }
            (Self::AboveMaximum, Question::Number { max, .. }) => {
                format!("{answer} is above the maximum {}", bound(*max))
            }
            (Self::NoOption, Question::MultipleChoice(choice)) => {
                format!("\"{answer}\" is none of the options, nor a number from 1 to {}", choice.len())
            }
            (Self::NoOption, _) => format!("\"{answer}\" is none of the options"),
            (Self::NoNumber | Self::BelowMinimum | Self::AboveMaximum, _) => format!("\"{answer}\" is not a number"),
            (Self::TooManyDigits, _) => "a number has at most 28 digits".into(),
            (Self::NoDate, Question::Date { formats }) => {
                // What has digits is meant as a date, only written in another way.
                if answer.contains(|letter: char| letter.is_numeric()) {
                    format!("{answer} does not fit {}", either(formats))
                } else {
                    format!("\"{answer}\" is not a date written as {}", either(formats))
                }
            }
            (Self::NoDate, _) => format!("\"{answer}\" is not a date"),
            (Self::NoSuchDay, Question::Date { formats }) => {
                format!("{answer} does not fit {}: there is no such day", either(formats))
            }
            (Self::NoSuchDay, _) => format!("{answer} is not a day of the calendar"),
            (Self::NoPhone, _) => format!("\"{answer}\" is not a phone number"),
            (Self::NoCountryCode, _) => format!("{answer} starts with 0: a phone number starts with its country code"),
            (Self::PhoneLength, _) => {
                format!("{answer} does not have the 8 to 15 digits of a phone number with its country code")
            }
            (Self::NoEmail, _) => format!("\"{answer}\" is not an e-mail address"),
            (Self::NoUrl, _) => format!("\"{answer}\" is not a web address"),
            (Self::UrlScheme, _) => format!("\"{answer}\" starts with neither http:// nor https://"),
            (Self::NoRating, _) => format!("\"{answer}\" is not a rating from 1 to 5"),
            (Self::NoLocation, _) => format!("\"{answer}\" is not a location, nor written as (latitude, longitude)"),
            (Self::NotOnEarth, _) => {
                format!("{answer} is not a place: a latitude lies within 90 degrees, a longitude within 180")
            }
        }
    }
}

/// The formats of a date, as in `mm/dd/yyyy or yyyy-mm-dd`.
fn either(formats: &[DateFormat]) -> String {
    let mut words = String::new();
    for (index, format) in formats.iter().enumerate() {
        let between = match index {
            0 => "",
            _ if index + 1 == formats.len() => " or ",
            _ => ", ",
        };
        let _ = write!(words, "{between}{format}");
    }
    words
}

/// What a reason says of an answer: at most 60 characters, for it is one short sentence.
pub fn quoted(answer: &str) -> String {
    let answer = trim(answer);
    let mut short: String = answer.chars().take(60).collect();
    if short.len() < answer.len() {
        short.push('…');
    }
    short
}
