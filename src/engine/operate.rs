//! Inputs, one by one: each is checked first and changes nothing when it is refused.

use super::answer::Incoming;
use super::bounds;
use super::event::{Actor, EndReason, HttpAnswer, Kind, Sink, Source, Target};
use super::hold;
use super::input::{Input, Rejected};
use super::program::ChannelId;
use super::run::Machine;
use super::session::{Travel, WaitKind, emit};
use super::start::Happening;
use super::time::Instant;
use super::value::{Value, ValueOf};
use rust_decimal::Decimal;

impl<S: Sink> Machine<'_, S> {
    /// Takes an input, or refuses it and leaves everything as it was.
    pub(super) fn handle(&mut self, input: Input<'_>) -> Result<(), Rejected> {
        self.scratch.spent = 0;
        if longest(&input) > bounds::TEXT {
            return Err(Rejected::TooLong);
        }
        let asked = self.counts_requests_anew(&input);
        let taken = match input {
            Input::Message { content, channel } => self.take_message(&content, channel),
            Input::Advance { to } => self.advance(to),
            other => self.operate(other),
        };
        if let Err(refused) = taken {
            if let (Some(world), Some(asked)) = (&mut self.state.world, asked) {
                world.asked = asked;
            }
            return Err(refused);
        }
        if self.waits_for(WaitKind::Assignment) {
            // Whatever changed may have made somebody eligible.
            self.reconsider();
        }
        Ok(())
    }

    /// Counts requests anew, unless the outside world answers by itself or nothing but time passes. The count there was.
    fn counts_requests_anew(&mut self, input: &Input<'_>) -> Option<u16> {
        let world = self.state.world.as_mut()?;
        let by_itself = match input {
            Input::HttpAnswered { source, .. } | Input::AiAnswered { source, .. } => *source == Source::Live,
            Input::Advance { to } => self.state.wait.and_then(|wait| wait.until).is_none_or(|due| due > *to),
            _ => false,
        };
        (!by_itself).then(|| std::mem::take(&mut world.asked))
    }

    /// A message, unless it comes from nowhere.
    fn take_message(&mut self, content: &Incoming<'_>, channel: Option<ChannelId>) -> Result<(), Rejected> {
        let channel = channel.or(self.state.writes_on).ok_or(Rejected::UnknownChannel)?;
        self.known(channel)?;
        if let Incoming::Location { latitude, longitude } = content {
            let on_earth = |degrees: &Decimal, most: i64| degrees.abs() <= Decimal::from(most);
            if !on_earth(latitude, 90) || !on_earth(longitude, 180) {
                return Err(Rejected::NoSuchPlace);
            }
        }
        self.message(content, channel);
        Ok(())
    }

    /// What operators and the outside world do. Kept apart, for messages and time come a thousand times as often.
    #[inline(never)]
    fn operate(&mut self, input: Input<'_>) -> Result<(), Rejected> {
        match input {
            Input::Message { content, channel } => self.take_message(&content, channel)?,
            Input::Advance { to } => self.advance(to)?,
            Input::WriteOn(channel) => {
                self.known(channel)?;
                if self.state.writes_on == Some(channel) {
                    let name = &self.program.channel(channel).name;
                    return Err(Rejected::Unchanged(format!("the contact writes on {name} already")));
                }
                self.state.writes_on = Some(channel);
                emit!(self, None, Kind::ChannelChanged { channel });
            }
            Input::Connect(channel) => {
                self.known(channel)?;
                if !self.state.links.set_connected(channel, true) {
                    return Err(Rejected::AlreadyConnected);
                }
                emit!(self, None, Kind::ChannelConnected { channel });
            }
            Input::Disconnect(channel) => self.disconnect(channel)?,
            Input::Fault(fault) => {
                self.state.fault = Some(fault);
                emit!(self, None, Kind::FaultSet { fault });
            }
            Input::FaultOutside { to, failure } => self.fail_outside(to, failure)?,
            Input::ChooseMock { step, number } => self.choose_mock(step, number)?,
            Input::AgentMessage(text) => {
                emit!(self, None, Kind::AgentMessage { text });
                let stop_on = self.program.workflow(self.state.workflow).stop_on;
                if self.state.running && stop_on.agent_message {
                    self.end(None, EndReason::ExitCondition, Some("agent_message"));
                }
                if !self.state.open {
                    self.open_conversation(Actor::Agent, None);
                }
            }
            Input::Close => {
                if !self.state.open {
                    return Err(Rejected::AlreadyClosed);
                }
                self.close_conversation(Actor::Agent, None, None, None);
            }
            Input::Assign(user) => self.assign_by_hand(user)?,
            Input::Presence { user, online } => {
                let index = self.staff_named(user)?;
                let Some(staff) = self.state.world_mut().staff.get_mut(index).filter(|staff| staff.online != online)
                else {
                    let word = if online { "online" } else { "offline" };
                    return Err(Rejected::CannotHold(format!("{user} is {word} already")));
                };
                staff.online = online;
                let word = |online: bool| ValueOf::Text(if online { "online" } else { "offline" });
                self.edited_user(Target::Presence, index, word(!online), word(online));
            }
            Input::OpenContacts { user, count } => {
                let index = self.staff_named(user)?;
                if let Some(staff) = self.state.world_mut().staff.get_mut(index) {
                    if staff.open_contacts == count {
                        return Err(Rejected::Unchanged(format!("{user} has {count} open contacts already")));
                    }
                    let old = std::mem::replace(&mut staff.open_contacts, count);
                    let number = |count: u32| ValueOf::Number(count.into());
                    self.edited_user(Target::OpenContacts, index, number(old), number(count));
                }
            }
            Input::SetLifecycle(stage) => {
                if self.state.contact.lifecycle.as_deref() == stage {
                    return Err(Rejected::Unchanged(match stage {
                        Some(stage) => format!("the contact is in the stage \"{stage}\" already"),
                        None => "the contact is in no stage already".to_owned(),
                    }));
                }
                self.update_lifecycle(None, stage);
            }
            Input::Shortcut { workflow, form } => {
                if workflow.index() >= self.program.workflows().len() {
                    return Err(Rejected::NoShortcut);
                }
                let values = self.form(workflow, form)?;
                self.happened(Happening::Shortcut(workflow, &values));
            }
            Input::Webhook(json) => {
                if !self.program.takes_webhooks() {
                    return Err(Rejected::NoWebhook);
                }
                self.happened(Happening::Webhook(json));
            }
            Input::Ad(ad) => {
                if !self.program.takes_ads() {
                    return Err(Rejected::NoAd);
                }
                self.happened(Happening::Ad(ad));
            }
            Input::HttpAnswered { answer, source } => {
                self.waits_for(WaitKind::Http).then_some(()).ok_or(Rejected::NoRequest("an HTTP answer"))?;
                if let HttpAnswer::Response { status, .. } = answer
                    && !(100..=599).contains(&status)
                {
                    return Err(Rejected::NoStatus(status));
                }
                self.http_answered(answer, source);
            }
            Input::AiAnswered { reply, collected, source } => {
                self.waits_for(WaitKind::Ai).then_some(()).ok_or(Rejected::NoRequest("an AI's reply"))?;
                self.ai_answered(reply, collected, source);
            }
            Input::Stop => {
                if !self.state.running {
                    return Err(Rejected::NothingRuns);
                }
                self.end(None, EndReason::StoppedByAgent, None);
            }
            Input::SetField { name, value } => self.set_field(name, value)?,
            Input::SetVariable { name, value } => self.set_variable(name, value)?,
            Input::AddTag(tag) => {
                if tag.trim().is_empty() {
                    return Err(Rejected::BadName(tag.to_owned()));
                }
                if !self.add_tag(None, tag) {
                    return Err(Rejected::AlreadyTagged(tag.to_owned()));
                }
            }
            Input::RemoveTag(tag) => {
                if !self.remove_tag(None, tag) {
                    return Err(Rejected::NotTagged(tag.to_owned()));
                }
            }
        }
        Ok(())
    }

    fn waits_for(&self, kind: WaitKind) -> bool {
        self.state.wait.is_some_and(|wait| wait.kind == kind)
    }

    /// The position of a user people call so.
    fn staff_named(&self, name: &str) -> Result<usize, Rejected> {
        let user = self.program.user_called(name);
        let index = user.and_then(|user| self.program.users().iter().position(|known| known.id == user.id));
        index.ok_or_else(|| {
            let known: Vec<&str> = self.program.users().iter().map(|user| user.id.as_str()).collect();
            Rejected::UnknownUser { name: name.to_owned(), known: crate::diagnostic::closest_said(name, known) }
        })
    }

    /// An agent assigns the contact; `None` unassigns it. A workspace that does not say who its users are takes anybody.
    fn assign_by_hand(&mut self, user: Option<&str>) -> Result<(), Rejected> {
        let id = match user {
            None => None,
            Some(name) => match (self.staff_named(name), self.program.users_listed) {
                (Ok(index), _) => self.program.users().get(index).map(|user| user.id.clone()),
                (Err(_), false) => Some(name.into()),
                (Err(unknown), true) => return Err(unknown),
            },
        };
        match id {
            Some(id) if self.state.contact.assignee.as_ref() == Some(&id) => {
                return Err(Rejected::Unchanged(format!("the contact is assigned to {id} already")));
            }
            Some(id) => self.assign(None, id, None, "by an agent"),
            None if self.state.contact.assignee.is_none() => return Err(Rejected::NotAssigned),
            None => self.unassign(None, "by an agent"),
        }
        if self.state.running && self.program.workflow(self.state.workflow).stop_on.manual_assignment {
            self.end(None, EndReason::ExitCondition, Some("manual_assignment"));
        }
        Ok(())
    }

    fn edited_user(&mut self, target: Target, user: usize, old: ValueOf<&str>, new: ValueOf<&str>) {
        let name = self.program.users().get(user).map_or("", |user| &user.id);
        emit!(self, None, Kind::ValueEdited { target, name, old: Some(old), new: Some(new) });
    }

    fn known(&self, channel: ChannelId) -> Result<(), Rejected> {
        if channel.index() < self.program.channels.len() { Ok(()) } else { Err(Rejected::UnknownChannel) }
    }

    /// Moves time, firing every timer that falls due on the way at its own instant.
    fn advance(&mut self, to: Instant) -> Result<(), Rejected> {
        self.advance_some(to, &mut 0, usize::MAX).map(drop)
    }

    /// The same for at most so many timers, after those that fired before. Returns whether it is over: the instant is reached, or all
    /// that one input may do is done.
    fn advance_some(&mut self, to: Instant, fired: &mut usize, timers: usize) -> Result<bool, Rejected> {
        if to < self.state.now {
            return Err(Rejected::Past);
        }
        let mut left = timers;
        while let Some(due) = self.state.wait.and_then(|wait| wait.until).filter(|due| *due <= to) {
            if *fired == bounds::TIMERS || self.scratch.is_spent() {
                let message =
                    format!("{fired} timers fired, so time stands here for now; the same command goes on from here");
                emit!(self, None, Kind::Notice { message: &message });
                return Ok(true);
            }
            let Some(fewer) = left.checked_sub(1) else { return Ok(false) };
            left = fewer;
            self.hop(due);
            self.fire_timer();
            *fired += 1;
        }
        self.hop(to);
        Ok(true)
    }

    /// Goes on with a move of time for at most so many timers. All slices together do to the letter what one advance does.
    pub(super) fn travel(&mut self, travel: &mut Travel, timers: usize) -> Result<(), Rejected> {
        if travel.is_over {
            return Ok(());
        }
        let to = travel.to;
        if to < self.state.now {
            return Err(Rejected::Past);
        }
        if travel.fired == 0 {
            self.counts_requests_anew(&Input::Advance { to });
        }
        self.scratch.spent = travel.spent;
        // At least one, so that it comes to an end.
        travel.is_over = self.advance_some(to, &mut travel.fired, timers.max(1))?;
        travel.spent = self.scratch.spent;
        if travel.is_over && self.waits_for(WaitKind::Assignment) {
            self.reconsider();
        }
        Ok(())
    }

    fn hop(&mut self, to: Instant) {
        let from = std::mem::replace(&mut self.state.now, to);
        if from < to {
            emit!(self, None, Kind::TimeAdvanced { from, to });
        }
    }

    fn disconnect(&mut self, channel: Option<ChannelId>) -> Result<(), Rejected> {
        let cut: Vec<ChannelId> = match channel {
            Some(channel) => {
                self.known(channel)?;
                vec![channel]
            }
            None => self.program.channel_ids().collect(),
        };
        let mut any = false;
        for channel in cut {
            if self.state.links.set_connected(channel, false) {
                any = true;
                emit!(self, None, Kind::ChannelDisconnected { channel });
            }
        }
        if any { Ok(()) } else { Err(Rejected::NotConnected) }
    }

    fn set_field(&mut self, name: &str, value: Option<&str>) -> Result<(), Rejected> {
        is_name(name)?;
        let slot = self.program.field_slot(name);
        let new = match (slot.and_then(|slot| self.program.field(slot)), value) {
            (Some(field), Some(text)) => Some(hold::value(field, ValueOf::Text(text)).ok_or_else(|| {
                Rejected::CannotHold(format!("the field {name} is of type {} and cannot hold \"{text}\"", field.kind))
            })?),
            (None, Some(text)) => Some(hold::text(text)),
            (_, None) => None,
        };
        let fields = &mut self.state.contact.fields;
        let present = slot.map_or_else(|| fields.extra(name), |slot| fields.get(slot));
        unless_equal("field", name, present, new.as_ref())?;
        let old = match slot {
            Some(slot) => fields.set(slot, new.clone()),
            None => fields.set_extra(name, new.clone()),
        };
        self.edited(Target::Field, name, old.as_ref(), new.as_ref());
        if slot.is_none() && new.is_some() {
            self.unknown("field", name);
        }
        // A field the program does not know has no slot; triggers that take any field hear of it all the same.
        self.happened(Happening::FieldChanged(slot.unwrap_or(usize::MAX)));
        Ok(())
    }

    fn set_variable(&mut self, name: &str, value: Option<&str>) -> Result<(), Rejected> {
        is_name(name)?;
        let new = value.map(hold::text);
        let slot = self.program.variable_slot(name);
        let variables = &self.state.variables;
        let present = slot.map_or_else(|| variables.extra(name), |slot| variables.get(slot));
        unless_equal("variable", name, present, new.as_ref())?;
        let old = match self.program.variable_slot(name) {
            Some(slot) => self.state.variables.set(slot, new.clone()),
            None => self.state.variables.set_extra(name, new.clone()),
        };
        self.edited(Target::Variable, name, old.as_ref(), new.as_ref());
        if slot.is_none() && new.is_some() {
            self.unknown("variable", name);
        }
        Ok(())
    }

    /// Says that a name was set which nothing looks at: it may be misspelled.
    fn unknown(&mut self, what: &str, name: &str) {
        if S::WANTS {
            let closest = self.program.closest_names(name);
            let message = format!("nothing here uses a {what} called \"{name}\"; the closest are {closest}");
            emit!(self, None, Kind::Notice { message: &message });
        }
    }

    fn edited(&mut self, target: Target, name: &str, old: Option<&Value>, new: Option<&Value>) {
        let (old, new) = (old.map(Value::as_ref), new.map(Value::as_ref));
        emit!(self, None, Kind::ValueEdited { target, name, old, new });
    }
}

