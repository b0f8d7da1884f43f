//! The event stream: one JSON object per event, keys as surface.md names them, written in a fixed order.

use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::decision;
use super::instant::Stamp;
use crate::engine::event::{AiAnswer, Body, HttpAnswer, Kind, Received, SEPARATOR, Seen, Why, pairs};
use crate::engine::{Event, Instant, Program, STANDARD_FIELDS, Session, Step, Value, ValueRef};
use crate::flow::Operator;
use crate::flow::model::AiOutcome;
use crate::text::escaped_json;

/// One event as a line of JSON, without the line's end.
pub fn event(program: &Program, event: &Event<'_>) -> String {
    let name = event_name(&event.kind);
    let mut object = Object::event(program, event.at, name);
    object.text("workflow", &program.workflow(event.workflow).name);
    if let Some(step) = event.step {
        object.text("step", &program.step(step).id);
    }
    keys(&mut object, program, event);
    object.end()
}

/// The name of an event in the stream.
pub const fn event_name(kind: &Kind<'_>) -> &'static str {
    match kind {
        Kind::WorkflowStarted { .. } => "workflow_started",
        Kind::MessageSent { .. } => "message_sent",
        Kind::QuestionAsked { .. } => "question_asked",
        Kind::ContactMessage { .. } => "contact_message",
        Kind::AgentMessage { .. } => "agent_message",
        Kind::AnswerAccepted { .. } => "answer_accepted",
        Kind::AnswerRejected { .. } => "answer_rejected",
        Kind::FieldUpdated { .. } => "field_updated",
        Kind::FieldNotSaved { .. } => "field_not_saved",
        Kind::VariableSet { .. } => "variable_set",
        Kind::VariableUnsetUsed { .. } => "variable_unset_used",
        Kind::TagAdded { .. } => "tag_added",
        Kind::TagRemoved { .. } => "tag_removed",
        Kind::BranchTaken { .. } => "branch_taken",
        Kind::TimerSet { .. } => "timer_set",
        Kind::TimerFired { .. } => "timer_fired",
        Kind::TimerCancelled { .. } => "timer_cancelled",
        Kind::TimeAdvanced { .. } => "time_advanced",
        Kind::JumpTaken { .. } => "jump_taken",
        Kind::JumpExhausted { .. } => "jump_exhausted",
        Kind::SendingFailed { .. } => "sending_failed",
        Kind::ChannelChanged { .. } => "channel_changed",
        Kind::ChannelConnected { .. } => "channel_connected",
        Kind::ChannelDisconnected { .. } => "channel_disconnected",
        Kind::ConversationOpened { .. } => "conversation_opened",
        Kind::ConversationClosed { .. } => "conversation_closed",
        Kind::CommentAdded { .. } => "comment_added",
        Kind::Assigned { .. } => "assigned",
        Kind::Unassigned { .. } => "unassigned",
        Kind::AssignmentWaiting { .. } => "assignment_waiting",
        Kind::LifecycleUpdated { .. } => "lifecycle_updated",
        Kind::DateTimeChecked { .. } => "date_time_checked",
        Kind::HttpRequested { .. } => "http_requested",
        Kind::HttpResponded { .. } => "http_responded",
        Kind::SheetRowAdded { .. } => "sheet_row_added",
        Kind::AiRequested { .. } => "ai_requested",
        Kind::AiReplied { .. } => "ai_replied",
        Kind::WorkflowEnded { .. } => "workflow_ended",
        Kind::FaultSet { .. } | Kind::OutsideFaultSet { .. } => "fault_set",
        Kind::ValueEdited { .. } => "value_edited",
        Kind::Notice { .. } => "notice",
    }
}

fn keys(object: &mut Object<'_>, program: &Program, event: &Event<'_>) {
    let step = event.step.map(|step| program.step(step));
    match event.kind {
        Kind::WorkflowStarted { trigger } => object.text("trigger", trigger.as_str()),
        Kind::MessageSent { body, channel } => {
            sent(object, body);
            object.text("channel", &program.channel(channel).id);
        }
        Kind::QuestionAsked { text, shown_as, channel, until } => {
            let kind = step.and_then(Step::question).map_or("text", |question| question.kind().as_str());
            object.text("text", text);
            object.text("type", kind);
            object.list("options", step.map(Step::options).unwrap_or_default().iter().map(String::as_str));
            object.text("shown_as", shown_as.as_str());
            object.text("channel", &program.channel(channel).id);
            object.instant("until", until);
        }
        Kind::ContactMessage { body, channel } => {
            received(object, body);
            object.text("channel", &program.channel(channel).id);
        }
        Kind::AgentMessage { text } => object.text("text", text),
        Kind::AnswerAccepted { answer, value } => {
            object.text("answer", answer);
            object.value("value", Some(value));
        }
        Kind::AnswerRejected { answer, reason } => {
            object.text("answer", answer);
            object.text("reason", &rejection(step, reason, answer));
        }
        Kind::FieldUpdated { field, old, new } => {
            object.text("field", field);
            object.value("old", old);
            object.value("new", new);
        }
        Kind::FieldNotSaved { field, value, kind, too_long } => {
            object.text("field", field);
            object.value("value", Some(value));
            let reason = if too_long {
                "the value is longer than 65,536 bytes".to_owned()
            } else {
                format!("the field {field} is of type {kind} and cannot hold \"{value}\"")
            };
            object.text("reason", &reason);
        }
        Kind::VariableSet { variable, old, new } => {
            object.text("variable", variable);
            object.value("old", old);
            object.value("new", new);
        }
        Kind::VariableUnsetUsed { variable } => object.text("variable", variable),
        Kind::TagAdded { tag } | Kind::TagRemoved { tag } => object.text("tag", tag),
        Kind::BranchTaken { arm, why } => {
            let taken = arm.and_then(|arm| step?.arm_name(usize::from(arm)));
            object.text("arm", taken.unwrap_or("else"));
            if let Some(step) = step {
                object.raw("why", &why_json(program, step, why));
            }
        }
        Kind::TimerSet { timer, due } | Kind::TimerFired { timer, due } | Kind::TimerCancelled { timer, due } => {
            object.text("timer", timer.as_str());
            object.instant("due", due);
        }
        Kind::TimeAdvanced { from, to } => {
            object.instant("from", from);
            object.instant("to", to);
        }
        Kind::JumpTaken { to, count, max } | Kind::JumpExhausted { to, count, max } => {
            object.text("to", &program.step(to).id);
            object.raw("count", &count.to_string());
            object.raw("max", &max.to_string());
        }
        Kind::SendingFailed { cause, text, channel } => {
            object.text("cause", cause.as_str());
            object.text("text", text);
            object.optional("channel", channel.map(|channel| program.channel(channel).id.as_str()));
        }
        Kind::ChannelChanged { channel }
        | Kind::ChannelConnected { channel }
        | Kind::ChannelDisconnected { channel } => object.text("channel", &program.channel(channel).id),
        Kind::ConversationOpened { by } => {
            object.text("by", by.as_str());
            object.optional("category", None);
            object.optional("summary", None);
        }
        Kind::ConversationClosed { by, category, summary } => {
            object.text("by", by.as_str());
            object.optional("category", category);
            object.optional("summary", summary);
        }
        Kind::CommentAdded { text } => {
            object.text("text", text);
            object.list("mentions", step.map(Step::mentions).unwrap_or_default().iter().map(String::as_str));
        }
        Kind::Assigned { user, team, reason } => assignment(object, Some(user), team, reason),
        Kind::Unassigned { user, reason } => assignment(object, user, None, reason),
        Kind::AssignmentWaiting { team, reason } => assignment(object, None, team, reason),
        Kind::LifecycleUpdated { old, new } => {
            object.optional("old", old);
            object.optional("new", new);
        }
        Kind::DateTimeChecked { inside } => {
            let zone = step.and_then(Step::zone).unwrap_or(program.zone());
            object.raw("inside", if inside { "true" } else { "false" });
            object.text("zone", zone.name());
            object.text("local", &event.at.local(zone).format("%Y-%m-%dT%H:%M:%S").to_string());
        }
        Kind::HttpRequested { method, url, headers, body } => {
            object.text("method", method.as_str());
            object.text("url", url);
            object.pairs("headers", headers);
            object.optional("body", body);
        }
        Kind::HttpResponded { answer, source } => {
            match answer {
                HttpAnswer::Response { status, body } => {
                    object.raw("status", &status.to_string());
                    object.text("body", body);
                    object.optional("error", None);
                }
                HttpAnswer::Failed(why) => {
                    object.optional("status", None);
                    object.optional("body", None);
                    object.text("error", why);
                }
            }
            object.text("source", source.as_str());
        }
        Kind::SheetRowAdded { spreadsheet, sheet, row } => {
            object.text("spreadsheet", spreadsheet);
            object.text("sheet", sheet);
            object.pairs("row", row);
        }
        Kind::AiRequested { objective, instructions, message } => {
            let (_, knowledge, collect) = step.and_then(Step::ai).unwrap_or((objective, &[], &[]));
            object.text("objective", objective.as_str());
            object.optional("instructions", instructions);
            object.list("knowledge", knowledge.iter().map(String::as_str));
            object.list("collect", collect.iter().map(|collect| collect.variable.as_str()));
            object.text("message", message);
        }
        Kind::AiReplied { reply, collected, source } => {
            let (say, outcome, error) = match reply {
                AiAnswer::Reply { say, outcome } => (Some(say), outcome.map(AiOutcome::as_str), None),
                AiAnswer::Failed(why) => (None, Some(AiOutcome::Failure.as_str()), Some(why)),
            };
            object.optional("text", say);
            object.optional("outcome", outcome);
            object.pairs("collected", collected);
            object.optional("error", error);
            object.text("source", source.as_str());
        }
        Kind::WorkflowEnded { reason, detail } => {
            object.text("reason", reason.as_str());
            object.optional("detail", detail);
        }
        Kind::FaultSet { fault } => object.text("fault", fault.as_str()),
        Kind::OutsideFaultSet { to, failure } => object.text("fault", &format!("{to} {failure}")),
        Kind::ValueEdited { target, name, old, new } => {
            object.text("target", &format!("{target}.{name}"));
            object.value("old", old);
            object.value("new", new);
        }
        Kind::Notice { message } => object.text("message", message),
    }
}

/// The reason a rejected answer was rejected for, in plain words.
pub fn rejection(step: Option<&Step>, reason: crate::engine::answer::InvalidAnswer, answer: &str) -> String {
    step.and_then(Step::question).map_or_else(String::new, |question| reason.explain(question, answer))
}

fn assignment(object: &mut Object<'_>, user: Option<&str>, team: Option<&str>, reason: &str) {
    object.optional("user", user);
    object.optional("team", team);
    object.text("reason", reason);
}

fn sent(object: &mut Object<'_>, body: Body<&str>) {
    match body {
        Body::Text(text) => object.text("text", text),
        Body::Attachment { kind, url, name } => {
            let mut inner = Object::bare(object.program);
            inner.text("kind", kind.as_str());
            inner.text("url", url);
            inner.optional("name", name);
            object.raw("attachment", &inner.end());
        }
        Body::Template { name, language, header, body, buttons } => {
            let mut inner = Object::bare(object.program);
            inner.text("name", name);
            inner.optional("language", language);
            inner.optional("header", header);
            inner.text("body", body);
            inner.list("buttons", buttons.split(SEPARATOR).filter(|button| !button.is_empty()));
            object.raw("template", &inner.end());
        }
    }
}

fn received(object: &mut Object<'_>, body: Received<&str>) {
    match body {
        Received::Text(text) => object.text("text", text),
        Received::Attachment { kind, url } => {
            let mut inner = Object::bare(object.program);
            inner.text("kind", kind.as_str());
            inner.text("url", url);
            object.raw("attachment", &inner.end());
        }
        Received::Location { latitude, longitude } => {
            let mut inner = Object::bare(object.program);
            inner.raw("latitude", &latitude.normalize().to_string());
            inner.raw("longitude", &longitude.normalize().to_string());
            object.raw("location", &inner.end());
        }
    }
}

fn why_json(program: &Program, step: &Step, why: Why<'_>) -> String {
    let arms = decision::arms(program, step, why).into_iter().map(|arm| {
        let mut object = Object::bare(program);
        object.text("arm", arm.name);
        object.text("joiner", arm.joiner);
        object.raw("holds", arm.holds.map_or("null", truth));
        let conditions = arm.conditions.into_iter().map(|condition| {
            let mut object = Object::bare(program);
            object.text("subject", &condition.subject);
            object.text("operator", condition.operator.as_str());
            match condition.operator {
                Operator::Exists | Operator::DoesNotExist => object.raw("expected", "true"),
                Operator::IsBetween | Operator::HasAnyOf | Operator::HasAllOf | Operator::HasNoneOf => {
                    object.list("expected", condition.expected.split(SEPARATOR));
                }
                _ => object.text("expected", &condition.expected),
            }
            match condition.actual {
                Seen::Unset => object.optional("actual", None),
                Seen::Text(text) => object.text("actual", text),
                Seen::Number(number) => object.number("actual", number),
                Seen::Tags(tags) => object.list("actual", tags.split(SEPARATOR).filter(|tag| !tag.is_empty())),
                Seen::Instant(instant) => object.instant("actual", instant),
            }
            object.raw("holds", truth(condition.holds));
            object.end()
        });
        object.raw("conditions", &array(conditions));
        object.end()
    });
    array(arms)
}

const fn truth(holds: bool) -> &'static str {
    if holds { "true" } else { "false" }
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// The whole state, as `/state`, `/quit` and the end of input show it.
pub fn state(session: &Session) -> String {
    let program = session.program();
    let contact = session.contact();
    let mut object = Object::event(program, session.now(), "state");
    object.text("workflow", &program.workflow(session.workflow()).name);

    let mut inner = Object::bare(program);
    inner.optional("name", contact.name().as_deref());
    for (name, _) in STANDARD_FIELDS {
        inner.value(name, session.field(name).map(Value::as_ref));
    }
    let connected = program.channel_ids().filter(|channel| session.links().is_connected(*channel));
    inner.list("channels", connected.map(|channel| program.channel(channel).id.as_str()));
    inner.optional("last_channel", session.links().last().map(|channel| program.channel(channel).id.as_str()));
    inner.optional("lifecycle", contact.lifecycle.as_deref());
    let mut fields = Object::bare(program);
    let is_standard = |name: &str| STANDARD_FIELDS.iter().any(|(standard, _)| *standard == name);
    for (name, value) in session.fields().filter(|(name, _)| !is_standard(name)) {
        fields.value(name, Some(value.as_ref()));
    }
    inner.raw("fields", &fields.end());
    inner.list("tags", contact.tags.iter().map(SmolStr::as_str));
    object.raw("contact", &inner.end());

    let mut variables = Object::bare(program);
    for (name, value) in session.variables() {
        variables.value(name, Some(value.as_ref()));
    }
    object.raw("variables", &variables.end());
    object.text("conversation", session.conversation());
    object.optional("assignee", contact.assignee.as_deref());
    match session.waiting() {
        None => object.optional("waiting", None),
        Some(wait) => {
            let mut waiting = Object::bare(program);
            waiting.text("step", &program.step(wait.step).id);
            waiting.text("kind", wait.kind.as_str());
            match wait.until {
                Some(until) => waiting.instant("until", until),
                None => waiting.optional("until", None),
            }
            object.raw("waiting", &waiting.end());
        }
    }
    object.optional("ended", session.ended().map(crate::engine::event::EndReason::as_str));
    object.raw("steps_run", &session.steps_run().to_string());
    object.end()
}

/// Everything pending, as `/timers` shows it.
pub fn timers(session: &Session) -> String {
    let program = session.program();
    let mut object = Object::event(program, session.now(), "timers");
    object.text("workflow", &program.workflow(session.workflow()).name);
    let timers = session.timers().map(|(timer, step, due)| {
        let mut object = Object::bare(program);
        object.text("timer", timer.as_str());
        object.text("step", &program.step(step).id);
        object.instant("due", due);
        object.end()
    });
    object.raw("timers", &array(timers));
    object.end()
}

/// `undone` or `redone`, with how many inputs, at the instant from which the stream goes on.
pub fn moved(session: &Session, at: Instant, name: &str, count: usize) -> String {
    let mut object = of_driver(session, at, name);
    object.raw("count", &count.to_string());
    object.end()
}

/// `restarted`, at the instant it starts at.
pub fn restarted(session: &Session, at: Instant) -> String {
    of_driver(session, at, "restarted").end()
}

/// `error` or `notice`, with its words.
pub fn message(session: &Session, name: &str, message: &str) -> String {
    let mut object = of_driver(session, session.now(), name);
    object.text("message", message);
    object.end()
}

fn of_driver<'a>(session: &'a Session, at: Instant, name: &str) -> Object<'a> {
    let mut object = Object::event(session.program(), at, name);
    object.text("workflow", &session.program().workflow(session.workflow()).name);
    object
}

