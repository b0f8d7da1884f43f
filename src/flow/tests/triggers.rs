//! What starts a flow: every trigger with its settings.

use serde_json::json;

use super::super::TriggerOn;
use super::super::model::{ClosedBy, OpenedBy, Trigger, TriggerName};
use super::super::words::FieldType;
use super::{clean, findings};
use insta::assert_snapshot;

fn of(trigger: &str) -> Trigger {
    clean(&format!("version: 1\nname: A\ntrigger: {trigger}\nsteps: [open_conversation]\n")).trigger
}

fn wrong(trigger: &str) -> String {
    findings(&format!("version: 1\nname: A\nsteps: [open_conversation]\ntrigger: {trigger}\n"))
}

#[test]
fn every_trigger_may_stand_bare_and_all_but_one_take_conditions() {
    for name in TriggerName::ALL {
        assert_eq!(of(name.as_str()).on.word(), *name);
        let full = format!("{{ {name}: {{ when: {{ field: city, exists: true }}, once_per_contact: true }} }}");
        if *name == TriggerName::Manual {
            assert_eq!(wrong(&full), "error setting-misfit 4:22 when\nerror setting-misfit 4:59 once_per_contact\n");
        } else {
            let trigger = of(&full);
            assert!(trigger.once_per_contact && trigger.when.is_some(), "{name}");
            assert_eq!(trigger.on.word(), *name);
        }
    }
}

#[test]
fn triggers_have_settings_of_their_own() {
    let names =
        |list: &[super::super::model::Spanned<String>]| list.iter().map(|name| name.value.clone()).collect::<Vec<_>>();
    assert_eq!(
        of("{ conversation_opened: { source: [contact, ctc_ads] } }").on,
        TriggerOn::ConversationOpened { source: vec![OpenedBy::Contact, OpenedBy::CtcAds] }
    );
    assert_eq!(
        of("{ conversation_closed: { source: ai_agent } }").on,
        TriggerOn::ConversationClosed { source: vec![ClosedBy::AiAgent] }
    );
    let TriggerOn::ContactTagUpdated { added, removed } =
        of("{ contact_tag_updated: { added: [vip], removed: lead } }").on
    else {
        panic!()
    };
    assert_eq!((names(&added), names(&removed)), (vec!["vip".to_owned()], vec!["lead".to_owned()]));
    let TriggerOn::ContactFieldUpdated { fields } = of("{ contact_field_updated: { field: [city, age] } }").on else {
        panic!()
    };
    assert_eq!(names(&fields), ["city", "age"]);
    let TriggerOn::Shortcut { form, example } =
        of("{ shortcut: { form: { reason: text, count: number }, example: { reason: Late, count: 3 } } }").on
    else {
        panic!()
    };
    assert_eq!(
        form.iter().map(|(name, kind)| (name.value.as_str(), *kind)).collect::<Vec<_>>(),
        [("reason", FieldType::Text), ("count", FieldType::Number)]
    );
    assert_eq!(example, [("reason".to_owned(), "Late".to_owned()), ("count".to_owned(), "3".to_owned())]);
    let TriggerOn::IncomingWebhook { payload, example } =
        of("{ incoming_webhook: { payload: { order: $.order.id }, example: { order: { id: 7 } } } }").on
    else {
        panic!()
    };
    assert_eq!(payload[0].1.find(&example.unwrap()).unwrap(), [&json!(7)]);
    let TriggerOn::ClickToChatAd { ads } = of("{ click_to_chat_ad: { ads: Summer sale } }").on else { panic!() };
    assert_eq!(names(&ads), ["Summer sale"]);
    let TriggerOn::LifecycleUpdated { to } = of("{ lifecycle_updated: { to: [Customer] } }").on else { panic!() };
    assert_eq!(names(&to), ["Customer"]);
}

#[test]
fn wrong_settings_are_told() {
    assert_snapshot!(wrong("{ conversation_opened: { source: [auto_close] } }"), @"error unknown-word 4:44 auto_close");
    assert_snapshot!(wrong("{ conversation_closed: { source: [], once_per_contact: maybe } }"), @"
    error empty-list 4:43 []
    error wrong-type 4:65 maybe
    ");
    assert_snapshot!(wrong("{ contact_tag_updated: { added: [], add: vip } }"), @"
    error empty-list 4:42 []
    error unknown-key 4:46 add
    ");
    assert_snapshot!(wrong("{ contact_field_updated: { field: $contact.city } }"), @"error bad-name 4:44 $contact.city");
    assert_snapshot!(wrong("{ shortcut: { form: { 'my reason': text, x: txt }, example: { y: 1 } } }"), @"
    error bad-name 4:32 'my reason'
    error unknown-word 4:54 txt
    error unknown-key 4:72 y
    ");
    assert_snapshot!(wrong("{ incoming_webhook: { payload: { order: order.id, b: '$[' }, example: [1] } }"), @"
    error bad-path 4:50 order.id
    error bad-path 4:63 '$['
    error wrong-type 4:80 [1]
    ");
    assert_snapshot!(wrong("{ lifecycle_updated: { to: } }"), @"error missing-text 4:33 to");
    assert_snapshot!(wrong("{ manual: { form: {} } }"), @"error unknown-key 4:22 form");
    assert_snapshot!(wrong("{ shortcut: [reason] }"), @"error wrong-type 4:22 [reason]");
}

#[test]
fn names_a_workspace_lacks_are_warnings() {
    let head = "version: 1\nname: A\nsteps: [open_conversation]\nworkspace: { tags: [vip], lifecycle: [Lead], contact_fields: [{ id: city, type: text }] }\n";
    for (trigger, wanted) in [
        ("{ contact_tag_updated: { added: [vip, vpi] } }", "warning unknown-tag 5:48 vpi\n"),
        ("{ contact_field_updated: { field: ctiy } }", "warning unknown-field 5:44 ctiy\n"),
        ("{ lifecycle_updated: { to: Leed } }", "warning unknown-lifecycle 5:37 Leed\n"),
    ] {
        assert_eq!(findings(&format!("{head}trigger: {trigger}\n")), wanted);
    }
}
