//! The platform's own files where a flow is expected: `play`, `check` and `export` take them as they take YAML.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Exit, refuse, usage};
use crate::flow::graph::{Graph, graph};
use crate::flow::load::{self, LoadOptions, Loaded, UsageError};
use crate::native::{self, Options};

/// Loads a flow of either kind: a native file, a folder of them (its main flow), or YAML.
pub(super) fn open(path: &Path, options: &LoadOptions) -> Result<Loaded, UsageError> {
    if native::load::takes(path) { Ok(group(&[path.to_owned()], options)?.into()) } else { load::load(path, options) }
}

/// Loads native files together, with the names a workspace file knows for native ids.
pub(super) fn group(paths: &[PathBuf], options: &LoadOptions) -> Result<native::Loaded, UsageError> {
    let Some(path) = &options.workspace else { return native::load(paths, &Options::default()) };
    let read = load::load_workspace(path)?;
    let Some(workspace) = read.value else {
        return Ok(native::Loaded {
            sources: read.sources,
            diagnostics: read.diagnostics,
            ..native::Loaded::default()
        });
    };
    native::load(paths, &Options { workspace: Some(workspace) })
}

/// Checks a file of either kind. Native files that lie in one folder are read together, for their triggers lead from one to another:
/// the first of them answers for all, the others for nothing.
pub(super) fn check(file: &Path, files: &[PathBuf]) -> Result<Loaded, UsageError> {
    if !native::load::is_json(file) {
        return load::check_file(file);
    }
    let mut groups: BTreeMap<Option<&Path>, Vec<PathBuf>> = BTreeMap::new();
    for other in files.iter().filter(|other| native::load::is_json(other)) {
        groups.entry(other.parent()).or_default().push(other.clone());
    }
    match groups.remove(&file.parent()) {
        Some(group) if group.first().is_some_and(|first| first == file) => {
            Ok(native::load(&group, &Options::default())?.into())
        }
        _ => Ok(Loaded::default()),
    }
}

/// The graphs of native files.
pub(super) fn graphs(path: &Path) -> Result<Vec<Graph>, Exit> {
    let loaded = group(&[path.to_owned()], &LoadOptions::default()).map_err(|error| usage(&error.to_string()))?;
    match &loaded.project {
        Some(project) => Ok(project.flows.iter().map(graph).collect()),
        None => Err(refuse(&loaded.diagnostics, &loaded.sources)),
    }
}
