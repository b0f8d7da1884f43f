//! The popups of what reaches outside the conversation: people, sheets, and events in full.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::engine::WaitKind;
use crate::tui::action::Action;
use crate::tui::app::App;
use crate::tui::aside;
use crate::tui::look::{cells, columns};
use crate::tui::outline;
use crate::tui::people::{against_in_words, people};
use crate::tui::popup::{Detailed, Details, Scroll};
use crate::tui::sheets::{Table, tables};

use super::canvas::{Canvas, PaneLine};

/// A column of a table is at most so wide.
const WIDEST_COLUMN: u16 = 28;

/// Draws the people: who is there, with how many contacts, and who could be chosen.
pub fn people_list(app: &App, canvas: &mut Canvas<'_>, selected: usize) {
    let program = app.rehearsal.program();
    let session = app.rehearsal.session();
    let glyphs = app.look.glyphs;
    let palette = app.look.palette;
    let inside = canvas.window(76, cells(program.users().len() + 4), "People");
    if inside.height < 3 {
        return;
    }
    let waits = session.waiting().is_some_and(|wait| wait.kind == WaitKind::Assignment);
    let (head, style) = match people(&app.rehearsal).find(|person| person.is_assignee) {
        Some(person) => (format!("assigned to {}", person.user.name), palette.base),
        None if waits => ("the run waits for somebody to assign to".to_owned(), palette.warn),
        None => ("assigned to nobody".to_owned(), palette.muted),
    };
    let head = app.look.fit(&head, usize::from(inside.width));
    canvas.text(inside.x, inside.y, inside.width, &head, style);
    let list = Rect { y: inside.y + 2, height: inside.height - 2, ..inside };
    let first = super::popups::first_line(selected, list.height);
    for (y, (index, person)) in (list.top()..list.bottom()).zip(people(&app.rehearsal).enumerate().skip(first)) {
        let line = Rect { y, height: 1, ..list };
        let mark = if person.staff.online { glyphs.changed } else { glyphs.not_visited };
        let mut note = format!("{mark} {} {} {} open", person.presence(), glyphs.dot, person.staff.open_contacts);
        let more = match person.against {
            _ if person.is_assignee => format!("{} assigned", glyphs.visited),
            Some(against) => format!("{} {}", glyphs.failed, against_in_words(against)),
            None if waits => format!("{} eligible", glyphs.visited),
            None => String::new(),
        };
        if !more.is_empty() {
            note = format!("{note}   {more}");
        }
        canvas.list_line(line, &person.user.name, &note, index == selected);
        canvas.hit(line, Some(Action::Choose(index)));
    }
}

/// Draws the rows added to sheets, each sheet as a table.
pub fn sheets(app: &App, canvas: &mut Canvas<'_>, scroll: Scroll) {
    let tables = tables(&app.rehearsal, app.fold.sheet_rows());
    let width = canvas.area().width.saturating_sub(6);
    let mut lines = Vec::new();
    for table in &tables {
        table_lines(app, table, scroll.columns, width, &mut lines);
    }
    let inside = canvas.window(u16::MAX, cells(lines.len() + 2), "Rows added to sheets");
    scrolled(canvas, inside, &lines, scroll.lines);
}

