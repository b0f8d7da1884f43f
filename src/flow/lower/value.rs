//! Reading single values: texts, numbers, words, lists, durations. Each reader reports what is wrong with its value.

use std::time::Duration;

use chrono_tz::{TZ_VARIANTS, Tz};
use rust_decimal::Decimal;

use super::{Lowering, NameKind, Noticed, characters, limits, quoted};
use crate::flow::duration::{format_duration, parse_duration};
use crate::flow::model::Spanned;
use crate::source::{Node, NodeKind, Span};
use crate::template::{ContactProperty, Part, Template, Variable};

/// A value and the place to point at when it is empty: its key, or itself in a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'n> {
    pub(super) at: Span,
    pub(super) node: &'n Node,
}

impl<'n> Value<'n> {
    /// A value that stands on its own, as in a list.
    pub(super) fn item(node: &'n Node) -> Self {
        Self { at: node.span, node }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.node.kind, NodeKind::Null)
    }

    /// The place of the value, or of its key where nothing was written.
    pub(super) fn place(&self) -> Span {
        if self.is_null() && self.node.span.start == self.node.span.end { self.at } else { self.node.span }
    }

    /// The text of a scalar.
    pub(super) fn scalar(&self) -> Option<&'n str> {
        match &self.node.kind {
            NodeKind::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The items of a list; one item may stand alone. Nothing gives no items.
    pub(super) fn items(&self) -> Vec<Value<'n>> {
        match &self.node.kind {
            NodeKind::Null => Vec::new(),
            NodeKind::Seq(items) => items.iter().map(Value::item).collect(),
            _ => vec![*self],
        }
    }
}

