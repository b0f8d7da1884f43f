//! Steps, messages, jumps, comments, clocks.

use super::super::model::{Action, Content, Hours};
use super::{clean_steps, rendered, step_findings, with_steps};
use insta::assert_snapshot;

#[test]
fn r43_every_step_of_this_version_loads() {
    let flow = clean_steps(
        "- send_message: Hi
- id: q
  name: Ask
  note: a remark
  ask_question: { text: Name?, type: text }
- update_contact_tag: { add: vip, remove: [a, b] }
- update_contact_field: { field: city, value: Amman }
- update_contact_field: { field: city, value: null }
- open_conversation
- open_conversation: {}
- close_conversation
- close_conversation: { category: Solved, summary: 'Saw $contact.name' }
- add_comment: Please look, @ana
- jump_to: q
- jump_to: { step: q, max_jumps: 1 }
- wait: 4h
- date_time: { business_hours: { mon: [09:00-13:00, 14:00-18:00], tue-fri: 09:00-17:00, sat-sun: 22:00-24:00 } }
- date_time: { range: { from: 2026-01-05, to: 2026-01-09 17:00, timezone: Asia/Amman }, failure_branch: [] }
- update_lifecycle: Customer
- update_lifecycle: null
- branch:
    - { name: A, note: why, when: { tags: { has_any_of: vip } }, steps: [open_conversation] }
    - else: continue
- send_message: Bye",
    );
    let keys: Vec<_> = flow.steps.iter().map(|step| step.action.key()).collect();
    assert_eq!(keys.len(), 19);
    let Action::AddComment { mentions, .. } = &flow.steps[9].action else { panic!() };
    assert_eq!(mentions, &["ana"]);
    let Action::DateTime(clock) = &flow.steps[13].action else { panic!() };
    let Hours::Business(hours) = &clock.hours else { panic!() };
    assert_eq!(hours.len(), 2 + 4 + 2);
    assert!(matches!(flow.steps[11].action, Action::JumpTo { max_jumps: 1, .. }));
    assert!(matches!(flow.steps[10].action, Action::JumpTo { max_jumps: 10, .. }));
}

