//! Workload W: whole conversations on one core, beside the hand-written floor in the same run.
//!
//! Wanted (not asserted): at least 0.4 of the floor that keeps a transcript while the full event log is kept, and at least 0.5 of the
//! floor without one with events discarded.

#![allow(clippy::expect_used, clippy::cast_precision_loss)] // A benchmark may stop.

#[path = "support/floor.rs"]
mod floor;
mod support;

use std::sync::Arc;

use rehearsal::engine::{EventLog, Incoming, Input, Instant, Kind, Program, Session, Sink};
use rehearsal::flow::load;

fn main() {
    let text = include_str!("lead_capture.yaml");
    let flow = load::load_text("lead_capture.yaml", text).flow.expect("workload W loads");
    let program = Arc::new(Program::compile_flow(&flow).expect("workload W compiles"));

    let mut log = EventLog::with_room();
    play(&program, &mut log);
    let sent =
        log.iter().filter(|event| matches!(event.kind, Kind::MessageSent { .. } | Kind::QuestionAsked { .. })).count();
    assert_eq!(sent, 14, "workload W sends exactly 14 messages");

    let (rounds, count) = if support::quick() { (3, 200) } else { (31, 20_000) };
    let kept = support::pairs(
        rounds,
        count,
        || {
            let mut log = EventLog::with_room();
            std::hint::black_box(play(&program, &mut log));
            std::hint::black_box(&log);
        },
        || drop(std::hint::black_box(floor::play(true))),
    );
    report("full event log, floor with transcript", kept, 0.4);
    let discarded = support::pairs(
        rounds,
        count,
        || drop(std::hint::black_box(play(&program, &mut ()))),
        || drop(std::hint::black_box(floor::play(false))),
    );
    report("events discarded, floor without", discarded, 0.5);
    println!("workload W, one conversation: {} events in its log", log.len());
}

fn report(what: &str, (ratio, ours, floor): (f64, f64, f64), wanted: f64) {
    println!(
        "workload W, {what}: {:.0} conversations/s, floor {:.0}/s, ratio {ratio:.3} (wanted {wanted})",
        1.0 / ours,
        1.0 / floor
    );
}

/// One whole conversation, from its start to its end.
fn play<S: Sink>(program: &Arc<Program>, sink: &mut S) -> Session {
    let start = Instant::from_millis(1_800_000_000_000).expect("an instant");
    let mut session = Session::start(program, program.default_contact().clone(), start, sink);
    for reply in floor::REPLIES {
        let input = match std::hint::black_box(reply) {
            Some(text) => {
                let to = session.now().saturating_add(std::time::Duration::from_secs(5));
                session.handle(Input::Advance { to }, sink).expect("time moves on");
                Input::Message { content: Incoming::Text(text), channel: None }
            }
            None => Input::Advance { to: session.now().saturating_add(std::time::Duration::from_hours(24)) },
        };
        session.handle(input, sink).expect("the session takes it");
    }
    assert!(session.ended().is_some());
    session
}
