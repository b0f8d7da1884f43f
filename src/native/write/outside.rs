//! Steps that reach people and systems outside the conversation.

use crate::flow::Flow;
use crate::flow::workspace::Workspace;
use serde_json::{Map, Value, json};

use super::action::{object, success};
use super::{Way, Write};
use crate::flow::model::{
    AssignTarget, AssignTo, HttpBody, HttpRequest, JsonTemplate, RespondWithAi, SheetRow, Step, TriggerWorkflow,
    WorkflowTarget,
};
use crate::native::spelling::Area;

impl<'f> Write<'f> {
    pub(super) fn trigger_workflow(&mut self, step: &'f Step, trigger: &TriggerWorkflow) -> Map<String, Value> {
        let written = trigger.workflow.value.as_str();
        let flow = match trigger.target {
            WorkflowTarget::Flow(flow) => self.known.get(flow),
            WorkflowTarget::Unresolved | WorkflowTarget::External(_) => None,
        };
        let workflow = match flow {
            Some(flow) => flow.workflow.clone(),
            None => self.listed(step, written),
        };
        let start = trigger.step.as_ref().map(|start| {
            let known = flow.and_then(|flow| flow.steps.get(&start.value));
            if known.is_none() {
                let what = "the step it starts at is not known: the other workflow is not among those exported";
                self.warn(step, what, "export the flows together");
            }
            json!(known)
        });
        let start = start.unwrap_or_default();
        let id = self.id(step);
        self.triggers.push((workflow.clone(), id, start.clone()));
        object(json!({ "workflowId": workflow, "stepId": start }))
    }

    /// The id of a workflow that the workspace lists by name or file.
    fn listed(&mut self, step: &Step, written: &str) -> Value {
        if let Some(id) = listed_id(self.flow, written) {
            return id;
        }
        let what = format!("the platform's id of the workflow `{written}` is not known, so its name is written");
        self.warn(step, &what, "export the flows together, or give it its id under `workflows` of the workspace file");
        json!(written)
    }

    pub(super) fn assign_to(&mut self, step: &'f Step, assign: &'f AssignTo) -> (Map<String, Value>, Vec<Way<'f>>) {
        let native = self.native();
        let mut data = Map::new();
        let word = match &assign.to {
            AssignTarget::User(user) => {
                let id = self.id_or_name(Some(step), &native.users, "user", &user.value);
                data.insert(self.key(step, "user_id"), id);
                "user"
            }
            AssignTarget::Team(team) => {
                let id = self.id_or_name(Some(step), &native.teams, "team", &team.value);
                data.insert(self.key(step, "team_id"), id);
                "team"
            }
            AssignTarget::Workspace => "workspace",
            AssignTarget::Nobody => "nobody",
        };
        data.insert("action".into(), json!(self.spelled(step, Area::Action, word)));
        if matches!(assign.to, AssignTarget::Team(_) | AssignTarget::Workspace) {
            let logic = self.spelled(step, Area::Action, assign.logic.as_str());
            data.insert(self.key(step, "logic"), json!(logic));
            data.insert(self.key(step, "only_online"), json!(assign.only_online));
            if let Some(most) = assign.max_open_contacts {
                data.insert(self.key(step, "max_open_contacts"), json!(most));
            }
            let timeout = self.duration(step, assign.timeout);
            data.insert(self.key(step, "timeout"), Value::Object(timeout));
        }
        let side = assign.timeout_branch.as_ref();
        (data, vec![success(false), Way { part: "timeout", name: "Failure: Timeout", side, always: false }])
    }

