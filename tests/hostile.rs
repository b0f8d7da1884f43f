//! Flows that would hang the program or exhaust memory if nothing were bounded: each is played, and stops at its bound.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rehearsal::engine::event::{EndReason, Source};
use rehearsal::engine::{Instant, Program};
use rehearsal::flow::{LoadOptions, load_project};
use rehearsal::rehearsal::command::{self, Answer, Command};
use rehearsal::rehearsal::{Act, Rehearsal, json};
use rehearsal::tui::{Options, headless::Stage};
use serde_json::Value;

/// Bytes a text holds.
const TEXT: usize = 65_536;

fn start(name: &str) -> Rehearsal {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/hostile").join(name);
    let loaded = load_project(&path, &LoadOptions::default()).unwrap();
    let Some(project) = loaded.project else {
        panic!("{}", rehearsal::diagnostic::human::render(&loaded.diagnostics, &loaded.sources, false));
    };
    let program = Arc::new(Program::compile(&project).unwrap());
    let at = Instant::from_millis(1_767_603_600_000).unwrap();
    Rehearsal::start(&program, program.default_contact().clone(), at)
}

fn line(rehearsal: &mut Rehearsal, line: &str) {
    match command::parse(line).unwrap() {
        Command::Act(act) => drop(rehearsal.act(act).unwrap()),
        other => panic!("not for tests: {other:?}"),
    }
}

fn events(rehearsal: &Rehearsal) -> Vec<Value> {
    let log = rehearsal.log().iter();
    log.map(|event| serde_json::from_str(&json::event(rehearsal.program(), &event)).unwrap()).collect()
}

fn count(events: &[Value], name: &str) -> usize {
    events.iter().filter(|event| event["event"] == name).count()
}

#[test]
fn one_input_fires_ten_thousand_timers_and_the_next_goes_on_from_there() {
    let mut rehearsal = start("second_by_second.yaml");
    for round in 1..=2 {
        line(&mut rehearsal, "/forward 52 weeks");
        let events = events(&rehearsal);
        assert_eq!(count(&events, "timer_fired"), round * 10_000);
        assert_eq!(rehearsal.session().now().since(rehearsal.started_at()).as_secs(), round as u64 * 10_000);
        let last = events.last().unwrap();
        assert_eq!(last["event"], "notice");
        assert!(last["message"].as_str().unwrap().starts_with("10000 timers fired"), "{last}");
    }
    // What fits goes its whole way.
    line(&mut rehearsal, "/forward 2 hours");
    assert_eq!(count(&events(&rehearsal), "timer_fired"), 27_200);
}

/// Answers what is asked as a server would, until nothing is asked any more; how often.
fn serve(rehearsal: &mut Rehearsal, passed: Duration) -> usize {
    let mut answered = 0;
    while rehearsal.session().request().is_some() {
        rehearsal.answer_after(passed, Answer::Http { status: 200, body: "{}".into() }).unwrap();
        answered += 1;
        assert!(answered <= 100, "requests go out without end");
    }
    answered
}

#[test]
fn one_input_causes_a_hundred_real_requests_however_the_answers_come() {
    for passed in [Duration::ZERO, Duration::from_millis(20)] {
        let mut rehearsal = start("calls_itself.yaml");
        assert_eq!(serve(&mut rehearsal, passed), 100);
        let ended = events(&rehearsal).pop().unwrap();
        assert_eq!((&ended["event"], &ended["reason"]), (&"workflow_ended".into(), &"loop_detected".into()));
        assert_eq!(rehearsal.session().ended(), Some(EndReason::LoopDetected));
    }
    // Whoever answers by hand does something each time, and may go on.
    let mut rehearsal = start("calls_itself.yaml");
    for _ in 0..150 {
        let answer = Answer::Http { status: 200, body: "{}".into() };
        rehearsal.act(Act::Answer(answer, Source::Operator)).unwrap();
    }
    assert!(rehearsal.session().is_running());
    assert_eq!(serve(&mut rehearsal, Duration::ZERO), 99 + 1);
}

