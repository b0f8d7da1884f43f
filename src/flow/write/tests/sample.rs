//! One rich flow and workspace, for a person to judge: what is written should read as if somebody had written it by hand.

use super::{load_text, round_trip};
use crate::flow::write::workspace;
use insta::assert_snapshot;

/// Everything on few lines, as a machine would write it.
const FLOW: &str = r#"{version: 1, name: "Order desk: what became of it?", description: "Looks an order up.\nHands over when it cannot.\n",
workspace: {timezone: Asia/Amman, channels: [{id: wa, type: whatsapp, name: "Shop, main number", respondio: {id: 11}}, {id: web, type: web_chat}],
  contact_fields: [{id: city, type: text}, {id: consent, type: list, options: ["Yes, I agree", "No"]}],
  tags: [vip, {name: "No", respondio: {id: 5}}, "Yes, I agree"], users: [{id: ana@example.com, name: Ana, open_contacts: 3}, {id: omar@example.com, online: false, respondio: {id: 71}}],
  teams: {Sales: [ana@example.com], "On": {users: [ana@example.com, omar@example.com], respondio: {id: 3}}, Support: []},
  lifecycle: [New lead, Customer], closing_categories: [Solved, No reply],
  workflows: [{name: Survey, id: "12", file: survey.yaml}, {name: "Old: survey", external: true}],
  contacts: {ana: {firstname: Ana, phone: "+962790000000", channels: [wa], tags: [vip], fields: {city: عمّان}, last_incoming: {at: "2026-01-04T18:00", text: Hello}}},
  mocks: {"crm.yaml#lookup": [{status: 200, json: {id: 7}}, {error: timeout}]}},
contact: ana, trigger: {conversation_opened: {source: [contact, ctc_ads], when: {tags: {has_none_of: [vip]}}, once_per_contact: true}},
settings: {stop_on: [agent_message, manual_assignment]},
mocks: {lookup: [{status: 200, json: {order: {state: shipped, parcels: 2}}}, {status: 503}, {error: timeout}], helper: [{say: "How can I help?"}, {outcome: success, collected: {budget: "500"}}]},
steps: [
{send_message: "Hi $contact.firstname, welcome back!"},
{send_message: "Hello $contact.firstname,\n\nwe are open:\n  - mornings\n  - evenings # always\n\nYour team"},
{send_message: {text: "{{$city}} is *bold*", channel: wa, per_channel: {web: "Note: short", sms: {attachment: {kind: image, url: "https://example.com/a.png", name: Map}}}, failure_branch: [close_conversation]}},
{send_message: {template: {name: back_again, language: en, body: "Hi {{1}}, are you still there?", parameters: [$contact.firstname], buttons: ["Yes", "No, stop"]}}},
{id: order, name: Ask for the order, note: "The number on the receipt: eight digits", ask_question: {text: "Which order is it?", type: number, min: 1, max: 99999999, save_as: {variable: order}, timeout_branch: {after: 4h, steps: [{jump_to: {step: order, max_jumps: 1}}, {wait: 1 day}]}, invalid_branch: [{jump_to: order}], sending_failed_branch: []}},
{ask_question: {text: "May we?", type: multiple_choice, options: ["Yes, I agree", "No"], match: exact, save_as: {field: consent, variable: consent, tag: true}}},
{id: lookup, http_request: {method: POST, url: "https://example.com/orders/$order?full=1", headers: {Authorization: "Bearer {{$token}}", X-Retry: "1"}, body: {id: $order, note: "it's \"new\"", flags: [true, "true", null, 2.50], customer: {name: $contact.name, tags: []}}, save_response: [{path: $.order.state, variable: state}, {path: "$['parcels']", variable: parcels}], save_status: status, failure_branch: [{assign_to: {team: Support, logic: least_open_contacts, only_online: true, max_open_contacts: 20, timeout_branch: {after: 30m, steps: [{assign_to: nobody}]}}}]}},
{name: Which way?, branch: [{name: "No", when: {variable: consent, is_equal_to: "No"}}, {name: Many, note: rare, when: {all: [{variable: parcels, is_greater_than: 1}, {tags: {has_any_of: [vip, "No"]}}, {last_incoming_message_time: {is_less_than_ago: 10m}}]}, steps: [{update_contact_tag: {add: [vip], remove: ["No"]}}, {update_contact_field: {field: city, value: null}}, {trigger_workflow: {workflow: survey.yaml, step: start}}]}, {else: continue}]},
{date_time: {business_hours: {mon-thu: ["09:00-13:00", "14:00-18:00"], fri: "09:00-24:00"}, failure_branch: [{add_comment: "@ana $contact.name wrote: $order"}, {close_conversation: {category: No reply, summary: "Wrote at night"}}]}},
{date_time: {range: {from: 2026-01-05, to: 2026-01-09 17:00, timezone: UTC}}},
{add_google_sheets_row: {spreadsheet: Orders 2026, sheet: "2026", row: {Order: $order, "Who?": $contact.name, "Seen: by": "", Answer: "no"}}},
{id: helper, respond_with_ai: {objective: collect_information, instructions: "Be brief.\nNever promise a day.", knowledge: [Price list, "Opening hours, all shops"], collect: [{variable: budget, description: "How much, in JOD"}, {variable: "no"}], speak_to_human_branch: [{assign_to: {workspace: true}}], unable_branch: [{assign_to: {user: ana@example.com}}], idle_branch: {after: 15m, steps: [{wait: 1m}]}, failure_branch: []}},
{update_lifecycle: Customer}, {update_lifecycle: null}, open_conversation, {id: bare, open_conversation: {}},
{unknown_step: {type: play_video, data: {url: "https://example.com", loop: false, "on": 3}}},
{branch: [{when: {any: [{field: city, exists: true}]}, steps: [{trigger_workflow: Survey}]}, {else: [{close_conversation: {category: Solved}}]}]}
], respondio: {id: 90211, folder: null, nodes: {ask: {x: 10.5, y: -3, title: "A #1"}}}}
"#;

