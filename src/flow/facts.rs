//! What lowering noticed beside the model: names used and oddities of writing, each with its exact place. The lints judge them.

use std::time::Duration;

use super::words::QuestionType;
use super::workspace::Workspace;
use crate::source::{FileId, Span};

/// Everything noticed in one load.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The workspace the names belong to; `None` when it has errors, so that nothing is judged by half a list.
    pub workspace: Option<Workspace>,
    /// What was noticed, in the order it was read.
    pub list: Vec<Fact>,
}

/// One thing noticed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
    /// What.
    pub what: Noticed,
}

/// What was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noticed {
    /// A name that a list of the workspace may hold.
    Name(NameKind, String),
    /// An answer is saved to a field.
    Saved {
        /// The question's type.
        kind: QuestionType,
        /// Its options.
        options: Vec<String>,
        /// The field's id.
        field: String,
    },
    /// A member that its namespace does not have, such as `system.weather`.
    UnknownMember(String),
    /// A dynamic variable in the text of an option, where it stays plain text. Holds it as written.
    VariableInOption(String),
    /// Two options that were probably one text with a comma.
    SplitOption(String, String),
    /// A placeholder of a template's body that has no parameter.
    MissingParameter(usize),
    /// A value its operator cannot use.
    UnusableValue {
        /// The operator's word.
        operator: &'static str,
        /// The value.
        value: String,
        /// What the operator needs.
        needs: &'static str,
    },
    /// `else: continue` with nothing below the branch.
    IdleContinue,
    /// A body on a `GET`.
    BodyWithGet,
    /// A host that the product never calls.
    RefusedHost(String),
    /// The name of a step says another time than the step has. Holds what the name says and what the step has.
    NameSaysOtherwise(Duration, Duration),
    /// A text with outer blanks that a condition compares with.
    OuterBlanks(String),
}

/// The lists of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// `tags`
    Tag,
    /// `contact_fields`
    Field,
    /// `lifecycle`
    Lifecycle,
    /// `closing_categories`
    ClosingCategory,
    /// `users`
    User,
    /// `teams`
    Team,
    /// `channels`, by id or type
    Channel,
}
