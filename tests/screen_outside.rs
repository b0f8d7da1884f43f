//! What reaches outside the conversation, on screen: asides in the chat, the operator's forms key by key, people, sheets, chains of
//! workflows.

#![allow(clippy::unwrap_used)]

use crossterm::event::Event;
use proptest::prelude::*;
use rehearsal::engine::event::Source;
use rehearsal::rehearsal::Act;
use rehearsal::rehearsal::command::Answer;
use rehearsal::tui::headless::Stage;
use rehearsal::tui::{Options, Outside};

#[path = "support/orders.rs"]
mod orders;
use orders::{ORDERS, rehearsal, rehearsal_of};

fn stage(flow: &str, width: u16, height: u16) -> Stage {
    Stage::new(rehearsal(flow), &Options::default(), width, height)
}

fn acts(stage: &Stage) -> Vec<Act> {
    stage.rehearsal().acts().cloned().collect()
}

fn last(stage: &Stage) -> Act {
    acts(stage).pop().unwrap()
}

fn http(status: u16, body: &str) -> Act {
    Act::Answer(Answer::Http { status, body: body.into() }, Source::Operator)
}

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (60, 15)];

#[test]
fn every_new_thing_at_every_size() {
    for (width, height) in SIZES {
        let mut stage = stage("orders.yaml", width, height);
        let shot = |stage: &Stage, name: &str| {
            insta::assert_snapshot!(format!("outside_{name}_{width}x{height}"), stage.text());
        };
        stage.keys("1234<Enter>");
        shot(&stage, "http_form");
        stage.keys("<Tab>{\"city\": \"عمّان\", \"notes\": \"a long text that has to be cut in the chat\"}<Enter>");
        shot(&stage, "ai_form");
        stage.keys("What is wrong with it?<Enter>").keys("late<Enter>");
        stage.keys("<Tab><Right><Right><Tab>too late<Enter>");
        shot(&stage, "chat");
        stage.keys("<C-o><Down>");
        shot(&stage, "people");
        stage.keys("<Esc><C-r>");
        shot(&stage, "sheets");
        stage.keys("<Esc><C-x>");
        shot(&stage, "asides");
        stage.keys("<End><Up><Enter>");
        shot(&stage, "details");
    }
}

#[test]
fn the_answer_form_opens_by_itself_and_enter_alone_repeats_the_last_answer() {
    let mut stage = stage("orders.yaml", 120, 40);
    stage.keys("7<Enter>");
    let text = stage.text();
    assert!(text.contains("HTTP answer · Ask the CRM") && text.contains("POST https://crm.example/orders/7"), "{text}");
    stage.keys("<Right><Right><Enter>");
    assert_eq!(last(&stage), http(500, ""));
    // The AI answers that a human is wanted, and the flow comes round to the same request.
    stage.keys("<Tab>ss<Enter>").keys("<C-o><Down>---<Esc>").keys("8<Enter>");
    assert!(stage.text().contains("status  500"), "{}", stage.text());
    stage.keys("<Enter>");
    assert_eq!(acts(&stage).iter().filter(|act| **act == http(500, "")).count(), 2, "{:?}", acts(&stage));
}

#[test]
fn what_is_no_json_is_said_where_it_breaks_and_goes_only_when_asked_twice() {
    let mut stage = stage("orders.yaml", 120, 40);
    stage.keys("7<Enter><Tab>{\"city\": Amman}");
    assert!(stage.text().contains("no JSON, column 10"), "{}", stage.text());
    stage.keys("<Enter>");
    assert!(stage.text().contains("Enter again sends it as it is"), "{}", stage.text());
    assert_eq!(acts(&stage).len(), 1);
    stage.keys("<Backspace><Enter>");
    assert_eq!(acts(&stage).len(), 1, "a change asks again");
    stage.keys("<Enter>");
    assert_eq!(last(&stage), http(200, "{\"city\": Amman"));
    // Over several lines the line is said too.
    stage.keys("<Esc><C-t><Esc><C-g><Tab><C-u>");
    stage.event(&Event::Paste("{\n  \"city\": Amman\n}".into()));
    assert!(stage.text().contains("no JSON, line 2 column 11"), "{}", stage.text());
}

