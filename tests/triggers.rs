//! What starts a workflow, what does not and why, and workflows that start each other.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

#[path = "support/play.rs"]
mod play;

use play::Play;
use serde_json::json;

/// A flow with this trigger that waits an hour, played by the built-in contact.
fn triggered(trigger: &str) -> Play {
    Play::file(&format!(
        "version: 1\nname: Test\ntrigger: {trigger}\nsteps:\n  - send_message: hi $reason $order\n  - wait: 1 hour\n"
    ))
}

fn notice(play: &Play) -> String {
    play.last("notice")["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_rehearsal_begins_with_what_the_trigger_waits_for() {
    let names = |trigger: &str| triggered(trigger).new_names();
    let run = ["message_sent", "timer_set"];
    let unset = ["variable_unset_used", "variable_unset_used"];
    let expected = |first: &[&'static str]| [first, &["workflow_started"], &unset, &run].concat();
    assert_eq!(names("{ contact_tag_updated: { added: vip } }"), expected(&["tag_added"]));
    assert_eq!(names("contact_tag_updated"), expected(&[]));
    assert_eq!(names("conversation_closed"), expected(&["conversation_closed"]));
    assert_eq!(names("{ lifecycle_updated: { to: Customer } }"), expected(&["lifecycle_updated"]));
    assert_eq!(names("{ contact_field_updated: { field: city } }"), expected(&[]));
    assert_eq!(names("click_to_chat_ad"), expected(&[]));
    let by = |trigger: &str, event: &str| triggered(trigger).last(event)["by"].clone();
    assert_eq!(by("{ conversation_closed: { source: auto_close } }", "conversation_closed"), "auto_close");
    assert_eq!(by("{ conversation_opened: { source: [api] } }", "conversation_opened"), "api");
    assert_eq!(by("{ conversation_closed: { source: [bot, user] } }", "conversation_closed"), "agent");
}

#[test]
fn tags_fields_stages_and_closing_start_a_workflow_when_none_runs() {
    let mut play = triggered("{ contact_tag_updated: { added: [vip], removed: [old] } }");
    play.line("/untag vip");
    assert_eq!(play.count("workflow_started"), 1, "only `old` counts when it is removed");
    play.lines(&["/stop", "/tag other"]);
    assert_eq!(play.count("workflow_started"), 1);
    play.line("/tag vip");
    assert_eq!(play.count("workflow_started"), 2);

    let mut play = triggered("{ contact_field_updated: { field: [city] } }");
    play.lines(&["/next", "/set field.email=a@b.co", "/set field.city=Amman"]);
    assert_eq!(play.count("workflow_started"), 2);
    play.line("/next");
    assert!(play.try_line("/set field.city=Amman").is_err());
    assert_eq!(play.count("workflow_started"), 2, "the same value is no change");

    let mut play = triggered("{ lifecycle_updated: { to: [Customer] } }");
    play.lines(&["/next", "/lifecycle Lead", "/lifecycle Customer"]);
    assert_eq!(play.count("workflow_started"), 2);

    let mut play = triggered("conversation_closed");
    play.lines(&["/next", "hello", "/close"]);
    assert_eq!(play.count("workflow_started"), 2);
}

#[test]
fn what_does_not_start_says_why() {
    let mut play = triggered(
        "{ contact_tag_updated: { added: vip, once_per_contact: true, when: { field: email, does_not_exist: true } } }",
    );
    play.lines(&["/untag vip", "/tag vip"]);
    assert_eq!(notice(&play), "the workflow did not start: it is still running");
    play.lines(&["/next", "/untag vip", "/tag vip"]);
    assert_eq!(
        notice(&play),
        "the workflow did not start: it takes every contact once only, and this one was in it before"
    );

    let mut play = triggered("{ contact_tag_updated: { added: vip, when: { field: email, does_not_exist: true } } }");
    play.lines(&["/next", "/set field.email=a@b.co", "/untag vip", "/tag vip"]);
    assert_eq!(notice(&play), "the workflow did not start: the conditions of its trigger do not hold");

    let mut play = triggered("{ conversation_closed: { source: [user] } }");
    play.lines(&["/next", "hello"]);
    assert_eq!(play.count("workflow_started"), 1);
}

#[test]
fn a_shortcut_sets_its_form_as_variables() {
    let mut play =
        triggered("{ shortcut: { form: { reason: text, order: number }, example: { reason: damaged, order: 7 } } }");
    assert_eq!(play.said(), ["hi damaged 7"]);
    play.line("/shortcut reason=late order=8");
    assert_eq!(notice(&play), "the workflow did not start: it is still running");
    play.lines(&["/stop", "/shortcut reason=late delivery order=8"]);
    assert_eq!(play.said().last().unwrap(), "hi late delivery 8");
    play.line("/stop");
    assert_eq!(play.try_line("/shortcut order=many"), Err("order is of type number and cannot hold \"many\"".into()));
    assert_eq!(
        play.try_line("/shortcut why=x"),
        Err("the form has no entry \"why\"; it has \"reason\", \"order\"".into())
    );
    assert!(play.try_line("/shortcut Another reason=x").unwrap_err().contains("there are: \"Test\""));
    assert_eq!(
        Play::steps("- wait: 1 hour").try_line("/shortcut"),
        Err("no workflow here is started by a shortcut".into())
    );
}

#[test]
fn a_webhook_sets_parts_of_its_payload_as_variables() {
    let mut play = triggered(
        "{ incoming_webhook: { payload: { order: $.order.id, reason: $.why }, example: { order: { id: 7 } } } }",
    );
    assert_eq!(play.said(), ["hi $reason 7"]);
    assert_eq!(notice(&play), "the request has nothing at $.why, so nothing was saved from there");
    play.lines(&["/stop", "/webhook {\"order\": {\"id\": \"A-1\"}, \"why\": \"late\"}"]);
    assert_eq!(play.said().last().unwrap(), "hi late A-1");
    assert!(play.try_line("/webhook {").unwrap_err().starts_with("this is no JSON"));
    assert_eq!(
        Play::steps("- wait: 1 hour").try_line("/webhook {}"),
        Err("no workflow here is started by an incoming webhook".into())
    );
}

#[test]
fn conditions_of_a_trigger_see_the_variables_it_sets() {
    let mut play = triggered(
        "{ incoming_webhook: { payload: { order: $.o }, example: { o: 7 }, when: { variable: order, is_equal_to: 7 } } }",
    );
    assert_eq!(play.said(), ["hi $reason 7"]);
    play.lines(&["/stop", "/webhook {\"o\": 8}"]);
    assert_eq!(notice(&play), "the workflow did not start: the conditions of its trigger do not hold");
    // What the last run left can still be looked at.
    assert_eq!(play.state()["variables"]["order"], 7);
    let trigger =
        "{ shortcut: { form: { reason: text }, example: { reason: a }, when: { variable: reason, is_equal_to: b } } }";
    let mut play = triggered(trigger);
    assert_eq!(play.count("workflow_started"), 0);
    play.line("/shortcut reason=b");
    assert_eq!(play.count("workflow_started"), 1);
}

#[test]
fn an_ad_starts_what_waits_for_it() {
    let mut play = triggered("{ click_to_chat_ad: { ads: [Summer sale] } }");
    play.lines(&["/next", "/ad Winter sale"]);
    assert_eq!(play.count("workflow_started"), 1);
    assert_eq!(notice(&play), "the workflow did not start: its trigger names other ads than this one");
    play.line("/ad Summer sale");
    assert_eq!(play.count("workflow_started"), 2);
}

#[test]
fn a_workflow_that_lives_only_on_the_platform_ends_the_run_with_its_name() {
    let play = Play::file(
        "version: 1\nname: Test\nworkspace: { workflows: [{ name: Loyalty, external: true }] }\nsteps:\n  - trigger_workflow: Loyalty\n",
    );
    let ended = play.last("workflow_ended");
    assert_eq!((&ended["reason"], &ended["detail"]), (&json!("moved_to_workflow"), &json!("Loyalty")));
}
