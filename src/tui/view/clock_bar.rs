//! The bar at the top: the flow, the channel with its window, the next timer, virtual date and time, and whether the clock runs.

use ratatui::layout::Rect;

use crate::text::width;
use crate::tui::app::App;
use crate::tui::look::{columns, countdown};
use crate::tui::popup::window_in_short;
use crate::tui::words;

use super::canvas::Canvas;

/// Draws the bar. What does not fit is left out, the least needed first; nothing is cut but the flow's name.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let look = canvas.look;
    let session = app.rehearsal.session();
    let local = app.now().local(app.rehearsal.program().zone());
    let [long, short] = ["%a %-d %b %Y %H:%M:%S", "%a %-d %b %H:%M:%S"].map(|format| local.format(format).to_string());
    let running = if app.clock.is_running() { look.glyphs.running } else { look.glyphs.paused };
    let state = format!("{running} {}{}", look.glyphs.times, speed(app.clock.speed()));
    let timer = app.until_deadline().map_or_else(String::new, |left| format!("timer {}", countdown(left)));
    let (named, typed) = match session.writes_on() {
        None => ["no channel"; 2].map(str::to_owned).into(),
        Some(id) => {
            let channel = app.rehearsal.program().channel(id);
            let name = look.fit(&channel.name, 24);
            let window = window_in_short(session, id, app.now());
            let with_window = |name: &str| match &window {
                Some(window) => format!("{name} {window}"),
                None => name.to_owned(),
            };
            (with_window(&name), with_window(channel.kind.title()))
        }
    };
    let name = &app.rehearsal.program().workflow(session.workflow()).name;
    // What is really asked outside is said whatever else has to go.
    let (mut outside, outside_short) = app.outside.in_words();
    let mut outside_short = outside_short.to_owned();
    // So is what was made to fail.
    if let Some(fault) = session.fault() {
        let badge = |others: &str| if others.is_empty() { String::new() } else { format!(", {others}") };
        outside = format!("! next send: {}{}", words::fault_badge(fault), badge(&outside));
        outside_short = format!("! fault armed{}", badge(&outside_short));
    }
    // The date stays at every size.
    let variants: [[&str; 3]; 5] = [
        [&named, &timer, &long],
        [&typed, &timer, &long],
        [&typed, &timer, &short],
        ["", &timer, &short],
        ["", "", &short],
    ];
    let taken = |parts: &[&str; 3], outside: &str| -> usize {
        let parts = parts.iter().chain(std::iter::once(&outside)).filter(|part| !part.is_empty());
        parts.map(|part| width(part) + 3).sum::<usize>() + width(&state)
    };
    let room = usize::from(area.width).saturating_sub(2);
    let every = variants.iter().flat_map(|parts| [(parts, outside.as_str()), (parts, outside_short.as_str())]);
    // A long name gives way before what is said beside it does.
    let fitting = [28, 16].into_iter().find_map(|most| {
        let needed = width(name).min(most);
        every.clone().find(|(parts, outside)| taken(parts, outside) + needed <= room)
    });
    let Some((parts, outside)) = fitting.or(every.last()) else { return };

    let palette = look.palette;
    let mut right = canvas.text_right(area.right().saturating_sub(1), area.y, &state, palette.accent);
    for (part, style) in parts.iter().zip([palette.base, palette.muted, palette.base]).rev() {
        if !part.is_empty() {
            let gap = if std::ptr::eq(*part, parts[2]) { 1 } else { 3 };
            right = canvas.text_right(right.saturating_sub(gap), area.y, part, style);
        }
    }
    if !outside.is_empty() {
        right = canvas.text_right(right.saturating_sub(3), area.y, outside, palette.warn);
    }
    let room = right.saturating_sub(area.x + 3);
    let name = look.fit(name, usize::from(room));
    canvas.text(area.x + 1, area.y, room.min(columns(&name)), &name, palette.accent);
}

/// A speed without needless decimals.
fn speed(speed: f64) -> String {
    let rounded = format!("{speed:.2}");
    rounded.trim_end_matches('0').trim_end_matches('.').to_owned()
}
