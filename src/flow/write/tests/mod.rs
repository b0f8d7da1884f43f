//! The writer against the reader: what is written reads back as the same model, without a finding, and is written the same again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod files;
mod model;
mod outside;
mod round_trips;
mod sample;
mod texts;

use super::{WorkspaceRef, flow};
use crate::diagnostic::human;
use crate::flow::compare::differences;
use crate::flow::{Flow, load_text};

/// Writes a flow, reads it back, and holds it against itself. Gives the text.
#[track_caller]
fn round_trip(original: &Flow) -> String {
    let text = flow(original, WorkspaceRef::Inline);
    let loaded = load_text("written.yaml", &text);
    let findings = human::render(&loaded.diagnostics, &loaded.sources, false);
    assert!(loaded.diagnostics.is_empty(), "{findings}\n{text}");
    let back = loaded.flow.unwrap();
    if let Some(difference) = differences(original, &back) {
        panic!("{difference}\n{text}");
    }
    assert_eq!(flow(&back, WorkspaceRef::Inline), text, "written again, it reads otherwise");
    text
}
