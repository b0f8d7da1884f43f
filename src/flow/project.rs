//! A project: the flows that reach each other, put together.

use super::model::Flow;

/// The flow that was asked for and every flow it reaches by `trigger_workflow`.
#[derive(Debug, Clone)]
pub struct Project {
    /// The flow that was asked for first; then the others in the order they are first reached. Every
    /// [`TriggerWorkflow::target`](super::model::TriggerWorkflow::target) is resolved to a position in this list, or to a workflow
    /// that lives only on the platform.
    pub flows: Vec<Flow>,
}

impl From<Flow> for Project {
    /// A flow on its own.
    fn from(flow: Flow) -> Self {
        Self { flows: vec![flow] }
    }
}
