//! `rehearse export`: a flow for other tools to draw, or for the platform.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Exit, native, respondio, usage};
use crate::flow::graph::{Drawing, Lead, dot, drawing, mermaid};
use crate::flow::model::WorkflowTarget;
use crate::flow::{Flow, Project};
use crate::source::Sources;

/// What `export` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse export flows/menu.yaml --to mermaid\n  rehearse export flows/menu.yaml --to dot | dot -Tsvg > menu.svg\n  rehearse export flows/menu.yaml --to respondio --output menu.json"
)]
pub(super) struct ExportArguments {
    /// The flows: YAML files, workflows exported from the platform (.json), or folders of those. Each is drawn in a frame of its own, with
    /// the triggers between them
    #[arg(value_name = "FLOW", required = true)]
    flows: Vec<PathBuf>,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Format,
    /// With `--to respondio`: the file to write, or for several flows the folder
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// With `--output`: write over a file that is there already
    #[arg(long, requires = "output")]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A Mermaid flowchart
    Mermaid,
    /// A Graphviz digraph
    Dot,
    /// A file the platform can import
    Respondio,
}

pub(super) fn run(arguments: &ExportArguments) -> Exit {
    if arguments.to == Format::Respondio {
        return respondio::run(&arguments.flows, arguments.output.as_deref(), arguments.force);
    }
    if arguments.output.is_some() {
        return usage("--output goes with --to respondio; a graph is written to the standard output");
    }
    let (paths, projects): (Vec<PathBuf>, Vec<(Project, Sources)>) = match native::projects(&arguments.flows) {
        Ok(projects) => projects.into_iter().unzip(),
        Err(exit) => return exit,
    };
    let drawing = draw(&paths, &projects);
    let out = match arguments.to {
        Format::Mermaid => mermaid(&drawing),
        Format::Dot | Format::Respondio => dot(&drawing),
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
