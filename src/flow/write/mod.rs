//! The way back: a flow or a workspace of the model as YAML, as a careful person would write it by hand.
//!
//! What is written reads back as the same model without a finding, whatever its texts hold. Defaults are left out, ids that a reader made
//! up (`step_N`) too; steps stand in document order, so reading counts them the same way.

mod condition;
mod json;
mod outside;
mod scalar;
mod step;
mod trigger;
mod workspace;
mod yaml;

use chrono_tz::Tz;

use super::model::{ContactChoice, Flow, StopOn};
use super::workspace::Workspace;
use yaml::{Entries, Layout, Yaml};

/// What a written flow says about its workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceRef<'a> {
    /// Nothing: the built-in one applies, whatever the flow's own was.
    None,
    /// The path of a workspace file, relative to the flow's file.
    Path(&'a str),
    /// The workspace itself.
    Inline,
}

/// A flow as a YAML file that reads back as the same flow.
pub fn flow(flow: &Flow, workspace: WorkspaceRef<'_>) -> String {
    let mut file = Entries::default();
    file.put("version", Yaml::word(&1));
    file.put("name", Yaml::text(&flow.name));
    file.put_text("description", flow.description.as_deref());
    let timezone = match workspace {
        WorkspaceRef::None => Tz::UTC,
        WorkspaceRef::Path(path) => {
            file.put("workspace", Yaml::text(path));
            flow.workspace.timezone
        }
        WorkspaceRef::Inline => {
            file.put("workspace", workspace::entries(&flow.workspace).block());
            flow.workspace.timezone
        }
    };
    file.put_some("contact", flow.contact.as_ref().map(contact));
    file.put_some("trigger", trigger::trigger(&flow.trigger));
    file.put_some("settings", settings(flow.stop_on));
    if !flow.mocks.is_empty() {
        file.put("mocks", json::mocks(&flow.mocks));
    }
    file.put("steps", step::Steps { timezone }.list(&flow.steps));
    file.put_some("respondio", flow.respondio.as_ref().map(json::json));
    file.block().document()
}

/// A workspace as a YAML file that reads back as the same workspace.
pub fn workspace(workspace: &Workspace) -> String {
    let mut file = Entries::default();
    file.put("version", Yaml::word(&1));
    file.append(workspace::entries(workspace));
    file.block().spaced_document()
}

/// One step as YAML, with the zone of its clock always said.
pub(crate) fn step(step: &super::model::Step) -> String {
    let mut file = Entries::default();
    file.put("steps", step::Steps { timezone: Tz::UTC }.list(std::slice::from_ref(step)));
    file.block().document()
}

fn contact(choice: &ContactChoice) -> Yaml {
    match choice {
        ContactChoice::Named(name) => Yaml::text(&name.value),
        ContactChoice::Inline(card) => workspace::card(card),
    }
}

fn settings(stop_on: StopOn) -> Option<Yaml> {
    let words = [
        (stop_on.incoming_message, "incoming_message"),
        (stop_on.agent_message, "agent_message"),
        (stop_on.manual_assignment, "manual_assignment"),
    ];
    let words: Vec<Yaml> = words.iter().filter(|(on, _)| *on).map(|(_, word)| Yaml::word(word)).collect();
    (!words.is_empty()).then(|| {
        let mut settings = Entries::default();
        settings.put("stop_on", Yaml::List(Layout::Fit, words));
        settings.block()
    })
}

#[cfg(test)]
mod tests;
