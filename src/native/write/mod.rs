//! From a flow to a file of the platform: records under their parents, ids made from ours or those the flow came with.
//!
//! The file is the same for the same flow. What the platform's schema cannot say is a warning that names the step.

mod action;
mod condition;
mod message;
mod outside;
mod trigger;

use crate::flow::model::WorkflowTarget;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::ids;
use super::keep::Kept;
use super::spelling::{self, Area};
use crate::diagnostic::Diagnostic;
use crate::flow::model::{Action, Branch, Flow, Otherwise, Step, all_steps};
use crate::flow::project::Project;
use crate::flow::workspace::NativeIds;

/// One workflow as the platform's files say it.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The workflow's name.
    pub name: String,
    /// The file.
    pub json: Value,
    /// What could not be said, or had to be said in words nobody has seen; the places are in the flow's own file.
    pub warnings: Vec<Diagnostic>,
}

impl Exported {
    /// The file as text: keys in the order the platform writes them, two blanks of indentation.
    pub fn text(&self) -> String {
        super::order::pretty(&self.json)
    }
}

/// Writes every flow of a project.
pub fn export(project: &Project) -> Vec<Exported> {
    project.flows.iter().zip(bare(project)).map(|(flow, bare)| bare.finish(flow)).collect()
}

/// A file before what was kept is put back.
pub(super) struct Bare {
    pub(super) json: Value,
    warnings: Vec<Diagnostic>,
}

impl Bare {
    fn finish(self, flow: &Flow) -> Exported {
        let json = Kept::of(flow).put_back(self.json);
        Exported { name: flow.name.clone(), json, warnings: self.warnings }
    }
}

/// What the model alone says of every flow, with the ids the flows came with.
pub(super) fn bare(project: &Project) -> Vec<Bare> {
    let mut known: Vec<FlowIds> = project.flows.iter().map(FlowIds::new).collect();
    listed(project, &mut known);
    let known = known;
    let mut written: Vec<Write<'_>> = project
        .flows
        .iter()
        .enumerate()
        .map(|(index, flow)| {
            let mut write = Write::new(flow, &known, index);
            write.records();
            write
        })
        .collect();
    let mut triggered_by: Vec<Vec<Value>> = vec![Vec::new(); written.len()];
    for (index, write) in written.iter().enumerate() {
        for (target, from, _) in &write.triggers {
            if let Some(list) =
                known.iter().position(|ids| ids.workflow == *target).and_then(|at| triggered_by.get_mut(at))
            {
                list.push(json!({ "workflowId": known[index].workflow, "fromStepId": from }));
            }
        }
    }
    written.drain(..).zip(triggered_by).map(|(write, by)| write.envelope(&by)).collect()
}

/// The native ids of one flow.
struct FlowIds {
    workflow: Value,
    /// Whether the id is only made up.
    made_up: bool,
    steps: HashMap<String, String>,
    /// Every id that a record of the file may already have.
    taken: HashSet<String>,
}

impl FlowIds {
    fn new(flow: &Flow) -> Self {
        let kept = Kept::of(flow);
        // What a hash gives, in the range of the platform's own: milliseconds and three digits more.
        let made_up = || json!(1_700_000_000_000_000_u64 + u64::from(ids::fingerprint(&flow.name)));
        let workflow = kept.envelope("id").cloned().unwrap_or_else(made_up);
        let mut taken = kept.native_ids();
        taken.insert("1".to_owned());
        let mut steps: HashMap<String, String> = HashMap::new();
        let mut used: HashSet<String> = HashSet::new();
        for step in all_steps(&flow.steps) {
            if let Some(id) = kept.step_id(&step.id)
                && used.insert(id.to_owned())
            {
                steps.insert(step.id.clone(), id.to_owned());
            }
        }
        for step in all_steps(&flow.steps) {
            if !steps.contains_key(&step.id) {
                steps.insert(step.id.clone(), ids::native(&step.id, &mut taken));
            }
        }
        Self { workflow, made_up: kept.envelope("id").is_none(), steps, taken }
    }
}

/// Gives flows without an id of their own the one the workspace lists for the name or file they are triggered by.
fn listed(project: &Project, known: &mut [FlowIds]) {
    for flow in &project.flows {
        for step in all_steps(&flow.steps) {
            let Action::TriggerWorkflow(trigger) = &step.action else { continue };
            let WorkflowTarget::Flow(target) = trigger.target else { continue };
            if let Some(ids) = known.get_mut(target).filter(|ids| ids.made_up)
                && let Some(id) = outside::listed_id(flow, &trigger.workflow.value)
            {
                ids.workflow = id;
                ids.made_up = false;
            }
        }
    }
}

