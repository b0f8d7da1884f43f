//! The outside world, for real: the only room that opens connections and writes rows. Nothing of it runs unless it is asked for.
//!
//! A session asks ([`Session::request`](crate::engine::Session::request)); [`Outside`] goes and gets the answer on a thread of its
//! own, so that whoever drives the rehearsal stays responsive.

pub mod ai;
pub mod http;
pub mod sheet;
pub mod worker;

use std::path::PathBuf;

pub use sheet::{SheetError, Sheets};

use crate::engine::event::{Kind, pairs};
use crate::engine::{Request, Session, Speaker};
use crate::rehearsal::Rehearsal;
use crate::rehearsal::command::Answer;
use worker::{Ended, Worker};

/// What of the outside world may be reached.
#[derive(Debug, Default)]
pub struct Outside {
    /// Whether HTTP requests are really sent.
    pub http: bool,
    /// Where an AI is asked.
    pub ai: Option<ai::Endpoint>,
    /// Where rows are written.
    pub sheets: Option<Sheets>,
    /// What a request may cost.
    pub limits: http::Limits,
    worker: Worker<(Answer, Option<String>)>,
    trouble: Option<String>,
}

impl Outside {
    /// An outside world of which this may be reached.
    pub fn new(http: bool, ai: Option<ai::Endpoint>, sheets: Option<Sheets>) -> Self {
        Self { http, ai, sheets, ..Self::default() }
    }

    /// Whether this request is answered from outside; if not, the operator is asked for the answer.
    pub fn answers(&self, request: &Request) -> bool {
        match request {
            Request::Http { .. } => self.http,
            Request::Ai { .. } => self.ai.is_some(),
        }
    }

    /// Looks whether the answer to the pending request has come, and sends the request first when it is a new one.
    ///
    /// `errand` numbers the requests: another number is another request, and what comes late for an earlier one is dropped.
    pub fn poll(&mut self, session: &Session, errand: u64) -> Option<Answer> {
        self.begin(session, errand)?;
        let result = self.worker.poll()?;
        Some(self.told(session, result))
    }

    /// Waits for the answer to the pending request; `None` when nothing is asked that is answered from outside.
    pub fn wait(&mut self, session: &Session, errand: u64) -> Option<Answer> {
        self.begin(session, errand)?;
        let result = self.worker.wait()?;
        Some(self.told(session, result))
    }

    fn begin(&mut self, session: &Session, errand: u64) -> Option<()> {
        let request = session.request().filter(|request| self.answers(request))?;
        if self.worker.errand() == Some(errand) {
            return Some(());
        }
        let limits = self.limits;
        match request.clone() {
            Request::Http { method, url, headers, body } => self.worker.begin(errand, move || {
                match http::send(&http::Request { method, url, headers, body }, &limits) {
                    Ok(response) => (Answer::Http { status: response.status, body: response.body }, None),
                    Err(failure) => (Answer::NoHttp(failure.word().to_owned()), Some(failure.to_string())),
                }
            }),
            Request::Ai { instructions } => {
                let endpoint = self.ai.clone()?;
                let question = question(session, instructions)?;
                self.worker.begin(errand, move || match ai::ask(&endpoint, &question, &limits) {
                    Ok(reply) => {
                        (Answer::Ai { say: reply.say, outcome: reply.outcome, collected: reply.collected }, None)
                    }
                    Err(failure) => (Answer::NoAi(failure.word().to_owned()), Some(failure.to_string())),
                });
            }
        }
        Some(())
    }

    fn told(&mut self, session: &Session, result: Result<(Answer, Option<String>), Ended>) -> Answer {
        match result {
            Ok((answer, trouble)) => {
                self.trouble = trouble;
                answer
            }
            Err(ended) => {
                self.trouble = Some(ended.to_string());
                let broken = "connection".to_owned();
                match session.request() {
                    Some(Request::Ai { .. }) => Answer::NoAi(broken),
                    _ => Answer::NoHttp(broken),
                }
            }
        }
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
        rows.map(|(spreadsheet, sheet, row)| sheets.append(spreadsheet, sheet, &pairs(row).collect::<Vec<_>>()))
            .collect()
    }
}

/// What the model is told about the step that waits.
fn question(session: &Session, instructions: Option<String>) -> Option<ai::Question> {
    let step = session.program().step(session.waiting()?.step);
    let (objective, knowledge, collect) = step.ai()?;
    Some(ai::Question {
        objective,
        instructions,
        knowledge: knowledge.to_vec(),
        collect: collect.iter().map(|one| (one.variable.to_string(), one.description.clone())).collect(),
        talk: session.talk().iter().map(|(speaker, text)| (*speaker == Speaker::Contact, text.to_string())).collect(),
    })
}
