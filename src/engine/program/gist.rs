//! What a step does in a few words, for outlines of steps that have no name.

use super::{Action, AssignTarget, Content, Program, Step};
use crate::flow::duration::format_duration;

impl Program {
    /// What a step does, beyond its action's key: the text it sends, where it jumps, how long it waits. `None` when the key says it all.
    /// Variables stand as they are written; the text may be long.
    pub fn gist(&self, step: &Step) -> Option<String> {
        Some(match &step.action {
            Action::SendMessage(send) => match &send.content {
                Content::Text(text) => text.source.to_string(),
                Content::Attachment { kind, name, url } => {
                    format!("{kind} {}", name.as_ref().map_or(&url.source, |name| &name.source))
                }
                Content::Template(template) => format!("template {}", template.name),
            },
            Action::AskQuestion(ask) => ask.text.source.to_string(),
            Action::AddComment { text, .. } => text.source.to_string(),
            Action::JumpTo { to, .. } => self.step(*to).title().to_owned(),
            Action::Wait(span) => format_duration(*span),
            Action::UpdateContactTag { add, remove } => {
                let add = add.iter().map(|tag| format!("+{}", tag.source));
                let remove = remove.iter().map(|tag| format!("-{}", tag.source));
                add.chain(remove).collect::<Vec<_>>().join(", ")
            }
            Action::UpdateContactField { field, .. } => self.field_names().get(*field)?.to_string(),
            Action::UpdateLifecycle(stage) => stage.as_ref()?.source.to_string(),
            Action::CloseConversation { category, .. } => category.as_ref()?.source.to_string(),
            Action::AssignTo(assign) => match &assign.to {
                AssignTarget::User(user) => user.source.to_string(),
                AssignTarget::Team(team) => self.teams.get(*team)?.name.clone(),
                AssignTarget::Workspace => "somebody of the workspace".to_owned(),
                AssignTarget::Nobody => "nobody".to_owned(),
            },
            Action::TriggerWorkflow(trigger) => trigger.name.clone(),
            Action::HttpRequest(request) => format!("{} {}", request.method, request.url.source),
            Action::AddGoogleSheetsRow(row) => format!("{} / {}", row.spreadsheet.source, row.sheet.source),
            Action::RespondWithAi(ai) => ai.objective.as_str().replace('_', " "),
            Action::Unknown(step) => step.kind.clone(),
            Action::Branch(_) | Action::OpenConversation | Action::DateTime(_) => return None,
        })
    }
}
