//! The documents are true: their flows load, their tables are those of the code, their examples are what the program prints, and the tests
//! and files they name exist.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes anew what is generated.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rehearsal::diagnostic::{Severity, human};
use rehearsal::flow::load;
use rehearsal::lint::{self, RULES};
use rehearsal::native::spelling::TABLE;
use rehearsal::rehearsal::COMMANDS;
use rehearsal::tui::keymap;

const DOCUMENTS: [&str; 7] = [
    "README.md",
    "CHANGELOG.md",
    "docs/format.md",
    "docs/line-mode.md",
    "docs/native.md",
    "docs/differences.md",
    "docs/requirements.md",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

/// The fenced blocks of a document with what stands behind their fence.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        blocks.push((kind.to_owned(), body.join("\n") + "\n"));
    }
    blocks
}

/// A document as the code says it should read: it must read so, or is written anew when that is asked for.
fn must_read(document: &str, wanted: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join(document), wanted).unwrap();
    }
    assert_eq!(read(document), wanted, "{document} is out of date: UPDATE_DOCS=1 cargo test --test docs");
}

/// The text with a generated part put between its markers.
fn generated(text: &str, name: &str, part: &str) -> String {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&open).expect("the opening marker");
    let (_, after) = rest.split_once(&close).expect("the closing marker");
    format!("{before}{open}{part}{close}{after}")
}

/// The text with what its `console` blocks print: each line that starts with `$ ` is given to a shell.
#[cfg(unix)]
fn played(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out += line;
        out.push('\n');
        if line != "```console" {
            continue;
        }
        for command in lines.by_ref().take_while(|line| *line != "```").filter(|line| line.starts_with("$ ")) {
            let _ = writeln!(out, "{command}");
            out += &shell(command.trim_start_matches("$ "));
        }
        out += "```\n";
    }
    out
}

#[cfg(not(unix))]
fn played(text: &str) -> String {
    text.to_owned()
}

