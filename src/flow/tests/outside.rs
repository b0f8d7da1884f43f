//! Steps that reach people and systems outside, and the mocks that answer for them.

use std::time::Duration;

use serde_json::json;

use super::super::model::{
    Action, AiObjective, AiOutcome, AssignLogic, AssignTarget, HttpBody, HttpMethod, JsonTemplate, Mock,
};
use super::super::{Step, Workspace};
use super::{clean, clean_steps, findings, rendered, step_findings, with_steps};
use insta::assert_snapshot;

fn action(step: &str) -> Action {
    clean_steps(step).steps.into_iter().next().unwrap().action
}

const DAY: Duration = Duration::from_hours(24);

#[test]
fn assignments_say_to_whom_and_how() {
    let of = |settings: &str| {
        let Action::AssignTo(assign) = action(&format!("- assign_to: {settings}")) else { panic!() };
        *assign
    };
    assert_eq!(of("nobody").to, AssignTarget::Nobody);
    assert!(matches!(of("{ user: ana }").to, AssignTarget::User(user) if user.value == "ana"));
    let team = of(
        "{ team: Sales, logic: least_open_contacts, only_online: true, max_open_contacts: 5, timeout_branch: [open_conversation] }",
    );
    assert!(matches!(team.to, AssignTarget::Team(name) if name.value == "Sales"));
    assert_eq!((team.logic, team.only_online), (AssignLogic::LeastOpenContacts, true));
    assert_eq!((team.max_open_contacts, team.timeout), (Some(5), 7 * DAY));
    assert_eq!(team.timeout_branch.unwrap().len(), 1);
    let all = of("{ workspace: true, timeout_branch: { after: 1 day } }");
    assert_eq!((all.to, all.logic, all.timeout), (AssignTarget::Workspace, AssignLogic::RoundRobin, DAY));
    assert_eq!(all.timeout_branch, Some(Vec::new()));
}

