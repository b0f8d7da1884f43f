//! Asides: what agents see in the inbox between the messages (comments, assignments, requests, rows), in one line and in full.

use std::borrow::Cow;

use crate::engine::event::{AiAnswer, HttpAnswer, KindOf as Kind, Source, pairs};
use crate::engine::{Event, Program, StepId};
use crate::rehearsal::Rehearsal;
use crate::rehearsal::plain::{outcome_in_words, person};

use super::glyphs::Glyphs;

/// Of a long text so many characters are looked at to make one line of it.
const LOOKED_AT: usize = 600;

/// An aside as the chat shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// The sign before it.
    pub sign: &'static str,
    /// Its words, cut where they are too long.
    pub text: String,
    /// Who answered, when it was not the operator.
    pub source: &'static str,
    /// The most lines it takes.
    pub lines: usize,
    /// Whether something went wrong or waits for somebody.
    pub is_warning: bool,
}

/// The aside of an event; `None` for events that are none.
pub fn of(program: &Program, glyphs: &Glyphs, event: &Event<'_>) -> Option<Aside> {
    let plain = |sign, text| Aside { sign, text, source: "", lines: 2, is_warning: false };
    Some(match event.kind {
        Kind::CommentAdded { text } => {
            let mentions = event.step.map_or(&[][..], |step| program.step(step).mentions());
            let mut words = text.to_owned();
            for user in mentions {
                let (written, name) = (format!("@{user}"), format!("@{}", person(program, user)));
                if words.contains(&written) {
                    words = words.replace(&written, &name);
                } else if !words.contains(&name) {
                    words.push(' ');
                    words.push_str(&name);
                }
            }
            Aside { lines: 4, ..plain(glyphs.comment, words) }
        }
        Kind::Assigned { user, team, reason } => {
            let team = team.map_or_else(String::new, |team| format!(" of {team}"));
            plain("@", format!("Assigned to {}{team}: {reason}", person(program, user)))
        }
        Kind::Unassigned { user: Some(user), reason } => {
            plain("@", format!("No longer assigned to {}: {reason}", person(program, user)))
        }
        Kind::Unassigned { user: None, reason } => plain("@", format!("Assigned to nobody, as before: {reason}")),
        Kind::AssignmentWaiting { reason, .. } => {
            Aside { is_warning: true, ..plain("@", format!("Waiting for somebody to assign to: {reason}")) }
        }
        Kind::HttpRequested { method, url, body, .. } => {
            let body = body.map_or_else(String::new, |body| format!(" {}", begins(body)));
            plain(glyphs.arrow, format!("{method} {}{body}", begins(url)))
        }
        Kind::HttpResponded { answer, source } => match answer {
            HttpAnswer::Response { status, body } => Aside {
                source: by(source),
                is_warning: !(200..400).contains(&status),
                ..plain(glyphs.back, format!("{status} {}", begins(body)).trim_end().to_owned())
            },
            HttpAnswer::Failed(why) => Aside {
                source: by(source),
                is_warning: true,
                ..plain(glyphs.back, format!("no response: {}", why.replace('_', " ")))
            },
        },
        Kind::SheetRowAdded { spreadsheet, sheet, row } => {
            let mut words = format!("{spreadsheet} {} {sheet}", glyphs.dot);
            for (column, cell) in pairs(row) {
                push_pair(&mut words, column, cell);
            }
            plain("+", words)
        }
        Kind::AiRequested { objective, instructions, .. } => {
            let how = instructions.map_or_else(String::new, |text| format!(": {}", begins(text)));
            plain(glyphs.ai, format!("The AI is here to {}{how}", objective.as_str().replace('_', " ")))
        }
        Kind::AiReplied { reply, collected, source } => {
            let (mut words, is_warning) = match reply {
                AiAnswer::Reply { outcome: Some(outcome), .. } => (outcome_in_words(outcome).to_owned(), false),
                AiAnswer::Reply { outcome: None, .. } => ("The AI found out".to_owned(), false),
                AiAnswer::Failed(why) => (format!("The AI could not be asked: {}", why.replace('_', " ")), true),
            };
            for (name, value) in pairs(collected) {
                push_pair(&mut words, name, value);
            }
            Aside { source: by(source), is_warning, ..plain(glyphs.ai, words) }
        }
        _ => return None,
    })
}

/// A name and its value. A mark keeps each from running into its neighbours where letters run from the right.
fn push_pair(words: &mut String, name: &str, value: &str) {
    for part in ["   ", name, "\u{200e} ", begins(value), "\u{200e}"] {
        words.push_str(part);
    }
}

/// Who answered; whoever typed it knows.
pub const fn by(source: Source) -> &'static str {
    match source {
        Source::Mock => "mock",
        Source::Operator => "",
        Source::Live => "live",
    }
}

