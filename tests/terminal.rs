//! The screen on a real terminal: a flow is played, the window is resized, and however it ends the terminal is given back.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// Longer than any machine needs; a test that waits so long fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program in a terminal.
struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    /// Everything the program wrote.
    written: Arc<Mutex<Vec<u8>>>,
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
        let written = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&written);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                kept.lock().unwrap().extend_from_slice(&buffer[..count]);
                drawn.lock().unwrap().process(&buffer[..count]);
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { screen, written, writer, master: pair.master, settings_before, child }
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

/// Sends a signal to the process that has written its number into a file.
fn kill(signal: &str, pid: &std::path::Path) {
    let pid = std::fs::read_to_string(pid).unwrap();
    assert!(std::process::Command::new("kill").args([signal, pid.trim()]).status().unwrap().success());
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
    for signal in ["-TERM", "-HUP", "-INT", "-QUIT", "-ABRT", "-ALRM", "-USR1", "-USR2", "-VTALRM", "-PROF", "-XCPU"] {
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

/// More than the 1,024 bytes that are read at once.
#[test]
fn a_burst_of_keys_arrives_without_a_further_key() {
    let mut terminal = Terminal::open(&[]);
    terminal.wait_for("may we keep your details");
    terminal.keys(&format!("{}typed", "a\u{7f}".repeat(2_500)));
    terminal.wait_for("› typed");
    terminal.keys("\u{15}");
    terminal.keys(&format!("\u{1b}[200~{}pasted\u{1b}[201~", "word ".repeat(1_000)));
    terminal.wait_for("word pasted");
    terminal.keys("\u{15}\u{11}");
    assert!(terminal.ended().0.success());
}

#[test]
fn the_title_is_short_and_safe_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let flow = folder.path().join("evil.yaml");
    let name = format!("\\u001b]0;x\\u0007\\u009b\\u202eb\\n{}", "long ".repeat(60));
    std::fs::write(&flow, format!("version: 1\nname: \"{name}\"\nsteps:\n  - send_message: hello there\n")).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rehearse"));
    command.arg(flow);
    command.env("TERM", "xterm-256color");
    let mut terminal = Terminal::run(command);
    terminal.wait_for("hello there");
    terminal.keys("\u{11}");
    let written = Arc::clone(&terminal.written);
    terminal.ended();
    let written = String::from_utf8(written.lock().unwrap().clone()).unwrap();
    let (_, after) = written.split_once("\u{1b}[22;0t").expect("the title is kept");
    let (_, after) = after.split_once("\u{1b}]0;").expect("the title is set");
    let (title, _) = after.split_once('\u{7}').unwrap();
    assert!(title.starts_with("␛]0;x␇\\u{9b}b ↵ long long") && title.ends_with('…'), "{title:?}");
    assert!(title.chars().count() <= 120, "{title}");
    assert!(after.contains("\u{1b}[23;0t"), "the title is brought back");
}

/// A shell with job control starts the program, so that there is somebody to go back to.
fn shell() -> Terminal {
    let mut command = CommandBuilder::new("sh");
    command.args(["-i"]);
    command.env("TERM", "xterm-256color");
    command.env("PS1", "shell> ");
    command.env_remove("ENV");
    let terminal = Terminal::run(command);
    terminal.wait_for("shell>");
    terminal
}

/// What starts the program in a shell.
fn line() -> String {
    let flow = concat!(env!("CARGO_MANIFEST_DIR"), "/flows/consent.yaml");
    format!("{} {flow} --at 2026-01-05T09:00", env!("CARGO_BIN_EXE_rehearse"))
}

/// Resumed in the background and asked to end, it ends: it does not first try to get the terminal.
#[test]
fn who_is_stopped_can_be_ended() {
    for stop_by_key in [true, false] {
        let mut terminal = shell();
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        terminal.keys(&format!("sh -c 'echo $$ >{}; exec {}'\n", pid.display(), line()));
        terminal.wait_for("may we keep your details");
        if stop_by_key {
            terminal.keys("\u{1a}");
            terminal.wait("the shell's screen", |screen| !screen.alternate_screen());
        } else {
            kill("-STOP", &pid);
        }
        terminal.wait_for("topped");
        terminal.keys(
            "stty sane; kill %1; kill -CONT %1; r=147; while [ $r = 147 ]; do wait %1; r=$?; done; echo ended by $r\n",
        );
        terminal.wait_for("ended by 143");
        terminal.wait("the shell's screen", |screen| !screen.alternate_screen());
    }
}

/// Nobody tells a program that it is stopped by SIGSTOP, so it cannot give the terminal back; but it takes it again.
#[test]
fn stopped_from_outside_it_takes_the_terminal_again() {
    let mut terminal = shell();
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    terminal.keys(&format!("sh -c 'echo $$ >{}; exec {}'\n", pid.display(), line()));
    terminal.wait_for("may we keep your details");
    let raw = settings(&*terminal.master);
    kill("-STOP", &pid);
    terminal.wait_for("topped");
    terminal.keys("stty sane; printf '\\033[?1049l\\033[?2004l'\n");
    terminal.wait("the shell's screen", |screen| !screen.alternate_screen() && !screen.bracketed_paste());
    terminal.keys("fg\n");
    terminal.wait("our screen", |screen| screen.alternate_screen() && screen.bracketed_paste());
    terminal.wait_for("may we keep your details");
    assert_eq!(settings(&*terminal.master), raw, "raw mode");
    terminal.keys("1\r");
    terminal.wait_for("What is your e-mail address?");
    terminal.keys("\u{11}\u{11}");
    terminal.wait("the shell's screen", |screen| !screen.alternate_screen());
}

/// Memory has run out, or it is killed: nothing of the program can give the terminal back, and the shell here does not.
#[test]
fn a_death_without_warning_gives_the_terminal_back() {
    for memory in [true, false] {
        let mut terminal = shell();
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let test = if memory { "REHEARSE_PANIC_TEST=memory" } else { "" };
        terminal.keys(&format!("{test} sh -c 'echo $$ >{}; exec {}'\n", pid.display(), line()));
        terminal.wait_for("may we keep your details");
        // Once it has done more than its first drawing, it is guarded.
        terminal.keys("\u{1b}OP");
        if !memory {
            terminal.wait_for("take back the last step");
            kill("-KILL", &pid);
        }
        terminal.wait("the shell's screen", |screen| !screen.alternate_screen() && !screen.hide_cursor());
        terminal.wait("raw mode to end", |_| settings(&*terminal.master) == terminal.settings_before);
        terminal.keys("echo still $((6 * 7))\n");
        terminal.wait_for("still 42");
    }
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let mut terminal = shell();
    terminal.keys(&format!("{}\n", line()));
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

#[test]
fn a_signal_ends_a_long_move_of_time_at_once() {
    let flow = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/second_by_second.yaml");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rehearse"));
    command.args([flow, "--at", "2026-01-05T09:00"]);
    command.env("TERM", "xterm-256color");
    let mut terminal = Terminal::run(command);
    terminal.wait_for("? help");
    terminal.keys("/forward 52 weeks\r");
    terminal.wait_for("Esc stops");
    terminal.signal("-TERM");
    let (_, shown) = terminal.ended();
    assert!(!shown.contains("timers fired"), "{shown}");
}
