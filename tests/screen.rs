//! The screen as a whole, driven by keys: snapshots at the three sizes in English and Arabic, what keys and clicks do, and that no size
//! and no key makes it panic.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::Event;
use proptest::prelude::*;
use rehearsal::engine::Program;
use rehearsal::flow::load::{self, LoadOptions};
use rehearsal::rehearsal::{Act, Rehearsal, instant};
use rehearsal::text::BidiMode;
use rehearsal::tui::headless::Stage;
use rehearsal::tui::{Options, Theme};

/// A rehearsal of a shipped flow on a fixed morning.
fn rehearsal(flow: &str) -> Rehearsal {
    let path = format!("{}/flows/{flow}.yaml", env!("CARGO_MANIFEST_DIR"));
    let loaded = load::load(path.as_ref(), &LoadOptions::default()).unwrap();
    let program = Arc::new(Program::compile_flow(&loaded.flow.unwrap()).unwrap());
    let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
    let contact = program.default_contact().clone();
    Rehearsal::start(&program, contact, at)
}

fn stage(flow: &str, width: u16, height: u16) -> Stage {
    Stage::new(rehearsal(flow), &Options::default(), width, height)
}

/// A flow of the test's own.
fn stage_of(yaml: &str, options: &Options) -> Stage {
    let loaded = load::load_text("test.yaml", yaml);
    let program = Arc::new(Program::compile_flow(&loaded.flow.unwrap()).unwrap());
    let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
    let contact = program.default_contact().clone();
    Stage::new(Rehearsal::start(&program, contact, at), options, 100, 24)
}

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (60, 15)];

/// The story of the snapshots: agree, let some time go by, answer wrong.
#[test]
fn the_screen_in_english() {
    for (width, height) in SIZES {
        let mut stage = stage("consent", width, height);
        stage.keys("<Right><Enter><F2>not an address<Enter>ana@exam");
        insta::assert_snapshot!(format!("english_{width}x{height}"), stage.text());
    }
}

#[test]
fn the_screen_in_arabic() {
    for (width, height) in SIZES {
        let mut stage = stage("arabic", width, height);
        stage.keys("٢<Enter>٣٠<Enter>٣ غرف");
        insta::assert_snapshot!(format!("arabic_{width}x{height}"), stage.text());
    }
}

#[test]
fn the_screen_in_ascii() {
    let options = Options { ascii: true, theme: Theme::None, ..Options::default() };
    let mut stage = Stage::new(rehearsal("menu"), &options, 80, 24);
    stage.keys("1<Enter><F5>");
    let text = stage.text();
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!("ascii_80x24", text);
    for popup in ["?", "<F8>", "<F9>", "<C-p>", "<F6>", "<Tab>"] {
        stage.keys(popup);
        let text = stage.text();
        assert!(text.is_ascii(), "{popup}: {text}");
        stage.keys("<Esc>");
    }
}

#[test]
fn the_popups() {
    let mut stage = stage("consent", 80, 24);
    for (name, key) in [("help", "?"), ("faults", "<F8>"), ("channels", "<F9>"), ("palette", "<C-p>"), ("time", "<F6>")]
    {
        stage.keys(key);
        insta::assert_snapshot!(format!("popup_{name}"), stage.text());
        stage.keys("<Esc>");
    }
}

#[test]
fn options_are_picked_by_key_by_number_by_arrow_and_by_mouse() {
    for pick in ["<A-1>", "1<Enter>", "<Right><Enter>", "yes<Tab><Enter>"] {
        let mut stage = stage("consent", 120, 40);
        stage.keys(pick);
        assert!(stage.text().contains("● was –"), "{pick}: {}", stage.text());
    }
    let mut stage = stage("consent", 120, 40);
    assert!(stage.click("1 Yes, I agree"));
    let said: Vec<Act> = stage.rehearsal().acts().cloned().collect();
    assert_eq!(said, [Act::Say("Yes, I agree".into())], "picking sends the option's own text");
}