/// The beginning of a text that may be very long.
fn begins(text: &str) -> &str {
    text.char_indices().nth(LOOKED_AT).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// An aside in full: a heading and what stands below it, again and again.
pub type Parts = Vec<(String, String)>;

/// Everything there is to an event: of a request its answer too, and of an answer what was asked.
pub fn in_full(rehearsal: &Rehearsal, index: usize) -> Parts {
    let mut parts = Parts::new();
    let Some(event) = rehearsal.log().get(index) else { return parts };
    let partner = partner(rehearsal, index, &event);
    let mut both = [Some(index), partner];
    both.sort_unstable();
    for event in both.into_iter().flatten().filter_map(|index| rehearsal.log().get(index)) {
        event_in_full(rehearsal.program(), &event, &mut parts);
    }
    parts
}

/// The answer to a request, or the request an answer is to.
fn partner(rehearsal: &Rehearsal, index: usize, event: &Event<'_>) -> Option<usize> {
    let log = rehearsal.log();
    let same = |other: usize, is: fn(&Kind<&str, crate::engine::event::Why<'_>>) -> bool| {
        log.get(other).is_some_and(|found| found.step == event.step && is(&found.kind))
    };
    match event.kind {
        Kind::HttpRequested { .. } => {
            let again = |other: &usize| same(*other, |kind| matches!(kind, Kind::HttpRequested { .. }));
            let answer = |other: &usize| same(*other, |kind| matches!(kind, Kind::HttpResponded { .. }));
            (index + 1..log.len()).take_while(|other| !again(other)).find(answer)
        }
        Kind::HttpResponded { .. } => {
            (0..index).rev().find(|other| same(*other, |kind| matches!(kind, Kind::HttpRequested { .. })))
        }
        Kind::AiRequested { .. } => {
            let again = |other: &usize| same(*other, |kind| matches!(kind, Kind::AiRequested { .. }));
            let answer = |other: &usize| same(*other, |kind| matches!(kind, Kind::AiReplied { .. }));
            (index + 1..log.len()).take_while(|other| !again(other)).find(answer)
        }
        Kind::AiReplied { .. } => {
            (0..index).rev().find(|other| same(*other, |kind| matches!(kind, Kind::AiRequested { .. })))
        }
        _ => None,
    }
}

fn event_in_full(program: &Program, event: &Event<'_>, parts: &mut Parts) {
    let mut part = |heading: &str, text: &str| parts.push((heading.to_owned(), text.to_owned()));
    let joined = |joined: &str| pairs(joined).map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>();
    let answered = |what: &str, source| match by(source) {
        "" => what.to_owned(),
        by => format!("{what} ({by})"),
    };
    match event.kind {
        Kind::HttpRequested { method, url, headers, body } => {
            part("Request", &format!("{method} {url}"));
            let headers = joined(headers);
            if !headers.is_empty() {
                part("Headers", &headers.join("\n"));
            }
            if let Some(body) = body {
                part("Body", &pretty(body));
            }
        }
        Kind::HttpResponded { answer, source } => match answer {
            HttpAnswer::Response { status, body } => {
                part(&answered("Response", source), &status.to_string());
                if !body.is_empty() {
                    part("Body", &pretty(body));
                }
            }
            HttpAnswer::Failed(why) => part(&answered("No response", source), &why.replace('_', " ")),
        },
        Kind::SheetRowAdded { spreadsheet, sheet, row } => {
            part("Spreadsheet", spreadsheet);
            part("Sheet", sheet);
            part("Row", &joined(row).join("\n"));
        }
        Kind::AiRequested { objective, instructions, message } => {
            part("The AI is to", &objective.as_str().replace('_', " "));
            if let Some(instructions) = instructions {
                part("Instructions", instructions);
            }
            ai_step(program, event.step, &mut part);
            part("It hears", if message.is_empty() { "nothing yet" } else { message });
        }
        Kind::AiReplied { reply, collected, source } => {
            match reply {
                AiAnswer::Reply { say, outcome } => {
                    part(&answered("It says", source), if say.is_empty() { "nothing" } else { say });
                    part("Outcome", outcome.map_or("it goes on talking", outcome_in_words));
                }
                AiAnswer::Failed(why) => part(&answered("It could not be asked", source), &why.replace('_', " ")),
            }
            let collected = joined(collected);
            if !collected.is_empty() {
                part("It found out", &collected.join("\n"));
            }
        }
        _ => {
            let aside = of(program, &Glyphs::UNICODE, event);
            let heading = if matches!(event.kind, Kind::CommentAdded { .. }) { "Comment" } else { "Assignment" };
            part(heading, &aside.map_or_else(String::new, |aside| aside.text));
        }
    }
}

/// What the step says about its AI besides the instructions.
fn ai_step(program: &Program, step: Option<StepId>, part: &mut impl FnMut(&str, &str)) {
    let Some((_, knowledge, collect)) = step.and_then(|step| program.step(step).ai()) else { return };
    if !knowledge.is_empty() {
        part("It may know", &knowledge.join("\n"));
    }
    if !collect.is_empty() {
        let lines = collect.iter().map(|collect| match &collect.description {
            Some(description) => format!("{}: {description}", collect.variable),
            None => collect.variable.to_string(),
        });
        part("It should find out", &lines.collect::<Vec<_>>().join("\n"));
    }
}

/// JSON over several lines; anything else as it is.
fn pretty(text: &str) -> Cow<'_, str> {
    let json = serde_json::from_str::<serde_json::Value>(text).ok();
    json.and_then(|json| serde_json::to_string_pretty(&json).ok()).map_or(Cow::Borrowed(text), Cow::Owned)
}
