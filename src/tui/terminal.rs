//! The terminal: taken over and always given back, on leaving, on a panic, on SIGTERM and SIGHUP, and while suspended.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, mpsc};
use std::thread;

use crossterm::event::{
    self, DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::app::App;
use super::view;

/// Whether the terminal is taken over. A panic on any thread and the guard may both want to give it back: it happens once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// A screen on the real terminal. Dropping it gives the terminal back.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
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
        take_over(mouse)?;
        let clean: String = title.chars().filter(|c| !c.is_control()).collect();
        execute!(stdout(), SetTitle(clean))?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(16 * 1024, stdout()));
        Ok(Self { terminal: Terminal::new(backend)?, mouse })
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
        self.terminal.backend_mut().flush()
    }

    /// Gives the terminal to the shell, and takes it over again when the shell resumes us.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
        take_over(self.mouse)?;
        // Everything is drawn anew. `clear` would ask the terminal for its cursor, and the answer would go to the thread of the keys.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

fn take_over(mouse: bool) -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    let mut out = stdout();
    execute!(out, EnterAlternateScreen, EnableBracketedPaste)?;
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
    let mut out = stdout();
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
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
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
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
