//! Steps that reach people and systems outside the conversation: their settings are all inferred but those of `triggerWorkflow`.

use super::condition::good_name;
use super::{Lower, Read, Target};
use crate::flow::model::{
    Action, AiObjective, AssignLogic, AssignTarget, AssignTo, Collect, HttpBody, HttpMethod, HttpRequest, JsonPath,
    RespondWithAi, SaveResponse, TriggerWorkflow, WorkflowTarget, limits,
};
use crate::flow::workspace::WorkflowEntry;
use crate::native::ids;
use crate::native::json::At;
use crate::native::remark::Carried;
use crate::native::spelling::Area;

impl Lower<'_, '_> {
    pub(super) fn trigger_workflow(&mut self, index: usize, id: &str, data: &At<'_>) -> Option<(Read, Option<usize>)> {
        let Some(workflow) = data.get("workflowId") else {
            self.found.missing(data, "workflowId", "the workflow it starts");
            return None;
        };
        let Some(key) = workflow.as_scalar().filter(|key| !key.trim().is_empty()) else {
            self.found.wrong_type(&workflow, "the id of a workflow");
            return None;
        };
        let target = match self.targets.get(&key) {
            Some(target) => target.clone(),
            None => self.external(&workflow, &key, id),
        };
        let step = match data.some("stepId") {
            None => None,
            Some(at) => {
                let ours = at.as_text().and_then(|native| target.steps.get(native));
                if ours.is_none() && target.flow.is_some() {
                    let help = "choose the step again on the platform";
                    self.found.error(
                        "unknown-step-id",
                        &at,
                        "the workflow that is triggered has no step of this id",
                        help,
                    );
                } else if ours.is_none() {
                    let text = "which step it starts at is kept: the other workflow is not among the files";
                    self.found.remark(Carried::Kept, &at, Some(id), text);
                }
                ours.map(|ours| Self::named(ours.clone(), &at))
            }
        };
        let resolved = match target.flow {
            Some(flow) => WorkflowTarget::Flow(flow),
            None => WorkflowTarget::External(target.written.clone()),
        };
        // Nothing runs below it: what hangs there is kept whole.
        let below: Vec<usize> = self.record(index).children.clone();
        for record in below {
            let at = self.record(record).at.clone();
            let text = "what stands below a step that triggers another workflow never runs: it is kept, but not shown";
            self.found.remark(Carried::Kept, &at, Some(id), text);
            self.keep_whole(record);
        }
        let trigger = TriggerWorkflow { workflow: Self::named(target.written, &workflow), step, target: resolved };
        Some((Read::One(Action::TriggerWorkflow(Box::new(trigger))), None))
    }

    /// A workflow that is not among the files: named after its id, unless the workspace knows a name.
    fn external(&mut self, at: &At<'_>, key: &str, id: &str) -> Target {
        let name = self.told_by(id).unwrap_or_else(|| ids::placeholder("workflow", at));
        let entry = WorkflowEntry { name: name.clone(), id: Some(key.to_owned()), file: None, span: at.span() };
        let written = self.gather.workflow(entry);
        if written == name {
            let text =
                format!("the workflow {key} is not among the files: it is called `{name}` here, and ends the run");
            self.found.remark(Carried::Guessed, at, Some(id), text);
        }
        Target { written, steps: std::collections::HashMap::new(), flow: None }
    }

    pub(super) fn assign_to(&mut self, index: usize, id: &str, data: &At<'_>) -> Option<(Read, Option<usize>)> {
        let action = self.found.text(data, "action", "to whom")?;
        let to = match Self::word(Area::Action, &action)? {
            "user" => {
                let at = Self::key(data, "user_id")?;
                at.as_scalar().filter(|text| !text.trim().is_empty())?;
                AssignTarget::User(Self::named(self.person(&at, id, "user"), &at))
            }
            "team" => {
                let at = Self::key(data, "team_id")?;
                at.as_scalar().filter(|text| !text.trim().is_empty())?;
                AssignTarget::Team(Self::named(self.person(&at, id, "team"), &at))
            }
            "workspace" => AssignTarget::Workspace,
            "nobody" => AssignTarget::Nobody,
            _ => return None,
        };
        let several = matches!(to, AssignTarget::Team(_) | AssignTarget::Workspace);
        let logic = Self::key(data, "logic").and_then(|at| AssignLogic::named(Self::word(Area::Action, &at)?));
        let flag = Self::key(data, "only_online").and_then(|at| at.as_bool()).unwrap_or_default();
        let most = Self::key(data, "max_open_contacts").and_then(|at| at.as_u64());
        let timeout = match Self::key(data, "timeout").filter(|_| several) {
            Some(at) => self.duration(&at, id)?,
            None => limits::LONGEST_WAIT,
        };
        let success = self.connector(index, "success");
        // Nobody waits for one user, or for nobody: then the way out is not taken, and kept whole.
        let late = self.connector(index, "timeout").filter(|_| several);
        self.parts(index, id, &[("success", success), ("timeout", late)]);
        let side = self.side_with_steps(late);
        let timeout_branch = side.or_else(|| (timeout != limits::LONGEST_WAIT).then(Vec::new));
        let assign = AssignTo {
            to,
            logic: logic.filter(|_| several).unwrap_or(AssignLogic::RoundRobin),
            only_online: flag && several,
            max_open_contacts: most.filter(|_| several).and_then(|most| u32::try_from(most).ok()),
            timeout,
            timeout_branch,
        };
        let next = success.or(Some(index).filter(|_| self.connectors(index).is_empty()));
        Some((Read::One(Action::AssignTo(Box::new(assign))), next))
    }

