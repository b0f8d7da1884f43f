//! The samples of the contract load without a finding.

use super::super::model::{Action, ContactChoice, Otherwise, TriggerOn};
use super::super::{LoadOptions, check_file, load, load_contact, load_workspace};
use super::{clean, short};
use std::fs;
use std::time::Duration;

pub(in super::super) const FLOW: &str = r#"version: 1                        # required; the only version there is ("1" is accepted)
name: Consent and details         # required
description: Ask permission, then collect e-mail and phone.
workspace: workspace.yaml         # optional: path relative to this file, or the mapping itself
contact: ana                      # optional: a contact of the workspace, or a contact mapping
trigger: conversation_opened      # optional, default `manual`; or a mapping, see Triggers
settings:
  stop_on: [agent_message]        # exit conditions: incoming_message, agent_message, manual_assignment
steps:                            # required, 1..=100 steps counting nested ones
  - id: consent                   # optional, unique in the file; needed to be jumped to or mocked
    name: Ask for consent         # optional; what people read in the outline and the trace
    ask_question:
      text: Hi $contact.firstname, may we keep your details so we can help you?
      type: multiple_choice
      options: ["Yes, I agree", No]
      save_as: { field: consent, variable: consent, tag: true }
      timeout_branch:
        after: 1 day
        steps:
          - send_message: No rush, write to us whenever you are ready.
      failure_branch:
        - send_message: Please pick one of the two.
        - jump_to: consent
  - branch:
      - name: Agreed
        when: { variable: consent, is_equal_to: "Yes, I agree" }
        steps:
          - ask_question: { text: Your e-mail, type: email, save_as: { field: email } }
      - else:
          - close_conversation: { category: No consent }
"#;

pub(in super::super) const WORKSPACE: &str = r#"version: 1
timezone: Asia/Amman
channels:                         # what the contact can be reached on
  - { id: wa, type: whatsapp, name: Main number }
  - { id: web, type: web_chat }
contact_fields:
  - { id: consent, type: list, options: ["Yes, I agree", No] }   # text list checkbox email number url date time phone
  - { id: city, type: text }
tags: [vip, lead]
users: [{ id: ana@example.com, name: Ana, online: true, open_contacts: 3 }]
teams: { Sales: [ana@example.com], Support: [] }
lifecycle: [New lead, Hot lead, Customer]
closing_categories: [No consent, Solved]
contacts:
  ana: { firstname: Ana, lastname: Haddad, phone: +962790000000, channels: [wa], last_channel: wa, tags: [lead], fields: {city: Amman} }
mocks:                            # answers of the outside world, used in order; the last repeats. Here by file#step,
  crm.yaml#lookup: [{ status: 200, json: { id: 7 } }, { status: 503 }, { error: timeout }]   # in a flow's or scenario's own `mocks` by step
"#;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_contracts_flow_and_workspace_load_without_a_finding() {
    let folder = folder(&[("flow.yaml", FLOW), ("workspace.yaml", WORKSPACE)]);
    let mut loaded = load(&folder.path().join("flow.yaml"), &LoadOptions::default()).unwrap();
    crate::lint::lint(&mut loaded);
    // The contract's example says good bye after a whole day, which WhatsApp no longer takes.
    assert_eq!(short(&loaded), "warning text-after-window 20:13 send_message\n");
    let flow = loaded.flow.unwrap();
    assert_eq!(flow.name, "Consent and details");
    assert_eq!(flow.trigger.on, TriggerOn::ConversationOpened { source: Vec::new() });
    assert!(flow.stop_on.agent_message && !flow.stop_on.incoming_message);
    assert!(matches!(&flow.contact, Some(ContactChoice::Named(name)) if name.value == "ana"));
    let phone = flow.workspace.contact("ana").unwrap().phone.as_deref();
    assert_eq!(phone, Some("+962790000000"));
    let Action::AskQuestion(question) = &flow.steps[0].action else { panic!() };
    let options: Vec<_> = question.options.iter().map(|option| option.value.as_str()).collect();
    assert_eq!(options, ["Yes, I agree", "No"]);
    assert_eq!(question.timeout, Duration::from_hours(24));
    let Action::Branch(branch) = &flow.steps[1].action else { panic!() };
    assert!(matches!(&branch.otherwise, Otherwise::Steps(steps) if steps[0].id == "step_7"));
    assert_eq!(branch.arms[0].steps[0].id, "step_6");
    assert_eq!(flow.steps[1].id, "step_5");
}

#[test]
fn the_lead_capture_flow_loads_without_a_finding() {
    let flow = clean(LEAD_CAPTURE);
    assert_eq!(flow.steps.len(), 3);
}

#[test]
fn a_workspace_file_is_checked_as_one() {
    let folder = folder(&[("workspace.yaml", WORKSPACE), ("bad.yaml", "chanels: []\ntags: vip\n")]);
    let mut loaded = check_file(&folder.path().join("workspace.yaml")).unwrap();
    crate::lint::lint(&mut loaded);
    assert_eq!(short(&loaded), "");
    let loaded = check_file(&folder.path().join("bad.yaml")).unwrap();
    assert_eq!(short(&loaded), "error unknown-key 1:1 chanels\n");
    let read = load_workspace(&folder.path().join("workspace.yaml")).unwrap();
    assert_eq!(read.value.unwrap().channels.len(), 2);
}

