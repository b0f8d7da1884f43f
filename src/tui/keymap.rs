//! The keymap: one table of keys. It takes the keys, and the hints, the help and the palette are read from it, so that what they say is true.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::{Action, Edit, Towards};
use super::app::{App, Focus};
use super::form::Field;
use super::popup::Popup;
use super::slash;
use crate::engine::event::KindOf as Kind;
use crate::engine::{ShownAs, WaitKind};

/// One line of the table.
pub struct Binding {
    /// The key.
    key: Key,
    /// The key as it is printed on a keyboard.
    pub label: &'static str,
    /// What it does.
    pub action: Action,
    /// Where it holds.
    scope: Scope,
    /// When it holds.
    when: When,
    /// Its words in the hint bar; empty for none.
    hint: &'static str,
    /// Its words in the help and the palette; empty when another line of the table says it.
    pub help: &'static str,
}

/// A key with its modifiers. Shift is left out for characters, which carry it in themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key(KeyCode, KeyModifiers);

/// Where a key holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Everywhere.
    Anywhere,
    /// Without a popup.
    Screen,
    /// While the input has the focus.
    Input,
    /// While a pane has the focus.
    Pane,
    /// While a popup is open.
    Popup,
    /// While a popup is open in which text is typed.
    PopupInput,
    /// While a form is open.
    Form,
    /// While the people are open.
    People,
}

type When = fn(&App) -> bool;

const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;

const fn always(_: &App) -> bool {
    true
}

fn empty(app: &App) -> bool {
    app.input.editor.is_empty()
}

fn has_text(app: &App) -> bool {
    !empty(app)
}

fn one_line(app: &App) -> bool {
    !app.input.editor.text().contains('\n')
}

fn completes(app: &App) -> bool {
    app.completion().is_some() && app.input.editor.cursor() == app.input.editor.text().len()
}

fn can_pick(app: &App) -> bool {
    empty(app) && !app.options().is_empty()
}

fn is_command(app: &App) -> bool {
    slash::is_on(app)
}

fn slashes(app: &App) -> bool {
    slash::completes(app)
}

/// Whether the options stand below one another.
fn lists_down(app: &App) -> bool {
    let row = app.fold.last_question().and_then(|row| app.fold.rows().get(row));
    let event = row.and_then(|row| app.rehearsal.log().get(row.event));
    can_pick(app)
        && event.is_some_and(|event| {
            matches!(event.kind, Kind::QuestionAsked { shown_as: ShownAs::List | ShownAs::Numbered, .. })
        })
}

fn lists_across(app: &App) -> bool {
    can_pick(app) && !lists_down(app)
}

/// Whether anything moves in the focused pane.
fn moves(app: &App) -> bool {
    app.focus == Focus::Decisions && app.fold.decisions().len() > 1
        || on_outline(app) && app.rehearsal.program().step_ids().nth(1).is_some()
        || super::view::pane_scroll(app, app.focus).1 > 0
}

fn can_send(app: &App) -> bool {
    has_text(app) || app.input.highlighted.is_some()
}

fn has_timer(app: &App) -> bool {
    app.rehearsal.session().next_deadline().is_some()
}

fn can_undo(app: &App) -> bool {
    app.rehearsal.can_undo_redo().0
}

fn can_redo(app: &App) -> bool {
    app.rehearsal.can_undo_redo().1
}

fn scrolled(app: &App) -> bool {
    app.chat.is_scrolled()
}

fn runs(app: &App) -> bool {
    app.clock.is_running()
}

fn stands(app: &App) -> bool {
    !app.clock.is_running()
}

fn on_decisions(app: &App) -> bool {
    app.focus == Focus::Decisions && !app.fold.decisions().is_empty()
}

fn on_outline(app: &App) -> bool {
    app.focus == Focus::Outline
}

fn has_lines(app: &App) -> bool {
    matches!(app.popup, Some(Popup::Menu(_) | Popup::Palette(_) | Popup::People(_) | Popup::Asides(_)))
}

fn confirms(app: &App) -> bool {
    !scrolls(app) && !matches!(app.popup, Some(Popup::People(_) | Popup::Form(_)))
}

fn scrolls(app: &App) -> bool {
    matches!(app.popup, Some(Popup::Help(_) | Popup::Sheets(_) | Popup::Details(_)))
}

