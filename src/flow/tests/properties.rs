//! No file makes the reader panic, and a flow is there exactly when there is no error.

use super::super::load_text;
use proptest::prelude::*;

const WORDS: &[&str] = &[
    "version",
    "name",
    "steps",
    "workspace",
    "contact",
    "trigger",
    "settings",
    "mocks",
    "id",
    "note",
    "send_message",
    "ask_question",
    "branch",
    "when",
    "else",
    "continue",
    "all",
    "any",
    "field",
    "variable",
    "tags",
    "has_any_of",
    "is_between",
    "exists",
    "text",
    "type",
    "multiple_choice",
    "options",
    "min",
    "max",
    "timeout_branch",
    "after",
    "failure_branch",
    "invalid_branch",
    "wait",
    "date_time",
    "business_hours",
    "range",
    "mon",
    "tue-fri",
    "09:00-17:00",
    "jump_to",
    "step",
    "max_jumps",
    "channels",
    "contacts",
    "last_incoming",
    "at",
    "1",
    "true",
    "0 days",
    "4h",
    "$contact.x",
    "{{1}}",
    "أهلا",
    "🎉",
    "add_comment",
    "@{",
    "per_channel",
    "template",
    "assign_to",
    "team",
    "nobody",
    "trigger_workflow",
    "workflow",
    "http_request",
    "url",
    "https://$x",
    "body",
    "headers",
    "save_response",
    "path",
    "$.a",
    "add_google_sheets_row",
    "row",
    "respond_with_ai",
    "objective",
    "collect_information",
    "collect",
    "idle_branch",
    "unknown_step",
    "data",
    "shortcut",
    "form",
    "example",
    "incoming_webhook",
    "payload",
    "respondio",
    "workflows",
    "json",
    "status",
    "error",
];

fn value() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS).prop_map(|word| format!("\"{word}\""));
    let leaf = prop_oneof![4 => word.clone(), 1 => Just("~".to_owned()), 1 => Just("[]".to_owned()), 1 => Just("{}".to_owned())];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec((word.clone(), inner), 1..5).prop_map(|entries| {
                let entries: Vec<_> = entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", entries.join(", "))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_mapping_panics(parts in prop::collection::vec((prop::sample::select(&WORDS[..8]), value()), 0..8)) {
        let text: String = parts.iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
        let mut loaded = load_text("a.yaml", &text);
        crate::lint::lint(&mut loaded);
        prop_assert_eq!(loaded.flow.is_some(), !loaded.has_errors());
        for label in loaded.diagnostics.iter().flat_map(|finding| &finding.labels) {
            let file = loaded.sources.get(label.file).expect("a file of this load");
            prop_assert!(file.text().get(label.span.range()).is_some());
        }
    }

    #[test]
    fn no_path_panics(path in "[$.\\[\\]()?@!&|=<'\"*:,0-9a-z ]{1,60}") {
        let text = format!("version: 1\nname: a\nsteps: [{{http_request: {{url: $u, save_response: {{path: {}, variable: v}}}}}}]\n", serde_json::Value::String(path));
        let loaded = load_text("a.yaml", &text);
        prop_assert_eq!(loaded.flow.is_some(), !loaded.has_errors());
    }

    #[test]
    fn no_step_panics(step in value()) {
        let text = format!("version: 1\nname: a\nsteps: [{step}, {{branch: {step}}}, {{ask_question: {step}}}, {{date_time: {step}}}, {{http_request: {step}}}, {{respond_with_ai: {step}}}, {{assign_to: {step}}}]\nmocks: {{a: {step}}}\nrespondio: {step}\ntrigger: {step}\n");
        let loaded = load_text("a.yaml", &text);
        prop_assert_eq!(loaded.flow.is_some(), !loaded.has_errors());
    }
}
