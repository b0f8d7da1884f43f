//! The requirements R1–R42 (respondio.md, section 12), played through the engine. Those of the loader and of single answer types are
//! held beside their code; docs/requirements.md lists every one with its tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

#[path = "support/play.rs"]
mod play;

use play::Play;
use serde_json::json;

const CHOICE: &str = "
    - id: topic
      ask_question:
        text: What is it about?
        type: multiple_choice
        options: [Sales, Support]
        save_as: { field: topic, variable: topic, tag: true }
";

#[test]
fn r01_r31_a_question_goes_out_on_the_last_interacted_channel() {
    let mut play = Play::whatsapp(
        "
        - ask_question: { text: One?, type: text }
        - ask_question: { text: Two?, type: text }
    ",
    );
    assert_eq!(play.last("question_asked")["channel"], "wa");
    play.lines(&["/channel web", "hello"]);
    assert_eq!(play.last("contact_message")["channel"], "web");
    assert_eq!(play.last("question_asked")["channel"], "web");
}

#[test]
fn r02_r03_r04_a_question_is_its_text_and_its_type() {
    let play = Play::steps("- ask_question: { text: \"Hi $contact.firstname, how many?\", type: number }");
    let asked = play.last("question_asked");
    assert_eq!((&asked["text"], &asked["type"]), (&json!("Hi Sam, how many?"), &json!("number")));
    assert_eq!((&asked["options"], &asked["shown_as"]), (&json!([]), &json!("none")));
    assert_eq!(asked["until"], "2026-01-12T09:00:00+00:00");
    assert_eq!(play.count("message_sent"), 0);
}

#[test]
fn r15_r16_r18_r19_r20_an_answer_is_saved_as_field_variable_and_tag() {
    let mut play = Play::whatsapp(CHOICE);
    play.new_events();
    play.line(" sales ");
    assert_eq!(
        play.new_names(),
        [
            "contact_message",
            "timer_cancelled",
            "answer_accepted",
            "field_updated",
            "variable_set",
            "tag_added",
            "workflow_ended"
        ]
    );
    let accepted = play.last("answer_accepted");
    assert_eq!(
        (&accepted["answer"], &accepted["value"], &accepted["step"]),
        (&json!(" sales "), &json!("Sales"), &json!("topic"))
    );
    let state = play.state();
    assert_eq!(state["contact"]["fields"], json!({"topic": "Sales"}));
    assert_eq!(state["variables"], json!({"topic": "Sales"}));
    assert_eq!(state["contact"]["tags"], json!(["Sales"]));
}

#[test]
fn r17_a_tag_of_an_earlier_answer_stays() {
    let mut play = Play::whatsapp(
        "
        - id: topic
          ask_question: { text: Topic?, type: multiple_choice, options: [Sales, Support], save_as: { tag: true } }
        - jump_to: { step: topic, max_jumps: 1 }
    ",
    );
    play.lines(&["Sales", "Support"]);
    assert_eq!(play.state()["contact"]["tags"], json!(["Sales", "Support"]));
}

#[test]
fn a_field_that_cannot_hold_an_answer_stays_as_it_was() {
    let mut play = Play::whatsapp(
        "
        - update_contact_field: { field: guests, value: 4 }
        - ask_question: { text: How many?, type: text, save_as: { field: guests, variable: said } }
    ",
    );
    play.line("a few");
    let kept = play.last("field_not_saved");
    assert_eq!((&kept["field"], &kept["value"]), (&json!("guests"), &json!("a few")));
    assert!(kept["reason"].as_str().unwrap().contains("number"), "{kept}");
    assert_eq!(play.state()["contact"]["fields"]["guests"], json!(4));
    assert_eq!(play.state()["variables"]["said"], "a few");
}

#[test]
fn r21_r22_r25_the_timeout_branch_runs_at_its_instant() {
    let mut play = Play::steps(
        "
        - id: ask
          ask_question:
            text: Still there?
            type: text
            timeout_branch:
              after: 4 hours
              steps: [{ send_message: We are here when you need us. }]
    ",
    );
    play.new_events();
    play.line("/forward 1 day");
    assert_eq!(play.new_names(), ["time_advanced", "timer_fired", "message_sent", "workflow_ended", "time_advanced"]);
    let fired = play.last("timer_fired");
    assert_eq!((&fired["at"], &fired["timer"]), (&json!("2026-01-05T13:00:00+00:00"), &json!("question_timeout")));
    assert_eq!(play.ended(), "completed");
    assert_eq!(play.last("time_advanced")["to"], "2026-01-06T09:00:00+00:00");
}

