//! The session: one contact in one rehearsal, from its start through every input.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::assign::{Ineligible, Staff, candidates};
use super::bounds;
use super::channel::Links;
use super::contact::{Before, Contact, Slots};
use super::event::{EndReason, Kind, Sink, StoredVerdict, TimerName};
use super::input::{Fault, Input, Rejected};
use super::outside::{NOTHING, Request, Speaker, World};
use super::program::{ChannelId, Program, StepId, User, WorkflowId};
use super::run::Machine;
use super::time::Instant;
use super::value::Value;

/// A running, waiting or ended rehearsal. Small, and cheap to clone: undo keeps copies, exploration hashes them.
///
/// Two sessions are equal when they run the same [`Program`] (the very same one) and stand the same.
#[derive(Debug, Clone)]
pub struct Session {
    program: Arc<Program>,
    state: State,
    scratch: Scratch,
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.program, &other.program) && self.state == other.state
    }
}

impl Eq for Session {}

impl Hash for Session {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.program.fingerprint.hash(hasher);
        self.state.hash(hasher);
    }
}

/// Everything a session knows besides its program.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) now: Instant,
    pub(super) workflow: WorkflowId,
    pub(super) contact: Contact,
    pub(super) links: Links,
    /// Where the contact writes next.
    pub(super) writes_on: Option<ChannelId>,
    /// The last incoming message, raw, and when it came.
    pub(super) last_incoming: Option<(Instant, SmolStr)>,
    pub(super) open: bool,
    /// How often the conversation was opened, the one it starts with included.
    pub(super) openings: u32,
    /// What the next send fails with.
    pub(super) fault: Option<Fault>,
    /// Whether a workflow runs; `ended` says why none does, unless none ever did.
    pub(super) running: bool,
    pub(super) ended: Option<EndReason>,
    pub(super) wait: Option<Wait>,
    pub(super) variables: Slots,
    /// Jumps taken in this run, by jump step.
    pub(super) jumps: Vec<u8>,
    /// What only some programs need; `None` for the others, so that their sessions stay small.
    pub(super) world: Option<Box<World>>,
    /// Steps that ran in this run.
    pub(super) steps_run: u64,
}

impl State {
    /// What only some programs need.
    pub(super) fn world(&self) -> &World {
        self.world.as_deref().unwrap_or(&NOTHING)
    }

    /// The same, to be changed.
    pub(super) fn world_mut(&mut self) -> &mut World {
        self.world.get_or_insert_default()
    }

    pub(super) const fn status(&self) -> &'static str {
        if self.open { "open" } else { "closed" }
    }
}

/// Buffers that are used again and again; no part of what a session is.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) text: String,
    pub(super) verdicts: Vec<StoredVerdict>,
    /// What the input at hand cost so far, in bytes: its texts, and a flat price for every step.
    pub(super) spent: usize,
}

impl Scratch {
    /// Counts a text the input at hand made.
    pub(super) const fn spend(&mut self, bytes: usize) {
        self.spent = self.spent.saturating_add(bytes);
    }

    /// Whether the input at hand made as much as one may.
    pub(super) const fn is_spent(&self) -> bool {
        self.spent > bounds::SPENT
    }
}

impl Clone for Scratch {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// A move of time that is done in slices by [`Session::travel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Travel {
    pub(super) to: Instant,
    pub(super) fired: usize,
    /// What it cost so far, as [`Scratch`] counts it.
    pub(super) spent: usize,
    pub(super) is_over: bool,
}

impl Travel {
    /// A move that has yet to begin.
    pub const fn to(to: Instant) -> Self {
        Self { to, fired: 0, spent: 0, is_over: false }
    }

    /// Where it goes.
    pub const fn target(&self) -> Instant {
        self.to
    }

    /// Goes no farther than this from now on.
    pub fn shorten(&mut self, to: Instant) {
        self.to = self.to.min(to);
    }

    /// Whether nothing is left of it.
    pub const fn is_over(&self) -> bool {
        self.is_over
    }
}

/// What a session waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wait {
    /// The step that waits. For a question, [`Step::question`](super::Step::question) says which answers are possible.
    pub step: StepId,
    /// For what.
    pub kind: WaitKind,
    /// Until when; `None` when the outside world is asked, which has no deadline in virtual time.
    pub until: Option<Instant>,
}

/// What a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WaitKind {
    /// The contact's answer.
    Question,
    /// Time.
    Wait,
    /// Somebody to assign to.
    Assignment,
    /// The response to an HTTP request.
    Http,
    /// The AI's reply.
    Ai,
    /// The contact, who talks with the AI.
    AiContact,
}

