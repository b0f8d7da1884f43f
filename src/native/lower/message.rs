//! `sendMessage`: what is sent, on which channel, and the several messages one step of theirs may hold.

use super::{Lower, Read};
use crate::flow::model::{Action, Content, MessageTemplate, SendMessage};
use crate::flow::words::{AttachmentKind, ChannelType};
use crate::native::json::At;
use crate::native::remark::Carried;
use crate::template::Template;

impl Lower<'_, '_> {
    pub(super) fn send_message(&mut self, index: usize, id: &str, data: &At<'_>) -> Option<(Read, Option<usize>)> {
        let Some(payload) = data.get("payload") else {
            self.found.missing(data, "payload", "the messages that are sent");
            return None;
        };
        let entries = payload.items();
        let mut default: Vec<Content> = Vec::new();
        let mut per_channel = Vec::new();
        let mut read = Vec::new();
        for entry in &entries {
            // A message may stand in the entry, or be the entry.
            let message = entry.some("message").unwrap_or_else(|| entry.clone());
            read.push((entry, self.content(&message, id)?));
        }
        let has_default = read.iter().any(|(entry, _)| entry.some("channelId").is_none());
        for (entry, content) in read {
            match entry.some("channelId") {
                Some(channel) if has_default || !default.is_empty() => {
                    let (name, _) = self.channel_of(&channel, &content, id);
                    if per_channel.iter().any(|(known, _): &(_, Content)| *known == name) {
                        let text = "a second message for one channel is kept, but never sent here";
                        self.found.remark(Carried::Kept, entry, Some(id), text);
                    } else {
                        per_channel.push((name, content));
                    }
                }
                channel => {
                    if let Some(channel) = channel {
                        let text = "no message is for every channel: the first one is taken for that";
                        self.found.remark(Carried::Guessed, &channel, Some(id), text);
                    }
                    default.push(content);
                }
            }
        }
        let mut messages = default.into_iter();
        let content = messages.next()?;
        let channel = data.some("channelId").map(|at| self.channel_of(&at, &content, id).0);
        let further: Vec<Action> = messages
            .map(|content| {
                let channel = channel.clone();
                Action::SendMessage(SendMessage { content, channel, per_channel: Vec::new(), failure_branch: None })
            })
            .collect();
        if !further.is_empty() {
            let text = format!(
                "{} messages in one step: the further ones became steps of their own right after it; going back they are one step again",
                further.len() + 1
            );
            self.found.remark(Carried::Guessed, &payload, Some(id), text);
        }
        let success = self.connector(index, "success");
        let failed = self.connector(index, "sending_failed");
        self.parts(index, id, &[("success", success), ("sending_failed", failed)]);
        let failure_branch = self.side(failed);
        let send = Action::SendMessage(SendMessage { content, channel, per_channel, failure_branch });
        let read = if further.is_empty() { Read::One(send) } else { Read::Several(send, further) };
        Some((read, success.or(Some(index).filter(|_| failed.is_none()))))
    }

    fn channel_of(&mut self, at: &At<'_>, content: &Content, id: &str) -> (crate::flow::model::Spanned<String>, bool) {
        let kind = match content {
            Content::Template(_) => ChannelType::Whatsapp,
            _ => ChannelType::Custom,
        };
        let told = self.told_by(id);
        let (name, new) = self.gather.channel(at, kind, told.as_deref());
        if new {
            let text =
                format!("the channel is known only by its number: it is called `{name}` here, of the type {kind}");
            self.found.remark(Carried::Guessed, at, Some(id), text);
        }
        (Self::named(name, at), new)
    }

    /// What one message holds; `None` when the model has no room for it.
    fn content(&mut self, message: &At<'_>, id: &str) -> Option<Content> {
        let kind = self.found.text(message, "type", "what kind of message it is")?;
        match kind.as_text()? {
            "text" => {
                let text = self.found.text(message, "text", "what is said")?;
                self.long_text(&text).map(Content::Text)
            }
            "attachment" => self.attachment(&message.some("attachment")?),
            "whatsapp_template" => {
                self.gather.template();
                self.whatsapp_template(&message.some("template")?, id)
                    .map(|template| Content::Template(Box::new(template)))
            }
            _ => None,
        }
    }

