//! `trigger` and `settings`: what starts a flow, and what ends it from outside.

use super::mapping::Fields;
use super::value::Value;
use super::{Lowering, NameKind, quoted, synonyms};
use crate::flow::model::{ClosedBy, OpenedBy, Spanned, StopOn, Trigger, TriggerName, TriggerOn};
use crate::flow::words::FieldType;
use crate::source::{NodeKind, Span};

impl Lowering<'_> {
    /// A trigger's word, or a mapping with that word and its settings.
    pub(super) fn trigger(&mut self, value: Value<'_>) -> Option<Trigger> {
        let NodeKind::Map(_) = value.node.kind else {
            let word = self.text(value, "`trigger`")?;
            return self.trigger_word(word, value.place(), None);
        };
        let mut fields = self.fields(value, "`trigger`", "trigger: conversation_opened")?;
        if let Some((_, named)) = fields.stray(|key| key == "type") {
            self.trigger_by_type(named, fields.rest().next().is_some());
            return None;
        }
        let entries = fields.take_rest(self);
        let [entry] = entries.as_slice() else {
            match entries.as_slice() {
                [first, second, ..] => self.error_also(
                    "several-triggers",
                    (second.key_span, "a workflow has exactly one trigger".to_owned()),
                    (first.key_span, "the first one"),
                    "keep one. Its settings go under it, one level deeper",
                ),
                _ => self.error(
                    "missing-key",
                    fields.at(),
                    "`trigger` names no trigger",
                    "write `trigger: conversation_opened`",
                ),
            }
            return None;
        };
        self.trigger_word(entry.key, entry.key_span, Some(entry.value()))
    }

    /// Reports a trigger whose name stands under `type`, with or without settings beside it.
    fn trigger_by_type(&mut self, named: Value<'_>, settings: bool) {
        let Some(word) = self.text(named, "`type`") else { return };
        let known: Vec<&str> = TriggerName::ALL.iter().map(|known| known.as_str()).collect();
        let meant = synonyms::meant(word, &known).unwrap_or(word);
        let Some(name) = TriggerName::named(meant) else {
            let message = format!("there is no trigger called {}", quoted(word));
            self.unknown("unknown-trigger", named.place(), message, word, known);
            return;
        };
        let help = if settings {
            format!("its settings go under its name, as in {}", about(name).1)
        } else {
            format!("write it like this: trigger: {}", name.as_str())
        };
        self.error("unknown-trigger", named.at, "a trigger is written with its name, without `type`", help);
    }

    fn trigger_word(&mut self, word: &str, span: Span, settings: Option<Value<'_>>) -> Option<Trigger> {
        let Some(name) = TriggerName::named(word) else {
            let message = format!("there is no trigger called {}", quoted(word));
            let known = TriggerName::ALL.iter().map(|known| known.as_str());
            self.unknown("unknown-trigger", span, message, word, known);
            return None;
        };
        let (what, example) = about(name);
        let mut fields = match settings.filter(|settings| !settings.is_null()) {
            None => Fields::none(what, span),
            Some(settings) => self.fields(settings, what, example)?,
        };
        let on = self.trigger_on(name, &mut fields);
        if name == TriggerName::Manual {
            for key in ["when", "once_per_contact"] {
                if let Some(setting) = fields.take(key) {
                    let message =
                        format!("`{key}` does nothing here: another workflow starts this one, whatever holds");
                    let help = "take it out, or put the condition before the `trigger_workflow`";
                    self.error("setting-misfit", setting.at, message, help);
                }
            }
            fields.finish(self);
            return Some(Trigger::default());
        }
        let when = fields.take("when").map(|when| self.conditions(when));
        let once = fields.take("once_per_contact").and_then(|once| self.boolean(once, "`once_per_contact`"));
        fields.finish(self);
        let when = match when {
            None => None,
            Some(given) => Some(given?),
        };
        Some(Trigger { on: on?, when, once_per_contact: once.unwrap_or_default() })
    }

    /// What is a trigger's own.
    fn trigger_on(&mut self, name: TriggerName, fields: &mut Fields<'_>) -> Option<TriggerOn> {
        Some(match name {
            TriggerName::Manual => TriggerOn::Manual,
            TriggerName::ConversationOpened => {
                TriggerOn::ConversationOpened { source: self.sources(fields, OpenedBy::ALL, OpenedBy::as_str) }
            }
            TriggerName::ConversationClosed => {
                TriggerOn::ConversationClosed { source: self.sources(fields, ClosedBy::ALL, ClosedBy::as_str) }
            }
            TriggerName::ContactTagUpdated => TriggerOn::ContactTagUpdated {
                added: self.names(fields, "added", "`added`", NameKind::Tag),
                removed: self.names(fields, "removed", "`removed`", NameKind::Tag),
            },
            TriggerName::ContactFieldUpdated => TriggerOn::ContactFieldUpdated { fields: self.trigger_fields(fields) },
            TriggerName::Shortcut => self.shortcut(fields),
            TriggerName::IncomingWebhook => self.webhook(fields)?,
            TriggerName::ClickToChatAd => {
                let ads = fields.take("ads").map(|ads| self.some_texts(ads, "`ads`")).unwrap_or_default();
                TriggerOn::ClickToChatAd { ads }
            }
            TriggerName::LifecycleUpdated => {
                TriggerOn::LifecycleUpdated { to: self.names(fields, "to", "`to`", NameKind::Lifecycle) }
            }
        })
    }

    /// Who may have opened or closed a conversation.
    fn sources<W: Copy>(&mut self, fields: &mut Fields<'_>, all: &[W], word: fn(W) -> &'static str) -> Vec<W> {
        let Some(list) = fields.take("source") else { return Vec::new() };
        let items = list.items();
        if items.is_empty() {
            let help = "name who does it, or leave `source` out for anybody";
            self.error("empty-list", list.place(), "`source` names nobody", help);
        }
        items.into_iter().filter_map(|item| self.word(item, "`source`", all, word)).collect()
    }

    /// Names of a list of the workspace.
    fn names(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        what: &str,
        kind: NameKind,
    ) -> Vec<Spanned<String>> {
        let names = fields.take(key).map(|list| self.some_texts(list, what)).unwrap_or_default();
        for name in &names {
            self.notice_name(kind, name);
        }
        names
    }

    /// A list of texts that is not empty.
    fn some_texts(&mut self, list: Value<'_>, what: &str) -> Vec<Spanned<String>> {
        if let NodeKind::Seq(items) = &list.node.kind
            && items.is_empty()
        {
            let help = "name at least one, or leave the key out for any";
            self.error("empty-list", list.place(), format!("{what} names nothing"), help);
        }
        self.texts(list, what)
    }

    fn trigger_fields(&mut self, fields: &mut Fields<'_>) -> Vec<Spanned<String>> {
        let Some(list) = fields.take("field") else { return Vec::new() };
        let items = list.items();
        if items.is_empty() {
            let help = "name a field, or leave the key out for any";
            self.error("empty-list", list.place(), "`field` names nothing", help);
        }
        items.into_iter().filter_map(|item| self.field(item, "`field`")).collect()
    }

    fn shortcut(&mut self, fields: &mut Fields<'_>) -> TriggerOn {
        let form = fields.take("form").map(|form| self.form(form)).unwrap_or_default();
        let example = fields.take("example").map(|example| self.values(example, "`example`")).unwrap_or_default();
        for (name, _) in &example {
            if !form.iter().any(|(known, _)| known.value == name.value) {
                let message = format!("the form has no {}", quoted(&name.value));
                let known = form.iter().map(|(known, _)| known.value.as_str());
                self.unknown("unknown-key", name.span, message, &name.value, known);
            }
        }
        let example = example.into_iter().map(|(name, value)| (name.value, value)).collect();
        TriggerOn::Shortcut { form, example }
    }

    /// What an agent fills in: variables and their types.
    fn form(&mut self, value: Value<'_>) -> Vec<(Spanned<String>, FieldType)> {
        let Some(mut fields) = self.fields(value, "`form`", "form: { reason: text }") else { return Vec::new() };
        let mut form = Vec::new();
        for entry in fields.take_rest(self) {
            let name = self.variable_name(Spanned { value: entry.key.to_owned(), span: entry.key_span });
            let kind = self.word(entry.value(), "the type of a form's entry", FieldType::ALL, FieldType::as_str);
            form.extend(name.zip(kind));
        }
        form
    }

    fn webhook(&mut self, fields: &mut Fields<'_>) -> Option<TriggerOn> {
        let mut payload = Vec::new();
        if let Some(value) = fields.take("payload")
            && let Some(mut entries) = self.fields(value, "`payload`", "payload: { order: $.order.id }")
        {
            for entry in entries.take_rest(self) {
                let name = self.variable_name(Spanned { value: entry.key.to_owned(), span: entry.key_span });
                let path = self.json_path(entry.value(), "a path of the payload");
                payload.extend(name.zip(path));
            }
        }
        let example = fields.take("example").map(|example| {
            let NodeKind::Map(_) = example.node.kind else {
                // Says that a mapping is needed.
                self.fields(example, "`example`", "example: { order: { id: 7 } }");
                return None;
            };
            self.json(example, "`example`")
        });
        let example = match example {
            None => None,
            Some(given) => Some(given?),
        };
        Some(TriggerOn::IncomingWebhook { payload, example })
    }

    /// The `settings` of a flow.
    pub(super) fn settings(&mut self, value: Value<'_>) -> StopOn {
        let mut stop_on = StopOn::default();
        let Some(mut fields) = self.fields(value, "`settings`", "settings: { stop_on: [agent_message] }") else {
            return stop_on;
        };
        let words = ["incoming_message", "agent_message", "manual_assignment"];
        if let Some(list) = fields.take("stop_on") {
            for item in list.items() {
                match self.word(item, "`stop_on`", &words, std::convert::identity) {
                    Some("incoming_message") => stop_on.incoming_message = true,
                    Some("agent_message") => stop_on.agent_message = true,
                    Some(_) => stop_on.manual_assignment = true,
                    None => {}
                }
            }
        }
        fields.finish(self);
        stop_on
    }
}

