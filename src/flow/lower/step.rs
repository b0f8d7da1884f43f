//! Steps: finding the one action of each, numbering them, and the small actions.

use std::time::Duration;

use super::mapping::{Entry, Fields};
use super::value::Value;
use super::{Lowering, Noticed, limits, quoted};
use crate::flow::duration::durations_in;
use crate::flow::model::{Action, Otherwise, Spanned, Step};
use crate::source::{Node, NodeKind, Span};

/// Every action of the format.
pub(super) const ACTIONS: [&str; 18] = [
    "send_message",
    "ask_question",
    "assign_to",
    "branch",
    "update_contact_tag",
    "update_contact_field",
    "open_conversation",
    "close_conversation",
    "add_comment",
    "jump_to",
    "wait",
    "trigger_workflow",
    "date_time",
    "http_request",
    "add_google_sheets_row",
    "respond_with_ai",
    "update_lifecycle",
    UNKNOWN,
];

/// Our own action for steps of the platform that are only kept. Nobody who mistypes a word means it.
const UNKNOWN: &str = "unknown_step";

pub(super) const STEP_KEYS: [&str; 3] = ["id", "name", "note"];

impl Lowering<'_> {
    /// A list of steps; one may stand alone, and nothing is no steps.
    pub(super) fn steps(&mut self, value: Value<'_>) -> Vec<Step> {
        if self.depth > limits::STEPS {
            // There are too many steps already, which was reported; the stack is not to end before they do.
            self.remember_ids(value.node);
            return Vec::new();
        }
        self.depth += 1;
        let mut steps = Vec::new();
        // What an earlier item of this list was, when it lets nothing run below it.
        let mut barrier: Option<(&str, Span, &Node)> = None;
        for item in value.items() {
            let step = self.step(item);
            if let Some((key, place, settings)) = barrier.take() {
                let next = step.as_ref().map_or(item.node.span, |step: &Step| step.span);
                let here = entry(item.node, "id").and_then(|(_, id)| Value::item(id).scalar());
                match here.filter(|here| all_jump_to(settings, here)) {
                    Some(here) => self.only_jumped_to(place, next, settings, here),
                    None => self.never_runs(key, place, next),
                }
            }
            barrier = lets_nothing_below(item.node);
            steps.extend(step);
        }
        if let Some(Step { action: Action::Branch(branch), span, .. }) = steps.last()
            && branch.otherwise == Otherwise::Continue
        {
            self.notice(*span, Noticed::IdleContinue);
        }
        self.depth -= 1;
        steps
    }

    /// Reports the step `here` below a branch whose arms all jump to it.
    fn only_jumped_to(&mut self, place: Span, next: Span, branch: &Node, here: &str) {
        let otherwise = list(branch).iter().find_map(|arm| entry(arm, "else"));
        let help = match otherwise {
            None => "end the branch with `- else: continue`: without it nothing follows a branch".to_owned(),
            Some((_, steps)) if list(steps).len() == 1 => {
                format!("write `- else: continue` in the place of the else arm that jumps to `{here}`")
            }
            Some(_) => format!(
                "move the steps below into the else arm, in the place of its jump to `{here}`; the other arms still find \
                 them there"
            ),
        };
        self.error_also(
            "arms-do-not-merge",
            (place, format!("every arm of this branch jumps to `{here}`, but nothing may stand below a branch")),
            (next, "stands below it"),
            help,
        );
    }

    /// Reports a step below one that lets nothing run there.
    fn never_runs(&mut self, key: &str, place: Span, next: Span) {
        if key == "branch" {
            self.error_also(
                "arms-do-not-merge",
                (place, "this branch has steps below it, but its arms do not merge: they never run".to_owned()),
                (next, "never runs"),
                "to run them when no arm holds, end the branch with `- else: continue`. To run them after an arm too, give the \
                 step an id and end that arm with `jump_to`",
            );
        } else {
            self.error_also(
                "not-last",
                (place, "the run moves to the other workflow here and never comes back to the steps below".to_owned()),
                (next, "never runs"),
                "put the steps before `trigger_workflow`, or into the other workflow",
            );
        }
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
            _ if ACTIONS.contains(&word) => self.missing_settings(word, span),
            _ => self.unknown_step(word, span),
        }
        None
    }

    fn unknown_step(&mut self, word: &str, span: Span) {
        let message = format!("there is no step called {}", quoted(word));
        let known = ACTIONS.into_iter().filter(|action| *action != UNKNOWN);
        self.unknown("unknown-step", span, message, word, known);
    }

    fn full_step(&mut self, value: Value<'_>, number: usize) -> Option<Step> {
        let mut fields = self.fields(value, "a step", "- send_message: Hello!")?;
        let id = fields.take("id").and_then(|id| self.id(id));
        let name = fields.take("name").and_then(|name| self.spanned(name, "`name`"));
        let note = fields.take("note").and_then(|note| self.text(note, "`note`")).map(str::to_owned);
        let (key, value) = self.choose(&fields, value)?;
        // Whatever other action stands here was reported already.
        for action in &ACTIONS {
            fields.take(action);
        }
        if value.is_null() && fields.rest().next().is_some() {
            let message = format!("the settings of `{key}` stand beside it instead of below it");
            let help = format!("indent the lines that follow `{key}:` by two more blanks");
            self.error("missing-settings", value.at, message, help);
            return None;
        }
        // Settings that slipped out to the level of the step are told before those inside it.
        while let Some((setting, stray)) = fields.stray(|word| settings_of(key).contains(&word)) {
            let message = format!("`{setting}` stands beside `{key}`, but is one of its settings");
            self.error("unknown-key", stray.at, message, format!("move it inside `{key}`"));
            self.remember_ids(stray.node);
        }
        fields.finish(self);
        let action = self.action(key, value)?;
        if let Some(name) = &name {
            self.compare_times(name, &action);
        }
        let name = name.map(|name| name.value);
        let named = id.is_some();
        let id = id.unwrap_or_else(|| format!("step_{number}"));
        Some(Step { id, named, name, note, span: value.at, action })
    }

    /// Takes note of a name that says another time than the step has.
    fn compare_times(&mut self, name: &Spanned<String>, action: &Action) {
        let has = match action {
            Action::Wait(span) => *span,
            Action::AskQuestion(ask) if ask.timeout_branch.is_some() => ask.timeout,
            Action::AssignTo(assign) if assign.timeout_branch.is_some() => assign.timeout,
            Action::RespondWithAi(ai) if ai.idle_branch.is_some() => ai.idle,
            _ => return,
        };
        self.compare_time(name, has);
    }

    /// The same, of one time.
    pub(super) fn compare_time(&mut self, name: &Spanned<String>, has: Duration) {
        if let [said] = durations_in(&name.value).as_slice()
            && *said != has
        {
            self.notice(name.span, Noticed::NameSaysOtherwise(*said, has));
        }
    }

    /// The one action of a step.
    fn choose<'n>(&mut self, fields: &Fields<'n>, value: Value<'n>) -> Option<(&'static str, Value<'n>)> {
        let known = |entry: &&Entry<'n>| ACTIONS.contains(&entry.key);
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
        let key = ACTIONS.into_iter().find(|action| *action == first.key)?;
        Some((key, first.value()))
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