#[test]
fn typing_a_number_sends_the_number() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("1<Enter>");
    assert_eq!(stage.rehearsal().acts().cloned().collect::<Vec<_>>(), [Act::Say("1".into())]);
}

#[test]
fn undo_takes_back_an_act_together_with_the_time_before_it_and_redo_brings_it_back() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("<F7>").pass(Duration::from_secs(90)).keys("1<Enter>");
    let after = stage.text();
    assert!(after.contains("09:01:30"), "{after}");
    assert_eq!(stage.rehearsal().depth(), (1, 0));
    stage.keys("<C-t>");
    assert!(stage.text().contains("09:00:00"), "{}", stage.text());
    assert!(stage.text().contains("consent  –"), "{}", stage.text());
    stage.keys("<C-y><Esc>");
    assert_eq!(stage.text(), after);
}

#[test]
fn passing_time_fires_timers_and_is_told_as_no_jump() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("<F7>").pass(Duration::from_hours(23));
    let text = stage.text();
    assert!(text.contains("No answer in time") && text.contains("No rush"), "{text}");
    assert!(!text.contains('⏩'), "{text}");
    stage.keys("<C-t><F2>");
    assert!(stage.text().contains("⏩ 1 hour"), "{}", stage.text());
}

#[test]
fn time_stands_until_it_is_moved_or_let_run_and_the_bar_says_so() {
    let mut stage = stage("consent", 120, 40);
    stage.pass(Duration::from_mins(1));
    assert!(stage.text().contains("09:00:00 ‖ ×1"), "{}", stage.text());
    stage.keys("<F5>").pass(Duration::from_mins(1));
    assert!(stage.text().contains("09:01:00 ‖ ×1"), "{}", stage.text());
    stage.keys("<F7>").pass(Duration::from_mins(1));
    assert!(stage.text().contains("09:02:00 ▶ ×1"), "{}", stage.text());
    stage.keys("<C-s>").pass(Duration::from_mins(1));
    assert!(stage.text().contains("09:12:00 ▶ ×10"), "{}", stage.text());
    stage.keys("<F7>").pass(Duration::from_mins(1));
    assert!(stage.text().contains("09:12:00 ‖ ×10"), "{}", stage.text());
    let mut running = Stage::new(rehearsal("consent"), &Options { speed: 60.0, ..Options::default() }, 120, 40);
    assert!(running.pass(Duration::from_secs(2)).text().contains("09:02:00 ▶ ×60"), "{}", running.text());
}

const TEMPLATE: &str = "version: 1
name: t
steps:
  - send_message:
      template: { name: order_update, language: en, body: Your order is here., buttons: [Track it, /stop mail] }
  - wait: 1 hour
";

#[test]
fn the_buttons_of_a_template_are_pressed_by_number_by_arrow_and_by_mouse_and_send_their_title() {
    let said = |stage: &Stage| stage.rehearsal().acts().cloned().collect::<Vec<_>>();
    let options = Options::default();
    let mut stage = stage_of(TEMPLATE, &options);
    assert!(stage.text().contains("Template"), "{}", stage.text());
    stage.keys("<A-2>");
    assert_eq!(said(&stage), [Act::Say("/stop mail".into())]);
    let mut stage = stage_of(TEMPLATE, &options);
    stage.keys("<Right><Enter>");
    assert_eq!(said(&stage), [Act::Say("Track it".into())]);
    stage.keys("<A-1>");
    assert_eq!(said(&stage).len(), 1, "pressed once");
    stage.keys("<C-t><A-1>");
    assert_eq!(said(&stage).len(), 1, "undo offers them again");
    let mut stage = stage_of(TEMPLATE, &options);
    assert!(stage.click("1 Track it"), "{}", stage.text());
    assert_eq!(said(&stage), [Act::Say("Track it".into())]);
}

