//! The outside world's answers as an operator types them: a response, a reply, a form.

use serde_json::Value as Json;

use super::command::Answer;
use crate::diagnostic::did_you_mean;
use crate::flow::model::AiOutcome;

/// Why no response may come, as an operator says it.
const FAILURES: [&str; 8] =
    ["timeout", "connection", "refused", "dns", "tls", "closed_early", "redirect_loop", "too_large"];

/// Reads `200 {"id": 7}`, or a word that says why no response came.
pub(super) fn http(written: &str) -> Result<Answer, String> {
    let (status, body) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
    if let Ok(number) = status.parse::<u16>() {
        return match number {
            100..=599 => Ok(Answer::Http { status: number, body: body.trim().to_owned() }),
            _ => Err(format!("{number} is no HTTP status: they go from 100 to 599")),
        };
    }
    if body.is_empty() && FAILURES.contains(&status) {
        return Ok(Answer::NoHttp(status.to_owned()));
    }
    // People write why as other programs do: "connection refused", "timed out".
    let last = written.to_lowercase();
    let last = last.trim().rsplit([' ', '_', '-']).next().unwrap_or_default();
    let last = if written.to_lowercase().starts_with("timed") { "timeout" } else { last };
    if let Some(known) = FAILURES.into_iter().find(|known| *known == last) {
        return Err(format!("why no answer came is one word here: write /http {known}"));
    }
    Err(match did_you_mean(status, FAILURES) {
        Some(meant) => format!("\"{status}\" is no HTTP status; did you mean {meant}?"),
        None => format!("\"{status}\" is neither an HTTP status nor why none came ({})", FAILURES.join(", ")),
    })
}

/// Reads what an AI says: a text, a text after its outcome and a colon, or JSON with `say`, `outcome` and `collected`.
pub(super) fn ai(written: &str) -> Result<Answer, String> {
    if written.starts_with('{') {
        return ai_json(written);
    }
    let (word, text) = written.split_once(':').unwrap_or((written, ""));
    match AiOutcome::named(word.trim()) {
        Some(outcome) => Ok(Answer::Ai { say: text.trim().to_owned(), outcome: Some(outcome), collected: Vec::new() }),
        None => match did_you_mean(word.trim(), AiOutcome::ALL.iter().map(|outcome| outcome.as_str())) {
            Some(meant) if written.contains(':') && !word.trim().contains(' ') => {
                Err(format!("\"{}\" is no outcome; did you mean {meant}?", word.trim()))
            }
            _ => Ok(Answer::Ai { say: written.to_owned(), outcome: None, collected: Vec::new() }),
        },
    }
}

fn ai_json(written: &str) -> Result<Answer, String> {
    let json: Json = serde_json::from_str(written).map_err(|error| format!("this is no JSON: {error}"))?;
    let Json::Object(entries) = json else { return Err("the reply is no mapping".to_owned()) };
    let (mut say, mut outcome, mut collected) = (String::new(), None, Vec::new());
    for (key, value) in entries {
        match (key.as_str(), value) {
            ("say", Json::String(text)) => say = text,
            ("outcome", Json::Null) => {}
            ("outcome", Json::String(word)) => {
                let known = || AiOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect::<Vec<_>>().join(", ");
                let named = AiOutcome::named(&word);
                outcome = Some(named.ok_or_else(|| format!("\"{word}\" is no outcome (there are {})", known()))?);
            }
            ("collected", Json::Object(values)) => {
                collected = values.into_iter().map(|(name, value)| (name, text_of(value))).collect();
            }
            (key, _) => return Err(format!("\"{key}\" cannot be read: a reply has say, outcome and collected")),
        }
    }
    if say.is_empty() && outcome.is_none() {
        return Err("the reply says nothing: give it say or outcome".to_owned());
    }
    Ok(Answer::Ai { say, outcome, collected })
}

fn text_of(value: Json) -> String {
    match value {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

/// Reads `Workflow name=value other=value with blanks`: what stands before the first name is the workflow.
pub(super) fn form(written: &str) -> (Option<String>, Vec<(String, String)>) {
    let mut words: Vec<&str> = Vec::new();
    let mut workflow = None;
    let mut form: Vec<(String, String)> = Vec::new();
    let close = |words: &mut Vec<&str>, form: &mut Vec<(String, String)>, workflow: &mut Option<String>| {
        let text = std::mem::take(words).join(" ");
        match form.last_mut() {
            Some((_, value)) => *value = text,
            None if !text.is_empty() => *workflow = Some(text),
            None => {}
        }
    };
    for word in written.split_whitespace() {
        let named = word.split_once('=').filter(|(name, _)| is_name(name));
        if let Some((name, value)) = named {
            close(&mut words, &mut form, &mut workflow);
            form.push((name.to_owned(), String::new()));
            words.extend(Some(value).filter(|value| !value.is_empty()));
        } else {
            words.push(word);
        }
    }
    close(&mut words, &mut form, &mut workflow);
    (workflow, form)
}

fn is_name(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_are_read_as_they_are_typed() {
        let response = |status, body: &str| Ok(Answer::Http { status, body: body.into() });
        assert_eq!(http("200"), response(200, ""));
        assert_eq!(http("404  {\"a\": 1}"), response(404, "{\"a\": 1}"));
        assert_eq!(http("timeout"), Ok(Answer::NoHttp("timeout".into())));
        assert_eq!(http("timout"), Err("\"timout\" is no HTTP status; did you mean timeout?".into()));
        for (written, word) in
            [("connection refused", "refused"), ("Connection Refused", "refused"), ("timed out", "timeout")]
        {
            assert_eq!(http(written), Err(format!("why no answer came is one word here: write /http {word}")));
        }
        assert!(http("7").is_err() && http("soon please").is_err() && http("70000").is_err());
    }

    #[test]
    fn replies_are_read_as_they_are_typed() {
        let reply = |say: &str, outcome| Ok(Answer::Ai { say: say.into(), outcome, collected: Vec::new() });
        assert_eq!(ai("At nine: come in"), reply("At nine: come in", None));
        assert_eq!(ai("success: Bye"), reply("Bye", Some(AiOutcome::Success)));
        assert_eq!(ai("unable"), reply("", Some(AiOutcome::Unable)));
        assert_eq!(
            ai(r#"{"say": "Thanks", "outcome": "success", "collected": {"email": "a@b.co", "age": 7}}"#),
            Ok(Answer::Ai {
                say: "Thanks".into(),
                outcome: Some(AiOutcome::Success),
                collected: vec![("email".into(), "a@b.co".into()), ("age".into(), "7".into())],
            })
        );
        assert_eq!(ai("succes: x"), Err("\"succes\" is no outcome; did you mean success?".into()));
        assert!(
            ai("{}").is_err()
                && ai("{").is_err()
                && ai(r#"{"outcome": "fine"}"#).is_err()
                && ai(r#"{"text": "x"}"#).is_err()
        );
    }

    #[test]
    fn forms_are_read_as_they_are_typed() {
        let entry = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(form(""), (None, Vec::new()));
        assert_eq!(
            form("reason=late delivery note="),
            (None, vec![entry("reason", "late delivery"), entry("note", "")])
        );
        assert_eq!(form("Mark as spam why=2+2=4"), (Some("Mark as spam".into()), vec![entry("why", "2+2=4")]));
    }
}
