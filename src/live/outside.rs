//! The doors to the outside world that are open, and what goes in and out of them for a rehearsal.

use std::path::PathBuf;

use super::ai::{AiRequest, Endpoint, Role};
use super::http::{self, Limits};
use super::{Answer as Came, Job, SheetError, Sheets, Worker};
use crate::engine::event::{Kind, pairs};
use crate::engine::{Request, Session, Speaker};
use crate::rehearsal::Rehearsal;
use crate::rehearsal::command::Answer;
use crate::text::mask::Secrets;

/// What of the outside world may be reached.
///
/// A session asks ([`Session::request`]); this goes and gets the answer on another thread, so that whoever drives the rehearsal stays
/// responsive.
#[derive(Debug, Default)]
pub struct Outside {
    /// Whether HTTP requests are really sent.
    pub http: bool,
    /// Where an AI is asked.
    pub ai: Option<Endpoint>,
    /// Where rows are written.
    pub sheets: Option<Sheets>,
    worker: Worker,
    /// The request that is on its way.
    errand: Option<u64>,
    trouble: Option<String>,
    /// What was sent and must not come back into events, onto the screen or into files.
    secrets: Secrets,
}

impl Outside {
    /// An outside world of which this may be reached.
    pub fn new(http: bool, ai: Option<Endpoint>, sheets: Option<Sheets>) -> Self {
        let secrets = ai.as_ref().map(Endpoint::secrets).unwrap_or_default();
        Self { http, ai, sheets, secrets, ..Self::default() }
    }

    /// Whether this request is answered from outside; if not, the operator is asked for the answer.
    pub fn answers(&self, request: &Request) -> bool {
        match request {
            Request::Http { .. } => self.http,
            Request::Ai { .. } => self.ai.is_some(),
        }
    }

    /// Looks whether the answer to the pending request has come, and sends the request first when it is a new one. Never waits.
    ///
    /// `errand` numbers the requests: another number is another request, and what comes late for an earlier one is dropped.
    pub fn poll(&mut self, session: &Session, errand: u64) -> Option<Answer> {
        self.begin(session, errand)?;
        let (_, came) = self.worker.poll()?;
        Some(self.told(came))
    }

    /// Waits for the answer to the pending request; `None` when nothing is asked that is answered from outside.
    pub fn wait(&mut self, session: &Session, errand: u64) -> Option<Answer> {
        self.begin(session, errand)?;
        let (_, came) = self.worker.wait()?;
        Some(self.told(came))
    }

    fn begin(&mut self, session: &Session, errand: u64) -> Option<()> {
        let request = session.request().filter(|request| self.answers(request))?;
        if self.errand == Some(errand) {
            return Some(());
        }
        let job = match request.clone() {
            Request::Http { method, url, headers, body } => {
                self.secrets.learn_request(&url, headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
                Job::Http { request: http::Request { method, url, headers, body }, limits: Limits::HTTP }
            }
            Request::Ai { instructions } => {
                Job::Ai { endpoint: self.ai.clone()?, request: ai_request(session, instructions)?, limits: Limits::AI }
            }
        };
        if let Some(late) = self.errand.replace(errand) {
            self.worker.cancel(late);
        }
        self.worker.submit(errand, job);
        Some(())
    }

    fn told(&mut self, came: Came) -> Answer {
        self.errand = None;
        let hide = |text: &str| self.secrets.hide(text);
        let (answer, trouble) = match came {
            Came::Http(Ok(response)) if !(100..=599).contains(&response.status) => {
                let trouble =
                    format!("the server answered with the status {}, which HTTP does not know", response.status);
                (Answer::NoHttp("bad_status".to_owned()), Some(trouble))
            }
            Came::Http(Ok(response)) => (Answer::Http { status: response.status, body: hide(&response.body) }, None),
            Came::Http(Err(failure)) => (Answer::NoHttp(failure.word().to_owned()), Some(hide(&failure.to_string()))),
            Came::Ai(Ok(reply)) => {
                let collected = reply.collected.iter().map(|(name, value)| (name.clone(), hide(value))).collect();
                (Answer::Ai { say: hide(&reply.say), outcome: reply.outcome, collected }, None)
            }
            Came::Ai(Err(failure)) => (Answer::NoAi(failure.word().to_owned()), Some(hide(&failure.to_string()))),
        };
        self.trouble = trouble;
        answer
    }

    /// Why the last answer was none, in words for people; told once.
    pub fn trouble(&mut self) -> Option<String> {
        self.trouble.take()
    }

    /// Something was done, not by undo or redo: the events from this index of the log on are new. Rows among them are written.
    pub fn acted(&mut self, rehearsal: &Rehearsal, events_from: usize) -> Result<Vec<PathBuf>, SheetError> {
        let Some(sheets) = &self.sheets else { return Ok(Vec::new()) };
        let rows = rehearsal.log().since(events_from).filter_map(|event| match event.kind {
            Kind::SheetRowAdded { spreadsheet, sheet, row } => Some((spreadsheet, sheet, row)),
            _ => None,
        });
        let owned = |(name, value): (&str, &str)| (name.to_owned(), self.secrets.hide(value));
        rows.map(|(spreadsheet, sheet, row)| {
            sheets.append(spreadsheet, sheet, &pairs(row).map(owned).collect::<Vec<_>>())
        })
        .collect()
    }
}

/// What a model is told about the step that waits.
fn ai_request(session: &Session, instructions: Option<String>) -> Option<AiRequest> {
    let step = session.program().step(session.waiting()?.step);
    let (objective, knowledge, collect) = step.ai()?;
    let role = |speaker| if speaker == Speaker::Contact { Role::Contact } else { Role::Assistant };
    Some(AiRequest {
        objective,
        instructions,
        knowledge: knowledge.to_vec(),
        collect: collect
            .iter()
            .map(|one| (one.variable.to_string(), one.description.clone().unwrap_or_else(|| one.variable.to_string())))
            .collect(),
        conversation: session.talk().iter().map(|(speaker, text)| (role(*speaker), text.to_string())).collect(),
    })
}
