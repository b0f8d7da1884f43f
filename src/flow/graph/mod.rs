//! The graph of a flow: steps as nodes, ways between them as edges, and a writer per format.
//!
//! A jump that nothing follows is no node but a dotted edge to where it goes, so that a flow of a hundred steps stays readable.

mod dot;
mod drawing;
mod mermaid;
mod title;

pub use dot::dot;
pub use drawing::{Drawing, End, Lead, Link, drawing, project};
pub use mermaid::mermaid;

use super::model::{Action, Flow, Otherwise, Step, TriggerWorkflow};
use title::{label, start, title, ways};

/// A flow as nodes and edges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// The flow's name.
    pub name: String,
    /// The start first, then the steps in document order, then the end when something leads there.
    pub nodes: Vec<Node>,
    /// In the order they are found.
    pub edges: Vec<Edge>,
}

/// A node; edges name it by its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What stands in it: text as its author wrote it, on one line and cut to 44 columns.
    pub label: String,
    /// What it is.
    pub shape: Shape,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// What starts the flow.
    Start,
    /// A step that does something.
    Step,
    /// A step that waits for the contact.
    Question,
    /// A step that chooses a way.
    Choice,
    /// The end of the workflow.
    End,
}

/// A way from one node to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The position of the node it leaves.
    pub from: usize,
    /// The position of the node it enters.
    pub to: usize,
    /// When it is taken; empty for what simply comes next.
    pub label: String,
    /// Whether it is a jump.
    pub jump: bool,
}

/// The graph of a flow on its own. Other workflows it triggers are not in it; see [`drawing`].
pub fn graph(flow: &Flow) -> Graph {
    Builder::new(flow).graph
}

struct Builder<'a> {
    graph: Graph,
    /// The steps that are nodes, in order; node 0 is the start.
    ids: Vec<&'a Step>,
}

impl<'a> Builder<'a> {
    fn new(flow: &'a Flow) -> Self {
        let graph = Graph { name: flow.name.clone(), nodes: Vec::new(), edges: Vec::new() };
        let mut builder = Self { graph, ids: Vec::new() };
        builder.node(start(&flow.trigger.on), Shape::Start);
        builder.place(&flow.steps);
        let end = builder.ids.len() + 1;
        builder.list(0, "", &flow.steps);
        if builder.graph.edges.iter().any(|edge| edge.to == end) {
            builder.node("the workflow ends".to_owned(), Shape::End);
        }
        builder
    }

    /// The node of the step with an id; the start when that step is only an edge.
    fn node_of(&self, id: &str) -> usize {
        self.ids.iter().position(|step| step.id == id).map_or(0, |position| position + 1)
    }

    /// The triggers, with their nodes.
    fn calls(&self) -> impl Iterator<Item = (usize, &'a TriggerWorkflow)> {
        let calls = self.ids.iter().zip(1..).map(|(step, node)| match &step.action {
            Action::TriggerWorkflow(call) => Some((node, &**call)),
            _ => None,
        });
        calls.flatten()
    }

    fn node(&mut self, label: String, shape: Shape) {
        self.graph.nodes.push(Node { label, shape });
    }

    /// Gives every step its node.
    fn place(&mut self, steps: &'a [Step]) {
        for (index, step) in steps.iter().enumerate() {
            if !(is_jump(step) && index + 1 == steps.len()) {
                self.ids.push(step);
                let shape = match step.action {
                    Action::AskQuestion(_) | Action::RespondWithAi(_) => Shape::Question,
                    Action::Branch(_) | Action::DateTime(_) => Shape::Choice,
                    _ => Shape::Step,
                };
                self.node(title(step), shape);
            }
            for (_, steps) in ways(step) {
                self.place(steps);
            }
        }
    }

    /// Draws the ways through a list of steps, entered from a node.
    fn list(&mut self, from: usize, words: &str, steps: &'a [Step]) {
        let (mut from, mut words) = (from, label(words));
        for step in steps {
            let node = self.position(step);
            if let (Action::JumpTo { step: target, max_jumps }, None) = (&step.action, node) {
                self.jump(from, &words, &target.value, *max_jumps);
                return;
            }
            let Some(node) = node else { continue };
            self.edge(from, node, std::mem::take(&mut words), false);
            for (words, steps) in ways(step) {
                if steps.is_empty() {
                    let end = self.ids.len() + 1;
                    self.edge(node, end, label(&words), false);
                } else {
                    self.list(node, &words, steps);
                }
            }
            if let Action::JumpTo { step: target, max_jumps } = &step.action {
                self.jump(node, "", &target.value, *max_jumps);
                "then".clone_into(&mut words);
            }
            if matches!(&step.action, Action::Branch(branch) if branch.otherwise == Otherwise::Continue) {
                "Else".clone_into(&mut words);
            }
            from = node;
        }
    }

    fn jump(&mut self, from: usize, words: &str, target: &str, most: u8) {
        let found = self.ids.iter().find(|step| step.id == target).and_then(|step| self.position(step));
        let Some(to) = found else { return };
        let most = if most == 1 { "once".to_owned() } else { format!("up to {most} times") };
        let words = if words.is_empty() { most } else { format!("{words}, {most}") };
        self.edge(from, to, words, true);
    }

    fn edge(&mut self, from: usize, to: usize, label: String, jump: bool) {
        self.graph.edges.push(Edge { from, to, label, jump });
    }

    /// The node of a step; `None` for a jump that is only an edge.
    fn position(&self, step: &Step) -> Option<usize> {
        self.ids.iter().position(|known| std::ptr::eq(*known, step)).map(|position| position + 1)
    }
}

fn is_jump(step: &Step) -> bool {
    matches!(step.action, Action::JumpTo { .. })
}

#[cfg(test)]
mod tests;
