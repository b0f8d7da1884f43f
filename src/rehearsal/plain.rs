//! Line mode: one plain sentence per event. No colour, no cursor movement; made to be read aloud, and to be read by `grep`.

use std::fmt::Write as _;

use crate::engine::event::{
    Actor, AiAnswer, Body, Cause, EndReason, HttpAnswer, Kind, Received, SEPARATOR, Seen, Source, Target, TimerName,
    pairs,
};
use crate::engine::{
    Event, Fault, Instant, Outside, OutsideFault, Program, STANDARD_FIELDS, Session, ShownAs, Step, ValueRef, WaitKind,
};
use crate::flow::duration::format_duration;
use crate::flow::model::AiOutcome;
use crate::flow::{Operator, QuestionType};
use crate::text::{Direction, direction, single_line};

use super::command::COMMANDS;
use super::decision::{self, ArmShown, ConditionShown};
use super::json;

/// One event as a sentence on one line.
pub fn event(program: &Program, event: &Event<'_>) -> String {
    let step = event.step.map(|step| program.step(step));
    let channel = |channel| named(&program.channel(channel).name);
    match event.kind {
        Kind::WorkflowStarted { trigger } => {
            format!("Workflow {} starts ({trigger}).", quoted(&program.workflow(event.workflow).name))
        }
        Kind::MessageSent { body, .. } => format!("Bot: {}", sent(body)),
        Kind::QuestionAsked { text, shown_as, .. } => format!("Bot asks: {}{}", said(text), choices(step, shown_as)),
        Kind::ContactMessage { body, .. } => format!("Contact: {}", received(body)),
        Kind::AgentMessage { text } => format!("Agent: {}", said(text)),
        Kind::AnswerAccepted { value, .. } => format!("The answer is taken as {}.", shown(Some(value))),
        Kind::AnswerRejected { answer, reason } => {
            format!("The answer does not fit: {}.", safe(&json::rejection(step, reason, answer)))
        }
        Kind::FieldUpdated { field, old, new } => format!("Field {field}: {}.", change(old, new)),
        Kind::FieldNotSaved { field, too_long: true, .. } => {
            format!("Field {field} stays as it was: the value is longer than 65,536 bytes.")
        }
        Kind::FieldNotSaved { field, value, kind, too_long: false } => {
            format!("Field {field} stays as it was: it is of type {kind} and cannot hold {}.", shown(Some(value)))
        }
        Kind::VariableSet { variable, old, new } => format!("Variable {variable}: {}.", change(old, new)),
        Kind::VariableUnsetUsed { variable } => {
            format!("Warning: ${variable} is not set, so the text keeps the words ${variable}.")
        }
        Kind::TagAdded { tag } => format!("Tag {} added.", quoted(tag)),
        Kind::TagRemoved { tag } => format!("Tag {} removed.", quoted(tag)),
        Kind::BranchTaken { arm, why } => {
            let Some(step) = step else { return String::from("A branch was taken.") };
            let taken = arm.and_then(|arm| step.arm_name(usize::from(arm))).map_or("Else".into(), quoted);
            let mut sentence = format!("Branch {} goes to {taken}", quoted(step.title()));
            for (number, arm) in decision::arms(program, step, why).iter().enumerate() {
                sentence.push_str(if number == 0 { ": " } else { "; " });
                sentence.push_str(&arm_in_words(arm, program));
            }
            sentence + "."
        }
        Kind::TimerSet { timer, due } => format!("{} {}.", timer_in_words(timer), until(program, event.at, due)),
        Kind::TimerFired { timer, .. } => format!("{} is over.", timer_in_words(timer)),
        Kind::TimerCancelled { timer, .. } => format!("{} no longer matters.", timer_in_words(timer)),
        Kind::TimeAdvanced { from, to } => {
            format!("{} later it is {}.", format_duration(to.since(from)), clock(program, to))
        }
        Kind::JumpTaken { to, count, max } => {
            format!("Jump {count} of {max} to {}.", quoted(program.step(to).title()))
        }
        Kind::JumpExhausted { to, max, .. } => {
            format!("All {max} jumps to {} are used up, so this one is skipped.", quoted(program.step(to).title()))
        }
        Kind::SendingFailed { cause, text, .. } => {
            format!("Not sent, because {}: {}", cause_in_words(cause), said(text))
        }
        Kind::ChannelChanged { channel: id } => format!("The contact writes on {} from now on.", channel(id)),
        Kind::ChannelConnected { channel: id } => format!("{} is connected.", channel(id)),
        Kind::ChannelDisconnected { channel: id } => format!("{} is cut.", channel(id)),
        Kind::ConversationOpened { by } => format!("Conversation opened by {}.", actor_in_words(by)),
        Kind::ConversationClosed { by, category, summary } => {
            let mut sentence = format!("Conversation closed by {}", actor_in_words(by));
            if let Some(category) = category {
                let _ = write!(sentence, " as {}", quoted(category));
            }
            if let Some(summary) = summary {
                let _ = write!(sentence, ": {}", said(summary));
            }
            sentence + "."
        }
        Kind::CommentAdded { text } => format!("Comment for the team: {}", said(text)),
        Kind::Assigned { user, team, reason } => {
            let team = team.map_or_else(String::new, |team| format!(" of {}", said(team)));
            format!("Assigned to {}{team}: {}.", named(person(program, user)), safe(reason))
        }
        Kind::Unassigned { user, reason } => match user {
            Some(user) => format!("No longer assigned to {}: {}.", named(person(program, user)), safe(reason)),
            None => format!("Assigned to nobody, as before: {}.", safe(reason)),
        },
        Kind::AssignmentWaiting { reason, .. } => format!("Waiting for somebody to assign to: {}.", safe(reason)),
        Kind::LifecycleUpdated { old, new } => {
            format!("Lifecycle: {}.", change(old.map(ValueRef::Text), new.map(ValueRef::Text)))
        }
        Kind::DateTimeChecked { inside } => {
            let zone = step.and_then(Step::zone).unwrap_or(program.zone());
            let local = event.at.local(zone).format("%A %H:%M");
            format!(
                "It is {local} in {zone}: {} the hours of {}.",
                if inside { "inside" } else { "outside" },
                step.map_or_else(String::new, |step| quoted(step.title()))
            )
        }
        Kind::HttpRequested { method, url, body, .. } => match body {
            Some(body) => format!("Request: {method} {} with {}", safe(url), safe(body)),
            None => format!("Request: {method} {}", safe(url)),
        },
        Kind::HttpResponded { answer, source } => match answer {
            HttpAnswer::Response { status, body: "" } => format!("Response {status}{}.", source_in_words(source)),
            HttpAnswer::Response { status, body } => {
                format!("Response {status}{}: {}", source_in_words(source), safe(body))
            }
            HttpAnswer::Failed(why) => {
                format!("No response{}: {}.", source_in_words(source), safe(&why.replace('_', " ")))
            }
        },
        Kind::SheetRowAdded { spreadsheet, sheet, row } => {
            let cells = pairs(row).map(|(column, cell)| format!("{} {}", said(column), quoted(cell)));
            let cells = cells.collect::<Vec<_>>().join(", ");
            format!("Row added to {} in {}: {cells}.", quoted(sheet), quoted(spreadsheet))
        }
        Kind::AiRequested { objective, message, .. } => {
            let heard = if message.is_empty() { "nothing yet".to_owned() } else { quoted(message) };
            format!("The AI is asked to {}, hearing {heard}.", objective.as_str().replace('_', " "))
        }
        Kind::AiReplied { reply, collected, source } => {
            let mut sentence = match reply {
                AiAnswer::Reply { outcome: None, .. } => "The AI goes on talking".to_owned(),
                AiAnswer::Reply { outcome: Some(outcome), .. } => outcome_in_words(outcome).to_owned(),
                AiAnswer::Failed(why) => format!("The AI could not be asked: {}", safe(&why.replace('_', " "))),
            };
            sentence.push_str(source_in_words(source));
            for (number, (name, value)) in pairs(collected).enumerate() {
                sentence.push_str(if number == 0 { ", it found out " } else { ", " });
                let _ = write!(sentence, "{} {}", said(name), quoted(value));
            }
            sentence + "."
        }
        Kind::WorkflowEnded { reason, detail } => {
            let detail = detail.map_or_else(String::new, |detail| format!(" ({})", safe(detail)));
            format!("Workflow ended: {}{detail}.", end_in_words(reason))
        }
        Kind::FaultSet { fault } => format!("The next send will fail: {}.", fault_in_words(fault)),
        Kind::OutsideFaultSet { to, failure } => outside_fault(to, failure) + ".",
        Kind::ValueEdited { target: Target::Mock, name, new, .. } => {
            format!("Mock {} answers {} next.", shown(new), quoted(name))
        }
        Kind::ValueEdited { target, name, old, new } => format!("You set {target}.{name}: {}.", change(old, new)),
        Kind::Notice { message } => notice(message),
    }
}