fn on_table(app: &App) -> bool {
    matches!(app.popup, Some(Popup::Sheets(_)))
}

fn on_asides(app: &App) -> bool {
    matches!(app.popup, Some(Popup::Asides(_)))
}

fn picks_words(app: &App) -> bool {
    matches!(&app.popup, Some(Popup::Form(form)) if form.focused().is_some_and(Field::picks))
}

fn undoes_here(app: &App) -> bool {
    matches!(app.popup, Some(Popup::Form(_) | Popup::People(_)))
}

fn is_asked(app: &App) -> bool {
    app.pending_purpose().is_some() && !app.awaits_courier()
}

fn is_helped(app: &App) -> bool {
    app.rehearsal.session().waiting().is_some_and(|wait| wait.kind == WaitKind::Assignment)
}

fn has_rows(app: &App) -> bool {
    !app.fold.sheet_rows().is_empty()
}

fn can_start(app: &App) -> bool {
    let program = app.rehearsal.program();
    let is_free = !app.rehearsal.session().is_running();
    is_free && (program.shortcuts().next().is_some() || program.takes_webhooks() || program.takes_ads())
}

const fn minutes(count: u64) -> Action {
    Action::Forward(Duration::from_secs(60 * count))
}

macro_rules! table {
    ($($scope:ident $modifiers:ident $code:expr, $label:literal, $action:expr, $when:ident, $hint:literal, $help:literal;)+) => {
        /// Every key; the first line that holds takes it. Hints stand in this order.
        pub static BINDINGS: &[Binding] = &[$(Binding {
            key: Key($code, $modifiers), label: $label, action: $action, scope: Scope::$scope, when: $when, hint: $hint, help: $help,
        }),+];
    };
}

use KeyCode::{
    BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up,
};
use Towards::{Next, Previous};

