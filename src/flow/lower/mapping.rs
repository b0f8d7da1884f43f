//! The keys of one mapping: taken by name, and whatever nobody takes is an unknown key.

use super::value::Value;
use super::{Lowering, quoted};
use crate::source::{Node, NodeKind, Span};

/// The entries of a mapping that is being read.
pub(super) struct Fields<'n> {
    /// What the mapping is, for messages: "`ask_question`", "a channel".
    what: &'static str,
    /// Where to say that something is missing.
    at: Span,
    entries: Vec<Entry<'n>>,
    known: Vec<&'static str>,
}

/// One entry.
pub(super) struct Entry<'n> {
    pub(super) key: &'n str,
    pub(super) key_span: Span,
    pub(super) node: &'n Node,
    taken: bool,
}

impl<'n> Entry<'n> {
    /// The entry's value, which is pointed at by its key when it is empty.
    pub(super) fn value(&self) -> Value<'n> {
        Value { at: self.key_span, node: self.node }
    }
}

impl<'n> Fields<'n> {
    /// The entries of a mapping that was left out.
    pub(super) fn none(what: &'static str, at: Span) -> Self {
        Self { what, at, entries: Vec::new(), known: Vec::new() }
    }

    /// The value of a key. From now on the key is known here.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Value<'n>> {
        self.known.push(key);
        let mut found = None;
        // A repeated key was reported by the reader; the first is used, none of them is unknown.
        for entry in self.entries.iter_mut().filter(|entry| entry.key == key) {
            entry.taken = true;
            found = found.or(Some(entry.value()));
        }
        found
    }

    /// The value of a key that must be there.
    pub(super) fn require(&mut self, low: &mut Lowering<'_>, key: &'static str) -> Option<Value<'n>> {
        let found = self.take(key);
        if found.is_none() {
            let message = format!("{} needs `{key}`, which is missing", self.what);
            low.error("missing-key", self.at, message, format!("add `{key}:` with its value"));
        }
        found
    }

    /// The place that stands for the whole mapping.
    pub(super) fn at(&self) -> Span {
        self.at
    }

    /// The entries nobody has taken yet, in file order.
    pub(super) fn rest(&self) -> impl Iterator<Item = &Entry<'n>> {
        self.entries.iter().filter(|entry| !entry.taken)
    }

    /// Takes an entry that does not belong here, so that it is told in a better way than as unknown.
    pub(super) fn stray(&mut self, wanted: impl Fn(&str) -> bool) -> Option<(&'n str, Value<'n>)> {
        let entry = self.entries.iter_mut().find(|entry| !entry.taken && wanted(entry.key))?;
        entry.taken = true;
        Some((entry.key, entry.value()))
    }

    /// Takes an entry by its text, for mappings whose keys are names.
    pub(super) fn take_rest(&mut self, low: &mut Lowering<'_>) -> Vec<Entry<'n>> {
        self.take_most(low, usize::MAX)
    }

    /// The same, at most so many.
    pub(super) fn take_most(&mut self, low: &mut Lowering<'_>, most: usize) -> Vec<Entry<'n>> {
        let (rest, taken) = std::mem::take(&mut self.entries).into_iter().partition(|entry| !entry.taken);
        self.entries = taken;
        low.within(rest, most, self.at)
    }

    /// Reports the keys that nobody took.
    pub(super) fn finish(self, low: &mut Lowering<'_>) {
        for entry in self.rest() {
            let message = format!("{} does not know the key {}", self.what, quoted(entry.key));
            low.unknown("unknown-key", entry.key_span, message, entry.key, self.known.iter().copied());
        }
    }
}

impl Lowering<'_> {
    /// The entries of a mapping, or an error when the value is none. `example` is offered as help.
    pub(super) fn fields<'n>(&mut self, value: Value<'n>, what: &'static str, example: &str) -> Option<Fields<'n>> {
        let NodeKind::Map(entries) = &value.node.kind else {
            let found = match &value.node.kind {
                NodeKind::Seq(_) => "a list",
                NodeKind::Null => "nothing",
                _ => "a text",
            };
            let message = format!("{what} needs settings (keys with values), but {found} is written here");
            self.error("wrong-type", value.place(), message, format!("write it like this: {example}"));
            return None;
        };
        let mut fields = Fields { what, at: value.at, entries: Vec::with_capacity(entries.len()), known: Vec::new() };
        if value.at == value.node.span {
            // An item of a list has no key to point at: its own first key stands for it.
            fields.at = entries.first().map_or(value.at, |(key, _)| key.span);
        }
        for (key, node) in entries {
            match &key.kind {
                NodeKind::Scalar(scalar) => {
                    fields.entries.push(Entry { key: &scalar.text, key_span: key.span, node, taken: false });
                }
                _ => self.error(
                    "wrong-type",
                    key.span,
                    "a key must be a word",
                    "write a word before the colon. A text that starts with `{` or `[` must be put in quotes",
                ),
            }
        }
        Some(fields)
    }
}