/// The state in a few lines, as `/state` and the end of input show it.
pub fn state(session: &Session) -> Vec<String> {
    let program = session.program();
    let contact = session.contact();
    let mut lines = vec![format!("It is {}.", clock(program, session.now()))];
    let name = contact.name().unwrap_or_else(|| contact.id.to_string());
    let channel = session.links().last().map_or_else(|| "no channel".into(), |id| named(&program.channel(id).name));
    lines.push(format!("Contact {}, last on {channel}, conversation {}.", safe(&name), session.conversation()));
    for (name, value) in session.fields() {
        let kind = if STANDARD_FIELDS.iter().any(|(field, _)| *field == name) { "Contact" } else { "Field" };
        lines.push(format!("{kind} {name} is {}.", shown(Some(value.as_ref()))));
    }
    let tags: Vec<String> = contact.tags.iter().map(|tag| quoted(tag)).collect();
    lines.push(if tags.is_empty() { "No tags.".into() } else { format!("Tags: {}.", tags.join(", ")) });
    if let Some(user) = &contact.assignee {
        lines.push(format!("Assigned to {}.", named(person(program, user))));
    }
    if let Some(stage) = &contact.lifecycle {
        lines.push(format!("Lifecycle stage {}.", quoted(stage)));
    }
    for (name, value) in session.variables() {
        lines.push(format!("Variable {name} is {}.", shown(Some(value.as_ref()))));
    }
    lines.push(match (session.waiting(), session.ended()) {
        (Some(wait), _) => {
            let step = quoted(program.step(wait.step).title());
            match wait.until {
                Some(due) => format!("Waiting at {step} {}.", until(program, session.now(), due)),
                None => format!("Waiting at {step} for {}.", answer_in_words(wait.kind)),
            }
        }
        (None, Some(reason)) => format!("The workflow has ended: {}.", end_in_words(reason)),
        (None, None) => "No workflow is running.".into(),
    });
    lines
}

