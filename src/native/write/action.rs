//! The small steps: jumps, waits, tags, fields, conversations, comments, the clock.

use std::time::Duration;

use chrono::NaiveTime;
use serde_json::{Map, Value, json};

use super::{Out, Way, Write};
use crate::flow::STANDARD_FIELDS;
use crate::flow::model::{Action, DateTime, Hours, Spanned, Step};
use crate::native::ids;
use crate::native::lower::DAYS;
use crate::native::spelling::Area;

impl<'f> Write<'f> {
    /// What the record of a step says, its connectors aside.
    pub(super) fn action(&mut self, step: &'f Step, parts: &'f [Step]) -> Out<'f> {
        if let Action::Unknown(unknown) = &step.action {
            let data = unknown.data.as_object().cloned().unwrap_or_default();
            return Out { kind: &unknown.kind, data, ways: Vec::new() };
        }
        let kind = self.spelled(step, Area::Step, step.action.key());
        let mut data = Map::new();
        let mut ways = Vec::new();
        match &step.action {
            Action::SendMessage(send) => {
                data = self.send_message(step, send, parts);
                ways = vec![
                    success(false),
                    Way {
                        part: "sending_failed",
                        name: "Failure: Sending Failed",
                        side: send.failure_branch.as_ref(),
                        always: false,
                    },
                ];
            }
            Action::AskQuestion(ask) => (data, ways) = self.ask_question(step, ask),
            Action::AssignTo(assign) => (data, ways) = self.assign_to(step, assign),
            Action::HttpRequest(request) => (data, ways) = self.http_request(step, request),
            Action::RespondWithAi(ai) => (data, ways) = self.respond_with_ai(step, ai),
            Action::AddGoogleSheetsRow(row) => data = self.sheet_row(step, row),
            Action::TriggerWorkflow(trigger) => data = self.trigger_workflow(step, trigger),
            Action::DateTime(look) => {
                data = self.date_time(step, look);
                let side = look.failure_branch.as_ref();
                ways = vec![success(true), Way { part: "outside", name: "Failure", side, always: true }];
            }
            Action::UpdateContactTag { add, remove } => {
                let (word, tags) = if add.is_empty() { ("remove_tag", remove) } else { ("add_tag", add) };
                data = self.tags(step, word, tags);
            }
            Action::UpdateContactField { field, value } => {
                let id = self.field(Some(step), &field.value);
                data.insert(self.key(step, "field"), id);
                let value = value.as_ref().map(|value| value.value.source());
                data.insert(self.key(step, "value"), json!(value));
            }
            Action::CloseConversation { category, summary } => {
                if let Some(category) = category {
                    data.insert(self.key(step, "category"), json!(category.value));
                }
                if let Some(summary) = summary {
                    data.insert(self.key(step, "summary"), json!(summary.source()));
                }
            }
            Action::AddComment { text, .. } => {
                data.insert("comment".into(), json!(self.mentions(text.source())));
            }
            Action::JumpTo { step: target, max_jumps } => {
                let id = self.known[self.own].steps.get(&target.value).cloned();
                data.insert("stepId".into(), json!(id));
                data.insert("maxJumps".into(), json!(max_jumps));
            }
            Action::Wait(time) => data = self.duration(step, *time),
            Action::UpdateLifecycle(stage) => {
                data.insert(self.key(step, "stage"), json!(stage.as_ref().map(|stage| &stage.value)));
            }
            Action::OpenConversation | Action::Branch(_) | Action::Unknown(_) => {}
        }
        Out { kind, data, ways }
    }

    /// A step that adds and removes: two records, one under the other.
    pub(super) fn both_tags(
        &mut self,
        step: &'f Step,
        add: &[Spanned<String>],
        remove: &[Spanned<String>],
        parent: &Value,
    ) -> Value {
        let kind = self.spelled(step, Area::Step, step.action.key());
        let data = self.tags(step, "add_tag", add);
        let first = self.record(step, Out { kind, data, ways: Vec::new() }, true, parent);
        self.count += 1;
        let data = self.tags(step, "remove_tag", remove);
        let id = ids::native(&format!("{}/remove", step.id), &mut self.taken);
        let name = format!("{} (remove)", self.name(step));
        self.records.push(json!({ "id": id, "parentId": first, "type": kind, "name": name, "data": data }));
        json!(id)
    }

    fn tags(&mut self, step: &'f Step, word: &'static str, tags: &[Spanned<String>]) -> Map<String, Value> {
        let native = self.native();
        let ids: Vec<Value> =
            tags.iter().map(|tag| self.id_or_name(Some(step), &native.tags, "tag", &tag.value)).collect();
        object(json!({ "action": self.spelled(step, Area::Action, word), "value": ids }))
    }

    /// The native id of a contact field; the standard ones are known by name.
    pub(super) fn field(&mut self, step: Option<&Step>, name: &str) -> Value {
        if STANDARD_FIELDS.contains(&name) {
            return json!(name);
        }
        let native = self.native();
        self.id_or_name(step, &native.fields, "contact field", name)
    }

    /// `{ value, unit }` in units that were seen wherever they will do.
    pub(super) fn duration(&mut self, step: &'f Step, time: Duration) -> Map<String, Value> {
        let seconds = time.as_secs();
        let (value, unit) = match seconds {
            _ if seconds.is_multiple_of(3600) => (seconds / 3600, "hours"),
            _ if seconds.is_multiple_of(60) => (seconds / 60, "minutes"),
            _ => (seconds, "seconds"),
        };
        object(json!({ "value": value, "unit": self.spelled(step, Area::Unit, unit) }))
    }

    /// `@{user_12}` as `{{@user.12}}`, where the platform's id of the user is known.
    fn mentions(&self, text: &str) -> String {
        let users = &self.flow.workspace.native.users;
        users.iter().fold(text.to_owned(), |text, (name, id)| {
            let number = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            text.replace(&format!("@{{{name}}}"), &format!("{{{{@user.{number}}}}}"))
        })
    }

    fn date_time(&mut self, step: &'f Step, look: &DateTime) -> Map<String, Value> {
        let zone = look.timezone.name();
        match &look.hours {
            Hours::Business(ranges) => {
                let day = |day: &chrono::Weekday| DAYS.iter().find(|(_, known)| known == day).map(|(name, _)| *name);
                let clock = |time: &NaiveTime| time.format("%H:%M").to_string();
                let times: Vec<Value> = ranges
                    .iter()
                    .map(|(weekday, from, to)| {
                        let end = if *to == NaiveTime::MIN { "24:00".to_owned() } else { clock(to) };
                        json!({ "day": day(weekday), "startTime": clock(from), "endTime": end })
                    })
                    .collect();
                object(json!({
                    "action": self.spelled(step, Area::Action, "business_hours"), "timezone": zone, "times": times,
                }))
            }
            Hours::Range { from, to } => {
                let mut data = Map::new();
                data.insert("action".into(), json!(self.spelled(step, Area::Action, "range")));
                data.insert("timezone".into(), json!(zone));
                data.insert(self.key(step, "from"), json!(from.format("%Y-%m-%dT%H:%M:%S").to_string()));
                data.insert(self.key(step, "to"), json!(to.format("%Y-%m-%dT%H:%M:%S").to_string()));
                data
            }
        }
    }
}

pub(super) const fn success<'f>(always: bool) -> Way<'f> {
    Way { part: "success", name: "Success", side: None, always }
}

/// The members of an object.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
