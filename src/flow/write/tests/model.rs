//! Makes flows of the model from choices and texts: every step, every setting, present and absent.

use std::time::Duration;

use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::texts;
use crate::flow::condition::{Condition, Conditions, Joiner, Operand, Operator, Subject};
use crate::flow::model::{
    Action, Arm, AskQuestion, Branch, ContactChoice, Content, DateTime, FailureBranches, Flow, Hours, MessageTemplate,
    Otherwise, SaveAs, SendMessage, Side, Spanned, Step, StopOn,
};
use crate::flow::words::{AttachmentKind, ChannelType, DateFormat, QuestionType};
use crate::source::{FileId, Span};
use crate::template::Template;
use crate::text::matched;

const IDS: &[&str] = &["ask", "n", "no", "null", "_", "e5", "On", "step_", "true", "y-1"];
const NAMES: &[&str] = &["topic", "y", "n", "no", "null", "_1", "e3", "Off"];
const ZONES: &[Tz] = &[Tz::UTC, Tz::Asia__Amman, Tz::Etc__GMTPlus5];

/// A flow that a reader can take without a finding.
pub(super) fn flow() -> impl Strategy<Value = Flow> {
    let texts = prop::collection::vec(texts::text(), 1..12);
    let options = prop::collection::vec(texts::option(), 1..12);
    (prop::collection::vec(any::<u16>(), 0..400), texts, options).prop_map(|(choices, texts, options)| {
        Maker { choices: choices.into_iter(), texts, options, steps: 0, ids: Vec::new() }.flow()
    })
}

/// Turns choices into a flow. When they run out every choice is the first one, so flows are finite.
pub(super) struct Maker {
    choices: std::vec::IntoIter<u16>,
    texts: Vec<String>,
    options: Vec<String>,
    steps: usize,
    ids: Vec<String>,
}

pub(super) fn at_nowhere<T>(value: T) -> Spanned<T> {
    Spanned { value, span: Span::default() }
}