/// Everything pending, a line each.
pub fn timers(session: &Session) -> Vec<String> {
    let program = session.program();
    let timers = session.timers().map(|(timer, step, due)| {
        let step = quoted(program.step(step).title());
        format!("{} of {step} {}.", timer_in_words(timer), until(program, session.now(), due))
    });
    let lines: Vec<String> = timers.collect();
    if lines.is_empty() { vec!["Nothing is pending.".into()] } else { lines }
}

/// The commands, a line each.
pub fn help() -> Vec<String> {
    let usage = |name: &str, arguments: &str| format!("/{name} {arguments}").trim_end().to_owned();
    let lines = COMMANDS.iter().map(|help| format!("{}: {}.", usage(help.name, help.arguments), help.summary));
    std::iter::once(
        "Every line is a message of the contact, except these; // sends a text that starts with a slash.".into(),
    )
    .chain(lines)
    .collect()
}

/// `undone` and `redone`.
pub fn moved(session: &Session, at: Instant, what: &str, count: usize) -> String {
    let inputs = if count == 1 { "input" } else { "inputs" };
    format!("{count} {inputs} {what}; it is {}.", clock(session.program(), at))
}

/// What a start from the beginning did.
pub fn restarted(session: &Session, at: Instant) -> String {
    let name = session.contact().name().unwrap_or_else(|| session.contact().id.to_string());
    format!("Started over as {}; it is {}.", safe(&name), clock(session.program(), at))
}

/// A note.
pub fn notice(message: &str) -> String {
    format!("Note: {}.", safe(message))
}

/// An error: what went wrong and how to mend it.
pub fn error(message: &str) -> String {
    format!("Error: {}.", safe(message))
}

