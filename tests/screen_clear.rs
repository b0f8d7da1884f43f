//! What the screen says and does so that nobody stumbles: nothing opens over a draft, nothing is lost by one key, what was not taken never
//! looks as if it was, and every size says what matters.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use rehearsal::engine::Program;
use rehearsal::flow::load::{self, LoadOptions};
use rehearsal::rehearsal::{Rehearsal, instant};
use rehearsal::tui::app::Effect;
use rehearsal::tui::headless::Stage;
use rehearsal::tui::{Options, Theme};

fn rehearsal(flow: load::Loaded) -> Rehearsal {
    let program = Arc::new(Program::compile_flow(&flow.flow.unwrap()).unwrap());
    let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
    Rehearsal::start(&program, program.default_contact().clone(), at)
}

/// A shipped flow on a clock that stands.
fn stage(flow: &str, width: u16, height: u16) -> Stage {
    let path = format!("{}/flows/{flow}.yaml", env!("CARGO_MANIFEST_DIR"));
    let loaded = load::load(path.as_ref(), &LoadOptions::default()).unwrap();
    Stage::new(rehearsal(loaded), &Options { speed: 0.0, ..Options::default() }, width, height)
}

fn stage_of(yaml: &str, options: Options) -> Stage {
    Stage::new(rehearsal(load::load_text("test.yaml", yaml)), &Options { speed: 0.0, ..options }, 100, 30)
}

const ASKS: &str = "version: 1\nname: Ask\nsteps:\n  - ask_question: { text: Order?, type: number, save_as: { variable: order }, timeout_branch: { after: 1 hour, steps: [{ jump_to: ask }] } }\n  - id: ask\n    http_request: { method: GET, url: https://a.example, save_response: [{ path: $.order.status, variable: status }, { path: '$.items[0].name', variable: item }] }\n";
const PLAIN: &str = "version: 1\nname: Plain\nsteps:\n  - ask_question: { text: A number, type: number }\n";

