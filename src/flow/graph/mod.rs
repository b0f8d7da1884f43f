//! The graph of a flow: steps as nodes, ways between them as edges, and a writer per format.
//!
//! A jump that nothing follows is no node but a dotted edge to where it goes, so that a flow of a hundred steps stays readable.

mod dot;
mod mermaid;

pub use dot::dot;
pub use mermaid::mermaid;

use super::format_duration;
use super::model::{Action, Content, FailureBranches, Flow, Otherwise, Step, TriggerOn};
use crate::text::{single_line, truncate};

/// Columns a label has at most, our choice.
const WIDEST: usize = 44;

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

/// The graph of a flow.
pub fn graph(flow: &Flow) -> Graph {
    let start = match &flow.trigger.on {
        TriggerOn::Manual => "started by hand",
        TriggerOn::ConversationOpened { .. } => "conversation opened",
        _ => "started",
    };
    let mut builder =
        Builder { graph: Graph { name: flow.name.clone(), nodes: Vec::new(), edges: Vec::new() }, ids: Vec::new() };
    builder.node(label(start), Shape::Start);
    builder.place(&flow.steps);
    let end = builder.ids.len() + 1;
    builder.list(0, "", &flow.steps);
    if builder.graph.edges.iter().any(|edge| edge.to == end) {
        builder.node("the workflow ends".to_owned(), Shape::End);
    }
    builder.graph
}

struct Builder<'a> {
    graph: Graph,
    /// The steps that are nodes, in order; node 0 is the start.
    ids: Vec<&'a Step>,
}

impl<'a> Builder<'a> {
    fn node(&mut self, label: String, shape: Shape) {
        self.graph.nodes.push(Node { label, shape });
    }

    /// Gives every step its node.
    fn place(&mut self, steps: &'a [Step]) {
        for (index, step) in steps.iter().enumerate() {
            if !(is_jump(step) && index + 1 == steps.len()) {
                self.ids.push(step);
                let shape = match step.action {
                    Action::AskQuestion(_) => Shape::Question,
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

/// The side branches and arms of a step, with the words for when they are taken.
fn ways(step: &Step) -> Vec<(String, &[Step])> {
    let mut ways: Vec<(String, &[Step])> = Vec::new();
    match &step.action {
        Action::SendMessage(send) => {
            ways.extend(send.failure_branch.as_ref().map(|side| ("cannot be sent".to_owned(), side.as_slice())));
        }
        Action::DateTime(look) => {
            ways.extend(look.failure_branch.as_ref().map(|side| ("outside".to_owned(), side.as_slice())));
        }
        Action::AskQuestion(ask) => {
            let joint = matches!(ask.failures, FailureBranches::Joint(_));
            let timeout = format!("no answer in {}", format_duration(ask.timeout));
            ways.extend(ask.timeout_branch.as_ref().map(|side| (timeout, side.as_slice())));
            let invalid = if joint { "fails" } else { "does not fit" };
            ways.extend(ask.failures.invalid().map(|side| (invalid.to_owned(), side.as_slice())));
            let failed = ask.failures.sending_failed().filter(|_| !joint);
            ways.extend(failed.map(|side| ("cannot be sent".to_owned(), side.as_slice())));
        }
        Action::Branch(branch) => {
            for (arm, number) in branch.arms.iter().zip(1..) {
                let name = arm.name.clone().unwrap_or_else(|| format!("arm_{number}"));
                ways.push((name, &arm.steps));
            }
            if let Otherwise::Steps(steps) = &branch.otherwise {
                ways.push(("Else".to_owned(), steps));
            }
        }
        _ => {}
    }
    ways
}

/// What stands in a step's node: its name, else what it does.
fn title(step: &Step) -> String {
    let words = match (&step.name, &step.action) {
        (Some(name), _) => name.clone(),
        (None, Action::SendMessage(send)) => match &send.content {
            Content::Text(text) => format!("Send: {}", text.source()),
            Content::Attachment { kind, .. } => format!("Send: {kind}"),
            Content::Template(template) => format!("Send: template {}", template.name),
        },
        (None, Action::AskQuestion(ask)) => format!("Ask: {}", ask.text.source()),
        (None, Action::Wait(span)) => format!("Wait {}", format_duration(*span)),
        (None, Action::AddComment { text, .. }) => format!("Comment: {}", text.source()),
        (None, action) => {
            let words = action.key().replace('_', " ");
            if step.named { format!("{words}: {}", step.id) } else { words }
        }
    };
    label(&words)
}

fn label(words: &str) -> String {
    truncate(&single_line(words), WIDEST, "…").into_owned()
}

#[cfg(test)]
mod tests;