#[test]
fn a_workspace_file_that_is_missing_or_wrong_is_told_with_the_flow() {
    let folder = folder(&[("flow.yaml", FLOW), ("other.yaml", WORKSPACE), ("bad.yaml", "tags: [vip]\nchannel: []\n")]);
    let path = folder.path().join("flow.yaml");
    let loaded = load(&path, &LoadOptions::default()).unwrap();
    assert_eq!(short(&loaded), "error missing-workspace 4:12 workspace.yaml\n");
    let options = |name: &str| LoadOptions { workspace: Some(folder.path().join(name)) };
    assert!(load(&path, &options("other.yaml")).unwrap().flow.is_some());
    assert_eq!(short(&load(&path, &options("bad.yaml")).unwrap()), "error unknown-key 2:1 channel\n");
    assert!(load(&path, &options("none.yaml")).is_err());
    assert!(load(&folder.path().join("none.yaml"), &LoadOptions::default()).is_err());
    assert!(load(folder.path(), &LoadOptions::default()).is_err());
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.yaml");
    fs::write(&path, b"name: \xff").unwrap();
    let loaded = load(&path, &LoadOptions::default()).unwrap();
    assert_eq!(loaded.diagnostics[0].id, "not-utf8");
    assert!(loaded.flow.is_none() && loaded.sources.get(loaded.diagnostics[0].labels[0].file).is_some());
}

#[test]
fn a_contact_file_is_one_card() {
    let folder =
        folder(&[("ana.yaml", "firstname: Ana\nchannels: [wa]\n"), ("bad.yaml", "id: ana\nfirst_name: Ana\n")]);
    let workspace = super::super::Workspace::default();
    let read = load_contact(&folder.path().join("ana.yaml"), &workspace).unwrap();
    assert_eq!(read.diagnostics[0].id, "unknown-channel");
    let read = load_contact(&folder.path().join("bad.yaml"), &workspace).unwrap();
    assert_eq!(read.diagnostics[0].id, "unknown-key");
    assert!(read.diagnostics[0].help.as_ref().unwrap().contains("`firstname`"));
}

#[test]
fn a_text_without_a_folder_opens_no_file() {
    let loaded = super::loaded(FLOW);
    assert_eq!(short(&loaded), "error missing-workspace 4:12 workspace.yaml\n");
}

const LEAD_CAPTURE: &str = r#"# Workload W. Replies, in order: pizza · Sales · ana@example.com · +12065551212 · 42 · 12/31/2026 · 5 ·
# (one day passes) · No thanks. Exactly 14 bot messages; ends completed. Start 2027-01-15T08:00:00Z, contact Ben Haggerty on web chat.
version: 1
name: Lead capture
workspace:
  version: 1
  channels: [{ id: web, type: web_chat }]
  contacts:
    ben: { firstname: Ben, lastname: Haggerty, channels: [web], last_channel: web }
contact: ben
steps:
  - send_message: "Hi $contact.name, welcome to Acme!"
  - id: choice
    ask_question:
      text: What do you need?
      type: multiple_choice
      options: [Sales, Support, Billing, Other things]
      save_as: { variable: choice }
      failure_branch:
        - send_message: "Sorry, that's not one of the options."
        - jump_to: choice
  - branch:
      - name: Sales
        when: { variable: choice, is_equal_to: Sales }
        steps:
          - send_message: Great, a sales expert will help you.
          - jump_to: email
      - name: Support
        when: { variable: choice, is_equal_to: Support }
        steps:
          - send_message: Great, a support expert will help you.
          - jump_to: email
      - name: Billing
        when: { variable: choice, is_equal_to: Billing }
        steps:
          - send_message: Great, a billing expert will help you.
          - jump_to: email
      - else:
          - send_message: Great, an expert will help you.
          - id: email
            ask_question: { text: "What is your email?", type: email, save_as: { variable: email } }
          - ask_question: { text: "Your phone number?", type: phone, save_as: { variable: phone } }
          - ask_question: { text: "How many seats (1-100)?", type: number, min: 1, max: 100, save_as: { variable: seats } }
          - ask_question: { text: "When would you like to start (mm/dd/yyyy)?", type: date, save_as: { variable: date } }
          - ask_question: { text: Rate us 1-5, type: rating, save_as: { variable: rating } }
          - branch:
              - name: Happy
                when: { variable: rating, is_greater_than: 3 }
                steps:
                  - update_contact_tag: { add: [happy] }
                  - send_message: Thank you for the high rating!
                  - id: extra
                    ask_question:
                      text: Anything else we should know?
                      type: text
                      save_as: { variable: extra }
                      timeout_branch:
                        after: 1 day
                        steps:
                          - ask_question: { text: "Just a reminder: anything else we should know?", type: text, save_as: { variable: extra } }
                          - jump_to: bye
                  - id: bye
                    send_message: "Thanks $contact.name! We noted $choice, $email and $date."
              - else:
                  - update_contact_tag: { add: [unhappy] }
                  - send_message: Sorry to hear that.
                  - jump_to: extra
"#;