#[test]
fn a_form_that_is_due_never_opens_over_a_draft() {
    let mut stage = stage_of(ASKS, Options::default());
    stage.keys("half a mess<F4>");
    let text = stage.text();
    assert!(text.contains("HTTP answer due · Ctrl-G") && text.contains("› half a mess"), "{text}");
    stage.keys("age");
    assert!(stage.text().contains("› half a message"), "{}", stage.text());
    stage.keys("<C-u>");
    assert!(!stage.text().contains("[200]"), "nothing opens when the draft is gone: {}", stage.text());
    stage.keys("<C-g>");
    // The body is there to be filled in, as the step saves it.
    let text = stage.text();
    assert!(text.contains(r#"{"order":{"status":""},"items":[{"name":""}]}"#), "{text}");
}

#[test]
fn leaving_asks_once_when_there_is_something_to_lose() {
    let mut fresh = stage("consent", 80, 24);
    assert_eq!(fresh.keys("<C-q>").effect(), Some(Effect::Quit));
    let mut stage = stage("consent", 80, 24);
    assert_eq!(stage.keys("<A-1><C-q>").effect(), None);
    assert!(stage.text().contains("Ctrl-Q once more"), "{}", stage.text());
    assert_eq!(stage.keys("a<C-q>").effect(), None, "another key starts the question anew");
    assert_eq!(stage.keys("<C-q>").effect(), Some(Effect::Quit));
}

#[test]
fn the_end_is_a_card_with_what_can_be_done_next() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("2<Enter>");
    while stage.rehearsal().session().is_running() {
        stage.keys("<F4>");
    }
    let text = stage.text();
    for words in ["The run ended:", "steps reached", "not tried yet: Agreed or not? → Agreed", "Alt-R start over"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(stage.click("Alt-R start over"), "{text}");
    let text = stage.text();
    assert!(stage.rehearsal().session().is_running());
    assert!(text.contains("◦ Agreed or not?"), "what was reached before stays marked, apart: {text}");
}

#[test]
fn nothing_pending_is_no_error() {
    let mut stage = stage_of("version: 1\nname: t\nsteps:\n  - send_message: Hi\n", Options::default());
    stage.keys("<F4>");
    let text = stage.text();
    assert!(text.contains("No timer is pending") && !text.contains("! "), "{text}");
}

#[test]
fn a_tick_is_for_what_was_taken_in_every_theme() {
    for ascii in [false, true] {
        for theme in Theme::ALL {
            let mut stage = stage_of(PLAIN, Options { ascii, theme: *theme, ..Options::default() });
            stage.keys("word<Enter>7<Enter>late<Enter>");
            let text = stage.text();
            let signs = if ascii { ["x word", "v", "o late"] } else { ["✗ word", "✓", "○ late"] };
            for sign in signs {
                assert!(text.contains(sign), "{theme} {sign}: {text}");
            }
            let taken = text.lines().find(|line| line.split_whitespace().any(|word| word == "7")).unwrap();
            assert!(taken.contains(signs[1]), "{theme}: {taken}");
        }
    }
}

#[test]
fn what_was_not_sent_is_struck_out_and_its_step_has_no_tick() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("<F8><Down><Enter>");
    assert!(stage.text().contains("! fault armed"), "{}", stage.text());
    assert!(stage.text().contains("the network will be down"), "{}", stage.text());
    stage.keys("<F8>");
    assert!(stage.text().contains("✓ Fail the network"), "{}", stage.text());
    stage.keys("<Esc><A-1>");
    let yaml = format!("{PLAIN}  - send_message: Thanks\n");
    let mut failing = stage_of(&yaml, Options::default());
    failing.keys("/fault network<Enter>7<Enter>");
    assert!(failing.text().contains("✗ Send message: Thanks"), "{}", failing.text());
    assert!(stage.text().contains("✗"), "{}", stage.text());
    assert!(stage.svg("struck").contains("line-through"), "struck out");
}

#[test]
fn the_chosen_option_is_marked() {
    let mut stage = stage("consent", 100, 30);
    stage.keys("<A-1>");
    assert!(stage.text().contains("✓ 1 Yes, I agree"), "{}", stage.text());
}

#[test]
fn titles_are_never_overwritten_and_the_date_stays_at_every_size() {
    for width in [72, 76, 80, 90, 100, 120] {
        let stage = stage("arabic", width, 24);
        let text = stage.text();
        for line in text.lines().filter(|line| line.contains(" more ↓")) {
            let title = line.rsplit_once('├').or_else(|| line.rsplit_once('╭')).unwrap().1;
            let (name, _) = title.split_once(" more ↓").unwrap();
            assert!(name.contains('─'), "{width}: {line}");
        }
    }
    for (width, height) in [(40, 10), (48, 12), (60, 15), (80, 24), (100, 30), (120, 40)] {
        let stage = stage("consent", width, height);
        assert!(stage.text().lines().next().unwrap().contains("Mon 5 Jan"), "{}", stage.text());
    }
    assert!(stage("consent", 80, 24).text().contains("WhatsApp 24:00"));
}

#[test]
fn the_countdown_is_seen_once_and_the_keys_for_time_and_commands_at_80_columns() {
    let mut stage = stage("consent", 80, 24);
    stage.keys("<A-1>");
    let text = stage.text();
    assert_eq!(text.matches("7d 00h").count(), 1, "{text}");
    let hints = text.lines().last().unwrap();
    for hint in ["F4 next timer", "Ctrl-T undo", "Ctrl-P menu"] {
        assert!(hints.contains(hint), "{hint}: {hints}");
    }
}

#[test]
fn the_taken_arm_comes_first_and_the_day_is_said_when_it_changed() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("<A-2>");
    let text = stage.text();
    let taken = text.lines().position(|line| line.contains("✓ Else")).unwrap();
    let other = text.lines().position(|line| line.contains("✗ Agreed")).unwrap();
    assert!(taken < other, "{text}");
    stage.keys("<F3>");
    let text = stage.text();
    assert!(text.contains("5 Jan 09:00 Agreed or not?") && text.contains("⏩ 1 day → Tue 6 Jan 09:00"), "{text}");
}

#[test]
fn a_slash_lists_the_commands_that_fit_and_tab_completes() {
    let mut stage = stage("consent", 100, 30);
    stage.keys("/un");
    let text = stage.text();
    assert!(text.contains("/undo [N]") && text.contains("/until INSTANT") && text.contains("Enter run"), "{text}");
    stage.keys("<Down><Tab>");
    assert!(stage.text().contains("› /undo"), "{}", stage.text());
    stage.keys("<C-u>why?");
    assert!(stage.text().contains("› why?"), "{}", stage.text());
}