/// One flow on its way out.
struct Write<'f> {
    flow: &'f Flow,
    kept: Kept<'f>,
    known: &'f [FlowIds],
    own: usize,
    taken: HashSet<String>,
    records: Vec<Value>,
    warnings: Vec<Diagnostic>,
    /// Spellings nobody has seen, with the first step that needs each and how many do.
    inferred: BTreeMap<(Area, &'static str), (&'f Step, usize)>,
    /// The first question without a branch for invalid answers, and how many there are.
    untold: Option<(&'f Step, usize)>,
    /// Workflow, step here, step there.
    triggers: Vec<(Value, String, Value)>,
    /// Steps so far: the running number of their names.
    count: usize,
}

/// A step as its record says it.
struct Out<'f> {
    kind: &'f str,
    data: Map<String, Value>,
    ways: Vec<Way<'f>>,
}

/// A way out of a step.
struct Way<'f> {
    part: &'static str,
    name: &'static str,
    /// The steps of a side; `None` without the branch.
    side: Option<&'f Vec<Step>>,
    /// Whether a step of this kind always has it.
    always: bool,
}

impl<'f> Write<'f> {
    fn new(flow: &'f Flow, known: &'f [FlowIds], own: usize) -> Self {
        let taken = known[own].taken.clone();
        Self {
            flow,
            kept: Kept::of(flow),
            known,
            own,
            taken,
            records: Vec::new(),
            warnings: Vec::new(),
            inferred: BTreeMap::new(),
            untold: None,
            triggers: Vec::new(),
            count: 0,
        }
    }

    fn records(&mut self) {
        let trigger = self.trigger();
        self.records.push(trigger);
        self.path(&self.flow.steps, &json!(1));
    }

    fn envelope(mut self, by: &[Value]) -> Bare {
        for ((area, native), (step, count)) in std::mem::take(&mut self.inferred) {
            let message = format!(
                "the {} `{native}` is inferred, not seen in a file of the platform (`{}`{})",
                area.title(),
                step.id,
                more(count)
            );
            let finding = Diagnostic::warning("inferred-spelling", self.flow.file, step.span, message);
            self.warnings.push(finding.help("look at the step after importing the file there"));
        }
        if let Some((step, count)) = self.untold {
            let message = format!(
                "a question without a branch for invalid answers (`{}`{}) is written without `Failure: Invalid`, which every question of the platform was seen to have",
                step.id,
                more(count)
            );
            let finding = Diagnostic::warning("no-invalid-branch", self.flow.file, step.span, message);
            let help = "here the contact may try again; there the run probably ends. Write `invalid_branch: []` to end it here too, or jump back to the question";
            self.warnings.push(finding.help(help));
        }
        let stop = &self.flow.stop_on;
        let to: Vec<Value> = self
            .triggers
            .iter()
            .map(|(workflow, from, step)| {
                let mut entry = json!({ "workflowId": workflow, "fromStepId": from });
                if let (Some(entry), false) = (entry.as_object_mut(), step.is_null()) {
                    entry.insert("toStepId".into(), step.clone());
                }
                entry
            })
            .collect();
        let mut file = json!({
            "id": self.known[self.own].workflow,
            "name": self.flow.name,
            "description": self.flow.description.as_deref().unwrap_or_default(),
            "status": "draft",
            "connectedByWorkflows": by,
            "connectedToWorkflows": to,
            "settings": {
                "exitCondition": {
                    "incomingMessage": stop.incoming_message,
                    "outgoingMessage": stop.agent_message,
                    "manualAssignment": stop.manual_assignment,
                },
                "manualEjection": true,
            },
            "workflow": self.records,
        });
        if let Some(file) = file.as_object_mut() {
            for (key, value) in self.kept.envelopes() {
                file.insert(key.clone(), value.clone());
            }
        }
        Bare { json: file, warnings: self.warnings }
    }

    /// The steps of one path, each under the one before.
    fn path(&mut self, steps: &'f [Step], parent: &Value) {
        let mut parent = parent.clone();
        let mut rest = steps.iter();
        while let Some(step) = rest.next() {
            let below = rest.as_slice();
            let parts = below.iter().take_while(|part| self.kept.part_of(&part.id) == Some(&step.id)).count();
            let parts = if matches!(step.action, Action::SendMessage(_)) { parts } else { 0 };
            parent = self.step(step, &below[..parts], below.len() > parts, &parent);
            for _ in 0..parts {
                rest.next();
            }
        }
    }

