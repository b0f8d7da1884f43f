//! Graphs for Graphviz.

use std::fmt::Write as _;

use super::{Graph, Shape};

/// Several graphs as one DOT digraph, each in a cluster of its own.
pub fn dot(graphs: &[Graph]) -> String {
    let mut out = String::from("digraph flows {\n  node [fontname=\"sans-serif\", shape=box, style=rounded];\n");
    out.push_str("  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (number, graph) in graphs.iter().enumerate() {
        let _ = writeln!(out, "  subgraph cluster_{number} {{\n    label=\"{}\";", safe(&graph.name));
        for (index, node) in graph.nodes.iter().enumerate() {
            let shape = match node.shape {
                Shape::Start | Shape::End => ", shape=oval",
                Shape::Step => "",
                Shape::Question => ", shape=parallelogram",
                Shape::Choice => ", shape=diamond",
            };
            let _ = writeln!(out, "    f{number}n{index} [label=\"{}\"{shape}];", safe(&node.label));
        }
        for edge in &graph.edges {
            let style = if edge.jump { ", style=dashed" } else { "" };
            let _ = writeln!(
                out,
                "    f{number}n{} -> f{number}n{} [label=\"{}\"{style}];",
                edge.from,
                edge.to,
                safe(&edge.label)
            );
        }
        out.push_str("  }\n");
    }
    out.push_str("}\n");
    out
}

/// A text as a quoted string of DOT holds it.
fn safe(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
