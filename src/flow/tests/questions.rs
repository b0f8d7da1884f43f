//! Questions: R6–R24 as a file can break them.

use super::super::model::{Action, AskQuestion, FailureBranches, limits};
use super::{clean_steps, step_findings, with_steps};
use insta::assert_snapshot;
use std::time::Duration;

fn question(settings: &str) -> AskQuestion {
    let flow = clean_steps(&format!("  - ask_question: {{ text: Which?, {settings} }}"));
    let Action::AskQuestion(question) = &flow.steps[0].action else { panic!() };
    (**question).clone()
}

fn wrong(settings: &str) -> String {
    step_findings(&format!("- ask_question: {{ text: Which?, {settings} }}"))
}

#[test]
fn r04_an_unknown_type_is_refused_with_what_was_meant() {
    assert_snapshot!(wrong("type: multiple_choise, options: [A]"), @"error unknown-word 1:39 multiple_choise");
}

#[test]
fn r06_more_than_ten_options_is_refused() {
    let ten = "type: multiple_choice, options: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    assert_eq!(question(ten).options.len(), 10);
    assert_snapshot!(wrong("type: multiple_choice, options: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]"), @"error too-many-options 1:97 11");
}

#[test]
fn r06_a_multiple_choice_without_options_is_refused() {
    assert_snapshot!(wrong("type: multiple_choice"), @"error no-options 1:3 ask_question");
    assert_snapshot!(wrong("type: multiple_choice, options: []"), @"error no-options 1:65 []");
    assert_snapshot!(wrong("type: text, options: [A]"), @"error setting-misfit 1:45 options");
}

