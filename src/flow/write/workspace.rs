//! A workspace and its contacts.

use chrono_tz::Tz;
use serde_json::Value;

use super::json::{json, mocks};
use super::yaml::{Entries, Layout, Yaml};
use crate::flow::duration::format_duration;
use crate::flow::workspace::{ContactCard, LastIncoming, Workspace};

/// The entries of a workspace, without the version.
pub(super) fn entries(workspace: &Workspace) -> Entries {
    let native = &workspace.native;
    let mut entries = Entries::default();
    if workspace.timezone != Tz::UTC {
        entries.put("timezone", Yaml::word(&workspace.timezone));
    }
    if workspace.ignore_case {
        entries.put("compare", Yaml::word("ignore_case"));
    }
    if workspace.channels != Workspace::default().channels || !native.channels.is_empty() {
        entries.put(
            "channels",
            lines(workspace.channels.iter().map(|channel| {
                let mut item = Entries::default();
                item.put("id", Yaml::text(&channel.id)).put("type", Yaml::word(&channel.kind));
                item.put_text("name", channel.name.as_deref());
                with_id(item, &native.channels, &channel.id)
            })),
        );
    }
    entries.put_some(
        "contact_fields",
        workspace.contact_fields.as_ref().map(|fields| {
            lines(fields.iter().map(|field| {
                let mut item = Entries::default();
                item.put("id", Yaml::text(&field.id)).put("type", Yaml::word(&field.kind));
                item.put_texts("options", &field.options);
                with_id(item, &native.fields, &field.id)
            }))
        }),
    );
    entries.put_some("tags", workspace.tags.as_ref().map(|tags| self::tags(tags, &native.tags)));
    entries.put_some(
        "users",
        workspace.users.as_ref().map(|users| {
            lines(users.iter().map(|user| {
                let mut item = Entries::default();
                item.put("id", Yaml::text(&user.id)).put_text("name", user.name.as_deref());
                if !user.online {
                    item.put("online", Yaml::word(&false));
                }
                if user.open_contacts > 0 {
                    item.put("open_contacts", Yaml::word(&user.open_contacts));
                }
                with_id(item, &native.users, &user.id)
            }))
        }),
    );
    entries.put_some("teams", workspace.teams.as_ref().map(|teams| self::teams(teams, &native.teams)));
    entries.put_some("lifecycle", workspace.lifecycle.as_ref().map(Yaml::texts));
    entries.put_some("closing_categories", workspace.closing_categories.as_ref().map(Yaml::texts));
    if !workspace.workflows.is_empty() {
        entries.put(
            "workflows",
            lines(workspace.workflows.iter().map(|entry| {
                let mut item = Entries::default();
                item.put("name", Yaml::text(&entry.name)).put_text("id", entry.id.as_deref());
                match &entry.file {
                    Some(file) => item.put("file", Yaml::text(file)),
                    None => item.put("external", Yaml::word(&true)),
                };
                with_id(item, &native.workflows, &entry.name)
            })),
        );
    }
    if !workspace.contacts.is_empty() {
        let mut contacts = Entries::default();
        for (name, card) in &workspace.contacts {
            contacts.put(name, self::card(card));
        }
        entries.put("contacts", contacts.block());
    }
    if !workspace.mocks.is_empty() {
        entries.put("mocks", mocks(&workspace.mocks));
    }
    entries
}

/// A contact.
pub(super) fn card(card: &ContactCard) -> Yaml {
    let mut entries = Entries::default();
    let mut put = |key, text: &Option<String>| {
        entries.put_text(key, text.as_deref());
    };
    put("id", &card.id);
    put("firstname", &card.firstname);
    put("lastname", &card.lastname);
    put("email", &card.email);
    put("phone", &card.phone);
    put("country", &card.country);
    put("language", &card.language);
    put("lifecycle", &card.lifecycle);
    put("assignee", &card.assignee);
    entries.put_some("channels", card.channels.as_ref().map(Yaml::texts));
    entries.put_text("last_channel", card.last_channel.as_deref());
    match &card.last_incoming {
        LastIncoming::AtStart => {}
        LastIncoming::Never => {
            entries.put("last_incoming", Yaml::word("never"));
        }
        LastIncoming::Ago { ago, text } => {
            let ago = format!("{} ago", format_duration(*ago));
            if text.is_empty() {
                entries.put("last_incoming", Yaml::text(ago));
            } else {
                let mut last = Entries::default();
                last.put("at", Yaml::text(ago));
                last.put("text", Yaml::text(text));
                entries.put("last_incoming", last.fit());
            }
        }
        LastIncoming::At { at, text } => {
            let mut last = Entries::default();
            last.put("at", Yaml::text(at.to_rfc3339()));
            if !text.is_empty() {
                last.put("text", Yaml::text(text));
            }
            entries.put("last_incoming", last.fit());
        }
    }
    entries.put_texts("tags", &card.tags);
    if !card.fields.is_empty() {
        let mut fields = Entries::default();
        for (field, value) in &card.fields {
            fields.put(field, Yaml::text(value));
        }
        entries.put("fields", fields.fit());
    }
    entries.fit()
}

/// A list with one item a line.
fn lines(items: impl Iterator<Item = Yaml>) -> Yaml {
    Yaml::List(Layout::Block, items.collect())
}

/// An item of a list, with the platform's id for it.
fn with_id(mut item: Entries, ids: &[(String, Value)], name: &str) -> Yaml {
    item.put_some("respondio", native_id(ids, name));
    item.fit()
}

/// What the platform says about one thing, as `respondio:` takes it.
fn native_id(ids: &[(String, Value)], name: &str) -> Option<Yaml> {
    let (_, id) = ids.iter().find(|(known, _)| known == name)?;
    let mut entries = Entries::default();
    entries.put("id", json(id));
    Some(entries.fit())
}

/// A tag is a text, or a mapping when the platform has an id for it.
fn tags(tags: &[String], ids: &[(String, Value)]) -> Yaml {
    if ids.is_empty() {
        return Yaml::texts(tags);
    }
    lines(tags.iter().map(|tag| match native_id(ids, tag) {
        None => Yaml::text(tag),
        Some(id) => {
            let mut entries = Entries::default();
            entries.put("name", Yaml::text(tag)).put("respondio", id);
            entries.fit()
        }
    }))
}

/// A team is a list of users, or a mapping when the platform has an id for it.
fn teams(teams: &[(String, Vec<String>)], ids: &[(String, Value)]) -> Yaml {
    let mut entries = Entries::default();
    for (name, users) in teams {
        let list = Yaml::texts(users);
        entries.put(
            name,
            match native_id(ids, name) {
                None => list,
                Some(id) => {
                    let mut team = Entries::default();
                    team.put("users", list).put("respondio", id);
                    team.fit()
                }
            },
        );
    }
    entries.block()
}
