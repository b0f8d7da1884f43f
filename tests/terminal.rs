//! The screen on a real terminal: a flow is played, the window is resized, and however it ends the terminal is given back.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// Longer than any machine needs; a test that waits so long fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program in a terminal.
struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    writer: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    /// The terminal's settings before the program changed them.
    settings_before: String,
    child: Box<dyn Child + Send + Sync>,
}

const fn size(rows: u16, cols: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    fn open(environment: &[(&str, &str)]) -> Self {
        let flow = concat!(env!("CARGO_MANIFEST_DIR"), "/flows/consent.yaml");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rehearse"));
        command.args([flow, "--at", "2026-01-05T09:00"]);
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        for (name, value) in environment {
            command.env(name, value);
        }
        Self::run(command)
    }

    fn run(command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(size(40, 120)).unwrap();
        let settings_before = settings(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        let screen = Arc::new(Mutex::new(vt100::Parser::new(40, 120, 0)));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let drawn = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                drawn.lock().unwrap().process(&buffer[..count]);
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { screen, writer, master: pair.master, settings_before, child }
    }

    fn keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until something holds of the screen.
    fn wait(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
        let start = Instant::now();
        while !holds(self.screen.lock().unwrap().screen()) {
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}; the screen is:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn wait_for(&self, text: &str) {
        self.wait(text, |screen| screen.contents().contains(text));
    }

    fn pid(&self) -> String {
        self.child.process_id().unwrap().to_string()
    }

    fn signal(&self, signal: &str) {
        let sent = std::process::Command::new("kill").args([signal, &self.pid()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end, then sees that everything taken over was given back.
    fn ended(mut self) -> (ExitStatus, String) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "it did not end; the screen is:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(2));
        };
        self.wait("the shell's screen", |screen| !screen.alternate_screen());
        self.assert_given_back();
        (status, self.text())
    }

    fn assert_given_back(&self) {
        let screen = self.screen.lock().unwrap();
        let screen = screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor");
        assert!(!screen.bracketed_paste(), "bracketed paste");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse");
        assert_eq!(settings(&*self.master), self.settings_before, "raw mode");
    }
}

/// The terminal's settings: whether keys are echoed, lines collected and so on.
fn settings(master: &(dyn MasterPty + Send)) -> String {
    let settings = master.get_termios().unwrap();
    format!("{:?}", (settings.input_flags, settings.output_flags, settings.local_flags))
}

#[test]
fn a_flow_is_played_resized_and_left() {
    let mut terminal = Terminal::open(&[]);
    terminal.wait_for("may we keep your details");
    assert_ne!(settings(&*terminal.master), terminal.settings_before, "raw mode while it runs");
    terminal.keys("1\r");
    terminal.wait_for("What is your e-mail address?");
    terminal.keys("ana@example.com");
    terminal.wait_for("› ana@example.com");
    // F3, as xterm sends it.
    terminal.keys("\u{15}\u{1b}OR");
    terminal.wait_for("1 day");
    terminal.wait_for("Tue 6 Jan");

    for (rows, cols) in [(24, 80), (15, 60), (5, 20), (40, 120)] {
        terminal.screen.lock().unwrap().screen_mut().set_size(rows, cols);
        terminal.master.resize(size(rows, cols)).unwrap();
        terminal.wait_for(if rows < 10 { "larger" } else { "? help" });
    }
    // There is something to lose: it asks once.
    terminal.keys("\u{11}");
    terminal.wait_for("once more");
    terminal.keys("\u{11}");
    let (status, _) = terminal.ended();
    assert!(status.success(), "{status:?}");
}

#[test]
fn signals_that_end_it_give_the_terminal_back() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let terminal = Terminal::open(&[]);
        terminal.wait_for("may we keep your details");
        terminal.signal(signal);
        let (status, _) = terminal.ended();
        assert!(!status.success(), "{signal}: {status:?}");
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_gives_the_terminal_back_and_is_told() {
    let mut terminal = Terminal::open(&[("REHEARSE_PANIC_TEST", "1")]);
    terminal.wait_for("may we keep your details");
    terminal.keys("x");
    let (status, text) = terminal.ended();
    assert!(!status.success(), "{status:?}");
    assert!(text.contains("a panic on purpose"), "{text}");
}

#[test]
fn ctrl_c_leaves_when_it_is_pressed_twice() {
    let mut terminal = Terminal::open(&[]);
    terminal.wait_for("may we keep your details");
    terminal.keys("\u{3}");
    terminal.wait_for("once more");
    terminal.keys("\u{3}");
    assert!(terminal.ended().0.success());
}

/// A shell with job control starts the program, so that there is somebody to go back to.
#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let flow = concat!(env!("CARGO_MANIFEST_DIR"), "/flows/consent.yaml");
    let mut command = CommandBuilder::new("sh");
    command.args(["-i"]);
    command.env("TERM", "xterm-256color");
    command.env("PS1", "shell> ");
    command.env_remove("ENV");
    let mut terminal = Terminal::run(command);
    terminal.wait_for("shell>");
    terminal.keys(&format!("{} {flow} --at 2026-01-05T09:00\n", env!("CARGO_BIN_EXE_rehearse")));
    terminal.wait_for("may we keep your details");
    terminal.keys("\u{1a}");
    terminal.wait("the shell's screen", |screen| !screen.alternate_screen());
    terminal.wait_for("topped");
    terminal.keys("fg\n");
    terminal.wait("our screen", vt100::Screen::alternate_screen);
    terminal.wait_for("may we keep your details");
    terminal.keys("1\r");
    terminal.wait_for("What is your e-mail address?");
    terminal.keys("\u{11}");
    terminal.wait_for("once more");
    terminal.keys("\u{11}");
    terminal.wait("the shell's screen", |screen| !screen.alternate_screen());
    // The shell reads how far it came and how to play it again.
    terminal.wait_for("play it again: rehearse");
    terminal.keys("exit\n");
    let start = Instant::now();
    while terminal.child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < PATIENCE, "the shell did not end: {}", terminal.text());
        std::thread::sleep(Duration::from_millis(2));
    }
}
