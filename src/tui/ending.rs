//! The end of a run: what the card in the chat says, what is left to try, and what the shell reads after the screen is left.

use std::collections::BTreeSet;

use crate::engine::event::KindOf as Kind;
use crate::engine::{Event, Program, RowKind, StepId};
use crate::rehearsal::Rehearsal;
use crate::rehearsal::plain::end_in_words;

use super::app::App;
use super::fold::Fold;
use super::words;

/// So many untried arms are named; the rest are counted.
const NAMED: usize = 3;

/// An arm of a step; `None` is its else.
type Arm = (StepId, Option<usize>);

/// What earlier runs of this screen reached, kept when the run is started over. By name, for the files may be read again meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    steps: BTreeSet<(String, String)>,
    arms: BTreeSet<(String, String, Option<usize>)>,
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
        self.arms.extend(taken(fold, rehearsal).into_iter().map(|(step, arm)| {
            let (workflow, id) = step_name(program, step);
            (workflow, id, arm)
        }));
    }

    /// Whether an earlier run reached a step.
    pub fn has_step(&self, program: &Program, step: StepId) -> bool {
        !self.steps.is_empty() && self.steps.contains(&step_name(program, step))
    }

    fn has_arm(&self, program: &Program, (step, arm): Arm) -> bool {
        let (workflow, id) = step_name(program, step);
        self.arms.contains(&(workflow, id, arm))
    }
}

/// The arms this run took.
fn taken(fold: &Fold, rehearsal: &Rehearsal) -> BTreeSet<Arm> {
    let events = fold.decisions().iter().filter_map(|event| rehearsal.log().get(*event));
    let arms = events.filter_map(|event| match event.kind {
        Kind::BranchTaken { arm, .. } => Some((event.step?, arm.map(usize::from))),
        _ => None,
    });
    arms.collect()
}

/// The arms no run of this screen took yet, in the order of the flow, in words.
pub fn untried(app: &App) -> Vec<String> {
    let program = app.rehearsal.program();
    let taken = taken(&app.fold, &app.rehearsal);
    let arms = program.outline().iter().filter_map(|row| match row.kind {
        RowKind::Arm(step, arm) => Some((step, Some(usize::from(arm)))),
        RowKind::Else(step) => Some((step, None)),
        _ => None,
    });
    let left = arms.filter(|arm| !taken.contains(arm) && !app.earlier.has_arm(program, *arm));
    let words = left.map(|(step, arm)| {
        let step = program.step(step);
        let arm = arm.and_then(|arm| step.arm_name(arm)).unwrap_or("Else");
        format!("{} {} {arm}", words::step_label(step), app.look.glyphs.arrow)
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

/// What the shell reads after the screen is left: the flow, how far it came, what the contact was sent, and how to play it again.
pub fn summary(rehearsal: &Rehearsal, again: &str) -> String {
    let (session, program) = (rehearsal.session(), rehearsal.program());
    let name = crate::text::single_line(&program.workflow(program.main()).name).into_owned();
    let outcome = match (session.ended(), session.waiting()) {
        (Some(reason), _) => format!("ended: {}", end_in_words(reason)),
        (None, Some(wait)) => format!("left while \"{}\" waits", words::step_label(program.step(wait.step))),
        (None, None) => "left".to_owned(),
    };
    let mut fold = Fold::default();
    fold.catch_up(rehearsal);
    let (reached, steps) = fold.coverage(program);
    let count = |is: fn(&Kind<&str, crate::engine::event::Why<'_>>) -> bool| {
        rehearsal.log().iter().filter(|event| is(&event.kind)).count()
    };
    let sent = count(|kind| matches!(kind, Kind::MessageSent { .. } | Kind::QuestionAsked { .. }));
    let failed = count(|kind| matches!(kind, Kind::SendingFailed { .. }));
    let failed = if failed == 0 { String::new() } else { format!(", {failed} not sent") };
    let outcome = crate::text::single_line(&outcome).into_owned();
    let messages = if sent == 1 { "message" } else { "messages" };
    format!(
        "{name}: {outcome}\n{reached} of {steps} steps reached, {sent} {messages} sent{failed}\nplay it again: {again}\n"
    )
}