#[test]
fn a_question_after_a_template_takes_its_keys() {
    let question = "  - ask_question: { text: Q, type: multiple_choice, options: [One, Two] }\n";
    let yaml = TEMPLATE.replace("  - wait: 1 hour\n", question);
    let mut stage = stage_of(&yaml, &Options::default());
    stage.keys("<A-1>");
    assert_eq!(stage.rehearsal().acts().cloned().collect::<Vec<_>>(), [Act::Say("One".into())]);
}

#[test]
fn the_fault_menu_reaches_the_outside_world() {
    let yaml = "version: 1
name: t
steps:
  - ask_question: { text: Go, type: text }
  - http_request: { url: https://example.com }
";
    let mut stage = stage_of(yaml, &Options::default());
    stage.keys("<F8>");
    assert!(stage.text().contains("Let HTTP time out") && !stage.text().contains("the AI"), "{}", stage.text());
    stage.click("Answer HTTP with 503");
    stage.keys("go<Enter>");
    assert!(stage.text().contains("503"), "{}", stage.text());
    assert!(stage.rehearsal().session().ended().is_some(), "the request was answered");
}

#[test]
fn why_tells_what_is_no_decision() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("<F8><Down><Enter>/next<Enter>/why<Enter>");
    assert!(stage.text().contains("Workflow ended") || stage.text().contains("Not sent"), "{}", stage.text());
}

#[test]
fn commands_work_in_the_chat_and_their_mistakes_say_how_to_mend_them() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("/froward 1 day<Enter>");
    assert!(stage.text().contains("did you mean /forward?"), "{}", stage.text());
    assert!(stage.text().contains("› /froward 1 day"), "what was typed stays to be mended");
    stage.keys("<C-u>/forward 2 hours<Enter>");
    assert!(stage.text().contains("11:00:00"), "{}", stage.text());
    stage.keys("<C-p>until 2026-01-05T12:00<Enter>");
    assert!(stage.text().contains("12:00:00"), "{}", stage.text());
    stage.keys("<F6>yesterday<Enter>");
    assert!(stage.text().contains("Move time") && stage.text().contains("is no instant"), "{}", stage.text());
}

#[test]
fn faults_are_told_and_the_next_message_fails() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("<F8><Down><Enter>1<Enter>");
    let text = stage.text();
    assert!(text.contains("Not sent: the network failed"), "{text}");
}

#[test]
fn hints_name_only_what_works_now() {
    let mut stage = stage("consent", 160, 40);
    assert!(!stage.text().contains("Ctrl-T undo"));
    assert!(stage.text().contains("←→ pick"));
    stage.keys("yes");
    let text = stage.text();
    assert!(text.contains("Tab complete") && !text.contains("Tab panes"), "{text}");
    assert!(text.contains("Enter send") && text.contains("F1 help") && !text.contains("? help"), "{text}");
    stage.keys("<Tab><Enter>");
    assert!(stage.text().contains("Ctrl-T undo"), "{}", stage.text());
}

#[test]
fn escape_characters_of_flows_and_contacts_are_shown() {
    let yaml = "version: 1\nname: \"Evil \\e[31m\"\nsteps:\n  - send_message: \"a\\e]0;owned\\a b\"\n  - ask_question: { text: \"Name\\e[2J\", type: text, save_as: { variable: n } }\n";
    let mut stage = stage_of(yaml, &Options::default());
    stage.event(&Event::Paste("x\u{1b}[2Jy".into())).keys("<Enter>");
    let text = stage.text();
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    assert!(text.contains("␛[31m") && text.contains("␛]0;owned␇") && text.contains("x␛[2Jy"), "{text}");
}

#[test]
fn without_colour_only_the_two_of_the_terminal_are_used() {
    for theme in Theme::ALL {
        let mut stage =
            Stage::new(rehearsal("consent"), &Options { color: false, theme: *theme, ..Options::default() }, 100, 30);
        stage.keys("<Right><Enter>x<Enter><F8>");
        let picture = stage.svg("no colour");
        let fills: std::collections::BTreeSet<&str> =
            picture.split("fill=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(fills.len(), 2, "{theme}: {fills:?}");
    }
}

#[test]
fn an_answered_question_offers_its_options_no_longer() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("/tag a<Enter>/agent one<Enter>");
    stage.keys("<C-t>");
    for number in 0..8 {
        stage.keys(&format!("/set field.city={number}<Enter>"));
    }
    stage.keys("<A-1>");
    let acts = stage.rehearsal().acts().count();
    assert!(stage.click("2 No"), "{}", stage.text());
    assert_eq!(stage.rehearsal().acts().count(), acts, "a click on it does nothing");
}

