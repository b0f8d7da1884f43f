//! Compiled steps that reach people and systems outside the conversation.

use std::time::Duration;

use smol_str::SmolStr;

use super::{Side, StepId, Text, WorkflowId};
use crate::flow::model::{AiObjective, AssignLogic, HttpMethod, JsonPath};

#[derive(Debug)]
pub(in crate::engine) struct AssignTo {
    pub(in crate::engine) to: AssignTarget,
    pub(in crate::engine) logic: AssignLogic,
    pub(in crate::engine) only_online: bool,
    pub(in crate::engine) max_open_contacts: Option<u32>,
    pub(in crate::engine) timeout: Duration,
    pub(in crate::engine) on_timeout: Side,
}

#[derive(Debug)]
pub(in crate::engine) enum AssignTarget {
    User(Text),
    /// By its position in [`Program::teams`](super::Program::teams).
    Team(usize),
    Workspace,
    Nobody,
}

/// A team of the workspace.
#[derive(Debug)]
pub(in crate::engine) struct Team {
    pub(in crate::engine) name: String,
    /// Positions in the list of users, in its order.
    pub(in crate::engine) members: Vec<usize>,
}

#[derive(Debug)]
pub(in crate::engine) struct TriggerWorkflow {
    pub(in crate::engine) name: String,
    /// The workflow and the step it starts at, if it has any; `None` when it lives only on the platform.
    pub(in crate::engine) to: Option<(WorkflowId, Option<StepId>)>,
}

#[derive(Debug)]
pub(in crate::engine) struct HttpRequest {
    pub(in crate::engine) method: HttpMethod,
    pub(in crate::engine) url: Text,
    pub(in crate::engine) headers: Vec<(String, Text)>,
    pub(in crate::engine) content_type: Option<String>,
    pub(in crate::engine) body: Option<HttpBody>,
    /// Paths into the answer and the variables for what they find.
    pub(in crate::engine) save: Vec<(JsonPath, usize)>,
    pub(in crate::engine) save_status: Option<usize>,
    pub(in crate::engine) failure: Side,
}

#[derive(Debug)]
pub(in crate::engine) enum HttpBody {
    Text(Text),
    Json(JsonText),
}

#[derive(Debug)]
pub(in crate::engine) enum JsonText {
    Fixed(serde_json::Value),
    Text(Text),
    List(Vec<JsonText>),
    Map(Vec<(String, JsonText)>),
}

#[derive(Debug)]
pub(in crate::engine) struct SheetRow {
    pub(in crate::engine) spreadsheet: Text,
    pub(in crate::engine) sheet: Text,
    pub(in crate::engine) row: Vec<(String, Text)>,
}

#[derive(Debug)]
pub(in crate::engine) struct RespondWithAi {
    pub(in crate::engine) objective: AiObjective,
    pub(in crate::engine) instructions: Option<Text>,
    pub(in crate::engine) knowledge: Vec<String>,
    pub(in crate::engine) collect: Vec<Collect>,
    pub(in crate::engine) on_speak_to_human: Side,
    pub(in crate::engine) on_unable: Side,
    pub(in crate::engine) idle: Duration,
    pub(in crate::engine) on_idle: Side,
    pub(in crate::engine) on_failure: Side,
}

/// One thing an AI should find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collect {
    /// The variable it is kept in.
    pub variable: SmolStr,
    /// What it is.
    pub description: Option<String>,
    pub(in crate::engine) slot: usize,
}
