//! The platform's own files: what becomes of them as flows, and that nothing of them is lost on the way back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use rehearsal::diagnostic::human;
use rehearsal::flow::compare::differences;
use rehearsal::flow::load as yaml;
use rehearsal::flow::write::{self, WorkspaceRef};
use rehearsal::native::{self, Loaded, Options};
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
                pretty_equal(
                    &sorted(exported[0].json.clone()),
                    &sorted(serde_json::from_str(original).unwrap()),
                    name,
                );
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
