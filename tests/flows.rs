//! The shipped flows: each loads without a finding and plays the conversations of `tests/flows.md`.
//!
//! A case there is a heading (with `contact`, `at` and `channel` in brackets where they are not the flow's own) and a transcript. Its
//! `in:` lines are played; what comes of them must be the transcript, to the letter. `UPDATE_FLOWS=1 cargo test --test flows` writes the
//! transcripts anew, to be read before they are committed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rehearsal::engine::Program;
use rehearsal::flow::link;
use rehearsal::flow::load::LoadOptions;
use rehearsal::lint;
use rehearsal::rehearsal::command::{self, Command};
use rehearsal::rehearsal::{Rehearsal, instant, json};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_shipped_flow_loads_without_a_finding() {
    let mut flows = 0;
    for entry in std::fs::read_dir(root().join("flows")).unwrap() {
        let path = entry.unwrap().path();
        let mut loaded = link::check_files(std::slice::from_ref(&path)).unwrap();
        lint::lint_checked(&mut loaded);
        let findings = rehearsal::diagnostic::human::render(&loaded.diagnostics, &loaded.sources, false);
        assert!(loaded.diagnostics.is_empty(), "{findings}");
        if !path.ends_with("workspace.yaml") {
            flows += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.starts_with('#'), "{} opens with a comment on what to try", path.display());
        }
    }
    assert!(flows >= 19, "{flows} flows");
}

#[test]
fn every_shipped_flow_plays_its_conversations() {
    let path = root().join("tests/flows.md");
    let written = std::fs::read_to_string(&path).unwrap();
    let (played, flows) = play_all(&written);
    if std::env::var_os("UPDATE_FLOWS").is_some() {
        std::fs::write(&path, &played).unwrap();
    }
    for (number, (written, played)) in written.lines().zip(played.lines()).enumerate() {
        assert_eq!(written, played, "tests/flows.md:{}", number + 1);
    }
    assert_eq!(written.lines().count(), played.lines().count());
    for entry in std::fs::read_dir(root().join("flows")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "workspace.yaml" || flows.contains(&name), "{name} has no conversation in tests/flows.md");
    }
}

/// The document with every transcript played anew, and the names of the flows in it.
fn play_all(document: &str) -> (String, Vec<String>) {
    let mut out = String::new();
    let (mut flow, mut heading, mut flows) = (String::new(), String::new(), Vec::new());
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        if let Some(name) = line.strip_prefix("## flows/") {
            name.clone_into(&mut flow);
            flows.push(flow.clone());
        } else if let Some(text) = line.strip_prefix("### ") {
            text.clone_into(&mut heading);
        } else if line == "```" {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let inputs = block.iter().filter_map(|line| line.split_once("  in: ").map(|(_, input)| input));
            out.push_str(&transcript(&flow, &heading, inputs));
            let summary = lines.next().unwrap_or_default();
            assert!(summary.starts_with("fields:"), "after a transcript stands its summary, not {summary:?}");
        }
    }
    (out, flows)
}