impl WaitKind {
    /// The word of the event stream.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Wait => "wait",
            Self::Assignment => "assignment",
            Self::Http => "http",
            Self::Ai | Self::AiContact => "ai",
        }
    }

    /// The timer that ends the wait; the outside world is waited for without one.
    pub const fn timer(self) -> Option<TimerName> {
        match self {
            Self::Question => Some(TimerName::QuestionTimeout),
            Self::Wait => Some(TimerName::Wait),
            Self::Assignment => Some(TimerName::AssignmentTimeout),
            Self::AiContact => Some(TimerName::AiIdle),
            Self::Http | Self::Ai => None,
        }
    }
}

/// Why a saved session cannot be restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// It was saved by another flow, or by an earlier version of this one.
    #[error("this session was saved with another version of the flow")]
    AnotherProgram,
    /// It is no saved session.
    #[error("this is no saved session: {0}")]
    Malformed(String),
}

#[derive(Serialize, Deserialize)]
struct Saved<S> {
    program: u64,
    state: S,
}

impl Session {
    /// Starts a rehearsal: the flow's trigger fires at `at`, and the first steps run at once.
    ///
    /// The conversation is open, except that a flow triggered by `conversation_opened` starts with it closed and opens it.
    pub fn start<S: Sink>(program: &Arc<Program>, contact: Contact, at: Instant, sink: &mut S) -> Self {
        let mut session = Self::prepare(program, contact, at);
        session.machine(sink).fire_trigger();
        session
    }

    fn prepare(program: &Arc<Program>, mut contact: Contact, at: Instant) -> Self {
        let mut links = Links::new(std::mem::take(&mut contact.channels));
        let last_incoming = match std::mem::take(&mut contact.last_incoming) {
            Before::AtStart => Some((at, SmolStr::default())),
            Before::Never => None,
            Before::At(then, text) => Some((then.min(at), text)),
            Before::Ago(ago, text) => Some((at.saturating_sub(ago), text)),
        };
        let last = links.last();
        if let (Some(channel), Some((then, _))) = (last, &last_incoming) {
            links.wrote(channel, *then);
        }
        Self {
            program: Arc::clone(program),
            state: State {
                now: at,
                workflow: program.main(),
                contact,
                writes_on: last.or_else(|| program.channel_ids().next()),
                links,
                last_incoming,
                open: true,
                openings: 1,
                fault: None,
                running: false,
                ended: None,
                wait: None,
                variables: Slots::new(program.variables.len()),
                jumps: vec![0; program.jumps],
                world: World::of(program),
                steps_run: 0,
            },
            scratch: Scratch::default(),
        }
    }

    /// Takes an input and hands every event it causes to the sink. A rejected input leaves the session as it was and causes none.
    pub fn handle<S: Sink>(&mut self, input: Input<'_>, sink: &mut S) -> Result<(), Rejected> {
        self.machine(sink).handle(input)
    }

    /// Goes on with a move of time until so many timers have fired, so that who drives it can look at other things in between.
    ///
    /// All slices together cause the events [`Input::Advance`] causes, and are bounded as that one input is.
    pub fn travel<S: Sink>(&mut self, travel: &mut Travel, timers: usize, sink: &mut S) -> Result<(), Rejected> {
        self.machine(sink).travel(travel, timers)
    }

    fn machine<'a, S: Sink>(&'a mut self, sink: &'a mut S) -> Machine<'a, S> {
        Machine { program: &self.program, state: &mut self.state, scratch: &mut self.scratch, sink }
    }

    /// The program it runs.
    pub const fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// The virtual instant.
    pub const fn now(&self) -> Instant {
        self.state.now
    }

