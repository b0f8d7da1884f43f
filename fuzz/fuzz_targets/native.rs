//! Arbitrary bytes as a file of the platform: never a panic, never a hang; what is taken comes back as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/native.rs"]
#[allow(dead_code)]
mod support;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    support::hold(text);
    // The same bytes as choices: a sound document, which must be taken.
    let document = support::Documents::new(bytes).document();
    assert!(support::hold(&document.to_string()), "a sound document is taken: {document}");
});
