//! `branch` and the conditions of its arms. The flow's steps go on under Else, so that a ladder stays flat.

use crate::flow::words::ChannelType;
use serde_json::{Value, json};

use super::value::seconds;
use super::{Lower, Read};
use crate::flow::STANDARD_FIELDS;
use crate::flow::condition::{Condition, Conditions, Joiner, Operand, Operator, Subject};
use crate::flow::facts::Noticed;
use crate::flow::model::{Action, Arm, Branch, Otherwise, limits};
use crate::flow::words::FieldType;
use crate::native::ids;
use crate::native::json::At;
use crate::native::remark::Carried;
use crate::native::spelling::{self, Area};
use crate::template::Template;
use std::time::Duration;

impl Lower<'_, '_> {
    pub(super) fn branch(&mut self, index: usize, id: &str) -> Option<(Read, Option<usize>)> {
        let mut arms = Vec::new();
        let mut names = Vec::new();
        let mut otherwise = None;
        for connector in self.connectors(index) {
            let record = self.record(connector);
            let (at, span, name) = (record.at.clone(), record.kind_span, record.name.map(str::to_owned));
            let conditions = record.data.as_ref().and_then(|data| data.some("conditions"));
            match conditions {
                Some(conditions) => {
                    let when = self.conditions(&conditions, id);
                    names.push(json!(self.record(connector).id));
                    let steps = self.below(connector);
                    // Conditions that are wrong were reported.
                    if let Some(when) = when {
                        arms.push(Arm { name, note: None, when, steps, span });
                    }
                    if names.len() == limits::ARMS + 1 {
                        let message = format!("more than {} branches beside Else", limits::ARMS);
                        self.found.error("too-many-arms", &at, &message, "put some of them into a branch of their own");
                    }
                }
                None if otherwise.is_none() => otherwise = Some(connector),
                None => {
                    let text = "a second Else is never taken: it is kept, but not shown";
                    self.found.remark(Carried::Kept, &at, Some(id), text);
                    self.keep_whole(connector);
                }
            }
        }
        if arms.is_empty() {
            // A branch of Else alone is one the format has no room for.
            return None;
        }
        self.note(id, "arms", Value::Array(names));
        if let Some(connector) = otherwise {
            self.note(id, "else", json!(self.record(connector).id));
        }
        let goes_on = otherwise.filter(|connector| self.direct(*connector).is_some());
        let otherwise = if goes_on.is_some() { Otherwise::Continue } else { Otherwise::Absent };
        Some((Read::One(Action::Branch(Branch { arms, otherwise })), goes_on))
    }

    /// `{"$and": […]}` or `{"$or": […]}`.
    pub(super) fn conditions(&mut self, at: &At<'_>, id: &str) -> Option<Conditions> {
        let (joiner, list) = match (at.get("$and"), at.get("$or")) {
            (Some(list), None) => (Joiner::All, list),
            (None, Some(list)) => (Joiner::Any, list),
            _ => {
                let help = "a branch joins its conditions by one of the two; mend it on the platform";
                self.found.error("bad-conditions", at, "conditions are an object with `$and` or `$or`", help);
                return None;
            }
        };
        let items = list.items();
        if items.is_empty() {
            let help = "a branch without conditions cannot be taken; add one on the platform";
            self.found.error("bad-conditions", &list, "there is no condition in here", help);
            return None;
        }
        if let Some(extra) = items.get(limits::CONDITIONS) {
            let message = format!("{} conditions; a branch has at most {}", items.len(), limits::CONDITIONS);
            self.found.error("too-many-conditions", extra, &message, "put some of them into another branch");
            return None;
        }
        let list = items.iter().map(|item| self.condition(item, id)).collect();
        Some(Conditions { joiner, list })
    }

    /// One condition. One that is not understood counts as not holding: it is asked of a variable that nobody sets.
    fn condition(&mut self, at: &At<'_>, id: &str) -> Condition {
        let span = at.span();
        if let Some((subject, operator, operand)) = self.understood(at, id) {
            return Condition { subject, operator, operand, span };
        }
        let said = |key: &str| at.some(key).and_then(|at| at.as_scalar()).unwrap_or_default();
        let what = ids::slug(&format!("{} {}", said("category"), said("operator"))).unwrap_or_default();
        let text = format!(
            "the condition `{} {}` is not known here: it is kept, and counts as not holding",
            said("category"),
            said("operator")
        );
        self.found.remark(Carried::Kept, at, Some(id), text);
        let subject = Subject::Variable(format!("unknown_condition_{what}").trim_end_matches('_').to_owned());
        Condition { subject, operator: Operator::Exists, operand: Operand::None, span }
    }

