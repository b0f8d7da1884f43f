//! The engine: a pure, deterministic state machine. No I/O, no clock, no threads, no randomness.
//!
//! A [`Session`] takes inputs with [`Session::handle`] and hands [events](event) to a [`Sink`]. Time is an input like any other:
//! [`Session::next_deadline`] tells the driver when something falls due, and [`Input::Advance`] moves there. The same program, start
//! and inputs give the same events on every machine.
//!
//! ```
//! use rehearsal::engine::{EventLog, Input, Instant, Program, Session};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut flow = rehearsal::flow::load::load_text("hello.yaml", "
//! # version: 1
//! # name: Hello
//! # steps:
//! #   - ask_question: { text: Your name, type: text, timeout_branch: { after: 1 day, steps: [{ send_message: Bye }] } }
//! # ");
//! # let flow = flow.flow.take().ok_or("the flow has errors")?;
//! let program = std::sync::Arc::new(Program::compile_flow(&flow)?);
//! let contact = program.default_contact().clone();
//! let at = Instant::from_millis(1_800_000_000_000).ok_or("an instant")?;
//!
//! let mut log = EventLog::default();
//! let mut session = Session::start(&program, contact, at, &mut log);
//! let deadline = session.next_deadline().ok_or("the question waits")?;
//! session.handle(Input::Advance { to: deadline }, &mut log)?;
//! assert!(session.ended().is_some());
//! # Ok(())
//! # }
//! ```

pub mod answer;
mod assign;
mod bounds;
pub mod channel;
pub mod contact;
mod decide;
pub mod event;
mod hold;
mod ids;
mod input;
mod log;
mod operate;
mod outside;
mod program;
mod render;
mod reply;
mod run;
mod send;
mod session;
mod start;
mod time;
mod value;

pub use answer::{AttachmentKind, Incoming};
pub use assign::{Ineligible, Staff};
pub use channel::ShownAs;
pub use contact::Contact;
pub use event::{Event, Kind, Sink};
pub use input::{Fault, Input, NoAnswer, Outside, OutsideFault, Rejected};
pub use log::{EventLog, Mark};
pub use outside::{Request, Speaker};
pub use program::{
    ChannelId, Collect, CompileError, FormEntry, OutlineRow, Place, Program, RowKind, STANDARD_FIELDS, Step, StepId,
    User, Workflow, WorkflowId,
};
pub use session::{RestoreError, Session, Travel, Wait, WaitKind};
pub use time::{Instant, OutOfRange};
pub use value::{Value, ValueOf, ValueRef};
