//! Runs what takes its time away from the screen: a job goes in, its answer is polled.

use std::collections::HashMap;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::ai::{self, AiFailure, AiReply, AiRequest, Endpoint};
use super::http::{self, Limits, Request, Response};
use super::{Failure, failure};

/// Something to do.
#[derive(Debug, Clone)]
pub enum Job {
    /// [`http::send`].
    Http {
        /// What to send.
        request: Request,
        /// How far to go.
        limits: Limits,
    },
    /// [`ai::ask`].
    Ai {
        /// Whom to ask.
        endpoint: Endpoint,
        /// What to ask.
        request: AiRequest,
        /// How far to go.
        limits: Limits,
    },
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Of [`Job::Http`].
    Http(Result<Response, Failure>),
    /// Of [`Job::Ai`].
    Ai(Result<AiReply, AiFailure>),
}

impl Job {
    fn run(&self) -> Answer {
        match self {
            Self::Http { request, limits } => Answer::Http(http::send(request, limits)),
            Self::Ai { endpoint, request, limits } => Answer::Ai(ai::ask(endpoint, request, limits)),
        }
    }

    /// The answer of a job that nobody could run.
    fn not_run(&self, why: &str) -> Answer {
        match self {
            Self::Http { request, .. } => Answer::Http(Err(failure::not_run(&request.url, why))),
            Self::Ai { endpoint, .. } => Answer::Ai(Err(failure::not_run(&endpoint.url, why).into())),
        }
    }
}

/// One turn of one request: a request that is submitted anew gets a new turn, so that a late answer is not taken for its own.
type Turn = u64;

/// Runs each job on a thread of its own. Whoever drops the worker, or the program that ends, waits for none of them: a thread ends when its
/// job does, which the job's limits see to.
#[derive(Debug)]
pub struct Worker {
    /// The requests that wait for an answer, with the turn whose answer counts.
    waiting: HashMap<u64, Turn>,
    turns: Turn,
    sender: Sender<(u64, Turn, Answer)>,
    receiver: Receiver<(u64, Turn, Answer)>,
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

impl Worker {
    /// A worker with nothing to do. No thread runs yet.
    pub fn new() -> Self {
        let (sender, receiver) = channel();
        Self { waiting: HashMap::new(), turns: 0, sender, receiver }
    }

    /// Starts a job for request `id`. A job that still runs for the same request is cancelled.
    pub fn submit(&mut self, id: u64, job: Job) {
        self.turns += 1;
        self.waiting.insert(id, self.turns);
        let promise = Promise { id, turn: self.turns, sender: self.sender.clone(), job, answer: None };
        // Without a thread the promise goes down at once, and has answered.
        let _ = promise.start();
    }

    /// Forgets a request: its answer is never handed out, though its job may run on for a while.
    pub fn cancel(&mut self, id: u64) {
        self.waiting.remove(&id);
    }

    /// How many requests wait for an answer.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The next answer that has come. Never waits.
    pub fn poll(&mut self) -> Option<(u64, Answer)> {
        while let Ok((id, turn, answer)) = self.receiver.try_recv() {
            if self.take(id, turn) {
                return Some((id, answer));
            }
        }
        None
    }

    /// Waits for the next answer. `None` when no request waits for one.
    pub fn wait(&mut self) -> Option<(u64, Answer)> {
        while !self.waiting.is_empty() {
            let (id, turn, answer) = self.receiver.recv().ok()?;
            if self.take(id, turn) {
                return Some((id, answer));
            }
        }
        None
    }

    /// Whether this turn's answer is still asked for; it is so once.
    fn take(&mut self, id: u64, turn: Turn) -> bool {
        let wanted = self.waiting.get(&id) == Some(&turn);
        if wanted {
            self.waiting.remove(&id);
        }
        wanted
    }
}

/// A job and its answer. It answers when it is dropped, so that nobody waits for ever when the thread did not start or did not finish.
struct Promise {
    id: u64,
    turn: Turn,
    sender: Sender<(u64, Turn, Answer)>,
    job: Job,
    answer: Option<Answer>,
}

impl Promise {
    fn start(self) -> io::Result<()> {
        thread::Builder::new().spawn(move || self.keep()).map(drop)
    }

    fn keep(mut self) {
        self.answer = Some(self.job.run());
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        let answer = self.answer.take().unwrap_or_else(|| self.job.not_run("the thread for it did not run to its end"));
        // Nobody listens any more when the worker is gone.
        let _ = self.sender.send((self.id, self.turn, answer));
    }
}
