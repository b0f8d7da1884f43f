//! Conditions: one subject, one operator, and what it is compared with.

use std::time::Duration;

use super::words::words;
use crate::source::Span;
use crate::template::Template;

/// The conditions of an arm or a trigger, with their joiner. At least one, at most ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// How they are joined. A single condition is `all` of one.
    pub joiner: Joiner,
    /// In file order.
    pub list: Vec<Condition>,
}

words! {
    /// How conditions are joined.
    Joiner {
        /// Every one must hold.
        All = "all",
        /// One is enough.
        Any = "any",
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What is looked at.
    pub subject: Subject,
    /// How.
    pub operator: Operator,
    /// What it is compared with.
    pub operand: Operand,
    /// Where it stands.
    pub span: Span,
}

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A contact field, standard or custom, by its id.
    Field(String),
    /// A workflow variable.
    Variable(String),
    /// The contact's tags.
    Tags,
    /// The last incoming message, raw.
    LastIncomingMessage,
    /// When it came.
    LastIncomingMessageTime,
    /// The channel the contact last wrote on: its id or its type.
    LastInteractedChannel,
    /// `online`, `offline` or `unassigned`.
    AssigneeStatus,
    /// `open` or `closed`.
    ConversationStatus,
    /// The lifecycle stage.
    Lifecycle,
}

words! {
    /// How a condition compares.
    Operator {
        /// Equal: as numbers when both sides are numbers, else letter for letter.
        IsEqualTo = "is_equal_to",
        /// Not equal.
        IsNotEqualTo = "is_not_equal_to",
        /// Holds the text.
        Contains = "contains",
        /// Does not hold the text.
        DoesNotContain = "does_not_contain",
        /// Begins with the text.
        StartsWith = "starts_with",
        /// Ends with the text.
        EndsWith = "ends_with",
        /// Is set.
        Exists = "exists",
        /// Is not set.
        DoesNotExist = "does_not_exist",
        /// Above, as numbers.
        IsGreaterThan = "is_greater_than",
        /// Below, as numbers.
        IsLessThan = "is_less_than",
        /// Between two numbers or two days, both ends included.
        IsBetween = "is_between",
        /// Has one of the tags.
        HasAnyOf = "has_any_of",
        /// Has every one of the tags.
        HasAllOf = "has_all_of",
        /// Has none of the tags.
        HasNoneOf = "has_none_of",
        /// Earlier than a day or an instant.
        IsBefore = "is_before",
        /// Later than a day or an instant.
        IsAfter = "is_after",
        /// Less than so long ago.
        IsLessThanAgo = "is_less_than_ago",
        /// More than so long ago.
        IsMoreThanAgo = "is_more_than_ago",
    }
}

/// What a subject is compared with; which shape goes with which operator is checked at load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// `exists`, `does_not_exist`: nothing.
    None,
    /// One value.
    One(Template),
    /// `is_between`: two values.
    Two(Template, Template),
    /// `has_…_of`: tags.
    Many(Vec<Template>),
    /// `…_ago`: a span of time.
    Ago(Duration),
}
