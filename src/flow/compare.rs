//! Whether two flows mean the same, wherever they were written: what importing, exporting and writing are held to.

use super::condition::Conditions;
use super::model::{Action, ContactChoice, Flow, Mocks, Otherwise, Spanned, Step, Trigger, TriggerOn, WorkflowTarget};
use super::workspace::Workspace;
use crate::source::{FileId, Span};

/// Characters of a value that a difference quotes.
const QUOTED: usize = 300;

/// The first difference between two flows, in words for whoever compares them; `None` when they mean the same.
///
/// Places in files, ids that the reader made up (`step_N`) and what a [`WorkflowTarget`] was resolved to do not count.
pub fn differences(left: &Flow, right: &Flow) -> Option<String> {
    let (left, right) = (bare(left), bare(right));
    told("name", &left.name, &right.name)
        .or_else(|| told("description", &left.description, &right.description))
        .or_else(|| in_workspace(&left.workspace, &right.workspace))
        .or_else(|| told("contact", &left.contact, &right.contact))
        .or_else(|| told("trigger", &left.trigger, &right.trigger))
        .or_else(|| told("settings.stop_on", &left.stop_on, &right.stop_on))
        .or_else(|| told("mocks", &left.mocks, &right.mocks))
        .or_else(|| in_steps("steps", &left.steps, &right.steps))
        .or_else(|| told("respondio", &left.respondio, &right.respondio))
}

/// The first difference between two workspaces; `None` when they mean the same. Places in files do not count.
pub fn workspace_differences(left: &Workspace, right: &Workspace) -> Option<String> {
    let (mut left, mut right) = (left.clone(), right.clone());
    blank_workspace(&mut left);
    blank_workspace(&mut right);
    in_workspace(&left, &right)
}

fn in_workspace(left: &Workspace, right: &Workspace) -> Option<String> {
    told("workspace.timezone", &left.timezone, &right.timezone)
        .or_else(|| told("workspace.compare", &left.ignore_case, &right.ignore_case))
        .or_else(|| told("workspace.channels", &left.channels, &right.channels))
        .or_else(|| told("workspace.contact_fields", &left.contact_fields, &right.contact_fields))
        .or_else(|| told("workspace.tags", &left.tags, &right.tags))
        .or_else(|| told("workspace.users", &left.users, &right.users))
        .or_else(|| told("workspace.teams", &left.teams, &right.teams))
        .or_else(|| told("workspace.contacts", &left.contacts, &right.contacts))
        .or_else(|| told("workspace", left, right))
}

fn in_steps(path: &str, left: &[Step], right: &[Step]) -> Option<String> {
    for (place, (left, right)) in left.iter().zip(right).enumerate() {
        if left == right {
            continue;
        }
        let path = format!("{path}[{place}]");
        return in_settings(&path, left, right)
            .or_else(|| inside(&path, &left.action, &right.action))
            .or_else(|| told(&format!("{path}.{}", left.action.key()), &left.action, &right.action));
    }
    (left.len() != right.len()).then(|| format!("{path}, how many: {} — {}", left.len(), right.len()))
}

/// What stands beside the action of a step.
fn in_settings(path: &str, left: &Step, right: &Step) -> Option<String> {
    told(&format!("{path}.id"), &left.id, &right.id)
        .or_else(|| told(&format!("{path}.name"), &left.name, &right.name))
        .or_else(|| told(&format!("{path}.note"), &left.note, &right.note))
}

/// A difference in the steps inside two actions of the same shape.
fn inside(path: &str, left: &Action, right: &Action) -> Option<String> {
    let (sides, others) = (left.sides(), right.sides());
    for ((key, left), (other, right)) in sides.into_iter().zip(others) {
        if key != other {
            return None;
        }
        if let Some(found) = in_steps(&format!("{path}.{key}"), left, right) {
            return Some(found);
        }
    }
    let (Action::Branch(left), Action::Branch(right)) = (left, right) else { return None };
    let arms = left.arms.iter().zip(&right.arms).enumerate();
    let in_arms = arms.filter_map(|(place, (left, right))| {
        let path = format!("{path}.branch[{place}]");
        told(&format!("{path}.when"), &left.when, &right.when)
            .or_else(|| in_steps(&format!("{path}.steps"), &left.steps, &right.steps))
    });
    in_arms.into_iter().next().or_else(|| match (&left.otherwise, &right.otherwise) {
        (Otherwise::Steps(left), Otherwise::Steps(right)) => in_steps(&format!("{path}.branch.else"), left, right),
        _ => None,
    })
}

/// The sentence about two values that differ.
fn told<T: PartialEq + std::fmt::Debug>(path: &str, left: &T, right: &T) -> Option<String> {
    let shown = |value: &T| {
        let text = format!("{value:?}");
        let cut: String = text.chars().take(QUOTED).collect();
        if cut.len() < text.len() { format!("{cut}…") } else { cut }
    };
    (left != right).then(|| format!("{path}: {} — {}", shown(left), shown(right)))
}

/// The flow without what does not count.
fn bare(flow: &Flow) -> Flow {
    let mut flow = flow.clone();
    flow.file = FileId::default();
    if let Some(ContactChoice::Named(name)) = &mut flow.contact {
        blank(name);
    }
    blank_workspace(&mut flow.workspace);
    blank_trigger(&mut flow.trigger);
    blank_mocks(&mut flow.mocks);
    blank_steps(&mut flow.steps);
    flow
}

fn blank<T>(spanned: &mut Spanned<T>) {
    spanned.span = Span::default();
}

fn blank_all<'a, T: 'a>(list: impl IntoIterator<Item = &'a mut Spanned<T>>) {
    list.into_iter().for_each(blank);
}

