//! The platform's own files: what becomes of them as flows, and that nothing of them is lost on the way back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rehearsal::diagnostic::human;
use rehearsal::flow::compare::differences;
use rehearsal::flow::load as yaml;
use rehearsal::flow::model::{Action, Content};
use rehearsal::flow::write::{self, WorkspaceRef};
use rehearsal::native::{self, Loaded, Options};
use rehearsal::template::Template;
use serde_json::Value;

fn path(name: &str) -> PathBuf {
    PathBuf::from("tests/native").join(name)
}

fn load(name: &str) -> Loaded {
    native::load(&[path(name)], &Options::default()).unwrap()
}

/// A document with its records in the order of their ids: their order means nothing.
fn sorted(mut document: Value) -> Value {
    if let Some(records) = document.get_mut("workflow").and_then(Value::as_array_mut) {
        records.sort_by_key(|record| record["id"].to_string());
    }
    document
}

const GOOD: [&str; 7] = [
    "consent.json",
    "ladder.json",
    "everything.json",
    "arabic.json",
    "chain/3-advice.json",
    "chain/2-orders.json",
    "chain",
];

#[test]
fn a_file_comes_back_as_it_was() {
    for name in GOOD {
        let loaded = load(name);
        let shown = human::render(&loaded.diagnostics, &loaded.sources, false);
        let project = loaded.project.unwrap_or_else(|| panic!("{name}:\n{shown}"));
        for (exported, flow) in native::export(&project).iter().zip(&project.flows) {
            let original = loaded.sources.get(flow.file).unwrap().text();
            let original: Value = serde_json::from_str(original).unwrap();
            pretty_equal(&sorted(exported.json.clone()), &sorted(original), name);
        }
    }
}

#[test]
fn a_file_comes_back_through_yaml_as_it_was() {
    for name in GOOD {
        let loaded = load(name);
        for flow in loaded.project.unwrap().flows {
            let text = write::flow(&flow, WorkspaceRef::Inline);
            let read = yaml::load_text("flow.yaml", &text);
            let shown = human::render(&read.diagnostics, &read.sources, false);
            let again = read.flow.unwrap_or_else(|| panic!("{name}:\n{shown}{text}"));
            assert_eq!(differences(&flow, &again), None, "{name}");
            // A flow on its own does not know the ids inside the others.
            if name != "chain" {
                let exported = native::export(&again.into());
                let original = loaded.sources.get(flow.file).unwrap().text();
                pretty_equal(&sorted(exported[0].json.clone()), &sorted(serde_json::from_str(original).unwrap()), name);
            }
        }
    }
}

#[track_caller]
fn pretty_equal(left: &Value, right: &Value, name: &str) {
    if left != right {
        let (left, right) = (serde_json::to_string_pretty(left).unwrap(), serde_json::to_string_pretty(right).unwrap());
        let differing: Vec<_> =
            left.lines().zip(right.lines()).enumerate().filter(|(_, (a, b))| a != b).take(10).collect();
        panic!("{name}: {differing:#?}");
    }
}

