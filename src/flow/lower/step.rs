//! Steps: finding the one action of each, numbering them, and the small actions.

use super::mapping::{Entry, Fields};
use super::value::Value;
use super::{Lowering, NameKind, Noticed, limits, quoted};
use crate::diagnostic::did_you_mean;
use crate::flow::model::{Action, Otherwise, Side, Spanned, Step};
use crate::source::{Node, NodeKind, Span};

/// Every action this version runs.
pub(super) const ACTIONS: [&str; 12] = [
    "send_message",
    "ask_question",
    "branch",
    "update_contact_tag",
    "update_contact_field",
    "open_conversation",
    "close_conversation",
    "add_comment",
    "jump_to",
    "wait",
    "date_time",
    "update_lifecycle",
];

/// What the format has and this version cannot run: refused by name, so that nobody takes it for a typing mistake.
pub(super) const NOT_YET: [&str; 13] = [
    "assign_to",
    "trigger_workflow",
    "http_request",
    "add_google_sheets_row",
    "respond_with_ai",
    "conversation_closed",
    "contact_tag_updated",
    "contact_field_updated",
    "shortcut",
    "incoming_webhook",
    "click_to_chat_ad",
    "lifecycle_updated",
    "once_per_contact",
];

const STEP_KEYS: [&str; 3] = ["id", "name", "note"];

