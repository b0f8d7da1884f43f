//! The program: a flow compiled once, immutable and shared. Ids are indices, texts are parsed, variables are slots.

mod compile;
mod contacts;
mod gist;
mod outline;

use std::time::Duration;

use chrono::{NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use smol_str::SmolStr;

pub use compile::CompileError;
pub use outline::{OutlineRow, RowKind};

use super::answer::Question;
use super::contact::Contact;
use super::event::TriggerName;
pub use super::ids::{ChannelId, StepId, WorkflowId};
use crate::flow::model::{OpenedBy, StopOn};
use crate::flow::{AttachmentKind, ChannelType, FieldType, Joiner, Operator};
use crate::template::{AssigneeProperty, ChannelProperty, ConversationProperty, SystemProperty};

/// The slot of `firstname`, the first of the standard fields.
pub(in crate::engine) const FIRSTNAME: usize = 0;
/// The slot of `lastname`.
pub(in crate::engine) const LASTNAME: usize = 1;
/// The standard contact fields, which are the first slots of [`Contact::fields`], with what they can hold.
pub const STANDARD_FIELDS: [(&str, FieldType); 6] = [
    ("firstname", FieldType::Text),
    ("lastname", FieldType::Text),
    ("email", FieldType::Email),
    ("phone", FieldType::Phone),
    ("country", FieldType::Text),
    ("language", FieldType::Text),
];

/// Workflows, workspace and contacts, ready to run.
#[derive(Debug)]
pub struct Program {
    pub(super) workflows: Vec<Workflow>,
    pub(super) steps: Vec<Step>,
    pub(super) outline: Vec<OutlineRow>,
    pub(super) channels: Vec<Channel>,
    pub(super) variables: Vec<SmolStr>,
    pub(super) field_names: Vec<SmolStr>,
    pub(super) fields: Vec<FieldKind>,
    pub(super) users: Vec<User>,
    pub(super) contacts: Vec<(SmolStr, Contact)>,
    pub(super) default_contact: Contact,
    pub(super) zone: Tz,
    pub(super) ignore_case: bool,
    pub(super) jumps: usize,
    pub(super) fingerprint: u64,
}

/// One workflow of a program.
#[derive(Debug)]
pub struct Workflow {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    pub(super) trigger: Trigger,
    pub(super) stop_on: StopOn,
    pub(super) first: StepId,
}

#[derive(Debug)]
pub(super) enum Trigger {
    Manual,
    ConversationOpened { source: Vec<OpenedBy>, when: Option<Arm> },
}

impl Trigger {
    pub(super) const fn name(&self) -> TriggerName {
        match self {
            Self::Manual => TriggerName::Manual,
            Self::ConversationOpened { .. } => TriggerName::ConversationOpened,
        }
    }
}

/// One step of a program.
#[derive(Debug)]
pub struct Step {
    /// The author's id, or `step_N`.
    pub id: SmolStr,
    /// What people read, when the author gave a name.
    pub name: Option<String>,
    /// A remark for readers.
    pub note: Option<String>,
    /// The workflow it belongs to.
    pub workflow: WorkflowId,
    pub(super) action: Action,
    /// The next sibling; the else path of a branch with `else: continue`.
    pub(super) next: Option<StepId>,
}

/// A channel of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: SmolStr,
    /// Its type.
    pub kind: ChannelType,
    /// What people call it: its name, else its type's.
    pub name: String,
}

/// A user of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: SmolStr,
    /// What colleagues call them: the name, else the id.
    pub name: String,
    /// Presence.
    pub online: bool,
}

/// What a contact field can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldKind {
    /// Its type; undeclared fields are text.
    pub kind: FieldType,
    /// `list`: the values; empty means any.
    pub options: Vec<String>,
}

/// Where a side branch leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// It was not written.
    Absent,
    /// It has no steps.
    Empty,
    /// Its first step.
    To(StepId),
}

#[derive(Debug)]
pub(super) enum Action {
    SendMessage(Box<SendMessage>),
    AskQuestion(Box<AskQuestion>),
    Branch(Branch),
    UpdateContactTag { add: Vec<Text>, remove: Vec<Text> },
    UpdateContactField { field: usize, value: Option<Text> },
    OpenConversation,
    CloseConversation { category: Option<Text>, summary: Option<Text> },
    AddComment { text: Text, mentions: Vec<String> },
    JumpTo { to: StepId, counter: usize, max: u8 },
    Wait(Duration),
    DateTime(Box<DateTime>),
    UpdateLifecycle(Option<Text>),
}