/// Runs the program, and answers with its exit code, its output and what it said besides.
fn rehearse(arguments: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_rehearse")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

#[test]
fn an_import_reads_like_something_people_wrote() {
    for (name, file) in
        [("consent.json", "consent_and_details.yaml"), ("arabic.json", "workflow_1782900000000401.yaml")]
    {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().to_str().unwrap();
        let (code, report, said) = rehearse(&["import", &format!("tests/native/{name}"), "--into", into]);
        assert_eq!((code, said.as_str()), (0, ""));
        let yaml = fs::read_to_string(folder.path().join(file)).unwrap();
        let workspace = fs::read_to_string(folder.path().join("workspace.yaml")).unwrap();
        let name = name.trim_end_matches(".json");
        insta::assert_snapshot!(format!("{name}_flow"), yaml);
        insta::assert_snapshot!(format!("{name}_workspace"), workspace);
        insta::assert_snapshot!(format!("{name}_report"), report.replace(into, "DIR"));
    }
}

#[test]
fn everything_that_could_not_come_along_is_told_with_its_line_and_path() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().to_str().unwrap();
    let (code, report, _) = rehearse(&["import", "tests/native/everything.json", "--into", into]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(report.replace(into, "DIR"));
}

#[test]
fn malformed_files_are_answered_with_the_json_path() {
    let mut shown = String::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir("tests/native/malformed").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("never");
        let (code, report, said) = rehearse(&["import", file.to_str().unwrap(), "--into", into.to_str().unwrap()]);
        assert_eq!((code, report.as_str()), (1, ""), "{file:?}");
        assert!(!into.exists(), "nothing is written for a malformed file");
        assert!(said.contains('$'), "{said}");
        shown.push_str(&said);
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_good_file_is_imported_beside_a_malformed_one() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().to_str().unwrap();
    let (code, report, said) =
        rehearse(&["import", "tests/native/malformed/cycle.json", "tests/native/arabic.json", "--into", into]);
    assert_eq!(code, 1);
    assert!(said.contains("cycle.json") && report.contains("arabic.json"), "{report}{said}");
    assert!(folder.path().join("workflow_1782900000000401.yaml").exists());
}

#[test]
fn an_import_never_writes_over_a_file_unless_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().to_str().unwrap();
    let mine = folder.path().join("consent_and_details.yaml");
    fs::write(&mine, "my own").unwrap();
    let arguments = ["import", "tests/native/consent.json", "--into", into];
    let (code, _, said) = rehearse(&arguments);
    assert_eq!(code, 2);
    assert!(said.contains("consent_and_details.yaml") && said.contains("--force"), "{said}");
    assert_eq!(fs::read_to_string(&mine).unwrap(), "my own");
    assert!(!folder.path().join("workspace.yaml").exists(), "nothing else is written either");
    assert_eq!(rehearse(&[&arguments[..], &["--force"]].concat()).0, 0);
    assert!(fs::read_to_string(&mine).unwrap().starts_with("version: 1"));
    // What is there already as it would be written is in nobody's way.
    assert_eq!(rehearse(&arguments).0, 0);
}

#[test]
fn a_workspace_that_is_there_gives_the_names() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().to_str().unwrap();
    let workspace = "version: 1\ntags: [{ name: lead, respondio: { id: 90210 } }, { name: shed, respondio: { id: \"90211\" } }]\n\
                     contact_fields: [{ id: consent, type: list, respondio: { id: 481516 } }]\n\
                     workflows: [{ name: Reminders, id: \"1782900000000777\", external: true }]\n";
    fs::write(folder.path().join("workspace.yaml"), workspace).unwrap();
    let (code, report, said) = rehearse(&["import", "tests/native/consent.json", "--into", into, "--force"]);
    assert_eq!(code, 0, "{said}");
    let yaml = fs::read_to_string(folder.path().join("consent_and_details.yaml")).unwrap();
    assert!(yaml.contains("add: [lead, shed]") && yaml.contains("field: consent"), "{yaml}");
    assert!(yaml.contains("trigger_workflow: Reminders"), "{yaml}");
    assert!(!report.contains("known only by its number"), "{report}");
}

#[test]
fn a_folder_is_imported_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().to_str().unwrap();
    let (code, report, said) = rehearse(&["import", "tests/native/chain", "--into", into]);
    assert_eq!((code, said.as_str()), (0, ""), "{report}");
    let welcome = fs::read_to_string(folder.path().join("welcome.yaml")).unwrap();
    assert!(welcome.contains("trigger_workflow: orders.yaml"), "{welcome}");
    assert!(welcome.contains("trigger_workflow: { workflow: advice.yaml, step: advice }"), "{welcome}");
}

#[test]
fn the_other_commands_take_native_files_too() {
    let (code, out, _) = rehearse(&["check", "tests/native/chain"]);
    assert_eq!((code, out.as_str()), (0, "3 files checked: no findings\n"));
    let (code, out, _) = rehearse(&["check", "tests/native/consent.json"]);
    assert_eq!(code, 0);
    assert!(out.contains("name-says-otherwise") && out.contains("Wait 4 Hours"), "{out}");
    assert_eq!(rehearse(&["check", "tests/native/malformed/orphan.json"]).0, 1);
    assert_eq!(rehearse(&["check", "tests/native/missing.json"]).0, 2);
    let (code, out, _) = rehearse(&["export", "tests/native/chain", "--to", "mermaid"]);
    assert!(code == 0 && ["Welcome", "Orders", "Advice"].iter().all(|name| out.contains(name)), "{out}");
    let (code, out, said) = rehearse(&["export", "tests/native/ladder.json", "--to", "respondio"]);
    assert_eq!((code, said.as_str()), (0, ""));
    let original = fs::read_to_string("tests/native/ladder.json").unwrap();
    pretty_equal(
        &sorted(serde_json::from_str(&out).unwrap()),
        &sorted(serde_json::from_str(&original).unwrap()),
        "ladder.json",
    );
}

