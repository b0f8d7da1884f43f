//! The plain words of the screen for what happened, what is waited for and how conditions compare.

use std::time::Duration;

use crate::engine::event::{KindOf as Kind, SEPARATOR, Target, TimerName};
use crate::engine::{Event, Fault, Program, Session, Step, WaitKind};
use crate::flow::duration::format_duration;
use crate::flow::{Operator, QuestionType};
use crate::rehearsal::Act;
use crate::rehearsal::json::rejection;
use crate::rehearsal::plain::{actor_in_words, end_in_words, outside_fault, person};
use crate::text::{isolated, visible};

/// Begins the line that tells of an answer that was not taken.
const REJECTED: &str = "Not accepted: ";

/// A line of the chat that tells what happened, safe to draw. The contact's words in it read as they do in their bubble.
pub fn note(program: &Program, event: &Event<'_>) -> String {
    let line = visible(&sentence(program, event)).into_owned();
    let Kind::AnswerRejected { answer, .. } = event.kind else { return line };
    let said = crate::engine::answer::quoted(answer);
    let said = visible(&said);
    let Some(reason) = line.strip_prefix(REJECTED).filter(|_| !said.is_empty()) else { return line };
    let (quote, reason) = reason.strip_prefix('"').map_or(("", reason), |reason| ("\"", reason));
    match reason.strip_prefix(&*said) {
        Some(rest) => format!("{REJECTED}{quote}{}{rest}", isolated(&said)),
        None => line,
    }
}

fn sentence(program: &Program, event: &Event<'_>) -> String {
    let step = event.step.map(|step| program.step(step));
    let channel = |id| program.channel(id).name.as_str();
    match event.kind {
        Kind::WorkflowStarted { .. } => format!("{} started", program.workflow(event.workflow).name),
        Kind::AnswerRejected { answer, reason } => format!("{REJECTED}{}", rejection(step, reason, answer)),
        Kind::FieldNotSaved { field, too_long: true, .. } => {
            format!("{field} was not saved: the value is longer than 65,536 bytes")
        }
        Kind::FieldNotSaved { field, value, kind, too_long: false } => {
            format!("{field} was not saved: a {kind} field cannot hold \"{value}\"")
        }
        Kind::VariableUnsetUsed { variable } => {
            format!("${variable} has no value, so the text keeps the words ${variable}")
        }
        Kind::OutsideFaultSet { to, failure } => outside_fault(to, failure),
        Kind::FaultSet { fault } => format!("The next message will fail: {}", fault_to_come(fault)),
        Kind::ConversationOpened { by } => format!("Conversation opened by {}", actor_in_words(by)),
        Kind::ConversationClosed { by, category, summary } => {
            let mut line = format!("Conversation closed by {}", actor_in_words(by));
            for (between, detail) in [": ", ", "].into_iter().zip([category, summary].into_iter().flatten()) {
                line.push_str(between);
                line.push_str(detail);
            }
            line
        }
        Kind::WorkflowEnded { reason, detail } => {
            let mut line = format!("The run ended: {}", end_in_words(reason));
            if let Some(detail) = detail {
                line.push_str(": ");
                line.push_str(detail);
            }
            line
        }
        Kind::ChannelConnected { channel: id } => format!("{} connected", channel(id)),
        Kind::ChannelDisconnected { channel: id } => format!("{} cut", channel(id)),
        Kind::ChannelChanged { channel: id } => format!("The contact now writes on {}", channel(id)),
        Kind::ValueEdited { target, name, new, .. } => {
            let target = match target {
                Target::Field => "field",
                Target::Variable => "variable",
                Target::Presence => {
                    let word = new.map_or_else(String::new, |new| new.to_string());
                    return format!("{} is {word} now", person(program, name));
                }
                Target::OpenContacts => {
                    let count = new.map_or_else(String::new, |new| new.to_string());
                    return format!("{} has {count} open contacts now", person(program, name));
                }
                Target::Mock => {
                    let number = new.map_or_else(String::new, |new| new.to_string());
                    return format!("Mock {number} answers {name} next");
                }
            };
            match new {
                Some(new) => format!("You set {target} {name} to {new}"),
                None => format!("You cleared {target} {name}"),
            }
        }
        Kind::TimerFired { timer, .. } => match timer {
            TimerName::AssignmentTimeout => "Nobody came in time to assign to",
            TimerName::AiIdle => "The contact fell silent",
            TimerName::QuestionTimeout | TimerName::Wait => "No answer in time",
        }
        .to_owned(),
        Kind::Notice { message } => message.to_owned(),
        _ => String::new(),
    }
}

