//! `rehearse export`: a flow for other tools to draw, or for the platform.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Exit, native, refuse, respondio, usage};
use crate::flow::graph::{Graph, dot, graph, mermaid};
use crate::flow::load::{self, LoadOptions};

/// What `export` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse export flows/menu.yaml --to mermaid\n  rehearse export flows/menu.yaml --to dot | dot -Tsvg > menu.svg\n  rehearse export flows/menu.yaml --to respondio --output menu.json"
)]
pub(super) struct ExportArguments {
    /// The flows: YAML files, workflows exported from the platform (.json), or folders of those. Each is drawn in a frame of its own
    #[arg(value_name = "FLOW", required = true)]
    flows: Vec<PathBuf>,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Format,
    /// With `--to respondio`: the file to write, or for several flows the folder
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
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
        return respondio::run(&arguments.flows, arguments.output.as_deref());
    }
    if arguments.output.is_some() {
        return usage("--output goes with --to respondio; a graph is written to the standard output");
    }
    let mut graphs: Vec<Graph> = Vec::new();
    for path in &arguments.flows {
        if crate::native::load::takes(path) {
            match native::graphs(path) {
                Ok(more) => graphs.extend(more),
                Err(exit) => return exit,
            }
            continue;
        }
        let loaded = match load::load(path, &LoadOptions::default()) {
            Ok(loaded) => loaded,
            Err(error) => return usage(&error.to_string()),
        };
        let Some(flow) = &loaded.flow else {
            return refuse(&loaded.diagnostics, &loaded.sources);
        };
        graphs.push(graph(flow));
    }
    let out = match arguments.to {
        Format::Mermaid => mermaid(&graphs),
        Format::Dot | Format::Respondio => dot(&graphs),
    };
    match io::stdout().write_all(out.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => usage(&format!("the output broke off: {error}")),
        _ => Exit::Good,
    }
}
