//! Popups: the help, menus, the command palette and the question for a time.

use crate::engine::{Fault, NoAnswer, Outside, OutsideFault, Session, StepId};
use crate::flow::ChannelType;
use crate::rehearsal::Act;
use crate::text::LineEditor;

use super::action::{Action, Towards};
use super::app::App;
use super::aside;
use super::fold::RowKind;
use super::form::{Form, Purpose};
use super::look::hours;
pub use super::palette::{Does, Palette};
use super::words;

/// What lies over the screen and takes the keys.
#[derive(Debug, Clone)]
pub enum Popup {
    /// The help, scrolled by so many lines.
    Help(usize),
    /// A list to choose from.
    Menu(Menu),
    /// Commands found by typing.
    Palette(Palette),
    /// A duration or an instant.
    Time(LineEditor),
    /// A form to fill in.
    Form(Box<Form>),
    /// The users, with the chosen one.
    People(usize),
    /// The rows added to sheets.
    Sheets(Scroll),
    /// What happened behind the scenes, newest first, with the chosen line.
    Asides(Menu),
    /// An event in full.
    Details(Details),
}

/// How far something is scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scroll {
    /// Lines down.
    pub lines: usize,
    /// Columns of the table to the right.
    pub columns: usize,
}

/// What is shown in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detailed {
    /// An event, by its index in the log.
    Event(usize),
    /// A step.
    Step(StepId),
}

/// An event or a step in full.
#[derive(Debug, Clone)]
pub struct Details {
    /// What is shown.
    pub of: Detailed,
    /// Lines scrolled.
    pub scrolled: usize,
    /// The list it was opened from, which comes back when it is closed.
    pub list: Option<Menu>,
}

impl Popup {
    /// Whether text is typed into it.
    pub const fn takes_text(&self) -> bool {
        matches!(self, Self::Palette(_) | Self::Time(_) | Self::Form(_))
    }

    /// The text being typed in it.
    pub fn editor(&mut self) -> Option<&mut LineEditor> {
        match self {
            Self::Palette(palette) => Some(&mut palette.editor),
            Self::Time(editor) => Some(editor),
            Self::Form(form) => form.editor(),
            Self::Help(_) | Self::Menu(_) | Self::People(_) | Self::Sheets(_) | Self::Asides(_) | Self::Details(_) => {
                None
            }
        }
    }

    /// Moves the chosen line, or scrolls. `users` is how many users there are.
    pub fn step(&mut self, towards: Towards, by: usize, users: usize) {
        match self {
            Self::Help(line)
            | Self::Sheets(Scroll { lines: line, .. })
            | Self::Details(Details { scrolled: line, .. }) => match towards {
                Towards::Previous => *line = line.saturating_sub(by),
                Towards::Next => *line += by,
            },
            Self::Form(form) => form.step(towards),
            Self::People(selected) => *selected = moved(*selected, towards, users),
            Self::Menu(menu) | Self::Asides(menu) => menu.selected = moved(menu.selected, towards, menu.items.len()),
            Self::Palette(palette) => {
                palette.selected = moved(palette.selected, towards, palette.found().len());
            }
            Self::Time(_) => {}
        }
    }
}

/// One line on, round at the ends.
const fn moved(selected: usize, towards: Towards, count: usize) -> usize {
    if count == 0 {
        return 0;
    }
    match towards {
        Towards::Previous => (selected + count - 1) % count,
        Towards::Next => (selected + 1) % count,
    }
}

/// A list to choose from.
#[derive(Debug, Clone)]
pub struct Menu {
    /// Its heading.
    pub title: &'static str,
    /// Its lines.
    pub items: Vec<MenuItem>,
    /// The chosen line.
    pub selected: usize,
}

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// What it says.
    pub label: String,
    /// What it says beside, quietly.
    pub note: String,
    /// What it does.
    pub does: Choice,
}

/// What a line of a menu does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It changes the session.
    Act(Act),
    /// It opens something.
    Open(Action),
}

/// Begins the note of what is armed already; drawn as a tick.
pub const ARMED: &str = "[armed]";

impl Menu {
    /// What can be made to fail.
    pub fn faults(session: &Session) -> Self {
        let next = "the next message fails".to_owned();
        let mut items: Vec<MenuItem> = Fault::ALL
            .iter()
            .map(|fault| MenuItem {
                label: words::fault(*fault).to_owned(),
                note: if session.fault() == Some(*fault) { format!("{ARMED} {next}") } else { next.clone() },
                does: Choice::Act(Act::Fault(*fault)),
            })
            .collect();
        items.extend(outside_faults(session));
        items.extend(links(session));
        Self { title: "Faults", items, selected: 0 }
    }

    /// Where the contact can write, and what can be cut or connected.
    pub fn channels(session: &Session) -> Self {
        let program = session.program();
        let mut items: Vec<MenuItem> = program
            .channel_ids()
            .map(|id| {
                let channel = program.channel(id);
                let note = if session.writes_on() == Some(id) { "writes here now" } else { "" };
                let window = window(session, id).unwrap_or_default();
                let parts: Vec<&str> = [note, &window].into_iter().filter(|part| !part.is_empty()).collect();
                MenuItem {
                    label: format!("Write on {}", channel.name),
                    note: parts.join(", "),
                    does: Choice::Act(Act::Channel(channel.id.to_string())),
                }
            })
            .collect();
        items.extend(links(session));
        Self { title: "Channels", items, selected: 0 }
    }

