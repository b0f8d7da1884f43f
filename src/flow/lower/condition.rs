//! Conditions: one subject, one operator, and a value that fits both.

use super::mapping::{Entry, Fields};
use super::value::{Value, decimal};
use super::{Lowering, NameKind, Noticed, STANDARD_FIELDS, limits, quoted};
use crate::diagnostic::listed;
use crate::flow::condition::{Condition, Conditions, Joiner, Operand, Operator, Subject};
use crate::flow::words::{ChannelType, FieldType};
use crate::source::{NodeKind, Span};
use crate::template::Template;

use Operator::{
    Contains, DoesNotContain, DoesNotExist, EndsWith, Exists, HasAllOf, HasAnyOf, HasNoneOf, IsAfter, IsBefore,
    IsBetween, IsEqualTo, IsGreaterThan, IsLessThan, IsLessThanAgo, IsMoreThanAgo, IsNotEqualTo, StartsWith,
};

const SUBJECTS: [&str; 9] = [
    "field",
    "variable",
    "tags",
    "last_incoming_message",
    "last_incoming_message_time",
    "last_interacted_channel",
    "assignee_status",
    "conversation_status",
    "lifecycle",
];

/// An operator, its value, and where the value stands.
type Compared = (Operator, Operand, Span);

/// How is asked whether a contact has an assignee.
const ASSIGNED: &str = "is_not_equal_to: unassigned";

const EXAMPLE: &str = "when: { variable: topic, is_equal_to: Sales }";

const ANY_VALUE: &[Operator] = &[
    IsEqualTo,
    IsNotEqualTo,
    Contains,
    DoesNotContain,
    StartsWith,
    EndsWith,
    Exists,
    DoesNotExist,
    IsGreaterThan,
    IsLessThan,
    IsBetween,
    IsBefore,
    IsAfter,
];
const TEXT: &[Operator] =
    &[IsEqualTo, IsNotEqualTo, Contains, DoesNotContain, StartsWith, EndsWith, Exists, DoesNotExist];
const NUMBER: &[Operator] = &[IsEqualTo, IsNotEqualTo, IsGreaterThan, IsLessThan, IsBetween, Exists, DoesNotExist];
const DATE: &[Operator] = &[IsEqualTo, IsNotEqualTo, IsBefore, IsAfter, IsBetween, Exists, DoesNotExist];
const TAGS: &[Operator] = &[HasAnyOf, HasAllOf, HasNoneOf, Exists, DoesNotExist];
const INSTANT: &[Operator] = &[IsLessThanAgo, IsMoreThanAgo, IsBefore, IsAfter, Exists, DoesNotExist];
const CHOICE: &[Operator] = &[IsEqualTo, IsNotEqualTo, Exists, DoesNotExist];

