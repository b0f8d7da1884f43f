//! The outside world: what steps ask of it, and what becomes of its answers.
//!
//! The engine reaches nothing by itself. A step asks; a mock of the program answers at once, else the session waits with a
//! [`Request`] until [`Input::HttpAnswered`](super::Input::HttpAnswered) or [`Input::AiAnswered`](super::Input::AiAnswered) comes.

mod ai;
mod escape;
mod http;
mod world;

pub(super) use http::{Found, look_up};
pub(super) use world::{NOTHING, World};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::event::{Kind, Sink, Target, join_pairs};
use super::input::{Outside, OutsideFault, Rejected};
use super::program::{Program, SheetRow, StepId};
use super::run::Machine;
use super::session::{State, emit};
use super::value::{Value, ValueOf};
use crate::flow::model::Mock;

/// Bytes of the cells of one row (our choice).
const ROW: usize = 1024 * 1024;

/// What a session asks of the outside world and waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Request {
    /// An HTTP request, every variable filled in.
    Http {
        /// The method's word.
        method: String,
        /// The address.
        url: String,
        /// The headers, `Content-Type` among them when there is a body.
        headers: Vec<(String, String)>,
        /// The body.
        body: Option<String>,
    },
    /// The next reply of an AI. What it is for stands in [`Step::ai`](super::Step::ai); what was said so far in
    /// [`Session::talk`](super::Session::talk).
    Ai {
        /// How it should behave.
        instructions: Option<String>,
    },
}

/// Who said something in a conversation with an AI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Speaker {
    /// The contact.
    Contact,
    /// The AI.
    Ai,
}

impl<S: Sink> Machine<'_, S> {
    /// `add_google_sheets_row`: the row is an event; who wants it in a file reads it there.
    #[inline(never)]
    pub(super) fn add_row(&mut self, step: StepId, row: &SheetRow) {
        let name = "the name of the sheet";
        let Some(spreadsheet) = self.filled(step, &row.spreadsheet, name) else { return };
        let Some(sheet) = self.filled(step, &row.sheet, name) else { return };
        let mut total = 0_usize;
        let mut cells = Vec::with_capacity(row.row.len());
        for (column, cell) in &row.row {
            let mut cell = self.filled(step, cell, "a cell").unwrap_or_default();
            total = total.saturating_add(cell.len());
            if total > ROW {
                total -= cell.len();
                cell = "".into();
                let message = "the row is longer than 1 MiB, so a cell was left empty";
                emit!(self, step, Kind::Notice { message });
            }
            cells.push((column.as_str(), cell));
        }
        let row = join_pairs(cells.iter().map(|(column, cell)| (*column, cell.as_ref())));
        emit!(self, step, Kind::SheetRowAdded { spreadsheet: &spreadsheet, sheet: &sheet, row: &row });
    }

    /// The next request of a kind fails.
    pub(super) fn fail_outside(&mut self, to: Outside, failure: OutsideFault) -> Result<(), Rejected> {
        if let OutsideFault::Status(status) = failure
            && !(100..=599).contains(&status)
        {
            return Err(Rejected::NoStatus(status));
        }
        if let Some(fault) = self.state.world_mut().faults.get_mut(to as usize) {
            *fault = Some(failure);
        }
        emit!(self, None, Kind::OutsideFaultSet { to, failure });
        Ok(())
    }

    /// Chooses the rehearsed answer that comes next at a step. A step of the workflow that runs goes before one of the same id elsewhere.
    pub(super) fn choose_mock(&mut self, name: &str, number: usize) -> Result<(), Rejected> {
        let program = self.program;
        let mocked = || program.step_ids().map(|id| program.step(id)).filter(|step| step.mocks.is_some());
        let here = |step: &&super::program::Step| step.workflow == self.state.workflow;
        let named = |step: &&super::program::Step| step.id == name;
        let step = mocked().filter(here).find(named).or_else(|| mocked().find(named));
        let Some((step, (counter, answers))) = step.and_then(|step| Some((step, step.mocks.as_ref()?))) else {
            let known: Vec<&str> = mocked().map(|step| step.id.as_str()).collect();
            return Err(Rejected::NoMocks { name: name.to_owned(), known: known.join(", ") });
        };
        if !(1..=answers.len()).contains(&number) {
            return Err(Rejected::NoSuchMock { step: name.to_owned(), count: answers.len() });
        }
        let Some(used) = self.state.world_mut().mocks.get_mut(*counter) else { return Ok(()) };
        let last = u32::try_from(answers.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let (old, new) = ((*used).min(last), u32::try_from(number - 1).unwrap_or(last));
        if old == new {
            return Err(Rejected::Unchanged(format!("mock {number} answers {name} next already")));
        }
        *used = new;
        let shown = |index: u32| Some(ValueOf::Number(u64::from(index).saturating_add(1).into()));
        let (old, new) = (shown(old), shown(new));
        emit!(self, None, Kind::ValueEdited { target: Target::Mock, name: &step.id, old, new });
        Ok(())
    }

    /// Sets a variable and says so, if that changes it.
    #[inline]
    pub(super) fn set_slot(&mut self, step: Option<StepId>, slot: usize, new: Value) {
        let old = self.state.variables.set(slot, Some(new));
        if let Some(new) = self.state.variables.get(slot).filter(|new| S::WANTS && old.as_ref() != Some(*new)) {
            let variable = self.program.variable_names().get(slot).map_or("", SmolStr::as_str);
            let (old, new) = (old.as_ref().map(Value::as_ref), new.as_ref());
            emit!(self, step, Kind::VariableSet { variable, old, new: Some(new) });
        }
    }

    /// Clears a variable and says so, if it had a value.
    fn clear_slot(&mut self, step: StepId, slot: usize) {
        if let Some(old) = self.state.variables.set(slot, None) {
            let variable = self.program.variable_names().get(slot).map_or("", SmolStr::as_str);
            emit!(self, step, Kind::VariableSet { variable, old: Some(old.as_ref()), new: None });
        }
    }
}

/// The failure that was set for the next request of a kind; it is used up.
fn take_fault(state: &mut State, to: Outside) -> Option<OutsideFault> {
    state.world.as_mut().and_then(|world| world.faults.get_mut(to as usize)?.take())
}

/// The next rehearsed answer for a step; the last repeats.
fn next_mock<'p>(program: &'p Program, state: &mut State, step: StepId) -> Option<&'p Mock> {
    let (counter, answers) = program.step(step).mocks.as_ref()?;
    let used = state.world_mut().mocks.get_mut(*counter)?;
    let index = usize::try_from(*used).unwrap_or(usize::MAX).min(answers.len().saturating_sub(1));
    *used = used.saturating_add(1);
    answers.get(index)
}
