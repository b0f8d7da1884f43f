//! The buttons of the newest template: they can be pressed until the contact writes.

use crate::engine::Event;
use crate::engine::event::{Body, KindOf as Kind, SEPARATOR};

/// The buttons that can be pressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Buttons(Option<(usize, Vec<String>)>);

impl Buttons {
    /// The event of the template, by its index in the log, and the titles of its buttons.
    pub fn pressable(&self) -> Option<(usize, &[String])> {
        self.0.as_ref().map(|(event, titles)| (*event, titles.as_slice()))
    }

    /// Reads an event.
    pub fn read(&mut self, index: usize, event: &Event<'_>) {
        match event.kind {
            Kind::MessageSent { body: Body::Template { buttons, .. }, .. } => {
                let titles = buttons.split(SEPARATOR).filter(|title| !title.is_empty());
                self.0 = Some((index, titles.map(str::to_owned).collect()));
            }
            Kind::ContactMessage { .. } => self.0 = None,
            _ => {}
        }
    }
}
