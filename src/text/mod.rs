//! Text as people read and type it: digits of any script, invisible marks, columns, wrapping, right-to-left order, line editing.
//!
//! Pure: strings in, strings out. Knows neither the terminal nor the engine.
//!
//! The way of a text onto the screen: [`visible`] (or [`single_line`]) makes it safe, [`wrap()`] cuts it into lines in the order it is
//! read, [`BidiMode::line`] puts each line in the order it is seen, its Arabic letters joined. Only the last step depends on the terminal; whatever is stored,
//! compared, logged or exported stays in logical order.

mod bidi;
mod clean;
mod digits;
mod edit;
mod history;
pub mod mask;
mod sanitize;
mod shape;
mod width;
mod wrap;

pub use bidi::{BidiMode, Direction, UnknownBidiMode, VisualLine, direction, isolated, visual};
pub use clean::{composed, matched, matched_exactly, strip_all_but_joiners, strip_invisible, strip_marks, trim};
pub use digits::{digit, to_ascii_digits};
pub use edit::{LineEditor, MAX_INPUT_CHARS};
pub use history::{History, MAX_HISTORY};
pub use sanitize::{escaped_json, single_line, stand_in, visible};
pub use width::{grapheme_width, truncate, width};
pub use wrap::wrap;
