//! `http_request`: what is sent, and what is kept of the answer.

use std::fmt::Write as _;
use std::io;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::super::event::{EndReason, HttpAnswer, Kind, Sink, Source, join_pairs};
use super::super::program::{Action, HttpBody, HttpRequest, JsonText, Piece, Side, StepId, Text};
use super::super::render::{TooLong, bare_name, fill};
use super::super::run::{Machine, Next};
use super::super::session::{WaitKind, emit};
use super::super::value::Value;
use super::escape::{Escaper, Place};
use super::{Request, next_mock, take_fault};
use crate::engine::answer::parse_decimal;
use crate::engine::bounds;
use crate::engine::input::{Outside, OutsideFault};
use crate::flow::model::{JsonPath, Mock};
use crate::text::mask::{self, Secrets};

impl<S: Sink> Machine<'_, S> {
    /// Asks, and goes on with a rehearsed answer or waits for one.
    #[inline(never)]
    pub(in crate::engine) fn http_request(&mut self, step: StepId, request: &HttpRequest) -> Next {
        if self.asks_too_often(step) {
            return Next::Wait;
        }
        let Ok((url, headers, body)) = self.written_request(step, request) else {
            self.too_long(Some(step), "a part of the request");
            if let Some(slot) = request.save_status {
                self.clear_slot(step, slot);
            }
            return match request.failure {
                Side::Absent => Next::Step(self.program.step(step).next),
                side => side.or_end(EndReason::Completed),
            };
        };
        if S::WANTS {
            // Keys are for the one who is asked, not for those who read the events.
            let written = || headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let secrets = Secrets::of_request(&url, written());
            let shown: Vec<_> = written().map(|(name, value)| (name, mask::header(name, value))).collect();
            let headers = &join_pairs(shown.iter().map(|(name, value)| (*name, value.as_str())));
            let (url, body) = (&mask::url(&url), body.as_deref().map(|body| secrets.hide(body)));
            let body = body.as_deref();
            emit!(self, step, Kind::HttpRequested { method: request.method, url, headers, body });
        }
        match take_fault(self.state, Outside::Http) {
            Some(OutsideFault::Status(status)) => {
                let answer = HttpAnswer::Response { status, body: "" };
                return self.responded(step, request, answer, Source::Operator);
            }
            Some(OutsideFault::NoAnswer(why)) => {
                return self.responded(step, request, HttpAnswer::Failed(why.as_str()), Source::Operator);
            }
            None => {}
        }
        match next_mock(self.program, self.state, step) {
            Some(Mock::Http { status, body }) => {
                self.responded(step, request, HttpAnswer::Response { status: *status, body }, Source::Mock)
            }
            Some(Mock::Error(why)) => self.responded(step, request, HttpAnswer::Failed(why), Source::Mock),
            Some(Mock::Ai { say, .. }) => {
                // A mock made for an AI: what it says is taken as the body.
                self.responded(step, request, HttpAnswer::Response { status: 200, body: say }, Source::Mock)
            }
            None => {
                let method = request.method.as_str().to_owned();
                self.ask_outside(step, WaitKind::Http, Request::Http { method, url, headers, body })
            }
        }
    }

    /// The address, the headers and the body as they are sent; each is a text, and so are all headers together.
    fn written_request(&mut self, step: StepId, request: &HttpRequest) -> Result<Written, TooLong> {
        let url = shown(self.escaped(step, &request.url, Place::Url)?);
        let mut headers: Vec<(String, String)> = Vec::with_capacity(request.headers.len() + 1);
        let mut total = 0;
        for (name, value) in &request.headers {
            let value = self.escaped(step, value, Place::Header)?;
            total += value.len();
            if total > bounds::TEXT {
                return Err(TooLong);
            }
            headers.push((name.clone(), value));
        }
        let is_content_type = |name: &str| name.eq_ignore_ascii_case("content-type");
        let named = headers.iter().find(|(name, _)| is_content_type(name)).map(|(_, value)| value.clone());
        let content_type = named.clone().or_else(|| request.content_type.clone());
        let content_type = content_type.unwrap_or_else(|| "application/json".to_owned());
        let body = match &request.body {
            None => None,
            Some(HttpBody::Text(text)) => Some(self.escaped(step, text, Place::of_body(&content_type))?),
            Some(HttpBody::Json(json)) => {
                let json = self.json(step, json, &mut 0)?;
                let written = match (&json, Place::of_body(&content_type)) {
                    (Json::Object(entries), Place::Form) => {
                        Some(form(entries)).filter(|form| form.len() <= bounds::TEXT)
                    }
                    _ => written(&json),
                };
                Some(written.ok_or(TooLong)?)
            }
        };
        if body.is_some() && named.is_none() {
            headers.push(("Content-Type".to_owned(), content_type));
        }
        Ok((url, headers, body))
    }

    /// Takes the answer that came from outside.
    pub(in crate::engine) fn http_answered(&mut self, answer: HttpAnswer<&str>, source: Source) {
        let Some(wait) = self.state.wait.take_if(|wait| wait.kind == WaitKind::Http) else { return };
        self.state.world_mut().request = None;
        let program = self.program;
        let Action::HttpRequest(request) = &program.step(wait.step).action else { return };
        let next = self.responded(wait.step, request, answer, source);
        self.go(Some(wait.step), next);
    }

    fn responded(&mut self, step: StepId, request: &HttpRequest, answer: HttpAnswer<&str>, source: Source) -> Next {
        emit!(self, step, Kind::HttpResponded { answer, source });
        let (HttpAnswer::Response { body, .. } | HttpAnswer::Failed(body)) = answer;
        self.scratch.spend(body.len());
        let siblings = Next::Step(self.program.step(step).next);
        let HttpAnswer::Response { status, body } = answer else {
            if let Some(slot) = request.save_status {
                // A status of an earlier try must not pass for this one's.
                self.clear_slot(step, slot);
            }
            return match request.failure {
                Side::Absent => siblings,
                side => side.or_end(EndReason::Completed),
            };
        };
        if let Some(slot) = request.save_status {
            self.set_slot(Some(step), slot, Value::Number(status.into()));
        }
        if request.save.is_empty() {
            return siblings;
        }
        let Ok(json) = serde_json::from_str::<Json>(body) else {
            let message = "the answer is no JSON, so nothing of it was saved";
            emit!(self, step, Kind::Notice { message });
            return siblings;
        };
        for (path, slot) in &request.save {
            self.save_part(Some(step), *slot, look_up(path, &json), path.source(), "answer");
        }
        siblings
    }

    /// Saves what a path found to a variable, or tells that it found nothing. `what` is what was looked into.
    pub(in crate::engine) fn save_part(
        &mut self,
        step: Option<StepId>,
        slot: usize,
        found: Found,
        path: &str,
        what: &str,
    ) {
        let message = match found {
            Found::Value(value) => return self.set_slot(step, slot, value),
            Found::Nothing => format!("the {what} has nothing at {path}, so nothing was saved from there"),
            Found::TooLong => format!("what the {what} has at {path} is longer than 65,536 bytes, so it was not saved"),
            Found::TooMuch => format!(
                "there is too much at {path} in the {what}, so nothing was saved from there: \
                 a path looks at 100,000 parts at most and finds 1,000"
            ),
        };
        emit!(self, step, Kind::Notice { message: &message });
    }

    /// A text with its variables filled in, each escaped for its place. An unset variable stays as it was written, escaped too.
    fn escaped(&mut self, step: StepId, text: &Text, place: Place) -> Result<String, TooLong> {
        self.scratch.spend(text.source.len());
        if text.is_fixed() {
            return if text.source.len() > bounds::TEXT { Err(TooLong) } else { Ok(text.source.to_string()) };
        }
        let mut out = Escaper::new(place);
        let mut value = String::new();
        for piece in &text.pieces {
            match piece {
                Piece::Literal(literal) => out.literal(literal),
                Piece::Variable { name, source } => {
                    value.clear();
                    if fill(self.program, self.state, *name, &mut value).is_none() {
                        value.push_str(source);
                        emit!(self, step, Kind::VariableUnsetUsed { variable: bare_name(source) });
                    }
                    out.value(&value);
                }
            }
            if out.len() > bounds::TEXT {
                return Err(TooLong);
            }
        }
        self.scratch.spend(out.len());
        Ok(out.finish())
    }

    /// `total` counts the texts in it, which are no longer in all than one may be.
    fn json(&mut self, step: StepId, json: &JsonText, total: &mut usize) -> Result<Json, TooLong> {
        Ok(match json {
            JsonText::Fixed(value) => value.clone(),
            JsonText::List(items) => {
                items.iter().map(|item| self.json(step, item, total)).collect::<Result<Json, TooLong>>()?
            }
            JsonText::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| Ok((key.clone(), self.json(step, value, total)?)));
                entries.collect::<Result<Json, TooLong>>()?
            }
            JsonText::Text(text) => match text.pieces.as_slice() {
                // A variable on its own keeps its type.
                [Piece::Variable { name, .. }] if let Some(Value::Number(number)) = self.state.value_of(*name) => {
                    let mut written = String::new();
                    // Writing to a string cannot fail.
                    let _ = write!(written, "{number}");
                    serde_json::from_str(&written).unwrap_or(Json::String(written))
                }
                _ => {
                    let filled = self.try_filled(step, text)?.into_owned();
                    *total += filled.len();
                    if *total > bounds::TEXT {
                        return Err(TooLong);
                    }
                    Json::String(filled)
                }
            },
        })
    }
}