#[test]
fn a_click_in_the_input_moves_the_caret() {
    let mut stage = stage("consent", 100, 30);
    stage.keys("abcdef");
    let text = stage.text();
    let (row, line) = text.lines().enumerate().find(|(_, line)| line.contains("› abcdef")).unwrap();
    let column = u16::try_from(line.split_once("abc").unwrap().0.chars().count() + 3).unwrap();
    let row = u16::try_from(row).unwrap();
    let kind = MouseEventKind::Down(MouseButton::Left);
    stage.event(&Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })).keys("X");
    assert!(stage.text().contains("› abcXdef"), "{}", stage.text());
}

#[test]
fn a_toast_says_what_was_undone_and_leaves_by_itself() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("<A-1><C-t>");
    assert!(stage.text().contains("Undone: the message \"Yes, I agree\""), "{}", stage.text());
    stage.pass(Duration::from_secs(1)).pass(Duration::from_secs(9)).pass(Duration::from_secs(1));
    assert!(!stage.text().contains("Undone"), "{}", stage.text());
}

#[test]
fn a_vertical_list_is_picked_with_up_and_down() {
    let mut stage = stage("menu", 100, 30);
    assert!(stage.text().contains("↑↓ pick"), "{}", stage.text());
    stage.keys("<Down><Down><Enter>");
    assert!(stage.text().contains("✓ 2 Opening hours"), "{}", stage.text());
}

#[test]
fn one_message_counts_as_one_new() {
    let mut stage = stage("consent", 80, 24);
    for _ in 0..6 {
        stage.keys("maybe<Enter>");
    }
    stage.keys("<PageUp><PageUp><PageUp>/agent Hello<Enter>");
    assert!(stage.text().contains("1 new"), "{}", stage.text());
}

#[test]
fn focus_shows_by_a_sign_where_there_is_no_fill() {
    for theme in [Theme::HighContrast, Theme::None] {
        let mut stage = stage_of(PLAIN, Options { theme, ..Options::default() });
        stage.keys("<Tab>");
        assert!(stage.text().contains("▸ Contact"), "{theme}: {}", stage.text());
    }
}

#[test]
fn the_summary_on_the_shell_says_the_steps_and_outputs_reached_of_all() {
    let mut stage = stage("consent", 120, 40);
    let shell = |stage: &Stage| stage.summary("rehearse flows/consent.yaml").lines().nth(1).unwrap().to_owned();
    assert_eq!(shell(&stage), "1 of 14 steps and 0 of 21 outputs reached");
    stage.keys("<A-1>not an address<Enter>");
    assert_eq!(shell(&stage), "5 of 14 steps and 5 of 21 outputs reached");
    // What an earlier run reached counts too, once.
    stage.keys("<A-r><A-1>ana@example.com<Enter>");
    assert_eq!(shell(&stage), "6 of 14 steps and 6 of 21 outputs reached");
}

#[test]
fn messages_of_one_minute_stand_together_under_one_time() {
    let yaml = "version: 1\nname: t\nsteps:\n  - send_message: One\n  - send_message: Two\n  - wait: 1 minute\n  - send_message: Three\n  - ask_question: { text: Four, type: text }\n";
    for ascii in [false, true] {
        let mut stage = stage_of(yaml, Options { ascii, ..Options::default() });
        stage.keys("<F4>");
        let text = stage.text();
        let chat: Vec<&str> = text.lines().map(|line| line.split_inclusive(['│', '|']).nth(1).unwrap_or("")).collect();
        let row = |word: &str| chat.iter().position(|line| line.contains(word)).unwrap();
        assert_eq!(row("Two"), row("One") + 1, "{text}");
        assert_eq!(row("Four"), row("Three") + 1, "{text}");
        assert!(chat[row("One")].contains("09:00") && !chat[row("Two")].contains("09:00"), "{text}");
        assert!(chat[row("Three")].contains("09:01") && !chat[row("Four")].contains("09:01"), "{text}");
        // Where the second begins is marked, or the two would read as one message.
        let sign = if ascii { "-" } else { "·" };
        assert!(chat[row("Two")].starts_with(sign) && !chat[row("One")].starts_with(sign), "{text}");
    }
}

#[test]
fn a_rejected_answer_reads_as_it_does_in_its_bubble() {
    let mut stage = stage_of(PLAIN, Options::default());
    stage.keys("غرفة 3 b<Enter>");
    let text = stage.text();
    let bubble = text.lines().find(|line| line.contains('✗')).unwrap();
    let said = bubble.split('✗').nth(1).unwrap().split('▎').next().unwrap().split('│').next().unwrap().trim();
    assert!(text.contains(&format!("! Not accepted: \"{said}\" is")), "{said}: {text}");
    assert!(!text.contains(['\u{2068}', '\u{2069}']), "{text}");
}

