//! `askQuestion`: the question, its kind, where the answer goes, and its ways out.

use rust_decimal::Decimal;

use super::condition::good_name;
use super::{Lower, Read};
use crate::flow::model::{Action, AskQuestion, FailureBranches, SaveAs, Spanned, limits};
use crate::flow::words::{DateFormat, FieldType, QuestionType};
use crate::native::json::At;
use crate::native::remark::Carried;
use crate::native::spelling::Area;
use crate::text::matched;

impl Lower<'_, '_> {
    pub(super) fn ask_question(&mut self, index: usize, id: &str, data: &At<'_>) -> Option<(Read, Option<usize>)> {
        let Some(question) = data.some("question") else {
            self.found.missing(data, "question", "its type, its text and its options");
            return None;
        };
        let kind_at = self.found.text(&question, "type", "the kind of answer")?;
        let text_at = self.found.text(&question, "text", "what is asked")?;
        let kind = Self::word(Area::Question, &kind_at).and_then(QuestionType::named)?;
        let text = self.long_text(&text_at)?;
        let options = if kind == QuestionType::MultipleChoice { self.options(&question)? } else { Vec::new() };
        let number = |ours: &str| {
            let at = Self::key(&question, ours).filter(|_| kind == QuestionType::Number)?;
            at.as_scalar()?.parse::<Decimal>().ok()
        };
        let (min, max) = (number("min"), number("max"));
        let mut date_formats = Vec::new();
        if kind == QuestionType::Date {
            let written = self.texts(&question, "date_formats");
            date_formats = written.iter().filter_map(|format| DateFormat::named(&format.to_lowercase())).collect();
            if date_formats.is_empty() {
                date_formats = vec![DateFormat::MmDdYyyySlash];
            }
        }
        let save_as = self.save_as(data, id, kind);
        let timeout = match data.some("timeout") {
            Some(timeout) => self.duration(&timeout, id)?,
            None => limits::LONGEST_WAIT,
        };
        let success = self.connector(index, "success");
        let invalid = self.connector(index, "invalid");
        let late = self.connector(index, "timeout");
        let failed = self.connector(index, "sending_failed");
        let parts = [("success", success), ("invalid", invalid), ("timeout", late), ("sending_failed", failed)];
        self.parts(index, id, &parts);
        let has_ways_out = parts.iter().any(|(_, connector)| connector.is_some());
        let late = self.side_with_steps(late);
        // Only a timeout branch can say how long: an empty one ends the run just as none does.
        let timeout_branch = late.or_else(|| (timeout != limits::LONGEST_WAIT).then(Vec::new));
        // An empty branch for invalid answers ends the run; without one the contact may try again. Failed sends end it either way.
        let (invalid, sending_failed) = (self.side(invalid), self.side_with_steps(failed));
        let failures = match (&invalid, &sending_failed) {
            // Without either branch the two styles are one.
            (None, None) => FailureBranches::Joint(None),
            _ => FailureBranches::Split { invalid, sending_failed },
        };
        let ask = AskQuestion {
            text,
            kind,
            options,
            min,
            max,
            date_formats,
            exact: false,
            save_as,
            timeout,
            timeout_branch,
            failures,
        };
        let next = success.or_else(|| (!has_ways_out).then_some(index));
        Some((Read::One(Action::AskQuestion(Box::new(ask))), next))
    }

    fn options(&mut self, question: &At<'_>) -> Option<Vec<Spanned<String>>> {
        use unicode_segmentation::UnicodeSegmentation as _;
        let Some(list) = question.some("options") else {
            self.found.missing(question, "options", "the answers a multiple choice offers");
            return None;
        };
        let mut options: Vec<Spanned<String>> = Vec::new();
        for item in list.items() {
            let Some(text) = item.as_scalar() else {
                self.found.wrong_type(&item, "a text");
                continue;
            };
            let same = |known: &Spanned<String>| matched(&known.value) == matched(&text);
            let wrong = if options.len() == limits::OPTIONS {
                Some(format!("more than {} options", limits::OPTIONS))
            } else if text.graphemes(true).count() > limits::OPTION_CHARACTERS {
                Some(format!("an option has at most {} characters", limits::OPTION_CHARACTERS))
            } else if text.trim().is_empty() {
                Some("an empty option".to_owned())
            } else {
                options.iter().any(same).then(|| "the same option twice".to_owned())
            };
            if let Some(message) = wrong {
                self.found.error("bad-option", &item, &message, "mend the question on the platform");
            }
            options.push(Self::named(text, &item));
        }
        if options.is_empty() {
            self.found.error(
                "bad-option",
                &list,
                "a multiple choice without options",
                "mend the question on the platform",
            );
        }
        Some(options)
    }

    fn save_as(&mut self, data: &At<'_>, id: &str, kind: QuestionType) -> SaveAs {
        let Some(save) = data.some("saveResponse") else { return SaveAs::default() };
        let field = save.some("field").map(|at| {
            let guess = kind.field_types().first().copied().unwrap_or(FieldType::Text);
            let (name, new) = self.gather.field(&at, guess);
            if new {
                let text = format!(
                    "the contact field is known only by its number: it is called `{name}` here, of the type {guess}"
                );
                self.found.remark(Carried::Guessed, &at, Some(id), text);
            }
            Self::named(name, &at)
        });
        let variable = save.some("variable").and_then(|at| {
            let name = at.as_text().filter(|name| !name.trim().is_empty())?;
            if !good_name(name) {
                let text = format!("`{name}` cannot be the name of a variable here: the answer is not saved under it");
                self.found.remark(Carried::Kept, &at, Some(id), text);
                return None;
            }
            Some(Self::named(name.to_owned(), &at))
        });
        let tag = save.some("tag").and_then(|at| at.as_bool()).unwrap_or_default();
        SaveAs { field, variable, tag: tag && kind == QuestionType::MultipleChoice }
    }
}
