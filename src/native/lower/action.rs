//! Which step is which, and the small ones: jumps, waits, tags, fields, conversations, comments, the clock.

use chrono::{NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::{Lower, Read};
use crate::flow::model::{Action, DateTime, Hours, limits};
use crate::flow::words::FieldType;
use crate::native::json::{At, Json, JsonKind};
use crate::native::remark::Carried;
use crate::native::spelling::Area;
use crate::source::Span;
use crate::template::Template;

/// The days as the platform's files spell them.
pub(in crate::native) const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

impl Lower<'_, '_> {
    /// The action of a step and under which record its path goes on. `None` keeps the step as it is.
    pub(super) fn action(
        &mut self,
        index: usize,
        id: &str,
        known: &str,
        data: &At<'_>,
    ) -> Option<(Read, Option<usize>)> {
        let action = match known {
            "send_message" => return self.send_message(index, id, data),
            "ask_question" => return self.ask_question(index, id, data),
            "branch" => return self.branch(index, id),
            "date_time" => return self.date_time(index, id, data),
            "assign_to" => return self.assign_to(index, id, data),
            "http_request" => return self.http_request(index, id, data),
            "respond_with_ai" => return self.respond_with_ai(index, id, data),
            "trigger_workflow" => return self.trigger_workflow(index, id, data),
            "open_conversation" => Action::OpenConversation,
            "close_conversation" => Action::CloseConversation {
                category: Self::key(data, "category")
                    .and_then(|at| Some(Self::named(at.as_scalar().filter(|text| !text.trim().is_empty())?, &at))),
                summary: self.optional(data, "summary"),
            },
            "jump_to" => self.jump_to(index, id, data)?,
            "wait" => Action::Wait(self.duration(data, id)?),
            "update_contact_tag" => self.update_contact_tag(data, id)?,
            "update_contact_field" => self.update_contact_field(data, id)?,
            "add_comment" => {
                let text = self.found.text(data, "comment", "what colleagues should read")?;
                let text_span = text.span();
                let text = self.long_text(&text)?;
                let text = self.mentions(text.source(), text_span, id);
                // Who is mentioned is known when every file has told its users.
                Action::AddComment { text: Template::parse(text), mentions: Vec::new() }
            }
            "update_lifecycle" => {
                let stage = Self::key(data, "stage");
                // A stage that is not said is no wish to clear it.
                if stage.is_none() && !Self::says(data, "stage") {
                    return None;
                }
                Action::UpdateLifecycle(match stage {
                    Some(at) => Some(Self::named(at.as_scalar().filter(|text| !text.trim().is_empty())?, &at)),
                    None => None,
                })
            }
            "add_google_sheets_row" => self.sheet_row(data)?,
            _ => return None,
        };
        self.without_ways_out(index, id);
        Some((Read::One(action), Some(index)))
    }

    /// A step that needs no settings, without any.
    pub(super) fn bare(index: usize, known: &str) -> (Read, Option<usize>) {
        let action = match known {
            "open_conversation" => Action::OpenConversation,
            _ => Action::CloseConversation { category: None, summary: None },
        };
        (Read::One(action), Some(index))
    }

    /// A step that has no connectors here: those in the file are kept.
    fn without_ways_out(&mut self, index: usize, id: &str) {
        self.keep_others(index, id, &[]);
    }

    fn jump_to(&mut self, index: usize, id: &str, data: &At<'_>) -> Option<Action> {
        let target = self.found.text(data, "stepId", "the step it goes to")?;
        let place = target.as_text().and_then(|text| self.document.by_id.get(text)).copied();
        let ours = place.and_then(|place| self.ids.get(place).cloned().flatten());
        let Some(step) = ours else {
            let (message, help) = match place {
                Some(_) => {
                    ("a jump goes to a step, not to the trigger or to a connector", "choose the step on the platform")
                }
                None => {
                    ("no step has this id", "a jump stays inside its workflow; choose the step again on the platform")
                }
            };
            self.found.error("unknown-step-id", &target, message, help);
            return None;
        };
        self.jumps.push((step.clone(), index));
        let max_jumps = match data.some("maxJumps") {
            None => {
                let text =
                    format!("how often it may jump is not said: up to {} times, the most there is", limits::JUMPS);
                self.found.remark(Carried::Guessed, data, Some(id), text);
                limits::JUMPS
            }
            Some(at) => {
                let Some(count) = at.as_u64().or_else(|| at.as_text()?.parse().ok()) else {
                    self.found.wrong_type(&at, "a whole number");
                    return None;
                };
                let fitting = u8::try_from(count).unwrap_or(u8::MAX).clamp(1, limits::JUMPS);
                if u64::from(fitting) != count {
                    let text = format!("a jump may be made 1 to {} times: here {fitting} is taken", limits::JUMPS);
                    self.found.remark(Carried::Guessed, &at, Some(id), text);
                }
                fitting
            }
        };
        Some(Action::JumpTo { step: Self::named(step, &target), max_jumps })
    }

    fn update_contact_tag(&mut self, data: &At<'_>, id: &str) -> Option<Action> {
        let action = self.found.text(data, "action", "whether tags are added or removed")?;
        let Some(list) = data.some("value") else {
            self.found.missing(data, "value", "the tags");
            return None;
        };
        let mut tags = Vec::new();
        // The name of a step tells what one tag is called, not which of several.
        let told = self.told_by(id).filter(|_| list.items().len() == 1);
        for item in list.items() {
            if item.as_scalar().is_none_or(|text| text.trim().is_empty()) {
                self.found.wrong_type(&item, "the id of a tag");
                continue;
            }
            tags.push(Self::named(self.tag_called(&item, id, told.as_deref()), &item));
        }
        if tags.is_empty() {
            return None;
        }
        match Self::word(Area::Action, &action)? {
            "add_tag" => Some(Action::UpdateContactTag { add: tags, remove: Vec::new() }),
            "remove_tag" => Some(Action::UpdateContactTag { add: Vec::new(), remove: tags }),
            _ => None,
        }
    }

    fn update_contact_field(&mut self, data: &At<'_>, id: &str) -> Option<Action> {
        let at = Self::key(data, "field")?;
        at.as_scalar().filter(|name| !name.trim().is_empty())?;
        // A value that is not said is no wish to clear the field.
        if !Self::says(data, "value") {
            return None;
        }
        let (name, new) = self.gather.field(&at, FieldType::Text);
        if new {
            let text = format!("the contact field is known only by its number: it is called `{name}` here");
            self.found.remark(Carried::Guessed, &at, Some(id), text);
        }
        let value = Self::key(data, "value").and_then(|at| {
            let text = at.as_scalar().filter(|text| !text.trim().is_empty())?;
            Some(crate::flow::model::Spanned { value: self.template(text), span: at.span() })
        });
        Some(Action::UpdateContactField { field: Self::named(name, &at), value })
    }

    fn date_time(&mut self, index: usize, id: &str, data: &At<'_>) -> Option<(Read, Option<usize>)> {
        let action = self.found.text(data, "action", "business hours, or a range of days")?;
        let timezone: Tz = match data.some("timezone") {
            Some(zone) => zone.as_text()?.parse().ok()?,
            None => Tz::UTC,
        };
        let hours = match Self::word(Area::Action, &action)? {
            "business_hours" => {
                let mut times = Vec::new();
                for item in data.some("times").map(|list| list.items()).unwrap_or_default() {
                    times.push(hours(&item)?);
                }
                if times.is_empty() {
                    return None;
                }
                times.sort_by_key(|(day, from, _)| (day.num_days_from_monday(), *from));
                Hours::Business(times)
            }
            "range" => {
                let end = |ours: &str| local(Self::key(data, ours)?.as_text()?);
                let (from, to) = (end("from")?, end("to")?);
                (from < to).then_some(())?;
                Hours::Range { from, to }
            }
            _ => return None,
        };
        let success = self.connector(index, "success");
        let outside = self.connector(index, "outside");
        self.parts(index, id, &[("success", success), ("outside", outside)]);
        let failure_branch = self.side_with_steps(outside);
        let look = Action::DateTime(Box::new(DateTime { hours, timezone, failure_branch }));
        Some((Read::One(look), success.or(Some(index).filter(|_| outside.is_none()))))
    }

    /// `{{@user.12}}` as `@{user_12}`: the platform mentions users by their ids.
    fn mentions(&mut self, text: &str, span: Span, id: &str) -> String {
        const OPENS: &str = "{{@user.";
        let mut ours = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPENS) {
            ours.push_str(before);
            let user = after.split_once("}}").filter(|(user, _)| {
                !user.is_empty() && user.len() < 20 && user.bytes().all(|byte| byte.is_ascii_digit())
            });
            let Some((user, after)) = user else {
                ours.push_str(OPENS);
                rest = after;
                continue;
            };
            let json = Json { span, kind: JsonKind::Number(user.parse::<u64>().unwrap_or_default().into()) };
            let name = self.person(&At { json: &json, path: "$".to_owned() }, id, "user");
            ours.extend(["@{", name.as_str(), "}"]);
            rest = after;
        }
        ours.push_str(rest);
        ours
    }

    pub(super) fn sheet_row(&mut self, data: &At<'_>) -> Option<Action> {
        let spreadsheet = self.optional(data, "spreadsheet")?;
        let sheet = self.optional(data, "sheet").unwrap_or_else(|| Template::parse("Sheet1"));
        let mut row = Vec::new();
        let list = Self::key(data, "row")?;
        for item in list.items() {
            let column = item.some("column")?.as_scalar().filter(|column| !column.trim().is_empty())?;
            let value = item.some("value").and_then(|at| at.as_scalar()).unwrap_or_default();
            row.push((column, self.template(value)));
        }
        for member in list.members() {
            let value = At { json: &member.value, path: String::new() }.as_scalar()?;
            row.push((member.key.clone(), self.template(value)));
        }
        (!row.is_empty())
            .then(|| Action::AddGoogleSheetsRow(Box::new(crate::flow::model::SheetRow { spreadsheet, sheet, row })))
    }
}

/// `{ day, startTime, endTime }`.
fn hours(at: &At<'_>) -> Option<(Weekday, NaiveTime, NaiveTime)> {
    let text = |key: &str| at.some(key)?.as_text();
    let day = text("day")?.to_lowercase();
    let day = DAYS.iter().find(|(name, _)| day.starts_with(name)).map(|(_, day)| *day)?;
    let from = clock(text("startTime")?)?;
    let to = text("endTime")?;
    let to = if to == "24:00" { NaiveTime::MIN } else { clock(to)? };
    // A range that ends when it starts says nothing, unless it is a whole day.
    (from != to || from == NaiveTime::MIN).then_some((day, from, to))
}

fn clock(text: &str) -> Option<NaiveTime> {
    use chrono::Timelike as _;
    let read =
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()?;
    (read.second() == 0).then_some(read)
}

/// A local day with or without a time.
fn local(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| Some(chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN)))
}