#[test]
fn a_flow_of_ours_is_exported_with_a_word_about_what_is_inferred() {
    let (code, out, said) = rehearse(&["export", "flows/consent.yaml", "--to", "respondio"]);
    assert_eq!(code, 0, "{said}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("consent.json");
    fs::write(&file, &out).unwrap();
    assert_eq!(rehearse(&["check", file.to_str().unwrap()]).0, 0);
    assert!(said.contains("warning["), "{said}");
    assert_eq!(rehearse(&["export", "flows/consent.yaml", "flows/menu.yaml", "--to", "respondio"]).0, 2);
    let into = folder.path().join("several");
    let arguments = ["export", "flows/consent.yaml", "flows/menu.yaml", "--to", "respondio", "--output"];
    assert_eq!(rehearse(&[&arguments[..], &[into.to_str().unwrap()]].concat()).0, 0);
    assert_eq!(fs::read_dir(&into).unwrap().count(), 2);
}

#[test]
fn an_export_never_writes_over_a_file_unless_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let flow = folder.path().join("menu.yaml");
    fs::copy("flows/menu.yaml", &flow).unwrap();
    fs::copy("flows/workspace.yaml", folder.path().join("workspace.yaml")).unwrap();
    let before = fs::read_to_string(&flow).unwrap();
    let flow = flow.to_str().unwrap();
    let export = |output: &str, force: &[&str]| {
        rehearse(&[&["export", flow, "--to", "respondio", "--output", output], force].concat())
    };
    let (code, _, said) = export(flow, &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--force") && said.contains("menu.yaml"), "{said}");
    assert_eq!(fs::read_to_string(flow).unwrap(), before);

    let output = folder.path().join("menu.json");
    let output = output.to_str().unwrap();
    let (code, out, said) = export(output, &[]);
    assert_eq!((code, out.as_str()), (0, ""), "{said}");
    assert!(said.contains(&format!("wrote {output}")), "{said}");
    assert_eq!(export(output, &[]).0, 2, "not even when it says the same");
    assert_eq!(export(output, &["--force"]).0, 0);
    // Of several, none is written when one is in the way.
    let into = folder.path().join("several");
    fs::create_dir(&into).unwrap();
    let several = ["export", "flows/menu.yaml", "flows/consent.yaml", "--to", "respondio", "--output"];
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let probe = folder.path().join("probe");
    assert_eq!(rehearse(&[&several[..], &[probe.to_str().unwrap()]].concat()).0, 0);
    let mut names: Vec<String> = fs::read_dir(&probe).unwrap().map(name).collect();
    names.sort();
    fs::write(into.join(&names[0]), "mine").unwrap();
    let (code, _, said) = rehearse(&[&several[..], &[into.to_str().unwrap()]].concat());
    assert!(code == 2 && said.contains("--force"), "{said}");
    assert_eq!(fs::read_dir(&into).unwrap().map(name).collect::<Vec<_>>(), [names[0].clone()]);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_that_leads_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link) = (folder.path().join("target"), folder.path().join("link.json"));
    std::os::unix::fs::symlink(&target, &link).unwrap();
    for force in [&[][..], &["--force"]] {
        let arguments = ["export", "flows/menu.yaml", "--to", "respondio", "--output", link.to_str().unwrap()];
        let (code, _, said) = rehearse(&[&arguments[..], force].concat());
        assert!(code == 2 && said.contains("link"), "{said}");
        assert!(!target.exists());
    }
    let into = folder.path().to_str().unwrap();
    std::os::unix::fs::symlink(&target, folder.path().join("workspace.yaml")).unwrap();
    let (code, _, said) = rehearse(&["import", "tests/native/consent.json", "--into", into, "--force"]);
    assert!(code == 2 && said.contains("link"), "{said}");
    assert!(!target.exists() && !folder.path().join("consent_and_details.yaml").exists());
}

