//! Contacts of files, made ready to play: names become slots, channels become indices.

use smol_str::SmolStr;

use super::{ChannelId, Program, STANDARD_FIELDS};
use crate::engine::contact::{Before, Contact, Slots};
use crate::engine::hold;
use crate::engine::time::Instant;
use crate::flow::workspace::{ContactCard, LastIncoming};

impl Program {
    /// The contact of the workspace with this name.
    pub fn contact_named(&self, name: &str) -> Option<&Contact> {
        self.contacts.iter().find(|(key, _)| key == name).map(|(_, contact)| contact)
    }

    /// A contact as a file describes it, ready to play. Channels the workspace lacks are left out.
    pub fn contact(&self, name: &str, card: &ContactCard) -> Contact {
        let mut fields = Slots::new(self.field_names.len());
        let standard = [&card.firstname, &card.lastname, &card.email, &card.phone, &card.country, &card.language];
        let named = STANDARD_FIELDS.iter().map(|(name, _)| *name).zip(standard.map(|value| value.as_deref()));
        let custom = card.fields.iter().map(|(name, value)| (name.as_str(), Some(value.as_str())));
        for (name, value) in named.chain(custom).filter_map(|(name, value)| Some((name, value?))) {
            match self.field_slot(name) {
                Some(slot) => fields.set(slot, Some(hold::fixture(&self.fields[slot], value))),
                None => fields.set_extra(name, Some(hold::text(value))),
            };
        }
        let mut channels: Vec<ChannelId> = match &card.channels {
            Some(ids) => ids.iter().filter_map(|id| self.channel_named(id)).collect(),
            None => self.channel_ids().collect(),
        };
        if let Some(last) = card.last_channel.as_deref().and_then(|id| self.channel_named(id)) {
            channels.retain(|channel| *channel != last);
            channels.insert(0, last);
        }
        let mut tags: Vec<SmolStr> = Vec::with_capacity(card.tags.len());
        for tag in &card.tags {
            if !tags.iter().any(|known| known == tag) {
                tags.push(SmolStr::new(tag));
            }
        }
        Contact {
            id: SmolStr::new(card.id.as_deref().unwrap_or(name)),
            fields,
            tags,
            lifecycle: card.lifecycle.as_deref().map(SmolStr::new),
            assignee: card.assignee.as_deref().map(SmolStr::new),
            channels,
            last_incoming: match &card.last_incoming {
                LastIncoming::AtStart => Before::AtStart,
                LastIncoming::Never => Before::Never,
                LastIncoming::Ago { ago, text } => Before::Ago(*ago, SmolStr::new(text)),
                LastIncoming::At { at, text } => {
                    Instant::try_from(*at).map_or(Before::Never, |at| Before::At(at, SmolStr::new(text)))
                }
            },
        }
    }
}
