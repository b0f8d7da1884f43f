//! Forms: what the operator fills in to answer for the outside world, to pick a shortcut or to send a webhook.

use serde::de::IgnoredAny;
use serde_json::Value;

use crate::engine::event::Source;
use crate::engine::{Program, Session, StepId, WorkflowId};
use crate::flow::FieldType;
use crate::flow::model::AiOutcome;
use crate::rehearsal::command::{self, Act, Answer, Command, CommandError};
use crate::text::LineEditor;

use super::action::Towards;
use super::asking::Remembered;

/// What goes on when the AI's conversation has no outcome yet, as the form calls it.
const GOES_ON: &str = "goes on";
/// The quick picks of a status.
const STATUSES: [&str; 4] = ["200", "404", "500", "timeout"];

/// What a form is for. What was typed is remembered under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To answer the HTTP request of a step.
    Http(StepId),
    /// To reply as the AI of a step.
    Ai(StepId),
    /// To start a workflow by its shortcut.
    Shortcut(WorkflowId),
    /// To send a request from outside.
    Webhook,
}

impl Purpose {
    /// Whether it answers a request.
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::Http(_) | Self::Ai(_))
    }
}

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    /// What it is for.
    pub purpose: Purpose,
    /// Its fields, from the top.
    pub fields: Vec<Field>,
    /// The field that takes the keys.
    pub focus: usize,
    /// Enter was pressed on a body that is no JSON: pressed again, it goes as it is.
    warned: bool,
}

/// One field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// What it is called.
    pub label: String,
    /// What it holds, for people.
    pub note: String,
    /// What is typed in it.
    pub editor: LineEditor,
    /// How it is filled in.
    pub kind: FieldKind,
    /// Why what it holds was refused.
    pub problem: Option<String>,
    /// Its text was not typed but picked, so typing begins anew.
    fresh: bool,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// JSON, over several lines where it needs them.
    Json,
    /// One of these words.
    Pick(Vec<String>),
    /// One of these words, or something else.
    PickOrType(Vec<String>),
}

impl FieldKind {
    /// The words to pick from.
    pub fn words(&self) -> &[String] {
        match self {
            Self::Pick(words) | Self::PickOrType(words) => words,
            Self::Text | Self::Json => &[],
        }
    }
}

impl Field {
    fn new(label: &str, note: &str, kind: FieldKind, text: &str) -> Self {
        let mut editor = LineEditor::new();
        editor.set(text);
        // A skeleton to fill in gives way to what is typed or pasted instead.
        let fresh = !kind.words().is_empty() || (kind == FieldKind::Json && text.len() > 2);
        Self { label: label.to_owned(), note: note.to_owned(), editor, kind, problem: None, fresh }
    }

    /// Whether what is typed next takes the place of what stands there.
    pub const fn is_replaced(&self) -> bool {
        self.fresh
    }

    /// Whether the words are picked with Left and Right; else these move in the text.
    pub fn picks(&self) -> bool {
        matches!(self.kind, FieldKind::Pick(_)) || (self.fresh && !self.kind.words().is_empty())
    }

    /// Picks a word by its number.
    pub fn pick(&mut self, index: usize) {
        if let Some(word) = self.kind.words().get(index) {
            self.editor.set(&word.clone());
            self.fresh = true;
            self.problem = None;
        }
    }

    /// Picks the next word, or the one before, round at the ends.
    pub fn cycle(&mut self, towards: Towards) {
        let words = self.kind.words();
        let Some(last) = words.len().checked_sub(1) else { return };
        let here = words.iter().position(|word| word == self.editor.text());
        self.pick(match (here, towards) {
            (None, Towards::Next) => 0,
            (None | Some(0), Towards::Previous) => last,
            (Some(here), Towards::Previous) => here - 1,
            (Some(here), Towards::Next) => (here + 1) % (last + 1),
        });
    }

    /// Types a character. Words are picked by their first letter, those that share one in turn.
    fn insert(&mut self, character: char) -> bool {
        self.problem = None;
        if self.picks() && character.is_alphabetic() {
            let begins =
                |word: &String| word.starts_with(|first: char| first.to_lowercase().eq(character.to_lowercase()));
            let words = self.kind.words();
            let after = words.iter().position(|word| word == self.editor.text()).map_or(0, |here| here + 1);
            let found = (after..words.len()).chain(0..after).find(|index| words.get(*index).is_some_and(begins));
            if let Some(found) = found {
                self.pick(found);
                return true;
            }
        }
        match self.kind {
            FieldKind::Pick(_) => return true,
            _ if self.fresh => self.editor.clear(),
            _ => {}
        }
        self.fresh = false;
        self.editor.insert(character.encode_utf8(&mut [0; 4]))
    }