#[test]
fn the_palette_is_grouped_and_nothing_in_it_is_cut_at_120_columns() {
    let mut stage = stage("consent", 120, 40);
    stage.keys("<C-p>");
    let mut seen = String::new();
    for _ in 0..80 {
        seen.push_str(&stage.text());
        stage.keys("<Down>");
    }
    // What stands in the popup, which lies two columns in.
    let lines: Vec<String> = seen.lines().map(|line| line.chars().skip(3).take(113).collect()).collect();
    for heading in ["Time", "The run", "The contact", "Channels and failures", "The team", "The outside world"] {
        assert!(lines.iter().any(|line| line.trim_matches(['│', ' ']) == heading), "{heading}");
    }
    let cut: Vec<&String> = lines.iter().filter(|line| line.contains('/') && line.contains('…')).collect();
    assert!(cut.is_empty(), "{cut:?}");
    // What it does stands beside every command.
    assert!(seen.contains("/fault CAUSE or http|ai STATUS|WHY") && seen.contains("make the next send fail "));
}

/// A flow that goes fourteen steps deep.
fn deep() -> String {
    let mut yaml = "version: 1\nname: Deep\nsteps:\n".to_owned();
    for level in 0..7 {
        let pad = " ".repeat(level * 8);
        writeln!(yaml, "{pad}  - name: Look {level}\n{pad}    branch:\n{pad}      - name: Arm {level}\n{pad}        when: {{ field: city, exists: true }}\n{pad}        steps:").unwrap();
    }
    let pad = " ".repeat(56);
    writeln!(
        yaml,
        "{pad}  - name: Deepest question of all\n{pad}    ask_question: {{ text: How deep?, type: number }}"
    )
    .unwrap();
    yaml
}

#[test]
fn the_outline_says_where_one_is_and_no_row_is_only_dots() {
    for (width, height) in [(120, 40), (80, 24), (72, 20), (60, 15)] {
        let flow = load::load_text("deep.yaml", &deep().replace("exists: true", "does_not_exist: true"));
        let mut stage = Stage::new(rehearsal(flow), &Options { speed: 0.0, ..Options::default() }, width, height);
        for _ in 0..4 {
            stage.keys("<Tab>");
        }
        let text = stage.text();
        assert!(text.contains("Deepest"), "{width}: {text}");
        for line in text.lines() {
            let rest = line.rsplit('│').nth(1).unwrap_or("x").trim_matches(['┆', ' ']);
            assert!(!matches!(rest, "…" | "▸ …" | "· …" | "✓ …"), "{width}: {text}");
        }
        if height > 20 {
            assert!(text.contains("Look 6 → Arm 6"), "{width}: {text}");
        }
    }
}

#[test]
fn a_step_of_the_outline_opens_to_its_full_text_and_its_place() {
    let path = format!("{}/flows/consent.yaml", env!("CARGO_MANIFEST_DIR"));
    let loaded = load::load(path.as_ref(), &LoadOptions::default()).unwrap();
    let project = loaded.flow.unwrap().into();
    let bare = Program::compile(&project).unwrap();
    let program = Arc::new(Program::compile(&project).unwrap().placed(&project, &loaded.sources));
    let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
    let saved = Rehearsal::start(&program, program.default_contact().clone(), at).session().save().unwrap();
    // Where it was written is no part of what it is.
    assert!(rehearsal::engine::Session::restore(&Arc::new(bare), &saved).is_ok());
    let rehearsal = Rehearsal::start(&program, program.default_contact().clone(), at);
    let mut stage = Stage::new(rehearsal, &Options { speed: 0.0, ..Options::default() }, 120, 40);
    stage.keys("<Tab><Tab><Tab><Tab><Enter>");
    let text = stage.text();
    assert!(text.contains("may we keep your details so we can help you?"), "{text}");
    let source = std::fs::read_to_string(&path).unwrap();
    let line = source.lines().position(|line| line.contains("ask_question:")).unwrap() + 1;
    assert!(text.replace(['│', ' ', '\n'], "").contains(&format!("flows/consent.yaml:{line}")), "{line}: {text}");
    stage.keys("<Esc><Down><Enter>");
    assert!(stage.text().contains("╭ Leave the door open"), "{}", stage.text());
    stage.keys("<Esc>");
    assert!(stage.click("Agreed or not?"), "{}", stage.text());
    assert!(stage.click("Agreed or not?") && stage.text().contains("╭ Agreed or not?"), "{}", stage.text());
}
