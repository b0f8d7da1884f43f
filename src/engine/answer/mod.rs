//! Answers: what a contact sends is judged by the question's type and brought into its normal form. One file a question type.
//!
//! Before matching, digits of any script become digits, and outer blanks, bidi marks and zero-width characters are dropped: at the
//! ends only for `text`, anywhere for the other types. A `url` keeps its digits and the joiners inside it as they were written. What is
//! blank after that fits no type (semantics.md, "Asking").

mod choice;
mod date;
mod email;
mod invalid;
mod location;
mod number;
mod phone;
mod rating;
mod url;

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub use self::choice::Choice;
pub use self::invalid::{InvalidAnswer, quoted};
pub use self::number::parse_decimal;
pub use crate::flow::{AttachmentKind, DateFormat, QuestionType};
use crate::text::{strip_all_but_joiners, strip_invisible, to_ascii_digits, trim};

/// What a contact's message holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming<'a> {
    /// A text, raw.
    Text(&'a str),
    /// A file by its address.
    Attachment {
        /// What kind of file.
        kind: AttachmentKind,
        /// Where it lies.
        url: &'a str,
    },
    /// A place, in degrees.
    Location {
        /// North of the equator.
        latitude: Decimal,
        /// East of Greenwich.
        longitude: Decimal,
    },
}

/// An accepted answer in its normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// A text: as trimmed, an ISO day, E.164, an address, `lat,lon`.
    Text(Cow<'a, str>),
    /// A number or a rating, without trailing zeros.
    Number(Decimal),
    /// A multiple choice: the option, from 0.
    Choice(usize),
}

/// A question, prepared once so that judging an answer costs little.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Any text that is not blank (R5).
    Text,
    /// One of the options, by text or number (R6, R32).
    MultipleChoice(Choice),
    /// An exact decimal of at most 28 digits, bounds included (R8, R9).
    Number {
        /// The smallest answer.
        min: Option<Decimal>,
        /// The largest answer.
        max: Option<Decimal>,
    },
    /// A calendar day in one of the formats (R10).
    Date {
        /// Tried in this order.
        formats: Vec<DateFormat>,
    },
    /// A phone number with its country code (R11).
    Phone,
    /// An e-mail address (R12).
    Email,
    /// A web address (R13).
    Url,
    /// One to five (R14).
    Rating,
    /// A place on the map.
    Location,
}

impl Question {
    /// A multiple choice. `exact` makes case and outer blanks of an option's text matter.
    pub fn multiple_choice(options: &[String], exact: bool) -> Self {
        Self::MultipleChoice(Choice::new(options, exact))
    }

    /// Its type.
    pub const fn kind(&self) -> QuestionType {
        match self {
            Self::Text => QuestionType::Text,
            Self::MultipleChoice(_) => QuestionType::MultipleChoice,
            Self::Number { .. } => QuestionType::Number,
            Self::Date { .. } => QuestionType::Date,
            Self::Phone => QuestionType::Phone,
            Self::Email => QuestionType::Email,
            Self::Url => QuestionType::Url,
            Self::Rating => QuestionType::Rating,
            Self::Location => QuestionType::Location,
        }
    }

    /// Judges an answer. `today` is the virtual day, for date formats without a year.
    pub fn accept<'a>(&self, incoming: &Incoming<'a>, today: NaiveDate) -> Result<Answer<'a>, InvalidAnswer> {
        let raw = match *incoming {
            Incoming::Text(raw) => raw,
            Incoming::Attachment { .. } => return Err(InvalidAnswer::Attachment),
            Incoming::Location { latitude, longitude } => {
                return match self {
                    Self::Location => location::normal(latitude, longitude).map(text),
                    _ => Err(InvalidAnswer::Location),
                };
            }
        };
        if matches!(self, Self::Text) {
            let trimmed = trim(raw);
            return if trimmed.is_empty() { Err(InvalidAnswer::Blank) } else { Ok(Answer::Text(trimmed.into())) };
        }
        let answer = clean(raw);
        if answer.is_empty() {
            return Err(InvalidAnswer::Blank);
        }
        match self {
            Self::Text => Ok(Answer::Text(answer)),
            Self::MultipleChoice(choice) => choice.accept(raw, &answer).map(Answer::Choice),
            Self::Number { min, max } => number::accept(&answer, *min, *max).map(Answer::Number),
            Self::Date { formats } => date::accept(&answer, formats, today).map(text),
            Self::Phone => phone::accept(&answer).map(text),
            Self::Email => email::accept(answer).map(Answer::Text),
            Self::Url => url::accept(&strip_all_but_joiners(raw)).map(text),
            Self::Rating => rating::accept(&answer).map(Answer::Number),
            Self::Location => location::accept(&answer).map(text),
        }
    }
}