#[derive(Debug)]
pub(super) struct SendMessage {
    pub(super) content: Content,
    pub(super) channel: Option<ChannelId>,
    /// By channel, ids before types.
    pub(super) per_channel: Vec<(ChannelId, Content)>,
    pub(super) failure: Side,
}

impl SendMessage {
    pub(super) fn content_for(&self, channel: Option<ChannelId>) -> &Content {
        self.per_channel.iter().find(|(id, _)| Some(*id) == channel).map_or(&self.content, |(_, content)| content)
    }
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    Text(Text),
    Attachment { kind: AttachmentKind, url: Text, name: Option<Text> },
    Template(Box<MessageTemplate>),
}

#[derive(Debug, Clone)]
pub(super) struct MessageTemplate {
    pub(super) name: String,
    pub(super) language: Option<String>,
    pub(super) header: Option<Text>,
    pub(super) body: Option<Text>,
    pub(super) parameters: Vec<Text>,
    pub(super) buttons: Vec<Text>,
}

#[derive(Debug)]
pub(super) struct AskQuestion {
    pub(super) text: Text,
    pub(super) question: Question,
    /// Option texts, for a multiple choice.
    pub(super) options: Vec<String>,
    pub(super) save_field: Option<usize>,
    pub(super) save_variable: Option<usize>,
    pub(super) save_tag: bool,
    pub(super) timeout: Duration,
    pub(super) on_timeout: Side,
    pub(super) on_invalid: Side,
    pub(super) on_sending_failed: Side,
}

#[derive(Debug)]
pub(super) struct Branch {
    pub(super) arms: Vec<Arm>,
    pub(super) otherwise: Otherwise,
}

