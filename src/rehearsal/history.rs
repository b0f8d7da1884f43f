//! The history of a rehearsal: what was done, kept so that it can be undone and done again.

mod journey;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::closest_said;
use crate::engine::{
    ChannelId, Contact, Event, EventLog, Incoming, Input, Instant, Kind, Mark, Program, Rejected, Session, Sink,
    WorkflowId,
};

use super::command::{Act, Answer};
use super::instant::InstantError;
use super::named::{self, NameError};
use crate::engine::event::{AiAnswer, HttpAnswer, Source};

pub use journey::Journey;

/// Acts between two kept sessions, at least. Undo restores the nearest one and replays what was done since.
const KEPT_EVERY: usize = 32;
/// A longer history keeps sessions farther apart: the next one this part of its length later. However long it grows, so many
/// sessions of its last size are all it costs, and undo replays no larger part of it.
const KEPT_PART: usize = 64;

/// A session with its event log and everything that was done to it.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    program: Arc<Program>,
    contact: Contact,
    /// Who was chosen by name since.
    who: Option<String>,
    start: Instant,
    session: Session,
    log: EventLog,
    /// What was done, in order.
    done: Vec<Done>,
    /// What was undone, the next to be done again last.
    undone: Vec<(Act, Origin)>,
    /// Sessions as they stood, each with how many acts were done before it; the start is the first.
    kept: Vec<(usize, Session)>,
    /// The move of time that is under way: the last entry of the history.
    journey: Option<Journey>,
}

/// The files a rehearsal was made from. Who drives it reads them; here nothing is opened.
pub trait Files: fmt::Debug {
    /// Reads them again: what they say now and who is played, or the first thing that is wrong.
    fn read(&mut self) -> Result<(Arc<Program>, Contact), String>;
}

/// One entry of the history.
#[derive(Debug, Clone)]
struct Done {
    act: Act,
    /// Where the log stood before it.
    before: Mark,
    origin: Origin,
}

/// Where an entry of the history comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Somebody did it: a step of its own.
    Operator,
    /// A running clock reached a deadline: a step of its own.
    Clock,
    /// A running clock moved before somebody did something: undone and done again together with that.
    ClockBefore,
    /// The outside world answered by itself: undone and done again together with what asked it.
    Outside,
}

impl Origin {
    /// Whether it is a step of its own.
    const fn is_own(self) -> bool {
        matches!(self, Self::Operator | Self::Clock)
    }
}

/// What an act, undo or redo did: the events from this index of the log on are new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// How many acts were done, undone or done again.
    pub count: usize,
    /// The index of the first new event.
    pub events_from: usize,
}

/// Why an act was refused; nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The session rejects it.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The instant cannot be read.
    #[error(transparent)]
    Instant(#[from] InstantError),
    /// No channel has that id.
    #[error("the workspace has no channel \"{id}\"; it has {known}")]
    NoChannel {
        /// What was asked for.
        id: String,
        /// What there is.
        known: String,
    },
    /// No field and no variable has that name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Several workflows have a shortcut, or none of that name.
    #[error("say which shortcut is picked; there are: {0}")]
    WhichShortcut(String),
    /// No contact of the workspace has that name.
    #[error("the workspace has no contact \"{name}\"; it has {known}")]
    NoContact {
        /// Who was asked for.
        name: String,
        /// Who there is.
        known: String,
    },
    /// No timer is pending.
    #[error("nothing is pending, so there is no next timer")]
    NothingPending,
    /// The move would leave the calendar.
    #[error("that lies beyond the year 9999")]
    TooFar,
    /// Nothing was done yet.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// Nothing was undone.
    #[error("there is nothing to redo")]
    NothingToRedo,
}

impl Rehearsal {
    /// Starts a rehearsal: the flow's trigger fires and its first steps run.
    pub fn start(program: &Arc<Program>, contact: Contact, at: Instant) -> Self {
        let mut log = EventLog::default();
        let session = Session::start(program, contact.clone(), at, &mut log);
        Self {
            program: Arc::clone(program),
            contact,
            who: None,
            start: at,
            kept: vec![(0, session.clone())],
            session,
            log,
            done: Vec::new(),
            undone: Vec::new(),
            journey: None,
        }
    }