fn table_lines(app: &App, table: &Table, skipped: usize, width: u16, lines: &mut Vec<PaneLine>) {
    let look = &app.look;
    let palette = look.palette;
    if !lines.is_empty() {
        lines.push(PaneLine::default());
    }
    let count = if table.rows.len() == 1 { "1 row".to_owned() } else { format!("{} rows", table.rows.len()) };
    let title = format!("{} {} {}", table.spreadsheet, look.glyphs.dot, table.sheet);
    let title = look.fit(&title, usize::from(width.saturating_sub(12)));
    lines.push(PaneLine::of(title, palette.accent).with_right(count, palette.muted));
    // The last column stays however far it is scrolled.
    let skipped = skipped.min(table.columns.len().saturating_sub(1));
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let widths: Vec<u16> = (skipped..table.columns.len())
        .map(|column| {
            let cells = table.rows.iter().map(|row| columns(&crate::text::single_line(&cell(row, column))));
            let widest = cells.max().unwrap_or_default();
            widest.max(columns(&cell(&table.columns, column))).clamp(1, WIDEST_COLUMN)
        })
        .collect();
    let number_width = table.rows.len().to_string().len() + 1;
    let line = |number: String, row: &[String], style, quiet| {
        let mut pieces = vec![(format!("{number:>number_width$} "), quiet)];
        for (offset, width) in widths.iter().enumerate() {
            let text = look.fit(&cell(row, skipped + offset), usize::from(*width));
            let gap = " ".repeat(usize::from((width + 2).saturating_sub(columns(&text))));
            pieces.push((format!("{text}{gap}"), style));
        }
        PaneLine { pieces, ..PaneLine::default() }
    };
    lines.push(line(String::new(), &table.columns, palette.base.add_modifier(Modifier::BOLD), palette.muted));
    for (number, row) in table.rows.iter().enumerate() {
        lines.push(line((number + 1).to_string(), row, palette.base, palette.muted));
    }
}

/// Draws an event in full.
pub fn details(app: &App, canvas: &mut Canvas<'_>, details: &Details) {
    let look = &app.look;
    let width = 92.min(canvas.area().width.saturating_sub(2)).saturating_sub(4);
    let mut lines: Vec<PaneLine> = Vec::new();
    let program = app.rehearsal.program();
    let parts = match details.of {
        Detailed::Event(event) => aside::in_full(&app.rehearsal, event),
        Detailed::Step(step) => outline::in_full(program, step),
    };
    for (heading, text) in parts {
        if !lines.is_empty() {
            lines.push(PaneLine::default());
        }
        lines.push(PaneLine::of(heading, look.palette.accent));
        let room = usize::from(width.saturating_sub(2)).max(1);
        for (line, base) in look.lines(&text, room, usize::MAX) {
            let gap = match base {
                crate::text::Direction::RightToLeft => room.saturating_sub(usize::from(columns(&line))),
                crate::text::Direction::LeftToRight => 0,
            };
            lines.push(PaneLine::of(format!("  {}{line}", " ".repeat(gap)), look.palette.base));
        }
    }
    let event = match details.of {
        Detailed::Event(event) => app.rehearsal.log().get(event),
        Detailed::Step(_) => None,
    };
    let step_title = match details.of {
        Detailed::Step(step) => crate::tui::words::step_label(program.step(step)),
        Detailed::Event(_) => String::new(),
    };
    let title = event.map_or(step_title, |event| {
        let time = event.at.local(program.zone()).format("%a %-d %b %H:%M:%S").to_string();
        let step = event.step.map(|step| crate::tui::words::step_label(program.step(step)));
        step.map_or_else(|| time.clone(), |step| format!("{step} {} {time}", look.glyphs.dot))
    });
    let inside = canvas.window(92, cells(lines.len() + 2), &title);
    scrolled(canvas, inside, &lines, details.scrolled);
}

/// Lines that may be more than there is room for, and how many are below.
pub fn scrolled(canvas: &mut Canvas<'_>, inside: Rect, lines: &[PaneLine], scrolled: usize) {
    let last = lines.len().saturating_sub(usize::from(inside.height));
    let first = scrolled.min(last);
    for (y, line) in (inside.top()..inside.bottom()).zip(lines.iter().skip(first)) {
        line.draw(canvas, Rect { y, height: 1, ..inside }, false);
    }
    if first < last {
        let more = format!(" {} more {} ", last - first, canvas.look.glyphs.down);
        let style = canvas.look.palette.muted;
        canvas.text_right(inside.right(), inside.bottom(), &more, style);
    }
}
