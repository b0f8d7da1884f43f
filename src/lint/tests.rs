//! Every rule's example trips exactly that rule.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{RULES, lint};
use crate::flow::load_text;

const HEAD: &str = "version: 1
name: Test
workspace:
  tags: [vip]
  contact_fields: [{ id: city, type: text }, { id: age, type: number }]
  lifecycle: [Customer]
  closing_categories: [Solved]
  users: [{ id: ana, name: Ana }]
  teams: { Sales: [ana] }
  channels: [{ id: wa, type: whatsapp }]
steps:
";

#[test]
fn every_example_trips_its_rule() {
    for rule in RULES {
        let mut loaded = load_text("test.yaml", &format!("{HEAD}{}\n", rule.example));
        assert!(loaded.flow.is_some(), "{}: {:?}", rule.id, loaded.diagnostics);
        lint(&mut loaded);
        let found: Vec<_> = loaded.diagnostics.iter().map(|finding| finding.id).collect();
        assert_eq!(found, [rule.id]);
    }
}

#[test]
fn rules_have_ids_of_their_own() {
    let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
}

#[test]
fn a_name_is_compared_with_the_time_of_its_step_or_arm() {
    let found = |steps: &str| {
        let mut loaded = load_text("test.yaml", &format!("{HEAD}{steps}\n"));
        lint(&mut loaded);
        loaded.diagnostics.iter().map(|finding| finding.id).collect::<Vec<_>>()
    };
    let ago = "when: { last_incoming_message_time: { is_less_than_ago: 10 minutes } }";
    for steps in [
        "- { name: Wait 23h, wait: 1 day }".to_owned(),
        "- { name: Ask for 4 hours, ask_question: { text: A, type: text, timeout_branch: { after: 1h } } }".to_owned(),
        "- { name: Sales in 2 days, assign_to: { team: Sales, timeout_branch: [] } }".to_owned(),
        format!("- branch: [{{ name: Wrote in the last 4 hours, {ago} }}]"),
    ] {
        assert_eq!(found(&steps), ["name-says-otherwise"], "{steps}");
    }
    for steps in [
        "- { name: Wait 24 hours, wait: 1 day }".to_owned(),
        "- { name: Step 4, wait: 1 day }".to_owned(),
        "- { name: Wait 1 hour of 2 hours, wait: 1 day }".to_owned(),
        "- { name: Offer for 3 days, send_message: Hi }".to_owned(),
        format!("- branch: [{{ name: Wrote in the last 10 min, {ago} }}]"),
    ] {
        assert_eq!(found(&steps), [] as [&str; 0], "{steps}");
    }
}

#[test]
fn ordinary_flows_bring_no_finding_of_the_whole() {
    for steps in [
        "- ask_question: { text: Name?, type: text, save_as: { variable: who } }\n- send_message: Hi $who and {{$who}}",
        "- wait: 23 hours\n- send_message: Still there?",
        "- wait: 2 days\n- send_message: { template: { name: again, body: Still there? } }",
        "- wait: 2 days\n- ask_question: { text: Still there?, type: text, sending_failed_branch: [{ add_comment: Closed }] }",
        "- ask_question: { text: May we?, type: multiple_choice, options: [Yes, No], save_as: { variable: may } }\n- branch: [{ when: { variable: may, is_equal_to: Yes } }]",
        "- send_message: { template: { name: welcome, body: \"Hi {{1}}\", parameters: [$contact.firstname] } }",
    ] {
        let mut loaded = load_text("test.yaml", &format!("{HEAD}{steps}\n"));
        lint(&mut loaded);
        assert!(loaded.diagnostics.is_empty(), "{steps}: {:?}", loaded.diagnostics);
    }
}

#[test]
fn a_text_after_a_day_without_an_answer_comes_too_late() {
    let bye = "steps: [{ send_message: Good bye }]";
    let template = "steps: [{ send_message: { template: { name: again, body: Still there? } } }]";
    let ask = |after: &str, steps: &str| {
        format!("- ask_question: {{ text: A, type: text, timeout_branch: {{ after: {after}, {steps} }} }}")
    };
    for (steps, late) in [
        (ask("1 day", bye), true),
        (ask("23 hours", bye), false),
        (ask("1 day", template), false),
        (format!("- wait: 20 hours\n{}", ask("4 hours", bye)), true),
        (
            format!("- respond_with_ai: {{ objective: answer_questions, idle_branch: {{ after: 2 days, {bye} }} }}"),
            true,
        ),
        (
            "- { id: again, wait: 10 hours }\n- jump_to: { step: again, max_jumps: 1 }\n- send_message: Hello?"
                .to_owned(),
            false,
        ),
        (
            "- { id: again, wait: 10 hours }\n- jump_to: { step: again, max_jumps: 2 }\n- send_message: Hello?"
                .to_owned(),
            true,
        ),
        (
            format!("- respond_with_ai: {{ objective: answer_questions, idle_branch: {{ after: 2 hours, {bye} }} }}"),
            false,
        ),
    ] {
        let mut loaded = load_text("test.yaml", &format!("{HEAD}{steps}\n"));
        assert!(loaded.flow.is_some(), "{steps}: {:?}", loaded.diagnostics);
        lint(&mut loaded);
        let found: Vec<_> = loaded.diagnostics.iter().map(|finding| finding.id).collect();
        assert_eq!(found, if late { vec!["text-after-window"] } else { vec![] }, "{steps}");
    }
}

#[test]
fn values_that_never_hold_say_what_would() {
    let head = HEAD.replace("{ id: age, type: number }", "{ id: age, type: number }, { id: may, type: checkbox }, { id: born, type: date }, { id: plan, type: list, options: [A, B] }");
    for (condition, help) in [
        ("{ field: may, is_equal_to: yes }", "`true` or `false`"),
        ("{ field: plan, is_equal_to: C }", "write an option"),
        ("{ field: age, is_equal_to: \"1,000\" }", "digits alone"),
        ("{ field: born, is_equal_to: 02/01/2026 }", "2026-12-31"),
        ("{ field: tags, is_equal_to: vip }", "has_any_of"),
    ] {
        let mut loaded = load_text("test.yaml", &format!("{head}- branch: [{{ when: {condition} }}]\n"));
        lint(&mut loaded);
        let [finding] = loaded.diagnostics.as_slice() else { panic!("{condition}: {:?}", loaded.diagnostics) };
        assert!(finding.help.as_ref().unwrap().contains(help), "{condition}: {finding:?}");
    }
}
