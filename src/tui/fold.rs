//! The fold: events become the rows of the chat, the decisions, the steps visited and what just changed.
//!
//! It reads each event once. Rows hold the index of their event, not its text, so that a long conversation costs little, and undo cuts
//! them back to where the log stands.

use chrono::Datelike as _;

use crate::engine::event::{AiAnswer, KindOf as Kind, TimerName};
use crate::engine::{Event, Program, StepId, ValueRef};
use crate::flow::QuestionType;
use crate::rehearsal::Rehearsal;

use super::buttons::Buttons;
use super::change::changes;
pub use super::change::{Change, Subject};
use super::row::row_kind;
pub use super::row::{Heard, Row, RowKind};

/// Everything read from the events so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fold {
    rows: Vec<Row>,
    decisions: Vec<usize>,
    sheet_rows: Vec<usize>,
    /// The events that tell of what could not be sent.
    failures: Vec<usize>,
    visits: Vec<u32>,
    changes: Vec<Change>,
    events_read: usize,
    path_read: usize,
    /// The row of the last question.
    last_question: Option<usize>,
    /// The minute of the last shown time.
    last_minute: Option<i64>,
    /// The buttons that can be pressed.
    buttons: Buttons,
}

impl Fold {
    /// Reads the events that are new.
    pub fn catch_up(&mut self, rehearsal: &Rehearsal) {
        let step_from = rehearsal.last_step_from();
        for index in self.events_read..rehearsal.log().len() {
            if let Some(event) = rehearsal.log().get(index) {
                self.read(rehearsal, index, &event, step_from);
            }
        }
        self.events_read = rehearsal.log().len();
        for step in rehearsal.log().path().iter().skip(self.path_read) {
            count(&mut self.visits, *step);
        }
        self.path_read = rehearsal.log().path().len();
        self.changes = changes(rehearsal, step_from);
    }

    /// Forgets what the log no longer holds, then reads what is new.
    pub fn cut_back(&mut self, rehearsal: &Rehearsal) {
        let events = rehearsal.log().len();
        self.rows.truncate(self.rows.partition_point(|row| row.event < events));
        for kept in [&mut self.decisions, &mut self.sheet_rows, &mut self.failures] {
            kept.truncate(kept.partition_point(|event| *event < events));
        }
        self.events_read = self.events_read.min(events);
        self.last_question = self.rows.iter().rposition(|row| row.kind == RowKind::Question);
        let last_timed = self.rows.iter().rev().find(|row| row.timed).and_then(|row| rehearsal.log().get(row.event));
        self.last_minute = last_timed.map(|event| event.at.millis().div_euclid(60_000));
        self.visits.clear();
        self.path_read = 0;
        self.buttons = Buttons::default();
        for (index, event) in rehearsal.log().iter().enumerate().take(self.events_read) {
            self.buttons.read(index, &event);
        }
        self.catch_up(rehearsal);
    }

    /// The rows of the chat.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row of the last question.
    pub const fn last_question(&self) -> Option<usize> {
        self.last_question
    }

    /// The events that decided which way the run went, oldest first, by their index in the log.
    pub fn decisions(&self) -> &[usize] {
        &self.decisions
    }

    /// The events that added rows to sheets, oldest first, by their index in the log.
    pub fn sheet_rows(&self) -> &[usize] {
        &self.sheet_rows
    }

    /// What the last act changed.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What a subject was before the last act, when that changed it.
    pub fn change(&self, subject: &Subject) -> Option<&Change> {
        self.changes.iter().find(|change| change.subject == *subject)
    }

    /// Whether anything a step was to send could not be sent.
    pub fn has_failed(&self, rehearsal: &Rehearsal, step: StepId) -> bool {
        self.failures.iter().any(|event| rehearsal.log().get(*event).is_some_and(|event| event.step == Some(step)))
    }

    /// Whether a step has run.
    pub fn is_visited(&self, step: StepId) -> bool {
        self.visits.get(step.index()).is_some_and(|count| *count > 0)
    }

    /// Of each workflow, the steps that have run and the steps there are.
    pub fn by_workflow(&self, program: &Program) -> Vec<(usize, usize)> {
        let mut counts = vec![(0, 0); program.workflows().len()];
        for step in program.step_ids() {
            if let Some((visited, steps)) = counts.get_mut(program.step(step).workflow.index()) {
                *visited += usize::from(self.is_visited(step));
                *steps += 1;
            }
        }
        counts
    }

    /// Steps that have run, and steps there are.
    pub fn coverage(&self, program: &Program) -> (usize, usize) {
        let visited = program.step_ids().filter(|step| self.is_visited(*step)).count();
        (visited, program.step_ids().count())
    }

    /// The buttons that can be pressed.
    pub const fn buttons(&self) -> &Buttons {
        &self.buttons
    }

