//! What the model answered: out of the endpoint's response, then out of the model's own words.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{AiFailure, AiReply, AiRequest, Objective, Outcome};

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<Content>,
    refusal: Option<String>,
}

/// A message is a text, or a list of parts of which some are texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    text: Option<String>,
}

/// The model's message out of the endpoint's response.
pub(super) fn content(body: &str) -> Result<String, AiFailure> {
    let wrong = |why: String| AiFailure::NotACompletion { why };
    let completion: Completion = serde_json::from_str(body).map_err(|error| wrong(error.to_string()))?;
    let choice = completion.choices.into_iter().next().ok_or_else(|| wrong("`choices` is empty".to_owned()))?;
    let text = match choice.message.content {
        Some(Content::Text(text)) => text,
        Some(Content::Parts(parts)) => parts.into_iter().filter_map(|part| part.text).collect(),
        None => String::new(),
    };
    match choice.message.refusal {
        // A service's own way to say that its model may not answer.
        Some(refusal) if text.is_empty() => Ok(json!({ "say": refusal, "outcome": "unable" }).to_string()),
        _ => Ok(text),
    }
}

/// The reply out of the model's message.
pub(super) fn understand(message: &str, request: &AiRequest) -> Result<AiReply, AiFailure> {
    let message = without_thoughts(message).trim();
    let wrong = |why: &str| Err(AiFailure::BadAnswer { why: why.to_owned() });
    if message.is_empty() {
        return wrong("it is empty");
    }
    let mut reply = match object_in(message) {
        Some(object) => shaped(&object, request)?,
        None if unfenced(message).starts_with('{') => return wrong("its JSON does not parse"),
        None => AiReply { say: message.to_owned(), outcome: None, collected: Vec::new() },
    };
    let all = reply.collected.len() == request.collect.len();
    match (request.objective, reply.outcome) {
        (Objective::CollectInformation, None) if all && !request.collect.is_empty() => {
            reply.outcome = Some(Outcome::Success);
        }
        (Objective::CollectInformation, Some(Outcome::Success)) if !all => reply.outcome = None,
        _ => {}
    }
    if reply.say.is_empty() && reply.outcome.is_none() {
        return wrong("it says nothing and does not end the step");
    }
    Ok(reply)
}

/// The message behind what a reasoning model thinks aloud.
fn without_thoughts(message: &str) -> &str {
    match message.trim_start().strip_prefix("<think>") {
        Some(thoughts) => thoughts.split_once("</think>").map_or("", |(_, rest)| rest),
        None => message,
    }
}

/// What stands in the first code fence, or the text itself.
fn unfenced(text: &str) -> &str {
    let Some((_, fenced)) = text.split_once("```") else { return text };
    let inside = fenced.split_once("```").map_or(fenced, |(inside, _)| inside);
    inside.split_once('\n').map_or(inside, |(_, body)| body).trim()
}

/// The JSON object that a message is, holds in a code fence, or holds between other words.
fn object_in(message: &str) -> Option<Map<String, Value>> {
    let parse = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok();
    let between = || message.get(message.find('{')?..=message.rfind('}')?);
    parse(message)
        .or_else(|| parse(unfenced(message)))
        .or_else(|| between().and_then(parse).filter(|object| object.contains_key("say")))
}

/// The reply out of an object that has the agreed shape.
fn shaped(object: &Map<String, Value>, request: &AiRequest) -> Result<AiReply, AiFailure> {
    let wrong = |why: String| AiFailure::BadAnswer { why };
    let outcome = match object.get("outcome") {
        None | Some(Value::Null) => None,
        Some(Value::String(word)) => match word.trim().to_ascii_lowercase().as_str() {
            "" | "null" | "none" => None,
            "success" => Some(Outcome::Success),
            "speak_to_human" => Some(Outcome::SpeakToHuman),
            "unable" => Some(Outcome::Unable),
            "failure" => Some(Outcome::Failure),
            _ => return Err(wrong(format!("its \"outcome\" is {word:?}, not success, speak_to_human or unable"))),
        },
        Some(_) => return Err(wrong("its \"outcome\" is not a word".to_owned())),
    };
    let say = match object.get("say") {
        Some(Value::String(say)) => say.trim().to_owned(),
        None | Some(Value::Null) if outcome.is_some() => String::new(),
        _ => return Err(wrong("its JSON has no text under \"say\"".to_owned())),
    };
    let collected = match object.get("collected") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(given)) => {
            let value = |name: &String| given.get(name).and_then(text_of).map(|value| (name.clone(), value));
            request.collect.iter().filter_map(|(name, _)| value(name)).collect()
        }
        Some(_) => return Err(wrong("its \"collected\" is not an object".to_owned())),
    };
    Ok(AiReply { say, outcome, collected })
}

/// A collected value as text; nothing for what models write when they have no value.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}
