//! JSON as text with its keys in the order the platform writes them; keys it is not known for come after, by the alphabet.

use serde::Serialize;
use serde::ser::{SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

/// Keys in the order of the platform's files. One list does for every object: no key has two places.
const ORDER: &[&str] = &[
    "id",
    "parentId",
    "workflowId",
    "fromStepId",
    "toStepId",
    "type",
    "name",
    "description",
    "status",
    "publishedBy",
    "createdBy",
    "publishedAt",
    "updatedAt",
    "createdAt",
    "connectedByWorkflows",
    "connectedToWorkflows",
    "settings",
    "exitCondition",
    "incomingMessage",
    "outgoingMessage",
    "manualAssignment",
    "manualEjection",
    "workflow",
    "channelId",
    "payload",
    "question",
    "text",
    "options",
    "category",
    "field",
    "operator",
    "value",
    "rate",
    "unit",
    "variable",
    "day",
    "startTime",
    "endTime",
    "timeout",
    "saveResponse",
    "action",
    "timezone",
    "times",
    "conditions",
    "connectorType",
    "stepId",
    "maxJumps",
    "connectors",
    "data",
];

/// The text, with two blanks of indentation and a line break at its end.
pub(super) fn pretty(value: &Value) -> String {
    // A value of serde_json has nothing that could not be written.
    let mut text = serde_json::to_string_pretty(&Ordered(value)).unwrap_or_default();
    text.push('\n');
    text
}

struct Ordered<'v>(&'v Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Ordered(item))?;
                }
                list.end()
            }
            Value::Object(members) => {
                let mut sorted: Vec<_> = members.iter().collect();
                let rank = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
                sorted.sort_by_key(|(key, _)| (rank(key), key.as_str()));
                let mut map = serializer.serialize_map(Some(sorted.len()))?;
                for (key, value) in sorted {
                    map.serialize_entry(key, &Ordered(value))?;
                }
                map.end()
            }
            other => other.serialize(serializer),
        }
    }
}
