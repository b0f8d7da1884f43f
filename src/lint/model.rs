//! What a look at a whole flow shows: variables nothing sets, arms that are never taken, messages that come too late.

use std::time::Duration;

use super::Rule;
use crate::diagnostic::{Diagnostic, listed};
use crate::flow::{Fact, Twin, format_duration};
use crate::source::Span;

/// `{{name}}`
pub(super) static BARE_BRACES: Rule = Rule {
    id: "braces-without-dollar",
    summary: "a name stands in double braces without the `$`",
    why: "It is no variable: the contact reads the braces.",
    example: "- send_message: \"Hello {{firstname}}\"",
};

/// `$nmae`
pub(super) static NEVER_SET: Rule = Rule {
    id: "variable-never-set",
    summary: "nothing in the flow sets this variable",
    why: "The contact reads its name, and a condition on it never finds a value. Variables do not pass from one workflow to the next.",
    example: "- send_message: Hello $visitor",
};

/// `field: name`
pub(super) static NO_FIELD: Rule = Rule {
    id: "not-a-field",
    summary: "something that is no contact field is used as one",
    why: "A field of that name is kept beside the real thing, and nobody looks there.",
    example: "- update_contact_field: { field: name, value: Ana }",
};

/// `is_between: [10, 1]`
pub(super) static REVERSED_RANGE: Rule = Rule {
    id: "reversed-range",
    summary: "a range ends before it starts",
    why: "Nothing lies in it: the condition never holds.",
    example: "- branch: [{ when: { field: age, is_between: [10, 1] } }]",
};

/// `is_equal_to: Sale`, and the options are Sales and Support.
pub(super) static NO_SUCH_OPTION: Rule = Rule {
    id: "no-such-option",
    summary: "a condition compares an answer with a text that is none of the question's options",
    why: "The answer is always one of the options, letter for letter.",
    example: "- ask_question: { text: Which?, type: multiple_choice, options: [Sales, Support], save_as: { variable: topic } }\n- branch: [{ when: { variable: topic, is_equal_to: Sale } }]",
};

/// Two arms that are one.
pub(super) static TWIN_ARMS: Rule = Rule {
    id: "repeated-arm",
    summary: "two arms of a branch have the same conditions or the same name, or one is named like the else arm",
    why: "The first arm that holds wins: a second with its conditions is never taken. Of two with one name nobody knows which was.",
    example: "- branch: [{ name: A, when: { tags: { has_any_of: vip } } }, { name: B, when: { tags: { has_any_of: vip } } }]",
};

/// A contact that could not be.
pub(super) static CARD_MISFIT: Rule = Rule {
    id: "contact-does-not-fit",
    summary: "a contact has a value that its field cannot hold",
    why: "No real contact has it, so the rehearsal shows what will never happen.",
    example: "- send_message: Hi\ncontact: { fields: { age: old } }",
};

/// An HTTP answer for an AI.
pub(super) static MOCK_MISFIT: Rule = Rule {
    id: "mock-does-not-fit",
    summary: "a rehearsed answer is for a step that never asks for it",
    why: "It is never used, or the step takes it for a failure.",
    example: "- { id: hello, send_message: Hi }\nmocks: { hello: [{ status: 200 }] }",
};

/// A text after the window.
pub(super) static LATE_TEXT: Rule = Rule {
    id: "text-after-window",
    summary: "a plain text goes out on WhatsApp after 24 hours of waiting",
    why: "WhatsApp takes plain texts for 24 hours after the contact's last message. Later the send fails with window_closed.",
    example: "- wait: 1 day\n- send_message: Are you still there?",
};

/// An arm that `stop_on` cuts off.
pub(super) static STOPPED_BEFORE: Rule = Rule {
    id: "stopped-before",
    summary: "an arm looks for a message that would have ended the workflow",
    why: "With `stop_on: incoming_message` a message during the wait ends the run, so the arm is never taken.",
    example: "- wait: 1 hour\n- branch: [{ when: { last_incoming_message_time: { is_less_than_ago: 1 hour } } }]\nsettings: { stop_on: incoming_message }",
};

/// A loop that gives up too early.
pub(super) static JUMP_USED_UP: Rule = Rule {
    id: "jump-used-up",
    summary: "a loop makes its last jump before an arm of it is due",
    why: "The arm waits for a longer silence than the loop lasts: the reminder in it is never sent.",
    example: "- { id: again, wait: 10 minutes }\n- branch: [{ when: { last_incoming_message_time: { is_more_than_ago: 5 hours } }, steps: [{ send_message: Hello? }] }, { else: { jump_to: again } }]",
};

pub(super) fn judge_braces(fact: &Fact, name: &str) -> Diagnostic {
    let message = format!("`{{{{{name}}}}}` is sent as it stands: a variable needs a `$`");
    BARE_BRACES.warn(
        fact,
        message,
        format!("write `${name}`, or `$contact.{name}` for a field of the contact")
            .replace("$contact.contact.", "$contact."),
    )
}

pub(super) fn judge_unset(fact: &Fact, name: &str, meant: Option<&str>, known: &[String]) -> Diagnostic {
    let help = match (meant, known) {
        (Some(meant), _) => format!("did you mean `${meant}`?"),
        (None, []) => format!(
            "save an answer in it with `save_as: {{ variable: {name} }}`; a field of the contact is `$contact.{name}`"
        ),
        (None, known) => format!(
            "save an answer in it with `save_as: {{ variable: {name} }}`. Variables that are set: {}",
            listed(known.iter().map(String::as_str))
        ),
    };
    NEVER_SET.warn(fact, format!("nothing in this flow sets the variable `{name}`"), help)
}

