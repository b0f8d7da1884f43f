//! Slash mode: a command that is being typed into the chat lists the commands that fit; one is picked out and completed.

use crate::rehearsal::{COMMANDS, CommandHelp};

use super::action::Towards;
use super::app::App;

/// The commands that fit what is typed, while only the name of one is being typed; nothing otherwise.
pub fn found(app: &App) -> Vec<&'static CommandHelp> {
    let Some(name) = app.input.editor.text().strip_prefix('/') else { return Vec::new() };
    if name.contains(|c: char| c == '/' || c.is_whitespace()) {
        return Vec::new();
    }
    COMMANDS.iter().filter(|command| command.name.starts_with(name)).collect()
}

/// The command whose name is typed, with what follows it.
pub fn typed(app: &App) -> Option<&'static CommandHelp> {
    let name = app.input.editor.text().strip_prefix('/')?.split_whitespace().next()?;
    COMMANDS.iter().find(|command| command.name == name)
}

/// Whether a command is being typed and not a message.
pub fn is_on(app: &App) -> bool {
    let text = app.input.editor.text();
    text.starts_with('/') && !text.starts_with("//")
}

/// Whether there is something to complete.
pub fn completes(app: &App) -> bool {
    !found(app).is_empty()
}

/// Completes what is typed to the command picked out.
pub fn complete(app: &mut App) {
    let found = found(app);
    if let Some(command) = found.get(app.slash.min(found.len().saturating_sub(1))) {
        let blank = if command.arguments.is_empty() { "" } else { " " };
        app.input.editor.set(&format!("/{}{blank}", command.name));
        app.slash = 0;
    }
}

/// The command picked out next, round at the ends; `None` when none are listed.
pub fn step(app: &App, towards: Towards) -> Option<usize> {
    let last = found(app).len().checked_sub(1)?;
    let here = app.slash.min(last);
    Some(match towards {
        Towards::Previous => here.checked_sub(1).unwrap_or(last),
        Towards::Next if here == last => 0,
        Towards::Next => here + 1,
    })
}
