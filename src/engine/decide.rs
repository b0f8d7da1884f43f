//! Branches: which arm holds, and why the others do not.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use rust_decimal::Decimal;
use smol_str::SmolStr;

use super::answer::parse_decimal;
use super::bounds;
use super::event::{Kind, SEPARATOR, SeenOf, Sink, StoredVerdict, TextRange, Why};
use super::program::{Arm, Branch, Comparand, Condition, Operand, Program, Step, StepId, Subject, Text};
use super::render::render;
use super::run::Machine;
use super::session::{Scratch, State, emit};
use super::time::Instant;
use super::value::Value;
use crate::flow::duration::format_duration;
use crate::flow::{Joiner, Operator};
use crate::text::composed;

/// Tries the arms of a branch in order and tells why; the arm that holds.
pub(super) fn decide<S: Sink>(machine: &mut Machine<'_, S>, step: StepId, branch: &Branch) -> Option<usize> {
    machine.scratch.text.clear();
    machine.scratch.verdicts.clear();
    let mut taken = None;
    for (index, arm) in branch.arms.iter().enumerate() {
        let note = S::WANTS.then_some(&mut *machine.scratch);
        if arm_holds(machine.program, machine.state, arm, index, note) {
            taken = Some(index);
            break;
        }
    }
    let arm = taken.and_then(|arm| u8::try_from(arm).ok());
    machine.scratch.spend(machine.scratch.text.len());
    let why = Why { text: &machine.scratch.text, verdicts: &machine.scratch.verdicts };
    emit!(machine, step, Kind::BranchTaken { arm, why });
    taken
}

/// Whether conditions hold, for a trigger.
pub(super) fn holds(program: &Program, state: &State, arm: &Arm) -> bool {
    arm_holds(program, state, arm, 0, None)
}

/// Whether an arm holds. Every condition is evaluated, so that all can be shown; `note` takes them down.
fn arm_holds(program: &Program, state: &State, arm: &Arm, index: usize, mut note: Option<&mut Scratch>) -> bool {
    let mut held = 0;
    for (number, condition) in arm.conditions.iter().enumerate() {
        let seen = look(program, state, condition.subject);
        let case = Case { program, state, condition, seen: &seen };
        let holds = case.holds();
        held += usize::from(holds);
        if let Some(scratch) = note.as_deref_mut() {
            let expected = case.filled_in(&mut scratch.text);
            let actual = seen.store(&mut scratch.text);
            let arm = u8::try_from(index).unwrap_or(u8::MAX);
            let condition = u8::try_from(number).unwrap_or(u8::MAX);
            scratch.verdicts.push(StoredVerdict { arm, condition, holds, expected, actual });
        }
    }
    match arm.joiner {
        Joiner::All => held == arm.conditions.len(),
        Joiner::Any => held > 0,
    }
}

/// What a subject holds at the moment.
enum Look<'a> {
    Unset,
    Text(&'a str),
    Number(Decimal),
    Tags(&'a [SmolStr]),
    Instant(Instant),
    /// A channel's id and type: either may be compared with.
    Channel(&'a str, &'static str),
}

fn look<'a>(program: &'a Program, state: &'a State, subject: Subject) -> Look<'a> {
    let value = |value: Option<&'a Value>| match value {
        None => Look::Unset,
        Some(Value::Text(text)) => Look::Text(text),
        Some(Value::Number(number)) => Look::Number(*number),
    };
    match subject {
        Subject::Field(slot) => value(state.contact.fields.get(slot)),
        Subject::Variable(slot) => value(state.variables.get(slot)),
        Subject::Tags if state.contact.tags.is_empty() => Look::Unset,
        Subject::Tags => Look::Tags(&state.contact.tags),
        Subject::LastIncomingMessage => state.last_incoming.as_ref().map_or(Look::Unset, |(_, text)| Look::Text(text)),
        Subject::LastIncomingMessageTime => {
            state.last_incoming.as_ref().map_or(Look::Unset, |(at, _)| Look::Instant(*at))
        }
        Subject::LastInteractedChannel => state.links.last().map_or(Look::Unset, |channel| {
            let channel = program.channel(channel);
            Look::Channel(&channel.id, channel.kind.as_str())
        }),
        Subject::AssigneeStatus => Look::Text(match &state.contact.assignee {
            None => "unassigned",
            Some(id) if state.is_online(program, id) => "online",
            Some(_) => "offline",
        }),
        Subject::ConversationStatus => Look::Text(state.status()),
        Subject::Lifecycle => state.contact.lifecycle.as_deref().map_or(Look::Unset, Look::Text),
    }
}

