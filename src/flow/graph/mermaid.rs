//! Graphs for Mermaid, as documentation sites and wikis draw them.

use std::fmt::Write as _;

use super::{Graph, Shape};

/// Several graphs as one Mermaid flowchart, each in a frame of its own.
pub fn mermaid(graphs: &[Graph]) -> String {
    let mut out = String::from("flowchart TD\n");
    for (number, graph) in graphs.iter().enumerate() {
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
    out
}

/// A text as a quoted label holds it: what Mermaid or a browser would read as its own is written as an entity.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '*' | '_' | '~' | ';' | '{' | '}' | '[' | ']' | '|' => {
                let _ = write!(safe, "#{};", u32::from(character));
            }
            other => safe.push(other),
        }
    }
    safe
}
