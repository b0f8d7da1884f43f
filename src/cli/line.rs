//! Line mode and the event stream: a line in, its events out, until the input ends.

use std::io::{self, BufRead, Write};
use std::time::Duration;

use crate::engine::{Instant, Program};
use crate::live::Outside;
use crate::rehearsal::command::{self, Command, Query};
use crate::rehearsal::{Files, Outcome, Rehearsal, json, plain};
use crate::text::mask;

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One sentence per event.
    Plain,
    /// One JSON object per event.
    Json,
}

/// Lines longer than this are refused, so that no input can exhaust memory: 1 MiB, our choice.
const LONGEST_LINE: u64 = 1 << 20;

/// Plays a rehearsal from lines of input, and ends with its state.
pub(super) fn run(
    mut rehearsal: Rehearsal,
    files: Option<Box<dyn Files>>,
    outside: Outside,
    format: Format,
    mut input: impl BufRead,
    output: impl Write,
) -> io::Result<()> {
    let mut writer = Writer { format, out: output, files, outside, errands: 0 };
    writer.says_what_is_on(&rehearsal)?;
    writer.events(&rehearsal, 0)?;
    writer.acted(&rehearsal, 0)?;
    writer.answers(&mut rehearsal)?;
    let mut bytes = Vec::new();
    loop {
        writer.out.flush()?;
        bytes.clear();
        if io::Read::take(&mut input, LONGEST_LINE).read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if !bytes.ends_with(b"\n") && u64::try_from(bytes.len()).unwrap_or(u64::MAX) >= LONGEST_LINE {
            input.skip_until(b'\n')?;
            writer.error(&rehearsal, "the line is longer than 1 MiB; send it in parts")?;
            continue;
        }
        let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(line) = std::str::from_utf8(line) else {
            writer.error(&rehearsal, "the line is not UTF-8; send it in that encoding")?;
            continue;
        };
        match command::parse(line) {
            Ok(Command::Quit) => break,
            Ok(command) => {
                writer.command(&mut rehearsal, command)?;
                writer.answers(&mut rehearsal)?;
            }
            Err(error) => writer.error(&rehearsal, &error.to_string())?,
        }
    }
    writer.state(&rehearsal)?;
    writer.out.flush()
}

struct Writer<W> {
    format: Format,
    out: W,
    /// What is read again at a start from the beginning.
    files: Option<Box<dyn Files>>,
    outside: Outside,
    /// Requests that were answered from outside so far.
    errands: u64,
}

impl<W: Write> Writer<W> {
    fn command(&mut self, rehearsal: &mut Rehearsal, command: Command) -> io::Result<()> {
        match command {
            Command::Act(act) => match rehearsal.act(act) {
                Ok(Outcome { events_from, .. }) => {
                    self.events(rehearsal, events_from)?;
                    self.acted(rehearsal, events_from)
                }
                Err(refused) => self.error(rehearsal, &refused.to_string()),
            },
            Command::Undo(count) => match rehearsal.undo(count) {
                Ok(outcome) => self.moved(rehearsal, rehearsal.session().now(), "undone", outcome.count),
                Err(refused) => self.error(rehearsal, &refused.to_string()),
            },
            Command::Redo(count) => {
                // The events that are repeated come after it, so it bears the instant before them.
                let before = rehearsal.session().now();
                match rehearsal.redo(count) {
                    Ok(outcome) => {
                        self.moved(rehearsal, before, "redone", outcome.count)?;
                        self.events(rehearsal, outcome.events_from)
                    }
                    Err(refused) => self.error(rehearsal, &refused.to_string()),
                }
            }
            Command::Restart => self.start_over(rehearsal, None),
            Command::Contact(name) => self.start_over(rehearsal, Some(&name)),
            Command::Query(Query::State) => self.state(rehearsal),
            Command::Query(Query::Timers) => match self.format {
                Format::Json => self.line(&json::timers(rehearsal.session())),
                Format::Plain => self.lines(&plain::timers(rehearsal.session())),
            },
            Command::Query(Query::Why) => self.why(rehearsal),
            Command::Query(Query::Help) => match self.format {
                Format::Json => {
                    let help = plain::help().join("\n");
                    self.line(&json::message(rehearsal.session(), "notice", &help))
                }
                Format::Plain => self.lines(&plain::help()),
            },
            // The caller leaves before it comes here.
            Command::Quit => Ok(()),
        }
    }