impl Look<'_> {
    fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) | Self::Channel(text, _) => Some(Cow::Borrowed(text)),
            Self::Number(number) => Some(Cow::Owned(number.to_string())),
            Self::Unset | Self::Tags(_) | Self::Instant(_) => None,
        }
    }

    fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => parse_decimal(text),
            _ => None,
        }
    }

    fn tags(&self) -> &[SmolStr] {
        match self {
            Self::Tags(tags) => tags,
            _ => &[],
        }
    }

    /// Appends its texts to the buffer.
    fn store(&self, buffer: &mut String) -> SeenOf<TextRange> {
        match self {
            Self::Unset => SeenOf::Unset,
            Self::Text(text) | Self::Channel(text, _) => SeenOf::Text(append(buffer, |buffer| buffer.push_str(text))),
            Self::Number(number) => SeenOf::Number(*number),
            Self::Tags(tags) => SeenOf::Tags(append(buffer, |buffer| joined(buffer, tags.iter().map(SmolStr::as_str)))),
            Self::Instant(instant) => SeenOf::Instant(*instant),
        }
    }
}

fn append(buffer: &mut String, write: impl FnOnce(&mut String)) -> TextRange {
    let from = buffer.len();
    let start = u32::try_from(from).unwrap_or(u32::MAX);
    write(buffer);
    if let Some(written) = buffer.get(from..).filter(|written| written.len() > bounds::TEXT) {
        let kept = bounds::cut(written).len();
        buffer.truncate(from + kept);
    }
    TextRange { start, end: u32::try_from(buffer.len()).unwrap_or(u32::MAX) }
}

fn joined<'a>(buffer: &mut String, texts: impl Iterator<Item = &'a str>) {
    let from = buffer.len();
    for (index, text) in texts.enumerate() {
        if index > 0 {
            buffer.push(SEPARATOR);
        }
        if buffer.len() - from > bounds::TEXT {
            break;
        }
        buffer.push_str(text);
    }
}

/// A condition and what it looks at.
struct Case<'a> {
    program: &'a Program,
    state: &'a State,
    condition: &'a Condition,
    seen: &'a Look<'a>,
}

