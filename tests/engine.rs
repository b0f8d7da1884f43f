//! The rules of semantics.md that are no requirement of the help page: time, channels, runs, conditions, undo.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

#[path = "support/play.rs"]
mod play;

use std::fmt::Write as _;

use play::Play;
use serde_json::json;

#[test]
fn exit_conditions_end_a_run_but_an_answer_does_not() {
    let flow = |stop_on: &str| {
        format!(
            "version: 1\nname: T\nsettings: {{ stop_on: {stop_on} }}\nsteps:\n  - ask_question: {{ text: Q, type: number }}\n  - wait: 1 day\n"
        )
    };
    let mut play = Play::file(&flow("incoming_message"));
    play.lines(&["no number", "5"]);
    assert_eq!(play.ended(), json!(null));
    play.line("are you there?");
    assert_eq!(play.ended(), "exit_condition");
    assert_eq!(play.last("workflow_ended")["detail"], "incoming_message");
    assert_eq!(play.count("timer_cancelled"), 2);

    let mut play = Play::file(&flow("[agent_message]"));
    play.line("/agent I take over");
    assert_eq!(play.last("workflow_ended")["detail"], "agent_message");
}

#[test]
fn a_wait_is_not_cut_short_by_a_message() {
    let mut play = Play::steps(
        "
        - wait: 4 hours
        - branch:
            - name: Replied
              when: { last_incoming_message_time: { is_less_than_ago: 4 hours } }
              steps: [{ send_message: Thanks for writing }]
            - else: [{ send_message: Still there? }]
    ",
    );
    play.lines(&["/forward 1 hour", "hi"]);
    assert_eq!(play.state()["waiting"]["kind"], "wait");
    play.line("/next");
    assert_eq!(play.said(), ["Thanks for writing"]);
}

#[test]
fn less_and_more_ago_are_strict_and_need_somebody_who_wrote() {
    let branch = "
        - wait: 4 hours
        - branch:
            - { name: less, when: { last_incoming_message_time: { is_less_than_ago: 4 hours } } }
            - { name: more, when: { last_incoming_message_time: { is_more_than_ago: 4 hours } } }
    ";
    // The contact has just written at the start: after four hours neither holds.
    let mut play = Play::steps(branch);
    play.line("/next");
    assert_eq!(play.last("branch_taken")["arm"], "else");
    let mut never = Play::file(&format!(
        "version: 1\nname: T\ncontact: {{ firstname: Ana, last_incoming: never }}\nsteps:\n{branch}"
    ));
    never.line("/forward 9 hours");
    let taken = never.last("branch_taken");
    assert_eq!(taken["arm"], "else");
    assert_eq!(taken["why"][0]["conditions"][0]["actual"], json!(null));
}

#[test]
fn on_something_unset_only_the_negative_operators_hold() {
    for (condition, holds) in [
        ("{ variable: x, does_not_exist: true }", true),
        ("{ variable: x, is_not_equal_to: a }", true),
        ("{ variable: x, does_not_contain: a }", true),
        ("{ tags: { has_none_of: [a] } }", true),
        ("{ variable: x, exists: true }", false),
        ("{ variable: x, starts_with: a }", false),
        ("{ variable: x, is_less_than: 5 }", false),
        ("{ variable: x, is_before: 2030-01-01 }", false),
        ("{ tags: { has_all_of: [a] } }", false),
        ("{ lifecycle: { exists: true } }", false),
    ] {
        let play = Play::steps(&format!("- branch: [{{ name: held, when: {condition} }}]"));
        assert_eq!(play.last("branch_taken")["arm"] == "held", holds, "{condition}");
    }
}

#[test]
fn comparisons_look_at_numbers_as_numbers_and_texts_letter_for_letter() {
    for (value, condition, holds) in [
        ("1.50", "is_equal_to: 1.5", true),
        ("sales", "is_equal_to: Sales", false),
        ("Sales", "is_equal_to: Sales", true),
        ("10", "is_greater_than: 9", true),
        ("abc", "is_greater_than: 9", false),
        ("5", "is_between: [5, 5]", true),
        ("2026-02-01", "is_between: [2026-01-01, 2026-02-01]", true),
        ("2026-02-01", "is_after: 2026-01-31", true),
        ("2026-02-01", "is_before: 2026-02-01", false),
        ("hello world", "starts_with: hello", true),
        ("hello world", "ends_with: world", true),
        ("hello", "is_equal_to: $contact.firstname", false),
        ("Sam", "is_equal_to: $contact.firstname", true),
    ] {
        let mut play = Play::steps(&format!(
            "
            - ask_question: {{ text: Q, type: text, save_as: {{ variable: x }} }}
            - branch: [{{ name: held, when: {{ variable: x, {condition} }} }}]
        "
        ));
        play.line(value);
        assert_eq!(play.last("branch_taken")["arm"] == "held", holds, "{value} {condition}");
    }
}

