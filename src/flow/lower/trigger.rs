//! `trigger` and `settings`: what starts a flow, and what ends it from outside.

use super::step::NOT_YET;
use super::value::Value;
use super::{Lowering, quoted};
use crate::flow::model::{OpenedBy, StopOn, Trigger, TriggerOn};
use crate::source::{NodeKind, Span};

const TRIGGERS: [&str; 2] = ["manual", "conversation_opened"];

impl Lowering<'_> {
    /// A trigger's word, or a mapping with that word and its settings.
    pub(super) fn trigger(&mut self, value: Value<'_>) -> Option<Trigger> {
        let NodeKind::Map(_) = value.node.kind else {
            let word = self.text(value, "`trigger`")?;
            return self.trigger_word(word, value.place(), None);
        };
        let mut fields = self.fields(value, "`trigger`", "trigger: conversation_opened")?;
        let entries = fields.take_rest();
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

    fn trigger_word(&mut self, word: &str, span: Span, settings: Option<Value<'_>>) -> Option<Trigger> {
        let settings = settings.filter(|settings| !settings.is_null());
        match word {
            "manual" => {
                if let Some(settings) = settings {
                    self.fields(settings, "`manual`", "trigger: manual")?.finish(self);
                }
                Some(Trigger::default())
            }
            "conversation_opened" => self.conversation_opened(settings),
            _ if NOT_YET.iter().skip(5).any(|known| *known == word) => {
                self.not_yet(word, span);
                None
            }
            _ => {
                let message = format!("there is no trigger called {}", quoted(word));
                let known = TRIGGERS.iter().chain(NOT_YET.iter().skip(5).take(7)).copied();
                self.unknown("unknown-trigger", span, message, word, known);
                None
            }
        }
    }

    fn conversation_opened(&mut self, settings: Option<Value<'_>>) -> Option<Trigger> {
        let mut source = Vec::new();
        let mut when = None;
        if let Some(settings) = settings {
            let example = "trigger: { conversation_opened: { source: [contact] } }";
            let mut fields = self.fields(settings, "`conversation_opened`", example)?;
            if let Some(list) = fields.take("source") {
                let items = list.items();
                if items.is_empty() {
                    let help = "name who opens it, or leave `source` out for anybody";
                    self.error("empty-list", list.place(), "`source` names nobody", help);
                }
                for item in items {
                    source.extend(self.word(item, "`source`", OpenedBy::ALL, OpenedBy::as_str));
                }
            }
            when = fields.take("when").and_then(|when| self.conditions(when));
            if let Some(once) = fields.take("once_per_contact") {
                self.not_yet("once_per_contact", once.at);
            }
            fields.finish(self);
        }
        Some(Trigger { on: TriggerOn::ConversationOpened { source }, when, once_per_contact: false })
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
