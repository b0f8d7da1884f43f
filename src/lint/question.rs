//! Questions: answers that their field cannot hold, and options that are probably not what was meant.

use super::Rule;
use crate::diagnostic::{Diagnostic, closest};
use crate::flow::{Fact, FieldType, QuestionType, STANDARD_FIELDS, Workspace};

/// An answer is saved to a field of another type.
pub(super) static ANSWER_MISFIT: Rule = Rule {
    id: "answer-does-not-fit-field",
    summary: "a question saves its answer to a field whose type cannot hold it",
    why: "When the answer does not fit, the field stays as it was and the run goes on as if nothing had happened.",
    example: "- ask_question: { text: Your e-mail?, type: email, save_as: { field: age } }",
};

/// One option became two.
pub(super) static SPLIT_OPTION: Rule = Rule {
    id: "split-option",
    summary: "a comma without quotes probably cut one option in two",
    why: "In brackets a comma ends a text: [Yes, I agree] are the two options `Yes` and `I agree`.",
    example: "- ask_question: { text: May we?, type: multiple_choice, options: [Yes, I agree] }",
};

/// A variable where none is filled in.
pub(super) static VARIABLE_IN_OPTION: Rule = Rule {
    id: "variable-in-option",
    summary: "an option holds a dynamic variable",
    why: "Options are sent as they are written: the contact would read the variable's name.",
    example: "- ask_question: { text: Which?, type: multiple_choice, options: [$contact.city] }",
};

pub(super) fn judge_field(
    fact: &Fact,
    kind: QuestionType,
    options: &[String],
    field: &str,
    workspace: &Workspace,
) -> Option<Diagnostic> {
    // Standard fields have types of their own, whatever a workspace declares under their name; an undeclared field is text.
    let standard = STANDARD_FIELDS.contains(&field);
    let of_field = match field {
        _ if !standard => workspace.field(field)?.kind,
        "phone" => FieldType::Phone,
        "email" => FieldType::Email,
        _ => FieldType::Text,
    };
    // A checkbox takes Yes and No, however they are written.
    let yes_no = |option: &String| ["yes", "no", "true", "false"].contains(&option.to_ascii_lowercase().as_str());
    if of_field == FieldType::Checkbox && kind == QuestionType::MultipleChoice && options.iter().all(yes_no) {
        return None;
    }
    if !kind.field_types().contains(&of_field) {
        let fitting: Vec<&str> = kind.field_types().iter().map(|kind| kind.as_str()).collect();
        let message =
            format!("the answer is of type {kind}, which the field `{field}` of type {of_field} can hardly hold");
        let help = format!("save it to a field of type {}, or to a variable", fitting.join(" or "));
        return Some(ANSWER_MISFIT.warn(fact, message, help));
    }
    let declared = workspace.field(field).filter(|_| !standard)?;
    if declared.kind != FieldType::List || declared.options.is_empty() {
        return None;
    }
    let foreign = options.iter().find(|option| !declared.options.contains(option));
    let near = foreign.map(String::as_str).unwrap_or_default();
    let allowed = closest(near, declared.options.iter().map(String::as_str));
    let help = format!("The field's options are: {allowed}");
    if kind == QuestionType::Text {
        let message = format!("the field `{field}` is a list, and a free text will seldom be one of its options");
        return Some(ANSWER_MISFIT.warn(fact, message, help));
    }
    let foreign = foreign?;
    Some(ANSWER_MISFIT.warn(fact, format!("the field `{field}` does not know the option `{foreign}`"), help))
}

/// An option with blanks around it.
pub(super) static OPTION_BLANKS: Rule = Rule {
    id: "option-blanks",
    summary: "an option starts or ends with a blank",
    why: "The answer is saved with the blank, and no condition that is written without it holds.",
    example: "- ask_question: { text: Which?, type: multiple_choice, options: [\"Sales \", Support] }",
};

pub(super) fn judge_blanks(fact: &Fact, option: &str) -> Diagnostic {
    let message = format!("the option `{option}` starts or ends with a blank, which is saved too");
    OPTION_BLANKS.warn(fact, message, format!("take the blanks out: \"{}\"", option.trim()))
}

pub(super) fn judge_split(fact: &Fact, first: &str, second: &str) -> Diagnostic {
    SPLIT_OPTION.warn(
        fact,
        format!("`{first}` and `{second}` are two options here; were they meant as one?"),
        format!("if so, put it in quotes: \"{first}, {second}\". If not, quote the second: \"{second}\""),
    )
}

pub(super) fn judge_variable(fact: &Fact, variable: &str) -> Diagnostic {
    let message = format!("`{variable}` is not filled in here: options are sent as they are written");
    VARIABLE_IN_OPTION.warn(fact, message, "put the variable into the question's text")
}