    /// What is wrong with the JSON as it stands, and where.
    pub fn json_problem(&self) -> Option<String> {
        let text = self.editor.text();
        if self.kind != FieldKind::Json || text.trim().is_empty() {
            return None;
        }
        serde_json::from_str::<IgnoredAny>(text).err().map(|error| {
            let words = error.to_string();
            let what = words.rsplit_once(" at line ").map_or(words.as_str(), |(what, _)| what);
            match error.is_eof() {
                true => "the JSON is not finished: type what closes it, such as } or ]".to_owned(),
                false if text.contains('\n') => {
                    format!("no JSON, line {} column {}: {what}", error.line(), error.column())
                }
                false => format!("no JSON, column {}: {what}", error.column()),
            }
        })
    }
}

impl Form {
    /// A form as it was filled in last, else with what usually stands in it.
    pub fn new(purpose: Purpose, program: &Program, remembered: Option<&Remembered>) -> Self {
        let mut fields = fields(purpose, program);
        if let Some(remembered) = remembered {
            for (field, text) in fields.iter_mut().zip(&remembered.texts) {
                field.fresh &= field.kind != FieldKind::Json || field.editor.text() == text;
                field.editor.set(text);
                // What was sent is repeated or replaced, a draft is gone on with, and JSON is mended.
                field.fresh |= remembered.was_sent && field.kind == FieldKind::Text && !text.is_empty();
            }
        }
        Self { purpose, fields, focus: 0, warned: false }
    }

    /// What stands in its fields.
    pub fn texts(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.editor.text().to_owned()).collect()
    }

    /// The field that takes the keys.
    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.focus)
    }

    /// The field that takes the keys, to be changed.
    pub fn focused_mut(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    /// The text being typed, to be changed; `None` where words are picked.
    pub fn editor(&mut self) -> Option<&mut LineEditor> {
        self.warned = false;
        let field = self.focused_mut().filter(|field| !matches!(field.kind, FieldKind::Pick(_)))?;
        field.fresh = false;
        field.problem = None;
        Some(&mut field.editor)
    }

    /// Types a character. Returns whether it fitted.
    pub fn insert(&mut self, character: char) -> bool {
        self.warned = false;
        self.focused_mut().is_none_or(|field| field.insert(character))
    }

    /// Takes a pasted text. Returns whether it fitted.
    pub fn paste(&mut self, text: &str) -> bool {
        let is_replaced = self.focused().is_some_and(Field::is_replaced);
        let Some(editor) = self.editor() else { return true };
        if is_replaced {
            editor.clear();
        }
        editor.insert(text)
    }

    /// Gives the keys to the next field, or the one before, round at the ends.
    pub fn step(&mut self, towards: Towards) {
        let count = self.fields.len().max(1);
        self.focus = (self.focus + if towards == Towards::Next { 1 } else { count - 1 }) % count;
    }

    /// Checks the entry that was just changed, where a check is more than a look at its text.
    pub fn check(&mut self, session: &Session) {
        let Purpose::Shortcut(workflow) = self.purpose else { return };
        if let Some(field) = self.focused_mut() {
            field.problem = entry_problem(session, workflow, &field.label, field.editor.text());
        }
    }

    /// What the form asks to do. What is refused is said at its field, which takes the keys.
    pub fn act(&mut self, session: &Session) -> Option<Act> {
        let made = match self.purpose {
            Purpose::Http(_) => self.http(),
            Purpose::Ai(_) => self.ai(),
            Purpose::Shortcut(workflow) => self.shortcut(session, workflow),
            Purpose::Webhook => self.webhook(),
        };
        match made {
            Ok(act) => Some(act),
            Err((index, problem)) => {
                self.focus = index;
                if let Some(field) = self.fields.get_mut(index) {
                    field.problem = Some(problem);
                }
                None
            }
        }
    }

    fn text(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", |field| field.editor.text())
    }

    fn http(&mut self) -> Result<Act, (usize, String)> {
        let status = self.text(0).trim().replace(' ', "_");
        let is_status = status.parse::<u16>().is_ok();
        if is_status
            && !self.warned
            && let Some(problem) = self.fields.get(1).and_then(Field::json_problem)
        {
            self.warned = true;
            return Err((1, format!("{problem}; Enter again sends it as it is")));
        }
        // Where no response comes there is no body.
        // An untouched skeleton is the answer of a request that went well, of no other.
        let is_untouched = self.fields.get(1).is_some_and(Field::is_replaced) && !status.starts_with('2');
        let body = if is_status && !is_untouched { self.text(1) } else { "" };
        match command::parse(&format!("/http {status} {body}")) {
            Ok(Command::Act(act)) => Ok(act),
            Err(CommandError::Malformed { problem, .. }) => {
                Err((0, format!("{problem}, nor a word; type a number such as 200, or timeout, or refused")))
            }
            Ok(_) | Err(_) => Err((0, "type a status from 100 to 599, or timeout, or refused".to_owned())),
        }
    }

    fn ai(&self) -> Result<Act, (usize, String)> {
        let say = self.text(0).trim().to_owned();
        let outcome = AiOutcome::named(self.text(1));
        if say.is_empty() && outcome.is_none() {
            return Err((0, "say something, or choose how the conversation comes out".to_owned()));
        }
        let collected = self.fields.iter().skip(2).filter(|field| !field.editor.text().trim().is_empty());
        let collected = collected.map(|field| (field.label.clone(), field.editor.text().trim().to_owned())).collect();
        Ok(Act::Answer(Answer::Ai { say, outcome, collected }, Source::Operator))
    }

    fn shortcut(&self, session: &Session, workflow: WorkflowId) -> Result<Act, (usize, String)> {
        let mut form = Vec::new();
        for (index, field) in self.fields.iter().enumerate() {
            let text = field.editor.text().trim();
            if let Some(problem) = entry_problem(session, workflow, &field.label, text) {
                return Err((index, problem));
            }
            if !text.is_empty() {
                form.push((field.label.clone(), text.to_owned()));
            }
        }
        Ok(Act::Shortcut(Some(session.program().workflow(workflow).name.clone()), form))
    }

    fn webhook(&self) -> Result<Act, (usize, String)> {
        let text = self.text(0).trim();
        let json = serde_json::from_str(if text.is_empty() { "{}" } else { text });
        json.map(Act::Webhook).map_err(|_| {
            let problem = self.fields.first().and_then(Field::json_problem);
            (0, problem.unwrap_or_else(|| "this is no JSON".to_owned()))
        })
    }
}

