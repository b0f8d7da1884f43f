//! Who carries requests outside while the screen runs: a courier answers in place of the operator, and is told what happened.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use rehearsal::engine::Request;
use rehearsal::engine::event::{Kind, Source};
use rehearsal::rehearsal::command::Answer;
use rehearsal::rehearsal::{Act, Rehearsal};
use rehearsal::tui::headless::Stage;
use rehearsal::tui::{Courier, Options};

#[path = "support/orders.rs"]
#[allow(dead_code)] // The other tests of the screen use the rest.
mod orders;
use orders::rehearsal;

fn acts(stage: &Stage) -> Vec<Act> {
    stage.rehearsal().acts().cloned().collect()
}

/// What a courier of a test was told, and what it will answer.
#[derive(Debug, Default)]
struct Log {
    answer: Option<Answer>,
    errands: Vec<u64>,
    rows: usize,
    told: Vec<usize>,
}

/// Carries HTTP requests, and no farther than the test.
#[derive(Debug, Default)]
struct Carried(Rc<RefCell<Log>>);

impl Courier for Carried {
    fn answers(&self, request: &Request) -> bool {
        matches!(request, Request::Http { .. })
    }

    fn poll(&mut self, _: &Rehearsal, errand: u64) -> Option<Answer> {
        let mut log = self.0.borrow_mut();
        if log.errands.last() != Some(&errand) {
            log.errands.push(errand);
        }
        log.answer.take()
    }

    fn acted(&mut self, rehearsal: &Rehearsal, events_from: usize) -> Option<String> {
        let mut log = self.0.borrow_mut();
        log.told.push(events_from);
        let rows = rehearsal.log().since(events_from).filter(|event| matches!(event.kind, Kind::SheetRowAdded { .. }));
        log.rows += rows.count();
        (log.rows == 2).then(|| "the disk is full".to_owned())
    }
}

#[test]
fn a_courier_answers_in_place_of_the_operator() {
    let log = Rc::new(RefCell::new(Log::default()));
    let courier = Box::new(Carried(Rc::clone(&log)));
    let mut stage = Stage::with_courier(
        rehearsal("orders.yaml"),
        &Options { speed: 0.0, ..Options::default() },
        Some(courier),
        120,
        40,
    );
    stage.keys("7<Enter>").pass(Duration::from_millis(50));
    assert!(!stage.text().contains("HTTP answer ·"), "{}", stage.text());
    assert!(stage.text().contains("waiting for the answer…"), "{}", stage.text());
    log.borrow_mut().answer = Some(Answer::Http { status: 200, body: "{\"city\": \"Amman\"}".into() });
    stage.pass(Duration::from_millis(50));
    let text = stage.text();
    assert!(text.contains("← 200 {\"city\": \"Amman\"}  live"), "{text}");
    assert!(text.contains("You are the AI"), "nobody answers for the AI: {text}");
    assert_eq!(log.borrow().rows, 1);
    // It is undone with what asked it, and no news to the courier, done again neither.
    let told = log.borrow().told.len();
    stage.keys("<C-t>");
    assert_eq!(acts(&stage).len(), 0);
    stage.keys("<C-y>").pass(Duration::from_millis(50));
    assert_eq!((acts(&stage).len(), log.borrow().told.len(), log.borrow().rows), (2, told, 1));
    // Another request is another errand.
    stage.keys("<Esc><C-t>8<Enter>").pass(Duration::from_millis(50));
    assert_eq!(log.borrow().errands.len(), 2, "{:?}", log.borrow().errands);
    log.borrow_mut().answer = Some(Answer::NoHttp("timeout".into()));
    stage.pass(Duration::from_millis(50));
    assert!(stage.text().contains("no response: timeout"), "{}", stage.text());
}

#[test]
fn what_goes_wrong_outside_is_said() {
    let courier = Box::new(Carried::default());
    let mut stage = Stage::with_courier(rehearsal("survey.yaml"), &Options::default(), Some(courier), 80, 24);
    stage.keys("5<Enter>");
    assert!(!stage.text().contains("the disk is full"), "{}", stage.text());
    stage.keys("<C-n><Enter>4<Enter>");
    assert!(stage.text().contains("! the disk is full"), "{}", stage.text());
    // What was typed was taken: Enter has nothing to send once more.
    let before = acts(&stage).len();
    stage.keys("<Enter>");
    assert_eq!(acts(&stage).len(), before, "{}", stage.text());
}

#[test]
fn what_the_courier_answers_wrongly_is_left_to_the_operator() {
    let log = Rc::new(RefCell::new(Log::default()));
    let courier = Box::new(Carried(Rc::clone(&log)));
    let mut stage = Stage::with_courier(rehearsal("orders.yaml"), &Options::default(), Some(courier), 120, 40);
    stage.keys("7<Enter>");
    log.borrow_mut().answer = Some(Answer::Http { status: 7, body: String::new() });
    stage.pass(Duration::from_millis(50));
    let text = stage.text();
    assert!(text.contains("7 is no HTTP status") && text.contains("HTTP answer ·"), "{text}");
    stage.keys("<Enter>");
    let by_hand = |act: &Act| matches!(act, Act::Answer(Answer::Http { status: 200, .. }, Source::Operator));
    assert!(acts(&stage).iter().any(by_hand));
}