/// A trigger as messages quote it, and how it is written.
const fn about(name: TriggerName) -> (&'static str, &'static str) {
    match name {
        TriggerName::Manual => ("`manual`", "trigger: manual"),
        TriggerName::ConversationOpened => {
            ("`conversation_opened`", "trigger: { conversation_opened: { source: [contact] } }")
        }
        TriggerName::ConversationClosed => {
            ("`conversation_closed`", "trigger: { conversation_closed: { source: [user] } }")
        }
        TriggerName::ContactTagUpdated => {
            ("`contact_tag_updated`", "trigger: { contact_tag_updated: { added: [vip] } }")
        }
        TriggerName::ContactFieldUpdated => {
            ("`contact_field_updated`", "trigger: { contact_field_updated: { field: city } }")
        }
        TriggerName::Shortcut => ("`shortcut`", "trigger: { shortcut: { form: { reason: text } } }"),
        TriggerName::IncomingWebhook => {
            ("`incoming_webhook`", "trigger: { incoming_webhook: { payload: { order: $.order.id } } }")
        }
        TriggerName::ClickToChatAd => ("`click_to_chat_ad`", "trigger: { click_to_chat_ad: { ads: [Summer sale] } }"),
        TriggerName::LifecycleUpdated => ("`lifecycle_updated`", "trigger: { lifecycle_updated: { to: [Customer] } }"),
    }
}