fn blank_mocks(mocks: &mut [Mocks]) {
    blank_all(mocks.iter_mut().map(|mocks| &mut mocks.step));
}

fn blank_workspace(workspace: &mut Workspace) {
    blank_mocks(&mut workspace.mocks);
    for workflow in &mut workspace.workflows {
        workflow.span = Span::default();
    }
}

fn blank_conditions(conditions: &mut Conditions) {
    for condition in &mut conditions.list {
        condition.span = Span::default();
    }
}

fn blank_trigger(trigger: &mut Trigger) {
    if let Some(when) = &mut trigger.when {
        blank_conditions(when);
    }
    match &mut trigger.on {
        TriggerOn::Manual | TriggerOn::ConversationOpened { .. } | TriggerOn::ConversationClosed { .. } => {}
        TriggerOn::ContactTagUpdated { added, removed } => blank_all(added.iter_mut().chain(removed)),
        TriggerOn::ContactFieldUpdated { fields: names }
        | TriggerOn::ClickToChatAd { ads: names }
        | TriggerOn::LifecycleUpdated { to: names } => blank_all(names),
        TriggerOn::Shortcut { form, .. } => blank_all(form.iter_mut().map(|(name, _)| name)),
        TriggerOn::IncomingWebhook { payload, .. } => blank_all(payload.iter_mut().map(|(name, _)| name)),
    }
}

fn blank_steps(steps: &mut [Step]) {
    for step in steps {
        step.span = Span::default();
        if !step.named {
            step.id.clear();
        }
        blank_action(&mut step.action);
        step.action.lists_mut().into_iter().for_each(|steps| blank_steps(steps));
    }
}

/// Everything of an action but the steps inside it.
fn blank_action(action: &mut Action) {
    match action {
        Action::SendMessage(send) => {
            blank_all(&mut send.channel);
            blank_all(send.per_channel.iter_mut().map(|(channel, _)| channel));
        }
        Action::AskQuestion(ask) => {
            blank_all(ask.options.iter_mut().chain(&mut ask.save_as.field).chain(&mut ask.save_as.variable));
        }
        Action::AssignTo(assign) => {
            use super::model::AssignTarget::{Nobody, Team, User, Workspace};
            match &mut assign.to {
                User(name) | Team(name) => blank(name),
                Workspace | Nobody => {}
            }
        }
        Action::Branch(branch) => {
            for arm in &mut branch.arms {
                arm.span = Span::default();
                blank_conditions(&mut arm.when);
            }
        }
        Action::UpdateContactTag { add, remove } => blank_all(add.iter_mut().chain(remove)),
        Action::UpdateContactField { field, value } => {
            blank(field);
            blank_all(value);
        }
        Action::CloseConversation { category, .. } => blank_all(category),
        Action::JumpTo { step, .. } => blank(step),
        Action::TriggerWorkflow(trigger) => {
            blank_all(std::iter::once(&mut trigger.workflow).chain(&mut trigger.step));
            trigger.target = WorkflowTarget::Unresolved;
        }
        Action::HttpRequest(request) => {
            blank_all(
                request.save_response.iter_mut().map(|saved| &mut saved.variable).chain(&mut request.save_status),
            );
        }
        Action::RespondWithAi(ai) => {
            blank_all(ai.collect.iter_mut().map(|collect| &mut collect.variable));
        }
        Action::UpdateLifecycle(stage) => blank_all(stage),
        Action::OpenConversation
        | Action::AddComment { .. }
        | Action::Wait(_)
        | Action::DateTime(_)
        | Action::AddGoogleSheetsRow(_)
        | Action::Unknown(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::load_text;
    use super::*;

    fn flow(steps: &str) -> Flow {
        load_text("a.yaml", &format!("version: 1\nname: a\nsteps:\n{steps}")).flow.unwrap()
    }

    #[test]
    fn places_and_made_up_ids_do_not_count() {
        let left = flow(
            "- branch:\n    - else: [{ wait: 1h }]\n    - { when: { field: a, exists: true }, steps: [{ wait: 2h }] }\n",
        );
        let right = flow(
            "# far away\n- branch:\n    - { when: { field: a, exists: true }, steps: [{ wait: 2h }] }\n    - else:\n        - wait: 1 hour\n",
        );
        assert_eq!(differences(&left, &right), None);
    }

    #[test]
    fn the_first_difference_is_named_by_its_path() {
        let left = flow(
            "- ask_question:\n    text: a\n    type: text\n    failure_branch:\n      - wait: 1h\n      - send_message: No\n",
        );
        let right = flow(
            "- ask_question:\n    text: a\n    type: text\n    failure_branch:\n      - wait: 1h\n      - send_message: Yes\n",
        );
        let found = differences(&left, &right).unwrap();
        assert!(found.starts_with("steps[0].failure_branch[1].send_message: "), "{found}");
        let fewer = flow("- ask_question:\n    text: a\n    type: text\n    failure_branch:\n      - wait: 1h\n");
        assert_eq!(differences(&left, &fewer).unwrap(), "steps[0].failure_branch, how many: 2 — 1");
        let named = flow("- id: ask\n  ask_question: { text: a, type: text }\n");
        assert_eq!(differences(&left, &named).unwrap(), "steps[0].id: \"\" — \"ask\"");
        let absent = flow("- ask_question:\n    text: a\n    type: text\n");
        let empty = flow("- ask_question:\n    text: a\n    type: text\n    failure_branch: []\n");
        assert!(differences(&absent, &empty).unwrap().starts_with("steps[0].ask_question: "));
    }
}
