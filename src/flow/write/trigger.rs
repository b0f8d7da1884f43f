//! What starts a flow: a word, or a mapping with that word and its settings.

use super::condition::conditions;
use super::json::json;
use super::yaml::{Entries, Layout, Yaml};
use crate::flow::model::{Spanned, Trigger, TriggerOn};

/// The value of `trigger`; nothing when it is `manual`, the default.
pub(super) fn trigger(trigger: &Trigger) -> Option<Yaml> {
    let mut settings = Entries::default();
    match &trigger.on {
        // Another workflow starts it, whatever holds: a reader takes no settings here.
        TriggerOn::Manual => return None,
        TriggerOn::ConversationOpened { source } => words(&mut settings, source),
        TriggerOn::ConversationClosed { source } => words(&mut settings, source),
        TriggerOn::ContactTagUpdated { added, removed } => {
            settings.put_texts("added", values(added)).put_texts("removed", values(removed));
        }
        TriggerOn::ContactFieldUpdated { fields } => match fields.as_slice() {
            [only] => {
                settings.put("field", Yaml::text(&only.value));
            }
            fields => {
                settings.put_texts("field", values(fields));
            }
        },
        TriggerOn::Shortcut { form, example } => {
            pairs(&mut settings, "form", form.iter().map(|(name, kind)| (&name.value, Yaml::word(kind))));
            pairs(&mut settings, "example", example.iter().map(|(name, text)| (name, Yaml::text(text))));
        }
        TriggerOn::IncomingWebhook { payload, example } => {
            let payload = payload.iter().map(|(name, path)| (&name.value, Yaml::text(path.source())));
            pairs(&mut settings, "payload", payload);
            settings.put_some("example", example.as_ref().map(json));
        }
        TriggerOn::ClickToChatAd { ads } => {
            settings.put_texts("ads", values(ads));
        }
        TriggerOn::LifecycleUpdated { to } => {
            settings.put_texts("to", values(to));
        }
    }
    settings.put_some("when", trigger.when.as_ref().map(conditions));
    if trigger.once_per_contact {
        settings.put("once_per_contact", Yaml::word(&true));
    }
    let word = trigger.on.word();
    if settings.is_empty() {
        return Some(Yaml::word(&word));
    }
    let mut entries = Entries::default();
    entries.put(word.as_str(), settings.fit());
    Some(entries.fit())
}

fn words<W: std::fmt::Display>(settings: &mut Entries, source: &[W]) {
    if !source.is_empty() {
        settings.put("source", Yaml::List(Layout::Fit, source.iter().map(Yaml::word).collect()));
    }
}

fn values(names: &[Spanned<String>]) -> impl Iterator<Item = &str> {
    names.iter().map(|name| name.value.as_str())
}

fn pairs<'a>(settings: &mut Entries, key: &str, pairs: impl Iterator<Item = (&'a String, Yaml)>) {
    let mut entries = Entries::default();
    for (name, value) in pairs {
        entries.put(name, value);
    }
    if !entries.is_empty() {
        settings.put(key, entries.fit());
    }
}
