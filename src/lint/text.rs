//! Texts and arms that do nothing: unknown variables, templates without their parameters, values no operator can use, an idle else.

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::{did_you_mean, listed};
use crate::flow::Fact;
use crate::template::{AssigneeProperty, ChannelProperty, ConversationProperty, SystemProperty};

/// `$system.weather`
pub(super) static UNKNOWN_MEMBER: Rule = Rule {
    id: "unknown-variable",
    summary: "a namespace does not have this variable",
    why: "It is never set, so the contact reads the variable's name.",
    example: "- send_message: It is $system.current_tiem",
};

/// `{{2}}` with one parameter.
pub(super) static MISSING_PARAMETER: Rule = Rule {
    id: "missing-parameter",
    summary: "a template's body has a placeholder without a parameter",
    why: "The channel refuses such a message: the send fails with template_missing_parameter.",
    example: "- send_message: { template: { name: welcome, body: \"Hi {{1}}\" } }",
};

/// `is_greater_than: abc`
pub(super) static UNUSABLE_VALUE: Rule = Rule {
    id: "unusable-value",
    summary: "a condition compares with a value its operator cannot use",
    why: "The condition never holds.",
    example: "- branch: [{ when: { field: age, is_greater_than: ten } }]",
};

/// `else: continue` and nothing below.
pub(super) static IDLE_CONTINUE: Rule = Rule {
    id: "idle-else-continue",
    summary: "`else: continue` on a branch with nothing below it",
    why: "There is nothing to go on with, so the workflow ends there. Steps may be missing, or indented too far.",
    example: "- branch: [{ when: { tags: { has_any_of: [vip] } } }, { else: continue }]",
};

/// `contains: "OK "`
pub(super) static OUTER_BLANKS: Rule = Rule {
    id: "outer-blanks",
    summary: "a condition compares with a text that starts or ends with a blank",
    why: "Blanks count: `OK ` is not in the message `OK`.",
    example: "- branch: [{ when: { last_incoming_message: { contains: \"OK \" } } }]",
};

pub(super) fn judge_member(fact: &Fact, name: &str) -> Diagnostic {
    let (namespace, member) = name.split_once('.').unwrap_or((name, ""));
    let known: Vec<&str> = match namespace {
        "assignee" => AssigneeProperty::ALL.iter().map(|property| property.as_str()).collect(),
        "conversation" => ConversationProperty::ALL.iter().map(|property| property.as_str()).collect(),
        "channel" => ChannelProperty::ALL.iter().map(|property| property.as_str()).collect(),
        _ => SystemProperty::ALL.iter().map(|property| property.as_str()).collect(),
    };
    let known_words: Vec<String> = known.iter().map(|member| format!("${namespace}.{member}")).collect();
    let listed = listed(known_words.iter().map(String::as_str));
    let help = match did_you_mean(member, known.iter().copied()) {
        Some(meant) => format!("did you mean `${namespace}.{meant}`? There are: {listed}"),
        None => format!("there are: {listed}"),
    };
    UNKNOWN_MEMBER.warn(fact, format!("there is no variable `${name}`"), help)
}

pub(super) fn judge_parameter(fact: &Fact, number: usize) -> Diagnostic {
    let message = format!("the body has the placeholder `{{{{{number}}}}}`, but there is no parameter {number}");
    MISSING_PARAMETER.warn(fact, message, "parameters are counted from 1: add it to `parameters`")
}

pub(super) fn judge_value(fact: &Fact, operator: &str, value: &str, needs: &str) -> Diagnostic {
    let result = if operator == "is_not_equal_to" { "always holds" } else { "never holds" };
    let message = format!("`{operator}` compares {needs}, and `{value}` is none: the condition {result}");
    let help = match needs {
        "a number" => "write digits alone, with `.` for the fraction: 1000 or 2.5",
        "a day" => "write year, month and day: 2026-12-31",
        "`true` or `false`" => "a checkbox holds `true` or `false`; an answer Yes is saved as `true`",
        "one of the field's options" => "write an option as the workspace has it, letter for letter",
        _ => "write such a value, or use another operator",
    };
    UNUSABLE_VALUE.warn(fact, message, help)
}

pub(super) fn judge_continue(fact: &Fact) -> Diagnostic {
    let message = "this branch goes on with the steps below it when no arm holds, but there are none".to_owned();
    IDLE_CONTINUE.warn(fact, message, "add the steps below the branch, or take `else: continue` out")
}

pub(super) fn judge_blanks(fact: &Fact, value: &str) -> Diagnostic {
    let message = format!("`{value}` starts or ends with a blank, which must be in the compared text too");
    OUTER_BLANKS.warn(fact, message, format!("take the blanks out: \"{}\"", value.trim()))
}
