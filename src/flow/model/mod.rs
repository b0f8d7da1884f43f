//! A flow as its author means it: steps in their tree, names as written, texts parsed. Limits hold (see [`limits`]).

mod json_path;
mod outside;
mod trigger;
mod walk;

use std::time::Duration;

use chrono::{NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;
use rust_decimal::Decimal;

pub use json_path::{JsonPath, PathError, TooMuch};
pub use outside::*;
pub use trigger::*;
pub use walk::all_steps;

use super::condition::Conditions;
use super::words::{AttachmentKind, DateFormat, QuestionType};
use super::workspace::{ContactCard, Workspace};
use crate::source::{FileId, Span};
use crate::template::Template;

/// The limits of the product, in one place (respondio.md section 8).
pub mod limits {
    use std::time::Duration;

    /// Steps in a workflow, nested ones included.
    pub const STEPS: usize = 100;
    /// Options of a multiple choice (R6).
    pub const OPTIONS: usize = 10;
    /// User-perceived characters in an option (R7).
    pub const OPTION_CHARACTERS: usize = 20;
    /// Longest wait, question timeout and assignment timeout (R23).
    pub const LONGEST_WAIT: Duration = Duration::from_hours(7 * 24);
    /// Arms of a branch, the else arm not counted.
    pub const ARMS: usize = 9;
    /// Conditions of an arm.
    pub const CONDITIONS: usize = 10;
    /// Jumps a `jump_to` may make in one run; also the default.
    pub const JUMPS: u8 = 10;
    /// Headers of an HTTP request.
    pub const HEADERS: usize = 10;
    /// Parts of an HTTP answer that are kept.
    pub const SAVED_PARTS: usize = 10;
    /// User-perceived characters in a message or question text, before variables are filled in.
    pub const TEXT_CHARACTERS: usize = 2_000;
}

/// A value with the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the flow's file.
    pub span: Span,
}

/// One flow file.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The file it was read from.
    pub file: FileId,
    /// Its name: how events, outline and title speak of it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The workspace it runs in; the built-in one when the file names none.
    pub workspace: Workspace,
    /// The contact to play.
    pub contact: Option<ContactChoice>,
    /// What starts it.
    pub trigger: Trigger,
    /// Exit conditions: what ends a run from outside.
    pub stop_on: StopOn,
    /// Its rehearsed answers of the outside world, by step id. In a project the workspace's answers for steps that have none here are
    /// added behind them; their spans lie in the workspace's file.
    pub mocks: Vec<Mocks>,
    /// The steps of its main path.
    pub steps: Vec<Step>,
    /// What the platform's own file says besides: carried for the way back, not read by anything else.
    pub respondio: Option<serde_json::Value>,
}

/// The contact a flow names for its simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactChoice {
    /// A contact of the workspace.
    Named(Spanned<String>),
    /// One written down in the flow itself.
    Inline(Box<ContactCard>),
}

/// The three exit conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct StopOn {
    /// The contact writes, and it is no answer to a pending question.
    pub incoming_message: bool,
    /// An agent writes.
    pub agent_message: bool,
    /// An agent assigns the contact by hand.
    pub manual_assignment: bool,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The author's id, or `step_N`.
    pub id: String,
    /// Whether the author gave the id.
    pub named: bool,
    /// What people read in the outline.
    pub name: Option<String>,
    /// A remark for readers.
    pub note: Option<String>,
    /// The action key, to point at.
    pub span: Span,
    /// What it does.
    pub action: Action,
}

