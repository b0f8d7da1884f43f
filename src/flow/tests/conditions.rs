//! Conditions: subjects, operators, values, joiners.

use super::super::condition::{Joiner, Operand};
use super::super::model::Action;
use super::{clean_steps, rendered, step_findings, with_steps};
use insta::assert_snapshot;

fn wrong(when: &str) -> String {
    step_findings(&format!("- branch: {{ when: {when} }}"))
}

#[test]
fn every_operator_fits_somewhere() {
    for when in [
        "{ variable: v, is_equal_to: A }",
        "{ variable: v, is_not_equal_to: A }",
        "{ variable: v, contains: \"OK\" }",
        "{ variable: v, is_between: [1, 10] }",
        "{ variable: v, is_before: 2026-01-05 }",
        "{ field: nowhere, is_after: 2026-01-05 }",
        "{ field: firstname, starts_with: A }",
        "{ field: age, is_greater_than: $v }",
        "{ field: born, is_between: [2026-01-05, 2026-02-05] }",
        "{ tags: { has_all_of: [a, b] } }",
        "{ tags: { has_none_of: a } }",
        "{ last_incoming_message: { does_not_contain: OK } }",
        "{ last_incoming_message: { is_equal_to: \" \" } }",
        "{ last_incoming_message_time: { is_less_than_ago: 10 minutes } }",
        "{ last_incoming_message_time: { is_more_than_ago: 30 days } }",
        "{ last_interacted_channel: { is_equal_to: wa } }",
        "{ last_interacted_channel: { is_not_equal_to: telegram } }",
        "{ assignee_status: { is_equal_to: online } }",
        "{ conversation_status: { is_equal_to: closed } }",
        "{ lifecycle: { does_not_exist: true } }",
        "{ any: [{ variable: v, exists: true }, { tags: { exists: true } }] }",
    ] {
        // `nowhere` is not declared: that is the only warning here.
        let found = wrong(when);
        assert!(found.is_empty() || found.starts_with("warning unknown-field"), "{when}: {found}");
    }
}

#[test]
fn joiners_and_spans_are_kept() {
    let flow =
        clean_steps("- branch: { when: { any: { last_incoming_message_time: { is_less_than_ago: 1 day 12h } } } }");
    let Action::Branch(branch) = &flow.steps[0].action else { panic!() };
    let when = &branch.arms[0].when;
    assert_eq!((when.joiner, when.list.len()), (Joiner::Any, 1));
    assert_eq!(when.list[0].operand, Operand::Ago(std::time::Duration::from_hours(36)));
}

#[test]
fn an_operator_must_fit_its_subject() {
    assert_snapshot!(wrong("{ field: age, contains: A }"), @"error operator-misfit 1:33 contains");
    assert_snapshot!(wrong("{ field: city, is_greater_than: 1 }"), @"error operator-misfit 1:34 is_greater_than");
    assert_snapshot!(wrong("{ field: email, is_between: [1, 2] }"), @"error operator-misfit 1:35 is_between");
    assert_snapshot!(wrong("{ tags: { contains: vip } }"), @"error operator-misfit 1:29 contains");
    assert_snapshot!(wrong("{ lifecycle: { has_any_of: [A] } }"), @"error operator-misfit 1:34 has_any_of");
    assert_snapshot!(rendered(&with_steps("- branch: { when: { last_incoming_message_time: { contains: OK } } }")), @"
    error[operator-misfit]: `contains` does not fit `last_incoming_message_time`
     --> test.yaml:7:51
      |
    7 | - branch: { when: { last_incoming_message_time: { contains: OK } } }
      |                                                   ^^^^^^^^
      |
      = help: these do: `is_less_than_ago`, `is_more_than_ago`, `is_before`, `is_after`, `exists`, `does_not_exist`
    ");
}

#[test]
fn exists_takes_only_true() {
    assert_snapshot!(rendered(&with_steps("- branch: { when: { variable: v, exists: false } }")), @"
    error[exists-false]: `exists: false` is not how the opposite is asked
     --> test.yaml:7:42
      |
    7 | - branch: { when: { variable: v, exists: false } }
      |                                          ^^^^^
      |
      = help: write `does_not_exist: true`
    ");
    assert_snapshot!(wrong("{ tags: { does_not_exist: no } }"), @"error wrong-type 1:45 no");
}

#[test]
fn a_condition_has_one_subject_and_one_operator() {
    assert_snapshot!(wrong("{ variable: v }"), @"error missing-operator 1:21 variable");
    assert_snapshot!(wrong("{ is_equal_to: v }"), @"error missing-subject 1:13 when");
    assert_snapshot!(wrong("{ varable: v, is_equal_to: a }"), @"error unknown-subject 1:21 varable");
    assert_snapshot!(wrong("{ variable: v, field: w, is_equal_to: a }"), @"error several-subjects 1:34 field");
    assert_snapshot!(wrong("{ variable: v, contains: b, is_equal_to: a }"), @"error several-operators 1:47 is_equal_to");
    assert_snapshot!(wrong("{ variable: v, equals: a }"), @"error unknown-operator 1:34 equals");
    assert_snapshot!(wrong("{ tags: vip }"), @"error wrong-type 1:27 vip");
}

#[test]
fn values_are_checked() {
    assert_snapshot!(wrong("{ assignee_status: { is_equal_to: onlin } }"), @"error unknown-word 1:53 onlin");
    assert_snapshot!(wrong("{ conversation_status: { is_equal_to: snoozed } }"), @"error unknown-word 1:57 snoozed");
    assert_snapshot!(wrong("{ variable: v, is_between: [1] }"), @"error needs-two-values 1:46 [1]");
    assert_snapshot!(wrong("{ variable: v, is_equal_to: }"), @"error missing-text 1:34 is_equal_to");
    assert_snapshot!(wrong("{ tags: { has_any_of: [] } }"), @"error missing-text 1:41 []");
    assert_snapshot!(wrong("{ variable: v, is_greater_than: ten }"), @"warning unusable-value 1:51 ten");
    assert_snapshot!(wrong("{ last_interacted_channel: { is_equal_to: wab } }"), @"warning unknown-channel-value 1:61 wab");
}

#[test]
fn joiners_do_not_nest_and_hold_one_to_ten() {
    assert_snapshot!(wrong("{ all: [{ any: [{ variable: v, exists: true }] }] }"), @"error nested-conditions 1:29 any");
    assert_snapshot!(wrong("{ all: [], any: [] }"), @"
    error no-conditions 1:26 []
    error several-joiners 1:30 any
    ");
    assert_snapshot!(wrong("[{ variable: v, exists: true }]"), @"error wrong-type 1:19 [{ variable: v, exists: true }]");
    let eleven = ["{ variable: v, exists: true }"; 11].join(", ");
    assert!(wrong(&format!("{{ all: [{eleven}] }}")).starts_with("error too-many-conditions"));
}
