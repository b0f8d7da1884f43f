//! `ask_question`: the question, its options and bounds, where the answer goes, and its side branches (R1–R30).

use super::mapping::Fields;
use super::side::SideAt;
use super::value::{FIELD_TO_SET, Value};
use super::{Lowering, Noticed, characters, limits, quoted};
use crate::flow::model::{AskQuestion, FailureBranches, SaveAs, Side, Spanned};
use crate::flow::words::{DateFormat, QuestionType};
use crate::source::{NodeKind, Span};
use crate::template::{Part, Template};
use crate::text::matched;
use std::time::Duration;

/// The side branches as they stand in the file.
#[derive(Clone, Copy)]
struct Sides<'n> {
    timeout: Option<Value<'n>>,
    failure: Option<Value<'n>>,
    invalid: Option<Value<'n>>,
    sending_failed: Option<Value<'n>>,
}

/// The side branches, read.
struct Branches {
    timeout: Duration,
    timeout_branch: Option<Side>,
    failures: FailureBranches,
}

impl Lowering<'_> {
    pub(super) fn ask_question(&mut self, value: Value<'_>) -> Option<Box<AskQuestion>> {
        let mut fields =
            self.fields(value, "`ask_question`", "ask_question: { text: \"What is your name?\", type: text }")?;
        let sides = Sides {
            timeout: fields.take("timeout_branch"),
            failure: fields.take("failure_branch"),
            invalid: fields.take("invalid_branch"),
            sending_failed: fields.take("sending_failed_branch"),
        };
        let question = self.question(fields);
        // Read last and from here, so that questions nested in side branches stay shallow on the stack.
        let branches = self.branches(sides);
        let mut question = question?;
        question.timeout = branches.timeout;
        question.timeout_branch = branches.timeout_branch;
        question.failures = branches.failures;
        Some(question)
    }

    /// Everything but the side branches.
    fn question(&mut self, mut fields: Fields<'_>) -> Option<Box<AskQuestion>> {
        let text = fields.require(self, "text").and_then(|text| self.message_text(text, "`text`"));
        let kind = fields
            .require(self, "type")
            .and_then(|kind| self.word(kind, "`type`", QuestionType::ALL, QuestionType::as_str));
        let options = fields.take("options");
        let options_read = options.map(|options| self.options(options));
        let min = fields.take("min");
        let max = fields.take("max");
        let formats = fields.take("date_formats");
        let matching = fields.take("match");
        let save_as = fields.take("save_as");
        let at = fields.at();
        fields.finish(self);

        for (given, key, owner) in [
            (options, "options", QuestionType::MultipleChoice),
            (matching, "match", QuestionType::MultipleChoice),
            (min, "min", QuestionType::Number),
            (max, "max", QuestionType::Number),
            (formats, "date_formats", QuestionType::Date),
        ] {
            if let (Some(given), Some(kind)) = (given, kind)
                && kind != owner
            {
                self.error(
                    "setting-misfit",
                    given.at,
                    format!("`{key}` belongs to the type {owner}, but this question's type is {kind}"),
                    format!("take `{key}` out, or write `type: {owner}`"),
                );
            }
        }
        if kind == Some(QuestionType::MultipleChoice) && options.is_none() {
            let help = "add them: options: [Sales, Support]";
            self.error("no-options", at, "a multiple choice needs `options`", help);
        }
        let (min, max) = self.bounds(min, max);
        let date_formats = formats.map(|formats| self.date_formats(formats)).unwrap_or_default();
        let exact = matching
            .and_then(|word| self.word(word, "`match`", &["relaxed", "exact"], std::convert::identity))
            .is_some_and(|word| word == "exact");
        let save_as = save_as.map(|save_as| self.save_as(save_as, kind)).unwrap_or_default();
        let (text, kind) = (text?, kind?);
        let options = options_read.unwrap_or_default();
        if let Some(field) = save_as.field.as_ref().filter(|field| !self.is_no_field(&field.value)) {
            let options = options.iter().map(|option: &Spanned<String>| option.value.clone()).collect();
            self.notice(field.span, Noticed::Saved { kind, options, field: field.value.clone() });
        }
        let date_formats = match kind {
            QuestionType::Date if date_formats.is_empty() => vec![DateFormat::MmDdYyyySlash],
            _ => date_formats,
        };
        Some(Box::new(AskQuestion {
            text,
            kind,
            options,
            min,
            max,
            date_formats,
            exact,
            save_as,
            timeout: limits::LONGEST_WAIT,
            timeout_branch: None,
            failures: FailureBranches::Joint(None),
        }))
    }

    fn options(&mut self, value: Value<'_>) -> Vec<Spanned<String>> {
        let items = value.items();
        if items.is_empty() {
            let help = "write one to ten options: options: [Sales, Support]";
            self.error("no-options", value.place(), "`options` has no options", help);
        }
        if let Some(extra) = items.get(limits::OPTIONS) {
            self.error(
                "too-many-options",
                extra.node.span,
                format!("this question has {} options; at most {} are allowed", items.len(), limits::OPTIONS),
                "ask in two steps: first the group, then the choice inside it",
            );
        }
        self.notice_split(value, &items);
        let mut options: Vec<Spanned<String>> = Vec::new();
        for item in items {
            let Some(text) = self.scalar(item, "an option") else { continue };
            let option = Spanned { value: text.to_owned(), span: item.node.span };
            if text.trim().is_empty() {
                self.error("blank-option", option.span, "this option is blank", "write what the contact can choose");
                continue;
            }
            self.check_option(&option, &options);
            options.push(option);
        }
        options
    }

    fn check_option(&mut self, option: &Spanned<String>, before: &[Spanned<String>]) {
        let count = characters(&option.value);
        if count > limits::OPTION_CHARACTERS {
            self.error(
                "option-too-long",
                option.span,
                format!("this option has {count} characters; at most {} are allowed", limits::OPTION_CHARACTERS),
                "shorten it, and put the details into the question",
            );
        }
        let key = matched(&option.value);
        if let Some(first) = before.iter().take(limits::OPTIONS).find(|other| matched(&other.value) == key) {
            self.error_also(
                "repeated-option",
                (option.span, "two options differ at most in what matching drops: case, outer blanks, marks nobody sees, the script of digits".to_owned()),
                (first.span, "the first one"),
                "options must be different texts, or nobody can tell the answers apart",
            );
        } else if option.value.trim() != option.value {
            self.notice(option.span, Noticed::OptionBlanks(option.value.clone()));
        }
        let template = Template::parse(option.value.as_str());
        for part in template.parts() {
            if let Part::Variable { source, .. } = part {
                self.notice(option.span, Noticed::VariableInOption(template.slice(source).to_owned()));
            }
        }
    }

    /// Notices `[Yes, I agree]`: options in one bracket of which one was probably cut in two by its comma. The sign is an unquoted item that
    /// is not the first and reads like the middle of a sentence (a lower-case first letter, or the word "I") right after an unquoted
    /// item that starts with a capital letter.
    fn notice_split(&mut self, value: Value<'_>, items: &[Value<'_>]) {
        if !self.text.get(value.node.span.range()).is_some_and(|written| written.starts_with('[')) {
            return;
        }
        for pair in items.windows(2) {
            let [before, after] = pair else { continue };
            let (NodeKind::Scalar(first), NodeKind::Scalar(second)) = (&before.node.kind, &after.node.kind) else {
                continue;
            };
            if !first.plain || !second.plain {
                continue;
            }
            let capital = first.text.starts_with(char::is_uppercase);
            let goes_on = second.text.starts_with(char::is_lowercase)
                || ["I ", "I'm ", "I’m ", "I'd ", "I've "].iter().any(|start| second.text.starts_with(start));
            if capital && goes_on {
                let span = Span::new(before.node.span.start, after.node.span.end);
                self.notice(span, Noticed::SplitOption(first.text.clone(), second.text.clone()));
            }
        }
    }

    fn bounds(
        &mut self,
        min: Option<Value<'_>>,
        max: Option<Value<'_>>,
    ) -> (Option<rust_decimal::Decimal>, Option<rust_decimal::Decimal>) {
        let least = min.and_then(|min| self.decimal(min, "`min`"));
        let most = max.and_then(|max| self.decimal(max, "`max`"));
        if let (Some(least), Some(most), Some(min), Some(max)) = (least, most, min, max)
            && least > most
        {
            self.error_also(
                "min-above-max",
                (min.node.span, format!("`min` is {least}, which is above `max`: no number fits")),
                (max.node.span, "`max`"),
                "exchange the two",
            );
        }
        (least, most)
    }

    fn date_formats(&mut self, value: Value<'_>) -> Vec<DateFormat> {
        let items = value.items();
        if items.is_empty() {
            let help = "name at least one, such as [mm/dd/yyyy], or leave the key out";
            self.error("empty-list", value.place(), "`date_formats` names no format", help);
        }
        let mut formats = Vec::new();
        for item in items {
            let Some(text) = self.text(item, "a date format") else { continue };
            let lower = text.to_ascii_lowercase();
            let format = DateFormat::named(&lower);
            formats.extend(format);
            if format.is_none() {
                let message = format!("{} is not a date format of the product", quoted(text));
                let known = DateFormat::ALL.iter().map(|format| format.as_str());
                self.unknown("unknown-word", item.place(), message, &lower, known);
            }
        }
        formats
    }

    fn save_as(&mut self, value: Value<'_>, kind: Option<QuestionType>) -> SaveAs {
        let Some(mut fields) = self.fields(value, "`save_as`", "save_as: { field: email, variable: email }") else {
            return SaveAs::default();
        };
        let field = fields.take("field").and_then(|field| self.field(field, FIELD_TO_SET));
        let variable = fields.take("variable").and_then(|variable| self.variable(variable, "`variable`"));
        let tag_at = fields.take("tag");
        let tag = tag_at.and_then(|tag| self.boolean(tag, "`tag`")).unwrap_or_default();
        fields.finish(self);
        if let (true, Some(kind), Some(at)) = (tag, kind, tag_at)
            && kind != QuestionType::MultipleChoice
        {
            self.error(
                "tag-misfit",
                at.at,
                format!("only a multiple choice can be saved as a tag, but this question's type is {kind}"),
                "save the answer as a field or a variable",
            );
        }
        SaveAs { field, variable, tag }
    }

    /// The side branches; the timeout is 7 days when nothing is said (R22–R24).
    fn branches(&mut self, sides: Sides<'_>) -> Branches {
        if let (Some(joint), Some(split)) = (sides.failure, sides.invalid.or(sides.sending_failed)) {
            self.error_also(
                "both-failure-styles",
                (split.at, "`failure_branch` already takes invalid answers and failed sends".to_owned()),
                (joint.at, "`failure_branch`"),
                "use `failure_branch` alone, or `invalid_branch` and `sending_failed_branch`",
            );
        }
        let split = sides.failure.is_none() && (sides.invalid.is_some() || sides.sending_failed.is_some());
        let side = |what, value, clock| SideAt { what, value, clock };
        let mut timeout = limits::LONGEST_WAIT;
        let [timeout_branch, failure, invalid, sending_failed] = self.sides(
            [
                side("`timeout_branch`", sides.timeout, true),
                side("`failure_branch`", sides.failure, false),
                side("`invalid_branch`", sides.invalid, false),
                side("`sending_failed_branch`", sides.sending_failed, false),
            ],
            &mut timeout,
        );
        let failures =
            if split { FailureBranches::Split { invalid, sending_failed } } else { FailureBranches::Joint(failure) };
        Branches { timeout, timeout_branch, failures }
    }
}