fn fields(purpose: Purpose, program: &Program) -> Vec<Field> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    match purpose {
        Purpose::Http(step) => vec![
            Field::new("status", "", FieldKind::PickOrType(words(&STATUSES)), STATUSES[0]),
            Field::new("body", "JSON, or nothing", FieldKind::Json, &skeleton(program.step(step).saved_from())),
        ],
        Purpose::Ai(step) => {
            let outcomes = std::iter::once(GOES_ON).chain(AiOutcome::ALL.iter().map(|outcome| outcome.as_str()));
            let collect = program.step(step).ai().map_or(&[][..], |(_, _, collect)| collect);
            let mut fields = vec![
                Field::new("says", "what the contact reads", FieldKind::Text, ""),
                Field::new("outcome", "", FieldKind::Pick(outcomes.map(str::to_owned).collect()), GOES_ON),
            ];
            fields.extend(collect.iter().map(|collect| {
                Field::new(
                    &collect.variable,
                    collect.description.as_deref().unwrap_or("found out"),
                    FieldKind::Text,
                    "",
                )
            }));
            fields
        }
        Purpose::Shortcut(workflow) => {
            let form = program.shortcuts().find(|(id, _)| *id == workflow).map_or(&[][..], |(_, form)| form);
            let entry = |entry: &crate::engine::FormEntry| {
                let kind = match entry.kind.kind {
                    FieldType::Checkbox => FieldKind::PickOrType(words(&["true", "false"])),
                    _ if !entry.kind.options.is_empty() => FieldKind::PickOrType(entry.kind.options.clone()),
                    _ => FieldKind::Text,
                };
                Field::new(&entry.name, entry.kind.kind.as_str(), kind, "")
            };
            form.iter().map(entry).collect()
        }
        Purpose::Webhook => vec![Field::new("payload", "JSON", FieldKind::Json, "{}")],
    }
}

/// A JSON that has something at each of the paths, for the operator to fill in; empty without paths.
fn skeleton<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let mut json = None;
    for path in paths {
        let keys = path.split(['.', '[', ']', '\'', '"']).map(str::trim);
        let keys: Vec<&str> = keys.filter(|key| !key.is_empty() && *key != "$").collect();
        put(json.get_or_insert(Value::Null), &keys);
    }
    json.map_or_else(String::new, |json| json.to_string())
}

/// Puts an empty text where the keys lead; numbers are places of a list, within reason.
fn put(place: &mut Value, keys: &[&str]) {
    let Some((key, rest)) = keys.split_first() else {
        if place.is_null() {
            *place = Value::String(String::new());
        }
        return;
    };
    if let Some(index) = key.parse::<usize>().ok().filter(|index| *index < 10) {
        if !place.is_array() {
            *place = Value::Array(Vec::new());
        }
        if let Value::Array(list) = place {
            if list.len() <= index {
                list.resize(index + 1, Value::Null);
            }
            if let Some(place) = list.get_mut(index) {
                put(place, rest);
            }
        }
        return;
    }
    if !place.is_object() {
        *place = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(map) = place {
        put(map.entry(*key).or_insert(Value::Null), rest);
    }
}

/// Why the shortcut's form does not take this text in this entry: a copy of the session is asked.
fn entry_problem(session: &Session, workflow: WorkflowId, name: &str, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let input = crate::engine::Input::Shortcut { workflow, form: &[(name, text)] };
    session.clone().handle(input, &mut ()).err().map(|refused| refused.to_string())
}