    /// Writes a step with all that hangs on its sides, and answers what the next one stands under.
    fn step(&mut self, step: &'f Step, parts: &'f [Step], goes_on: bool, parent: &Value) -> Value {
        self.count += 1;
        if step.note.is_some() {
            self.warn(step, "its note is not written", "keep the note in the flow file, or write an add_comment step");
        }
        match &step.action {
            Action::Branch(branch) => self.branch(step, branch, goes_on, parent),
            Action::UpdateContactTag { add, remove } if !add.is_empty() && !remove.is_empty() => {
                self.both_tags(step, add, remove, parent)
            }
            _ => {
                let out = self.action(step, parts);
                self.record(step, out, goes_on, parent)
            }
        }
    }

    /// One record with its connectors.
    fn record(&mut self, step: &'f Step, out: Out<'f>, goes_on: bool, parent: &Value) -> Value {
        let id = self.id(step);
        let born_there = self.kept.step_id(&step.id).is_some();
        let exists = |way: &Way<'_>| {
            let steps = way.side.is_some_and(|side| !side.is_empty());
            let listed = self.kept.connector(&step.id, way.part).is_some();
            // Whether an answer may be given again depends on the branch being there: what was imported may have lost or gained it.
            if way.part == "invalid" {
                return way.side.is_some();
            }
            if born_there { listed || steps } else { way.always || way.side.is_some() }
        };
        let others = out.ways.iter().any(|way| way.part != "success" && exists(way));
        let there: Vec<(&Way<'f>, String)> = out
            .ways
            .iter()
            .filter(|way| {
                if way.part != "success" {
                    return exists(way);
                }
                let listed = self.kept.connector(&step.id, "success").is_some();
                if born_there { listed || others && goes_on } else { others || way.always }
            })
            .map(|way| (way, self.kept.connector(&step.id, way.part).map(str::to_owned).unwrap_or_default()))
            .collect();
        let mut data = out.data;
        let mut main = json!(id);
        let mut connectors = Vec::new();
        let mut records = Vec::new();
        for (way, kept) in there {
            let connector = self.connector_id(kept, &format!("{}/{}", step.id, way.part));
            let word = self.spelled(step, Area::Connector, way.part);
            connectors.push(json!(connector));
            if way.part == "success" {
                main = json!(connector);
            }
            records.push((
                json!({
                    "id": connector, "parentId": id, "type": format!("{}Connector", out.kind), "name": way.name,
                    "data": { "connectorType": word },
                }),
                way.side,
            ));
        }
        if !out.ways.is_empty() {
            data.insert("connectors".into(), Value::Array(connectors));
        }
        self.records.push(json!({
            "id": id, "parentId": parent, "type": out.kind, "name": self.name(step), "data": data,
        }));
        for (record, side) in records {
            let id = record.get("id").cloned().unwrap_or_default();
            self.records.push(record);
            if let Some(side) = side {
                self.path(side, &id);
            }
        }
        match self.kept.below(&step.id) {
            Some(below) => json!(below),
            None => main,
        }
    }

    /// A branch: an arm each under a connector, and the else arm, or what stands below, under Else.
    fn branch(&mut self, step: &'f Step, branch: &'f Branch, goes_on: bool, parent: &Value) -> Value {
        let id = self.id(step);
        let mut connectors = Vec::new();
        let mut records = Vec::new();
        for (index, arm) in branch.arms.iter().enumerate() {
            let kept = self.kept.arm(&step.id, index).map(str::to_owned).unwrap_or_default();
            let connector = self.connector_id(kept, &format!("{}/arm/{index}", step.id));
            connectors.push(json!(connector));
            if arm.note.is_some() {
                self.warn(step, "the note of an arm is not written", "keep it in the flow file");
            }
            let name = arm.name.clone().unwrap_or_else(|| format!("Branch {}", index + 1));
            let conditions = self.conditions(step, &arm.when);
            records.push((
                json!({
                    "id": connector, "parentId": id, "type": "branchConnector", "name": name,
                    "data": { "conditions": conditions },
                }),
                Some(&arm.steps),
            ));
        }
        let steps = match &branch.otherwise {
            Otherwise::Steps(steps) => Some(steps),
            Otherwise::Absent | Otherwise::Continue => None,
        };
        let kept = self.kept.otherwise(&step.id).map(str::to_owned).unwrap_or_default();
        // A branch that came without Else goes without one, as long as nothing stands under it.
        let bare = self.kept.step_id(&step.id).is_some() && kept.is_empty();
        let otherwise = self.connector_id(kept, &format!("{}/else", step.id));
        if !bare || goes_on || steps.is_some_and(|steps| !steps.is_empty()) {
            connectors.push(json!(otherwise));
            records.push((
                json!({
                    "id": otherwise, "parentId": id, "type": "branchConnector", "name": "Else",
                    "data": { "conditions": null },
                }),
                steps,
            ));
        }
        self.records.push(json!({
            "id": id, "parentId": parent, "type": "branch", "name": self.name(step), "data": { "connectors": connectors },
        }));
        for (record, steps) in records {
            let id = record.get("id").cloned().unwrap_or_default();
            self.records.push(record);
            if let Some(steps) = steps {
                self.path(steps, &id);
            }
        }
        json!(otherwise)
    }

