//! From the records of a checked document to a flow: one pass down the tree, every step with its place in the JSON file.
//!
//! What the model cannot hold stays with the flow: `Flow.respondio` carries it for the way back (see [`super::keep`]).

mod action;
mod condition;
mod message;
mod outside;
mod question;
mod trigger;
mod value;

pub(super) use action::DAYS;
pub(super) use condition::good_name;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::document::{Document, Record};
use super::gather::Gather;
use super::json::At;
use super::remark::{Carried, Findings};
use super::spelling::{Area, TABLE};
use crate::flow::duration::durations_in;
use crate::flow::facts::Noticed;
use crate::flow::model::{Action, Flow, Side, Spanned, Step, StopOn, UnknownStep, limits};

/// What a workflow without a name is called.
pub(super) const UNTITLED: &str = "Untitled workflow";

/// Another workflow that steps may trigger: how a flow names it, and our ids for its steps.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The file or the name that `trigger_workflow` says.
    pub(super) written: String,
    /// Our ids by the native ones.
    pub(super) steps: HashMap<String, String>,
    /// Its place among the flows; none when it lives only on the platform.
    pub(super) flow: Option<usize>,
}

/// What lowering one document needs and says.
pub(super) struct Lower<'a, 'j> {
    pub(super) document: &'a Document<'j>,
    pub(super) found: &'a mut Findings,
    pub(super) gather: &'a mut Gather,
    /// Our ids, by place of the record.
    pub(super) ids: &'a [Option<String>],
    /// The workflows that were given together, by native id.
    pub(super) targets: &'a HashMap<String, Target>,
    /// What `respondio.steps` will say.
    steps: Map<String, Value>,
    /// Places of records that the flow does not hold, to be kept whole.
    raw: Vec<usize>,
    /// Jumps with the record they stand in.
    jumps: Vec<(String, usize)>,
}

/// What became of one document.
pub(super) struct Lowered {
    /// The flow; its `respondio` holds the ids of the records.
    pub(super) flow: Flow,
    /// Records that are kept whole.
    pub(super) raw: Vec<Value>,
}

/// Lowers a document; `None` when an error was found.
pub(super) fn lower<'a>(
    document: &'a Document<'_>,
    found: &'a mut Findings,
    gather: &'a mut Gather,
    ids: &'a [Option<String>],
    targets: &'a HashMap<String, Target>,
) -> Option<Lowered> {
    let before = found.diagnostics.len();
    let count = ids.iter().flatten().count();
    if count > limits::STEPS {
        let at = document.root.get("workflow").unwrap_or_else(|| document.root.clone());
        let message = format!("{count} steps; a workflow has at most {}", limits::STEPS);
        found.error("too-many-steps", &at, &message, "move a part of them into a workflow of its own");
        return None;
    }
    let mut low =
        Lower { document, found, gather, ids, targets, steps: Map::new(), raw: Vec::new(), jumps: Vec::new() };
    let trigger = low.trigger();
    let mut steps = low.below(document.trigger);
    low.mend_jumps(&mut steps);
    if steps.is_empty() {
        let at = &document.records[document.trigger].at;
        low.found.error(
            "no-steps",
            at,
            "nothing follows the trigger",
            "add a step on the platform and export it again",
        );
    }
    let stop_on = low.stop_on();
    let Lower { found, gather, steps: kept, raw, .. } = low;
    if found.diagnostics.len() > before {
        return None;
    }
    let text = |key: &str| document.root.get(key).and_then(|at| at.as_text()).unwrap_or_default().to_owned();
    let mut name = text("name");
    if name.trim().is_empty() {
        UNTITLED.clone_into(&mut name);
        let text = "the workflow has no name: here it is called `Untitled workflow`";
        found.remark(Carried::Guessed, &document.root, None, text);
    }
    let mut respondio = Map::new();
    for member in document.root.members() {
        if !matches!(member.key.as_str(), "name" | "description" | "settings" | "workflow" | "steps" | "kept") {
            respondio.insert(member.key.clone(), member.value.plain());
        }
    }
    respondio.insert("steps".into(), Value::Object(kept));
    let flow = Flow {
        file: found.file,
        name,
        description: Some(text("description")).filter(|text| !text.trim().is_empty()),
        workspace: gather.workspace(),
        contact: None,
        trigger,
        stop_on,
        mocks: Vec::new(),
        steps,
        respondio: Some(Value::Object(respondio)),
    };
    let raw = raw.iter().map(|index| document.records[*index].at.json.plain()).collect();
    Some(Lowered { flow, raw })
}

