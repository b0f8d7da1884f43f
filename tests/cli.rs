//! The program from outside: arguments, streams, exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use std::io::Write as _;

fn rehearse(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .args(arguments)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

const ASK: &str = "version: 1\nname: Ask\nsteps:\n  - id: ask\n    ask_question: { text: Name?, type: text, save_as: { variable: name } }\n  - send_message: Hello $name\n";

fn events(output: &Output) -> Vec<serde_json::Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn workload_w_gives_the_same_stream_to_the_byte() {
    let replies = "pizza\nSales\nana@example.com\n+12065551212\n42\n12/31/2026\n5\n/forward 1 day\nNo thanks\n";
    let flow = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/lead_capture.yaml");
    let output = rehearse(&[flow, "--json", "--at", "2027-01-15T08:00:00Z"], replies);
    assert!(output.status.success(), "{}", stderr(&output));
    let said = |event: &&serde_json::Value| event["event"] == "message_sent" || event["event"] == "question_asked";
    assert_eq!(events(&output).iter().filter(said).count(), 14);
    insta::assert_snapshot!("workload_w", stdout(&output));
}

#[test]
fn line_mode_prints_a_sentence_per_event_and_ends_with_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let flow = write(folder.path(), "ask.yaml", ASK);
    let output = rehearse(
        &[&flow, "--plain", "--at", "2026-01-05T09:00"],
        "/timers\n/undo\nAna\r\n/why\n/what\n/undo\n/redo\n/quit\nnot read\n",
    );
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stdout(&output), @r#"
    Workflow "Ask" starts (manual).
    Bot asks: Name?
    The time to answer lasts until Mon 12 Jan 2026 09:00:00, 7 days from now.
    The time to answer of "ask" lasts until Mon 12 Jan 2026 09:00:00, 7 days from now.
    Error: there is nothing to undo.
    Contact: Ana
    The time to answer no longer matters.
    The answer is taken as "Ana".
    Variable name: set to "Ana".
    Bot: Hello Ana
    Workflow ended: completed.
    Workflow ended: completed.
    Error: there is no command /what; /help lists them.
    1 input undone; it is Mon 5 Jan 2026 09:00:00.
    1 input redone; it is Mon 5 Jan 2026 09:00:00.
    Contact: Ana
    The time to answer no longer matters.
    The answer is taken as "Ana".
    Variable name: set to "Ana".
    Bot: Hello Ana
    Workflow ended: completed.
    It is Mon 5 Jan 2026 09:00:00.
    Contact Sam Rivera, last on Web chat, conversation open.
    Contact firstname is "Sam".
    Contact lastname is "Rivera".
    Contact phone is "+12025550123".
    No tags.
    Variable name is "Ana".
    The workflow has ended: completed.
    "#);
}

#[test]
fn the_stream_holds_only_json_and_starts_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let flow = write(folder.path(), "ask.yaml", ASK);
    let output = rehearse(
        &[&flow, "--json", "--at", "2026-01-05T09:00:00+03:00"],
        "/until 2026-01-05T07:00\n/undo\n/redo\n/bad\n\n",
    );
    let events = events(&output);
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "workflow_started",
            "question_asked",
            "timer_set",
            "time_advanced",
            "undone",
            "redone",
            "time_advanced",
            "error",
            "contact_message",
            "answer_rejected",
            "state"
        ]
    );
    assert_eq!(events[0]["at"], "2026-01-05T06:00:00+00:00");
    assert_eq!(events[0]["workflow"], "Ask");
    assert_eq!((&events[4]["count"], &events[4]["at"]), (&1.into(), &"2026-01-05T06:00:00+00:00".into()));
    assert_eq!(events[8]["text"], "");
    let state = events.last().unwrap();
    assert_eq!(state["waiting"]["step"], "ask");
    assert_eq!(state["contact"]["email"], serde_json::Value::Null);
}