#[test]
fn r06_blank_and_repeated_options_are_refused() {
    assert_snapshot!(wrong("type: multiple_choice, options: [Yes, ' ', ' yes', ~]"), @"
    error blank-option 1:71 ' '
    error repeated-option 1:76 ' yes'
    error missing-text 1:84 ~
    ");
}

#[test]
fn r07_option_longer_than_20_is_refused() {
    // User-perceived characters: a family is one.
    let families = "👨‍👩‍👧‍👦".repeat(20);
    assert_eq!(question(&format!("type: multiple_choice, options: [{families}]")).options.len(), 1);
    assert_snapshot!(wrong("type: multiple_choice, options: [123456789012345678901]"), @"error option-too-long 1:66 123456789012345678901");
}

#[test]
fn r09_min_above_max_is_refused() {
    let both = question("type: number, min: 1, max: 1.50");
    assert_eq!((both.min.unwrap().to_string(), both.max.unwrap().to_string()), ("1".into(), "1.50".into()));
    assert_snapshot!(wrong("type: number, min: 5, max: 4"), @"error min-above-max 1:52 5");
    assert_snapshot!(wrong("type: number, min: a lot, max: 1e3"), @"
    error not-a-number 1:52 a lot
    error not-a-number 1:64 1e3
    ");
    assert_snapshot!(wrong("type: text, min: 5"), @"error setting-misfit 1:45 min");
}

#[test]
fn r10_date_formats_belong_to_dates() {
    assert_eq!(question("type: date").date_formats.len(), 1);
    assert_eq!(question("type: date, date_formats: [MM/DD/YYYY, yyyy-mm-dd]").date_formats.len(), 2);
    assert_snapshot!(wrong("type: date, date_formats: [dd/mm/yyyy]"), @"error unknown-word 1:60 dd/mm/yyyy");
    assert_snapshot!(wrong("type: text, date_formats: mm/dd/yyyy"), @"error setting-misfit 1:45 date_formats");
    assert_snapshot!(wrong("type: date, date_formats: []"), @"error empty-list 1:59 []");
}

#[test]
fn matching_is_relaxed_unless_said_otherwise() {
    assert!(!question("type: multiple_choice, options: [A]").exact);
    assert!(question("type: multiple_choice, options: A, match: exact").exact);
    assert_snapshot!(wrong("type: multiple_choice, options: [A], match: strict"), @"error unknown-word 1:77 strict");
    assert_snapshot!(wrong("type: text, match: exact"), @"error setting-misfit 1:45 match");
}

#[test]
fn r16_an_answer_can_be_saved_in_three_ways_at_once() {
    let saved =
        question("type: multiple_choice, options: [A], save_as: { field: city, variable: v, tag: true }").save_as;
    assert_eq!(saved.field.unwrap().value, "city");
    assert_eq!(saved.variable.unwrap().value, "v");
    assert!(saved.tag);
}

#[test]
fn r17_tag_only_on_multiple_choice() {
    assert_snapshot!(wrong("type: text, save_as: { tag: true }"), @"error tag-misfit 1:56 tag");
    assert_eq!(wrong("type: text, save_as: { tag: false }"), "");
}

#[test]
fn r19_a_variable_has_a_name_that_texts_can_use() {
    assert_snapshot!(wrong("type: text, save_as: { variable: $topic }"), @"error bad-name 1:66 $topic");
    assert_snapshot!(wrong("type: text, save_as: { variable: my topic, field: $contact.city }"), @"
    error bad-name 1:66 my topic
    error bad-name 1:83 $contact.city
    ");
}

#[test]
fn r23_timeout_over_seven_days_is_refused() {
    assert_eq!(question("type: text, timeout_branch: { after: 7 days }").timeout, limits::LONGEST_WAIT);
    assert_snapshot!(wrong("type: text, timeout_branch: { after: 7 days 1 second }"), @"error duration-too-long 1:70 7 days 1 second");
    assert_snapshot!(wrong("type: text, timeout_branch: { after: 0 days }"), @"error zero-duration 1:70 0 days");
    assert_snapshot!(wrong("type: text, timeout_branch: { after: 10 }"), @"error bad-duration 1:70 10");
}

#[test]
fn r24_default_timeout_is_seven_days() {
    let week = Duration::from_hours(7 * 24);
    assert_eq!(question("type: text").timeout, week);
    let branch = question("type: text, timeout_branch: [open_conversation]");
    assert_eq!((branch.timeout, branch.timeout_branch.unwrap().len()), (week, 1));
}

#[test]
fn r26_r29_side_branches_may_be_empty() {
    let empty = question("type: text, timeout_branch: , failure_branch: []");
    assert_eq!(empty.timeout_branch, Some(Vec::new()));
    assert_eq!(empty.failures, FailureBranches::Joint(Some(Vec::new())));
    assert_eq!(question("type: text, timeout_branch: { after: 4h }").timeout_branch, Some(Vec::new()));
    assert_eq!(question("type: text").failures, FailureBranches::Joint(None));
}

#[test]
fn one_step_may_stand_alone_in_a_side_branch() {
    let one = question("type: text, failure_branch: { send_message: Hm }, timeout_branch: close_conversation");
    assert_eq!(one.failures.invalid().unwrap().len(), 1);
    assert_eq!(one.timeout_branch.unwrap().len(), 1);
}

#[test]
fn r27_both_failure_styles_in_one_question_are_refused() {
    let split = question("type: text, invalid_branch: [open_conversation]");
    assert!(split.failures.invalid().is_some() && split.failures.sending_failed().is_none());
    assert_snapshot!(
        wrong("type: text, failure_branch: [], sending_failed_branch: []"),
        @"error both-failure-styles 1:65 sending_failed_branch"
    );
}

#[test]
fn steps_of_side_branches_are_numbered_in_file_order() {
    let flow = clean_steps(
        "- ask_question:
    failure_branch: [send_message: second]
    timeout_branch: [add_comment: third]
    text: first
    type: text
- send_message: fourth",
    );
    let Action::AskQuestion(question) = &flow.steps[0].action else { panic!() };
    assert_eq!(question.failures.invalid().unwrap()[0].id, "step_2");
    assert_eq!(question.timeout_branch.as_ref().unwrap()[0].id, "step_3");
    assert_eq!(flow.steps[1].id, "step_4");
}

#[test]
fn one_option_cut_in_two_is_a_warning() {
    let warns = |options: &str| wrong(&format!("type: multiple_choice, options: {options}"));
    assert_snapshot!(warns("[Yes, I agree]"), @"warning split-option 1:66 Yes, I agree");
    assert_snapshot!(warns("[No, thanks, Maybe]"), @"warning split-option 1:66 No, thanks");
    for options in
        ["[\"Yes, I agree\", No]", "[Sales, Support, Other things]", "[a, b]", "[iPhone, Android]", "[Yes, \"i do\"]"]
    {
        assert_eq!(warns(options), "", "{options}");
    }
    assert_eq!(
        step_findings("- ask_question:\n    text: A\n    type: multiple_choice\n    options:\n    - Yes\n    - no way"),
        ""
    );
}

#[test]
fn an_answer_its_field_cannot_hold_is_a_warning() {
    assert_snapshot!(wrong("type: email, save_as: { field: age }"), @"warning answer-does-not-fit-field 1:64 age");
    assert_eq!(wrong("type: rating, save_as: { field: age }"), "");
    assert_eq!(wrong("type: email, save_as: { field: city }"), "");
    assert_eq!(wrong("type: phone, save_as: { field: phone }"), "");
}

#[test]
fn what_a_question_needs_is_told_at_once() {
    assert_snapshot!(step_findings("- ask_question: { option: [A] }\n- ask_question: Your name?\n- ask_question:"), @"
    error missing-key 1:3 ask_question
    error missing-key 1:3 ask_question
    error unknown-key 1:19 option
    error wrong-type 2:17 Your name?
    error missing-settings 3:3 ask_question
    ");
    assert!(with_steps("").contains("steps:"));
}
