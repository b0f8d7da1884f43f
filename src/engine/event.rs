//! Events: every change a session makes, with the instant, workflow and step that caused it.
//!
//! An event is handed to the sink borrowed and is built only if the sink wants it. Workflows, steps and channels are indices;
//! names, reasons and options are spelled out by who serialises. The shapes are generic over how texts are held, so that the
//! [event log](super::EventLog) keeps the same events as ranges of one buffer.

use rust_decimal::Decimal;

use super::answer::InvalidAnswer;
use super::channel::ShownAs;
use super::ids::{ChannelId, StepId, WorkflowId};
use super::input::Fault;
use super::time::Instant;
use super::value::ValueOf;
use crate::flow::words::words;
use crate::flow::{AttachmentKind, FieldType};

/// One event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventOf<S, W> {
    /// The virtual instant.
    pub at: Instant,
    /// The workflow that runs, or the last that ran.
    pub workflow: WorkflowId,
    /// The step that caused it, where one did.
    pub step: Option<StepId>,
    /// What happened.
    pub kind: KindOf<S, W>,
}

/// An event as a sink receives it.
pub type Event<'a> = EventOf<&'a str, Why<'a>>;

/// What happened, as a sink receives it.
pub type Kind<'a> = KindOf<&'a str, Why<'a>>;

/// Takes events. `()` takes none and costs nothing.
pub trait Sink {
    /// Whether events are wanted at all; when not, they are not built.
    const WANTS: bool = true;

    /// Takes one event.
    fn event(&mut self, event: &Event<'_>);

    /// Learns that a step begins to run: what coverage is counted from.
    fn entered(&mut self, _step: StepId) {}
}

impl Sink for () {
    const WANTS: bool = false;

    fn event(&mut self, _event: &Event<'_>) {}
}

/// What happened. Names of variants are the names of the event stream (surface.md).
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // The fields are the keys of the event stream's table.
pub enum KindOf<S, W> {
    WorkflowStarted { trigger: TriggerName },
    MessageSent { body: Body<S>, channel: ChannelId },
    QuestionAsked { text: S, shown_as: ShownAs, channel: ChannelId, until: Instant },
    ContactMessage { body: Received<S>, channel: ChannelId },
    AgentMessage { text: S },
    AnswerAccepted { answer: S, value: ValueOf<S> },
    AnswerRejected { answer: S, reason: InvalidAnswer },
    FieldUpdated { field: S, old: Option<ValueOf<S>>, new: Option<ValueOf<S>> },
    FieldNotSaved { field: S, value: ValueOf<S>, kind: FieldType },
    VariableSet { variable: S, old: Option<ValueOf<S>>, new: ValueOf<S> },
    VariableUnsetUsed { variable: S },
    TagAdded { tag: S },
    TagRemoved { tag: S },
    BranchTaken { arm: Option<u8>, why: W },
    TimerSet { timer: TimerName, due: Instant },
    TimerFired { timer: TimerName, due: Instant },
    TimerCancelled { timer: TimerName, due: Instant },
    TimeAdvanced { from: Instant, to: Instant },
    JumpTaken { to: StepId, count: u8, max: u8 },
    JumpExhausted { to: StepId, count: u8, max: u8 },
    SendingFailed { cause: Cause, text: S, channel: Option<ChannelId> },
    ChannelChanged { channel: ChannelId },
    ChannelConnected { channel: ChannelId },
    ChannelDisconnected { channel: ChannelId },
    ConversationOpened { by: Actor },
    ConversationClosed { by: Actor, category: Option<S>, summary: Option<S> },
    CommentAdded { text: S },
    LifecycleUpdated { old: Option<S>, new: Option<S> },
    DateTimeChecked { inside: bool },
    WorkflowEnded { reason: EndReason, detail: Option<S> },
    FaultSet { fault: Fault },
    ValueEdited { target: Target, name: S, old: Option<ValueOf<S>>, new: Option<ValueOf<S>> },
    Notice { message: S },
}

/// What a workflow sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Body<S> {
    /// A text.
    Text(S),
    /// A file by its address.
    Attachment {
        /// What kind of file.
        kind: AttachmentKind,
        /// Where it lies.
        url: S,
        /// What it is called.
        name: Option<S>,
    },
    /// A message template with its parameters filled in.
    Template {
        /// Its name.
        name: S,
        /// Its language code.
        language: Option<S>,
        /// Its header line.
        header: Option<S>,
        /// Its body; empty when the flow does not say it.
        body: S,
        /// The titles of its buttons, joined by [`SEPARATOR`].
        buttons: S,
    },
}

/// What a contact sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Received<S> {
    /// A text, raw.
    Text(S),
    /// A file by its address.
    Attachment {
        /// What kind of file.
        kind: AttachmentKind,
        /// Where it lies.
        url: S,
    },
    /// A place, in degrees.
    Location {
        /// North of the equator.
        latitude: Decimal,
        /// East of Greenwich.
        longitude: Decimal,
    },
}

/// Stands between the parts of a text that holds several (U+001F, the unit separator of ASCII).
pub const SEPARATOR: char = '\u{1f}';

words! {
    /// The triggers that start a workflow.
    TriggerName {
        /// Whoever starts the simulation, or another workflow.
        Manual = "manual",
        /// A conversation was opened.
        ConversationOpened = "conversation_opened",
    }
}

words! {
    /// The kinds of timers.
    TimerName {
        /// A question's deadline.
        QuestionTimeout = "question_timeout",
        /// The end of a `wait`.
        Wait = "wait",
    }
}