impl Lowering<'_> {
    /// Reports a word of the format that this version cannot run.
    pub(super) fn not_yet(&mut self, word: &str, span: Span) {
        self.error(
            "not-yet",
            span,
            format!("`{word}` is not there yet: this version of rehearse cannot run it"),
            "take it out to rehearse the rest of the flow",
        );
    }

    /// A list of steps; one may stand alone, and nothing is no steps.
    pub(super) fn steps(&mut self, value: Value<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        // The branch that an earlier item of this list was, when it lets nothing run below it.
        let mut barrier: Option<Span> = None;
        for item in value.items() {
            let step = self.step(item);
            if let Some(branch) = barrier.take() {
                let next = step.as_ref().map_or(item.node.span, |step: &Step| step.span);
                self.error_also(
                    "arms-do-not-merge",
                    (branch, "this branch has steps below it, but its arms do not merge: they never run".to_owned()),
                    (next, "never runs"),
                    "to run them when no arm holds, end the branch with `- else: continue`. To run them after an arm too, give the \
                     step an id and end that arm with `jump_to`",
                );
            }
            barrier = lets_nothing_below(item.node);
            steps.extend(step);
        }
        if let Some(Step { action: Action::Branch(branch), span, .. }) = steps.last()
            && branch.otherwise == Otherwise::Continue
        {
            self.notice(*span, Noticed::IdleContinue);
        }
        steps
    }

    /// A side branch without a clock: a list of steps, or a mapping in which `steps` is optional.
    pub(super) fn side(&mut self, value: Value<'_>, what: &'static str) -> Side {
        if !is_side_mapping(value.node) {
            return self.steps(value);
        }
        let Some(mut fields) = self.fields(value, what, "a list of steps") else { return Vec::new() };
        let steps = fields.take("steps");
        fields.finish(self);
        steps.map(|steps| self.steps(steps)).unwrap_or_default()
    }

    fn step(&mut self, value: Value<'_>) -> Option<Step> {
        self.steps += 1;
        let number = self.steps;
        if number == limits::STEPS + 1 {
            self.error(
                "too-many-steps",
                value.node.span,
                format!("this is step {number}; a workflow has at most {}", limits::STEPS),
                "move a part of the steps into a workflow of its own",
            );
        }
        match &value.node.kind {
            NodeKind::Scalar(scalar) => {
                let action = self.bare(&scalar.text, value.node.span)?;
                Some(Step {
                    id: format!("step_{number}"),
                    named: false,
                    name: None,
                    note: None,
                    span: value.node.span,
                    action,
                })
            }
            NodeKind::Map(_) => self.full_step(value, number),
            NodeKind::Null => {
                self.error(
                    "no-action",
                    value.place(),
                    "this step is empty",
                    "write an action, such as `- send_message: Hello!`",
                );
                None
            }
            NodeKind::Seq(_) => {
                self.error(
                    "wrong-type",
                    value.place(),
                    "a step must be a mapping with one action, but this is a list",
                    "take out one of the dashes or brackets",
                );
                None
            }
        }
    }

    /// A step that is only a word.
    fn bare(&mut self, word: &str, span: Span) -> Option<Action> {
        match word {
            "open_conversation" => return Some(Action::OpenConversation),
            "close_conversation" => return Some(Action::CloseConversation { category: None, summary: None }),
            "continue" => self.error(
                "unknown-step",
                span,
                "`continue` is not a step: it stands in the place of the else arm's steps",
                "write `- else: continue`",
            ),
            _ if NOT_YET.contains(&word) => self.not_yet(word, span),
            _ if ACTIONS.contains(&word) => self.missing_settings(word, span),
            _ => self.unknown_step(word, span),
        }
        None
    }

    fn missing_settings(&mut self, action: &str, span: Span) {
        let example = match action {
            "send_message" => "send_message: Hello!",
            "ask_question" => "ask_question: { text: What is your name?, type: text }",
            "branch" => "branch: [{ name: VIP, when: { tags: { has_any_of: [vip] } }, steps: [...] }]",
            "update_contact_tag" => "update_contact_tag: { add: [vip] }",
            "update_contact_field" => "update_contact_field: { field: city, value: Amman }",
            "add_comment" => "add_comment: Please call back",
            "jump_to" => "jump_to: the_id_of_a_step",
            "wait" => "wait: 10 minutes",
            "date_time" => "date_time: { business_hours: { mon-fri: 09:00-17:00 } }",
            _ => "update_lifecycle: Customer",
        };
        self.error(
            "missing-settings",
            span,
            format!("`{action}` needs to be told what to do, but nothing follows it"),
            format!("write it like this: {example}"),
        );
    }

    fn unknown_step(&mut self, word: &str, span: Span) {
        let message = format!("there is no step called {}", quoted(word));
        self.unknown("unknown-step", span, message, word, ACTIONS);
    }

    fn full_step(&mut self, value: Value<'_>, number: usize) -> Option<Step> {
        let mut fields = self.fields(value, "a step", "- send_message: Hello!")?;
        let id = fields.take("id").and_then(|id| self.id(id));
        let name = fields.take("name").and_then(|name| self.text(name, "`name`")).map(str::to_owned);
        let note = fields.take("note").and_then(|note| self.text(note, "`note`")).map(str::to_owned);
        let (key, value) = self.choose(&fields, value)?;
        // Whatever other action stands here was reported already.
        for action in ACTIONS.iter().chain(NOT_YET.iter().take(5)) {
            fields.take(action);
        }
        if value.is_null() && fields.rest().next().is_some() {
            let message = format!("the settings of `{key}` stand beside it instead of below it");
            let help = format!("indent the lines that follow `{key}:` by two more blanks");
            self.error("missing-settings", value.at, message, help);
            return None;
        }
        // Settings that slipped out to the level of the step are told before those inside it.
        fields.finish(self);
        let action = self.action(key, value)?;
        let named = id.is_some();
        let id = id.unwrap_or_else(|| format!("step_{number}"));
        Some(Step { id, named, name, note, span: value.at, action })
    }

    /// The one action of a step.
    fn choose<'n>(&mut self, fields: &Fields<'n>, value: Value<'n>) -> Option<(&'static str, Value<'n>)> {
        let known = |entry: &&Entry<'n>| ACTIONS.contains(&entry.key) || is_step_not_yet(entry.key);
        let mut actions = fields.rest().filter(known);
        let Some(first) = actions.next() else {
            match fields.rest().next() {
                Some(entry) => self.unknown_step(entry.key, entry.key_span),
                None => self.error(
                    "no-action",
                    fields.at(),
                    "this step does nothing: it has no action",
                    "add one action to it, such as `send_message: Hello!`",
                ),
            }
            self.remember_ids(value.node);
            return None;
        };
        for other in actions {
            self.error_also(
                "several-actions",
                (
                    other.key_span,
                    format!("this step has two actions, `{}` and `{}`; a step does one thing", first.key, other.key),
                ),
                (first.key_span, "the first action"),
                format!("put a dash before the second to make it a step of its own: `- {}: …`", other.key),
            );
        }
        if let Some(action) = ACTIONS.iter().find(|action| **action == first.key) {
            return Some((action, first.value()));
        }
        self.not_yet(first.key, first.key_span);
        self.remember_ids(value.node);
        None
    }

    /// Takes note of the ids inside steps that are not read, so that jumps to them are not called unknown on top.
    fn remember_ids(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Seq(items) => items.iter().for_each(|item| self.remember_ids(item)),
            NodeKind::Map(entries) => {
                for (key, value) in entries {
                    let is_id = Value::item(key).scalar() == Some("id");
                    if let (true, Some(id)) = (is_id, Value::item(value).scalar()) {
                        self.ids.entry(id.to_owned()).or_insert(value.span);
                    }
                    self.remember_ids(value);
                }
            }
            NodeKind::Null | NodeKind::Scalar(_) => {}
        }
    }

    fn id(&mut self, value: Value<'_>) -> Option<String> {
        let id = self.spanned(value, "`id`")?;
        let mut rest = id.value.bytes();
        let good = rest.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && rest.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if !good {
            self.error(
                "bad-id",
                id.span,
                format!("{} cannot be an id", quoted(&id.value)),
                "an id starts with a letter or an underscore, then letters, digits, `_` and `-`: ask_email",
            );
            return None;
        }
        if is_numbered(&id.value) {
            self.error(
                "reserved-id",
                id.span,
                format!("`{}` is how rehearse calls steps without an id; choose another", id.value),
                "say what the step does: ask_email",
            );
            return None;
        }
        if let Some(first) = self.ids.get(&id.value).copied() {
            self.error_also(
                "repeated-id",
                (id.span, format!("two steps have the id `{}`", id.value)),
                (first, "the first one"),
                "give one of them another id",
            );
            return None;
        }
        self.ids.insert(id.value.clone(), id.span);
        Some(id.value)
    }

    fn action(&mut self, key: &'static str, value: Value<'_>) -> Option<Action> {
        if value.is_null() && !matches!(key, "open_conversation" | "close_conversation" | "update_lifecycle") {
            self.missing_settings(key, value.at);
            return None;
        }
        match key {
            "send_message" => self.send_message(value).map(Action::SendMessage),
            "ask_question" => self.ask_question(value).map(Action::AskQuestion),
            "branch" => self.branch(value).map(Action::Branch),
            "update_contact_tag" => self.update_contact_tag(value),
            "update_contact_field" => self.update_contact_field(value),
            "open_conversation" => self.open_conversation(value),
            "close_conversation" => self.close_conversation(value),
            "add_comment" => self.add_comment(value),
            "jump_to" => self.jump_to(value),
            "wait" => self.waiting_time(value, "`wait`").map(Action::Wait),
            "date_time" => self.date_time(value).map(Action::DateTime),
            _ => self.update_lifecycle(value),
        }
    }

    fn update_contact_tag(&mut self, value: Value<'_>) -> Option<Action> {
        let mut fields = self.fields(value, "`update_contact_tag`", "update_contact_tag: { add: [vip] }")?;
        let add = fields.take("add");
        let remove = fields.take("remove");
        if add.is_none() && remove.is_none() {
            let help = "write `add: [vip]` or `remove: [vip]`";
            self.error("missing-key", fields.at(), "`update_contact_tag` needs `add` or `remove`", help);
        }
        fields.finish(self);
        let mut tags = |value: Option<Value<'_>>, what: &str| {
            let tags = value.map(|value| self.texts(value, what)).unwrap_or_default();
            for tag in &tags {
                self.notice_name(NameKind::Tag, tag);
            }
            tags
        };
        Some(Action::UpdateContactTag { add: tags(add, "a tag"), remove: tags(remove, "a tag") })
    }

    fn update_contact_field(&mut self, value: Value<'_>) -> Option<Action> {
        let example = "update_contact_field: { field: city, value: Amman }";
        let mut fields = self.fields(value, "`update_contact_field`", example)?;
        let field = fields.require(self, "field").and_then(|field| self.field(field, "`field`"));
        let value = fields.take("value");
        if value.is_none() {
            let message = "`update_contact_field` needs `value`, which is missing";
            self.error(
                "missing-key",
                fields.at(),
                message,
                "add `value:` with the new value, or `value: null` to clear the field",
            );
        }
        fields.finish(self);
        let (field, value) = (field?, value?);
        let value = if value.is_null() {
            None
        } else {
            let template = self.template(value, "`value`")?;
            Some(Spanned { value: template, span: value.node.span })
        };
        Some(Action::UpdateContactField { field, value })
    }

    fn open_conversation(&mut self, value: Value<'_>) -> Option<Action> {
        if !value.is_null() {
            self.fields(value, "`open_conversation`", "- open_conversation")?.finish(self);
        }
        Some(Action::OpenConversation)
    }

    fn close_conversation(&mut self, value: Value<'_>) -> Option<Action> {
        if value.is_null() {
            return Some(Action::CloseConversation { category: None, summary: None });
        }
        let mut fields = self.fields(value, "`close_conversation`", "close_conversation: { category: Solved }")?;
        let category = fields.take("category").and_then(|category| self.spanned(category, "`category`"));
        let summary = fields.take("summary").and_then(|summary| self.template(summary, "`summary`"));
        fields.finish(self);
        if let Some(category) = &category {
            self.notice_name(NameKind::ClosingCategory, category);
        }
        Some(Action::CloseConversation { category, summary })
    }

    fn jump_to(&mut self, value: Value<'_>) -> Option<Action> {
        let (step, max_jumps) = if let NodeKind::Map(_) = value.node.kind {
            let mut fields = self.fields(value, "`jump_to`", "jump_to: { step: ask_email, max_jumps: 3 }")?;
            let step = fields.require(self, "step").and_then(|step| self.spanned(step, "`step`"));
            let bounds = 1..=u32::from(limits::JUMPS);
            let most = fields.take("max_jumps").map(|most| self.whole(most, "`max_jumps`", bounds));
            fields.finish(self);
            (step, most)
        } else {
            (self.spanned(value, "`jump_to`"), None)
        };
        let step = step?;
        self.targets.push(step.clone());
        let max_jumps = match max_jumps {
            None => limits::JUMPS,
            Some(given) => u8::try_from(given?).ok()?,
        };
        Some(Action::JumpTo { step, max_jumps })
    }

    fn update_lifecycle(&mut self, value: Value<'_>) -> Option<Action> {
        if value.is_null() {
            return Some(Action::UpdateLifecycle(None));
        }
        let stage = self.spanned(value, "`update_lifecycle`")?;
        self.notice_name(NameKind::Lifecycle, &stage);
        Some(Action::UpdateLifecycle(Some(stage)))
    }

    /// Checks that every id spoken of is the id of a step. To be called when all steps are read.
    pub(super) fn check_targets(&mut self) {
        let targets = std::mem::take(&mut self.targets);
        let ids = std::mem::take(&mut self.ids);
        let mut known: Vec<(&str, Span)> = ids.iter().map(|(id, span)| (id.as_str(), *span)).collect();
        known.sort_by_key(|(_, span)| *span);
        // A legal flow has no more; comparing with all ids of a huge one would take long.
        known.truncate(limits::STEPS);
        for target in targets.iter().filter(|target| !ids.contains_key(&target.value)) {
            let message = format!("there is no step with the id {}", quoted(&target.value));
            if known.is_empty() || is_numbered(&target.value) {
                let help = "give the step that is meant an `id:` and name it here";
                self.error("unknown-step-id", target.span, message, help);
            } else {
                self.unknown("unknown-step-id", target.span, message, &target.value, known.iter().map(|(id, _)| *id));
            }
        }
    }
}

