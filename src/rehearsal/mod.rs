//! A rehearsal: a session with its history. Commands go in, events are kept, undo and redo move along.
//!
//! Line mode, the event stream and the screen are thin drivers of it. It neither prints nor reads a clock: the words of line mode
//! ([`plain`]) and the objects of the event stream ([`json`]) are made here and written by who drives.

mod answer;
pub mod command;
pub mod decision;
mod history;
pub mod instant;
pub mod json;
mod named;
pub mod plain;

pub use command::{Act, COMMANDS, Command, CommandError, CommandHelp, Query};
pub use history::{Files, Journey, Outcome, Refused, Rehearsal};
pub use named::NameError;
