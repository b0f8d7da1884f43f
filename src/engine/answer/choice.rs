//! Multiple choice: the option's text, or its number counted from 1 (R6, R32).

use super::InvalidAnswer;
use crate::text::{strip_invisible, to_ascii_digits};

/// The options of a multiple choice, prepared for matching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    options: Vec<String>,
    exact: bool,
}

impl Choice {
    pub(super) fn new(options: &[String], exact: bool) -> Self {
        let prepared = options.iter().map(|option| if exact { option.clone() } else { folded(option) });
        Self { options: prepared.collect(), exact }
    }

    /// How many options there are.
    pub(super) fn len(&self) -> usize {
        self.options.len()
    }

    /// The option an answer names. When an option's own text is a number, text wins.
    pub(super) fn accept(&self, answer: &str) -> Result<usize, InvalidAnswer> {
        let by_text = |option: &String| {
            if self.exact {
                // An answer arrives cleaned, so the option is cleaned alike; its case and inner blanks count.
                *option == *answer || to_ascii_digits(&strip_invisible(option)) == answer
            } else if answer.is_ascii() && option.is_ascii() {
                option.eq_ignore_ascii_case(answer)
            } else {
                *option == folded(answer)
            }
        };
        if let Some(index) = self.options.iter().position(by_text) {
            return Ok(index);
        }
        let number = answer.bytes().all(|byte| byte.is_ascii_digit()).then(|| answer.parse::<usize>().ok()).flatten();
        let index = number.and_then(|number| number.checked_sub(1)).filter(|index| *index < self.options.len());
        index.ok_or(InvalidAnswer::NoOption)
    }
}

fn folded(option: &str) -> String {
    to_ascii_digits(&strip_invisible(option)).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::super::{Question, tests::accept};
    use super::*;

    fn choice(options: &[&str], exact: bool) -> Question {
        Question::multiple_choice(&options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>(), exact)
    }

    #[test]
    fn r32_a_choice_is_answered_by_text_or_number() {
        let question = choice(&["Yes, I agree", "No", "نعم"], false);
        for (answer, index) in [("yes, i AGREE ", 0), ("2", 1), ("٣", 2), ("\u{200f}نعم", 2), (" NO", 1), ("02", 1)]
        {
            assert_eq!(accept(&question, answer), Ok(format!("#{index}")), "{answer}");
        }
        for answer in ["Yes", "0", "4", "1.", "+1", "one", "99999999999999999999999"] {
            assert_eq!(accept(&question, answer), Err(InvalidAnswer::NoOption), "{answer}");
        }
    }

    #[test]
    fn r06_an_option_that_is_a_number_wins_over_the_position() {
        let question = choice(&["2", "1", "٧"], false);
        assert_eq!(accept(&question, "1"), Ok("#1".into()));
        assert_eq!(accept(&question, "7"), Ok("#2".into()));
        assert_eq!(accept(&question, "3"), Ok("#2".into()));
    }

    #[test]
    fn exact_makes_case_matter_and_still_takes_the_number() {
        let question = choice(&["Yes", "No"], true);
        assert_eq!(accept(&question, "yes"), Err(InvalidAnswer::NoOption));
        assert_eq!(accept(&question, "Yes"), Ok("#0".into()));
        assert_eq!(accept(&question, "2"), Ok("#1".into()));
    }

    #[test]
    fn case_is_ignored_beyond_ascii() {
        assert_eq!(accept(&choice(&["ÉCOLE", "Straße"], false), "école"), Ok("#0".into()));
    }
}