/// What a line prints in a shell that finds `rehearse`.
#[cfg(unix)]
fn shell(line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_rehearse"));
    let mut paths = vec![program.parent().unwrap().to_owned()];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(root()).env("PATH", std::env::join_paths(paths).unwrap());
    let output = shell.stdin(Stdio::null()).output().unwrap();
    assert!(!output.stdout.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[test]
fn every_flow_of_the_documents_loads_and_every_mistake_is_refused() {
    let mut flows = 0;
    for document in DOCUMENTS {
        for (kind, block) in blocks(&read(document)) {
            let mut loaded = load::load_text(document, &block);
            lint::lint(&mut loaded);
            let findings = human::render(&loaded.diagnostics, &loaded.sources, false);
            let has = |severity| loaded.diagnostics.iter().any(|finding| finding.severity == severity);
            match kind.as_str() {
                "yaml" => assert!(loaded.diagnostics.is_empty() && loaded.flow.is_some(), "{findings}{block}"),
                "yaml error" => assert!(has(Severity::Error), "{block}"),
                "yaml warning" => assert!(has(Severity::Warning) && !has(Severity::Error), "{findings}{block}"),
                other => {
                    assert!(!other.starts_with("yaml"), "{document}: what is `{other}`?");
                    continue;
                }
            }
            flows += 1;
        }
    }
    assert!(flows >= 12, "{flows}");
}

#[test]
fn every_mistake_in_the_broken_flow_is_told() {
    let loaded = load::load(&root().join("docs/broken.yaml"), &load::LoadOptions::default()).unwrap();
    let found: Vec<_> = loaded.diagnostics.iter().map(|finding| finding.id).collect();
    assert_eq!(found, ["unknown-word", "min-above-max", "duration-too-long", "needs-quotes", "unknown-step-id"]);
}

#[test]
fn the_readme_shows_what_the_program_does() {
    let mut keys = String::from("| key | does |\n| --- | --- |\n");
    for binding in keymap::help() {
        let _ = writeln!(keys, "| `{}` | {} |", cell(binding.label), cell(binding.help));
    }
    must_read("README.md", &played(&generated(&read("README.md"), "keys", &keys)));
}

#[test]
fn the_format_shows_what_the_program_does() {
    let mut rules = String::from("| warning | finds | why it matters | for example |\n| --- | --- | --- | --- |\n");
    for rule in RULES {
        // A code span in two backquotes may hold one.
        let example = cell(&rule.example.replace('\n', " ``<br>`` "));
        let _ = writeln!(rules, "| `{}` | {} | {} | `` {example} `` |", rule.id, cell(rule.summary), cell(rule.why));
    }
    must_read("docs/format.md", &played(&generated(&read("docs/format.md"), "rules", &rules)));
}

#[test]
fn the_platforms_files_are_shown_as_the_program_takes_them() {
    let mut spellings =
        String::from("| what | here | there | certain | also accepted |\n| --- | --- | --- | --- | --- |\n");
    for spelling in TABLE {
        let variants: Vec<String> = spelling.variants.iter().map(|variant| format!("`{variant}`")).collect();
        let (ours, native, seen) = (spelling.ours, spelling.native, if spelling.seen { "seen" } else { "" });
        let _ = writeln!(
            spellings,
            "| {} | `{ours}` | `{native}` | {seen} | {} |",
            spelling.area.title(),
            variants.join(", ")
        );
    }
    must_read("docs/native.md", &played(&generated(&read("docs/native.md"), "spellings", &spellings)));
}

#[test]
fn line_mode_shows_what_the_program_does() {
    let mut commands = String::from("| command | does | for example |\n| --- | --- | --- |\n");
    for help in COMMANDS {
        let usage = format!("/{} {}", help.name, help.arguments);
        let example = cell(help.example);
        let _ = writeln!(commands, "| `{}` | {} | `{example}` |", cell(usage.trim_end()), cell(help.summary));
    }
    let text = generated(&read("docs/line-mode.md"), "commands", &commands);
    let examples: String = examples(&text).into_iter().fold(String::new(), |list, line| list + &line + "\n");
    must_read("docs/line-mode.md", &played(&generated(&text, "events", &format!("```json\n{examples}```\n"))));
}

/// Conversations in which every event happens: the flow, its options, and the lines that are typed.
const CONVERSATIONS: [(&str, &[&str], &str); 11] = [
    (
        "flows/consent.yaml",
        &[],
        "1\nnot an address\nana@example.com\n/timers\n/undo\n/redo\n/fault network\n/set field.city=Irbid\n/channel web\n/disconnect sms\n\
         /connect sms\n/untag lead\n/until 10:00\n/tag vip\n/agent I will take over\n/close\n/froward 1 day\n",
    ),
    ("flows/menu.yaml", &[], "/next\n/next\n/next\n"),
    ("flows/away.yaml", &["--at", "2026-01-05T10:00"], ""),
    ("flows/welcome.yaml", &[], "/fault network\n/next\n/restart\n"),
    ("flows/lead_qualification.yaml", &["--contact", "grace"], ""),
    ("flows/routing.yaml", &["--at", "2026-01-05T18:30"], "/presence Dana on\n/assign nobody\n"),
    ("flows/spam.yaml", &[], ""),
    ("flows/order_status.yaml", &[], "1007\n"),
    ("flows/csat_sheet.yaml", &[], "5\n"),
    ("flows/ai_helper.yaml", &[], "Do you deliver to Aqaba?\n"),
    ("tests/support/leftovers.yaml", &[], "/close\n/agent Hello\nmany\n"),
];

/// The event stream of one conversation.
fn stream(flow: &str, options: &[&str], typed: &str) -> Vec<String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rehearse"));
    program.current_dir(root()).args([flow, "--json"]).args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
    if !options.contains(&"--at") {
        program.args(["--at", "2026-01-05T09:00"]);
    }
    let mut child = program.spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{flow}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The first line of every event, in the order of the document's table. Every event of the program is in the table with all its keys, and
/// nothing else is.
fn examples(document: &str) -> Vec<String> {
    let spans = |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let table = document.split_once("| event | keys |\n").expect("the table of events").1;
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let rows: Vec<(Vec<String>, Vec<String>)> = rows
        .map(|row| {
            let (events, keys) = row.trim_start_matches("| ").split_once(" | ").unwrap();
            (spans(events), spans(keys))
        })
        .collect();

    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for (flow, options, typed) in CONVERSATIONS {
        for line in stream(flow, options, typed) {
            let json: serde_json::Value = serde_json::from_str(&line).unwrap();
            let event = json["event"].as_str().unwrap().to_owned();
            let row = rows.iter().find(|(events, _)| events.contains(&event));
            let (_, keys) = row.unwrap_or_else(|| panic!("{event} is in no row of the table"));
            for key in json.as_object().unwrap().keys() {
                let everywhere = ["at", "event", "workflow", "step"].contains(&key.as_str());
                assert!(everywhere || keys.contains(key), "{event}: the key {key} is not in the table");
            }
            first.entry(event).or_insert(line);
        }
    }
    for event in names_of_events() {
        assert!(first.contains_key(&event), "no conversation shows {event}");
    }
    let in_order = rows.iter().flat_map(|(events, _)| events);
    in_order.map(|event| first.get(event).unwrap_or_else(|| panic!("{event} never happens")).clone()).collect()
}

/// The names of the engine's events, from the one place where they are written down.
fn names_of_events() -> Vec<String> {
    let source = read("src/rehearsal/json.rs");
    let body = source.split_once("pub const fn event_name").unwrap().1.split_once("\n}\n").unwrap().0;
    let names: Vec<String> = body.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(names.len() > 30);
    names
}

#[test]
fn every_shipped_flow_is_in_the_readme() {
    let readme = read("README.md");
    for entry in std::fs::read_dir(root().join("flows")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(readme.contains(&format!("](flows/{name})")), "{name}");
    }
}

/// The names of all functions below a folder.
fn functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let found = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
            names.extend(found.map(str::to_owned));
        }
    }
}

