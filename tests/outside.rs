//! Steps that reach people and systems outside the conversation: assignment, HTTP, sheets, AI.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

#[path = "support/play.rs"]
mod play;

use play::Play;
use serde_json::{Value, json};

const PEOPLE: &str = "
workspace:
  users:
    - { id: ana@example.com, name: Ana, open_contacts: 2 }
    - { id: omar@example.com, name: Omar, online: false, open_contacts: 0 }
    - { id: zoe@example.com, name: Zoe, open_contacts: 1 }
  teams: { Sales: [zoe@example.com, ana@example.com], Nights: [omar@example.com], Nobody: [] }
";

fn with_people(steps: &str) -> Play {
    let settings = "trigger: conversation_opened\nsettings: { stop_on: manual_assignment }";
    Play::file(&format!("version: 1\nname: Test\n{settings}{PEOPLE}steps:\n{steps}"))
}

fn assigned(play: &Play) -> Vec<String> {
    let events = play.events().into_iter().filter(|event| event["event"] == "assigned");
    events.map(|event| event["user"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn r43_round_robin_goes_by_user_order_and_remembers_its_place() {
    let mut play = with_people("  - assign_to: { team: Sales }\n  - close_conversation\n");
    for _ in 0..3 {
        play.line("again");
    }
    assert_eq!(assigned(&play), ["ana@example.com", "zoe@example.com", "ana@example.com", "zoe@example.com"]);
    let last = play.last("assigned");
    assert_eq!((&last["team"], last["step"].as_str()), (&json!("Sales"), Some("step_1")));
}

#[test]
fn r43_the_user_with_the_fewest_open_contacts_is_chosen_and_this_one_counts() {
    let mut play = with_people("  - assign_to: { team: Sales, logic: least_open_contacts }\n");
    assert_eq!(assigned(&play), ["zoe@example.com"]);
    // Zoe now has two, as many as Ana, who is first in user order. Closing frees Zoe, and opening counts her in again.
    play.lines(&["/close", "again"]);
    assert_eq!(assigned(&play).last().unwrap(), "ana@example.com");
}

#[test]
fn r43_a_certain_user_and_nobody_are_assigned_at_once() {
    let play = with_people(
        "  - assign_to: { user: omar@example.com }\n  - send_message: $assignee.name\n  - assign_to: nobody\n",
    );
    assert_eq!(play.said(), ["Omar"]);
    assert_eq!(play.last("unassigned")["user"], "omar@example.com");
    assert_eq!(play.state()["assignee"], Value::Null);
}

#[test]
fn r43_nobody_eligible_is_waited_for_until_presence_or_load_changes() {
    let step = "  - assign_to: { team: Nights, only_online: true }\n  - send_message: Here\n";
    let mut play = with_people(step);
    let waiting = play.last("assignment_waiting");
    assert_eq!(waiting["reason"], "nobody in Nights is online");
    assert_eq!((&waiting["user"], &waiting["team"]), (&Value::Null, &json!("Nights")));
    assert_eq!(play.state()["waiting"]["kind"], "assignment");
    assert_eq!(play.last("timer_set")["timer"], "assignment_timeout");
    play.new_events();
    play.line("/presence Omar on");
    let names = play.new_names();
    assert_eq!(names, ["value_edited", "timer_cancelled", "assigned", "message_sent", "workflow_ended"]);
    assert_eq!(play.try_line("/presence omar on"), Err("omar is online already".into()));

    let mut play = with_people("  - assign_to: { workspace: true, max_open_contacts: 1, only_online: true }\n");
    assert_eq!(
        play.last("assignment_waiting")["reason"],
        "nobody in the workspace is online and has fewer than 1 open contacts"
    );
    play.line("/load ana 0");
    assert_eq!(assigned(&play), ["ana@example.com"]);
}

#[test]
fn r43_the_time_to_find_somebody_runs_out() {
    let branch = "timeout_branch: { after: 10 minutes, steps: [{ send_message: Sorry }] }";
    let mut play = with_people(&format!("  - assign_to: {{ team: Nobody, {branch} }}\n"));
    assert_eq!(play.last("assignment_waiting")["reason"], "Nobody has no users");
    play.line("/next");
    assert_eq!(play.said(), ["Sorry"]);
    assert_eq!(play.ended(), "completed");

    let mut play = with_people("  - assign_to: { team: Nobody }\n");
    assert_eq!(play.last("timer_set")["due"], "2026-01-12T09:00:00+00:00");
    play.line("/next");
    assert_eq!(play.ended(), "timeout");
}

#[test]
fn r43_an_agent_assigns_by_hand_and_that_may_end_the_run() {
    let mut play = with_people("  - wait: 1 day\n");
    assert!(play.try_line("/assign eve").unwrap_err().starts_with("the workspace has no user \"eve\"; it has \"ana@"));
    play.line("/assign zoe");
    assert_eq!(play.last("assigned")["reason"], "by an agent");
    assert_eq!(play.last("workflow_ended")["detail"], "manual_assignment");
    play.line("/assign nobody");
    assert_eq!(play.try_line("/assign nobody"), Err("the contact is assigned to nobody already".into()));
}

fn request(settings: &str, after: &str) -> Play {
    Play::steps(&format!(
        "- ask_question: {{ text: Say, type: text, save_as: {{ variable: said }} }}\n- id: call\n  http_request:\n    {}\n{after}",
        settings.trim().replace('\n', "\n    ")
    ))
}

#[test]
fn r43_a_request_carries_variables_escaped_for_where_they_stand() {
    let settings = "
method: PUT
url: https://x.example/a/$said?q=$said
headers: { X-Said: 'say $said', Accept: text/plain }
body: { said: 'so \"$said\"', n: 7, on: true, none: null, quoted: \"7\", list: [$said] }";
    let mut play = request(settings, "");
    play.line("a \"b\" & c/ü");
    let sent = play.last("http_requested");
    assert_eq!(sent["method"], "PUT");
    assert_eq!(sent["url"], "https://x.example/a/a%20%22b%22%20%26%20c%2F%C3%BC?q=a%20%22b%22%20%26%20c%2F%C3%BC");
    let headers = json!({"X-Said": "say a \"b\" & c/ü", "Accept": "text/plain", "Content-Type": "application/json"});
    assert_eq!(sent["headers"], headers);
    let body: Value = serde_json::from_str(sent["body"].as_str().unwrap()).unwrap();
    let said = "a \"b\" & c/ü";
    assert_eq!(
        body,
        json!({"said": format!("so \"{said}\""), "n": 7, "on": true, "none": null, "quoted": "7", "list": [said]})
    );
}

#[test]
fn r43_the_operator_answers_and_parts_of_the_answer_are_kept() {
    let settings = "
url: https://x.example/
save_status: status
save_response:
  - { path: $.id, variable: id }
  - { path: $.customer.name, variable: name }
  - { path: '$.tags[*]', variable: tags }
  - { path: $.missing, variable: missing }";
    let mut play = request(settings, "- send_message: $status $id $name $tags\n");
    play.line("x");
    let state = play.state();
    assert_eq!(state["waiting"], json!({"step": "call", "kind": "http", "until": null}));
    assert_eq!(
        play.try_line("/http 99"),
        Err("99 is no HTTP status: they go from 100 to 599; write it like /http 200 {\"id\": 7}".into())
    );
    // Time passes while the answer is waited for, and what the contact says is heard.
    play.lines(&["/forward 30 days", "are you there?"]);
    play.line("/http 201 {\"id\": 7.50, \"customer\": {\"name\": \"Ana\"}, \"tags\": [\"a\", \"b\"]}");
    assert_eq!(play.said().last().unwrap(), "201 7.5 Ana [\"a\",\"b\"]");
    assert_eq!(play.last("http_responded")["source"], "operator");
    assert!(play.last("notice")["message"].as_str().unwrap().contains("$.missing"));
    assert_eq!(play.try_line("/http 200"), Err("nothing waits for an HTTP answer now".into()));
}

#[test]
fn r43_without_a_response_the_failure_branch_runs_or_the_run_goes_on() {
    let mut play = request(
        "url: https://x.example/\nsave_status: s\nfailure_branch: [{ send_message: down }]",
        "- send_message: up\n",
    );
    play.lines(&["x", "/http timeout"]);
    assert_eq!(play.said().last().unwrap(), "down");
    assert_eq!(play.last("http_responded")["error"], "timeout");

    let mut play = request(
        "url: https://x.example/\nsave_status: s",
        "- send_message: on $s\n- jump_to: { step: call, max_jumps: 1 }\n",
    );
    play.lines(&["x", "/http 200", "/http timeout"]);
    // The status of the earlier try does not pass for this one's.
    assert_eq!(play.said()[1..], ["on 200", "on $s"]);
    assert_eq!((&play.last("variable_set")["old"], &play.last("variable_set")["new"]), (&json!(200), &Value::Null));
    assert_eq!(play.ended(), "completed");
}

#[test]
fn r43_mocks_answer_in_order_and_the_last_repeats() {
    let mut play = Play::file(
        "
version: 1
name: Mocked
mocks: { call: [{ status: 500 }, { error: dns }, { status: 200, json: [1] }] }
steps:
  - id: call
    http_request: { url: 'https://x.example', save_status: s, failure_branch: [{ send_message: none }, { jump_to: again }] }
  - send_message: got $s
  - id: again
    wait: 1 minute
  - jump_to: { step: call, max_jumps: 3 }
",
    );
    play.lines(&["/next", "/next", "/next"]);
    assert_eq!(play.said(), ["got 500", "none", "got 200", "got 200"]);
    assert_eq!(play.last("http_responded")["body"], "[1]");
    assert_eq!(play.last("http_responded")["source"], "mock");
}

#[test]
fn r43_a_row_holds_its_cells_with_variables_filled_in() {
    let row = "- add_google_sheets_row: { spreadsheet: Leads $contact.name, sheet: A, row: { Name: $contact.name, \"=B\": \"=1+1\" } }";
    let event = Play::steps(row).last("sheet_row_added");
    assert_eq!(event["spreadsheet"], "Leads Sam Rivera");
    assert_eq!(event["row"], json!({"Name": "Sam Rivera", "=B": "=1+1"}));
}

const AI: &str = "
- id: ai
  respond_with_ai:
    objective: collect_information
    instructions: Be kind to $contact.firstname
    collect: [{ variable: product }, { variable: age }]
    speak_to_human_branch: [{ send_message: human }]
    unable_branch: []
    idle_branch: { after: 5 minutes, steps: [{ send_message: idle }] }
    failure_branch: [{ send_message: failed }]
- send_message: done $product $age
";

#[test]
fn r43_an_ai_talks_until_it_has_an_outcome() {
    let mut play = Play::steps(AI);
    assert_eq!(play.last("ai_requested")["instructions"], "Be kind to Sam");
    assert_eq!(play.state()["waiting"], json!({"step": "ai", "kind": "ai", "until": null}));
    play.line("/ai What is it about?");
    assert_eq!(play.state()["waiting"]["until"], "2026-01-05T09:05:00+00:00");
    play.new_events();
    play.line("the table");
    assert_eq!(play.new_names(), ["contact_message", "timer_cancelled", "ai_requested"]);
    assert_eq!(play.last("ai_requested")["message"], "the table");
    play.line(r#"/ai {"say": "Thanks", "outcome": "success", "collected": {"product": "table", "age": "7", "colour": "red"}}"#);
    assert_eq!(play.said(), ["What is it about?", "Thanks", "done table 7"]);
    assert_eq!(play.state()["variables"], json!({"product": "table", "age": 7}));
    assert!(play.last("notice")["message"].as_str().unwrap().contains("colour"));
}

#[test]
fn r43_every_outcome_of_an_ai_has_its_way() {
    let said = |line: &str| {
        let mut play = Play::steps(AI);
        play.line(line);
        (play.said(), play.ended().as_str().unwrap_or_default().to_owned())
    };
    let ends = |texts: &[&str]| (texts.iter().map(ToString::to_string).collect::<Vec<_>>(), "completed".to_owned());
    assert_eq!(said("/ai speak_to_human: wait"), ends(&["wait", "human"]));
    assert_eq!(said("/ai unable"), ends(&[]));
    assert_eq!(said("/ai failure:"), ends(&["failed"]));
    assert_eq!(said("/ai success: bye"), ends(&["bye", "done $product $age"]));

    let mut play = Play::steps(AI);
    play.lines(&["/ai hm?", "/next"]);
    assert_eq!(play.said(), ["hm?", "idle"]);
    // A reply that cannot be sent is a failure, with the cause beside it.
    let mut play = Play::steps(AI);
    play.lines(&["/fault network", "/ai hm?"]);
    assert_eq!(play.last("sending_failed")["cause"], "network");
    assert_eq!(play.said(), ["failed"]);
}

#[test]
fn r43_silence_without_an_idle_branch_ends_with_timeout_after_seven_days() {
    let mut play = Play::steps("- respond_with_ai: { objective: answer_questions }");
    play.lines(&["/ai Ask me", "/next"]);
    assert_eq!((play.ended(), play.state()["steps_run"].clone()), (json!("timeout"), json!(1)));
    assert_eq!(play.last("timer_fired")["due"], "2026-01-12T09:00:00+00:00");
}

#[test]
fn what_the_contact_says_while_the_ai_thinks_is_heard_next_and_ends_nothing() {
    let steps = AI.replace('\n', "\n  ");
    let settings = "settings: { stop_on: incoming_message }";
    let mut play = Play::file(&format!("version: 1\nname: Test\n{settings}\nsteps:{}\n", steps.trim_end()));
    play.lines(&["first", "second", "/ai hm?"]);
    assert_eq!(play.last("ai_requested")["message"], "first\nsecond");
    assert_eq!(play.state()["waiting"]["until"], Value::Null, "the AI is asked again at once");
    play.line("/ai success: ok");
    assert_eq!(play.ended(), "completed");
}

#[test]
fn an_answer_is_undone_and_done_again() {
    let mut play = request("url: https://x.example/\nsave_status: s", "- send_message: got $s\n");
    play.lines(&["x", "/http 200"]);
    let after = play.state();
    play.line("/undo");
    assert_eq!(play.state()["waiting"]["kind"], "http");
    play.line("/redo");
    assert_eq!(play.state(), after);
}

#[test]
fn an_unknown_step_is_kept_and_ends_the_run_that_reaches_it() {
    let play = Play::steps(
        "- send_message: before\n- unknown_step: { type: sendConversionsApiEvent, data: { a: 1 } }\n- send_message: after\n",
    );
    assert_eq!(play.said(), ["before"]);
    let ended = play.last("workflow_ended");
    assert_eq!((&ended["reason"], &ended["detail"]), (&json!("unknown_step"), &json!("sendConversionsApiEvent")));
}
