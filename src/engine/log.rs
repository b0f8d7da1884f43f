//! The event log: every event of a session, kept in order in one text buffer, so that keeping a million costs little.

use super::event::{Event, EventOf, KindOf, Sink, StoredVerdict, TextRange, Why};
use super::ids::StepId;

/// A place in an [`EventLog`] to cut back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    events: usize,
    text: usize,
    verdicts: usize,
    path: usize,
}

/// A range of the log's verdicts.
#[derive(Debug, Clone, Copy, PartialEq)]
struct VerdictRange(u32, u32);

/// Every event in the order it happened, and every step in the order it ran.
#[derive(Debug, Clone, Default)]
pub struct EventLog {
    events: Vec<EventOf<TextRange, VerdictRange>>,
    text: String,
    verdicts: Vec<StoredVerdict>,
    path: Vec<StepId>,
}

impl EventLog {
    /// An empty log with room for a conversation of a few dozen messages.
    pub fn with_room() -> Self {
        Self {
            events: Vec::with_capacity(96),
            text: String::with_capacity(2048),
            verdicts: Vec::with_capacity(8),
            path: Vec::with_capacity(32),
        }
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Bytes of text it keeps.
    pub const fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The event at an index, from 0.
    pub fn get(&self, index: usize) -> Option<Event<'_>> {
        let stored = self.events.get(index)?;
        let kind = stored.kind.map(
            |range| range.of(&self.text),
            |VerdictRange(start, end)| Why {
                text: &self.text,
                verdicts: self.verdicts.get(start as usize..end as usize).unwrap_or_default(),
            },
        );
        Some(EventOf { at: stored.at, workflow: stored.workflow, step: stored.step, kind })
    }

    /// The events from an index on.
    pub fn since(&self, index: usize) -> impl DoubleEndedIterator<Item = Event<'_>> {
        (index.min(self.len())..self.len()).filter_map(|index| self.get(index))
    }

    /// Every event.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Event<'_>> {
        self.since(0)
    }

    /// Every step that began to run, in order, repeats included.
    pub fn path(&self) -> &[StepId] {
        &self.path
    }

    /// Where the log stands now.
    pub fn mark(&self) -> Mark {
        Mark { events: self.events.len(), text: self.text.len(), verdicts: self.verdicts.len(), path: self.path.len() }
    }

    /// Cuts the log back to a mark taken of it earlier.
    pub fn truncate(&mut self, mark: Mark) {
        self.events.truncate(mark.events);
        if self.text.is_char_boundary(mark.text) {
            self.text.truncate(mark.text);
        }
        self.verdicts.truncate(mark.verdicts);
        self.path.truncate(mark.path);
    }

    /// Appends a text to the buffer.
    fn keep(buffer: &mut String, text: &str) -> TextRange {
        // A log of four gigabytes keeps its events and loses their texts.
        let Ok(start) = u32::try_from(buffer.len()) else { return TextRange::default() };
        let Ok(end) = u32::try_from(buffer.len() + text.len()) else { return TextRange::default() };
        buffer.push_str(text);
        TextRange { start, end }
    }
}

impl Mark {
    /// The index the next event after this mark has.
    pub const fn events(self) -> usize {
        self.events
    }
}

impl Sink for EventLog {
    fn event(&mut self, event: &Event<'_>) {
        let (buffer, verdicts) = (&mut self.text, &mut self.verdicts);
        let kind = match event.kind {
            KindOf::BranchTaken { arm, why } => {
                let shift = Self::keep(buffer, why.text).start;
                let start = u32::try_from(verdicts.len()).unwrap_or(u32::MAX);
                verdicts.extend(why.verdicts.iter().map(|verdict| StoredVerdict {
                    expected: verdict.expected.map(|range| range.shifted(shift)),
                    actual: verdict.actual.map(|range| range.shifted(shift)),
                    ..*verdict
                }));
                let end = u32::try_from(verdicts.len()).unwrap_or(u32::MAX);
                KindOf::BranchTaken { arm, why: VerdictRange(start, end) }
            }
            kind => kind.map(|text| Self::keep(buffer, text), |_| VerdictRange(0, 0)),
        };
        self.events.push(EventOf { at: event.at, workflow: event.workflow, step: event.step, kind });
    }

    fn entered(&mut self, step: StepId) {
        self.path.push(step);
    }
}
