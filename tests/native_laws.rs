//! What holds for every file of the platform and for every flow that goes there and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

#[path = "support/generate.rs"]
#[allow(dead_code)] // The lines to play with are not needed here.
mod generate;
#[path = "support/native.rs"]
mod support;

use proptest::prelude::*;
use rehearsal::flow::compare::differences;
use rehearsal::flow::load::LoadOptions;
use rehearsal::flow::model::{Action, FailureBranches, HttpBody, Otherwise, Step, TriggerOn, WorkflowTarget};
use rehearsal::flow::{Flow, link, load};
use rehearsal::native::{self, Options, each_step};
use rehearsal::template::Template;
use serde_json::{Value, json};

/// A flow as far as the platform's schema can say it: what comes back from there is this.
fn canonical(mut flow: Flow) -> Flow {
    flow.respondio = None;
    flow.contact = None;
    flow.mocks.clear();
    // What a rehearsal starts with is our own.
    match &mut flow.trigger.on {
        TriggerOn::Shortcut { example, .. } => example.clear(),
        TriggerOn::IncomingWebhook { example, .. } => *example = None,
        _ => {}
    }
    flow.workspace = rehearsal::flow::Workspace::default();
    flow.description = flow.description.filter(|text| !text.is_empty());
    list(&mut flow.steps);
    let mut ids: Vec<(String, String)> = Vec::new();
    each_step(&mut flow.steps, &mut |step| {
        ids.push((std::mem::take(&mut step.id), format!("s{}", ids.len())));
        step.id.clone_from(&ids[ids.len() - 1].1);
        step.named = true;
        // A step without a name gets one there.
        step.name = None;
        step.note = None;
    });
    each_step(&mut flow.steps, &mut |step| {
        if let Action::TriggerWorkflow(trigger) = &mut step.action
            && matches!(trigger.target, WorkflowTarget::Flow(_))
        {
            // A file is called otherwise there; what counts is that it leads to a flow.
            trigger.workflow.value.clear();
            if let Some(step) = &mut trigger.step {
                step.value.clear();
            }
        }
        if let Action::JumpTo { step: target, .. } = &mut step.action {
            target.value = ids.iter().find(|(old, _)| *old == target.value).unwrap().1.clone();
        }
    });
    flow
}

/// Else arms become what stands below, empty side branches none, and a step that adds and removes tags becomes two.
fn list(steps: &mut Vec<Step>) {
    let mut index = 0;
    while index < steps.len() {
        let step = &mut steps[index];
        let mut below = Vec::new();
        let mut twin = None;
        match &mut step.action {
            Action::Branch(branch) => {
                branch.arms.iter_mut().for_each(|arm| {
                    arm.note = None;
                    list(&mut arm.steps);
                });
                if let Otherwise::Steps(steps) = &mut branch.otherwise {
                    below = std::mem::take(steps);
                    branch.otherwise = if below.is_empty() { Otherwise::Absent } else { Otherwise::Continue };
                }
                // Unnamed arms are numbered there.
                for (number, arm) in branch.arms.iter_mut().enumerate() {
                    arm.name.get_or_insert(format!("Branch {}", number + 1));
                }
            }
            Action::AskQuestion(ask) => {
                ask.exact = false;
                let (invalid, failed) = match &mut ask.failures {
                    FailureBranches::Joint(side) => (side.take(), None),
                    FailureBranches::Split { invalid, sending_failed } => (invalid.take(), sending_failed.take()),
                };
                let full = |side: Option<Vec<Step>>| side.filter(|side| !side.is_empty());
                let (mut invalid, mut failed) = (invalid, full(failed));
                invalid.iter_mut().chain(&mut failed).for_each(list);
                ask.timeout_branch.iter_mut().for_each(list);
                if ask.timeout == rehearsal::flow::model::limits::LONGEST_WAIT {
                    ask.timeout_branch = full(ask.timeout_branch.take());
                } else {
                    ask.timeout_branch.get_or_insert_default();
                }
                ask.failures = match (invalid, failed) {
                    (None, None) => FailureBranches::Joint(None),
                    (invalid, sending_failed) => FailureBranches::Split { invalid, sending_failed },
                };
            }
            Action::DateTime(look) => {
                look.failure_branch.iter_mut().for_each(list);
                look.failure_branch = look.failure_branch.take().filter(|side| !side.is_empty());
            }
            Action::SendMessage(send) => send.failure_branch.iter_mut().for_each(list),
            Action::UpdateContactTag { add, remove } if !add.is_empty() && !remove.is_empty() => {
                let removing = Action::UpdateContactTag { add: Vec::new(), remove: std::mem::take(remove) };
                twin = Some(Step { action: removing, ..step.clone() });
            }
            Action::AddComment { mentions, .. } => mentions.clear(),
            Action::AssignTo(assign) => {
                assign.timeout_branch.iter_mut().for_each(list);
                assign.timeout_branch = assign.timeout_branch.take().filter(|side| !side.is_empty());
            }
            Action::HttpRequest(request) => {
                request.failure_branch.iter_mut().for_each(list);
                // A mapping goes as the JSON text it is sent as.
                let text = |_| HttpBody::Text(Template::parse(""));
                request.body = request.body.take().map(text);
            }
            Action::RespondWithAi(ai) => {
                let sides =
                    [&mut ai.speak_to_human_branch, &mut ai.unable_branch, &mut ai.idle_branch, &mut ai.failure_branch];
                for side in sides {
                    side.iter_mut().for_each(list);
                    *side = side.take().filter(|side| !side.is_empty());
                }
            }
            _ => {}
        }
        let at = index + 1;
        steps.splice(at..at, twin.into_iter().chain(below));
        index += 1;
    }
    if let Some(Step { action: Action::Branch(branch), .. }) = steps.last_mut()
        && branch.otherwise == Otherwise::Continue
    {
        branch.otherwise = Otherwise::Absent;
    }
}

