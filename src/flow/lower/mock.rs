//! Mocks: rehearsed answers of the outside world, of a flow or a workspace.

use super::mapping::Fields;
use super::value::Value;
use super::{Lowering, quoted};
use crate::flow::model::{AiOutcome, Mock, Mocks, Spanned};

const EXAMPLE: &str = "mocks: { lookup: [{ status: 200, json: { id: 7 } }, { error: timeout }] }";

/// Why no response came (our choice of words).
const ERRORS: [&str; 6] = ["timeout", "connection", "dns", "tls", "redirect_loop", "too_large"];

impl Lowering<'_> {
    /// The mocks of a flow, by step.
    pub(super) fn mocks(&mut self, value: Value<'_>) -> Vec<Mocks> {
        let Some(mut fields) = self.fields(value, "`mocks`", EXAMPLE) else { return Vec::new() };
        let mut mocks = Vec::new();
        for entry in fields.take_rest(self) {
            let step = Spanned { value: entry.key.to_owned(), span: entry.key_span };
            let items = entry.value().items();
            if items.is_empty() {
                self.error("empty-list", entry.value().place(), "this mock has no answers", format!("as in {EXAMPLE}"));
            }
            let answers = items.into_iter().filter_map(|item| self.mock(item)).collect();
            mocks.push(Mocks { step, answers });
        }
        mocks
    }

    /// The mocks of a workspace, by `file#step`.
    pub(super) fn workspace_mocks(&mut self, value: Value<'_>) -> Vec<Mocks> {
        let mocks = self.mocks(value);
        for Spanned { value, span } in mocks.iter().map(|mocks| &mocks.step) {
            if !value.split_once('#').is_some_and(|(file, step)| !file.is_empty() && !step.is_empty()) {
                let message = format!("{} does not say which step of which file it is for", quoted(value));
                let help = "write the file and the id of the step with `#` between them: crm.yaml#lookup";
                self.error("bad-mock", *span, message, help);
            }
        }
        mocks
    }

    fn mock(&mut self, value: Value<'_>) -> Option<Mock> {
        let mut fields = self.fields(value, "an answer", "{ status: 200, json: { id: 7 } }")?;
        let mut first = |keys: &[&'static str]| keys.iter().find_map(|key| fields.take(key));
        let response = first(&["status", "json", "body"]);
        let error = first(&["error"]);
        let ai = first(&["say", "outcome", "collected"]);
        let given: Vec<Value<'_>> = [response, error, ai].into_iter().flatten().collect();
        match given.as_slice() {
            [_] => {}
            [] => {
                let help = "write `status:` with `json:`, or `error: timeout`, or `say:` with what an AI says";
                self.error("missing-key", fields.at(), "this answer says nothing", help);
                fields.finish(self);
                return None;
            }
            [first, second, ..] => {
                self.error_also(
                    "several-contents",
                    (
                        second.at,
                        "an answer is an HTTP response, an error or what an AI says: only one of them".to_owned(),
                    ),
                    (first.at, "the first one"),
                    "make them two answers, one after the other",
                );
                return None;
            }
        }
        if response.is_some() {
            return self.http_mock(fields);
        }
        if let Some(error) = error {
            fields.finish(self);
            return self
                .word(error, "`error`", &ERRORS, std::convert::identity)
                .map(|word| Mock::Error(word.to_owned()));
        }
        self.ai_mock(fields)
    }

    fn http_mock(&mut self, mut fields: Fields<'_>) -> Option<Mock> {
        let status = fields.take("status").map(|status| self.whole(status, "`status`", 100..=599));
        let json = fields.take("json");
        let body = fields.take("body");
        fields.finish(self);
        if let (Some(json), Some(body)) = (json, body) {
            self.error_also(
                "several-contents",
                (body.at, "a response has one body: `json` or `body`".to_owned()),
                (json.at, "the first one"),
                "take one of them out",
            );
        }
        let body = match (json, body) {
            (Some(json), _) => self.json(json, "`json`")?.to_string(),
            (None, Some(body)) => self.scalar(body, "`body`")?.to_owned(),
            (None, None) => String::new(),
        };
        let status = match status {
            None => 200,
            Some(given) => u16::try_from(given?).ok()?,
        };
        Some(Mock::Http { status, body })
    }

    fn ai_mock(&mut self, mut fields: Fields<'_>) -> Option<Mock> {
        let say = fields.take("say").map(|say| self.scalar(say, "`say`").map(str::to_owned));
        let outcome =
            fields.take("outcome").map(|word| self.word(word, "`outcome`", AiOutcome::ALL, AiOutcome::as_str));
        let found = fields.take("collected").map(|found| self.values(found, "`collected`")).unwrap_or_default();
        fields.finish(self);
        let outcome = match outcome {
            None => None,
            Some(given) => Some(given?),
        };
        let collected = found.into_iter().map(|(name, value)| (name.value, value)).collect();
        Some(Mock::Ai { say: say.unwrap_or(Some(String::new()))?, outcome, collected })
    }

    /// Values of variables, by name.
    pub(super) fn values(&mut self, value: Value<'_>, what: &'static str) -> Vec<(Spanned<String>, String)> {
        let Some(mut fields) = self.fields(value, what, "{ budget: 500, city: Amman }") else { return Vec::new() };
        let mut values = Vec::new();
        for entry in fields.take_rest(self) {
            let name = self.variable_name(Spanned { value: entry.key.to_owned(), span: entry.key_span });
            let text = self.scalar(entry.value(), "the value of a variable");
            values.extend(name.zip(text.map(str::to_owned)));
        }
        values
    }
}
