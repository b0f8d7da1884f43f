//! Actions: everything a key, a click or the palette can ask for. Keys are bound to them in [`keymap`](super::keymap), done in
//! [`update`](super::update).

use std::time::Duration;

use super::app::Focus;
use super::form::Purpose;
use crate::engine::StepId;

/// Something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Types a character where text is being typed.
    Insert(char),
    /// Changes or moves in the text being typed.
    Edit(Edit),
    /// Sends the text, or the option that is picked out; in a popup, confirms.
    Confirm,
    /// Recalls the line sent before.
    RecallPrevious,
    /// Recalls the line sent after.
    RecallNext,
    /// Completes what is typed to the option it begins.
    Complete,
    /// Picks out the next option of the question, or the one before.
    Highlight(Towards),
    /// Sends an option of the question, from 0.
    Pick(usize),
    /// Gives the keys to the next pane, or the one before.
    Focus(Towards),
    /// Gives the keys to this pane.
    FocusOn(Focus),
    /// Scrolls the chat by so many lines; negative is back in time.
    ScrollChat(isize),
    /// Scrolls the chat by a page.
    PageChat(Towards),
    /// Shows the newest message again.
    ScrollToEnd,
    /// Moves in the focused pane, or in the lines of a popup.
    Move(Towards),
    /// Scrolls a pane.
    ScrollPane(Focus, isize),
    /// Opens or closes the decision under the cursor.
    ToggleDecision,
    /// Opens or closes this decision, by its event.
    ToggleDecisionAt(usize),
    /// Moves time forward.
    Forward(Duration),
    /// Moves time to the next timer.
    NextTimer,
    /// Asks for a duration or an instant.
    AskTime,
    /// Stops or starts the clock.
    TogglePause,
    /// The next faster speed.
    Faster,
    /// Opens the menu of faults.
    OpenFaults,
    /// Opens the menu of channels.
    OpenChannels,
    /// Opens the command palette.
    OpenPalette,
    /// Opens the help.
    OpenHelp,
    /// Does the line of the open menu with this number.
    Choose(usize),
    /// Opens the form that answers the pending request.
    OpenAnswer,
    /// Opens the menu of what starts a workflow from outside: shortcuts, a webhook, an ad.
    OpenStarts,
    /// Opens this form.
    OpenForm(Purpose),
    /// Opens the users with their presence and load.
    OpenPeople,
    /// Opens the rows that were added to sheets.
    OpenSheets,
    /// Opens the list of what happened behind the scenes.
    OpenAsides,
    /// Shows this event in full, by its index in the log.
    ShowEvent(usize),
    /// Shows the step that is picked out in the outline in full.
    ShowStep,
    /// Picks a step out in the outline; once it is, shows it in full.
    PickStep(StepId),
    /// Picks the next word of the form's field, or the one before.
    Cycle(Towards),
    /// Gives the keys to this field of the form.
    FocusField(usize),
    /// Picks a word of a field of the form.
    PickWord(usize, usize),
    /// Brings the chosen user online, or takes it offline.
    TogglePresence,
    /// Gives the chosen user an open contact more, or takes one.
    Load(Towards),
    /// Assigns the contact to the chosen user, or to nobody when it is assigned to that one.
    AssignChosen,
    /// Scrolls sideways in a popup.
    Sideways(Towards),
    /// Takes back the last step.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Starts the run over.
    Restart,
    /// Closes the popup, or gives the keys back to the input.
    Close,
    /// Gives the terminal back to the shell until it is resumed.
    Suspend,
    /// Leaves.
    Quit,
    /// Leaves when it is asked for twice.
    Interrupt,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// Back, up, left.
    Previous,
    /// On, down, right.
    Next,
}

/// A change of the text being typed, or a move in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // Each is the method of the line editor with its name.
pub enum Edit {
    Newline,
    Backspace,
    Delete,
    DeleteWordBack,
    DeleteToStart,
    DeleteToEnd,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
}
