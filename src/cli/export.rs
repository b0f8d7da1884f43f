//! `rehearse export`: a flow for other tools to draw.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Exit, refuse, usage};
use crate::flow::graph::{Drawing, Lead, dot, drawing, mermaid};
use crate::flow::link;
use crate::flow::load::LoadOptions;
use crate::flow::model::WorkflowTarget;
use crate::flow::{Flow, Project};
use crate::source::Sources;

/// What `export` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse export flows/menu.yaml --to mermaid\n  rehearse export flows/menu.yaml --to dot | dot -Tsvg > menu.svg"
)]
pub(super) struct ExportArguments {
    /// The flows to draw, each in a frame of its own, with the triggers between them
    #[arg(value_name = "FLOW", required = true)]
    flows: Vec<PathBuf>,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A Mermaid flowchart
    Mermaid,
    /// A Graphviz digraph
    Dot,
}

pub(super) fn run(arguments: &ExportArguments) -> Exit {
    let mut projects: Vec<(Project, Sources)> = Vec::new();
    for path in &arguments.flows {
        let loaded = match link::load_project(path, &LoadOptions::default()) {
            Ok(loaded) => loaded,
            Err(error) => return usage(&error.to_string()),
        };
        let Some(project) = loaded.project else {
            return refuse(&loaded.diagnostics, &loaded.sources);
        };
        projects.push((project, loaded.sources));
    }
    let drawing = draw(&arguments.flows, &projects);
    let out = match arguments.to {
        Format::Mermaid => mermaid(&drawing),
        Format::Dot => dot(&drawing),
    };
    match io::stdout().write_all(out.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => usage(&format!("the output broke off: {error}")),
        _ => Exit::Good,
    }
}

/// Every flow that was given. Whatever else they trigger is one node each, called by its flow's name.
fn draw(paths: &[PathBuf], projects: &[(Project, Sources)]) -> Drawing {
    let one_path = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let given: Vec<PathBuf> = paths.iter().map(|path| one_path(path)).collect();
    let flows: Vec<&Flow> = projects.iter().filter_map(|(project, _)| project.flows.first()).collect();
    drawing(&flows, |from, call| {
        let target = projects.get(from).and_then(|(project, sources)| match &call.target {
            WorkflowTarget::Flow(place) => Some((project.flows.get(*place)?, sources)),
            WorkflowTarget::External(_) | WorkflowTarget::Unresolved => None,
        });
        let Some((flow, sources)) = target else { return Lead::Elsewhere(call.workflow.value.clone()) };
        let path = sources.get(flow.file).map(|file| one_path(Path::new(file.name())));
        match given.iter().position(|given| Some(given) == path.as_ref()) {
            Some(drawn) => Lead::Drawn(drawn),
            None => Lead::Elsewhere(flow.name.clone()),
        }
    })
}