    /// Starts over with the files as they are now. When they cannot be played, the version that ran goes on from the start.
    fn start_over(&mut self, rehearsal: &mut Rehearsal, name: Option<&str>) -> io::Result<()> {
        match rehearsal.start_over(self.files.as_deref_mut(), name) {
            Err(refused) => self.error(rehearsal, &refused.to_string()),
            Ok(trouble) => {
                let at = rehearsal.started_at();
                match self.format {
                    Format::Json => self.line(&json::restarted(rehearsal.session(), at))?,
                    Format::Plain => self.line(&plain::restarted(rehearsal.session(), at))?,
                }
                if let Some(trouble) = trouble {
                    self.error(rehearsal, &format!("{trouble}; the version before it runs on"))?;
                }
                self.events(rehearsal, 0)?;
                self.acted(rehearsal, 0)
            }
        }
    }

    /// Says which doors to the outside world are open.
    fn says_what_is_on(&mut self, rehearsal: &Rehearsal) -> io::Result<()> {
        if self.outside.http {
            self.notice(rehearsal, "HTTP requests are really sent (--live-http)")?;
        }
        if let Some(endpoint) = &self.outside.ai {
            let message = format!("a language model is asked at {} (--ai-endpoint)", mask::url(&endpoint.url));
            self.notice(rehearsal, &message)?;
        }
        if let Some(sheets) = &self.outside.sheets {
            let message = format!("rows of sheets are written to {} (--sheets)", sheets.folder().display());
            self.notice(rehearsal, &message)?;
        }
        Ok(())
    }

    /// Gets the answers to what is asked, as long as the outside world may be reached for them.
    fn answers(&mut self, rehearsal: &mut Rehearsal) -> io::Result<()> {
        loop {
            // What is asked should be seen while the answer is waited for.
            self.out.flush()?;
            self.errands += 1;
            let Some(answer) = self.outside.wait(rehearsal.session(), self.errands) else { return Ok(()) };
            match rehearsal.answer_after(Duration::ZERO, answer) {
                Ok(Outcome { events_from, .. }) => {
                    self.events(rehearsal, events_from)?;
                    if let Some(trouble) = self.outside.trouble() {
                        self.notice(rehearsal, &trouble)?;
                    }
                    self.acted(rehearsal, events_from)?;
                }
                Err(refused) => return self.error(rehearsal, &refused.to_string()),
            }
        }
    }

    /// Writes new rows of sheets.
    fn acted(&mut self, rehearsal: &Rehearsal, from: usize) -> io::Result<()> {
        match self.outside.acted(rehearsal, from) {
            Ok(_) => Ok(()),
            Err(error) => self.error(rehearsal, &error.to_string()),
        }
    }

    fn notice(&mut self, rehearsal: &Rehearsal, message: &str) -> io::Result<()> {
        match self.format {
            Format::Json => self.line(&json::message(rehearsal.session(), "notice", message)),
            Format::Plain => self.line(&plain::notice(message)),
        }
    }

    fn events(&mut self, rehearsal: &Rehearsal, from: usize) -> io::Result<()> {
        let program: &Program = rehearsal.program();
        for event in rehearsal.log().since(from) {
            let line = match self.format {
                Format::Json => json::event(program, &event),
                Format::Plain => plain::event(program, &event),
            };
            self.line(&line)?;
        }
        Ok(())
    }

    fn why(&mut self, rehearsal: &Rehearsal) -> io::Result<()> {
        let program: &Program = rehearsal.program();
        match (rehearsal.turning_point(), self.format) {
            (Some(turn), Format::Json) => self.line(&json::event(program, &turn)),
            (Some(turn), Format::Plain) => self.line(&plain::event(program, &turn)),
            (None, _) => {
                self.error(rehearsal, "nothing was decided, rejected or ended yet, and every message was sent")
            }
        }
    }

    fn state(&mut self, rehearsal: &Rehearsal) -> io::Result<()> {
        match self.format {
            Format::Json => self.line(&json::state(rehearsal.session())),
            Format::Plain => self.lines(&plain::state(rehearsal.session())),
        }
    }

    fn moved(&mut self, rehearsal: &Rehearsal, at: Instant, what: &str, count: usize) -> io::Result<()> {
        match self.format {
            Format::Json => self.line(&json::moved(rehearsal.session(), at, what, count)),
            Format::Plain => self.line(&plain::moved(rehearsal.session(), at, what, count)),
        }
    }

    fn error(&mut self, rehearsal: &Rehearsal, message: &str) -> io::Result<()> {
        match self.format {
            Format::Json => self.line(&json::message(rehearsal.session(), "error", message)),
            Format::Plain => self.line(&plain::error(message)),
        }
    }

    fn lines(&mut self, lines: &[String]) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.line(line))
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }
}
