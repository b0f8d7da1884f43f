//! Events: every change a session makes, with the instant, workflow and step that caused it.
//!
//! An event is handed to the sink borrowed and is built only if the sink wants it. Workflows, steps and channels are indices;
//! names, reasons and options are spelled out by who serialises. The shapes are generic over how texts are held, so that the
//! [event log](super::EventLog) keeps the same events as ranges of one buffer.

mod map;
mod words;

use rust_decimal::Decimal;

use super::answer::InvalidAnswer;
use super::channel::ShownAs;
use super::ids::{ChannelId, StepId, WorkflowId};
use super::input::{Fault, Outside, OutsideFault};
use super::time::Instant;
use super::value::ValueOf;
pub use crate::flow::model::TriggerName;
use crate::flow::model::{AiObjective, AiOutcome, HttpMethod};
use crate::flow::{AttachmentKind, FieldType};
pub use words::{Actor, Cause, EndReason, Source, Target, TimerName};

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
    WorkflowStarted {
        trigger: TriggerName,
    },
    MessageSent {
        body: Body<S>,
        channel: ChannelId,
    },
    QuestionAsked {
        text: S,
        shown_as: ShownAs,
        channel: ChannelId,
        until: Instant,
    },
    ContactMessage {
        body: Received<S>,
        channel: ChannelId,
    },
    AgentMessage {
        text: S,
    },
    AnswerAccepted {
        answer: S,
        value: ValueOf<S>,
    },
    AnswerRejected {
        answer: S,
        reason: InvalidAnswer,
    },
    FieldUpdated {
        field: S,
        old: Option<ValueOf<S>>,
        new: Option<ValueOf<S>>,
    },
    FieldNotSaved {
        field: S,
        value: ValueOf<S>,
        kind: FieldType,
        /// The value is longer than a text may be; `value` is how it begins.
        too_long: bool,
    },
    VariableSet {
        variable: S,
        old: Option<ValueOf<S>>,
        new: Option<ValueOf<S>>,
    },
    VariableUnsetUsed {
        variable: S,
    },
    TagAdded {
        tag: S,
    },
    TagRemoved {
        tag: S,
    },
    BranchTaken {
        arm: Option<u8>,
        why: W,
    },
    TimerSet {
        timer: TimerName,
        due: Instant,
    },
    TimerFired {
        timer: TimerName,
        due: Instant,
    },
    TimerCancelled {
        timer: TimerName,
        due: Instant,
    },
    TimeAdvanced {
        from: Instant,
        to: Instant,
    },
    JumpTaken {
        to: StepId,
        count: u8,
        max: u8,
    },
    JumpExhausted {
        to: StepId,
        count: u8,
        max: u8,
    },
    SendingFailed {
        cause: Cause,
        text: S,
        channel: Option<ChannelId>,
    },
    ChannelChanged {
        channel: ChannelId,
    },
    ChannelConnected {
        channel: ChannelId,
    },
    ChannelDisconnected {
        channel: ChannelId,
    },
    ConversationOpened {
        by: Actor,
    },
    ConversationClosed {
        by: Actor,
        category: Option<S>,
        summary: Option<S>,
    },
    CommentAdded {
        text: S,
    },
    /// `team` and `reason` say how the user was chosen.
    Assigned {
        user: S,
        team: Option<S>,
        reason: S,
    },
    /// `user` is who the contact was assigned to.
    Unassigned {
        user: Option<S>,
        reason: S,
    },
    /// `reason` says why nobody is eligible.
    AssignmentWaiting {
        team: Option<S>,
        reason: S,
    },
    LifecycleUpdated {
        old: Option<S>,
        new: Option<S>,
    },
    DateTimeChecked {
        inside: bool,
    },
    /// `headers` are pairs (see [`pairs`]).
    HttpRequested {
        method: HttpMethod,
        url: S,
        headers: S,
        body: Option<S>,
    },
    HttpResponded {
        answer: HttpAnswer<S>,
        source: Source,
    },
    /// `row` is pairs of column and cell (see [`pairs`]).
    SheetRowAdded {
        spreadsheet: S,
        sheet: S,
        row: S,
    },
    /// `message` is what the contact said last; empty at first. `knowledge` and what is to be collected are the step's.
    AiRequested {
        objective: AiObjective,
        instructions: Option<S>,
        message: S,
    },
    /// `collected` are pairs of variable and value (see [`pairs`]).
    AiReplied {
        reply: AiAnswer<S>,
        collected: S,
        source: Source,
    },
    WorkflowEnded {
        reason: EndReason,
        detail: Option<S>,
    },
    FaultSet {
        fault: Fault,
    },
    /// The next request to the outside world will fail.
    OutsideFaultSet {
        /// Which request.
        to: Outside,
        /// How.
        failure: OutsideFault,
    },
    ValueEdited {
        target: Target,
        name: S,
        old: Option<ValueOf<S>>,
        new: Option<ValueOf<S>>,
    },
    Notice {
        message: S,
    },
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

/// What came of an HTTP request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HttpAnswer<S> {
    /// A response.
    Response {
        /// Its status.
        status: u16,
        /// Its body, as text.
        body: S,
    },
    /// No response: why, in a word such as `timeout`.
    Failed(S),
}

/// What came of asking an AI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AiAnswer<S> {
    /// It answered.
    Reply {
        /// What it says to the contact; empty says nothing.
        say: S,
        /// How the conversation came out; `None` goes on talking.
        outcome: Option<AiOutcome>,
    },
    /// It could not be asked: why, in a word such as `timeout`.
    Failed(S),
}

/// Stands between the parts of a text that holds several (U+001F, the unit separator of ASCII).
pub const SEPARATOR: char = '\u{1f}';

/// The pairs of a text that holds names and values, all joined by [`SEPARATOR`].
pub fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = text.split(SEPARATOR);
    std::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
}

/// Joins names and values as [`pairs`] reads them. Separators inside are left out.
pub(in crate::engine) fn join_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut joined = String::new();
    for (index, part) in pairs.into_iter().flat_map(|(name, value)| [name, value]).enumerate() {
        if index > 0 {
            joined.push(SEPARATOR);
        }
        joined.extend(part.chars().filter(|c| *c != SEPARATOR));
    }
    joined
}

/// A range of a text buffer, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextRange {
    pub(in crate::engine) start: u32,
    pub(in crate::engine) end: u32,
}

impl TextRange {
    /// The text this range marks in its buffer; empty when the range does not fit.
    pub fn of(self, buffer: &str) -> &str {
        buffer.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(in crate::engine) fn shifted(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }
}

/// Why a branch went where it went: one [`Verdict`] for every condition of every arm that was tried, in file order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Why<'a> {
    pub(in crate::engine) text: &'a str,
    pub(in crate::engine) verdicts: &'a [StoredVerdict],
}

/// A verdict whose texts are ranges of a buffer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoredVerdict {
    pub(in crate::engine) arm: u8,
    pub(in crate::engine) condition: u8,
    pub(in crate::engine) holds: bool,
    pub(in crate::engine) expected: Option<TextRange>,
    pub(in crate::engine) actual: SeenOf<TextRange>,
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
    pub(in crate::engine) fn map<T>(self, text: impl FnOnce(S) -> T) -> SeenOf<T> {
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
