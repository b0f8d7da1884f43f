//! The file beside an imported flow (`NAME.respondio.json`): what only the way back to the platform needs, so that the YAML is for reading.
//!
//! It holds `Flow.respondio` as it was imported and an outline of the steps. On the way back the steps of the flow are found again by what
//! they are: the same step, the same id, the same name, the same content, and at last the same place between neighbours that were found.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{ids, order};
use crate::flow::model::{Action, Flow, Step, WorkflowTarget, all_steps};
use crate::flow::project::Project;
use crate::flow::write;

/// The ending of the file beside a flow.
const ENDING: &str = "respondio.json";
/// What the file says to whoever opens it.
const ABOUT: &str = "Kept for `rehearse export --to respondio`; written by `rehearse import`, not for reading. Without it an export gives the workflow new ids.";

/// A flow as an import writes it.
#[derive(Debug, Clone)]
pub struct Apart {
    /// The flow for reading: ids only on steps that something refers to, and nothing of the platform's.
    pub flow: Flow,
    /// The text of the file beside it.
    pub aside: String,
}

/// Where the file beside a flow lies: `welcome.yaml` has `welcome.respondio.json`.
pub fn path(flow: &Path) -> PathBuf {
    flow.with_extension(ENDING)
}

/// The native id of a step of a flow that has its way back.
pub fn native_id<'f>(flow: &'f Flow, step: &str) -> Option<&'f str> {
    super::keep::Kept::of(flow).step_id(step)
}

/// The native id of a flow that has its way back.
pub fn workflow_id(flow: &Flow) -> Option<String> {
    match super::keep::Kept::of(flow).envelope("id")? {
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The step that a trigger of a workflow nobody had starts at, by its own native id.
pub fn kept_start<'f>(flow: &'f Flow, trigger: &str) -> Option<&'f str> {
    let record = flow.respondio.as_ref()?.get("kept")?.get("records")?.get(trigger)?;
    record.get("instead")?.get("/data/stepId")?.get("is")?.as_str()
}

/// Takes every flow of a project apart. `also` names steps that others refer to, by the place of their flow.
pub fn apart(project: &Project, also: &[(usize, String)]) -> Vec<Apart> {
    let mut wanted = wanted(project);
    for (place, id) in also {
        if let Some(wanted) = wanted.get_mut(*place) {
            wanted.insert(id.clone());
        }
    }
    project.flows.iter().zip(&wanted).map(|(flow, wanted)| one(flow, wanted)).collect()
}

/// The steps of every flow that something refers to: jumps, mocks, triggers of other workflows.
fn wanted(project: &Project) -> Vec<HashSet<String>> {
    let mut wanted: Vec<HashSet<String>> =
        project.flows.iter().map(|flow| flow.mocks.iter().map(|mock| mock.step.value.clone()).collect()).collect();
    for (place, flow) in project.flows.iter().enumerate() {
        for step in all_steps(&flow.steps) {
            let (target, id) = match &step.action {
                Action::JumpTo { step, .. } => (place, step),
                Action::TriggerWorkflow(trigger) => match (&trigger.target, &trigger.step) {
                    (WorkflowTarget::Flow(target), Some(step)) => (*target, step),
                    _ => continue,
                },
                _ => continue,
            };
            if let Some(wanted) = wanted.get_mut(target) {
                wanted.insert(id.value.clone());
            }
        }
    }
    wanted
}

fn one(flow: &Flow, wanted: &HashSet<String>) -> Apart {
    let steps = all_steps(&flow.steps);
    let outline: Vec<Value> = steps.into_iter().map(|step| Line::of(step).json()).collect();
    let aside = json!({ "about": ABOUT, "version": 1, "outline": outline, "respondio": flow.respondio });
    let mut flow = Flow { respondio: None, ..flow.clone() };
    super::tree::each_mut(&mut flow.steps, &mut |step| step.named = step.named && wanted.contains(&step.id));
    Apart { flow, aside: order::pretty(&aside) }
}