impl<'j> Lower<'_, 'j> {
    fn record(&self, index: usize) -> &Record<'j> {
        &self.document.records[index]
    }

    /// The steps below a record, down to the end of its path.
    fn below(&mut self, parent: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut next = self.direct(parent);
        while let Some(index) = next {
            next = self.step(index, &mut steps).and_then(|parent| self.direct(parent));
        }
        steps
    }

    /// The record below that is no connector.
    fn direct(&self, parent: usize) -> Option<usize> {
        self.record(parent).children.iter().copied().find(|child| !self.record(*child).is_connector())
    }

    /// The connectors of a step, in its order.
    fn connectors(&self, step: usize) -> Vec<usize> {
        let children = self.record(step).children.iter().copied();
        children.filter(|child| self.record(*child).is_connector()).collect()
    }

    /// The steps under a connector that is there.
    fn side(&mut self, connector: Option<usize>) -> Option<Side> {
        connector.map(|connector| self.below(connector))
    }

    /// The same, where a connector with nothing below it is as good as none.
    fn side_with_steps(&mut self, connector: Option<usize>) -> Option<Side> {
        self.side(connector).filter(|side| !side.is_empty())
    }

    /// The connector of a step that plays one part, such as `success`.
    fn connector(&self, step: usize, part: &str) -> Option<usize> {
        let fits = |word: &str| {
            TABLE.iter().any(|entry| {
                entry.area == Area::Connector
                    && entry.ours == part
                    && (entry.native == word || entry.variants.contains(&word))
            })
        };
        self.record(step).children.iter().copied().find(|child| {
            let word = self.record(*child).data.as_ref().and_then(|data| data.some("connectorType"));
            self.record(*child).is_connector() && word.and_then(|word| word.as_text()).is_some_and(fits)
        })
    }

    /// Notes which connectors play which part in a step; whatever connector is left over is kept whole, with all below it.
    fn parts(&mut self, step: usize, id: &str, parts: &[(&str, Option<usize>)]) {
        let mut names = Map::new();
        for (part, connector) in parts {
            if let Some(connector) = connector {
                names.insert((*part).to_owned(), json!(self.record(*connector).id));
            }
        }
        if !names.is_empty() {
            self.note(id, "connectors", Value::Object(names));
        }
        let claimed: Vec<usize> = parts.iter().filter_map(|(_, connector)| *connector).collect();
        self.keep_others(step, id, &claimed);
    }

    /// Keeps the connectors of a step that play no part we know.
    fn keep_others(&mut self, step: usize, id: &str, claimed: &[usize]) {
        for other in self.connectors(step) {
            if !claimed.contains(&other) {
                let text =
                    format!("the way out {} is not known here: a run never takes it", self.record(other).called());
                let at = self.record(other).at.clone();
                self.found.remark(Carried::Kept, &at, Some(id), text);
                self.keep_whole(other);
            }
        }
    }

    /// Keeps a record and everything below it as it is.
    fn keep_whole(&mut self, index: usize) {
        let mut open = vec![index];
        while let Some(index) = open.pop() {
            self.raw.push(index);
            open.extend(self.record(index).children.iter().copied());
        }
    }

    /// Writes something down about a step, for the way back.
    fn note(&mut self, id: &str, key: &str, value: Value) {
        let entry = self.steps.entry(id.to_owned()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(entry) = entry {
            entry.insert(key.to_owned(), value);
        }
    }

    /// Lowers one step, and answers under which record the path goes on.
    fn step(&mut self, index: usize, steps: &mut Vec<Step>) -> Option<usize> {
        let id = self.ids.get(index).cloned().flatten()?;
        let (kind, native) = (self.record(index).kind, self.record(index).id.clone());
        self.note(&id, "id", json!(native));
        let data = self.record(index).data.clone();
        let known = super::spelling::read(Area::Step, kind).map_or("", |entry| entry.ours);
        let read = match &data {
            Some(data) => {
                let read = self.action(index, &id, known, data);
                if read.is_some() {
                    self.unread(data, Some(&id));
                }
                read
            }
            // Only what needs no settings can do without data.
            None if matches!(known, "open_conversation" | "close_conversation") => Some(Self::bare(index, known)),
            None => {
                let at = self.record(index).at.clone();
                self.found.missing(&at, "data", "the settings of the step");
                None
            }
        };
        let (action, next) = match read {
            Some(read) => read,
            None => self.unknown(index, &id),
        };
        let (first, further) = match action {
            Read::One(action) => (action, Vec::new()),
            Read::Several(first, further) => (first, further),
        };
        let record = self.record(index);
        let (span, name) = (record.kind_span, record.name.map(str::to_owned));
        self.compare_times(index, &first);
        steps.push(Step { id: id.clone(), named: true, name, note: None, span, action: first });
        let mut taken = self.ids.iter().flatten().cloned().chain(self.steps.keys().cloned()).collect();
        for action in further {
            let own = super::ids::unique(&format!("{id}_more"), &mut taken);
            self.note(&own, "part_of", json!(id));
            steps.push(Step { id: own, named: true, name: None, note: None, span, action });
        }
        next
    }

    /// Takes note of a name that says another time than the step has: times are shortened to try a workflow out, and forgotten.
    fn compare_times(&mut self, index: usize, action: &Action) {
        let has = match action {
            Action::Wait(time) => *time,
            Action::AskQuestion(ask) if ask.timeout_branch.is_some() => ask.timeout,
            Action::AssignTo(assign) if assign.timeout_branch.is_some() => assign.timeout,
            _ => return,
        };
        let Some(name) = self.record(index).at.some("name") else { return };
        if let [said] = durations_in(name.as_text().unwrap_or_default()).as_slice()
            && *said != has
        {
            self.found.notice(name.span(), Noticed::NameSaysOtherwise(*said, has));
        }
    }

    /// A step that stays as it is: a type that is not known, or settings the model has no room for.
    fn unknown(&mut self, index: usize, id: &str) -> (Read, Option<usize>) {
        let record = self.record(index);
        let kind = record.kind.to_owned();
        let data = record.data.as_ref().map_or(Value::Null, |data| data.json.plain());
        let at = record.at.clone();
        let text = format!("{} is kept as it is: a run that reaches this `{kind}` ends", record.called());
        self.found.remark(Carried::Kept, &at, Some(id), text);
        let next = match self.connector(index, "success") {
            Some(success) => {
                self.note(id, "below", json!(self.record(success).id));
                Some(success)
            }
            None => Some(index),
        };
        for connector in self.connectors(index) {
            if Some(connector) == next {
                self.raw.push(connector);
            } else {
                self.keep_whole(connector);
            }
        }
        (Read::One(Action::Unknown(Box::new(UnknownStep { kind, data }))), next)
    }

    /// Jumps to steps that were not carried cannot stand: the run would have nowhere to go.
    fn mend_jumps(&mut self, steps: &mut [Step]) {
        let lost: Vec<usize> = self.raw.clone();
        let gone: Vec<(String, usize)> = self
            .jumps
            .iter()
            .filter(|(target, _)| lost.iter().any(|index| self.ids[*index].as_ref() == Some(target)))
            .cloned()
            .collect();
        for (_, jump) in gone {
            let Some(id) = self.ids.get(jump).cloned().flatten() else { continue };
            let (read, _) = self.unknown(jump, &id);
            if let (Read::One(action), Some(step)) = (read, find(steps, &id)) {
                step.action = action;
            }
        }
    }

    /// `settings.exitCondition`.
    fn stop_on(&mut self) -> StopOn {
        let conditions = self.document.root.some("settings").and_then(|settings| settings.some("exitCondition"));
        let mut flag = |key: &str| {
            let at = conditions.as_ref().and_then(|conditions| conditions.some(key));
            let Some(at) = at else { return false };
            if at.as_bool().is_none() {
                self.found.wrong_type(&at, "true or false");
            }
            at.as_bool().unwrap_or_default()
        };
        StopOn {
            incoming_message: flag("incomingMessage"),
            agent_message: flag("outgoingMessage"),
            manual_assignment: flag("manualAssignment"),
        }
    }

    /// What the name of a step tells about the one thing it uses.
    fn told_by(&self, id: &str) -> Option<String> {
        let place = self.ids.iter().position(|known| known.as_deref() == Some(id))?;
        super::ids::told_by(self.record(place).name?)
    }

    /// A name with the place it stands at.
    fn named(value: String, at: &At<'_>) -> Spanned<String> {
        Spanned { value, span: at.span() }
    }
}

/// One step of theirs as one or several of ours.
enum Read {
    One(Action),
    /// The first, and those right after it.
    Several(Action, Vec<Action>),
}

/// The step of an id, wherever it stands.
fn find<'s>(steps: &'s mut [Step], id: &str) -> Option<&'s mut Step> {
    for step in steps {
        if step.id == id {
            return Some(step);
        }
        for list in step.action.lists_mut() {
            if let Some(found) = find(list, id) {
                return Some(found);
            }
        }
    }
    None
}