#[test]
fn the_wheel_scrolls_what_it_is_over_and_a_click_opens_a_decision() {
    use crossterm::event::{KeyModifiers, MouseEvent, MouseEventKind};
    let mut stage = stage("consent", 120, 40);
    stage.keys("<A-1>");
    assert!(stage.click("09:00 Agreed or not?"));
    assert!(!stage.text().contains("not reached"), "{}", stage.text());
    for _ in 0..10 {
        stage.keys("nobody<Enter>");
    }
    let wheel = MouseEvent { kind: MouseEventKind::ScrollUp, column: 10, row: 10, modifiers: KeyModifiers::NONE };
    stage.event(&Event::Mouse(wheel));
    assert!(stage.text().contains("End for the newest"), "{}", stage.text());
}

#[test]
fn a_pasted_text_of_several_lines_is_one_message() {
    let mut stage = stage("consent", 120, 40);
    stage.event(&Event::Paste("one\r\ntwo\r\nthree".into()));
    assert_eq!(stage.rehearsal().acts().count(), 0);
    stage.keys("<Enter>");
    assert_eq!(stage.rehearsal().acts().cloned().collect::<Vec<_>>(), [Act::Say("one\ntwo\nthree".into())]);
}

#[test]
fn right_to_left_text_is_laid_out_by_the_chosen_hand() {
    let yaml = "version: 1\nname: t\nsteps:\n  - send_message: \"سلام (أ)\"\n";
    for (bidi, seen) in [
        (BidiMode::App, "(\u{FE83}) \u{FEE1}\u{FEFC}\u{FEB3}"),
        (BidiMode::Terminal, "سلام (أ)"),
        (BidiMode::Off, "سلام (أ)"),
    ] {
        let stage = stage_of(yaml, &Options { bidi, ..Options::default() });
        assert!(stage.text().contains(seen), "{bidi}: {}", stage.text());
    }
}

#[test]
fn scrolling_back_stays_until_the_end_is_asked_for() {
    let mut stage = stage("consent", 80, 24);
    for _ in 0..6 {
        stage.keys("maybe<Enter>");
    }
    stage.keys("<PageUp><PageUp><PageUp>");
    let back = stage.text();
    assert!(back.contains("End for the newest"), "{back}");
    stage.keys("<F2>");
    assert!(stage.text().contains("1 new"), "{}", stage.text());
    stage.keys("<End>");
    assert!(!stage.text().contains("new "), "{}", stage.text());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_size_and_no_key_makes_it_panic(
        flow in prop_oneof![Just("consent"), Just("arabic"), Just("satisfaction"), Just("menu")],
        steps in proptest::collection::vec(
            prop_oneof![
                (1_u16..200, 1_u16..60).prop_map(|(width, height)| Err((width, height))),
                proptest::sample::select(vec![
                    "<Enter>", "<Esc>", "<Tab>", "<S-Tab>", "<Up>", "<Down>", "<Left>", "<Right>", "<PageUp>", "<PageDown>", "<Home>",
                    "<End>", "<F1>", "<F2>", "<F3>", "<F4>", "<F5>", "<F6>", "<F7>", "<F8>", "<F9>", "<C-p>", "<C-t>", "<C-y>", "<C-s>",
                    "<C-j>", "<C-w>", "<A-1>", "<A-0>", "<Backspace>", "1", "yes", "سلام ", "日本語", "👨‍👩‍👧", "/undo", "/forward 1 day", "?",
                ]).prop_map(|keys| Ok(keys.to_owned())),
            ],
            1..40,
        ),
    ) {
        let mut stage = stage(flow, 80, 24);
        for step in steps {
            match step {
                Ok(keys) => stage.keys(&keys),
                Err((width, height)) => stage.event(&Event::Resize(width, height)),
            };
            stage.pass(Duration::from_millis(700));
        }
    }
}

