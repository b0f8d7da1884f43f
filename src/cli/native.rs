//! The platform's own files where a flow is expected: `play`, `check` and `export` take them as they take YAML.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Exit, refuse, usage};
use crate::flow::Flow;
use crate::flow::link::{self, Checked, LoadedProject};
use crate::flow::load::{self, LoadOptions, UsageError};
use crate::flow::project::Project;
use crate::lint;
use crate::native::{self, Options};
use crate::source::{self, FileId, ReadError, SourceFile, Sources};
use crate::text::single_line;

/// What is played: a flow or a folder of them, with the workflows that take part besides.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    /// The file or folder that was named.
    pub(super) path: PathBuf,
    /// `--with`
    pub(super) with: Vec<PathBuf>,
    /// `--start`
    pub(super) start: Option<PathBuf>,
}

impl Cast {
    /// Whether the program chose which flow comes first.
    pub(super) fn is_chosen_here(&self) -> bool {
        self.path.is_dir() && self.start.is_none()
    }
}

/// Loads flows of either kind with every flow they reach. Of a folder the flow comes first that is asked for, else the one that no other
/// triggers.
pub(super) fn open(cast: &Cast, options: &LoadOptions) -> Result<LoadedProject, UsageError> {
    let Cast { path, with, start } = cast;
    let takes = native::load::takes(path);
    if let Some(other) = with.iter().find(|other| native::load::takes(other) != takes) {
        let message = "flows in YAML and files of the platform (.json) do not play together; import those first";
        return Err(UsageError(format!("--with {}: {message}", single_line(&other.display().to_string()))));
    }
    if start.is_some() && !path.is_dir() {
        return Err(UsageError("--start goes with a folder: it says which of its flows comes first".to_owned()));
    }
    let mut loaded: LoadedProject = if takes {
        let named: Vec<PathBuf> = std::iter::once(path).chain(with).cloned().collect();
        // A single file brings along what it triggers.
        let paths = if path.is_dir() { named } else { native::with_siblings(&named) };
        group(&paths, options)?.into()
    } else {
        let mut paths = flows(path)?;
        for other in with {
            paths.extend(flows(other)?);
        }
        link::load_together(&paths, options)?
    };
    if let Some(project) = &mut loaded.project {
        let is_start = |flow: &Flow, wanted: &Path| {
            let file = loaded.sources.get(flow.file).map(SourceFile::name).unwrap_or_default();
            same_file(Path::new(file), wanted) || same_file(Path::new(file), &path.join(wanted))
        };
        let first = match start {
            Some(wanted) => project.flows.iter().position(|flow| is_start(flow, wanted)).ok_or_else(|| {
                let (wanted, folder) = (wanted.display().to_string(), path.display().to_string());
                UsageError(format!("--start: `{}` is no flow of `{}`", single_line(&wanted), single_line(&folder)))
            })?,
            // The flows that were named stand in front; what they only reach is triggered anyway.
            None if path.is_dir() => native::load::main_flow(&project.flows),
            // A native group may be led by another of its files.
            None => project.flows.iter().position(|flow| is_start(flow, path)).unwrap_or_default(),
        };
        if first != 0 {
            *project = native::load::led_by(project, first);
        }
    }
    Ok(loaded)
}

fn same_file(one: &Path, other: &Path) -> bool {
    one == other || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// A flow's path, or those of the flows in a folder.
fn flows(path: &Path) -> Result<Vec<PathBuf>, UsageError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let flows = link::flows_in(path)?;
    if flows.is_empty() {
        let path = path.display().to_string();
        return Err(UsageError(format!("there is no flow in the folder `{}`; name a file", single_line(&path))));
    }
    Ok(flows)
}

/// Which flow of a folder is played, when nobody said which.
pub(super) fn say_which(loaded: &LoadedProject) {
    let Some(flow) = loaded.project.as_ref().and_then(|project| project.flows.first()) else { return };
    let file = loaded.sources.get(flow.file).map(SourceFile::name).unwrap_or_default();
    // A note that cannot be written has no better place to go.
    let _ = writeln!(
        io::stderr(),
        "note: this is `{}` ({}), which no other workflow of the folder triggers; --start FILE plays another",
        single_line(&flow.name),
        single_line(file)
    );
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
    native::load(paths, &Options { workspace: Some(workspace), ..Options::default() })
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
        let loaded = match native::load(&native::with_siblings(group), &Options::default()) {
            Ok(loaded) => loaded,
            Err(error) => {
                // Gone since it was looked at.
                for file in group {
                    checked.unreadable(file, error.clone());
                }
                continue;
            }
        };
        let shift = u32::try_from(checked.sources.iter().count()).unwrap_or(u32::MAX);
        let moved = |file: &mut FileId| file.0 = file.0.saturating_add(shift);
        for (_, file) in loaded.sources.iter() {
            checked.sources.add(file.clone());
        }
        let mut diagnostics = loaded.diagnostics.clone();
        if let Some((mirror, mut written)) = native::mirror(&loaded) {
            lint::lint_checked(&mut written);
            diagnostics.extend(mirror.told(&written.diagnostics));
        }
        diagnostics.iter_mut().flat_map(|finding| &mut finding.labels).for_each(|label| moved(&mut label.file));
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
            for path in flows(path).map_err(wrong)? {
                let loaded = link::load_project(&path, &LoadOptions::default()).map_err(wrong)?;
                let Some(project) = loaded.project else { return Err(refuse(&loaded.diagnostics, &loaded.sources)) };
                all.push((path, (project, loaded.sources)));
            }
        }
    }
    Ok(all)
}
