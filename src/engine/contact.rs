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
#[serde(from = "Written")]
pub struct Slots {
    known: Vec<Option<Value>>,
    /// Values the operator or a fixture gave names the flow never mentions, in the order they came.
    extra: Vec<(SmolStr, Value)>,
    /// Where in `extra` each name stands, sorted by the name: there may be a hundred thousand.
    #[serde(skip)]
    by_name: Vec<usize>,
}

/// Slots as they are saved.
#[derive(Deserialize)]
struct Written {
    known: Vec<Option<Value>>,
    extra: Vec<(SmolStr, Value)>,
}

impl From<Written> for Slots {
    fn from(Written { known, extra }: Written) -> Self {
        let mut by_name: Vec<usize> = (0..extra.len()).collect();
        by_name.sort_by_key(|index| extra.get(*index).map(|(name, _)| name));
        Self { known, extra, by_name }
    }
}

impl Slots {
    /// Empty slots for so many known names.
    pub fn new(known: usize) -> Self {
        Self { known: vec![None; known], extra: Vec::new(), by_name: Vec::new() }
    }

    /// The value in a slot.
    pub fn get(&self, slot: usize) -> Option<&Value> {
        self.known.get(slot)?.as_ref()
    }

    /// The value of a name that has no slot.
    pub fn extra(&self, name: &str) -> Option<&Value> {
        let place = self.place(name).ok()?;
        self.extra.get(*self.by_name.get(place)?).map(|(_, value)| value)
    }

    /// Where in `by_name` a name is, or else belongs.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.by_name.binary_search_by(|index| self.extra.get(*index).map_or("", |(key, _)| key.as_str()).cmp(name))
    }

    /// Sets or clears a slot; the value it had.
    pub fn set(&mut self, slot: usize, value: Option<Value>) -> Option<Value> {
        std::mem::replace(self.known.get_mut(slot)?, value)
    }

    /// Sets or clears a name that has no slot; the value it had.
    pub fn set_extra(&mut self, name: &str, value: Option<Value>) -> Option<Value> {
        let place = self.place(name);
        let found = place.ok().and_then(|place| self.by_name.get(place).copied());
        match (found, value) {
            (Some(index), Some(value)) => {
                self.extra.get_mut(index).map(|(_, present)| std::mem::replace(present, value))
            }
            (Some(index), None) => {
                self.by_name.retain(|other| *other != index);
                self.by_name.iter_mut().filter(|other| **other > index).for_each(|other| *other -= 1);
                Some(self.extra.remove(index).1)
            }
            (None, Some(value)) => {
                self.by_name.insert(place.unwrap_or_else(|place| place), self.extra.len());
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
        self.by_name.clear();
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[allow(clippy::unnecessary_wraps)] // It stands where a slot is set.
    fn text(text: &str) -> Option<Value> {
        Some(Value::Text(text.into()))
    }

    fn names(slots: &Slots) -> Vec<&str> {
        slots.iter(&[]).map(|(name, _)| name).collect()
    }

    #[test]
    fn names_without_a_slot_are_found_and_keep_the_order_they_came_in() {
        let mut slots = Slots::new(0);
        for name in ["pear", "apple", "fig", "quince", "date"] {
            assert_eq!(slots.set_extra(name, text(name)), None);
        }
        assert_eq!(slots.set_extra("fig", text("dried")), text("fig"));
        assert_eq!(slots.set_extra("apple", None), text("apple"));
        assert_eq!(slots.set_extra("apple", None), None);
        assert_eq!(slots.set_extra("cherry", text("sour")), None);
        assert_eq!(slots.set_extra("apple", text("green")), None);
        assert_eq!(names(&slots), ["pear", "fig", "quince", "date", "cherry", "apple"]);
        assert_eq!((slots.extra("fig"), slots.extra("apple")), (text("dried").as_ref(), text("green").as_ref()));
        assert_eq!((slots.extra("plum"), slots.extra("")), (None, None));
        let read: Slots = serde_json::from_str(&serde_json::to_string(&slots).unwrap()).unwrap();
        assert_eq!(read, slots);
        slots.clear();
        assert_eq!((names(&slots).len(), slots.extra("fig")), (0, None));
    }

    #[test]
    fn a_hundred_thousand_names_are_no_trouble() {
        let mut slots = Slots::new(0);
        for n in 0..100_000 {
            slots.set_extra(&format!("field_{n}"), text("x"));
        }
        assert_eq!(slots.extra("field_99999"), text("x").as_ref());
        assert_eq!(names(&slots).len(), 100_000);
    }
}
