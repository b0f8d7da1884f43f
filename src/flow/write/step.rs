//! Steps: id, name, note, then the one action.

use std::time::Duration;

use chrono::{NaiveTime, Weekday};
use chrono_tz::Tz;

use super::condition::conditions;
use super::yaml::{Entries, Layout, Yaml};
use crate::flow::duration::format_duration;
use crate::flow::model::{
    Action, Arm, AskQuestion, Branch, Content, DateTime, FailureBranches, Hours, MessageTemplate, Otherwise, SaveAs,
    SendMessage, Side, Spanned, Step, limits,
};
use crate::flow::words::{DateFormat, QuestionType};
use crate::template::Template;

/// What steps are written with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    /// The zone a reader takes for a `date_time` step that names none.
    pub(super) timezone: Tz,
}

impl Steps {
    /// A list of steps, each on lines of its own.
    pub(super) fn list(self, steps: &[Step]) -> Yaml {
        Yaml::List(Layout::Block, steps.iter().map(|step| self.step(step)).collect())
    }

    fn step(self, step: &Step) -> Yaml {
        let mut entries = Entries::default();
        if step.named {
            entries.put("id", Yaml::text(&step.id));
        }
        entries.put_text("name", step.name.as_deref()).put_text("note", step.note.as_deref());
        let key = step.action.key();
        match self.action(&step.action) {
            Some(settings) => entries.put(key, settings),
            None if entries.is_empty() => return Yaml::word(key),
            None => entries.put(key, Entries::default().fit()),
        };
        entries.block()
    }

    /// The settings of an action; none where it may stand bare.
    fn action(self, action: &Action) -> Option<Yaml> {
        Some(match action {
            Action::OpenConversation | Action::CloseConversation { category: None, summary: None } => return None,
            Action::SendMessage(send) => self.send_message(send),
            Action::AskQuestion(ask) => self.ask_question(ask),
            Action::Branch(branch) => self.branch(branch),
            Action::UpdateContactTag { add, remove } => {
                let mut entries = Entries::default();
                entries.put_texts("add", values(add)).put_texts("remove", values(remove));
                if entries.is_empty() {
                    entries.put("add", Yaml::texts(values(add)));
                }
                entries.fit()
            }
            Action::UpdateContactField { field, value } => {
                let mut entries = Entries::default();
                entries.put("field", Yaml::text(&field.value));
                let value = value.as_ref();
                entries.put("value", value.map_or_else(null, |value| template(&value.value)));
                entries.fit()
            }
            Action::CloseConversation { category, summary } => {
                let mut entries = Entries::default();
                entries.put_text("category", category.as_ref().map(|category| category.value.as_str()));
                entries.put_some("summary", summary.as_ref().map(template));
                entries.fit()
            }
            Action::AddComment { text, .. } => template(text),
            Action::JumpTo { step, max_jumps } => jump_to(step, *max_jumps),
            Action::Wait(duration) => duration_word(*duration),
            Action::DateTime(look) => self.date_time(look),
            Action::UpdateLifecycle(stage) => stage.as_ref().map_or_else(null, |stage| Yaml::text(&stage.value)),
            Action::AssignTo(assign) => self.assign_to(assign),
            Action::TriggerWorkflow(trigger) => super::outside::trigger_workflow(trigger),
            Action::HttpRequest(request) => self.http_request(request),
            Action::AddGoogleSheetsRow(row) => super::outside::sheet_row(row),
            Action::RespondWithAi(ai) => self.respond_with_ai(ai),
            Action::Unknown(step) => super::outside::unknown(step),
        })
    }

    /// A side branch, which may be written and empty.
    pub(super) fn side(self, side: Option<&Side>) -> Option<Yaml> {
        side.map(|steps| self.list(steps))
    }

    /// A side branch with its clock: a list where the clock is the default, else `{ after, steps }`.
    pub(super) fn timed(self, side: Option<&Side>, after: Duration) -> Option<Yaml> {
        let steps = side?;
        if after == limits::LONGEST_WAIT {
            return Some(self.list(steps));
        }
        let mut entries = Entries::default();
        entries.put("after", duration_word(after));
        if steps.is_empty() {
            return Some(entries.fit());
        }
        entries.put("steps", self.list(steps));
        Some(entries.block())
    }

