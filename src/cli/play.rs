//! `rehearse play`: load a flow, choose a contact and a start, and hand over to the screen, line mode or the event stream.

use std::io::{self, BufReader, BufWriter, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use super::line::{self, Format};
use super::native::Cast;
use super::{Exit, native, refuse, usage, wants_color};
use crate::diagnostic::{Diagnostic, Severity, closest_said};
use crate::engine::{Contact, Instant, Program, Request};
use crate::flow::Flow;
use crate::flow::load::{self, LoadOptions, UsageError};
use crate::live::ai::Endpoint;
use crate::live::{Outside, Sheets};
use crate::rehearsal::command::Answer;
use crate::rehearsal::{Files, Rehearsal, instant};
use crate::source::Sources;
use crate::text::{BidiMode, single_line};
use crate::tui::{self, Courier, Theme};

/// What `play` takes.
#[allow(clippy::struct_excessive_bools)] // Each is a switch of the command line.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse flows/consent.yaml\n  rehearse play flows/menu.yaml --with flows/consent.yaml\n  rehearse play flows/promotion.yaml --contact ana --at 2026-01-05T09:00\n  printf 'hello\\n/forward 1 day\\n' | rehearse flows/menu.yaml --json"
)]
pub(super) struct PlayArguments {
    /// The flow to play: YAML, a workflow exported from the platform (.json), or a folder of either
    #[arg(value_name = "FLOW")]
    flow: PathBuf,
    /// Another workflow that takes part, so that its trigger can start it (repeatable)
    #[arg(long, value_name = "FILE")]
    with: Vec<PathBuf>,
    /// Of a folder: the flow that comes first [default: the one that no other triggers]
    #[arg(long, value_name = "FILE")]
    start: Option<PathBuf>,
    /// Line mode: one plain sentence per event, for pipes and screen readers
    #[arg(long, conflicts_with = "json")]
    plain: bool,
    /// The event stream: one JSON object per event and line
    #[arg(long)]
    json: bool,
    /// A workspace file to use instead of the flow's own
    #[arg(long, value_name = "FILE")]
    workspace: Option<PathBuf>,
    /// The contact to play: one of the workspace, or a file
    #[arg(long, value_name = "NAME|FILE")]
    contact: Option<String>,
    /// The channel the contact last wrote on
    #[arg(long, value_name = "ID")]
    channel: Option<String>,
    /// The virtual start: RFC 3339, or local to the workspace's zone [default: the present minute]
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// Let the clock of the screen run: so many virtual seconds in a real one. Without it time stands still until you move it
    #[arg(long, value_name = "N", default_value_t = 0.0, hide_default_value = true)]
    speed: f64,
    /// The colours of the screen
    #[arg(long, value_name = "NAME", default_value = "dark")]
    theme: Theme,
    /// Draw with plain letters only
    #[arg(long)]
    ascii: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    no_mouse: bool,
    /// Really send HTTP requests that no mock answers
    #[arg(long)]
    live_http: bool,
    /// Ask a language model when no mock answers for the AI: the address of an OpenAI-compatible interface, with the model's name in
    /// `REHEARSE_AI_MODEL` and its key in `REHEARSE_AI_KEY`
    #[arg(long, value_name = "URL")]
    #[allow(clippy::doc_markdown)] // The words are the help of the command line.
    ai_endpoint: Option<String>,
    /// Append rows of sheets to CSV files in this folder
    #[arg(long, value_name = "DIR")]
    sheets: Option<PathBuf>,
    /// Who puts right-to-left text in order
    #[arg(long, value_name = "app|terminal|off", default_value_t = BidiMode::App)]
    bidi: BidiMode,
}