#[test]
fn the_raw_message_is_compared_blanks_included() {
    let steps = "
        - ask_question: { text: Q, type: text }
        - branch: [{ name: held, when: { last_incoming_message: { contains: \"OK \" } } }]
    ";
    for (message, holds) in [("OK ", true), ("OK", false)] {
        let mut play = Play::steps(steps);
        play.line(message);
        assert_eq!(play.last("branch_taken")["arm"] == "held", holds, "{message:?}");
    }
}

#[test]
fn a_workspace_may_ignore_case() {
    let mut play = Play::file(
        "
version: 1
name: T
workspace: { version: 1, compare: ignore_case, channels: [{ id: web, type: web_chat }] }
steps:
  - ask_question: { text: Q, type: text, save_as: { variable: x } }
  - branch: [{ name: held, when: { variable: x, is_equal_to: SALES } }]
",
    );
    play.line("sales");
    assert_eq!(play.last("branch_taken")["arm"], "held");
}

#[test]
fn the_else_arm_is_tried_last_wherever_it_stands() {
    let play = Play::steps(
        "
        - branch:
            - else: [{ send_message: else }]
            - name: named
              when: { field: firstname, exists: true }
              steps: [{ send_message: named }]
    ",
    );
    assert_eq!(play.said(), ["named"]);
}

#[test]
fn else_continue_goes_on_below_the_branch() {
    let play = Play::steps(
        "
        - branch:
            - { when: { field: email, exists: true }, steps: [{ send_message: known }] }
            - else: continue
        - send_message: below
    ",
    );
    assert_eq!(play.said(), ["below"]);
    assert_eq!(play.last("branch_taken")["arm"], "else");
}

#[test]
fn a_loop_without_a_wait_is_stopped_and_named() {
    // Six jump steps of ten jumps each, nested: more steps than the budget.
    let mut steps = String::from("- id: a\n  update_contact_tag: { add: [x] }\n");
    for number in 0..60 {
        let _ = writeln!(steps, "- id: j{number}\n  jump_to: a");
    }
    let play = Play::steps(&steps);
    assert_eq!(play.ended(), "loop_detected");
    let detail = play.last("workflow_ended")["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("a → ") || detail.contains(" → a"), "{detail}");
    assert_eq!(play.state()["steps_run"], 10_000);
}

#[test]
fn cutting_the_last_channel_falls_back_to_the_one_used_before() {
    let mut play = Play::whatsapp(
        "
        - ask_question: { text: One?, type: text }
        - ask_question: { text: Two?, type: text }
        - send_message: { text: Fixed, channel: wa, failure_branch: [{ add_comment: lacking }] }
    ",
    );
    play.lines(&["/channel sms", "/disconnect wa", "hello"]);
    assert_eq!(play.last("question_asked")["channel"], "sms");
    play.lines(&["/disconnect sms", "again"]);
    assert_eq!(play.last("sending_failed")["cause"], "no_channel");
    assert_eq!(play.last("sending_failed")["channel"], "wa");
    assert_eq!(play.last("comment_added")["text"], "lacking");
}

#[test]
fn options_are_shown_as_the_channel_can() {
    let question = "- ask_question: { text: Q, type: multiple_choice, options: [A, B, C, D] }";
    assert_eq!(Play::whatsapp(question).last("question_asked")["shown_as"], "list");
    assert_eq!(Play::steps(question).last("question_asked")["shown_as"], "quick_replies");
    assert_eq!(Play::steps("- ask_question: { text: Q, type: rating }").last("question_asked")["shown_as"], "stars");
}

#[test]
fn a_text_longer_than_the_channel_takes_is_not_sent() {
    let long = "é".repeat(1_700);
    let mut play = Play::whatsapp(&format!(
        "
        - ask_question: {{ text: Q, type: text }}
        - send_message: {{ text: {long}, failure_branch: [] }}
    "
    ));
    play.lines(&["/channel sms", "hello"]);
    assert_eq!(play.last("sending_failed")["cause"], "text_too_long");
    assert_eq!(play.ended(), "sending_failed");
}

#[test]
fn a_template_with_an_unset_parameter_is_not_sent() {
    let play = Play::whatsapp(
        "
        - send_message: { template: { name: t, language: en, body: \"Hi {{1}}\", parameters: [$nothing] } }
    ",
    );
    assert_eq!(play.last("sending_failed")["cause"], "template_missing_parameter");
}

#[test]
fn a_message_opens_a_closed_conversation_and_starts_a_workflow_that_waits_for_that() {
    let mut play = Play::file(
        "
version: 1
name: T
trigger: conversation_opened
steps:
  - ask_question: { text: Q, type: text, save_as: { variable: x } }
  - close_conversation
",
    );
    play.line("one");
    assert_eq!(play.ended(), "completed");
    assert_eq!(play.state()["variables"]["x"], "one");
    play.new_events();
    play.line("two");
    assert_eq!(
        play.new_names(),
        ["contact_message", "conversation_opened", "workflow_started", "question_asked", "timer_set"]
    );
    assert_eq!(play.state()["variables"], json!({}), "variables live for the run");
}

#[test]
fn answering_a_pending_question_opens_the_conversation_and_starts_nothing_else() {
    let mut play = Play::file(
        "
version: 1
name: T
trigger: conversation_opened
steps:
  - ask_question: { text: Q, type: text }
",
    );
    play.lines(&["/close", "hello"]);
    assert_eq!(play.count("workflow_started"), 1);
    assert_eq!(play.state()["conversation"], "open");
}

#[test]
fn a_trigger_looks_at_its_source_and_conditions() {
    let flow = |trigger: &str| {
        format!("version: 1\nname: T\ntrigger: {{ conversation_opened: {trigger} }}\nsteps:\n  - send_message: Hi\n")
    };
    assert_eq!(Play::file(&flow("{ source: [contact] }")).said(), ["Hi"]);
    let mut play = Play::file(&flow("{ source: user }"));
    assert_eq!((play.said().len(), play.count("notice")), (0, 1));
    play.lines(&["/close", "/agent Hello"]);
    assert_eq!(play.said(), ["Hi"]);
    assert!(Play::file(&flow("{ when: { field: email, exists: true } }")).said().is_empty());
}

#[test]
fn business_hours_run_past_midnight_and_end_before_their_end() {
    let inside = |hours: &str, forward: &str| {
        let mut play = Play::steps(&format!(
            "
            - wait: {forward}
            - date_time: {{ business_hours: {{ timezone: UTC, {hours} }} }}
        "
        ));
        play.line("/next");
        play.last("date_time_checked")["inside"].as_bool().unwrap()
    };
    // It is Monday, nine o'clock.
    assert!(inside("mon: 10:00-17:00", "1 hour"));
    assert!(inside("mon: [09:00-13:00, 14:00-18:00]", "5 hours"));
    assert!(!inside("mon: [09:00-13:00, 14:00-18:00]", "4 hours"));
    assert!(!inside("mon: 10:00-17:00", "8 hours"));
    assert!(inside("mon: 22:00-06:00", "20 hours"));
    assert!(!inside("mon: 22:00-06:00", "21 hours"));
    assert!(!inside("tue: 22:00-06:00", "20 hours"));
    assert!(inside("mon-wed: 08:00-12:00", "1 day"));
}

#[test]
fn outside_its_hours_a_date_time_without_a_branch_ends_the_workflow() {
    let mut play = Play::steps(
        "
        - date_time: { range: { from: 2027-01-01T00:00, to: 2027-02-01T00:00, timezone: UTC } }
        - send_message: never
    ",
    );
    assert_eq!(play.ended(), "outside_hours");
    assert_eq!(play.new_names(), ["workflow_started", "date_time_checked", "workflow_ended"]);
}

#[test]
fn undo_takes_back_a_whole_forward_and_redo_repeats_its_events() {
    let mut play = Play::steps(
        "
        - wait: 1 hour
        - ask_question: { text: Q, type: text, save_as: { variable: x } }
    ",
    );
    let start = play.state();
    play.lines(&["/forward 2 hours", "answer"]);
    let (events, end) = (play.events(), play.state());
    play.line("/undo 2");
    assert_eq!(play.state(), start);
    play.line("/redo 2");
    assert_eq!((play.events(), play.state()), (events, end));
    play.lines(&["/undo", "other"]);
    assert_eq!(play.try_line("/redo").unwrap_err(), "there is nothing to redo");
    assert_eq!(play.state()["variables"]["x"], "other");
    play.line("/undo 99");
    assert_eq!(play.try_line("/undo").unwrap_err(), "there is nothing to undo");
}

#[test]
fn undo_reaches_far_back() {
    let mut play = Play::steps("- wait: 7 days");
    for number in 0..100 {
        play.line(&format!("message {number}"));
    }
    play.line("/undo 67");
    assert_eq!(play.count("contact_message"), 33);
    play.line("/redo 10");
    assert_eq!(play.last("contact_message")["text"], "message 42");
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut play = Play::whatsapp("- ask_question: { text: Q, type: text }");
    let (before, events) = (play.state(), play.events());
    for line in [
        "/until 2020-01-01T00:00",
        "/channel none",
        "/connect wa",
        "/set field.guests=many",
        "/untag none",
        "/set field.é=1",
        "/location 99,0",
        "/forward 9000000 days",
        "/tag",
    ] {
        let before_events = play.events().len();
        match play.try_line(line) {
            Err(error) => assert!(!error.is_empty()),
            Ok(()) => panic!("{line} was taken: {:?}", play.events().split_off(before_events)),
        }
    }
    assert_eq!((play.state(), play.events()), (before, events));
}

#[test]
fn operators_edit_values_and_conditions_see_them() {
    let mut play = Play::whatsapp("
        - wait: 1 hour
        - branch: [{ name: held, when: { all: [{ field: guests, is_equal_to: 4 }, { variable: x, is_equal_to: y }, { tags: { has_any_of: [vip] } }] } }]
    ");
    play.lines(&["/set field.guests=4.0", "/set var.x=y", "/tag vip", "/next"]);
    assert_eq!(play.last("branch_taken")["arm"], "held");
    let edited = play.events().into_iter().find(|event| event["event"] == "value_edited").unwrap();
    assert_eq!((&edited["target"], &edited["old"], &edited["new"]), (&json!("field.guests"), &json!(null), &json!(4)));
}

#[test]
fn stopping_by_an_agent_ends_the_run() {
    let mut play = Play::steps("- ask_question: { text: Q, type: text }");
    play.line("/stop");
    assert_eq!(play.ended(), "stopped_by_agent");
    assert_eq!(play.try_line("/stop").unwrap_err(), "no workflow is running");
}

#[test]
fn dynamic_variables_read_contact_channel_conversation_and_clock() {
    let play = Play::whatsapp("
        - send_message: \"$contact.name|$contact.email|$contact.id|$channel.type|$channel.id|$conversation.status|$system.current_datetime|$system.current_date|$system.current_time|$contact.tags\"
    ");
    assert_eq!(
        play.said(),
        ["Ana Haddad|ana@example.com|ana|whatsapp|wa|open|2026-01-05 09:00:00|2026-01-05|09:00:00|$contact.tags"]
    );
}

#[test]
fn tags_categories_and_stages_may_hold_variables() {
    let mut play = Play::steps(
        "
        - ask_question: { text: Topic?, type: text, save_as: { variable: topic } }
        - update_contact_tag: { add: \"about $topic\" }
        - update_lifecycle: $topic lead
        - close_conversation: { category: $topic }
    ",
    );
    play.line("Sales");
    assert_eq!(play.state()["contact"]["tags"], json!(["about Sales"]));
    assert_eq!(play.state()["contact"]["lifecycle"], "Sales lead");
    assert_eq!(play.last("conversation_closed")["category"], "Sales");
}

#[test]
fn an_answer_goes_only_into_fields_its_type_fits() {
    let mut play = Play::steps("- ask_question: { text: When?, type: date, save_as: { field: phone } }");
    play.line("01/02/2026");
    assert_eq!(play.last("field_not_saved")["value"], "2026-01-02");
    assert_eq!(play.state()["contact"]["phone"], "+12025550123");
}
