//! Every door through which names and texts reach a terminal: whatever they hold, nothing that a terminal would obey comes out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use proptest::prelude::*;
use rehearsal::engine::Program;
use rehearsal::flow::graph::{dot, drawing, mermaid};
use rehearsal::flow::load;
use rehearsal::rehearsal::{Rehearsal, instant};
use rehearsal::tui::Options;
use rehearsal::tui::headless::Stage;
use serde_json::json;

/// Names thick with what a terminal obeys or is misled by.
const EVIL: &str = "a\u{1b}]0;x\u{7}\u{9b}\u{85}\u{7f}\r\n\u{202e}b\u{2066}\u{2028}\u{200f}c\"\\";

fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<char>(),
        proptest::char::range('\0', '\u{a0}'),
        proptest::char::range('\u{200b}', '\u{206f}'),
        Just('"'),
        Just('\n'),
    ];
    proptest::collection::vec(part, 1..12).prop_map(|chars| chars.into_iter().collect())
}

/// A flow whose every name and text holds `evil`. JSON in ASCII is YAML.
fn flow(evil: &str) -> String {
    let name = |what: &str| format!("{what} {evil}");
    let flow = json!({
        "version": 1,
        "name": name("flow"),
        "workspace": {
            "timezone": "Asia/Amman",
            "channels": [
                { "id": name("channel"), "type": "whatsapp", "name": name("number") },
                { "id": "web", "type": "web_chat" },
            ],
            "contact_fields": [{ "id": "city", "type": "text" }],
            "tags": [name("g")],
            "users": [{ "id": name("user"), "name": name("Dana") }],
            "teams": { name("team"): [name("user")] },
            "lifecycle": [name("stage")],
            "workflows": [{ "name": name("elsewhere"), "external": true }],
            "contacts": { name("ben"): { "firstname": name("Ben"), "tags": [name("t")], "fields": { "city": name("Irbid") } } },
        },
        "contact": name("ben"),
        "steps": [
            { "name": name("say"), "send_message": name("hello") },
            { "update_contact_tag": { "add": [name("g")], "remove": name("cold") } },
            { "update_contact_field": { "field": "city", "value": name("v") } },
            { "add_comment": name("note") },
            { "assign_to": { "user": name("user") } },
            { "update_lifecycle": name("stage") },
            { "name": name("ask"), "ask_question": {
                "text": name("which"), "type": "multiple_choice", "options": [evil, "Other"], "save_as": { "variable": "which" },
                "failure_branch": [{ "close_conversation": { "summary": name("over") } }] } },
            { "name": name("decide"), "branch": [
                { "name": name("arm"), "when": { "variable": "which", "is_equal_to": evil }, "note": name("nothing") },
                { "else": "continue" },
            ] },
            { "name": name("wait"), "wait": "1 hour" },
            { "name": name("trigger"), "trigger_workflow": name("elsewhere") },
        ],
    });
    ascii(&flow)
}

/// JSON in which everything beyond ASCII is escaped.
fn ascii(json: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in json.to_string().chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let escape = format!("\\u{unit:04x}");
                out.push_str(&escape);
            }
        }
    }
    out
}