/// What people write beside an action and belongs inside it.
fn settings_of(action: &str) -> &'static [&'static str] {
    match action {
        "send_message" => &["text", "attachment", "template", "channel", "per_channel", "failure_branch"],
        "ask_question" => &[
            "text",
            "type",
            "options",
            "min",
            "max",
            "date_formats",
            "match",
            "save_as",
            "timeout_branch",
            "failure_branch",
            "invalid_branch",
            "sending_failed_branch",
        ],
        "assign_to" => &["user", "team", "workspace", "logic", "only_online", "max_open_contacts", "timeout_branch"],
        "update_contact_field" => &["field", "value"],
        "jump_to" => &["step", "max_jumps"],
        "http_request" => {
            &["method", "url", "headers", "content_type", "body", "save_response", "save_status", "failure_branch"]
        }
        "respond_with_ai" => &["speak_to_human_branch", "unable_branch", "idle_branch", "failure_branch"],
        "date_time" => &["business_hours", "range", "failure_branch"],
        _ => &[],
    }
}

/// Whether an id has the form that steps without one are given.
fn is_numbered(id: &str) -> bool {
    id.strip_prefix("step_")
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The key of a step that lets nothing run below it, and its settings. Looked up in the file, so that a step with mistakes in it
/// counts too.
fn lets_nothing_below(step: &Node) -> Option<(&'static str, Span, &Node)> {
    if let Some((key, settings)) = entry(step, "trigger_workflow") {
        return Some(("trigger_workflow", key.span, settings));
    }
    let (key, branch) = entry(step, "branch")?;
    let arms = list(branch);
    // A word other than `continue` is a mistake of its own.
    let continues = |arm: &Node| entry(arm, "else").is_some_and(|(_, steps)| Value::item(steps).scalar().is_some());
    (!arms.is_empty() && !arms.iter().any(continues)).then_some(("branch", key.span, branch))
}

/// The items of a list; one item may stand alone.
fn list(node: &Node) -> &[Node] {
    match &node.kind {
        NodeKind::Seq(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    }
}

/// Whether every arm of a branch ends with a jump to this step.
fn all_jump_to(branch: &Node, here: &str) -> bool {
    let jumps = |arm: &Node| {
        let steps = entry(arm, "steps").or_else(|| entry(arm, "else"));
        let jump = steps.and_then(|(_, steps)| list(steps).last()).and_then(|last| entry(last, "jump_to"));
        let step = jump.map(|(_, jump)| entry(jump, "step").map_or(jump, |(_, step)| step));
        step.and_then(|step| Value::item(step).scalar()) == Some(here)
    };
    list(branch).iter().all(jumps)
}

/// The entry of a mapping with this key.
fn entry<'n>(node: &'n Node, wanted: &str) -> Option<(&'n Node, &'n Node)> {
    let NodeKind::Map(entries) = &node.kind else { return None };
    entries.iter().map(|(key, value)| (key, value)).find(|(key, _)| Value::item(key).scalar() == Some(wanted))
}
