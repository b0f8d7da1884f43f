//! How much one input may do, so that nothing a flow says exhausts memory or never ends (semantics.md, "The engine").

/// Bytes of a text that is rendered or stored.
pub(super) const TEXT: usize = 65_536;
/// Characters an event shows of a text that is too long.
pub(super) const BEGINNING: usize = 200;
/// Timers one input fires.
pub(super) const TIMERS: usize = 10_000;
/// Requests one input causes that are really sent.
pub(super) const REQUESTS: u16 = 100;
/// Bytes of text one input makes in all, a step counting as [`STEP`] (our choice). A run that makes more goes round in circles.
pub(super) const SPENT: usize = 64 * 1024 * 1024;
/// What a step counts besides its texts: its events.
pub(super) const STEP: usize = 256;

/// A text that is not longer than [`TEXT`], cut where a character ends.
pub(super) fn cut(text: &str) -> &str {
    if text.len() <= TEXT {
        return text;
    }
    let end = (0..=TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}
