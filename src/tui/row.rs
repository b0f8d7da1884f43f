//! The rows of the chat: what they are, who says them, and which events have one.

use std::time::Duration;

use crate::engine::Event;
use crate::engine::event::{KindOf as Kind, TimerName};

/// One row of the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The event it shows, by its index in the log.
    pub event: usize,
    /// What it is.
    pub kind: RowKind,
    /// Whether its time is shown.
    pub timed: bool,
    /// Whether it follows a message of the same side and minute, and so stands right below it.
    pub joined: bool,
    /// The day it belongs to in the workspace's zone, counted from the year 1; a jump belongs to the day it leaves.
    pub(super) day: i32,
}

/// What a row of the chat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A new day begins.
    Day,
    /// A message of the workflow.
    Bot,
    /// A question of the workflow.
    Question,
    /// A message of the contact; `stars` when it was taken as a rating.
    Contact {
        /// 1 to 5.
        stars: Option<u8>,
        /// What became of it.
        heard: Heard,
    },
    /// A message of an agent.
    Agent,
    /// A message of the workflow that could not be sent.
    Failed,
    /// What agents see in the inbox between the messages: a comment, an assignment, a request, a row of a sheet.
    Aside,
    /// Something that happened, told in one line.
    Note,
    /// Something that needs a look, told in one line.
    Warning,
    /// Time was moved so far.
    Jump(Duration),
    /// A run came to its end.
    End,
}

/// What became of a message of the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// No step waited for it.
    Not,
    /// A step, a trigger or an AI took it.
    Accepted,
    /// The question did not take it as an answer.
    Rejected,
}

impl RowKind {
    /// Whether it is a message, and so stands apart from its neighbours.
    pub const fn is_message(self) -> bool {
        !matches!(self, Self::Day | Self::Aside | Self::Note | Self::Warning | Self::Jump(_) | Self::End)
    }
}

/// Who says a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The workflow.
    Workflow,
    /// The contact.
    Contact,
    /// An agent.
    Agent,
}

impl RowKind {
    /// Who says it, of what was said in a bubble.
    pub const fn side(self) -> Option<Speaker> {
        match self {
            Self::Bot | Self::Question => Some(Speaker::Workflow),
            Self::Contact { .. } => Some(Speaker::Contact),
            Self::Agent => Some(Speaker::Agent),
            _ => None,
        }
    }
}

/// How an event is shown in the chat; `None` for what other panes show.
pub fn row_kind(event: &Event<'_>) -> Option<RowKind> {
    Some(match event.kind {
        Kind::MessageSent { .. } => RowKind::Bot,
        Kind::QuestionAsked { .. } => RowKind::Question,
        Kind::ContactMessage { .. } => RowKind::Contact { stars: None, heard: Heard::Not },
        Kind::WorkflowEnded { .. } => RowKind::End,
        Kind::AgentMessage { .. } => RowKind::Agent,
        Kind::SendingFailed { .. } => RowKind::Failed,
        Kind::CommentAdded { .. }
        | Kind::Assigned { .. }
        | Kind::Unassigned { .. }
        | Kind::AssignmentWaiting { .. }
        | Kind::HttpRequested { .. }
        | Kind::HttpResponded { .. }
        | Kind::SheetRowAdded { .. }
        | Kind::AiRequested { .. }
        | Kind::AiReplied { .. } => RowKind::Aside,
        Kind::AnswerRejected { .. }
        | Kind::FieldNotSaved { .. }
        | Kind::VariableUnsetUsed { .. }
        | Kind::FaultSet { .. }
        | Kind::OutsideFaultSet { .. } => RowKind::Warning,
        Kind::WorkflowStarted { .. }
        | Kind::ConversationOpened { .. }
        | Kind::ConversationClosed { .. }
        | Kind::ChannelConnected { .. }
        | Kind::ChannelDisconnected { .. }
        | Kind::ChannelChanged { .. }
        | Kind::ValueEdited { .. }
        | Kind::TimerFired {
            timer: TimerName::QuestionTimeout | TimerName::AssignmentTimeout | TimerName::AiIdle,
            ..
        }
        | Kind::Notice { .. } => RowKind::Note,
        _ => return None,
    })
}