    pub(super) fn http_request(
        &mut self,
        step: &'f Step,
        request: &'f HttpRequest,
    ) -> (Map<String, Value>, Vec<Way<'f>>) {
        let mut data = Map::new();
        data.insert(self.key(step, "method"), json!(request.method));
        data.insert(self.key(step, "url"), json!(request.url.source()));
        let headers: Vec<Value> =
            request.headers.iter().map(|(name, value)| json!({ "key": name, "value": value.source() })).collect();
        data.insert(self.key(step, "headers"), json!(headers));
        if let Some(kind) = &request.content_type {
            data.insert(self.key(step, "content_type"), json!(kind));
        }
        let body = match &request.body {
            None => None,
            Some(HttpBody::Text(text)) => Some(text.source().to_owned()),
            Some(HttpBody::Json(body)) => Some(super::super::order::pretty(&json_text(body))),
        };
        if let Some(body) = body {
            data.insert(self.key(step, "body"), json!(body));
        }
        let kept: Vec<Value> = request
            .save_response
            .iter()
            .map(|saved| json!({ "path": saved.path.source(), "variable": saved.variable.value }))
            .collect();
        data.insert(self.key(step, "save_response"), json!(kept));
        if let Some(variable) = &request.save_status {
            data.insert(self.key(step, "save_status"), json!(variable.value));
        }
        let side = request.failure_branch.as_ref();
        (data, vec![success(false), Way { part: "failure", name: "Failure", side, always: false }])
    }

    pub(super) fn sheet_row(&mut self, step: &'f Step, row: &SheetRow) -> Map<String, Value> {
        let mut data = Map::new();
        data.insert(self.key(step, "spreadsheet"), json!(row.spreadsheet.source()));
        data.insert(self.key(step, "sheet"), json!(row.sheet.source()));
        let columns: Vec<Value> =
            row.row.iter().map(|(column, value)| json!({ "column": column, "value": value.source() })).collect();
        data.insert(self.key(step, "row"), json!(columns));
        data
    }

    pub(super) fn respond_with_ai(
        &mut self,
        step: &'f Step,
        ai: &'f RespondWithAi,
    ) -> (Map<String, Value>, Vec<Way<'f>>) {
        let mut data = Map::new();
        let objective = self.spelled(step, Area::Action, ai.objective.as_str());
        data.insert(self.key(step, "objective"), json!(objective));
        if let Some(instructions) = &ai.instructions {
            data.insert(self.key(step, "instructions"), json!(instructions.source()));
        }
        if !ai.knowledge.is_empty() {
            data.insert(self.key(step, "knowledge"), json!(ai.knowledge));
        }
        if !ai.collect.is_empty() {
            let collect: Vec<Value> = ai
                .collect
                .iter()
                .map(|wanted| {
                    let mut entry = object(json!({ "variable": wanted.variable.value }));
                    if let Some(description) = &wanted.description {
                        entry.insert("description".into(), json!(description));
                    }
                    Value::Object(entry)
                })
                .collect();
            data.insert(self.key(step, "collect"), json!(collect));
        }
        let idle = self.duration(step, ai.idle);
        data.insert(self.key(step, "idle"), Value::Object(idle));
        let way = |part, name, side| Way { part, name, side, always: false };
        let ways = vec![
            success(true),
            way("speak_to_human", "Failure: Speak to Human", ai.speak_to_human_branch.as_ref()),
            way("unable", "Failure: AI Unable to Answer", ai.unable_branch.as_ref()),
            way("idle", "Failure: Idle", ai.idle_branch.as_ref()),
            way("failure", "Failure: Others", ai.failure_branch.as_ref()),
        ];
        (data, ways)
    }
}

/// A body as JSON whose texts still hold their variables.
fn json_text(body: &JsonTemplate) -> Value {
    match body {
        JsonTemplate::Fixed(value) => value.clone(),
        JsonTemplate::Text(text) => json!(text.source()),
        JsonTemplate::List(items) => items.iter().map(json_text).collect(),
        JsonTemplate::Map(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), json_text(value))).collect())
        }
    }
}

/// The id the workspace of a flow lists for a workflow, by its name or file: beside it, or under `respondio`.
pub(super) fn listed_id(flow: &Flow, written: &str) -> Option<Value> {
    let Workspace { workflows, native, .. } = &flow.workspace;
    let entry = workflows.iter().find(|entry| entry.name == written || entry.file.as_deref() == Some(written))?;
    let Some(id) = &entry.id else {
        return native.workflows.iter().find(|(name, _)| *name == entry.name).map(|(_, id)| id.clone());
    };
    let number = id.parse::<u64>().ok().filter(|number| number.to_string() == *id);
    Some(number.map_or_else(|| json!(id), |id| json!(id)))
}
