//! What native files know only by number: channels, fields, tags, users and teams, gathered into one workspace.

use std::collections::HashSet;

use serde_json::Value;

use super::ids;
use super::json::At;
use super::lower::good_name;
use crate::flow::STANDARD_FIELDS;
use crate::flow::words::{ChannelType, FieldType};
use crate::flow::workspace::{Channel, Field, User, WorkflowEntry, Workspace};

/// The workspace as it grows.
#[derive(Debug, Clone)]
pub(super) struct Gather {
    workspace: Workspace,
    /// Whether it is a workspace of the user's, whose lists are left as they are but for what they lack.
    given: bool,
    /// Fields that are used as of two types: they are left undeclared, and may then be compared in every way.
    undeclared: Vec<String>,
    /// Fields that the given workspace declares.
    first: Vec<String>,
    /// Fields that are compared as texts.
    texts: Vec<String>,
    /// Whether a message template is sent: then the contact is probably on WhatsApp.
    templates: bool,
}

impl Gather {
    /// Starts from a workspace that already knows names, or from nothing.
    pub(super) fn new(given: Option<&Workspace>) -> Self {
        let fields = given.and_then(|given| given.contact_fields.as_deref()).unwrap_or_default();
        Self {
            workspace: given.cloned().unwrap_or_default(),
            given: given.is_some(),
            undeclared: Vec::new(),
            first: fields.iter().map(|field| field.id.clone()).collect(),
            texts: Vec::new(),
            templates: false,
        }
    }

    /// A message template is sent.
    pub(super) const fn template(&mut self) {
        self.templates = true;
    }

    /// The channel of an id, and whether it is new.
    pub(super) fn channel(&mut self, at: &At<'_>, kind: ChannelType, told: Option<&str>) -> (String, bool) {
        let Workspace { channels, native, .. } = &mut self.workspace;
        // The name of a type stands for every channel of it.
        let told = told.and_then(ids::slug).filter(|id| ChannelType::named(id).is_none());
        let taken: Vec<String> = channels.iter().map(|channel| channel.id.clone()).collect();
        let (id, new) = known(&mut native.channels, at, "channel", &taken, told.as_deref());
        if !taken.contains(&id) {
            channels.push(Channel { id: id.clone(), kind, name: None });
        }
        (id, new)
    }

    /// The contact field of an id, and whether it is new.
    pub(super) fn field(&mut self, at: &At<'_>, kind: FieldType) -> (String, bool) {
        // A field may be named instead of numbered.
        if let Some(name) = at.as_text().filter(|name| STANDARD_FIELDS.contains(name)) {
            return (name.to_owned(), false);
        }
        let (id, new) = match by_name(at).filter(|name| !good_name(name)) {
            Some(_) => (ids::placeholder("field", at), true),
            None => known(&mut self.workspace.native.fields, at, "field", &[], None),
        };
        self.declare(&id, kind);
        (id, new)
    }

    /// Leaves a field undeclared whose type was only guessed, and guessed wrong. Says whether that could be.
    pub(super) fn undeclare(&mut self, id: &str) -> bool {
        let Workspace { contact_fields, native, .. } = &mut self.workspace;
        let fixed = STANDARD_FIELDS.contains(&id) || self.first.iter().any(|known| known == id);
        if fixed || id_of(&native.fields, id).is_some() {
            return false;
        }
        self.undeclared.push(id.to_owned());
        if let Some(fields) = contact_fields {
            fields.retain(|field| field.id != id);
        }
        true
    }

    /// A field is compared as a text is: from now on it is one.
    pub(super) fn settle_as_text(&mut self, id: &str) {
        self.texts.push(id.to_owned());
    }

    /// A field that is spoken of by its own id, and the type it has.
    pub(super) fn declare(&mut self, id: &str, kind: FieldType) -> FieldType {
        if STANDARD_FIELDS.contains(&id) {
            return FieldType::Text;
        }
        if self.given && self.workspace.contact_fields.is_none() || self.undeclared.iter().any(|known| known == id) {
            return kind;
        }
        let fields = self.workspace.contact_fields.get_or_insert_default();
        let Some(field) = fields.iter_mut().find(|field| field.id == id) else {
            fields.push(Field { id: id.to_owned(), kind, options: Vec::new() });
            return kind;
        };
        let settled = self.first.iter().chain(&self.texts).any(|known| known == id);
        if field.kind == FieldType::Text && !settled {
            field.kind = kind;
        }
        field.kind
    }

