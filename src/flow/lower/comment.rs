//! `add_comment`: a text for colleagues, and whom it mentions.

use std::ops::Range;

use super::value::Value;
use super::{Lowering, NameKind};
use crate::flow::facts::Noticed;
use crate::flow::model::Action;
use crate::flow::workspace::User;

impl Lowering<'_> {
    pub(super) fn add_comment(&mut self, value: Value<'_>) -> Option<Action> {
        let text = self.template(value, "`add_comment`")?;
        let users = self.workspace.as_ref().and_then(|workspace| workspace.users.as_deref());
        let found = mentions(text.source(), users.unwrap_or_default());
        for mention in found.iter().filter(|mention| !mention.known) {
            self.notice(
                value.node.span_of(self.text, mention.at.clone()),
                Noticed::Name(NameKind::User, mention.user.clone()),
            );
        }
        Some(Action::AddComment { text, mentions: found.into_iter().map(|mention| mention.user).collect() })
    }
}

/// The ids of the users a comment mentions, in order.
pub(crate) fn mentioned(text: &str, users: &[User]) -> Vec<String> {
    mentions(text, users).into_iter().map(|mention| mention.user).collect()
}

struct Mention {
    /// The user's id, or the name as written when no user has it.
    user: String,
    known: bool,
    /// The bytes of the comment, from the `@`.
    at: Range<usize>,
}

/// Everybody a comment mentions, in order, each once. An `@` inside a word, as in an e-mail address, mentions nobody.
fn mentions(text: &str, users: &[User]) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@')) {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let found_here = match rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((name, _)) => in_braces(name.trim(), users).map(|(user, known)| (user, known, name.len() + 2)),
            None => bare(rest, users),
        };
        if let Some((user, known, length)) = found_here
            && !found.iter().any(|mention| mention.user == user)
        {
            found.push(Mention { user, known, at: at..at + 1 + length });
        }
    }
    found
}

fn in_braces(name: &str, users: &[User]) -> Option<(String, bool)> {
    if name.is_empty() {
        return None;
    }
    let user = users.iter().find(|user| names(user).any(|known| lower(known).eq(lower(name))));
    Some((user.map_or_else(|| name.to_owned(), |user| user.id.clone()), user.is_some()))
}

/// A mention without braces: the longest id or name of a user that stands here, else the word up to the next blank.
fn bare(rest: &str, users: &[User]) -> Option<(String, bool, usize)> {
    let lengths = |user: &User| names(user).filter_map(|name| prefix(rest, name)).max();
    let best = users.iter().filter_map(|user| Some((lengths(user)?, user))).rev().max_by_key(|(length, _)| *length);
    if let Some((length, user)) = best {
        return Some((user.id.clone(), true, length));
    }
    let word = rest.split(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let starts_well = word.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    starts_well.then(|| (word.to_owned(), false, word.len()))
}

fn names(user: &User) -> impl Iterator<Item = &str> {
    [Some(user.id.as_str()), user.name.as_deref()].into_iter().flatten().filter(|name| !name.is_empty())
}

/// How many bytes of `text` are `name`, whatever the case, when no letter or digit follows.
fn prefix(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    // Letter by letter: most names differ in their first, and there may be thousands.
    if !name.chars().all(|wanted| rest.next().is_some_and(|found| found.to_lowercase().eq(wanted.to_lowercase()))) {
        return None;
    }
    let tail = rest.as_str();
    let ends_there = !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    ends_there.then(|| text.len() - tail.len())
}

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str, name: &str) -> User {
        User { id: id.into(), name: Some(name.into()), online: true, open_contacts: 0 }
    }

    fn found(text: &str) -> Vec<(String, bool)> {
        let users = [user("ana@example.com", "Ana"), user("ana.b@example.com", "Ana Banana"), user("omar", "عمر")];
        mentions(text, &users).into_iter().map(|mention| (mention.user, mention.known)).collect()
    }

    #[test]
    fn users_are_found_by_id_or_name_whatever_the_case() {
        assert_eq!(found("@ana please, and @OMAR."), [("ana@example.com".into(), true), ("omar".into(), true)]);
        assert_eq!(found("@ana@example.com: look"), [("ana@example.com".into(), true)]);
        assert_eq!(found("@{ana banana} @عمر"), [("ana.b@example.com".into(), true), ("omar".into(), true)]);
    }

    #[test]
    fn the_longest_name_wins() {
        assert_eq!(found("@Ana Banana, hi"), [("ana.b@example.com".into(), true)]);
    }

    #[test]
    fn unknown_names_are_kept_as_written() {
        assert_eq!(found("@anabel! @{Some One}"), [("anabel".into(), false), ("Some One".into(), false)]);
    }

    #[test]
    fn an_address_inside_a_text_mentions_nobody() {
        assert_eq!(found("write to sam@omar or a@b.c, @ nobody, @, @{} @{"), []);
    }
}