words! {
    /// Why a workflow ended; every end has one reason.
    EndReason {
        /// A list of steps ran out.
        Completed = "completed",
        /// A deadline passed and its branch is absent or empty (R26, R34, R36).
        Timeout = "timeout",
        /// An answer did not fit and the failure branch is empty (R29).
        InvalidAnswer = "invalid_answer",
        /// A message could not be sent and no branch catches it (R33, R35, R36).
        SendingFailed = "sending_failed",
        /// A `date_time` outside its hours without a branch.
        OutsideHours = "outside_hours",
        /// An agent stopped it.
        StoppedByAgent = "stopped_by_agent",
        /// One of `stop_on` happened.
        ExitCondition = "exit_condition",
        /// Another workflow was triggered.
        MovedToWorkflow = "moved_to_workflow",
        /// More steps than the budget ran without a wait.
        LoopDetected = "loop_detected",
    }
}

words! {
    /// Why a message could not be sent (R33, R35).
    Cause {
        /// The contact has no connected channel, or lacks the fixed one.
        NoChannel = "no_channel",
        /// The channel's messaging window is closed for free-form messages.
        WindowClosed = "window_closed",
        /// The channel's API key has expired.
        ExpiredApiKey = "expired_api_key",
        /// The network failed.
        Network = "network",
        /// The channel rejected the message.
        Rejected = "rejected",
        /// The text is longer than the channel takes.
        TextTooLong = "text_too_long",
        /// A parameter of the template is unset or missing.
        TemplateMissingParameter = "template_missing_parameter",
    }
}

words! {
    /// Who opened or closed a conversation.
    Actor {
        /// The contact, by writing.
        Contact = "contact",
        /// The workflow.
        Workflow = "workflow",
        /// An agent.
        Agent = "agent",
    }
}

words! {
    /// What an operator may edit.
    Target {
        /// A contact field.
        Field = "field",
        /// A workflow variable.
        Variable = "var",
    }
}

/// A range of a text buffer, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextRange {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl TextRange {
    /// The text this range marks in its buffer; empty when the range does not fit.
    pub fn of(self, buffer: &str) -> &str {
        buffer.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(super) fn shifted(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }
}

/// Why a branch went where it went: one [`Verdict`] for every condition of every arm that was tried, in file order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Why<'a> {
    pub(super) text: &'a str,
    pub(super) verdicts: &'a [StoredVerdict],
}

/// A verdict whose texts are ranges of a buffer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoredVerdict {
    pub(super) arm: u8,
    pub(super) condition: u8,
    pub(super) holds: bool,
    pub(super) expected: Option<TextRange>,
    pub(super) actual: SeenOf<TextRange>,
}

/// The outcome of one condition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict<'a> {
    /// The arm, from 0 in file order.
    pub arm: u8,
    /// The condition in the arm, from 0.
    pub condition: u8,
    /// Whether it holds.
    pub holds: bool,
    /// What it was compared with, when variables had to be filled in; several values are joined by [`SEPARATOR`].
    pub expected: Option<&'a str>,
    /// The value it looked at.
    pub actual: Seen<'a>,
}

/// The value a condition looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SeenOf<S> {
    /// Nothing is there.
    Unset,
    /// A text.
    Text(S),
    /// A number.
    Number(Decimal),
    /// The tags, joined by [`SEPARATOR`]; an empty text is no tag.
    Tags(S),
    /// An instant.
    Instant(Instant),
}

/// The value a condition looked at, borrowed.
pub type Seen<'a> = SeenOf<&'a str>;

impl<S> SeenOf<S> {
    pub(super) fn map<T>(self, text: impl FnOnce(S) -> T) -> SeenOf<T> {
        match self {
            Self::Unset => SeenOf::Unset,
            Self::Text(held) => SeenOf::Text(text(held)),
            Self::Number(number) => SeenOf::Number(number),
            Self::Tags(held) => SeenOf::Tags(text(held)),
            Self::Instant(instant) => SeenOf::Instant(instant),
        }
    }
}

impl<'a> Why<'a> {
    /// The verdicts in file order.
    pub fn verdicts(self) -> impl Iterator<Item = Verdict<'a>> {
        self.verdicts.iter().map(move |stored| Verdict {
            arm: stored.arm,
            condition: stored.condition,
            holds: stored.holds,
            expected: stored.expected.map(|range| range.of(self.text)),
            actual: stored.actual.map(|range| range.of(self.text)),
        })
    }
}

impl<S> Body<S> {
    pub(super) fn map<T>(self, mut text: impl FnMut(S) -> T) -> Body<T> {
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
    pub(super) fn map<T>(self, text: impl FnOnce(S) -> T) -> Received<T> {
        match self {
            Self::Text(held) => Received::Text(text(held)),
            Self::Attachment { kind, url } => Received::Attachment { kind, url: text(url) },
            Self::Location { latitude, longitude } => Received::Location { latitude, longitude },
        }
    }
}

impl<S, W> KindOf<S, W> {
    /// The same happening with texts and reasons held otherwise.
    pub(super) fn map<T, V>(self, mut t: impl FnMut(S) -> T, w: impl FnOnce(W) -> V) -> KindOf<T, V> {
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
            K::FieldNotSaved { field, value, kind } => K::FieldNotSaved { field: t(field), value: value.map(t), kind },
            K::VariableSet { variable, old, new } => {
                K::VariableSet { variable: t(variable), old: old.map(|value| value.map(&mut t)), new: new.map(t) }
            }
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
            K::LifecycleUpdated { old, new } => K::LifecycleUpdated { old: old.map(&mut t), new: new.map(&mut t) },
            K::DateTimeChecked { inside } => K::DateTimeChecked { inside },
            K::WorkflowEnded { reason, detail } => K::WorkflowEnded { reason, detail: detail.map(t) },
            K::FaultSet { fault } => K::FaultSet { fault },
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
