//! The outline, apart from its drawing: which step is picked out, the way to it, and what it says in full.

use crate::engine::{Program, RowKind, StepId};

use super::action::Towards;
use super::app::App;
use super::aside::Parts;
use super::words;

/// The step one looks for: that which waits, else the one that ran last.
pub fn followed(app: &App) -> Option<StepId> {
    // Nothing waits once the run has ended: then its last step is what one looks for.
    let wait = app.rehearsal.session().waiting().map(|wait| wait.step);
    wait.or_else(|| app.rehearsal.log().path().last().copied())
}

/// The step under the cursor.
pub fn picked(app: &App) -> Option<StepId> {
    // After the files were read again there may be fewer.
    let program = app.rehearsal.program();
    let is_there = |step: &StepId| program.step_ids().any(|other| other == *step);
    app.panes.step.filter(is_there).or_else(|| followed(app)).or_else(|| program.step_ids().next())
}

/// Moves the cursor to the next step, or the one before.
pub fn step(app: &mut App, towards: Towards) {
    let steps: Vec<StepId> = app.rehearsal.program().step_ids().collect();
    let here = picked(app).and_then(|picked| steps.iter().position(|step| *step == picked)).unwrap_or_default();
    let there = match towards {
        Towards::Previous => here.saturating_sub(1),
        Towards::Next => (here + 1).min(steps.len().saturating_sub(1)),
    };
    app.panes.step = steps.get(there).copied();
    app.panes.scrolled[3] = None;
}

/// What stands above a row of the outline, from the outermost: workflow, steps, arms.
pub fn trail(program: &Program, row: usize) -> Vec<String> {
    let rows = program.outline();
    let Some(mut depth) = rows.get(row).map(|row| row.depth) else { return Vec::new() };
    let mut trail = Vec::new();
    for above in rows.get(..row).unwrap_or_default().iter().rev() {
        if above.depth >= depth {
            continue;
        }
        depth = above.depth;
        trail.push(match above.kind {
            RowKind::Workflow(workflow) => program.workflow(workflow).name.clone(),
            RowKind::Step(step) => words::step_title(program, program.step(step)),
            RowKind::Side(step, key) => words::side_branch(key, program.step(step)).to_owned(),
            RowKind::Arm(step, arm) => program.step(step).arm_name(usize::from(arm)).unwrap_or_default().to_owned(),
            RowKind::Else(_) => "Else".to_owned(),
        });
    }
    trail.reverse();
    trail
}

/// A step in full: what it is, its text, what it offers and where it leads, and where it was written.
pub fn in_full(program: &Program, id: StepId) -> Parts {
    let step = program.step(id);
    let mut parts = Parts::new();
    let mut part = |heading: &str, text: String| {
        if !text.is_empty() {
            parts.push((heading.to_owned(), text));
        }
    };
    part(&words::action(step.action_key()), program.gist(step).unwrap_or_default());
    part("Options", step.options().join("\n"));
    let arms = (0..step.arm_count()).filter_map(|arm| step.arm_name(arm)).map(str::to_owned);
    part("Arms", arms.chain((step.action_key() == "branch").then(|| "Else".to_owned())).collect::<Vec<_>>().join("\n"));
    let sides = program.outline().iter().filter_map(|row| match row.kind {
        RowKind::Side(of, key) if of == id => Some(words::side_branch(key, step)),
        _ => None,
    });
    part("Side branches", sides.collect::<Vec<_>>().join("\n"));
    part("Mentions", step.mentions().join("\n"));
    part("Saved from the answer", step.saved_from().collect::<Vec<_>>().join("\n"));
    part("Note", step.note.clone().unwrap_or_default());
    let row = program.outline().iter().position(|row| row.kind == RowKind::Step(id)).unwrap_or_default();
    part("Below", trail(program, row).join("\n"));
    part("Id", step.id.to_string());
    part("Written in", program.place(id).map_or_else(String::new, |place| format!("{}:{}", place.file, place.line)));
    parts
}