table! {
    // Forms and the people.
    Form       NONE  Enter,          "Enter",       Action::Confirm,                    always,       "send",         "";
    Form       NONE  Tab,            "Tab",         Action::Move(Next),                 always,       "next field",   "";
    Form       NONE  BackTab,        "Shift-Tab",   Action::Move(Previous),             always,       "",             "";
    Form       SHIFT BackTab,        "Shift-Tab",   Action::Move(Previous),             always,       "",             "";
    Form       NONE  Up,             "↑",           Action::Move(Previous),             always,       "",             "";
    Form       NONE  Down,           "↓",           Action::Move(Next),                 always,       "",             "";
    Form       NONE  Right,          "←→",          Action::Cycle(Next),                picks_words,  "pick",         "";
    Form       NONE  Left,           "←",           Action::Cycle(Previous),            picks_words,  "",             "";
    Form       ALT   Enter,          "Alt-Enter",   Action::Edit(Edit::Newline),        always,       "",             "";
    Form       CTRL  Char('j'),      "Ctrl-J",      Action::Edit(Edit::Newline),        always,       "",             "";
    Form       CTRL  Left,           "Ctrl-←",      Action::Edit(Edit::WordLeft),       always,       "",             "";
    Form       CTRL  Right,          "Ctrl-→",      Action::Edit(Edit::WordRight),      always,       "",             "";
    Form       CTRL  Char('k'),      "Ctrl-K",      Action::Edit(Edit::DeleteToEnd),    always,       "",             "";
    Form       CTRL  Char('a'),      "Ctrl-A",      Action::Edit(Edit::Home),           always,       "",             "";
    Form       CTRL  Char('e'),      "Ctrl-E",      Action::Edit(Edit::End),            always,       "",             "";
    Form       CTRL  Char('g'),      "Ctrl-G",      Action::Close,                      always,       "",             "";
    Form       NONE  Esc,            "Esc",         Action::Close,                      always,       "close",        "";
    People     NONE  Char(' '),      "Space",       Action::TogglePresence,             always,       "on or off",    "";
    People     NONE  Enter,          "Enter",       Action::TogglePresence,             always,       "",             "";
    People     NONE  Char('+'),      "+ -",         Action::Load(Next),                 always,       "contacts",     "";
    People     NONE  Char('='),      "=",           Action::Load(Next),                 always,       "",             "";
    People     NONE  Char('-'),      "-",           Action::Load(Previous),             always,       "",             "";
    People     NONE  Char('a'),      "a",           Action::AssignChosen,               always,       "assign",       "";
    People     NONE  Esc,            "Esc",         Action::Close,                      always,       "close",        "";
    People     CTRL  Char('o'),      "Ctrl-O",      Action::Close,                      always,       "",             "";
    Popup      CTRL  Char('t'),      "Ctrl-T",      Action::Undo,                       undoes_here,  "undo",         "";
    Popup      CTRL  Char('y'),      "Ctrl-Y",      Action::Redo,                       undoes_here,  "",             "";

    // Popups.
    Popup      NONE  Right,          "←→",          Action::Sideways(Next),             on_table,     "columns",      "";
    Popup      NONE  Left,           "←",           Action::Sideways(Previous),         on_table,     "",             "";
    Popup      NONE  Enter,          "Enter",       Action::Confirm,                    on_asides,    "show",         "";
    Popup      NONE  Enter,          "Enter",       Action::Confirm,                    confirms,     "do it",        "";
    Popup      CTRL  Char('x'),      "Ctrl-X",      Action::Close,                      on_asides,    "",             "";
    Popup      CTRL  Char('r'),      "Ctrl-R",      Action::Close,                      on_table,     "",             "";
    Popup      NONE  Up,             "↑↓",          Action::Move(Previous),             has_lines,    "choose",       "";
    Popup      NONE  Down,           "↓",           Action::Move(Next),                 has_lines,    "",             "";
    Popup      NONE  Up,             "↑↓",          Action::Move(Previous),             scrolls,      "scroll",       "";
    Popup      NONE  Down,           "↓",           Action::Move(Next),                 scrolls,      "",             "";
    Popup      NONE  PageUp,         "PgUp",        Action::PageChat(Previous),         always,       "",             "";
    Popup      NONE  PageDown,       "PgDn",        Action::PageChat(Next),             always,       "",             "";
    Popup      NONE  Esc,            "Esc",         Action::Close,                      always,       "close",        "";
    Popup      NONE  F(1),           "F1",          Action::Close,                      scrolls,      "",             "";
    Popup      NONE  Char('?'),      "?",           Action::Close,                      scrolls,      "",             "";
    Popup      NONE  Char('q'),      "q",           Action::Close,                      scrolls,      "",             "";
    PopupInput NONE  Backspace,      "Backspace",   Action::Edit(Edit::Backspace),      always,       "",             "";
    PopupInput NONE  Delete,         "Del",         Action::Edit(Edit::Delete),         always,       "",             "";
    PopupInput NONE  Left,           "←",           Action::Edit(Edit::Left),           always,       "",             "";
    PopupInput NONE  Right,          "→",           Action::Edit(Edit::Right),          always,       "",             "";
    PopupInput NONE  Home,           "Home",        Action::Edit(Edit::Home),           always,       "",             "";
    PopupInput NONE  End,            "End",         Action::Edit(Edit::End),            always,       "",             "";
    PopupInput CTRL  Char('u'),      "Ctrl-U",      Action::Edit(Edit::DeleteToStart),  always,       "",             "";
    PopupInput CTRL  Char('w'),      "Ctrl-W",      Action::Edit(Edit::DeleteWordBack), always,       "",             "";

    // The chat input.
    Input      NONE  Enter,          "Enter",       Action::Confirm,                    is_command,   "run",          "";
    Input      NONE  Tab,            "Tab",         Action::Complete,                   slashes,      "complete",     "";
    Input      NONE  Up,             "↑↓",          Action::RecallPrevious,             slashes,      "pick",         "";
    Input      NONE  Enter,          "Enter",       Action::Confirm,                    can_send,     "send",         "send the message, or the option picked out";
    Input      NONE  Enter,          "Enter",       Action::Confirm,                    always,       "",             "";
    Input      NONE  Tab,            "Tab",         Action::Complete,                   completes,    "complete",     "complete the option that is begun";
    Input      NONE  Right,          "→",           Action::Complete,                   completes,    "",             "";
    Input      NONE  Right,          "←→",          Action::Highlight(Next),            lists_across, "pick",         "pick out an option; Enter sends it";
    Input      NONE  Right,          "→",           Action::Highlight(Next),            can_pick,     "",             "";
    Input      NONE  Left,           "←",           Action::Highlight(Previous),        can_pick,     "",             "";
    Input      NONE  Char('?'),      "?",           Action::OpenHelp,                   empty,        "",             "";
    Input      NONE  Down,           "↑↓",          Action::Highlight(Next),            lists_down,   "pick",         "";
    Input      NONE  Up,             "↑",           Action::Highlight(Previous),        lists_down,   "",             "";
    Input      NONE  Up,             "↑",           Action::RecallPrevious,             one_line,     "",             "the lines sent before";
    Input      NONE  Down,           "↓",           Action::RecallNext,                 one_line,     "",             "";
    Input      ALT   Enter,          "Alt-Enter",   Action::Edit(Edit::Newline),        always,       "",             "a new line in the message; Ctrl-J does the same";
    Input      SHIFT Enter,          "Shift-Enter", Action::Edit(Edit::Newline),        always,       "",             "";
    Input      CTRL  Char('j'),      "Ctrl-J",      Action::Edit(Edit::Newline),        always,       "",             "";
    Input      NONE  Backspace,      "Backspace",   Action::Edit(Edit::Backspace),      always,       "",             "";
    Input      ALT   Backspace,      "Alt-Bksp",    Action::Edit(Edit::DeleteWordBack), always,       "",             "";
    Input      CTRL  Char('w'),      "Ctrl-W",      Action::Edit(Edit::DeleteWordBack), always,       "",             "delete the word before; Ctrl-U the line, Ctrl-K to its end";
    Input      CTRL  Char('u'),      "Ctrl-U",      Action::Edit(Edit::DeleteToStart),  always,       "",             "";
    Input      CTRL  Char('k'),      "Ctrl-K",      Action::Edit(Edit::DeleteToEnd),    always,       "",             "";
    Input      NONE  Delete,         "Del",         Action::Edit(Edit::Delete),         always,       "",             "";
    Input      CTRL  Char('d'),      "Ctrl-D",      Action::Edit(Edit::Delete),         has_text,     "",             "";
    Input      NONE  Left,           "←",           Action::Edit(Edit::Left),           always,       "",             "";
    Input      NONE  Right,          "→",           Action::Edit(Edit::Right),          always,       "",             "";
    Input      CTRL  Left,           "Ctrl-←",      Action::Edit(Edit::WordLeft),       always,       "",             "";
    Input      CTRL  Right,          "Ctrl-→",      Action::Edit(Edit::WordRight),      always,       "",             "";
    Input      ALT   Char('b'),      "Alt-B",       Action::Edit(Edit::WordLeft),       always,       "",             "";
    Input      ALT   Char('f'),      "Alt-F",       Action::Edit(Edit::WordRight),      always,       "",             "";
    Input      NONE  Home,           "Home",        Action::Edit(Edit::Home),           has_text,     "",             "";
    Input      NONE  End,            "End",         Action::ScrollToEnd,                scrolled,     "newest",       "back to the newest message";
    Input      NONE  End,            "End",         Action::Edit(Edit::End),            always,       "",             "";
    Input      CTRL  Char('a'),      "Ctrl-A",      Action::Edit(Edit::Home),           always,       "",             "";
    Input      CTRL  Char('e'),      "Ctrl-E",      Action::Edit(Edit::End),            always,       "",             "";
    Input      NONE  Esc,            "Esc",         Action::Close,                      always,       "",             "";

    // A pane.
    Pane       NONE  Enter,          "Enter",       Action::ToggleDecision,             on_decisions, "open or close", "open or close a decision, in its pane";
    Pane       NONE  Enter,          "Enter",       Action::ShowStep,                   on_outline,   "open",         "open a step, in the outline";
    Pane       NONE  Up,             "↑↓",          Action::Move(Previous),             moves,        "move",         "move in the pane";
    Pane       NONE  Down,           "↓",           Action::Move(Next),                 always,       "",             "";
    Pane       NONE  Char('?'),      "?",           Action::OpenHelp,                   empty,        "",             "";
    Pane       NONE  Esc,            "Esc",         Action::Close,                      always,       "to the chat",  "";
    Pane       NONE  End,            "End",         Action::ScrollToEnd,                always,       "",             "";

    // What the run waits for comes first.
    Screen     CTRL  Char('g'),      "Ctrl-G",      Action::OpenAnswer,                 is_asked,     "answer",       "";
    Screen     CTRL  Char('o'),      "Ctrl-O",      Action::OpenPeople,                 is_helped,    "people",       "";
    Screen     CTRL  Char('n'),      "Ctrl-N",      Action::OpenStarts,                 can_start,    "start",        "";

    // Time, and back again.
    Screen     NONE  F(4),           "F4",          Action::NextTimer,                  has_timer,    "next timer",   "on to the next timer";
    Screen     NONE  F(4),           "F4",          Action::NextTimer,                  always,       "",             "";
    Screen     CTRL  Char('t'),      "Ctrl-T",      Action::Undo,                       can_undo,     "undo",         "take back the last step";
    Screen     CTRL  Char('t'),      "Ctrl-T",      Action::Undo,                       always,       "",             "";
    Screen     NONE  F(5),           "F5",          minutes(1),                         always,       "",             "one minute on";
    Screen     NONE  F(2),           "F2",          minutes(60),                        always,       "+1 h",         "one hour on";
    Screen     NONE  F(3),           "F3",          minutes(24 * 60),                   always,       "+1 day",       "one day on";
    Screen     NONE  F(6),           "F6",          Action::AskTime,                    always,       "",             "any duration or instant";
    Screen     NONE  F(7),           "F7",          Action::TogglePause,                stands,       "run",          "";
    Screen     NONE  F(7),           "F7",          Action::TogglePause,                runs,         "",             "stop or start the clock";
    Screen     SHIFT F(7),           "Shift-F7",    Action::Faster,                     always,       "",             "";
    Screen     CTRL  Char('s'),      "Ctrl-S",      Action::Faster,                     always,       "",             "a faster clock, then real time again";

    // What reaches outside the conversation.
    Screen     CTRL  Char('g'),      "Ctrl-G",      Action::OpenAnswer,                 always,       "",             "answer the HTTP request, or as the AI, in a form";
    Screen     CTRL  Char('o'),      "Ctrl-O",      Action::OpenPeople,                 always,       "",             "the people: presence, open contacts, who can be assigned";
    Screen     CTRL  Char('r'),      "Ctrl-R",      Action::OpenSheets,                 has_rows,     "rows",         "the rows added to sheets so far";
    Screen     CTRL  Char('r'),      "Ctrl-R",      Action::OpenSheets,                 always,       "",             "";
    Screen     CTRL  Char('x'),      "Ctrl-X",      Action::OpenAsides,                 always,       "",             "requests, answers, comments, assignments, in full";
    Screen     CTRL  Char('n'),      "Ctrl-N",      Action::OpenStarts,                 always,       "",             "start from outside: a shortcut, a webhook, an ad";

    // Faults, panes, commands.
    Screen     NONE  F(8),           "F8",          Action::OpenFaults,                 always,       "faults",       "let things fail";
    Screen     NONE  F(9),           "F9",          Action::OpenChannels,               always,       "",             "write on another channel, cut or connect one";
    Screen     CTRL  Char('y'),      "Ctrl-Y",      Action::Redo,                       can_redo,     "redo",         "do it again";
    Screen     CTRL  Char('y'),      "Ctrl-Y",      Action::Redo,                       always,       "",             "";
    Screen     ALT   Char('r'),      "Alt-R",       Action::Restart,                    always,       "",             "start the run over; what was reached stays marked";
    Screen     ALT   Char('z'),      "Alt-Z",       Action::Undo,                       always,       "",             "";
    Screen     ALT   Char('y'),      "Alt-Y",       Action::Redo,                       always,       "",             "";
    Screen     CTRL  Char('p'),      "Ctrl-P",      Action::OpenPalette,                always,       "menu",         "every command, found by typing";
    Screen     NONE  Tab,            "Tab",         Action::Focus(Next),                always,       "panes",        "the next pane; Shift-Tab the one before";
    Screen     NONE  BackTab,        "Shift-Tab",   Action::Focus(Previous),            always,       "",             "";
    Screen     SHIFT BackTab,        "Shift-Tab",   Action::Focus(Previous),            always,       "",             "";
    Screen     NONE  PageUp,         "PgUp",        Action::PageChat(Previous),         always,       "",             "scroll the chat; PgDn forward, End to its end";
    Screen     NONE  PageDown,       "PgDn",        Action::PageChat(Next),             always,       "",             "";
    Screen     NONE  F(1),           "F1",          Action::OpenHelp,                   has_text,     "help",         "this help; ? too while nothing is typed";
    Screen     NONE  F(1),           "?",           Action::OpenHelp,                   empty,        "help",         "";
    Anywhere   CTRL  Char('z'),      "Ctrl-Z",      Action::Suspend,                    always,       "",             "back to the shell; fg comes back here";
    Anywhere   CTRL  Char('q'),      "Ctrl-Q",      Action::Quit,                       always,       "quit",         "leave; Ctrl-C twice too";
    Anywhere   CTRL  Char('c'),      "Ctrl-C",      Action::Interrupt,                  always,       "",             "";
}

