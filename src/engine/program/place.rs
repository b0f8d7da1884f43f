//! Where the steps of a program were written, for whoever shows them. The engine does not read it, and the fingerprint is free of it.

use std::sync::Arc;

use super::outline::sides;
use super::{Program, StepId};
use crate::flow::model;
use crate::flow::project::Project;
use crate::source::{SourceFile, Sources};

/// Where a step was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as the user wrote its name.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

impl Program {
    /// The same program, which knows where its steps were written: `project` is what it was compiled from.
    #[must_use]
    pub fn placed(mut self, project: &Project, sources: &Sources) -> Self {
        let mut places = Vec::with_capacity(self.steps.len());
        for flow in &project.flows {
            let file = sources.get(flow.file).filter(|file| !file.text().is_empty());
            let file = file.map(|file| (file, Arc::from(file.name())));
            walk(&flow.steps, file.as_ref(), &mut places);
        }
        self.places = places;
        self
    }

    /// Where a step was written, when the program was told.
    pub fn place(&self, step: StepId) -> Option<&Place> {
        self.places.get(step.index())?.as_ref()
    }
}

/// In the order in which steps are numbered.
fn walk(steps: &[model::Step], file: Option<&(&SourceFile, Arc<str>)>, places: &mut Vec<Option<Place>>) {
    for step in steps {
        places.push(
            file.map(|(source, name)| Place { file: Arc::clone(name), line: source.position(step.span.start).line }),
        );
        for (_, below) in sides(StepId(0), &step.action) {
            walk(below, file, places);
        }
    }
}
