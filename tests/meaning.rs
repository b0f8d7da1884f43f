//! What flows mean where people stumbled: options and answers, events only for changes, faults and mocks, messages nobody waits for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

#[path = "support/play.rs"]
mod play;

use play::Play;
use serde_json::json;

const LOOKUP: &str = "
version: 1
name: Lookup
mocks: { lookup: [{ status: 200, json: { id: 1 } }, { status: 200, json: { id: 2 } }, { error: timeout }] }
steps:
  - id: go
    ask_question: { text: Go, type: text }
  - id: lookup
    http_request: { url: https://example.com, save_status: status, save_response: [{ path: $.id, variable: id }] }
  - jump_to: { step: go }
";

#[test]
fn options_that_differ_only_by_what_matching_drops_are_refused() {
    for (first, second) in [("٣", "3"), ("Yes", "Ye\u{200b}s"), ("Caf\u{e9}", "Cafe\u{301}"), ("a\u{200f}", "A")] {
        let yaml = format!(
            "version: 1\nname: T\nsteps:\n  - ask_question: {{ text: Q, type: multiple_choice, options: [\"{first}\", \"{second}\"] }}\n"
        );
        let loaded = rehearsal::flow::load::load_text("t.yaml", &yaml);
        let codes: Vec<&str> = loaded.diagnostics.iter().map(|found| found.id).collect();
        assert_eq!(codes, ["repeated-option"], "{first} {second}");
    }
}

#[test]
fn conditions_compare_accents_however_they_are_spelled() {
    let mut play = Play::steps(
        "
        - ask_question: { text: Where, type: text, save_as: { variable: place } }
        - branch:
            - when: { variable: place, is_equal_to: \"Caf\u{e9}\" }
              steps: [{ send_message: \"There\" }]
            - else: [{ send_message: \"Elsewhere\" }]
    ",
    );
    play.line("Cafe\u{301}");
    assert_eq!(play.said(), ["Where", "There"]);
    assert_eq!(play.state()["variables"]["place"], "Cafe\u{301}", "what is stored stays as it was written");
}

#[test]
fn nothing_changed_and_there_is_no_event() {
    let mut play = Play::steps(
        "
        - id: ask
          ask_question: { text: City, type: text, save_as: { field: city, variable: city } }
        - update_lifecycle: Lead
        - update_contact_field: { field: city, value: Amman }
        - update_contact_field: { field: nothing, value: null }
        - update_contact_tag: { add: vip }
        - assign_to: nobody
        - jump_to: { step: ask }
    ",
    );
    play.line("Amman").new_events();
    play.line("Amman");
    let names = play.new_names();
    let expected =
        ["contact_message", "timer_cancelled", "answer_accepted", "jump_taken", "question_asked", "timer_set"];
    assert_eq!(names, expected);
    for (line, why) in [
        ("/set field.city=Amman", "the field city is \"Amman\" already"),
        ("/set var.city=Amman", "the variable city is \"Amman\" already"),
        ("/set var.city2=", "the variable city2 is not set already"),
        ("/lifecycle Lead", "the contact is in the stage \"Lead\" already"),
        ("/assign nobody", "the contact is assigned to nobody already"),
    ] {
        assert_eq!(play.try_line(line), Err(why.to_owned()));
    }
    assert!(play.new_names().is_empty());
}

#[test]
fn a_mapping_is_sent_as_a_form_when_the_content_type_says_so() {
    let play = Play::steps(
        "
        - http_request:
            url: https://example.com
            method: POST
            content_type: application/x-www-form-urlencoded
            body: { name: \"A & $contact.firstname\", n: 1.50, tags: [a, b], none: null, deep: { x: true } }
    ",
    );
    let name = play.state()["contact"]["firstname"].as_str().unwrap_or("$contact.firstname").to_owned();
    let name = name.replace('$', "%24");
    let body = format!("name=A+%26+{name}&n=1.50&tags=a&tags=b&none=&deep=%7B%22x%22%3Atrue%7D");
    assert_eq!(play.last("http_requested")["body"], body.as_str());
}

#[test]
fn a_number_of_a_mock_stays_a_number_with_every_digit() {
    let yaml = LOOKUP.replace("{ id: 1 }", "{ id: 1234567890123456789012345678 }");
    let mut play = Play::file(&yaml);
    play.line("go");
    assert_eq!(play.state()["variables"]["id"].to_string(), "1234567890123456789012345678");
    let mut play = Play::file(&LOOKUP.replace("{ id: 1 }", "{ id: 1.5e3 }"));
    play.line("go");
    assert_eq!(play.state()["variables"]["id"].to_string(), "1500");
}

#[test]
fn a_message_no_step_waits_for_is_told() {
    let mut play = Play::steps("- wait: 1 day\n");
    play.new_events();
    play.line("hello?");
    let events = play.new_events();
    assert_eq!(events[0]["event"], "contact_message");
    assert_eq!(events[1]["message"], "no step takes this message: the workflow waits at \"step_1\" for time to pass");
    play.lines(&["/next", "still there?"]);
    assert_eq!(play.last("notice")["message"], "no step takes this message: the workflow has ended");
    let mut asked = Play::steps("- ask_question: { text: Q, type: number }\n");
    asked.lines(&["x", "1"]);
    assert_eq!(asked.count("notice"), 0, "an answer is waited for, also one that does not fit");
}

#[test]
fn faults_reach_http_before_its_mock_and_are_used_up() {
    let mut play = Play::file(LOOKUP);
    play.new_events();
    play.line("/fault http 503");
    assert_eq!(play.new_events()[0]["fault"], "http 503");
    play.line("a");
    let answer = play.last("http_responded");
    assert_eq!((&answer["status"], &answer["source"]), (&json!(503), &json!("operator")));
    assert_eq!(play.state()["variables"]["status"], 503);
    play.line("b");
    assert_eq!(play.state()["variables"]["id"], 1, "the mock was not used up");
    for (fault, error) in [("timeout", "timeout"), ("refused", "refused")] {
        play.line(&format!("/fault http {fault}")).line("c");
        assert_eq!(play.last("http_responded")["error"], error);
    }
    play.line("/undo 2").line("c");
    assert_eq!(play.last("http_responded")["status"], 200, "undo takes the fault back");
}

#[test]
fn faults_reach_the_ai() {
    let flow = "
version: 1
name: Ai
mocks: { help: [{ say: Hello }] }
steps:
  - id: help
    respond_with_ai: { objective: answer_questions, failure_branch: [{ send_message: Sorry }] }
";
    let mut play = Play::file(&flow.replace("steps:", "steps:\n  - ask_question: { text: Go, type: text }"));
    play.lines(&["/fault ai timeout", "hi"]);
    assert_eq!(play.last("fault_set")["fault"], "ai timeout");
    assert_eq!(play.last("ai_replied")["error"], "timeout");
    assert_eq!(play.said(), ["Go", "Sorry"]);
}

#[test]
fn which_mock_answers_next_can_be_chosen() {
    let mut play = Play::file(LOOKUP);
    play.lines(&["/mock lookup 2", "a"]);
    assert_eq!(play.state()["variables"]["id"], 2);
    let edited = play.last("value_edited");
    assert_eq!((&edited["target"], &edited["old"], &edited["new"]), (&json!("mock.lookup"), &json!(1), &json!(2)));
    play.lines(&["/mock lookup 1", "b"]);
    assert_eq!(play.state()["variables"]["id"], 1);
    assert_eq!(play.try_line("/mock lookup 4"), Err("lookup has 3 mocks, numbered from 1".to_owned()));
    assert_eq!(play.try_line("/mock lookup 2"), Err("mock 2 answers lookup next already".to_owned()));
    assert_eq!(play.try_line("/mock look 1"), Err("no step \"look\" has mocks; these have: lookup".to_owned()));
}

#[test]
fn a_bare_name_is_a_field_or_else_a_variable() {
    let mut play = Play::steps(
        "
        - ask_question: { text: City, type: text, save_as: { field: city, variable: town } }
        - ask_question: { text: Both, type: text, save_as: { field: both, variable: both } }
    ",
    );
    play.line("/set city=Amman");
    assert_eq!(play.last("value_edited")["target"], "field.city");
    play.line("/set town = Irbid ");
    assert_eq!(play.last("value_edited")["target"], "var.town");
    assert_eq!(play.state()["variables"]["town"], "Irbid");
    play.line("/set both=1");
    assert_eq!(play.last("value_edited")["target"], "field.both");
    let refused = play.try_line("/set citty=Amman").unwrap_err();
    let start = "no field and no variable is called \"citty\"; the closest are field.city, ";
    assert!(refused.starts_with(start), "{refused}");
    assert!((2..=10).contains(&refused.split(", ").count()), "{refused}");
    play.line("/set var.twon=Irbid");
    let message = play.last("notice")["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("nothing here uses a variable called \"twon\"; the closest are var.town, "),
        "{message}"
    );
    assert_eq!(play.state()["variables"]["twon"], "Irbid");
}

#[test]
fn the_title_of_a_button_is_typed_in_line_mode() {
    let play = Play::whatsapp(
        "
        - send_message:
            template: { name: order_update, language: en, body: Here, buttons: [Track it] }
        - ask_question: { text: Q, type: text, save_as: { variable: pressed } }
    ",
    );
    assert_eq!(play.last("message_sent")["template"]["buttons"], json!(["Track it"]));
    let mut play = play;
    play.line("Track it");
    assert_eq!(play.state()["variables"]["pressed"], "Track it");
}