    /// The tag of an id, and whether it is new.
    pub(super) fn tag(&mut self, at: &At<'_>, told: Option<&str>) -> (String, bool) {
        let others = self.workspace.tags.clone().unwrap_or_default();
        let (tag, new) = known(&mut self.workspace.native.tags, at, "tag", &others, told);
        if !self.given || self.workspace.tags.is_some() {
            let tags = self.workspace.tags.get_or_insert_default();
            if !tags.contains(&tag) {
                tags.push(tag.clone());
            }
        }
        (tag, new)
    }

    /// The user of an id, and whether it is new.
    pub(super) fn user(&mut self, at: &At<'_>) -> (String, bool) {
        let Workspace { users, native, .. } = &mut self.workspace;
        let (id, new) = known(&mut native.users, at, "user", &[], None);
        if !self.given || users.is_some() {
            let users = users.get_or_insert_default();
            if !users.iter().any(|user| user.id == id) {
                users.push(User { id: id.clone(), name: None, online: true, open_contacts: 0 });
            }
        }
        (id, new)
    }

    /// The team of an id, and whether it is new.
    pub(super) fn team(&mut self, at: &At<'_>) -> (String, bool) {
        let Workspace { teams, native, .. } = &mut self.workspace;
        let (id, new) = known(&mut native.teams, at, "team", &[], None);
        if !self.given || teams.is_some() {
            let teams = teams.get_or_insert_default();
            if !teams.iter().any(|(name, _)| *name == id) {
                teams.push((id.clone(), Vec::new()));
            }
        }
        (id, new)
    }

    /// A workflow: one of the files, or one that lives only on the platform. An entry that is there already stays.
    pub(super) fn workflow(&mut self, mut entry: WorkflowEntry) -> String {
        // A workspace may know a workflow by name only: then that is what an export says in the place of its id.
        let same = |known: &&WorkflowEntry| match &known.id {
            Some(_) => known.id == entry.id,
            None => entry.id.as_ref() == Some(&known.name),
        };
        let place = self.workspace.workflows.iter().position(|known| same(&known));
        if let Some(known) = place.and_then(|place| self.workspace.workflows.get_mut(place)) {
            // What lived only on the platform is among the files now.
            known.file = known.file.take().or(entry.file);
            return known.name.clone();
        }
        // Two workflows of one name: the second is told apart by a number.
        let mut names = self.workspace.workflows.iter().map(|known| known.name.clone()).collect();
        entry.name = ids::unique(&entry.name, &mut names);
        let name = entry.name.clone();
        self.workspace.workflows.push(entry);
        name
    }

    /// The workspace with all that was gathered.
    pub(super) fn workspace(&self) -> Workspace {
        let mut workspace = self.workspace.clone();
        let has_whatsapp = workspace.channels.iter().any(|channel| channel.kind == ChannelType::Whatsapp);
        if self.templates && !self.given && !has_whatsapp {
            let name = Some(ChannelType::Whatsapp.title().to_owned());
            workspace.channels.insert(0, Channel { id: "whatsapp".into(), kind: ChannelType::Whatsapp, name });
        }
        workspace
    }
}

/// The name of an id in one list of native ids; a new one is named after the id.
fn known(
    list: &mut Vec<(String, Value)>,
    at: &At<'_>,
    what: &str,
    taken: &[String],
    told: Option<&str>,
) -> (String, bool) {
    let id = at.json.plain();
    let same = |value: &Value| *value == id || as_text(value) == as_text(&id);
    if let Some((name, _)) = list.iter().find(|(_, value)| same(value)) {
        return (name.clone(), false);
    }
    // A tag may be called `12`; the platform's own ids are numbers.
    let name = if what == "tag" { at.as_text().filter(|name| !name.trim().is_empty()) } else { by_name(at) };
    if let Some(name) = name {
        return (name.to_owned(), false);
    }
    let mut names: HashSet<String> = list.iter().map(|(name, _)| name.clone()).chain(taken.iter().cloned()).collect();
    let told = told.filter(|told| !names.contains(*told));
    let name = ids::unique(&told.map_or_else(|| ids::placeholder(what, at), str::to_owned), &mut names);
    list.push((name.clone(), id));
    (name, true)
}

/// A text that is no number is a name: so it is written where the platform's id is not known.
fn by_name<'j>(at: &At<'j>) -> Option<&'j str> {
    at.as_text().filter(|text| !text.trim().is_empty() && !text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The native id of a name in a list.
pub(super) fn id_of<'v>(list: &'v [(String, Value)], name: &str) -> Option<&'v Value> {
    list.iter().find(|(known, _)| known == name).map(|(_, id)| id)
}
