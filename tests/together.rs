//! Several workflows in one rehearsal, starting over with the files as they are now, and starting over as somebody else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const WORKSPACE: &str = "version: 1\ntimezone: Asia/Amman\ntags: [stop, lead]\ncontacts:\n  ana: { firstname: Ana }\n  ben: { firstname: Ben, last_incoming: 3 days ago }\n";
const MAIN: &str = "version: 1\nname: Main\nworkspace: workspace.yaml\nsteps:\n  - ask_question: { text: \"Hi $contact.firstname, your name?\", type: text }\n  - trigger_workflow: more.yaml\n";
const MORE: &str = "version: 1\nname: More\nworkspace: workspace.yaml\nsteps:\n  - send_message: Thanks\n";
const OPT_OUT: &str = "version: 1\nname: Opt out\ntrigger: { contact_tag_updated: { added: [stop] } }\nsteps:\n  - send_message: You are out\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in
        [("workspace.yaml", WORKSPACE), ("main.yaml", MAIN), ("more.yaml", MORE), ("a_opt_out.yaml", OPT_OUT)]
    {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn rehearse(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn events(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

fn texts<'e>(events: &'e [Value], name: &str) -> Vec<&'e str> {
    let found = events.iter().filter(|event| event["event"] == name);
    found.filter_map(|event| event["text"].as_str().or(event["message"].as_str())).collect()
}

const AT: &str = "2026-01-05T09:00";

#[test]
fn a_workflow_that_takes_part_starts_when_none_runs_and_says_why_not_when_one_does() {
    let folder = folder();
    let arguments = ["play", "main.yaml", "--with", "a_opt_out.yaml", "--json", "--at", AT];
    let played = events(&rehearse(folder.path(), &arguments, "/tag stop\n/untag stop\nAna\n/tag stop\n"));
    assert_eq!(texts(&played, "notice"), ["\"Opt out\" did not start: \"Main\" is still running"]);
    assert_eq!(texts(&played, "message_sent"), ["Thanks", "You are out"]);
    let out = played.iter().find(|event| event["text"] == "You are out").unwrap();
    assert_eq!(out["workflow"], "Opt out");
    // Without it nobody is there to hear the tag.
    let alone = events(&rehearse(folder.path(), &["main.yaml", "--json", "--at", AT], "Ana\n/tag stop\n"));
    assert_eq!(texts(&alone, "message_sent"), ["Thanks"]);
}

#[test]
fn of_a_folder_the_flow_that_no_other_triggers_comes_first_unless_one_is_named() {
    let folder = folder();
    fs::remove_file(folder.path().join("a_opt_out.yaml")).unwrap();
    fs::write(folder.path().join("z_opt_out.yaml"), OPT_OUT).unwrap();
    let output = rehearse(folder.path(), &["play", ".", "--json", "--at", AT], "Ana\n/tag stop\n");
    assert!(String::from_utf8_lossy(&output.stderr).contains("`Main`"));
    let played = events(&output);
    assert_eq!(played[0]["workflow"], "Main");
    assert_eq!(texts(&played, "message_sent"), ["Thanks", "You are out"]);
    for start in ["more.yaml", "./more.yaml"] {
        let output = rehearse(folder.path(), &["play", ".", "--start", start, "--plain", "--at", AT], "");
        assert!(String::from_utf8_lossy(&output.stdout).starts_with("Workflow \"More\" starts"));
        assert!(output.stderr.is_empty());
    }
    for wrong in [
        vec!["play", ".", "--start", "workspace.yaml", "--plain"],
        vec!["play", "main.yaml", "--start", "more.yaml", "--plain"],
        vec!["play", "main.yaml", "--with", "missing.yaml", "--plain"],
    ] {
        assert_eq!(rehearse(folder.path(), &wrong, "").status.code(), Some(2), "{wrong:?}");
    }
    let drawn = rehearse(folder.path(), &["export", ".", "--to", "mermaid"], "");
    let drawn = String::from_utf8(drawn.stdout).unwrap();
    assert!(drawn.contains("Main") && drawn.contains("Opt out"), "{drawn}");
}

#[test]
fn a_folder_without_flows_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("workspace.yaml"), WORKSPACE).unwrap();
    let output = rehearse(folder.path(), &["play", ".", "--plain"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no flow in the folder"));
}

#[test]
fn workflows_of_one_rehearsal_share_a_workspace() {
    let folder = folder();
    fs::write(folder.path().join("other.yaml"), "version: 1\ntags: [x]\n").unwrap();
    let other = OPT_OUT.replace("name: Opt out", "name: Opt out\nworkspace: other.yaml");
    fs::write(folder.path().join("a_opt_out.yaml"), other).unwrap();
    let arguments = ["play", "main.yaml", "--with", "a_opt_out.yaml", "--plain"];
    let output = rehearse(folder.path(), &arguments, "");
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8(output.stderr).unwrap();
    assert!(shown.contains("error[workspaces-differ]") && shown.contains("a_opt_out.yaml:3:12"), "{shown}");
    // One workspace for all is an answer.
    let arguments = ["play", "main.yaml", "--with", "a_opt_out.yaml", "--workspace", "workspace.yaml", "--plain"];
    assert!(rehearse(folder.path(), &arguments, "").status.success());
    // Who names none goes along, also when it comes first.
    fs::write(folder.path().join("main.yaml"), MAIN.replace("workspace: workspace.yaml\n", "")).unwrap();
    let played = events(&rehearse(folder.path(), &["play", "main.yaml", "--with", "more.yaml", "--json"], ""));
    assert_eq!(played[0]["workflow"], "Main");
    assert_eq!(texts(&played, "question_asked"), ["Hi Ana, your name?"]);
}

#[test]
fn starting_over_as_somebody_else() {
    let folder = folder();
    let input = "/contact ben\n/contact eva\nBen\n/restart\n";
    let played = events(&rehearse(folder.path(), &["main.yaml", "--json", "--at", AT], input));
    assert_eq!(texts(&played, "question_asked"), ["Hi Ana, your name?", "Hi Ben, your name?", "Hi Ben, your name?"]);
    let restarted: Vec<&Value> = played.iter().filter(|event| event["event"] == "restarted").collect();
    assert_eq!(restarted.len(), 2);
    assert_eq!(restarted[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["at", "event", "workflow"]);
    assert_eq!(restarted[0]["at"], "2026-01-05T09:00:00+03:00");
    assert_eq!(texts(&played, "error"), ["the workspace has no contact \"eva\"; it has \"ana\", \"ben\""]);
    let plain = rehearse(folder.path(), &["main.yaml", "--plain", "--at", AT], "/contact ben\n/contact\n");
    let plain = String::from_utf8(plain.stdout).unwrap();
    assert!(plain.contains("Started over as Ben; it is Mon 5 Jan 2026 09:00:00."), "{plain}");
    assert!(plain.contains("Error: /contact needs the name of a contact"), "{plain}");
}

#[test]
fn a_restart_reads_the_files_again_and_keeps_the_version_before_when_they_have_errors() {
    let folder = folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .current_dir(folder.path())
        .args(["main.yaml", "--json", "--at", AT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |name: &str| {
        let mut seen: Vec<Value> = Vec::new();
        while seen.last().is_none_or(|event| event["event"] != name) {
            seen.push(serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap());
        }
        seen
    };
    until("timer_set");
    fs::write(folder.path().join("main.yaml"), MAIN.replace("your name?", "your full name?")).unwrap();
    fs::write(folder.path().join("workspace.yaml"), WORKSPACE.replace("firstname: Ana", "firstname: Anna")).unwrap();
    writeln!(input, "/restart").unwrap();
    let seen = until("timer_set");
    assert_eq!(names(&seen), ["restarted", "workflow_started", "question_asked", "timer_set"]);
    assert_eq!(seen[2]["text"], "Hi Anna, your full name?");
    fs::write(folder.path().join("main.yaml"), MAIN.replace("ask_question", "ask_qestion")).unwrap();
    writeln!(input, "/restart").unwrap();
    let seen = until("timer_set");
    assert_eq!(names(&seen), ["restarted", "error", "workflow_started", "question_asked", "timer_set"]);
    let message = seen[1]["message"].as_str().unwrap();
    assert!(message.starts_with("main.yaml:5:5: ") && message.ends_with("the version before it runs on"), "{message}");
    assert_eq!(seen[3]["text"], "Hi Anna, your full name?");
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn when_the_contact_last_wrote_may_be_said_as_so_long_ago() {
    let folder = folder();
    let flow = "version: 1\nname: Late\nworkspace: workspace.yaml\ncontact: ben\nsteps:\n  - branch:\n      - { name: Late, when: { last_incoming_message_time: { is_more_than_ago: 71 hours } }, steps: [] }\n      - { name: Later, when: { last_incoming_message_time: { is_more_than_ago: 73 hours } } }\n";
    fs::write(folder.path().join("late.yaml"), flow).unwrap();
    let played = events(&rehearse(folder.path(), &["late.yaml", "--json", "--at", AT], ""));
    let taken = played.iter().find(|event| event["event"] == "branch_taken").unwrap();
    assert_eq!(taken["arm"], "Late");
    assert_eq!(taken["why"][0]["conditions"][0]["actual"], "2026-01-02T09:00:00+03:00");
    for (written, good) in [
        ("3 days ago", true),
        ("1 day 12h ago", true),
        ("{ at: 2h ago, text: Hi }", true),
        ("3 dayz ago", false),
        ("ago", false),
        ("3 days", false),
    ] {
        fs::write(folder.path().join("workspace.yaml"), WORKSPACE.replace("3 days ago", written)).unwrap();
        let output = rehearse(folder.path(), &["check", "late.yaml"], "");
        assert_eq!(output.status.success(), good, "{written}: {}", String::from_utf8_lossy(&output.stdout));
    }
}