/// A side branch: the steps that run instead of what comes next. Without steps it ends the workflow.
pub type Side = Vec<Step>;

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `send_message`
    SendMessage(SendMessage),
    /// `ask_question`
    AskQuestion(Box<AskQuestion>),
    /// `assign_to`
    AssignTo(Box<AssignTo>),
    /// `branch`
    Branch(Branch),
    /// `update_contact_tag`
    UpdateContactTag {
        /// Tags to add.
        add: Vec<Spanned<String>>,
        /// Tags to remove.
        remove: Vec<Spanned<String>>,
    },
    /// `update_contact_field`
    UpdateContactField {
        /// The field's id.
        field: Spanned<String>,
        /// The new value; `None` clears it.
        value: Option<Spanned<Template>>,
    },
    /// `open_conversation`
    OpenConversation,
    /// `close_conversation`
    CloseConversation {
        /// A closing category.
        category: Option<Spanned<String>>,
        /// A summary.
        summary: Option<Template>,
    },
    /// `add_comment`
    AddComment {
        /// The text.
        text: Template,
        /// Ids of the workspace users it mentions, in order.
        mentions: Vec<String>,
    },
    /// `jump_to`
    JumpTo {
        /// The id of the step to go to.
        step: Spanned<String>,
        /// How often in one run: 1 to 10.
        max_jumps: u8,
    },
    /// `wait`
    Wait(Duration),
    /// `date_time`
    DateTime(Box<DateTime>),
    /// `trigger_workflow`
    TriggerWorkflow(Box<TriggerWorkflow>),
    /// `http_request`
    HttpRequest(Box<HttpRequest>),
    /// `add_google_sheets_row`
    AddGoogleSheetsRow(Box<SheetRow>),
    /// `respond_with_ai`
    RespondWithAi(Box<RespondWithAi>),
    /// `update_lifecycle`; `None` clears the stage.
    UpdateLifecycle(Option<Spanned<String>>),
    /// `unknown_step`: kept and shown; a run that reaches it ends.
    Unknown(Box<UnknownStep>),
}

impl Action {
    /// The key it is written with.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::SendMessage(_) => "send_message",
            Self::AskQuestion(_) => "ask_question",
            Self::AssignTo(_) => "assign_to",
            Self::Branch(_) => "branch",
            Self::UpdateContactTag { .. } => "update_contact_tag",
            Self::UpdateContactField { .. } => "update_contact_field",
            Self::OpenConversation => "open_conversation",
            Self::CloseConversation { .. } => "close_conversation",
            Self::AddComment { .. } => "add_comment",
            Self::JumpTo { .. } => "jump_to",
            Self::Wait(_) => "wait",
            Self::DateTime(_) => "date_time",
            Self::TriggerWorkflow(_) => "trigger_workflow",
            Self::HttpRequest(_) => "http_request",
            Self::AddGoogleSheetsRow(_) => "add_google_sheets_row",
            Self::RespondWithAi(_) => "respond_with_ai",
            Self::UpdateLifecycle(_) => "update_lifecycle",
            Self::Unknown(_) => "unknown_step",
        }
    }

    /// The side branches that were written, with their keys, in document order. The arms of a branch are no side branches.
    pub fn sides(&self) -> Vec<(&'static str, &Side)> {
        let all: &[(&'static str, Option<&Side>)] = match self {
            Self::SendMessage(send) => &[("failure_branch", send.failure_branch.as_ref())],
            Self::DateTime(look) => &[("failure_branch", look.failure_branch.as_ref())],
            Self::AskQuestion(ask) => match &ask.failures {
                FailureBranches::Joint(side) => {
                    &[("timeout_branch", ask.timeout_branch.as_ref()), ("failure_branch", side.as_ref())]
                }
                FailureBranches::Split { invalid, sending_failed } => &[
                    ("timeout_branch", ask.timeout_branch.as_ref()),
                    ("invalid_branch", invalid.as_ref()),
                    ("sending_failed_branch", sending_failed.as_ref()),
                ],
            },
            Self::AssignTo(assign) => &[("timeout_branch", assign.timeout_branch.as_ref())],
            Self::HttpRequest(request) => &[("failure_branch", request.failure_branch.as_ref())],
            Self::RespondWithAi(ai) => &[
                ("speak_to_human_branch", ai.speak_to_human_branch.as_ref()),
                ("unable_branch", ai.unable_branch.as_ref()),
                ("idle_branch", ai.idle_branch.as_ref()),
                ("failure_branch", ai.failure_branch.as_ref()),
            ],
            _ => &[],
        };
        all.iter().filter_map(|(key, side)| Some((*key, (*side)?))).collect()
    }
}

/// A message a workflow sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendMessage {
    /// What is sent.
    pub content: Content,
    /// A fixed channel, by id; without one the last interacted channel.
    pub channel: Option<Spanned<String>>,
    /// Other content for some channels, keyed by channel id or type word, in file order. An id wins over a type.
    pub per_channel: Vec<(Spanned<String>, Content)>,
    /// What runs when it cannot be sent. `None` and empty alike end the run, for the trace they differ.
    pub failure_branch: Option<Side>,
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A text.
    Text(Template),
    /// A file by its address.
    Attachment {
        /// What kind of file.
        kind: AttachmentKind,
        /// Where it lies.
        url: Template,
        /// What it is called.
        name: Option<Template>,
    },
    /// A template approved by the channel.
    Template(Box<MessageTemplate>),
}