/// A mapping as a form: a list repeats its key, what nests deeper goes as JSON, and `null` is empty.
fn form(entries: &serde_json::Map<String, Json>) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (key, value) in entries {
        let items = match value {
            Json::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for item in items {
            match item {
                Json::Null => form.append_pair(key, ""),
                Json::String(text) => form.append_pair(key, text),
                other => form.append_pair(key, &other.to_string()),
            };
        }
    }
    form.finish()
}

/// A JSON number as it is kept: exact with up to 28 digits, as its text beyond that.
fn exact(written: &str) -> Value {
    let number = parse_decimal(written).or_else(|| Decimal::from_scientific(written).ok());
    number.map_or_else(|| Value::text(written), |number| Value::Number(number.normalize()))
}

/// A request's address, headers and body.
type Written = (String, Vec<(String, String)>, Option<String>);

/// An address as it is really sent: `.` and `..` in its path are gone, for whoever sends it takes them for steps.
fn shown(url: String) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default().replace('\\', "/");
    let is_step = |part: &str| matches!(part.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if !path.split('/').skip(3).any(is_step) {
        return url;
    }
    url::Url::parse(url.trim()).map(String::from).unwrap_or(url)
}

/// What a path found, as a variable holds it.
#[derive(Debug)]
pub(in crate::engine) enum Found {
    /// There is nothing.
    Nothing,
    /// More than a path may look at or find.
    TooMuch,
    /// More than a variable holds.
    TooLong,
    /// One text or number as it is, anything else as JSON.
    Value(Value),
}

