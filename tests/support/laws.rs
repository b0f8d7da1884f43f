//! What holds for every flow and every input. Shared by the property tests and the fuzz targets.

use std::sync::Arc;

use rehearsal::engine::{Instant, Program, Session};
use rehearsal::flow::load;
use rehearsal::rehearsal::command::{self, Command};
use rehearsal::rehearsal::{Rehearsal, json, plain};

/// Bytes a text holds that is kept or shown.
const TEXT: usize = 65_536;
/// Bytes of text one input leaves in the log, and what the step that passes the bound adds to it.
const GROWTH: usize = 64 * 1024 * 1024 + 16 * TEXT;

/// The longest text anywhere in a JSON value, keys included.
fn longest(value: &serde_json::Value) -> usize {
    use serde_json::Value::{Array, Object, String};
    match value {
        String(text) => text.len(),
        Array(items) => items.iter().map(longest).max().unwrap_or(0),
        Object(entries) => entries.iter().map(|(key, value)| key.len().max(longest(value))).max().unwrap_or(0),
        _ => 0,
    }
}

/// Plays lines against a flow and checks the laws after each.
pub fn hold(flow: &str, lines: &[String]) {
    let loaded = load::load_text("generated.yaml", flow);
    let Some(flow) = loaded.flow else {
        let findings = rehearsal::diagnostic::human::render(&loaded.diagnostics, &loaded.sources, false);
        panic!("a generated flow loads:\n{flow}\n{findings}");
    };
    let program = Arc::new(Program::compile_flow(&flow).expect("a flow that loads compiles"));
    let at = Instant::from_millis(1_767_592_800_000).expect("an instant");
    let start = || Rehearsal::start(&program, program.default_contact().clone(), at);
    let mut rehearsal = start();
    for line in lines {
        let before = rehearsal.session().clone();
        let (events, text) = (rehearsal.log().len(), rehearsal.log().text_len());
        match command::parse(line) {
            Ok(Command::Act(act)) => {
                if rehearsal.act(act).is_err() {
                    assert_eq!(*rehearsal.session(), before, "a rejected input changes nothing: {line}");
                } else {
                    let after = rehearsal.session().clone();
                    rehearsal.undo(1).expect("what was done can be undone");
                    assert_eq!(*rehearsal.session(), before, "undo restores what was: {line}");
                    rehearsal.redo(1).expect("what was undone can be done again");
                    assert_eq!(*rehearsal.session(), after, "redo restores what came of it: {line}");
                }
            }
            Ok(Command::Undo(count)) => drop(rehearsal.undo(count)),
            Ok(Command::Redo(count)) => drop(rehearsal.redo(count)),
            Ok(Command::Restart) => rehearsal.restart(),
            Ok(Command::Contact(_) | Command::Query(_) | Command::Quit) | Err(_) => {}
        }
        assert!(rehearsal.log().text_len().saturating_sub(text) <= GROWTH, "the log grew without bound: {line}");
        for event in rehearsal.log().since(events) {
            let json = serde_json::from_str(&json::event(&program, &event)).expect("an event is JSON");
            assert!(longest(&json) <= TEXT, "an event holds a text that is too long: {line}");
        }
        let saved = rehearsal.session().save().expect("a session can be saved");
        let state = serde_json::from_str(&saved).expect("a saved session is JSON");
        assert!(longest(&state) <= TEXT, "a text that is too long is kept: {line}");
        let restored = Session::restore(&program, &saved).expect("a saved session can be restored");
        assert_eq!(restored, *rehearsal.session(), "a saved session reads back equal");
    }
    // The same acts give the same stream, to the byte; and time never goes back in it.
    let mut again = start();
    for act in rehearsal.acts() {
        again.act(act.clone()).expect("what was taken once is taken again");
    }
    let stream = |rehearsal: &Rehearsal| -> Vec<String> {
        rehearsal.log().iter().map(|event| json::event(&program, &event)).collect()
    };
    assert_eq!(stream(&rehearsal), stream(&again));
    let mut last = at;
    for event in rehearsal.log().iter() {
        assert!(event.at >= last, "time goes back");
        last = event.at;
        let line = json::event(&program, &event);
        let json = serde_json::from_str::<serde_json::Value>(&line).unwrap_or_else(|_| panic!("not JSON: {line}"));
        let changes = json.get("old").zip(json.get("new"));
        assert!(changes.is_none_or(|(old, new)| old != new), "nothing changed, no event: {line}");
        assert!(!plain::event(&program, &event).contains(['\n', '\u{1b}']));
    }
}
