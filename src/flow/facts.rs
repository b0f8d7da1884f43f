//! What lowering noticed beside the model: names used and oddities of writing, each with its exact place. The lints judge them.

use std::time::Duration;

use super::words::{FieldType, QuestionType};
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
    /// `{{name}}` without the `$`. Holds what stands between the braces.
    BareBraces(String),
    /// A word that is written as a contact field and is none.
    NoField {
        /// The word.
        name: String,
        /// Whether it is to be set, rather than compared.
        set: bool,
    },
    /// An option with outer blanks.
    OptionBlanks(String),
    /// Two values in the wrong order.
    ReversedRange(String, String),
    /// A contact's value that its field cannot hold.
    CardMisfit {
        /// The field's id.
        field: String,
        /// The field's type.
        kind: FieldType,
        /// The value.
        value: String,
    },
    /// A workflow variable that nothing in the flow sets.
    NeverSet {
        /// Its name.
        name: String,
        /// The variable that was probably meant.
        meant: Option<String>,
        /// Every variable that is set.
        known: Vec<String>,
    },
    /// A condition's value that none of the options has.
    NoSuchOption {
        /// The value.
        value: String,
        /// The operator's word.
        operator: &'static str,
        /// The options.
        options: Vec<String>,
    },
    /// An arm that repeats another one, which stands at the place.
    TwinArm(Twin, Span),
    /// A rehearsed answer that its step never asks for. Holds why, in words.
    MockMisfit(String),
    /// A free text after more than a day of waiting.
    LateText,
    /// An arm that looks for a message which would have ended the run. Holds how long the contact has been silent there.
    StoppedBefore(Duration),
    /// A jump that is used up before an arm of its loop is due.
    JumpUsedUp {
        /// The silence that the arm waits for.
        due: Duration,
        /// The longest silence of the loop.
        reached: Duration,
        /// The arm.
        arm: Span,
    },
}

/// In what an arm repeats another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Twin {
    /// They have the same conditions.
    Conditions,
    /// They have the same name.
    Name(String),
    /// It is named like the else arm, and there is one.
    Else,
    /// It is named like the else arm, and there is none.
    OnlyElse,
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
