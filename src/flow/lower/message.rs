//! `send_message`: a text, a file or a template, and other content for some channels.

use super::mapping::Fields;
use super::value::Value;
use super::{Lowering, Noticed, quoted};
use crate::flow::model::{Content, MessageTemplate, SendMessage, Spanned};
use crate::flow::words::{AttachmentKind, ChannelType};
use crate::source::{NodeKind, Span};

const EXAMPLE: &str = "send_message: Hello!";

impl Lowering<'_> {
    pub(super) fn send_message(&mut self, value: Value<'_>) -> Option<SendMessage> {
        let NodeKind::Map(_) = value.node.kind else {
            let text = self.message_text(value, "`send_message`")?;
            return Some(SendMessage {
                content: Content::Text(text),
                channel: None,
                per_channel: Vec::new(),
                failure_branch: None,
            });
        };
        if is_unquoted_colon(value) {
            self.scalar(value, "`send_message`");
            return None;
        }
        let mut fields = self.fields(value, "`send_message`", EXAMPLE)?;
        let content = self.content(&mut fields);
        let channel = fields.take("channel").map(|channel| self.channel_id(channel));
        let per_channel = fields.take("per_channel").map(|value| self.per_channel(value)).unwrap_or_default();
        let failure = fields.take("failure_branch");
        fields.finish(self);
        let failure_branch = failure.map(|side| self.side(side, "`failure_branch`"));
        let channel = match channel {
            None => None,
            Some(given) => Some(given?),
        };
        Some(SendMessage { content: content?, channel, per_channel, failure_branch })
    }

    /// The one content of a message.
    fn content(&mut self, fields: &mut Fields<'_>) -> Option<Content> {
        let text = fields.take("text");
        let attachment = fields.take("attachment");
        let template = fields.take("template");
        let given: Vec<Value<'_>> = [text, attachment, template].into_iter().flatten().collect();
        if let Some(template) = template.filter(|template| template.scalar().is_some()) {
            let name = template.scalar().unwrap_or_default();
            let body = text.and_then(|text| text.scalar()).filter(|body| is_short(body)).unwrap_or("Hello!");
            let message = "a template is written with its name and its body";
            let help = format!("write it like this: template: {{ name: {name}, body: \"{body}\" }}");
            self.error("wrong-type", template.place(), message, help);
            return None;
        }
        match given.as_slice() {
            [] => {
                let help = "add `text:`, `attachment:` or `template:`";
                self.error("missing-key", fields.at(), "this message has nothing to send", help);
                return None;
            }
            [_] => {}
            [first, others @ ..] => {
                let help = match (text, attachment, template) {
                    (Some(_), None, Some(_)) => "the text of a template is its `body`: take `text` out",
                    _ => "send them as two messages",
                };
                for other in others {
                    self.error_also(
                        "several-contents",
                        (other.at, "a message is a text, an attachment or a template: only one of them".to_owned()),
                        (first.at, "the first one"),
                        help,
                    );
                }
            }
        }
        if let Some(text) = text {
            return self.message_text(text, "`text`").map(Content::Text);
        }
        if let Some(attachment) = attachment {
            return self.attachment(attachment);
        }
        self.message_template(template?).map(|template| Content::Template(Box::new(template)))
    }

    fn attachment(&mut self, value: Value<'_>) -> Option<Content> {
        let example = "attachment: { kind: image, url: https://example.com/map.png }";
        let mut fields = self.fields(value, "`attachment`", example)?;
        let kind = fields
            .require(self, "kind")
            .and_then(|kind| self.word(kind, "`kind`", AttachmentKind::ALL, AttachmentKind::as_str));
        let url = fields.require(self, "url").and_then(|url| self.template(url, "`url`"));
        let name = fields.take("name").and_then(|name| self.template(name, "`name`"));
        fields.finish(self);
        Some(Content::Attachment { kind: kind?, url: url?, name })
    }

    fn message_template(&mut self, value: Value<'_>) -> Option<MessageTemplate> {
        let example = "template: { name: welcome, language: en, body: \"Hi {{1}}\", parameters: [$contact.firstname] }";
        let mut fields = self.fields(value, "`template`", example)?;
        let name = fields.require(self, "name").and_then(|name| self.text(name, "`name`")).map(str::to_owned);
        let language = fields.take("language").and_then(|code| self.text(code, "`language`")).map(str::to_owned);
        let header = fields.take("header").and_then(|header| self.template(header, "`header`"));
        let body_at = fields.take("body");
        let body = body_at.and_then(|body| self.message_text(body, "`body`"));
        let mut parameters = Vec::new();
        let mut complete = true;
        if let Some(list) = fields.take("parameters") {
            for item in list.items() {
                match self.template(item, "a parameter") {
                    Some(parameter) => parameters.push(parameter),
                    None => complete = false,
                }
            }
        }
        let buttons = fields.take("buttons").map(|list| self.texts(list, "a button")).unwrap_or_default();
        fields.finish(self);
        if let (Some(body), Some(at), true) = (&body, body_at, complete) {
            self.check_placeholders(body.source(), parameters.len(), at.node.span);
        }
        let buttons = buttons.into_iter().map(|button| button.value).collect();
        Some(MessageTemplate { name: name?, language, header, body, parameters, buttons })
    }

    /// Takes note of the first placeholder of a body, such as `{{2}}`, that no parameter fills.
    fn check_placeholders(&mut self, body: &str, parameters: usize, span: Span) {
        let numbers =
            body.split("{{").skip(1).filter_map(|after| after.split_once("}}")?.0.trim().parse::<usize>().ok());
        if let Some(number) = numbers.filter(|number| *number == 0 || *number > parameters).min() {
            self.notice(span, Noticed::MissingParameter(number));
        }
    }

    /// The id of a channel of the workspace.
    pub(super) fn channel_id(&mut self, value: Value<'_>) -> Option<Spanned<String>> {
        let id = self.spanned(value, "`channel`")?;
        self.known_channel(&id, false).then_some(id)
    }

    /// Whether a channel is in the workspace; where `types` may stand too, whether it is the word of a type.
    fn known_channel(&mut self, id: &Spanned<String>, types: bool) -> bool {
        let Some(workspace) = &self.workspace else { return true };
        if workspace.channel(&id.value).is_some() || (types && ChannelType::named(&id.value).is_some()) {
            return true;
        }
        let mut known: Vec<String> = workspace.channels.iter().map(|channel| channel.id.clone()).collect();
        let of_type = workspace.channels.iter().find(|channel| channel.kind.as_str() == id.value);
        let message = match of_type {
            Some(channel) => format!("`{}` is a type; a fixed channel is named by its id, `{}`", id.value, channel.id),
            None => format!("the workspace has no channel {}", quoted(&id.value)),
        };
        if types {
            known.extend(ChannelType::ALL.iter().map(|kind| kind.as_str().to_owned()));
        }
        self.unknown("unknown-channel", id.span, message, &id.value, known.iter().map(String::as_str));
        false
    }

    fn per_channel(&mut self, value: Value<'_>) -> Vec<(Spanned<String>, Content)> {
        let Some(mut fields) =
            self.fields(value, "`per_channel`", "per_channel: { whatsapp: Hello!, wa: Hello again! }")
        else {
            return Vec::new();
        };
        let mut contents = Vec::new();
        for entry in fields.take_rest(self) {
            let id = Spanned { value: entry.key.to_owned(), span: entry.key_span };
            let known = self.known_channel(&id, true);
            let content = self.channel_content(entry.value());
            if let (true, Some(content)) = (known, content) {
                contents.push((id, content));
            }
        }
        contents
    }

    fn channel_content(&mut self, value: Value<'_>) -> Option<Content> {
        let NodeKind::Map(_) = value.node.kind else {
            return self.message_text(value, "the text for this channel").map(Content::Text);
        };
        let mut fields = self.fields(value, "the message for this channel", "whatsapp: Hello!")?;
        let content = self.content(&mut fields);
        fields.finish(self);
        content
    }
}

/// Whether a text can stand in a help as it is, between quotes.
fn is_short(text: &str) -> bool {
    text.chars().count() <= 60 && !text.contains(['"', '\\']) && !text.contains(char::is_control)
}

/// Whether a mapping is rather a text with a colon, such as `Note: x`: one key, and nothing like one of a message.
fn is_unquoted_colon(value: Value<'_>) -> bool {
    const KEYS: [&str; 6] = ["text", "attachment", "template", "channel", "per_channel", "failure_branch"];
    let NodeKind::Map(entries) = &value.node.kind else { return false };
    let [(key, _)] = entries.as_slice() else { return false };
    Value::item(key)
        .scalar()
        .is_some_and(|key| !KEYS.contains(&key) && crate::diagnostic::did_you_mean(key, KEYS).is_none())
}
