//! The program in a real terminal of 120 by 40: from start to the first prompt, from a key to changed bytes, and memory at the start.
//!
//! Wanted (not asserted): the first prompt within 15 ms, a key within 1 ms at the median, at most 9 MB resident. Each is told beside the
//! same figure of `cat` in the same kind of terminal, which is what the terminal itself costs.

#![allow(clippy::expect_used, clippy::panic)] // A benchmark may stop.

mod support;

use std::io::{Read, Write};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

fn main() {
    let keys = if support::quick() { 10 } else { 400 };
    let starts = if support::quick() { 2 } else { 21 };
    let flow = concat!(env!("CARGO_MANIFEST_DIR"), "/flows/consent.yaml");
    let rehearse = || vec![env!("CARGO_BIN_EXE_rehearse"), flow, "--at", "2026-01-05T09:00", "--speed", "0"];

    let mut firsts = Vec::new();
    let mut memory = 0;
    for _ in 0..starts {
        let begin = Instant::now();
        let mut program = Running::start(&rehearse());
        program.wait_for("Ctrl");
        firsts.push(begin.elapsed().as_secs_f64() * 1e3);
        memory = program.resident();
        program.stop();
    }
    let key = |mut program: Running, settled: &str| {
        program.wait_for(settled);
        program.settle();
        let mut times: Vec<f64> = (0..keys)
            .map(|number| {
                let begin = Instant::now();
                program.press(if number % 2 == 0 { "a" } else { "\x7f" });
                program.next_bytes();
                let elapsed = begin.elapsed().as_secs_f64() * 1e3;
                program.settle();
                elapsed
            })
            .collect();
        program.stop();
        times.sort_by(f64::total_cmp);
        support::median(times)
    };
    let ours = key(Running::start(&rehearse()), "Ctrl");
    let mut cat = Running::start(&["cat"]);
    cat.press("Ctrl");
    let floor = key(cat, "Ctrl");
    println!("first prompt on the screen after {:.1} ms (wanted 15)", support::median(firsts));
    println!("a key to changed bytes: {ours:.3} ms at the median (wanted 1), the terminal's own echo {floor:.3} ms");
    println!("resident memory at the start: {:.1} MB (wanted at most 9)", f64::from(memory) / 1024.0);
}

/// A program in a terminal of its own.
struct Running {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
}

impl Running {
    fn start(command: &[&str]) -> Self {
        let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut builder = CommandBuilder::new(command[0]);
        builder.args(&command[1..]);
        builder.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(builder).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("what it writes");
        let keys = pair.master.take_writer().expect("what it reads");
        let (send, bytes) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 16_384];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || send.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, _master: pair.master, keys, bytes }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("keys go in");
    }

    fn next_bytes(&self) -> Vec<u8> {
        self.bytes.recv_timeout(Duration::from_secs(10)).expect("the screen changes")
    }

    /// Waits until a text was written.
    fn wait_for(&self, text: &str) {
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains(text) {
            seen.extend(self.next_bytes());
        }
    }

    /// Waits until nothing more is written.
    fn settle(&self) {
        while self.bytes.recv_timeout(Duration::from_millis(3)).is_ok() {}
    }

    /// Resident memory in KiB.
    fn resident(&self) -> u32 {
        let status = self.child.process_id().and_then(|id| std::fs::read_to_string(format!("/proc/{id}/status")).ok());
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
    }

    fn stop(&mut self) {
        // A program that has ended already needs no stopping.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
