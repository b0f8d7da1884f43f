//! JSON written as YAML: fixed values, and templates whose texts hold variables.

use serde_json::{Map, Value as Json};

use super::value::Value;
use super::{Lowering, quoted};
use crate::flow::model::{JsonPath, JsonTemplate};
use crate::source::{Node, NodeKind, Scalar};
use crate::template::Template;

/// Levels a JSON value may nest; readers of JSON allow 128 (our choice).
const DEPTH: usize = 100;

/// Characters a path into JSON may have (our choice: its parser calls itself for every bracket).
const PATH_CHARACTERS: usize = 200;

/// Filters (`[?…]`) a path may have (our choice: each one inside another doubles the time of its parser).
const PATH_FILTERS: usize = 4;

impl Lowering<'_> {
    /// Any YAML value as JSON: plain scalars by JSON's rules, texts in quotes as texts.
    pub(super) fn json(&mut self, value: Value<'_>, what: &str) -> Option<Json> {
        self.json_fits(value, what).then(|| json_of(value.node))
    }

    /// JSON whose texts may hold variables.
    pub(super) fn json_template(&mut self, value: Value<'_>, what: &str) -> Option<JsonTemplate> {
        self.json_fits(value, what).then(|| self.json_part(value.node))
    }

    fn json_part(&mut self, node: &Node) -> JsonTemplate {
        match &node.kind {
            NodeKind::Null => JsonTemplate::Fixed(Json::Null),
            NodeKind::Scalar(scalar) => {
                if let Some(fixed) = fixed(scalar) {
                    return JsonTemplate::Fixed(fixed);
                }
                let template = Template::parse(scalar.text.as_str());
                self.notice_variables(&template, node);
                JsonTemplate::Text(template)
            }
            NodeKind::Seq(items) => JsonTemplate::List(items.iter().map(|item| self.json_part(item)).collect()),
            NodeKind::Map(entries) => {
                let mut map: Vec<(String, JsonTemplate)> = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    map.push((key_text(key), self.json_part(value)));
                }
                JsonTemplate::Map(map)
            }
        }
    }

    /// Whether a value can be JSON: its keys are words, and it nests no deeper than readers of JSON go.
    fn json_fits(&mut self, value: Value<'_>, what: &str) -> bool {
        let mut fits = true;
        let mut open: Vec<(&Node, usize)> = vec![(value.node, 1)];
        while let Some((node, depth)) = open.pop() {
            if depth > DEPTH {
                let message = format!("{what} nests more than {DEPTH} levels deep");
                self.error("json-too-deep", node.span, message, "write it flatter");
                return false;
            }
            match &node.kind {
                NodeKind::Seq(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
                NodeKind::Map(entries) => {
                    for (key, value) in entries {
                        if !matches!(key.kind, NodeKind::Scalar(_) | NodeKind::Null) {
                            self.error("wrong-type", key.span, "a key must be a word", "write a word before the colon");
                            fits = false;
                        }
                        open.push((value, depth + 1));
                    }
                }
                NodeKind::Null | NodeKind::Scalar(_) => {}
            }
        }
        fits
    }

    /// A path into JSON, such as `$.order.id`.
    pub(super) fn json_path(&mut self, value: Value<'_>, what: &str) -> Option<JsonPath> {
        let text = self.text(value, what)?;
        let count = text.chars().count();
        if count > PATH_CHARACTERS {
            let message = format!("this path has {count} characters; at most {PATH_CHARACTERS} are allowed");
            self.error("bad-path", value.place(), message, "save a part nearer to the top");
            return None;
        }
        if text.matches('?').count() > PATH_FILTERS {
            let message = format!("this path has more than {PATH_FILTERS} filters");
            self.error("bad-path", value.place(), message, "save a larger part, and look into it with a branch");
            return None;
        }
        let message = match JsonPath::parse(text) {
            Ok(path) => return Some(path),
            Err(_) if !text.starts_with('$') => {
                format!("{} is no path into JSON: a path starts with `$`", quoted(text))
            }
            Err(error) => format!("{} is no path into JSON: {error}", quoted(text)),
        };
        let guess = format!("$.{}", text.trim_start_matches(['$', '.']));
        let help = match JsonPath::parse(&guess) {
            Ok(_) => format!("write `{guess}`"),
            Err(_) => "write it like `$.order.id` or `$.items[0].name`".to_owned(),
        };
        self.error("bad-path", value.place(), message, help);
        None
    }
}

/// A node as JSON. It nests at most [`DEPTH`] levels.
fn json_of(node: &Node) -> Json {
    match &node.kind {
        NodeKind::Null => Json::Null,
        NodeKind::Scalar(scalar) => fixed(scalar).unwrap_or_else(|| Json::String(scalar.text.clone())),
        NodeKind::Seq(items) => Json::Array(items.iter().map(json_of).collect()),
        NodeKind::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key_text(key), json_of(value))).collect::<Map<_, _>>())
        }
    }
}

/// The key of an entry; JSON takes `null` as a word there.
fn key_text(key: &Node) -> String {
    Value::item(key).scalar().unwrap_or("null").to_owned()
}

/// A plain scalar that JSON reads as a number, `true` or `false`. A number keeps every digit.
fn fixed(scalar: &Scalar) -> Option<Json> {
    if !scalar.plain {
        return None;
    }
    let json: Json = serde_json::from_str(&scalar.text).ok()?;
    matches!(json, Json::Bool(_) | Json::Number(_)).then_some(json)
}
