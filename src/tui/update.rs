//! The update: does an action. The only place that changes the state of the screen.

use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Size};

use crate::rehearsal::{Act, Command, Refused};
use crate::text::LineEditor;

use super::action::{Action, Towards};
use super::app::{App, Effect, Focus, Toast};
use super::entered::{line_entered, run, say, send};
use super::input;
use super::keymap;
use super::operate::{self, check_form};
use super::popup::{Choice, Does, Menu, Palette, Popup};
use super::slash;

/// Lines one notch of the wheel scrolls (our choice).
const NOTCH: isize = 3;

/// Takes an event of the terminal. Returns whether the screen has to be drawn again.
pub fn take(app: &mut App, event: &Event) -> bool {
    if let Some(drawn) = app.hold(event) {
        return drawn;
    }
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            let Some(action) = keymap::action(app, key) else { return false };
            app.toast = app.toast.take().filter(|_| action == Action::Interrupt);
            app.asked_to_quit &= action == Action::Quit;
            update(app, action);
            app.follow_request();
            app.leave_to_banner();
            true
        }
        Event::Paste(text) => {
            app.toast = None;
            paste(app, text);
            true
        }
        Event::Mouse(mouse) => click(app, *mouse),
        Event::Resize(width, height) => {
            app.size = Size::new(*width, *height);
            true
        }
        _ => false,
    }
}

fn click(app: &mut App, mouse: MouseEvent) -> bool {
    let place = Position::new(mouse.column, mouse.row);
    let notches = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => {
            let Some(action) = app.hit(place) else { return false };
            app.toast = None;
            app.asked_to_quit &= action == Action::Quit;
            update(app, action);
            if action == Action::FocusOn(Focus::Input) {
                super::view::place_caret(app, place);
            }
            app.follow_request();
            return true;
        }
        MouseEventKind::ScrollUp => -1,
        MouseEventKind::ScrollDown => 1,
        _ => return false,
    };
    if let Some(popup) = &mut app.popup {
        let towards = if notches < 0 { Towards::Previous } else { Towards::Next };
        popup.step(towards, 1, app.rehearsal.program().users().len());
        return true;
    }
    let pane = super::view::pane_at(app, place);
    match pane {
        Some(pane) => update(app, Action::ScrollPane(pane, notches)),
        None => update(app, Action::ScrollChat(notches * NOTCH)),
    }
    true
}

fn paste(app: &mut App, text: &str) {
    let fits = if let Some(popup) = &mut app.popup {
        let text = text.trim_end_matches(['\r', '\n']);
        let fits = match popup {
            Popup::Form(form) => form.paste(text),
            popup => popup.editor().is_none_or(|editor| editor.insert(text)),
        };
        check_form(app);
        fits
    } else {
        app.focus = Focus::Input;
        app.input.highlighted = None;
        app.input.editor.insert(text)
    };
    if !fits {
        app.fail(format!("only the first {} characters were taken", crate::text::MAX_INPUT_CHARS));
    }
}