    pub(super) fn person(&mut self, at: &At<'_>, id: &str, what: &str) -> String {
        let (name, new) = if what == "user" { self.gather.user(at) } else { self.gather.team(at) };
        if new {
            let text = format!("the {what} is known only by its number: it is called `{name}` here");
            self.found.remark(Carried::Guessed, at, Some(id), text);
        }
        name
    }

    pub(super) fn http_request(&mut self, index: usize, id: &str, data: &At<'_>) -> Option<(Read, Option<usize>)> {
        let method = Self::key(data, "method")?;
        let method = HttpMethod::named(&method.as_text()?.to_uppercase())?;
        let url = self.optional(data, "url")?;
        let mut headers = Vec::new();
        for header in Self::key(data, "headers").map(|list| list.items()).unwrap_or_default() {
            let name =
                header.some("key").or_else(|| header.some("name"))?.as_text().filter(|name| !name.trim().is_empty())?;
            let value = header.some("value")?.as_scalar()?;
            headers.push((name.to_owned(), self.template(value)));
        }
        let body = match Self::key(data, "body") {
            Some(at) => {
                let text = at.as_text()?;
                (!text.trim().is_empty()).then(|| HttpBody::Text(self.template(text)))
            }
            None => None,
        };
        let mut save_response = Vec::new();
        for entry in Self::key(data, "save_response").map(|list| list.items()).unwrap_or_default() {
            let path = entry.some("path").or_else(|| entry.some("key"))?;
            let variable = entry.some("variable")?;
            let name = variable.as_text().filter(|name| good_name(name))?.to_owned();
            let variable = Self::named(name, &variable);
            save_response.push(SaveResponse { path: JsonPath::parse(path.as_text()?).ok()?, variable });
        }
        if headers.len() > 10 || save_response.len() > 10 {
            return None;
        }
        let save_status = match Self::key(data, "save_status") {
            Some(at) => {
                let name = at.as_text().filter(|name| good_name(name))?;
                Some(Self::named(name.to_owned(), &at))
            }
            None => None,
        };
        let content_type = Self::key(data, "content_type").and_then(|at| at.as_text()).map(str::to_owned);
        let success = self.connector(index, "success");
        let failed = self.connector(index, "failure");
        self.parts(index, id, &[("success", success), ("failure", failed)]);
        let failure_branch = self.side(failed);
        let request =
            HttpRequest { method, url, headers, content_type, body, save_response, save_status, failure_branch };
        let next = success.or(Some(index).filter(|_| failed.is_none()));
        Some((Read::One(Action::HttpRequest(Box::new(request))), next))
    }

    pub(super) fn respond_with_ai(&mut self, index: usize, id: &str, data: &At<'_>) -> Option<(Read, Option<usize>)> {
        let objective = Self::key(data, "objective")?;
        let objective = AiObjective::named(Self::word(Area::Action, &objective)?)?;
        let instructions = self.optional(data, "instructions");
        let knowledge = self.texts(data, "knowledge");
        let mut collect = Vec::new();
        for entry in Self::key(data, "collect").map(|list| list.items()).unwrap_or_default() {
            let at = entry.some("variable")?;
            let name = at.as_text().filter(|name| good_name(name))?.to_owned();
            let description = entry.some("description").and_then(|at| at.as_text()).map(str::to_owned);
            collect.push(Collect { variable: Self::named(name, &at), description });
        }
        let idle = match Self::key(data, "idle") {
            Some(at) => self.duration(&at, id)?,
            None => limits::LONGEST_WAIT,
        };
        let part = |low: &Self, word: &'static str| (word, low.connector(index, word));
        let parts = [
            part(self, "success"),
            part(self, "speak_to_human"),
            part(self, "unable"),
            part(self, "idle"),
            part(self, "failure"),
        ];
        self.parts(index, id, &parts);
        let [success, human, unable, silent, failed] = parts.map(|(_, connector)| connector);
        let side = self.side(silent);
        let idle_branch = side.or_else(|| (idle != limits::LONGEST_WAIT).then(Vec::new));
        let ai = RespondWithAi {
            objective,
            instructions,
            knowledge,
            collect,
            speak_to_human_branch: self.side(human),
            unable_branch: self.side(unable),
            idle,
            idle_branch,
            failure_branch: self.side(failed),
        };
        let next = success.or(Some(index).filter(|_| parts.iter().all(|(_, connector)| connector.is_none())));
        Some((Read::One(Action::RespondWithAi(Box::new(ai))), next))
    }
}
