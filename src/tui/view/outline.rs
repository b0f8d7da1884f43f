//! The outline: the flow as a tree, the step that waits, steps visited and not, coverage; and the timers.

use ratatui::style::Modifier;

use crate::engine::event::TimerName;
use crate::engine::{RowKind, Step, WorkflowId};
use crate::tui::action::Action;
use crate::tui::app::{App, Focus};
use crate::tui::ending;
use crate::tui::outline;
use crate::tui::words;

use super::canvas::PaneLine;

/// From this width on, a timer has one line.
const ROOMY: u16 = 44;

/// The tree, and the line of the step that waits or ran last.
pub fn lines(app: &App, width: u16) -> (Vec<PaneLine>, Option<usize>) {
    let look = &app.look;
    let palette = &look.palette;
    let program = app.rehearsal.program();
    let wait = app.rehearsal.session().waiting();
    let is_focused = app.focus == Focus::Outline;
    // While somebody moves in the pane, the cursor is followed.
    let followed = if is_focused { outline::picked(app) } else { outline::followed(app) };
    let mut current = None;
    let mut lines = Vec::with_capacity(program.outline().len());
    // Where room is short, workflows nobody entered are their head alone, until somebody looks closer.
    let is_short = app.focus != Focus::Outline && program.outline().len() > usize::from(app.size.height) / 3;
    let mut is_folded = false;
    let counts = app.fold.by_workflow(program);
    for row in program.outline() {
        if let RowKind::Workflow(workflow) = row.kind {
            let (visited, steps) = counts.get(workflow.index()).copied().unwrap_or_default();
            is_folded = is_short && visited == 0;
            lines.push(head(app, workflow, visited > 0, is_folded.then_some(steps)));
            continue;
        }
        if is_folded {
            continue;
        }
        let indent = indent(app, usize::from(row.depth), width);
        let line = match row.kind {
            RowKind::Step(id) => {
                let step = program.step(id);
                let waits = wait.filter(|wait| wait.step == id);
                if followed == Some(id) {
                    current = Some(lines.len());
                }
                let (mark, style, text) = if waits.is_some() {
                    (look.glyphs.current, palette.accent, palette.accent)
                } else if app.fold.has_failed(&app.rehearsal, id) {
                    (look.glyphs.failed, palette.error, palette.base)
                } else if !app.fold.is_visited(id) && app.earlier.has_step(program, id) {
                    (look.glyphs.earlier, palette.muted, palette.muted)
                } else if app.fold.is_visited(id) {
                    (look.glyphs.visited, palette.ok, palette.base)
                } else {
                    (look.glyphs.not_visited, palette.muted, palette.muted)
                };
                let mut title = look.fit(&words::step_title(program, step), 60);
                title.push_str(&target(app, step));
                let line = PaneLine {
                    pieces: vec![(indent, palette.border), (format!("{mark} "), style), (title, text)],
                    action: Some(Action::PickStep(id)),
                    selected: is_focused && followed == Some(id),
                    ..PaneLine::default()
                };
                // The name of the step that waits has the line to itself: the bar counts down.
                match waits {
                    _ if step.triggers().is_some_and(|(_, inside)| inside.is_none()) => {
                        line.with_right("on the platform", palette.muted)
                    }
                    _ => line,
                }
            }
            // Heads are done above.
            RowKind::Workflow(_) => continue,
            RowKind::Side(step, key) => label(app, &indent, words::side_branch(key, program.step(step))),
            RowKind::Arm(step, arm) => {
                label(app, &indent, program.step(step).arm_name(usize::from(arm)).unwrap_or_default())
            }
            RowKind::Else(_) => label(app, &indent, "Else"),
        };
        lines.push(line);
    }
    (lines, current)
}

/// The way to the first row of the pane, which stands there once its parents are scrolled out of sight; `None` at the top of the flow.
/// What is nearest stays where it is long.
pub fn crumbs(app: &App, first: usize, rows: usize, count: usize, width: u16) -> Option<PaneLine> {
    let program = app.rehearsal.program();
    // Where workflows are folded away, lines are not rows; a pane this low has no room to spare.
    if first == 0 || rows < 4 || count != program.outline().len() {
        return None;
    }
    let shown = first + 1..(first + rows).min(count);
    let followed = if app.focus == Focus::Outline { outline::picked(app) } else { outline::followed(app) };
    let current = program.outline().iter().position(|row| Some(row.kind) == followed.map(RowKind::Step));
    let row = current.filter(|row| shown.contains(row)).unwrap_or(first + 1);
    let trail = outline::trail(program, row);
    let room = usize::from(width).max(8);
    let arrow = format!(" {} ", app.look.glyphs.arrow);
    let mut line = app.look.fit(trail.last()?, room);
    for name in trail.iter().rev().skip(1) {
        let name = app.look.fit(name, 20);
        if crate::text::width(&name) + crate::text::width(&arrow) + crate::text::width(&line) + 2 > room {
            let dots = format!("{}{arrow}", app.look.glyphs.ellipsis);
            if crate::text::width(&dots) + crate::text::width(&line) <= room {
                line.insert_str(0, &dots);
            }
            break;
        }
        line = format!("{name}{arrow}{line}");
    }
    Some(PaneLine::of(line, app.look.palette.muted))
}