/// A message template, as WhatsApp approves them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTemplate {
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: Option<String>,
    /// The header line.
    pub header: Option<Template>,
    /// The body; `{{1}}` stands for the first parameter.
    pub body: Option<Template>,
    /// The parameters of the body, from 1.
    pub parameters: Vec<Template>,
    /// The titles of its buttons.
    pub buttons: Vec<String>,
}

/// A question (R1–R30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskQuestion {
    /// The question (R3).
    pub text: Template,
    /// The kind of answer (R4).
    pub kind: QuestionType,
    /// Multiple choice: the options (R6, R7).
    pub options: Vec<Spanned<String>>,
    /// Number: the smallest answer (R9).
    pub min: Option<Decimal>,
    /// Number: the largest answer (R9).
    pub max: Option<Decimal>,
    /// Date: the formats that are accepted, never empty for a date.
    pub date_formats: Vec<DateFormat>,
    /// Multiple choice: whether case and outer blanks of an option's text matter.
    pub exact: bool,
    /// Where the answer goes (R15–R20).
    pub save_as: SaveAs,
    /// How long the contact has (R22–R24).
    pub timeout: Duration,
    /// What runs when the time is over (R25); `None` without the branch.
    pub timeout_branch: Option<Side>,
    /// What becomes of answers that do not fit and of questions that cannot be sent.
    pub failures: FailureBranches,
}

/// The two styles of failure branches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureBranches {
    /// The help page's one branch for invalid answers and failed sends (R27–R29); `None` without it.
    Joint(Option<Side>),
    /// Today's product: one branch each.
    Split {
        /// For invalid answers.
        invalid: Option<Side>,
        /// For failed sends.
        sending_failed: Option<Side>,
    },
}

impl FailureBranches {
    /// Where invalid answers go.
    pub fn invalid(&self) -> Option<&Side> {
        match self {
            Self::Joint(side) | Self::Split { invalid: side, .. } => side.as_ref(),
        }
    }

    /// Where failed sends go.
    pub fn sending_failed(&self) -> Option<&Side> {
        match self {
            Self::Joint(side) | Self::Split { sending_failed: side, .. } => side.as_ref(),
        }
    }
}

/// Where an answer is saved (R16): any of the three, each on its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SaveAs {
    /// A contact field (R18).
    pub field: Option<Spanned<String>>,
    /// A workflow variable (R19).
    pub variable: Option<Spanned<String>>,
    /// The option's text as a tag (R17, R20).
    pub tag: bool,
}

/// A branch: arms tried in file order, then the else arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// At most nine.
    pub arms: Vec<Arm>,
    /// What happens when no arm holds.
    pub otherwise: Otherwise,
}

/// One arm of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// Its name, or none: then it is called `arm_N`.
    pub name: Option<String>,
    /// A remark for readers.
    pub note: Option<String>,
    /// When it is taken.
    pub when: Conditions,
    /// What runs then.
    pub steps: Vec<Step>,
    /// Where it stands.
    pub span: Span,
}

/// The else arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Otherwise {
    /// There is none: the workflow ends.
    Absent,
    /// Its steps; none end the workflow.
    Steps(Vec<Step>),
    /// `else: continue`: the steps below the branch.
    Continue,
}

/// A look at the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateTime {
    /// When it is inside.
    pub hours: Hours,
    /// The zone it is read in.
    pub timezone: Tz,
    /// What runs outside; `None` without it.
    pub failure_branch: Option<Side>,
}

/// When a `date_time` step lets a run through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hours {
    /// Ranges of the week. The start is inside, the end is not; a range whose end is not after its start runs into the next day.
    Business(Vec<(Weekday, NaiveTime, NaiveTime)>),
    /// One range of local date-times; the start is inside, the end is not.
    Range {
        /// First instant inside.
        from: NaiveDateTime,
        /// First instant outside again.
        to: NaiveDateTime,
    },
}