impl Maker {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(choice) % bound.max(1))
    }

    pub(super) fn yes(&mut self) -> bool {
        self.below(2) == 1
    }

    pub(super) fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    pub(super) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.yes().then(|| make(self))
    }

    pub(super) fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    pub(super) fn text(&mut self) -> String {
        let at = self.below(self.texts.len());
        self.texts[at].clone()
    }

    pub(super) fn template(&mut self) -> Template {
        Template::parse(self.text())
    }

    pub(super) fn named(&mut self) -> Spanned<String> {
        at_nowhere(self.text())
    }

    pub(super) fn variable(&mut self) -> Spanned<String> {
        at_nowhere(self.of(NAMES).to_owned())
    }

    /// A field's id: any text that is not written as a variable.
    pub(super) fn field(&mut self) -> String {
        let text = self.text();
        if text.starts_with('$') { "city".to_owned() } else { text }
    }

    /// Texts that differ from one another, for keys.
    pub(super) fn distinct(&mut self, most: usize) -> Vec<String> {
        let mut texts = self.some(most, Self::text);
        texts.sort();
        texts.dedup();
        texts
    }

    pub(super) fn duration(&mut self) -> Duration {
        Duration::from_secs(self.of(&[7 * 86_400, 60, 3_600, 86_400, 90, 5_400, 604_799, 1]))
    }

    fn flow(&mut self) -> Flow {
        let workspace = self.workspace();
        let channels: Vec<String> = workspace.channels.iter().map(|channel| channel.id.clone()).collect();
        let contact = match self.below(3) {
            1 => workspace.contacts.first().map(|(name, _)| ContactChoice::Named(at_nowhere(name.clone()))),
            2 => Some(ContactChoice::Inline(Box::new(self.card(&channels)))),
            _ => None,
        };
        let name = self.text();
        let description = self.maybe(Self::text);
        let trigger = self.trigger();
        let stop_on = StopOn { incoming_message: self.yes(), agent_message: self.yes(), manual_assignment: self.yes() };
        let mut steps = self.list(&channels, 0);
        if steps.is_empty() {
            steps.push(self.step(Action::OpenConversation));
        }
        let ids = std::mem::take(&mut self.ids);
        aim(&mut steps, &ids, &mut 0);
        number(&mut steps, &mut 0);
        let mocks = self.mocks(&ids);
        let respondio = self.respondio();
        Flow {
            file: FileId::default(),
            name,
            description,
            workspace,
            contact,
            trigger,
            stop_on,
            mocks,
            steps,
            respondio,
        }
    }

    fn step(&mut self, action: Action) -> Step {
        let named = self.below(3) == 1;
        let id = if named {
            let id = format!(
                "{}{}",
                self.of(IDS),
                if self.ids.is_empty() { String::new() } else { format!("x{}", self.ids.len()) }
            );
            self.ids.push(id.clone());
            id
        } else {
            String::new()
        };
        let (name, note) = (self.below(4), self.below(6));
        let name = (name == 1).then(|| self.text());
        let note = (note == 1).then(|| self.text());
        Step { id, named, name, note, span: Span::default(), action }
    }

    /// A list of steps that a reader lets stand below one another.
    fn list(&mut self, channels: &[String], depth: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        for _ in 0..self.below(4) {
            if self.steps >= 60 {
                break;
            }
            self.steps += 1;
            let action = self.action(channels, depth);
            let last = matches!(&action, Action::TriggerWorkflow(_))
                || matches!(&action, Action::Branch(branch) if branch.otherwise != Otherwise::Continue);
            steps.push(self.step(action));
            if last {
                break;
            }
        }
        steps
    }

    fn side(&mut self, channels: &[String], depth: usize) -> Option<Side> {
        self.maybe(|maker| if depth > 3 { Vec::new() } else { maker.list(channels, depth + 1) })
    }

    fn action(&mut self, channels: &[String], depth: usize) -> Action {
        match self.below(18) {
            0 => Action::OpenConversation,
            1 | 2 => Action::SendMessage(self.send_message(channels, depth)),
            3 | 4 => Action::AskQuestion(Box::new(self.ask_question(channels, depth))),
            5 if depth < 4 => self.branch(channels, depth),
            6 => Action::UpdateContactTag { add: self.some(3, Self::named), remove: self.some(2, Self::named) },
            7 => {
                let value = self.maybe(Self::template).map(at_nowhere);
                Action::UpdateContactField { field: at_nowhere(self.field()), value }
            }
            8 => {
                let category = self.maybe(Self::named);
                Action::CloseConversation { category, summary: self.maybe(Self::template) }
            }
            9 => Action::JumpTo { step: at_nowhere(String::new()), max_jumps: self.of(&[10, 1, 9]) },
            10 => Action::Wait(self.duration()),
            11 => Action::DateTime(Box::new(self.date_time(channels, depth))),
            12 => Action::UpdateLifecycle(self.maybe(Self::named)),
            // The mentions are found when it is read back: a text without any.
            13 => Action::AddComment { text: Template::parse(self.text().replace('@', "at")), mentions: Vec::new() },
            _ => self.outside(channels, depth),
        }
    }

    /// A side branch, for steps of other files.
    pub(super) fn other_side(&mut self, channels: &[String], depth: usize) -> Option<Side> {
        self.side(channels, depth)
    }

    fn content(&mut self) -> Content {
        match self.below(4) {
            0 | 1 => Content::Text(self.template()),
            2 => {
                let name = self.maybe(Self::template);
                Content::Attachment { kind: self.of(AttachmentKind::ALL), url: self.template(), name }
            }
            _ => Content::Template(Box::new(MessageTemplate {
                name: self.text(),
                language: self.maybe(Self::text),
                header: self.maybe(Self::template),
                body: self.maybe(Self::template),
                parameters: self.some(3, Self::template),
                buttons: self.some(3, Self::text),
            })),
        }
    }

    fn send_message(&mut self, channels: &[String], depth: usize) -> SendMessage {
        let content = self.content();
        let channel = self.maybe(|maker| at_nowhere(maker.of(channels)));
        let mut keys: Vec<String> = channels.to_vec();
        keys.extend(ChannelType::ALL.iter().map(ToString::to_string).filter(|word| !channels.contains(word)));
        let keys: Vec<String> = keys.into_iter().filter(|_| self.below(8) == 1).collect();
        let per_channel = keys.into_iter().map(|key| (at_nowhere(key), self.content())).collect();
        SendMessage { content, channel, per_channel, failure_branch: self.side(channels, depth) }
    }

    fn ask_question(&mut self, channels: &[String], depth: usize) -> AskQuestion {
        let kind = self.of(QuestionType::ALL);
        let choice = kind == QuestionType::MultipleChoice;
        let mut options: Vec<Spanned<String>> = Vec::new();
        for option in if choice { self.options.clone() } else { Vec::new() } {
            let same = |other: &Spanned<String>| matched(&other.value) == matched(&option);
            if options.len() < 10 && !options.iter().any(same) {
                options.push(at_nowhere(option));
            }
        }
        let bounds = kind == QuestionType::Number && self.yes();
        let date_formats = match kind {
            QuestionType::Date => vec![self.of(DateFormat::ALL)],
            _ => Vec::new(),
        };
        let timeout_branch = self.side(channels, depth);
        let timeout = if timeout_branch.is_some() { self.duration() } else { Duration::from_hours(168) };
        let failures = if self.yes() {
            FailureBranches::Joint(self.side(channels, depth))
        } else {
            let invalid = self.side(channels, depth);
            let sending_failed = self.side(channels, depth);
            match (&invalid, &sending_failed) {
                (None, None) => FailureBranches::Joint(None),
                _ => FailureBranches::Split { invalid, sending_failed },
            }
        };
        AskQuestion {
            text: self.template(),
            kind,
            options,
            min: bounds.then(|| "-2.50".parse().unwrap()),
            max: bounds.then(|| "1000000".parse().unwrap()),
            date_formats,
            exact: choice && self.yes(),
            save_as: SaveAs {
                field: self.maybe(|maker| at_nowhere(maker.field())),
                variable: self.maybe(Self::variable),
                tag: choice && self.yes(),
            },
            timeout,
            timeout_branch,
            failures,
        }
    }

    fn branch(&mut self, channels: &[String], depth: usize) -> Action {
        let arms: Vec<Arm> = self.some(3, |maker| Arm {
            name: maker.maybe(Self::text),
            note: maker.maybe(Self::text),
            when: maker.conditions(),
            steps: maker.list(channels, depth + 1),
            span: Span::default(),
        });
        let otherwise = match self.below(3) {
            1 => Otherwise::Continue,
            0 if !arms.is_empty() => Otherwise::Absent,
            _ => Otherwise::Steps(self.list(channels, depth + 1)),
        };
        Action::Branch(Branch { arms, otherwise })
    }

    pub(super) fn conditions(&mut self) -> Conditions {
        let joiner = self.of(Joiner::ALL);
        let count = 1 + self.below(3);
        Conditions { joiner, list: (0..count).map(|_| self.condition()).collect() }
    }

    fn condition(&mut self) -> Condition {
        let one = |text: &str| Operand::One(Template::parse(text));
        let (subject, operator, operand) = match self.below(9) {
            0 => (Subject::Field(self.field()), Operator::IsEqualTo, Operand::One(self.template())),
            1 => (
                Subject::Variable(self.variable().value),
                Operator::IsLessThan,
                one(self.of(&["18", "-2.5", "0x10", "007"])),
            ),
            2 => {
                let (from, to) = (Template::parse("1"), self.template());
                (Subject::Variable(self.variable().value), Operator::IsBetween, Operand::Two(from, to))
            }
            3 => {
                let first = self.template();
                let mut tags = self.some(2, Self::template);
                tags.push(first);
                (Subject::Tags, self.of(&[Operator::HasAnyOf, Operator::HasNoneOf]), Operand::Many(tags))
            }
            4 => (Subject::LastIncomingMessage, self.of(&[Operator::Exists, Operator::DoesNotExist]), Operand::None),
            5 => (Subject::LastIncomingMessageTime, Operator::IsLessThanAgo, Operand::Ago(self.duration())),
            6 => (Subject::LastInteractedChannel, Operator::IsEqualTo, Operand::One(self.template())),
            7 => (Subject::AssigneeStatus, Operator::IsNotEqualTo, one("online")),
            _ => (Subject::Lifecycle, Operator::IsEqualTo, Operand::One(self.template())),
        };
        Condition { subject, operator, operand, span: Span::default() }
    }

    fn date_time(&mut self, channels: &[String], depth: usize) -> DateTime {
        let clock = |minutes: usize| {
            NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(minutes).unwrap() * 60, 0).unwrap()
        };
        let hours = if self.yes() {
            const WEEK: [Weekday; 7] =
                [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
            let mut ranges = Vec::new();
            for day in WEEK {
                for from in [0, 540, 780].into_iter().take(self.below(4)) {
                    ranges.push((day, clock(from), clock((from + 240) % 1_440)));
                }
            }
            if ranges.is_empty() {
                ranges.push((Weekday::Sat, clock(0), clock(0)));
            }
            Hours::Business(ranges)
        } else {
            let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
            let from = day.and_hms_opt(9, 0, u32::try_from(self.below(2)).unwrap()).unwrap();
            Hours::Range { from, to: day.succ_opt().unwrap().and_time(clock(self.below(1_440))) }
        };
        DateTime { hours, timezone: self.of(ZONES), failure_branch: self.side(channels, depth) }
    }
}

/// Points every jump at a step there is; without any the jump becomes a wait.
fn aim(steps: &mut [Step], ids: &[String], next: &mut usize) {
    each(steps, &mut |step| {
        if let Action::JumpTo { step: target, .. } = &mut step.action {
            *next += 1;
            match ids.get(*next % ids.len().max(1)) {
                Some(id) => target.value.clone_from(id),
                None => step.action = Action::Wait(Duration::from_mins(1)),
            }
        }
    });
}

/// Gives steps without an id the name a reader gives them.
fn number(steps: &mut [Step], count: &mut usize) {
    each(steps, &mut |step| {
        *count += 1;
        if !step.named {
            step.id = format!("step_{count}");
        }
    });
}

/// Goes through all steps in document order.
fn each(steps: &mut [Step], visit: &mut impl FnMut(&mut Step)) {
    for step in steps {
        visit(step);
        step.action.lists_mut().into_iter().for_each(|steps| each(steps, visit));
    }
}