/// A condition in words: `variable.topic is_equal_to "Sales", saw "Billing"`.
pub fn condition_in_words(condition: &ConditionShown<'_>, program: &Program) -> String {
    let operator = condition.operator.as_str().replace('_', " ");
    let expected = match condition.operator {
        Operator::Exists | Operator::DoesNotExist => String::new(),
        Operator::IsLessThanAgo | Operator::IsMoreThanAgo => format!(" {}", condition.expected),
        _ => format!(" {}", condition.expected.split(SEPARATOR).map(quoted).collect::<Vec<_>>().join(", ")),
    };
    format!("{} {operator}{expected}, saw {}", safe(&condition.subject), seen_in_words(condition.actual, program))
}

/// A value a condition looked at, in words.
pub fn seen_in_words(seen: Seen<'_>, program: &Program) -> String {
    match seen {
        Seen::Unset => "nothing".into(),
        Seen::Text(text) => quoted(text),
        Seen::Number(number) => number.to_string(),
        Seen::Tags(tags) => tags.split(SEPARATOR).map(quoted).collect::<Vec<_>>().join(", "),
        Seen::Instant(instant) => clock(program, instant),
    }
}

fn arm_in_words(arm: &ArmShown<'_>, program: &Program) -> String {
    let name = quoted(arm.name);
    let Some(holds) = arm.holds else { return format!("{name} not reached") };
    let joiner = if arm.joiner == "any" { " or " } else { " and " };
    let conditions: Vec<String> =
        arm.conditions.iter().map(|condition| condition_in_words(condition, program)).collect();
    format!("{name} {} ({})", if holds { "holds" } else { "does not hold" }, conditions.join(joiner))
}

/// Why a workflow ended, in words.
pub const fn end_in_words(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Completed => "completed",
        EndReason::Timeout => "timeout, nobody answered in time and no branch catches that",
        EndReason::InvalidAnswer => "invalid answer, and the failure branch is empty",
        EndReason::SendingFailed => "sending failed, and no branch catches that",
        EndReason::OutsideHours => "outside hours, and no branch catches that",
        EndReason::StoppedByAgent => "stopped by an agent",
        EndReason::ExitCondition => "exit condition",
        EndReason::MovedToWorkflow => "moved to another workflow",
        EndReason::UnknownStep => "a step came that rehearse does not know",
        EndReason::LoopDetected => "loop detected, it went round without ever waiting",
    }
}

/// Why a message was not sent, in words.
pub const fn cause_in_words(cause: Cause) -> &'static str {
    match cause {
        Cause::NoChannel => "the contact has no connected channel",
        Cause::WindowClosed => "the messaging window is closed",
        Cause::ExpiredApiKey => "the channel's API key has expired",
        Cause::Network => "the network failed",
        Cause::Rejected => "the channel rejected it",
        Cause::TextTooLong => "the text is longer than the channel takes",
        Cause::TemplateMissingParameter => "a parameter of the template is missing",
    }
}

/// A fault in words.
pub fn fault_in_words(fault: Fault) -> &'static str {
    cause_in_words(fault.into())
}

/// How the next request to the outside world will fail, in words.
pub fn outside_fault(to: Outside, failure: OutsideFault) -> String {
    let whose = match to {
        Outside::Http => "The next HTTP request",
        Outside::Ai => "The next request to the AI",
    };
    match failure {
        OutsideFault::Status(status) => format!("{whose} will be answered with status {status}"),
        OutsideFault::NoAnswer(why) => format!("{whose} will fail: {}", why.as_str().replace('_', " ")),
    }
}

/// Who opened or closed a conversation, in words.
pub const fn actor_in_words(actor: Actor) -> &'static str {
    match actor {
        Actor::Contact => "the contact",
        Actor::Workflow => "the workflow",
        Actor::Agent => "an agent",
        Actor::Api => "the platform's API",
        Actor::Zapier => "Zapier",
        Actor::Make => "Make",
        Actor::CtcAds => "a click-to-chat ad",
        Actor::GrowthWidget => "a growth widget",
        Actor::Bot => "a bot",
        Actor::N8n => "n8n",
        Actor::AiAgent => "an AI agent",
        Actor::AutoClose => "the workspace's auto-close",
    }
}

const fn timer_in_words(timer: TimerName) -> &'static str {
    match timer {
        TimerName::QuestionTimeout => "The time to answer",
        TimerName::Wait => "The wait",
        TimerName::AssignmentTimeout => "The time to find somebody",
        TimerName::AiIdle => "The contact's time to say more",
    }
}

