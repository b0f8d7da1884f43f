//! Conditions: one in a line, several one below the other.

use super::yaml::{Entries, Layout, Yaml};
use crate::flow::condition::{Condition, Conditions, Joiner, Operand, Operator, Subject};
use crate::flow::duration::format_duration;
use crate::template::Template;

/// The value of `when`.
pub(super) fn conditions(conditions: &Conditions) -> Yaml {
    if let (Joiner::All, [only]) = (conditions.joiner, conditions.list.as_slice()) {
        return condition(only);
    }
    let mut joined = Entries::default();
    let list = conditions.list.iter().map(unbraced).collect();
    joined.put(conditions.joiner.as_str(), Yaml::List(Layout::Block, list));
    joined.block()
}

/// A condition in a list: one that has no name beside its operator stands there as one entry.
fn unbraced(one: &Condition) -> Yaml {
    match condition(one) {
        Yaml::Map(_, entries) if entries.len() == 1 => Yaml::Map(Layout::Block, entries),
        other => other,
    }
}

fn condition(condition: &Condition) -> Yaml {
    let compared = operand(condition.operator, &condition.operand);
    let holder = match &condition.subject {
        Subject::Field(name) => return beside("field", name, condition.operator, compared),
        Subject::Variable(name) => return beside("variable", name, condition.operator, compared),
        Subject::Tags => "tags",
        Subject::LastIncomingMessage => "last_incoming_message",
        Subject::LastIncomingMessageTime => "last_incoming_message_time",
        Subject::LastInteractedChannel => "last_interacted_channel",
        Subject::AssigneeStatus => "assignee_status",
        Subject::ConversationStatus => "conversation_status",
        Subject::Lifecycle => "lifecycle",
    };
    let mut inner = Entries::default();
    inner.put(condition.operator.as_str(), compared);
    let mut entries = Entries::default();
    entries.put(holder, inner.fit());
    entries.fit()
}

/// A subject with a name stands beside its operator.
fn beside(subject: &str, name: &str, operator: Operator, compared: Yaml) -> Yaml {
    let mut entries = Entries::default();
    entries.put(subject, Yaml::text(name)).put(operator.as_str(), compared);
    entries.fit()
}

fn operand(operator: Operator, operand: &Operand) -> Yaml {
    match operand {
        Operand::None => Yaml::word(&true),
        Operand::One(value) => compared(operator, value),
        Operand::Two(from, to) => Yaml::List(Layout::Fit, vec![compared(operator, from), compared(operator, to)]),
        Operand::Many(tags) => Yaml::texts(tags.iter().map(Template::source)),
        Operand::Ago(duration) => Yaml::word(&format_duration(*duration)),
    }
}

/// A value; where numbers are compared, a number stands without quotes, as everybody would write it.
fn compared(operator: Operator, value: &Template) -> Yaml {
    let numbers = matches!(operator, Operator::IsGreaterThan | Operator::IsLessThan | Operator::IsBetween);
    let text = value.source();
    if numbers && is_number(text) { Yaml::word(text) } else { Yaml::text(text) }
}

/// Whether a text is a number in the one way every YAML reader understands: `18`, `-2.5`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}