#[test]
fn a_path_that_finds_too_much_saves_nothing() {
    let rehearsal = start("looks_everywhere.yaml");
    let events = events(&rehearsal);
    let notices: Vec<_> = events.iter().filter(|event| event["event"] == "notice").collect();
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[0]["message"].as_str().unwrap().starts_with("there is too much at $..*"), "{notices:?}");
    assert_eq!(events.iter().rev().find(|event| event["event"] == "message_sent").unwrap()["text"], "found 3");
}

/// The longest text anywhere in an event.
fn longest(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(longest).max().unwrap_or(0),
        Value::Object(entries) => entries.values().map(longest).max().unwrap_or(0),
        _ => 0,
    }
}

#[test]
fn a_value_that_doubles_stays_where_it_was_once_it_is_too_long() {
    let rehearsal = start("doubles.yaml");
    let events = events(&rehearsal);
    assert!(events.iter().all(|event| longest(event) <= TEXT));
    assert_eq!(count(&events, "field_not_saved"), 10);
    let refused = events.iter().find(|event| event["event"] == "field_not_saved").unwrap();
    assert_eq!(refused["reason"], "the value is longer than 65,536 bytes");
    assert_eq!(rehearsal.session().field("x").unwrap().to_string().len(), TEXT);
    let failed = events.iter().find(|event| event["event"] == "sending_failed").unwrap();
    assert_eq!(failed["cause"], "text_too_long");
    assert_eq!(events.iter().find(|event| event["event"] == "comment_added").unwrap()["text"], "too long");
}

#[test]
fn no_text_anywhere_is_longer_than_one_may_be() {
    let mut rehearsal = start("everywhere.yaml");
    line(&mut rehearsal, &"x".repeat(40_000));
    let events = events(&rehearsal);
    let long = events.iter().find(|event| longest(event) > TEXT);
    assert!(long.is_none(), "{}", &long.unwrap().to_string()[..200]);
    let notices = events.iter().filter(|event| event["event"] == "notice");
    let said: Vec<_> = notices.map(|event| event["message"].as_str().unwrap()).collect();
    for what in [
        "a tag",
        "the comment",
        "the lifecycle stage",
        "the category",
        "the summary",
        "a cell",
        "a part of the request",
    ] {
        assert!(
            said.contains(&format!("{what} is longer than 65,536 bytes, so it was left out").as_str()),
            "{what}: {said:?}"
        );
    }
    assert_eq!(count(&events, "sending_failed"), 3);
    assert_eq!(count(&events, "http_requested"), 0);
    assert!(rehearsal.session().save().unwrap().len() < 4 * TEXT);
}

#[test]
fn an_input_longer_than_a_text_is_refused() {
    let mut rehearsal = start("everywhere.yaml");
    let long = "x".repeat(TEXT + 1);
    for line in [long.clone(), format!("/set field.city={long}"), format!("/tag {long}"), format!("/agent {long}")] {
        let Ok(Command::Act(act)) = command::parse(&line) else { panic!("a command") };
        assert!(rehearsal.act(act).unwrap_err().to_string().contains("65,536 bytes"));
    }
    assert_eq!(rehearsal.depth(), (0, 0));
}

/// Lets a long move of time go on until it is over.
fn arrive(stage: &mut Stage) {
    for _ in 0..1_000 {
        if stage.rehearsal().journey().is_none() {
            return;
        }
        stage.pass(Duration::ZERO);
    }
    panic!("it goes on without end:\n{}", stage.text());
}

#[test]
fn a_clock_that_outruns_its_timers_stands_still() {
    let options = Options { speed: 1_000_000.0, ..Options::default() };
    let mut stage = Stage::new(start("second_by_second.yaml"), &options, 120, 40);
    stage.pass(Duration::from_secs(1));
    assert!(stage.text().contains("Esc stops"), "{}", stage.text());
    arrive(&mut stage);
    let shown = stage.text();
    assert!(shown.contains("the clock stands"), "{shown}");
    stage.pass(Duration::from_mins(1));
    assert_eq!(stage.text(), shown);
}

fn long_move() -> Stage {
    let mut stage = Stage::new(start("second_by_second.yaml"), &Options::default(), 120, 40);
    stage.keys("/forward 5 hours<Enter>");
    stage
}

