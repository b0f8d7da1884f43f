//! The reader against the contract: samples load clean, every mistake is answered at its place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::format_collect)]

mod conditions;
mod helps;
mod limits;
mod outside;
mod projects;
mod properties;
mod questions;
pub(super) mod samples;
mod sizes;
mod steps;
mod strangers;
mod triggers;
mod workspaces;

use super::{Flow, Loaded, load_text};
use crate::diagnostic::{Severity, human};
use crate::lint::lint;

/// A flow of these steps, in a workspace that has one of everything.
fn with_steps(steps: &str) -> String {
    format!("{HEAD}steps:\n{steps}\n")
}

const HEAD: &str = "version: 1
name: Test
workspace:
  channels: [{ id: wa, type: whatsapp }, { id: web, type: web_chat }]
  contact_fields: [{ id: city, type: text }, { id: age, type: number }, { id: born, type: date }]
";

/// What only a look at a whole flow finds. The flows here are fragments: their variables are set nowhere. Tested with the lints.
pub(super) const OF_WHOLE_FLOWS: [&str; 1] = ["variable-never-set"];

fn loaded(text: &str) -> Loaded {
    let mut loaded = load_text("test.yaml", text);
    lint(&mut loaded);
    loaded.diagnostics.retain(|finding| !OF_WHOLE_FLOWS.contains(&finding.id));
    loaded
}

/// The flow of a text that has no findings at all.
fn clean(text: &str) -> Flow {
    let loaded = loaded(text);
    assert!(loaded.diagnostics.is_empty(), "{}", human::render(&loaded.diagnostics, &loaded.sources, false));
    loaded.flow.unwrap()
}

fn clean_steps(steps: &str) -> Flow {
    clean(&with_steps(steps))
}

/// Findings in short: `error id 3:7 the text it points at`, one a line.
fn short(loaded: &Loaded) -> String {
    let line = |finding: &crate::diagnostic::Diagnostic| {
        let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
        let label = &finding.labels[0];
        let file = loaded.sources.get(label.file).unwrap();
        let at = file.position(label.span.start);
        format!("{severity} {} {}:{} {}\n", finding.id, at.line, at.column, file.slice(label.span))
    };
    loaded.diagnostics.iter().map(line).collect()
}

fn findings(text: &str) -> String {
    let loaded = loaded(text);
    assert_eq!(loaded.flow.is_some(), !loaded.has_errors());
    short(&loaded)
}

/// Findings of a flow of these steps; lines are counted from the first step.
fn step_findings(steps: &str) -> String {
    let before = HEAD.lines().count() + 1;
    let shift = |line: &str| {
        let mut parts = line.splitn(4, ' ');
        let (severity, id, at, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next().unwrap_or_default());
        let (row, column) = at.split_once(':')?;
        let row: usize = row.parse().ok()?;
        Some(format!("{severity} {id} {}:{column} {rest}\n", row - before))
    };
    findings(&with_steps(steps)).lines().filter_map(shift).collect()
}

/// Findings as people read them.
fn rendered(text: &str) -> String {
    let loaded = loaded(text);
    human::render(&loaded.diagnostics, &loaded.sources, false)
}