#[test]
fn refusals_of_play_go_to_stderr_and_exit_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let broken =
        write(folder.path(), "broken.yaml", "version: 1\nname: B\nsteps:\n  - ask_qestion: { text: Hi, type: text }\n");
    for (name, bytes) in [
        ("deep.yaml", "[".repeat(10_000).into_bytes()),
        ("binary.yaml", vec![0, 159, 146, 150]),
        ("big.yaml", vec![b'#'; 50 << 20]),
    ] {
        let path = write(folder.path(), name, bytes);
        let output = rehearse(&[&path, "--json"], "");
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()), "{name}");
        assert!(stderr(&output).contains(name), "{}", stderr(&output));
    }
    let output = rehearse(&[&broken, "--plain"], "");
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
    assert!(
        stderr(&output).contains("broken.yaml:4:5") && stderr(&output).contains("ask_question"),
        "{}",
        stderr(&output)
    );
    assert!(!stderr(&output).contains('\u{1b}'), "no colour into a pipe");
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let flow = write(folder.path(), "ask.yaml", ASK);
    let here = folder.path().join("empty").display().to_string();
    fs::create_dir(&here).unwrap();
    for arguments in [
        vec!["none.yaml", "--plain"],
        vec![here.as_str(), "--plain"],
        vec![flow.as_str(), "--plain", "--at", "soon"],
        vec![flow.as_str(), "--plain", "--contact", "nobody"],
        vec![flow.as_str(), "--plain", "--channel", "fax"],
        vec![flow.as_str(), "--plain", "--json"],
        vec![flow.as_str(), "--nonsense"],
        vec!["check", "none.yaml"],
        vec!["check"],
        vec![flow.as_str(), "--plain", "--speed", "-1"],
        vec![flow.as_str()],
    ] {
        let output = rehearse(&arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).is_empty() && stdout(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_contact_comes_from_the_workspace_or_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let flow = write(
        folder.path(),
        "hi.yaml",
        "version: 1\nname: Hi\nworkspace: w.yaml\nsteps:\n  - send_message: Hi $contact.name\n",
    );
    write(
        folder.path(),
        "w.yaml",
        "version: 1\nchannels: [{ id: wa, type: whatsapp }, { id: web, type: web_chat }]\ncontacts:\n  ana: { firstname: Ana }\n  ben: { firstname: Ben }\n",
    );
    let card = write(folder.path(), "card.yaml", "firstname: Carla\nlast_channel: web\n");
    let hello = |arguments: &[&str]| {
        let output = rehearse(&[&[flow.as_str(), "--json"], arguments].concat(), "");
        let event = events(&output).into_iter().find(|event| event["event"] == "message_sent").unwrap();
        format!("{} on {}", event["text"].as_str().unwrap(), event["channel"].as_str().unwrap())
    };
    assert_eq!(hello(&[]), "Hi Ana on wa");
    assert_eq!(hello(&["--contact", "ben"]), "Hi Ben on wa");
    assert_eq!(hello(&["--contact", &card]), "Hi Carla on web");
    assert_eq!(hello(&["--channel", "web"]), "Hi Ana on web");
    let other = write(
        folder.path(),
        "other.yaml",
        "version: 1\nchannels: [{ id: sms, type: sms }]\ncontacts:\n  zoe: { firstname: Zoe }\n",
    );
    assert_eq!(hello(&["--workspace", &other]), "Hi Zoe on sms");
}

#[test]
fn check_tells_every_finding_of_a_folder_at_once() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "a.yaml",
        "version: 1\nname: A\nsteps:\n  - jump_to: nowhere\n  - ask_question: { text: Q, type: numbr }\n",
    );
    fs::create_dir(folder.path().join("sub")).unwrap();
    write(
        &folder.path().join("sub"),
        "b.yml",
        "version: 1\nname: B\nworkspace: w.yml\nsteps:\n  - update_contact_tag: { add: vpi }\n",
    );
    write(&folder.path().join("sub"), "w.yml", "version: 1\nchannels: [{ id: web, type: web_chat }]\ntags: [vip]\n");
    write(folder.path(), "c.scenario.yaml", "not: a flow\n");
    let here = folder.path().display().to_string();

    let output = rehearse(&["check", &here], "");
    assert_eq!(output.status.code(), Some(1));
    let out = stdout(&output);
    assert!(out.contains("a.yaml:4:14") && out.contains("a.yaml:5:36") && out.contains("b.yml:5:32"), "{out}");
    assert!(out.contains("3 files checked: 2 errors, 1 warning"), "{out}");

    let sub = folder.path().join("sub").display().to_string();
    assert_eq!(rehearse(&["check", &sub], "").status.code(), Some(0));
    assert_eq!(rehearse(&["check", &sub, "--deny-warnings"], "").status.code(), Some(1));

    let findings: serde_json::Value =
        serde_json::from_str(&stdout(&rehearse(&["check", &here, "--format", "json"], ""))).unwrap();
    let found = findings.as_array().unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(
        (&found[0]["severity"], &found[0]["line"], &found[0]["column"]),
        (&"error".into(), &4.into(), &14.into())
    );
    assert!(
        found.iter().any(|finding| finding["help"].as_str().is_some_and(|help| help.contains("vip"))),
        "{findings}"
    );
}