impl Lowering<'_> {
    /// One condition, or several under `all` or `any`.
    pub(super) fn conditions(&mut self, value: Value<'_>) -> Option<Conditions> {
        if let NodeKind::Seq(_) = value.node.kind {
            let help =
                "say whether all of them must hold or one is enough: `when: { all: [...] }` or `when: { any: [...] }`";
            self.error("wrong-type", value.place(), "several conditions need a joiner", help);
            return None;
        }
        let mut fields = self.fields(value, "`when`", EXAMPLE)?;
        let all = fields.take("all");
        let any = fields.take("any");
        let (joiner, list) = match (all, any) {
            (None, None) => {
                let condition = self.condition(value)?;
                return Some(Conditions { joiner: Joiner::All, list: vec![condition] });
            }
            (Some(first), Some(second)) => {
                let help = "an arm has one joiner. Use two arms, or two branches one after the other";
                self.error_also(
                    "several-joiners",
                    (second.at, "`all` and `any` cannot stand together".to_owned()),
                    (first.at, "the other joiner"),
                    help,
                );
                (Joiner::All, first)
            }
            (Some(list), None) => (Joiner::All, list),
            (None, Some(list)) => (Joiner::Any, list),
        };
        fields.finish(self);
        let items = list.items();
        if items.is_empty() {
            let message = format!("`{joiner}` has no conditions");
            self.error("no-conditions", list.place(), message, format!("add a condition, as in {EXAMPLE}"));
            return None;
        }
        if let Some(extra) = items.get(limits::CONDITIONS) {
            let message = format!("{} conditions; an arm has at most {}", items.len(), limits::CONDITIONS);
            self.error("too-many-conditions", extra.node.span, message, "put some of them into another arm or branch");
        }
        let read: Vec<Option<Condition>> = items.iter().map(|item| self.condition(*item)).collect();
        let list: Option<Vec<Condition>> = read.into_iter().collect();
        Some(Conditions { joiner, list: list? })
    }

    fn condition(&mut self, value: Value<'_>) -> Option<Condition> {
        let mut fields = self.fields(value, "a condition", "{ variable: topic, is_equal_to: Sales }")?;
        if let Some(nested) = fields.rest().find(|entry| matches!(entry.key, "all" | "any")) {
            let help = "conditions do not nest. Use several arms, or a branch inside the arm";
            self.error("nested-conditions", nested.key_span, format!("`{}` cannot stand here", nested.key), help);
            return None;
        }
        let subject = self.find_subject(&fields)?;
        let held = fields.take(subject)?;
        let (subject, (operator, operand, at)) = match subject {
            "field" | "variable" => {
                let subject = if subject == "field" {
                    self.field(held, "`field`").map(|name| Subject::Field(name.value))
                } else {
                    self.variable(held, "`variable`").map(|name| {
                        self.used.push(name.clone());
                        Subject::Variable(name.value)
                    })
                };
                let found = self.operator(&fields, subject.as_ref(), held.at);
                let found = found?;
                (subject?, found)
            }
            _ => {
                fields.finish(self);
                self.holding(subject, held)?
            }
        };
        self.judge(&subject, operator, &operand, at);
        let span = Span::new(held.at.start, value.node.span.end.max(held.node.span.end));
        Some(Condition { subject, operator, operand, span })
    }

    fn find_subject(&mut self, fields: &Fields<'_>) -> Option<&'static str> {
        let subject_of = |entry: &Entry<'_>| SUBJECTS.iter().copied().find(|subject| *subject == entry.key);
        let mut found = fields.rest().filter(|entry| subject_of(entry).is_some());
        let Some(first) = found.next() else {
            match fields.rest().find(|entry| Operator::named(entry.key).is_none()) {
                Some(entry) => {
                    let message = format!("{} is nothing a condition can look at", quoted(entry.key));
                    self.unknown("unknown-subject", entry.key_span, message, entry.key, SUBJECTS);
                }
                None => self.error(
                    "missing-subject",
                    fields.at(),
                    "this condition does not say what it looks at",
                    format!("name it: {}. As in {EXAMPLE}", listed(SUBJECTS)),
                ),
            }
            return None;
        };
        if let Some(second) = found.next() {
            self.error_also(
                "several-subjects",
                (
                    second.key_span,
                    format!("a condition looks at one thing, not at `{}` and `{}`", first.key, second.key),
                ),
                (first.key_span, "the first one"),
                "write two conditions under `all:` or `any:`",
            );
            return None;
        }
        subject_of(first)
    }

    /// A subject that holds its operator: `tags: { has_any_of: [vip] }`.
    fn holding(&mut self, word: &'static str, held: Value<'_>) -> Option<(Subject, Compared)> {
        let subject = match word {
            "tags" => Subject::Tags,
            "last_incoming_message" => Subject::LastIncomingMessage,
            "last_incoming_message_time" => Subject::LastIncomingMessageTime,
            "last_interacted_channel" => Subject::LastInteractedChannel,
            "assignee_status" => Subject::AssigneeStatus,
            "conversation_status" => Subject::ConversationStatus,
            _ => Subject::Lifecycle,
        };
        let example = match subject {
            Subject::Tags => "tags: { has_any_of: [vip] }",
            Subject::LastIncomingMessage => "last_incoming_message: { contains: OK }",
            Subject::LastIncomingMessageTime => "last_incoming_message_time: { is_less_than_ago: 10 minutes }",
            Subject::LastInteractedChannel => "last_interacted_channel: { is_equal_to: whatsapp }",
            Subject::AssigneeStatus => "assignee_status: { is_equal_to: online }",
            Subject::ConversationStatus => "conversation_status: { is_equal_to: open }",
            _ => "lifecycle: { is_equal_to: Customer }",
        };
        if let Some(written) = held.scalar() {
            let operator = match subject {
                Subject::Tags => format!("has_any_of: [{written}]"),
                Subject::LastIncomingMessage => format!("contains: {written}"),
                Subject::AssigneeStatus if written == "assigned" => ASSIGNED.to_owned(),
                Subject::LastIncomingMessageTime => format!("is_less_than_ago: {written}"),
                _ => format!("is_equal_to: {written}"),
            };
            let message = "this condition does not say how to compare";
            let advice = format!("write it like this: {word}: {{ {operator} }}");
            self.error("wrong-type", held.place(), message, advice);
            return None;
        }
        let fields = self.fields(held, "this condition", example)?;
        let compared = self.operator(&fields, Some(&subject), held.at)?;
        Some((subject, compared))
    }

    /// The one operator of a condition and its value. Without a subject (it was wrong) any operator is let through.
    fn operator(&mut self, fields: &Fields<'_>, subject: Option<&Subject>, at: Span) -> Option<Compared> {
        let fitting = subject.map_or(Operator::ALL, |subject| self.fitting(subject));
        let words = || fitting.iter().map(|operator| operator.as_str());
        let list = listed(words());
        let mut known: Option<(&Entry<'_>, Operator)> = None;
        let mut failed = false;
        for entry in fields.rest() {
            let Some(operator) = Operator::named(entry.key) else {
                let message = format!("there is no operator {}", quoted(entry.key));
                self.unknown("unknown-operator", entry.key_span, message, entry.key, words());
                failed = true;
                continue;
            };
            if let Some((first, _)) = known {
                self.error_also(
                    "several-operators",
                    (entry.key_span, "a condition has one operator".to_owned()),
                    (first.key_span, "the first one"),
                    "write two conditions under `all:`",
                );
                failed = true;
            } else {
                known = Some((entry, operator));
            }
        }
        let Some((entry, operator)) = known else {
            if !failed {
                let help = format!("add one of: {list}");
                self.error("missing-operator", at, "this condition does not say how to compare", help);
            }
            return None;
        };
        if !fitting.contains(&operator) {
            let subject = subject.map(|subject| self.described(subject)).unwrap_or_default();
            let message = format!("`{operator}` does not fit {subject}");
            self.error("operator-misfit", entry.key_span, message, format!("these do: {list}"));
            return None;
        }
        let operand = self.operand(operator, entry.value())?;
        (!failed).then_some((operator, operand, entry.node.span))
    }

    /// The operators that fit a subject.
    fn fitting(&self, subject: &Subject) -> &'static [Operator] {
        match subject {
            Subject::Variable(_) => ANY_VALUE,
            Subject::Field(id) if STANDARD_FIELDS.contains(&id.as_str()) => TEXT,
            Subject::Field(id) => match self.workspace.as_ref().and_then(|workspace| workspace.field(id)) {
                None => ANY_VALUE,
                Some(field) => match field.kind {
                    FieldType::Number => NUMBER,
                    FieldType::Date | FieldType::Time => DATE,
                    FieldType::Text
                    | FieldType::List
                    | FieldType::Checkbox
                    | FieldType::Email
                    | FieldType::Url
                    | FieldType::Phone => TEXT,
                },
            },
            Subject::Tags => TAGS,
            Subject::LastIncomingMessage => TEXT,
            Subject::LastIncomingMessageTime => INSTANT,
            Subject::LastInteractedChannel
            | Subject::AssigneeStatus
            | Subject::ConversationStatus
            | Subject::Lifecycle => CHOICE,
        }
    }

    /// A subject in words, with its type where it has one.
    fn described(&self, subject: &Subject) -> String {
        match subject {
            Subject::Field(id) => {
                let declared = self.workspace.as_ref().and_then(|workspace| workspace.field(id));
                let kind = declared.map_or(FieldType::Text, |field| field.kind);
                format!("the field {}, whose type is {kind}", quoted(id))
            }
            Subject::Variable(name) => format!("the variable {}", quoted(name)),
            Subject::Tags => "`tags`".to_owned(),
            Subject::LastIncomingMessage => "`last_incoming_message`".to_owned(),
            Subject::LastIncomingMessageTime => "`last_incoming_message_time`".to_owned(),
            Subject::LastInteractedChannel => "`last_interacted_channel`".to_owned(),
            Subject::AssigneeStatus => "`assignee_status`".to_owned(),
            Subject::ConversationStatus => "`conversation_status`".to_owned(),
            Subject::Lifecycle => "`lifecycle`".to_owned(),
        }
    }

    fn operand(&mut self, operator: Operator, value: Value<'_>) -> Option<Operand> {
        let what = format!("the value of `{operator}`");
        match operator {
            Exists | DoesNotExist => self.existence(operator, value),
            IsBetween => {
                let items = value.items();
                let [from, to] = items.as_slice() else {
                    let message = "`is_between` needs two values";
                    self.error(
                        "needs-two-values",
                        value.place(),
                        message,
                        "write them in brackets: is_between: [1, 10]",
                    );
                    return None;
                };
                let (from, to) = (self.template(*from, &what), self.template(*to, &what));
                Some(Operand::Two(from?, to?))
            }
            HasAnyOf | HasAllOf | HasNoneOf => {
                let items = value.items();
                if items.is_empty() {
                    let help = format!("name a tag: {operator}: [vip]");
                    self.error("missing-text", value.place(), format!("`{operator}` needs at least one tag"), help);
                    return None;
                }
                let read: Vec<Option<Template>> = items.iter().map(|item| self.template(*item, "a tag")).collect();
                for (item, tag) in items.iter().zip(read.iter().flatten()).filter(|(_, tag)| tag.is_plain()) {
                    self.notice(item.node.span, Noticed::Name(NameKind::Tag, tag.source().to_owned()));
                }
                read.into_iter().collect::<Option<Vec<_>>>().map(Operand::Many)
            }
            IsLessThanAgo | IsMoreThanAgo => self.duration(value, &what).map(Operand::Ago),
            _ => self.compared(value, &what).map(Operand::One),
        }
    }

    /// The value of a comparison. Blanks count in comparisons, so a text of blanks is one.
    fn compared(&mut self, value: Value<'_>, what: &str) -> Option<Template> {
        match value.scalar() {
            Some(text) if text.trim().is_empty() && !text.is_empty() => Some(Template::parse(text)),
            Some("") => {
                let help = "to ask whether there is a value, write `exists: true` or `does_not_exist: true`";
                self.error("empty-text", value.place(), format!("{what} is empty"), help);
                None
            }
            _ => self.template(value, what),
        }
    }

    fn existence(&mut self, operator: Operator, value: Value<'_>) -> Option<Operand> {
        let opposite = if operator == Exists { DoesNotExist } else { Exists };
        match value.scalar() {
            Some("true" | "True" | "TRUE") => return Some(Operand::None),
            Some("false" | "False" | "FALSE") => self.error(
                "exists-false",
                value.place(),
                format!("`{operator}: false` is not how the opposite is asked"),
                format!("write `{opposite}: true`"),
            ),
            _ => self.error(
                "wrong-type",
                value.place(),
                format!("`{operator}` takes only `true`"),
                format!("write `{operator}: true`, or `{opposite}: true` for the opposite"),
            ),
        }
        None
    }

    /// Looks at the value beside its subject and operator: closed words are checked, names and odd values noticed.
    fn judge(&mut self, subject: &Subject, operator: Operator, operand: &Operand, span: Span) {
        let values: Vec<&Template> = match operand {
            Operand::One(value) => vec![value],
            Operand::Two(from, to) => vec![from, to],
            Operand::None | Operand::Many(_) | Operand::Ago(_) => Vec::new(),
        };
        self.judge_order(operand, span);
        for value in values.into_iter().filter(|value| value.is_plain()).map(Template::source) {
            let closed: Option<&[&str]> = match subject {
                Subject::AssigneeStatus => Some(&["online", "offline", "unassigned"]),
                Subject::ConversationStatus => Some(&["open", "closed"]),
                _ => None,
            };
            match subject {
                Subject::LastInteractedChannel if ChannelType::named(value).is_none() => {
                    self.notice(span, Noticed::Name(NameKind::Channel, value.to_owned()));
                }
                Subject::Lifecycle => self.notice(span, Noticed::Name(NameKind::Lifecycle, value.to_owned())),
                _ => {}
            }
            if let Some(words) = closed.filter(|words| !words.contains(&value)) {
                let message = format!("{} is not a value for {}", quoted(value), self.described(subject));
                if (value, operator) == ("assigned", IsEqualTo) {
                    let help = format!("to ask whether anybody is, write assignee_status: {{ {ASSIGNED} }}");
                    self.error("unknown-word", span, message, help);
                    continue;
                }
                self.unknown("unknown-word", span, message, value, words.iter().copied());
            }
            if let Contains | DoesNotContain | StartsWith | EndsWith | IsEqualTo | IsNotEqualTo = operator
                && !value.trim().is_empty()
                && value.trim() != value
            {
                self.notice(span, Noticed::OuterBlanks(value.to_owned()));
            }
            let needs = match operator {
                IsGreaterThan | IsLessThan if decimal(value).is_none() => "a number",
                IsBefore | IsAfter if !is_moment(value) => "a day, a time or an instant",
                IsBetween if decimal(value).is_none() && !is_moment(value) => "numbers or days",
                IsEqualTo | IsNotEqualTo => match self.cannot_be(subject, value) {
                    Some(needs) => needs,
                    None => continue,
                },
                _ => continue,
            };
            let operator = operator.as_str();
            self.notice(span, Noticed::UnusableValue { operator, value: value.to_owned(), needs });
        }
    }
}