    fn read(&mut self, rehearsal: &Rehearsal, index: usize, event: &Event<'_>, step_from: usize) {
        let program = rehearsal.program();
        self.buttons.read(index, event);
        match event.kind {
            Kind::AnswerAccepted { .. } | Kind::WorkflowStarted { .. } | Kind::AiRequested { .. } => {
                self.hear(rehearsal, index, Heard::Accepted);
            }
            Kind::AnswerRejected { .. } => self.hear(rehearsal, index, Heard::Rejected),
            _ => {}
        }
        match event.kind {
            Kind::BranchTaken { .. }
            | Kind::DateTimeChecked { .. }
            | Kind::JumpTaken { .. }
            | Kind::JumpExhausted { .. } => self.decisions.push(index),
            Kind::AnswerAccepted { value: ValueRef::Number(number), .. } => {
                let question = event.step.and_then(|step| program.step(step).question());
                if question.is_some_and(|question| question.kind() == QuestionType::Rating) {
                    self.rate(u8::try_from(number).ok());
                }
            }
            Kind::TimeAdvanced { from, to } if !rehearsal.is_by_clock(index) => {
                let span = to.since(from);
                match self.rows.last_mut() {
                    // Hops of one act between which nothing was said read as one.
                    Some(Row { event, kind: RowKind::Jump(before), .. }) if *event >= step_from => *before += span,
                    _ => self.push(rehearsal, index, event, RowKind::Jump(span)),
                }
            }
            // How the run began is no news while nothing was said.
            Kind::WorkflowStarted { .. } | Kind::ConversationOpened { .. } if self.rows.is_empty() => {}
            // An AI that merely goes on talking is heard, not told about.
            Kind::AiRequested { .. } if goes_on(rehearsal, index) => {}
            Kind::AiReplied { .. } if is_said(event) => {}
            _ => {
                if matches!(event.kind, Kind::SheetRowAdded { .. }) {
                    self.sheet_rows.push(index);
                }
                if matches!(event.kind, Kind::SendingFailed { .. }) {
                    self.failures.push(index);
                }
                if let Some(kind) = row_kind(event) {
                    self.push(rehearsal, index, event, kind);
                }
                // What came of it stands below what the AI said.
                if let Some((replied, reply)) = ai_reply(rehearsal, index)
                    && has_outcome(&reply)
                {
                    self.push(rehearsal, replied, event, RowKind::Aside);
                }
            }
        }
    }

    fn push(&mut self, rehearsal: &Rehearsal, index: usize, event: &Event<'_>, kind: RowKind) {
        let before = self.rows.last().map(|row| row.day);
        let mut day = event.at.local(rehearsal.program().zone()).date_naive().num_days_from_ce();
        if matches!(kind, RowKind::Jump(_)) {
            day = before.unwrap_or(day);
        }
        if before != Some(day) {
            self.rows.push(Row { event: index, kind: RowKind::Day, timed: false, joined: false, day });
        }
        // Messages of one minute share one shown time, and those of one side stand together.
        let minute = event.at.millis().div_euclid(60_000);
        let is_news = self.last_minute.is_none_or(|last| last != minute) || before != Some(day);
        let timed = kind.is_message() && is_news;
        let joined = !timed && kind.side().is_some() && self.rows.last().and_then(|row| row.kind.side()) == kind.side();
        if timed {
            self.last_minute = Some(minute);
        }
        if kind == RowKind::Question {
            self.last_question = Some(self.rows.len());
        }
        self.rows.push(Row { event: index, kind, timed, joined, day });
    }

    /// The contact's last message was taken as a rating.
    fn rate(&mut self, stars: Option<u8>) {
        let contact = self.rows.iter_mut().rev().find(|row| matches!(row.kind, RowKind::Contact { .. }));
        if let Some(Row { kind: RowKind::Contact { stars: shown, .. }, .. }) = contact {
            *shown = stars;
        }
    }

    /// The contact's last message came to something, when this event is of the same act.
    fn hear(&mut self, rehearsal: &Rehearsal, event: usize, what: Heard) {
        let contact = self.rows.iter_mut().rev().find(|row| matches!(row.kind, RowKind::Contact { .. }));
        if let Some(Row { event: message, kind: RowKind::Contact { heard, .. }, .. }) = contact
            && rehearsal.is_one_act(*message, event)
            && (what == Heard::Rejected || *heard == Heard::Not)
        {
            *heard = what;
        }
    }
}

fn count(visits: &mut Vec<u32>, step: StepId) {
    if visits.len() <= step.index() {
        visits.resize(step.index() + 1, 0);
    }
    if let Some(count) = visits.get_mut(step.index()) {
        *count = count.saturating_add(1);
    }
}

/// Whether an AI is asked again in a conversation it is in already: its wait for the contact has just ended.
fn goes_on(rehearsal: &Rehearsal, index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| rehearsal.log().get(before));
    before.is_some_and(|before| matches!(before.kind, Kind::TimerCancelled { timer: TimerName::AiIdle, .. }))
}

/// Whether a reply is a message too, which follows it in the log.
const fn is_said(event: &Event<'_>) -> bool {
    matches!(event.kind, Kind::AiReplied { reply: AiAnswer::Reply { say, .. }, .. } if !say.is_empty())
}

/// Whether there is more to a reply than what it says.
const fn has_outcome(event: &Event<'_>) -> bool {
    matches!(event.kind, Kind::AiReplied { reply, collected, .. }
        if !collected.is_empty() || !matches!(reply, AiAnswer::Reply { outcome: None, .. }))
}