impl Lowering<'_> {
    /// A scalar's text, which may be blank. `what` names the value in messages: "`name`", "an option".
    pub(super) fn scalar<'n>(&mut self, value: Value<'n>, what: &str) -> Option<&'n str> {
        match &value.node.kind {
            NodeKind::Scalar(scalar) => return Some(&scalar.text),
            NodeKind::Null => self.error(
                "missing-text",
                value.place(),
                format!("{what} needs a text, but nothing is written here"),
                "write the text. If you mean the word itself, put it in quotes: \"null\" or \"~\"",
            ),
            NodeKind::Seq(_) => self.error(
                "wrong-type",
                value.place(),
                format!("{what} must be one text, but this is a list"),
                "write one text. If the text itself starts with `[` or `-`, put it in quotes",
            ),
            NodeKind::Map(entries) => {
                let help = match entries.as_slice() {
                    [(key, text)] => {
                        let part = |node| Value::item(node).scalar().unwrap_or_default();
                        format!("if this is meant as one text, put it in quotes: \"{}: {}\"", part(key), part(text))
                    }
                    _ => "if this is meant as one text, put it in quotes".to_owned(),
                };
                self.error(
                    "wrong-type",
                    value.place(),
                    format!("{what} must be one text, but this is a mapping"),
                    help,
                );
            }
        }
        None
    }

    /// A text that is not blank.
    pub(super) fn text<'n>(&mut self, value: Value<'n>, what: &str) -> Option<&'n str> {
        let text = self.scalar(value, what)?;
        if text.trim().is_empty() {
            self.error("empty-text", value.place(), format!("{what} is empty"), "write a text, or leave the key out");
            return None;
        }
        Some(text)
    }

    /// A text that is not blank, with its place.
    pub(super) fn spanned(&mut self, value: Value<'_>, what: &str) -> Option<Spanned<String>> {
        let text = self.text(value, what)?;
        Some(Spanned { value: text.to_owned(), span: value.node.span })
    }

    /// A text that may hold dynamic variables.
    pub(super) fn template(&mut self, value: Value<'_>, what: &str) -> Option<Template> {
        let template = Template::parse(self.text(value, what)?);
        self.notice_variables(&template, value.node);
        Some(template)
    }

    /// A text the contact is sent: it may hold dynamic variables, and at most 2,000 characters.
    pub(super) fn message_text(&mut self, value: Value<'_>, what: &str) -> Option<Template> {
        let template = self.template(value, what)?;
        let count = characters(template.source());
        if count > limits::TEXT_CHARACTERS {
            self.error(
                "text-too-long",
                value.place(),
                format!("{what} has {count} characters; at most {} are allowed", limits::TEXT_CHARACTERS),
                "shorten it, or send it as two messages",
            );
            return None;
        }
        Some(template)
    }

    pub(super) fn notice_variables(&mut self, template: &Template, node: &Node) {
        for part in template.parts() {
            let (name, source) = match part {
                Part::Variable { name, source } => (name, source),
                Part::Text(source) => {
                    self.notice_braces(template, source.clone(), node);
                    continue;
                }
            };
            let noticed = match name {
                Variable::Unknown(name) => Noticed::UnknownMember(name.to_string()),
                Variable::Workflow(name) => {
                    let span = node.span_of(self.text, source.clone());
                    self.used.push(Spanned { value: name.to_string(), span });
                    continue;
                }
                Variable::Contact(ContactProperty::Field(field)) => Noticed::Name(NameKind::Field, field.to_string()),
                _ => continue,
            };
            self.notice(node.span_of(self.text, source.clone()), noticed);
        }
    }

    /// The items of a list, at most so many.
    pub(super) fn entries<'n>(&mut self, value: Value<'n>, most: usize) -> Vec<Value<'n>> {
        self.within(value.items(), most, value.at)
    }

    /// Takes note of `{{name}}` without the `$`. Numbers are the placeholders of message templates.
    fn notice_braces(&mut self, template: &Template, source: std::ops::Range<usize>, node: &Node) {
        let text = template.slice(&source);
        let mut from = 0;
        while let Some(open) = text.get(from..).and_then(|rest| rest.find("{{")) {
            let start = from + open;
            let Some(length) = text.get(start + 2..).and_then(|rest| rest.find("}}")) else { return };
            let name = text.get(start + 2..start + 2 + length).unwrap_or_default().trim();
            let end = start + length + 4;
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
            if is_name {
                let span = node.span_of(self.text, source.start + start..source.start + end);
                self.notice(span, Noticed::BareBraces(name.to_owned()));
            }
            from = end;
        }
    }

    /// A list of texts that are not blank; one may stand alone.
    pub(super) fn texts(&mut self, value: Value<'_>, what: &str) -> Vec<Spanned<String>> {
        if value.is_null() {
            self.scalar(value, what);
        }
        let items = self.entries(value, usize::MAX);
        items.into_iter().filter_map(|item| self.spanned(item, what)).collect()
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, value: Value<'_>, what: &str) -> Option<bool> {
        let text = self.scalar(value, what)?;
        match text {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => {
                let message = format!("{what} must be `true` or `false`, not {}", quoted(text));
                self.error("wrong-type", value.place(), message, "write `true` or `false`");
                None
            }
        }
    }

    /// A whole number within bounds.
    pub(super) fn whole(&mut self, value: Value<'_>, what: &str, bounds: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let text = self.scalar(value, what)?;
        let number = text.parse::<u32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        match number {
            Some(number) if bounds.contains(&number) => return Some(number),
            _ => self.error(
                "number-out-of-range",
                value.place(),
                format!(
                    "{what} must be a whole number from {} to {}, not {}",
                    bounds.start(),
                    bounds.end(),
                    quoted(text)
                ),
                format!("write a number from {} to {}", bounds.start(), bounds.end()),
            ),
        }
        None
    }

    /// An exact decimal of at most 28 digits.
    pub(super) fn decimal(&mut self, value: Value<'_>, what: &str) -> Option<Decimal> {
        let text = self.scalar(value, what)?;
        let number = decimal(text);
        if number.is_none() {
            let message = format!("{what} must be a number, not {}", quoted(text));
            self.error(
                "not-a-number",
                value.place(),
                message,
                "write digits with `.` for the fraction, such as 5 or 2.5.",
            );
        }
        number
    }

    /// One of a closed list of words.
    pub(super) fn word<W: Copy>(
        &mut self,
        value: Value<'_>,
        what: &str,
        all: &[W],
        word: fn(W) -> &'static str,
    ) -> Option<W> {
        let text = self.text(value, what)?;
        let found = all.iter().copied().find(|meaning| word(*meaning) == text);
        if found.is_none() {
            let message = format!("{} is not a value for {what}", quoted(text));
            self.unknown("unknown-word", value.place(), message, text, all.iter().map(|meaning| word(*meaning)));
        }
        found
    }

    /// A duration, of any length.
    pub(super) fn duration(&mut self, value: Value<'_>, what: &str) -> Option<Duration> {
        if let Some(meant) = meant_duration(value) {
            let message = format!("{what} takes a time as one text, but this is a mapping");
            self.error("wrong-type", value.place(), message, format!("write it as one text: {meant}"));
            return None;
        }
        let text = self.text(value, what)?;
        match parse_duration(text) {
            Ok(duration) => Some(duration),
            Err(error) => {
                let help = "write a duration such as 10 minutes, 4h or 1 day 12h";
                self.error("bad-duration", value.place(), error.to_string(), help);
                None
            }
        }
    }

    /// A duration people wait: more than nothing, at most 7 days (R23).
    pub(super) fn waiting_time(&mut self, value: Value<'_>, what: &str) -> Option<Duration> {
        let duration = self.duration(value, what)?;
        if duration.is_zero() {
            let help = "write how long, such as 10 minutes, or take it out";
            self.error("zero-duration", value.place(), format!("{what} is zero"), help);
            return None;
        }
        if duration > limits::LONGEST_WAIT {
            let message = format!("{what} is {}; the longest possible is 7 days", format_duration(duration));
            self.error("duration-too-long", value.place(), message, "write 7 days or less");
            return None;
        }
        Some(duration)
    }

    /// A time zone by its name in the zone database.
    pub(super) fn timezone(&mut self, value: Value<'_>) -> Option<Tz> {
        let text = self.text(value, "`timezone`")?;
        let found = text.parse::<Tz>().ok();
        if found.is_none() {
            let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
            // People write the city alone, or the right name in the wrong case.
            let meant = names()
                .find(|name| {
                    name.eq_ignore_ascii_case(text)
                        || name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(text))
                })
                .or_else(|| crate::diagnostic::did_you_mean(text, names()));
            let help = meant.map_or_else(
                || "write a name of the zone database, such as Asia/Amman, Europe/Berlin or UTC.".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            self.error(
                "unknown-timezone",
                value.place(),
                format!("there is no time zone called {}", quoted(text)),
                help,
            );
        }
        found
    }

    /// The name of a workflow variable: letters, digits and underscores, so that `$name` can speak of it.
    pub(super) fn variable(&mut self, value: Value<'_>, what: &str) -> Option<Spanned<String>> {
        let name = self.spanned(value, what)?;
        self.variable_name(name)
    }

    /// The same, of a name that stands as a key.
    pub(super) fn variable_name(&mut self, name: Spanned<String>) -> Option<Spanned<String>> {
        let good = name.value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if good {
            return Some(name);
        }
        let help = match name.value.strip_prefix('$') {
            Some(bare) => format!("leave the `$` out here: {bare}"),
            None => "use English letters, digits and underscores, and start with a letter: order_number".to_owned(),
        };
        self.error("bad-name", name.span, format!("{} cannot be the name of a variable", quoted(&name.value)), help);
        None
    }

    /// The id of a contact field.
    pub(super) fn field(&mut self, value: Value<'_>, what: &str) -> Option<Spanned<String>> {
        let name = self.spanned(value, what)?;
        if let Some(bare) = name.value.strip_prefix('$') {
            let bare = bare.strip_prefix("contact.").unwrap_or(bare);
            let message = format!("{} is written as a variable, but {what} takes the field's id", quoted(&name.value));
            self.error("bad-name", value.place(), message, format!("write it without the `$`: {bare}"));
            return None;
        }
        if self.is_no_field(&name.value) {
            let set = what == FIELD_TO_SET;
            self.notice(name.span, Noticed::NoField { name: name.value.clone(), set });
        } else {
            self.notice(name.span, Noticed::Name(NameKind::Field, name.value.clone()));
        }
        Some(name)
    }
}

