//! JSON as YAML: bodies, payloads, what the platform says besides, and mocks.

use serde_json::Value;

use super::yaml::{Entries, Layout, Yaml};
use crate::flow::model::{HttpBody, JsonTemplate, Mock, Mocks};

/// Any JSON. Texts that look like something else stand in quotes, so numbers, `true`, `false` and `null` stay what they are.
pub(super) fn json(value: &Value) -> Yaml {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Yaml::word(value),
        Value::String(text) => Yaml::text(text),
        Value::Array(items) => Yaml::List(Layout::Fit, items.iter().map(json).collect()),
        Value::Object(entries) => {
            Yaml::Map(Layout::Fit, entries.iter().map(|(key, value)| (key.clone(), json(value))).collect())
        }
    }
}

/// The `body` of a request.
pub(super) fn body(body: &HttpBody) -> Yaml {
    match body {
        HttpBody::Text(text) => Yaml::text(text.source()),
        HttpBody::Json(json) => template(json),
    }
}

fn template(value: &JsonTemplate) -> Yaml {
    match value {
        JsonTemplate::Fixed(fixed) => json(fixed),
        JsonTemplate::Text(text) => Yaml::text(text.source()),
        JsonTemplate::List(items) => Yaml::List(Layout::Fit, items.iter().map(template).collect()),
        JsonTemplate::Map(entries) => {
            Yaml::Map(Layout::Fit, entries.iter().map(|(key, value)| (key.clone(), template(value))).collect())
        }
    }
}

/// The value of `mocks`: by step, one answer a line.
pub(super) fn mocks(mocks: &[Mocks]) -> Yaml {
    let mut entries = Entries::default();
    for Mocks { step, answers } in mocks {
        entries.put(&step.value, Yaml::List(Layout::Block, answers.iter().map(mock).collect()));
    }
    entries.block()
}

fn mock(mock: &Mock) -> Yaml {
    let mut entries = Entries::default();
    match mock {
        Mock::Http { status, body } => {
            entries.put("status", Yaml::word(status));
            match compact_json(body) {
                Some(value) => {
                    entries.put("json", json(&value));
                }
                None if body.is_empty() => {}
                None => {
                    entries.put("body", Yaml::text(body));
                }
            }
        }
        Mock::Error(why) => {
            entries.put("error", Yaml::text(why));
        }
        Mock::Ai { say, outcome, collected } => {
            // An answer says something, and be it nothing.
            if !say.is_empty() || (outcome.is_none() && collected.is_empty()) {
                entries.put("say", Yaml::text(say));
            }
            entries.put_some("outcome", outcome.as_ref().map(Yaml::word));
            if !collected.is_empty() {
                let mut found = Entries::default();
                for (variable, text) in collected {
                    found.put(variable, Yaml::text(text));
                }
                entries.put("collected", found.fit());
            }
        }
    }
    entries.fit()
}

/// The JSON of a body, when it reads back as the very same body.
fn compact_json(body: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(body).ok()?;
    let again = value.to_string();
    (again == body).then_some(value)
}