    /// What starts a workflow from outside.
    pub fn starts(session: &Session) -> Self {
        let program = session.program();
        let mut items: Vec<MenuItem> = program
            .shortcuts()
            .map(|(id, form)| {
                let entries: Vec<&str> = form.iter().map(|entry| entry.name.as_str()).collect();
                let name = program.workflow(id).name.clone();
                MenuItem {
                    label: format!("Shortcut: {name}"),
                    note: entries.join(", "),
                    does: match entries.as_slice() {
                        [] => Choice::Act(Act::Shortcut(Some(name), Vec::new())),
                        _ => Choice::Open(Action::OpenForm(Purpose::Shortcut(id))),
                    },
                }
            })
            .collect();
        if program.takes_webhooks() {
            items.push(MenuItem {
                label: "Webhook".to_owned(),
                note: "a request comes in from outside".to_owned(),
                does: Choice::Open(Action::OpenForm(Purpose::Webhook)),
            });
        }
        if program.takes_ads() {
            items.push(MenuItem {
                label: "Click-to-chat ad".to_owned(),
                note: "the contact comes by an ad".to_owned(),
                does: Choice::Act(Act::Ad(None)),
            });
        }
        Self { title: "Start from outside", items, selected: 0 }
    }

    /// What happened behind the scenes, newest first.
    pub fn asides(app: &App) -> Self {
        let program = app.rehearsal.program();
        let rows = app.fold.rows().iter().rev().filter(|row| row.kind == RowKind::Aside);
        let items = rows.filter_map(|row| {
            let event = app.rehearsal.log().get(row.event)?;
            let aside = aside::of(program, app.look.glyphs, &event)?;
            Some(MenuItem {
                label: format!("{} {} {}", event.at.local(program.zone()).format("%H:%M:%S"), aside.sign, aside.text),
                note: aside.source.to_owned(),
                does: Choice::Open(Action::ShowEvent(row.event)),
            })
        });
        Self { title: "Behind the scenes", items: items.collect(), selected: 0 }
    }
}

/// Failures of the outside world, where the flows ask it.
fn outside_faults(session: &Session) -> impl Iterator<Item = MenuItem> {
    let program = session.program();
    let asks = |key: &str| program.step_ids().any(|step| program.step(step).action_key() == key);
    let (http, ai) = (asks("http_request"), asks("respond_with_ai"));
    let timeout = OutsideFault::NoAnswer(NoAnswer::Timeout);
    [
        (http, "Answer HTTP with 503", Outside::Http, OutsideFault::Status(503)),
        (http, "Let HTTP time out", Outside::Http, timeout),
        (http, "Refuse the HTTP connection", Outside::Http, OutsideFault::NoAnswer(NoAnswer::Refused)),
        (ai, "Let the AI time out", Outside::Ai, timeout),
    ]
    .into_iter()
    .filter(|(is_asked, ..)| *is_asked)
    .map(|(_, label, to, failure)| MenuItem {
        label: label.to_owned(),
        note: "the next request fails".to_owned(),
        does: Choice::Act(Act::FaultOutside(to, failure)),
    })
}

/// Cutting what is connected, connecting what is cut.
fn links(session: &Session) -> impl Iterator<Item = MenuItem> {
    let program = session.program();
    program.channel_ids().map(|id| {
        let channel = program.channel(id);
        if session.links().is_connected(id) {
            MenuItem {
                label: format!("Cut {}", channel.name),
                note: "until it is connected again".to_owned(),
                does: Choice::Act(Act::Disconnect(Some(channel.id.to_string()))),
            }
        } else {
            MenuItem {
                label: format!("Connect {}", channel.name),
                note: "it is cut now".to_owned(),
                does: Choice::Act(Act::Connect(channel.id.to_string())),
            }
        }
    })
}

/// The state of a channel in words: cut, or how long its messaging window stays open; `None` when there is nothing to say.
pub fn window(session: &Session, channel: crate::engine::ChannelId) -> Option<String> {
    window_at(session, channel, session.now())
}

/// [`window`] as a running clock shows it.
pub fn window_at(session: &Session, channel: crate::engine::ChannelId, now: crate::engine::Instant) -> Option<String> {
    let links = session.links();
    if !links.is_connected(channel) {
        return Some("cut".to_owned());
    }
    if !ChannelType::has_window(session.program().channel(channel).kind) {
        return None;
    }
    let end = links.window_end(channel).filter(|end| *end > now);
    Some(end.map_or_else(|| "window closed".to_owned(), |end| format!("window {} left", hours(end.since(now)))))
}

/// The state of a channel in a word, to stand behind its name: `23:59`, `closed`, `cut`.
pub fn window_in_short(
    session: &Session,
    channel: crate::engine::ChannelId,
    now: crate::engine::Instant,
) -> Option<String> {
    let words = window_at(session, channel, now)?;
    Some(words.trim_start_matches("window ").trim_end_matches(" left").to_owned())
}
