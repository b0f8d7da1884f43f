//! Steps that reach people and systems outside the conversation: assignment, other workflows, HTTP, sheets, AI; and mocks.

use std::time::Duration;

use super::{JsonPath, Side, Spanned};
use crate::flow::words::words;
use crate::template::Template;

/// `assign_to`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignTo {
    /// To whom.
    pub to: AssignTarget,
    /// How somebody is chosen among several (team and workspace only).
    pub logic: AssignLogic,
    /// Whether only users who are online count (team and workspace only).
    pub only_online: bool,
    /// Only users with fewer open contacts than this count (team and workspace only).
    pub max_open_contacts: Option<u32>,
    /// How long the contact waits for somebody eligible: at most 7 days, the default.
    pub timeout: Duration,
    /// What runs when the time is over; `None` without the branch.
    pub timeout_branch: Option<Side>,
}

/// Who a contact is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssignTarget {
    /// A user, by id.
    User(Spanned<String>),
    /// Somebody of a team, by its name.
    Team(Spanned<String>),
    /// Somebody of the workspace.
    Workspace,
    /// Nobody: the contact is unassigned.
    Nobody,
}

words! {
    /// How somebody is chosen among several.
    AssignLogic {
        /// In user order, going on where it last stopped.
        RoundRobin = "round_robin",
        /// Who has the fewest open contacts; the first in user order among equals.
        LeastOpenContacts = "least_open_contacts",
    }
}

/// `trigger_workflow`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggerWorkflow {
    /// As written: a path relative to the flow's file, or the name of one of the workspace's workflows.
    pub workflow: Spanned<String>,
    /// The step it starts at; without one, the first.
    pub step: Option<Spanned<String>>,
    /// What it turned out to be when the project was put together.
    pub target: WorkflowTarget,
}

/// What the name of a workflow turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WorkflowTarget {
    /// Nobody looked yet: the flow was loaded on its own.
    #[default]
    Unresolved,
    /// A flow of the same project, by its position.
    Flow(usize),
    /// A workflow that lives only on the platform, by its name.
    External(String),
}

/// `http_request`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method.
    pub method: HttpMethod,
    /// The address; the values of variables are escaped for it.
    pub url: Template,
    /// Headers, at most 10.
    pub headers: Vec<(String, Template)>,
    /// `Content-Type`; without one, `application/json` for a body.
    pub content_type: Option<String>,
    /// What is sent.
    pub body: Option<HttpBody>,
    /// What of a JSON answer is kept, at most 10.
    pub save_response: Vec<SaveResponse>,
    /// The variable the status is kept in.
    pub save_status: Option<Spanned<String>>,
    /// What runs when no response came (our own). `None` without the branch: then the run goes on below.
    pub failure_branch: Option<Side>,
}

words! {
    /// The methods of HTTP a request may have.
    HttpMethod {
        /// Ask for something.
        Get = "GET",
        /// Send something new.
        Post = "POST",
        /// Replace something.
        Put = "PUT",
        /// Change something.
        Patch = "PATCH",
        /// Remove something.
        Delete = "DELETE",
    }
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpBody {
    /// A text; the values of variables are escaped as its content type asks.
    Text(Template),
    /// A mapping, sent as JSON.
    Json(JsonTemplate),
}

/// JSON whose texts may hold variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonTemplate {
    /// A null, a boolean or a number, as it is sent.
    Fixed(serde_json::Value),
    /// A text. When it is one variable and nothing else, a number stays a number.
    Text(Template),
    /// A list.
    List(Vec<JsonTemplate>),
    /// A mapping, in file order.
    Map(Vec<(String, JsonTemplate)>),
}

/// One thing of a JSON answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveResponse {
    /// Where in the answer it is.
    pub path: JsonPath,
    /// The variable it is kept in.
    pub variable: Spanned<String>,
}

/// `add_google_sheets_row`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The spreadsheet's name.
    pub spreadsheet: Template,
    /// The sheet in it.
    pub sheet: Template,
    /// Columns and what goes into them, in file order; not empty.
    pub row: Vec<(String, Template)>,
}

/// `respond_with_ai`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RespondWithAi {
    /// What it is for.
    pub objective: AiObjective,
    /// How it should behave.
    pub instructions: Option<Template>,
    /// What it may know: names of knowledge sources, or texts.
    pub knowledge: Vec<String>,
    /// What it should find out.
    pub collect: Vec<Collect>,
    /// When the contact wants to speak to a human; `None` without the branch.
    pub speak_to_human_branch: Option<Side>,
    /// When the AI cannot answer; `None` without the branch.
    pub unable_branch: Option<Side>,
    /// How long the contact may be silent: at most 7 days, the default.
    pub idle: Duration,
    /// What runs then; `None` without the branch.
    pub idle_branch: Option<Side>,
    /// When the AI fails in another way; `None` without the branch.
    pub failure_branch: Option<Side>,
}

words! {
    /// What an AI is for.
    AiObjective {
        /// It answers the contact's questions.
        AnswerQuestions = "answer_questions",
        /// It finds things out from the contact.
        CollectInformation = "collect_information",
    }
}

/// One thing an AI should find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collect {
    /// The variable it is kept in.
    pub variable: Spanned<String>,
    /// What it is.
    pub description: Option<String>,
}

words! {
    /// How a conversation with an AI came out.
    AiOutcome {
        /// It is done.
        Success = "success",
        /// The contact wants a human.
        SpeakToHuman = "speak_to_human",
        /// The AI cannot answer.
        Unable = "unable",
        /// It failed in another way.
        Failure = "failure",
    }
}

/// A rehearsed answer of the outside world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mock {
    /// An HTTP response.
    Http {
        /// Its status.
        status: u16,
        /// Its body, empty when there is none.
        body: String,
    },
    /// No response, or a failure of the AI: why, as a word such as `timeout`.
    Error(String),
    /// What the AI says.
    Ai {
        /// To the contact; empty says nothing.
        say: String,
        /// How it came out; `None` goes on talking.
        outcome: Option<AiOutcome>,
        /// What it found out, by variable.
        collected: Vec<(String, String)>,
    },
}

/// The rehearsed answers for one step, used in order; the last repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mocks {
    /// In a flow the step's id; in a workspace `file#step`.
    pub step: Spanned<String>,
    /// Not empty.
    pub answers: Vec<Mock>,
}

/// A step of a type this version does not know, kept from the platform's own file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownStep {
    /// Its type.
    pub kind: String,
    /// Its settings, as they were.
    pub data: serde_json::Value,
}
