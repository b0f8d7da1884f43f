//! The doors to the outside world from the command line: shut unless a flag opens them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

#[path = "support/server.rs"]
#[allow(dead_code)] // What misbehaves is tested elsewhere.
mod server;

use server::{Server, response};

fn rehearse(arguments: &[&str], input: &str) -> Output {
    rehearse_as("--json", "", arguments, input)
}

/// Rehearses in this format, with this key for an AI.
fn rehearse_as(format: &str, key: &str, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .args(arguments)
        .args([format, "--at", "2026-01-05T09:00"])
        .env("REHEARSE_AI_MODEL", "small")
        .env("REHEARSE_AI_KEY", key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn events(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn last<'e>(events: &'e [Value], name: &str) -> &'e Value {
    events.iter().rfind(|event| event["event"] == name).unwrap_or_else(|| panic!("no {name} in {events:#?}"))
}

fn flow(folder: &tempfile::TempDir, steps: &str) -> String {
    let path = folder.path().join("flow.yaml");
    std::fs::write(&path, format!("version: 1\nname: Live\nsteps:\n{steps}")).unwrap();
    path.display().to_string()
}

#[test]
fn a_request_goes_out_only_when_it_is_asked_for() {
    let server = Server::new(vec![response("200 OK", "", r#"{"id": 7}"#)]);
    let folder = tempfile::tempdir().unwrap();
    let steps = format!(
        "  - ask_question: {{ text: Say, type: text, save_as: {{ variable: said }} }}\n  - http_request:\n      url: {}\n      \
         save_response: [{{ path: $.id, variable: id }}]\n  - send_message: got $id\n",
        server.url("/x?q=$said")
    );
    let path = flow(&folder, &steps);

    let shut = events(&rehearse(&[&path], "hello\n"));
    assert_eq!(last(&shut, "state")["waiting"]["kind"], "http");
    assert_eq!(server.unseen(), 0, "nothing was sent");

    let open = events(&rehearse(&[&path, "--live-http"], "a b\n/undo\n/redo\n"));
    assert!(open[0]["message"].as_str().unwrap().contains("--live-http"), "{}", open[0]);
    assert_eq!(last(&open, "http_responded")["source"], "live");
    assert_eq!(last(&open, "message_sent")["text"], "got 7");
    // The answer is undone with the message that asked for it, and done again without asking once more.
    assert_eq!((&last(&open, "undone")["count"], &last(&open, "redone")["count"]), (&json!(1), &json!(1)));
    assert!(server.request().starts_with("GET /x?q=a%20b "));
    assert_eq!(server.unseen(), 0, "it was sent once");
}

#[test]
fn a_status_that_http_does_not_know_goes_to_the_failure_branch_once() {
    for status in ["600 Strange", "999 Stranger"] {
        let server = Server::new(vec![response(status, "", "{}")]);
        let folder = tempfile::tempdir().unwrap();
        let steps = format!(
            "  - http_request:\n      url: {}\n      save_status: status\n      failure_branch: [{{ send_message: failed }}]\n  \
             - send_message: went on\n",
            server.url("/")
        );
        let output = rehearse(&[&flow(&folder, &steps), "--live-http"], "");
        let events = events(&output);
        let responded = last(&events, "http_responded");
        assert_eq!((&responded["error"], &responded["status"]), (&json!("bad_status"), &Value::Null), "{status}");
        assert_eq!(events.iter().filter(|event| event["event"] == "http_responded").count(), 1);
        assert_eq!(events.iter().filter(|event| event["text"] == "failed").count(), 1, "{events:#?}");
        let _ = server.request();
        assert_eq!(server.unseen(), 0, "it was sent once");
    }
}

#[test]
fn a_model_is_asked_and_why_it_could_not_be_asked_is_said() {
    let content = json!({"say": "Hi!", "outcome": "success", "collected": {}}).to_string();
    let body = json!({"choices": [{"message": {"role": "assistant", "content": content}}]}).to_string();
    let server = Server::new(vec![response("200 OK", "", &body)]);
    let folder = tempfile::tempdir().unwrap();
    let path = flow(&folder, "  - respond_with_ai: { objective: answer_questions }\n  - send_message: done\n");
    let open = events(&rehearse(&[&path, "--ai-endpoint", &server.url("/v1")], ""));
    assert_eq!(
        (&last(&open, "ai_replied")["text"], &last(&open, "ai_replied")["source"]),
        (&json!("Hi!"), &json!("live"))
    );
    assert_eq!(last(&open, "message_sent")["text"], "done");
    assert!(server.request().contains("\"model\":\"small\""));

    let wrong = Server::new(vec![response("404 Not Found", "", "no such model")]);
    let failed = events(&rehearse(&[&path, "--ai-endpoint", &wrong.url("/v1")], ""));
    assert_eq!(last(&failed, "ai_replied")["error"], "status");
    assert!(last(&failed, "notice")["message"].as_str().unwrap().contains("no such model"));

    let usage = rehearse(&[&path, "--ai-endpoint", "localhost"], "");
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn rows_are_written_once_and_a_missing_folder_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let steps = "  - ask_question: { text: Say, type: text, save_as: { variable: said } }\n  \
                 - add_google_sheets_row: { spreadsheet: S, sheet: a, row: { Said: $said } }\n";
    let path = flow(&folder, steps);
    let rows = folder.path().join("rows");
    let missing = rehearse(&[&path, "--sheets", rows.to_str().unwrap()], "x\n");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("--sheets"));

    std::fs::create_dir(&rows).unwrap();
    events(&rehearse(&[&path, "--sheets", rows.to_str().unwrap()], "=1+1\n/undo\n/redo\n"));
    assert_eq!(std::fs::read_to_string(rows.join("S - a.csv")).unwrap(), "\"Said\"\n\"'=1+1\"\n");
}

#[test]
fn two_programs_that_write_to_one_sheet_lose_no_row() {
    use std::fmt::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let rows = folder.path().join("rows");
    std::fs::create_dir(&rows).unwrap();
    let start = |mark: &str| {
        let mut steps = "version: 1\nname: Live\nsteps:\n".to_owned();
        for step in 0..60 {
            // Every other row brings a new column, for which the file is written anew.
            let column = if step % 2 == 0 { format!("{mark}{step}") } else { "Said".to_owned() };
            let _ = writeln!(
                steps,
                "  - add_google_sheets_row: {{ spreadsheet: S, sheet: a, row: {{ {column}: \"{mark};{step}\" }} }}"
            );
        }
        let path = folder.path().join(format!("{mark}.yaml"));
        std::fs::write(&path, steps).unwrap();
        let (path, rows) = (path.display().to_string(), rows.display().to_string());
        std::thread::spawn(move || rehearse(&[&path, "--sheets", &rows], ""))
    };
    let both = [start("a"), start("b")].map(|one| events(&one.join().unwrap()));
    assert!(both.iter().flatten().all(|event| event["event"] != "error"), "{both:#?}");
    let text = std::fs::read_to_string(rows.join("S - a.csv")).unwrap();
    for row in ["a", "b"].iter().flat_map(|mark| (0..60).map(move |step| format!("\"{mark};{step}\""))) {
        assert_eq!(text.matches(&row).count(), 1, "{row} in {text}");
    }
    assert_eq!(std::fs::read_dir(&rows).unwrap().count(), 1, "only the sheet is left");
}

/// What was written, which must hold no secret.
fn without_secrets(output: &Output) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("s3cret"), "{said}");
    assert!(said.contains("***"), "{said}");
    said
}

#[test]
fn keys_are_sent_and_never_shown_also_when_a_server_repeats_them() {
    let body = r#"{"id": "s3cret-bearer s3cret-query s3cret-pass s3cret-cookie s3cret-key YW5hOnMzY3JldC1wYXNz"}"#;
    let server = Server::new(vec![response("200 OK", "", body)]);
    let folder = tempfile::tempdir().unwrap();
    let rows = folder.path().join("rows");
    std::fs::create_dir(&rows).unwrap();
    let url = server.url("/x?api_key=s3cret-query&page=2").replace("http://", "http://ana:s3cret-pass@");
    let steps = format!(
        "  - http_request:\n      method: POST\n      url: {url}\n      headers: {{ Authorization: Bearer s3cret-bearer, Cookie: \
         a=s3cret-cookie, X-Api-Key: s3cret-key }}\n      body: 'again s3cret-key'\n      save_response: [{{ path: $.id, variable: id }}]\n  \
         - send_message: got $id\n  - add_google_sheets_row: {{ spreadsheet: S, sheet: a, row: {{ Id: $id, Key: s3cret-key }} }}\n"
    );
    let path = flow(&folder, &steps);
    for format in ["--json", "--plain"] {
        let rows = rows.to_str().unwrap();
        let output = rehearse_as(format, "", &[&path, "--live-http", "--sheets", rows], "");
        let said = String::from_utf8_lossy(&output.stdout);
        let said =
            said.lines().filter(|line| !line.contains("sheet_row_added") && !line.contains("Row")).collect::<Vec<_>>();
        assert!(!said.join("\n").contains("s3cret"), "{said:#?}");
        assert!(said.join("\n").contains("***") && said.join("\n").contains("page=2"), "{said:#?}");
        let sent = server.request();
        for key in ["Bearer s3cret-bearer", "s3cret-query", "s3cret-cookie", "s3cret-key", "again s3cret-key"] {
            assert!(sent.contains(key), "{key} in {sent}");
        }
    }
    let text = std::fs::read_to_string(rows.join("S - a.csv")).unwrap();
    assert!(!text.contains("s3cret") && text.contains("***"), "{text}");
}

#[test]
fn the_key_of_a_model_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = flow(
        &folder,
        "  - respond_with_ai: { objective: collect_information, collect: [{ variable: a, description: it }] }\n",
    );
    let content =
        json!({"say": "I am s3cret-key!", "outcome": "success", "collected": {"a": "s3cret-key"}}).to_string();
    let good = json!({"choices": [{"message": {"role": "assistant", "content": content}}]}).to_string();
    // The key stands where a long complaint is cut.
    let bad = format!("{} bad key s3cret-key", "x".repeat(285));
    for (status, body) in [("200 OK", good.as_str()), ("401 Unauthorized", bad.as_str())] {
        for format in ["--json", "--plain"] {
            let server = Server::new(vec![response(status, "", body)]);
            let url = server.url("/v1?key=s3cret-query").replace("http://", "http://ana:s3cret-pass@");
            without_secrets(&rehearse_as(format, "s3cret-key", &[&path, "--ai-endpoint", &url], ""));
            assert!(server.request().contains("s3cret-key"));
        }
    }
}

#[test]
fn an_address_that_cannot_be_asked_is_told_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let path = flow(&folder, "  - http_request: { url: \"http://ana:s3cret@a b/?token=s3cret\" }\n");
    for format in ["--json", "--plain"] {
        without_secrets(&rehearse_as(format, "", &[&path, "--live-http"], ""));
    }
}