#[test]
fn a_status_is_picked_typed_or_named() {
    for (keys, answer) in [
        ("<Right>", Answer::Http { status: 404, body: String::new() }),
        ("<Left>", Answer::NoHttp("timeout".into())),
        ("t", Answer::NoHttp("timeout".into())),
        ("422", Answer::Http { status: 422, body: String::new() }),
        ("closed early", Answer::NoHttp("closed_early".into())),
    ] {
        let mut stage = stage("orders.yaml", 80, 24);
        stage.keys("7<Enter>").keys(keys).keys("<Enter>");
        let answers = acts(&stage);
        assert_eq!(answers.get(1), Some(&Act::Answer(answer, Source::Operator)), "{keys}");
    }
    let mut stage = stage("orders.yaml", 80, 24);
    stage.keys("7<Enter>99<Enter>");
    assert!(stage.text().contains("99 is no HTTP status") && stage.text().contains("status  99"), "{}", stage.text());
    assert!(stage.click("404"));
    stage.keys("<Enter>");
    assert_eq!(last(&stage), http(404, ""));
}

#[test]
fn escape_keeps_what_was_typed_and_a_key_brings_the_form_back() {
    let mut stage = stage("orders.yaml", 120, 40);
    stage.keys("7<Enter><Tab>{\"half<Esc>");
    assert!(!stage.text().contains("HTTP answer ·"), "{}", stage.text());
    assert!(stage.text().contains("Ctrl-G answer"), "{}", stage.text());
    stage.keys("/tag waiting<Enter>");
    assert!(!stage.text().contains("HTTP answer ·"), "a closed form stays closed: {}", stage.text());
    stage.keys("<C-g>");
    assert!(stage.text().contains("body    {\"half"), "{}", stage.text());
    stage.keys("<Esc><C-p>/http<Enter>");
    assert!(stage.text().contains("body    {\"half"), "{}", stage.text());
}

#[test]
fn an_ai_is_played_with_its_outcome_and_what_it_found_out() {
    let mut stage = stage("orders.yaml", 120, 40);
    stage.keys("7<Enter><Enter>");
    assert!(stage.text().contains("You are the AI · helper"), "{}", stage.text());
    stage.keys("<Enter>");
    assert!(stage.text().contains("say something, or choose"), "{}", stage.text());
    stage.keys("What is it?<Enter>too late<Enter>");
    // What was said last stands there to be repeated, and typing takes its place.
    stage.keys("Sorry!<Tab>s<Tab>delivery<Enter>");
    let answer = Answer::Ai {
        say: "Sorry!".into(),
        outcome: Some(rehearsal::flow::model::AiOutcome::Success),
        collected: vec![("problem".into(), "delivery".into())],
    };
    assert_eq!(last(&stage), Act::Answer(answer, Source::Operator));
    let text = stage.text();
    assert!(text.contains("✦ AI") && text.contains("The AI is done   problem delivery"), "{text}");
}

#[test]
fn undo_takes_the_answer_back_and_the_screen_is_as_it_was() {
    let mut stage = stage("orders.yaml", 120, 40);
    stage.keys("7<Enter>").keys("<Esc>");
    // The keys at the foot now name what can be done again.
    let above = |stage: &Stage| stage.text().lines().rev().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let before = above(&stage);
    stage.keys("<C-g><Enter>").keys("<C-t>");
    assert!(stage.text().contains("HTTP answer"), "the request is pending again: {}", stage.text());
    stage.keys("<Esc>");
    assert_eq!(above(&stage), before);
    stage.keys("<C-t>");
    assert_eq!(acts(&stage).len(), 0);
}

#[test]
fn people_come_online_and_whoever_becomes_eligible_is_assigned_at_once() {
    let mut stage = stage("orders.yaml", 120, 40);
    stage.keys("7<Enter><Enter>").keys("<Tab>ss<Enter>");
    let text = stage.text();
    assert!(text.contains("waits for somebody") && text.contains("has 3 open contacts or more"), "{text}");
    assert!(text.contains("Leo Park  not in the team"), "{text}");
    stage.keys("<C-o><Down>--");
    assert!(stage.text().contains("3 open   ✗ has 3"), "{}", stage.text());
    stage.keys("-");
    assert!(stage.text().contains("│ assigned to Ben Weiss"), "{}", stage.text());
    assert!(stage.text().contains("3 open   ✓ assigned"), "{}", stage.text());
    stage.keys("<C-t><Up> ");
    assert!(stage.text().contains("assigned to Ana Haddad"), "{}", stage.text());
    stage.keys("a");
    assert_eq!(last(&stage), Act::Assign(None));
    assert!(stage.text().contains("assigned to nobody"), "{}", stage.text());
}