    /// When the next timer falls due. The driver decides whether and when to move time there.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.state.wait.and_then(|wait| wait.until)
    }

    /// What it waits for.
    pub const fn waiting(&self) -> Option<&Wait> {
        self.state.wait.as_ref()
    }

    /// Everything pending, in the order it falls due: the timer, the step it belongs to, and its instant.
    pub fn timers(&self) -> impl Iterator<Item = (TimerName, StepId, Instant)> {
        self.state.wait.iter().filter_map(|wait| Some((wait.kind.timer()?, wait.step, wait.until?)))
    }

    /// Why the last run ended; `None` while one is going.
    pub const fn ended(&self) -> Option<EndReason> {
        self.state.ended
    }

    /// Whether a workflow runs.
    pub const fn is_running(&self) -> bool {
        self.state.running
    }

    /// The workflow that runs, or the last that ran.
    pub const fn workflow(&self) -> WorkflowId {
        self.state.workflow
    }

    /// The contact as it stands. Its `channels` are empty: see [`Session::links`].
    pub const fn contact(&self) -> &Contact {
        &self.state.contact
    }

    /// The contact's links to channels, the most recently used first.
    pub const fn links(&self) -> &Links {
        &self.state.links
    }

    /// Where the contact writes next.
    pub const fn writes_on(&self) -> Option<ChannelId> {
        self.state.writes_on
    }

    /// The last incoming message, raw, and when it came.
    pub fn last_incoming(&self) -> Option<(Instant, &str)> {
        self.state.last_incoming.as_ref().map(|(at, text)| (*at, text.as_str()))
    }

    /// `open` or `closed`.
    pub const fn conversation(&self) -> &'static str {
        self.state.status()
    }

    /// What the next send fails with.
    pub const fn fault(&self) -> Option<Fault> {
        self.state.fault
    }

    /// What is asked of the outside world and waited for.
    pub fn request(&self) -> Option<&Request> {
        self.state.world().request.as_ref()
    }

    /// What was said in the conversation with an AI, or in the last one, oldest first.
    pub fn talk(&self) -> &[(Speaker, SmolStr)] {
        &self.state.world().talk
    }

    /// The users as they stand: in the order of [`Program::users`].
    pub fn staff(&self) -> impl Iterator<Item = (&User, Staff)> {
        self.program.users.iter().zip(self.state.world().staff.iter().copied())
    }

    /// Where it waits for somebody to assign to: what stands against each user, in the order of [`Program::users`]; empty elsewhere.
    pub fn candidates(&self) -> Vec<Option<Ineligible>> {
        candidates(&self.program, &self.state)
    }

    /// The workflow variables that are set, in the order the flow first names them.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.state.variables.iter(&self.program.variables)
    }

    /// The contact fields that are set: the standard ones, then the workspace's, then others.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.state.contact.fields.iter(&self.program.field_names)
    }

    /// The value of a variable.
    pub fn variable(&self, name: &str) -> Option<&Value> {
        match self.program.variable_slot(name) {
            Some(slot) => self.state.variables.get(slot),
            None => self.state.variables.extra(name),
        }
    }

    /// The value of a contact field, standard or custom.
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self.program.field_slot(name) {
            Some(slot) => self.state.contact.fields.get(slot),
            None => self.state.contact.fields.extra(name),
        }
    }

    /// How many steps ran in this run, repeats included.
    pub const fn steps_run(&self) -> u64 {
        self.state.steps_run
    }

    /// The session as JSON, to be [restored](Session::restore) with the same program.
    pub fn save(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Saved { program: self.program.fingerprint, state: &self.state })
    }

    /// A saved session, ready to go on. What it says is checked against the program first.
    pub fn restore(program: &Arc<Program>, saved: &str) -> Result<Self, RestoreError> {
        let malformed = |error: &dyn std::fmt::Display| RestoreError::Malformed(error.to_string());
        let saved: Saved<State> = serde_json::from_str(saved).map_err(|error| malformed(&error))?;
        if saved.program != program.fingerprint {
            return Err(RestoreError::AnotherProgram);
        }
        let state = saved.state;
        let channel_fits = |channel: ChannelId| channel.index() < program.channels.len();
        let fits = state.workflow.index() < program.workflows.len()
            && state.contact.fields.fits(program.field_names.len())
            && state.variables.fits(program.variables.len())
            && state.jumps.len() == program.jumps
            && World::fits(&state, program)
            && state.wait.is_none_or(|wait| wait.step.index() < program.steps.len())
            && state.writes_on.is_none_or(channel_fits)
            && state.links.iter().all(|link| channel_fits(link.channel));
        if !fits {
            return Err(malformed(&"it does not fit the flow"));
        }
        Ok(Self { program: Arc::clone(program), state, scratch: Scratch::default() })
    }
}

/// Tells the sink of a happening, building it only if it is wanted. A macro, so that what the event borrows stays disjoint.
macro_rules! emit {
    ($machine:expr, $step:expr, $kind:expr) => {
        $crate::engine::session::tell(&mut *$machine.sink, $machine.state.now, $machine.state.workflow, $step, || $kind)
    };
}
pub(super) use emit;

#[inline]
pub(super) fn tell<'a, S: Sink>(
    sink: &mut S,
    at: Instant,
    workflow: WorkflowId,
    step: impl Into<Option<StepId>>,
    kind: impl FnOnce() -> Kind<'a>,
) {
    if S::WANTS {
        sink.event(&super::event::EventOf { at, workflow, step: step.into(), kind: kind() });
    }
}
