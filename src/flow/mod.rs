//! The document: what a flow file and a workspace file say, after every mistake in them has been answered.
//!
//! `load` reads files and lowers them to the [`model`]; the engine compiles the model. Nothing here runs.

pub mod compare;
pub mod condition;
pub mod duration;
pub mod facts;
pub mod graph;
pub mod link;
pub mod load;
mod lower;
pub mod model;
pub mod project;
mod read;
mod survey;
pub mod words;
pub mod workspace;
pub mod write;

pub use condition::{Condition, Conditions, Joiner, Operand, Operator, Subject};
pub use duration::{DurationError, format_duration, parse_duration};
pub use facts::{Fact, Facts, NameKind, Noticed, Twin};
pub use link::{Checked, LoadedProject, check_files, flows_in, load_project, load_together};
pub use load::{LoadOptions, Loaded, Read, UsageError, check_file, load, load_contact, load_text, load_workspace};
pub(crate) use lower::{STANDARD_FIELDS, mentioned};
pub use model::{Action, Flow, Step, Trigger, TriggerOn};
pub use project::Project;
pub use words::{AttachmentKind, ChannelType, DateFormat, FieldType, QuestionType};
pub use workspace::{ContactCard, Workspace};

#[cfg(test)]
mod tests;
