//! The trigger record.

use serde_json::{Map, Value, json};

use super::Write;
use crate::diagnostic::Diagnostic;
use crate::flow::model::{Spanned, TriggerOn};
use crate::native::spelling::{self, Area};
use crate::source::Span;

impl Write<'_> {
    pub(super) fn trigger(&mut self) -> Value {
        let flow = self.flow;
        let mut data = Map::new();
        let word = spelling::of(Area::Trigger, flow.trigger.on.word().as_str());
        data.insert("type".into(), json!(word.map(|entry| entry.native)));
        let native = self.native();
        let mut lists: Vec<(&'static str, Value)> = Vec::new();
        match &flow.trigger.on {
            TriggerOn::Manual => {}
            TriggerOn::ConversationOpened { source } => lists.push(("source", json!(source))),
            TriggerOn::ConversationClosed { source } => lists.push(("source", json!(source))),
            TriggerOn::ContactTagUpdated { added, removed } => {
                for (key, tags) in [("added", added), ("removed", removed)] {
                    let ids: Vec<Value> =
                        tags.iter().map(|tag| self.id_or_name(None, &native.tags, "tag", &tag.value)).collect();
                    lists.push((key, json!(ids)));
                }
            }
            TriggerOn::ContactFieldUpdated { fields } => {
                let ids: Vec<Value> = fields.iter().map(|field| self.field(None, &field.value)).collect();
                lists.push(("fields", json!(ids)));
            }
            TriggerOn::Shortcut { form, .. } => {
                let entry = |(name, kind): &(Spanned<String>, _)| json!({ "variable": name.value, "type": kind });
                lists.push(("form", form.iter().map(entry).collect()));
            }
            TriggerOn::IncomingWebhook { payload, .. } => {
                let entries =
                    payload.iter().map(|(name, path)| json!({ "variable": name.value, "path": path.source() }));
                lists.push(("payload", entries.collect()));
            }
            TriggerOn::ClickToChatAd { ads } => lists.push(("ads", names(ads))),
            TriggerOn::LifecycleUpdated { to } => lists.push(("stages", names(to))),
        }
        if let Some(when) = &flow.trigger.when {
            lists.push(("conditions", self.trigger_conditions(when)));
        }
        lists.retain(|(_, value)| value.as_array().is_none_or(|list| !list.is_empty()));
        let born_there = self.kept.envelope("id").is_some();
        if !born_there && (word.is_none_or(|entry| !entry.seen) || !lists.is_empty()) {
            let message =
                "the trigger's type or its settings are inferred, not seen in a file of the platform".to_owned();
            let finding = Diagnostic::warning("inferred-spelling", flow.file, Span::default(), message);
            self.warnings.push(finding.help("set the trigger on the platform after importing the file"));
        }
        for (key, value) in lists {
            data.insert(spelling::of(Area::Key, key).map_or(key, |entry| entry.native).to_owned(), value);
        }
        if flow.trigger.on != TriggerOn::Manual {
            data.insert("oncePerContact".into(), json!(flow.trigger.once_per_contact));
        }
        json!({ "id": 1, "parentId": -1, "type": "trigger", "data": data })
    }
}

fn names(list: &[Spanned<String>]) -> Value {
    list.iter().map(|name| json!(name.value)).collect()
}