/// Looks a path up.
pub(in crate::engine) fn look_up(path: &JsonPath, json: &Json) -> Found {
    let Ok(found) = path.find(json) else { return Found::TooMuch };
    let written = match found.as_slice() {
        [] | [Json::Null] => return Found::Nothing,
        [Json::String(text)] if text.len() > bounds::TEXT => return Found::TooLong,
        [Json::String(text)] => return Found::Value(Value::text(text)),
        [Json::Number(number)] => return Found::Value(exact(&number.to_string())),
        [one] => written(one),
        many => written(&many),
    };
    written.map_or(Found::TooLong, |written| Found::Value(Value::text(written)))
}

/// A value as JSON; `None` when it is longer than a text may be.
fn written(json: &impl serde::Serialize) -> Option<String> {
    /// Refuses what does not fit.
    struct Bounded(Vec<u8>);
    impl io::Write for Bounded {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0.len() + bytes.len() > bounds::TEXT {
                return Err(io::ErrorKind::OutOfMemory.into());
            }
            self.0.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut out = Bounded(Vec::new());
    serde_json::to_writer(&mut out, json).ok()?;
    String::from_utf8(out.0).ok()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn an_address_is_shown_as_it_is_sent() {
        for (written, sent) in [
            ("https://x.example/a/../b?q=..", "https://x.example/b?q=.."),
            ("https://x.example/a/%2E%2e", "https://x.example/"),
            ("https://x.example", "https://x.example"),
            ("https://x.example/a..b/?p=../c", "https://x.example/a..b/?p=../c"),
            ("$unset/..", "$unset/.."),
        ] {
            assert_eq!(shown(written.to_owned()), sent, "{written}");
        }
    }
}
