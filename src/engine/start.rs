//! Triggers at work: what happened, which workflow it starts, and why another does not start.

use serde_json::Value as Json;

use super::contact::Slots;
use super::event::{Actor, Kind, Sink, TriggerName};
use super::input::Rejected;
use super::outside::{Found, look_up};
use super::program::{Program, StepId, Trigger, TriggerOn, Workflow, WorkflowId};
use super::run::{Machine, Next};
use super::session::emit;
use super::value::{Value, ValueOf};
use super::{decide, hold};
use crate::flow::model::{ClosedBy, OpenedBy};

/// Something that triggers may wait for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Happening<'a> {
    Opened(Actor),
    Closed(Actor),
    TagAdded(&'a str),
    TagRemoved(&'a str),
    /// The slot of the field.
    FieldChanged(usize),
    /// An agent picks a workflow's shortcut, with the form filled in.
    Shortcut(WorkflowId, &'a [(usize, Value)]),
    Webhook(&'a Json),
    Ad(Option<&'a str>),
    Lifecycle(Option<&'a str>),
}

impl Happening<'_> {
    /// The trigger that waits for such things.
    const fn trigger(self) -> TriggerName {
        match self {
            Self::Opened(_) => TriggerName::ConversationOpened,
            Self::Closed(_) => TriggerName::ConversationClosed,
            Self::TagAdded(_) | Self::TagRemoved(_) => TriggerName::ContactTagUpdated,
            Self::FieldChanged(_) => TriggerName::ContactFieldUpdated,
            Self::Shortcut(..) => TriggerName::Shortcut,
            Self::Webhook(_) => TriggerName::IncomingWebhook,
            Self::Ad(_) => TriggerName::ClickToChatAd,
            Self::Lifecycle(_) => TriggerName::LifecycleUpdated,
        }
    }
}

/// Whether a trigger waits for what happened.
enum Fit {
    No,
    /// It waits for something of the kind, but not for this; why not.
    Other(&'static str),
    Yes,
}

impl Trigger {
    fn fits(&self, id: WorkflowId, happening: Happening<'_>) -> Fit {
        let any = |names: &[String], name: &str| names.is_empty() || names.iter().any(|known| known == name);
        let fits = match (&self.on, happening) {
            (TriggerOn::ConversationOpened { source }, Happening::Opened(by)) => {
                let fits = source.is_empty() || opened_by(by).is_some_and(|by| source.contains(&by));
                return if fits { Fit::Yes } else { Fit::Other("its trigger names other sources than this one") };
            }
            (TriggerOn::ConversationClosed { source }, Happening::Closed(by)) => {
                let fits = source.is_empty() || closed_by(by).is_some_and(|by| source.contains(&by));
                return if fits { Fit::Yes } else { Fit::Other("its trigger names other sources than this one") };
            }
            (TriggerOn::ContactTagUpdated { added, removed }, Happening::TagAdded(tag)) => {
                (added.is_empty() && removed.is_empty()) || added.iter().any(|known| known == tag)
            }
            (TriggerOn::ContactTagUpdated { added, removed }, Happening::TagRemoved(tag)) => {
                (added.is_empty() && removed.is_empty()) || removed.iter().any(|known| known == tag)
            }
            (TriggerOn::ContactFieldUpdated { fields }, Happening::FieldChanged(slot)) => {
                fields.is_empty() || fields.contains(&slot)
            }
            (TriggerOn::Shortcut { .. }, Happening::Shortcut(wanted, _)) => wanted == id,
            (TriggerOn::IncomingWebhook { .. }, Happening::Webhook(_)) => true,
            (TriggerOn::ClickToChatAd { ads }, Happening::Ad(ad)) => {
                let fits = ad.is_none_or(|ad| any(ads, ad));
                return if fits { Fit::Yes } else { Fit::Other("its trigger names other ads than this one") };
            }
            (TriggerOn::LifecycleUpdated { to }, Happening::Lifecycle(stage)) => {
                to.is_empty() || stage.is_some_and(|stage| any(to, stage))
            }
            _ => false,
        };
        if fits { Fit::Yes } else { Fit::No }
    }
}

fn opened_by(by: Actor) -> Option<OpenedBy> {
    match by {
        Actor::Agent => Some(OpenedBy::User),
        by => OpenedBy::named(by.as_str()),
    }
}

fn closed_by(by: Actor) -> Option<ClosedBy> {
    match by {
        Actor::Agent => Some(ClosedBy::User),
        by => ClosedBy::named(by.as_str()),
    }
}

impl<S: Sink> Machine<'_, S> {
    /// Fires the main workflow's trigger at the start of a simulation, as if what it waits for happened now.
    pub(super) fn fire_trigger(&mut self) {
        let program = self.program;
        let main = program.main();
        match &program.workflow(main).trigger.on {
            TriggerOn::ConversationOpened { source } => {
                self.state.open = false;
                self.state.openings = 0;
                self.open_conversation(first_actor(source.iter().map(|source| source.as_str()), Actor::Contact), None);
            }
            TriggerOn::ConversationClosed { source } => {
                let by = first_actor(source.iter().map(|source| source.as_str()), Actor::Agent);
                self.close_conversation(by, None, None, None);
            }
            TriggerOn::ContactTagUpdated { added, removed } => match (added.first(), removed.first()) {
                (Some(tag), _) if self.add_tag(None, tag) => {}
                (None, Some(tag)) if self.remove_tag(None, tag) => {}
                _ => self.start_if_it_may(main, None),
            },
            TriggerOn::LifecycleUpdated { to } if to.first().is_some_and(|to| !self.is_in_stage(to)) => {
                self.update_lifecycle(None, to.first().map(String::as_str));
            }
            TriggerOn::Shortcut { example, .. } => {
                let example: Vec<(&str, &str)> =
                    example.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                match self.form(main, &example) {
                    Ok(values) => self.happened(Happening::Shortcut(main, &values)),
                    Err(refused) => {
                        let message = format!("the example of the form does not fit: {refused}");
                        emit!(self, None, Kind::Notice { message: &message });
                        self.happened(Happening::Shortcut(main, &[]));
                    }
                }
            }
            TriggerOn::IncomingWebhook { example, .. } => {
                self.happened(Happening::Webhook(example.as_ref().unwrap_or(&Json::Null)));
            }
            TriggerOn::Manual => self.start_run(main, None),
            TriggerOn::ClickToChatAd { .. }
            | TriggerOn::ContactFieldUpdated { .. }
            | TriggerOn::LifecycleUpdated { .. } => self.start_if_it_may(main, None),
        }
    }

    /// Starts the first workflow that waits for what happened, and says why others that wait for it do not start.
    #[inline]
    pub(super) fn happened(&mut self, happening: Happening<'_>) {
        if self.program.hears(happening.trigger()) {
            self.look_for(happening);
        }
    }

    #[inline(never)]
    fn look_for(&mut self, happening: Happening<'_>) {
        for index in 0..self.program.workflows().len() {
            let Ok(id) = u16::try_from(index).map(WorkflowId) else { return };
            match self.program.workflow(id).trigger.fits(id, happening) {
                Fit::No => {}
                Fit::Other(why) => self.not_started(id, why),
                Fit::Yes => self.start_if_it_may(id, Some(happening)),
            }
        }
    }

    /// Starts a workflow unless one runs, the contact was in it before and it takes everybody once, or its conditions do not hold.
    fn start_if_it_may(&mut self, id: WorkflowId, happening: Option<Happening<'_>>) {
        let program = self.program;
        let trigger = &program.workflow(id).trigger;
        if self.state.running {
            let running = &program.workflow(self.state.workflow).name;
            let reason = if id == self.state.workflow {
                "it is still running".to_owned()
            } else {
                format!("\"{running}\" is still running")
            };
            self.not_started(id, &reason);
        } else if trigger.once_per_contact && self.state.world().enrolled.get(id.index()) == Some(&true) {
            self.not_started(id, "it takes every contact once only, and this one was in it before");
        } else if !self.conditions_hold(program.workflow(id), happening) {
            self.not_started(id, "the conditions of its trigger do not hold");
        } else {
            self.start_run(id, happening);
        }
    }

    /// Whether the conditions of a trigger hold. They see the variables the workflow would start with.
    fn conditions_hold(&mut self, workflow: &Workflow, happening: Option<Happening<'_>>) -> bool {
        let Some(arm) = &workflow.trigger.when else { return true };
        let mut fresh = Slots::new(self.program.variables.len());
        for start in starts_with(workflow, happening) {
            if let Found::Value(value) = start.value {
                fresh.set(start.slot, Some(value));
            }
        }
        let last = std::mem::replace(&mut self.state.variables, fresh);
        let hold = decide::holds(self.program, self.state, arm);
        self.state.variables = last;
        hold
    }

    fn not_started(&mut self, id: WorkflowId, reason: &str) {
        if S::WANTS {
            let program = self.program;
            let message = match program.workflows() {
                [_] => format!("the workflow did not start: {reason}"),
                _ => format!("\"{}\" did not start: {reason}", program.workflow(id).name),
            };
            emit!(self, None, Kind::Notice { message: &message });
        }
    }

    /// Starts a workflow afresh and runs its first steps.
    fn start_run(&mut self, id: WorkflowId, happening: Option<Happening<'_>>) {
        let workflow = self.program.workflow(id);
        self.begin(id);
        emit!(self, None, Kind::WorkflowStarted { trigger: workflow.trigger.name });
        for Start { slot, value, path } in starts_with(workflow, happening) {
            self.save_part(None, slot, value, path, "request");
        }
        self.go(None, Next::Step(workflow.first));
    }

    /// Makes a workflow the one that runs, with nothing left of the one before.
    pub(super) fn begin(&mut self, id: WorkflowId) {
        self.state.workflow = id;
        self.state.running = true;
        self.state.ended = None;
        self.state.wait = None;
        self.state.variables.clear();
        self.state.jumps.fill(0);
        self.state.steps_run = 0;
        if let Some(world) = &mut self.state.world {
            world.request = None;
            if let Some(enrolled) = world.enrolled.get_mut(id.index()) {
                *enrolled = true;
            }
        }
    }

    /// Reads what an agent filled in, each entry by its type.
    pub(super) fn form(&self, id: WorkflowId, filled: &[(&str, &str)]) -> Result<Vec<(usize, Value)>, Rejected> {
        let TriggerOn::Shortcut { form, .. } = &self.program.workflow(id).trigger.on else {
            return Err(Rejected::NoShortcut);
        };
        let mut values = Vec::with_capacity(filled.len());
        for (name, text) in filled {
            let entry = form.iter().find(|entry| entry.name == *name).ok_or_else(|| {
                let known: Vec<&str> = form.iter().map(|entry| entry.name.as_str()).collect();
                Rejected::NoSuchEntry { name: (*name).to_owned(), known: crate::diagnostic::closest_said(name, known) }
            })?;
            let value = hold::value(&entry.kind, ValueOf::Text(text)).ok_or_else(|| {
                Rejected::CannotHold(format!("{name} is of type {} and cannot hold \"{text}\"", entry.kind.kind))
            })?;
            values.push((entry.slot, value));
        }
        Ok(values)
    }

    /// Opens the conversation; if nothing runs, a workflow that waits for that starts.
    #[inline(never)]
    pub(super) fn open_conversation(&mut self, by: Actor, step: Option<StepId>) {
        self.state.open = true;
        self.state.count_assignee(self.program, 1);
        self.state.openings = self.state.openings.saturating_add(1);
        emit!(self, step, Kind::ConversationOpened { by });
        self.happened(Happening::Opened(by));
    }

    /// Closes the conversation, which must be open.
    #[inline(never)]
    pub(super) fn close_conversation(
        &mut self,
        by: Actor,
        step: Option<StepId>,
        category: Option<&str>,
        summary: Option<&str>,
    ) {
        self.state.count_assignee(self.program, -1);
        self.state.open = false;
        emit!(self, step, Kind::ConversationClosed { by, category, summary });
        self.happened(Happening::Closed(by));
    }

    fn is_in_stage(&self, stage: &str) -> bool {
        self.state.contact.lifecycle.as_deref() == Some(stage)
    }
}

impl Program {
    /// The workflows an agent can start by a shortcut.
    pub fn shortcuts(&self) -> impl Iterator<Item = (WorkflowId, &[super::program::FormEntry])> {
        self.workflows().iter().zip(0u16..).filter_map(|(workflow, index)| match &workflow.trigger.on {
            TriggerOn::Shortcut { form, .. } => Some((WorkflowId(index), form.as_slice())),
            _ => None,
        })
    }

    /// Whether a request from outside starts one of the workflows.
    pub fn takes_webhooks(&self) -> bool {
        self.workflows().iter().any(|workflow| matches!(workflow.trigger.on, TriggerOn::IncomingWebhook { .. }))
    }

    /// Whether a click-to-chat ad starts one of the workflows.
    pub fn takes_ads(&self) -> bool {
        self.workflows().iter().any(|workflow| matches!(workflow.trigger.on, TriggerOn::ClickToChatAd { .. }))
    }
}

/// A variable a workflow starts with.
struct Start<'p> {
    slot: usize,
    value: Found,
    /// Where it was looked for in a request.
    path: &'p str,
}

/// What a workflow starts with when this happens: the entries of a form, or parts of a request.
fn starts_with<'p>(workflow: &'p Workflow, happening: Option<Happening<'_>>) -> Vec<Start<'p>> {
    match (&workflow.trigger.on, happening) {
        (TriggerOn::Shortcut { .. }, Some(Happening::Shortcut(_, values))) => values
            .iter()
            .map(|(slot, value)| Start { slot: *slot, value: Found::Value(value.clone()), path: "" })
            .collect(),
        (TriggerOn::IncomingWebhook { payload, .. }, Some(Happening::Webhook(json))) => payload
            .iter()
            .map(|(path, slot)| Start { slot: *slot, value: look_up(path, json), path: path.source() })
            .collect(),
        _ => Vec::new(),
    }
}

/// Who the trigger is fired by at the start: whoever usually does it if the sources allow that, else the first of them.
fn first_actor<'a>(sources: impl Iterator<Item = &'a str> + Clone, usual: Actor) -> Actor {
    let is_usual = |word: &str| word == usual.as_str() || (usual == Actor::Agent && word == "user");
    let can_be_played = |word: &str| matches!(word, "contact" | "user" | "workflow");
    if sources.clone().any(is_usual) || sources.clone().any(can_be_played) {
        return usual;
    }
    let mut sources = sources;
    sources.next().and_then(Actor::named).unwrap_or(usual)
}