#[test]
fn assignments_that_mean_nothing_are_refused() {
    assert_snapshot!(step_findings("- assign_to: ana
- assign_to: { only_online: true }
- assign_to: { user: ana, team: Sales }
- assign_to: { user: ana, logic: round_robin, max_open_contacts: 3, timeout_branch: [] }
- assign_to: { team: Sales, logic: random, max_open_contacts: 0, timeout_branch: { after: 8 days } }
- assign_to: { workspace: false }
- assign_to:
- assign_to"), @"
    error unknown-word 1:14 ana
    error missing-key 2:3 assign_to
    error several-targets 3:27 team
    error setting-misfit 4:27 logic
    error setting-misfit 4:47 max_open_contacts
    error setting-misfit 4:69 timeout_branch
    error unknown-word 5:36 random
    error number-out-of-range 5:63 0
    error duration-too-long 5:91 8 days
    error wrong-type 6:27 false
    error missing-settings 7:3 assign_to
    error missing-settings 8:3 assign_to
    ");
}

#[test]
fn a_workflow_is_triggered_by_its_path_at_the_end_of_a_list() {
    let flow = clean_steps(
        "- branch: [{ when: { variable: v, exists: true }, steps: [{ trigger_workflow: a.yaml }] }, { else: continue }]
- trigger_workflow: { workflow: b.yaml, step: menu }",
    );
    let Action::TriggerWorkflow(trigger) = &flow.steps[1].action else { panic!() };
    assert_eq!(trigger.workflow.value, "b.yaml");
    assert_eq!(trigger.step.as_ref().unwrap().value, "menu");
    assert_snapshot!(rendered(&with_steps("- trigger_workflow: a.yaml\n- trigger_workflow: { step: menu }")), @"
    error[not-last]: the run moves to the other workflow here and never comes back to the steps below
     --> test.yaml:7:3
      |
    7 | - trigger_workflow: a.yaml
      |   ^^^^^^^^^^^^^^^^
    8 | - trigger_workflow: { step: menu }
      |   -------------------------------- never runs
      |
      = help: put the steps before `trigger_workflow`, or into the other workflow

    error[missing-key]: `trigger_workflow` needs `workflow`, which is missing
     --> test.yaml:8:3
      |
    8 | - trigger_workflow: { step: menu }
      |   ^^^^^^^^^^^^^^^^
      |
      = help: add `workflow:` with its value
    ");
}

#[test]
fn requests_say_what_goes_out_and_what_is_kept() {
    let flow = clean_steps(
        "- http_request:
    method: put
    url: https://example.com/orders/$order
    headers: { Authorization: Bearer $token, X-Trace: '1' }
    content_type: application/json
    body: { id: 7, big: 12345678901234567890123, code: 007, quoted: '7', ok: true, none: null, name: $contact.name, list: [1.5, a] }
    save_response: [{ path: $.order.id, variable: order }, { path: '$.items[0]', variable: item }]
    save_status: status
    failure_branch: [open_conversation]
- http_request: { url: $address }
- http_request: { url: http://localhost:8080, body: 'a=$a' }
- http_request: { url: https://example.com, body: [] }",
    );
    let requests: Vec<_> = flow
        .steps
        .iter()
        .map(|step| match &step.action {
            Action::HttpRequest(request) => request,
            _ => panic!(),
        })
        .collect();
    let first = requests[0];
    assert_eq!(first.method, HttpMethod::Put);
    assert_eq!(first.headers.len(), 2);
    assert_eq!(first.save_response[1].path.source(), "$.items[0]");
    assert_eq!(first.save_status.as_ref().unwrap().value, "status");
    assert_eq!(first.failure_branch.as_ref().unwrap().len(), 1);
    let Some(HttpBody::Json(JsonTemplate::Map(body))) = &first.body else { panic!() };
    let shown: Vec<String> = body
        .iter()
        .map(|(key, value)| match value {
            JsonTemplate::Fixed(json) => format!("{key}={json}"),
            JsonTemplate::Text(text) => format!("{key}=text {}", text.source()),
            JsonTemplate::List(list) => format!("{key}=list of {}", list.len()),
            JsonTemplate::Map(_) => panic!(),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "id=7",
            "big=12345678901234567890123",
            "code=text 007",
            "quoted=text 7",
            "ok=true",
            "none=null",
            "name=text $contact.name",
            "list=list of 2"
        ]
    );
    let methods: Vec<_> = requests.iter().map(|request| request.method).collect();
    assert_eq!(methods, [HttpMethod::Put, HttpMethod::Get, HttpMethod::Post, HttpMethod::Post]);
    assert!(matches!(&requests[2].body, Some(HttpBody::Text(text)) if text.source() == "a=$a"));
}

#[test]
fn requests_that_cannot_be_made_are_refused() {
    assert_snapshot!(step_findings("- http_request: { method: FETCH, url: example.com }
- http_request: { url: ftp://example.com }
- http_request: { url: 'https://' }
- http_request: { headers: { 'a b': c, Good: \"x\\ny\" } }
- http_request: { url: $u, save_response: [{ path: order.id, variable: 2x }, { variable: y }, { path: '$[', variable: $z }] }
- http_request: { url: $u, save_status: 'a b', content_type: , body: , failure_branch: { after: 1 day } }
- http_request: { url: $u, body: { [a]: 1 } }"), @r#"
    error unknown-word 1:27 FETCH
    error bad-url 1:39 example.com
    error bad-url 2:24 ftp://example.com
    error bad-url 3:24 'https://'
    error missing-key 4:3 http_request
    error bad-header 4:30 'a b'
    error bad-header 4:46 "x\ny"
    error bad-path 5:52 order.id
    error bad-name 5:72 2x
    error missing-key 5:80 variable
    error bad-path 5:103 '$['
    error bad-name 5:119 $z
    error bad-name 6:41 'a b'
    error missing-text 6:48 content_type
    error missing-text 6:64 body
    error unknown-key 6:90 after
    error needs-quotes 7:36 [a]
    "#);
    let many: String = (0..11).map(|number| format!("{{ path: $.a, variable: v{number} }},")).collect();
    assert_snapshot!(step_findings(&format!("- http_request: {{ url: $u, save_response: [{many}] }}")), @"error too-many-settings 1:324 { path: $.a, variable: v10 }");
    let many: String = (0..11).map(|number| format!("h{number}: x, ")).collect();
    assert_snapshot!(step_findings(&format!("- http_request: {{ url: $u, headers: {{ {many} }} }}")), @"error too-many-settings 1:109 h10");
    assert_snapshot!(rendered(&with_steps("- http_request: { url: www.example.com/x, save_response: [{ path: id, variable: v }] }")), @"
    error[bad-url]: `www.example.com/x` is no address of the web
     --> test.yaml:7:24
      |
    7 | - http_request: { url: www.example.com/x, save_response: [{ path: id, variable: v }] }
      |                        ^^^^^^^^^^^^^^^^^
      |
      = help: write it in full: https://www.example.com/x

    error[bad-path]: `id` is no path into JSON: a path starts with `$`
     --> test.yaml:7:67
      |
    7 | - http_request: { url: www.example.com/x, save_response: [{ path: id, variable: v }] }
      |                                                                   ^^
      |
      = help: write `$.id`
    ");
    let deep = format!("- http_request: {{ url: $u, body: {}1{} }}", "[".repeat(101), "]".repeat(101));
    assert!(step_findings(&deep).starts_with("error json-too-deep 1:"));
}

#[test]
fn a_path_of_many_brackets_does_no_harm() {
    let paths = [
        "$[?".to_owned() + &"(".repeat(190),
        "$".to_owned() + &"[?!".repeat(60),
        "$".to_owned() + &"[?@".repeat(60),
        "$[?".to_owned() + &"length(".repeat(27),
        "$[?".to_owned() + &"(@.a && ".repeat(24),
        "$".repeat(100_000),
    ];
    for path in paths {
        let found = step_findings(&format!(
            "- http_request: {{ url: $u, save_response: [{{ path: '{path}', variable: v }}] }}"
        ));
        assert!(found.starts_with("error bad-path"), "{found}");
    }
}

#[test]
fn rows_have_cells() {
    let Action::AddGoogleSheetsRow(row) =
        action("- add_google_sheets_row: { spreadsheet: Leads, sheet: 2026, row: { Name: $contact.name, Notes: '' } }")
    else {
        panic!()
    };
    assert_eq!((row.spreadsheet.source(), row.sheet.source()), ("Leads", "2026"));
    assert_eq!(row.row.iter().map(|(column, _)| column.as_str()).collect::<Vec<_>>(), ["Name", "Notes"]);
    assert_snapshot!(step_findings("- add_google_sheets_row: { sheet: A, row: {} }
- add_google_sheets_row: { spreadsheet: A, sheet: B }
- add_google_sheets_row: { spreadsheet: A, sheet: B, row: { Name: } }
- add_google_sheets_row: { spreadsheet: A, sheet: B, row: [Name] }"), @"
    error missing-key 1:3 add_google_sheets_row
    error empty-list 1:43 {}
    error missing-key 2:3 add_google_sheets_row
    error missing-text 3:61 Name
    error wrong-type 4:59 [Name]
    ");
}

#[test]
fn an_ai_has_an_objective_and_ways_out() {
    let Action::RespondWithAi(ai) = action(
        "- respond_with_ai:
    objective: collect_information
    instructions: Be kind to $contact.firstname
    knowledge: [Price list]
    collect: [{ variable: budget, description: how much }, { variable: size }]
    failure_branch: []
    idle_branch: { after: 1 day, steps: [open_conversation] }
    speak_to_human_branch: [{ assign_to: nobody }]",
    ) else {
        panic!()
    };
    assert_eq!((ai.objective, ai.idle), (AiObjective::CollectInformation, DAY));
    assert_eq!(ai.collect.iter().map(|one| one.variable.value.as_str()).collect::<Vec<_>>(), ["budget", "size"]);
    // Steps are numbered in the order they are written, not in that of the model.
    let id = |side: &Option<Vec<Step>>| side.as_ref().and_then(|steps| Some(steps.first()?.id.clone()));
    assert_eq!(id(&ai.idle_branch).as_deref(), Some("step_2"));
    assert_eq!(id(&ai.speak_to_human_branch).as_deref(), Some("step_3"));
    assert_eq!((ai.failure_branch, ai.unable_branch), (Some(Vec::new()), None));
    let Action::RespondWithAi(ai) = action("- respond_with_ai: { objective: answer_questions, idle_branch: [] }")
    else {
        panic!()
    };
    assert_eq!(ai.idle, 7 * DAY);
    assert_snapshot!(step_findings("- respond_with_ai: {}
- respond_with_ai: { objective: chat }
- respond_with_ai: { objective: collect_information }
- respond_with_ai: { objective: collect_information, collect: [] }
- respond_with_ai: { objective: answer_questions, collect: [{ variable: x }] }
- respond_with_ai: { objective: answer_questions, idle_branch: { after: 2 weeks }, unable: [] }
- respond_with_ai: { objective: collect_information, collect: [budget, { description: x }] }"), @"
    error missing-key 1:3 respond_with_ai
    error unknown-word 2:33 chat
    error missing-key 3:3 respond_with_ai
    error empty-list 4:63 []
    error setting-misfit 5:51 collect
    error duration-too-long 6:73 2 weeks
    error unknown-key 6:84 unable
    error wrong-type 7:64 budget
    error missing-key 7:74 description
    ");
}

#[test]
fn steps_nobody_knows_are_kept() {
    let Action::Unknown(step) = action("- unknown_step: { type: snooze, data: { for: 1, at: [a, '2', null, false] } }")
    else {
        panic!()
    };
    assert_eq!(step.kind, "snooze");
    assert_eq!(step.data, json!({ "for": 1, "at": ["a", "2", null, false] }));
    assert_snapshot!(step_findings("- unknown_step: snooze\n- unknown_step: { data: 1 }\n- unknwon_step: x"), @"
    error wrong-type 1:17 snooze
    error missing-key 2:3 unknown_step
    error unknown-step 3:3 unknwon_step
    ");
}

const MOCKED: &str = "version: 1
name: Test
steps:
- { id: ask, http_request: { url: $u } }
- { id: chat, respond_with_ai: { objective: collect_information, collect: [{ variable: budget, description: b }] } }
";

#[test]
fn mocks_answer_for_steps() {
    let flow = clean(&format!(
        "{MOCKED}mocks:
  ask: [{{ status: 201, json: {{ id: 7, name: '7' }} }}, {{ body: plain }}, {{ status: 503 }}, {{ json: null }}, {{ error: timeout }}]
  chat: [{{ say: Hello }}, {{ outcome: success, collected: {{ budget: 500 }} }}]
"
    ));
    assert_eq!(flow.mocks.len(), 2);
    assert_eq!(
        flow.mocks[0].answers,
        [
            Mock::Http { status: 201, body: r#"{"id":7,"name":"7"}"#.into() },
            Mock::Http { status: 200, body: "plain".into() },
            Mock::Http { status: 503, body: String::new() },
            Mock::Http { status: 200, body: "null".into() },
            Mock::Error("timeout".into()),
        ]
    );
    assert_eq!(
        flow.mocks[1].answers,
        [
            Mock::Ai { say: "Hello".into(), outcome: None, collected: vec![] },
            Mock::Ai {
                say: String::new(),
                outcome: Some(AiOutcome::Success),
                collected: vec![("budget".into(), "500".into())]
            },
        ]
    );
    assert_snapshot!(findings(&format!("{MOCKED}mocks:
  aks: []
  ask: [{{}}, {{ error: tiemout }}, {{ status: 200, error: dns }}, {{ json: 1, body: x }}, {{ status: 20, jsn: 1 }}]
  chat: [{{ say: }}, {{ outcome: good }}, {{ collected: {{ 'a b': 1 }} }}]
")), @"
    error unknown-step-id 7:3 aks
    error empty-list 7:8 []
    error missing-key 8:9 {}
    error unknown-word 8:22 tiemout
    error several-contents 8:48 error
    error several-contents 8:73 body
    error number-out-of-range 8:94 20
    error unknown-key 8:98 jsn
    error missing-text 9:12 say
    error unknown-word 9:31 good
    error bad-name 9:54 'a b'
    ");
}

#[test]
fn a_workspace_knows_workflows_mocks_and_ids_of_the_platform() {
    let text = "version: 1
name: Test
respondio: { id: 12, nodes: [{ x: 1.5 }] }
workspace:
  channels: [{ id: wa, type: whatsapp, respondio: { id: 1 } }]
  contact_fields: [{ id: city, type: text, respondio: { id: c-1 } }]
  tags: [vip, { name: lead, respondio: { id: 5 } }]
  users: [{ id: ana, name: Ana, respondio: { id: 6 } }]
  teams: { Sales: [ana], Support: { users: [ana], respondio: { id: 7 } }, Empty: { } }
  workflows: [{ name: Survey, id: 77, file: survey.yaml }, { name: Old one, external: true, respondio: { id: 8 } }]
  mocks: { crm.yaml#lookup: { status: 200 } }
steps: [{ assign_to: { team: Support } }]
";
    let flow = clean(text);
    assert_eq!(flow.respondio, Some(json!({ "id": 12, "nodes": [{ "x": 1.5 }] })));
    let Workspace { tags, teams, workflows, mocks, native, .. } = flow.workspace;
    assert_eq!(tags.unwrap(), ["vip", "lead"]);
    assert_eq!(teams.unwrap()[1], ("Support".to_owned(), vec!["ana".to_owned()]));
    assert_eq!((workflows[0].id.as_deref(), workflows[0].file.as_deref()), (Some("77"), Some("survey.yaml")));
    assert_eq!((workflows[1].name.as_str(), workflows[1].file.as_deref()), ("Old one", None));
    assert_eq!(mocks[0].step.value, "crm.yaml#lookup");
    let ids = [&native.channels, &native.fields, &native.tags, &native.users, &native.teams, &native.workflows];
    let shown: Vec<String> = ids.into_iter().flatten().map(|(name, id)| format!("{name} {id}")).collect();
    assert_eq!(shown, ["wa 1", "city \"c-1\"", "lead 5", "ana 6", "Support 7", "Old one 8"]);
    assert_snapshot!(findings("version: 1
name: Test
respondio: 12
workspace:
  tags: [{ respondio: { id: 5 } }, { name: x, respondio: {} }]
  teams: { Sales: { user: ana } }
  workflows: [{ name: A }, { name: B, file: b.yaml, external: true }, { name: A, external: true }]
  mocks: { lookup: [{ status: 200 }] }
steps: [open_conversation]
"), @"
    error wrong-type 3:12 12
    error missing-key 5:12 respondio
    error missing-key 5:47 respondio
    error unknown-key 6:21 user
    error missing-key 7:17 name
    error setting-misfit 7:53 external
    error repeated-id 7:79 A
    error bad-mock 8:12 lookup
    ");
}

#[test]
fn steps_nest_in_every_side_branch_as_deep_as_yaml_goes() {
    for step in [
        "ask_question: { text: A, type: text, timeout_branch: ",
        "assign_to: { team: A, timeout_branch: ",
        "http_request: { url: $u, failure_branch: ",
        "respond_with_ai: { objective: answer_questions, idle_branch: ",
    ] {
        let nested =
            |count: usize| format!("- {{ {}wait: 1h{} }}", format!("{step}[{{ ").repeat(count), " }] }".repeat(count));
        // The longest waits one below the other are late on WhatsApp, which is not what is looked at here.
        clean(&with_steps(&nested(99)).replace("{ id: wa, type: whatsapp }, ", ""));
        assert!(step_findings(&nested(300)).starts_with("error too-many-steps"), "{step}");
    }
}