/// What a key does now; `None` when nobody takes it.
pub fn action(app: &App, event: &KeyEvent) -> Option<Action> {
    let key = Key::of(event);
    if let Some(binding) = BINDINGS.iter().find(|binding| binding.key == key && binding.holds(app)) {
        return Some(binding.action);
    }
    let Key(Char(character), modifiers) = key else { return None };
    match modifiers {
        ALT if app.popup.is_none() => option_number(character).map(Action::Pick),
        // AltGr arrives as Ctrl and Alt on some systems; what it types is a character all the same.
        NONE if takes_text(app) => Some(Action::Insert(character)),
        _ if modifiers == CTRL.union(ALT) && takes_text(app) => Some(Action::Insert(character)),
        _ => None,
    }
}

/// Whether a typed character goes anywhere: into a popup's input, else into the chat's.
fn takes_text(app: &App) -> bool {
    app.popup.as_ref().is_none_or(Popup::takes_text)
}

/// Alt-1 to Alt-9, and Alt-0 for the tenth.
fn option_number(character: char) -> Option<usize> {
    let digit = usize::try_from(character.to_digit(10)?).ok()?;
    Some(if digit == 0 { 9 } else { digit - 1 })
}

/// The hints that hold now, most useful first: key, words, and what a click on them does.
pub fn hints(app: &App) -> impl Iterator<Item = (&'static str, String, Action)> {
    // A line counts only if no line above takes the same key now.
    let takes = |binding: &&Binding| {
        let first = BINDINGS.iter().find(|other| other.key == binding.key && other.holds(app));
        first.is_some_and(|first| std::ptr::eq(first, *binding))
    };
    BINDINGS
        .iter()
        .filter(|binding| !binding.hint.is_empty())
        .filter(takes)
        .map(|binding| (binding.label, binding.hint.to_owned(), binding.action))
}

