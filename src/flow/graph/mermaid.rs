//! Graphs for Mermaid, as documentation sites and wikis draw them.

use std::fmt::Write as _;

use super::{Drawing, End, Shape};
use crate::text::single_line;

/// A drawing as one Mermaid flowchart, each flow in a frame of its own.
pub fn mermaid(drawing: &Drawing) -> String {
    let mut out = String::from("flowchart TD\n");
    for (number, graph) in drawing.graphs.iter().enumerate() {
        let _ = writeln!(out, "  subgraph f{number}[\"{}\"]", safe(&graph.name));
        for (index, node) in graph.nodes.iter().enumerate() {
            let (open, close) = match node.shape {
                Shape::Start | Shape::End => ("([", "])"),
                Shape::Step => ("[", "]"),
                Shape::Question => ("[/", "/]"),
                Shape::Choice => ("{", "}"),
            };
            let _ = writeln!(out, "    f{number}n{index}{open}\"{}\"{close}", safe(&node.label));
        }
        for edge in &graph.edges {
            let arrow = if edge.jump { "-.->" } else { "-->" };
            let label = if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", safe(&edge.label)) };
            let _ = writeln!(out, "    f{number}n{} {arrow}{label} f{number}n{}", edge.from, edge.to);
        }
        out.push_str("  end\n");
    }
    for (number, name) in drawing.outside.iter().enumerate() {
        let _ = writeln!(out, "  x{number}[[\"{}\"]]", safe(name));
    }
    for link in &drawing.links {
        let to = match link.to {
            End::Node(graph, node) => format!("f{graph}n{node}"),
            End::Outside(number) => format!("x{number}"),
        };
        let (graph, node) = link.from;
        let _ = writeln!(out, "  f{graph}n{node} -.->|\"{}\"| {to}", safe(&link.label));
    }
    out
}

/// A text as a quoted label holds it: what Mermaid or a browser would read as its own is written as an entity.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in single_line(text).chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '*' | '_' | '~' | ';' | '{' | '}' | '[' | ']' | '|' => {
                let _ = write!(safe, "#{};", u32::from(character));
            }
            other => safe.push(other),
        }
    }
    safe
}
