//! The screen: the terminal simulator.
//!
//! A walk through it: a key press → [`keymap`] → [`action::Action`] → [`update`] → the rehearsal → events → [`fold`] → [`view`]
//! draws from plain data. Only [`run`] and `terminal` know real time and the real terminal; [`headless::Stage`] does without both.

pub mod action;
pub mod app;
mod aside;
mod asking;
mod bubble;
mod buttons;
mod change;
mod chat;
pub mod clock;
mod courier;
mod ending;
mod entered;
pub mod fold;
mod form;
mod glyphs;
mod guard;
pub mod headless;
mod input;
mod journey;
pub mod keymap;
mod look;
mod markup;
mod operate;
mod outline;
mod outputs;
mod palette;
mod people;
mod picture;
mod popup;
mod row;
mod sheets;
mod slash;
mod terminal;
mod theme;
pub mod update;
pub mod view;
mod words;

use std::io;
use std::iter;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Instant;

use ratatui::layout::Size;
use signal_hook::consts::{SIGCONT, SIGTSTP};

use crate::rehearsal::{Files, Rehearsal};
use crate::text::BidiMode;

use app::{App, Effect};
use terminal::{Screen, Wake};

pub use courier::{Courier, Outside};
pub use guard::guard_terminal;
pub use theme::Theme;

/// How the screen looks and runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// `--theme`
    pub theme: Theme,
    /// `--ascii`: no other glyphs than ASCII, besides those of flows and contacts.
    pub ascii: bool,
    /// Whether the mouse is listened to: not under `--no-mouse`.
    pub mouse: bool,
    /// `--bidi`
    pub bidi: BidiMode,
    /// `--speed`: virtual seconds per real second; 0, as without it, starts with the clock standing.
    pub speed: f64,
    /// Whether there is colour: not under `NO_COLOR`.
    pub color: bool,
    /// What of the outside world is switched on, to be shown.
    pub outside: Outside,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            theme: Theme::Dark,
            ascii: false,
            mouse: true,
            bidi: BidiMode::App,
            speed: 0.0,
            color: true,
            outside: Outside::default(),
        }
    }
}

/// Why the screen ended otherwise than by leaving it. The terminal has been given back.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// The terminal cannot be read or written.
    #[error("{0}")]
    Terminal(#[from] io::Error),
    /// A signal asked to end; a shell expects the exit code 128 and its number.
    #[error("ended by signal {0}")]
    Signal(i32),
}

/// Opens the screen on a rehearsal and runs it until the user leaves. The clock runs from the start.
///
/// With files, a start from the beginning reads them again. With a courier, requests of the flow are really carried outside; without one the operator answers them.
///
/// Signals that end a program give the terminal back and then end the process as they do everywhere, so that a shell sees 143 or 129.
///
/// Left by its user, it returns what the shell is to read: the flow, how far it came, and `again`, how to play it again.
pub fn run(
    rehearsal: Rehearsal,
    files: Option<Box<dyn Files>>,
    options: Options,
    courier: Option<Box<dyn Courier>>,
    again: &str,
) -> Result<String, TuiError> {
    let ended = play(rehearsal, files, options, courier, again);
    if let Err(TuiError::Signal(signal)) = ended {
        signal_hook::low_level::emulate_default_handler(signal)?;
    }
    ended
}

fn play(
    rehearsal: Rehearsal,
    files: Option<Box<dyn Files>>,
    options: Options,
    courier: Option<Box<dyn Courier>>,
    again: &str,
) -> Result<String, TuiError> {
    let title = rehearsal.program().workflow(rehearsal.program().main()).name.clone();
    let wakes = terminal::listen()?;
    let mut screen = Screen::enter(options.mouse, &title)?;
    let mut app = App::new(rehearsal, &options, courier, Size::default());
    app.files = files;
    let mut last = Instant::now();
    let mut changed = true;
    loop {
        if changed {
            screen.draw(&mut app)?;
        }
        let wake = match app.next_wake() {
            Some(wait) => wakes.recv_timeout(wait),
            None => wakes.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let now = Instant::now();
        changed = app.tick(now.duration_since(last));
        last = now;
        let first = match wake {
            Ok(wake) => Some(wake),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Err(io::Error::other("the terminal is gone").into()),
        };
        // Everything that waits is done before one drawing shows it.
        // The last is none: keys that were held while time moved may have asked for something too.
        for wake in first.into_iter().chain(wakes.try_iter()).map(Some).chain(iter::once(None)) {
            match wake {
                Some(Wake::Input(event)) => {
                    panic_on_purpose();
                    changed |= update::take(&mut app, &event);
                }
                Some(Wake::Signal(SIGTSTP)) => app.effect = Some(Effect::Suspend),
                Some(Wake::Signal(SIGCONT)) => {
                    screen.resume(&wakes)?;
                    changed = true;
                }
                Some(Wake::Signal(signal)) => return Err(TuiError::Signal(signal)),
                Some(Wake::Lost(error)) => return Err(error.into()),
                None => {}
            }
            match app.effect.take() {
                Some(Effect::Quit) => return Ok(ending::summary(&app, again)),
                Some(Effect::Suspend) => {
                    screen.suspend(&wakes)?;
                    last = Instant::now();
                    changed = true;
                }
                None => {}
            }
        }
        for event in screen.held() {
            changed |= update::take(&mut app, &event);
        }
    }
}

/// Panics, or runs out of memory, at the first key when the environment asks for it, so that a test sees the terminal given back. Debug
/// builds only.
fn panic_on_purpose() {
    #[cfg(debug_assertions)]
    match std::env::var_os("REHEARSE_PANIC_TEST") {
        Some(how) if how == "memory" => std::alloc::handle_alloc_error(std::alloc::Layout::new::<u64>()),
        how => assert!(how.is_none(), "a panic on purpose"),
    }
}
