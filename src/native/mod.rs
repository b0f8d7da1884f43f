//! The platform's own workflow files: JSON in, flows out, and the way back.
//!
//! `json` parses, `document` checks the tree of records, `lower` makes a flow of it and `write` makes records of a flow. What the model
//! has no room for is kept beside the flow (`keep`) and put back on the way out. Source of the schema: respondio.md section 1.

mod document;
mod gather;
mod ids;
mod json;
mod lower;
mod remark;
pub mod spelling;
mod tree;

pub use remark::{Carried, Remark};
