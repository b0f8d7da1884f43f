//! Sending messages and asking questions: on which channel, in which shape, or why not.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use super::bounds;
use super::event::{Body, Cause, EndReason, Kind, SEPARATOR, Sink};
use super::program::{AskQuestion, ChannelId, Content, MessageTemplate, SendMessage, StepId, Text};
use super::render::{TooLong, render};
use super::run::{Machine, Next};
use super::session::{WaitKind, emit};
use crate::flow::QuestionType;

impl<S: Sink> Machine<'_, S> {
    /// Sends a message (semantics.md, "Asking": "Sending fails … The same holds for `send_message`").
    pub(super) fn send_message(&mut self, step: StepId, send: &SendMessage, next: Option<StepId>) -> Next {
        let channel = send.channel.or_else(|| self.state.links.reachable()).or_else(|| self.state.links.last());
        let delivered = match send.content_for(channel) {
            Content::Text(text) => self.send_text(step, send.channel, text),
            Content::Attachment { kind, url, name } => {
                let address = self.try_filled(step, url);
                let name = name.as_ref().map(|name| self.try_filled(step, name)).transpose();
                let routed = self.route(send.channel, true);
                match (routed, address, name) {
                    (Ok(channel), Ok(address), Ok(name)) => {
                        let body = Body::Attachment { kind: *kind, url: &*address, name: name.as_deref() };
                        emit!(self, step, Kind::MessageSent { body, channel });
                        Ok(())
                    }
                    (Ok(channel), _, _) => Err(((Cause::TextTooLong, Some(channel)), beginning(&url.source))),
                    (Err(failed), address, _) => {
                        Err((failed, address.map_or_else(|TooLong| beginning(&url.source), Cow::into_owned)))
                    }
                }
            }
            Content::Template(template) => self.send_template(step, send.channel, template),
        };
        match delivered {
            Ok(()) => Next::Step(next),
            Err(((cause, channel), text)) => {
                emit!(self, step, Kind::SendingFailed { cause, text: &text, channel });
                send.failure.or_end(EndReason::SendingFailed)
            }
        }
    }

    fn send_text(&mut self, step: StepId, fixed: Option<ChannelId>, text: &Text) -> Result<(), Failed> {
        let filled = self.fill_in(step, text);
        let sent =
            self.route(fixed, true).and_then(|channel| self.check_length(channel, &filled, &[]).map(|()| channel));
        let outcome = match sent {
            Ok(channel) => {
                emit!(self, step, Kind::MessageSent { body: Body::Text(&filled), channel });
                Ok(())
            }
            Err(failed) => Err((failed, bounds::cut(&filled).to_owned())),
        };
        self.scratch.text = filled;
        outcome
    }

    fn send_template(
        &mut self,
        step: StepId,
        fixed: Option<ChannelId>,
        template: &MessageTemplate,
    ) -> Result<(), Failed> {
        let (mut missing, mut long, mut total) = (false, false, 0);
        let mut parameters = Vec::with_capacity(template.parameters.len());
        for parameter in &template.parameters {
            let mut filled = String::new();
            let (state, sink) = (&*self.state, &mut *self.sink);
            let fits = render(self.program, state, parameter, &mut filled, |variable| {
                missing = true;
                super::session::tell(sink, state.now, state.workflow, step, || Kind::VariableUnsetUsed { variable });
            });
            total += filled.len();
            long |= fits.is_err() || total > bounds::TEXT;
            if long {
                break;
            }
            parameters.push(filled);
        }
        self.scratch.spend(total);
        let mut fill = |machine: &mut Self, text: &Option<Text>| {
            if long {
                return String::new();
            }
            let filled = text.as_ref().map(|text| machine.try_filled(step, text)).transpose();
            let Ok(filled) = filled else {
                long = true;
                return String::new();
            };
            let (placed, complete) = place(&filled.unwrap_or_default(), &parameters);
            machine.scratch.spend(placed.len());
            missing |= !complete;
            long |= placed.len() > bounds::TEXT;
            placed
        };
        let header = fill(self, &template.header);
        let body = fill(self, &template.body);
        let routed = match self.route(fixed, false) {
            Ok(channel) if long => Err((Cause::TextTooLong, Some(channel))),
            Ok(channel) if missing => Err((Cause::TemplateMissingParameter, Some(channel))),
            routed => routed,
        };
        let channel = routed.map_err(|failed| {
            let shown = if template.body.is_some() && !long { bounds::cut(&body) } else { &template.name };
            (failed, shown.to_owned())
        })?;
        let buttons: Result<Vec<Cow<'_, str>>, TooLong> =
            template.buttons.iter().map(|button| self.try_filled(step, button)).collect();
        let Ok(buttons) = buttons else { return Err(((Cause::TextTooLong, Some(channel)), template.name.clone())) };
        let body = Body::Template {
            name: template.name.as_str(),
            language: template.language.as_deref(),
            header: template.header.as_ref().map(|_| header.as_str()),
            body: &body,
            buttons: &buttons.join(SEPARATOR.encode_utf8(&mut [0; 4])),
        };
        emit!(self, step, Kind::MessageSent { body, channel });
        Ok(())
    }

    /// Asks a question and waits for its answer (R1, R22–R24).
    pub(super) fn ask_question(&mut self, step: StepId, ask: &AskQuestion) -> Next {
        let text = self.fill_in(step, &ask.text);
        let routed = self
            .route(None, true)
            .and_then(|channel| self.check_length(channel, &text, &ask.options).map(|()| channel));
        let next = match routed {
            Ok(channel) => {
                let until = self.state.now.saturating_add(ask.timeout);
                let shown_as = self.shown_as(channel, ask);
                emit!(self, step, Kind::QuestionAsked { text: &text, shown_as, channel, until });
                self.wait(step, WaitKind::Question, until)
            }
            Err((cause, channel)) => {
                let text = bounds::cut(&text);
                emit!(self, step, Kind::SendingFailed { cause, text, channel });
                ask.on_sending_failed.or_end(EndReason::SendingFailed)
            }
        };
        self.scratch.text = text;
        next
    }

    /// The channel a text goes out on by itself, or why it cannot go out.
    pub(super) fn deliverable(&mut self, text: &str) -> Result<ChannelId, (Cause, Option<ChannelId>)> {
        let channel = self.route(None, true)?;
        self.check_length(channel, text, &[]).map(|()| channel)
    }

    fn shown_as(&self, channel: ChannelId, ask: &AskQuestion) -> super::ShownAs {
        self.program.channel(channel).kind.shows(ask.question.kind(), ask.options.len())
    }

    /// A text with its variables filled in, in the session's buffer. Left empty when nobody wants to see it and no channel
    /// could find it too long.
    fn fill_in(&mut self, step: StepId, text: &Text) -> String {
        let mut buffer = std::mem::take(&mut self.scratch.text);
        buffer.clear();
        let limited =
            self.state.links.iter().any(|link| self.program.channel(link.channel).kind.text_limit().is_some());
        // A text too long for any channel is one for everybody.
        if S::WANTS || limited || !text.is_fixed() || text.source.len() > bounds::TEXT {
            // Its length says whether it fits.
            let _ = self.render(step, text, &mut buffer);
        }
        buffer
    }

    /// The channel a message goes out on, or why it cannot go out.
    fn route(&mut self, fixed: Option<ChannelId>, free_form: bool) -> Result<ChannelId, (Cause, Option<ChannelId>)> {
        let channel = match fixed {
            Some(channel) => Some(channel).filter(|channel| self.state.links.is_connected(*channel)),
            None => self.state.links.reachable(),
        };
        if let Some(fault) = self.state.fault.take() {
            return Err((fault.into(), channel));
        }
        let channel = channel.ok_or((Cause::NoChannel, fixed))?;
        let windowed = free_form && self.program.channel(channel).kind.has_window();
        if windowed && self.state.links.window_end(channel).is_none_or(|end| self.state.now >= end) {
            return Err((Cause::WindowClosed, Some(channel)));
        }
        Ok(channel)
    }

    /// Whether a channel takes a text of this length. Options shown as numbered lines are part of the text.
    fn check_length(
        &self,
        channel: ChannelId,
        text: &str,
        options: &[String],
    ) -> Result<(), (Cause, Option<ChannelId>)> {
        let kind = self.program.channel(channel).kind;
        if text.len() > bounds::TEXT {
            return Err((Cause::TextTooLong, Some(channel)));
        }
        let Some(limit) = kind.text_limit() else { return Ok(()) };
        let numbered = kind.shows(QuestionType::MultipleChoice, options.len()) == super::ShownAs::Numbered;
        let lines = || options.iter().filter(|_| numbered);
        // No text has more characters than bytes.
        if text.len() + lines().map(|option| option.len() + 5).sum::<usize>() <= limit {
            return Ok(());
        }
        let characters = |text: &str| text.graphemes(true).count();
        // Each line adds its break, its number, a full stop and a blank.
        let lines: usize = lines().zip(1..).map(|(option, n)| characters(option) + if n < 10 { 4 } else { 5 }).sum();
        if characters(text) + lines <= limit { Ok(()) } else { Err((Cause::TextTooLong, Some(channel))) }
    }
}

