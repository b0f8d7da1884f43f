//! `rehearsal` runs chat workflows before customers meet them: the library below the `rehearse` terminal simulator.
//!
//! One seam holds the house together: a [`engine::Program`] is compiled from a flow, and a [`engine::Session`] runs it as a pure
//! state machine. Inputs go in, events come out; the session never sleeps, reads no clock and opens nothing. Whoever drives it (the
//! screen, line mode, a test) decides whether and when time moves.
//!
//! # Rooms
//!
//! | module | what it is for |
//! | --- | --- |
//! | [`source`] | files, spans and the spanned YAML tree |
//! | [`diagnostic`] | one finding, one renderer per output format |
//! | [`flow`] | the document: its model, and lowering from YAML with every error in one pass |
//! | [`native`] | the platform's own workflow files, read and written |
//! | [`template`] | dynamic variables such as `$contact.firstname` |
//! | [`lint`] | what the check says beyond errors |
//! | [`engine`] | the pure state machine: program, session, events |
//! | [`rehearsal`] | a session with its history: commands, undo, redo, the event log in words and in JSON |
//! | [`live`] | the outside world for real: HTTP, an AI's endpoint, CSV files; only when asked for |
//! | [`files`] | writing files: whole or not at all, and over nothing |
//! | [`text`] | width, bidi, wrapping, the line editor, digits, sanitising |
//! | [`tui`] | the screen |
//! | [`cli`] | one thin file per sub-command |
//!
//! Arrows point one way: `cli` and `tui` use `rehearsal`, which uses `engine`, which uses `flow` and `template`, which use `source` and
//! `diagnostic`. Only `live` opens connections, for `cli` and `tui`. `text` and `files` stand alone. Nothing below `tui` knows a terminal, nothing below `cli` prints.

pub mod cli;
pub mod diagnostic;
pub mod engine;
pub mod files;
pub mod flow;
pub mod lint;
pub mod live;
pub mod native;
pub mod rehearsal;
pub mod source;
pub mod template;
pub mod text;
pub mod tui;
