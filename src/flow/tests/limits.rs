//! Limits of the product, and no limits of the reader.

use super::{clean, clean_steps, findings, rendered, step_findings, with_steps};
use insta::assert_snapshot;

fn nested(depth: usize) -> String {
    let level = |level: usize| {
        let i = " ".repeat(level * 4);
        format!("{i}- ask_question:\n{i}    text: a\n{i}    type: text\n{i}    failure_branch:\n")
    };
    with_steps(&(0..depth).map(level).collect::<String>())
}

#[test]
fn a_hundred_steps_nested_in_one_another_load() {
    let flow = clean(&nested(100));
    assert_eq!(flow.steps.len(), 1);
    let branches: String = (0..99)
        .map(|level| {
            let i = " ".repeat(level * 4);
            format!("{i}- branch:\n{i}  - else:\n")
        })
        .collect();
    clean_steps(&(branches + &" ".repeat(99 * 4) + "- open_conversation"));
}

#[test]
fn more_than_a_hundred_steps_are_refused() {
    clean_steps(&"- open_conversation\n".repeat(100));
    assert_snapshot!(step_findings(&"- open_conversation\n".repeat(102)), @"error too-many-steps 101:3 open_conversation");
    assert!(findings(&nested(101)).starts_with("error too-many-steps"));
}

#[test]
fn more_than_nine_arms_are_refused() {
    let arm = |place: usize| format!("{{ when: {{ variable: v{place}, exists: true }} }}");
    let arms = |count: usize| (0..count).map(arm).collect::<Vec<_>>().join(", ");
    clean_steps(&format!("- branch: [{}, {{ else: [] }}]", arms(9)));
    assert!(step_findings(&format!("- branch: [{}]", arms(10))).starts_with("error too-many-arms 1:390"));
}

#[test]
fn texts_hold_2000_characters() {
    clean_steps(&format!("- send_message: {}", "👍🏽".repeat(2000)));
    assert!(step_findings(&format!("- send_message: {}", "a".repeat(2001))).starts_with("error text-too-long 1:17"));
    let question = format!("- ask_question: {{ type: text, text: {} }}", "a".repeat(2001));
    assert!(step_findings(&question).starts_with("error text-too-long 1:37"));
}

#[test]
fn a_flow_says_its_version_name_and_steps() {
    assert_snapshot!(findings("version: 2\nname:\nstep: []\n"), @"
    error missing-key 1:1 version
    error unknown-version 1:10 2
    error missing-text 2:1 name
    error unknown-key 3:1 step
    ");
    assert_snapshot!(findings("version: \"1\"\nname: A\nsteps: []\n"), @"error no-steps 3:8 []");
    assert_snapshot!(findings("- a\n- b\n"), @"error wrong-type 1:1 - a");
}

#[test]
fn triggers_and_settings_are_checked() {
    let top = |lines: &str| findings(&format!("version: 1\nname: A\nsteps: [open_conversation]\n{lines}"));
    for good in [
        "trigger: manual",
        "trigger: conversation_opened",
        "trigger: { conversation_opened: { source: contact, when: { variable: v, exists: true } } }",
        "settings: { stop_on: [incoming_message, agent_message, manual_assignment] }",
        "mocks: { }",
        "contact: { firstname: Ana, last_incoming: never }",
    ] {
        assert_eq!(top(good), "", "{good}");
    }
    assert_snapshot!(top("trigger: conversation_open"), @"error unknown-trigger 4:10 conversation_open");
    assert_snapshot!(top("trigger: { conversation_opened: { once: true, source: [customer] } }"), @"
    error unknown-key 4:35 once
    error unknown-word 4:56 customer
    ");
    assert_snapshot!(top("trigger: { manual: , conversation_opened: }"), @"error several-triggers 4:22 conversation_opened");
    assert_snapshot!(top("settings: { stop_on: [agent_mesage] }"), @"error unknown-word 4:23 agent_mesage");
    assert_snapshot!(top("mocks: { lookup: [{ status: 99 }] }"), @"
    error unknown-step-id 4:10 lookup
    error number-out-of-range 4:29 99
    ");
}

#[test]
fn many_errors_are_told_in_one_pass_with_arabic_and_emoji_on_their_lines() {
    assert_snapshot!(rendered(&with_steps(
        "- send_mesage: أهلاً وسهلاً 🎉
- ask_question: { text: ما اسمك؟ 🙂, type: txt }
- send_message: { text: مرحبا 🎉, chanel: wa }
- { id: مرحبا, wait: ٣ days }
- jump_to: ask 🚀"
    )), @"
    error[unknown-step]: there is no step called `send_mesage`
     --> test.yaml:7:3
      |
    7 | - send_mesage: أهلاً وسهلاً 🎉
      |   ^^^^^^^^^^^
      |
      = help: did you mean `send_message`? possible here: `send_message`, `ask_question`, `assign_to`, `branch`, `update_contact_tag`, `update_contact_field`, `open_conversation`, `close_conversation`, `add_comment`, `jump_to`, `wait`, `trigger_workflow`, `date_time`, `http_request`, `add_google_sheets_row`, `respond_with_ai`, `update_lifecycle`

    error[unknown-word]: `txt` is not a value for `type`
     --> test.yaml:8:43
      |
    8 | - ask_question: { text: ما اسمك؟ 🙂, type: txt }
      |                                            ^^^
      |
      = help: did you mean `text`? possible here: `text`, `multiple_choice`, `number`, `date`, `phone`, `email`, `url`, `rating`, `location`

    error[unknown-key]: `send_message` does not know the key `chanel`
     --> test.yaml:9:34
      |
    9 | - send_message: { text: مرحبا 🎉, chanel: wa }
      |                                   ^^^^^^
      |
      = help: did you mean `channel`? possible here: `text`, `attachment`, `template`, `channel`, `per_channel`, `failure_branch`

    error[bad-id]: `مرحبا` cannot be an id
      --> test.yaml:10:9
       |
    10 | - { id: مرحبا, wait: ٣ days }
       |         ^^^^^
       |
       = help: an id starts with a letter or an underscore, then letters, digits, `_` and `-`: ask_email

    error[bad-duration]: `٣ days` is not a duration: it takes whole numbers with their units
      --> test.yaml:10:22
       |
    10 | - { id: مرحبا, wait: ٣ days }
       |                      ^^^^^^
       |
       = help: write a duration such as 10 minutes, 4h or 1 day 12h

    error[unknown-step-id]: there is no step with the id `ask 🚀`
      --> test.yaml:11:12
       |
    11 | - jump_to: ask 🚀
       |            ^^^^^^
       |
       = help: give the step that is meant an `id:` and name it here
    ");
}

#[test]
fn a_huge_file_full_of_mistakes_is_answered_soon() {
    let steps: String = (0..20_000).map(|i| format!("- {{ id: s{i}, jump_to: t{i} }}\n")).collect();
    let loaded = super::loaded(&with_steps(&steps));
    assert!(loaded.flow.is_none());
    assert_eq!(loaded.diagnostics.len(), 1_000);
}