#[track_caller]
fn comes_back(flow: &Flow) {
    let exported = native::export(&flow.clone().into());
    let text = exported[0].text();
    // Read beside the workspace it was written with, which knows the types of the fields.
    let options = Options { workspace: Some(flow.workspace.clone()), ..Options::default() };
    let loaded = native::load_text("exported.json", &text, &options);
    let findings = rehearsal::diagnostic::human::render(&loaded.diagnostics, &loaded.sources, false);
    let Some(project) = loaded.project else { panic!("what is exported is taken back:\n{findings}\n{text}") };
    if let Some(difference) = differences(&canonical(flow.clone()), &canonical(project.flows[0].clone())) {
        panic!("{difference}\n{text}");
    }
}

/// Puts another value somewhere into a document.
fn spoil(value: &mut Value, choices: &mut impl Iterator<Item = u8>) {
    let choice = usize::from(choices.next().unwrap_or(0));
    let down = choices.next().unwrap_or(0) > 40;
    match value {
        Value::Array(items) if down && !items.is_empty() => {
            let index = choice % items.len();
            spoil(&mut items[index], choices);
        }
        Value::Object(members) if down && !members.is_empty() => {
            let index = choice % members.len();
            spoil(members.values_mut().nth(index).unwrap(), choices);
        }
        _ => {
            let odd = [
                json!(null),
                json!(""),
                json!("x"),
                json!(7),
                json!(-0.5),
                json!([]),
                json!({}),
                json!(true),
                json!("# y: 'z'\u{7}\u{202e}"),
            ];
            *value = odd[choice % odd.len()].clone();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn every_sound_document_is_taken_and_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let document = support::Documents::new(&bytes).document();
        let text = serde_json::to_string_pretty(&document).unwrap();
        if !support::hold(&text) {
            let loaded = native::load_text("generated.json", &text, &Options::default());
            let shown = rehearsal::diagnostic::human::render(&loaded.diagnostics, &loaded.sources, false);
            prop_assert!(false, "{}\n{}", shown, text);
        }
    }

    #[test]
    fn a_spoilt_document_is_refused_or_comes_back(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        spoils in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut document = support::Documents::new(&bytes).document();
        let mut choices = spoils.into_iter();
        for _ in 0..3 {
            spoil(&mut document, &mut choices);
        }
        support::hold(&document.to_string());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        support::hold(&text);
    }

    #[test]
    fn a_flow_comes_back_from_there(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
        let yaml = generate::Choices::new(&bytes).flow();
        comes_back(&load::load_text("generated.yaml", &yaml).flow.unwrap());
    }
}

#[test]
fn the_flows_that_come_along_go_there_and_back() {
    let mut count = 0;
    for entry in std::fs::read_dir("flows").unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("workspace.yaml") {
            continue;
        }
        let project = link::load_project(&path, &LoadOptions::default()).unwrap().project.unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (exported, number) in native::export(&project).iter().zip(0..) {
            std::fs::write(folder.path().join(format!("{number}.json")), exported.text()).unwrap();
        }
        let options = Options { workspace: Some(project.flows[0].workspace.clone()), ..Options::default() };
        let back = native::load(&[folder.path().to_owned()], &options).unwrap().project.unwrap();
        assert_eq!(project.flows.len(), back.flows.len());
        for flow in &project.flows {
            let same = back.flows.iter().find(|known| known.name == flow.name).expect("every flow comes back");
            if let Some(difference) = differences(&canonical(flow.clone()), &canonical(same.clone())) {
                panic!("{}: {difference}", path.display());
            }
            count += 1;
        }
    }
    assert!(count >= 19, "{count}");
}
