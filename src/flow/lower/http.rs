//! `http_request` and `add_google_sheets_row`: what goes out, and what of the answer is kept.

use super::mapping::Fields;
use super::side::SideAt;
use super::value::Value;
use super::{Lowering, Noticed, limits, quoted};
use crate::flow::model::{HttpBody, HttpMethod, HttpRequest, SaveResponse, SheetRow};
use crate::source::{NodeKind, Span};
use crate::template::{Part, Template};

const EXAMPLE: &str = "http_request: { method: GET, url: https://example.com/orders/$order }";

impl Lowering<'_> {
    pub(super) fn http_request(&mut self, value: Value<'_>) -> Option<Box<HttpRequest>> {
        let mut fields = self.fields(value, "`http_request`", EXAMPLE)?;
        let failure = fields.take("failure_branch");
        let request = self.request(fields);
        // Read last and from here, so that requests nested in side branches stay shallow on the stack.
        let side = SideAt { what: "`failure_branch`", value: failure, clock: false };
        let mut no_clock = limits::LONGEST_WAIT;
        let [failure_branch] = self.sides([side], &mut no_clock);
        let mut request = request?;
        request.failure_branch = failure_branch;
        Some(request)
    }

    /// Everything but the side branch.
    fn request(&mut self, mut fields: Fields<'_>) -> Option<Box<HttpRequest>> {
        let method_at = fields.take("method");
        let given = method_at.map(|method| self.http_method(method));
        let url_at = fields.require(self, "url");
        let url = url_at.and_then(|url| self.address(url));
        let headers = fields.take("headers").map(|headers| self.headers(headers)).unwrap_or_default();
        let content_type = fields.take("content_type").map(|kind| self.header_text(kind, "`content_type`"));
        let body_at = fields.take("body");
        let body = body_at.map(|body| self.http_body(body));
        let save_response = fields.take("save_response").map(|list| self.save_response(list)).unwrap_or_default();
        let save_status = fields.take("save_status").map(|name| self.variable(name, "`save_status`"));
        fields.finish(self);
        let usual = if body.is_some() { HttpMethod::Post } else { HttpMethod::Get };
        let method = given.unwrap_or(Some(usual))?;
        if let (HttpMethod::Get, Some(body)) = (method, body_at) {
            self.notice(body.at, Noticed::BodyWithGet);
        }
        let content_type = match content_type {
            None => None,
            Some(given) => Some(given?.to_owned()),
        };
        Some(Box::new(HttpRequest {
            method,
            url: url?,
            headers,
            content_type,
            body: flip(body)?,
            save_response,
            save_status: flip(save_status)?,
            failure_branch: None,
        }))
    }

    /// A method, whatever its case.
    fn http_method(&mut self, value: Value<'_>) -> Option<HttpMethod> {
        let text = self.text(value, "`method`")?;
        let method = HttpMethod::named(&text.to_ascii_uppercase());
        if method.is_none() {
            let message = format!("{} is not a value for `method`", quoted(text));
            self.unknown(
                "unknown-word",
                value.place(),
                message,
                text,
                HttpMethod::ALL.iter().map(|known| known.as_str()),
            );
        }
        method
    }

    /// An address of the web. Where it starts with a variable, only a run can tell.
    fn address(&mut self, value: Value<'_>) -> Option<Template> {
        let url = self.template(value, "`url`")?;
        let Some(Part::Text(start)) = url.parts().first() else { return Some(url) };
        let start = url.slice(start).trim_start();
        let rest = start
            .split_once("://")
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"));
        let Some((_, rest)) = rest else {
            let message = format!("{} is no address of the web", quoted(url.source()));
            let help = match start.split_once("://") {
                Some((_, rest)) => format!("write https://{rest}"),
                None => format!("write it in full: https://{}", url.source().trim()),
            };
            self.error("bad-url", value.place(), message, help);
            return None;
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
        if host.is_empty() && url.is_plain() {
            let message = format!("{} names no host", quoted(url.source()));
            self.error("bad-url", value.place(), message, "write it like https://example.com/orders");
            return None;
        }
        let host = host.to_ascii_lowercase();
        if host == "respond.io" || host.ends_with(".respond.io") {
            self.notice(value.node.span, Noticed::RefusedHost(host));
        }
        Some(url)
    }

    fn headers(&mut self, value: Value<'_>) -> Vec<(String, Template)> {
        let example = "headers: { Authorization: Bearer $token }";
        let Some(mut fields) = self.fields(value, "`headers`", example) else { return Vec::new() };
        let entries = fields.take_rest(self);
        self.at_most(entries.iter().map(|entry| entry.key_span), limits::HEADERS, "headers");
        let mut headers = Vec::new();
        for entry in entries {
            let good = !entry.key.is_empty()
                && entry.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
            if !good {
                let message = format!("{} cannot be the name of a header", quoted(entry.key));
                let help = "use letters, digits and hyphens: X-Order-Number";
                self.error("bad-header", entry.key_span, message, help);
                continue;
            }
            if let Some(text) = self.header_text(entry.value(), "the value of a header") {
                let template = Template::parse(text);
                self.notice_variables(&template, entry.node);
                headers.push((entry.key.to_owned(), template));
            }
        }
        headers
    }

    /// A text that can stand in a header: on one line.
    fn header_text<'n>(&mut self, value: Value<'n>, what: &str) -> Option<&'n str> {
        let text = self.text(value, what)?;
        if text.contains(char::is_control) {
            let help = "write it on one line";
            self.error("bad-header", value.place(), format!("{what} has a line break or a control character"), help);
            return None;
        }
        Some(text)
    }

    fn http_body(&mut self, value: Value<'_>) -> Option<HttpBody> {
        match value.node.kind {
            NodeKind::Map(_) | NodeKind::Seq(_) => self.json_template(value, "`body`").map(HttpBody::Json),
            _ => self.template(value, "`body`").map(HttpBody::Text),
        }
    }

    fn save_response(&mut self, value: Value<'_>) -> Vec<SaveResponse> {
        let items = value.items();
        self.at_most(items.iter().map(|item| item.node.span), limits::SAVED_PARTS, "parts of the answer");
        let mut saved = Vec::new();
        for item in items {
            let example = "save_response: [{ path: $.order.id, variable: order }]";
            if let Some(meant) = meant_parts(item) {
                let message = "each part that is kept needs its `path` and the `variable` it goes to";
                self.error("missing-key", item.place(), message, format!("write a list: save_response: [{meant}]"));
                continue;
            }
            let Some(mut fields) = self.fields(item, "`save_response`", example) else { continue };
            let path = fields.require(self, "path").and_then(|path| self.json_path(path, "`path`"));
            let variable = fields.require(self, "variable").and_then(|name| self.variable(name, "`variable`"));
            fields.finish(self);
            if let (Some(path), Some(variable)) = (path, variable) {
                saved.push(SaveResponse { path, variable });
            }
        }
        saved
    }

    /// Reports the first of a request's settings that is one too many.
    fn at_most(&mut self, spans: impl Iterator<Item = Span>, most: usize, what: &str) {
        let spans: Vec<Span> = spans.collect();
        if let Some(extra) = spans.get(most) {
            let message = format!("this request has {} {what}; at most {most} are allowed", spans.len());
            self.error("too-many-settings", *extra, message, "take some out, or make two requests");
        }
    }

    pub(super) fn sheet_row(&mut self, value: Value<'_>) -> Option<Box<SheetRow>> {
        let example = "add_google_sheets_row: { spreadsheet: Leads, sheet: 2026, row: { Name: $contact.name } }";
        let mut fields = self.fields(value, "`add_google_sheets_row`", example)?;
        let spreadsheet = fields.require(self, "spreadsheet").and_then(|name| self.template(name, "`spreadsheet`"));
        let sheet = fields.require(self, "sheet").and_then(|name| self.template(name, "`sheet`"));
        let row = fields.require(self, "row").map(|row| self.columns(row));
        fields.finish(self);
        Some(Box::new(SheetRow { spreadsheet: spreadsheet?, sheet: sheet?, row: row?? }))
    }

    /// Columns and their cells; a cell may be blank.
    fn columns(&mut self, value: Value<'_>) -> Option<Vec<(String, Template)>> {
        let mut fields = self.fields(value, "`row`", "row: { Name: $contact.name }")?;
        let entries = fields.take_rest(self);
        if entries.is_empty() {
            let help = "write a column and what goes into it: row: { Name: $contact.name }";
            self.error("empty-list", value.place(), "this row has no columns", help);
            return None;
        }
        let mut row = Vec::new();
        for entry in entries {
            let Some(text) = self.scalar(entry.value(), "the cell of a column") else { continue };
            let template = Template::parse(text);
            self.notice_variables(&template, entry.node);
            row.push((entry.key.to_owned(), template));
        }
        Some(row)
    }
}

/// The entries of a list that a mapping of variables and paths, such as `{ status: $.status }`, stands for.
fn meant_parts(item: Value<'_>) -> Option<String> {
    let NodeKind::Map(entries) = &item.node.kind else { return None };
    let mut meant = Vec::new();
    for (key, value) in entries {
        let (key, value) = (Value::item(key).scalar()?, Value::item(value).scalar()?);
        if matches!(key, "path" | "variable") {
            return None;
        }
        let (path, variable) = if key.starts_with('$') { (key, value) } else { (value, key) };
        if !path.starts_with('$') {
            return None;
        }
        // Brackets and commas would end the text early.
        let quote = if path.contains(['[', ']', '{', '}', ',']) { "'" } else { "" };
        meant.push(format!("{{ path: {quote}{path}{quote}, variable: {variable} }}"));
    }
    meant.truncate(SHOWN);
    (!meant.is_empty()).then(|| meant.join(", "))
}

/// Parts that a help spells out.
const SHOWN: usize = 3;

/// Nothing given is nothing; something given that is wrong is an error that was reported.
#[allow(clippy::option_option)]
fn flip<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    match given {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}