pub(super) fn run(arguments: &PlayArguments) -> Exit {
    let files = PlayedFiles {
        cast: Cast { path: arguments.flow.clone(), with: arguments.with.clone(), start: arguments.start.clone() },
        options: LoadOptions { workspace: arguments.workspace.clone() },
        contact: arguments.contact.clone(),
        channel: arguments.channel.clone(),
    };
    let (program, contact) = match files.open(true) {
        Ok(read) => read,
        Err(Unplayable::Usage(message)) => return usage(&message),
        Err(Unplayable::Findings(diagnostics, sources)) => return refuse(&diagnostics, &sources),
    };
    let start = match &arguments.at {
        None => Ok(present_minute()),
        Some(written) => instant::parse(written, program.zone(), Some(present_minute())),
    };
    let at = match start {
        Ok(at) => at,
        Err(error) => return usage(&format!("--at: {error}")),
    };
    if !arguments.speed.is_finite() || !(0.0..=1_000_000.0).contains(&arguments.speed) {
        return usage("--speed: give a number from 0 to 1000000, such as 1 or 60");
    }
    let outside = match outside(arguments) {
        Ok(outside) => outside,
        Err(exit) => return exit,
    };
    let rehearsal = Rehearsal::start(&program, contact, at);
    match (arguments.plain, arguments.json) {
        (false, false) => screen(arguments, rehearsal, files, outside),
        (_, json) => {
            let format = if json { Format::Json } else { Format::Plain };
            let input = BufReader::new(io::stdin().lock());
            match line::run(
                rehearsal,
                Some(Box::new(files)),
                outside,
                format,
                input,
                BufWriter::new(io::stdout().lock()),
            ) {
                // Whoever read the output has seen enough.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    usage(&format!("the input or the output broke off: {error}"))
                }
                _ => Exit::Good,
            }
        }
    }
}

/// What of the outside world the command line lets be reached.
fn outside(arguments: &PlayArguments) -> Result<Outside, Exit> {
    let sheets = arguments.sheets.as_deref().map(Sheets::open).transpose();
    let sheets = sheets.map_err(|error| usage(&format!("--sheets: {error}")))?;
    if let Some(url) = &arguments.ai_endpoint
        && !(url.starts_with("http://") || url.starts_with("https://"))
    {
        return Err(usage("--ai-endpoint: give an http or https address, such as http://localhost:11434/v1"));
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let ai = arguments.ai_endpoint.clone().map(|url| Endpoint {
        url,
        model: variable("REHEARSE_AI_MODEL"),
        key: variable("REHEARSE_AI_KEY"),
    });
    Ok(Outside::new(arguments.live_http, ai, sheets))
}

impl Courier for Outside {
    fn answers(&self, request: &Request) -> bool {
        Self::answers(self, request)
    }

    fn poll(&mut self, rehearsal: &Rehearsal, errand: u64) -> Option<Answer> {
        Self::poll(self, rehearsal.session(), errand)
    }

    fn acted(&mut self, rehearsal: &Rehearsal, events_from: usize) -> Option<String> {
        let trouble = self.trouble();
        match Self::acted(self, rehearsal, events_from) {
            Ok(_) => trouble,
            Err(error) => Some(error.to_string()),
        }
    }
}

fn screen(arguments: &PlayArguments, rehearsal: Rehearsal, files: PlayedFiles, outside: Outside) -> Exit {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return usage("the simulator needs a terminal; use --plain or --json in a pipe");
    }
    let options = tui::Options {
        theme: arguments.theme,
        ascii: arguments.ascii,
        mouse: !arguments.no_mouse,
        bidi: arguments.bidi,
        speed: arguments.speed,
        color: wants_color(true),
        outside: tui::Outside { http: outside.http, ai: outside.ai.is_some(), sheets: outside.sheets.is_some() },
    };
    let again = format!("rehearse {}", arguments.flow.display());
    match tui::run(rehearsal, Some(Box::new(files)), options, Some(Box::new(outside)), &again) {
        Ok(summary) => {
            // The terminal may be gone with the screen.
            let _ = io::Write::write_all(&mut io::stdout(), summary.as_bytes());
            Exit::Good
        }
        Err(error) => usage(&error.to_string()),
    }
}

