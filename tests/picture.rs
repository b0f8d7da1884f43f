//! The picture of the README is made by the program itself. `UPDATE_PICTURE=1 cargo test --test picture` draws it anew.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rehearsal::engine::Program;
use rehearsal::flow::load::{self, LoadOptions};
use rehearsal::rehearsal::{Rehearsal, instant};
use rehearsal::tui::Options;
use rehearsal::tui::headless::Stage;

const TITLE: &str = "The simulator: a conversation about consent on the left; on the right the contact with what just changed, \
                     why the branch went to Agreed, the flow with the step that waits, and its timer.";

fn picture() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let loaded = load::load(&folder.join("flows/consent.yaml"), &LoadOptions::default()).unwrap();
    let program = Arc::new(Program::compile_flow(&loaded.flow.unwrap()).unwrap());
    let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
    let contact = program.default_contact().clone();
    let running = Options { speed: 1.0, ..Options::default() };
    let mut stage = Stage::new(Rehearsal::start(&program, contact, at), &running, 120, 34);
    stage.pass(Duration::from_secs(47 * 60 + 12)).keys("<Right><Enter>");
    stage.pass(Duration::from_secs(41)).keys("ana@exam");
    stage.svg(TITLE)
}

#[test]
fn the_picture_of_the_readme_is_what_the_screen_looks_like() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screen.svg");
    let drawn = picture();
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        std::fs::write(&file, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == drawn, "docs/screen.svg is out of date: UPDATE_PICTURE=1 cargo test --test picture draws it anew");
}