#[test]
fn r23_r24_without_a_time_seven_days_apply() {
    let mut play = Play::steps("- ask_question: { text: Hello?, type: text }");
    play.line("/forward 6 days 23h 59 minutes 59 seconds");
    assert_eq!(play.ended(), json!(null));
    play.line("/forward 1 second");
    assert_eq!(play.ended(), "timeout");
}

#[test]
fn r26_r34_r36_an_empty_timeout_branch_ends_the_workflow() {
    let mut play = Play::steps(
        "
        - ask_question: { text: Hello?, type: text, timeout_branch: { after: 1 hour } }
        - send_message: Never said.
    ",
    );
    play.line("/next");
    assert_eq!(play.ended(), "timeout");
    assert_eq!(play.said(), ["Hello?"]);
}

#[test]
fn an_answer_at_the_deadline_is_late() {
    let mut play = Play::steps(
        "
        - ask_question: { text: Hello?, type: text, save_as: { variable: x }, timeout_branch: { after: 1 hour } }
    ",
    );
    play.lines(&["/forward 1 hour", "here"]);
    assert_eq!(play.ended(), "timeout");
    assert_eq!(play.state()["variables"], json!({}));
}

#[test]
fn r27_r28_an_invalid_answer_takes_the_failure_branch() {
    let mut play = Play::steps(
        "
        - id: n
          ask_question:
            text: How many?
            type: number
            max: 10
            failure_branch: [{ send_message: Only up to ten. }, { jump_to: n }]
    ",
    );
    play.new_events();
    play.line("15");
    assert_eq!(
        play.new_names(),
        [
            "contact_message",
            "answer_rejected",
            "timer_cancelled",
            "message_sent",
            "jump_taken",
            "question_asked",
            "timer_set"
        ]
    );
    assert_eq!(play.last("answer_rejected")["reason"], "15 is above the maximum 10");
    assert_eq!(play.last("jump_taken")["count"], 1);
}

#[test]
fn r29_an_empty_failure_branch_ends_the_workflow() {
    let mut play = Play::steps("- ask_question: { text: How many?, type: number, failure_branch: [] }");
    play.line("many");
    assert_eq!(play.ended(), "invalid_answer");
    let names: Vec<String> = play.new_names();
    assert!(names.ends_with(&["timer_cancelled".into(), "workflow_ended".into()]), "{names:?}");
}

#[test]
fn r30_without_the_branch_the_contact_may_try_again_until_the_deadline() {
    let mut play = Play::steps("- ask_question: { text: How many?, type: number, save_as: { variable: n } }");
    play.line("/forward 1 day");
    play.new_events();
    play.line("many");
    assert_eq!(play.new_names(), ["contact_message", "answer_rejected"]);
    assert_eq!(play.state()["waiting"]["until"], "2026-01-12T09:00:00+00:00");
    play.line("3.50");
    assert_eq!(play.state()["variables"]["n"], json!(3.5));
    assert_eq!(play.ended(), "completed");
}

#[test]
fn r32_a_choice_is_answered_by_number_too() {
    let mut play = Play::whatsapp(CHOICE);
    play.line("٢");
    assert_eq!(play.state()["variables"]["topic"], "Support");
}

#[test]
fn r33_r36_without_a_connected_channel_the_contact_leaves() {
    let mut play = Play::whatsapp(
        "
        - wait: 1 hour
        - ask_question: { text: Hello?, type: text }
    ",
    );
    play.line("/disconnect");
    play.new_events();
    play.line("/next");
    assert_eq!(play.new_names(), ["time_advanced", "timer_fired", "sending_failed", "workflow_ended"]);
    let failed = play.last("sending_failed");
    assert_eq!(
        (&failed["cause"], &failed["channel"], &failed["text"]),
        (&json!("no_channel"), &json!(null), &json!("Hello?"))
    );
    assert_eq!(play.ended(), "sending_failed");
}

#[test]
fn r35_faults_fail_the_next_send_with_their_cause() {
    for fault in ["expired_api_key", "network", "window_closed", "rejected"] {
        let mut play = Play::steps(
            "
            - wait: 1 hour
            - send_message: { text: One, failure_branch: [{ send_message: Two }] }
        ",
        );
        play.lines(&[&format!("/fault {fault}"), "/next"]);
        assert_eq!(play.last("sending_failed")["cause"], fault);
        assert_eq!(play.said(), ["Two"]);
        assert_eq!(play.ended(), "completed");
    }
}

