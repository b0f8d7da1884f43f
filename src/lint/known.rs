//! The names of a workspace, ready to be looked up: a file may speak of them thousands of times.

use std::collections::{HashMap, HashSet};

use crate::flow::{ChannelType, NameKind, STANDARD_FIELDS, Workspace};

/// The lists of a workspace. A list that is open is not there.
#[derive(Debug, Default)]
pub(super) struct Known<'w> {
    lists: HashMap<NameKind, (Vec<&'w str>, HashSet<&'w str>)>,
}

impl<'w> Known<'w> {
    /// The lists of this workspace; none when it has errors.
    pub(super) fn of(workspace: Option<&'w Workspace>) -> Self {
        let mut known = Self::default();
        let Some(workspace) = workspace else { return known };
        let texts = |list: &'w Option<Vec<String>>| Some(list.as_ref()?.iter().map(String::as_str).collect());
        known.put(NameKind::Tag, texts(&workspace.tags));
        known.put(NameKind::Lifecycle, texts(&workspace.lifecycle));
        known.put(NameKind::ClosingCategory, texts(&workspace.closing_categories));
        let fields = workspace.contact_fields.as_ref();
        let fields = fields.map(|fields| fields.iter().map(|field| field.id.as_str()).chain(STANDARD_FIELDS).collect());
        known.put(NameKind::Field, fields);
        let users = workspace.users.as_ref();
        known.put(NameKind::User, users.map(|users| users.iter().map(|user| user.id.as_str()).collect()));
        let teams = workspace.teams.as_ref();
        known.put(NameKind::Team, teams.map(|teams| teams.iter().map(|(team, _)| team.as_str()).collect()));
        let ids = workspace.channels.iter().map(|channel| channel.id.as_str());
        let types = ChannelType::ALL.iter().map(|kind| kind.as_str());
        known.put(NameKind::Channel, Some(ids.chain(types).collect()));
        known
    }

    fn put(&mut self, kind: NameKind, list: Option<Vec<&'w str>>) {
        if let Some(list) = list {
            let set = list.iter().copied().collect();
            self.lists.insert(kind, (list, set));
        }
    }

    /// The list, when a name is not in it.
    pub(super) fn without(&self, kind: NameKind, name: &str) -> Option<&[&'w str]> {
        let (list, set) = self.lists.get(&kind)?;
        (!set.contains(name)).then_some(list.as_slice())
    }
}
