//! Asking the outside world: which request is pending, who answers it, and the forms that were filled in before.

use std::collections::HashMap;
use std::time::Duration;

use crate::engine::WaitKind;
use crate::engine::event::KindOf as Kind;
use crate::rehearsal::Rehearsal;

use super::app::App;
use super::courier::Courier;
use super::form::{Form, Purpose};
use super::popup::Popup;

/// A courier is asked so often whether the answer has come (our choice).
const POLL: Duration = Duration::from_millis(50);

/// What was typed into a form last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Field by field.
    pub texts: Vec<String>,
    /// Whether it was sent; else it is a draft.
    pub was_sent: bool,
}

/// The pending request, and what is remembered of those before it.
#[derive(Debug, Default)]
pub struct Asking {
    /// Carries requests outside; without one the operator answers.
    courier: Option<Box<dyn Courier>>,
    /// The event of the pending request, by its index in the log.
    request: Option<usize>,
    /// The number of the pending request, or of the last one.
    errand: u64,
    /// The request whose form was closed unanswered: it does not open by itself again.
    left: Option<usize>,
    /// The errand whose answer could not be taken: the operator answers in place of the courier.
    failed: Option<u64>,
    /// What was typed into each form last, so that Enter alone repeats it.
    memory: HashMap<Purpose, Remembered>,
}

impl Asking {
    /// Nothing asked yet; this courier carries what will be.
    pub fn by(courier: Option<Box<dyn Courier>>) -> Self {
        Self { courier, ..Self::default() }
    }

    /// The event of the pending request, by its index in the log.
    pub const fn request(&self) -> Option<usize> {
        self.request
    }

    /// What was typed into a form last.
    pub fn remembered(&self, purpose: Purpose) -> Option<&Remembered> {
        self.memory.get(&purpose)
    }

    /// Keeps what stands in a form, which was sent or is to be gone on with.
    pub fn remember(&mut self, form: &Form, was_sent: bool) {
        self.memory.insert(form.purpose, Remembered { texts: form.texts(), was_sent });
    }

    /// The form of the pending request was closed without an answer.
    pub const fn leave(&mut self) {
        self.left = self.request;
    }

    /// Whether a courier is on its way with the pending request.
    fn is_carried(&self, rehearsal: &Rehearsal) -> bool {
        let request = rehearsal.session().request();
        let answers = self.courier.as_ref().zip(request).is_some_and(|(courier, request)| courier.answers(request));
        answers && self.failed != Some(self.errand)
    }

    /// Looks which request is pending now.
    fn look(&mut self, rehearsal: &Rehearsal) {
        let waits =
            rehearsal.session().waiting().is_some_and(|wait| matches!(wait.kind, WaitKind::Http | WaitKind::Ai));
        let log = rehearsal.log();
        // It is among the last events: a session that waits for an answer does little else.
        let asks = |index: &usize| {
            log.get(*index)
                .is_some_and(|event| matches!(event.kind, Kind::HttpRequested { .. } | Kind::AiRequested { .. }))
        };
        let request = if waits { (0..log.len()).rev().find(asks) } else { None };
        if request != self.request {
            self.errand += u64::from(request.is_some());
            self.left = None;
            self.request = request;
        }
    }

    /// Forgets which request was pending: the run starts anew, and the same index is another request.
    pub const fn forget(&mut self) {
        self.request = None;
        self.left = None;
    }
}

impl App {
    /// Whether the answer to the pending request comes by itself.
    pub fn awaits_courier(&self) -> bool {
        self.asking.is_carried(&self.rehearsal)
    }

    /// How long until the courier is asked again; `None` when nothing is pending.
    pub fn next_poll(&self) -> Option<Duration> {
        self.awaits_courier().then_some(POLL)
    }

    /// Looks what is asked now: closes a form nobody asks for any more, and opens the one that is asked for.
    pub fn follow_request(&mut self) {
        self.asking.look(&self.rehearsal);
        let pending = self.pending_purpose();
        if let Some(Popup::Form(form)) = &self.popup
            && form.purpose.is_answer()
            && Some(form.purpose) != pending
        {
            self.asking.remember(form, false);
            self.popup = None;
        }
        if self.popup.is_none() && !self.awaits_courier() && self.asking.left != self.asking.request {
            // A form over a draft would swallow the keys of somebody who types: a banner tells instead.
            if self.input.editor.is_empty() {
                self.open_answer_form();
            }
        }
    }

    /// A request whose form did not open over a draft is left to its banner, also when the draft is gone later.
    pub fn leave_to_banner(&mut self) {
        if self.popup.is_none() && self.pending_purpose().is_some() && !self.input.editor.is_empty() {
            self.asking.leave();
        }
    }

    /// What form the pending request wants.
    pub fn pending_purpose(&self) -> Option<Purpose> {
        let wait = self.rehearsal.session().waiting()?;
        match wait.kind {
            WaitKind::Http => Some(Purpose::Http(wait.step)),
            WaitKind::Ai => Some(Purpose::Ai(wait.step)),
            _ => None,
        }
    }

    /// Opens the form of the pending request. Returns whether there is one.
    pub fn open_answer_form(&mut self) -> bool {
        let Some(purpose) = self.pending_purpose() else { return false };
        self.open_form(purpose);
        true
    }

    /// Opens a form, filled in as it was last.
    pub fn open_form(&mut self, purpose: Purpose) {
        let form = Form::new(purpose, self.rehearsal.program(), self.asking.remembered(purpose));
        self.popup = Some(Popup::Form(Box::new(form)));
    }

    /// Asks the courier whether the answer has come, and takes it. Returns whether it has.
    pub(super) fn poll_courier(&mut self) -> bool {
        if !self.awaits_courier() {
            return false;
        }
        let errand = self.asking.errand;
        let answer = self.asking.courier.as_mut().and_then(|courier| courier.poll(&self.rehearsal, errand));
        let Some(answer) = answer else { return false };
        let passed = self.clock.take();
        match self.rehearsal.answer_after(passed, answer) {
            Ok(outcome) => self.done(outcome),
            Err(refused) => {
                self.clock.give_back(passed);
                self.asking.failed = Some(errand);
                self.fail(refused.to_string());
                self.follow_request();
            }
        }
        true
    }

    /// Tells the courier of new events.
    pub(super) fn tell_courier(&mut self, events_from: usize) {
        let courier = self.asking.courier.as_mut();
        if let Some(problem) = courier.and_then(|courier| courier.acted(&self.rehearsal, events_from)) {
            self.fail(problem);
        }
    }
}