    /// Starts over with the same contact at the same instant. The history is gone.
    pub fn restart(&mut self) {
        let who = self.who.take();
        *self = Self { who, ..Self::start(&self.program, self.contact.clone(), self.start) };
    }

    /// Starts over at the same instant, with the files read again, as somebody else when a name is given. The history is gone.
    ///
    /// Files that cannot be played now leave the version that ran: why is in the answer. A contact that is not there is refused, and nothing
    /// changes.
    pub fn start_over(
        &mut self,
        files: Option<&mut (dyn Files + 'static)>,
        name: Option<&str>,
    ) -> Result<Option<String>, Refused> {
        let (fresh, trouble) = match files.map(Files::read) {
            None => (None, None),
            Some(Ok(fresh)) => (Some(fresh), None),
            Some(Err(trouble)) => (None, Some(trouble)),
        };
        let (program, given) = match fresh {
            Some((program, contact)) => (program, contact),
            None => (Arc::clone(&self.program), self.contact.clone()),
        };
        let who = name.map(str::to_owned).or_else(|| self.who.clone());
        let contact = match &who {
            None => given,
            Some(who) => match program.contact_named(who) {
                Some(contact) => contact.clone(),
                // Who was played and is gone from the workspace is played on as it was.
                None if name.is_none() => given,
                None => {
                    let known: Vec<&str> = program.contacts().map(|(name, _)| name).collect();
                    return Err(Refused::NoContact { name: who.clone(), known: closest_said(who, known) });
                }
            },
        };
        *self = Self { who, ..Self::start(&program, contact, self.start) };
        Ok(trouble)
    }

    /// Does something. What could have been redone is dropped.
    pub fn act(&mut self, act: Act) -> Result<Outcome, Refused> {
        self.act_after(Duration::ZERO, act)
    }

    /// Does something after a running clock moved so far: one step of the history. Refused, it leaves the time as it was too.
    pub fn act_after(&mut self, passed: Duration, act: Act) -> Result<Outcome, Refused> {
        self.act_as(passed, act, Origin::Operator, usize::MAX)
    }

    fn act_as(&mut self, passed: Duration, act: Act, origin: Origin, timers: usize) -> Result<Outcome, Refused> {
        self.arrive();
        let events_from = self.log.len();
        if passed.is_zero() {
            self.perform(act, origin, timers)?;
        } else {
            let before = (self.session.clone(), self.log.mark(), self.done.len(), self.kept.len());
            self.perform(Act::Forward(passed), Origin::ClockBefore, usize::MAX)?;
            if let Err(refused) = self.perform(act, origin, timers) {
                self.session = before.0;
                self.log.truncate(before.1);
                self.done.truncate(before.2);
                self.kept.truncate(before.3);
                return Err(refused);
            }
        }
        self.undone.clear();
        Ok(Outcome { count: 1, events_from })
    }

    /// Lets a running clock move so far by itself, as it does when a deadline is reached: a step of the history.
    pub fn pass(&mut self, passed: Duration) -> Result<Outcome, Refused> {
        self.act_as(Duration::ZERO, Act::Forward(passed), Origin::Clock, usize::MAX)
    }

    /// Takes back the last `count` acts, or as many as there are.
    pub fn undo(&mut self, count: usize) -> Result<Outcome, Refused> {
        self.arrive();
        let mut left = self.done.len();
        let mut taken = 0;
        while taken < count && left > 0 {
            let mut from = left;
            // What the outside world said by itself goes with what asked it.
            let own = loop {
                let Some(last) = from.checked_sub(1).and_then(|last| self.done.get(last)) else { break false };
                from -= 1;
                while from > 0 && self.done.get(from - 1).is_some_and(|done| done.origin == Origin::ClockBefore) {
                    from -= 1;
                }
                if last.origin != Origin::Outside {
                    break true;
                }
            };
            if !own {
                break;
            }
            left = from;
            taken += 1;
        }
        let Some(mark) = self.done.get(left).map(|done| done.before) else {
            return Err(Refused::NothingToUndo);
        };
        self.undone.extend(self.done.drain(left..).rev().map(|done| (done.act, done.origin)));
        self.log.truncate(mark);
        self.kept.truncate(self.kept.partition_point(|(before, _)| *before <= left));
        if let Some((before, session)) = self.kept.last() {
            let mut session = session.clone();
            for done in self.done.iter().skip(*before) {
                // It was taken once, so it is taken again: a session depends on nothing else.
                let _ = apply(&mut session, &done.act, &mut ());
            }
            self.session = session;
        }
        Ok(Outcome { count: taken, events_from: self.log.len() })
    }

    /// Does the last `count` undone acts again, or as many as there are.
    pub fn redo(&mut self, count: usize) -> Result<Outcome, Refused> {
        self.arrive();
        let events_from = self.log.len();
        let mut redone = 0;
        while redone < count || self.outside_is_next() {
            let Some((act, origin)) = self.undone.pop() else { break };
            self.perform(act, origin, usize::MAX)?;
            redone += usize::from(origin.is_own());
        }
        if redone == 0 { Err(Refused::NothingToRedo) } else { Ok(Outcome { count: redone, events_from }) }
    }

    /// Whether the next thing to be done again is what the outside world answered by itself.
    fn outside_is_next(&self) -> bool {
        let mut next = self.undone.iter().rev().skip_while(|(_, origin)| *origin == Origin::ClockBefore);
        next.next().is_some_and(|(_, origin)| *origin == Origin::Outside)
    }

    /// Takes an answer the outside world gave by itself, after a running clock moved so far. It is undone with what asked it.
    pub fn answer_after(&mut self, passed: Duration, answer: Answer) -> Result<Outcome, Refused> {
        self.act_as(passed, Act::Answer(answer, Source::Live), Origin::Outside, usize::MAX)
    }

    /// Puts an act into the session and the history. A move of time pauses once so many timers have fired.
    fn perform(&mut self, act: Act, origin: Origin, timers: usize) -> Result<(), Refused> {
        let before = self.log.mark();
        if timers < usize::MAX && journey::is_move(&act) {
            self.set_out(&act, timers)?;
        } else {
            apply(&mut self.session, &act, &mut self.log)?;
        }
        self.done.push(Done { act, before, origin });
        self.keep();
        Ok(())
    }

    /// Keeps the session as it stands, when the one kept last lies far enough back and nothing is under way.
    fn keep(&mut self) {
        if self.journey.is_some() {
            return;
        }
        let last = self.kept.last().map_or(0, |(before, _)| *before);
        if self.done.len() - last >= KEPT_EVERY.max(last / KEPT_PART) {
            self.kept.push((self.done.len(), self.session.clone()));
        }
    }

    /// Whether there is something to undo, and something to do again.
    pub const fn can_undo_redo(&self) -> (bool, bool) {
        (!self.done.is_empty(), !self.undone.is_empty())
    }

    /// The index of the first event of the last step of the history; 0 when nothing was done yet.
    pub fn last_step_from(&self) -> usize {
        let mut steps = self.done.iter().rev();
        let Some(last) = steps.next() else { return 0 };
        let passed = steps.next().filter(|done| done.origin == Origin::ClockBefore);
        passed.unwrap_or(last).before.events()
    }

    /// Whether a running clock caused the event at this index of the log, and not somebody's act.
    pub fn is_by_clock(&self, event: usize) -> bool {
        let after = self.done.partition_point(|done| done.before.events() <= event);
        let cause = after.checked_sub(1).and_then(|index| self.done.get(index));
        cause.is_some_and(|done| matches!(done.origin, Origin::Clock | Origin::ClockBefore))
    }

    /// Whether two events of the log were caused by one act.
    pub fn is_one_act(&self, one: usize, other: usize) -> bool {
        let act = |event| self.done.partition_point(|done| done.before.events() <= event);
        act(one) == act(other)
    }

    /// The session as it stands.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Every event so far.
    pub const fn log(&self) -> &EventLog {
        &self.log
    }

    /// What `/why` explains: the last decision, failed send, rejected answer or end, whichever came last.
    pub fn turning_point(&self) -> Option<Event<'_>> {
        self.log.iter().rev().find(|event| {
            matches!(
                event.kind,
                Kind::BranchTaken { .. }
                    | Kind::SendingFailed { .. }
                    | Kind::AnswerRejected { .. }
                    | Kind::WorkflowEnded { .. }
            )
        })
    }