/// A JSON object being written, its keys in the order they are given.
struct Object<'a> {
    out: String,
    program: &'a Program,
}

impl<'a> Object<'a> {
    fn bare(program: &'a Program) -> Self {
        Self { out: String::from("{"), program }
    }

    fn event(program: &'a Program, at: Instant, name: &str) -> Self {
        let mut object = Self::bare(program);
        object.instant("at", at);
        object.text("event", name);
        object
    }

    /// A key with JSON that is written already.
    fn raw(&mut self, key: &str, json: &str) {
        if self.out.len() > 1 {
            self.out.push(',');
        }
        self.out.push_str(&quoted(key));
        self.out.push(':');
        self.out.push_str(json);
    }

    fn text(&mut self, key: &str, text: &str) {
        self.raw(key, &quoted(text));
    }

    fn optional(&mut self, key: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(key, text),
            None => self.raw(key, "null"),
        }
    }

    fn number(&mut self, key: &str, number: Decimal) {
        self.raw(key, &number.normalize().to_string());
    }

    fn value(&mut self, key: &str, value: Option<ValueRef<'_>>) {
        match value {
            Some(ValueRef::Text(text)) => self.text(key, text),
            Some(ValueRef::Number(number)) => self.number(key, number),
            None => self.raw(key, "null"),
        }
    }

    fn instant(&mut self, key: &str, instant: Instant) {
        self.raw(key, &format!("\"{}\"", Stamp(instant, self.program.zone())));
    }

    /// Names and values as an object.
    fn pairs(&mut self, key: &str, joined: &str) {
        let mut inner = Object::bare(self.program);
        for (name, value) in pairs(joined) {
            inner.text(name, value);
        }
        self.raw(key, &inner.end());
    }

    fn list<'t>(&mut self, key: &str, texts: impl Iterator<Item = &'t str>) {
        self.raw(key, &array(texts.map(quoted)));
    }

    fn end(mut self) -> String {
        self.out.push('}');
        self.out
    }
}

fn quoted(text: &str) -> String {
    escaped_json(serde_json::Value::from(text).to_string())
}