impl Case<'_> {
    fn holds(&self) -> bool {
        let operator = self.condition.operator;
        if matches!(self.seen, Look::Unset) {
            return matches!(
                operator,
                Operator::DoesNotExist | Operator::IsNotEqualTo | Operator::DoesNotContain | Operator::HasNoneOf
            );
        }
        match (operator, &self.condition.operand) {
            (Operator::Exists, _) => true,
            (Operator::IsEqualTo, Operand::One(value)) => self.equals(value),
            (Operator::IsNotEqualTo, Operand::One(value)) => !self.equals(value),
            (Operator::Contains, Operand::One(value)) => self.text_test(value, |seen, value| seen.contains(value)),
            (Operator::DoesNotContain, Operand::One(value)) => {
                !self.text_test(value, |seen, value| seen.contains(value))
            }
            (Operator::StartsWith, Operand::One(value)) => self.text_test(value, |seen, value| seen.starts_with(value)),
            (Operator::EndsWith, Operand::One(value)) => self.text_test(value, |seen, value| seen.ends_with(value)),
            (Operator::IsGreaterThan, Operand::One(value)) => self.compare_numbers(value).is_some_and(Ordering::is_gt),
            (Operator::IsLessThan, Operand::One(value)) => self.compare_numbers(value).is_some_and(Ordering::is_lt),
            (Operator::IsBetween, Operand::Two(low, high)) => {
                let between = |low: Option<Ordering>, high: Option<Ordering>| {
                    low.is_some_and(Ordering::is_ge) && high.is_some_and(Ordering::is_le)
                };
                between(self.compare_numbers(low), self.compare_numbers(high))
                    || between(self.compare_moments(low), self.compare_moments(high))
            }
            (Operator::IsBefore, Operand::One(value)) => self.compare_moments(value).is_some_and(Ordering::is_lt),
            (Operator::IsAfter, Operand::One(value)) => self.compare_moments(value).is_some_and(Ordering::is_gt),
            (Operator::HasAnyOf, Operand::Many(tags)) => tags.iter().any(|tag| self.has_tag(tag)),
            (Operator::HasAllOf, Operand::Many(tags)) => tags.iter().all(|tag| self.has_tag(tag)),
            (Operator::HasNoneOf, Operand::Many(tags)) => !tags.iter().any(|tag| self.has_tag(tag)),
            (Operator::IsLessThanAgo, Operand::Ago(span)) => {
                matches!(self.seen, Look::Instant(at) if self.state.now.since(*at) < *span)
            }
            (Operator::IsMoreThanAgo, Operand::Ago(span)) => {
                matches!(self.seen, Look::Instant(at) if self.state.now.since(*at) > *span)
            }
            _ => false,
        }
    }

    /// A text to compare with, its variables filled in.
    fn fill<'t>(&self, text: &'t Text) -> Cow<'t, str> {
        if text.is_fixed() {
            return Cow::Borrowed(&text.source);
        }
        let mut filled = String::new();
        // What is too long is compared as far as it goes: no stored text is equal to it.
        let _ = render(self.program, self.state, text, &mut filled, |_| {});
        Cow::Owned(filled)
    }

    /// A text as it is compared: accents spelled one way, and folded when the workspace ignores case.
    fn folded<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        let text = if self.program.ignore_case { Cow::Owned(text.to_lowercase()) } else { text };
        match composed(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(composed) => Cow::Owned(composed),
        }
    }

    fn number(&self, value: &Comparand) -> Option<Decimal> {
        if value.text.is_fixed() { value.number } else { parse_decimal(&self.fill(&value.text)) }
    }

    /// Equal as numbers when both sides are numbers, else letter for letter.
    fn equals(&self, value: &Comparand) -> bool {
        if let Look::Channel(id, kind) = self.seen {
            let wanted = self.fill(&value.text);
            return wanted == *id || wanted == *kind;
        }
        let same = self.text_test(value, |seen, value| seen == value);
        same || self.compare_numbers(value).is_some_and(Ordering::is_eq)
    }

    fn text_test(&self, value: &Comparand, test: impl Fn(&str, &str) -> bool) -> bool {
        let Some(seen) = self.seen.text() else { return false };
        test(&self.folded(seen), &self.folded(self.fill(&value.text)))
    }

    fn compare_numbers(&self, value: &Comparand) -> Option<Ordering> {
        let wanted = self.number(value)?;
        Some(self.seen.number()?.cmp(&wanted))
    }

    fn compare_moments(&self, value: &Comparand) -> Option<Ordering> {
        let seen = match self.seen {
            Look::Instant(at) => Moment::At(*at),
            Look::Text(text) => self.moment(text)?,
            _ => return None,
        };
        match (seen, self.moment(&self.fill(&value.text))?) {
            (Moment::Time(seen), Moment::Time(wanted)) => Some(seen.cmp(&wanted)),
            (Moment::At(seen), Moment::At(wanted)) => Some(seen.cmp(&wanted)),
            (seen, wanted) => Some(self.day(seen)?.cmp(&self.day(wanted)?)),
        }
    }

    fn day(&self, moment: Moment) -> Option<NaiveDate> {
        match moment {
            Moment::Day(day) => Some(day),
            Moment::At(instant) => Some(instant.local(self.program.zone()).date_naive()),
            Moment::Time(_) => None,
        }
    }

    /// Reads a day, an instant (RFC 3339, or local to the workspace's zone), or a time of day.
    fn moment(&self, text: &str) -> Option<Moment> {
        let text = text.trim();
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Some(Moment::Day(day));
        }
        if let Ok(time) = NaiveTime::parse_from_str(text, "%H:%M") {
            return Some(Moment::Time(time));
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Instant::try_from(instant).ok().map(Moment::At);
        }
        let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
            .into_iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
        let instant = self.program.zone().from_local_datetime(&local).earliest()?;
        Instant::try_from(instant).ok().map(Moment::At)
    }

    fn has_tag(&self, tag: &Text) -> bool {
        let tag = self.folded(self.fill(tag));
        self.seen.tags().iter().any(|known| self.folded(Cow::Borrowed(known)) == tag)
    }

    /// Appends what it compares with to the buffer, when variables had to be filled in.
    fn filled_in(&self, buffer: &mut String) -> Option<TextRange> {
        let (one, two): (&[&Comparand], &[Text]) = match &self.condition.operand {
            Operand::One(value) => (&[value], &[]),
            Operand::Two(low, high) => (&[low, high], &[]),
            Operand::Many(texts) => (&[], texts),
            Operand::None | Operand::Ago(_) => return None,
        };
        let texts = || one.iter().map(|value| &value.text).chain(two);
        if texts().all(Text::is_fixed) {
            return None;
        }
        let filled: Vec<Cow<'_, str>> = texts().map(|text| self.fill(text)).collect();
        Some(append(buffer, |buffer| joined(buffer, filled.iter().map(AsRef::as_ref))))
    }
}