/// The guides before a line. Beyond a third of the room they go no deeper, and the depth is said in their place.
fn indent(app: &App, depth: usize, width: u16) -> String {
    let most = usize::from(width / 6).max(1);
    let guide = format!("{} ", app.look.glyphs.guide);
    if depth > most { format!("{}{depth:<2}", guide.repeat(most - 1)) } else { guide.repeat(depth) }
}

/// The head of a workflow: whether it runs, whether anything of it ran, and how many steps are folded away below it.
fn head(app: &App, workflow: WorkflowId, is_entered: bool, folded: Option<usize>) -> PaneLine {
    let look = &app.look;
    let palette = &look.palette;
    let program = app.rehearsal.program();
    let session = app.rehearsal.session();
    let runs = session.is_running() && session.workflow() == workflow;
    let mark = if folded.is_some() { look.glyphs.closed } else { look.glyphs.opened };
    let style = if runs || is_entered { palette.accent } else { palette.muted };
    let name = look.fit(&program.workflow(workflow).name, 60);
    let line = PaneLine {
        pieces: vec![(format!("{mark} "), palette.muted), (name, style.add_modifier(Modifier::BOLD))],
        ..PaneLine::default()
    };
    if runs {
        line.with_right("running", palette.ok)
    } else if let Some(steps) = folded {
        line.with_right(if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") }, palette.muted)
    } else {
        line
    }
}

/// Where a step that triggers a workflow leads, beyond what its title says.
fn target(app: &App, step: &Step) -> String {
    let Some((name, inside)) = step.triggers() else { return String::new() };
    let program = app.rehearsal.program();
    let name = inside.map_or(name, |workflow| &program.workflow(workflow).name);
    let is_said = words::step_title(program, step).ends_with(name);
    if is_said { String::new() } else { format!(" {} {}", app.look.glyphs.arrow, app.look.fit(name, 40)) }
}

/// The name of an arm or side branch above its steps.
fn label(app: &App, indent: &str, name: &str) -> PaneLine {
    let palette = &app.look.palette;
    let name = app.look.fit(name, 60);
    let style = palette.muted.add_modifier(Modifier::ITALIC);
    PaneLine { pieces: vec![(indent.to_owned(), palette.muted), (format!("{name}:"), style)], ..PaneLine::default() }
}

/// How much of the flow has run, for the title of the pane: in full, and in short.
pub fn titles(app: &App) -> (String, String) {
    let (visited, steps) = ending::coverage(app);
    let percent = (visited * 100).checked_div(steps).unwrap_or_default();
    let dot = app.look.glyphs.dot;
    (format!("Flow {dot} {visited} of {steps} steps {dot} {percent} %"), format!("Flow {dot} {visited} of {steps}"))
}

/// Everything pending with due instants, each on one line where there is room, else on two.
pub fn timers(app: &App, width: u16) -> Vec<PaneLine> {
    let look = &app.look;
    let palette = &look.palette;
    let program = app.rehearsal.program();
    let mut lines = Vec::new();
    for (timer, step, due) in app.rehearsal.session().timers() {
        let name = match timer {
            TimerName::QuestionTimeout => "answer",
            TimerName::Wait => "wait",
            TimerName::AssignmentTimeout => "somebody to assign to",
            TimerName::AiIdle => "contact silent",
        };
        let due_at = due.local(program.zone()).format("%a %-d %b %H:%M").to_string();
        let title = look.fit(&words::step_title(program, program.step(step)), 30);
        let what = [(format!("{name} "), palette.muted), (title, palette.base)];
        let mut line = PaneLine::of(due_at, palette.base);
        if width < ROOMY {
            lines.push(line);
            lines.push(PaneLine { pieces: what.into(), ..PaneLine::default() });
        } else {
            line.pieces.push(("  ".to_owned(), palette.base));
            line.pieces.extend(what);
            lines.push(line);
        }
    }
    if lines.is_empty() { vec![PaneLine::of("nothing is pending", palette.muted)] } else { lines }
}