#[test]
fn a_shortcut_is_picked_with_its_form_and_wrong_entries_say_so_where_they_stand() {
    let mut stage = stage("survey.yaml", 80, 24);
    stage.keys("5<Enter>");
    assert!(stage.text().contains("Ctrl-N start"), "{}", stage.text());
    stage.keys("<C-n>");
    assert!(stage.text().contains("Shortcut · Survey"), "{}", stage.text());
    insta::assert_snapshot!("outside_shortcut_80x24", stage.text());
    stage.keys("late<Tab>many");
    assert!(stage.text().contains("score is of type number and cannot hold \"many\""), "{}", stage.text());
    stage.keys("<Enter>");
    assert!(stage.text().contains("Shortcut · Survey") && stage.text().contains("late"), "{}", stage.text());
    stage.keys("<C-u>9<Down>t<Enter>");
    let entry = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let form = vec![entry("reason", "late"), entry("score", "9"), entry("urgent", "true")];
    assert_eq!(last(&stage), Act::Shortcut(Some("Survey".into()), form));
    stage.keys("4<Enter><C-r>");
    assert!(stage.text().contains("CRM · Scores") && stage.text().contains("2 rows"), "{}", stage.text());
    assert!(stage.text().contains("stars  reason"), "{}", stage.text());
    stage.keys("<Right><Right><Right>");
    assert!(!stage.text().contains("stars  reason"), "the last column stays: {}", stage.text());
}

#[test]
fn a_webhook_carries_json() {
    let yaml = "version: 1\nname: Hook\ntrigger: { incoming_webhook: { payload: { order: $.id } } }\nsteps:\n  - send_message: \"Order $order\"\n";
    let mut stage = Stage::new(rehearsal_of(yaml), &Options::default(), 80, 24);
    stage.keys("<C-p>webhook<Enter><C-u>{\"id\":}<Enter>");
    assert!(stage.text().contains("no JSON, column 7"), "{}", stage.text());
    stage.keys("<Left>5<Enter>");
    assert_eq!(last(&stage), Act::Webhook(serde_json::json!({ "id": 5 })));
    assert!(stage.text().contains("Order 5"), "{}", stage.text());
}

#[test]
fn a_chain_of_workflows_stands_in_the_outline_folded_until_it_is_entered() {
    let mut stage = stage("orders.yaml", 120, 46);
    let text = stage.text();
    assert!(text.contains("▾ Order help") && text.contains("running"), "{text}");
    assert!(text.contains("▸ Survey") && text.contains("2 steps"), "{text}");
    assert!(text.contains("Tell them the news → News") && text.contains("on the platform"), "{text}");
    stage.keys("<Tab><Tab><Tab><Tab>");
    assert!(stage.text().contains("▾ Survey"), "{}", stage.text());
    stage.keys("<Esc>500<Enter><Enter><Tab>s<Enter>");
    let text = stage.text();
    assert!(text.contains("How many stars?") && text.contains("▾ Survey"), "{text}");
    insta::assert_snapshot!("outside_chain_120x46", text);
}

#[test]
fn a_click_shows_an_exchange_in_full_and_leaves_the_answer_form_alone() {
    let mut stage = stage("orders.yaml", 120, 40);
    stage.keys("7<Enter><Esc>");
    assert!(stage.click("→ POST"));
    let text = stage.text();
    assert!(text.contains("Headers") && text.contains("X-Key: abc") && !text.contains("Response"), "{text}");
    stage.keys("<Esc><C-g><Enter><Esc>");
    assert!(stage.click("→ POST"));
    assert!(stage.text().contains("Response"), "{}", stage.text());
}

#[test]
fn keys_of_a_request_are_on_no_screen() {
    let yaml = ORDERS
        .replace("workspace: workspace.yaml", "")
        .replace("assign_to: { team: Sales, only_online: true, max_open_contacts: 3 }", "wait: 1 minute")
        .replace("steps: [{ trigger_workflow: survey.yaml }]", "steps: []")
        .replace("{ name: Tell them the news, trigger_workflow: Newsletter }", "{ send_message: Bye }")
        .replace(", @leo@example.com", "")
        .replace("orders/$order\"", "orders/$order?api_key=s3cret\"")
        .replace("https://crm", "https://ana:s3cret@crm")
        .replace("X-Key: abc", "Authorization: Bearer s3cret");
    let mut stage = Stage::new(rehearsal_of(&yaml), &Options::default(), 120, 40);
    stage.keys("7<Enter>");
    assert!(stage.text().contains("HTTP answer") && stage.text().contains("Bearer ***"), "{}", stage.text());
    assert!(!stage.text().contains("s3cret"), "{}", stage.text());
    stage.keys("<Esc>");
    assert!(stage.click("→ POST"));
    assert!(stage.text().contains("Headers") && !stage.text().contains("s3cret"), "{}", stage.text());
}

