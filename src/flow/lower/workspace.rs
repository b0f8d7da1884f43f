//! The workspace: channels, fields, people and lists, and the mocks whose shape is checked.

use chrono_tz::Tz;

use super::mapping::Fields;
use super::value::Value;
use super::{Ids, Lowering, NameKind, STANDARD_FIELDS, quoted};
use crate::flow::model::Spanned;
use crate::flow::words::{ChannelType, FieldType};
use crate::flow::workspace::{Channel, ContactCard, Field, User, Workspace};
use crate::source::Node;

/// The keys of a workspace file that no flow file has.
pub(super) const OWN_KEYS: [&str; 10] = [
    "timezone",
    "compare",
    "channels",
    "contact_fields",
    "tags",
    "users",
    "teams",
    "lifecycle",
    "closing_categories",
    "contacts",
];

impl Lowering<'_> {
    /// A workspace mapping; `None` when anything in it is wrong.
    pub(super) fn workspace_mapping(&mut self, value: Value<'_>) -> Option<Workspace> {
        let before = self.diagnostics.len();
        let mut fields = self.fields(value, "a workspace", "workspace: workspace.yaml")?;
        if let Some(version) = fields.take("version") {
            self.version(version);
        }
        let mut workspace = Workspace { contacts: Vec::new(), ..Workspace::default() };
        if let Some(zone) = fields.take("timezone") {
            workspace.timezone = self.timezone(zone).unwrap_or(Tz::UTC);
        }
        if let Some(compare) = fields.take("compare") {
            let word = self.word(compare, "`compare`", &["exact", "ignore_case"], std::convert::identity);
            workspace.ignore_case = word == Some("ignore_case");
        }
        if let Some(list) = fields.take("channels") {
            workspace.channels = self.channels(list);
        }
        workspace.contact_fields = fields.take("contact_fields").map(|list| self.contact_fields(list));
        workspace.users = fields.take("users").map(|list| self.users(list));
        self.workspace_lists(&mut fields, &mut workspace);
        if let Some(contacts) = fields.take("contacts") {
            workspace.contacts = self.contacts(contacts, &workspace);
        }
        if let Some(mocks) = fields.take("mocks") {
            self.mocks(mocks);
        }
        fields.finish(self);
        (self.diagnostics.len() == before).then_some(workspace)
    }

    fn workspace_lists(&mut self, fields: &mut Fields<'_>, workspace: &mut Workspace) {
        let mut list = |key: &'static str, what: &str| {
            let texts = fields.take(key).map(|list| self.texts(list, what))?;
            Some(texts.into_iter().map(|text| text.value).collect())
        };
        workspace.tags = list("tags", "a tag");
        workspace.lifecycle = list("lifecycle", "a lifecycle stage");
        workspace.closing_categories = list("closing_categories", "a closing category");
        workspace.teams = fields.take("teams").map(|teams| self.teams(teams));
    }

    fn channels(&mut self, list: Value<'_>) -> Vec<Channel> {
        let items = list.items();
        if items.is_empty() {
            let help = "add one, such as { id: web, type: web_chat }, or leave `channels` out";
            self.error("empty-list", list.place(), "a workspace needs a channel", help);
        }
        let mut ids = Ids::new();
        let mut channels = Vec::new();
        for item in items {
            let Some(mut fields) = self.fields(item, "a channel", "{ id: web, type: web_chat }") else { continue };
            let id = fields.require(self, "id").and_then(|id| self.unique(id, &mut ids, "channels"));
            let kind = fields
                .require(self, "type")
                .and_then(|kind| self.word(kind, "`type`", ChannelType::ALL, ChannelType::as_str));
            let name = fields.take("name").and_then(|name| self.text(name, "`name`")).map(str::to_owned);
            fields.finish(self);
            // A type that is wrong was reported; the channel stays known, so that who speaks of it is not called wrong too.
            let kind = kind.unwrap_or(ChannelType::Custom);
            channels.extend(id.map(|id| Channel { id, kind, name }));
        }
        channels
    }

    fn contact_fields(&mut self, list: Value<'_>) -> Vec<Field> {
        let mut ids = Ids::new();
        let mut declared = Vec::new();
        for item in list.items() {
            let Some(mut fields) = self.fields(item, "a contact field", "{ id: city, type: text }") else { continue };
            let id = fields.require(self, "id").and_then(|id| self.unique(id, &mut ids, "contact fields"));
            let kind = fields
                .require(self, "type")
                .and_then(|kind| self.word(kind, "`type`", FieldType::ALL, FieldType::as_str));
            let options = fields.take("options");
            fields.finish(self);
            if let (Some(options), Some(kind)) = (options, kind)
                && kind != FieldType::List
            {
                let message = format!("`options` belongs to the type list, but this field's type is {kind}");
                self.error("setting-misfit", options.at, message, "take `options` out, or write `type: list`");
            }
            let options = options.map(|options| self.texts(options, "an option")).unwrap_or_default();
            if let (Some(id), Some(kind)) = (id, kind) {
                declared.push(Field { id, kind, options: options.into_iter().map(|option| option.value).collect() });
            }
        }
        declared
    }

    fn users(&mut self, list: Value<'_>) -> Vec<User> {
        let mut ids = Ids::new();
        let mut users = Vec::new();
        for item in list.items() {
            let Some(mut fields) = self.fields(item, "a user", "{ id: ana@example.com, name: Ana }") else { continue };
            let id = fields.require(self, "id").and_then(|id| self.unique(id, &mut ids, "users"));
            let name = fields.take("name").and_then(|name| self.text(name, "`name`")).map(str::to_owned);
            let online = fields.take("online").and_then(|online| self.boolean(online, "`online`"));
            let open = fields.take("open_contacts").and_then(|open| self.whole(open, "`open_contacts`", 0..=1_000_000));
            fields.finish(self);
            // Our choice: who is not said to be away is online.
            users.extend(id.map(|id| User {
                id,
                name,
                online: online.unwrap_or(true),
                open_contacts: open.unwrap_or_default(),
            }));
        }
        users
    }

    /// An id that no other of its list has.
    fn unique(&mut self, value: Value<'_>, seen: &mut Ids, what: &str) -> Option<String> {
        let id = self.spanned(value, "`id`")?;
        if let Some(first) = seen.get(&id.value).copied() {
            let message = format!("two {what} have the id {}", quoted(&id.value));
            self.error_also("repeated-id", (id.span, message), (first, "the first one"), "give one of them another id");
            return None;
        }
        seen.insert(id.value.clone(), id.span);
        Some(id.value)
    }

    fn teams(&mut self, value: Value<'_>) -> Vec<(String, Vec<String>)> {
        let Some(mut fields) = self.fields(value, "`teams`", "teams: { Sales: [ana@example.com] }") else {
            return Vec::new();
        };
        let mut teams = Vec::new();
        for entry in fields.take_rest() {
            let members =
                if entry.value().is_null() { Vec::new() } else { self.texts(entry.value(), "a member of a team") };
            for member in &members {
                self.notice_name(NameKind::User, member);
            }
            teams.push((entry.key.to_owned(), members.into_iter().map(|member| member.value).collect()));
        }
        teams
    }

    fn contacts(&mut self, value: Value<'_>, workspace: &Workspace) -> Vec<(String, ContactCard)> {
        let Some(mut fields) = self.fields(value, "`contacts`", "contacts: { ana: { firstname: Ana } }") else {
            return Vec::new();
        };
        let mut contacts = Vec::new();
        for entry in fields.take_rest() {
            let card = self.contact_card(entry.value(), Some(workspace));
            contacts.extend(card.map(|card| (entry.key.to_owned(), card)));
        }
        contacts
    }

    /// Checks the shape of mocks; gives the steps they are for.
    pub(super) fn mocks(&mut self, value: Value<'_>) -> Vec<Spanned<String>> {
        let example = "mocks: { lookup: [{ status: 200, json: { id: 7 } }, { error: timeout }] }";
        let Some(mut fields) = self.fields(value, "`mocks`", example) else { return Vec::new() };
        let mut steps = Vec::new();
        for entry in fields.take_rest() {
            steps.push(Spanned { value: entry.key.to_owned(), span: entry.key_span });
            let items = entry.value().items();
            if items.is_empty() {
                self.error("empty-list", entry.value().place(), "this mock has no answers", format!("as in {example}"));
            }
            for item in items {
                self.mock(item);
            }
        }
        steps
    }

    fn mock(&mut self, value: Value<'_>) {
        let Some(mut fields) = self.fields(value, "an answer", "{ status: 200, json: { id: 7 } }") else { return };
        let status = fields.take("status");
        if let Some(status) = status {
            self.whole(status, "`status`", 100..=599);
        }
        // Any JSON will do, nothing included.
        let json = fields.take("json");
        let texts: Vec<(Value<'_>, &str)> = [("error", "`error`"), ("say", "`say`"), ("outcome", "`outcome`")]
            .into_iter()
            .filter_map(|(key, what)| Some((fields.take(key)?, what)))
            .collect();
        if status.is_none() && json.is_none() && texts.is_empty() {
            let help = "write `status:` with `json:`, or `error: timeout`";
            self.error("missing-key", fields.at(), "this answer says nothing", help);
        }
        fields.finish(self);
        for (value, what) in texts {
            self.text(value, what);
        }
    }

    /// The only version there is.
    pub(super) fn version(&mut self, value: Value<'_>) {
        if let Some(version) = self.text(value, "`version`")
            && version != "1"
        {
            let message = format!("version {} of the format is not known here", quoted(version));
            self.error("unknown-version", value.place(), message, "write `version: 1`, the only version there is");
        }
    }
}

/// Whether a name is one of the standard contact fields.
pub(super) fn is_standard(field: &str) -> bool {
    STANDARD_FIELDS.contains(&field)
}

/// Whether a mapping has one of these keys.
pub(super) fn has_key(entries: &[(Node, Node)], keys: &[&str]) -> bool {
    entries.iter().any(|(key, _)| Value::item(key).scalar().is_some_and(|key| keys.contains(&key)))
}
