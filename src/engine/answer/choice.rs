//! Multiple choice: the option's text, or its number counted from 1 (R6, R32).

use super::InvalidAnswer;
use crate::text::{matched, matched_exactly};

/// The options of a multiple choice, prepared for matching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    options: Vec<String>,
    exact: bool,
}

impl Choice {
    pub(super) fn new(options: &[String], exact: bool) -> Self {
        let key = if exact { matched_exactly } else { matched };
        Self { options: options.iter().map(|option| key(option)).collect(), exact }
    }

    /// How many options there are.
    pub(super) fn len(&self) -> usize {
        self.options.len()
    }

    /// The option an answer names. When an option's own text is a number, text wins. `raw` is the answer as it came, with the outer
    /// blanks that count in `match: exact`; `answer` is cleaned.
    pub(super) fn accept(&self, raw: &str, answer: &str) -> Result<usize, InvalidAnswer> {
        let by_text = if self.exact {
            let wanted = matched_exactly(raw);
            self.options.iter().position(|option| *option == wanted)
        } else if answer.is_ascii() {
            // The options are in lower case already.
            self.options.iter().position(|option| option.eq_ignore_ascii_case(answer))
        } else {
            let wanted = matched(answer);
            self.options.iter().position(|option| *option == wanted)
        };
        if let Some(index) = by_text {
            return Ok(index);
        }
        let number = answer.bytes().all(|byte| byte.is_ascii_digit()).then(|| answer.parse::<usize>().ok()).flatten();
        let index = number.and_then(|number| number.checked_sub(1)).filter(|index| *index < self.options.len());
        index.ok_or(InvalidAnswer::NoOption)
    }
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
    fn exact_keeps_outer_blanks_and_drops_marks() {
        let question = choice(&["Yes", " Maybe "], true);
        assert_eq!(accept(&question, " Yes"), Err(InvalidAnswer::NoOption));
        assert_eq!(accept(&question, "Yes "), Err(InvalidAnswer::NoOption));
        assert_eq!(accept(&question, "Maybe"), Err(InvalidAnswer::NoOption));
        assert_eq!(accept(&question, " Maybe "), Ok("#1".into()));
        assert_eq!(accept(&question, "\u{200f}Yes"), Ok("#0".into()));
        assert_eq!(accept(&question, " 2 "), Ok("#1".into()));
    }

    #[test]
    fn accents_match_however_they_are_spelled() {
        for exact in [false, true] {
            assert_eq!(accept(&choice(&["Caf\u{e9}"], exact), "Cafe\u{301}"), Ok("#0".into()));
            assert_eq!(accept(&choice(&["Cafe\u{301}"], exact), "Caf\u{e9}"), Ok("#0".into()));
        }
    }

    #[test]
    fn case_is_ignored_beyond_ascii() {
        assert_eq!(accept(&choice(&["ÉCOLE", "Straße"], false), "école"), Ok("#0".into()));
    }
}