fn transcript<'a>(flow: &str, heading: &str, inputs: impl Iterator<Item = &'a str>) -> String {
    let path = root().join("flows").join(flow);
    let loaded = link::load_project(Path::new(&path), &LoadOptions::default()).unwrap();
    let program = Arc::new(Program::compile(&loaded.project.expect("it loads")).unwrap());
    let options =
        heading.strip_suffix(')').and_then(|heading| heading.rsplit_once('(')).map_or("", |(_, options)| options);
    let option = |name: &str| options.split(", ").find_map(|option| option.strip_prefix(name)?.strip_prefix(' '));
    let mut contact = match option("contact") {
        Some(name) => program.contact_named(name).expect("a contact of the workspace").clone(),
        None => program.default_contact().clone(),
    };
    if let Some(channel) = option("channel").and_then(|id| program.channel_named(id)) {
        contact.channels.retain(|other| *other != channel);
        contact.channels.insert(0, channel);
    }
    let at = instant::parse(option("at").unwrap_or("2026-01-05T09:00:00+03:00"), program.zone(), None).unwrap();

    let mut rehearsal = Rehearsal::start(&program, contact, at);
    let mut out = String::new();
    let mut ended = String::from("no");
    tell(&rehearsal, 0, &mut out, &mut ended);
    for input in inputs {
        let clock = rehearsal.session().now().local(program.zone()).format("%a %H:%M");
        let _ = writeln!(out, "{clock}    in: {input}");
        let Command::Act(act) = command::parse(input).unwrap() else { panic!("{input} is no act") };
        let outcome = rehearsal.act(act).unwrap_or_else(|refused| panic!("{flow}, {heading}: {input}: {refused}"));
        tell(&rehearsal, outcome.events_from, &mut out, &mut ended);
    }
    let _ = writeln!(out, "ended: {ended}\n```");
    let state: Value = serde_json::from_str(&json::state(rehearsal.session())).unwrap();
    let contact = &state["contact"];
    let standard = ["email", "phone"].into_iter().map(|name| (name.to_owned(), contact[name].clone()));
    let custom = contact["fields"].as_object().unwrap().clone().into_iter();
    let mut fields: Vec<String> = standard
        .chain(custom)
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| format!("{name}={}", plain(&value)))
        .collect();
    fields.sort();
    let tags: Vec<String> = contact["tags"].as_array().unwrap().iter().map(plain).collect();
    let lifecycle = contact["lifecycle"].as_str().map_or(String::new(), |stage| format!(" · lifecycle: {stage}"));
    let _ = writeln!(out, "fields: {} · tags: {}{lifecycle}", fields.join(", "), tags.join(", "));
    out
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Writes down what happened since an event.
fn tell(rehearsal: &Rehearsal, from: usize, out: &mut String, ended: &mut String) {
    let program = rehearsal.program();
    for event in rehearsal.log().since(from) {
        let clock = event.at.local(program.zone()).format("%a %H:%M");
        let event: Value = serde_json::from_str(&json::event(program, &event)).unwrap();
        let text = |key: &str| plain(&event[key]);
        let words = match event["event"].as_str().unwrap() {
            "message_sent" if event["attachment"].is_object() => {
                let name = &event["attachment"]["name"];
                format!("  attachment: {}", plain(if name.is_null() { &event["attachment"]["url"] } else { name }))
            }
            "message_sent" if event["template"].is_object() => {
                format!("  template: {} — {}", plain(&event["template"]["name"]), plain(&event["template"]["body"]))
            }
            "message_sent" => format!("  bot: {}", text("text")),
            "question_asked" => {
                let options: Vec<String> = event["options"].as_array().unwrap().iter().map(plain).collect();
                let options = if options.is_empty() { String::new() } else { format!(" [{}]", options.join(" | ")) };
                format!("  ask: {}{options}", text("text"))
            }
            "answer_rejected" => format!("    -- answer rejected: {}", text("reason")),
            "field_updated" => format!("    field {}: {}", text("field"), text("new")),
            "field_not_saved" => format!("    field not saved: {}", text("reason")),
            "tag_added" => format!("    tag added: {}", text("tag")),
            "tag_removed" => format!("    tag removed: {}", text("tag")),
            "branch_taken" => format!("    took: {}", text("arm")),
            "timer_fired" if event["timer"] == "wait" => "    -- wait over".to_owned(),
            "timer_fired" => format!("    -- {}", text("timer").replace('_', " ")),
            "jump_exhausted" => format!("    -- jump exhausted: {}", text("to")),
            "sending_failed" => format!("    sending failed: {}", text("cause")),
            "comment_added" => format!("    comment: {}", text("text")),
            "assigned" => format!("    assigned to {}: {}", text("user"), text("reason")),
            "unassigned" => "    unassigned".to_owned(),
            "assignment_waiting" => format!("    -- waiting: {}", text("reason")),
            "http_requested" => format!("    request: {} {}", text("method"), text("url")),
            "http_responded" if event["error"].is_string() => format!("    no response: {}", text("error")),
            "http_responded" => format!("    response: {}", text("status")),
            "sheet_row_added" => format!("    row: {}", text("row")),
            "ai_replied" if !event["outcome"].is_null() => format!("    AI: {}", text("outcome")),
            "notice" => format!("    note: {}", text("message")),
            "workflow_started" if rehearsal.program().workflows().len() > 1 => format!("  » {}", text("workflow")),
            "lifecycle_updated" => format!("    lifecycle: {}", text("new")),
            "conversation_closed" => {
                let parts = ["category", "summary"].map(|key| event[key].as_str().unwrap_or_default());
                let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                format!("    closed: {}", parts.join(" · "))
            }
            "date_time_checked" if event["inside"] == true => "    -- inside hours".to_owned(),
            "date_time_checked" => "    -- outside hours".to_owned(),
            "workflow_ended" => {
                *ended = text("reason");
                continue;
            }
            _ => continue,
        };
        let _ = writeln!(out, "{clock}{}", words.replace('\n', " ⏎ "));
    }
}
