//! Values several kinds of steps have: texts, durations, keys with several spellings.

use std::time::Duration;

use super::Lower;
use crate::flow::model::limits;
use crate::flow::words::FieldType;
use crate::native::json::At;
use crate::native::remark::Carried;
use crate::native::spelling::{self, Area, TABLE};
use crate::template::{ContactProperty, Template, Variable};

impl Lower<'_, '_> {
    /// The value of a key of ours, however the file spells it; nothing when it is missing or null.
    pub(super) fn key<'j>(data: &At<'j>, ours: &str) -> Option<At<'j>> {
        let entries = TABLE.iter().filter(|entry| entry.area == Area::Key && entry.ours == ours);
        entries.flat_map(|entry| std::iter::once(&entry.native).chain(entry.variants)).find_map(|word| data.some(word))
    }

    /// Whether a setting is there at all, be it null.
    pub(super) fn says(data: &At<'_>, ours: &str) -> bool {
        let entries = TABLE.iter().filter(|entry| entry.area == Area::Key && entry.ours == ours);
        let mut words = entries.flat_map(|entry| std::iter::once(&entry.native).chain(entry.variants));
        words.any(|word| data.get(word).is_some())
    }

    /// Tells which settings of a step or trigger are of no known name: they are kept, and not looked at.
    pub(super) fn unread(&mut self, data: &At<'_>, id: Option<&str>) {
        for at in data.members().iter().filter_map(|member| data.get(&member.key)) {
            let name = at.path.rsplit('.').next().unwrap_or_default().to_owned();
            if !spelling::is_setting(&name) {
                let text = format!("the setting `{name}` is not known here: it is kept, and not looked at");
                self.found.remark(Carried::Kept, &at, id, text);
            }
        }
    }

    /// Our word for one of theirs. `None` when nobody knows it.
    pub(super) fn word(area: Area, at: &At<'_>) -> Option<&'static str> {
        spelling::read(area, at.as_text()?).map(|entry| entry.ours)
    }

    /// A text with variables; the fields it speaks of are gathered.
    pub(super) fn template(&mut self, text: impl Into<String>) -> Template {
        let template = Template::parse(text);
        for variable in template.variables() {
            if let Variable::Contact(ContactProperty::Field(field)) = variable {
                self.gather.declare(field, FieldType::Text);
            }
        }
        template
    }

    /// A text with variables that must not be empty, of a length people can read.
    pub(super) fn long_text(&mut self, at: &At<'_>) -> Option<Template> {
        use unicode_segmentation::UnicodeSegmentation as _;
        let text = at.as_text().or_else(|| {
            self.found.wrong_type(at, "a text");
            None
        })?;
        if text.trim().is_empty() {
            return None;
        }
        let count = text.graphemes(true).count();
        if count > limits::TEXT_CHARACTERS {
            let message = format!("{count} characters; a text has at most {}", limits::TEXT_CHARACTERS);
            self.found.error("text-too-long", at, &message, "split it into two messages");
        }
        Some(self.template(text))
    }

    /// The text of a key; nothing when it is missing, null or empty.
    pub(super) fn optional(&mut self, data: &At<'_>, ours: &str) -> Option<Template> {
        let at = Self::key(data, ours)?;
        let Some(text) = at.as_scalar() else {
            self.found.wrong_type(&at, "a text");
            return None;
        };
        (!text.trim().is_empty()).then(|| self.template(text))
    }

    /// `{ value, unit }`, at most seven days. `None` when the unit is not known or something is wrong.
    pub(super) fn duration(&mut self, of: &At<'_>, id: &str) -> Option<Duration> {
        let (Some(value), Some(unit)) = (of.get("value"), of.get("unit")) else {
            let key = if of.get("value").is_none() { "value" } else { "unit" };
            self.found.missing(of, key, "how long it lasts");
            return None;
        };
        let number = value.as_u64().or_else(|| value.as_text().and_then(|text| text.parse().ok()));
        let Some(number) = number else {
            self.found.wrong_type(&value, "a whole number");
            return None;
        };
        if unit.as_text().is_none() {
            self.found.wrong_type(&unit, "a unit such as \"minutes\"");
        }
        let size = seconds(Self::word(Area::Unit, &unit)?)?;
        let whole = Duration::from_secs(number.saturating_mul(size));
        let fitting = whole.clamp(Duration::from_secs(1), limits::LONGEST_WAIT);
        if fitting != whole {
            let text = "the time is outside of what the product allows, so here it is brought to its limit of 7 days, or to a second";
            self.found.remark(Carried::Guessed, of, Some(id), text);
        }
        Some(fitting)
    }

    /// A list of texts under a key of ours. A number counts as its text.
    pub(super) fn texts(&mut self, data: &At<'_>, ours: &str) -> Vec<String> {
        let Some(at) = Self::key(data, ours) else { return Vec::new() };
        let items = at.items();
        if items.is_empty() {
            return at.as_scalar().into_iter().collect();
        }
        let mut texts = Vec::new();
        for item in items {
            match item.as_scalar() {
                Some(text) => texts.push(text),
                None => self.found.wrong_type(&item, "a text"),
            }
        }
        texts
    }
}

/// How many seconds a unit has; those of `…Ago` count alike.
pub(super) fn seconds(unit: &str) -> Option<u64> {
    match unit.trim_end_matches("_ago") {
        "seconds" => Some(1),
        "minutes" => Some(60),
        "hours" => Some(3600),
        "days" => Some(86_400),
        _ => None,
    }
}
