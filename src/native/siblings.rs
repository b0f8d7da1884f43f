//! The workflows beside a native file that it triggers, found by their ids: exports of one workspace lie side by side.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::load::files;
use crate::source;

/// A native file as far as the others are concerned.
struct Known {
    path: PathBuf,
    id: Option<String>,
    triggers: Vec<String>,
}

/// The files with those of their folders that they trigger, and those that these trigger, and so on. What was given stays first; of two
/// siblings with one id the first by name is taken. A file that cannot be read triggers nothing: loading says what is wrong with it.
pub fn with_siblings(given: &[PathBuf]) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = given.to_vec();
    let mut open: Vec<Known> = given.iter().filter_map(|path| look(path)).collect();
    let mut found: HashSet<String> = open.iter().filter_map(|known| known.id.clone()).collect();
    let mut folders: HashMap<PathBuf, HashMap<String, Known>> = HashMap::new();
    while let Some(known) = open.pop() {
        let folder = match known.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        for id in known.triggers {
            if found.contains(&id) {
                continue;
            }
            let beside = folders.entry(folder.clone()).or_insert_with(|| siblings(&folder));
            if let Some(mut sibling) = beside.remove(&id) {
                found.insert(id);
                // As the given one is written: `day2.json`, not `./day2.json`.
                if let (Some(name), Some("")) = (sibling.path.file_name(), known.path.parent().and_then(Path::to_str)) {
                    sibling.path = PathBuf::from(name);
                }
                all.push(sibling.path.clone());
                open.push(sibling);
            }
        }
    }
    all
}

/// The native files of a folder by their ids.
fn siblings(folder: &Path) -> HashMap<String, Known> {
    let mut siblings = HashMap::new();
    for path in files(folder).unwrap_or_default() {
        if let Some(known) = look(&path)
            && let Some(id) = known.id.clone()
        {
            siblings.entry(id).or_insert(known);
        }
    }
    siblings
}

/// The id of a file and the workflows it triggers.
fn look(path: &Path) -> Option<Known> {
    let file = source::read(path).ok()?;
    let json: Value = serde_json::from_str(file.text().trim_start_matches('\u{feff}')).ok()?;
    let records = json.get("workflow").and_then(Value::as_array);
    let triggers = records
        .into_iter()
        .flatten()
        .filter(|record| record.get("type").and_then(Value::as_str) == Some("triggerWorkflow"))
        .filter_map(|record| scalar(record.get("data")?.get("workflowId")?))
        .collect();
    Some(Known { path: path.to_owned(), id: json.get("id").and_then(scalar), triggers })
}

/// An id as a text: `12` and `"12"` are the same.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
