//! The step loop: what each step does, until something waits or the workflow ends.

use std::borrow::Cow;

use chrono::Datelike;
use smol_str::SmolStr;

use super::event::{Actor, EndReason, Kind, Sink};
use super::program::{Action, DateTime, Hours, Otherwise, Program, Side, StepId, Text, Trigger};
use super::render::render;
use super::session::{Scratch, State, Wait, WaitKind, emit};
use super::time::Instant;
use super::value::{Value, ValueOf};
use super::{decide, hold};
use crate::flow::model::OpenedBy;

/// Steps that may run between two waits (semantics.md, "The engine").
const BUDGET: usize = 10_000;
/// Steps before the budget's end from which the path is remembered, to name the cycle. No cycle without a wait is longer than a
/// workflow that has every jump taken in turn; what does not fit is named by its tail.
const REMEMBERED: usize = 1_000;

/// A session at work: its program and state, with the sink that hears of it.
pub(super) struct Machine<'a, S> {
    pub(super) program: &'a Program,
    pub(super) state: &'a mut State,
    pub(super) scratch: &'a mut Scratch,
    pub(super) sink: &'a mut S,
}

/// Where a run goes after a step.
pub(super) enum Next {
    /// To a step; `None` is the end of a list, which completes the workflow.
    Step(Option<StepId>),
    /// Nowhere until something happens.
    Wait,
    /// The workflow ends.
    End(EndReason),
}

impl Side {
    /// The side's steps, or the end of the workflow for its reason.
    pub(super) fn or_end(self, reason: EndReason) -> Next {
        match self {
            Self::To(step) => Next::Step(Some(step)),
            Self::Absent | Self::Empty => Next::End(reason),
        }
    }
}