/// Whether a terminal would obey it: a line's end is all that may come through.
fn obeyed(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The output without what line mode puts around right-to-left words itself: isolates that are closed on the same line.
fn without_own_isolates(text: &str) -> String {
    let balanced = |line: &str| {
        let mut depth = 0;
        line.chars().all(|c| {
            depth += i32::from(c == '\u{2068}') - i32::from(c == '\u{2069}');
            (0..=1).contains(&depth)
        }) && depth == 0
    };
    let own = |line: &str| if balanced(line) { line.replace(['\u{2068}', '\u{2069}'], "") } else { line.to_owned() };
    text.split('\n').map(own).collect::<Vec<_>>().join("\n")
}

fn holds(door: &str, text: &str) {
    let bad = text.chars().find(|c| obeyed(*c));
    assert!(bad.is_none(), "{door} lets {bad:?} through:\n{}", text.escape_debug());
}

/// JSON may hold no mark of the bidirectional algorithm either, and says the same as before.
fn holds_json(door: &str, text: &str) {
    holds(door, text);
    assert!(!text.contains(['\u{61c}', '\u{200e}', '\u{200f}']), "{door}: {}", text.escape_debug());
}

fn rehearse(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What a command writes holds; its exit code and both streams as text.
fn command(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let output = rehearse(arguments, input);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    holds(&format!("{arguments:?}"), &without_own_isolates(&out));
    holds(&format!("{arguments:?} (errors)"), &err);
    (output.status.code(), out, err)
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

const COMMANDS: &str = "/why\n/timers\n/set field.city=EVIL\n/set var.EVIL=EVIL\n/tag EVIL\n/untag EVIL\n/agent EVIL\n/channel EVIL\n/assign EVIL\n/EVIL\nEVIL\n/undo\n/redo\n/state\n/timers\n/help\n/forward EVIL\n/1\n1\n/why\n/forward 1 day\n/state\n";

#[test]
fn the_flow_runs_under_decent_names() {
    let loaded = load::load_text("decent.yaml", &flow("decent"));
    assert_eq!(loaded.diagnostics, []);
    assert!(loaded.flow.is_some());
    // And under most others.
    assert!(load::load_text("evil.yaml", &flow("\u{1b}[31m\u{9b}\u{202e}")).flow.is_some());
}

#[test]
fn every_command_keeps_what_a_terminal_obeys_to_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "evil.yaml", &flow(EVIL));
    let at = ["--at", "2026-01-05T09:00"];
    // A line's end cannot be typed into a line.
    let input = COMMANDS.replace("EVIL", &EVIL.replace(['\r', '\n'], ""));
    let (code, out, err) = command(&[&path, "--plain", at[0], at[1]], &input);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("hello a␛]0;x␇"), "{out}");
    let (code, out, _) = command(&[&path, "--json", at[0], at[1]], &input);
    assert_eq!(code, Some(0));
    holds_json("--json", &out);
    let sent = out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let texts: Vec<_> = sent.filter(|event| event["event"] == "message_sent").collect();
    assert_eq!(texts[0]["text"], format!("hello {EVIL}"), "the same value");

    for format in ["dot", "mermaid"] {
        let (code, out, _) = command(&["export", &path, "--to", format], "");
        assert_eq!(code, Some(0));
        assert_eq!(out.lines().filter(|line| line.contains("flow a")).count(), 1, "{out}");
    }
    let (_, exported, _) = command(&["export", &path, "--to", "respondio"], "");
    holds_json("export --to respondio", &exported);

    let (code, _, err) = command(&[&path, "--plain", "--channel", "nope"], "");
    assert_eq!((code, err.lines().count()), (Some(2), 1), "{err}");
    for wrong in [
        vec![path.as_str(), "--plain", "--channel", EVIL],
        vec![&path, "--plain", "--contact", EVIL],
        vec![&path, "--plain", "--at", EVIL],
        vec![&path, "--plain", "--workspace", EVIL],
        vec![&path, "--plain", "--ai-endpoint", EVIL],
        vec![EVIL, "--plain"],
        vec!["check", EVIL],
        vec!["import", EVIL],
        vec!["export", EVIL, "--to", "dot"],
    ] {
        let (code, _, err) = command(&wrong, "");
        assert_eq!((code, err.lines().count()), (Some(2), 1), "{wrong:?}: {err}");
    }
    let clap = format!("--{EVIL}");
    for wrong in [
        vec![path.as_str(), &clap],
        vec![&path, "--theme", EVIL],
        vec![&path, "--theme", "da\u{202e}rk"],
        vec![&path, "--speed", EVIL],
        vec!["export", &path, "--to", EVIL],
        vec!["check", &path, EVIL, "--format", EVIL],
    ] {
        let (code, _, err) = command(&wrong, "");
        assert_eq!(code, Some(2), "{wrong:?}: {err}");
        assert!(err.starts_with("error: ") && err.contains("--help"), "{wrong:?}: {err}");
    }

    // Names of files, too.
    let evil_name = EVIL.replace(['/', '\\'], "");
    let broken = format!("version: 1\nname: x\nsteps:\n  - {}: 1\n", ascii(&json!(EVIL)));
    let odd = written(folder.path(), &format!("{evil_name}.yaml"), &broken);
    let (code, out, _) = command(&["check", &odd], "");
    assert_eq!(code, Some(1));
    assert!(out.contains("unknown"), "{out}");
    let (_, out, _) = command(&["check", &odd, &path, "--format", "json"], "");
    holds_json("check --format json", &out);
    serde_json::from_str::<serde_json::Value>(&out).unwrap();

    let native = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/native/consent.json")).unwrap();
    let mut native: serde_json::Value = serde_json::from_str(&native).unwrap();
    spoil(&mut native);
    let native = written(folder.path(), &format!("{evil_name}.json"), &ascii(&native));
    let into = folder.path().join(&evil_name).display().to_string();
    let (code, out, err) = command(&["import", &native, "--into", &into], "");
    assert!(code == Some(1) && err.contains("error") || out.contains("wrote "), "{code:?} {out} {err}");
    command(&["check", &native], "");
    command(&["export", &native, "--to", "dot"], "");
    command(&[&native, "--plain", at[0], at[1]], "1\n");
}

