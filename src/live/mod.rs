//! The only place that leaves the machine or writes a file for a rehearsal: HTTP requests, an AI endpoint, rows of a sheet.
//!
//! The engine is pure: it emits requests and takes answers. With `--live-http`, `--ai-endpoint` or `--sheets` a driver asks here for the
//! answers. Only [`Outside`] knows what a rehearsal is; nothing here knows a screen, nothing is set up before it is first asked for, and nothing reads the environment.

pub mod ai;
pub mod failure;
pub mod http;
mod outside;
mod reach;
pub mod sheet;
mod worker;

pub use failure::Failure;
pub use outside::Outside;
pub use sheet::{SheetError, Sheets};
pub use worker::{Answer, Job, Worker};