/// Does an action.
pub fn update(app: &mut App, action: Action) {
    match action {
        Action::Insert(character) => {
            if let Some(Popup::Form(form)) = &mut app.popup {
                form.insert(character);
                return check_form(app);
            }
            app.typed(|editor| {
                if !editor.insert(character.encode_utf8(&mut [0; 4])) {
                    editor.end();
                }
            });
        }
        Action::Edit(change) => {
            app.typed(|editor| input::edit(editor, change));
            check_form(app);
        }
        Action::Confirm => confirm(app),
        Action::RecallPrevious => {
            if let Some(command) = slash::step(app, Towards::Previous) {
                return app.slash = command;
            }
            if let Some(line) = app.input.history.previous(app.input.editor.text()).map(str::to_owned) {
                app.input.editor.set(&line);
            }
        }
        Action::RecallNext => {
            if let Some(command) = slash::step(app, Towards::Next) {
                return app.slash = command;
            }
            if let Some(line) = app.input.history.next().map(str::to_owned) {
                app.input.editor.set(&line);
            }
        }
        Action::Complete if slash::completes(app) => slash::complete(app),
        Action::Complete => {
            let rest = app.completion().map(str::to_owned);
            let typed = app.input.editor.text();
            let option = rest.and_then(|rest| {
                app.options()
                    .iter()
                    .find(|option| option.ends_with(&rest) && option.to_lowercase().starts_with(&typed.to_lowercase()))
            });
            if let Some(option) = option.cloned() {
                app.input.editor.set(&option);
            }
        }
        Action::Highlight(towards) => {
            let count = app.options().len();
            app.input.highlight(towards, count);
        }
        Action::Pick(index) => match app.options().get(index).cloned() {
            Some(option) => {
                say(app, Act::Say(option));
            }
            None => app.fail("no option has that number now".to_owned()),
        },
        Action::Focus(towards) => {
            let count = Focus::ALL.len();
            let here = Focus::ALL.iter().position(|pane| *pane == app.focus).unwrap_or(0);
            let there = if towards == Towards::Next { here + 1 } else { here + count - 1 } % count;
            app.focus = Focus::ALL.get(there).copied().unwrap_or(Focus::Input);
        }
        Action::FocusOn(pane) => app.focus = pane,
        Action::ScrollChat(lines) => scroll_chat(app, lines),
        Action::PageChat(towards) => {
            let page = isize::try_from(app.layout().messages.height.saturating_sub(2).max(1)).unwrap_or(1);
            let users = app.rehearsal.program().users().len();
            match &mut app.popup {
                Some(popup) => popup.step(towards, page.unsigned_abs(), users),
                None => scroll_chat(app, if towards == Towards::Previous { -page } else { page }),
            }
        }
        Action::ScrollToEnd => app.chat.follow_newest(),
        Action::Move(towards) => {
            let users = app.rehearsal.program().users().len();
            match &mut app.popup {
                Some(popup) => popup.step(towards, 1, users),
                None => move_in_pane(app, towards),
            }
        }
        Action::ScrollPane(pane, lines) => scroll_pane(app, pane, lines),
        Action::ToggleDecision => {
            let newest_first = app.fold.decisions().iter().rev();
            if let Some(event) = newest_first.copied().nth(app.panes.decision) {
                toggle(app, event);
            }
        }
        Action::ToggleDecisionAt(event) => {
            app.focus = Focus::Decisions;
            let newest_first = app.fold.decisions().iter().rev();
            app.panes.decision = newest_first.take_while(|other| **other != event).count();
            toggle(app, event);
        }
        Action::Forward(span) => {
            act(app, Act::Forward(span));
        }
        // Nothing pending is no mistake of whoever asks.
        Action::NextTimer if app.rehearsal.session().next_deadline().is_none() => {
            app.toast = Some(Toast { text: "No timer is pending".to_owned(), is_error: false });
        }
        Action::NextTimer => {
            act(app, Act::Next);
        }
        Action::AskTime => app.popup = Some(Popup::Time(LineEditor::new())),
        Action::TogglePause => app.clock.toggle(),
        Action::Faster => app.clock.faster(),
        Action::OpenFaults => app.popup = Some(Popup::Menu(Menu::faults(app.rehearsal.session()))),
        Action::OpenChannels => app.popup = Some(Popup::Menu(Menu::channels(app.rehearsal.session()))),
        Action::OpenPalette => app.popup = Some(Popup::Palette(Palette::default())),
        Action::OpenHelp => app.popup = Some(Popup::Help(0)),
        Action::Choose(index) => {
            match &mut app.popup {
                Some(Popup::Menu(menu) | Popup::Asides(menu)) => menu.selected = index,
                Some(Popup::Palette(palette)) => palette.selected = index,
                Some(Popup::People(selected)) => {
                    *selected = index;
                    return;
                }
                _ => return,
            }
            confirm(app);
        }
        Action::OpenAnswer
        | Action::OpenStarts
        | Action::OpenForm(_)
        | Action::OpenPeople
        | Action::OpenSheets
        | Action::OpenAsides
        | Action::ShowEvent(_)
        | Action::ShowStep
        | Action::PickStep(_)
        | Action::Cycle(_)
        | Action::FocusField(_)
        | Action::PickWord(..)
        | Action::TogglePresence
        | Action::Load(_)
        | Action::AssignChosen
        | Action::Sideways(_) => operate::update(app, action),
        Action::Undo => {
            run(app, Command::Undo(1));
        }
        Action::Redo => {
            run(app, Command::Redo(1));
        }
        Action::Restart => {
            run(app, Command::Restart);
        }
        Action::Close => close(app),
        Action::Suspend => app.effect = Some(Effect::Suspend),
        Action::Quit => quit(app),
        Action::Interrupt => interrupt(app),
    }
}

/// Closes the popup, else gives the keys to the input, else stops picking out options.
fn close(app: &mut App) {
    if operate::close_popup(app) {
        return;
    }
    app.focus = Focus::Input;
    app.input.highlighted = None;
}

/// Leaves; asks once when there is something to lose.
fn quit(app: &mut App) {
    const AGAIN: &str = "Ctrl-Q once more leaves this run";
    let is_sure = app.asked_to_quit || app.rehearsal.acts().next().is_none() && app.input.editor.is_empty();
    if is_sure {
        app.effect = Some(Effect::Quit);
        return;
    }
    app.asked_to_quit = true;
    app.toast = Some(Toast { text: AGAIN.to_owned(), is_error: false });
}

/// Ctrl-C twice leaves: once it empties the input or says so.
fn interrupt(app: &mut App) {
    const AGAIN: &str = "Ctrl-C once more leaves";
    if app.toast.as_ref().is_some_and(|toast| toast.text == AGAIN) {
        app.effect = Some(Effect::Quit);
        return;
    }
    operate::close_popup(app);
    app.popup = None;
    app.input.editor.clear();
    app.toast = Some(Toast { text: AGAIN.to_owned(), is_error: false });
}

