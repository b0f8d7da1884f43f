//! The contact: standard and custom fields, tags, lifecycle; and the slots that hold named values.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::ids::ChannelId;
use super::time::Instant;
use super::value::Value;

/// Named values: those the program knows by slot, the others by name.
///
/// The names of the slots are the program's, so that a session stays small and a look-up is an index.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Slots {
    known: Vec<Option<Value>>,
    /// Values the operator or a fixture gave names the flow never mentions, in the order they came.
    extra: Vec<(SmolStr, Value)>,
}

impl Slots {
    /// Empty slots for so many known names.
    pub fn new(known: usize) -> Self {
        Self { known: vec![None; known], extra: Vec::new() }
    }

    /// The value in a slot.
    pub fn get(&self, slot: usize) -> Option<&Value> {
        self.known.get(slot)?.as_ref()
    }

    /// The value of a name that has no slot.
    pub fn extra(&self, name: &str) -> Option<&Value> {
        self.extra.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Sets or clears a slot; the value it had.
    pub fn set(&mut self, slot: usize, value: Option<Value>) -> Option<Value> {
        std::mem::replace(self.known.get_mut(slot)?, value)
    }

    /// Sets or clears a name that has no slot; the value it had.
    pub fn set_extra(&mut self, name: &str, value: Option<Value>) -> Option<Value> {
        let found = self.extra.iter().position(|(key, _)| key == name);
        match (found, value) {
            (Some(index), Some(value)) => Some(std::mem::replace(&mut self.extra[index].1, value)),
            (Some(index), None) => Some(self.extra.remove(index).1),
            (None, Some(value)) => {
                self.extra.push((SmolStr::new(name), value));
                None
            }
            (None, None) => None,
        }
    }

    /// Every value that is set, with its name: the slots in their order, then the others.
    pub fn iter<'a>(&'a self, names: &'a [SmolStr]) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let known = names.iter().zip(&self.known).filter_map(|(name, value)| Some((name.as_str(), value.as_ref()?)));
        known.chain(self.extra.iter().map(|(name, value)| (name.as_str(), value)))
    }

    /// Empties every slot and forgets the others.
    pub(super) fn clear(&mut self) {
        self.known.iter_mut().for_each(|slot| *slot = None);
        self.extra.clear();
    }

    /// Whether there are as many slots as the program has names.
    pub(super) fn fits(&self, known: usize) -> bool {
        self.known.len() == known
    }
}

/// The contact a session plays with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Contact {
    /// `$contact.id`.
    pub id: SmolStr,
    /// Standard fields first, then custom ones, by the program's slots.
    pub fields: Slots,
    /// In the order they were added.
    pub tags: Vec<SmolStr>,
    /// The lifecycle stage.
    pub lifecycle: Option<SmolStr>,
    /// The id of the user it is assigned to.
    pub assignee: Option<SmolStr>,
    /// The channels it is connected on, the last interacted first.
    pub channels: Vec<ChannelId>,
    /// When it last wrote before the start.
    pub last_incoming: Before,
}

/// When a contact last wrote before the simulation starts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Before {
    /// At the start, an empty text on its last channel.
    #[default]
    AtStart,
    /// Never.
    Never,
    /// Earlier.
    At(Instant, SmolStr),
    /// So long before the start.
    Ago(Duration, SmolStr),
}

impl Contact {
    /// First and last name; `None` when neither is set.
    pub fn name(&self) -> Option<String> {
        let part = |slot| match self.fields.get(slot) {
            Some(Value::Text(text)) if !text.is_empty() => Some(text.as_str()),
            _ => None,
        };
        match (part(super::program::FIRSTNAME), part(super::program::LASTNAME)) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (Some(only), None) | (None, Some(only)) => Some(only.to_owned()),
            (None, None) => None,
        }
    }
}
