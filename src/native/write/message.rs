//! `sendMessage` and `askQuestion`.

use serde_json::{Map, Value, json};

use super::action::{object, success};
use super::{Way, Write};
use crate::flow::model::{Action, AskQuestion, Content, FailureBranches, MessageTemplate, SendMessage, Step};
use crate::flow::words::{ChannelType, QuestionType};
use crate::native::spelling::Area;

impl<'f> Write<'f> {
    pub(super) fn send_message(&mut self, step: &'f Step, send: &SendMessage, parts: &[Step]) -> Map<String, Value> {
        let channel = send.channel.as_ref().map(|channel| self.channel(step, &channel.value));
        let mut payload = vec![json!({ "channelId": null, "message": self.content(step, &send.content) })];
        for part in parts {
            if let Action::SendMessage(further) = &part.action {
                payload.push(json!({ "channelId": null, "message": self.content(step, &further.content) }));
            }
        }
        for (channel, content) in &send.per_channel {
            let id = self.channel(step, &channel.value);
            payload.push(json!({ "channelId": id, "message": self.content(step, content) }));
        }
        object(json!({ "channelId": channel, "payload": payload }))
    }

    pub(super) fn channel(&mut self, step: &'f Step, name: &str) -> Value {
        if ChannelType::named(name).is_some() && self.flow.workspace.channel(name).is_none() {
            self.warn(
                step,
                &format!("the platform has no message for every channel of the type {name}"),
                "name the channels by their ids",
            );
            return json!(name);
        }
        let native = self.native();
        self.id_or_name(Some(step), &native.channels, "channel", name)
    }

    fn content(&mut self, step: &'f Step, content: &Content) -> Value {
        match content {
            Content::Text(text) => json!({ "type": "text", "text": text.source() }),
            Content::Attachment { kind, url, name } => {
                let mut attachment = object(json!({ "type": kind, "url": url.source() }));
                if let Some(name) = name {
                    attachment.insert("fileName".into(), json!(name.source()));
                }
                json!({ "type": "attachment", "attachment": attachment })
            }
            Content::Template(template) => {
                json!({ "type": "whatsapp_template", "template": self.template(step, template) })
            }
        }
    }

    fn template(&mut self, step: &'f Step, template: &MessageTemplate) -> Value {
        let mut components = Vec::new();
        if let Some(header) = &template.header {
            components.push(match media(header.source()) {
                Some(kind) => json!({
                    "type": "header", "format": kind,
                    "parameters": [{ "type": kind, kind: { "link": header.source() } }],
                }),
                None => json!({ "type": "header", "format": "text", "text": header.source() }),
            });
        }
        if template.body.is_some() || !template.parameters.is_empty() {
            let text = template.body.as_ref().map_or("", |body| body.source());
            let parameters: Vec<Value> = template
                .parameters
                .iter()
                .map(|parameter| json!({ "type": "text", "text": parameter.source() }))
                .collect();
            components.push(json!({ "type": "body", "text": text, "parameters": parameters }));
        }
        if !template.buttons.is_empty() {
            let key = self.key(step, "buttons");
            let buttons: Vec<Value> =
                template.buttons.iter().map(|title| json!({ "type": "quick_reply", "text": title })).collect();
            components.push(json!({ "type": "buttons", key: buttons }));
        }
        let mut written = object(json!({ "name": template.name, "components": components }));
        if let Some(language) = &template.language {
            written.insert("languageCode".into(), json!(language));
        }
        if self.kept.step_id(&step.id).is_none() {
            let what = "the platform knows a template by more than its name: choose it there again";
            self.warn(step, what, "open the step on the platform after importing the file");
        }
        Value::Object(written)
    }

    pub(super) fn ask_question(&mut self, step: &'f Step, ask: &'f AskQuestion) -> (Map<String, Value>, Vec<Way<'f>>) {
        let options: Vec<&str> = ask.options.iter().map(|option| option.value.as_str()).collect();
        let kind = self.spelled(step, Area::Question, ask.kind.as_str());
        let mut question = object(json!({ "type": kind, "text": ask.text.source(), "options": options }));
        for (key, bound) in [("min", ask.min), ("max", ask.max)] {
            if let Some(bound) = bound {
                question.insert(self.key(step, key), number(&bound.to_string()));
            }
        }
        let usual = [crate::flow::DateFormat::MmDdYyyySlash];
        if ask.kind == QuestionType::Date && ask.date_formats != usual {
            question.insert(self.key(step, "date_formats"), json!(ask.date_formats));
        }
        if ask.exact {
            self.warn(
                step,
                "`match: exact` is not written: the platform has no such setting",
                "check how it takes answers",
            );
        }
        let field = ask.save_as.field.as_ref().map(|field| self.field(Some(step), &field.value));
        let variable = ask.save_as.variable.as_ref().map(|variable| &variable.value);
        let data = object(json!({
            "question": question,
            "timeout": self.duration(step, ask.timeout),
            "saveResponse": { "field": field, "variable": variable, "tag": ask.save_as.tag },
        }));
        let sending_failed = match &ask.failures {
            FailureBranches::Joint(Some(_)) => {
                let what = "its `failure_branch` is written for invalid answers only: there, failed sends have a branch of their own";
                self.warn(step, what, "write `invalid_branch` and `sending_failed_branch` instead");
                None
            }
            FailureBranches::Joint(None) => None,
            FailureBranches::Split { sending_failed, .. } => sending_failed.as_ref(),
        };
        let invalid = ask.failures.invalid();
        if invalid.is_none() && self.kept.step_id(&step.id).is_none() {
            self.untold.get_or_insert((step, 0)).1 += 1;
        }
        let ways = vec![
            success(true),
            Way { part: "invalid", name: "Failure: Invalid", side: invalid, always: false },
            Way { part: "timeout", name: "Failure: Timeout", side: ask.timeout_branch.as_ref(), always: true },
            Way { part: "sending_failed", name: "Failure: Sending Failed", side: sending_failed, always: false },
        ];
        (data, ways)
    }
}

/// A decimal as a JSON number, exactly; else as a text.
fn number(text: &str) -> Value {
    match text.parse::<serde_json::Number>() {
        Ok(number) if number.to_string() == text => Value::Number(number),
        _ => json!(text),
    }
}

/// The kind of file an address leads to, when a text is an address and nothing else.
fn media(text: &str) -> Option<&'static str> {
    let address = text.starts_with("https://") || text.starts_with("http://");
    if !address || text.contains(char::is_whitespace) {
        return None;
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    Some(match ending.as_str() {
        "jpg" | "jpeg" | "png" | "webp" | "gif" => "image",
        "mp4" | "3gp" | "mov" => "video",
        _ => "document",
    })
}