#[test]
fn unknown_steps_and_keys_are_refused_with_what_was_meant() {
    assert_snapshot!(rendered(&with_steps("- send_mesage: Hi\n- send_message: { text: Hi, chanel: wa }")), @"
    error[unknown-step]: there is no step called `send_mesage`
     --> test.yaml:7:3
      |
    7 | - send_mesage: Hi
      |   ^^^^^^^^^^^
      |
      = help: did you mean `send_message`? possible here: `send_message`, `ask_question`, `assign_to`, `branch`, `update_contact_tag`, `update_contact_field`, `open_conversation`, `close_conversation`, `add_comment`, `jump_to`, `wait`, `trigger_workflow`, `date_time`, `http_request`, `add_google_sheets_row`, `respond_with_ai`, `update_lifecycle`

    error[unknown-key]: `send_message` does not know the key `chanel`
     --> test.yaml:8:29
      |
    8 | - send_message: { text: Hi, chanel: wa }
      |                             ^^^^^^
      |
      = help: did you mean `channel`? possible here: `text`, `attachment`, `template`, `channel`, `per_channel`, `failure_branch`
    ");
}

#[test]
fn a_step_has_exactly_one_action() {
    assert_snapshot!(step_findings("- send_message: Hi\n  wait: 4h\n- name: Nothing\n-\n- add_comment\n- continue\n- [wait]"), @"
    error several-actions 2:3 wait
    error no-action 3:3 name
    error no-action 4:2 
    error missing-settings 5:3 add_comment
    error unknown-step 6:3 continue
    error wrong-type 7:3 [wait]
    ");
}

#[test]
fn traps_of_yaml_are_answered_with_quotes() {
    assert_snapshot!(rendered(&with_steps(
        "- send_message: { text: Hello, world }
- ask_question: { text: Which?, type: multiple_choice, options: [Note: x] }
- send_message: { Note: x }
- send_message: null
- send_message: ''
- send_message: [Hi]"
    )), @r#"
    error[needs-quotes]: the comma ends this text: inside `{…}` it starts the next entry
     --> test.yaml:7:25
      |
    7 | - send_message: { text: Hello, world }
      |                         ^^^^^^^^^^^^
      |
      = help: put the text in quotes: "Hello, world"

    error[wrong-type]: an option must be one text, but this is a mapping
     --> test.yaml:8:66
      |
    8 | - ask_question: { text: Which?, type: multiple_choice, options: [Note: x] }
      |                                                                  ^^^^^^^
      |
      = help: if this is meant as one text, put it in quotes: "Note: x"

    error[wrong-type]: `send_message` must be one text, but this is a mapping
     --> test.yaml:9:17
      |
    9 | - send_message: { Note: x }
      |                 ^^^^^^^^^^^
      |
      = help: if this is meant as one text, put it in quotes: "Note: x"

    error[missing-settings]: `send_message` needs to be told what to do, but nothing follows it
      --> test.yaml:10:3
       |
    10 | - send_message: null
       |   ^^^^^^^^^^^^
       |
       = help: write it like this: send_message: Hello!

    error[empty-text]: `send_message` is empty
      --> test.yaml:11:17
       |
    11 | - send_message: ''
       |                 ^^
       |
       = help: write a text, or leave the key out

    error[wrong-type]: `send_message` must be one text, but this is a list
      --> test.yaml:12:17
       |
    12 | - send_message: [Hi]
       |                 ^^^^
       |
       = help: write one text. If the text itself starts with `[` or `-`, put it in quotes
    "#);
}

#[test]
fn ids_are_unique_well_formed_and_not_reserved() {
    assert_snapshot!(step_findings("- { id: a, wait: 1h }\n- { id: a, wait: 1h }\n- { id: 1a, wait: 1h }\n- { id: step_3, wait: 1h }\n- { id: step_x, wait: 1h }"), @"
    error repeated-id 2:9 a
    error bad-id 3:9 1a
    error reserved-id 4:9 step_3
    ");
}

#[test]
fn jumps_go_to_steps_that_exist_and_at_most_ten_times() {
    assert_snapshot!(rendered(&with_steps("- { id: ask_email, wait: 1h }\n- jump_to: ask_emial\n- jump_to: { step: ask_email, max_jumps: 11 }")), @"
    error[unknown-step-id]: there is no step with the id `ask_emial`
     --> test.yaml:8:12
      |
    8 | - jump_to: ask_emial
      |            ^^^^^^^^^
      |
      = help: did you mean `ask_email`?

    error[number-out-of-range]: `max_jumps` must be a whole number from 1 to 10, not `11`
     --> test.yaml:9:42
      |
    9 | - jump_to: { step: ask_email, max_jumps: 11 }
      |                                          ^^
      |
      = help: write a number from 1 to 10
    ");
    assert_snapshot!(step_findings("- jump_to: step_1\n- jump_to: { step: step_1, max_jumps: 0 }"), @"
    error unknown-step-id 1:12 step_1
    error unknown-step-id 2:20 step_1
    error number-out-of-range 2:39 0
    ");
}

#[test]
fn arms_do_not_merge() {
    assert_snapshot!(rendered(&with_steps("- branch: [{ name: A, when: { tags: { exists: true } } }]\n- send_message: Hi")), @"
    error[arms-do-not-merge]: this branch has steps below it, but its arms do not merge: they never run
     --> test.yaml:7:3
      |
    7 | - branch: [{ name: A, when: { tags: { exists: true } } }]
      |   ^^^^^^
    8 | - send_message: Hi
      |   ------------ never runs
      |
      = help: to run them when no arm holds, end the branch with `- else: continue`. To run them after an arm too, give the step an id and end that arm with `jump_to`
    ");
    assert_eq!(step_findings("- branch: [{ when: { tags: { exists: true } } }, { else: continue }]\n- wait: 1h"), "");
    assert_snapshot!(step_findings("- branch: [{ when: { tags: { exists: true } } }, { else: continue }]"), @"warning idle-else-continue 1:3 branch");
}

#[test]
fn branches_have_arms_and_one_else() {
    assert_snapshot!(step_findings(
        "- branch: []
- branch: [{ else: [] }, { else: [wait: 1h] }]
- branch: [{ else: contiune }]
- branch: [{ name: A }, { else: [continue] }, { when: { tags: { exists: true } }, step: [] }]"
    ), @"
    error no-arms 1:11 []
    error arms-do-not-merge 2:3 branch
    error repeated-else 2:28 else
    warning idle-else-continue 3:3 branch
    error unknown-word 3:20 contiune
    error missing-key 4:14 name
    error unknown-step 4:34 continue
    error unknown-key 4:83 step
    ");
}

#[test]
fn messages_have_one_content_and_known_channels() {
    assert_snapshot!(step_findings(
        "- send_message: { channel: wa }
- send_message: { text: A, attachment: { kind: image, url: 'https://example.com' } }
- send_message: { text: A, channel: whatsapp }
- send_message: { text: A, per_channel: { web: B, whatsapp: C, wab: D } }
- send_message: { attachment: { kind: picture } }
- send_message: { template: { body: 'Hi {{1}} {{2}}', name: hello, parameters: [A] } }
- send_message: { text: Hi $system.weather and $assignee.name }"
    ), @"
    error missing-key 1:3 send_message
    error several-contents 2:28 attachment
    error unknown-channel 3:37 whatsapp
    error unknown-channel 4:64 wab
    error missing-key 5:19 attachment
    error unknown-word 5:39 picture
    warning missing-parameter 6:37 'Hi {{1}} {{2}}'
    warning unknown-variable 7:28 $system.weather
    ");
    let flow = clean_steps(
        "- send_message: { text: A, channel: wa, per_channel: { web: B, sms: { text: C } }, failure_branch: [] }",
    );
    let Action::SendMessage(message) = &flow.steps[0].action else { panic!() };
    assert!(matches!(&message.per_channel[1].1, Content::Text(text) if text.source() == "C"));
    assert_eq!(message.failure_branch, Some(Vec::new()));
}

#[test]
fn clocks_are_checked() {
    assert_snapshot!(step_findings(
        "- date_time: {}
- date_time: { business_hours: { mon: 09:00-09:00, tuesday: 09:00-17:00, wed: 9-17, thu: , fri: 25:00-26:00, timezone: Amman } }
- date_time: { range: { from: 2026-01-09, to: 2026-01-05 } }
- date_time: { range: { from: tomorrow } }
- date_time: { business_hours: { timezone: UTC } }
- wait: 8 days
- wait: 0m
- wait: { value: 4, unit: hours }"
    ), @"
    error missing-key 1:3 date_time
    error bad-hours 2:39 09:00-09:00
    error unknown-day 2:52 tuesday
    error bad-hours 2:79 9-17
    error missing-text 2:85 thu
    error bad-hours 2:97 25:00-26:00
    error unknown-timezone 2:120 Amman
    error range-backwards 3:31 2026-01-09
    error missing-key 4:16 range
    error bad-date 4:31 tomorrow
    error no-hours 5:16 business_hours
    error duration-too-long 6:9 8 days
    error zero-duration 7:9 0m
    error wrong-type 8:9 { value: 4, unit: hours }
    ");
}

#[test]
fn small_steps_say_what_they_need() {
    assert_snapshot!(step_findings(
        "- update_contact_tag: {}
- update_contact_field: { field: city }
- update_contact_field: { field: city, value: '' }
- close_conversation: { reason: Solved }
- open_conversation: now
- add_comment: ~
- jump_to: [a]"
    ), @"
    error missing-key 1:3 update_contact_tag
    error missing-key 2:3 update_contact_field
    error empty-text 3:47 ''
    error unknown-key 4:25 reason
    error wrong-type 5:22 now
    error missing-settings 6:3 add_comment
    error wrong-type 7:12 [a]
    ");
}

#[test]
fn settings_at_the_wrong_depth_are_told_as_such() {
    assert_snapshot!(step_findings("- ask_question:\n  text: Name?\n  type: text"), @"error missing-settings 1:3 ask_question");
    assert_snapshot!(
        step_findings("- send_message: { text: A, failure_branch: { send_mesage: Hi } }"),
        @"error unknown-step 1:46 send_mesage"
    );
}

#[test]
fn steps_below_a_branch_with_mistakes_are_told_too() {
    let text =
        "version: 1\nname: X\nsteps:\n  - branch:\n      - when: { field: city, exists: false }\n  - wait: 1 hour\n";
    let loaded = crate::flow::load::load_text("x.yaml", text);
    let ids: Vec<&str> = loaded.diagnostics.iter().map(|finding| finding.id).collect();
    assert_eq!(ids, ["arms-do-not-merge", "exists-false"]);
}
