//! Values of variables and fields: texts and exact numbers.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A value of a variable or a contact field. Numbers come from the question types `number` and `rating` and from number fields;
/// everything else is text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// A text.
    Text(SmolStr),
    /// An exact decimal without trailing zeros.
    Number(Decimal),
}

impl Value {
    /// A text value.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(SmolStr::new(text))
    }

    /// The same value borrowed, as events carry it.
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Text(text) => ValueOf::Text(text),
            Self::Number(number) => ValueOf::Number(*number),
        }
    }
}

/// A value whose text is held as `S`: borrowed in an event, a range in the event log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueOf<S> {
    /// A text.
    Text(S),
    /// An exact decimal.
    Number(Decimal),
}

/// A borrowed value.
pub type ValueRef<'a> = ValueOf<&'a str>;

impl<S> ValueOf<S> {
    /// The same value with its text held otherwise.
    pub fn map<T>(self, text: impl FnOnce(S) -> T) -> ValueOf<T> {
        match self {
            Self::Text(held) => ValueOf::Text(text(held)),
            Self::Number(number) => ValueOf::Number(number),
        }
    }
}

impl ValueRef<'_> {
    /// The value as one owns it.
    pub fn to_value(self) -> Value {
        match self {
            Self::Text(text) => Value::text(text),
            Self::Number(number) => Value::Number(number),
        }
    }
}

impl fmt::Display for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}
