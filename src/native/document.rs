//! The platform's file as it stands: an envelope and a flat list of records, whose tree is checked before anything else is read.

use std::collections::{HashMap, HashSet};

use super::json::{At, JsonKind};
use super::remark::Findings;
use crate::source::Span;

/// Records one workflow may have: 100 steps of which each could have ten connectors (our choice; the largest seen has 78).
const MAX_RECORDS: usize = 1_500;

/// A workflow before its steps are understood.
pub(super) struct Document<'j> {
    /// The whole file.
    pub(super) root: At<'j>,
    /// Every record, in file order.
    pub(super) records: Vec<Record<'j>>,
    /// The place of the trigger in `records`.
    pub(super) trigger: usize,
    /// Places of the records by their id.
    pub(super) by_id: HashMap<String, usize>,
}

/// One record.
pub(super) struct Record<'j> {
    pub(super) at: At<'j>,
    /// The id as a text: the trigger's number 1 is `1`.
    pub(super) id: String,
    pub(super) kind: &'j str,
    pub(super) kind_span: Span,
    pub(super) name: Option<&'j str>,
    /// An object, or nothing when the record has none.
    pub(super) data: Option<At<'j>>,
    /// The place of the parent; none for the trigger.
    pub(super) parent: Option<usize>,
    /// Places of the records below, connectors first in the order the step shows them.
    pub(super) children: Vec<usize>,
}

impl Record<'_> {
    /// Whether it is one of the ways out of a step.
    pub(super) fn is_connector(&self) -> bool {
        self.kind.ends_with("Connector")
    }

    /// What findings call it.
    pub(super) fn called(&self) -> String {
        self.name.map_or_else(|| format!("`{}`", self.id), |name| format!("`{}` ({})", name, self.id))
    }
}

/// Reads the envelope and the records, and answers every mistake in their tree. `None` when there was one.
pub(super) fn read<'j>(root: At<'j>, found: &mut Findings) -> Option<Document<'j>> {
    let before = found.diagnostics.len();
    if !matches!(root.json.kind, JsonKind::Map(_)) {
        found.wrong_type(&root, "an object with the workflow's name and its records");
        return None;
    }
    found.text(&root, "name", "what the workflow is called");
    let Some(workflow) = root.get("workflow") else {
        found.missing(&root, "workflow", "the array of its records");
        return None;
    };
    if !matches!(workflow.json.kind, JsonKind::List(_)) {
        found.wrong_type(&workflow, "an array of records");
        return None;
    }
    let items = workflow.items();
    if let Some(extra) = items.get(MAX_RECORDS) {
        let message = format!("{} records; a workflow has at most 100 steps with their connectors", items.len());
        found.error("too-many-records", extra, &message, "split the workflow on the platform");
        return None;
    }
    let mut reading = Reading { found, records: Vec::new(), by_id: HashMap::new() };
    for item in &items {
        reading.record(item);
    }
    let trigger = reading.trigger(&workflow);
    reading.parents();
    reading.connectors();
    reading.reach(trigger);
    let Reading { records, by_id, .. } = reading;
    (found.diagnostics.len() == before).then_some(())?;
    Some(Document { root, records, trigger: trigger?, by_id })
}

struct Reading<'f, 'j> {
    found: &'f mut Findings,
    records: Vec<Record<'j>>,
    by_id: HashMap<String, usize>,
}

