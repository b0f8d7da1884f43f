//! Events with their texts held otherwise: borrowed, or as ranges of a log's buffer.

use super::{AiAnswer, Body, HttpAnswer, KindOf, Received};

impl<S> HttpAnswer<S> {
    /// The same answer with its text held otherwise.
    pub(in crate::engine) fn map<T>(self, text: impl FnOnce(S) -> T) -> HttpAnswer<T> {
        match self {
            Self::Response { status, body } => HttpAnswer::Response { status, body: text(body) },
            Self::Failed(why) => HttpAnswer::Failed(text(why)),
        }
    }
}

impl<S> AiAnswer<S> {
    /// The same answer with its text held otherwise.
    pub(in crate::engine) fn map<T>(self, text: impl FnOnce(S) -> T) -> AiAnswer<T> {
        match self {
            Self::Reply { say, outcome } => AiAnswer::Reply { say: text(say), outcome },
            Self::Failed(why) => AiAnswer::Failed(text(why)),
        }
    }
}

impl<S> Body<S> {
    pub(in crate::engine) fn map<T>(self, mut text: impl FnMut(S) -> T) -> Body<T> {
        match self {
            Self::Text(held) => Body::Text(text(held)),
            Self::Attachment { kind, url, name } => {
                Body::Attachment { kind, url: text(url), name: name.map(&mut text) }
            }
            Self::Template { name, language, header, body, buttons } => Body::Template {
                name: text(name),
                language: language.map(&mut text),
                header: header.map(&mut text),
                body: text(body),
                buttons: text(buttons),
            },
        }
    }
}

impl<S> Received<S> {
    pub(in crate::engine) fn map<T>(self, text: impl FnOnce(S) -> T) -> Received<T> {
        match self {
            Self::Text(held) => Received::Text(text(held)),
            Self::Attachment { kind, url } => Received::Attachment { kind, url: text(url) },
            Self::Location { latitude, longitude } => Received::Location { latitude, longitude },
        }
    }
}

impl<S, W> KindOf<S, W> {
    /// The same happening with texts and reasons held otherwise.
    pub(in crate::engine) fn map<T, V>(self, mut t: impl FnMut(S) -> T, w: impl FnOnce(W) -> V) -> KindOf<T, V> {
        use KindOf as K;
        match self {
            K::WorkflowStarted { trigger } => K::WorkflowStarted { trigger },
            K::MessageSent { body, channel } => K::MessageSent { body: body.map(t), channel },
            K::QuestionAsked { text, shown_as, channel, until } => {
                K::QuestionAsked { text: t(text), shown_as, channel, until }
            }
            K::ContactMessage { body, channel } => K::ContactMessage { body: body.map(t), channel },
            K::AgentMessage { text } => K::AgentMessage { text: t(text) },
            K::AnswerAccepted { answer, value } => K::AnswerAccepted { answer: t(answer), value: value.map(t) },
            K::AnswerRejected { answer, reason } => K::AnswerRejected { answer: t(answer), reason },
            K::FieldUpdated { field, old, new } => K::FieldUpdated {
                field: t(field),
                old: old.map(|value| value.map(&mut t)),
                new: new.map(|value| value.map(&mut t)),
            },
            K::FieldNotSaved { field, value, kind, too_long } => {
                K::FieldNotSaved { field: t(field), value: value.map(t), kind, too_long }
            }
            K::VariableSet { variable, old, new } => K::VariableSet {
                variable: t(variable),
                old: old.map(|value| value.map(&mut t)),
                new: new.map(|value| value.map(&mut t)),
            },
            K::VariableUnsetUsed { variable } => K::VariableUnsetUsed { variable: t(variable) },
            K::TagAdded { tag } => K::TagAdded { tag: t(tag) },
            K::TagRemoved { tag } => K::TagRemoved { tag: t(tag) },
            K::BranchTaken { arm, why } => K::BranchTaken { arm, why: w(why) },
            K::TimerSet { timer, due } => K::TimerSet { timer, due },
            K::TimerFired { timer, due } => K::TimerFired { timer, due },
            K::TimerCancelled { timer, due } => K::TimerCancelled { timer, due },
            K::TimeAdvanced { from, to } => K::TimeAdvanced { from, to },
            K::JumpTaken { to, count, max } => K::JumpTaken { to, count, max },
            K::JumpExhausted { to, count, max } => K::JumpExhausted { to, count, max },
            K::SendingFailed { cause, text, channel } => K::SendingFailed { cause, text: t(text), channel },
            K::ChannelChanged { channel } => K::ChannelChanged { channel },
            K::ChannelConnected { channel } => K::ChannelConnected { channel },
            K::ChannelDisconnected { channel } => K::ChannelDisconnected { channel },
            K::ConversationOpened { by } => K::ConversationOpened { by },
            K::ConversationClosed { by, category, summary } => {
                K::ConversationClosed { by, category: category.map(&mut t), summary: summary.map(&mut t) }
            }
            K::CommentAdded { text } => K::CommentAdded { text: t(text) },
            K::Assigned { user, team, reason } => {
                K::Assigned { user: t(user), team: team.map(&mut t), reason: t(reason) }
            }
            K::Unassigned { user, reason } => K::Unassigned { user: user.map(&mut t), reason: t(reason) },
            K::AssignmentWaiting { team, reason } => K::AssignmentWaiting { team: team.map(&mut t), reason: t(reason) },
            K::HttpRequested { method, url, headers, body } => {
                K::HttpRequested { method, url: t(url), headers: t(headers), body: body.map(&mut t) }
            }
            K::HttpResponded { answer, source } => K::HttpResponded { answer: answer.map(t), source },
            K::SheetRowAdded { spreadsheet, sheet, row } => {
                K::SheetRowAdded { spreadsheet: t(spreadsheet), sheet: t(sheet), row: t(row) }
            }
            K::AiRequested { objective, instructions, message } => {
                K::AiRequested { objective, instructions: instructions.map(&mut t), message: t(message) }
            }
            K::AiReplied { reply, collected, source } => {
                K::AiReplied { reply: reply.map(&mut t), collected: t(collected), source }
            }
            K::LifecycleUpdated { old, new } => K::LifecycleUpdated { old: old.map(&mut t), new: new.map(&mut t) },
            K::DateTimeChecked { inside } => K::DateTimeChecked { inside },
            K::WorkflowEnded { reason, detail } => K::WorkflowEnded { reason, detail: detail.map(t) },
            K::FaultSet { fault } => K::FaultSet { fault },
            K::OutsideFaultSet { to, failure } => K::OutsideFaultSet { to, failure },
            K::ValueEdited { target, name, old, new } => K::ValueEdited {
                target,
                name: t(name),
                old: old.map(|value| value.map(&mut t)),
                new: new.map(|value| value.map(&mut t)),
            },
            K::Notice { message } => K::Notice { message: t(message) },
        }
    }
}
