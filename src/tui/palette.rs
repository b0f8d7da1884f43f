//! The command palette: every key and command, found by typing, under headings while nothing is typed.

use crate::rehearsal::COMMANDS;
use crate::text::LineEditor;

use super::action::Action;
use super::keymap;

/// Commands found by typing.
#[derive(Debug, Clone, Default)]
pub struct Palette {
    /// What was typed.
    pub editor: LineEditor,
    /// The chosen line of what was found.
    pub selected: usize,
}

/// One line of the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What is typed or pressed for it.
    pub name: String,
    /// What it does, or the key that does it.
    pub summary: &'static str,
    /// The heading it stands under while nothing is typed.
    pub group: Group,
    /// How it is done.
    pub does: Does,
}

/// How a line of the palette is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// As its key does.
    Action(Action),
    /// As a line, which is complete.
    Run(String),
    /// As a line that needs more: it is put into the palette to be completed.
    Complete(String),
}

impl Palette {
    /// What fits the text typed so far, best first. A command with what follows it is a line of its own.
    pub fn found(&self) -> Vec<Found> {
        let typed = self.editor.text().trim_start().trim_start_matches('/');
        let (name, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        if let Some(command) = COMMANDS.iter().find(|command| command.name == name && !rest.trim().is_empty()) {
            let line = format!("/{}", typed.trim());
            let (summary, group) = (brief(command.summary), group_of(command.name));
            return vec![Found { name: line.clone(), summary, group, does: Does::Run(line) }];
        }
        let commands = COMMANDS.iter().map(|command| {
            let line = format!("/{}", command.name);
            let needs_more = !command.arguments.is_empty() && !command.arguments.starts_with('[');
            let does = if let Some(action) = opens(command.name) {
                Does::Action(action)
            } else if needs_more {
                Does::Complete(format!("{} ", command.name))
            } else {
                Does::Run(line.clone())
            };
            let name = if command.arguments.is_empty() { line } else { format!("{line} {}", command.arguments) };
            (command.name, Found { name, summary: brief(command.summary), group: group_of(command.name), does })
        });
        let keys = keymap::help().filter(|binding| is_command(&binding.action)).map(|binding| {
            let does = Does::Action(binding.action);
            let group = group_of_key(&binding.action);
            (binding.help, Found { name: capital(binding.help), summary: binding.label, group, does })
        });
        // By name, the keys at the right; what has a key first, then what is typed.
        let mut found: Vec<(usize, Found)> = keys
            .chain(commands)
            .filter_map(|(name, found)| Some((rank(typed.trim(), name, found.summary)?, found)))
            .collect();
        // While nothing is typed they stand under headings; after that the best comes first.
        found.sort_by_key(|(rank, found)| (*rank, typed.is_empty().then_some(found.group)));
        found.into_iter().map(|(_, found)| found).collect()
    }
}

/// The headings of the palette, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Moving time, running the clock.
    Time,
    /// Undo, restart, what starts a run.
    Run,
    /// What the contact sends and what is known of it.
    Contact,
    /// Channels and what can fail on them.
    Channels,
    /// Agents and users.
    Team,
    /// Requests, answers, sheets.
    Outside,
    /// What is looked at, and leaving.
    Screen,
}

impl Group {
    /// The words of the heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Run => "The run",
            Self::Contact => "The contact",
            Self::Channels => "Channels and failures",
            Self::Team => "The team",
            Self::Outside => "The outside world",
            Self::Screen => "This program",
        }
    }
}

fn group_of(command: &str) -> Group {
    match command {
        "forward" | "next" | "until" => Group::Time,
        "undo" | "redo" | "restart" | "contact" | "shortcut" | "webhook" | "ad" => Group::Run,
        "attach" | "location" | "set" | "tag" | "untag" | "lifecycle" => Group::Contact,
        "channel" | "connect" | "disconnect" | "fault" => Group::Channels,
        "agent" | "close" | "stop" | "assign" | "presence" | "load" => Group::Team,
        "http" | "ai" | "mock" => Group::Outside,
        _ => Group::Screen,
    }
}