#[test]
fn names_that_windows_keeps_for_devices_are_no_file_names() {
    let folder = tempfile::tempdir().unwrap();
    let (file, into) = (folder.path().join("x.json"), folder.path().join("into"));
    let text = fs::read_to_string("tests/native/consent.json").unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let name = json["name"].as_str().unwrap();
    for device in ["Con", "AUX", "lpt1"] {
        fs::write(&file, text.replacen(&format!("\"{name}\""), &format!("\"{device}\""), 1)).unwrap();
        let arguments = ["import", file.to_str().unwrap(), "--into", into.to_str().unwrap(), "--force"];
        let (code, report, said) = rehearse(&arguments);
        assert_eq!(code, 0, "{said}");
        let wanted = format!("_{}.yaml", device.to_lowercase());
        assert!(report.contains(&wanted) && into.join(&wanted).exists(), "{report}");
    }
}

#[test]
fn arrays_of_another_folder_are_no_workflows() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), "[1, 2]").unwrap();
    fs::write(folder.path().join("b.json"), "{\"workflow\": 1}").unwrap();
    assert_eq!(rehearse(&["check", folder.path().to_str().unwrap()]).0, 2);
}

#[test]
fn what_an_author_changes_after_an_import_stands_and_the_rest_is_kept() {
    let mut project = load("ladder.json").project.unwrap();
    native::each_step(&mut project.flows[0].steps, &mut |step| match &mut step.action {
        Action::Wait(time) => *time = Duration::from_hours(23),
        Action::SendMessage(send) => {
            if let Content::Template(template) = &mut send.content {
                template.body = Some(Template::parse("Hello {{1}}, this is new: {{2}}."));
            }
        }
        _ => {}
    });
    let exported = native::export(&project).remove(0);
    let records = exported.json["workflow"].as_array().unwrap();
    let of = |kind: &'static str| records.iter().filter(move |record| record["type"] == kind);
    assert_eq!(of("wait").count(), 7);
    assert!(of("wait").all(|wait| wait["data"]["value"] == 23 && wait["data"]["unit"] == "hours"));
    let sent: Vec<&Value> = of("sendMessage")
        .map(|send| &send["data"]["payload"][0]["message"])
        .filter(|message| !message["template"].is_null())
        .collect();
    assert_eq!(sent.len(), 7);
    for message in sent {
        let template = &message["template"];
        assert_eq!(template["components"][1]["text"], "Hello {{1}}, this is new: {{2}}.");
        assert_eq!(template["category"], "MARKETING");
        assert_eq!(template["components"][0]["format"], "image");
        assert_eq!(template["components"][3]["type"], "footer");
    }
}

#[test]
fn likely_spellings_are_taken_and_inferred_ones_are_written_with_a_warning() {
    let text = r#"{"id": 7, "name": "Spelled", "workflow": [
        {"id": 1, "parentId": -1, "type": "trigger", "data": {"type": "webhook"}},
        {"id": "aa0001", "parentId": 1, "type": "askQuestion", "data": {"question":
            {"type": "multipleChoice", "text": "Which?", "options": ["One", "Two"]}, "timeout": {"value": 2, "unit": "day"}}},
        {"id": "aa0002", "parentId": "aa0001", "type": "updateContactTag", "data": {"action": "deleteTag", "value": [5]}}]}"#;
    let mut project = native::load_text("spelled.json", text, &Options::default()).project.unwrap();
    let yaml = write::flow(&project.flows[0], WorkspaceRef::None);
    for wanted in ["incoming_webhook", "multiple_choice", "after: 2 days", "remove: [tag_5]"] {
        assert!(yaml.contains(wanted), "{wanted}\n{yaml}");
    }
    assert!(native::export(&project)[0].warnings.is_empty(), "what came from there is spelled as there");
    project.flows[0].respondio = None;
    let warnings = native::export(&project).remove(0).warnings;
    assert!(warnings.iter().any(|warning| warning.message.contains("`removeTag`")), "{warnings:?}");
    assert!(!warnings.iter().any(|warning| warning.message.contains("`multiple`")), "{warnings:?}");
}