#[derive(Debug)]
pub(super) struct Arm {
    pub(super) name: String,
    pub(super) joiner: Joiner,
    pub(super) conditions: Vec<Condition>,
    pub(super) to: Option<StepId>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Otherwise {
    Steps(Option<StepId>),
    Continue,
}

#[derive(Debug)]
pub(super) struct Condition {
    pub(super) subject: Subject,
    pub(super) operator: Operator,
    pub(super) operand: Operand,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Subject {
    Field(usize),
    Variable(usize),
    Tags,
    LastIncomingMessage,
    LastIncomingMessageTime,
    LastInteractedChannel,
    AssigneeStatus,
    ConversationStatus,
    Lifecycle,
}

#[derive(Debug)]
pub(super) enum Operand {
    None,
    One(Comparand),
    Two(Comparand, Comparand),
    Many(Vec<Text>),
    Ago(Duration),
}

/// A text to compare with; its number is read once when the text is fixed.
#[derive(Debug)]
pub(super) struct Comparand {
    pub(super) text: Text,
    pub(super) number: Option<Decimal>,
}

#[derive(Debug)]
pub(super) struct DateTime {
    pub(super) zone: Tz,
    pub(super) hours: Hours,
    pub(super) outside: Side,
}

#[derive(Debug)]
pub(super) enum Hours {
    Business(Vec<(Weekday, NaiveTime, NaiveTime)>),
    Range { from: NaiveDateTime, to: NaiveDateTime },
}

/// A text with its variables resolved to slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) source: Box<str>,
    pub(super) pieces: Vec<Piece>,
}

impl Text {
    /// Whether it is the same whoever reads it.
    pub(super) fn is_fixed(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// A piece of a [`Text`] that holds variables. A fixed text has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(Box<str>),
    Variable { name: Variable, source: Box<str> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variable {
    ContactName,
    ContactId,
    ContactTags,
    ContactLifecycle,
    Field(usize),
    Assignee(AssigneeProperty),
    Conversation(ConversationProperty),
    Channel(ChannelProperty),
    System(SystemProperty),
    Unknown,
    Workflow(usize),
}

impl Program {
    /// The workflow of this id.
    pub fn workflow(&self, id: WorkflowId) -> &Workflow {
        &self.workflows[id.index()]
    }

    /// The step of this id.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.index()]
    }

    /// Every step, in document order.
    pub fn step_ids(&self) -> impl Iterator<Item = StepId> + use<> {
        (0..u32::try_from(self.steps.len()).unwrap_or(u32::MAX)).map(StepId)
    }

    /// The channel of this id.
    pub fn channel(&self, id: ChannelId) -> &Channel {
        &self.channels[id.index()]
    }

    /// The channel an author calls so.
    pub fn channel_named(&self, id: &str) -> Option<ChannelId> {
        self.channel_ids().find(|channel| self.channel(*channel).id == id)
    }

    /// Every channel, in workspace order.
    pub fn channel_ids(&self) -> impl Iterator<Item = ChannelId> + use<> {
        (0..u16::try_from(self.channels.len()).unwrap_or(u16::MAX)).map(ChannelId)
    }

    /// The workspace's zone.
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// The users of the workspace.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// The contacts of the workspace by name.
    pub fn contacts(&self) -> impl Iterator<Item = (&str, &Contact)> {
        self.contacts.iter().map(|(name, contact)| (name.as_str(), contact))
    }

    /// The contact to play when nobody says another: the flow's own, else the workspace's first, else the built-in one.
    pub const fn default_contact(&self) -> &Contact {
        &self.default_contact
    }

    /// Names of the workflow variables, by slot.
    pub fn variable_names(&self) -> &[SmolStr] {
        &self.variables
    }

    /// Names of the contact fields, by slot: the standard ones first.
    pub fn field_names(&self) -> &[SmolStr] {
        &self.field_names
    }

    /// What a field can hold.
    pub fn field(&self, slot: usize) -> Option<&FieldKind> {
        self.fields.get(slot)
    }

    /// The flow as a tree to print: one row a step or side branch, in document order.
    pub fn outline(&self) -> &[OutlineRow] {
        &self.outline
    }

    /// The workflow the simulation starts with.
    pub const fn main(&self) -> WorkflowId {
        WorkflowId(0)
    }
}

impl Step {
    /// What people read: its name, else its id.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// The key of its action.
    pub const fn action_key(&self) -> &'static str {
        match self.action {
            Action::SendMessage(_) => "send_message",
            Action::AskQuestion(_) => "ask_question",
            Action::Branch(_) => "branch",
            Action::UpdateContactTag { .. } => "update_contact_tag",
            Action::UpdateContactField { .. } => "update_contact_field",
            Action::OpenConversation => "open_conversation",
            Action::CloseConversation { .. } => "close_conversation",
            Action::AddComment { .. } => "add_comment",
            Action::JumpTo { .. } => "jump_to",
            Action::Wait(_) => "wait",
            Action::DateTime(_) => "date_time",
            Action::UpdateLifecycle(_) => "update_lifecycle",
        }
    }

    /// What it asks, when it is a question.
    pub fn question(&self) -> Option<&Question> {
        match &self.action {
            Action::AskQuestion(ask) => Some(&ask.question),
            _ => None,
        }
    }

    /// The options it offers; empty unless it is a multiple choice.
    pub fn options(&self) -> &[String] {
        match &self.action {
            Action::AskQuestion(ask) => &ask.options,
            _ => &[],
        }
    }

    /// The users its comment mentions.
    pub fn mentions(&self) -> &[String] {
        match &self.action {
            Action::AddComment { mentions, .. } => mentions,
            _ => &[],
        }
    }

    /// The zone its look at the clock is read in.
    pub const fn zone(&self) -> Option<Tz> {
        match &self.action {
            Action::DateTime(look) => Some(look.zone),
            _ => None,
        }
    }

    /// The name of a branch's arm: the author's, or `arm_N`.
    pub fn arm_name(&self, arm: usize) -> Option<&str> {
        self.arms().get(arm).map(|arm| arm.name.as_str())
    }

    /// How many arms a branch has, the else arm not counted.
    pub fn arm_count(&self) -> usize {
        self.arms().len()
    }

    /// How the conditions of an arm are joined.
    pub fn arm_joiner(&self, arm: usize) -> Option<Joiner> {
        self.arms().get(arm).map(|arm| arm.joiner)
    }

    pub(super) fn arms(&self) -> &[Arm] {
        match &self.action {
            Action::Branch(branch) => &branch.arms,
            _ => &[],
        }
    }
}
