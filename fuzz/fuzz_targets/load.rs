//! Arbitrary bytes as a flow file: never a panic, never a hang; findings can always be written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rehearsal::diagnostic;
use rehearsal::engine::Program;
use rehearsal::flow::load;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let loaded = load::load_text("fuzz.yaml", text);
    let _ = diagnostic::human::render(&loaded.diagnostics, &loaded.sources, false);
    let _ = diagnostic::json::render(&loaded.diagnostics, &loaded.sources);
    if let Some(flow) = loaded.flow {
        // What loads without an error compiles.
        Program::compile_flow(&flow).expect("a flow that loads compiles");
    } else {
        assert!(!loaded.diagnostics.is_empty(), "a flow that does not load says why");
    }
});
