//! The update, continued: what is typed into the chat, a message or a command after a slash.

use crate::engine::Kind;
use crate::rehearsal::{Act, Command, Query, command, plain};

use super::app::{App, Effect, Focus, Toast};
use super::popup::Popup;
use super::update::{act, refuse};
use super::words;

/// Sends what is typed, or the option that is picked out.
pub fn send(app: &mut App) {
    if app.input.editor.is_empty() {
        if let Some(option) = app.input.highlighted.and_then(|index| app.options().get(index)).cloned() {
            say(app, Act::Say(option));
        }
        return;
    }
    let line = app.input.editor.text().to_owned();
    if line_entered(app, &line) {
        app.input.history.push(line);
        app.input.editor.clear();
    }
}

/// Does a line as line mode does: a message, or a command after a slash. Returns whether it was taken.
pub fn line_entered(app: &mut App, line: &str) -> bool {
    match command::parse(line) {
        Ok(Command::Act(Act::Say(text))) => say(app, Act::Say(text)),
        Ok(command) => run(app, command),
        Err(error) => {
            app.fail(error.to_string());
            false
        }
    }
}

/// Starts over with the files as they are now. When they cannot be played, the version that ran goes on from the start.
fn start_over(app: &mut App, name: Option<&str>) -> bool {
    app.earlier.keep(&app.fold, &app.rehearsal);
    match app.rehearsal.start_over(app.files.as_deref_mut(), name) {
        Err(refused) => return refuse(app, &refused),
        Ok(trouble) => {
            app.asking.forget();
            app.fold = super::fold::Fold::default();
            app.cut_back();
            app.chat.follow_newest();
            app.tell_courier(0);
            if let Some(trouble) = trouble {
                app.fail(format!("{trouble}; the version before it runs on"));
            }
        }
    }
    true
}

/// Returns whether the command was taken. It is, when only what follows goes wrong, such as a row that cannot be written to its sheet.
pub fn run(app: &mut App, command: Command) -> bool {
    match command {
        Command::Act(what) => return act(app, what),
        Command::Undo(count) => {
            let last = app.rehearsal.acts().last().map(words::act);
            match app.rehearsal.undo(count) {
                Ok(outcome) => {
                    app.cut_back();
                    app.say_done("Undone", outcome.count, last);
                }
                Err(refused) => return refuse(app, &refused),
            }
        }
        Command::Redo(count) => match app.rehearsal.redo(count) {
            Ok(outcome) => {
                app.cut_back();
                let last = app.rehearsal.acts().last().map(words::act);
                app.say_done("Done again", outcome.count, last);
            }
            Err(refused) => return refuse(app, &refused),
        },
        Command::Restart => return start_over(app, None),
        Command::Contact(name) => return start_over(app, Some(&name)),
        Command::Query(Query::State) => app.focus = Focus::Contact,
        Command::Query(Query::Timers) => app.focus = Focus::Timers,
        Command::Query(Query::Why) => {
            app.focus = Focus::Decisions;
            app.panes.decision = 0;
            if let Some(newest) = app.fold.decisions().last() {
                app.panes.toggled.remove(newest);
            }
            // What is no decision stands in no pane of decisions.
            let turn = app.rehearsal.turning_point().filter(|turn| !matches!(turn.kind, Kind::BranchTaken { .. }));
            if let Some(text) = turn.map(|turn| plain::event(app.rehearsal.program(), &turn)) {
                app.toast = Some(Toast { text, is_error: false });
            }
        }
        Command::Query(Query::Help) => app.popup = Some(Popup::Help(0)),
        Command::Quit => app.effect = Some(Effect::Quit),
    }
    true
}

/// Sends a message of the contact and shows it. Returns whether it was taken.
pub fn say(app: &mut App, message: Act) -> bool {
    let taken = act(app, message);
    app.chat.follow_newest();
    app.focus = Focus::Input;
    taken
}
