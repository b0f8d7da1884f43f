//! The decisions: every branch with the arm it took and, opened, every condition with the value it saw and why the others lost.

use crate::engine::Event;
use crate::engine::event::KindOf as Kind;
use crate::rehearsal::decision::{ArmShown, ConditionShown, arms};
use crate::rehearsal::plain::seen_in_words;
use crate::text::{single_line, wrap};
use crate::tui::action::Action;
use crate::tui::app::App;
use crate::tui::look::columns;
use crate::tui::words;

use super::canvas::PaneLine;

/// The newest decisions on top, those beyond the cursor's reach left out; and the line the cursor is on.
pub fn lines(app: &App, width: u16) -> (Vec<PaneLine>, usize) {
    let decisions = app.fold.decisions();
    let reach = app.panes.decision + usize::from(app.size.height);
    let mut lines = Vec::new();
    let mut cursor = 0;
    // The newest decision that has reasons comes opened.
    let newest = decisions
        .iter()
        .rev()
        .take(reach)
        .find(|index| app.rehearsal.log().get(**index).is_some_and(|event| has_reasons(&event)));
    for (index, event_index) in decisions.iter().rev().enumerate().take(reach) {
        let Some(event) = app.rehearsal.log().get(*event_index) else { continue };
        if index == app.panes.decision {
            cursor = lines.len();
        }
        let opened = (newest == Some(event_index)) != app.panes.toggled.contains(event_index);
        let mut line = headline(app, &event, opened);
        line.action = Some(Action::ToggleDecisionAt(*event_index));
        line.selected = index == app.panes.decision;
        lines.push(line);
        if opened {
            why(app, &event, width, &mut lines);
        }
    }
    if lines.is_empty() {
        lines.push(PaneLine::of("no branch yet", app.look.palette.muted));
    }
    (lines, cursor)
}

/// Whether there is more to say than which way it went.
const fn has_reasons(event: &Event<'_>) -> bool {
    matches!(event.kind, Kind::BranchTaken { .. } | Kind::DateTimeChecked { .. })
}

/// When, which step, and which way.
fn headline(app: &App, event: &Event<'_>, opened: bool) -> PaneLine {
    let look = &app.look;
    let palette = &look.palette;
    let program = app.rehearsal.program();
    let step = event.step.map(|step| program.step(step));
    let title = step.map_or_else(String::new, words::step_label);
    let (way, count) = match event.kind {
        Kind::BranchTaken { arm, .. } => {
            let arm = arm.and_then(|arm| step?.arm_name(usize::from(arm)));
            (arm.unwrap_or("Else").to_owned(), String::new())
        }
        Kind::DateTimeChecked { inside: true } => ("inside the hours".to_owned(), String::new()),
        Kind::DateTimeChecked { inside: false } => ("outside the hours".to_owned(), String::new()),
        Kind::JumpTaken { to, count, max } => {
            (words::step_title(program, program.step(to)), format!(" ({count} of {max})"))
        }
        Kind::JumpExhausted { max, .. } => ("goes on".to_owned(), format!(" (all {max} jumps taken)")),
        _ => Default::default(),
    };
    let mark = match (has_reasons(event), opened) {
        (false, _) => " ",
        (true, true) => look.glyphs.opened,
        (true, false) => look.glyphs.closed,
    };
    // The date stands with it when that was another day.
    let (local, now) = (event.at.local(program.zone()), app.now().local(program.zone()));
    let format = if local.date_naive() == now.date_naive() { "%H:%M" } else { "%-d %b %H:%M" };
    let time = local.format(format).to_string();
    PaneLine {
        pieces: vec![
            (format!("{mark} {time} "), palette.muted),
            (look.fit(&title, 30), palette.base),
            (format!(" {} ", look.glyphs.arrow), palette.muted),
            (look.fit(&way, 40), palette.accent),
            (count, palette.muted),
        ],
        ..PaneLine::default()
    }
}

