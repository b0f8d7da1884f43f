//! One turn of an AI step: asks an endpoint that speaks `OpenAI`'s chat completions, as Ollama, llama.cpp, vLLM and most services do.

mod answer;
mod prompt;

use std::fmt;

use serde_json::{Value, json};
use url::Url;

use super::Failure;
use super::http::{self, Limits, Request};
pub use crate::flow::model::{AiObjective, AiOutcome};
use crate::text::mask::{self, Secrets};

/// The most characters of an endpoint's own error message that are shown.
const SHOWN: usize = 300;

/// Who is asked.
#[derive(Clone)]
pub struct Endpoint {
    /// The base address such as `http://localhost:11434/v1`, or the full address that ends in `/chat/completions`.
    pub url: String,
    /// The model's name; without one the endpoint takes its own, or complains.
    pub model: Option<String>,
    /// The key, sent as a bearer token.
    pub key: Option<String>,
}

/// Without the key.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("url", &mask::url(&self.url))
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl Endpoint {
    /// What must not be shown: the key, and what the address holds.
    pub fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::of_request(&self.url, []);
        secrets.learn(self.key.as_deref().unwrap_or_default());
        secrets
    }
}

/// Who said something in the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The customer.
    Contact,
    /// The step itself, or the workflow before it.
    Assistant,
}

/// What the model is given for its next message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AiRequest {
    /// What the step is there for.
    pub objective: AiObjective,
    /// What the author of the flow asks of the AI.
    pub instructions: Option<String>,
    /// What the AI may know, one text per source.
    pub knowledge: Vec<String>,
    /// The variables to collect, with what each is.
    pub collect: Vec<(String, String)>,
    /// What was said, the oldest first.
    pub conversation: Vec<(Role, String)>,
}

/// The model's next message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AiReply {
    /// What the contact reads; empty when the model ends the step without a word.
    pub say: String,
    /// How the step ends; `None` while it goes on.
    pub outcome: Option<AiOutcome>,
    /// What is known of the variables to collect, in their order. Others are dropped.
    pub collected: Vec<(String, String)>,
}

/// Why the model gave no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AiFailure {
    /// No response came.
    #[error("the AI endpoint: {0}")]
    NoResponse(#[from] Failure),
    /// The endpoint answered with an error.
    #[error("the AI endpoint answered {status}: {said} ({})", mend(*.status))]
    Status {
        /// The HTTP status.
        status: u16,
        /// The endpoint's own words, cut short.
        said: String,
    },
    /// The endpoint's response is not a chat completion.
    #[error("the AI endpoint's response is not a chat completion: {why} (the address ends in /v1 on most servers)")]
    NotACompletion {
        /// What is missing.
        why: String,
    },
    /// The model's message does not have the shape it was asked for.
    #[error("the AI's answer cannot be used: {why} (try again, or take a model that follows instructions better)")]
    BadAnswer {
        /// What is wrong with it.
        why: String,
    },
}

impl AiFailure {
    /// A stable word for the event stream: that of [`Failure::word`], `status`, `not_a_completion` or `bad_answer`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NoResponse(failure) => failure.word(),
            Self::Status { .. } => "status",
            Self::NotACompletion { .. } => "not_a_completion",
            Self::BadAnswer { .. } => "bad_answer",
        }
    }
}

/// What a person can do about a status.
const fn mend(status: u16) -> &'static str {
    match status {
        401 | 403 => "is the key right?",
        404 => "are the address and the model's name right? The address ends in /v1 on most servers",
        400 | 422 => "is the model's name given and right?",
        429 => "too many requests or no credit: wait, or look at the account",
        _ => "look at the server's log",
    }
}

/// Asks for the next message and waits for it.
///
/// The model is asked to answer with one JSON object. One that answers in plain text is taken at its word: the text is said, and the
/// step goes on. While collecting, success is decided here: it is when, and only when, every variable has a value.
///
/// # Errors
/// When there was no response, an error, or an answer without the agreed shape.
pub fn ask(endpoint: &Endpoint, request: &AiRequest, limits: &Limits) -> Result<AiReply, AiFailure> {
    let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    if let Some(key) = &endpoint.key {
        headers.push(("Authorization".to_owned(), format!("Bearer {key}")));
    }
    let mut body = json!({ "messages": prompt::messages(request), "stream": false });
    if let Some(model) = &endpoint.model {
        body["model"] = json!(model);
    }
    let sent =
        Request { method: "POST".to_owned(), url: address(&endpoint.url), headers, body: Some(body.to_string()) };
    let response = http::send(&sent, limits)?;
    if !(200..300).contains(&response.status) {
        return Err(AiFailure::Status {
            status: response.status,
            said: complaint(&endpoint.secrets().hide(&response.body)),
        });
    }
    answer::understand(&answer::content(&response.body)?, request)
}

/// The full address. A query, as some services have it, stays behind the path. What is not an address is left to the sender to refuse.
fn address(base: &str) -> String {
    let Ok(mut url) = Url::parse(base.trim()) else { return base.to_owned() };
    let path = url.path().trim_end_matches('/');
    if !path.ends_with("/chat/completions") {
        let path = format!("{path}/chat/completions");
        url.set_path(&path);
    }
    url.into()
}

/// An endpoint's own words about what is wrong: `OpenAI`'s shape, Ollama's shape, or whatever it is.
fn complaint(body: &str) -> String {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let error = &json["error"];
    let said = error["message"].as_str().or_else(|| error.as_str()).or_else(|| json["message"].as_str());
    let said = crate::text::single_line(said.unwrap_or(body).trim()).into_owned();
    if said.is_empty() { "without a word".to_owned() } else { said.chars().take(SHOWN).collect() }
}