#[test]
fn a_long_move_shows_how_far_it_has_come_and_ends_as_one_move_does() {
    let mut stage = long_move();
    let text = stage.text();
    assert!(text.contains("moving to Mon 5 Jan 2026 14:00:00: 0 %, Esc stops"), "{text}");
    for _ in 0..50 {
        stage.pass(Duration::ZERO);
    }
    assert!(stage.text().contains(": 28 %, Esc stops"), "{}", stage.text());
    arrive(&mut stage);
    assert!(!stage.text().contains("Esc stops"), "{}", stage.text());
    let mut at_once = start("second_by_second.yaml");
    line(&mut at_once, "/forward 5 hours");
    assert_eq!(events(stage.rehearsal()), events(&at_once));
    assert_eq!(stage.rehearsal().session().save().unwrap(), at_once.session().save().unwrap());
    // One step to undo and to do again.
    let there = stage.rehearsal().session().clone();
    assert_eq!(stage.rehearsal().depth(), (1, 0));
    stage.keys("/undo<Enter>");
    assert_eq!(stage.rehearsal().session().now(), stage.rehearsal().started_at());
    stage.keys("/redo<Enter>");
    assert_eq!(*stage.rehearsal().session(), there);
}

#[test]
fn esc_stops_a_long_move_where_it_is() {
    let mut stage = long_move();
    stage.pass(Duration::ZERO).pass(Duration::ZERO).keys("<Esc>");
    let text = stage.text();
    assert!(text.contains("Stopped at Mon 5 Jan 2026 09:05:00") && stage.rehearsal().journey().is_none(), "{text}");
    let stopped = stage.rehearsal().session().clone();
    let log = events(stage.rehearsal());
    assert_eq!((stage.rehearsal().depth(), count(&log, "timer_fired")), ((1, 0), 300));
    stage.pass(Duration::from_mins(1)).keys("/undo<Enter>/redo<Enter>");
    assert_eq!(*stage.rehearsal().session(), stopped, "done again it goes as far and no farther");
    assert_eq!(events(stage.rehearsal()), log);
}

#[test]
fn what_is_typed_during_a_long_move_is_done_when_it_has_arrived() {
    let mut stage = long_move();
    stage.keys("/tag vip<Enter>half a");
    assert!(stage.rehearsal().session().contact().tags.is_empty());
    arrive(&mut stage);
    assert_eq!(stage.rehearsal().session().contact().tags, ["vip"]);
    assert!(stage.text().contains("› half a"), "{}", stage.text());
    assert_eq!(stage.rehearsal().depth(), (2, 0));
}

#[test]
fn esc_stops_a_clock_that_runs_too_fast() {
    let options = Options { speed: 1_000_000.0, ..Options::default() };
    let mut stage = Stage::new(start("second_by_second.yaml"), &options, 120, 40);
    stage.pass(Duration::from_secs(1)).keys("<Esc>");
    let stopped = stage.rehearsal().session().now();
    stage.pass(Duration::from_mins(1));
    assert_eq!(stage.rehearsal().session().now(), stopped);
}

#[test]
fn a_long_history_is_undone_to_its_start_and_done_again() {
    let mut rehearsal = start("second_by_second.yaml");
    for n in 0..2_000 {
        line(&mut rehearsal, &format!("/set field.f{n}=x"));
        line(&mut rehearsal, "/forward 1s");
    }
    let (there, log) = (rehearsal.session().save().unwrap(), rehearsal.log().len());
    for (back, left) in [(1, 3_999), (31, 3_968), (2_000, 1_968), (1_968, 0)] {
        rehearsal.undo(back).unwrap();
        assert_eq!(rehearsal.depth(), (left, 4_000 - left));
        assert_eq!(rehearsal.session().now().since(rehearsal.started_at()).as_secs(), left as u64 / 2);
    }
    assert!(rehearsal.undo(1).is_err());
    rehearsal.redo(4_000).unwrap();
    assert_eq!((rehearsal.session().save().unwrap(), rehearsal.log().len()), (there, log));
}