impl Lowering<'_> {
    /// What a field of the workspace holds, when it is never this value.
    fn cannot_be(&self, subject: &Subject, value: &str) -> Option<&'static str> {
        let Subject::Field(id) = subject else { return None };
        if STANDARD_FIELDS.contains(&id.as_str()) {
            return None;
        }
        let field = self.workspace.as_ref()?.field(id)?;
        match field.kind {
            FieldType::Checkbox if !matches!(value, "true" | "false") => Some("`true` or `false`"),
            FieldType::Number if decimal(value).is_none() => Some("a number"),
            FieldType::Date if value.parse::<chrono::NaiveDate>().is_err() => Some("a day"),
            FieldType::List if !field.options.is_empty() && !field.options.iter().any(|option| option == value) => {
                Some("one of the field's options")
            }
            _ => None,
        }
    }

    /// Takes note of a range whose end comes before its start.
    fn judge_order(&mut self, operand: &Operand, span: Span) {
        let Operand::Two(from, to) = operand else { return };
        let (first, last) = (from.source().trim(), to.source().trim());
        let numbers = decimal(first).zip(decimal(last)).is_some_and(|(first, last)| first > last);
        let day = |text: &str| text.parse::<chrono::NaiveDate>().ok();
        let days = day(first).zip(day(last)).is_some_and(|(first, last)| first > last);
        if numbers || days {
            self.notice(span, Noticed::ReversedRange(first.to_owned(), last.to_owned()));
        }
    }
}

/// Whether a text reads as a day, a time of day, or an instant.
fn is_moment(text: &str) -> bool {
    use chrono::{DateTime, NaiveDate, NaiveTime};
    let text = text.trim();
    text.parse::<NaiveDate>().is_ok()
        || NaiveTime::parse_from_str(text, "%H:%M").is_ok()
        || text.parse::<NaiveTime>().is_ok()
        || super::date_time::local(text).is_some()
        || DateTime::parse_from_rfc3339(text).is_ok()
}
