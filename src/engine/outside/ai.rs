//! `respond_with_ai`: a conversation that goes on until it has an outcome or the contact falls silent.

use smol_str::SmolStr;

use super::super::answer::{Incoming, parse_decimal};
use super::super::event::{AiAnswer, Body, EndReason, Kind, Sink, Source, join_pairs};
use super::super::program::{Action, RespondWithAi, StepId};
use super::super::run::{Machine, Next};
use super::super::session::{WaitKind, emit};
use super::super::value::Value;
use super::{Request, Speaker, next_mock, take_fault};
use crate::engine::bounds;
use crate::engine::input::{Outside, OutsideFault};
use crate::flow::model::{AiOutcome, Mock};

impl<S: Sink> Machine<'_, S> {
    /// Begins the conversation: the AI hears what the contact said last.
    #[inline(never)]
    pub(in crate::engine) fn respond_with_ai(&mut self, step: StepId, ai: &RespondWithAi) -> Next {
        let world = self.state.world_mut();
        world.talk.clear();
        world.unheard = None;
        let said = self.state.last_incoming.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        self.ask_ai(step, ai, said)
    }

    /// The contact says something while the AI's reply is waited for: the AI hears it next.
    pub(in crate::engine) fn said_meanwhile(&mut self, content: &Incoming<'_>) {
        let said = in_words(content);
        let world = self.state.world_mut();
        world.unheard = Some(match world.unheard.take() {
            Some(before) => SmolStr::new(bounds::cut(&format!("{before}\n{said}"))),
            None => said,
        });
    }

    /// The contact says something to the AI that waits for it.
    pub(in crate::engine) fn said_to_ai(&mut self, step: StepId, content: &Incoming<'_>) {
        let program = self.program;
        let Action::RespondWithAi(ai) = &program.step(step).action else { return };
        self.cancel_wait();
        let next = self.ask_ai(step, ai, in_words(content));
        self.go(Some(step), next);
    }

    fn ask_ai(&mut self, step: StepId, ai: &RespondWithAi, said: SmolStr) -> Next {
        if self.asks_too_often(step) {
            return Next::Wait;
        }
        let instructions = ai.instructions.as_ref().map(|text| self.filled(step, text, "what the AI is told"));
        let instructions = match instructions {
            None => None,
            Some(Some(text)) => Some(text.into_owned()),
            Some(None) => return ai.on_failure.or_end(EndReason::Completed),
        };
        let kind = Kind::AiRequested {
            objective: ai.objective,
            instructions: instructions.as_deref(),
            message: said.as_str(),
        };
        emit!(self, step, kind);
        if !said.is_empty() {
            self.state.world_mut().talk.push((Speaker::Contact, said));
        }
        if let Some(failure) = take_fault(self.state, Outside::Ai) {
            let why = match failure {
                OutsideFault::Status(status) => format!("status_{status}"),
                OutsideFault::NoAnswer(why) => why.as_str().to_owned(),
            };
            return self.replied(step, ai, AiAnswer::Failed(&why), &[], Source::Operator);
        }
        match next_mock(self.program, self.state, step) {
            Some(Mock::Ai { say, outcome, collected }) => {
                let pairs: Vec<_> = collected.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                self.replied(step, ai, AiAnswer::Reply { say, outcome: *outcome }, &pairs, Source::Mock)
            }
            Some(Mock::Error(why)) => self.replied(step, ai, AiAnswer::Failed(why), &[], Source::Mock),
            Some(Mock::Http { body, .. }) => {
                let reply = AiAnswer::Reply { say: body.as_str(), outcome: None };
                self.replied(step, ai, reply, &[], Source::Mock)
            }
            None => self.ask_outside(step, WaitKind::Ai, Request::Ai { instructions }),
        }
    }

    /// Takes the reply that came from outside.
    pub(in crate::engine) fn ai_answered(&mut self, reply: AiAnswer<&str>, collected: &[(&str, &str)], source: Source) {
        let Some(wait) = self.state.wait.take_if(|wait| wait.kind == WaitKind::Ai) else { return };
        self.state.world_mut().request = None;
        let program = self.program;
        let Action::RespondWithAi(ai) = &program.step(wait.step).action else { return };
        let next = self.replied(wait.step, ai, reply, collected, source);
        self.go(Some(wait.step), next);
    }

    fn replied(
        &mut self,
        step: StepId,
        ai: &RespondWithAi,
        reply: AiAnswer<&str>,
        collected: &[(&str, &str)],
        source: Source,
    ) -> Next {
        let pairs = join_pairs(collected.iter().copied());
        emit!(self, step, Kind::AiReplied { reply, collected: &pairs, source });
        let AiAnswer::Reply { say, outcome } = reply else { return ai.on_failure.or_end(EndReason::Completed) };
        if !say.is_empty() {
            self.scratch.spend(say.len());
            if say.len() <= bounds::TEXT {
                self.state.world_mut().talk.push((Speaker::Ai, SmolStr::new(say)));
            }
            match self.deliverable(say) {
                Ok(channel) => emit!(self, step, Kind::MessageSent { body: Body::Text(say), channel }),
                Err((cause, channel)) => {
                    emit!(self, step, Kind::SendingFailed { cause, text: bounds::cut(say), channel });
                    return ai.on_failure.or_end(EndReason::SendingFailed);
                }
            }
        }
        for (name, value) in collected {
            if value.len() > bounds::TEXT {
                self.too_long(Some(step), &format!("what the AI found out for \"{name}\""));
            } else if let Some(collect) = ai.collect.iter().find(|collect| collect.variable == *name) {
                // A number the AI gave stays a number, as an answer of that type would.
                let number = parse_decimal(value).filter(|number| number.to_string() == *value);
                self.set_slot(Some(step), collect.slot, number.map_or_else(|| Value::text(value), Value::Number));
            } else {
                let message = format!("the AI also gave \"{name}\", which the step does not collect");
                emit!(self, step, Kind::Notice { message: &message });
            }
        }
        let side = match outcome {
            None => {
                if let Some(said) = self.state.world_mut().unheard.take() {
                    return self.ask_ai(step, ai, said);
                }
                let until = self.state.now.saturating_add(ai.idle);
                return self.wait(step, WaitKind::AiContact, until);
            }
            Some(AiOutcome::Success) => return Next::Step(self.program.step(step).next),
            Some(AiOutcome::SpeakToHuman) => ai.on_speak_to_human,
            Some(AiOutcome::Unable) => ai.on_unable,
            Some(AiOutcome::Failure) => ai.on_failure,
        };
        side.or_end(EndReason::Completed)
    }
}

/// What an AI reads of a message.
fn in_words(content: &Incoming<'_>) -> SmolStr {
    match content {
        Incoming::Text(text) => SmolStr::new(text),
        Incoming::Attachment { kind, url } => SmolStr::new(format!("[{kind}] {url}")),
        Incoming::Location { latitude, longitude } => SmolStr::new(format!("{latitude},{longitude}")),
    }
}
