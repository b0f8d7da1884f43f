//! Steps that reach people and systems outside the conversation.

use super::json::{body, json};
use super::step::{Steps, template};
use super::yaml::{Entries, Layout, Yaml};
use crate::flow::model::{
    AssignLogic, AssignTarget, AssignTo, Collect, HttpRequest, RespondWithAi, SaveResponse, SheetRow, TriggerWorkflow,
    UnknownStep,
};

impl Steps {
    pub(super) fn assign_to(self, assign: &AssignTo) -> Yaml {
        let mut entries = Entries::default();
        match &assign.to {
            AssignTarget::Nobody => return Yaml::word("nobody"),
            AssignTarget::User(user) => entries.put("user", Yaml::text(&user.value)),
            AssignTarget::Team(team) => entries.put("team", Yaml::text(&team.value)),
            AssignTarget::Workspace => entries.put("workspace", Yaml::word(&true)),
        };
        if assign.logic != AssignLogic::RoundRobin {
            entries.put("logic", Yaml::word(&assign.logic));
        }
        if assign.only_online {
            entries.put("only_online", Yaml::word(&true));
        }
        entries.put_some("max_open_contacts", assign.max_open_contacts.as_ref().map(Yaml::word));
        entries.put_some("timeout_branch", self.timed(assign.timeout_branch.as_ref(), assign.timeout));
        entries.fit()
    }

    pub(super) fn http_request(self, request: &HttpRequest) -> Yaml {
        let mut entries = Entries::default();
        entries.put("method", Yaml::word(&request.method)).put("url", template(&request.url));
        if !request.headers.is_empty() {
            let headers = request.headers.iter().map(|(name, value)| (name.clone(), template(value)));
            entries.put("headers", Yaml::Map(Layout::Fit, headers.collect()));
        }
        entries.put_text("content_type", request.content_type.as_deref());
        entries.put_some("body", request.body.as_ref().map(body));
        if !request.save_response.is_empty() {
            entries.put("save_response", Yaml::List(Layout::Block, request.save_response.iter().map(saved).collect()));
        }
        entries.put_text("save_status", request.save_status.as_ref().map(|name| name.value.as_str()));
        entries.put_some("failure_branch", self.side(request.failure_branch.as_ref()));
        entries.block()
    }

    pub(super) fn respond_with_ai(self, ai: &RespondWithAi) -> Yaml {
        let mut entries = Entries::default();
        entries.put("objective", Yaml::word(&ai.objective));
        entries.put_some("instructions", ai.instructions.as_ref().map(template));
        entries.put_texts("knowledge", &ai.knowledge);
        if !ai.collect.is_empty() {
            entries.put("collect", Yaml::List(Layout::Block, ai.collect.iter().map(collect).collect()));
        }
        entries.put_some("speak_to_human_branch", self.side(ai.speak_to_human_branch.as_ref()));
        entries.put_some("unable_branch", self.side(ai.unable_branch.as_ref()));
        entries.put_some("idle_branch", self.timed(ai.idle_branch.as_ref(), ai.idle));
        entries.put_some("failure_branch", self.side(ai.failure_branch.as_ref()));
        entries.block()
    }
}

fn saved(saved: &SaveResponse) -> Yaml {
    let mut entries = Entries::default();
    entries.put("path", Yaml::text(saved.path.source())).put("variable", Yaml::text(&saved.variable.value));
    entries.fit()
}

fn collect(collect: &Collect) -> Yaml {
    let mut entries = Entries::default();
    entries.put("variable", Yaml::text(&collect.variable.value));
    entries.put_text("description", collect.description.as_deref());
    entries.fit()
}

pub(super) fn trigger_workflow(trigger: &TriggerWorkflow) -> Yaml {
    let workflow = Yaml::text(&trigger.workflow.value);
    let Some(step) = &trigger.step else { return workflow };
    let mut entries = Entries::default();
    entries.put("workflow", workflow).put("step", Yaml::text(&step.value));
    entries.fit()
}

pub(super) fn sheet_row(row: &SheetRow) -> Yaml {
    let mut entries = Entries::default();
    entries.put("spreadsheet", template(&row.spreadsheet)).put("sheet", template(&row.sheet));
    let columns = row.row.iter().map(|(column, value)| (column.clone(), template(value)));
    entries.put("row", Yaml::Map(Layout::Fit, columns.collect()));
    entries.fit()
}

pub(super) fn unknown(step: &UnknownStep) -> Yaml {
    let mut entries = Entries::default();
    entries.put("type", Yaml::text(&step.kind));
    if !step.data.is_null() {
        entries.put("data", json(&step.data));
    }
    entries.fit()
}