#[test]
fn help_shows_an_example() {
    for arguments in [vec!["--help"], vec!["play", "--help"], vec!["check", "--help"], vec!["export", "--help"]] {
        let output = rehearse(&arguments, "");
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("Example"), "{arguments:?}");
    }
}

#[test]
fn export_draws_every_flow_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let ask = write(folder.path(), "ask.yaml", ASK);
    let broken = write(folder.path(), "broken.yaml", "version: 1\nname: B\n");
    let output = rehearse(&["export", &ask, &ask, "--to", "mermaid"], "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output).matches("subgraph").count(), 2);
    assert!(stdout(&rehearse(&["export", &ask, "--to", "dot"], "")).starts_with("digraph flows {"));
    assert_eq!(rehearse(&["export", &broken, "--to", "dot"], "").status.code(), Some(1));
    assert_eq!(rehearse(&["export", "none.yaml", "--to", "dot"], "").status.code(), Some(2));
    assert_eq!(rehearse(&["export", &ask], "").status.code(), Some(2));
}

const TO_B: &str = "version: 1\nname: First\nsteps: [{ wait: 1h }, { trigger_workflow: b.yaml }]\n";

#[test]
fn export_draws_the_triggers_between_flows() {
    let folder = tempfile::tempdir().unwrap();
    let first = write(folder.path(), "a.yaml", TO_B);
    let second = write(folder.path(), "b.yaml", "version: 1\nname: Second\nsteps: [{ wait: 1h }]\n");
    let alone = stdout(&rehearse(&["export", &first, "--to", "mermaid"], ""));
    assert!(alone.contains("x0[[\"Second\"]]") && alone.contains("f0n2 -.->|\"triggers\"| x0"), "{alone}");
    let both = stdout(&rehearse(&["export", &second, &first, "--to", "dot"], ""));
    assert!(both.contains("f1n2 -> f0n0 [label=\"triggers\", style=dashed];") && !both.contains("x0"), "{both}");
}

