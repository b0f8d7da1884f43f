//! A flow that loads and arbitrary inputs: never a panic, never a hang; undo then redo restores an equal session; the serialised
//! session reads back equal; and the same inputs give the same event stream.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/generate.rs"]
mod generate;
#[path = "../../tests/support/laws.rs"]
mod laws;

fuzz_target!(|bytes: &[u8]| {
    let mut choices = generate::Choices::new(bytes);
    let flow = choices.flow();
    let lines = choices.lines();
    laws::hold(&flow, &lines);
});