/// Every arm and condition in file order.
fn why(app: &App, event: &Event<'_>, width: u16, lines: &mut Vec<PaneLine>) {
    let look = &app.look;
    let palette = &look.palette;
    let program = app.rehearsal.program();
    let Some(step) = event.step.map(|step| program.step(step)) else { return };
    match event.kind {
        Kind::DateTimeChecked { .. } => {
            let zone = step.zone().unwrap_or(program.zone());
            let local = event.at.local(zone).format("%a %H:%M").to_string();
            lines.push(PaneLine::of(format!("  it was {local} in {}", zone.name()), palette.muted));
        }
        Kind::BranchTaken { arm, why } => {
            // The arm that was taken first, then the others in the order of the file.
            let mut shown = arms(program, step, why);
            shown.sort_by_key(|arm| arm.holds != Some(true));
            if arm.is_none() {
                lines.push(
                    PaneLine {
                        pieces: vec![
                            (format!("  {} ", look.glyphs.visited), palette.ok),
                            ("Else".to_owned(), palette.base),
                        ],
                        ..PaneLine::default()
                    }
                    .with_right("taken", palette.muted),
                );
            }
            for shown in shown {
                arm_lines(app, &shown, width, lines);
            }
            if arm.is_none() {
                return;
            }
            let (mark, style, word) = (look.glyphs.not_visited, palette.muted, "not reached");
            lines.push(
                PaneLine {
                    pieces: vec![(format!("  {mark} "), style), ("Else".to_owned(), palette.base)],
                    ..PaneLine::default()
                }
                .with_right(word, palette.muted),
            );
        }
        _ => {}
    }
}

fn arm_lines(app: &App, arm: &ArmShown<'_>, width: u16, lines: &mut Vec<PaneLine>) {
    let look = &app.look;
    let palette = &look.palette;
    let (mark, style, word) = match arm.holds {
        Some(true) => (look.glyphs.visited, palette.ok, "taken"),
        Some(false) => (look.glyphs.failed, palette.muted, "did not hold"),
        None => (look.glyphs.not_visited, palette.muted, "not reached"),
    };
    // The verdict is never cut: the name gives way, then how its conditions are joined.
    let room = usize::from(width).saturating_sub(4 + word.len() + 1);
    let joined = match arm.conditions.len() {
        0 | 1 => String::new(),
        count => format!(" ({} of {count})", arm.joiner),
    };
    let joined = if joined.len() + 8 <= room { joined } else { String::new() };
    let name = format!("{}{joined}", look.fit(arm.name, room.saturating_sub(joined.len()).min(40)));
    let pieces = vec![(format!("  {mark} "), style), (name, palette.base)];
    let line = PaneLine { pieces, ..PaneLine::default() };
    lines.push(line.with_right(word, palette.muted));
    for condition in &arm.conditions {
        condition_lines(app, condition, width, lines);
    }
}

/// A condition with what it saw: on one line where there is room, else below.
fn condition_lines(app: &App, condition: &ConditionShown<'_>, width: u16, lines: &mut Vec<PaneLine>) {
    let look = &app.look;
    let palette = &look.palette;
    let (mark, mark_style) =
        if condition.holds { (look.glyphs.visited, palette.ok) } else { (look.glyphs.failed, palette.error) };
    let operand = words::operand(condition.operator, &condition.expected);
    let subject = condition.subject.rsplit('.').next().unwrap_or(&condition.subject).replace('_', " ");
    let room = usize::from(width.saturating_sub(6)).max(1);
    let test = format!("{subject} {} {operand}", words::operator(condition.operator));
    let test = single_line(test.trim_end());
    let saw = look.fit(&format!("saw {}", seen_in_words(condition.actual, app.rehearsal.program())), room);
    let base = look.bidi.direction(&test);
    let ranges = wrap(&test, room);
    let beside = ranges.len() == 1 && columns(&test) + columns(&saw) + 8 <= width;
    for (index, range) in ranges.into_iter().enumerate() {
        let mark = if index == 0 { mark } else { " " };
        let words = look.seen(test.get(range).unwrap_or_default(), base).into_owned();
        let pieces = vec![(format!("    {mark} "), mark_style), (words, palette.base)];
        lines.push(PaneLine { pieces, ..PaneLine::default() });
    }
    if let Some(line) = lines.last_mut().filter(|_| beside) {
        line.right = Some((saw, palette.muted));
    } else {
        lines.push(PaneLine::of(format!("      {saw}"), palette.muted));
    }
}
