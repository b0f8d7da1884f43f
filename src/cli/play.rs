//! `rehearse play`: load a flow, choose a contact and a start, and hand over to the screen, line mode or the event stream.

use std::io::{self, BufReader, BufWriter, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use super::line::{self, Format};
use super::{Exit, native, refuse, usage, wants_color};
use crate::engine::{Contact, Instant, Program, Request};
use crate::flow::load::{self, LoadOptions};
use crate::live::ai::Endpoint;
use crate::live::{Outside, Sheets};
use crate::rehearsal::command::Answer;
use crate::rehearsal::{Rehearsal, instant};
use crate::text::BidiMode;
use crate::tui::{self, Courier, Theme};

/// What `play` takes.
#[allow(clippy::struct_excessive_bools)] // Each is a switch of the command line.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse flows/consent.yaml\n  rehearse play flows/promotion.yaml --contact ana --at 2026-01-05T09:00\n  printf 'hello\\n/forward 1 day\\n' | rehearse flows/menu.yaml --json"
)]
pub(super) struct PlayArguments {
    /// The flow to play: YAML, a workflow exported from the platform (.json), or a folder of those
    #[arg(value_name = "FLOW")]
    flow: PathBuf,
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
    /// How many virtual seconds pass in a real one on the screen; 0 stands still
    #[arg(long, value_name = "N", default_value_t = 1.0)]
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
    let options = LoadOptions { workspace: arguments.workspace.clone() };
    let loaded = match native::open(&arguments.flow, &options) {
        Ok(loaded) => loaded,
        Err(error) => return usage(&error.to_string()),
    };
    let Some(project) = &loaded.project else { return refuse(&loaded.diagnostics, &loaded.sources) };
    let Some(flow) = project.flows.first() else { return refuse(&loaded.diagnostics, &loaded.sources) };
    let program = match Program::compile(project) {
        Ok(program) => Arc::new(program),
        Err(error) => return usage(&error.to_string()),
    };
    let contact = match contact(arguments, &program, flow) {
        Ok(contact) => contact,
        Err(exit) => return exit,
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
        (false, false) => screen(arguments, rehearsal, outside),
        (_, json) => {
            let format = if json { Format::Json } else { Format::Plain };
            let input = BufReader::new(io::stdin().lock());
            match line::run(rehearsal, outside, format, input, BufWriter::new(io::stdout().lock())) {
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

fn screen(arguments: &PlayArguments, rehearsal: Rehearsal, outside: Outside) -> Exit {
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
    match tui::run(rehearsal, options, Some(Box::new(outside)), &again) {
        Ok(summary) => {
            // The terminal may be gone with the screen.
            let _ = io::Write::write_all(&mut io::stdout(), summary.as_bytes());
            Exit::Good
        }
        Err(error) => usage(&error.to_string()),
    }
}

/// The contact to play: by name, from a file, or the flow's own choice.
fn contact(arguments: &PlayArguments, program: &Program, flow: &crate::flow::Flow) -> Result<Contact, Exit> {
    let mut contact = match &arguments.contact {
        None => program.default_contact().clone(),
        Some(wanted) => match program.contact_named(wanted) {
            Some(contact) => contact.clone(),
            None => contact_file(wanted, program, flow)?,
        },
    };
    if let Some(id) = &arguments.channel {
        let channel = program.channel_named(id).ok_or_else(|| {
            let known: Vec<&str> = program.channel_ids().map(|id| program.channel(id).id.as_str()).collect();
            usage(&format!("--channel: the workspace has no channel \"{id}\"; it has {}", known.join(", ")))
        })?;
        contact.channels.retain(|other| *other != channel);
        contact.channels.insert(0, channel);
    }
    Ok(contact)
}

fn contact_file(path: &str, program: &Program, flow: &crate::flow::Flow) -> Result<Contact, Exit> {
    if !Path::new(path).exists() {
        let known: Vec<&str> = program.contacts().map(|(name, _)| name).collect();
        return Err(usage(&format!(
            "--contact: there is neither a contact nor a file \"{path}\"; the workspace has {}",
            known.join(", ")
        )));
    }
    let loaded = load::load_contact(Path::new(path), &flow.workspace).map_err(|error| usage(&error.to_string()))?;
    if let Some(card) = &loaded.value {
        return Ok(program.contact("contact", card));
    }
    Err(refuse(&loaded.diagnostics, &loaded.sources))
}

/// The present minute of the wall clock: the one place where it is read below the screen.
fn present_minute() -> Instant {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let minute = i64::try_from(now.as_secs() / 60 * 60_000).unwrap_or(i64::MAX);
    Instant::from_millis(minute).unwrap_or(Instant::MAX)
}
