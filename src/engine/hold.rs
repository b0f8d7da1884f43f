//! What a contact field can hold: a value is brought into the field's normal form, or refused.

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::answer::{Answer, Incoming, Question, parse_decimal};
use super::program::FieldKind;
use super::value::{Value, ValueRef};
use crate::flow::FieldType;
use crate::text::composed;

/// The value as the field stores it; `None` when it cannot hold it.
pub(super) fn value(field: &FieldKind, value: ValueRef<'_>) -> Option<Value> {
    match (field.kind, value) {
        (FieldType::Text, value) => Some(value.to_value()),
        (FieldType::List, value) => {
            let text = value.to_string();
            let option = field.options.iter().find(|option| composed(option) == composed(&text));
            if field.options.is_empty() { Some(Value::text(text)) } else { option.map(Value::text) }
        }
        (FieldType::Number, ValueRef::Number(number)) => Some(Value::Number(number)),
        (_, ValueRef::Number(_)) => None,
        (FieldType::Number, ValueRef::Text(text)) => decimal(text).map(Value::Number),
        (FieldType::Checkbox, ValueRef::Text(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(Value::text("true")),
            "false" | "no" => Some(Value::text("false")),
            _ => None,
        },
        (FieldType::Date, ValueRef::Text(text)) => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| Value::text(day.to_string()))
        }
        (FieldType::Time, ValueRef::Text(text)) => {
            let time =
                NaiveTime::parse_from_str(text, "%H:%M:%S").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M"));
            time.ok().map(|time| Value::text(time.format("%H:%M").to_string()))
        }
        (FieldType::Email, ValueRef::Text(text)) => normal(&Question::Email, text),
        (FieldType::Url, ValueRef::Text(text)) => normal(&Question::Url, text),
        (FieldType::Phone, ValueRef::Text(text)) => normal(&Question::Phone, text),
    }
}

/// A fixture's value: taken as it stands when the field could not hold it, for a fixture is what its author says.
pub(super) fn fixture(field: &FieldKind, written: &str) -> Value {
    value(field, ValueRef::Text(written)).unwrap_or_else(|| text(written))
}

/// A text value.
pub(super) fn text(text: &str) -> Value {
    Value::Text(SmolStr::new(text))
}

fn decimal(text: &str) -> Option<Decimal> {
    parse_decimal(text.trim()).map(|number| number.normalize())
}

/// The normal form a question of the field's kind would give the text.
fn normal(question: &Question, text: &str) -> Option<Value> {
    match question.accept(&Incoming::Text(text), NaiveDate::MIN) {
        Ok(Answer::Text(normal)) => Some(Value::text(normal)),
        _ => None,
    }
}
