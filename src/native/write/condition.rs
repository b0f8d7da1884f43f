//! Conditions.

use serde_json::{Map, Value, json};

use super::Write;
use crate::flow::condition::{Condition, Conditions, Joiner, Operand, Subject};
use crate::flow::model::Step;
use crate::native::spelling::Area;
use crate::template::Template;

impl<'f> Write<'f> {
    pub(super) fn conditions(&mut self, step: &'f Step, conditions: &Conditions) -> Value {
        let list: Vec<Value> = conditions.list.iter().map(|condition| self.condition(Some(step), condition)).collect();
        joined(conditions.joiner, &list)
    }

    /// The conditions of the trigger, whose spelling nobody has seen: that is said elsewhere.
    pub(super) fn trigger_conditions(&mut self, conditions: &Conditions) -> Value {
        let list: Vec<Value> = conditions.list.iter().map(|condition| self.condition(None, condition)).collect();
        joined(conditions.joiner, &list)
    }

    fn condition(&mut self, step: Option<&'f Step>, condition: &Condition) -> Value {
        let (category, field) = match &condition.subject {
            Subject::Field(name) => ("field", self.field(step, name)),
            Subject::Variable(name) => ("variable", json!(name)),
            Subject::Tags => ("tags", Value::Null),
            Subject::LastIncomingMessage => ("last_incoming_message", Value::Null),
            Subject::LastIncomingMessageTime => ("last_incoming_message_time", Value::Null),
            Subject::LastInteractedChannel => ("last_interacted_channel", Value::Null),
            Subject::AssigneeStatus => ("assignee_status", Value::Null),
            Subject::ConversationStatus => ("conversation_status", Value::Null),
            Subject::Lifecycle => ("lifecycle", Value::Null),
        };
        let value = match &condition.operand {
            Operand::None => Value::Null,
            Operand::One(value) => json!(value.source()),
            Operand::Two(from, to) => json!({ "from": from.source(), "to": to.source() }),
            Operand::Many(tags) => tags.iter().map(|tag| self.tag(step, tag)).collect(),
            Operand::Ago(time) => {
                let seconds = time.as_secs();
                let (rate, unit) =
                    if seconds.is_multiple_of(60) { (seconds / 60, "minutes_ago") } else { (seconds, "seconds_ago") };
                json!({ "rate": rate, "unit": self.word(step, Area::Unit, unit) })
            }
        };
        let mut written = Map::new();
        written.insert("category".into(), json!(self.word(step, Area::Category, category)));
        written.insert("field".into(), field);
        written.insert("operator".into(), json!(self.word(step, Area::Operator, condition.operator.as_str())));
        written.insert("value".into(), value);
        Value::Object(written)
    }

    fn tag(&mut self, step: Option<&Step>, tag: &Template) -> Value {
        if !tag.is_plain() {
            return json!(tag.source());
        }
        let native = self.native();
        self.id_or_name(step, &native.tags, "tag", tag.source())
    }

    fn word(&mut self, step: Option<&'f Step>, area: Area, ours: &'static str) -> &'static str {
        match step {
            Some(step) => self.spelled(step, area, ours),
            None => crate::native::spelling::of(area, ours).map_or(ours, |entry| entry.native),
        }
    }
}

fn joined(joiner: Joiner, list: &[Value]) -> Value {
    match joiner {
        Joiner::All => json!({ "$and": list }),
        Joiner::Any => json!({ "$or": list }),
    }
}
