//! The end of a run: what the card in the chat says, what is left to try, and what the shell reads after the screen is left.

use std::collections::BTreeSet;

use crate::engine::event::KindOf as Kind;
use crate::engine::{Event, Program, RowKind, StepId};
use crate::rehearsal::Rehearsal;
use crate::rehearsal::plain::end_in_words;

use super::app::App;
use super::fold::Fold;
use super::outputs::{self, Output};
use super::words;

/// So many untried arms are named; the rest are counted.
const NAMED: usize = 3;

/// A way out of a step.
type Way = (StepId, Output);

/// What earlier runs of this screen reached, kept when the run is started over. By name, for the files may be read again meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    steps: BTreeSet<(String, String)>,
    outputs: BTreeSet<(String, String, Output)>,
}

fn step_name(program: &Program, step: StepId) -> (String, String) {
    let found = program.step(step);
    (program.workflow(found.workflow).name.clone(), found.id.to_string())
}

impl Earlier {
    /// Keeps what the run reached that is now left.
    pub fn keep(&mut self, fold: &Fold, rehearsal: &Rehearsal) {
        let program = rehearsal.program();
        self.steps
            .extend(program.step_ids().filter(|step| fold.is_visited(*step)).map(|step| step_name(program, step)));
        self.outputs.extend(outputs::taken(rehearsal).into_iter().map(|(step, output)| {
            let (workflow, id) = step_name(program, step);
            (workflow, id, output)
        }));
    }

    /// Whether an earlier run reached a step.
    pub fn has_step(&self, program: &Program, step: StepId) -> bool {
        !self.steps.is_empty() && self.steps.contains(&step_name(program, step))
    }

    fn has_output(&self, program: &Program, (step, output): Way) -> bool {
        let (workflow, id) = step_name(program, step);
        self.outputs.contains(&(workflow, id, output))
    }
}

/// The outputs no run of this screen took yet, and how many there are.
fn left(app: &App) -> (Vec<Way>, usize) {
    let program = app.rehearsal.program();
    let taken = outputs::taken(&app.rehearsal);
    let mut ways = outputs::all(program);
    let count = ways.len();
    ways.retain(|way| !taken.contains(way) && !app.earlier.has_output(program, *way));
    (ways, count)
}

/// The arms no run of this screen took yet, in the order of the flow, in words. An else that was not written is nothing to try.
pub fn untried(app: &App) -> Vec<String> {
    let program = app.rehearsal.program();
    let written: BTreeSet<StepId> = program
        .outline()
        .iter()
        .filter_map(|row| if let RowKind::Else(step) = row.kind { Some(step) } else { None })
        .collect();
    let words = left(app).0.into_iter().filter_map(|(id, output)| {
        let step = program.step(id);
        let arm = match output {
            Output::Arm(arm) => step.arm_name(arm)?,
            Output::Else if written.contains(&id) => "Else",
            _ => return None,
        };
        Some(format!("{} {} {arm}", words::step_label(step), app.look.glyphs.arrow))
    });
    words.collect()
}

/// Steps that ran in this run or an earlier one, and steps there are.
pub fn coverage(app: &App) -> (usize, usize) {
    let program = app.rehearsal.program();
    let reached = |step: &StepId| app.fold.is_visited(*step) || app.earlier.has_step(program, *step);
    (program.step_ids().filter(reached).count(), program.step_ids().count())
}

/// What the card says: outcome, reason, coverage, what is left to try.
pub fn card(app: &App, event: &Event<'_>) -> (String, Vec<String>) {
    let Kind::WorkflowEnded { reason, detail } = event.kind else { return Default::default() };
    let mut lines = Vec::new();
    if let Some(detail) = detail {
        lines.push(detail.to_owned());
    }
    let (reached, steps) = coverage(app);
    let percent = (reached * 100).checked_div(steps).unwrap_or_default();
    let dot = app.look.glyphs.dot;
    lines.push(format!("{reached} of {steps} steps reached {dot} {percent} %"));
    let untried = untried(app);
    if let Some((first, rest)) = untried.split_at_checked(NAMED.min(untried.len())).filter(|_| !untried.is_empty()) {
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        lines.push(format!("not tried yet: {}{more}", first.join(", ")));
    }
    (format!("The run ended: {}", end_in_words(reason)), lines)
}

/// What the shell reads after the screen is left: the flow, how it ended, the steps and outputs reached of all, and how to play it again.
pub fn summary(app: &App, again: &str) -> String {
    let (session, program) = (app.rehearsal.session(), app.rehearsal.program());
    let name = crate::text::single_line(&program.workflow(program.main()).name).into_owned();
    let outcome = match (session.ended(), session.waiting()) {
        (Some(reason), _) => format!("ended: {}", end_in_words(reason)),
        (None, Some(wait)) => format!("left while \"{}\" waits", words::step_label(program.step(wait.step))),
        (None, None) => "left".to_owned(),
    };
    let outcome = crate::text::single_line(&outcome).into_owned();
    let (reached, steps) = coverage(app);
    let (left, outputs) = left(app);
    let taken = outputs.saturating_sub(left.len());
    format!(
        "{name}: {outcome}\n{reached} of {steps} steps and {taken} of {outputs} outputs reached\nplay it again: {again}\n"
    )
}
