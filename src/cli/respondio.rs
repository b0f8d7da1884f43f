//! `export --to respondio`: flows as files the platform can import.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use super::{Exit, native, refuse, usage, wants_color};
use crate::diagnostic::{self, Diagnostic};
use crate::flow::load::{self, LoadOptions};
use crate::flow::model::{Action, WorkflowTarget};
use crate::flow::project::Project;
use crate::native::{Exported, export};
use crate::source::{FileId, Sources};

/// Writes the flows: one on the standard output or into a file, several into a folder. What could not be said goes to the standard error.
pub(super) fn run(paths: &[PathBuf], output: Option<&Path>) -> Exit {
    match exported(paths) {
        Ok((exported, sources)) => {
            let warnings: Vec<Diagnostic> = exported.iter().flat_map(|flow| flow.warnings.clone()).collect();
            if !warnings.is_empty() {
                let color = wants_color(io::stderr().is_terminal());
                // Warnings that cannot be written have no better place to go.
                let _ = io::stderr().write_all(diagnostic::human::render(&warnings, &sources, color).as_bytes());
            }
            write(&exported, output)
        }
        Err(exit) => exit,
    }
}

/// Loads the flows as one project, so that they know each other's ids.
fn exported(paths: &[PathBuf]) -> Result<(Vec<Exported>, Sources), Exit> {
    let mut sources = Sources::default();
    let mut project = Project { flows: Vec::new() };
    let mut names: Vec<PathBuf> = Vec::new();
    for path in paths {
        let (read, flows) = if crate::native::load::takes(path) {
            let loaded = native::group(std::slice::from_ref(path), &LoadOptions::default())
                .map_err(|error| usage(&error.to_string()))?;
            let Some(read) = loaded.project else { return Err(refuse(&loaded.diagnostics, &loaded.sources)) };
            (loaded.sources, read.flows)
        } else {
            let loaded = load::load(path, &LoadOptions::default()).map_err(|error| usage(&error.to_string()))?;
            let Some(flow) = loaded.flow else { return Err(refuse(&loaded.diagnostics, &loaded.sources)) };
            (loaded.sources, vec![flow])
        };
        let shift = sources.iter().count();
        for (_, file) in read.iter() {
            sources.add(file.clone());
        }
        let before = project.flows.len();
        for mut flow in flows {
            flow.file = FileId(flow.file.0.saturating_add(u32::try_from(shift).unwrap_or(u32::MAX)));
            crate::native::each_step(&mut flow.steps, &mut |step| {
                if let Action::TriggerWorkflow(trigger) = &mut step.action
                    && let WorkflowTarget::Flow(target) = &mut trigger.target
                {
                    *target += before;
                }
            });
            project.flows.push(flow);
            names.push(path.clone());
        }
    }
    resolve(&mut project, &names);
    Ok((export(&project), sources))
}

/// Ties triggers that name a file to the flow of that file, when it is exported too.
fn resolve(project: &mut Project, paths: &[PathBuf]) {
    let same = |one: &Path, other: &Path| {
        one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(a), Ok(b)) if a == b)
    };
    for (flow, path) in project.flows.iter_mut().zip(paths) {
        let folder = path.parent().unwrap_or(Path::new(""));
        crate::native::each_step(&mut flow.steps, &mut |step| {
            if let Action::TriggerWorkflow(trigger) = &mut step.action
                && trigger.target == WorkflowTarget::Unresolved
            {
                let named = folder.join(&trigger.workflow.value);
                if let Some(target) = paths.iter().position(|path| same(path, &named)) {
                    trigger.target = WorkflowTarget::Flow(target);
                }
            }
        });
    }
}

fn write(exported: &[Exported], output: Option<&Path>) -> Exit {
    match (exported, output) {
        ([one], None) => match io::stdout().write_all(one.text().as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => usage(&format!("the output broke off: {error}")),
            _ => Exit::Good,
        },
        (_, None) => usage("several workflows need a folder to go to; name it with --output"),
        ([one], Some(file)) if !file.is_dir() => save(file, one),
        (several, Some(folder)) => {
            if let Err(error) = std::fs::create_dir_all(folder) {
                return usage(&format!("the folder `{}` cannot be made: {error}", folder.display()));
            }
            for (flow, name) in several.iter().zip(crate::native::file_names(several, "json")) {
                let exit = save(&folder.join(name), flow);
                if exit != Exit::Good {
                    return exit;
                }
            }
            Exit::Good
        }
    }
}

fn save(path: &Path, flow: &Exported) -> Exit {
    match std::fs::write(path, flow.text()) {
        Ok(()) => Exit::Good,
        Err(error) => usage(&format!("`{}` cannot be written: {error}", path.display())),
    }
}