/// Why a message did not go out, and its text.
type Failed = ((Cause, Option<ChannelId>), String);

/// How a text begins that is too long to be shown.
fn beginning(text: &str) -> String {
    text.chars().take(bounds::BEGINNING).collect()
}

/// Puts parameters in the places of `{{1}}`, `{{2}}` …; whether there was one for every place.
fn place(text: &str, parameters: &[String]) -> (String, bool) {
    let mut placed = String::with_capacity(text.len());
    let mut complete = true;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        placed.push_str(before);
        // Too long already: the caller sees it by the length.
        if placed.len() > bounds::TEXT {
            return (placed, complete);
        }
        let number =
            after.split_once("}}").and_then(|(inner, after)| Some((inner.trim().parse::<usize>().ok()?, after)));
        rest = after;
        if let Some((number, after)) = number {
            match number.checked_sub(1).and_then(|index| parameters.get(index)) {
                Some(parameter) => placed.push_str(parameter),
                None => complete = false,
            }
            rest = after;
        } else {
            placed.push_str("{{");
        }
    }
    placed.push_str(rest);
    (placed, complete)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn parameters_take_their_places() {
        let parameters = ["Ana".to_owned(), "5".to_owned()];
        assert_eq!(place("Hi {{1}}, {{ 2 }} left {{x}}", &parameters), ("Hi Ana, 5 left {{x}}".into(), true));
        assert_eq!(place("{{3}} {{0}}", &parameters), (" ".into(), false));
    }
}