    fn understood(&mut self, at: &At<'_>, id: &str) -> Option<(Subject, Operator, Operand)> {
        let category = Self::word(Area::Category, &at.some("category")?)?;
        let mut operator = Self::word(Area::Operator, &at.some("operator")?).and_then(Operator::named)?;
        let field = at.some("field").filter(|field| field.as_text() != Some(""));
        let value = at.get("value");
        if category == "tags" {
            operator = match operator {
                Operator::IsEqualTo | Operator::Contains => Operator::HasAnyOf,
                Operator::IsNotEqualTo | Operator::DoesNotContain => Operator::HasNoneOf,
                other => other,
            };
        }
        let mut operand = self.operand(operator, value.as_ref(), id)?;
        if let ("last_interacted_channel", Operand::One(name), Some(at)) = (category, &mut operand, &value)
            && at.as_text().is_none()
        {
            // A channel that is a number there has a name here.
            let (channel, new) = self.gather.channel(at, ChannelType::Custom, None);
            if new {
                let text = format!("the channel is known only by its number: it is called `{channel}` here");
                self.found.remark(Carried::Guessed, at, Some(id), text);
            }
            *name = self.template(channel);
        }
        let subject = match category {
            "field" => {
                let kind = match operator {
                    Operator::IsGreaterThan | Operator::IsLessThan => FieldType::Number,
                    Operator::IsBefore | Operator::IsAfter => FieldType::Date,
                    Operator::IsBetween => match &operand {
                        Operand::Two(from, _) if from.source().parse::<f64>().is_ok() => FieldType::Number,
                        _ => FieldType::Date,
                    },
                    _ => FieldType::Text,
                };
                let field = field?;
                let by_number = field.as_text().is_none_or(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
                let name = if by_number { self.gather.field(&field, kind).0 } else { field.as_text()?.to_owned() };
                // The standard fields are spelled as the interface does.
                let name = match name.as_str() {
                    "firstName" | "first_name" => "firstname".to_owned(),
                    "lastName" | "last_name" => "lastname".to_owned(),
                    "countryCode" => "country".to_owned(),
                    _ => name,
                };
                let declared = self.gather.declare(&name, kind);
                if about_text(operator) && !matches!(operator, Operator::IsEqualTo | Operator::IsNotEqualTo) {
                    self.gather.settle_as_text(&name);
                }
                let either = matches!(
                    operator,
                    Operator::IsEqualTo | Operator::IsNotEqualTo | Operator::Exists | Operator::DoesNotExist
                );
                let between = operator == Operator::IsBetween;
                let fits = either
                    || match declared {
                        FieldType::Number => {
                            between || matches!(operator, Operator::IsGreaterThan | Operator::IsLessThan)
                        }
                        FieldType::Date | FieldType::Time => {
                            between || matches!(operator, Operator::IsBefore | Operator::IsAfter)
                        }
                        _ => about_text(operator),
                    };
                let ago = matches!(operator, Operator::IsLessThanAgo | Operator::IsMoreThanAgo);
                let tags = matches!(operator, Operator::HasAnyOf | Operator::HasAllOf | Operator::HasNoneOf);
                (fits || !ago && !tags && self.gather.undeclare(&name)).then_some(())?;
                Subject::Field(name)
            }
            "variable" => Subject::Variable(field?.as_text()?.trim_start_matches('$').to_owned()),
            "tags" => Subject::Tags,
            "last_incoming_message" => Subject::LastIncomingMessage,
            "last_incoming_message_time" => Subject::LastIncomingMessageTime,
            "last_interacted_channel" => Subject::LastInteractedChannel,
            "assignee_status" => Subject::AssigneeStatus,
            "conversation_status" => Subject::ConversationStatus,
            _ => Subject::Lifecycle,
        };
        let existence = matches!(operator, Operator::Exists | Operator::DoesNotExist);
        let equality = matches!(operator, Operator::IsEqualTo | Operator::IsNotEqualTo);
        let many = matches!(operator, Operator::HasAnyOf | Operator::HasAllOf | Operator::HasNoneOf);
        let ago = matches!(operator, Operator::IsLessThanAgo | Operator::IsMoreThanAgo);
        let fits = existence
            || match &subject {
                Subject::Tags => many,
                Subject::LastIncomingMessage => about_text(operator),
                Subject::LastIncomingMessageTime => ago || matches!(operator, Operator::IsBefore | Operator::IsAfter),
                Subject::Variable(_) => !many && !ago,
                Subject::Field(_) => true,
                _ => equality,
            };
        let closed: &[&str] = match &subject {
            Subject::AssigneeStatus => &["online", "offline", "unassigned"],
            Subject::ConversationStatus => &["open", "closed"],
            _ => &[],
        };
        let in_words = match &operand {
            Operand::One(word) => closed.is_empty() || closed.contains(&word.source()) || !word.is_plain(),
            _ => true,
        };
        let named = match &subject {
            Subject::Field(name) | Subject::Variable(name) => good_name(name),
            _ => true,
        };
        (fits && in_words && named).then_some((subject, operator, operand))
    }

    fn operand(&mut self, operator: Operator, value: Option<&At<'_>>, id: &str) -> Option<Operand> {
        match operator {
            Operator::Exists | Operator::DoesNotExist => Some(Operand::None),
            Operator::HasAnyOf | Operator::HasAllOf | Operator::HasNoneOf => {
                let value = value?;
                let items = if value.items().is_empty() { vec![value.clone()] } else { value.items() };
                let tags: Option<Vec<Template>> = items.iter().map(|item| self.tag_value(item, id)).collect();
                tags.filter(|tags| !tags.is_empty()).map(Operand::Many)
            }
            Operator::IsBetween => {
                let (from, to) = (value?.some("from")?.as_scalar()?, value?.some("to")?.as_scalar()?);
                (!from.trim().is_empty() && !to.trim().is_empty())
                    .then(|| Operand::Two(self.template(from), self.template(to)))
            }
            Operator::IsLessThanAgo | Operator::IsMoreThanAgo => {
                let rate = value?.some("rate")?;
                let rate = rate.as_u64().or_else(|| rate.as_text()?.parse().ok())?;
                let unit = value?.some("unit")?;
                let unit = spelling::read(Area::Unit, unit.as_text()?)?;
                Some(Operand::Ago(Duration::from_secs(rate.checked_mul(seconds(unit.ours)?)?)))
            }
            _ => {
                let at = value?;
                let text = at.as_scalar()?;
                if !text.trim().is_empty() && text.trim() != text {
                    self.found.notice(at.span(), Noticed::OuterBlanks(text.clone()));
                }
                (!text.is_empty()).then(|| Operand::One(self.template(text)))
            }
        }
    }

    fn tag_value(&mut self, at: &At<'_>, id: &str) -> Option<Template> {
        at.as_scalar().filter(|text| !text.trim().is_empty())?;
        Some(Template::parse(self.tag_name(at, id)))
    }

    /// The tag of an id, with a remark when only the id is known.
    pub(super) fn tag_name(&mut self, at: &At<'_>, id: &str) -> String {
        self.tag_called(at, id, None)
    }

    /// The same, where the step may tell what the tag is called.
    pub(super) fn tag_called(&mut self, at: &At<'_>, id: &str, told: Option<&str>) -> String {
        let (tag, new) = self.gather.tag(at, told);
        if new {
            let text = format!("the tag is known only by its number: it is called `{tag}` here");
            self.found.remark(Carried::Guessed, at, Some(id), text);
        }
        tag
    }
}

const fn about_text(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::IsEqualTo
            | Operator::IsNotEqualTo
            | Operator::Contains
            | Operator::DoesNotContain
            | Operator::StartsWith
            | Operator::EndsWith
    )
}

/// Whether a field or a variable may be called so.
pub(in crate::native) fn good_name(name: &str) -> bool {
    STANDARD_FIELDS.contains(&name)
        || name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
