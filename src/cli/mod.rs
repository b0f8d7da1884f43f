//! The command line: one thin file per sub-command, exit codes in one place.

mod check;
mod command;
mod export;
mod import;
mod line;
mod native;
mod neighbours;
mod play;
mod respondio;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::diagnostic::{self, Diagnostic};
use crate::source::Sources;
use crate::text::{single_line, stand_in};

/// How the program ends (surface.md, "Command line").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Good,
    /// Findings, or failed tests.
    Findings,
    /// Wrong usage: an option, or a path that is missing, not permitted or no file.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Good => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Usage => Self::from(2),
        }
    }
}

/// Rehearse a chat workflow before customers meet it.
///
/// `rehearse FLOW.yaml` opens the simulator: you play the contact, and see what the bot does and why. The virtual clock turns forward
/// through timeouts of hours and days.
#[derive(Debug, Parser)]
#[command(
    name = "rehearse",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  rehearse flows/consent.yaml\n  rehearse check flows\n  printf '1\\n' | rehearse flows/consent.yaml --plain"
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    play: Option<play::PlayArguments>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a flow: the terminal simulator, line mode or the event stream
    Play(play::PlayArguments),
    /// Look for mistakes in flows and workspaces without running them
    Check(check::CheckArguments),
    /// Write flows as a graph to draw, or as files of the platform
    Export(export::ExportArguments),
    /// Write the platform's own workflow files (.json) as flows
    Import(import::ImportArguments),
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    if crate::tui::guard_terminal() {
        return ExitCode::SUCCESS;
    }
    let given: Vec<OsString> = std::env::args_os().collect();
    if let Some(message) = given.get(1).and_then(|word| command::mistaken(word.to_str()?)) {
        return usage(&message).into();
    }
    let arguments = match Arguments::try_parse_from(&given) {
        Ok(arguments) => arguments,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Good };
            // Help that cannot be written has no better place to go.
            let _ = in_safe_words(error, &given).print();
            return exit.into();
        }
    };
    let exit = match arguments.command {
        Some(Command::Play(arguments)) => play::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Export(arguments)) => export::run(&arguments),
        Some(Command::Import(arguments)) => import::run(&arguments),
        None => match &arguments.play {
            Some(arguments) => play::run(arguments),
            None => usage("name the flow to play, such as: rehearse flows/consent.yaml"),
        },
    };
    exit.into()
}

/// The same error with arguments that a terminal would obey made visible. It is asked for anew with such arguments, because an error's
/// own text has the arguments and the colours of clap mixed.
fn in_safe_words(error: clap::Error, given: &[OsString]) -> clap::Error {
    let safe: Vec<String> =
        given.iter().map(|argument| argument.to_string_lossy().chars().map(stand_in).collect()).collect();
    if safe.iter().zip(given).all(|(safe, given)| given == safe.as_str()) {
        return error;
    }
    match Arguments::try_parse_from(&safe) {
        Err(safe) => safe,
        Ok(_) => {
            Arguments::command().error(error.kind(), "an argument is not what is expected here; --help shows what is")
        }
    }
}

/// Whether a stream should carry colour: it is a terminal, and `NO_COLOR` is not set.
fn wants_color(is_terminal: bool) -> bool {
    is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Shows on stderr what is wrong with a file that cannot be used.
fn refuse(diagnostics: &[Diagnostic], sources: &Sources) -> Exit {
    use std::io::Write as _;
    let color = wants_color(io::stderr().is_terminal());
    // Findings that cannot be written have no better place to go; the exit code tells.
    let _ = io::stderr().write_all(diagnostic::human::render(diagnostics, sources, color).as_bytes());
    Exit::Findings
}

/// Says what is wrong with the usage, on one line, whatever names and arguments it quotes.
fn usage(message: &str) -> Exit {
    use std::io::Write as _;
    let bold = if wants_color(io::stderr().is_terminal()) { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    // A message that cannot be written has no better place to go.
    let _ = writeln!(io::stderr(), "{}error{}: {}", bold.0, bold.1, single_line(message));
    Exit::Usage
}
