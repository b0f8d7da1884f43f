//! What a native file says and the model has no room for, kept beside the flow and put back on the way out.
//!
//! `Flow.respondio` holds the envelope's own keys (`id`, `status`, times …), under `steps` the native ids of every step and its
//! connectors, and under `kept` how the file differs from what the model alone would write: keys that come on top (`extra`), values that
//! are spelled otherwise (`instead`, with a mark of what the model says), records that are no part of the flow (`whole`). A value is put back only where the flow still says
//! what it said at the import, so what an author changed since then stands.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::lower::Lowered;
use super::{ids, write};
use crate::flow::model::Flow;
use crate::flow::project::Project;

/// Keys of `Flow.respondio` that are ours and not the envelope's.
const OWN: [&str; 2] = ["steps", "kept"];
/// Objects whose members hang together: when one was changed, none of the others is put back.
const TOGETHER: [&str; 6] = ["attachment", "timeout", "idle", "times", "image", "connectors"];

/// What a flow carries for the way back.
#[derive(Clone, Copy)]
pub(super) struct Kept<'f> {
    all: Option<&'f Map<String, Value>>,
}

impl<'f> Kept<'f> {
    pub(super) fn of(flow: &'f Flow) -> Self {
        Self { all: flow.respondio.as_ref().and_then(Value::as_object) }
    }

    /// A key of the file's envelope.
    pub(super) fn envelope(self, key: &str) -> Option<&'f Value> {
        self.all?.get(key)
    }

    /// Every key of the envelope that is kept.
    pub(super) fn envelopes(self) -> impl Iterator<Item = (&'f String, &'f Value)> {
        self.all.into_iter().flatten().filter(|(key, _)| !OWN.contains(&key.as_str()))
    }

    fn step(self, ours: &str) -> Option<&'f Map<String, Value>> {
        self.all?.get("steps")?.get(ours)?.as_object()
    }

    /// The native id of a step.
    pub(super) fn step_id(self, ours: &str) -> Option<&'f str> {
        self.step(ours)?.get("id")?.as_str()
    }

    /// The native id of a connector by the part it plays.
    pub(super) fn connector(self, ours: &str, part: &str) -> Option<&'f str> {
        self.step(ours)?.get("connectors")?.get(part)?.as_str()
    }

    /// The connector of an arm.
    pub(super) fn arm(self, ours: &str, index: usize) -> Option<&'f str> {
        self.step(ours)?.get("arms")?.get(index)?.as_str()
    }

    /// The connector of the else arm.
    pub(super) fn otherwise(self, ours: &str) -> Option<&'f str> {
        self.step(ours)?.get("else")?.as_str()
    }

    /// The step whose message this one was a part of.
    pub(super) fn part_of(self, ours: &str) -> Option<&'f str> {
        self.step(ours)?.get("part_of")?.as_str()
    }

    /// The id the step had when it was imported.
    pub(super) fn known_as(self, ours: &str) -> Option<&'f str> {
        self.step(ours)?.get("known_as")?.as_str()
    }

    /// The connector under which the path goes on.
    pub(super) fn below(self, ours: &str) -> Option<&'f str> {
        self.step(ours)?.get("below")?.as_str()
    }

    /// Every native id that is kept, so that none is given twice.
    pub(super) fn native_ids(self) -> HashSet<String> {
        let mut ids = HashSet::new();
        let steps = self.all.and_then(|all| all.get("steps")).and_then(Value::as_object);
        for step in steps.into_iter().flat_map(Map::values).filter_map(Value::as_object) {
            for value in
                step.iter().filter(|(key, _)| !matches!(key.as_str(), "part_of" | "known_as")).map(|(_, value)| value)
            {
                texts(value, &mut ids);
            }
        }
        ids.extend(self.whole().filter_map(|record| Some(record.get("id")?.as_str()?.to_owned())));
        ids
    }

    fn kept(self, what: &str) -> Option<&'f Value> {
        self.all?.get("kept")?.get(what)
    }

    /// Records that are no part of the flow.
    fn whole(self) -> impl Iterator<Item = &'f Value> {
        self.kept("whole").and_then(Value::as_array).into_iter().flatten()
    }

    /// Puts back into a written file what is kept.
    pub(super) fn put_back(self, mut file: Value) -> Value {
        if let Some(patch) = self.kept("file") {
            apply(&mut file, patch);
        }
        let Some(records) = file.get_mut("workflow").and_then(Value::as_array_mut) else { return file };
        let patches = self.kept("records").and_then(Value::as_object);
        for record in records.iter_mut() {
            let patch = patches.and_then(|patches| patches.get(&id_of(record)));
            if let Some(patch) = patch {
                apply(record, patch);
            }
        }
        let known: HashSet<String> = records.iter().map(id_of).collect();
        records.extend(self.whole().filter(|record| !known.contains(&id_of(record))).cloned());
        file
    }
}

