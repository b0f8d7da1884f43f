//! `rehearse export`: a flow for other tools to draw.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Exit, refuse, usage};
use crate::flow::graph::{Graph, dot, graph, mermaid};
use crate::flow::load::{self, LoadOptions};

/// What `export` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  rehearse export flows/menu.yaml --to mermaid\n  rehearse export flows/menu.yaml --to dot | dot -Tsvg > menu.svg"
)]
pub(super) struct ExportArguments {
    /// The flows to draw, each in a frame of its own
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
    let mut graphs: Vec<Graph> = Vec::new();
    for path in &arguments.flows {
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
        Format::Dot => dot(&graphs),
    };
    match io::stdout().write_all(out.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => usage(&format!("the output broke off: {error}")),
        _ => Exit::Good,
    }
}
