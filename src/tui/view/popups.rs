//! The popups: help, menus, command palette and the question for a time.

use ratatui::layout::Rect;

use crate::rehearsal::COMMANDS;
use crate::text::{LineEditor, wrap};
use crate::tui::action::Action;
use crate::tui::app::App;
use crate::tui::input::lay_out;
use crate::tui::keymap;
use crate::tui::look::{Look, cells, columns};
use crate::tui::popup::{Menu, Palette, Popup};

use super::canvas::{Canvas, PaneLine};
use super::{form, outside};

/// Draws a popup.
pub fn draw(app: &App, canvas: &mut Canvas<'_>, popup: &Popup) {
    match popup {
        Popup::Help(scrolled) => help(canvas, *scrolled),
        Popup::Menu(shown) => menu(canvas, shown, 64),
        Popup::Palette(palette) => commands(canvas, palette),
        Popup::Time(editor) => time(app, canvas, editor),
        Popup::Form(shown) => form::draw(app, canvas, shown),
        Popup::People(selected) => outside::people_list(app, canvas, *selected),
        Popup::Sheets(scroll) => outside::sheets(app, canvas, *scroll),
        Popup::Asides(shown) => menu(canvas, shown, 100),
        Popup::Details(shown) => outside::details(app, canvas, shown),
    }
}

/// The help: every key, every command, every sign.
fn help(canvas: &mut Canvas<'_>, scrolled: usize) {
    let look = canvas.look;
    let inside = canvas.window(92, u16::MAX, "Help");
    let mut lines = vec![PaneLine::of("Keys", look.palette.accent)];
    for binding in keymap::help() {
        entry(look, &mut lines, inside.width, binding.label, binding.help);
    }
    entry(look, &mut lines, inside.width, "Alt-1 …", "send the option with that number; a click on it does the same");
    entry(look, &mut lines, inside.width, "a click", "on what stands between the messages shows it in full");
    lines.push(PaneLine::default());
    lines.push(PaneLine::of("Commands, typed into the chat or found with Ctrl-P", look.palette.accent));
    for command in COMMANDS {
        let usage = format!("/{} {}", command.name, command.arguments);
        entry(look, &mut lines, inside.width, usage.trim_end(), command.summary);
    }
    entry(look, &mut lines, inside.width, "//", "a message that starts with a slash");
    lines.push(PaneLine::default());
    lines.push(PaneLine::of("Signs", look.palette.accent));
    for (sign, text) in [
        (look.glyphs.current, "the step that waits"),
        (
            look.glyphs.visited,
            "a step that has run; a condition that holds; an answer that was taken; the option that was chosen",
        ),
        (
            look.glyphs.failed,
            "a condition that does not hold; an answer that was not taken; a message that could not be sent",
        ),
        (look.glyphs.unheard, "a message that no step waited for"),
        (look.glyphs.earlier, "a step that ran before the run was started over"),
        (look.glyphs.not_visited, "a step that has not run; an arm that was not reached"),
        (look.glyphs.changed, "a value that just changed, with what it was; somebody who is online"),
        (look.glyphs.arrow, "a request that was sent; below it what came back"),
        ("+", "a row that was added to a sheet"),
        ("@", "an assignment, or the wait for somebody"),
        (look.glyphs.comment, "a comment of the team, which the contact never sees"),
        (look.glyphs.ai, "what an AI says and what came of it"),
    ] {
        entry(look, &mut lines, inside.width, sign, text);
    }
    outside::scrolled(canvas, inside, &lines, scrolled);
}

/// A name and what it stands for, wrapped under itself. A long name has a line of its own.
fn entry(look: &Look, lines: &mut Vec<PaneLine>, width: u16, name: &str, text: &str) {
    const NAME: usize = 12;
    let room = usize::from(width).saturating_sub(NAME + 2).max(1);
    let name = &*look.own(name);
    let mut first = name;
    if crate::text::width(name) >= NAME {
        lines.push(PaneLine::of(format!("  {name}"), look.palette.key));
        first = "";
    }
    for range in wrap(text, room) {
        let name = format!("  {first:NAME$}");
        let text = text.get(range).unwrap_or_default().to_owned();
        let pieces = vec![(name, look.palette.key), (text, look.palette.base)];
        lines.push(PaneLine { pieces, ..PaneLine::default() });
        first = "";
    }
}

