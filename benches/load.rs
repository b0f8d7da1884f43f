//! Loading: a flow of 100 steps from text to program, and checking a folder of 100 workflows; each beside the bare reading of its YAML.

#![allow(clippy::expect_used, clippy::cast_precision_loss)] // A benchmark may stop.

mod support;

use std::fmt::Write as _;

use rehearsal::engine::Program;
use rehearsal::flow::{link, load};
use rehearsal::lint;
use rehearsal::source::{FileId, parse};

fn main() {
    let text = hundred_steps();
    let compile = || {
        let flow = load::load_text("hundred.yaml", &text).flow.expect("the flow loads");
        Program::compile_flow(&flow).expect("the flow compiles")
    };
    assert_eq!(compile().step_ids().count(), 100);
    let (rounds, count) = if support::quick() { (3, 3) } else { (31, 20) };
    let (ratio, whole, yaml) = support::pairs(rounds, count, || drop(compile()), || drop(parse(FileId(0), &text)));
    println!(
        "load a flow of 100 steps ({} bytes): {:.3} ms, its YAML alone {:.3} ms, ratio {ratio:.3}",
        text.len(),
        whole * 1e3,
        yaml * 1e3
    );
    folder(rounds);
}

/// A folder of 100 workflows in one workspace, of ten steps each, that trigger each other.
fn folder(rounds: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let workspace = "version: 1\ntags: [vip, lead]\ncontact_fields: [{ id: city, type: text }]\n";
    std::fs::write(folder.path().join("workspace.yaml"), workspace).expect("the workspace is written");
    let mut paths = Vec::new();
    let mut texts = Vec::new();
    for number in 0..100 {
        let (path, text) = (folder.path().join(format!("f{number}.yaml")), ten_steps(number));
        std::fs::write(&path, &text).expect("the flow is written");
        paths.push(path);
        texts.push(text);
    }
    let check = || {
        let mut checked = link::check_files(&paths).expect("the files are there");
        lint::lint_checked(&mut checked);
        checked
    };
    let checked = check();
    assert_eq!(checked.sources.iter().count(), 101);
    assert!(checked.diagnostics.iter().all(|finding| finding.id == "workflow-loop-waits"), "{:?}", checked.diagnostics);
    let parse_all = || texts.iter().map(|text| parse(FileId(0), text)).collect::<Vec<_>>();
    let (ratio, whole, yaml) = support::pairs(rounds, 2, || drop(check()), || drop(parse_all()));
    println!(
        "check a folder of 100 workflows that trigger each other: {:.3} ms, their YAML alone {:.3} ms, ratio {ratio:.3}",
        whole * 1e3,
        yaml * 1e3
    );
}

fn ten_steps(number: usize) -> String {
    let mut text = format!("version: 1\nname: Workflow {number}\nworkspace: workspace.yaml\nsteps:\n");
    text.push_str(
        "  - id: menu\n    ask_question: { text: Hi $contact.city?, type: text, save_as: { field: city } }\n",
    );
    for arm in 1..5 {
        let to = (number * 7 + arm * 13) % 100;
        let _ = write!(
            text,
            "  - branch:\n      - {{ name: To {to}, when: {{ field: city, is_equal_to: City {arm} }}, steps: [{{ trigger_workflow: f{to}.yaml }}] }}\n      - else: continue\n"
        );
    }
    text.push_str("  - send_message: Goodbye, $contact.firstname\n");
    text
}

fn hundred_steps() -> String {
    let mut text = String::from("version: 1\nname: A hundred steps\nsteps:\n");
    for number in 0..25 {
        let _ = write!(
            text,
            "  - id: q{number}\n    name: Question {number}\n    ask_question:\n      text: \"Hi $contact.firstname, question {number}?\"\n      type: multiple_choice\n      options: [Sales, Support, \"Yes, I agree\"]\n      save_as: {{ variable: answer_{number} }}\n      failure_branch:\n        - send_message: Please pick one of the three.\n        - jump_to: q{number}\n  - send_message: \"You said $answer_{number}.\"\n"
        );
    }
    text
}
