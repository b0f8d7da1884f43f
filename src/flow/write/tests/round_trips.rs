//! Whatever a flow holds, it comes back.

use proptest::prelude::*;

use super::super::flow;
use super::super::{WorkspaceRef, workspace};
use super::{model, round_trip, texts};
use crate::flow::compare::workspace_differences;
use crate::flow::model::{Action, Content, Flow};
use crate::flow::{load_text, load_workspace};
use crate::lint::lint;
use crate::template::Template;

/// A flow that sends this text, asks with it and compares with it.
fn saying(text: &str) -> Flow {
    let mut flow = load_text("a.yaml", "version: 1\nname: a\nsteps:\n- send_message: a\n").flow.unwrap();
    let Some(Action::SendMessage(send)) = flow.steps.first_mut().map(|step| &mut step.action) else { unreachable!() };
    send.content = Content::Text(Template::parse(text));
    text.clone_into(&mut flow.name);
    flow.description = Some(text.to_owned());
    flow.workspace.tags = Some(vec![text.to_owned()]);
    flow.workspace.lifecycle = Some(vec!["short".to_owned(), text.to_owned()]);
    flow.workspace.teams = Some(vec![(text.to_owned(), vec![text.to_owned()])]);
    flow
}

#[test]
fn every_trap_survives_alone_and_around_words() {
    for trap in texts::TRAPS.iter().filter(|trap| !trap.trim().is_empty()) {
        round_trip(&saying(trap));
    }
    for trap in texts::TRAPS {
        for text in [
            format!("a{trap}"),
            format!("{trap}a"),
            format!("a{trap}b"),
            format!("a {trap} b"),
            format!("a\n{trap}b\nc"),
            format!("a\nb{trap}"),
            format!("a{trap}\nb\n"),
            format!("a\n{trap}\n\n"),
        ] {
            round_trip(&saying(&text));
        }
    }
}

#[test]
fn a_key_longer_than_yaml_likes_survives() {
    round_trip(&saying(&"long ".repeat(400)));
    round_trip(&saying(&"é: ".repeat(400)));
}

#[test]
fn as_many_steps_as_a_flow_may_have_come_back_nested_in_one_another() {
    let mut steps = String::from("[{wait: 1h}]");
    for place in 0..99 {
        steps = match place % 3 {
            0 => format!("[{{ask_question: {{text: a, type: text, timeout_branch: {{after: 1h, steps: {steps}}}}}}}]"),
            1 => format!("[{{branch: [{{when: {{field: a, exists: true}}, steps: {steps}}}]}}]"),
            _ => format!("[{{send_message: {{text: a, failure_branch: {steps}}}}}]"),
        };
    }
    let loaded = load_text("a.yaml", &format!("version: 1\nname: a\nsteps: {steps}\n"));
    round_trip(&loaded.flow.unwrap());
}

/// Another reader, which guesses types, takes every text for a text.
fn typed(text: &str) {
    let yaml = flow(&saying(text), WorkspaceRef::Inline);
    let typed: serde_json::Value = serde_yaml::from_str(&yaml).unwrap();
    for place in ["/name", "/description", "/workspace/tags/0", "/workspace/lifecycle/1", "/steps/0/send_message"] {
        assert_eq!(typed.pointer(place).and_then(serde_json::Value::as_str), Some(text), "{place}\n{yaml}");
    }
    assert!(typed.pointer("/workspace/teams").and_then(|teams| teams.get(text)).is_some(), "{yaml}");
}

#[test]
fn a_reader_that_guesses_types_takes_every_text_for_a_text() {
    for text in texts::TRAPS.iter().filter(|trap| !trap.trim().is_empty()) {
        typed(text);
        typed(&format!("-{text}"));
        typed(&format!("{text}5"));
    }
}

#[test]
fn hours_name_their_zone_unless_a_reader_would_find_the_same() {
    let text = "version: 1\nname: a\nworkspace: { timezone: Asia/Amman }\nsteps:\n- date_time: { business_hours: { mon: 09:00-17:00 } }\n";
    let original = load_text("a.yaml", text).flow.unwrap();
    assert!(!round_trip(&original).contains("        timezone:"));
    let alone = flow(&original, WorkspaceRef::None);
    let back = load_text("a.yaml", &alone).flow.unwrap();
    assert_eq!(back.steps[0].action, original.steps[0].action, "{alone}");
    assert!(!flow(&original, WorkspaceRef::Path("workspace.yaml")).contains("timezone"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_flow_survives(flow in model::flow()) {
        round_trip(&flow);
    }

    #[test]
    fn any_text_survives(text in texts::text()) {
        round_trip(&saying(&text));
        typed(&text);
    }

    /// No text is written so that a reader doubts it.
    #[test]
    fn written_options_are_never_taken_for_one_that_was_split(flow in model::flow()) {
        let mut loaded = load_text("a.yaml", &super::super::flow(&flow, WorkspaceRef::Inline));
        lint(&mut loaded);
        prop_assert!(loaded.diagnostics.iter().all(|finding| finding.id != "split-option"));
    }

    #[test]
    fn a_workspace_of_its_own_reads_as_the_one_inside_a_flow(original in model::flow()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("workspace.yaml");
        std::fs::write(&path, workspace(&original.workspace)).unwrap();
        let read = load_workspace(&path).unwrap();
        prop_assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        let read = read.value.unwrap();
        prop_assert_eq!(workspace_differences(&original.workspace, &read), None);
        prop_assert_eq!(workspace(&read), workspace(&original.workspace));
    }
}
