//! Variables: those that nothing sets, and conditions on values that no answer gives them.

use std::collections::HashMap;

use super::super::condition::{Condition, Operand, Operator, Subject};
use super::super::facts::Noticed;
use super::super::lower::decimal;
use super::super::model::{Action, AskQuestion, Flow, Spanned, TriggerOn, all_steps};
use super::super::words::QuestionType;
use super::branches;
use crate::diagnostic::did_you_mean;
use crate::source::Span;

/// What sets a variable.
#[derive(Clone, Copy)]
enum Setter<'f> {
    Question(&'f AskQuestion),
    Other,
}

pub(super) fn look(flow: &Flow, used: &[Spanned<String>], found: &mut Vec<(Span, Noticed)>) {
    let setters = setters(flow);
    // A step of the platform that is only kept may set any variable.
    let kept = all_steps(&flow.steps).iter().any(|step| matches!(step.action, Action::Unknown(_)));
    if !kept {
        let mut known: Vec<&str> = setters.keys().copied().collect();
        known.sort_unstable();
        for name in used.iter().filter(|name| !setters.contains_key(name.value.as_str())) {
            let meant = did_you_mean(&name.value, known.iter().copied()).map(str::to_owned);
            let known = known.iter().map(|known| (*known).to_owned()).collect();
            found.push((name.span, Noticed::NeverSet { name: name.value.clone(), meant, known }));
        }
    }
    for condition in branches(flow).flat_map(|(_, branch)| &branch.arms).flat_map(|arm| &arm.when.list) {
        let Subject::Variable(name) = &condition.subject else { continue };
        let questions: Option<Vec<&AskQuestion>> = setters
            .get(name.as_str())
            .into_iter()
            .flatten()
            .map(|setter| match setter {
                Setter::Question(ask) => Some(*ask),
                Setter::Other => None,
            })
            .collect();
        let Some(questions) = questions.filter(|questions| !questions.is_empty() && !kept) else { continue };
        found.extend(judge(condition, &questions, flow.workspace.ignore_case).map(|what| (condition.span, what)));
    }
}

fn setters<'f>(flow: &'f Flow) -> HashMap<&'f str, Vec<Setter<'f>>> {
    let mut setters: HashMap<&'f str, Vec<Setter<'f>>> = HashMap::new();
    let mut add = |name: &'f Spanned<String>, setter| setters.entry(name.value.as_str()).or_default().push(setter);
    for step in all_steps(&flow.steps) {
        match &step.action {
            Action::AskQuestion(ask) => {
                ask.save_as.variable.iter().for_each(|name| add(name, Setter::Question(ask)));
            }
            Action::HttpRequest(request) => {
                request.save_response.iter().for_each(|saved| add(&saved.variable, Setter::Other));
                request.save_status.iter().for_each(|name| add(name, Setter::Other));
            }
            Action::RespondWithAi(ai) => ai.collect.iter().for_each(|item| add(&item.variable, Setter::Other)),
            _ => {}
        }
    }
    match &flow.trigger.on {
        TriggerOn::Shortcut { form, .. } => form.iter().for_each(|(name, _)| add(name, Setter::Other)),
        TriggerOn::IncomingWebhook { payload, .. } => payload.iter().for_each(|(name, _)| add(name, Setter::Other)),
        _ => {}
    }
    setters
}

/// What is odd about a condition on a variable that only these questions set.
fn judge(condition: &Condition, questions: &[&AskQuestion], ignore_case: bool) -> Option<Noticed> {
    let Operand::One(value) = &condition.operand else { return None };
    if !value.is_plain() {
        return None;
    }
    let value = value.source();
    let all = |kinds: &[QuestionType]| questions.iter().all(|ask| kinds.contains(&ask.kind));
    let equals = matches!(condition.operator, Operator::IsEqualTo | Operator::IsNotEqualTo);
    let unusable = |needs| {
        let operator = condition.operator.as_str();
        Some(Noticed::UnusableValue { operator, value: value.to_owned(), needs })
    };
    if equals && all(&[QuestionType::Number, QuestionType::Rating]) && decimal(value).is_none() {
        return unusable("a number");
    }
    if equals && all(&[QuestionType::Date]) && value.parse::<chrono::NaiveDate>().is_err() {
        return unusable("a day");
    }
    if !all(&[QuestionType::MultipleChoice]) {
        return None;
    }
    let folded = |text: &str| if ignore_case { text.to_lowercase() } else { text.to_owned() };
    let wanted = folded(value);
    let holds = |option: &str| {
        let option = folded(option);
        match condition.operator {
            Operator::IsEqualTo | Operator::IsNotEqualTo => {
                let same_number = || Some(decimal(&option)? == decimal(&wanted)?);
                option == wanted || same_number().unwrap_or_default()
            }
            Operator::Contains | Operator::DoesNotContain => option.contains(&wanted),
            Operator::StartsWith => option.starts_with(&wanted),
            Operator::EndsWith => option.ends_with(&wanted),
            _ => true,
        }
    };
    let options: Vec<String> =
        questions.iter().flat_map(|ask| &ask.options).map(|option| option.value.clone()).collect();
    // Outer blanks are a finding of their own.
    if wanted != wanted.trim() || options.iter().any(|option| holds(option)) {
        return None;
    }
    Some(Noticed::NoSuchOption { value: value.to_owned(), operator: condition.operator.as_str(), options })
}
