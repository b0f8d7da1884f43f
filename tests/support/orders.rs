//! Flows that reach outside the conversation, for the tests of the screen.

use std::sync::Arc;

use rehearsal::engine::Program;
use rehearsal::flow::link::load_project;
use rehearsal::flow::load::LoadOptions;
use rehearsal::rehearsal::{Rehearsal, instant};

const WORKSPACE: &str = "
version: 1
timezone: Asia/Amman
users:
  - { id: ana@example.com, name: Ana Haddad, online: false, open_contacts: 2 }
  - { id: ben@example.com, name: Ben Weiss, open_contacts: 5 }
  - { id: sara@example.com, name: سارة الخطيب, online: false }
  - { id: leo@example.com, name: Leo Park }
teams:
  Sales: [ana@example.com, ben@example.com, sara@example.com]
workflows:
  - { name: Newsletter, external: true }
";

pub const ORDERS: &str = r#"
version: 1
name: Order help
workspace: workspace.yaml
steps:
  - id: order
    ask_question: { text: "What is your order number?", type: number, save_as: { variable: order } }
  - id: crm
    name: Ask the CRM
    http_request:
      method: POST
      url: "https://crm.example/orders/$order"
      headers: { X-Key: abc }
      body: { order: "$order" }
      save_response: [{ path: $.city, variable: city }]
      save_status: status
      failure_branch: [{ send_message: "Our system is down." }, { jump_to: order }]
  - add_google_sheets_row: { spreadsheet: CRM, sheet: Leads, row: { order: "$order", city: "$city", "ملاحظة": "طلب جديد 😀" } }
  - add_comment: "Order $order is urgent, @leo@example.com. العميل ينتظر"
  - id: helper
    respond_with_ai:
      objective: collect_information
      instructions: Find out what is wrong.
      collect: [{ variable: problem, description: what is wrong }]
      speak_to_human_branch:
        - assign_to: { team: Sales, only_online: true, max_open_contacts: 3 }
        - { jump_to: order }
  - branch:
      - when: { variable: order, is_greater_than: 100 }
        steps: [{ trigger_workflow: survey.yaml }]
      - else: [{ name: Tell them the news, trigger_workflow: Newsletter }]
"#;

const SURVEY: &str = "
version: 1
name: Survey
workspace: workspace.yaml
trigger: { shortcut: { form: { reason: text, score: number, urgent: checkbox } } }
steps:
  - ask_question: { text: How many stars?, type: rating, save_as: { variable: stars } }
  - add_google_sheets_row: { spreadsheet: CRM, sheet: Scores, row: { stars: $stars, reason: $reason } }
";

/// A rehearsal of one of the flows above, with those it reaches.
pub fn rehearsal(flow: &str) -> Rehearsal {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("workspace.yaml", WORKSPACE), ("orders.yaml", ORDERS), ("survey.yaml", SURVEY)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    start(&folder.path().join(flow))
}

pub fn start(path: &std::path::Path) -> Rehearsal {
    let loaded = load_project(path, &LoadOptions::default()).unwrap();
    assert!(loaded.project.is_some(), "{:?}", loaded.diagnostics);
    let project = loaded.project.unwrap();
    let program = Arc::new(Program::compile(&project).unwrap());
    let at = instant::parse("2026-01-05T09:00", program.zone(), None).unwrap();
    Rehearsal::start(&program, program.default_contact().clone(), at)
}

/// A flow on its own.
pub fn rehearsal_of(yaml: &str) -> Rehearsal {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.yaml");
    std::fs::write(&path, yaml).unwrap();
    start(&path)
}
