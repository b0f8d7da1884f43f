//! The step loop: what each step does, until something waits or the workflow ends.

use std::borrow::Cow;

use chrono::Datelike;
use smol_str::SmolStr;

use super::event::{Actor, EndReason, Kind, Sink, TriggerName};
use super::outside::Request;
use super::program::{Action, DateTime, Hours, Otherwise, Program, Side, Step, StepId, Text, TriggerWorkflow};
use super::render::{TooLong, render};
use super::session::{Scratch, State, Wait, WaitKind, emit};
use super::start::Happening;
use super::time::Instant;
use super::value::{Value, ValueOf};
use super::{bounds, decide, hold};
use crate::flow::FieldType;

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
    /// Runs steps from `next` on until something waits or the workflow ends. `from` is the step that led there.
    pub(super) fn go(&mut self, mut from: Option<StepId>, mut next: Next) {
        let mut path = Vec::new();
        let most = self.scratch.spent.saturating_add(bounds::SPENT);
        for ran in 0..=BUDGET {
            let step = match next {
                Next::Wait => return,
                Next::End(reason) => return self.end(from, reason, None),
                Next::Step(None) => return self.end(from, EndReason::Completed, None),
                Next::Step(Some(step)) => step,
            };
            if ran == BUDGET || self.scratch.spent > most {
                break;
            }
            if ran >= BUDGET - REMEMBERED {
                path.push(step);
            }
            self.state.steps_run += 1;
            self.scratch.spend(bounds::STEP);
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
        let steps = || cycle.iter().chain(cycle.first()).map(|step| self.program.step(*step));
        // Ids are unique in one workflow only.
        let one = steps().all(|step| step.workflow == self.state.workflow);
        let name = |step: &Step| {
            if one { step.id.to_string() } else { format!("{}/{}", self.program.workflow(step.workflow).name, step.id) }
        };
        steps().map(name).collect::<Vec<_>>().join(" → ")
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
        let Some(wait) = self.state.wait.take() else { return };
        match (wait.kind.timer(), wait.until) {
            (Some(timer), Some(due)) => emit!(self, wait.step, Kind::TimerCancelled { timer, due }),
            _ => self.state.world_mut().request = None,
        }
    }

    /// Waits at a step until something happens, at most until an instant.
    pub(super) fn wait(&mut self, step: StepId, kind: WaitKind, until: Instant) -> Next {
        self.state.wait = Some(Wait { step, kind, until: Some(until) });
        if let Some(timer) = kind.timer() {
            emit!(self, step, Kind::TimerSet { timer, due: until });
        }
        Next::Wait
    }

    /// Whether a step would go out for an answer once more than the input at hand may. Then the run has ended.
    pub(super) fn asks_too_often(&mut self, step: StepId) -> bool {
        let often = self.program.step(step).mocks.is_none() && self.state.world().asked >= bounds::REQUESTS;
        if often {
            let detail = format!("{} requests went out, and nobody did anything in between", bounds::REQUESTS);
            self.end(Some(step), EndReason::LoopDetected, Some(&detail));
        }
        often
    }

    /// Waits at a step until the outside world answers.
    pub(super) fn ask_outside(&mut self, step: StepId, kind: WaitKind, request: Request) -> Next {
        self.state.wait = Some(Wait { step, kind, until: None });
        let world = self.state.world_mut();
        world.request = Some(request);
        world.asked = world.asked.saturating_add(1);
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
                    let Some(tag) = self.filled(id, tag, "a tag") else { continue };
                    self.add_tag(Some(id), &tag);
                }
                for tag in remove {
                    let Some(tag) = self.filled(id, tag, "a tag") else { continue };
                    self.remove_tag(Some(id), &tag);
                }
            }
            Action::UpdateContactField { field, value: None } => self.clear_field(Some(id), *field),
            Action::UpdateContactField { field, value: Some(value) } => match self.try_filled(id, value) {
                Ok(text) => self.save_field(Some(id), *field, ValueOf::Text(&text)),
                Err(TooLong) => self.field_too_long(id, *field, value),
            },
            Action::OpenConversation if !self.state.open => self.open_conversation(Actor::Workflow, Some(id)),
            Action::CloseConversation { category, summary } if self.state.open => {
                let category = category.as_ref().and_then(|text| self.filled(id, text, "the category"));
                let summary = summary.as_ref().and_then(|text| self.filled(id, text, "the summary"));
                let (category, summary) = (category.as_deref(), summary.as_deref());
                self.close_conversation(Actor::Workflow, Some(id), category, summary);
            }
            Action::OpenConversation | Action::CloseConversation { .. } => {}
            Action::AddComment { text, .. } => {
                if let Some(comment) = self.filled(id, text, "the comment") {
                    emit!(self, id, Kind::CommentAdded { text: &comment });
                }
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
                match stage.as_ref().map(|stage| self.filled(id, stage, "the lifecycle stage")) {
                    None => self.update_lifecycle(Some(id), None),
                    Some(Some(stage)) => self.update_lifecycle(Some(id), Some(&stage)),
                    Some(None) => {}
                }
            }
            Action::AssignTo(assign) => return self.assign_to(id, assign, step.next),
            Action::TriggerWorkflow(trigger) => return self.trigger_workflow(id, trigger),
            Action::HttpRequest(request) => return self.http_request(id, request),
            Action::AddGoogleSheetsRow(row) => self.add_row(id, row),
            Action::RespondWithAi(ai) => return self.respond_with_ai(id, ai),
            Action::Unknown(unknown) => {
                self.end(Some(id), EndReason::UnknownStep, Some(&unknown.kind));
                return Next::Wait;
            }
        }
        siblings
    }

    /// Ends this workflow and goes on with another, which starts afresh.
    #[inline(never)]
    fn trigger_workflow(&mut self, step: StepId, trigger: &TriggerWorkflow) -> Next {
        self.end(Some(step), EndReason::MovedToWorkflow, Some(&trigger.name));
        let Some((workflow, first)) = trigger.to else { return Next::Wait };
        self.begin(workflow);
        emit!(self, None, Kind::WorkflowStarted { trigger: TriggerName::Manual });
        Next::Step(first)
    }

    /// Moves the contact to a lifecycle stage, or to none.
    #[inline(never)]
    pub(super) fn update_lifecycle(&mut self, step: Option<StepId>, new: Option<&str>) {
        if self.state.contact.lifecycle.as_deref() == new {
            return;
        }
        let old = std::mem::replace(&mut self.state.contact.lifecycle, new.map(SmolStr::new));
        let old = old.as_deref();
        emit!(self, step, Kind::LifecycleUpdated { old, new });
        self.happened(Happening::Lifecycle(new));
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
    pub(super) fn render(&mut self, step: StepId, text: &Text, out: &mut String) -> Result<(), TooLong> {
        let (state, sink) = (&*self.state, &mut *self.sink);
        let before = out.len();
        let fits = render(self.program, state, text, out, |variable| {
            super::session::tell(sink, state.now, state.workflow, step, || Kind::VariableUnsetUsed { variable });
        });
        self.scratch.spend(out.len() - before);
        fits
    }

    /// A text with its variables filled in. A fixed text is handed back as it is.
    pub(super) fn try_filled<'t>(&mut self, step: StepId, text: &'t Text) -> Result<Cow<'t, str>, TooLong> {
        if text.is_fixed() {
            self.scratch.spend(text.source.len());
            return if text.source.len() > bounds::TEXT { Err(TooLong) } else { Ok(Cow::Borrowed(&text.source)) };
        }
        let mut filled = String::new();
        self.render(step, text, &mut filled)?;
        Ok(Cow::Owned(filled))
    }

    /// A text with its variables filled in; `None` when it is too long, which a notice says. `what` is what it is for.
    pub(super) fn filled<'t>(&mut self, step: StepId, text: &'t Text, what: &str) -> Option<Cow<'t, str>> {
        let filled = self.try_filled(step, text);
        if filled.is_err() {
            self.too_long(Some(step), what);
        }
        filled.ok()
    }

    /// Says that a text is longer than one may be, so that nothing came of it.
    #[cold]
    pub(super) fn too_long(&mut self, step: Option<StepId>, what: &str) {
        let message = format!("{what} is longer than 65,536 bytes, so it was left out");
        emit!(self, step, Kind::Notice { message: &message });
    }

    /// Adds a tag; whether it was new.
    pub(super) fn add_tag(&mut self, step: Option<StepId>, tag: &str) -> bool {
        let new = !self.state.contact.tags.iter().any(|known| known == tag);
        if new {
            self.state.contact.tags.push(tag.into());
            emit!(self, step, Kind::TagAdded { tag });
            self.happened(Happening::TagAdded(tag));
        }
        new
    }

    /// Removes a tag; whether it was there.
    pub(super) fn remove_tag(&mut self, step: Option<StepId>, tag: &str) -> bool {
        let found = self.state.contact.tags.iter().position(|known| known == tag);
        if let Some(index) = found {
            self.state.contact.tags.remove(index);
            emit!(self, step, Kind::TagRemoved { tag });
            self.happened(Happening::TagRemoved(tag));
        }
        found.is_some()
    }

    fn clear_field(&mut self, step: Option<StepId>, slot: usize) {
        let Some(old) = self.state.contact.fields.set(slot, None) else { return };
        let field = self.program.field_names().get(slot).map_or("", |name| name.as_str());
        emit!(self, step, Kind::FieldUpdated { field, old: Some(old.as_ref()), new: None });
        self.happened(Happening::FieldChanged(slot));
    }

    /// Says that a value is too long for any field. The event shows how it begins.
    #[cold]
    fn field_too_long(&mut self, step: StepId, slot: usize, text: &Text) {
        let mut value = String::new();
        let _ = render(self.program, self.state, text, &mut value, |_| {});
        let kind = self.program.field(slot).map_or(FieldType::Text, |field| field.kind);
        let field = self.program.field_names().get(slot).map_or("", |name| name.as_str());
        let begins: String = value.chars().take(bounds::BEGINNING).collect();
        let value = ValueOf::Text(begins.as_str());
        emit!(self, step, Kind::FieldNotSaved { field, value, kind, too_long: true });
    }

    /// Saves a value to a field, or says why the field cannot hold it.
    pub(super) fn save_field(&mut self, step: Option<StepId>, slot: usize, value: ValueOf<&str>) {
        let program = self.program;
        let Some(kind) = program.field(slot) else { return };
        let field = self.program.field_names().get(slot).map_or("", |name| name.as_str());
        match hold::value(kind, value) {
            Some(held) => {
                let old = self.state.contact.fields.set(slot, Some(held));
                let new = self.state.contact.fields.get(slot);
                if old.as_ref() == new {
                    return;
                }
                let (old, new) = (old.as_ref().map(Value::as_ref), new.map(Value::as_ref));
                emit!(self, step, Kind::FieldUpdated { field, old, new });
                if program.hears(TriggerName::ContactFieldUpdated) {
                    self.happened(Happening::FieldChanged(slot));
                }
            }
            None => emit!(self, step, Kind::FieldNotSaved { field, value, kind: kind.kind, too_long: false }),
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
