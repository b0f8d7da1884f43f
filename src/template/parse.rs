//! Finding the variables in a text.

use smol_str::SmolStr;

use super::{AssigneeProperty, ChannelProperty, ContactProperty, ConversationProperty, Part, SystemProperty, Variable};

/// Splits a text into its pieces.
pub(super) fn parts(source: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find(['$', '{'])).map(|offset| at + offset) {
        let rest = source.get(found..).unwrap_or_default();
        let Some((name, length)) = braced(rest).or_else(|| bare(rest)) else {
            at = found + 1;
            continue;
        };
        if plain_from < found {
            parts.push(Part::Text(plain_from..found));
        }
        at = found + length;
        plain_from = at;
        parts.push(Part::Variable { name, source: found..at });
    }
    if plain_from < source.len() {
        parts.push(Part::Text(plain_from..source.len()));
    }
    parts
}

/// `{{ $name }}` at the start of `text`: the variable and its length in bytes.
fn braced(text: &str) -> Option<(Variable, usize)> {
    let inner = text.strip_prefix("{{")?;
    let start = inner.trim_start_matches([' ', '\t']);
    let (name, length) = bare(start)?;
    let end = start.get(length..)?.trim_start_matches([' ', '\t']).strip_prefix("}}")?;
    Some((name, text.len() - end.len()))
}

/// `$name` or `$namespace.member` at the start of `text`: the variable and its length in bytes.
fn bare(text: &str) -> Option<(Variable, usize)> {
    let first = name(text.strip_prefix('$')?)?;
    let after = 1 + first.len();
    let member = text.get(after..).and_then(|rest| rest.strip_prefix('.')).and_then(name);
    match (first, member) {
        ("contact" | "assignee" | "conversation" | "channel" | "system", Some(member)) => {
            Some((in_namespace(first, member), after + 1 + member.len()))
        }
        _ => Some((Variable::Workflow(SmolStr::new(first)), after)),
    }
}

/// The longest name at the start of `text`.
fn name(text: &str) -> Option<&str> {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return None;
    }
    let end = text.find(|other: char| !other.is_ascii_alphanumeric() && other != '_').unwrap_or(text.len());
    text.get(..end)
}

fn in_namespace(namespace: &str, member: &str) -> Variable {
    let unknown = || Variable::Unknown(SmolStr::new(format!("{namespace}.{member}")));
    match namespace {
        "assignee" => AssigneeProperty::named(member).map_or_else(unknown, Variable::Assignee),
        "conversation" => ConversationProperty::named(member).map_or_else(unknown, Variable::Conversation),
        "channel" => ChannelProperty::named(member).map_or_else(unknown, Variable::Channel),
        "system" => SystemProperty::named(member).map_or_else(unknown, Variable::System),
        _ => Variable::Contact(match member {
            "name" => ContactProperty::Name,
            "id" => ContactProperty::Id,
            "tags" => ContactProperty::Tags,
            "lifecycle" => ContactProperty::Lifecycle,
            field => ContactProperty::Field(SmolStr::new(field)),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ContactProperty, Part, Template, Variable};
    use proptest::prelude::*;

    fn field(name: &str) -> Variable {
        Variable::Contact(ContactProperty::Field(name.into()))
    }

    fn variables(text: &str) -> Vec<Variable> {
        Template::parse(text).variables().cloned().collect()
    }

    #[test]
    fn both_spellings_mean_the_same() {
        assert_eq!(variables("Hi $contact.firstname!"), [field("firstname")]);
        assert_eq!(variables("Hi {{$contact.firstname}}!"), [field("firstname")]);
        assert_eq!(variables("Hi {{ $contact.firstname }}!"), [field("firstname")]);
    }

    #[test]
    fn what_is_no_name_is_text() {
        for text in ["$279", "$ 5", "{{x}}", "$$", "{", "{{$x", "100$", "$é"] {
            let found = variables(text);
            let wanted: &[Variable] = if text == "{{$x" { &[Variable::Workflow("x".into())] } else { &[] };
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn a_trailing_dot_is_text() {
        let template = Template::parse("Write to $contact.email. Or $city.");
        assert_eq!(
            template.variables().cloned().collect::<Vec<_>>(),
            [field("email"), Variable::Workflow("city".into())]
        );
        assert!(matches!(template.parts().last(), Some(Part::Text(range)) if template.slice(range) == "."));
    }

    #[test]
    fn members_a_namespace_lacks_are_unknown() {
        assert_eq!(variables("$system.weather"), [Variable::Unknown("system.weather".into())]);
        assert_eq!(variables("$city.name"), [Variable::Workflow("city".into())]);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_source(text in "[$a{}. é\\u{627}1_]{0,40}") {
            let template = Template::parse(text.clone());
            let joined: String = template.parts().iter().map(|part| match part {
                Part::Text(range) | Part::Variable { source: range, .. } => template.slice(range),
            }).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
