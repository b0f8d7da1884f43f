//! What the check says beyond errors: declared rules about flows that run, but probably not as their author means.
//!
//! A rule is data ([`Rule`]): its id, what it says, why, and an example that trips it. Lowering notices, the rules judge.

mod known;
mod model;
mod names;
mod question;
mod step;
mod text;

use self::known::Known;
use crate::diagnostic::Diagnostic;
use crate::flow::{Checked, Fact, Facts, Loaded, LoadedProject, Noticed};

/// One rule, as the documentation tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable kebab-case name.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Why that is worth a look.
    pub why: &'static str,
    /// Steps that trip it.
    pub example: &'static str,
}

impl Rule {
    /// A warning of this rule at the place of a fact.
    fn warn(&self, fact: &Fact, message: String, help: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(self.id, fact.file, fact.span, message).help(help)
    }
}

/// Every rule, in the order of the documentation.
pub const RULES: &[&Rule] = &[
    &names::UNKNOWN_TAG,
    &names::UNKNOWN_FIELD,
    &names::UNKNOWN_LIFECYCLE,
    &names::UNKNOWN_CATEGORY,
    &names::UNKNOWN_USER,
    &names::UNKNOWN_TEAM,
    &names::UNKNOWN_CHANNEL,
    &question::ANSWER_MISFIT,
    &question::SPLIT_OPTION,
    &question::VARIABLE_IN_OPTION,
    &text::UNKNOWN_MEMBER,
    &text::MISSING_PARAMETER,
    &text::UNUSABLE_VALUE,
    &text::IDLE_CONTINUE,
    &text::OUTER_BLANKS,
    &step::NAME_SAYS_OTHERWISE,
    &step::BODY_WITH_GET,
    &step::REFUSED_HOST,
    &question::OPTION_BLANKS,
    &model::BARE_BRACES,
    &model::NEVER_SET,
    &model::NO_FIELD,
    &model::REVERSED_RANGE,
    &model::NO_SUCH_OPTION,
    &model::TWIN_ARMS,
    &model::CARD_MISFIT,
    &model::MOCK_MISFIT,
    &model::LATE_TEXT,
    &model::STOPPED_BEFORE,
    &model::JUMP_USED_UP,
];

/// Warnings one load may bring (our choice, as for errors).
const MAX_WARNINGS: usize = 1_000;

/// Adds the warnings of every rule to what was loaded, and sorts all findings by file and place. Errors do not keep the rules from
/// running: an author sees everything at once.
pub fn lint(loaded: &mut Loaded) {
    loaded.diagnostics.extend(warnings(&loaded.facts));
    loaded.sort();
}

/// The same, for a project.
pub fn lint_project(loaded: &mut LoadedProject) {
    loaded.diagnostics.extend(warnings(&loaded.facts));
    loaded.sort();
}

/// The same, for many files.
pub fn lint_checked(checked: &mut Checked) {
    let found: Vec<Diagnostic> = checked.facts.iter().flat_map(warnings).collect();
    checked.diagnostics.extend(found);
    checked.sort();
}

fn warnings(facts: &Facts) -> Vec<Diagnostic> {
    let known = Known::of(facts.workspace.as_ref());
    facts.list.iter().filter_map(|fact| judge(fact, facts, &known)).take(MAX_WARNINGS).collect()
}

fn judge(fact: &Fact, facts: &Facts, known: &Known<'_>) -> Option<Diagnostic> {
    let workspace = facts.workspace.as_ref();
    match &fact.what {
        Noticed::Name(kind, name) => names::judge(fact, *kind, name, known),
        Noticed::Saved { kind, options, field } => question::judge_field(fact, *kind, options, field, workspace?),
        Noticed::SplitOption(first, second) => Some(question::judge_split(fact, first, second)),
        Noticed::VariableInOption(variable) => Some(question::judge_variable(fact, variable)),
        Noticed::UnknownMember(name) => Some(text::judge_member(fact, name)),
        Noticed::MissingParameter(number) => Some(text::judge_parameter(fact, *number)),
        Noticed::UnusableValue { operator, value, needs } => Some(text::judge_value(fact, operator, value, needs)),
        Noticed::IdleContinue => Some(text::judge_continue(fact)),
        Noticed::OuterBlanks(value) => Some(text::judge_blanks(fact, value)),
        Noticed::NameSaysOtherwise(said, has) => Some(step::judge_name(fact, *said, *has)),
        Noticed::BodyWithGet => Some(step::judge_body(fact)),
        Noticed::RefusedHost(host) => Some(step::judge_host(fact, host)),
        Noticed::OptionBlanks(option) => Some(question::judge_blanks(fact, option)),
        Noticed::BareBraces(name) => Some(model::judge_braces(fact, name)),
        Noticed::NeverSet { name, meant, known } => Some(model::judge_unset(fact, name, meant.as_deref(), known)),
        Noticed::NoField { name, set } => Some(model::judge_field(fact, name, *set)),
        Noticed::ReversedRange(from, to) => Some(model::judge_range(fact, from, to)),
        Noticed::NoSuchOption { value, operator, options } => Some(model::judge_option(fact, value, operator, options)),
        Noticed::TwinArm(twin, first) => Some(model::judge_twin(fact, twin, *first)),
        Noticed::CardMisfit { field, kind, value } => Some(model::judge_card(fact, field, kind.as_str(), value)),
        Noticed::MockMisfit(why) => Some(model::judge_mock(fact, why)),
        Noticed::LateText => Some(model::judge_late(fact)),
        Noticed::StoppedBefore(silence) => Some(model::judge_stopped(fact, *silence)),
        Noticed::JumpUsedUp { due, reached, arm } => Some(model::judge_used_up(fact, *due, *reached, *arm)),
    }
}

#[cfg(test)]
mod tests;