impl Lowering<'_> {
    /// Whether a word only looks like a field: something else of the contact, and no field of the workspace is called so.
    pub(super) fn is_no_field(&self, name: &str) -> bool {
        let declared = self.workspace.as_ref().is_some_and(|workspace| workspace.field(name).is_some());
        !declared && (NO_FIELDS.contains(&name) || name.starts_with("contact."))
    }
}

/// What a contact has besides its fields.
const NO_FIELDS: [&str; 6] = ["name", "tags", "lifecycle", "id", "assignee", "channel"];

/// How a message calls a field that is to be set.
pub(super) const FIELD_TO_SET: &str = "the `field` to set";

/// The duration that a mapping of units, such as `{ hours: 2 }`, stands for.
fn meant_duration(value: Value<'_>) -> Option<String> {
    let NodeKind::Map(entries) = &value.node.kind else { return None };
    let part = |(unit, count): &(Node, Node)| {
        let (unit, count) = (Value::item(unit).scalar()?, Value::item(count).scalar()?);
        let unit = if count == "1" { unit.trim_end_matches('s') } else { unit };
        Some(format!("{count} {unit}"))
    };
    let parts: Option<Vec<String>> = entries.iter().map(part).collect();
    parts.map(|parts| parts.join(" ")).filter(|meant| parse_duration(meant).is_ok())
}

/// An exact decimal as an author writes it: an optional sign, digits, and a fraction after `.`.
pub(in crate::flow) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}