impl<'j> Reading<'_, 'j> {
    fn record(&mut self, at: &At<'j>) {
        if !matches!(at.json.kind, JsonKind::Map(_)) {
            self.found.wrong_type(at, "a record, an object with id, parentId, type and data");
            return;
        }
        let id = self.id(at, "id");
        self.id(at, "parentId");
        let kind = self.found.text(at, "type", "what the record is");
        if let Some(kind) = kind.as_ref().filter(|kind| kind.as_text().is_some_and(|text| text.trim().is_empty())) {
            self.found.error("empty-type", kind, "the type of this record is empty", "export the workflow again");
        }
        let name = at.some("name");
        if let Some(name) = name.as_ref().filter(|name| name.as_text().is_none()) {
            self.found.wrong_type(name, "a text");
        }
        let data = at.some("data");
        if let Some(data) = data.as_ref().filter(|data| !matches!(data.json.kind, JsonKind::Map(_))) {
            self.found.wrong_type(data, "an object");
        }
        let (Some((id, id_at)), Some(kind)) = (id, kind) else { return };
        if let Some(first) = self.by_id.get(&id).and_then(|first| self.records.get(*first)) {
            let message = format!("the id `{id}` is taken by {}", first.at.path);
            self.found.error("repeated-id", &id_at, &message, "ids are unique in a workflow; export it again");
            return;
        }
        self.by_id.insert(id.clone(), self.records.len());
        self.records.push(Record {
            at: at.clone(),
            id,
            kind: kind.as_text().unwrap_or_default(),
            kind_span: kind.span(),
            name: name.and_then(|name| name.as_text()).filter(|name| !name.trim().is_empty()),
            data,
            parent: None,
            children: Vec::new(),
        });
    }

    /// An id: a text or a whole number.
    fn id(&mut self, at: &At<'j>, key: &str) -> Option<(String, At<'j>)> {
        let Some(id) = at.get(key) else {
            self.found.missing(at, key, if key == "id" { "what others call it by" } else { "what it stands under" });
            return None;
        };
        match &id.json.kind {
            JsonKind::Text(text) => Some((text.clone(), id)),
            JsonKind::Number(number) if !number.is_f64() => Some((number.to_string(), id)),
            _ => {
                self.found.wrong_type(&id, "an id, a text or a whole number");
                None
            }
        }
    }

    /// The one trigger.
    fn trigger(&mut self, workflow: &At<'j>) -> Option<usize> {
        let mut triggers = (0..self.records.len()).filter(|index| self.records[*index].kind == "trigger");
        let Some(first) = triggers.next() else {
            let help = "a workflow starts with one record of the type trigger; export it again";
            self.found.error("no-trigger", workflow, "there is no trigger among the records", help);
            return None;
        };
        if let Some(second) = triggers.next() {
            let message = format!("a second trigger; the first is {}", self.records[first].at.path);
            self.found.error("several-triggers", &self.records[second].at, &message, "a workflow has exactly one");
        }
        Some(first)
    }

    /// Finds the parent of every record.
    fn parents(&mut self) {
        for index in 0..self.records.len() {
            if self.records[index].kind == "trigger" {
                continue;
            }
            let Some(at) = self.records[index].at.get("parentId") else { continue };
            let Some(id) = at.as_scalar() else { continue };
            match self.by_id.get(&id) {
                Some(parent) if *parent == index => {
                    let message = format!("{} stands under itself", self.records[index].called());
                    self.found.error(
                        "cyclic-parents",
                        &at,
                        &message,
                        "give it the parent it had; export the file again",
                    );
                }
                Some(parent) => {
                    self.records[index].parent = Some(*parent);
                    self.records[*parent].children.push(index);
                }
                None => {
                    let message = format!("{} has a parent that is not in the file", self.records[index].called());
                    let help = format!("no record has the id `{id}`; export the workflow again");
                    self.found.error("orphan-parent", &at, &message, help);
                }
            }
        }
    }

    /// Holds `data.connectors` of every step against the connector records below it, and brings those into that order.
    fn connectors(&mut self) {
        for index in 0..self.records.len() {
            let below = std::mem::take(&mut self.records[index].children);
            let (owned, others): (Vec<usize>, Vec<usize>) =
                below.into_iter().partition(|child| self.records[*child].is_connector());
            if let Some(second) = others.get(1) {
                let message =
                    format!("a second record under {}: a path has one next step", self.records[index].called());
                let help = format!("the first is {}; export the workflow again", self.records[others[0]].at.path);
                self.found.error("two-children", &self.records[*second].at, &message, help);
            }
            if let (Some(direct), Some(_)) = (others.first(), owned.first()) {
                let message = format!("this stands under {} beside its connectors", self.records[index].called());
                let help = "what follows a step with connectors stands under one of them; export the workflow again";
                self.found.error("beside-connectors", &self.records[*direct].at, &message, help);
            }
            let mut children = self.listed(index, &owned);
            children.extend(owned.iter().filter(|child| !children.contains(child)).copied().collect::<Vec<_>>());
            children.extend(others);
            self.records[index].children = children;
        }
    }

    /// The connectors a step lists, in its order. A list that disagrees with the records is a mistake.
    fn listed(&mut self, index: usize, owned: &[usize]) -> Vec<usize> {
        let Some(list) = self.records[index].data.as_ref().and_then(|data| data.some("connectors")) else {
            if let Some(stray) = owned.first() {
                let message = format!("a connector of {}, which lists none", self.records[index].called());
                let help = "list its id in `data.connectors` of the step";
                self.found.error("unlisted-connector", &self.records[*stray].at, &message, help);
            }
            return Vec::new();
        };
        if !matches!(list.json.kind, JsonKind::List(_)) {
            self.found.wrong_type(&list, "an array of connector ids");
            return Vec::new();
        }
        let mut seen = Vec::new();
        for item in list.items() {
            let place = item.as_scalar().and_then(|id| self.by_id.get(&id).copied());
            match place.filter(|place| owned.contains(place)) {
                Some(place) if seen.contains(&place) => {
                    self.found.error("repeated-id", &item, "this connector is listed twice", "list it once");
                }
                Some(place) => seen.push(place),
                None => {
                    let message = format!("{} has no connector of this id", self.records[index].called());
                    let help = "the list names exactly the connector records whose parent is the step";
                    self.found.error("unlisted-connector", &item, &message, help);
                }
            }
        }
        for stray in owned.iter().filter(|child| !seen.contains(child)) {
            let message = format!("a connector that {} does not list", self.records[index].called());
            self.found.error(
                "unlisted-connector",
                &self.records[*stray].at,
                &message,
                format!("add its id to {}", list.path),
            );
        }
        seen
    }

    /// Whatever has a parent and is not reached from the trigger hangs in a circle.
    fn reach(&mut self, trigger: Option<usize>) {
        let mut reached: HashSet<usize> = HashSet::new();
        // Orphans were told; what hangs under them is not a circle.
        let roots = (0..self.records.len()).filter(|index| self.records[*index].parent.is_none());
        let mut open: Vec<usize> = roots.chain(trigger).collect();
        while let Some(index) = open.pop() {
            if reached.insert(index) {
                open.extend(&self.records[index].children);
            }
        }
        let circle: Vec<usize> = (0..self.records.len()).filter(|index| !reached.contains(index)).collect();
        for index in circle {
            let record = &self.records[index];
            let at = record.at.get("parentId").unwrap_or_else(|| record.at.clone());
            let message = format!("{} stands under itself, through its parents", record.called());
            self.found.error(
                "cyclic-parents",
                &at,
                &message,
                "no path from the trigger leads here; export the file again",
            );
        }
    }
}
