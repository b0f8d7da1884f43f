//! Compiled triggers.

use super::{Arm, FieldKind};
use crate::engine::event::TriggerName;
use crate::flow::model::{ClosedBy, JsonPath, OpenedBy};

#[derive(Debug)]
pub(in crate::engine) struct Trigger {
    pub(in crate::engine) name: TriggerName,
    pub(in crate::engine) on: TriggerOn,
    pub(in crate::engine) when: Option<Arm>,
    pub(in crate::engine) once_per_contact: bool,
}

#[derive(Debug)]
pub(in crate::engine) enum TriggerOn {
    Manual,
    ConversationOpened {
        source: Vec<OpenedBy>,
    },
    ConversationClosed {
        source: Vec<ClosedBy>,
    },
    ContactTagUpdated {
        added: Vec<String>,
        removed: Vec<String>,
    },
    /// Slots of the fields that count; none for any.
    ContactFieldUpdated {
        fields: Vec<usize>,
    },
    Shortcut {
        form: Vec<FormEntry>,
        example: Vec<(String, String)>,
    },
    IncomingWebhook {
        payload: Vec<(JsonPath, usize)>,
        example: Option<serde_json::Value>,
    },
    ClickToChatAd {
        ads: Vec<String>,
    },
    LifecycleUpdated {
        to: Vec<String>,
    },
}

/// One entry of a shortcut's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormEntry {
    /// The variable it fills.
    pub name: String,
    /// What it can hold.
    pub kind: FieldKind,
    pub(in crate::engine) slot: usize,
}