/// Who answered, as a sentence ends with it. Said only when it was no operator: whoever typed it knows.
const fn source_in_words(source: Source) -> &'static str {
    match source {
        Source::Mock => " (a mock)",
        Source::Operator => "",
        Source::Live => " (live)",
    }
}

/// How a conversation with an AI came out, in words.
pub const fn outcome_in_words(outcome: AiOutcome) -> &'static str {
    match outcome {
        AiOutcome::Success => "The AI is done",
        AiOutcome::SpeakToHuman => "The contact wants to speak to a human",
        AiOutcome::Unable => "The AI is unable to answer",
        AiOutcome::Failure => "The AI failed",
    }
}

/// What is waited for without a deadline, and how to give it.
const fn answer_in_words(kind: WaitKind) -> &'static str {
    match kind {
        WaitKind::Http => "an HTTP answer: give one with /http 200",
        WaitKind::Ai => "the AI's reply: give one with /ai",
        _ => "something to happen",
    }
}

/// What colleagues call a user.
pub fn person<'p>(program: &'p Program, user: &'p str) -> &'p str {
    program.users().iter().find(|known| known.id == user).map_or(user, |known| &known.name)
}

fn until(program: &Program, now: Instant, due: Instant) -> String {
    format!("lasts until {}, {} from now", clock(program, due), format_duration(due.since(now)))
}

/// An instant as a person says it, in the workspace's zone.
pub fn clock(program: &Program, instant: Instant) -> String {
    instant.local(program.zone()).format("%a %-d %b %Y %H:%M:%S").to_string()
}

fn choices(step: Option<&Step>, shown_as: ShownAs) -> String {
    let Some(step) = step else { return String::new() };
    let options = step.options().iter().zip(1..).map(|(option, number)| format!("{number} {}", said(option)));
    let options: Vec<String> = options.collect();
    let how = shown_as.as_str().replace('_', " ");
    match step.question().map(crate::engine::answer::Question::kind) {
        Some(QuestionType::MultipleChoice) => format!(" ({how}: {})", options.join("; ")),
        Some(QuestionType::Rating) => " (1 to 5 stars)".into(),
        _ => String::new(),
    }
}

fn sent(body: Body<&str>) -> String {
    match body {
        Body::Text(text) => said(text),
        Body::Attachment { kind, url, name } => match name {
            Some(name) => format!("[{kind}] {} ({})", said(name), safe(url)),
            None => format!("[{kind}] {}", safe(url)),
        },
        Body::Template { name, header, body, buttons, .. } => {
            let mut sentence = format!("[template {}]", safe(name));
            for part in header.into_iter().chain(Some(body)).filter(|part| !part.is_empty()) {
                let _ = write!(sentence, " {}", said(part));
            }
            let buttons: Vec<String> = buttons.split(SEPARATOR).filter(|title| !title.is_empty()).map(said).collect();
            if !buttons.is_empty() {
                let _ = write!(sentence, " (buttons: {})", buttons.join("; "));
            }
            sentence
        }
    }
}

fn received(body: Received<&str>) -> String {
    match body {
        Received::Text("") => "(an empty message)".into(),
        Received::Text(text) => said(text),
        Received::Attachment { kind, url } => format!("[{kind}] {}", safe(url)),
        Received::Location { latitude, longitude } => {
            format!("[location] {}, {}", latitude.normalize(), longitude.normalize())
        }
    }
}

fn change(old: Option<ValueRef<'_>>, new: Option<ValueRef<'_>>) -> String {
    match (old, new) {
        (None, None) => "still not set".into(),
        (None, Some(_)) => format!("set to {}", shown(new)),
        (Some(_), None) => format!("cleared, was {}", shown(old)),
        (Some(_), Some(_)) => format!("set to {}, was {}", shown(new), shown(old)),
    }
}

fn shown(value: Option<ValueRef<'_>>) -> String {
    match value {
        None => "nothing".into(),
        Some(ValueRef::Text(text)) => quoted(text),
        Some(ValueRef::Number(number)) => number.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", said(text))
}

fn named(name: &str) -> String {
    said(name)
}

/// Text from flows and contacts on one line: controls shown, and right-to-left text kept from turning the sentence around it.
fn said(text: &str) -> String {
    let line = single_line(text);
    if direction(&line) == Direction::RightToLeft { format!("\u{2068}{line}\u{2069}") } else { line.into_owned() }
}

fn safe(text: &str) -> String {
    single_line(text).into_owned()
}
