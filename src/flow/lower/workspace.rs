//! The workspace: channels, fields, people, lists and workflows.

use chrono_tz::Tz;

use super::mapping::Fields;
use super::value::Value;
use super::{Ids, Lowering, NameKind, STANDARD_FIELDS, quoted};
use crate::flow::words::{ChannelType, FieldType};
use crate::flow::workspace::{Channel, ContactCard, Field, NativeIds, User, WorkflowEntry, Workspace};
use crate::source::{Node, NodeKind};

/// The keys of a workspace file that no flow file has.
pub(super) const OWN_KEYS: [&str; 11] = [
    "timezone",
    "compare",
    "channels",
    "contact_fields",
    "tags",
    "users",
    "teams",
    "lifecycle",
    "closing_categories",
    "workflows",
    "contacts",
];

/// What a workspace may list at most (our choice: each contact has a slot for every field, and the screen shows every user).
const MOST_CHANNELS: usize = 1_000;
const MOST_CONTACTS: usize = 1_000;
const MOST_FIELDS: usize = 1_000;
const MOST_TEAMS: usize = 1_000;
const MOST_USERS: usize = 10_000;

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
            workspace.channels = self.channels(list, &mut workspace.native);
        }
        let native = &mut workspace.native;
        workspace.contact_fields = fields.take("contact_fields").map(|list| self.contact_fields(list, native));
        workspace.users = fields.take("users").map(|list| self.users(list, native));
        self.workspace_lists(&mut fields, &mut workspace);
        if let Some(contacts) = fields.take("contacts") {
            workspace.contacts = self.contacts(contacts, &workspace);
        }
        if let Some(list) = fields.take("workflows") {
            workspace.workflows = self.workflows(list, &mut workspace.native);
        }
        workspace.mocks = fields.take("mocks").map(|mocks| self.workspace_mocks(mocks)).unwrap_or_default();
        fields.finish(self);
        (self.diagnostics.len() == before).then_some(workspace)
    }

    fn workspace_lists(&mut self, fields: &mut Fields<'_>, workspace: &mut Workspace) {
        let mut list = |key: &'static str, what: &str| {
            let texts = fields.take(key).map(|list| self.texts(list, what))?;
            Some(texts.into_iter().map(|text| text.value).collect())
        };
        workspace.lifecycle = list("lifecycle", "a lifecycle stage");
        workspace.closing_categories = list("closing_categories", "a closing category");
        let native = &mut workspace.native;
        workspace.tags = fields.take("tags").map(|tags| self.tags(tags, native));
        workspace.teams = fields.take("teams").map(|teams| self.teams(teams, native));
    }

    /// Tags by name, or as mappings that say how the platform knows them.
    fn tags(&mut self, list: Value<'_>, native: &mut NativeIds) -> Vec<String> {
        if list.is_null() {
            self.scalar(list, "a tag");
        }
        let mut tags = Vec::new();
        for item in self.entries(list, usize::MAX) {
            if !matches!(item.node.kind, NodeKind::Map(_)) {
                tags.extend(self.text(item, "a tag").map(str::to_owned));
                continue;
            }
            let Some(mut fields) = self.fields(item, "a tag", "{ name: vip, respondio: { id: 5 } }") else { continue };
            let name = fields.require(self, "name").and_then(|name| self.text(name, "`name`")).map(str::to_owned);
            let id = self.native_id(&mut fields);
            fields.finish(self);
            native.tags.extend(name.clone().zip(id));
            tags.extend(name);
        }
        tags
    }

    /// The workflows of the platform: which file holds each, or that it lives only there.
    fn workflows(&mut self, list: Value<'_>, native: &mut NativeIds) -> Vec<WorkflowEntry> {
        let mut names = Ids::new();
        let mut workflows = Vec::new();
        for item in self.entries(list, usize::MAX) {
            let example = "{ name: Survey, file: survey.yaml }";
            let Some(mut fields) = self.fields(item, "a workflow", example) else { continue };
            let span = fields.at();
            let name =
                fields.require(self, "name").and_then(|name| self.unique(name, "`name`", &mut names, "workflows"));
            let id = fields.take("id").and_then(|id| self.text(id, "`id`")).map(str::to_owned);
            let file = fields.take("file");
            let external_at = fields.take("external");
            let native_id = self.native_id(&mut fields);
            fields.finish(self);
            let external = external_at.and_then(|only| self.boolean(only, "`external`")).unwrap_or_default();
            match (file, external_at) {
                (Some(file), Some(other)) if external => self.error_also(
                    "setting-misfit",
                    (other.at, "a workflow is in a `file` or `external`, not both".to_owned()),
                    (file.at, "`file`"),
                    "take one of them out",
                ),
                (None, _) if !external => {
                    let help = "add `file:` with its flow file, or `external: true` when it lives only on the platform";
                    self.error("missing-key", span, "this workflow does not say where it is", help);
                }
                _ => {}
            }
            let file = file.and_then(|file| self.text(file, "`file`")).map(str::to_owned);
            native.workflows.extend(name.clone().zip(native_id));
            workflows.extend(name.map(|name| WorkflowEntry { name, id, file, span }));
        }
        workflows
    }

    fn channels(&mut self, list: Value<'_>, native: &mut NativeIds) -> Vec<Channel> {
        let items = self.entries(list, MOST_CHANNELS);
        if items.is_empty() {
            let help = "add one, such as { id: web, type: web_chat }, or leave `channels` out";
            self.error("empty-list", list.place(), "a workspace needs a channel", help);
        }
        let mut ids = Ids::new();
        let mut channels = Vec::new();
        for item in items {
            let Some(mut fields) = self.fields(item, "a channel", "{ id: web, type: web_chat }") else { continue };
            let id = fields.require(self, "id").and_then(|id| self.unique(id, "`id`", &mut ids, "channels"));
            let kind = fields
                .require(self, "type")
                .and_then(|kind| self.word(kind, "`type`", ChannelType::ALL, ChannelType::as_str));
            let name = fields.take("name").and_then(|name| self.text(name, "`name`")).map(str::to_owned);
            let native_id = self.native_id(&mut fields);
            fields.finish(self);
            native.channels.extend(id.clone().zip(native_id));
            // A type that is wrong was reported; the channel stays known, so that who speaks of it is not called wrong too.
            let kind = kind.unwrap_or(ChannelType::Custom);
            channels.extend(id.map(|id| Channel { id, kind, name }));
        }
        channels
    }

    fn contact_fields(&mut self, list: Value<'_>, native: &mut NativeIds) -> Vec<Field> {
        let mut ids = Ids::new();
        let mut declared = Vec::new();
        for item in self.entries(list, MOST_FIELDS) {
            let Some(mut fields) = self.fields(item, "a contact field", "{ id: city, type: text }") else { continue };
            let id = fields.require(self, "id").and_then(|id| self.unique(id, "`id`", &mut ids, "contact fields"));
            let kind = fields
                .require(self, "type")
                .and_then(|kind| self.word(kind, "`type`", FieldType::ALL, FieldType::as_str));
            let options = fields.take("options");
            let native_id = self.native_id(&mut fields);
            fields.finish(self);
            native.fields.extend(id.clone().zip(native_id));
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

    fn users(&mut self, list: Value<'_>, native: &mut NativeIds) -> Vec<User> {
        let mut ids = Ids::new();
        let mut users = Vec::new();
        for item in self.entries(list, MOST_USERS) {
            let Some(mut fields) = self.fields(item, "a user", "{ id: ana@example.com, name: Ana }") else { continue };
            let id = fields.require(self, "id").and_then(|id| self.unique(id, "`id`", &mut ids, "users"));
            let name = fields.take("name").and_then(|name| self.text(name, "`name`")).map(str::to_owned);
            let online = fields.take("online").and_then(|online| self.boolean(online, "`online`"));
            let open = fields.take("open_contacts").and_then(|open| self.whole(open, "`open_contacts`", 0..=1_000_000));
            let native_id = self.native_id(&mut fields);
            fields.finish(self);
            native.users.extend(id.clone().zip(native_id));
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

    /// An id or a name that no other of its list has.
    fn unique(&mut self, value: Value<'_>, key: &str, seen: &mut Ids, what: &str) -> Option<String> {
        let id = self.spanned(value, key)?;
        if let Some(first) = seen.get(&id.value).copied() {
            let word = key.trim_matches('`');
            let message = format!("two {what} have the {word} {}", quoted(&id.value));
            let help = format!("give one of them another {word}");
            self.error_also("repeated-id", (id.span, message), (first, "the first one"), help);
            return None;
        }
        seen.insert(id.value.clone(), id.span);
        Some(id.value)
    }

    fn teams(&mut self, value: Value<'_>, native: &mut NativeIds) -> Vec<(String, Vec<String>)> {
        let Some(mut fields) = self.fields(value, "`teams`", "teams: { Sales: [ana@example.com] }") else {
            return Vec::new();
        };
        let mut teams = Vec::new();
        for entry in fields.take_most(self, MOST_TEAMS) {
            let value = entry.value();
            let users = if let NodeKind::Map(_) = value.node.kind {
                let example = "Sales: { users: [ana@example.com], respondio: { id: 5 } }";
                let Some(mut fields) = self.fields(value, "a team", example) else { continue };
                let users = fields.take("users");
                let native_id = self.native_id(&mut fields);
                fields.finish(self);
                native.teams.extend(native_id.map(|id| (entry.key.to_owned(), id)));
                users
            } else {
                Some(value)
            };
            let users = users.filter(|users| !users.is_null());
            let members = users.map(|users| self.texts(users, "a member of a team")).unwrap_or_default();
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
        for entry in fields.take_most(self, MOST_CONTACTS) {
            let card = self.contact_card(entry.value(), Some(workspace));
            contacts.extend(card.map(|card| (entry.key.to_owned(), card)));
        }
        contacts
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