#[test]
fn the_new_things_are_ascii_where_everything_is() {
    let options =
        Options { ascii: true, outside: Outside { http: true, ai: true, sheets: true }, ..Options::default() };
    let yaml = ORDERS.replace("\"ملاحظة\": \"طلب جديد 😀\"", "note: new").replace("العميل ينتظر", "");
    let yaml = yaml
        .replace("workspace: workspace.yaml", "")
        .replace("assign_to: { team: Sales, only_online: true, max_open_contacts: 3 }", "wait: 1 minute");
    let yaml = yaml
        .replace("steps: [{ trigger_workflow: survey.yaml }]", "steps: []")
        .replace("{ name: Tell them the news, trigger_workflow: Newsletter }", "{ send_message: Bye }")
        .replace(", @leo@example.com", "");
    let mut stage = Stage::new(rehearsal_of(&yaml), &options, 80, 24);
    for keys in
        ["7<Enter>", "<Enter>", "Hi<Enter>", "<C-x>", "<Enter>", "<Esc><Esc><C-r>", "<Esc>x<Enter>", "<Tab>s<Enter>"]
    {
        stage.keys(keys);
        assert!(stage.text().is_ascii(), "{keys}: {}", stage.text());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_size_and_no_key_makes_it_panic_and_undo_leads_back(
        steps in proptest::collection::vec(
            prop_oneof![
                1 => (1_u16..160, 1_u16..50).prop_map(Err),
                8 => proptest::sample::select(vec![
                    "<Enter>", "<Esc>", "<Tab>", "<S-Tab>", "<Up>", "<Down>", "<Left>", "<Right>", "<PageUp>", "<PageDown>", "<F2>",
                    "<C-g>", "<C-o>", "<C-n>", "<C-r>", "<C-x>", "<C-t>", "<C-y>", "<C-p>", "<C-j>", "a", "+", "-", " ", "s", "7", "{",
                    "سلام ", "👨‍👩‍👧", "/http 200 {}<Enter>", "/ai hello<Enter>", "/stop<Enter>", "/webhook<Enter>",
                ]).prop_map(|keys| Ok(keys.to_owned())),
            ],
            1..60,
        ),
    ) {
        let mut stage = stage("orders.yaml", 100, 30);
        for step in steps {
            match step {
                Ok(keys) => stage.keys(&keys),
                Err((width, height)) => stage.event(&Event::Resize(width, height)),
            };
        }
        // Whatever was done: taken back, it is the start.
        stage.event(&Event::Resize(100, 30)).keys("<Esc><Esc><Esc><Esc><C-c>/undo 100<Enter>");
        prop_assert_eq!(stage.rehearsal().acts().count(), 0);
    }
}

#[test]
fn hostile_answers_are_shown_and_never_obeyed() {
    let mut stage = stage("orders.yaml", 120, 40);
    stage.keys("7<Enter><Tab>");
    stage.event(&Event::Paste("{\"city\": \"\\u001b[2J\u{1b}]0;x\u{7}\u{202e}evil\"}".into()));
    stage.keys("<Enter><Enter>").keys("<Esc><C-x>").keys("<End>").keys("<Down><Down><Down><Enter>");
    let text = stage.text();
    assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
    assert!(text.contains("␛]0;x␇"), "{text}");
}

#[test]
fn what_is_on_is_always_said() {
    let live = Options { outside: Outside { http: true, ai: true, sheets: true }, ..Options::default() };
    for (width, height) in SIZES {
        let stage = Stage::new(rehearsal("orders.yaml"), &live, width, height);
        let text = stage.text();
        assert!(text.contains("HTTP live, AI live") || text.contains("network on"), "{width}: {text}");
        let stage = Stage::new(rehearsal("orders.yaml"), &Options::default(), width, height);
        assert!(!stage.text().contains("live") && !stage.text().contains("network on"), "{}", stage.text());
    }
}

#[test]
fn mocks_answer_at_once_and_are_named() {
    let yaml = "
version: 1
name: Mocked
mocks: { one: [{ error: timeout }], two: [{ status: 200, json: { id: 7 } }], helper: [{ say: Bye, outcome: success }] }
steps:
  - id: one
    http_request: { method: GET, url: https://a.example/1 }
  - id: two
    http_request: { method: GET, url: https://a.example/2 }
  - id: helper
    respond_with_ai: { objective: answer_questions }
";
    let text = Stage::new(rehearsal_of(yaml), &Options::default(), 120, 40).text();
    for seen in ["← no response: timeout  mock", "← 200 {\"id\":7}  mock", "✦ AI mock", "Bye", "✦ The AI is done  mock"]
    {
        assert!(text.contains(seen), "{seen}: {text}");
    }
}
