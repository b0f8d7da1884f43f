//! The people of the workspace as the popup shows them: presence, load, and who could be chosen where the run waits for somebody.

use crate::engine::{Ineligible, Staff, User};
use crate::rehearsal::{Act, Rehearsal};

use super::action::Towards;

/// A user as the rehearsal stands.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Who.
    pub user: &'a User,
    /// Presence and open contacts.
    pub staff: Staff,
    /// Whether the contact is assigned to them.
    pub is_assignee: bool,
    /// What stands against choosing them, where the run waits for somebody.
    pub against: Option<Ineligible>,
}

/// The users in the program's order.
pub fn people(rehearsal: &Rehearsal) -> impl Iterator<Item = Person<'_>> {
    let session = rehearsal.session();
    let against = session.candidates();
    let assignee = session.contact().assignee.as_deref();
    session.staff().enumerate().map(move |(index, (user, staff))| Person {
        user,
        staff,
        is_assignee: assignee == Some(user.id.as_str()),
        against: against.get(index).copied().flatten(),
    })
}

impl Person<'_> {
    /// Their presence in a word.
    pub const fn presence(&self) -> &'static str {
        if self.staff.online { "online" } else { "offline" }
    }

    /// Comes online, or goes offline.
    pub fn toggled(&self) -> Act {
        Act::Presence(self.user.id.to_string(), !self.staff.online)
    }

    /// An open contact more, or one less; `None` below none.
    pub fn loaded(&self, towards: Towards) -> Option<Act> {
        let count = match towards {
            Towards::Next => self.staff.open_contacts.checked_add(1),
            Towards::Previous => self.staff.open_contacts.checked_sub(1),
        };
        Some(Act::Load(self.user.id.to_string(), count?))
    }

    /// Assigned by hand, or unassigned.
    pub fn assigned(&self) -> Act {
        Act::Assign((!self.is_assignee).then(|| self.user.id.to_string()))
    }
}

/// What stands against somebody, in words.
pub fn against_in_words(against: Ineligible) -> String {
    match against {
        Ineligible::OtherTeam => "not in the team".to_owned(),
        Ineligible::Offline => "offline".to_owned(),
        Ineligible::Busy(most) => format!("has {most} open contacts or more"),
    }
}
