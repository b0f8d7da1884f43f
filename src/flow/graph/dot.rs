//! Graphs for Graphviz.

use std::fmt::Write as _;

use super::{Drawing, End, Shape};
use crate::text::single_line;

/// A drawing as one DOT digraph, each flow in a cluster of its own.
pub fn dot(drawing: &Drawing) -> String {
    let mut out = String::from("digraph flows {\n  node [fontname=\"sans-serif\", shape=box, style=rounded];\n");
    out.push_str("  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (number, graph) in drawing.graphs.iter().enumerate() {
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
    for (number, name) in drawing.outside.iter().enumerate() {
        let _ = writeln!(out, "  x{number} [label=\"{}\", shape=box3d];", safe(name));
    }
    for link in &drawing.links {
        let to = match link.to {
            End::Node(graph, node) => format!("f{graph}n{node}"),
            End::Outside(number) => format!("x{number}"),
        };
        let (graph, node) = link.from;
        let _ = writeln!(out, "  f{graph}n{node} -> {to} [label=\"{}\", style=dashed];", safe(&link.label));
    }
    out.push_str("}\n");
    out
}

/// A text as a quoted string of DOT holds it.
fn safe(text: &str) -> String {
    single_line(text).replace('\\', "\\\\").replace('"', "\\\"")
}
