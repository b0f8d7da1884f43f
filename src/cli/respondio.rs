//! `export --to respondio`: flows as files the platform can import.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use super::native::Led;
use super::{Exit, native, usage, wants_color};
use crate::diagnostic::{self, Diagnostic};
use crate::files::{self, Existing, FileError};
use crate::flow::Flow;
use crate::flow::model::{Action, WorkflowTarget};
use crate::flow::project::Project;
use crate::native::load::is_json as native_file;
use crate::native::{Exported, aside, each_step, export, file_names};
use crate::source::{FileId, SourceFile, Sources};
use crate::text::{escaped_json, single_line};

/// Writes the flows: one on the standard output or into a file, several into a folder. What could not be said goes to the standard error.
pub(super) fn run(paths: &[PathBuf], output: Option<&Path>, force: bool) -> Exit {
    let given = match native::projects(paths) {
        Ok(given) => given,
        Err(exit) => return exit,
    };
    let (mut project, sources) = together(&given);
    for flow in &mut project.flows {
        bring_back(flow, &sources);
    }
    let mut exported = export(&project);
    // Flows that are only triggered lend their ids, and are not written.
    exported.truncate(given.len());
    let warnings: Vec<Diagnostic> = exported.iter().flat_map(|flow| flow.warnings.clone()).collect();
    if !warnings.is_empty() {
        let color = wants_color(io::stderr().is_terminal());
        // Warnings that cannot be written have no better place to go.
        let _ = io::stderr().write_all(diagnostic::human::render(&warnings, &sources, color).as_bytes());
    }
    write(&exported, output, force)
}

/// Puts back what an import laid beside a flow. Where that is missing or broken, the flow is exported without it, and that is said.
fn bring_back(flow: &mut Flow, sources: &Sources) {
    let path = PathBuf::from(sources.get(flow.file).map(SourceFile::name).unwrap_or_default());
    if flow.respondio.is_some() || native_file(&path) {
        return;
    }
    let beside = aside::path(&path);
    let reason = match std::fs::read_to_string(&beside) {
        Ok(text) => aside::attach(flow, &text).err(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Only a flow that the workspace knows by an id has been on the platform.
            let name = path.file_name().and_then(|name| name.to_str());
            let listed =
                flow.workspace.workflows.iter().any(|entry| entry.id.is_some() && entry.file.as_deref() == name);
            listed.then(|| "it is not there".to_owned())
        }
        Err(error) => Some(error.to_string()),
    };
    if let Some(reason) = reason {
        // A note that cannot be written has no better place to go.
        let _ = writeln!(
            io::stderr(),
            "note: `{}` is exported with new native ids, and without settings that a rehearsal does not know: they were kept in `{}` ({})",
            single_line(&flow.name),
            single_line(&beside.display().to_string()),
            single_line(&reason)
        );
    }
}

/// All projects as one: the flows that were given in their order, then those they trigger. Each file is in it once.
fn together(given: &[Led]) -> (Project, Sources) {
    let mut sources = Sources::default();
    let mut flows: Vec<Flow> = Vec::new();
    let mut names: Vec<PathBuf> = Vec::new();
    let name = |flow: &Flow, sources: &Sources| {
        let path = PathBuf::from(sources.get(flow.file).map(SourceFile::name).unwrap_or_default());
        path.canonicalize().unwrap_or(path)
    };
    let given_names: Vec<PathBuf> =
        given.iter().filter_map(|(_, (project, sources))| Some(name(project.flows.first()?, sources))).collect();
    let first: Vec<(usize, usize)> = (0..given.len()).map(|project| (project, 0)).collect();
    let others = given
        .iter()
        .enumerate()
        .flat_map(|(at, (_, (project, _)))| (1..project.flows.len()).map(move |place| (at, place)));
    let mut origins: Vec<usize> = Vec::new();
    for (at, place) in first.into_iter().chain(others) {
        let (_, (project, files)) = &given[at];
        let Some(flow) = project.flows.get(place) else { continue };
        let called = name(flow, files);
        if place > 0 && (names.contains(&called) || given_names.contains(&called)) {
            continue;
        }
        let mut flow = flow.clone();
        flow.file = files.get(flow.file).map_or(FileId(0), |file| sources.add(file.clone()));
        flows.push(flow);
        names.push(called);
        origins.push(at);
    }
    for (flow, at) in flows.iter_mut().zip(origins) {
        let (_, (project, files)) = &given[at];
        each_step(&mut flow.steps, &mut |step| {
            if let Action::TriggerWorkflow(trigger) = &mut step.action
                && let WorkflowTarget::Flow(target) = &mut trigger.target
            {
                let called = project.flows.get(*target).map(|flow| name(flow, files));
                *target = names.iter().position(|known| Some(known) == called.as_ref()).unwrap_or(*target);
            }
        });
    }
    (Project { flows }, sources)
}

fn write(exported: &[Exported], output: Option<&Path>, force: bool) -> Exit {
    match (exported, output) {
        ([one], None) => match io::stdout().write_all(escaped_json(one.text()).as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => usage(&format!("the output broke off: {error}")),
            _ => Exit::Good,
        },
        (_, None) => usage("several workflows need a folder to go to; name it with --output"),
        ([one], Some(file)) if !file.is_dir() => save(&[(file.to_owned(), one.text())], force),
        (several, Some(folder)) => {
            if let Err(error) = std::fs::create_dir_all(folder) {
                return usage(&format!("the folder `{}` cannot be made: {error}", folder.display()));
            }
            let files: Vec<(PathBuf, String)> = several
                .iter()
                .zip(file_names(several, "json"))
                .map(|(flow, name)| (folder.join(name), flow.text()))
                .collect();
            save(&files, force)
        }
    }
}

/// Writes the files and says so on the standard error.
fn save(files: &[(PathBuf, String)], force: bool) -> Exit {
    let existing = if force { Existing::Replace } else { Existing::Keep };
    match files::save(files, existing) {
        Ok(()) => {
            for (path, _) in files {
                // A note that cannot be written has no better place to go.
                let _ = writeln!(io::stderr(), "wrote {}", single_line(&path.display().to_string()));
            }
            Exit::Good
        }
        Err(error @ FileError::There { .. }) => {
            usage(&format!("{error}. Choose another name with --output, or write over it with --force"))
        }
        Err(error) => usage(&error.to_string()),
    }
}
