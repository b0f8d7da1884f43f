//! The platform's own files where a flow is expected: `play`, `check` and `export` take them as they take YAML.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Exit, refuse, usage};
use crate::flow::link::{self, Checked, LoadedProject};
use crate::flow::load::{self, LoadOptions, UsageError};
use crate::flow::project::Project;
use crate::native::{self, Options};
use crate::source::{self, FileId, ReadError, SourceFile, Sources};
use crate::text::single_line;

/// Loads a flow of either kind with every flow it reaches: a native file, a folder of them (its main flow comes first), or YAML.
pub(super) fn open(path: &Path, options: &LoadOptions) -> Result<LoadedProject, UsageError> {
    if !native::load::takes(path) {
        return link::load_project(path, options);
    }
    let loaded: LoadedProject = group(&[path.to_owned()], options)?.into();
    if let (true, Some(flow)) = (path.is_dir(), loaded.project.as_ref().and_then(|project| project.flows.first())) {
        let file = loaded.sources.get(flow.file).map(SourceFile::name).unwrap_or_default();
        // A note that cannot be written has no better place to go.
        let _ = writeln!(
            io::stderr(),
            "note: this is `{}` ({}), which no other workflow of the folder triggers; name a file to play another",
            single_line(&flow.name),
            single_line(file)
        );
    }
    Ok(loaded)
}

/// Loads native files together, with the names a workspace file knows for native ids.
fn group(paths: &[PathBuf], options: &LoadOptions) -> Result<native::Loaded, UsageError> {
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

/// Checks files of either kind. Native files that lie in one folder are read together, for their triggers lead from one to another.
pub(super) fn check(files: &[PathBuf]) -> Checked {
    let (native, others): (Vec<&PathBuf>, Vec<&PathBuf>) = files.iter().partition(|file| native::load::is_json(file));
    let others: Vec<PathBuf> = others.into_iter().cloned().collect();
    let mut checked = link::check_every(&others);
    let mut groups: BTreeMap<Option<&Path>, Vec<PathBuf>> = BTreeMap::new();
    for file in native {
        if let Err(ReadError::Usage(message)) = source::read(file) {
            checked.unreadable(file, UsageError(message));
            continue;
        }
        let group = groups.entry(file.parent()).or_default();
        if !group.contains(file) {
            group.push(file.clone());
        }
    }
    for group in groups.values() {
        let loaded = match native::load(group, &Options::default()) {
            Ok(loaded) => loaded,
            Err(error) => {
                // Gone since it was looked at.
                group.iter().for_each(|file| checked.unreadable(file, error.clone()));
                continue;
            }
        };
        let shift = u32::try_from(checked.sources.iter().count()).unwrap_or(u32::MAX);
        let moved = |file: &mut FileId| file.0 = file.0.saturating_add(shift);
        for (_, file) in loaded.sources.iter() {
            checked.sources.add(file.clone());
        }
        let LoadedProject { mut facts, mut diagnostics, .. } = loaded.into();
        facts.list.iter_mut().for_each(|fact| moved(&mut fact.file));
        diagnostics.iter_mut().flat_map(|finding| &mut finding.labels).for_each(|label| moved(&mut label.file));
        checked.facts.push(facts);
        checked.diagnostics.append(&mut diagnostics);
    }
    checked.sort();
    checked
}

/// A project with the path of the flow it is led by.
pub(super) type Led = (PathBuf, (Project, Sources));

/// For every flow that was given the project it leads; a folder gives each of its native files.
pub(super) fn projects(paths: &[PathBuf]) -> Result<Vec<Led>, Exit> {
    let wrong = |error: UsageError| usage(&error.to_string());
    let mut native: Vec<PathBuf> = paths.iter().filter(|path| native::load::takes(path)).cloned().collect();
    native.dedup();
    let mut group = Vec::new();
    if !native.is_empty() {
        let loaded = native::load(&native, &Options::default()).map_err(wrong)?;
        let Some(project) = loaded.project else { return Err(refuse(&loaded.diagnostics, &loaded.sources)) };
        for (place, flow) in project.flows.iter().enumerate() {
            let name = loaded.sources.get(flow.file).map(SourceFile::name).unwrap_or_default();
            group.push((PathBuf::from(name), (native::load::led_by(&project, place), loaded.sources.clone())));
        }
        group.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
    let mut all: Vec<Led> = Vec::new();
    for path in paths {
        if native::load::takes(path) {
            let files = native::load::files(path).map_err(wrong)?;
            let named =
                |file: &PathBuf| files.iter().any(|known| known.display().to_string() == file.display().to_string());
            all.extend(group.iter().filter(|(file, _)| named(file)).cloned());
        } else {
            let loaded = link::load_project(path, &LoadOptions::default()).map_err(wrong)?;
            let Some(project) = loaded.project else { return Err(refuse(&loaded.diagnostics, &loaded.sources)) };
            all.push((path.clone(), (project, loaded.sources)));
        }
    }
    Ok(all)
}
