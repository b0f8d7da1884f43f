//! The guard: a second, small process that gives the terminal back when the program dies without a chance to do it itself: aborted
//! because memory has run out, or killed.
//!
//! It reads a pipe of which only the program holds the other end, and is told whether the terminal is taken. When the pipe ends, the
//! program has; if the terminal was taken then, it is given back. The guard is this program, started with [`VARIABLE`] set.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, TryLockError};

use rustix::process::setsid;
use rustix::termios::{InputModes, LocalModes, OptionalActions, OutputModes, tcgetattr, tcsetattr};

use super::terminal;

/// Says to a process that it is the guard, and holds the settings of the terminal to go back to.
const VARIABLE: &str = "REHEARSE_GUARD_OF_TERMINAL";

const TAKEN: u8 = b't';
const GIVEN_BACK: u8 = b'g';

/// The guard of this process.
static GUARD: Mutex<Option<Child>> = Mutex::new(None);

/// The settings of the terminal before it is taken over, as the guard is told them.
pub(super) fn settings() -> Option<String> {
    let now = tcgetattr(io::stdin()).ok()?;
    Some(format!("{} {} {}", now.input_modes.bits(), now.output_modes.bits(), now.local_modes.bits()))
}

/// Starts the guard of a terminal that is taken. Without one everything works, only nobody sees to an abort.
pub(super) fn start(settings: &str) {
    let Ok(program) = std::env::current_exe() else { return };
    // It holds no folder, and writes only to the terminal.
    let guard = Command::new(program)
        .env(VARIABLE, settings)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::inherit())
        .stderr(Stdio::null())
        .spawn();
    if let (Ok(guard), Ok(mut place)) = (guard, GUARD.lock()) {
        *place = Some(guard);
    }
    tell(true);
}

/// Tells the guard whether the terminal is taken.
pub(super) fn tell(taken: bool) {
    let mut guard = match GUARD.try_lock() {
        Ok(guard) => guard,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        // A thread that panics while another one tells it: the guard finds nothing left to do, or does what is done already.
        Err(TryLockError::WouldBlock) => return,
    };
    if let Some(pipe) = guard.as_mut().and_then(|guard| guard.stdin.as_mut()) {
        // A guard that is gone cannot be told.
        let _ = pipe.write_all(&[if taken { TAKEN } else { GIVEN_BACK }]);
    }
}

/// Sends the guard away.
pub(super) fn dismiss() {
    if let Some(mut guard) = GUARD.lock().ok().and_then(|mut guard| guard.take()) {
        drop(guard.stdin.take());
        // It ends as soon as it sees the pipe's end.
        let _ = guard.wait();
    }
}

/// Guards the terminal if this process was started for that, until the program it guards has ended. `false`: it was not.
pub fn guard_terminal() -> bool {
    let Some(settings) = std::env::var_os(VARIABLE) else { return false };
    // In a session of its own no key and no hangup reaches the guard, and it may set the terminal whoever has it.
    let _ = setsid();
    let (mut bytes, mut last) = ([0; 64], GIVEN_BACK);
    loop {
        match io::stdin().read(&mut bytes) {
            Ok(count @ 1..) => last = bytes.get(count - 1).copied().unwrap_or(last),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(_) | Err(_) => break,
        }
    }
    if last == TAKEN {
        // What fails is let be: there is nobody to tell.
        let _ = give_back(&settings.to_string_lossy());
    }
    true
}

fn give_back(settings: &str) -> io::Result<()> {
    terminal::write_back(&mut io::stdout())?;
    let mut now = tcgetattr(io::stdout())?;
    let mut bits = settings.split(' ').filter_map(|bits| bits.parse().ok());
    let (Some(input), Some(output), Some(local)) = (bits.next(), bits.next(), bits.next()) else { return Ok(()) };
    // A shell that was faster has set it as it likes: only raw mode is undone, in which not even Ctrl-C does anything.
    if now.output_modes.contains(OutputModes::OPOST) || now.local_modes.contains(LocalModes::ISIG) {
        return Ok(());
    }
    now.input_modes = InputModes::from_bits_retain(input);
    now.output_modes = OutputModes::from_bits_retain(output);
    now.local_modes = LocalModes::from_bits_retain(local);
    Ok(tcsetattr(io::stdout(), OptionalActions::Now, &now)?)
}