#[test]
fn a_rich_flow_reads_as_if_written_by_hand() {
    let loaded = load_text("a.yaml", FLOW);
    let flow = loaded.flow.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    assert_snapshot!(round_trip(&flow), @r#"
    version: 1
    name: "Order desk: what became of it?"
    description: |
      Looks an order up.
      Hands over when it cannot.
    workspace:
      timezone: Asia/Amman
      channels:
        - { id: wa, type: whatsapp, name: "Shop, main number", respondio: { id: 11 } }
        - { id: web, type: web_chat }
      contact_fields:
        - { id: city, type: text }
        - { id: consent, type: list, options: ["Yes, I agree", "No"] }
      tags:
        - vip
        - { name: "No", respondio: { id: 5 } }
        - Yes, I agree
      users:
        - { id: ana@example.com, name: Ana, open_contacts: 3 }
        - { id: omar@example.com, online: false, respondio: { id: 71 } }
      teams:
        Sales: [ana@example.com]
        "On": { users: [ana@example.com, omar@example.com], respondio: { id: 3 } }
        Support: []
      lifecycle: [New lead, Customer]
      closing_categories: [Solved, No reply]
      workflows:
        - { name: Survey, id: "12", file: survey.yaml }
        - { name: "Old: survey", external: true }
      contacts:
        ana:
          firstname: Ana
          phone: "+962790000000"
          channels: [wa]
          last_incoming: { at: "2026-01-04T18:00:00+03:00", text: Hello }
          tags: [vip]
          fields: { city: عمّان }
      mocks:
        crm.yaml#lookup:
          - { status: 200, json: { id: 7 } }
          - { error: timeout }
    contact: ana
    trigger:
      conversation_opened:
        source: [contact, ctc_ads]
        when: { tags: { has_none_of: [vip] } }
        once_per_contact: true
    settings:
      stop_on: [agent_message, manual_assignment]
    mocks:
      lookup:
        - { status: 200, json: { order: { state: shipped, parcels: 2 } } }
        - { status: 503 }
        - { error: timeout }
      helper:
        - { say: "How can I help?" }
        - { outcome: success, collected: { budget: "500" } }
    steps:
      - send_message: Hi $contact.firstname, welcome back!
      - send_message: |-
          Hello $contact.firstname,

          we are open:
            - mornings
            - evenings # always

          Your team
      - send_message:
          text: "{{$city}} is *bold*"
          channel: wa
          per_channel:
            web: "Note: short"
            sms: { attachment: { kind: image, url: https://example.com/a.png, name: Map } }
          failure_branch:
            - close_conversation
      - send_message:
          template:
            name: back_again
            language: en
            body: Hi {{1}}, are you still there?
            parameters: [$contact.firstname]
            buttons: ["Yes", "No, stop"]
      - id: order
        name: Ask for the order
        note: "The number on the receipt: eight digits"
        ask_question:
          text: Which order is it?
          type: number
          min: 1
          max: 99999999
          save_as: { variable: order }
          timeout_branch:
            after: 4 hours
            steps:
              - jump_to: { step: order, max_jumps: 1 }
              - wait: 1 day
          invalid_branch:
            - jump_to: order
          sending_failed_branch: []
      - ask_question:
          text: May we?
          type: multiple_choice
          options: ["Yes, I agree", "No"]
          match: exact
          save_as: { field: consent, variable: consent, tag: true }
      - id: lookup
        http_request:
          method: POST
          url: https://example.com/orders/$order?full=1
          headers: { Authorization: "Bearer {{$token}}", X-Retry: "1" }
          body:
            id: $order
            note: it's "new"
            flags: [true, "true", null, 2.50]
            customer: { name: $contact.name, tags: [] }
          save_response:
            - { path: $.order.state, variable: state }
            - { path: "$['parcels']", variable: parcels }
          save_status: status
          failure_branch:
            - assign_to:
                team: Support
                logic: least_open_contacts
                only_online: true
                max_open_contacts: 20
                timeout_branch:
                  after: 30 minutes
                  steps:
                    - assign_to: nobody
      - name: Which way?
        branch:
          - name: "No"
            when: { variable: consent, is_equal_to: "No" }
          - name: Many
            note: rare
            when:
              all:
                - { variable: parcels, is_greater_than: 1 }
                - tags: { has_any_of: [vip, "No"] }
                - last_incoming_message_time: { is_less_than_ago: 10 minutes }
            steps:
              - update_contact_tag: { add: [vip], remove: ["No"] }
              - update_contact_field: { field: city, value: null }
              - trigger_workflow: { workflow: survey.yaml, step: start }
          - else: continue
      - date_time:
          business_hours:
            mon-thu: [09:00-13:00, 14:00-18:00]
            fri: 09:00-24:00
          failure_branch:
            - add_comment: "@ana $contact.name wrote: $order"
            - close_conversation: { category: No reply, summary: Wrote at night }
      - date_time:
          range: { from: 2026-01-05 00:00, to: 2026-01-09 17:00, timezone: UTC }
      - add_google_sheets_row:
          spreadsheet: Orders 2026
          sheet: "2026"
          row: { Order: $order, "Who?": $contact.name, "Seen: by": "", Answer: "no" }
      - id: helper
        respond_with_ai:
          objective: collect_information
          instructions: |-
            Be brief.
            Never promise a day.
          knowledge: [Price list, "Opening hours, all shops"]
          collect:
            - { variable: budget, description: "How much, in JOD" }
            - { variable: "no" }
          speak_to_human_branch:
            - assign_to: { workspace: true }
          unable_branch:
            - assign_to: { user: ana@example.com }
          idle_branch:
            after: 15 minutes
            steps:
              - wait: 1 minute
          failure_branch: []
      - update_lifecycle: Customer
      - update_lifecycle: null
      - open_conversation
      - id: bare
        open_conversation: {}
      - unknown_step: { type: play_video, data: { url: https://example.com, loop: false, "on": 3 } }
      - branch:
          - when:
              any:
                - { field: city, exists: true }
            steps:
              - trigger_workflow: Survey
          - else:
              - close_conversation: { category: Solved }
    respondio: { id: 90211, folder: null, nodes: { ask: { x: 10.5, "y": -3, title: "A #1" } } }
    "#);
    assert_snapshot!(workspace(&flow.workspace), @r#"
    version: 1
    timezone: Asia/Amman

    channels:
      - { id: wa, type: whatsapp, name: "Shop, main number", respondio: { id: 11 } }
      - { id: web, type: web_chat }

    contact_fields:
      - { id: city, type: text }
      - { id: consent, type: list, options: ["Yes, I agree", "No"] }

    tags:
      - vip
      - { name: "No", respondio: { id: 5 } }
      - Yes, I agree

    users:
      - { id: ana@example.com, name: Ana, open_contacts: 3 }
      - { id: omar@example.com, online: false, respondio: { id: 71 } }

    teams:
      Sales: [ana@example.com]
      "On": { users: [ana@example.com, omar@example.com], respondio: { id: 3 } }
      Support: []

    lifecycle: [New lead, Customer]
    closing_categories: [Solved, No reply]

    workflows:
      - { name: Survey, id: "12", file: survey.yaml }
      - { name: "Old: survey", external: true }

    contacts:
      ana:
        firstname: Ana
        phone: "+962790000000"
        channels: [wa]
        last_incoming: { at: "2026-01-04T18:00:00+03:00", text: Hello }
        tags: [vip]
        fields: { city: عمّان }

    mocks:
      crm.yaml#lookup:
        - { status: 200, json: { id: 7 } }
        - { error: timeout }
    "#);
}
