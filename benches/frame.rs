//! The screen: what a frame costs after 100 messages and after 100,000. Wanted (not asserted): at most 1.5 times as much.

#![allow(clippy::expect_used)] // A benchmark may stop.

mod support;

use std::sync::Arc;

use rehearsal::engine::{Instant, Program};
use rehearsal::flow::load;
use rehearsal::rehearsal::{Act, Rehearsal};
use rehearsal::tui::Options;
use rehearsal::tui::headless::Stage;

fn main() {
    let flow = "version: 1\nname: Long talk\nsteps:\n  - send_message: Talk to me.\n  - wait: 7 days\n";
    let flow = load::load_text("talk.yaml", flow).flow.expect("the flow loads");
    let program = Arc::new(Program::compile_flow(&flow).expect("the flow compiles"));
    let many = if support::quick() { 2_000 } else { 100_000 };
    let (mut short, mut long) = (stage(&program, 100), stage(&program, many));
    let (rounds, count) = if support::quick() { (3, 5) } else { (31, 100) };
    let key = |stage: &mut Stage| {
        stage.keys("x<Backspace>");
    };
    let (ratio, long, short) = support::pairs(rounds, count, || key(&mut long), || key(&mut short));
    println!(
        "a frame at 120x40 after a key: {:.1} us after 100 messages, {:.1} us after {many}, {:.3} times as much (wanted at most 1.5)",
        short * 1e6 / 2.0,
        long * 1e6 / 2.0,
        1.0 / ratio
    );
}

fn stage(program: &Arc<Program>, messages: usize) -> Stage {
    let start = Instant::from_millis(1_800_000_000_000).expect("an instant");
    let mut rehearsal = Rehearsal::start(program, program.default_contact().clone(), start);
    for number in 0..messages {
        let text = match number % 3 {
            0 => format!("message {number}"),
            1 => format!("رسالة رقم {number}، وهي أطول قليلا من غيرها حتى تلتف على سطرين"),
            _ => format!("number {number} 🎉 is a bit longer than the others, so that it wraps onto a second line"),
        };
        rehearsal.act(Act::Say(text)).expect("a message is taken");
    }
    Stage::new(rehearsal, &Options::default(), 120, 40)
}