#[test]
fn options_that_differ_only_by_what_matching_drops_are_refused() {
    let text = fs::read_to_string(format!("{}/tests/native/consent.json", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for (first, second) in [("٣", "3"), ("Caf\u{e9}", "Cafe\u{301}"), ("No", "N\u{200b}o")] {
        let text = text.replacen("\"Yes, I agree\",\n      \"No\"", &format!("\"{first}\",\n      \"{second}\""), 1);
        let loaded = native::load_text("consent.json", &text, &Options::default());
        let found = loaded.diagnostics.iter().any(|found| found.id == "bad-option");
        assert!(found, "{first} {second}: {}", human::render(&loaded.diagnostics, &loaded.sources, false));
    }
}

/// One question whose invalid answers have the connector or not, nothing below it.
fn question(with_branch: bool) -> String {
    let (connectors, record) = if with_branch {
        (
            r#""aa0002", "aa0003""#,
            r#", {"id": "aa0003", "parentId": "aa0001", "type": "askQuestionConnector", "name": "Failure: Invalid",
            "data": {"connectorType": "failure"}}"#,
        )
    } else {
        (r#""aa0002""#, "")
    };
    format!(
        r#"{{"id": 7, "name": "Age", "workflow": [{{"id": 1, "parentId": -1, "type": "trigger", "data": {{"type": "manualTrigger"}}}},
        {{"id": "aa0001", "parentId": 1, "type": "askQuestion", "name": "Ask", "data": {{"question": {{"type": "number", "text": "How old?",
            "options": []}}, "timeout": {{"value": 2, "unit": "hours"}}, "connectors": [{connectors}]}}}},
        {{"id": "aa0002", "parentId": "aa0001", "type": "askQuestionConnector", "name": "Success", "data": {{"connectorType": "success"}}}}
        {record}]}}"#
    )
}

#[test]
fn an_empty_branch_for_invalid_answers_ends_the_run_and_none_lets_the_contact_try_again() {
    let folder = tempfile::tempdir().unwrap();
    for (with_branch, ends) in [(true, true), (false, false)] {
        let file = folder.path().join("age.json");
        fs::write(&file, question(with_branch)).unwrap();
        let (out, said) = played(&file, "young\n33\n");
        assert_eq!(out.contains("the failure branch is empty"), ends, "{out}{said}");
        let project = native::load(&[file], &Options::default()).unwrap().project.unwrap();
        let yaml = write::flow(&project.flows[0], WorkspaceRef::None);
        assert_eq!(yaml.contains("invalid_branch: []"), ends, "{yaml}");
    }
}

#[test]
fn an_empty_branch_and_no_branch_are_not_exported_alike() {
    let of = |branch: &str| {
        let text = format!(
            "version: 1\nname: Age\nsteps:\n  - ask_question: {{ text: How old?, type: number{branch} }}\n  - send_message: Fine.\n"
        );
        native::export(&yaml::load_text("age.yaml", &text).flow.unwrap().into()).remove(0)
    };
    let (none, empty) = (of(""), of(", failure_branch: []"));
    let has = |exported: &native::Exported| exported.text().contains("Failure: Invalid");
    assert!(!has(&none) && has(&empty));
    let warned = |exported: &native::Exported| exported.warnings.iter().any(|found| found.id == "no-invalid-branch");
    assert!(warned(&none) && !warned(&empty));
}

