//! What an act changed: values, tags, the conversation, with what they were before.

use crate::engine::ValueRef;
use crate::engine::event::{KindOf as Kind, Target};
use crate::rehearsal::Rehearsal;

/// A value that just changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What changed.
    pub subject: Subject,
    /// What it was before; `None` for nothing.
    pub old: Option<String>,
}

/// What can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A contact field.
    Field(String),
    /// A workflow variable.
    Variable(String),
    /// A tag that came.
    TagAdded(String),
    /// A tag that went.
    TagRemoved(String),
    /// The lifecycle stage.
    Lifecycle,
    /// Whether the conversation is open.
    Conversation,
    /// Whom the contact is assigned to.
    Assignee,
}

/// The values that changed from an event on; of several changes of one value, what it was before the first.
pub fn changes(rehearsal: &Rehearsal, from: usize) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut note = |subject: Subject, old: Option<String>| {
        if !changes.iter().any(|change| change.subject == subject) {
            changes.push(Change { subject, old });
        }
    };
    let words = |value: Option<ValueRef<'_>>| value.map(|value| value.to_string());
    for event in rehearsal.log().since(from) {
        match event.kind {
            Kind::FieldUpdated { field, old, .. } => note(Subject::Field(field.to_owned()), words(old)),
            Kind::VariableSet { variable, old, .. } => note(Subject::Variable(variable.to_owned()), words(old)),
            Kind::ValueEdited { target: Target::Field, name, old, .. } => {
                note(Subject::Field(name.to_owned()), words(old));
            }
            Kind::ValueEdited { target: Target::Variable, name, old, .. } => {
                note(Subject::Variable(name.to_owned()), words(old));
            }
            Kind::TagAdded { tag } => note(Subject::TagAdded(tag.to_owned()), None),
            Kind::TagRemoved { tag } => note(Subject::TagRemoved(tag.to_owned()), None),
            Kind::LifecycleUpdated { old, .. } => note(Subject::Lifecycle, old.map(str::to_owned)),
            Kind::Assigned { .. } | Kind::Unassigned { .. } => note(Subject::Assignee, None),
            Kind::ConversationOpened { .. } => note(Subject::Conversation, Some("closed".to_owned())),
            Kind::ConversationClosed { .. } => note(Subject::Conversation, Some("open".to_owned())),
            _ => {}
        }
    }
    changes
}