/// A conversation of so many messages, on a clock that stands.
fn long_conversation(messages: usize) -> Stage {
    let yaml = "version: 1\nname: Talk\nsteps:\n  - ask_question: { text: \"Hello, what is it?\", type: number }\n";
    let loaded = load::load_text("talk.yaml", yaml);
    let program = Arc::new(Program::compile_flow(&loaded.flow.unwrap()).unwrap());
    let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
    let mut rehearsal = Rehearsal::start(&program, program.default_contact().clone(), at);
    for number in 0..messages {
        rehearsal
            .act(Act::Say(format!("message {number}, which is long enough to be wrapped on this screen")))
            .unwrap();
    }
    Stage::new(rehearsal, &Options::default(), 120, 40)
}

#[test]
fn a_frame_of_a_hundred_thousand_messages_costs_no_more_than_one_of_a_hundred() {
    let mut stages = [long_conversation(100), long_conversation(100_000)];
    let mut fastest = [Duration::MAX; 2];
    // The fastest of many says what a frame costs when nothing else runs.
    for round in 0..120 {
        for (stage, fastest) in stages.iter_mut().zip(&mut fastest) {
            stage.keys(if round % 2 == 0 { "a" } else { "<Backspace>" });
            let start = std::time::Instant::now();
            stage.draw();
            *fastest = (*fastest).min(start.elapsed());
        }
    }
    let [few, many] = fastest;
    assert!(many < few * 3 / 2, "{few:?} for a hundred, {many:?} for a hundred thousand");
}

/// Files that are what the test says.
#[derive(Debug)]
struct Said(Result<&'static str, &'static str>);

impl rehearsal::rehearsal::Files for Said {
    fn read(&mut self) -> Result<(Arc<Program>, rehearsal::engine::Contact), String> {
        let loaded = load::load_text("test.yaml", self.0?);
        let program = Arc::new(Program::compile_flow(&loaded.flow.unwrap()).unwrap());
        let contact = program.default_contact().clone();
        Ok((program, contact))
    }
}

const GREETING: &str = "version: 1\nname: Greeting\nworkspace: { contacts: { ana: { firstname: Ana }, ben: { firstname: Ben } } }\nsteps: [{ send_message: Hello $contact.firstname }]\n";
const GREETING_LATER: &str = "version: 1\nname: Greeting\nworkspace: { contacts: { ana: { firstname: Ana }, ben: { firstname: Ben } } }\nsteps: [{ send_message: Welcome $contact.firstname }]\n";

#[test]
fn a_restart_on_the_screen_reads_the_files_again() {
    let mut stage = stage_of(GREETING, &Options::default());
    stage.read_again(Box::new(Said(Ok(GREETING_LATER))));
    assert!(stage.text().contains("Hello Ana"));
    stage.keys("/restart<Enter>");
    assert!(stage.text().contains("Welcome Ana") && !stage.text().contains("Hello Ana"), "{}", stage.text());
    stage.keys("/contact ben<Enter>");
    assert!(stage.text().contains("Welcome Ben"), "{}", stage.text());
    stage.keys("/contact eva<Enter>");
    assert!(stage.text().contains("has no contact") && stage.text().contains("\"ana\", \"ben\""), "{}", stage.text());
}

#[test]
fn files_that_are_broken_now_leave_the_version_that_ran() {
    let mut stage = stage_of(GREETING, &Options::default());
    stage.read_again(Box::new(Said(Err("test.yaml:1:1: no flow"))));
    stage.keys("/restart<Enter>");
    assert!(stage.text().contains("Hello Ana") && stage.text().contains("test.yaml:1:1: no flow"), "{}", stage.text());
}
