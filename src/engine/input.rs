//! What may be put into a session, and why it may be refused.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::flow::words::words;

use super::answer::Incoming;
use super::event::{AiAnswer, Cause, HttpAnswer, Source};
use super::ids::{ChannelId, WorkflowId};
use super::time::Instant;

/// Something that happens to a session from outside. A rejected input leaves the session as it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input<'a> {
    /// The contact writes.
    Message {
        /// What.
        content: Incoming<'a>,
        /// Where; `None` is the channel the contact writes on.
        channel: Option<ChannelId>,
    },
    /// Time moves to an instant. Every timer that falls due on the way fires, each at its own instant.
    Advance {
        /// Not before now.
        to: Instant,
    },
    /// The contact will write on this channel from now on; the last interacted channel moves with the message.
    WriteOn(ChannelId),
    /// A channel is connected.
    Connect(ChannelId),
    /// A channel is cut; `None` cuts every one.
    Disconnect(Option<ChannelId>),
    /// The next send fails.
    Fault(Fault),
    /// The next request to the outside world fails, before a mock or the world itself is asked.
    FaultOutside {
        /// Which request.
        to: Outside,
        /// How.
        failure: OutsideFault,
    },
    /// A rehearsed answer is chosen: the one that comes next at a step.
    ChooseMock {
        /// The id of the step.
        step: &'a str,
        /// Its number, from 1.
        number: usize,
    },
    /// An agent writes from the inbox.
    AgentMessage(&'a str),
    /// An agent closes the conversation.
    Close,
    /// An agent stops the workflow.
    Stop,
    /// The operator sets a contact field; `None` clears it.
    SetField {
        /// Its id.
        name: &'a str,
        /// Its new value.
        value: Option<&'a str>,
    },
    /// The operator sets a workflow variable; `None` clears it.
    SetVariable {
        /// Its name.
        name: &'a str,
        /// Its new value.
        value: Option<&'a str>,
    },
    /// The operator adds a tag.
    AddTag(&'a str),
    /// The operator removes a tag.
    RemoveTag(&'a str),
    /// An agent assigns the contact to a user, by id or name; `None` unassigns it.
    Assign(Option<&'a str>),
    /// A user comes online or goes offline.
    Presence {
        /// Its id or name.
        user: &'a str,
        /// What it is from now on.
        online: bool,
    },
    /// A user has another number of open contacts.
    OpenContacts {
        /// Its id or name.
        user: &'a str,
        /// How many from now on.
        count: u32,
    },
    /// The operator moves the contact to a lifecycle stage; `None` to none.
    SetLifecycle(Option<&'a str>),
    /// An agent picks a workflow's shortcut.
    Shortcut {
        /// The workflow: one of [`Program::shortcuts`](super::Program::shortcuts).
        workflow: WorkflowId,
        /// What the agent filled in, by the names of the form.
        form: &'a [(&'a str, &'a str)],
    },
    /// A request comes in from outside.
    Webhook(&'a serde_json::Value),
    /// The contact comes by a click-to-chat ad; `None` is any.
    Ad(Option<&'a str>),
    /// The HTTP request that is waited for is answered.
    HttpAnswered {
        /// The response, or why there is none.
        answer: HttpAnswer<&'a str>,
        /// Who answers.
        source: Source,
    },
    /// The AI that is waited for replies.
    AiAnswered {
        /// The reply, or why there is none.
        reply: AiAnswer<&'a str>,
        /// What it found out: variables and values.
        collected: &'a [(&'a str, &'a str)],
        /// Who answers.
        source: Source,
    },
}

words! {
    /// What the operator can make fail at the next send.
    Fault {
        /// The channel's API key has expired.
        ExpiredApiKey = "expired_api_key",
        /// The network fails.
        Network = "network",
        /// The messaging window is closed.
        WindowClosed = "window_closed",
        /// The channel rejects the message.
        Rejected = "rejected",
    }
}

words! {
    /// Who is asked outside.
    Outside {
        /// A server, by HTTP.
        Http = "http",
        /// An AI.
        Ai = "ai",
    }
}

words! {
    /// Why no answer comes from outside.
    NoAnswer {
        /// It takes too long.
        Timeout = "timeout",
        /// Nobody listens there.
        Refused = "refused",
        /// The connection fails.
        Connection = "connection",
        /// The name of the host leads nowhere.
        Dns = "dns",
        /// The encrypted connection does not come about.
        Tls = "tls",
        /// The connection is closed too early.
        ClosedEarly = "closed_early",
        /// One redirect after the other.
        RedirectLoop = "redirect_loop",
        /// The answer is too large.
        TooLarge = "too_large",
    }
}

/// How the next request to the outside world fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OutsideFault {
    /// It is answered with this HTTP status and nothing else.
    Status(u16),
    /// It is not answered.
    NoAnswer(NoAnswer),
}

impl OutsideFault {
    /// Reads a status such as `503`, or a word such as `timeout`.
    pub fn named(word: &str) -> Option<Self> {
        let status = word.parse().ok().filter(|status| (100..=599).contains(status)).map(Self::Status);
        status.or_else(|| NoAnswer::named(word).map(Self::NoAnswer))
    }
}

impl fmt::Display for OutsideFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => status.fmt(f),
            Self::NoAnswer(why) => f.write_str(why.as_str()),
        }
    }
}

impl From<Fault> for Cause {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::ExpiredApiKey => Self::ExpiredApiKey,
            Fault::Network => Self::Network,
            Fault::WindowClosed => Self::WindowClosed,
            Fault::Rejected => Self::Rejected,
        }
    }
}