    /// The program it runs.
    pub const fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// The instant it started at.
    pub const fn started_at(&self) -> Instant {
        self.start
    }

    /// What was done, in order.
    pub fn acts(&self) -> impl Iterator<Item = &Act> {
        self.done.iter().map(|done| &done.act)
    }

    /// How many steps can be undone and redone; time that passed before an act is no step of its own.
    pub fn depth(&self) -> (usize, usize) {
        let done = self.done.iter().filter(|done| done.origin.is_own()).count();
        (done, self.undone.iter().filter(|(_, origin)| origin.is_own()).count())
    }
}

/// Puts an act into a session.
fn apply<S: Sink>(session: &mut Session, act: &Act, sink: &mut S) -> Result<(), Refused> {
    let program = Arc::clone(session.program());
    let channel = |id: &str| -> Result<ChannelId, Refused> {
        program.channel_named(id).ok_or_else(|| {
            let known: Vec<&str> = program.channel_ids().map(|id| program.channel(id).id.as_str()).collect();
            Refused::NoChannel { id: id.to_owned(), known: closest_said(id, known) }
        })
    };
    let message = |content| Input::Message { content, channel: None };
    let borrowed: Vec<(&str, &str)>;
    let input = match act {
        Act::Say(text) => message(Incoming::Text(text)),
        Act::Attach(kind, url) => message(Incoming::Attachment { kind: *kind, url }),
        Act::Location(latitude, longitude) => {
            message(Incoming::Location { latitude: *latitude, longitude: *longitude })
        }
        Act::Forward(_) | Act::Next | Act::Until(_) => Input::Advance { to: journey::target(session, act)? },
        Act::Channel(id) => Input::WriteOn(channel(id)?),
        Act::Connect(id) => Input::Connect(channel(id)?),
        Act::Disconnect(id) => Input::Disconnect(id.as_deref().map(channel).transpose()?),
        Act::Fault(fault) => Input::Fault(*fault),
        Act::FaultOutside(to, failure) => Input::FaultOutside { to: *to, failure: *failure },
        Act::Mock(step, number) => Input::ChooseMock { step, number: *number },
        Act::Agent(text) => Input::AgentMessage(text),
        Act::Close => Input::Close,
        Act::Stop => Input::Stop,
        Act::Set(name, value) => {
            let value = value.as_deref();
            if named::is_field(&program, name)? {
                Input::SetField { name, value }
            } else {
                Input::SetVariable { name, value }
            }
        }
        Act::SetField(name, value) => Input::SetField { name, value: value.as_deref() },
        Act::SetVariable(name, value) => Input::SetVariable { name, value: value.as_deref() },
        Act::Tag(tag) => Input::AddTag(tag),
        Act::Untag(tag) => Input::RemoveTag(tag),
        Act::Lifecycle(stage) => Input::SetLifecycle(stage.as_deref()),
        Act::Assign(user) => Input::Assign(user.as_deref()),
        Act::Presence(user, online) => Input::Presence { user, online: *online },
        Act::Load(user, count) => Input::OpenContacts { user, count: *count },
        Act::Shortcut(name, form) => {
            borrowed = pairs(form);
            Input::Shortcut { workflow: shortcut(&program, name.as_deref())?, form: &borrowed }
        }
        Act::Webhook(json) => Input::Webhook(json),
        Act::Ad(ad) => Input::Ad(ad.as_deref()),
        Act::Answer(Answer::Http { status, body }, source) => {
            Input::HttpAnswered { answer: HttpAnswer::Response { status: *status, body }, source: *source }
        }
        Act::Answer(Answer::NoHttp(why), source) => {
            Input::HttpAnswered { answer: HttpAnswer::Failed(why), source: *source }
        }
        Act::Answer(Answer::Ai { say, outcome, collected }, source) => {
            borrowed = pairs(collected);
            let reply = AiAnswer::Reply { say: say.as_str(), outcome: *outcome };
            Input::AiAnswered { reply, collected: &borrowed, source: *source }
        }
        Act::Answer(Answer::NoAi(why), source) => {
            Input::AiAnswered { reply: AiAnswer::Failed(why), collected: &[], source: *source }
        }
    };
    Ok(session.handle(input, sink)?)
}