/// Refuses to set what stands so already.
fn unless_equal(what: &str, name: &str, present: Option<&Value>, new: Option<&Value>) -> Result<(), Rejected> {
    match (present, new) {
        (Some(present), Some(new)) if present == new => {
            Err(Rejected::Unchanged(format!("the {what} {name} is \"{new}\" already")))
        }
        (None, None) => Err(Rejected::Unchanged(format!("the {what} {name} is not set already"))),
        _ => Ok(()),
    }
}

/// The length of the longest text of an input that would be kept. What comes from outside is looked at when it is saved.
fn longest(input: &Input<'_>) -> usize {
    match input {
        Input::Message { content: Incoming::Text(text) | Incoming::Attachment { url: text, .. }, .. }
        | Input::AgentMessage(text)
        | Input::AddTag(text)
        | Input::RemoveTag(text) => text.len(),
        Input::SetField { name, value } | Input::SetVariable { name, value } => {
            name.len().max(value.map_or(0, str::len))
        }
        Input::Assign(text) | Input::SetLifecycle(text) | Input::Ad(text) => text.map_or(0, str::len),
        Input::Shortcut { form, .. } => form.iter().map(|(_, value)| value.len()).max().unwrap_or(0),
        _ => 0,
    }
}

/// Whether a text can name a field or a variable.
fn is_name(name: &str) -> Result<(), Rejected> {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        Ok(())
    } else {
        Err(Rejected::BadName(name.to_owned()))
    }
}
