//! A contact card: of a workspace, of a flow, or a file of its own.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;

use super::date_time::local;
use super::mapping::Fields;
use super::value::{Value, decimal};
use super::workspace::is_standard;
use super::{Lowering, NameKind, Noticed, quoted};
use crate::flow::duration::parse_duration;
use crate::flow::words::FieldType;
use crate::flow::workspace::{ContactCard, LastIncoming, Workspace};
use crate::source::{NodeKind, Span};

/// The keys of a contact.
pub(super) const KEYS: [&str; 14] = [
    "id",
    "firstname",
    "lastname",
    "email",
    "phone",
    "country",
    "language",
    "lifecycle",
    "assignee",
    "tags",
    "fields",
    "channels",
    "last_channel",
    "last_incoming",
];

impl Lowering<'_> {
    /// A contact mapping. Its channels are checked against the workspace, when there is one.
    pub(super) fn contact_card(&mut self, value: Value<'_>, workspace: Option<&Workspace>) -> Option<ContactCard> {
        let before = self.diagnostics.len();
        let mut fields = self.fields(value, "a contact", "{ firstname: Ana, phone: +962790000000 }")?;
        let mut text = |low: &mut Self, key: &'static str| {
            let value = fields.take(key)?;
            low.spanned(value, &format!("`{key}`"))
        };
        let lifecycle = text(self, "lifecycle");
        let assignee = text(self, "assignee");
        let mut plain = |low: &mut Self, key: &'static str| text(low, key).map(|text| text.value);
        let mut card = ContactCard {
            id: plain(self, "id"),
            firstname: plain(self, "firstname"),
            lastname: plain(self, "lastname"),
            email: plain(self, "email"),
            phone: plain(self, "phone"),
            country: plain(self, "country"),
            language: plain(self, "language"),
            ..ContactCard::default()
        };
        for (kind, name) in [(NameKind::Lifecycle, &lifecycle), (NameKind::User, &assignee)] {
            if let Some(name) = name {
                self.notice_name(kind, name);
            }
        }
        card.lifecycle = lifecycle.map(|name| name.value);
        card.assignee = assignee.map(|name| name.value);
        self.card_channels(&mut fields, &mut card, workspace);
        let tags = fields.take("tags").map(|tags| self.texts(tags, "a tag")).unwrap_or_default();
        for tag in &tags {
            self.notice_name(NameKind::Tag, tag);
        }
        card.tags = tags.into_iter().map(|tag| tag.value).collect();
        if let Some(values) = fields.take("fields") {
            card.fields = self.card_fields(values, workspace);
        }
        if let Some(last) = fields.take("last_incoming") {
            let zone = workspace.map_or(Tz::UTC, |workspace| workspace.timezone);
            card.last_incoming = self.last_incoming(last, zone).unwrap_or_default();
        }
        if let Some((key, name)) = fields.stray(|key| matches!(key, "name" | "full_name" | "fullname")) {
            let message = format!("a contact has no `{key}`: it has a first name and a last name");
            let help = match name.scalar().map(|name| name.trim().split_once(char::is_whitespace)) {
                Some(Some((first, last))) => {
                    format!("write firstname: {first}, lastname: {}", last.trim_start())
                }
                _ => "write `firstname` and `lastname`".to_owned(),
            };
            self.error("unknown-key", name.at, message, help);
        }
        fields.finish(self);
        (self.diagnostics.len() == before).then_some(card)
    }

    fn card_channels(&mut self, fields: &mut Fields<'_>, card: &mut ContactCard, workspace: Option<&Workspace>) {
        let channels = fields.take("channels").map(|list| self.texts(list, "a channel"));
        let last = fields.take("last_channel").and_then(|last| self.spanned(last, "`last_channel`"));
        for channel in channels.iter().flatten().chain(&last) {
            let Some(workspace) = workspace.filter(|workspace| workspace.channel(&channel.value).is_none()) else {
                continue;
            };
            let message = format!("the workspace has no channel {}", quoted(&channel.value));
            let known = workspace.channels.iter().map(|channel| channel.id.as_str());
            self.unknown("unknown-channel", channel.span, message, &channel.value, known);
        }
        if let (Some(channels), Some(last)) = (&channels, &last)
            && !channels.iter().any(|channel| channel.value == last.value)
            && workspace.is_none_or(|workspace| workspace.channel(&last.value).is_some())
        {
            let message = format!("`last_channel` is {}, on which the contact is not connected", quoted(&last.value));
            self.error("last-channel-misfit", last.span, message, "add it to `channels`, or name one of those");
        }
        card.channels = channels.map(|channels| channels.into_iter().map(|channel| channel.value).collect());
        card.last_channel = last.map(|last| last.value);
    }

    fn card_fields(&mut self, value: Value<'_>, workspace: Option<&Workspace>) -> Vec<(String, String)> {
        let Some(mut fields) = self.fields(value, "`fields`", "fields: { city: Amman }") else { return Vec::new() };
        let mut values = Vec::new();
        for entry in fields.take_rest(self) {
            if is_standard(entry.key) {
                let message = format!("`{}` is a standard field and stands outside `fields`", entry.key);
                let help = format!("move `{}` out, beside `fields`", entry.key);
                self.error("standard-field", entry.key_span, message, help);
                continue;
            }
            self.notice(entry.key_span, super::Noticed::Name(NameKind::Field, entry.key.to_owned()));
            let text = self.text(entry.value(), "the value of a field");
            if let Some(text) = text {
                self.notice_card(entry.key, text, entry.node.span, workspace);
            }
            values.extend(text.map(|text| (entry.key.to_owned(), text.to_owned())));
        }
        values
    }

    /// Takes note of a value that its field could never have got.
    fn notice_card(&mut self, id: &str, value: &str, span: Span, workspace: Option<&Workspace>) {
        let Some(field) = workspace.and_then(|workspace| workspace.field(id)) else { return };
        let folded = value.to_ascii_lowercase();
        let fits = match field.kind {
            FieldType::Number => decimal(value).is_some(),
            FieldType::Date => value.parse::<chrono::NaiveDate>().is_ok(),
            FieldType::Checkbox => matches!(folded.as_str(), "true" | "false" | "yes" | "no"),
            FieldType::List => field.options.is_empty() || field.options.iter().any(|option| option == value),
            FieldType::Text | FieldType::Email | FieldType::Url | FieldType::Time | FieldType::Phone => true,
        };
        if !fits {
            let (field, kind, value) = (field.id.clone(), field.kind, value.to_owned());
            self.notice(span, Noticed::CardMisfit { field, kind, value });
        }
    }

    /// `never`, `3 days ago`, or `{ at, text }`.
    fn last_incoming(&mut self, value: Value<'_>, zone: Tz) -> Option<LastIncoming> {
        let NodeKind::Map(_) = value.node.kind else {
            if let Some(written) = value.scalar().and_then(before_ago) {
                let ago = self.ago(value, written)?;
                return Some(LastIncoming::Ago { ago, text: String::new() });
            }
            self.word(value, "`last_incoming`", &["never", "3 days ago"], std::convert::identity)?;
            return Some(LastIncoming::Never);
        };
        let mut fields =
            self.fields(value, "`last_incoming`", "last_incoming: { at: 2026-01-04T18:00, text: Hello }")?;
        let at = fields.require(self, "at");
        let text = fields.take("text").and_then(|text| self.scalar(text, "`text`")).unwrap_or_default().to_owned();
        fields.finish(self);
        let at = at?;
        match at.scalar().and_then(before_ago) {
            Some(written) => Some(LastIncoming::Ago { ago: self.ago(at, written)?, text }),
            None => Some(LastIncoming::At { at: self.instant(at, zone)?, text }),
        }
    }

    /// How long ago: the duration before the word.
    fn ago(&mut self, value: Value<'_>, written: &str) -> Option<Duration> {
        match parse_duration(written) {
            Ok(ago) => Some(ago),
            Err(error) => {
                let help = "write how long ago, such as 3 days ago or 1 day 12h ago";
                self.error("bad-duration", value.place(), error.to_string(), help);
                None
            }
        }
    }

    fn instant(&mut self, value: Value<'_>, zone: Tz) -> Option<DateTime<FixedOffset>> {
        let text = self.text(value, "`at`")?;
        let read = DateTime::parse_from_rfc3339(text).ok().or_else(|| in_zone(local(text)?, zone));
        if read.is_none() {
            let message = format!("`at` must be an instant, not {}", quoted(text));
            let help =
                "write it like 2026-01-05T09:00 (in the workspace's zone), 2026-01-05T09:00:00+03:00 or 3 days ago.";
            self.error("bad-date", value.place(), message, help);
        }
        read
    }
}

/// What stands before `ago`.
fn before_ago(text: &str) -> Option<&str> {
    let (before, last) = text.trim().rsplit_once(char::is_whitespace)?;
    last.eq_ignore_ascii_case("ago").then_some(before.trim_end())
}

/// A local time in its zone: the earlier one when clocks go back, none when they skip it.
fn in_zone(local: NaiveDateTime, zone: Tz) -> Option<DateTime<FixedOffset>> {
    let read = match zone.from_local_datetime(&local) {
        LocalResult::Single(read) | LocalResult::Ambiguous(read, _) => read,
        LocalResult::None => return None,
    };
    Some(read.with_timezone(&read.offset().fix()))
}