/// The files of a rehearsal and who is played, as the command line named them.
#[derive(Debug)]
struct PlayedFiles {
    cast: Cast,
    options: LoadOptions,
    contact: Option<String>,
    channel: Option<String>,
}

/// Why files cannot be played.
enum Unplayable {
    Usage(String),
    Findings(Vec<Diagnostic>, Sources),
}

impl From<UsageError> for Unplayable {
    fn from(error: UsageError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl PlayedFiles {
    /// Reads everything. `aloud` says which flow of a folder is played.
    fn open(&self, aloud: bool) -> Result<(Arc<Program>, Contact), Unplayable> {
        let loaded = native::open(&self.cast, &self.options)?;
        if aloud && self.cast.is_chosen_here() {
            native::say_which(&loaded);
        }
        let Some(project) = loaded.project else {
            return Err(Unplayable::Findings(loaded.diagnostics, loaded.sources));
        };
        let Some(flow) = project.flows.first() else {
            return Err(Unplayable::Findings(loaded.diagnostics, loaded.sources));
        };
        let program = Program::compile(&project).map_err(|error| Unplayable::Usage(error.to_string()))?;
        let program = program.placed(&project, &loaded.sources);
        let contact = self.contact(&program, flow)?;
        Ok((Arc::new(program), contact))
    }

    /// The contact to play: by name, from a file, or the flow's own choice.
    fn contact(&self, program: &Program, flow: &Flow) -> Result<Contact, Unplayable> {
        let mut contact = match &self.contact {
            None => program.default_contact().clone(),
            Some(wanted) => match program.contact_named(wanted) {
                Some(contact) => contact.clone(),
                None => contact_file(wanted, program, flow)?,
            },
        };
        if let Some(id) = &self.channel {
            let channel = program.channel_named(id).ok_or_else(|| {
                let known = program.channel_ids().map(|id| program.channel(id).id.as_str());
                let known = closest_said(id, known);
                Unplayable::Usage(format!("--channel: the workspace has no channel \"{id}\"; it has {known}"))
            })?;
            contact.channels.retain(|other| *other != channel);
            contact.channels.insert(0, channel);
        }
        Ok(contact)
    }
}

impl Files for PlayedFiles {
    fn read(&mut self) -> Result<(Arc<Program>, Contact), String> {
        self.open(false).map_err(|unplayable| match unplayable {
            Unplayable::Usage(message) => message,
            Unplayable::Findings(diagnostics, sources) => first_error(&diagnostics, &sources),
        })
    }
}

/// The first error in one line: where, and what.
fn first_error(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
    let Some(finding) = diagnostics.iter().find(is_error) else { return "the files cannot be played".to_owned() };
    let place = finding.labels.first().and_then(|label| {
        let file = sources.get(label.file)?;
        let at = file.position(label.span.start);
        Some(format!("{}:{}:{}: ", file.name(), at.line, at.column))
    });
    single_line(&format!("{}{}", place.unwrap_or_default(), finding.message)).into_owned()
}

fn contact_file(path: &str, program: &Program, flow: &Flow) -> Result<Contact, Unplayable> {
    if !Path::new(path).exists() {
        let known = closest_said(path, program.contacts().map(|(name, _)| name));
        return Err(Unplayable::Usage(format!(
            "--contact: there is neither a contact nor a file \"{path}\"; the workspace has {known}"
        )));
    }
    let loaded = load::load_contact(Path::new(path), &flow.workspace)?;
    if let Some(card) = &loaded.value {
        return Ok(program.contact("contact", card));
    }
    Err(Unplayable::Findings(loaded.diagnostics, loaded.sources))
}

/// The present minute of the wall clock: the one place where it is read below the screen.
fn present_minute() -> Instant {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let minute = i64::try_from(now.as_secs() / 60 * 60_000).unwrap_or(i64::MAX);
    Instant::from_millis(minute).unwrap_or(Instant::MAX)
}
