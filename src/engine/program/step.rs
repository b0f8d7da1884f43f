//! What a step tells about itself.

use chrono_tz::Tz;

use super::{Action, Arm, Collect, Step, WorkflowId};
use crate::engine::answer::Question;
use crate::flow::Joiner;
use crate::flow::model::AiObjective;

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
            Action::AssignTo(_) => "assign_to",
            Action::TriggerWorkflow(_) => "trigger_workflow",
            Action::HttpRequest(_) => "http_request",
            Action::AddGoogleSheetsRow(_) => "add_google_sheets_row",
            Action::RespondWithAi(_) => "respond_with_ai",
            Action::Unknown(_) => "unknown_step",
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

    pub(in crate::engine) fn arms(&self) -> &[Arm] {
        match &self.action {
            Action::Branch(branch) => &branch.arms,
            _ => &[],
        }
    }

    /// The workflow it triggers: its name, and itself when it is part of the program.
    pub fn triggers(&self) -> Option<(&str, Option<WorkflowId>)> {
        match &self.action {
            Action::TriggerWorkflow(trigger) => Some((&trigger.name, trigger.to.map(|(workflow, _)| workflow))),
            _ => None,
        }
    }

    /// The places of the answer a request saves from, as they were written: `$.order.status`.
    pub fn saved_from(&self) -> impl Iterator<Item = &str> {
        let save = match &self.action {
            Action::HttpRequest(request) => request.save.as_slice(),
            _ => &[],
        };
        save.iter().map(|(path, _)| path.source())
    }

    /// What an AI is told here: what it is for, what it may know, and what it should find out.
    pub fn ai(&self) -> Option<(AiObjective, &[String], &[Collect])> {
        match &self.action {
            Action::RespondWithAi(ai) => Some((ai.objective, &ai.knowledge, &ai.collect)),
            _ => None,
        }
    }
}