fn text<'a>(normal: String) -> Answer<'a> {
    Answer::Text(Cow::Owned(normal))
}

/// The answer as it is matched: no invisible marks, ASCII digits.
fn clean(raw: &str) -> Cow<'_, str> {
    match strip_invisible(raw) {
        Cow::Borrowed(stripped) => to_ascii_digits(stripped),
        Cow::Owned(stripped) => Cow::Owned(to_ascii_digits(&stripped).into_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(super) fn accept(question: &Question, text: &str) -> Result<String, InvalidAnswer> {
        let today = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        question.accept(&Incoming::Text(text), today).map(|answer| match answer {
            Answer::Text(text) => text.into_owned(),
            Answer::Number(number) => number.to_string(),
            Answer::Choice(index) => format!("#{index}"),
        })
    }

    fn every_question() -> Vec<Question> {
        let options = ["Yes, I agree", "No", "12", "نعم"].map(str::to_owned);
        vec![
            Question::Text,
            Question::multiple_choice(&options, false),
            Question::multiple_choice(&options, true),
            Question::Number { min: None, max: None },
            Question::Date { formats: DateFormat::ALL.to_vec() },
            Question::Phone,
            Question::Email,
            Question::Url,
            Question::Rating,
            Question::Location,
        ]
    }

    #[test]
    fn r05_text_takes_any_text_as_trimmed() {
        assert_eq!(accept(&Question::Text, " \u{200f}٣ apples\u{200d} ").as_deref(), Ok("٣ apples"));
    }

    #[test]
    fn what_is_blank_fits_no_type() {
        for question in every_question() {
            for blank in ["", "  ", "\u{200f}\u{feff}\t"] {
                assert_eq!(accept(&question, blank), Err(InvalidAnswer::Blank), "{question:?}");
            }
        }
    }

    #[test]
    fn an_attachment_answers_no_question() {
        let file = Incoming::Attachment { kind: AttachmentKind::Image, url: "https://example.com/a.png" };
        for question in every_question() {
            assert_eq!(question.accept(&file, NaiveDate::MIN), Err(InvalidAnswer::Attachment));
        }
    }

    proptest! {
        #[test]
        fn no_answer_breaks_a_validator_and_every_reason_has_words(text in "\\PC{0,40}") {
            for question in every_question() {
                if let Err(reason) = accept(&question, &text) {
                    prop_assert!(!reason.explain(&question, &text).is_empty());
                }
            }
        }

        #[test]
        fn answers_of_likely_letters_break_nothing(text in "[0-9٠-٩+.,:/@★⭐() a-z٬٫-]{0,32}") {
            for question in every_question() {
                let _ = accept(&question, &text);
            }
        }

        #[test]
        fn a_normal_form_is_its_own_normal_form(text in "[0-9٠-٩+.,:/@★() a-zA-Z-]{1,24}") {
            let kinds = [Question::Text, Question::Phone, Question::Email, Question::Url, Question::Location,
                Question::Number { min: None, max: None }, Question::Rating];
            for question in kinds {
                if let Ok(normal) = accept(&question, &text) {
                    prop_assert_eq!(accept(&question, &normal), Ok(normal));
                }
            }
        }
    }
}