fn is_step_not_yet(key: &str) -> bool {
    NOT_YET.iter().take(5).any(|word| *word == key)
}

/// Whether an id has the form that steps without one are given.
fn is_numbered(id: &str) -> bool {
    id.strip_prefix("step_")
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a side branch is written as a mapping with settings, rather than as one step that stands alone.
pub(super) fn is_side_mapping(node: &Node) -> bool {
    let NodeKind::Map(entries) = &node.kind else { return false };
    let has = |words: &[&str]| {
        entries.iter().any(|(key, _)| Value::item(key).scalar().is_some_and(|key| words.contains(&key)))
    };
    let misspelt_step = || matches!(entries.as_slice(), [(key, _)] if Value::item(key).scalar().is_some_and(|key| did_you_mean(key, ACTIONS).is_some()));
    has(&["steps", "after"]) || !(has(&ACTIONS) || misspelt_step() || has(&STEP_KEYS) || has(&NOT_YET))
}

/// The branch key of a step that lets nothing run below it. Looked up in the file, so that a branch with mistakes in it counts too.
fn lets_nothing_below(step: &Node) -> Option<Span> {
    let (key, branch) = entry(step, "branch")?;
    let arms = match &branch.kind {
        NodeKind::Seq(arms) => arms.as_slice(),
        _ => std::slice::from_ref(branch),
    };
    // A word other than `continue` is a mistake of its own.
    let continues = |arm: &Node| entry(arm, "else").is_some_and(|(_, steps)| Value::item(steps).scalar().is_some());
    (!arms.is_empty() && !arms.iter().any(continues)).then_some(key.span)
}

/// The entry of a mapping with this key.
fn entry<'n>(node: &'n Node, wanted: &str) -> Option<(&'n Node, &'n Node)> {
    let NodeKind::Map(entries) = &node.kind else { return None };
    entries.iter().map(|(key, value)| (key, value)).find(|(key, _)| Value::item(key).scalar() == Some(wanted))
}
