//! How the screen looks: styles, shapes and the order of right-to-left text, in one value that every view is handed.

use std::borrow::Cow;
use std::time::Duration;

use crate::text::{BidiMode, Direction, single_line, truncate, width};

use super::glyphs::Glyphs;
use super::theme::Palette;

/// Styles, shapes and text order.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Styles by meaning.
    pub palette: Palette,
    /// Shapes.
    pub glyphs: &'static Glyphs,
    /// Who reorders right-to-left text.
    pub bidi: BidiMode,
}

impl Look {
    /// A text of a flow or contact on one row of at most `columns`: control characters shown, cut with an ellipsis, in the order seen.
    pub fn fit(&self, text: &str, columns: usize) -> String {
        let safe = single_line(text);
        let cut = truncate(&safe, columns, self.glyphs.ellipsis);
        self.seen(&cut, self.bidi.direction(text)).into_owned()
    }

    /// The same, cut in the middle: names that begin alike stay apart.
    pub fn fit_middle(&self, text: &str, columns: usize) -> String {
        let safe = single_line(text);
        let (dots, whole) = (width(self.glyphs.ellipsis), width(&safe));
        if whole <= columns || columns < dots + 4 {
            return self.fit(text, columns);
        }
        let room = columns - dots;
        let head = truncate(&safe, room - room / 2, "").into_owned();
        let tail = safe.char_indices().map(|(at, _)| safe.get(at..).unwrap_or_default());
        let tail = tail.into_iter().find(|tail| width(tail) <= room / 2).unwrap_or_default();
        let cut = format!("{head}{}{tail}", self.glyphs.ellipsis);
        self.seen(&cut, self.bidi.direction(text)).into_owned()
    }

    /// Words of our own, in ASCII where the shapes are.
    pub fn own<'a>(&self, words: &'a str) -> Cow<'a, str> {
        if words.is_ascii() || *self.glyphs != Glyphs::ASCII {
            return Cow::Borrowed(words);
        }
        let plain = [
            ("↑↓", "Up/Down"),
            ("←→", "Left/Right"),
            ("↑", "Up"),
            ("↓", "Down"),
            (" …", "..."),
            ("…", "..."),
            ("·", "or"),
            ("×", "x"),
        ];
        Cow::Owned(plain.iter().fold(words.to_owned(), |words, (shape, letters)| words.replace(shape, letters)))
    }

    /// A line that is safe already, in the order it is seen.
    pub fn seen<'a>(&self, line: &'a str, base: Direction) -> Cow<'a, str> {
        self.bidi.line(line, base).text
    }
}

/// A number of columns or rows as the terminal counts them; what exceeds it is cut at the edge of the screen anyway.
pub fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// The columns of a text, as the terminal counts them.
pub fn columns(text: &str) -> u16 {
    cells(width(text))
}

/// A span of time in its two largest units: `6d 23h`, `23h 12m`, `4m 05s`, `9s`. Begun seconds count, so that it reads 0s at zero only.
pub fn countdown(span: Duration) -> String {
    let seconds = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match () {
        () if days > 0 => format!("{days}d {:02}h", hours % 24),
        () if hours > 0 => format!("{hours}h {:02}m", minutes % 60),
        () if minutes > 0 => format!("{minutes}m {:02}s", seconds % 60),
        () => format!("{seconds}s"),
    }
}

/// A span of time as a clock shows it, the begun minute left out: `23:59`.
pub fn hours(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countdowns_name_their_two_largest_units() {
        let shown = |millis| countdown(Duration::from_millis(millis));
        assert_eq!(shown(0), "0s");
        assert_eq!(shown(1), "1s");
        assert_eq!(shown(59_001), "1m 00s");
        assert_eq!(shown(3_600_000), "1h 00m");
        assert_eq!(shown((6 * 86_400 + 23 * 3600) * 1000), "6d 23h");
    }
}