    fn send_message(self, send: &SendMessage) -> Yaml {
        let SendMessage { content, channel, per_channel, failure_branch } = send;
        if let (Content::Text(text), None, [], None) = (content, channel, per_channel.as_slice(), failure_branch) {
            return template(text);
        }
        let mut entries = content_entries(content);
        entries.put_text("channel", channel.as_ref().map(|channel| channel.value.as_str()));
        if !per_channel.is_empty() {
            let mut contents = Entries::default();
            for (channel, content) in per_channel {
                contents.put(
                    &channel.value,
                    match content {
                        Content::Text(text) => template(text),
                        other => content_entries(other).fit(),
                    },
                );
            }
            entries.put("per_channel", contents.block());
        }
        entries.put_some("failure_branch", self.side(failure_branch.as_ref()));
        entries.fit()
    }

    fn ask_question(self, ask: &AskQuestion) -> Yaml {
        let mut entries = Entries::default();
        entries.put("text", template(&ask.text)).put("type", Yaml::word(&ask.kind));
        if !ask.options.is_empty() {
            entries.put("options", options(&ask.options));
        }
        entries.put_some("min", ask.min.as_ref().map(Yaml::word)).put_some("max", ask.max.as_ref().map(Yaml::word));
        if ask.kind == QuestionType::Date && ask.date_formats != [DateFormat::MmDdYyyySlash] {
            entries.put("date_formats", Yaml::List(Layout::Fit, ask.date_formats.iter().map(Yaml::word).collect()));
        }
        if ask.exact {
            entries.put("match", Yaml::word("exact"));
        }
        entries.put_some("save_as", save_as(&ask.save_as));
        entries.put_some("timeout_branch", self.timed(ask.timeout_branch.as_ref(), ask.timeout));
        match &ask.failures {
            FailureBranches::Joint(side) => {
                entries.put_some("failure_branch", self.side(side.as_ref()));
            }
            FailureBranches::Split { invalid, sending_failed } => {
                entries.put_some("invalid_branch", self.side(invalid.as_ref()));
                entries.put_some("sending_failed_branch", self.side(sending_failed.as_ref()));
            }
        }
        entries.block()
    }

    fn branch(self, branch: &Branch) -> Yaml {
        let mut arms: Vec<Yaml> = branch.arms.iter().map(|arm| self.arm(arm)).collect();
        let otherwise = match &branch.otherwise {
            Otherwise::Absent => None,
            Otherwise::Continue => Some(Yaml::word("continue")),
            Otherwise::Steps(steps) => Some(self.list(steps)),
        };
        arms.extend(otherwise.map(|otherwise| {
            let mut arm = Entries::default();
            arm.put("else", otherwise);
            arm.block()
        }));
        Yaml::List(Layout::Block, arms)
    }

    fn arm(self, arm: &Arm) -> Yaml {
        let mut entries = Entries::default();
        entries.put_text("name", arm.name.as_deref()).put_text("note", arm.note.as_deref());
        entries.put("when", conditions(&arm.when));
        if !arm.steps.is_empty() {
            entries.put("steps", self.list(&arm.steps));
        }
        entries.block()
    }

    fn date_time(self, look: &DateTime) -> Yaml {
        let mut inner = Entries::default();
        if look.timezone != self.timezone {
            inner.put("timezone", Yaml::word(&look.timezone));
        }
        let mut entries = Entries::default();
        match &look.hours {
            Hours::Business(ranges) => {
                for (days, hours) in week(ranges) {
                    inner.put(
                        days,
                        match hours.as_slice() {
                            [only] => Yaml::word(only),
                            _ => Yaml::List(Layout::Fit, hours.iter().map(Yaml::word).collect()),
                        },
                    );
                }
                entries.put("business_hours", inner.block());
            }
            Hours::Range { from, to } => {
                let mut range = Entries::default();
                range.put("from", local(*from)).put("to", local(*to));
                range.append(inner);
                entries.put("range", range.fit());
            }
        }
        entries.put_some("failure_branch", self.side(look.failure_branch.as_ref()));
        entries.block()
    }
}

/// The texts of a list of names.
pub(super) fn values(names: &[Spanned<String>]) -> impl Iterator<Item = &str> {
    names.iter().map(|name| name.value.as_str())
}

/// A text with variables, as its author wrote it.
pub(super) fn template(text: &Template) -> Yaml {
    Yaml::text(text.source())
}

/// A list of templates as texts.
fn templates(list: &[Template]) -> impl Iterator<Item = &str> {
    list.iter().map(Template::source)
}