/// Why an input was refused. The words say what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Time would go back.
    #[error("time only moves forward; undo goes back")]
    Past,
    /// No such channel in the program.
    #[error("the workspace has no such channel")]
    UnknownChannel,
    /// The channel is connected already.
    #[error("that channel is connected already")]
    AlreadyConnected,
    /// The channel, or every channel, is cut already.
    #[error("no such channel is connected")]
    NotConnected,
    /// No workflow runs.
    #[error("no workflow is running")]
    NothingRuns,
    /// The conversation is closed already.
    #[error("the conversation is closed already")]
    AlreadyClosed,
    /// The tag is there already.
    #[error("the contact has the tag \"{0}\" already")]
    AlreadyTagged(String),
    /// The tag is not there.
    #[error("the contact does not have the tag \"{0}\"")]
    NotTagged(String),
    /// A name that no field or variable can have, or an empty tag.
    #[error("\"{0}\" is no name: use letters, digits and underscores")]
    BadName(String),
    /// The field cannot hold the value.
    #[error("{0}")]
    CannotHold(String),
    /// No such user in the workspace.
    #[error("the workspace has no user \"{name}\"{}", if known.is_empty() { String::new() } else { format!("; it has {known}") })]
    UnknownUser {
        /// What was asked for.
        name: String,
        /// The ids there are.
        known: String,
    },
    /// Everything stands as it is asked for.
    #[error("{0}")]
    Unchanged(String),
    /// No step of that id has rehearsed answers.
    #[error("no step \"{name}\" has mocks{}", if known.is_empty() { String::new() } else { format!("; these have: {known}") })]
    NoMocks {
        /// What was asked for.
        name: String,
        /// The ids there are.
        known: String,
    },
    /// A step has fewer rehearsed answers.
    #[error("{step} has {count} mocks, numbered from 1")]
    NoSuchMock {
        /// Its id.
        step: String,
        /// How many there are.
        count: usize,
    },
    /// The contact is assigned to nobody already.
    #[error("the contact is assigned to nobody already")]
    NotAssigned,
    /// No workflow here starts by a shortcut.
    #[error("no workflow here is started by a shortcut")]
    NoShortcut,
    /// The form has no such entry.
    #[error("the form has no entry \"{name}\"; it has {known}")]
    NoSuchEntry {
        /// What was filled in.
        name: String,
        /// What there is.
        known: String,
    },
    /// No workflow here starts by a webhook.
    #[error("no workflow here is started by an incoming webhook")]
    NoWebhook,
    /// No workflow here starts by an ad.
    #[error("no workflow here is started by a click-to-chat ad")]
    NoAd,
    /// Nothing was asked.
    #[error("nothing waits for {0} now")]
    NoRequest(&'static str),
    /// A number that is no HTTP status.
    #[error("{0} is no HTTP status: they go from 100 to 599")]
    NoStatus(u16),
    /// A text longer than one may be.
    #[error("that is longer than 65,536 bytes; use a shorter text")]
    TooLong,
    /// A latitude beyond ±90° or a longitude beyond ±180°.
    #[error("a latitude lies between -90 and 90, a longitude between -180 and 180")]
    NoSuchPlace,
}