#[test]
fn r35_a_closed_window_stops_free_form_messages_and_lets_templates_through() {
    let mut play = Play::whatsapp("
        - wait: 23 hours 59 minutes
        - send_message: In time
        - wait: 1 minute
        - send_message:
            text: Too late
            failure_branch:
              - send_message: { template: { name: hello, language: en, body: \"Hi {{1}}\", parameters: [$contact.firstname] } }
    ");
    play.line("/forward 2 days");
    assert_eq!(play.last("sending_failed")["cause"], "window_closed");
    assert_eq!(play.last("message_sent")["template"]["body"], "Hi Ana");
    assert_eq!(play.said(), ["In time", "[file]"]);
}

#[test]
fn r27_a_joint_failure_branch_catches_failed_sends_too() {
    let mut play = Play::whatsapp(
        "
        - wait: 25 hours
        - ask_question: { text: Hello?, type: text, failure_branch: [{ add_comment: could not ask }] }
    ",
    );
    play.line("/next");
    assert_eq!(play.last("sending_failed")["cause"], "window_closed");
    assert_eq!(play.last("comment_added")["text"], "could not ask");
    assert_eq!(play.count("timer_set"), 1);
}

#[test]
fn todays_style_splits_invalid_answers_from_failed_sends() {
    let steps = "
        - ask_question:
            text: Number?
            type: number
            invalid_branch: [{ send_message: invalid }]
            sending_failed_branch: [{ add_comment: failed }]
    ";
    let mut play = Play::steps(steps);
    play.line("x");
    assert_eq!(play.said(), ["Number?", "invalid"]);
}

#[test]
fn r37_answers_are_used_by_later_steps() {
    let mut play = Play::steps(
        "
        - ask_question: { text: Name?, type: text, save_as: { variable: nick } }
        - send_message: \"Hello {{ $nick }}, $nick. You owe $279 and $debt.\"
    ",
    );
    play.line("Ana");
    assert_eq!(play.said()[1], "Hello Ana, Ana. You owe $279 and $debt.");
    assert_eq!(play.last("variable_unset_used")["variable"], "debt");
}

#[test]
fn r38_a_choice_is_branched_on_and_an_invalid_answer_is_sent_back() {
    let mut play = Play::steps(
        "
        - id: ask
          ask_question:
            text: Tea or coffee?
            type: multiple_choice
            options: [Tea, Coffee]
            save_as: { variable: drink }
            failure_branch: [{ send_message: One of the two please. }, { jump_to: ask }]
        - branch:
            - name: Tea
              when: { variable: drink, is_equal_to: Tea }
              steps: [{ send_message: Tea it is. }]
            - name: Coffee
              when: { variable: drink, is_equal_to: Coffee }
              steps: [{ send_message: Coffee it is. }]
    ",
    );
    play.lines(&["water", "coffee"]);
    assert_eq!(play.said(), ["Tea or coffee?", "One of the two please.", "Tea or coffee?", "Coffee it is."]);
    let taken = play.last("branch_taken");
    assert_eq!(taken["arm"], "Coffee");
    assert_eq!(
        taken["why"],
        json!([
            {"arm": "Tea", "joiner": "all", "holds": false, "conditions": [
                {"subject": "variable.drink", "operator": "is_equal_to", "expected": "Tea", "actual": "Coffee", "holds": false}]},
            {"arm": "Coffee", "joiner": "all", "holds": true, "conditions": [
                {"subject": "variable.drink", "operator": "is_equal_to", "expected": "Coffee", "actual": "Coffee", "holds": true}]},
        ])
    );
}

#[test]
fn arms_after_the_winner_are_not_reached() {
    let play = Play::steps(
        "
        - branch:
            - when: { field: firstname, exists: true }
            - when: { any: [{ tags: { has_any_of: [vip] } }, { field: email, does_not_exist: true }] }
            - else: [{ send_message: no }]
    ",
    );
    let taken = play.last("branch_taken");
    assert_eq!(taken["arm"], "arm_1");
    assert_eq!(taken["why"][1], json!({"arm": "arm_2", "joiner": "any", "holds": null, "conditions": []}));
    assert_eq!(play.ended(), "completed");
}

#[test]
fn r39_a_timeout_offers_further_help() {
    let mut play = Play::steps(
        "
        - ask_question:
            text: Anything else?
            type: text
            timeout_branch: { after: 2 hours, steps: [{ send_message: Our team can help you further. }] }
    ",
    );
    play.line("/next");
    assert_eq!(play.said()[1], "Our team can help you further.");
}

#[test]
fn r40_a_timeout_asks_again_by_jump_with_a_new_deadline() {
    let mut play = Play::steps(
        "
        - id: menu
          ask_question:
            text: Choose
            type: multiple_choice
            options: [A, B]
            timeout_branch: { after: 1 hour, steps: [{ jump_to: { step: menu, max_jumps: 2 } }, { send_message: Bye }] }
    ",
    );
    play.line("/next");
    assert_eq!(play.state()["waiting"]["until"], "2026-01-05T11:00:00+00:00");
    play.lines(&["/next", "/next"]);
    assert_eq!(play.count("jump_taken"), 2);
    assert_eq!(play.last("jump_exhausted")["max"], 2);
    assert_eq!(play.said().last().unwrap(), "Bye");
    assert_eq!(play.ended(), "completed");
}

#[test]
fn r41_consent_comes_before_data_is_collected() {
    let steps = "
        - ask_question: { text: May we?, type: multiple_choice, options: [\"Yes, I agree\", No], save_as: { variable: consent } }
        - branch:
            - name: Agreed
              when: { variable: consent, is_equal_to: \"Yes, I agree\" }
              steps: [{ ask_question: { text: Your e-mail?, type: email, save_as: { field: email } } }]
            - else: [{ close_conversation: { category: No consent } }]
    ";
    let mut agreed = Play::steps(steps);
    agreed.lines(&["1", "Ana@Example.com"]);
    assert_eq!(agreed.state()["contact"]["email"], "Ana@example.com");
    let mut declined = Play::steps(steps);
    declined.line("No");
    assert_eq!(declined.last("conversation_closed")["category"], "No consent");
    assert_eq!(declined.state()["conversation"], "closed");
}

#[test]
fn r42_contact_data_is_collected_when_a_conversation_opens() {
    let mut play = Play::file(
        "
version: 1
name: Collect
trigger: conversation_opened
steps:
  - ask_question: { text: Phone?, type: phone, save_as: { field: phone } }
",
    );
    let names: Vec<_> = play.new_names();
    assert_eq!(names, ["conversation_opened", "workflow_started", "question_asked", "timer_set"]);
    play.line("+962 79 000 0000");
    assert_eq!(play.state()["contact"]["phone"], "+962790000000");
}

#[test]
fn r43_each_step_of_the_first_part_does_what_it_says() {
    let mut play = Play::whatsapp("
        - update_contact_tag: { add: [vip, lead], remove: vip }
        - update_contact_field: { field: guests, value: 7.50 }
        - close_conversation: { category: Solved, summary: \"$contact.firstname was here\" }
        - open_conversation
        - add_comment: \"@{Ana Agent} look at $contact.name\"
        - update_lifecycle: Hot lead
        - send_message: { attachment: { kind: image, url: \"https://example.com/a.png\", name: Menu } }
        - wait: 10 minutes
        - date_time: { business_hours: { timezone: Asia/Amman, mon: 09:00-13:00 }, failure_branch: [{ send_message: Closed }] }
        - jump_to: last
        - send_message: skipped
        - id: last
          send_message: { text: Hello, per_channel: { whatsapp: Hello WhatsApp, web: Hello web } }
    ");
    play.line("/next");
    let names = play.new_names();
    assert_eq!(
        names,
        [
            "workflow_started",
            "tag_added",
            "tag_added",
            "tag_removed",
            "field_updated",
            "conversation_closed",
            "conversation_opened",
            "comment_added",
            "lifecycle_updated",
            "message_sent",
            "timer_set",
            "time_advanced",
            "timer_fired",
            "date_time_checked",
            "jump_taken",
            "message_sent",
            "workflow_ended"
        ]
    );
    assert_eq!(play.state()["contact"]["tags"], json!(["lead"]));
    assert_eq!(play.state()["contact"]["fields"]["guests"], json!(7.5));
    assert_eq!(play.state()["contact"]["lifecycle"], "Hot lead");
    assert_eq!(play.last("comment_added")["mentions"], json!(["ana@example.com"]));
    assert_eq!(play.last("conversation_closed")["summary"], "Ana was here");
    assert_eq!(play.last("date_time_checked")["inside"], true);
    assert_eq!(play.last("message_sent")["text"], "Hello WhatsApp");
}