/// A duration in full words.
fn duration_word(duration: Duration) -> Yaml {
    Yaml::word(&format_duration(duration))
}

fn null() -> Yaml {
    Yaml::word("null")
}

fn jump_to(step: &Spanned<String>, max_jumps: u8) -> Yaml {
    if max_jumps == limits::JUMPS {
        return Yaml::text(&step.value);
    }
    let mut entries = Entries::default();
    entries.put("step", Yaml::text(&step.value)).put("max_jumps", Yaml::word(&max_jumps));
    entries.fit()
}

/// The key and value of what a message holds.
fn content_entries(content: &Content) -> Entries {
    let mut entries = Entries::default();
    match content {
        Content::Text(text) => {
            entries.put("text", template(text));
        }
        Content::Attachment { kind, url, name } => {
            let mut attachment = Entries::default();
            attachment.put("kind", Yaml::word(kind)).put("url", template(url));
            attachment.put_some("name", name.as_ref().map(template));
            entries.put("attachment", attachment.fit());
        }
        Content::Template(message) => {
            entries.put("template", message_template(message));
        }
    }
    entries
}

fn message_template(message: &MessageTemplate) -> Yaml {
    let mut entries = Entries::default();
    entries.put("name", Yaml::text(&message.name)).put_text("language", message.language.as_deref());
    entries.put_some("header", message.header.as_ref().map(template));
    entries.put_some("body", message.body.as_ref().map(template));
    entries.put_texts("parameters", templates(&message.parameters)).put_texts("buttons", &message.buttons);
    entries.fit()
}

/// The options of a question. In one line, a reader doubts `[Yes, I agree]`: the second half of what may be one option takes quotes.
fn options(options: &[Spanned<String>]) -> Yaml {
    let starts_small = |text: &str| text.starts_with(char::is_lowercase) || text.starts_with('I');
    let mut before: Option<&str> = None;
    let items = values(options).map(|option| {
        let doubtful = before.is_some_and(|before| before.starts_with(char::is_uppercase)) && starts_small(option);
        before = Some(option);
        if doubtful { Yaml::Quoted(option.to_owned()) } else { Yaml::text(option) }
    });
    Yaml::List(Layout::Fit, items.collect())
}

fn save_as(save_as: &SaveAs) -> Option<Yaml> {
    let mut entries = Entries::default();
    let text = |name: &Spanned<String>| Yaml::text(&name.value);
    entries.put_some("field", save_as.field.as_ref().map(text));
    entries.put_some("variable", save_as.variable.as_ref().map(text));
    if save_as.tag {
        entries.put("tag", Yaml::word(&true));
    }
    (!entries.is_empty()).then(|| entries.fit())
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The hours of a week by days; days in a row with the same hours go together.
fn week(ranges: &[(Weekday, NaiveTime, NaiveTime)]) -> Vec<(String, Vec<String>)> {
    let mut days: Vec<(&str, &str, Vec<String>)> = Vec::new();
    let mut before: Option<Weekday> = None;
    for day in [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun] {
        let hours: Vec<String> =
            ranges.iter().filter(|(on, ..)| *on == day).map(|(_, from, to)| hours(*from, *to)).collect();
        if hours.is_empty() {
            continue;
        }
        let name = DAYS.get(day.num_days_from_monday() as usize).copied().unwrap_or_default();
        match days.last_mut() {
            Some((_, last, same)) if *same == hours && before == Some(day.pred()) => *last = name,
            _ => days.push((name, name, hours)),
        }
        before = Some(day);
    }
    let key = |first: &str, last: &str| if first == last { first.to_owned() } else { format!("{first}-{last}") };
    days.into_iter().map(|(first, last, hours)| (key(first, last), hours)).collect()
}

/// `09:00-17:00`; midnight at the end is 24:00.
fn hours(from: NaiveTime, to: NaiveTime) -> String {
    let end = if to == NaiveTime::MIN { "24:00".to_owned() } else { to.format("%H:%M").to_string() };
    format!("{}-{end}", from.format("%H:%M"))
}

/// A local date-time, without seconds where there are none: that form no YAML reader takes for an instant.
fn local(at: chrono::NaiveDateTime) -> Yaml {
    use chrono::Timelike as _;
    if at.second() == 0 {
        return Yaml::word(&at.format("%Y-%m-%d %H:%M"));
    }
    Yaml::text(at.format("%Y-%m-%d %H:%M:%S").to_string())
}
