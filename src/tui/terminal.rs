//! The terminal: taken over and always given back, on leaving, on a panic, on signals that end the program, and while suspended.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, mpsc};
use std::thread;

use crossterm::event::{
    self, DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event,
};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use rustix::process::getpgrp;
use rustix::termios::{LocalModes, tcgetattr, tcgetpgrp};
use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU,
};
use signal_hook::iterator::Signals;

use super::TuiError;
use super::app::App;
use super::{guard, view};
use crate::text::{single_line, truncate};

/// Signals that end a program unless it listens to them: the terminal is given back first. What cannot be listened
/// to (SIGKILL, an abort because memory has run out) is left to the [`guard`].
const ENDING: [i32; 11] =
    [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU];

/// Columns of a window title: more than any window shows (our choice).
const TITLE: usize = 120;

/// Asks the terminal to keep the window's title and icon name, and to bring them back. Terminals that keep none let it be.
const KEEP_TITLE: &str = "\u{1b}[22;0t";
const BRING_TITLE_BACK: &str = "\u{1b}[23;0t";

/// Whether the terminal is taken over. A panic on any thread and the guard may both want to give it back: it happens once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// A screen on the real terminal. Dropping it gives the terminal back.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
    title: String,
    /// What was typed before we were back from a suspension, in order.
    held: Vec<Event>,
    /// The settings a guard would go back to, until it is started.
    unguarded: Option<String>,
}

/// What wakes the screen.
#[derive(Debug)]
pub enum Wake {
    /// A key, a click, a paste or a new size.
    Input(Event),
    /// A signal, by its number.
    Signal(i32),
    /// The terminal cannot be read any more.
    Lost(io::Error),
}

impl Screen {
    /// Takes the terminal over.
    pub fn enter(mouse: bool, title: &str) -> io::Result<Self> {
        if !stdout().is_terminal() || !io::stdin().is_terminal() {
            return Err(io::Error::other("the simulator needs a terminal; --plain works without one"));
        }
        restore_on_panic();
        let title = truncate(&single_line(title), TITLE, "…").into_owned();
        let unguarded = guard::settings();
        take_over(mouse, &title)?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(16 * 1024, stdout()));
        Ok(Self { terminal: Terminal::new(backend)?, mouse, title, held: Vec::new(), unguarded })
    }

    /// Draws the state, all at once where the terminal can.
    pub fn draw(&mut self, app: &mut App) -> io::Result<()> {
        app.size = self.terminal.size()?;
        app.prepare();
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let mut hits = Vec::new();
        self.terminal.draw(|frame| hits = view::draw(app, frame))?;
        app.hits = hits;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.terminal.backend_mut().flush()?;
        // Only now, so that nobody waits for it.
        if let Some(settings) = self.unguarded.take() {
            guard::start(&settings);
        }
        Ok(())
    }

    /// Gives the terminal to the shell, and takes it over again when the shell resumes us.
    pub fn suspend(&mut self, wakes: &mpsc::Receiver<Wake>) -> Result<(), TuiError> {
        give_back();
        self.stop(wakes)?;
        self.take_again()?;
        Ok(())
    }

    /// Takes the terminal over again after we were stopped without our doing (SIGSTOP), for the shell has changed it meanwhile.
    pub fn resume(&mut self, wakes: &mpsc::Receiver<Wake>) -> Result<(), TuiError> {
        if !in_foreground() {
            self.stop(wakes)?;
        }
        // Raw mode is set only by who thinks it is off.
        disable_raw_mode()?;
        self.take_again()?;
        Ok(())
    }

    /// What was typed before we were back.
    pub fn held(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.held)
    }

    /// Stops until the terminal is ours. Who is resumed only to be ended (`kill %1`) must not touch it: the shell has it, and touching it
    /// from the background stops a program anew.
    fn stop(&mut self, wakes: &mpsc::Receiver<Wake>) -> Result<(), TuiError> {
        loop {
            signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
            // Signals come in the order of their numbers, so one that ends us comes before SIGCONT.
            loop {
                match wakes.recv() {
                    Ok(Wake::Signal(SIGCONT)) => break,
                    Ok(Wake::Signal(SIGTSTP)) => {}
                    Ok(Wake::Signal(signal)) => return Err(TuiError::Signal(signal)),
                    Ok(Wake::Input(event)) => self.held.push(event),
                    Ok(Wake::Lost(error)) => return Err(error.into()),
                    Err(_) => return Err(io::Error::other("the terminal is gone").into()),
                }
            }
            if in_foreground() {
                return Ok(());
            }
        }
    }

    fn take_again(&mut self) -> io::Result<()> {
        take_over(self.mouse, &self.title)?;
        // Everything is drawn anew. `clear` would ask the terminal for its cursor, and the answer would go to the thread of the keys.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
        guard::dismiss();
    }
}

fn take_over(mouse: bool, title: &str) -> io::Result<()> {
    let anew = !TAKEN.swap(true, Ordering::SeqCst);
    guard::tell(true);
    enable_raw_mode()?;
    let mut out = stdout();
    if anew {
        queue!(out, Print(KEEP_TITLE))?;
    }
    execute!(out, EnterAlternateScreen, EnableBracketedPaste, SetTitle(title))?;
    if mouse {
        execute!(out, EnableMouseCapture)?;
    }
    Ok(())
}

/// Gives the terminal back as it was. It may be gone already, so what fails is let be.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let ours = in_foreground();
    if !ours && tcgetattr(io::stdin()).is_ok_and(|settings| settings.local_modes.contains(LocalModes::TOSTOP)) {
        return;
    }
    let _ = write_back(&mut stdout());
    // In the background the settings are those of the shell, and to change them would stop us.
    if ours {
        let _ = disable_raw_mode();
    }
    guard::tell(false);
}

/// Writes what gives the terminal back.
pub(super) fn write_back(out: &mut impl Write) -> io::Result<()> {
    execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Print(BRING_TITLE_BACK),
        cursor::Show
    )
}

/// Whether the terminal is ours to change: without job control it always is.
fn in_foreground() -> bool {
    tcgetpgrp(io::stdin()).map_or(true, |owner| owner == getpgrp())
}

fn restore_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            before(panic);
        }));
    });
}

/// Reads keys and signals on two threads, so that waiting costs nothing and neither keeps the other waiting.
pub fn listen() -> io::Result<mpsc::Receiver<Wake>> {
    let (sender, receiver) = mpsc::channel();
    let mut signals = Signals::new(ENDING.into_iter().chain([SIGTSTP, SIGCONT]))?;
    let of_signals = sender.clone();
    let small = || thread::Builder::new().stack_size(128 * 1024);
    small().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            if of_signals.send(Wake::Signal(signal)).is_err() {
                break;
            }
        }
    })?;
    small().name("keys".to_owned()).spawn(move || {
        loop {
            let (wake, lost) = match event::read() {
                Ok(event) => (Wake::Input(event), false),
                Err(error) => (Wake::Lost(error), true),
            };
            if sender.send(wake).is_err() || lost {
                break;
            }
        }
    })?;
    Ok(receiver)
}
