//! Workspaces and contacts.

use super::super::workspace::LastIncoming;
use super::{clean, findings};
use insta::assert_snapshot;

fn flow(workspace: &str) -> String {
    format!("version: 1\nname: A\nsteps: [open_conversation]\nworkspace:\n{workspace}")
}

#[test]
fn without_a_workspace_the_built_in_one_applies() {
    let flow = clean("version: 1\nname: A\nsteps: [open_conversation]\n");
    assert_eq!(flow.workspace, super::super::Workspace::default());
}

#[test]
fn everything_of_a_workspace_is_read() {
    let flow = clean(&flow(
        "  compare: ignore_case
  timezone: Asia/Amman
  users: { id: omar, online: false }
  tags: vip
  contacts:
    ana: { last_incoming: { at: 2026-01-04T18:00, text: Hello }, channels: [], tags: vip, assignee: omar }
    ben: { last_incoming: never, language: no }",
    ));
    let workspace = &flow.workspace;
    assert!(workspace.ignore_case && !workspace.users.as_ref().unwrap()[0].online);
    let ana = workspace.contact("ana").unwrap();
    assert_eq!(ana.channels, Some(Vec::new()));
    let LastIncoming::At { at, text } = &ana.last_incoming else { panic!() };
    assert_eq!((at.to_rfc3339().as_str(), text.as_str()), ("2026-01-04T18:00:00+03:00", "Hello"));
    let ben = workspace.contact("ben").unwrap();
    assert_eq!((ben.last_incoming.clone(), ben.language.as_deref()), (LastIncoming::Never, Some("no")));
}

#[test]
fn mistakes_in_a_workspace_are_all_told() {
    assert_snapshot!(findings(&flow(
        "  timezone: Asia/Aman
  compare: loosely
  channels: [{ id: wa, type: watsapp }, { id: web, type: web_chat }, { id: web, type: sms }, { id: x }]
  contact_fields: [{ id: a, type: text, options: [b] }, { id: a, type: txt }]
  users: [ana]
  teams: [Sales]
  tags: [vip, ~, '']
  contacts:
    ana: { channels: [nowhere], last_channel: web, fields: { email: a@b.co }, last_incoming: soon }
  mocks: { 'crm.yaml#lookup': [{ stats: 200 }] }"
    )), @"
    error unknown-timezone 5:13 Asia/Aman
    error unknown-word 6:12 loosely
    error unknown-word 7:30 watsapp
    error repeated-id 7:76 web
    error missing-key 7:96 id
    error setting-misfit 8:41 options
    error repeated-id 8:63 a
    error unknown-word 8:72 txt
    error wrong-type 9:11 ana
    error wrong-type 10:10 [Sales]
    error missing-text 11:15 ~
    error empty-text 11:18 ''
    error unknown-channel 13:23 nowhere
    error last-channel-misfit 13:47 web
    error standard-field 13:62 email
    error unknown-word 13:94 soon
    error missing-key 14:34 stats
    error unknown-key 14:34 stats
    ");
}

#[test]
fn a_flows_contact_is_one_of_its_workspace() {
    assert_snapshot!(findings(&(flow("  contacts: { ana: { firstname: Ana } }\n") + "contact: anna\n")), @"error unknown-contact 6:10 anna");
    assert_snapshot!(findings(&(flow("  channels: { id: wa, type: whatsapp }\n") + "contact: { last_channel: web }\n")), @"error unknown-channel 6:26 web");
    assert_snapshot!(findings(&(flow("  channels: [{ id: wa, type: whatsapp }, { id: web, type: web_chat }]\n")
        + "contact: { channels: [wa], last_channel: web }\n")), @"error last-channel-misfit 6:42 web");
}

#[test]
fn names_missing_from_a_list_are_warnings() {
    let lists = "  tags: [vip]
  contact_fields: [{ id: city, type: text }]
  lifecycle: [Customer]
  closing_categories: [Solved]
  users: [{ id: ana@example.com, name: Ana }]
";
    let text = flow(lists).replace(
        "steps: [open_conversation]",
        "steps:
- update_contact_tag: { add: [vip, vpi, $topic] }
- update_contact_field: { field: ctiy, value: $contact.nothing }
- update_lifecycle: Custommer
- close_conversation: { category: Slved }
- add_comment: '@ana @omar a@b.c'
- branch: { when: { all: [{ tags: { has_any_of: [lead] } }, { lifecycle: { is_equal_to: Lead } }, { field: email, exists: true }] } }",
    );
    assert_snapshot!(findings(&text), @"
    warning unknown-tag 4:36 vpi
    warning unknown-field 5:34 ctiy
    warning unknown-field 5:47 $contact.nothing
    warning unknown-lifecycle 6:21 Custommer
    warning unknown-category 7:35 Slved
    warning unknown-user 8:22 @omar
    warning unknown-tag 9:50 lead
    warning unknown-lifecycle 9:89 Lead
    ");
}

#[test]
fn a_workspace_file_played_as_a_flow_is_told_in_one_sentence() {
    let loaded = crate::flow::load::load_text("w.yaml", "version: 1\nchannels: [{ id: web, type: web_chat }]\n");
    let ids: Vec<&str> = loaded.diagnostics.iter().map(|finding| finding.id).collect();
    assert_eq!(ids, ["not-a-flow"]);
    assert!(loaded.flow.is_none());
}
