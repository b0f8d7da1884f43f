//! What channels can do: messaging windows, text limits and ways to show options, and a contact's links to them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ids::ChannelId;
use super::time::Instant;
use crate::flow::words::words;
use crate::flow::{ChannelType, QuestionType};

/// How long a messaging window stays open after the contact's last message.
pub const WINDOW: Duration = Duration::from_hours(24);

words! {
    /// How a channel shows a question's options.
    ShownAs {
        /// Buttons under the message.
        Buttons = "buttons",
        /// A list to open.
        List = "list",
        /// Replies offered above the input.
        QuickReplies = "quick_replies",
        /// A keyboard in place of the contact's own.
        Keyboard = "keyboard",
        /// Numbered lines of text.
        Numbered = "numbered",
        /// Five stars.
        Stars = "stars",
        /// The question has no options.
        None = "none",
    }
}

impl ChannelType {
    /// Whether free-form messages need an open window (semantics.md, "Channels").
    pub const fn has_window(self) -> bool {
        matches!(self, Self::Whatsapp | Self::Messenger | Self::Instagram)
    }

    /// The longest text in characters, or none.
    pub const fn text_limit(self) -> Option<usize> {
        match self {
            Self::Whatsapp | Self::Telegram => Some(4_096),
            Self::Messenger => Some(2_000),
            Self::Instagram => Some(1_000),
            Self::Line => Some(5_000),
            Self::Viber => Some(7_000),
            Self::Sms => Some(1_600),
            Self::GoogleBusinessMessages | Self::WebChat | Self::Custom | Self::Email => None,
        }
    }

    /// How a question of a kind with so many options is shown.
    pub const fn shows(self, kind: QuestionType, options: usize) -> ShownAs {
        match (kind, self) {
            (QuestionType::Rating, _) => ShownAs::Stars,
            (QuestionType::MultipleChoice, channel) => match channel {
                Self::Whatsapp if options <= 3 => ShownAs::Buttons,
                Self::Whatsapp if options <= 10 => ShownAs::List,
                Self::Messenger | Self::Instagram if options <= 10 => ShownAs::QuickReplies,
                Self::Line | Self::GoogleBusinessMessages | Self::WebChat | Self::Custom => ShownAs::QuickReplies,
                Self::Telegram | Self::Viber => ShownAs::Keyboard,
                _ => ShownAs::Numbered,
            },
            _ => ShownAs::None,
        }
    }
}

/// A contact's link to one channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Link {
    /// The channel.
    pub channel: ChannelId,
    /// Whether messages get through to the contact.
    pub connected: bool,
    /// When the contact last wrote there.
    pub last_message: Option<Instant>,
}

/// A contact's links, the most recently used first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Links(Vec<Link>);

impl Links {
    /// Links to channels, the last interacted first.
    pub fn new(channels: impl IntoIterator<Item = ChannelId>) -> Self {
        Self(channels.into_iter().map(|channel| Link { channel, connected: true, last_message: None }).collect())
    }

    /// The links, the most recently used first.
    pub fn iter(&self) -> impl Iterator<Item = &Link> {
        self.0.iter()
    }

    /// The link to a channel.
    pub fn get(&self, channel: ChannelId) -> Option<&Link> {
        self.0.iter().find(|link| link.channel == channel)
    }

    /// The last interacted channel, connected or cut (R1, R31).
    pub fn last(&self) -> Option<ChannelId> {
        self.0.first().map(|link| link.channel)
    }

    /// Where a message goes out: the last interacted channel, or when that one is cut the connected one used most recently.
    pub fn reachable(&self) -> Option<ChannelId> {
        self.0.iter().find(|link| link.connected).map(|link| link.channel)
    }

    /// Whether a channel is connected.
    pub fn is_connected(&self, channel: ChannelId) -> bool {
        self.get(channel).is_some_and(|link| link.connected)
    }

    /// When the messaging window of a channel ends: `None` when the contact never wrote there.
    pub fn window_end(&self, channel: ChannelId) -> Option<Instant> {
        self.get(channel)?.last_message.map(|at| at.saturating_add(WINDOW))
    }

    /// The contact wrote on a channel: it becomes the last interacted. A channel the contact lacked is connected by that.
    pub(super) fn wrote(&mut self, channel: ChannelId, at: Instant) {
        let position = self.0.iter().position(|link| link.channel == channel).unwrap_or_else(|| {
            self.0.push(Link { channel, connected: true, last_message: None });
            self.0.len() - 1
        });
        self.0[..=position].rotate_right(1);
        self.0[0].last_message = Some(at);
    }

    /// Connects or cuts a channel; whether that changed anything.
    pub(super) fn set_connected(&mut self, channel: ChannelId, connected: bool) -> bool {
        match self.0.iter_mut().find(|link| link.channel == channel) {
            Some(link) => std::mem::replace(&mut link.connected, connected) != connected,
            None if connected => {
                self.0.push(Link { channel, connected, last_message: None });
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_shown_as_the_channel_can() {
        let shows = |channel: ChannelType, options| channel.shows(QuestionType::MultipleChoice, options);
        assert_eq!(shows(ChannelType::Whatsapp, 3), ShownAs::Buttons);
        assert_eq!(shows(ChannelType::Whatsapp, 4), ShownAs::List);
        assert_eq!(shows(ChannelType::Messenger, 10), ShownAs::QuickReplies);
        assert_eq!(shows(ChannelType::Telegram, 2), ShownAs::Keyboard);
        assert_eq!(shows(ChannelType::Sms, 2), ShownAs::Numbered);
        assert_eq!(ChannelType::Sms.shows(QuestionType::Rating, 0), ShownAs::Stars);
        assert_eq!(ChannelType::WebChat.shows(QuestionType::Text, 0), ShownAs::None);
    }

    #[test]
    fn writing_moves_a_channel_to_the_front_and_keeps_the_order_of_the_others() {
        let [a, b, c] = [0, 1, 2].map(ChannelId);
        let mut links = Links::new([a, b, c]);
        links.wrote(c, Instant::MIN);
        assert_eq!(links.iter().map(|link| link.channel).collect::<Vec<_>>(), [c, a, b]);
        assert!(links.set_connected(c, false) && !links.set_connected(c, false));
        assert_eq!((links.last(), links.reachable()), (Some(c), Some(a)));
    }
}
