//! Loading: a flow of 100 steps from text to program, beside the bare reading of its YAML.

#![allow(clippy::expect_used, clippy::cast_precision_loss)] // A benchmark may stop.

mod support;

use std::fmt::Write as _;

use rehearsal::engine::Program;
use rehearsal::flow::load;
use rehearsal::source::{FileId, parse};

fn main() {
    let text = hundred_steps();
    let compile = || {
        let flow = load::load_text("hundred.yaml", &text).flow.expect("the flow loads");
        Program::compile_flow(&flow).expect("the flow compiles")
    };
    assert_eq!(compile().step_ids().count(), 100);
    let (rounds, count) = if support::quick() { (3, 3) } else { (31, 20) };
    let (ratio, whole, yaml) = support::pairs(rounds, count, || drop(compile()), || drop(parse(FileId(0), &text)));
    println!(
        "load a flow of 100 steps ({} bytes): {:.3} ms, its YAML alone {:.3} ms, ratio {ratio:.3}",
        text.len(),
        whole * 1e3,
        yaml * 1e3
    );
}

fn hundred_steps() -> String {
    let mut text = String::from("version: 1\nname: A hundred steps\nsteps:\n");
    for number in 0..25 {
        let _ = write!(
            text,
            "  - id: q{number}\n    name: Question {number}\n    ask_question:\n      text: \"Hi $contact.firstname, question {number}?\"\n      type: multiple_choice\n      options: [Sales, Support, \"Yes, I agree\"]\n      save_as: {{ variable: answer_{number} }}\n      failure_branch:\n        - send_message: Please pick one of the three.\n        - jump_to: q{number}\n  - send_message: \"You said $answer_{number}.\"\n"
        );
    }
    text
}
