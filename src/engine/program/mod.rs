//! The program: a flow compiled once, immutable and shared. Ids are indices, texts are parsed, variables are slots.

mod compile;
mod contacts;
mod gist;
mod names;
mod outline;
mod outside;
mod place;
mod step;
mod trigger;

use std::time::Duration;

use chrono::{NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use smol_str::SmolStr;

pub use compile::CompileError;
pub use outline::{OutlineRow, RowKind};
pub use outside::Collect;
pub(super) use outside::{
    AssignTarget, AssignTo, HttpBody, HttpRequest, JsonText, RespondWithAi, SheetRow, Team, TriggerWorkflow,
};
pub use place::Place;
pub use trigger::FormEntry;
pub(super) use trigger::{Trigger, TriggerOn};

use super::answer::Question;
use super::contact::Contact;
use super::event::TriggerName;
pub use super::ids::{ChannelId, StepId, WorkflowId};
use crate::flow::model::{Mock, StopOn, UnknownStep};
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
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own about the flows.
#[derive(Debug)]
pub struct Program {
    pub(super) workflows: Vec<Workflow>,
    pub(super) steps: Vec<Step>,
    pub(super) outline: Vec<OutlineRow>,
    /// Where the steps were written; empty when nobody told.
    pub(super) places: Vec<Option<Place>>,
    pub(super) channels: Vec<Channel>,
    pub(super) variables: Vec<SmolStr>,
    pub(super) field_names: Vec<SmolStr>,
    pub(super) fields: Vec<FieldKind>,
    pub(super) users: Vec<User>,
    pub(super) teams: Vec<Team>,
    /// Whether the workspace says who its users are.
    pub(super) users_listed: bool,
    pub(super) contacts: Vec<(SmolStr, Contact)>,
    pub(super) default_contact: Contact,
    pub(super) zone: Tz,
    pub(super) ignore_case: bool,
    pub(super) jumps: usize,
    /// How many steps have mocks.
    pub(super) mocked: usize,
    /// How many places in a round robin there are: the workspace's first, then each team's; none when nobody is assigned.
    pub(super) turns: usize,
    /// Whether a step asks the outside world.
    pub(super) asks: bool,
    /// Whether a workflow takes every contact once only.
    pub(super) enrols: bool,
    /// The triggers its workflows have, a bit each, so that nothing is looked for in vain.
    pub(super) heard: u16,
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
    /// Its first step; a workflow without steps completes at once.
    pub(super) first: Option<StepId>,
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
    /// The rehearsed answers of the outside world, with the counter that says which is next.
    pub(super) mocks: Option<(usize, Vec<Mock>)>,
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
    /// Presence at the start.
    pub online: bool,
    /// Open contacts at the start.
    pub open_contacts: u32,
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
    AssignTo(Box<AssignTo>),
    TriggerWorkflow(Box<TriggerWorkflow>),
    HttpRequest(Box<HttpRequest>),
    AddGoogleSheetsRow(Box<SheetRow>),
    RespondWithAi(Box<RespondWithAi>),
    Unknown(Box<UnknownStep>),
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

impl User {
    /// Whether people call the user so: by id, or by name whatever its case.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.id == name || self.name.to_lowercase() == name.to_lowercase()
    }
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

    /// The user people call so: by id, by name, or by what only one of them is called: the first name, or the start of an address.
    /// Case does not matter in names.
    pub fn user_called(&self, name: &str) -> Option<&User> {
        let known = |test: &dyn Fn(&User) -> bool| self.users.iter().find(|user| test(user));
        known(&|user| user.id == name).or_else(|| known(&|user| user.is_called(name))).or_else(|| {
            let name = name.to_lowercase();
            let short = |user: &&User| {
                user.name.split_whitespace().next().is_some_and(|first| first.to_lowercase() == name)
                    || user.id.split_once('@').is_some_and(|(local, _)| local.to_lowercase() == name)
            };
            let mut found = self.users.iter().filter(short);
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// The users of the workspace, and those only its teams and the flow name.
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

    /// The workflows: the one the simulation starts with first, then those it reaches.
    pub fn workflows(&self) -> &[Workflow] {
        &self.workflows
    }

    /// Whether a workflow has this trigger.
    pub(super) const fn hears(&self, trigger: TriggerName) -> bool {
        self.heard & (1 << trigger as u16) != 0
    }

    /// The workflow the simulation starts with.
    pub const fn main(&self) -> WorkflowId {
        WorkflowId(0)
    }
}