/// An act as undo names it.
pub fn act(act: &Act) -> String {
    let name = |text: &str| crate::text::truncate(&crate::text::single_line(text), 40, "…").into_owned();
    match act {
        Act::Say(text) => format!("the message \"{}\"", name(text)),
        Act::Attach(kind, _) => format!("the {kind} that was sent"),
        Act::Location(..) => "the place that was sent".to_owned(),
        Act::Forward(span) => format!("{} of time", skipped(*span)),
        Act::Next => "the move to the next timer".to_owned(),
        Act::Until(instant) => format!("the move to {}", name(instant)),
        Act::Channel(id) => format!("writing on {}", name(id)),
        Act::Connect(id) => format!("connecting {}", name(id)),
        Act::Disconnect(Some(id)) => format!("cutting {}", name(id)),
        Act::Disconnect(None) => "cutting every channel".to_owned(),
        Act::Agent(text) => format!("the agent's \"{}\"", name(text)),
        Act::Close => "closing the conversation".to_owned(),
        Act::Stop => "stopping the workflow".to_owned(),
        Act::SetField(field, _) => format!("the new value of field {}", name(field)),
        Act::SetVariable(variable, _) => format!("the new value of variable {}", name(variable)),
        Act::Tag(tag) => format!("adding the tag {}", name(tag)),
        Act::Untag(tag) => format!("removing the tag {}", name(tag)),
        Act::Lifecycle(_) => "the new lifecycle stage".to_owned(),
        Act::Assign(_) => "the assignment".to_owned(),
        Act::Presence(..) | Act::Load(..) => "the change of a user".to_owned(),
        Act::Shortcut(..) => "the shortcut".to_owned(),
        Act::Webhook(_) => "the webhook".to_owned(),
        Act::Answer(..) => "the answer".to_owned(),
        Act::Fault(_) => "the fault".to_owned(),
        _ => "one step".to_owned(),
    }
}

/// A span of time that was skipped. Seconds of a running clock are left out where they say nothing.
pub fn skipped(span: Duration) -> String {
    const MINUTE: u64 = 60;
    let seconds = span.as_secs();
    if seconds < 10 * MINUTE {
        return format_duration(span);
    }
    format_duration(Duration::from_secs((seconds + MINUTE / 2) / MINUTE * MINUTE))
}

/// What will go wrong, said before it does.
pub const fn fault_to_come(fault: Fault) -> &'static str {
    match fault {
        Fault::ExpiredApiKey => "the API key will have expired",
        Fault::Network => "the network will be down",
        Fault::WindowClosed => "the messaging window will be closed",
        Fault::Rejected => "the channel will reject it",
    }
}

/// A fault in a word or two, for the bar.
pub const fn fault_badge(fault: Fault) -> &'static str {
    match fault {
        Fault::ExpiredApiKey => "expired key",
        Fault::Network => "network down",
        Fault::WindowClosed => "window closed",
        Fault::Rejected => "rejected",
    }
}

/// What a fault does, as a menu names it.
pub const fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::ExpiredApiKey => "Expire the API key",
        Fault::Network => "Fail the network",
        Fault::WindowClosed => "Close the messaging window",
        Fault::Rejected => "Let the channel reject it",
    }
}