/// A list to choose from.
fn menu(canvas: &mut Canvas<'_>, menu: &Menu, width: u16) {
    let inside = canvas.window(width, cells(menu.items.len() + 2), menu.title);
    let first = first_line(menu.selected, inside.height);
    for (y, (index, item)) in (inside.top()..inside.bottom()).zip(menu.items.iter().enumerate().skip(first)) {
        let line = Rect { y, height: 1, ..inside };
        // What is armed has a tick.
        let armed = item.note.strip_prefix(crate::tui::popup::ARMED);
        let label = match armed {
            Some(_) => format!("{} {}", canvas.look.glyphs.visited, item.label),
            None => item.label.clone(),
        };
        canvas.list_line(line, &label, armed.unwrap_or(&item.note).trim_start(), index == menu.selected);
        canvas.hit(line, Some(Action::Choose(index)));
    }
}

/// The palette: a line to type in, what it finds below.
fn commands(canvas: &mut Canvas<'_>, palette: &Palette) {
    let found = palette.found();
    let inside = canvas.window(116, 26, "Commands");
    if inside.height < 3 {
        return;
    }
    editor_line(canvas, Rect { height: 1, ..inside }, &palette.editor);
    let list = Rect { y: inside.y + 1, height: inside.height - 1, ..inside };
    if found.is_empty() {
        let style = canvas.look.palette.muted;
        canvas.text(list.x + 2, list.y, list.width.saturating_sub(2), "no command matches", style);
    }
    // Under headings while nothing is typed; a heading is no line to choose.
    let grouped = palette.editor.is_empty();
    let mut lines = Vec::with_capacity(found.len() + 8);
    for (index, item) in found.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| found.get(before));
        if grouped && before.is_none_or(|before| before.group != item.group) {
            lines.push(Err(item.group));
        }
        lines.push(Ok((index, item)));
    }
    let place = lines.iter().position(|line| matches!(line, Ok((index, _)) if *index == palette.selected));
    let first = first_line(place.unwrap_or_default(), list.height);
    for (y, line) in (list.top()..list.bottom()).zip(lines.into_iter().skip(first)) {
        let area = Rect { y, height: 1, ..list };
        match line {
            Err(group) => {
                let style = canvas.look.palette.accent;
                canvas.text(area.x, y, area.width, group.title(), style);
                canvas.hit(area, None);
            }
            Ok((index, found)) => {
                canvas.list_line(area, &found.name, found.summary, index == palette.selected);
                canvas.hit(area, Some(Action::Choose(index)));
            }
        }
    }
}

/// The question for a duration or an instant.
fn time(app: &App, canvas: &mut Canvas<'_>, editor: &LineEditor) {
    let inside = canvas.window(56, 5, "Move time");
    if inside.height < 3 {
        return;
    }
    let muted = canvas.look.palette.muted;
    editor_line(canvas, Rect { height: 1, ..inside }, editor);
    let room = usize::from(inside.width);
    let now = app.now().local(app.rehearsal.program().zone()).format("%a %-d %b %Y %H:%M").to_string();
    let now = canvas.look.fit(&format!("now {now}"), room);
    let how = canvas.look.fit(&canvas.look.own("2 days · 90 minutes · 09:00 · 2026-01-05T09:00"), room);
    canvas.text(inside.x, inside.y + 1, inside.width, &how, muted);
    canvas.text(inside.x, inside.y + 2, inside.width, &now, muted);
}

fn editor_line(canvas: &mut Canvas<'_>, area: Rect, editor: &LineEditor) {
    let look = canvas.look;
    let text = Rect { x: area.x + 2, width: area.width.saturating_sub(2), ..area };
    canvas.text(area.x, area.y, 1, look.glyphs.prompt, look.palette.accent);
    let typed = lay_out(editor, look.bidi, usize::from(text.width));
    let (line, column) = typed.cursor;
    if let Some((start, shown)) = typed.lines.get(line) {
        let x = text.x + cells(*start);
        canvas.text(x, text.y, text.right().saturating_sub(x).min(columns(shown)), shown, look.palette.base);
    }
    canvas.cursor = Some((text.x + cells(column), text.y));
}

/// The first line shown so that the selected one is in sight.
pub fn first_line(selected: usize, height: u16) -> usize {
    (selected + 1).saturating_sub(usize::from(height))
}