    fn connector_id(&mut self, kept: String, made_from: &str) -> String {
        if kept.is_empty() { ids::native(made_from, &mut self.taken) } else { kept }
    }

    fn id(&self, step: &Step) -> String {
        self.known[self.own].steps.get(&step.id).cloned().unwrap_or_default()
    }

    /// The name of a record: the step's, or one made from its id, or the platform's default with its running number.
    fn name(&self, step: &Step) -> String {
        match (&step.name, self.kept.known_as(&step.id)) {
            (Some(name), _) => name.clone(),
            (None, Some(id)) => readable(id),
            (None, None) if step.named => readable(&step.id),
            (None, None) => format!("{} #{}", title(&step.action), self.count),
        }
    }

    /// How the platform spells a word of ours. A spelling that was only inferred is noted, unless the step came from there.
    fn spelled(&mut self, step: &'f Step, area: Area, ours: &'static str) -> &'static str {
        let Some(entry) = spelling::of(area, ours) else { return ours };
        if !entry.seen && self.kept.step_id(&step.id).is_none() {
            self.inferred.entry((area, entry.native)).or_insert((step, 0)).1 += 1;
        }
        entry.native
    }

    fn key(&mut self, step: &'f Step, ours: &'static str) -> String {
        self.spelled(step, Area::Key, ours).to_owned()
    }

    fn warn(&mut self, step: &Step, what: &str, help: &str) {
        let message = format!("`{}`: {what}", step.id);
        let finding = Diagnostic::warning("cannot-export", self.flow.file, step.span, message);
        self.warnings.push(finding.help(help));
    }

    const fn native(&self) -> &'f NativeIds {
        &self.flow.workspace.native
    }

    /// The native id of a name, or the name itself with a warning.
    fn id_or_name(&mut self, step: Option<&Step>, list: &[(String, Value)], what: &str, name: &str) -> Value {
        if let Some(id) = super::gather::id_of(list, name) {
            return id.clone();
        }
        let place = step.map_or(crate::source::Span::default(), |step| step.span);
        let about = step.map_or_else(|| "the trigger".to_owned(), |step| format!("`{}`", step.id));
        let message = format!("{about}: the platform's id of the {what} `{name}` is not known, so its name is written");
        let help = format!("give the {what} its id in the workspace file: respondio: {{ id: 12345 }}");
        self.warnings.push(Diagnostic::warning("no-native-id", self.flow.file, place, message).help(help));
        json!(name)
    }
}

/// ` and 3 more`, after the first of several.
fn more(count: usize) -> String {
    if count > 1 { format!(" and {} more", count - 1) } else { String::new() }
}

/// `ask_email` as `Ask email`.
fn readable(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What the platform calls a kind of step.
const fn title(action: &Action) -> &'static str {
    match action {
        Action::SendMessage(_) => "Send a Message",
        Action::AskQuestion(_) => "Ask a Question",
        Action::AssignTo(_) => "Assign To",
        Action::Branch(_) => "Branch",
        Action::UpdateContactTag { .. } => "Update Contact Tag",
        Action::UpdateContactField { .. } => "Update Contact Field",
        Action::OpenConversation => "Open Conversation",
        Action::CloseConversation { .. } => "Close Conversation",
        Action::AddComment { .. } => "Add Comment",
        Action::JumpTo { .. } => "Jump to Another Step",
        Action::Wait(_) => "Wait",
        Action::DateTime(_) => "Date & Time",
        Action::TriggerWorkflow(_) => "Trigger Another Workflow",
        Action::HttpRequest(_) => "HTTP Request",
        Action::AddGoogleSheetsRow(_) => "Add Google Sheets Row",
        Action::RespondWithAi(_) => "AI Objective",
        Action::UpdateLifecycle(_) => "Update Lifecycle",
        Action::Unknown(_) => "Step",
    }
}