/// The kind of answer a waiting session expects, to stand beside the input. `is_carried`: the outside world is really asked.
pub fn expected(session: &Session, is_carried: bool) -> &'static str {
    let Some(wait) = session.waiting() else {
        return if session.is_running() { "a message" } else { "nothing is running" };
    };
    match wait.kind {
        WaitKind::Wait => return "the flow is waiting",
        WaitKind::Assignment => return "waiting for somebody",
        WaitKind::Http => return if is_carried { "waiting for the answer…" } else { "an HTTP answer is due" },
        WaitKind::Ai => return if is_carried { "waiting for the answer…" } else { "the AI's reply is due" },
        WaitKind::AiContact => return "the AI listens",
        WaitKind::Question => {}
    }
    let question = session.program().step(wait.step).question();
    question.map_or("an answer", |question| match question.kind() {
        QuestionType::Text => "any text",
        QuestionType::MultipleChoice => "an option",
        QuestionType::Number => "a number",
        QuestionType::Date => "a date",
        QuestionType::Phone => "a phone number",
        QuestionType::Email => "an e-mail",
        QuestionType::Url => "a web address",
        QuestionType::Rating => "1 to 5 stars",
        QuestionType::Location => "a location",
    })
}

/// How a condition compares, between its subject and its value.
pub const fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::IsEqualTo => "is",
        Operator::IsNotEqualTo => "is not",
        Operator::Contains => "contains",
        Operator::DoesNotContain => "does not contain",
        Operator::StartsWith => "starts with",
        Operator::EndsWith => "ends with",
        Operator::Exists => "exists",
        Operator::DoesNotExist => "does not exist",
        Operator::IsGreaterThan => "is greater than",
        Operator::IsLessThan => "is less than",
        Operator::IsLessThanAgo => "was less than",
        Operator::IsBetween => "is between",
        Operator::HasAnyOf => "has any of",
        Operator::HasAllOf => "has all of",
        Operator::HasNoneOf => "has none of",
        Operator::IsBefore => "is before",
        Operator::IsAfter => "is after",
        Operator::IsMoreThanAgo => "was more than",
    }
}

/// What a condition compares with, quoted where it is a text; empty when the operator needs nothing.
pub fn operand(operator: Operator, expected: &str) -> String {
    match operator {
        Operator::Exists | Operator::DoesNotExist => String::new(),
        Operator::IsLessThanAgo | Operator::IsMoreThanAgo => format!("{expected} ago"),
        Operator::IsGreaterThan | Operator::IsLessThan => expected.to_owned(),
        Operator::IsBetween => expected.split(SEPARATOR).collect::<Vec<_>>().join(" and "),
        Operator::HasAnyOf | Operator::HasAllOf | Operator::HasNoneOf => {
            expected.split(SEPARATOR).collect::<Vec<_>>().join(", ")
        }
        _ => format!("\"{expected}\""),
    }
}

/// The words for the key of a step's side branch.
pub fn side_branch<'k>(key: &'k str, step: &Step) -> &'k str {
    match key {
        "timeout_branch" if step.question().is_none() => "Nobody came in time",
        "timeout_branch" => "No answer in time",
        "failure_branch" => "Failure",
        "idle_branch" => "Contact silent",
        "speak_to_human_branch" => "Wants a human",
        "unable_branch" => "Unable to answer",
        "invalid_branch" => "Answer does not fit",
        "sending_failed_branch" => "Sending failed",
        other => other,
    }
}

/// What a step is called in short: the author's name or id, else its action in words.
pub fn step_label(step: &Step) -> String {
    match &step.name {
        Some(name) => name.clone(),
        None if is_numbered(&step.id) => action(step.action_key()),
        None => step.id.to_string(),
    }
}

/// What a step is called in the outline: the author's name or id, else its action in words and what it does.
pub fn step_title(program: &Program, step: &Step) -> String {
    let is_nameless = step.name.is_none() && is_numbered(&step.id);
    match program.gist(step).filter(|_| is_nameless) {
        Some(gist) => format!("{}: {gist}", action(step.action_key())),
        None => step_label(step),
    }
}

/// Whether an id was made by counting and says nothing to people.
fn is_numbered(id: &str) -> bool {
    id.strip_prefix("step_").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// An action's key as words.
pub fn action(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}
