//! Several flows in one drawing, with the triggers between them.

use super::{Builder, Graph, label};
use crate::flow::model::{Flow, TriggerWorkflow, WorkflowTarget};
use crate::flow::project::Project;

/// Flows and what leads from one to another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drawing {
    /// The flows, each in a frame of its own.
    pub graphs: Vec<Graph>,
    /// Workflows that are triggered but not drawn: their names, each once.
    pub outside: Vec<String>,
    /// The triggers, in the order they are found.
    pub links: Vec<Link>,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The graph and the node it leaves.
    pub from: (usize, usize),
    /// Where it leads.
    pub to: End,
    /// Words beside it.
    pub label: String,
}

/// Where a trigger leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A node of a graph: the positions of both.
    Node(usize, usize),
    /// A workflow that is not drawn, by its position.
    Outside(usize),
}

/// Which flow a trigger leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// One of those that are drawn, by its position.
    Drawn(usize),
    /// Another one, by its name.
    Elsewhere(String),
}

impl From<Graph> for Drawing {
    /// A graph on its own.
    fn from(graph: Graph) -> Self {
        Self { graphs: vec![graph], ..Self::default() }
    }
}

/// Every flow of a project.
pub fn project(project: &Project) -> Drawing {
    let flows: Vec<&Flow> = project.flows.iter().collect();
    drawing(&flows, |_, call| match &call.target {
        WorkflowTarget::Flow(place) => Lead::Drawn(*place),
        WorkflowTarget::External(name) => Lead::Elsewhere(name.clone()),
        WorkflowTarget::Unresolved => Lead::Elsewhere(call.workflow.value.clone()),
    })
}

/// Some flows. `lead` says where a trigger leads; it is given the position of the flow that the trigger is in.
pub fn drawing(flows: &[&Flow], lead: impl Fn(usize, &TriggerWorkflow) -> Lead) -> Drawing {
    let builders: Vec<Builder<'_>> = flows.iter().map(|flow| Builder::new(flow)).collect();
    let mut drawing = Drawing::default();
    for (place, builder) in builders.iter().enumerate() {
        for (node, call) in builder.calls() {
            let step = call.step.as_ref().map(|step| step.value.as_str());
            let (to, words) = match lead(place, call) {
                Lead::Drawn(target) => {
                    let entry = builders.get(target).zip(step).map_or(0, |(builder, step)| builder.node_of(step));
                    (End::Node(target, entry), "triggers".to_owned())
                }
                Lead::Elsewhere(name) => {
                    let words = step.map_or_else(|| "triggers".to_owned(), |step| format!("triggers, at {step}"));
                    (End::Outside(drawing.outside(&name)), words)
                }
            };
            drawing.links.push(Link { from: (place, node), to, label: label(&words) });
        }
    }
    drawing.graphs = builders.into_iter().map(|builder| builder.graph).collect();
    drawing
}

impl Drawing {
    /// The position of a workflow that is not drawn, added when it is new.
    fn outside(&mut self, name: &str) -> usize {
        let name = label(name);
        self.outside.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.outside.push(name);
            self.outside.len() - 1
        })
    }
}
