//! The trigger record: what starts the workflow. Only two of its types were seen, so the settings of the others are inferred.

use super::Lower;
use super::condition::good_name;
use crate::flow::model::{ClosedBy, JsonPath, OpenedBy, Spanned, Trigger, TriggerOn};
use crate::flow::words::FieldType;
use crate::native::json::At;
use crate::native::remark::Carried;
use crate::native::spelling::Area;

impl Lower<'_, '_> {
    pub(super) fn trigger(&mut self) -> Trigger {
        let record = self.record(self.document.trigger);
        let at = record.at.clone();
        let Some(data) = record.data.clone() else {
            self.found.missing(&at, "data", "what starts the workflow");
            return Trigger::default();
        };
        let Some(kind) = self.found.text(&data, "type", "what starts the workflow") else { return Trigger::default() };
        let Some(word) = Self::word(Area::Trigger, &kind) else {
            let name = kind.as_text().unwrap_or_default();
            let text = format!("the trigger `{name}` is not known here: it is kept, and the flow is started by hand");
            self.found.remark(Carried::Guessed, &kind, None, text);
            return Trigger::default();
        };
        let on = self.starts_on(word, &data);
        self.unread(&data, None);
        let once_per_contact = match data.some("oncePerContact") {
            None => false,
            Some(flag) => {
                if flag.as_bool().is_none() {
                    self.found.wrong_type(&flag, "true or false");
                }
                flag.as_bool().unwrap_or_default() && on != TriggerOn::Manual
            }
        };
        let when = Self::key(&data, "conditions").and_then(|at| {
            if on == TriggerOn::Manual {
                let text = "conditions of a manual trigger are kept, but not looked at";
                self.found.remark(Carried::Kept, &at, None, text);
                return None;
            }
            self.conditions(&at, "")
        });
        Trigger { on, when, once_per_contact }
    }

    fn starts_on(&mut self, word: &str, data: &At<'_>) -> TriggerOn {
        match word {
            "conversation_opened" => TriggerOn::ConversationOpened { source: self.sources(data, OpenedBy::named) },
            "conversation_closed" => TriggerOn::ConversationClosed { source: self.sources(data, ClosedBy::named) },
            "contact_tag_updated" => TriggerOn::ContactTagUpdated {
                added: self.list(data, "added", |low, at| low.tag_name(at, "")),
                removed: self.list(data, "removed", |low, at| low.tag_name(at, "")),
            },
            "contact_field_updated" => TriggerOn::ContactFieldUpdated {
                fields: self.list(data, "fields", |low, at| low.gather.field(at, FieldType::Text).0),
            },
            "shortcut" => TriggerOn::Shortcut { form: self.form(data), example: Vec::new() },
            "incoming_webhook" => TriggerOn::IncomingWebhook { payload: self.payload(data), example: None },
            "click_to_chat_ad" => TriggerOn::ClickToChatAd { ads: self.list(data, "ads", Self::as_written) },
            "lifecycle_updated" => TriggerOn::LifecycleUpdated { to: self.list(data, "stages", Self::as_written) },
            _ => TriggerOn::Manual,
        }
    }

    fn as_written(_: &mut Self, at: &At<'_>) -> String {
        at.as_scalar().unwrap_or_default()
    }

    /// A list of names under a key of ours.
    fn list(&mut self, data: &At<'_>, ours: &str, name: impl Fn(&mut Self, &At<'_>) -> String) -> Vec<Spanned<String>> {
        let Some(at) = Self::key(data, ours) else { return Vec::new() };
        let items = if at.as_scalar().is_some() { vec![at] } else { at.items() };
        let mut names = Vec::new();
        for item in items {
            if item.as_scalar().is_none_or(|text| text.trim().is_empty()) {
                self.found.wrong_type(&item, "a name or an id");
                continue;
            }
            names.push(Self::named(name(self, &item), &item));
        }
        names
    }

    fn sources<T>(&mut self, data: &At<'_>, named: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let mut sources = Vec::new();
        for word in self.texts(data, "source") {
            if let Some(source) = named(&snake(&word)) {
                sources.push(source);
            } else {
                let text = format!("the source `{word}` is not known here: it is kept, but not looked at");
                self.found.remark(Carried::Kept, data, None, text);
            }
        }
        sources
    }

    fn form(&mut self, data: &At<'_>) -> Vec<(Spanned<String>, FieldType)> {
        let mut form: Vec<(Spanned<String>, FieldType)> = Vec::new();
        for entry in Self::key(data, "form").map(|list| list.items()).unwrap_or_default() {
            let name = entry.some("variable").or_else(|| entry.some("name"));
            let named = name.as_ref().and_then(At::as_text).filter(|name| good_name(name));
            let (Some(at), Some(named)) = (&name, named) else {
                let text =
                    "a field of the shortcut's form has no name that a variable may have: it is kept, but not asked";
                self.found.remark(Carried::Kept, &entry, None, text);
                continue;
            };
            let kind = entry.some("type").and_then(|kind| FieldType::named(kind.as_text()?)).unwrap_or(FieldType::Text);
            if !form.iter().any(|(known, _)| known.value == named) {
                form.push((Self::named(named.to_owned(), at), kind));
            }
        }
        form
    }

    fn payload(&mut self, data: &At<'_>) -> Vec<(Spanned<String>, JsonPath)> {
        let mut payload: Vec<(Spanned<String>, JsonPath)> = Vec::new();
        for entry in Self::key(data, "payload").map(|list| list.items()).unwrap_or_default() {
            let name = entry.some("variable");
            let named = name.as_ref().and_then(At::as_text).filter(|name| good_name(name));
            let path = entry.some("path").or_else(|| entry.some("key"));
            let path = path.and_then(|path| JsonPath::parse(path.as_text()?).ok());
            let (Some(at), Some(named), Some(path)) = (&name, named, path) else {
                let text = "an entry of the webhook's payload is not understood: it is kept, but not read";
                self.found.remark(Carried::Kept, &entry, None, text);
                continue;
            };
            if !payload.iter().any(|(known, _)| known.value == named) {
                payload.push((Self::named(named.to_owned(), at), path));
            }
        }
        payload
    }
}

/// `autoClose` as `auto_close`.
fn snake(word: &str) -> String {
    let mut snake = String::new();
    for c in word.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
