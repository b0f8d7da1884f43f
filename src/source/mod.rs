//! Source files, spans in them, and the spanned YAML tree.

mod file;
pub mod node;
mod read;
mod yaml;

pub use file::{FileId, Position, SourceFile, Sources, Span};
pub use node::{Node, NodeKind, Scalar};
pub use read::{MAX_FILE_BYTES, ReadError, read};
pub use yaml::{MAX_DEPTH, Parsed, parse};
