//! The platform's own workflow files: JSON in, flows out, and the way back.
//!
//! `json` parses, `document` checks the tree of records, `lower` makes a flow of it and `write` makes records of a flow. What the model
//! has no room for is kept beside the flow (`keep`) and put back on the way out. Source of the schema: respondio.md section 1.

pub mod aside;
mod document;
mod gather;
mod ids;
mod json;
mod keep;
pub mod load;
mod lower;
mod mirror;
mod order;
mod remark;
mod siblings;
pub mod spelling;
mod tree;
pub mod write;

pub use ids::readable_id;
pub use load::{Loaded, Options, Other, file_names, load, load_text};
pub use mirror::{Mirror, mirror};
pub use remark::{Carried, Remark};
pub use siblings::with_siblings;
pub use tree::each_mut as each_step;
pub use write::{Exported, export};