/// The keys for the help and the palette.
pub fn help() -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(|binding| !binding.help.is_empty())
}

impl Key {
    fn of(event: &KeyEvent) -> Self {
        let modifiers = event.modifiers & (CTRL | ALT | SHIFT);
        match event.code {
            // Some terminals send a capital letter with Ctrl, all send shifted characters as themselves.
            Char(character) if modifiers.contains(CTRL) => {
                Self(Char(character.to_ascii_lowercase()), modifiers - SHIFT)
            }
            Char(_) => Self(event.code, modifiers - SHIFT),
            // What some terminals send for Shift and F7.
            F(19) => Self(F(7), SHIFT),
            code => Self(code, modifiers),
        }
    }
}

impl Binding {
    fn holds(&self, app: &App) -> bool {
        let in_scope = match (self.scope, &app.popup) {
            (Scope::Anywhere, _) | (Scope::Screen, None) => true,
            (Scope::Popup, popup) => popup.is_some(),
            (Scope::Form, popup) => matches!(popup, Some(Popup::Form(_))),
            (Scope::People, popup) => matches!(popup, Some(Popup::People(_))),
            (Scope::PopupInput, popup) => popup.as_ref().is_some_and(Popup::takes_text),
            (_, Some(_)) => false,
            (Scope::Input, None) => app.focus == Focus::Input,
            (Scope::Pane, None) => app.focus != Focus::Input,
        };
        in_scope && (self.when)(app)
    }
}
