//! The contact writes: an answer to the pending question, or a message on its own.

use smol_str::SmolStr;

use super::answer::{Answer, Incoming};
use super::event::{Actor, EndReason, Kind, Received, Sink};
use super::program::{Action, AskQuestion, ChannelId, Program, Side, StepId};
use super::run::{Machine, Next};
use super::session::{WaitKind, emit};
use super::value::ValueOf;
use crate::flow::QuestionType;

impl<S: Sink> Machine<'_, S> {
    /// Takes a message. The channel must be one of the program's.
    pub(super) fn message(&mut self, content: &Incoming<'_>, channel: ChannelId) {
        let now = self.state.now;
        self.state.links.wrote(channel, now);
        self.state.writes_on = Some(channel);
        let (text, body) = match *content {
            Incoming::Text(text) => (text, Received::Text(text)),
            Incoming::Attachment { kind, url } => ("", Received::Attachment { kind, url }),
            Incoming::Location { latitude, longitude } => ("", Received::Location { latitude, longitude }),
        };
        self.state.last_incoming = Some((now, SmolStr::new(text)));
        emit!(self, None, Kind::ContactMessage { body, channel });

        let program = self.program;
        let question = self.state.wait.filter(|wait| wait.kind == WaitKind::Question).map(|wait| wait.step);
        let question = question.and_then(|step| Some((step, asked(program, step)?)));
        let stops = self.state.running && program.workflow(self.state.workflow).stop_on.incoming_message;
        let to_ai = self.state.wait.filter(|wait| wait.kind == WaitKind::AiContact).map(|wait| wait.step);
        let meanwhile = self.state.wait.is_some_and(|wait| wait.kind == WaitKind::Ai);
        let was_running = self.state.running;
        let is_taken = question.is_some() || to_ai.is_some() || meanwhile;
        if !is_taken && stops {
            self.end(None, EndReason::ExitCondition, Some("incoming_message"));
        }
        if !self.state.open {
            self.open_conversation(Actor::Contact, None);
        }
        if let Some((step, ask)) = question {
            self.answer(step, ask, content, text);
        } else if let Some(step) = to_ai {
            self.said_to_ai(step, content);
        } else if meanwhile {
            self.said_meanwhile(content);
        } else if S::WANTS && !stops && self.state.running == was_running {
            self.unheard();
        }
    }

    /// Says that no step takes the message, and what is going on instead.
    #[inline(never)]
    fn unheard(&mut self) {
        let why = match (self.state.wait, self.state.ended) {
            (Some(wait), _) => {
                let step = self.program.step(wait.step).title();
                match wait.kind {
                    WaitKind::Http => format!("the workflow waits at \"{step}\" for an HTTP answer"),
                    WaitKind::Assignment => format!("the workflow waits at \"{step}\" for somebody to assign to"),
                    _ => format!("the workflow waits at \"{step}\" for time to pass"),
                }
            }
            (None, Some(_)) => "the workflow has ended".to_owned(),
            (None, None) => "no workflow is running".to_owned(),
        };
        let message = format!("no step takes this message: {why}");
        emit!(self, None, Kind::Notice { message: &message });
    }

    /// Judges the answer to the pending question (R28–R30, R32).
    fn answer(&mut self, step: StepId, ask: &AskQuestion, content: &Incoming<'_>, answer: &str) {
        let today = self.state.now.local(self.program.zone()).date_naive();
        let next = match ask.question.accept(content, today) {
            Err(reason) => {
                emit!(self, step, Kind::AnswerRejected { answer, reason });
                if ask.on_invalid == Side::Absent {
                    // The question stays open until its deadline, and the contact may try again (R30).
                    return;
                }
                self.cancel_wait();
                ask.on_invalid.or_end(EndReason::InvalidAnswer)
            }
            Ok(accepted) => {
                self.cancel_wait();
                let value = match &accepted {
                    Answer::Text(text) => ValueOf::Text(text.as_ref()),
                    Answer::Number(number) => ValueOf::Number(*number),
                    Answer::Choice(index) => ValueOf::Text(ask.options.get(*index).map_or("", String::as_str)),
                };
                emit!(self, step, Kind::AnswerAccepted { answer, value });
                self.save(step, ask, value);
                Next::Step(self.program.step(step).next)
            }
        };
        self.go(Some(step), next);
    }

    /// Saves an accepted answer wherever the question says (R16–R20).
    fn save(&mut self, step: StepId, ask: &AskQuestion, value: ValueOf<&str>) {
        if let Some(slot) = ask.save_field {
            // A text fits wherever it reads like one; other answers fit by their type: a date is no phone number.
            let kind = ask.question.kind();
            let is_text = matches!(kind, QuestionType::Text | QuestionType::MultipleChoice);
            match self.program.field(slot).filter(|field| !is_text && !kind.field_types().contains(&field.kind)) {
                Some(misfit) => {
                    let field = self.program.field_names().get(slot).map_or("", SmolStr::as_str);
                    emit!(self, step, Kind::FieldNotSaved { field, value, kind: misfit.kind, too_long: false });
                }
                None => self.save_field(Some(step), slot, value),
            }
        }
        if let Some(slot) = ask.save_variable {
            self.set_slot(Some(step), slot, value.to_value());
        }
        if let (true, ValueOf::Text(tag)) = (ask.save_tag, value) {
            self.add_tag(Some(step), tag);
        }
    }

    /// Fires the timer that is due now.
    pub(super) fn fire_timer(&mut self) {
        let Some(wait) = self.state.wait.take() else { return };
        if let (Some(timer), Some(due)) = (wait.kind.timer(), wait.until) {
            emit!(self, wait.step, Kind::TimerFired { timer, due });
        }
        let step = self.program.step(wait.step);
        let next = match &step.action {
            Action::AskQuestion(ask) => ask.on_timeout.or_end(EndReason::Timeout),
            Action::AssignTo(assign) => assign.on_timeout.or_end(EndReason::Timeout),
            Action::RespondWithAi(ai) => ai.on_idle.or_end(EndReason::Timeout),
            _ => Next::Step(step.next),
        };
        self.go(Some(wait.step), next);
    }
}

/// The question a step asks.
fn asked(program: &Program, step: StepId) -> Option<&AskQuestion> {
    match &program.step(step).action {
        Action::AskQuestion(ask) => Some(ask),
        _ => None,
    }
}