/// What a line-mode run of a file prints and says, with these lines as the contact's.
fn played(file: &std::path::Path, lines: &str) -> (String, String) {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut child = Command::new(env!("CARGO_BIN_EXE_rehearse"))
        .args(["play", file.to_str().unwrap(), "--plain", "--at", "2026-01-05T09:00"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A run that has ended reads no further.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    let output = child.wait_with_output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn one_file_finds_the_workflows_it_triggers_beside_it() {
    let (out, said) = played(&path("chain/1-welcome.json"), "1\n");
    assert!(!out.contains("only on the platform") && out.contains("Orders"), "{out}{said}");
    // It leads, whatever the others trigger.
    let (out, _) = played(&path("chain/2-orders.json"), "");
    assert!(out.starts_with("Workflow \"Orders\" starts"), "{out}");
}

/// The findings of a check as rule and message, without the place that a native file puts before it.
fn findings(path: &str) -> Vec<(String, String)> {
    let (_, out, said) = rehearse(&["check", path, "--format", "json"]);
    let json: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{said}"));
    let list = json.as_array().or_else(|| json["findings"].as_array()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let said = |message: String| match message.strip_prefix("$.") {
        Some(rest) => rest.rsplit_once("): ").or_else(|| rest.rsplit_once("trigger: ")).unwrap().1.to_owned(),
        None => message,
    };
    let mut found: Vec<_> = list.iter().map(|found| (text(&found["id"]), said(text(&found["message"])))).collect();
    found.sort();
    found
}

#[test]
fn native_and_imported_files_are_checked_alike() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("odd.json");
    // A variable nobody knows, a template without its parameter, an option that reads like a variable.
    let text = r#"{"id": 9, "name": "Odd", "workflow": [{"id": 1, "parentId": -1, "type": "trigger", "data": {"type": "manualTrigger"}},
        {"id": "aa0001", "parentId": 1, "type": "sendMessage", "name": "Hello", "data": {"channelId": null, "connectors": [], "payload":
            [{"channelId": null, "message": {"type": "text", "text": "It is {{$system.weather}} today"}}]}},
        {"id": "aa0002", "parentId": "aa0001", "type": "askQuestion", "name": "Which", "data": {"question": {"type": "multiple",
            "text": "Which?", "options": ["$contact.city", "Other"]}, "timeout": {"value": 2, "unit": "hours"}, "connectors": []}},
        {"id": "aa0003", "parentId": "aa0002", "type": "sendMessage", "name": "Offer", "data": {"channelId": null, "connectors": [],
            "payload": [{"channelId": null, "message": {"type": "whatsapp_template", "template": {"name": "offer", "languageCode": "en",
            "components": [{"type": "body", "text": "Hello {{1}} and {{2}}", "parameters": [{"type": "text", "text": "Ann"}]}]}}}]}},
        {"id": "aa0004", "parentId": "aa0003", "type": "wait", "name": "Wait 3 hours", "data": {"value": 5, "unit": "minutes"}}]}"#;
    fs::write(&odd, text).unwrap();
    let sets = GOOD.map(path).into_iter().chain([odd.clone()]);
    for (set, count) in sets.zip(0..) {
        let into = folder.path().join(format!("imported{count}"));
        rehearse(&["import", set.to_str().unwrap(), "--into", into.to_str().unwrap()]);
        assert_eq!(findings(set.to_str().unwrap()), findings(into.to_str().unwrap()), "{set:?}");
    }
    let (_, out, _) = rehearse(&["check", odd.to_str().unwrap()]);
    for wanted in [
        "$.workflow[1].data.payload[0].message.text: `Hello` (aa0001): ",
        "$.workflow[2].data.question.options[0]: `Which` (aa0002): ",
        "`Offer` (aa0003): ",
        "$.workflow[4].name: `Wait 3 hours` (aa0004): ",
    ] {
        assert!(out.contains(wanted), "{wanted}\n{out}");
    }
}

/// Imports a file of the tests, and answers with the path of the flow.
fn imported(name: &str, file: &str, folder: &std::path::Path) -> PathBuf {
    let (code, report, said) = rehearse(&["import", path(name).to_str().unwrap(), "--into", folder.to_str().unwrap()]);
    assert_eq!(code, 0, "{report}{said}");
    folder.join(file)
}

fn exported(flow: &std::path::Path) -> (Value, String) {
    let (code, out, said) = rehearse(&["export", flow.to_str().unwrap(), "--to", "respondio"]);
    assert_eq!(code, 0, "{said}");
    (sorted(serde_json::from_str(&out).unwrap()), said)
}

fn original(name: &str) -> Value {
    sorted(serde_json::from_str(&fs::read_to_string(path(name)).unwrap()).unwrap())
}

#[test]
fn what_only_the_way_back_needs_lies_beside_the_flow() {
    let folder = tempfile::tempdir().unwrap();
    let flow = imported("consent.json", "consent_and_details.yaml", folder.path());
    let yaml = fs::read_to_string(&flow).unwrap();
    assert!(!yaml.contains("respondio") && !yaml.contains("12e456"), "{yaml}");
    // Only what is jumped to has an id.
    let ids: Vec<&str> = yaml.lines().filter_map(|line| line.trim().strip_prefix("- id: ")).collect();
    assert_eq!(ids, ["ask_for_consent", "ask_e_mail"]);
    let (back, said) = exported(&flow);
    pretty_equal(&back, &original("consent.json"), "consent.json");
    assert_eq!(said, "");
    // Into a file of another folder too.
    let out = folder.path().join("out").join("back.json");
    fs::create_dir(out.parent().unwrap()).unwrap();
    rehearse(&["export", flow.to_str().unwrap(), "--to", "respondio", "--output", out.to_str().unwrap()]);
    pretty_equal(&sorted(serde_json::from_str(&fs::read_to_string(out).unwrap()).unwrap()), &back, "--output");
    // Its loss is said.
    fs::remove_file(folder.path().join("consent_and_details.respondio.json")).unwrap();
    let (lost, said) = exported(&flow);
    assert!(said.contains("new native ids") && said.contains("consent_and_details.respondio.json"), "{said}");
    // The further messages of one step stay steps of their own then.
    assert_eq!(lost["workflow"].as_array().unwrap().len(), back["workflow"].as_array().unwrap().len() + 2);
}

#[test]
fn steps_keep_their_native_ids_when_they_are_renamed_moved_or_changed() {
    let folder = tempfile::tempdir().unwrap();
    let flow = imported("consent.json", "consent_and_details.yaml", folder.path());
    let yaml = fs::read_to_string(&flow).unwrap();
    let changed = yaml
        .replace("ask_for_consent", "first_question")
        .replace("name: Say goodbye", "name: Farewell")
        .replace("name: Wait 4 Hours\n            wait: 10 minutes", "name: Pause\n            wait: 20 minutes")
        .replace("steps:\n  - id: first", "steps:\n  - send_message: Something new before everything.\n  - id: first");
    assert_ne!(yaml, changed);
    fs::write(&flow, changed).unwrap();
    let (back, _) = exported(&flow);
    let ids = |document: &Value| -> Vec<String> {
        document["workflow"].as_array().unwrap().iter().map(|record| record["id"].to_string()).collect()
    };
    let (before, after) = (ids(&original("consent.json")), ids(&back));
    assert!(before.iter().all(|id| after.contains(id)), "{before:?}\n{after:?}");
    assert_eq!(after.len(), before.len() + 1);
    let record =
        |id: &str| back["workflow"].as_array().unwrap().iter().find(|record| record["id"] == id).unwrap().clone();
    assert_eq!(record("f10001")["name"], "Farewell");
    assert_eq!(record("a10004")["data"]["value"], 20);
}

#[test]
fn a_flow_that_carries_the_way_back_itself_still_gives_it() {
    let folder = tempfile::tempdir().unwrap();
    let flow = &load("ladder.json").project.unwrap().flows[0];
    let file = folder.path().join("ladder.yaml");
    fs::write(&file, write::flow(flow, WorkspaceRef::Inline)).unwrap();
    pretty_equal(&exported(&file).0, &original("ladder.json"), "ladder.json");
}

#[test]
fn file_after_file_into_one_folder_becomes_one_workspace() {
    let names = ["1-welcome", "2-orders", "3-advice"];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let folder = tempfile::tempdir().unwrap();
        for place in order {
            imported(&format!("chain/{}.json", names[place]), "", folder.path());
        }
        let (code, out, said) = rehearse(&["check", folder.path().to_str().unwrap()]);
        assert_eq!((code, out.as_str()), (0, "4 files checked: no findings\n"), "{order:?}{said}");
        let workspace = fs::read_to_string(folder.path().join("workspace.yaml")).unwrap();
        // One workflow is in none of the files.
        assert_eq!(workspace.matches("external").count(), 1, "{order:?}\n{workspace}");
        let welcome = fs::read_to_string(folder.path().join("welcome.yaml")).unwrap();
        assert!(welcome.contains("step: advice"), "{order:?}\n{welcome}");
        for (name, file) in names.iter().zip(["welcome", "orders", "advice"]) {
            let (back, said) = exported(&folder.path().join(format!("{file}.yaml")));
            pretty_equal(&back, &original(&format!("chain/{name}.json")), name);
            assert_eq!(said, "");
        }
    }
}