/// A point in time as people write it.
#[derive(Clone, Copy)]
enum Moment {
    Day(NaiveDate),
    At(Instant),
    Time(NaiveTime),
}

impl Condition {
    /// The subject as the event stream writes it: `variable.n`, `field.city`, `tags` …
    fn subject_name(&self, program: &Program) -> String {
        let name = |names: &[SmolStr], slot: usize| names.get(slot).map_or_else(String::new, ToString::to_string);
        match self.subject {
            Subject::Field(slot) => format!("field.{}", name(program.field_names(), slot)),
            Subject::Variable(slot) => format!("variable.{}", name(program.variable_names(), slot)),
            Subject::Tags => "tags".into(),
            Subject::LastIncomingMessage => "last_incoming_message".into(),
            Subject::LastIncomingMessageTime => "last_incoming_message_time".into(),
            Subject::LastInteractedChannel => "last_interacted_channel".into(),
            Subject::AssigneeStatus => "assignee_status".into(),
            Subject::ConversationStatus => "conversation_status".into(),
            Subject::Lifecycle => "lifecycle".into(),
        }
    }

    /// What it compares with as written, before variables are filled in; several values are joined by [`SEPARATOR`].
    fn written_operand(&self) -> String {
        let mut written = String::new();
        match &self.operand {
            Operand::None => {}
            Operand::One(value) => written.push_str(&value.text.source),
            Operand::Two(low, high) => joined(&mut written, [&*low.text.source, &*high.text.source].into_iter()),
            Operand::Many(texts) => joined(&mut written, texts.iter().map(|text| &*text.source)),
            Operand::Ago(span) => written.push_str(&format_duration(*span)),
        }
        written
    }
}

impl Step {
    /// A condition of an arm as it was written: subject, operator, and what it compares with.
    pub fn condition_written(
        &self,
        program: &Program,
        arm: usize,
        condition: usize,
    ) -> Option<(String, Operator, String)> {
        let condition = self.arms().get(arm)?.conditions.get(condition)?;
        Some((condition.subject_name(program), condition.operator, condition.written_operand()))
    }
}