pub(super) fn judge_field(fact: &Fact, name: &str, set: bool) -> Diagnostic {
    let help = match (name, set) {
        ("name", true) => "set `firstname` and `lastname`; the name is made of them".to_owned(),
        ("name", false) => "look at `firstname` or `lastname`; the name is made of them".to_owned(),
        ("tags", true) => "use `update_contact_tag: { add: [vip] }`".to_owned(),
        ("tags", false) => "write `tags: { has_any_of: [vip] }`".to_owned(),
        ("lifecycle", true) => "use `update_lifecycle: Customer`".to_owned(),
        ("lifecycle", false) => "write `lifecycle: { is_equal_to: Customer }`".to_owned(),
        ("assignee", true) => "use `assign_to: { user: ana@example.com }`".to_owned(),
        ("assignee", false) => "write `assignee_status: { is_equal_to: online }`".to_owned(),
        ("channel", false) => "write `last_interacted_channel: { is_equal_to: whatsapp }`".to_owned(),
        ("channel", true) => "the channel changes when the contact writes on another one".to_owned(),
        ("id", _) => "the platform gives the id; use a field of your own".to_owned(),
        _ => format!("write the field's id alone: {}", name.trim_start_matches("contact.")),
    };
    let can = if set { "cannot be set like one" } else { "cannot be looked at like one" };
    NO_FIELD.warn(fact, format!("`{name}` is no contact field and {can}"), help)
}

pub(super) fn judge_range(fact: &Fact, from: &str, to: &str) -> Diagnostic {
    let message = format!("`{from}` is after `{to}`: nothing lies between them, so the condition never holds");
    REVERSED_RANGE.warn(fact, message, format!("write the smaller one first: [{to}, {from}]"))
}

pub(super) fn judge_option(fact: &Fact, value: &str, operator: &str, options: &[String]) -> Diagnostic {
    let result = if matches!(operator, "is_not_equal_to" | "does_not_contain") { "always" } else { "never" };
    let message = format!("no option of the question fits `{value}`: the condition {result} holds");
    let help = format!("the options are: {}", listed(options.iter().map(String::as_str)));
    NO_SUCH_OPTION.warn(fact, message, help)
}

pub(super) fn judge_twin(fact: &Fact, twin: &Twin, first: Span) -> Diagnostic {
    let (message, words, help) = match twin {
        Twin::Conditions => (
            "this arm has the same conditions as one above it, so it is never taken".to_owned(),
            "the first one",
            "change the conditions, or put the steps of both into one arm",
        ),
        Twin::Name(name) => (
            format!("two arms are named `{name}`"),
            "the first one",
            "give them different names, so that the reasons can be read",
        ),
        Twin::Else => (
            "this arm is named like the else arm, but it has conditions of its own".to_owned(),
            "",
            "give it a name that says when it is taken",
        ),
        Twin::OnlyElse => (
            "this arm is named like the else arm, but it is taken only when its conditions hold".to_owned(),
            "",
            "write `- else:` with the steps below it, without `name` and `when`",
        ),
    };
    let finding = TWIN_ARMS.warn(fact, message, help);
    if words.is_empty() { finding } else { finding.also(fact.file, first, words) }
}

pub(super) fn judge_card(fact: &Fact, field: &str, kind: &str, value: &str) -> Diagnostic {
    let message = format!("the field `{field}` is of type {kind} and cannot hold `{value}`");
    let help = match kind {
        "date" => "write year, month and day: 2026-12-31",
        "list" => "write one of the field's options, letter for letter",
        "checkbox" => "write `true` or `false`",
        _ => "write a value of that type, such as 1000 or 2.5 for a number",
    };
    CARD_MISFIT.warn(fact, message, help)
}

pub(super) fn judge_mock(fact: &Fact, why: &str) -> Diagnostic {
    let help = "name a step `http_request` with `status:` and `json:`, or a step `respond_with_ai` with `say:`";
    MOCK_MISFIT.warn(fact, format!("this answer is never used: {why}"), help)
}

pub(super) fn judge_late(fact: &Fact) -> Diagnostic {
    let message = "on WhatsApp this comes after 24 hours of waiting, when only templates are taken".to_owned();
    let help = "send a template (`template: { name, body }`), wait less than 24 hours, or say in a branch for a failed send what happens then";
    LATE_TEXT.warn(fact, message, help)
}

pub(super) fn judge_stopped(fact: &Fact, silence: Duration) -> Diagnostic {
    let silence = format_duration(silence);
    let message =
        format!("this arm is never taken: a message in the last {silence} would have ended the run (`stop_on`)");
    STOPPED_BEFORE.warn(fact, message, "take `incoming_message` out of `stop_on`, or take the arm out")
}

pub(super) fn judge_used_up(fact: &Fact, due: Duration, reached: Duration, arm: Span) -> Diagnostic {
    let message = format!(
        "this jump is used up after {}, but an arm of the loop waits for {} of silence",
        format_duration(reached),
        format_duration(due)
    );
    JUMP_USED_UP
        .warn(
            fact,
            message,
            "wait longer in each round, or let the arm be due earlier; a jump is made at most 10 times",
        )
        .also(fact.file, arm, "never due")
}
