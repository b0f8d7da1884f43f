//! Dynamic variables: texts such as `Hi $contact.firstname`, parsed once and rendered often.
//!
//! `$contact.firstname` and `{{$contact.firstname}}` mean the same. Names are ASCII letters, digits and underscores and do not start
//! with a digit; a `$` that no name follows is plain text (`$279`). The namespaces are those of the product: `$contact`,
//! `$assignee`, `$conversation`, `$channel`, `$system`; anything else is a workflow variable.

mod parse;

use smol_str::SmolStr;

/// A text with dynamic variables, parsed. Equal texts give equal templates.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

/// One piece of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// Text that stands as it is: a byte range of the source.
    Text(std::ops::Range<usize>),
    /// A dynamic variable.
    Variable {
        /// Which one.
        name: Variable,
        /// The bytes it was written with, braces included: what is sent while it is unset.
        source: std::ops::Range<usize>,
    },
}

/// What a dynamic variable names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Variable {
    /// `$contact.` and a property of the contact.
    Contact(ContactProperty),
    /// `$assignee.` and a property of the user the contact is assigned to.
    Assignee(AssigneeProperty),
    /// `$conversation.` and a property of the conversation.
    Conversation(ConversationProperty),
    /// `$channel.` and a property of the last interacted channel.
    Channel(ChannelProperty),
    /// `$system.` and a reading of the virtual clock in the workspace's zone.
    System(SystemProperty),
    /// A member that its namespace does not have, such as `$system.weather`: never set. Holds the name without the `$`.
    Unknown(SmolStr),
    /// `$name`: a variable of the workflow.
    Workflow(SmolStr),
}

macro_rules! properties {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every property, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name as it is written after the dot.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            fn named(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

/// A property of the contact.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ContactProperty {
    /// `name`: first and last name.
    Name,
    /// `id`.
    Id,
    /// `tags`, joined by `, `.
    Tags,
    /// `lifecycle`: the stage.
    Lifecycle,
    /// A standard field (`firstname`, `lastname`, `email`, `phone`, `country`, `language`) or a custom one, by its id.
    Field(SmolStr),
}

properties! {
    /// A property of the assigned user.
    AssigneeProperty {
        /// The user's id, in most workspaces an e-mail address.
        Id = "id",
        /// The name as colleagues see it.
        Name = "name",
        /// The e-mail address: the id when it is one.
        Email = "email",
    }
}

properties! {
    /// A property of the conversation.
    ConversationProperty {
        /// A stable id: our choice, `<contact id>-<count of openings>`.
        Id = "id",
        /// `open` or `closed`.
        Status = "status",
    }
}

properties! {
    /// A property of the last interacted channel.
    ChannelProperty {
        /// The channel's id in the workspace.
        Id = "id",
        /// Its name, or its id when it has none.
        Name = "name",
        /// Its type, such as `whatsapp`.
        Type = "type",
    }
}

properties! {
    /// A reading of the virtual clock in the workspace's zone.
    SystemProperty {
        /// `YYYY-MM-DD hh:mm:ss`.
        CurrentDatetime = "current_datetime",
        /// `YYYY-MM-DD`.
        CurrentDate = "current_date",
        /// `hh:mm:ss`.
        CurrentTime = "current_time",
    }
}

impl Template {
    /// Parses a text. Every text is a template: what is not a variable is plain text.
    pub fn parse(source: impl Into<String>) -> Self {
        let source = source.into();
        let parts = parse::parts(&source);
        Self { source, parts }
    }

    /// The text as its author wrote it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The pieces in order; together they are the source.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The text under a piece.
    pub fn slice(&self, range: &std::ops::Range<usize>) -> &str {
        self.source.get(range.clone()).unwrap_or_default()
    }

    /// The dynamic variables in order, repeats included.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Variable { name, .. } => Some(name),
        })
    }

    /// Whether the text holds no variable.
    pub fn is_plain(&self) -> bool {
        self.variables().next().is_none()
    }
}