fn texts(value: &Value, into: &mut HashSet<String>) {
    match value {
        Value::String(text) => {
            into.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(members) => members.values().for_each(|member| texts(member, into)),
        _ => {}
    }
}

/// The id of a record as a text.
fn id_of(record: &Value) -> String {
    match record.get("id") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// Writes down in every flow how its file differs from what would be written of the flow alone.
pub(super) fn keep(lowered: Vec<Lowered>, originals: &[Value]) -> Vec<Flow> {
    let (flows, raw): (Vec<Flow>, Vec<Vec<Value>>) = lowered.into_iter().map(|low| (low.flow, low.raw)).unzip();
    let project = Project { flows };
    let bare = write::bare(&project);
    let mut flows = project.flows;
    for (((flow, bare), original), raw) in flows.iter_mut().zip(bare).zip(originals).zip(raw) {
        let kept = differences(&bare.json, original, raw);
        if let (Some(Value::Object(all)), false) = (&mut flow.respondio, kept.is_empty()) {
            all.insert("kept".into(), Value::Object(kept));
        }
    }
    flows
}

fn differences(ours: &Value, theirs: &Value, raw: Vec<Value>) -> Map<String, Value> {
    let mut kept = Map::new();
    let without_records = |value: &Value| {
        let mut members = value.as_object().cloned().unwrap_or_default();
        members.remove("workflow");
        Value::Object(members)
    };
    let file = patch(&without_records(ours), &without_records(theirs));
    if !file.is_empty() {
        kept.insert("file".into(), Value::Object(file));
    }
    let records = |value: &Value| value.get("workflow").and_then(Value::as_array).cloned().unwrap_or_default();
    let theirs: HashMap<String, Value> = records(theirs).into_iter().map(|record| (id_of(&record), record)).collect();
    let mut patches = Map::new();
    for record in records(ours) {
        let id = id_of(&record);
        let patch = theirs.get(&id).map(|theirs| patch(&record, theirs)).unwrap_or_default();
        if !patch.is_empty() {
            patches.insert(id, Value::Object(patch));
        }
    }
    if !patches.is_empty() {
        kept.insert("records".into(), Value::Object(patches));
    }
    if !raw.is_empty() {
        kept.insert("whole".into(), Value::Array(raw));
    }
    kept
}

/// What turns one value into another: `extra` and `insert` by JSON pointer, and `instead` with a mark of what stood there.
fn patch(ours: &Value, theirs: &Value) -> Map<String, Value> {
    let mut found = Found::default();
    found.compare("", ours, theirs);
    let mut patch = Map::new();
    for (name, found) in [("extra", found.extra), ("instead", found.instead), ("insert", found.insert)] {
        if !found.is_empty() {
            patch.insert(name.to_owned(), Value::Object(found));
        }
    }
    patch
}

/// How two values differ, by JSON pointer.
#[derive(Default)]
struct Found {
    extra: Map<String, Value>,
    instead: Map<String, Value>,
    insert: Map<String, Value>,
}

impl Found {
    fn compare(&mut self, at: &str, ours: &Value, theirs: &Value) {
        if ours == theirs {
            return;
        }
        let key = at.rsplit('/').next().unwrap_or_default();
        match (ours, theirs) {
            (Value::Object(left), Value::Object(right)) if !together(key, left) => {
                for (key, value) in right {
                    let at = format!("{at}/{}", escaped(key));
                    match left.get(key) {
                        Some(ours) => self.compare(&at, ours, value),
                        None => {
                            self.extra.insert(at, value.clone());
                        }
                    }
                }
                for (key, value) in left.iter().filter(|(key, _)| !right.contains_key(*key)) {
                    self.instead.insert(format!("{at}/{}", escaped(key)), json!({ "was": mark(value) }));
                }
            }
            (Value::Array(left), Value::Array(right)) if left.len() == right.len() && !TOGETHER.contains(&key) => {
                for (index, (ours, theirs)) in left.iter().zip(right).enumerate() {
                    self.compare(&format!("{at}/{index}"), ours, theirs);
                }
            }
            (Value::Array(left), Value::Array(right)) if key == "components" && aligned(left, right).is_some() => {
                let places = aligned(left, right).unwrap_or_default();
                for (index, (ours, place)) in left.iter().zip(&places).enumerate() {
                    self.compare(&format!("{at}/{index}"), ours, right.get(*place).unwrap_or(&Value::Null));
                }
                for (place, more) in right.iter().enumerate().filter(|(place, _)| !places.contains(place)) {
                    self.insert.insert(format!("{at}/{place}"), more.clone());
                }
            }
            (Value::Object(left), Value::Object(right))
                if left.iter().all(|(key, value)| right.get(key) == Some(value)) =>
            {
                let more: Map<String, Value> = right
                    .iter()
                    .filter(|(key, _)| !left.contains_key(*key))
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect();
                self.instead.insert(at.to_owned(), json!({ "was": mark(ours), "with": more }));
            }
            _ => {
                self.instead.insert(at.to_owned(), json!({ "was": mark(ours), "is": theirs }));
            }
        }
    }
}

/// Where in a longer list each item of a shorter one has its like, in order: the parts of a message template by their types.
fn aligned(left: &[Value], right: &[Value]) -> Option<Vec<usize>> {
    let kind = |value: &Value| Some(value.get("type")?.as_str()?.to_lowercase());
    let mut places: Vec<usize> = Vec::new();
    for ours in left {
        let from = places.last().map_or(0, |last| last + 1);
        let place = (from..right.len()).find(|place| kind(ours).is_some() && kind(ours) == kind(&right[*place]))?;
        places.push(place);
    }
    Some(places)
}

/// Whether an object goes back as a whole or not at all: a time, a condition, a file.
fn together(key: &str, object: &Map<String, Value>) -> bool {
    TOGETHER.contains(&key) || object.contains_key("unit") || object.contains_key("operator")
}

/// Six digits that tell whether a value is still what it was.
fn mark(value: &Value) -> String {
    // With its keys in one order, so that the same value always has the same mark.
    format!("{:06x}", ids::fingerprint(&super::order::pretty(value)))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Puts a patch on a value. What does not fit any more is left out.
fn apply(value: &mut Value, patch: &Value) {
    let part = |name: &str| patch.get(name).and_then(Value::as_object).into_iter().flatten();
    for (at, change) in part("instead") {
        let was = change.get("was").and_then(Value::as_str);
        let Some(current) = value.pointer_mut(at) else { continue };
        if was != Some(mark(current).as_str()) {
            continue;
        }
        match (change.get("is"), change.get("with")) {
            (Some(is), _) => *current = is.clone(),
            (None, Some(with)) => {
                if let (Value::Object(members), Value::Object(with)) = (current, with) {
                    members.extend(with.clone());
                }
            }
            (None, None) => remove(value, at),
        }
    }
    for (at, extra) in part("extra") {
        let Some((above, key)) = at.rsplit_once('/') else { continue };
        let key = key.replace("~1", "/").replace("~0", "~");
        if let Some(Value::Object(members)) = value.pointer_mut(above) {
            members.entry(key).or_insert_with(|| extra.clone());
        }
    }
    // Last, for they move what stands behind them.
    for (at, more) in part("insert") {
        insert(value, at, more);
    }
}

/// Puts a value into a list at the place it had, or at the end.
fn insert(value: &mut Value, at: &str, more: &Value) {
    let Some((above, place)) = at.rsplit_once('/') else { return };
    if let (Some(Value::Array(items)), Ok(place)) = (value.pointer_mut(above), place.parse::<usize>()) {
        items.insert(place.min(items.len()), more.clone());
    }
}

fn remove(value: &mut Value, at: &str) {
    let Some((above, key)) = at.rsplit_once('/') else { return };
    if let Some(Value::Object(members)) = value.pointer_mut(above) {
        members.remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}