const fn group_of_key(action: &Action) -> Group {
    use Action as A;
    match action {
        A::Forward(_) | A::NextTimer | A::AskTime | A::TogglePause | A::Faster => Group::Time,
        A::Undo | A::Redo | A::Restart | A::OpenStarts => Group::Run,
        A::OpenFaults | A::OpenChannels => Group::Channels,
        A::OpenPeople => Group::Team,
        A::OpenAnswer | A::OpenSheets | A::OpenAsides => Group::Outside,
        _ => Group::Screen,
    }
}

/// The beginning of what a command does, which fits on its line; the help has all of it.
fn brief(summary: &'static str) -> &'static str {
    let end = ["; ", ": ", " ("].into_iter().filter_map(|mark| summary.find(mark)).min();
    end.and_then(|end| summary.get(..end)).unwrap_or(summary)
}

/// What a command without its arguments opens, when there is something to fill them in with.
fn opens(command: &str) -> Option<Action> {
    match command {
        "http" | "ai" => Some(Action::OpenAnswer),
        "shortcut" | "webhook" => Some(Action::OpenStarts),
        "presence" | "load" | "assign" => Some(Action::OpenPeople),
        _ => None,
    }
}

/// Whether an action makes sense from the palette: what edits text or moves about does not.
const fn is_command(action: &Action) -> bool {
    use Action as A;
    matches!(
        action,
        A::Forward(_)
            | A::NextTimer
            | A::AskTime
            | A::TogglePause
            | A::Faster
            | A::OpenFaults
            | A::OpenChannels
            | A::OpenAnswer
            | A::OpenStarts
            | A::OpenPeople
            | A::OpenSheets
            | A::OpenAsides
            | A::OpenHelp
            | A::Undo
            | A::Redo
            | A::Restart
            | A::Suspend
            | A::Quit
    )
}

/// A text that begins with a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// How well a line fits what was typed, 0 best; `None` when it does not.
fn rank(typed: &str, name: &str, summary: &str) -> Option<usize> {
    let (typed, name, summary) = (typed.to_lowercase(), name.to_lowercase(), summary.to_lowercase());
    if name.starts_with(&typed) {
        Some(0)
    } else if name.contains(&typed) {
        Some(1)
    } else if summary.contains(&typed) {
        Some(2)
    } else if !name.contains(' ') && is_subsequence(&typed, &name) {
        Some(3)
    } else {
        None
    }
}

fn is_subsequence(typed: &str, text: &str) -> bool {
    let mut text = text.chars();
    typed.chars().filter(|c| !c.is_whitespace()).all(|wanted| text.any(|c| c == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(typed: &str) -> Vec<String> {
        let mut palette = Palette::default();
        palette.editor.set(typed);
        palette.found().into_iter().map(|found| found.name).collect()
    }

    #[test]
    fn the_palette_finds_by_name_before_summary_and_by_letters_last() {
        assert_eq!(names("und").first().map(String::as_str), Some("/undo [N]"));
        assert_eq!(names("fwd"), ["/forward DURATION"]);
        assert!(names("tag").len() >= 2);
        assert!(names("").len() > COMMANDS.len());
    }

    #[test]
    fn every_group_stands_together_under_its_heading() {
        let groups: Vec<Group> = Palette::default().found().iter().map(|found| found.group).collect();
        assert!(groups.is_sorted(), "{groups:?}");
        assert_eq!(groups.first(), Some(&Group::Time));
        assert_eq!(groups.last(), Some(&Group::Screen));
    }

    #[test]
    fn a_command_with_its_arguments_is_run_as_typed() {
        assert_eq!(names("forward 2 days"), ["/forward 2 days"]);
        assert_eq!(names("/set var.x=1"), ["/set var.x=1"]);
    }
}