    fn attachment(&mut self, attachment: &At<'_>) -> Option<Content> {
        let kind = self.found.text(attachment, "type", "image, video, audio or file")?;
        let url = self.found.text(attachment, "url", "where the file lies")?;
        let name = attachment.some("fileName").and_then(|at| at.as_text()).filter(|name| !name.trim().is_empty());
        let name = name.map(|name| self.template(name));
        let kind = AttachmentKind::named(kind.as_text()?)?;
        let url = url.as_text().filter(|url| !url.trim().is_empty())?;
        Some(Content::Attachment { kind, url: self.template(url), name })
    }

    fn whatsapp_template(&mut self, template: &At<'_>, id: &str) -> Option<MessageTemplate> {
        let name = self.found.text(template, "name", "what the template is called")?.as_text()?.to_owned();
        (!name.trim().is_empty()).then_some(())?;
        let language = template.some("languageCode").and_then(|at| at.as_text()).map(str::to_owned);
        let mut read =
            MessageTemplate { name, language, header: None, body: None, parameters: Vec::new(), buttons: Vec::new() };
        for component in template.some("components").map(|list| list.items()).unwrap_or_default() {
            let kind = component.some("type").and_then(|at| at.as_text()).unwrap_or_default().to_lowercase();
            match kind.as_str() {
                "header" => read.header = self.header(&component, id),
                "body" => {
                    let text = component.some("text").and_then(|at| at.as_text()).unwrap_or_default();
                    read.body = (!text.trim().is_empty()).then(|| self.template(text));
                    read.parameters = self.parameters(&component);
                }
                "buttons" | "button" => read.buttons.extend(buttons(&component)),
                _ => {
                    let text = format!("the template's `{kind}` is kept, but not shown");
                    self.found.remark(Carried::Kept, &component, Some(id), text);
                }
            }
        }
        Some(read)
    }

    /// A text header is its text; a picture's, a film's or a document's is the address of the file.
    fn header(&mut self, component: &At<'_>, id: &str) -> Option<Template> {
        let parameters = component.some("parameters").map(|list| list.items()).unwrap_or_default();
        for parameter in &parameters {
            let media = ["image", "video", "document"].iter().find_map(|kind| parameter.some(kind));
            if let Some(link) = media.and_then(|media| media.some("link")) {
                let text = "the header of the template is a file: here its address stands for it";
                self.found.remark(Carried::Guessed, component, Some(id), text);
                return link.as_text().filter(|link| !link.trim().is_empty()).map(|link| self.template(link));
            }
        }
        let text = component.some("text").and_then(|at| at.as_text()).filter(|text| !text.trim().is_empty())?;
        if !parameters.is_empty() {
            let text = "the parameters of the template's header are kept, but not filled in";
            self.found.remark(Carried::Kept, component, Some(id), text);
        }
        Some(self.template(text))
    }

    fn parameters(&mut self, component: &At<'_>) -> Vec<Template> {
        let list = component.some("parameters").map(|list| list.items()).unwrap_or_default();
        let text = |at: &At<'_>| at.some("text").and_then(|at| at.as_scalar()).unwrap_or_default();
        list.iter().map(|parameter| self.template(text(parameter))).collect()
    }
}

/// The titles of a template's buttons, wherever the component keeps them.
fn buttons(component: &At<'_>) -> Vec<String> {
    let title = |at: &At<'_>| ["text", "title"].iter().find_map(|key| at.some(key)?.as_text().map(str::to_owned));
    match component.some("buttons") {
        Some(list) => list.items().iter().filter_map(title).collect(),
        None => title(component).into_iter().collect(),
    }
}