/// Puts something evil behind every text of more than a word.
fn spoil(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) if text.contains(' ') => text.push_str(EVIL),
        serde_json::Value::Array(items) => items.iter_mut().for_each(spoil),
        serde_json::Value::Object(items) => items.values_mut().for_each(spoil),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_to_obey_comes_through_any_door(evil in hostile()) {
        use rehearsal::diagnostic::{human, json as findings};
        use rehearsal::rehearsal::{command, json, plain};
        let loaded = load::load_text("evil.yaml", &flow(&evil));
        holds("human findings", &human::render(&loaded.diagnostics, &loaded.sources, false));
        holds_json("JSON findings", &findings::render(&loaded.diagnostics, &loaded.sources));
        // Some names are refused: those findings were what there was to see.
        if let Some(flow) = loaded.flow {
            let picture = drawing(&[&flow], |_, call| rehearsal::flow::graph::Lead::Elsewhere(call.workflow.value.clone()));
            holds("dot", &dot(&picture));
            holds("mermaid", &mermaid(&picture));
            let program = Arc::new(Program::compile_flow(&flow).unwrap());
            let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
            let mut rehearsal = Rehearsal::start(&program, program.default_contact().clone(), at);
            for line in COMMANDS.replace("EVIL", &evil).lines() {
                match command::parse(line) {
                    Ok(command::Command::Act(act)) => {
                        if let Err(refused) = rehearsal.act(act) {
                            holds("plain errors", &plain::error(&refused.to_string()));
                            holds_json("JSON errors", &json::message(rehearsal.session(), "error", &refused.to_string()));
                        }
                    }
                    Ok(_) => {}
                    Err(error) => holds("plain errors", &plain::error(&error.to_string())),
                }
                holds_json("the state", &json::state(rehearsal.session()));
                holds_json("the timers", &json::timers(rehearsal.session()));
                holds("the state", &without_own_isolates(&plain::state(rehearsal.session()).join("\n")));
                holds("the timers", &without_own_isolates(&plain::timers(rehearsal.session()).join("\n")));
            }
            for event in rehearsal.log().iter() {
                let line = plain::event(&program, &event);
                prop_assert!(!line.contains('\n'), "{line:?}");
                holds("line mode", &without_own_isolates(&line));
                holds_json("the event stream", &json::event(&program, &event));
            }
            let mut stage = Stage::new(rehearsal, &Options::default(), 100, 30);
            for keys in ["<C-t>", "<C-x>", "<Esc>", "<C-o>", "<Esc>", "<F9>", "<Esc>", "<Tab>", "<C-p>", "<Esc>", "<F1>"] {
                holds("the screen", &stage.keys(keys).text());
            }
        }
    }
}
