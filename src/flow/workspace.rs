//! The workspace: what the platform knows around a flow. Channels, fields, people, and contacts to play.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use chrono_tz::Tz;

use super::model::Mocks;
use super::words::{ChannelType, FieldType};
use crate::source::Span;

/// A workspace file, or the built-in workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The zone in which instants are shown and `$system` is read.
    pub timezone: Tz,
    /// `compare: ignore_case`: text conditions ignore case.
    pub ignore_case: bool,
    /// What contacts can be reached on; never empty.
    pub channels: Vec<Channel>,
    /// Custom contact fields; `None` is an open list.
    pub contact_fields: Option<Vec<Field>>,
    /// Tags; `None` is an open list.
    pub tags: Option<Vec<String>>,
    /// Users; `None` is an open list.
    pub users: Option<Vec<User>>,
    /// Teams with the ids of their users; `None` is an open list.
    pub teams: Option<Vec<(String, Vec<String>)>>,
    /// Lifecycle stages; `None` is an open list.
    pub lifecycle: Option<Vec<String>>,
    /// Closing categories; `None` is an open list.
    pub closing_categories: Option<Vec<String>>,
    /// The workflows of the platform, by name: which file holds each, or that it lives only there.
    pub workflows: Vec<WorkflowEntry>,
    /// Contacts to play, by name, in file order.
    pub contacts: Vec<(String, ContactCard)>,
    /// Rehearsed answers of the outside world, by `file#step`.
    pub mocks: Vec<Mocks>,
    /// The ids the platform knows things by.
    pub native: NativeIds,
}

/// A workflow of the platform as a workspace lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowEntry {
    /// Its name, which `trigger_workflow` may say.
    pub name: String,
    /// The platform's id.
    pub id: Option<String>,
    /// The flow file that holds it, relative to the workspace file; `None` when it lives only on the platform (`external: true`).
    pub file: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// The ids the platform knows things by: `respondio: {id: …}` beside each. Each list is by our name, in file order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NativeIds {
    /// Channels.
    pub channels: Vec<(String, serde_json::Value)>,
    /// Contact fields.
    pub fields: Vec<(String, serde_json::Value)>,
    /// Tags.
    pub tags: Vec<(String, serde_json::Value)>,
    /// Users.
    pub users: Vec<(String, serde_json::Value)>,
    /// Teams.
    pub teams: Vec<(String, serde_json::Value)>,
    /// Workflows.
    pub workflows: Vec<(String, serde_json::Value)>,
}

/// A channel of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Unique in the workspace.
    pub id: String,
    /// Its type.
    pub kind: ChannelType,
    /// What people call it.
    pub name: Option<String>,
}

/// A custom contact field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Letters, digits and underscores.
    pub id: String,
    /// What it can hold.
    pub kind: FieldType,
    /// `list`: the values; empty means any.
    pub options: Vec<String>,
}

/// A user of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// In most workspaces an e-mail address.
    pub id: String,
    /// What colleagues call them.
    pub name: Option<String>,
    /// Presence at the start.
    pub online: bool,
    /// Open contacts at the start.
    pub open_contacts: u32,
}

/// A contact as a file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactCard {
    /// `$contact.id`; the contact's name in the workspace when the card has none.
    pub id: Option<String>,
    /// Standard field.
    pub firstname: Option<String>,
    /// Standard field.
    pub lastname: Option<String>,
    /// Standard field.
    pub email: Option<String>,
    /// Standard field, as the workspace stores it: E.164.
    pub phone: Option<String>,
    /// Standard field.
    pub country: Option<String>,
    /// Standard field.
    pub language: Option<String>,
    /// Lifecycle stage.
    pub lifecycle: Option<String>,
    /// The id of the user the contact is assigned to.
    pub assignee: Option<String>,
    /// Ids of the channels the contact is connected on; `None` is all of the workspace's.
    pub channels: Option<Vec<String>>,
    /// The channel of the last interaction; `None` is the first of `channels`.
    pub last_channel: Option<String>,
    /// Tags, in the order they were added.
    pub tags: Vec<String>,
    /// Custom fields by id, in file order.
    pub fields: Vec<(String, String)>,
    /// When the contact last wrote.
    pub last_incoming: LastIncoming,
}

/// When a contact last wrote before the simulation starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LastIncoming {
    /// Just now, on its last channel, an empty text.
    #[default]
    AtStart,
    /// Never.
    Never,
    /// At an instant.
    At {
        /// When.
        at: DateTime<FixedOffset>,
        /// What; empty when not given.
        text: String,
    },
    /// So long before the start.
    Ago {
        /// How long.
        ago: Duration,
        /// What; empty when not given.
        text: String,
    },
}

impl Default for Workspace {
    /// The built-in workspace: one web chat, UTC, every list open, a contact with a name and a phone.
    fn default() -> Self {
        Self {
            timezone: Tz::UTC,
            ignore_case: false,
            channels: vec![Channel {
                id: "web".into(),
                kind: ChannelType::WebChat,
                name: Some(ChannelType::WebChat.title().into()),
            }],
            contact_fields: None,
            tags: None,
            users: None,
            teams: None,
            lifecycle: None,
            closing_categories: None,
            workflows: Vec::new(),
            mocks: Vec::new(),
            native: NativeIds::default(),
            contacts: vec![(
                "sam".into(),
                ContactCard {
                    firstname: Some("Sam".into()),
                    lastname: Some("Rivera".into()),
                    phone: Some("+12025550123".into()),
                    ..ContactCard::default()
                },
            )],
        }
    }
}

impl Workspace {
    /// The channel with this id.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// The custom field with this id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.contact_fields.as_ref()?.iter().find(|field| field.id == id)
    }

    /// The contact of this name.
    pub fn contact(&self, name: &str) -> Option<&ContactCard> {
        self.contacts.iter().find(|(key, _)| key == name).map(|(_, card)| card)
    }
}
