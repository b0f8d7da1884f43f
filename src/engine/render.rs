//! Filling dynamic variables in.

use std::fmt::Write as _;

use super::bounds;
use super::contact::Contact;
use super::program::{Piece, Program, Text, Variable};
use super::session::State;
use super::value::Value;
use crate::template::{AssigneeProperty, ChannelProperty, ConversationProperty, SystemProperty};

/// A text is longer than [`bounds::TEXT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong;

/// Appends a text with its variables filled in. An unset variable stays as it was written, as on the product, and `unset` hears of it.
/// A text that grows too long is left off there: `out` holds its beginning then.
pub(super) fn render(
    program: &Program,
    state: &State,
    text: &Text,
    out: &mut String,
    mut unset: impl FnMut(&str),
) -> Result<(), TooLong> {
    let most = out.len().saturating_add(bounds::TEXT);
    if text.is_fixed() {
        out.push_str(&text.source);
        return if out.len() > most { Err(TooLong) } else { Ok(()) };
    }
    for piece in &text.pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Variable { name, source } => {
                if fill(program, state, *name, out).is_none() {
                    out.push_str(source);
                    unset(bare_name(source));
                }
            }
        }
        if out.len() > most {
            return Err(TooLong);
        }
    }
    Ok(())
}

/// The name of a variable without `$` and braces.
pub(super) fn bare_name(source: &str) -> &str {
    source.trim_matches(['{', '}', ' ', '\t']).trim_start_matches('$')
}

/// Appends the value of a variable; `None` when it is unset.
pub(super) fn fill(program: &Program, state: &State, name: Variable, out: &mut String) -> Option<()> {
    let contact = &state.contact;
    match name {
        Variable::Workflow(slot) => value(out, state.variables.get(slot)?),
        Variable::Field(slot) => value(out, contact.fields.get(slot)?),
        Variable::ContactName => out.push_str(&contact.name()?),
        Variable::ContactId => out.push_str(&contact.id),
        Variable::ContactTags => {
            let (first, others) = contact.tags.split_first()?;
            out.push_str(first);
            for tag in others {
                if out.len() > 2 * bounds::TEXT {
                    break;
                }
                out.push_str(", ");
                out.push_str(tag);
            }
        }
        Variable::ContactLifecycle => out.push_str(contact.lifecycle.as_deref()?),
        Variable::Assignee(property) => out.push_str(assignee(program, contact, property)?),
        Variable::Conversation(ConversationProperty::Id) => {
            write!(out, "{}-{}", contact.id, state.openings).ok()?;
        }
        Variable::Conversation(ConversationProperty::Status) => out.push_str(state.status()),
        Variable::Channel(property) => {
            let channel = program.channel(state.links.last()?);
            out.push_str(match property {
                ChannelProperty::Id => &channel.id,
                ChannelProperty::Name => &channel.name,
                ChannelProperty::Type => channel.kind.as_str(),
            });
        }
        Variable::System(property) => {
            let format = match property {
                SystemProperty::CurrentDatetime => "%Y-%m-%d %H:%M:%S",
                SystemProperty::CurrentDate => "%Y-%m-%d",
                SystemProperty::CurrentTime => "%H:%M:%S",
            };
            write!(out, "{}", state.now.local(program.zone()).format(format)).ok()?;
        }
        Variable::Unknown => return None,
    }
    Some(())
}

impl State {
    /// The value of a variable that holds one as it is: a workflow variable or a contact field.
    pub(super) fn value_of(&self, name: Variable) -> Option<&Value> {
        match name {
            Variable::Workflow(slot) => self.variables.get(slot),
            Variable::Field(slot) => self.contact.fields.get(slot),
            _ => None,
        }
    }
}

fn value(out: &mut String, value: &Value) {
    match value {
        Value::Text(text) => out.push_str(text),
        // Writing to a string cannot fail.
        Value::Number(number) => drop(write!(out, "{number}")),
    }
}

fn assignee<'a>(program: &'a Program, contact: &'a Contact, property: AssigneeProperty) -> Option<&'a str> {
    let id = contact.assignee.as_deref()?;
    match property {
        AssigneeProperty::Id => Some(id),
        AssigneeProperty::Name => Some(program.users().iter().find(|user| user.id == id).map_or(id, |user| &user.name)),
        AssigneeProperty::Email => id.contains('@').then_some(id),
    }
}