fn confirm(app: &mut App) {
    match app.popup.take() {
        None => send(app),
        Some(Popup::Help(_) | Popup::Sheets(_) | Popup::Details(_) | Popup::People(_)) => {}
        Some(Popup::Form(form)) => operate::send_form(app, form),
        Some(Popup::Menu(menu)) => match menu.items.into_iter().nth(menu.selected).map(|item| item.does) {
            Some(Choice::Act(what)) => {
                act(app, what);
            }
            Some(Choice::Open(action)) => update(app, action),
            None => {}
        },
        Some(Popup::Asides(menu)) => operate::show_chosen(app, menu),
        Some(Popup::Time(editor)) => move_time(app, editor),
        Some(Popup::Palette(mut palette)) => {
            match palette.found().into_iter().nth(palette.selected).map(|found| found.does) {
                None => {
                    app.fail(format!("no command matches \"{}\"", palette.editor.text()));
                    app.popup = Some(Popup::Palette(palette));
                }
                Some(Does::Action(action)) => update(app, action),
                Some(Does::Run(line)) => {
                    if !line_entered(app, &line) {
                        app.popup = Some(Popup::Palette(palette));
                    }
                }
                Some(Does::Complete(text)) => {
                    palette.editor.set(&text);
                    palette.selected = 0;
                    app.popup = Some(Popup::Palette(palette));
                }
            }
        }
    }
}

/// Moves time as the prompt asks: a duration such as `2 days`, else an instant such as `09:00`.
fn move_time(app: &mut App, editor: LineEditor) {
    let written = editor.text().trim();
    if written.is_empty() {
        return;
    }
    let moved = match crate::flow::duration::parse_duration(written) {
        Ok(span) => app.act(Act::Forward(span)).map(|_| ()).map_err(|error| error.to_string()),
        Err(_) => app
            .act(Act::Until(written.to_owned()))
            .map(|_| ())
            .map_err(|error| format!("{error}, or a duration like 2 days")),
    };
    if let Err(problem) = moved {
        app.fail(problem);
        app.popup = Some(Popup::Time(editor));
    }
}

/// Does something. Returns whether it was taken.
pub(super) fn act(app: &mut App, what: Act) -> bool {
    match app.act(what) {
        Ok(_) => true,
        Err(refused) => refuse(app, &refused),
    }
}

pub(super) fn refuse(app: &mut App, refused: &Refused) -> bool {
    app.fail(refused.to_string());
    false
}

fn scroll_chat(app: &mut App, lines: isize) {
    let area = app.layout().messages;
    let mut chat = std::mem::take(&mut app.chat);
    chat.scroll(app, area, lines);
    app.chat = chat;
}

fn move_in_pane(app: &mut App, towards: Towards) {
    if app.focus == Focus::Decisions {
        let last = app.fold.decisions().len().saturating_sub(1);
        app.panes.decision = match towards {
            Towards::Previous => app.panes.decision.saturating_sub(1),
            Towards::Next => (app.panes.decision + 1).min(last),
        };
        app.panes.scrolled[2] = None;
        return;
    }
    if app.focus == Focus::Outline {
        return super::outline::step(app, towards);
    }
    scroll_pane(app, app.focus, if towards == Towards::Previous { -1 } else { 1 });
}

fn scroll_pane(app: &mut App, pane: Focus, lines: isize) {
    let Some(index) = pane.side_index() else { return scroll_chat(app, lines) };
    let (first, last) = super::view::pane_scroll(app, pane);
    if let Some(scrolled) = app.panes.scrolled.get_mut(index) {
        *scrolled = Some(scrolled.unwrap_or(first).saturating_add_signed(lines).min(last));
    }
}

fn toggle(app: &mut App, event: usize) {
    if !app.panes.toggled.remove(&event) {
        app.panes.toggled.insert(event);
    }
}

impl App {
    /// Says at the foot of the screen what went wrong and how to mend it.
    pub fn fail(&mut self, text: String) {
        self.toast = Some(Toast { text, is_error: true });
    }

    pub(super) fn say_done(&mut self, what: &str, count: usize, last: Option<String>) {
        let steps = match (count, last) {
            (1, Some(act)) => act,
            (1, None) => "one step".to_owned(),
            _ => format!("{count} steps"),
        };
        self.toast = Some(Toast { text: format!("{what}: {steps}"), is_error: false });
    }

    /// Changes the text that is being typed: a popup's, else the chat input, which gets the keys.
    fn typed(&mut self, change: impl FnOnce(&mut LineEditor)) {
        if let Some(popup) = &mut self.popup {
            if let Some(editor) = popup.editor() {
                change(editor);
            }
            if let Popup::Palette(palette) = popup {
                palette.selected = 0;
            }
        } else {
            change(&mut self.input.editor);
            self.focus = Focus::Input;
            self.slash = 0;
            self.input.highlighted = None;
        }
    }
}