/// Puts back beside a flow what its file holds. A flow that carries it itself, as earlier imports wrote it, keeps that. The error is for
/// people.
pub fn attach(flow: &mut Flow, aside: &str) -> Result<(), String> {
    if flow.respondio.is_some() {
        return Ok(());
    }
    let aside: Value = serde_json::from_str(aside).map_err(|error| format!("it is not as it was written: {error}"))?;
    let strange = || "it is not as it was written".to_owned();
    let mut all = aside.get("respondio").and_then(Value::as_object).ok_or_else(strange)?.clone();
    let outline = aside.get("outline").and_then(Value::as_array).ok_or_else(strange)?;
    let outline: Vec<Line> = outline.iter().map(Line::read).collect::<Option<_>>().ok_or_else(strange)?;
    let steps: Vec<Line> = all_steps(&flow.steps).into_iter().map(Line::of).collect();
    let found = pairs(&steps, &outline);
    let ours: HashMap<&str, &str> =
        found.iter().map(|(step, line)| (outline[*line].id.as_str(), steps[*step].id.as_str())).collect();
    let kept = all.remove("steps").unwrap_or_default();
    let mut renamed = Map::new();
    for (id, entry) in kept.as_object().into_iter().flatten() {
        let Some(now) = ours.get(id.as_str()) else { continue };
        let mut entry = entry.clone();
        if let Some(whole) = entry.get("part_of").and_then(Value::as_str) {
            let whole = ours.get(whole).copied().unwrap_or_default();
            entry["part_of"] = json!(whole);
        }
        // What a step without a name is called in the platform's file was made of the id it had.
        entry["known_as"] = json!(id);
        renamed.insert((*now).to_owned(), entry);
    }
    all.insert("steps".into(), Value::Object(renamed));
    flow.respondio = Some(Value::Object(all));
    Ok(())
}

/// What a step is known by.
struct Line {
    id: String,
    named: bool,
    kind: String,
    name: Option<String>,
    mark: String,
}

impl Line {
    fn of(step: &Step) -> Self {
        // The step alone: what stands in its branches has lines of its own.
        let mut alone = Step { id: String::new(), named: false, name: None, note: None, ..step.clone() };
        alone.action.lists_mut().into_iter().for_each(Vec::clear);
        let mark = format!("{:06x}", ids::fingerprint(&write::step(&alone)));
        let kind = step.action.key().to_owned();
        Self { id: step.id.clone(), named: step.named, kind, name: step.name.clone(), mark }
    }

    fn json(&self) -> Value {
        json!({ "id": self.id, "type": self.kind, "name": self.name, "mark": self.mark })
    }

    fn read(line: &Value) -> Option<Self> {
        let text = |key: &str| Some(line.get(key)?.as_str()?.to_owned());
        Some(Self { id: text("id")?, named: true, kind: text("type")?, name: text("name"), mark: text("mark")? })
    }
}

/// Whether a step is a line.
type Rule<'r> = &'r dyn Fn(&Line, &Line) -> bool;

/// Which step is which line, by their places.
fn pairs(steps: &[Line], outline: &[Line]) -> Vec<(usize, usize)> {
    let same_name = |step: &Line, line: &Line| step.kind == line.kind && step.name == line.name;
    let same = |step: &Line, line: &Line| same_name(step, line) && step.mark == line.mark;
    let mut found = in_order(steps, outline, &same);
    let rules: [Rule<'_>; 4] = [
        &same,
        &|step, line| step.named && step.kind == line.kind && step.id == line.id,
        &|step, line| step.name.is_some() && same_name(step, line),
        &|step, line| step.kind == line.kind && step.mark == line.mark,
    ];
    for rule in rules {
        for (at, step) in steps.iter().enumerate() {
            if found.iter().any(|(known, _)| *known == at) {
                continue;
            }
            let free = |place: &usize| !found.iter().any(|(_, known)| known == place);
            let line = (0..outline.len()).filter(free).find(|place| rule(step, &outline[*place]));
            found.extend(line.map(|line| (at, line)));
        }
    }
    // What was changed altogether is still what stands between the same neighbours.
    for (at, step) in steps.iter().enumerate() {
        let line_of = |at: usize| found.iter().find(|(known, _)| *known == at).map(|(_, line)| *line);
        if line_of(at).is_some() {
            continue;
        }
        let next = match at.checked_sub(1) {
            None => Some(0),
            Some(before) => line_of(before).map(|line| line + 1),
        };
        let free = |place: &usize| !found.iter().any(|(_, known)| known == place);
        let line = next.filter(free).filter(|line| outline.get(*line).is_some_and(|line| line.kind == step.kind));
        found.extend(line.map(|line| (at, line)));
    }
    found
}

/// The longest run of lines and steps that are the same in the same order.
fn in_order(steps: &[Line], outline: &[Line], same: &impl Fn(&Line, &Line) -> bool) -> Vec<(usize, usize)> {
    let (rows, columns) = (steps.len(), outline.len());
    let mut longest = vec![vec![0_usize; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            longest[row][column] = if same(&steps[row], &outline[column]) {
                longest[row + 1][column + 1] + 1
            } else {
                longest[row + 1][column].max(longest[row][column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut found = Vec::new();
    while row < rows && column < columns {
        if same(&steps[row], &outline[column]) {
            found.push((row, column));
            row += 1;
            column += 1;
        } else if longest[row + 1][column] >= longest[row][column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    found
}
