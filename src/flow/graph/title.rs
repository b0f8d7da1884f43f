//! The words in a graph: what stands in a step's node, and beside the ways that leave it.

use crate::flow::format_duration;
use crate::flow::model::{
    Action, AssignTarget, AssignTo, Content, FailureBranches, Otherwise, Step, TriggerName, TriggerOn,
};
use crate::text::{single_line, truncate};

/// Columns a label has at most, our choice.
const WIDEST: usize = 44;

/// What stands in the node of the start.
pub(super) fn start(on: &TriggerOn) -> String {
    match on.word() {
        TriggerName::Manual => "started by hand".to_owned(),
        name => name.as_str().replace('_', " "),
    }
}

/// The side branches and arms of a step, with the words for when they are taken.
pub(super) fn ways(step: &Step) -> Vec<(String, &[Step])> {
    if let Action::Branch(branch) = &step.action {
        let mut ways: Vec<(String, &[Step])> = Vec::new();
        for (arm, number) in branch.arms.iter().zip(1..) {
            let name = arm.name.clone().unwrap_or_else(|| format!("arm_{number}"));
            ways.push((name, &arm.steps));
        }
        if let Otherwise::Steps(steps) = &branch.otherwise {
            ways.push(("Else".to_owned(), steps));
        }
        return ways;
    }
    step.action.sides().into_iter().map(|(key, side)| (when(&step.action, key), side.as_slice())).collect()
}

/// When a side branch is taken.
fn when(action: &Action, key: &str) -> String {
    match (action, key) {
        (Action::AskQuestion(ask), "timeout_branch") => format!("no answer in {}", format_duration(ask.timeout)),
        (Action::AssignTo(assign), "timeout_branch") => format!("nobody in {}", format_duration(assign.timeout)),
        (Action::RespondWithAi(ai), "idle_branch") => format!("silent for {}", format_duration(ai.idle)),
        (Action::DateTime(_), _) => "outside".to_owned(),
        (Action::HttpRequest(_), _) => "no response".to_owned(),
        (Action::AskQuestion(ask), "failure_branch") if matches!(ask.failures, FailureBranches::Joint(_)) => {
            "fails".to_owned()
        }
        (_, "invalid_branch") => "does not fit".to_owned(),
        (_, "sending_failed_branch") | (Action::SendMessage(_), _) => "cannot be sent".to_owned(),
        (_, "speak_to_human_branch") => "wants a human".to_owned(),
        (_, "unable_branch") => "cannot answer".to_owned(),
        _ => "fails".to_owned(),
    }
}

/// What stands in a step's node: its name, else what it does.
pub(super) fn title(step: &Step) -> String {
    let words = match (&step.name, &step.action) {
        (Some(name), _) => name.clone(),
        (None, Action::SendMessage(send)) => match &send.content {
            Content::Text(text) => format!("Send: {}", text.source()),
            Content::Attachment { kind, .. } => format!("Send: {kind}"),
            Content::Template(template) => format!("Send: template {}", template.name),
        },
        (None, Action::AskQuestion(ask)) => format!("Ask: {}", ask.text.source()),
        (None, Action::Wait(span)) => format!("Wait {}", format_duration(*span)),
        (None, Action::AddComment { text, .. }) => format!("Comment: {}", text.source()),
        (None, Action::AssignTo(assign)) => assignment(assign),
        (None, Action::TriggerWorkflow(call)) => format!("Trigger: {}", call.workflow.value),
        (None, Action::HttpRequest(request)) => format!("{} {}", request.method, request.url.source()),
        (None, Action::AddGoogleSheetsRow(row)) => format!("Add a row to {}", row.spreadsheet.source()),
        (None, Action::RespondWithAi(ai)) => format!("AI: {}", ai.objective.as_str().replace('_', " ")),
        (None, Action::Unknown(kept)) => format!("unknown step: {}", kept.kind),
        (None, action) => {
            let words = action.key().replace('_', " ");
            if step.named { format!("{words}: {}", step.id) } else { words }
        }
    };
    label(&words)
}

fn assignment(assign: &AssignTo) -> String {
    match &assign.to {
        AssignTarget::User(user) => format!("Assign to {}", user.value),
        AssignTarget::Team(team) => format!("Assign to team {}", team.value),
        AssignTarget::Workspace => "Assign to somebody".to_owned(),
        AssignTarget::Nobody => "Take the assignee away".to_owned(),
    }
}

/// Words on one line, cut to what a label may have.
pub(super) fn label(words: &str) -> String {
    truncate(&single_line(words), WIDEST, "…").into_owned()
}
