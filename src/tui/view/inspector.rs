//! The inspector: the contact and the workflow variables; what just changed is marked with its old value.

use ratatui::style::Style;

use crate::engine::{STANDARD_FIELDS, WaitKind};
use crate::rehearsal::plain::person;
use crate::tui::action::Action;
use crate::tui::app::{App, Focus};
use crate::tui::fold::{Change, Subject};
use crate::tui::look::{Look, columns};
use crate::tui::people::{against_in_words, people};

use super::canvas::PaneLine;

/// So many fields without a value have a line each.
const FEW: usize = 3;

/// One named value.
struct Entry<'a> {
    name: &'a str,
    value: Option<String>,
    change: Option<Change>,
}

/// The contact: fields, tags, lifecycle, assignee, conversation.
pub fn contact(app: &App, width: u16) -> Vec<PaneLine> {
    let session = app.rehearsal.session();
    let program = app.rehearsal.program();
    let mut entries = Vec::new();
    let mut unset = Vec::new();
    let mut field = |name, always: bool| {
        let value = session.field(name).map(ToString::to_string);
        let change = app.fold.change(&Subject::Field(str::to_owned(name))).cloned();
        if value.is_some() || change.is_some() {
            entries.push(Entry { name, value, change });
        } else if always {
            unset.push(Entry { name, value, change });
        }
    };
    let custom = program.field_names().iter().skip(STANDARD_FIELDS.len());
    custom.for_each(|name| field(name, true));
    // The name is the title of the chat already.
    STANDARD_FIELDS.iter().skip(2).for_each(|(name, _)| field(name, false));
    let known = |name: &str| program.field_names().iter().any(|field| field == name);
    session.fields().filter(|(name, _)| !known(name)).for_each(|(name, _)| field(name, true));
    for (name, _) in STANDARD_FIELDS.iter().take(2) {
        if app.fold.change(&Subject::Field((*name).to_owned())).is_some() {
            field(name, true);
        }
    }
    // A workspace may have many fields: those without a value are named together until somebody looks closer.
    if unset.len() <= FEW || app.focus == Focus::Contact {
        entries.append(&mut unset);
    }
    let contact = session.contact();
    let tags = contact.tags.join(&format!(" {} ", app.look.glyphs.dot));
    let mut plain = |name, value: Option<String>, subject| {
        entries.push(Entry { name, value, change: app.fold.change(&subject).cloned() });
    };
    if contact.lifecycle.is_some() || app.fold.change(&Subject::Lifecycle).is_some() {
        plain("lifecycle", contact.lifecycle.as_ref().map(ToString::to_string), Subject::Lifecycle);
    }
    plain("conversation", Some(session.conversation().to_owned()), Subject::Conversation);

    // What changed comes first.
    entries.sort_by_key(|entry| entry.change.is_none());
    let mut lines = named(&app.look, width, &entries);
    let label = label_width(width, &entries);
    lines.insert(lines.len().saturating_sub(1), tag_line(app, &tags, label));
    assignment(app, label, &mut lines);
    if !unset.is_empty() {
        let names: Vec<&str> = unset.iter().map(|entry| entry.name).collect();
        let names = app.look.fit(&names.join(" "), usize::from(width).saturating_sub(label));
        lines.push(PaneLine::of(format!("{:label$}{names}", "not set"), app.look.palette.muted));
    }
    lines
}

/// Whom the contact is assigned to, with presence; while the run waits for somebody, who cannot be chosen and why.
fn assignment(app: &App, label: usize, lines: &mut Vec<PaneLine>) {
    let look = &app.look;
    let palette = &look.palette;
    let session = app.rehearsal.session();
    let changed = app.fold.change(&Subject::Assignee).is_some();
    let waits = session.waiting().is_some_and(|wait| wait.kind == WaitKind::Assignment);
    let assignee = session.contact().assignee.as_deref();
    if assignee.is_none() && !changed && !waits {
        return;
    }
    let mut line = PaneLine::of(format!("{:label$}", "assignee"), palette.muted);
    match assignee {
        Some(id) => {
            line.pieces.push((look.fit(person(app.rehearsal.program(), id), 40), palette.base));
            if let Some(person) = people(&app.rehearsal).find(|person| person.is_assignee) {
                let presence = format!(" {} {}", look.glyphs.dot, person.presence());
                line.pieces.push((presence, if person.staff.online { palette.ok } else { palette.warn }));
            }
        }
        None if waits => line.pieces.push(("waits for somebody".to_owned(), palette.warn)),
        None => line.pieces.push((look.glyphs.none.to_owned(), palette.muted)),
    }
    if changed {
        line.right = Some((format!(" {}", look.glyphs.changed), palette.warn));
    }
    line.action = Some(Action::OpenPeople);
    // What is urgent stands on top.
    if !waits {
        let at = lines.len().saturating_sub(1);
        lines.insert(at, line);
        return;
    }
    let mut block = vec![line];
    block.extend(people(&app.rehearsal).map(|person| {
        let why = person.against.map_or_else(|| "eligible".to_owned(), against_in_words);
        let name = look.fit(&person.user.name, label.saturating_sub(2) + 12);
        PaneLine {
            pieces: vec![
                (format!("  {} ", look.glyphs.failed), palette.muted),
                (name, palette.base),
                (format!("  {why}"), palette.muted),
            ],
            action: Some(Action::OpenPeople),
            ..PaneLine::default()
        }
    }));
    lines.splice(0..0, block);
}

