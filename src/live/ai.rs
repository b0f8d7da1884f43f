//! A language model behind an OpenAI-compatible endpoint, asked for the next reply of a conversation.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::http::{self, Failure, Limits};
use crate::flow::model::{AiObjective, AiOutcome};

/// Where a model is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The address: of the interface (`http://localhost:11434/v1`), or of its chat completions.
    pub url: String,
    /// The model's name; without one the endpoint's own choice.
    pub model: Option<String>,
    /// The key, when the endpoint wants one.
    pub key: Option<String>,
}

/// What a model is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What the AI is for.
    pub objective: AiObjective,
    /// How it should behave.
    pub instructions: Option<String>,
    /// What it may know.
    pub knowledge: Vec<String>,
    /// What it should find out: variables and what they are.
    pub collect: Vec<(String, Option<String>)>,
    /// What was said so far, oldest first; true for the contact.
    pub talk: Vec<(bool, String)>,
}

/// What a model answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// To the contact.
    pub say: String,
    /// How the conversation came out; `None` goes on talking.
    pub outcome: Option<AiOutcome>,
    /// What it found out.
    pub collected: Vec<(String, String)>,
}

/// Why a model gave no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AiFailure {
    /// No response came.
    #[error(transparent)]
    Http(#[from] Failure),
    /// The endpoint refuses.
    #[error("the endpoint answers {0}: {1}")]
    Status(u16, String),
    /// The response is not what an OpenAI-compatible endpoint sends.
    #[error("the answer is not that of an OpenAI-compatible endpoint: {0}")]
    Shape(&'static str),
}

impl AiFailure {
    /// The word events use.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Http(failure) => failure.word(),
            Self::Status(..) => "bad_status",
            Self::Shape(_) => "bad_answer",
        }
    }
}

/// Asks for the next reply. Blocks, at most for the time the limits give.
pub fn ask(endpoint: &Endpoint, question: &Question, limits: &Limits) -> Result<Reply, AiFailure> {
    let url = endpoint.url.trim_end_matches('/');
    let url = if url.ends_with("/chat/completions") { url.to_owned() } else { format!("{url}/chat/completions") };
    let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    headers.extend(endpoint.key.as_ref().map(|key| ("Authorization".to_owned(), format!("Bearer {key}"))));
    let body = Some(messages(endpoint, question).to_string());
    let response = http::send(&http::Request { method: "POST".to_owned(), url, headers, body }, limits)?;
    if !(200..300).contains(&response.status) {
        let words: String = response.body.chars().take(200).collect();
        return Err(AiFailure::Status(response.status, words));
    }
    let answer: Json = serde_json::from_str(&response.body).map_err(|_| AiFailure::Shape("it is no JSON"))?;
    let content = answer.pointer("/choices/0/message/content").and_then(Json::as_str);
    Ok(read(content.ok_or(AiFailure::Shape("it has no choices[0].message.content"))?, question))
}

fn messages(endpoint: &Endpoint, question: &Question) -> Json {
    let mut system = String::from("You are the assistant in a chat with a contact of a business. ");
    system.push_str(match question.objective {
        AiObjective::AnswerQuestions => "Answer the contact's questions.",
        AiObjective::CollectInformation => "Find out from the contact what is listed below, one thing at a time.",
    });
    // Writing to a string cannot fail.
    if let Some(instructions) = &question.instructions {
        let _ = write!(system, "\n\nInstructions:\n{instructions}");
    }
    for (number, known) in question.knowledge.iter().enumerate() {
        let _ = write!(system, "{}- {known}", if number == 0 { "\n\nWhat you may know:\n" } else { "\n" });
    }
    for (number, (name, description)) in question.collect.iter().enumerate() {
        let head = if number == 0 { "\n\nTo find out:\n" } else { "\n" };
        let _ = write!(system, "{head}- {name}: {}", description.as_deref().unwrap_or("as its name says"));
    }
    system.push_str(
        "\n\nAnswer with one JSON object and nothing else: {\"say\": what you say to the contact, \"outcome\": null while the \
         conversation goes on, \"success\" when it is done, \"speak_to_human\" when the contact wants a person, \"unable\" when you \
         cannot answer, \"collected\": what you found out so far, by name}.",
    );
    let mut messages = vec![json!({ "role": "system", "content": system })];
    for (contact, text) in &question.talk {
        messages.push(json!({ "role": if *contact { "user" } else { "assistant" }, "content": text }));
    }
    let mut body = json!({ "messages": messages, "stream": false });
    if let Some(model) = &endpoint.model {
        body["model"] = json!(model);
    }
    body
}

/// Reads what the model wrote. A model that answers in plain text just says it.
fn read(content: &str, question: &Question) -> Reply {
    let inner = content.trim();
    let inner = inner.strip_prefix("```json").or_else(|| inner.strip_prefix("```")).unwrap_or(inner);
    let inner = inner.strip_suffix("```").unwrap_or(inner).trim();
    let Ok(Json::Object(reply)) = serde_json::from_str(inner) else {
        return Reply { say: content.trim().to_owned(), outcome: None, collected: Vec::new() };
    };
    let say = reply.get("say").and_then(Json::as_str).unwrap_or_default().to_owned();
    let told = reply.get("outcome").and_then(Json::as_str).and_then(AiOutcome::named);
    let found = reply.get("collected").and_then(Json::as_object).into_iter().flatten();
    let found =
        found.filter(|(name, value)| !value.is_null() && question.collect.iter().any(|(known, _)| known == *name));
    let collected: Vec<(String, String)> = found
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let all = !question.collect.is_empty() && collected.len() == question.collect.len();
    Reply { say, outcome: told.or(all.then_some(AiOutcome::Success)), collected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(collect: &[&str]) -> Question {
        Question {
            objective: AiObjective::CollectInformation,
            instructions: Some("Be brief.".into()),
            knowledge: vec!["Hours".into()],
            collect: collect.iter().map(|name| ((*name).to_owned(), None)).collect(),
            talk: vec![(true, "hello".into()), (false, "hi".into())],
        }
    }

    #[test]
    fn a_model_may_answer_in_json_in_a_fence_or_in_plain_text() {
        let said = |content: &str| read(content, &question(&["product"]));
        let reply = |say: &str, outcome| Reply { say: say.into(), outcome, collected: Vec::new() };
        assert_eq!(said("Just text "), reply("Just text", None));
        assert_eq!(
            said("```json\n{\"say\": \"x\", \"outcome\": \"unable\"}\n```"),
            reply("x", Some(AiOutcome::Unable))
        );
        assert_eq!(
            said(r#"{"say": "x", "outcome": "dance", "collected": {"other": 1, "product": null}}"#),
            reply("x", None)
        );
        let done = said(r#"{"say": "thanks", "collected": {"product": 7}}"#);
        assert_eq!((done.outcome, done.collected), (Some(AiOutcome::Success), vec![("product".into(), "7".into())]));
    }

    #[test]
    fn the_conversation_is_told_with_what_is_wanted() {
        let endpoint = Endpoint { url: String::new(), model: Some("small".into()), key: None };
        let body = messages(&endpoint, &question(&["product"]));
        assert_eq!(body["model"], "small");
        assert_eq!(body["messages"][1], json!({ "role": "user", "content": "hello" }));
        assert_eq!(body["messages"][2]["role"], "assistant");
        let system = body["messages"][0]["content"].as_str().unwrap_or_default();
        assert!(system.contains("Be brief.") && system.contains("- Hours") && system.contains("- product: "));
    }
}
