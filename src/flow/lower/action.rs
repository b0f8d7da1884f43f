//! The settings of an action: which reader takes them, and the readers of the small ones.

use super::value::{FIELD_TO_SET, Value};
use super::{Lowering, NameKind, limits};
use crate::flow::model::{Action, Spanned, TriggerWorkflow, UnknownStep, WorkflowTarget};
use crate::source::{NodeKind, Span};

impl Lowering<'_> {
    pub(super) fn missing_settings(&mut self, action: &str, span: Span) {
        let example = match action {
            "send_message" => "send_message: Hello!",
            "ask_question" => "ask_question: { text: What is your name?, type: text }",
            "assign_to" => "assign_to: { team: Sales }",
            "branch" => "branch: [{ name: VIP, when: { tags: { has_any_of: [vip] } }, steps: [...] }]",
            "update_contact_tag" => "update_contact_tag: { add: [vip] }",
            "update_contact_field" => "update_contact_field: { field: city, value: Amman }",
            "add_comment" => "add_comment: Please call back",
            "jump_to" => "jump_to: the_id_of_a_step",
            "wait" => "wait: 10 minutes",
            "date_time" => "date_time: { business_hours: { mon-fri: 09:00-17:00 } }",
            "trigger_workflow" => "trigger_workflow: other.yaml",
            "http_request" => "http_request: { url: https://example.com/orders }",
            "add_google_sheets_row" => {
                "add_google_sheets_row: { spreadsheet: Leads, sheet: 2026, row: { Name: $contact.name } }"
            }
            "respond_with_ai" => "respond_with_ai: { objective: answer_questions }",
            "unknown_step" => "unknown_step: { type: its_type, data: {} }",
            _ => "update_lifecycle: Customer",
        };
        self.error(
            "missing-settings",
            span,
            format!("`{action}` needs to be told what to do, but nothing follows it"),
            format!("write it like this: {example}"),
        );
    }

    /// The settings of an action.
    pub(super) fn action(&mut self, key: &'static str, value: Value<'_>) -> Option<Action> {
        if value.is_null() && !matches!(key, "open_conversation" | "close_conversation" | "update_lifecycle") {
            self.missing_settings(key, value.at);
            return None;
        }
        match key {
            "send_message" => self.send_message(value).map(Action::SendMessage),
            "ask_question" => self.ask_question(value).map(Action::AskQuestion),
            "assign_to" => self.assign_to(value).map(Action::AssignTo),
            "branch" => self.branch(value).map(Action::Branch),
            "update_contact_tag" => self.update_contact_tag(value),
            "update_contact_field" => self.update_contact_field(value),
            "open_conversation" => self.open_conversation(value),
            "close_conversation" => self.close_conversation(value),
            "add_comment" => self.add_comment(value),
            "jump_to" => self.jump_to(value),
            "wait" => self.waiting_time(value, "`wait`").map(Action::Wait),
            "date_time" => self.date_time(value).map(Action::DateTime),
            "trigger_workflow" => self.trigger_workflow(value).map(Action::TriggerWorkflow),
            "http_request" => self.http_request(value).map(Action::HttpRequest),
            "add_google_sheets_row" => self.sheet_row(value).map(Action::AddGoogleSheetsRow),
            "respond_with_ai" => self.respond_with_ai(value).map(Action::RespondWithAi),
            "unknown_step" => self.kept_step(value).map(Action::Unknown),
            _ => self.update_lifecycle(value),
        }
    }

    fn update_contact_tag(&mut self, value: Value<'_>) -> Option<Action> {
        let mut fields = self.fields(value, "`update_contact_tag`", "update_contact_tag: { add: [vip] }")?;
        let add = fields.take("add");
        let remove = fields.take("remove");
        if add.is_none() && remove.is_none() {
            let help = "write `add: [vip]` or `remove: [vip]`";
            self.error("missing-key", fields.at(), "`update_contact_tag` needs `add` or `remove`", help);
        }
        fields.finish(self);
        let mut tags = |value: Option<Value<'_>>, what: &str| {
            let tags = value.map(|value| self.texts(value, what)).unwrap_or_default();
            for tag in &tags {
                self.notice_name(NameKind::Tag, tag);
            }
            tags
        };
        Some(Action::UpdateContactTag { add: tags(add, "a tag"), remove: tags(remove, "a tag") })
    }

    fn update_contact_field(&mut self, value: Value<'_>) -> Option<Action> {
        let example = "update_contact_field: { field: city, value: Amman }";
        if let Some((field, text)) = meant_field(value) {
            let message = "`update_contact_field` names the field and its value apart";
            let help = format!("write it like this: update_contact_field: {{ field: {field}, value: {text} }}");
            self.error("missing-key", value.at, message, help);
            return None;
        }
        let mut fields = self.fields(value, "`update_contact_field`", example)?;
        let field = fields.require(self, "field").and_then(|field| self.field(field, FIELD_TO_SET));
        let value = fields.take("value");
        if value.is_none() {
            let message = "`update_contact_field` needs `value`, which is missing";
            self.error(
                "missing-key",
                fields.at(),
                message,
                "add `value:` with the new value, or `value: null` to clear the field",
            );
        }
        fields.finish(self);
        let (field, value) = (field?, value?);
        let value = if value.is_null() {
            None
        } else if value.scalar().is_some_and(|text| text.trim().is_empty()) {
            let help = "to clear the field, write `value: null`";
            self.error("empty-text", value.place(), "`value` is empty", help);
            return None;
        } else {
            let template = self.template(value, "`value`")?;
            Some(Spanned { value: template, span: value.node.span })
        };
        Some(Action::UpdateContactField { field, value })
    }

    fn open_conversation(&mut self, value: Value<'_>) -> Option<Action> {
        if !value.is_null() {
            self.fields(value, "`open_conversation`", "- open_conversation")?.finish(self);
        }
        Some(Action::OpenConversation)
    }

    fn close_conversation(&mut self, value: Value<'_>) -> Option<Action> {
        if value.is_null() {
            return Some(Action::CloseConversation { category: None, summary: None });
        }
        let mut fields = self.fields(value, "`close_conversation`", "close_conversation: { category: Solved }")?;
        let category = fields.take("category").and_then(|category| self.spanned(category, "`category`"));
        let summary = fields.take("summary").and_then(|summary| self.template(summary, "`summary`"));
        fields.finish(self);
        if let Some(category) = &category {
            self.notice_name(NameKind::ClosingCategory, category);
        }
        Some(Action::CloseConversation { category, summary })
    }

    fn jump_to(&mut self, value: Value<'_>) -> Option<Action> {
        let (step, max_jumps) = if let NodeKind::Map(_) = value.node.kind {
            let mut fields = self.fields(value, "`jump_to`", "jump_to: { step: ask_email, max_jumps: 3 }")?;
            let step = fields.require(self, "step").and_then(|step| self.spanned(step, "`step`"));
            let bounds = 1..=u32::from(limits::JUMPS);
            let most = fields.take("max_jumps").map(|most| self.whole(most, "`max_jumps`", bounds));
            fields.finish(self);
            (step, most)
        } else {
            (self.spanned(value, "`jump_to`"), None)
        };
        let step = step?;
        self.targets.push(step.clone());
        let max_jumps = match max_jumps {
            None => limits::JUMPS,
            Some(given) => u8::try_from(given?).ok()?,
        };
        Some(Action::JumpTo { step, max_jumps })
    }

    fn trigger_workflow(&mut self, value: Value<'_>) -> Option<Box<TriggerWorkflow>> {
        let (workflow, step) = if let NodeKind::Map(_) = value.node.kind {
            let example = "trigger_workflow: { workflow: other.yaml, step: ask_email }";
            let mut fields = self.fields(value, "`trigger_workflow`", example)?;
            let workflow = fields.require(self, "workflow").and_then(|name| self.spanned(name, "`workflow`"));
            let step = fields.take("step").map(|step| self.spanned(step, "`step`"));
            fields.finish(self);
            (workflow, step)
        } else {
            (self.spanned(value, "`trigger_workflow`"), None)
        };
        let step = match step {
            None => None,
            Some(given) => Some(given?),
        };
        Some(Box::new(TriggerWorkflow { workflow: workflow?, step, target: WorkflowTarget::Unresolved }))
    }

    /// A step of the platform that is only kept.
    fn kept_step(&mut self, value: Value<'_>) -> Option<Box<UnknownStep>> {
        let mut fields = self.fields(value, "`unknown_step`", "unknown_step: { type: its_type, data: {} }")?;
        let kind = fields.require(self, "type").and_then(|kind| self.text(kind, "`type`")).map(str::to_owned);
        let data = fields.take("data").map(|data| self.json(data, "`data`"));
        fields.finish(self);
        let data = match data {
            None => serde_json::Value::Null,
            Some(given) => given?,
        };
        Some(Box::new(UnknownStep { kind: kind?, data }))
    }

    fn update_lifecycle(&mut self, value: Value<'_>) -> Option<Action> {
        if value.is_null() {
            return Some(Action::UpdateLifecycle(None));
        }
        let stage = self.spanned(value, "`update_lifecycle`")?;
        self.notice_name(NameKind::Lifecycle, &stage);
        Some(Action::UpdateLifecycle(Some(stage)))
    }
}

/// The field and the value of a mapping such as `{ city: Amman }`.
fn meant_field(value: Value<'_>) -> Option<(&str, &str)> {
    let NodeKind::Map(entries) = &value.node.kind else { return None };
    let [(field, text)] = entries.as_slice() else { return None };
    let (field, text) = (Value::item(field).scalar()?, Value::item(text).scalar()?);
    (!matches!(field, "field" | "value") && !text.trim().is_empty()).then_some((field, text))
}