/// The tags, with those that just came and went.
fn tag_line(app: &App, tags: &str, label: usize) -> PaneLine {
    let look = &app.look;
    let palette = &look.palette;
    let moved: Vec<String> = app
        .fold
        .changes()
        .iter()
        .filter_map(|change| match &change.subject {
            Subject::TagAdded(tag) => Some(format!("+{tag}")),
            Subject::TagRemoved(tag) => Some(format!("-{tag}")),
            _ => None,
        })
        .collect();
    let shown = if tags.is_empty() { look.glyphs.none } else { tags };
    let style = if tags.is_empty() { palette.muted } else { palette.base };
    let mut line = PaneLine::of(format!("{:label$}", "tags"), palette.muted);
    line.pieces.push((look.fit(shown, 200), style));
    if !moved.is_empty() {
        let mark = format!(" {} {}", look.glyphs.changed, look.fit(&moved.join(" "), 24));
        line.right = Some((mark, palette.warn));
    }
    line
}

/// The workflow variables, those that were never set too.
pub fn variables(app: &App, width: u16) -> Vec<PaneLine> {
    let session = app.rehearsal.session();
    let program = app.rehearsal.program();
    let known = program.variable_names().iter().map(smol_str::SmolStr::as_str);
    let extra = session
        .variables()
        .map(|(name, _)| name)
        .filter(|name| program.variable_names().iter().all(|known| known != name));
    let entries: Vec<Entry<'_>> = known
        .chain(extra)
        .map(|name| Entry {
            name,
            value: session.variable(name).map(ToString::to_string),
            change: app.fold.change(&Subject::Variable(name.to_owned())).cloned(),
        })
        .collect();
    if entries.is_empty() {
        return vec![PaneLine::of("the flow uses none", app.look.palette.muted)];
    }
    named(&app.look, width, &entries)
}

/// Columns of the names: as wide as the widest, at most two fifths.
fn label_width(width: u16, entries: &[Entry<'_>]) -> usize {
    let widest = entries.iter().map(|entry| columns(entry.name)).max().unwrap_or_default().max(4);
    usize::from(widest.min(width * 2 / 5)) + 2
}

fn named(look: &Look, width: u16, entries: &[Entry<'_>]) -> Vec<PaneLine> {
    let label = label_width(width, entries);
    let room = usize::from(width).saturating_sub(label);
    entries.iter().flat_map(|entry| line(look, label, room, entry)).collect()
}

/// A value; one that changed with what it was, below it where there is no room beside it.
fn line(look: &Look, label: usize, room: usize, entry: &Entry<'_>) -> Vec<PaneLine> {
    let palette = &look.palette;
    let name = look.fit_middle(entry.name, label.saturating_sub(2));
    let gap = " ".repeat(label.saturating_sub(usize::from(columns(&name))));
    let mut line = PaneLine::of(format!("{name}{gap}"), palette.muted);
    let Some(change) = &entry.change else {
        line.pieces.push(value(look, entry.value.as_deref(), room));
        return vec![line];
    };
    // The old value gives way before the new one does.
    let old = change.old.as_deref().unwrap_or(look.glyphs.none);
    let wanted = entry.value.as_deref().map_or(1, crate::text::width).min(room.saturating_sub(3));
    let room_for_old = room.saturating_sub(wanted + 7);
    let mut below = None;
    let mark = if room_for_old >= crate::text::width(old).min(6) {
        format!(" {} was {}", look.glyphs.changed, look.fit(old, room_for_old))
    } else {
        let old = look.fit(&format!("was {old}"), room);
        below = Some(PaneLine::of(format!("{:label$}{old}", ""), palette.warn));
        format!(" {}", look.glyphs.changed)
    };
    line.pieces.push(value(look, entry.value.as_deref(), room.saturating_sub(usize::from(columns(&mark)) + 1)));
    line.right = Some((mark, palette.warn));
    std::iter::once(line).chain(below).collect()
}

fn value(look: &Look, value: Option<&str>, room: usize) -> (String, Style) {
    match value {
        Some(value) => (look.fit(value, room), look.palette.base),
        None => (look.glyphs.none.to_owned(), look.palette.muted),
    }
}