fn pairs(owned: &[(String, String)]) -> Vec<(&str, &str)> {
    owned.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The workflow whose shortcut is meant: the one of that name, or the only one there is.
fn shortcut(program: &Program, name: Option<&str>) -> Result<WorkflowId, Refused> {
    let called = |id: WorkflowId| program.workflow(id).name.as_str();
    let mut known = program.shortcuts().map(|(id, _)| id);
    let found = match name {
        Some(name) => known.find(|id| called(*id).eq_ignore_ascii_case(name)),
        None => known.next().filter(|_| known.next().is_none()),
    };
    found.ok_or_else(|| {
        let known: Vec<&str> = program.shortcuts().map(|(id, _)| called(id)).collect();
        match known.as_slice() {
            [] => Refused::Rejected(Rejected::NoShortcut),
            _ => Refused::WhichShortcut(closest_said(name.unwrap_or_default(), known)),
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::rehearsal::instant;

    const FLOW: &str = "
version: 1
name: Clock
steps:
  - ask_question: { text: A number, type: number, timeout_branch: { after: 1 hour, steps: [{ send_message: Late }] } }
";

    fn start() -> Rehearsal {
        let loaded = crate::flow::load::load_text("clock.yaml", FLOW);
        let program = Arc::new(Program::compile_flow(&loaded.flow.unwrap()).unwrap());
        let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
        Rehearsal::start(&program, program.default_contact().clone(), at)
    }

    fn minutes(rehearsal: &Rehearsal) -> u64 {
        rehearsal.session().now().since(rehearsal.started_at()).as_secs() / 60
    }

    #[test]
    fn time_that_passed_before_an_act_is_undone_and_done_again_with_it() {
        let mut rehearsal = start();
        rehearsal.act_after(Duration::from_mins(2), Act::Say("one".into())).unwrap();
        rehearsal.act_after(Duration::from_mins(3), Act::Say("two".into())).unwrap();
        assert_eq!((minutes(&rehearsal), rehearsal.depth()), (5, (2, 0)));
        let log = rehearsal.log().len();
        rehearsal.undo(1).unwrap();
        assert_eq!((minutes(&rehearsal), rehearsal.depth()), (2, (1, 1)));
        rehearsal.redo(1).unwrap();
        assert_eq!((minutes(&rehearsal), rehearsal.depth(), rehearsal.log().len()), (5, (2, 0), log));
        assert_eq!(rehearsal.undo(9).unwrap().count, 2);
        assert_eq!((minutes(&rehearsal), rehearsal.can_undo_redo()), (0, (false, true)));
    }

    #[test]
    fn a_long_history_keeps_few_sessions_and_undoes_from_any_of_them() {
        let mut rehearsal = start();
        let set = |n: usize| Act::SetField(format!("field_{n}"), Some("x".into()));
        for n in 0..5_000 {
            rehearsal.act(set(n)).unwrap();
        }
        // Every 32 acts one would have been 156.
        assert!(rehearsal.kept.len() < 130, "{} sessions are kept", rehearsal.kept.len());
        let fields = |rehearsal: &Rehearsal| rehearsal.session().fields().count();
        let all = fields(&rehearsal);
        for (back, left) in [(1, 4_999), (1, 4_998), (1_000, 3_998), (3_990, 8)] {
            rehearsal.undo(back).unwrap();
            assert_eq!((fields(&rehearsal), rehearsal.depth().0), (all - (5_000 - left), left));
        }
        rehearsal.redo(4_992).unwrap();
        assert_eq!(fields(&rehearsal), all);
    }

    #[test]
    fn a_refused_act_leaves_the_time_as_it_was() {
        let mut rehearsal = start();
        let before = (rehearsal.session().clone(), rehearsal.log().len());
        assert!(rehearsal.act_after(Duration::from_mins(2), Act::Untag("never".into())).is_err());
        assert_eq!((rehearsal.session().clone(), rehearsal.log().len()), before);
        assert_eq!(rehearsal.depth(), (0, 0));
    }

    #[test]
    fn a_deadline_the_clock_reaches_is_a_step_of_its_own() {
        let mut rehearsal = start();
        rehearsal.pass(Duration::from_hours(1)).unwrap();
        assert!(rehearsal.session().ended().is_some() && rehearsal.is_by_clock(rehearsal.last_step_from()));
        rehearsal.act(Act::Say("too late".into())).unwrap();
        assert!(!rehearsal.is_by_clock(rehearsal.last_step_from()));
        rehearsal.undo(1).unwrap();
        assert_eq!((minutes(&rehearsal), rehearsal.depth()), (60, (1, 1)));
    }
}
