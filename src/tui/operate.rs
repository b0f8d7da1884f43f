//! The update, continued: forms, people, tables, and what happened behind the scenes.

use crate::rehearsal::Act;

use super::action::{Action, Towards};
use super::app::{App, Focus};
use super::form::Form;
use super::outline;
use super::people::{Person, people};
use super::popup::{Choice, Detailed, Details, Menu, Popup, Scroll};
use super::update::act;

/// Does one of the actions that reach outside the conversation.
pub fn update(app: &mut App, action: Action) {
    match action {
        Action::OpenAnswer if app.open_answer_form() => {}
        Action::OpenAnswer => app.fail("nothing waits for an answer of the outside world now".to_owned()),
        Action::OpenStarts => open_starts(app),
        Action::OpenForm(purpose) => app.open_form(purpose),
        Action::OpenPeople => {
            if app.rehearsal.program().users().is_empty() {
                app.fail("the workspace has no users".to_owned());
            } else {
                app.popup = Some(Popup::People(0));
            }
        }
        Action::OpenSheets => {
            if app.fold.sheet_rows().is_empty() {
                app.fail("no row was added to a sheet yet".to_owned());
            } else {
                app.popup = Some(Popup::Sheets(Scroll::default()));
            }
        }
        Action::OpenAsides => {
            let menu = Menu::asides(app);
            if menu.items.is_empty() {
                app.fail("nothing happened behind the scenes yet".to_owned());
            } else {
                app.popup = Some(Popup::Asides(menu));
            }
        }
        Action::ShowEvent(event) => {
            app.popup = Some(Popup::Details(Details { of: Detailed::Event(event), scrolled: 0, list: None }));
        }
        Action::ShowStep => {
            if let Some(step) = outline::picked(app) {
                app.popup = Some(Popup::Details(Details { of: Detailed::Step(step), scrolled: 0, list: None }));
            }
        }
        Action::PickStep(step) => {
            // A click picks a step out, one more opens it.
            let again = app.focus == Focus::Outline && outline::picked(app) == Some(step);
            app.focus = Focus::Outline;
            app.panes.step = Some(step);
            if again {
                update(app, Action::ShowStep);
            }
        }
        Action::Cycle(towards) => on_form(app, |form| {
            if let Some(field) = form.focused_mut() {
                field.cycle(towards);
            }
        }),
        Action::FocusField(index) => on_form(app, |form| form.focus = index),
        Action::PickWord(field, word) => on_form(app, |form| {
            form.focus = field;
            if let Some(field) = form.focused_mut() {
                field.pick(word);
            }
        }),
        Action::TogglePresence => on_person(app, |person| Some(person.toggled())),
        Action::Load(towards) => on_person(app, |person| person.loaded(towards)),
        Action::AssignChosen => on_person(app, |person| Some(person.assigned())),
        Action::Sideways(towards) => {
            if let Some(Popup::Sheets(scroll)) = &mut app.popup {
                scroll.columns = match towards {
                    Towards::Previous => scroll.columns.saturating_sub(1),
                    Towards::Next => scroll.columns + 1,
                };
            }
        }
        _ => {}
    }
}

/// Opens what starts a workflow from outside: the only thing there is, else a menu.
fn open_starts(app: &mut App) {
    let mut menu = Menu::starts(app.rehearsal.session());
    match menu.items.as_slice() {
        [] => app.fail("no workflow here is started by a shortcut, a webhook or an ad".to_owned()),
        [only] if matches!(only.does, Choice::Open(_)) => {
            if let Some(Choice::Open(action)) = menu.items.pop().map(|item| item.does) {
                update(app, action);
            }
        }
        _ => app.popup = Some(Popup::Menu(menu)),
    }
}

fn on_form(app: &mut App, change: impl FnOnce(&mut Form)) {
    if let Some(Popup::Form(form)) = &mut app.popup {
        change(form);
    }
    check_form(app);
}

/// Checks the field of the open form that was just changed.
pub fn check_form(app: &mut App) {
    if let Some(Popup::Form(form)) = &mut app.popup {
        form.check(app.rehearsal.session());
    }
}

fn on_person(app: &mut App, what: impl FnOnce(&Person<'_>) -> Option<Act>) {
    let Some(Popup::People(selected)) = app.popup else { return };
    let what = people(&app.rehearsal).nth(selected).and_then(|person| what(&person));
    if let Some(what) = what {
        act(app, what);
    }
}

/// Sends a form. Refused, it stays as it was and says why.
pub fn send_form(app: &mut App, mut form: Box<Form>) {
    app.asking.remember(&form, true);
    let Some(what) = form.act(app.rehearsal.session()) else {
        app.popup = Some(Popup::Form(form));
        return;
    };
    if let Err(refused) = app.act(what) {
        app.fail(refused.to_string());
        app.popup = Some(Popup::Form(form));
    }
}

/// Shows the chosen line of the list in full; the list comes back afterwards.
pub fn show_chosen(app: &mut App, menu: Menu) {
    if let Some(Choice::Open(Action::ShowEvent(event))) = menu.items.get(menu.selected).map(|item| &item.does) {
        app.popup = Some(Popup::Details(Details { of: Detailed::Event(*event), scrolled: 0, list: Some(menu) }));
    }
}

/// Closes what lies over the screen; what was typed into a form is kept for the next time. Returns whether anything did.
pub fn close_popup(app: &mut App) -> bool {
    match app.popup.take() {
        None => return false,
        Some(Popup::Form(form)) => {
            app.asking.remember(&form, false);
            if form.purpose.is_answer() {
                app.asking.leave();
            }
        }
        Some(Popup::Details(Details { list: Some(menu), .. })) => app.popup = Some(Popup::Asides(menu)),
        Some(_) => {}
    }
    true
}