/// The requirements a function's name speaks of: 26, 34 and 36 for `r26_r34_r36_an_empty_…`.
fn requirements(name: &str) -> Vec<usize> {
    let number = |word: &str| word.strip_prefix('r').filter(|digits| digits.len() == 2)?.parse().ok();
    name.split('_').map_while(number).collect()
}

#[test]
fn every_requirement_is_held_by_tests_that_exist() {
    let mut names = BTreeSet::new();
    functions(&root().join("src"), &mut names);
    functions(&root().join("tests"), &mut names);
    let document = read("docs/requirements.md");
    for number in 1..=43 {
        let row = document.lines().find(|line| line.starts_with(&format!("| R{number} |")));
        let row = row.unwrap_or_else(|| panic!("R{number} has no row"));
        let listed: BTreeSet<&str> = row.rsplit(" | ").next().unwrap().split('`').skip(1).step_by(2).collect();
        let there: BTreeSet<&str> =
            names.iter().filter(|name| requirements(name).contains(&number)).map(String::as_str).collect();
        assert!(!there.is_empty(), "R{number} is held by no test");
        assert_eq!(listed, there, "R{number}");
    }
}

#[test]
fn every_link_leads_somewhere() {
    for document in DOCUMENTS {
        let text = read(document);
        let folder = root().join(document).parent().unwrap().to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.starts_with("http") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            assert!(file.is_empty() || folder.join(file).exists(), "{document}: {target}");
            let there = if file.is_empty() { text.clone() } else { String::new() };
            let anchors = there.lines().filter_map(|line| line.strip_prefix("## ").or(line.strip_prefix("### ")));
            let known = anchors.map(anchor).any(|anchor| anchor == heading);
            assert!(heading.is_empty() || known, "{document}: there is no heading {target}");
        }
    }
}

/// A heading as links name it.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|character| character.is_alphanumeric() || *character == '-').collect()
}