impl<S: Sink> Machine<'_, S> {
    /// Fires the main workflow's trigger at the start of a simulation.
    pub(super) fn fire_trigger(&mut self, by: Actor) {
        match self.program.workflow(self.program.main()).trigger {
            Trigger::Manual => self.start_run(),
            Trigger::ConversationOpened { .. } => {
                self.state.open = false;
                self.state.openings = 0;
                self.open_conversation(by, None);
            }
        }
    }

    /// Opens the conversation; if nothing runs, a workflow that waits for that starts.
    pub(super) fn open_conversation(&mut self, by: Actor, step: Option<StepId>) {
        self.state.open = true;
        self.state.openings = self.state.openings.saturating_add(1);
        emit!(self, step, Kind::ConversationOpened { by });
        if self.state.running {
            return;
        }
        let Trigger::ConversationOpened { source, when } = &self.program.workflow(self.program.main()).trigger else {
            return;
        };
        let opener = match by {
            Actor::Contact => OpenedBy::Contact,
            Actor::Agent => OpenedBy::User,
            Actor::Workflow => OpenedBy::Workflow,
        };
        if !source.is_empty() && !source.contains(&opener) {
            let message = "the workflow did not start: its trigger names other sources than this one";
            emit!(self, None, Kind::Notice { message });
        } else if when.as_ref().is_some_and(|arm| !decide::holds(self.program, self.state, arm)) {
            let message = "the workflow did not start: the conditions of its trigger do not hold";
            emit!(self, None, Kind::Notice { message });
        } else {
            self.start_run();
        }
    }

    /// Starts the main workflow afresh.
    pub(super) fn start_run(&mut self) {
        let id = self.program.main();
        let workflow = self.program.workflow(id);
        self.state.workflow = id;
        self.state.running = true;
        self.state.ended = None;
        self.state.wait = None;
        self.state.variables.clear();
        self.state.jumps.fill(0);
        self.state.steps_run = 0;
        emit!(self, None, Kind::WorkflowStarted { trigger: workflow.trigger.name() });
        self.go(None, Next::Step(Some(workflow.first)));
    }

    /// Runs steps from `next` on until something waits or the workflow ends. `from` is the step that led there.
    pub(super) fn go(&mut self, mut from: Option<StepId>, mut next: Next) {
        let mut path = Vec::new();
        for ran in 0..=BUDGET {
            let step = match next {
                Next::Wait => return,
                Next::End(reason) => return self.end(from, reason, None),
                Next::Step(None) => return self.end(from, EndReason::Completed, None),
                Next::Step(Some(step)) => step,
            };
            if ran == BUDGET {
                break;
            }
            if ran >= BUDGET - REMEMBERED {
                path.push(step);
            }
            self.state.steps_run += 1;
            self.sink.entered(step);
            from = Some(step);
            next = self.step(step);
        }
        let cycle = self.cycle(&path);
        self.end(from, EndReason::LoopDetected, Some(&cycle));
    }

    /// The shortest cycle at the end of a path, in words: `a → b → a`.
    fn cycle(&self, path: &[StepId]) -> String {
        let repeats =
            |length: &usize| path.iter().rev().zip(path.iter().rev().skip(*length)).take(*length).all(|(a, b)| a == b);
        let length = (1..=path.len() / 2).find(repeats).unwrap_or(path.len().min(20));
        let cycle = path.get(path.len() - length..).unwrap_or_default();
        let names: Vec<&str> =
            cycle.iter().chain(cycle.first()).map(|step| self.program.step(*step).id.as_str()).collect();
        names.join(" → ")
    }

    /// Ends the run. A pending timer is cancelled first.
    pub(super) fn end(&mut self, step: Option<StepId>, reason: EndReason, detail: Option<&str>) {
        self.cancel_wait();
        self.state.running = false;
        self.state.ended = Some(reason);
        emit!(self, step, Kind::WorkflowEnded { reason, detail });
    }

    /// Ends the wait before its time.
    pub(super) fn cancel_wait(&mut self) {
        if let Some(wait) = self.state.wait.take() {
            emit!(self, wait.step, Kind::TimerCancelled { timer: wait.kind.timer(), due: wait.until });
        }
    }

    /// Waits at a step until something happens, at most until an instant.
    pub(super) fn wait(&mut self, step: StepId, kind: WaitKind, until: Instant) -> Next {
        self.state.wait = Some(Wait { step, kind, until });
        emit!(self, step, Kind::TimerSet { timer: kind.timer(), due: until });
        Next::Wait
    }

    /// Runs one step.
    fn step(&mut self, id: StepId) -> Next {
        let program = self.program;
        let step = program.step(id);
        let siblings = Next::Step(step.next);
        match &step.action {
            Action::SendMessage(send) => return self.send_message(id, send, step.next),
            Action::AskQuestion(ask) => return self.ask_question(id, ask),
            Action::Branch(branch) => {
                let taken = decide::decide(self, id, branch);
                return Next::Step(match (taken, branch.otherwise) {
                    (Some(arm), _) => branch.arms.get(arm).and_then(|arm| arm.to),
                    (None, Otherwise::Steps(to)) => to,
                    (None, Otherwise::Continue) => step.next,
                });
            }
            Action::UpdateContactTag { add, remove } => {
                for tag in add {
                    let tag = self.filled(id, tag);
                    self.add_tag(Some(id), &tag);
                }
                for tag in remove {
                    let tag = self.filled(id, tag);
                    self.remove_tag(Some(id), &tag);
                }
            }
            Action::UpdateContactField { field, value: None } => self.clear_field(Some(id), *field),
            Action::UpdateContactField { field, value: Some(value) } => {
                let text = self.filled(id, value);
                self.save_field(Some(id), *field, ValueOf::Text(&text));
            }
            Action::OpenConversation if !self.state.open => self.open_conversation(Actor::Workflow, Some(id)),
            Action::CloseConversation { category, summary } if self.state.open => {
                self.state.open = false;
                let category = category.as_ref().map(|category| self.filled(id, category));
                let summary = summary.as_ref().map(|summary| self.filled(id, summary));
                let (category, summary) = (category.as_deref(), summary.as_deref());
                emit!(self, id, Kind::ConversationClosed { by: Actor::Workflow, category, summary });
            }
            Action::OpenConversation | Action::CloseConversation { .. } => {}
            Action::AddComment { text, .. } => {
                let comment = self.filled(id, text);
                emit!(self, id, Kind::CommentAdded { text: &comment });
            }
            Action::JumpTo { to, counter, max } => return self.jump(id, *to, *counter, *max, siblings),
            Action::Wait(span) => return self.wait(id, WaitKind::Wait, self.state.now.saturating_add(*span)),
            Action::DateTime(look) => {
                let inside = is_inside(look, self.state.now);
                emit!(self, id, Kind::DateTimeChecked { inside });
                if !inside {
                    return look.outside.or_end(EndReason::OutsideHours);
                }
            }
            Action::UpdateLifecycle(stage) => {
                let stage = stage.as_ref().map(|stage| SmolStr::new(self.filled(id, stage)));
                let old = std::mem::replace(&mut self.state.contact.lifecycle, stage.clone());
                emit!(self, id, Kind::LifecycleUpdated { old: old.as_deref(), new: stage.as_deref() });
            }
        }
        siblings
    }

    fn jump(&mut self, step: StepId, to: StepId, counter: usize, max: u8, siblings: Next) -> Next {
        let count = self.state.jumps.get_mut(counter);
        let taken = count.filter(|count| **count < max).map(|count| {
            *count += 1;
            *count
        });
        if let Some(count) = taken {
            emit!(self, step, Kind::JumpTaken { to, count, max });
            Next::Step(Some(to))
        } else {
            emit!(self, step, Kind::JumpExhausted { to, count: max, max });
            siblings
        }
    }

    /// Fills a text's variables in, with a warning event for every unset one.
    pub(super) fn render(&mut self, step: StepId, text: &Text, out: &mut String) {
        let (state, sink) = (&*self.state, &mut *self.sink);
        render(self.program, state, text, out, |variable| {
            super::session::tell(sink, state.now, state.workflow, step, || Kind::VariableUnsetUsed { variable });
        });
    }

    /// A text with its variables filled in. A fixed text is handed back as it is.
    pub(super) fn filled<'t>(&mut self, step: StepId, text: &'t Text) -> Cow<'t, str> {
        if text.is_fixed() {
            return Cow::Borrowed(&text.source);
        }
        let mut filled = String::new();
        self.render(step, text, &mut filled);
        Cow::Owned(filled)
    }

    /// Adds a tag; whether it was new.
    pub(super) fn add_tag(&mut self, step: Option<StepId>, tag: &str) -> bool {
        let new = !self.state.contact.tags.iter().any(|known| known == tag);
        if new {
            self.state.contact.tags.push(tag.into());
            emit!(self, step, Kind::TagAdded { tag });
        }
        new
    }

    /// Removes a tag; whether it was there.
    pub(super) fn remove_tag(&mut self, step: Option<StepId>, tag: &str) -> bool {
        let found = self.state.contact.tags.iter().position(|known| known == tag);
        if let Some(index) = found {
            self.state.contact.tags.remove(index);
            emit!(self, step, Kind::TagRemoved { tag });
        }
        found.is_some()
    }

    fn clear_field(&mut self, step: Option<StepId>, slot: usize) {
        let old = self.state.contact.fields.set(slot, None);
        let field = self.program.field_names().get(slot).map_or("", |name| name.as_str());
        emit!(self, step, Kind::FieldUpdated { field, old: old.as_ref().map(Value::as_ref), new: None });
    }

    /// Saves a value to a field, or says why the field cannot hold it.
    pub(super) fn save_field(&mut self, step: Option<StepId>, slot: usize, value: ValueOf<&str>) {
        let program = self.program;
        let Some(kind) = program.field(slot) else { return };
        let field = self.program.field_names().get(slot).map_or("", |name| name.as_str());
        match hold::value(kind, value) {
            Some(held) => {
                let old = self.state.contact.fields.set(slot, Some(held));
                let new = self.state.contact.fields.get(slot).map(Value::as_ref);
                emit!(self, step, Kind::FieldUpdated { field, old: old.as_ref().map(Value::as_ref), new });
            }
            None => emit!(self, step, Kind::FieldNotSaved { field, value, kind: kind.kind }),
        }
    }
}

/// Whether an instant lies in the hours of a step. Starts are inside, ends are not; a range belongs to the day it starts on.
fn is_inside(look: &DateTime, now: Instant) -> bool {
    let local = now.local(look.zone).naive_local();
    match &look.hours {
        Hours::Range { from, to } => (*from..*to).contains(&local),
        Hours::Business(ranges) => {
            let (today, time) = (local.weekday(), local.time());
            ranges.iter().any(|(day, from, to)| {
                if from < to {
                    *day == today && (*from..*to).contains(&time)
                } else {
                    (*day == today && time >= *from) || (day.succ() == today && time < *to)
                }
            })
        }
    }
}
