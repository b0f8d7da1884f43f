//! Plays a flow from text with the lines of line mode, and looks at the event stream.

use std::sync::Arc;

use rehearsal::engine::{Instant, Program};
use rehearsal::flow::load;
use rehearsal::rehearsal::command::{self, Command};
use rehearsal::rehearsal::{Rehearsal, json};
use serde_json::Value;

/// 2026-01-05T09:00:00Z, a Monday.
pub const MONDAY_NINE: i64 = 1_767_603_600_000;

/// A rehearsal under test.
pub struct Play {
    rehearsal: Rehearsal,
    seen: usize,
}

#[allow(dead_code)]
impl Play {
    /// Starts a whole flow file on Monday at nine, UTC.
    pub fn file(text: &str) -> Self {
        let loaded = load::load_text("test.yaml", text);
        let Some(flow) = loaded.flow else {
            panic!("{}", rehearsal::diagnostic::human::render(&loaded.diagnostics, &loaded.sources, false));
        };
        let program = Arc::new(Program::compile_flow(&flow).unwrap());
        let at = Instant::from_millis(MONDAY_NINE).unwrap();
        let contact = program.default_contact().clone();
        Self { rehearsal: Rehearsal::start(&program, contact, at), seen: 0 }
    }

    /// Starts a flow of these steps in the built-in workspace.
    pub fn steps(steps: &str) -> Self {
        Self::file(&format!("version: 1\nname: Test\nsteps:\n{}", indented(steps)))
    }

    /// Starts a flow of these steps; the contact is Ana, on WhatsApp, with web chat and SMS besides.
    pub fn whatsapp(steps: &str) -> Self {
        Self::file(&format!("version: 1\nname: Test\nworkspace:\n{}\nsteps:\n{}", indented(WORKSPACE), indented(steps)))
    }

    /// One line of line mode; errors panic.
    pub fn line(&mut self, line: &str) -> &mut Self {
        if let Err(error) = self.try_line(line) {
            panic!("{line}: {error}");
        }
        self
    }

    /// Several lines.
    pub fn lines(&mut self, lines: &[&str]) -> &mut Self {
        for line in lines {
            self.line(line);
        }
        self
    }

    /// One line of line mode, or why it is refused.
    pub fn try_line(&mut self, line: &str) -> Result<(), String> {
        match command::parse(line).map_err(|error| error.to_string())? {
            Command::Act(act) => self.rehearsal.act(act).map(drop),
            Command::Undo(count) => self.rehearsal.undo(count).map(drop),
            Command::Redo(count) => self.rehearsal.redo(count).map(drop),
            Command::Restart => {
                self.rehearsal.restart();
                Ok(())
            }
            other => panic!("not for tests: {other:?}"),
        }
        .map_err(|refused| refused.to_string())?;
        self.seen = self.seen.min(self.rehearsal.log().len());
        Ok(())
    }

    /// Every event so far.
    pub fn events(&self) -> Vec<Value> {
        self.rehearsal.log().iter().map(|event| self.value(&event)).collect()
    }

    /// The events since this was last asked.
    pub fn new_events(&mut self) -> Vec<Value> {
        let events = self.rehearsal.log().since(self.seen).map(|event| self.value(&event)).collect();
        self.seen = self.rehearsal.log().len();
        events
    }

    /// The names of the events since this was last asked.
    pub fn new_names(&mut self) -> Vec<String> {
        self.new_events().iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
    }

    /// The texts the bot said, questions included.
    pub fn said(&self) -> Vec<String> {
        let says = |event: &Value| event["event"] == "message_sent" || event["event"] == "question_asked";
        let events = self.events();
        events
            .iter()
            .filter(|event| says(event))
            .map(|event| event["text"].as_str().unwrap_or("[file]").to_owned())
            .collect()
    }

    /// The last event of a name.
    pub fn last(&self, name: &str) -> Value {
        let found = self.events().into_iter().rev().find(|event| event["event"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {:#?}", self.events()))
    }

    /// How many events of a name there were.
    pub fn count(&self, name: &str) -> usize {
        self.events().iter().filter(|event| event["event"] == name).count()
    }

    /// The state, as `/state` shows it.
    pub fn state(&self) -> Value {
        serde_json::from_str(&json::state(self.rehearsal.session())).unwrap()
    }

    /// Why the workflow ended, or null.
    pub fn ended(&self) -> Value {
        self.state()["ended"].clone()
    }

    fn value(&self, event: &rehearsal::engine::Event<'_>) -> Value {
        serde_json::from_str(&json::event(self.rehearsal.program(), event)).unwrap()
    }
}

fn indented(text: &str) -> String {
    let indent =
        text.lines().find(|line| !line.trim().is_empty()).map_or(0, |line| line.len() - line.trim_start().len());
    let lines: Vec<String> = text.lines().map(|line| format!("  {}", line.get(indent..).unwrap_or_default())).collect();
    lines.join("\n")
}

/// The workspace of [`Play::whatsapp`].
pub const WORKSPACE: &str = "
    version: 1
    channels:
      - { id: wa, type: whatsapp }
      - { id: web, type: web_chat }
      - { id: sms, type: sms }
    contact_fields:
      - { id: guests, type: number }
      - { id: topic, type: list, options: [Sales, Support] }
    users: [{ id: ana@example.com, name: Ana Agent }]
    contacts:
      ana: { firstname: Ana, lastname: Haddad, email: ana@example.com, last_channel: wa }
";