#[test]
fn check_looks_at_the_flows_that_are_triggered() {
    let folder = tempfile::tempdir().unwrap();
    let first = write(folder.path(), "a.yaml", TO_B);
    let output = rehearse(&["check", &first], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("error[missing-workflow]"), "{}", stdout(&output));
    write(folder.path(), "b.yaml", "version: 1\nname: B\nsteps: [{ trigger_workflow: a.yaml }]\n");
    let output = rehearse(&["check", &folder.path().display().to_string()], "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output).matches("warning[workflow-loop-waits]").count(), 1, "{}", stdout(&output));
    assert!(stdout(&output).contains("a.yaml → b.yaml → a.yaml"));
}

#[test]
fn check_says_that_a_circle_would_call_out_for_real() {
    let check = |folder: &Path| stdout(&rehearse(&["check", &folder.display().to_string()], ""));
    for step in
        ["http_request: { url: \"https://crm.example/ping\" }", "respond_with_ai: { objective: answer_questions }"]
    {
        let folder = tempfile::tempdir().unwrap();
        let flow =
            |rest: &str| format!("version: 1\nname: A\nsteps:\n  - {step}\n{rest}  - trigger_workflow: a.yaml\n");
        write(folder.path(), "a.yaml", flow(""));
        let told = check(folder.path());
        assert!(told.contains("would call out for real again and again, and stops after 100"), "{told}");
        // Where a round waits for time, nothing runs away.
        write(folder.path(), "a.yaml", flow("  - wait: 1h\n"));
        let told = check(folder.path());
        assert!(told.contains("warning[workflow-loop-waits]") && !told.contains("for real"), "{told}");
    }
}

#[test]
fn redone_bears_the_instant_before_the_events_it_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let flow = write(folder.path(), "wait.yaml", "version: 1\nname: W\nsteps:\n  - wait: 1 hour\n  - wait: 1 hour\n");
    let output = rehearse(&[&flow, "--json", "--at", "2026-01-05T09:00"], "/forward 3h\n/undo\n/redo\n/forward 0m\n");
    let events = events(&output);
    let redone = events.iter().position(|event| event["event"] == "redone").unwrap();
    assert_eq!(events[redone]["at"], "2026-01-05T09:00:00+00:00");
    assert!(events[redone..].windows(2).all(|pair| pair[0]["at"].as_str() <= pair[1]["at"].as_str()));
    assert_eq!(events[events.len() - 2]["event"], "error");
}

#[test]
fn why_explains_whatever_came_last() {
    let why = |format: &str, typed: &str| {
        let output = rehearse(&["flows/consent.yaml", format, "--at", "2026-01-05T09:00"], typed);
        stdout(&output)
    };
    let json = |typed: &str| {
        let text = why("--json", typed);
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines[lines.len() - 2]["event"].as_str().unwrap().to_owned()
    };
    assert_eq!(json("/why\n"), "error");
    assert_eq!(json("1\n/why\n"), "branch_taken");
    assert_eq!(json("/fault network\n1\n/why\n"), "sending_failed");
    assert_eq!(json("1\nno address\n/why\n"), "answer_rejected");
    assert_eq!(json("1\n/stop\n/why\n"), "workflow_ended");
    let plain = why("--plain", "1\n/stop\n/why\n");
    assert_eq!(plain.matches("Workflow ended: stopped by an agent.").count(), 2, "{plain}");
}

#[test]
fn an_unreadable_file_among_many_is_a_finding_and_the_rest_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.yaml", ASK);
    let missing = folder.path().join("missing.yaml").display().to_string();
    let native = folder.path().join("missing.json").display().to_string();
    let output = rehearse(&["check", &good, &missing, &native], "");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let told = stdout(&output);
    assert_eq!(told.matches("error[unreadable-file]: there is no file").count(), 2, "{told}");
    assert!(told.ends_with("1 file checked: 2 errors\n"), "{told}");
    let output = rehearse(&["check", "--format", "json", &good, &missing], "");
    let found: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&found[0]["id"], &found[0]["file"]), (&"unreadable-file".into(), &missing.as_str().into()));
    // Alone it is wrong usage: nothing was checked.
    let output = rehearse(&["check", &missing], "");
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
}

#[test]
fn a_misspelt_command_is_answered_with_the_command_that_was_meant() {
    for (line, says) in [
        (&["chek", "f.yaml"][..], "did you mean `rehearse check`?"),
        (&["new", "f.yaml"], "copy a flow that is like yours"),
        (&["help"], "rehearse --help"),
        (&["menu"], "a flow is named by its file"),
    ] {
        let output = rehearse(line, "");
        assert_eq!(output.status.code(), Some(2));
        let told = stderr(&output);
        assert!(told.contains(says) && told.contains("`play`, `check`"), "{told}");
        assert!(told.starts_with(&format!("error: there is no command and no file `{}`", line[0])), "{told}");
    }
}