/// The reply of an AI that a message says, with its index in the log.
pub fn ai_reply(rehearsal: &Rehearsal, message: usize) -> Option<(usize, Event<'_>)> {
    let said = rehearsal.log().get(message)?;
    let before = message.checked_sub(1)?;
    let reply = rehearsal.log().get(before).filter(is_said)?;
    matches!(said.kind, Kind::MessageSent { .. } | Kind::SendingFailed { .. }).then_some((before, reply))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::rehearsal::{Act, Command, command, instant};

    const FLOW: &str = "
version: 1
name: Fold
steps:
  - id: ask
    ask_question:
      text: A number
      type: number
      save_as: { variable: n }
      timeout_branch: { after: 1 hour, steps: [{ send_message: Late }, { jump_to: ask }] }
  - branch:
      - when: { variable: n, is_greater_than: 5 }
        steps: [{ update_contact_tag: { add: [many] } }, { jump_to: ask }]
      - else: continue
  - wait: 1 day
  - jump_to: ask
";

    const OUTSIDE: &str = "
version: 1
name: Outside
steps:
  - id: ask
    http_request: { method: GET, url: https://a.example }
  - add_google_sheets_row: { spreadsheet: A, sheet: B, row: { c: d } }
  - respond_with_ai:
      objective: answer_questions
      idle_branch: { after: 1 hour, steps: [{ jump_to: ask }] }
  - assign_to: { team: Sales, timeout_branch: { after: 1 hour, steps: [{ jump_to: ask }] } }
";

    fn start(flow: &str) -> Rehearsal {
        let loaded = crate::flow::load::load_text("fold.yaml", flow);
        let program = Arc::new(Program::compile_flow(&loaded.flow.unwrap()).unwrap());
        let at = instant::parse("2026-01-05T22:30", program.zone(), None).unwrap();
        Rehearsal::start(&program, program.default_contact().clone(), at)
    }

    fn fresh(rehearsal: &Rehearsal) -> Fold {
        let mut fold = Fold::default();
        fold.catch_up(rehearsal);
        fold
    }

    #[test]
    fn a_day_begins_with_its_first_message_and_hops_of_one_act_are_one_jump() {
        let mut rehearsal = start(FLOW);
        rehearsal.act(Act::Say("1".into())).unwrap();
        rehearsal.act(Act::Forward(Duration::from_hours(26))).unwrap();
        let kinds: Vec<RowKind> = fresh(&rehearsal).rows.iter().map(|row| row.kind).collect();
        let hour = Duration::from_hours(1);
        let (contact, jump) = (RowKind::Contact { stars: None, heard: Heard::Accepted }, RowKind::Jump);
        assert_eq!(
            kinds[..8],
            [
                RowKind::Day,
                RowKind::Question,
                contact,
                jump(24 * hour),
                RowKind::Day,
                RowKind::Question,
                jump(hour),
                RowKind::Note
            ]
        );
    }

    proptest! {
        #[test]
        fn cut_back_after_undo_it_is_as_if_read_anew(steps in proptest::collection::vec(0..6_u8, 1..60)) {
            let mut rehearsal = start(FLOW);
            let mut fold = fresh(&rehearsal);
            for step in steps {
                let passed = Duration::from_secs(u64::from(step) * 37);
                match step {
                    0 => { let _ = rehearsal.undo(1); fold.cut_back(&rehearsal); }
                    1 => { let _ = rehearsal.undo(3); fold.cut_back(&rehearsal); }
                    2 => { let _ = rehearsal.redo(1); fold.cut_back(&rehearsal); }
                    3 => { let _ = rehearsal.act_after(passed, Act::Say("3".into())); fold.catch_up(&rehearsal); }
                    4 => { let _ = rehearsal.act_after(passed, Act::Say("7".into())); fold.catch_up(&rehearsal); }
                    _ => { let _ = rehearsal.act(Act::Forward(Duration::from_secs(40_000))); fold.catch_up(&rehearsal); }
                }
                prop_assert_eq!(&fold, &fresh(&rehearsal));
            }
        }

        #[test]
        fn what_reaches_outside_is_cut_back_too(steps in proptest::collection::vec(0..7_u8, 1..60)) {
            let mut rehearsal = start(OUTSIDE);
            let mut fold = fresh(&rehearsal);
            for step in steps {
                let line = match step {
                    0 => { let _ = rehearsal.undo(2); fold.cut_back(&rehearsal); continue }
                    1 => { let _ = rehearsal.redo(1); fold.cut_back(&rehearsal); continue }
                    2 => "/http 200 {}",
                    3 => "/ai Hello",
                    4 => "/ai success: Bye",
                    5 => "a message",
                    _ => "/forward 70 minutes",
                };
                if let Ok(Command::Act(act)) = command::parse(line) {
                    let _ = rehearsal.act(act);
                    fold.catch_up(&rehearsal);
                }
                prop_assert_eq!(&fold, &fresh(&rehearsal));
            }
        }
    }
}
