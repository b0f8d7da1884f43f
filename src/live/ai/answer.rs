//! What the model answered: out of the endpoint's response, then out of the model's own words.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{AiFailure, AiObjective, AiOutcome, AiReply, AiRequest};

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
        (AiObjective::CollectInformation, None) if all && !request.collect.is_empty() => {
            reply.outcome = Some(AiOutcome::Success);
        }
        (AiObjective::CollectInformation, Some(AiOutcome::Success)) if !all => reply.outcome = None,
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
            "success" => Some(AiOutcome::Success),
            "speak_to_human" => Some(AiOutcome::SpeakToHuman),
            "unable" => Some(AiOutcome::Unable),
            "failure" => Some(AiOutcome::Failure),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn collecting(variables: &[&str]) -> AiRequest {
        AiRequest {
            objective: AiObjective::CollectInformation,
            instructions: None,
            knowledge: Vec::new(),
            collect: variables.iter().map(|name| ((*name).to_owned(), "what it is".to_owned())).collect(),
            conversation: Vec::new(),
        }
    }

    fn reply(message: &str, variables: &[&str]) -> AiReply {
        understand(message, &collecting(variables)).unwrap_or_else(|failure| panic!("{message}: {failure}"))
    }

    #[test]
    fn plain_text_is_said() {
        for text in ["Hello {name}!", "**Hi**", "Use `x`", "[1, 2]", "12", "\"quoted\""] {
            let wanted = AiReply { say: text.to_owned(), outcome: None, collected: Vec::new() };
            assert_eq!(reply(text, &["city"]), wanted);
        }
    }

    #[test]
    fn an_object_is_found_where_models_put_it() {
        let object = r#"{"say": "Bye {x}", "outcome": "Speak_To_Human"}"#;
        for message in [
            object.to_owned(),
            format!("```json\n{object}\n```"),
            format!("Sure!\n```\n{object}\n```\nAnything else?"),
            format!("Here it is: {object} Good?"),
            format!("<think>{{\"say\": 1}}</think>\n{object}"),
        ] {
            let reply = reply(&message, &["city"]);
            assert_eq!((reply.say.as_str(), reply.outcome), ("Bye {x}", Some(AiOutcome::SpeakToHuman)), "{message}");
        }
    }

    #[test]
    fn success_is_when_every_item_is_there() {
        let half = r#"{"say": "And your age?", "outcome": "success", "collected": {"city": " Amman ", "age": null, "x": "y"}}"#;
        assert_eq!(reply(half, &["city", "age"]).outcome, None);
        assert_eq!(reply(half, &["city", "age"]).collected, [("city".to_owned(), "Amman".to_owned())]);
        let full = r#"{"say": "Thanks", "collected": {"age": 7, "city": "Amman"}}"#;
        let reply = reply(full, &["city", "age"]);
        assert_eq!(reply.outcome, Some(AiOutcome::Success));
        assert_eq!(reply.collected, [("city", "Amman"), ("age", "7")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn wrong_shapes_are_told() {
        for (message, wanted) in [
            ("", "empty"),
            ("<think>hm", "empty"),
            ("{\"say\": \"x\"", "does not parse"),
            ("```json\n{\"say\": \n```", "does not parse"),
            ("{}", "say"),
            (r#"{"say": 1}"#, "say"),
            (r#"{"say": ""}"#, "says nothing"),
            (r#"{"say": "x", "outcome": "done"}"#, "done"),
            (r#"{"say": "x", "outcome": 1}"#, "outcome"),
            (r#"{"say": "x", "collected": ["city"]}"#, "collected"),
        ] {
            let failure = understand(message, &collecting(&["city"])).unwrap_err();
            assert!(failure.to_string().contains(wanted), "{message}: {failure}");
        }
    }

    #[test]
    fn a_refusal_and_parts_are_understood() {
        let body = r#"{"choices": [{"message": {"content": null, "refusal": "I may not."}}]}"#;
        let refused = reply(&content(body).unwrap(), &["city"]);
        assert_eq!((refused.say.as_str(), refused.outcome), ("I may not.", Some(AiOutcome::Unable)));
        let body = r#"{"choices": [{"message": {"content": [{"type": "text", "text": "Hel"}, {"type": "x"}, {"text": "lo"}]}}]}"#;
        assert_eq!(content(body), Ok("Hello".to_owned()));
    }
}
