//! What starts a flow.

use super::{JsonPath, Spanned};
use crate::flow::condition::Conditions;
use crate::flow::words::{FieldType, words};

/// What starts a flow, and what must hold besides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trigger {
    /// What has to happen.
    pub on: TriggerOn,
    /// What must hold besides, looked at when it happens.
    pub when: Option<Conditions>,
    /// Whether a contact that was ever in the workflow never enters it again.
    pub once_per_contact: bool,
}

/// What has to happen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TriggerOn {
    /// Another workflow, or whoever starts the simulation.
    #[default]
    Manual,
    /// A conversation was opened.
    ConversationOpened {
        /// By whom it must have been opened; empty means by anyone.
        source: Vec<OpenedBy>,
    },
    /// A conversation was closed.
    ConversationClosed {
        /// By whom it must have been closed; empty means by anyone.
        source: Vec<ClosedBy>,
    },
    /// A tag was added or removed. With both lists empty, any tag.
    ContactTagUpdated {
        /// Tags whose adding counts.
        added: Vec<Spanned<String>>,
        /// Tags whose removal counts.
        removed: Vec<Spanned<String>>,
    },
    /// A contact field got another value.
    ContactFieldUpdated {
        /// Ids of the fields that count; empty means any.
        fields: Vec<Spanned<String>>,
    },
    /// An agent chose it in the inbox.
    Shortcut {
        /// The form the agent fills in: each entry becomes a variable.
        form: Vec<(Spanned<String>, FieldType)>,
        /// What a rehearsal fills in at its start (our own key).
        example: Vec<(String, String)>,
    },
    /// A request came in from outside.
    IncomingWebhook {
        /// Variables and where in the request's JSON they are found.
        payload: Vec<(Spanned<String>, JsonPath)>,
        /// The request a rehearsal starts with (our own key).
        example: Option<serde_json::Value>,
    },
    /// The contact came by a click-to-chat ad.
    ClickToChatAd {
        /// The ads that count; empty means any.
        ads: Vec<Spanned<String>>,
    },
    /// The contact's lifecycle stage changed.
    LifecycleUpdated {
        /// The stages that count when the contact enters them; empty means any change.
        to: Vec<Spanned<String>>,
    },
}

impl TriggerOn {
    /// The word it is written with.
    pub const fn word(&self) -> TriggerName {
        match self {
            Self::Manual => TriggerName::Manual,
            Self::ConversationOpened { .. } => TriggerName::ConversationOpened,
            Self::ConversationClosed { .. } => TriggerName::ConversationClosed,
            Self::ContactTagUpdated { .. } => TriggerName::ContactTagUpdated,
            Self::ContactFieldUpdated { .. } => TriggerName::ContactFieldUpdated,
            Self::Shortcut { .. } => TriggerName::Shortcut,
            Self::IncomingWebhook { .. } => TriggerName::IncomingWebhook,
            Self::ClickToChatAd { .. } => TriggerName::ClickToChatAd,
            Self::LifecycleUpdated { .. } => TriggerName::LifecycleUpdated,
        }
    }
}

words! {
    /// The triggers that start a workflow.
    TriggerName {
        /// Whoever starts the simulation, or another workflow.
        Manual = "manual",
        /// A conversation was opened.
        ConversationOpened = "conversation_opened",
        /// A conversation was closed.
        ConversationClosed = "conversation_closed",
        /// A tag was added or removed.
        ContactTagUpdated = "contact_tag_updated",
        /// A contact field got another value.
        ContactFieldUpdated = "contact_field_updated",
        /// An agent chose it in the inbox.
        Shortcut = "shortcut",
        /// A request came in from outside.
        IncomingWebhook = "incoming_webhook",
        /// The contact came by a click-to-chat ad.
        ClickToChatAd = "click_to_chat_ad",
        /// The contact's lifecycle stage changed.
        LifecycleUpdated = "lifecycle_updated",
    }
}

words! {
    /// Who opened a conversation, as a trigger's source names it.
    OpenedBy {
        /// The contact, by writing.
        Contact = "contact",
        /// A user of the workspace.
        User = "user",
        /// A workflow.
        Workflow = "workflow",
        /// The platform's programming interface.
        Api = "api",
        /// Zapier.
        Zapier = "zapier",
        /// Make.
        Make = "make",
        /// A click-to-chat ad.
        CtcAds = "ctc_ads",
        /// A growth widget.
        GrowthWidget = "growth_widget",
    }
}

words! {
    /// Who closed a conversation, as a trigger's source names it.
    ClosedBy {
        /// A user of the workspace.
        User = "user",
        /// A workflow.
        Workflow = "workflow",
        /// The platform's programming interface.
        Api = "api",
        /// Zapier.
        Zapier = "zapier",
        /// A bot.
        Bot = "bot",
        /// Make.
        Make = "make",
        /// n8n.
        N8n = "n8n",
        /// An AI agent.
        AiAgent = "ai_agent",
        /// The workspace's own auto-close.
        AutoClose = "auto_close",
    }
}
