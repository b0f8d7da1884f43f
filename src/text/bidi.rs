//! Right-to-left text: which way a line runs, and the order in which its characters are seen.
//!
//! A terminal gets its cells in the order they are written, so Arabic and Hebrew must be reordered before drawing, unless the terminal
//! does it itself; [`BidiMode`] says which. The levels come from the Unicode bidirectional algorithm (UAX #9). What is reordered by them
//! are graphemes, so that vowel marks stay on their letter, and brackets are mirrored. Most terminals draw Arabic letters alone, so they
//! are joined here too ([`shape`](super::shape)); a terminal that reorders joins them itself.

use std::{borrow::Cow, fmt, str::FromStr};

use unicode_bidi::{BidiClass, BidiInfo, Level, ParagraphBidiInfo, bidi_class};
use unicode_bidi_mirroring::get_mirrored;
use unicode_segmentation::UnicodeSegmentation;

use super::shape::shaped;
use super::{grapheme_width, width};

/// Who puts right-to-left text in the order it is seen (`--bidi`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BidiMode {
    /// We reorder and join letters: right for terminals that draw cells as they come, which are most.
    #[default]
    App,
    /// The terminal reorders each row and joins letters; we only align right-to-left lines to the right.
    Terminal,
    /// Nobody does: everything is drawn in logical order from the left.
    Off,
}

impl BidiMode {
    /// Every mode, in the order help lists them.
    pub const ALL: [Self; 3] = [Self::App, Self::Terminal, Self::Off];

    /// The word for it on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Terminal => "terminal",
            Self::Off => "off",
        }
    }

    /// The side from which `text` is to be aligned in this mode: its own [`direction`], or always the left in [`BidiMode::Off`].
    pub fn direction(self, text: &str) -> Direction {
        if self == Self::Off { Direction::LeftToRight } else { direction(text) }
    }

    /// `line` as this mode draws it: [`visual`] order in [`BidiMode::App`], else as it stands.
    pub fn line(self, line: &str, base: Direction) -> VisualLine<'_> {
        if self == Self::App { visual(line, base) } else { VisualLine::as_it_stands(without_isolates(line)) }
    }
}

impl fmt::Display for BidiMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for BidiMode {
    type Err = UnknownBidiMode;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word).ok_or_else(|| UnknownBidiMode(word.to_owned()))
    }
}

/// A word that names no [`BidiMode`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a way to show right-to-left text; use `app`, `terminal` or `off`")]
pub struct UnknownBidiMode(
    /// The word as it was given.
    pub String,
);

/// The way a line runs, and so the side it is aligned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// As English does.
    #[default]
    LeftToRight,
    /// As Arabic and Hebrew do.
    RightToLeft,
}

/// The direction of the first strong character of `text`; left to right if it has none (digits, emoji and punctuation are not strong).
pub fn direction(text: &str) -> Direction {
    match unicode_bidi::get_base_direction_full(text) {
        unicode_bidi::Direction::Rtl => Direction::RightToLeft,
        unicode_bidi::Direction::Ltr | unicode_bidi::Direction::Mixed => Direction::LeftToRight,
    }
}

/// One line in the order it is seen, from the left edge, with the way back to its logical order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisualLine<'a> {
    /// What to draw, from left to right. Borrowed if the order did not change.
    pub text: Cow<'a, str>,
    order: Order,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Order {
    /// Seen as it is read, from the left.
    Logical,
    /// By grapheme, in logical order; a last one stands for the end of the line. Never empty, and the first is at byte 0.
    Reordered(Vec<Place>),
}

/// Where the cursor stands before one grapheme, or at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// First byte of the grapheme in the logical line.
    byte: usize,
    /// The edge of its cell on which it starts: the left one, or the right one if it reads right to left.
    column: usize,
}

impl<'a> VisualLine<'a> {
    const fn as_it_stands(line: Cow<'a, str>) -> Self {
        Self { text: line, order: Order::Logical }
    }

    /// The columns it takes when drawn; joined letters may take fewer than the line did.
    pub fn width(&self) -> usize {
        width(&self.text)
    }

    /// The column, from 0 to the width of the line, at which a bar cursor stands before the character at byte `logical_byte` of the line
    /// that was given to [`visual`].
    ///
    /// That is the left edge of the character's cell, or its right edge if it reads right to left, which is where a letter typed there
    /// will push in. After the last character it is the end to which the line runs: 0 in a right-to-left line. A byte inside a grapheme
    /// counts as that grapheme, one beyond the text as its end.
    pub fn column_of(&self, logical_byte: usize) -> usize {
        match &self.order {
            Order::Logical if logical_byte >= self.text.len() => width(&self.text),
            Order::Logical => self
                .text
                .grapheme_indices(true)
                .take_while(|(start, grapheme)| start + grapheme.len() <= logical_byte)
                .map(|(_, grapheme)| grapheme_width(grapheme))
                .sum(),
            Order::Reordered(places) => {
                let following = places.partition_point(|place| place.byte <= logical_byte);
                following.checked_sub(1).and_then(|index| places.get(index)).map_or(0, |place| place.column)
            }
        }
    }
}

/// Puts one line (no `\n`, already [`visible`](super::visible)) in the order it is seen when it runs in direction `base`.
///
/// Numbers inside right-to-left text keep their own order. Arabic letters take the forms in which they join, so that a line may be
/// narrower than [`width`] says: lam and alef are one sign. Text without any right-to-left character is returned at once.
pub fn visual(line: &str, base: Direction) -> VisualLine<'_> {
    arrange(line, base, true)
}

fn arrange(line: &str, base: Direction, joins: bool) -> VisualLine<'_> {
    if line.is_empty() || (base == Direction::LeftToRight && !has_right_to_left(line)) {
        return VisualLine::as_it_stands(without_isolates(line));
    }
    let level = match base {
        Direction::LeftToRight => Level::ltr(),
        Direction::RightToLeft => Level::rtl(),
    };
    let byte_levels = ParagraphBidiInfo::new(line, Some(level)).reordered_levels(0..line.len());
    let graphemes: Vec<(usize, &str)> = line.grapheme_indices(true).collect();
    // A grapheme moves as one, at the level of its first character.
    let levels: Vec<Level> = graphemes.iter().map(|&(byte, _)| byte_levels[byte]).collect();

    let joined = if joins { shaped(&graphemes) } else { None };

    let mut text = String::with_capacity(line.len());
    let mut places: Vec<Place> = graphemes.iter().map(|&(byte, _)| Place { byte, column: 0 }).collect();
    let mut column = 0;
    for index in BidiInfo::reorder_visual(&levels) {
        let drawn = joined.as_ref().and_then(|joined| joined.get(index));
        let grapheme = drawn.map_or(graphemes[index].1, |drawn| drawn);
        if is_isolate(grapheme) {
            places[index].column = column;
            continue;
        }
        let columns = grapheme_width(grapheme);
        places[index].column = column;
        if levels[index].is_rtl() {
            places[index].column += columns;
            push_mirrored(&mut text, grapheme);
        } else {
            text.push_str(grapheme);
        }
        column += columns;
    }
    places.push(Place { byte: line.len(), column: if level.is_rtl() { 0 } else { column } });
    VisualLine { text: Cow::Owned(text), order: Order::Reordered(places) }
}

/// Appends a grapheme that reads right to left: an opening bracket there looks like a closing one.
fn push_mirrored(text: &mut String, grapheme: &str) {
    let mut chars = grapheme.chars();
    text.extend(chars.next().map(|first| get_mirrored(first).unwrap_or(first)));
    text.push_str(chars.as_str());
}

/// Opens a part of a line that is read by itself, in its own direction.
const OPEN: char = '\u{2068}';
/// Closes it.
const CLOSE: char = '\u{2069}';

/// A text of somebody else inside a line of ours, read by itself: without this a right-to-left answer in an English sentence would be
/// torn apart. The marks are obeyed by [`BidiMode::line`], which never draws them; [`visible`](super::visible) drops those of others.
pub fn isolated(text: &str) -> String {
    format!("{OPEN}{text}{CLOSE}")
}

fn is_isolate(grapheme: &str) -> bool {
    matches!(grapheme, "\u{2068}" | "\u{2069}")
}

fn without_isolates(line: &str) -> Cow<'_, str> {
    if line.contains([OPEN, CLOSE]) { Cow::Owned(line.replace([OPEN, CLOSE], "")) } else { Cow::Borrowed(line) }
}

/// Whether any character of `text` could make a part of a left-to-right line run the other way.
fn has_right_to_left(text: &str) -> bool {
    use BidiClass::{AL, AN, R, RLE, RLI, RLO};
    // The first right-to-left script, Hebrew, starts at U+0590.
    text.chars().any(|c| c >= '\u{590}' && matches!(bidi_class(c), R | AL | AN | RLE | RLI | RLO))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Direction::{LeftToRight, RightToLeft};

    /// A line in its own direction, as seen from the left.
    fn seen(line: &str) -> String {
        arrange(line, direction(line), false).text.into_owned()
    }

    /// The cursor's column before every grapheme of the line and after the last.
    fn columns(line: &str, base: Direction) -> Vec<usize> {
        let visual = arrange(line, base, false);
        line.grapheme_indices(true)
            .map(|(byte, _)| byte)
            .chain([line.len()])
            .map(|byte| visual.column_of(byte))
            .collect()
    }

    #[test]
    fn modes_are_named_as_on_the_command_line() {
        for mode in BidiMode::ALL {
            assert_eq!(mode.as_str().parse(), Ok(mode));
        }
        assert_eq!(
            "App".parse::<BidiMode>().map_err(|error| error.to_string()),
            Err("`App` is not a way to show right-to-left text; use `app`, `terminal` or `off`".to_owned())
        );
    }

    #[test]
    fn only_app_mode_reorders_and_off_never_aligns_right() {
        let line = "سلام";
        assert_eq!(BidiMode::App.line(line, RightToLeft).text, "\u{FEE1}\u{FEFC}\u{FEB3}");
        assert_eq!(BidiMode::Terminal.line(line, RightToLeft).text, line);
        assert_eq!(BidiMode::Off.line(line, LeftToRight).column_of(line.len()), 4);
        assert_eq!(BidiMode::Terminal.direction(line), RightToLeft);
        assert_eq!(BidiMode::Off.direction(line), LeftToRight);
    }

    #[test]
    fn the_first_strong_character_decides_the_direction() {
        for text in ["", "12:30!", "👍", "Order 12 تم", "1. ok"] {
            assert_eq!(direction(text), LeftToRight, "{text:?}");
        }
        for text in ["سلام", "12 سلام", "👍 שלום ok", "(أ) خيار 1", "1\n\nسلام"] {
            assert_eq!(direction(text), RightToLeft, "{text:?}");
        }
    }

    #[test]
    fn brackets_are_mirrored_and_numbers_keep_their_order() {
        assert_eq!(seen("(أ) خيار 1"), "1 رايخ (أ)");
        assert_eq!(seen("رقم 123"), "123 مقر");
        assert_eq!(seen("رقم ١٢٣"), "١٢٣ مقر");
    }

    #[test]
    fn greeting_is_reversed_by_grapheme() {
        assert_eq!(seen("السلام عليكم"), "مكيلع مالسلا");
        assert_eq!(width(&seen("السلام عليكم")), 12);
        assert_eq!(seen("שלום!"), "!םולש");
    }

    #[test]
    fn vowel_marks_stay_on_their_letter() {
        assert_eq!(seen("سَلَام"), "مالَسَ");
        assert_eq!(seen("שָׁלוֹם"), "םוֹלשָׁ");
    }

    #[test]
    fn mixed_lines_keep_each_script_in_its_own_order() {
        assert_eq!(seen("Order 12 تم"), "Order 12 مت");
        assert_eq!(seen("تم Order 12"), "Order 12 مت");
        assert_eq!(seen("Say (سلام) now"), "Say (مالس) now");
        assert_eq!(visual("Hello!", RightToLeft).text, "!Hello");
    }

    #[test]
    fn an_isolated_part_is_read_by_itself_and_its_marks_are_never_drawn() {
        let answer = "אבג 3 b";
        let alone = visual(answer, RightToLeft).text.into_owned();
        let line = format!("no: {} here", isolated(answer));
        assert_eq!(visual(&line, LeftToRight).text, format!("no: {alone} here"));
        for mode in BidiMode::ALL {
            assert!(!mode.line(&line, LeftToRight).text.contains([OPEN, CLOSE]), "{mode}");
            assert_eq!(mode.line(&isolated("plain"), LeftToRight).text, "plain");
        }
    }

    #[test]
    fn emoji_stay_whole() {
        assert_eq!(seen("مرحبا 👨‍👩‍👧👍🏽"), "👍🏽👨‍👩‍👧 ابحرم");
        assert_eq!(columns("اب 👍", RightToLeft), [5, 4, 3, 2, 0]);
    }

    #[test]
    fn plain_lines_are_not_copied() {
        for line in ["", "hello", "日本語 é 👍"] {
            assert!(matches!(visual(line, LeftToRight).text, Cow::Borrowed(_)), "{line:?}");
        }
    }

    #[test]
    fn the_cursor_runs_left_in_right_to_left_text() {
        assert_eq!(columns("سلام", RightToLeft), [4, 3, 2, 1, 0]);
        assert_eq!(columns("سَلا", RightToLeft), [3, 2, 1, 0]);
        assert_eq!(columns("", RightToLeft), [0]);
        assert_eq!(columns("日ab", LeftToRight), [0, 2, 3, 4]);
    }

    #[test]
    fn the_cursor_follows_every_part_of_a_mixed_line() {
        // Seen as "12 با": the digits read rightwards, the letters leftwards.
        assert_eq!(columns("اب 12", RightToLeft), [5, 4, 3, 0, 1, 0]);
        // Seen as "ok با!".
        assert_eq!(columns("ok اب!", LeftToRight), [0, 1, 2, 5, 4, 5, 6]);
    }

    #[test]
    fn a_byte_inside_a_grapheme_counts_as_that_grapheme() {
        assert_eq!(visual("e\u{301}x", LeftToRight).column_of(2), 0);
        assert_eq!(arrange("سَل", RightToLeft, false).column_of(3), 2);
        assert_eq!(arrange("سَل", RightToLeft, false).column_of(99), 0);
        assert_eq!(visual("a س", LeftToRight).column_of(99), 3);
    }

    #[test]
    fn letters_are_joined_and_the_cursor_follows() {
        // Lam and alef are one sign of one column.
        let line = visual("سلام", RightToLeft);
        assert_eq!(line.width(), 3);
        let columns: Vec<usize> = [0, 2, 4, 6, 8].map(|byte| line.column_of(byte)).into();
        assert_eq!(columns, [3, 2, 1, 1, 0]);
        assert_eq!(visual("Say (نعم) 12", LeftToRight).text, "Say (\u{FEE2}\u{FECC}\u{FEE7}) 12");
        assert_eq!(visual("سَلْم", RightToLeft).text, "\u{FEE2}\u{FEE0}\u{652}\u{FEB3}\u{64e}");
        assert_eq!(visual("שלום", RightToLeft).text, "םולש");
    }

    /// A grapheme as it may look after reordering: brackets can be mirrored.
    fn unmirrored(grapheme: &str) -> String {
        grapheme.replace(')', "(")
    }

    proptest! {
        #[test]
        fn order_is_that_of_the_standard_runs(line in "[a-z0-9اأبتثسلم١٢٣אבג .!?()👍日]{1,30}", right_to_left: bool) {
            let (base, level) = if right_to_left { (RightToLeft, Level::rtl()) } else { (LeftToRight, Level::ltr()) };
            let info = ParagraphBidiInfo::new(&line, Some(level));
            let (levels, runs) = info.visual_runs(0..line.len());
            let mut expected = String::new();
            for run in runs {
                if levels[run.start].is_rtl() {
                    expected.extend(line[run].chars().rev().map(|c| get_mirrored(c).unwrap_or(c)));
                } else {
                    expected.push_str(&line[run]);
                }
            }
            prop_assert_eq!(arrange(&line, base, false).text, expected);
        }

        #[test]
        fn the_cursor_touches_the_cell_of_its_character(
            line in "[a-z0-9اأبتثسلم١٢٣אבג\u{64e}\u{651} .!?()👍日]{0,30}",
            right_to_left: bool,
        ) {
            // A mark that opens the line has no letter to stay on.
            let line = line.trim_start_matches(['\u{64e}', '\u{651}']);
            let visual = arrange(line, if right_to_left { RightToLeft } else { LeftToRight }, false);
            let mut edge = 0;
            let mut cells = Vec::new();
            for grapheme in visual.text.graphemes(true) {
                let left = edge;
                edge += grapheme_width(grapheme);
                cells.push((left, edge, grapheme));
            }
            prop_assert_eq!(edge, width(line));
            prop_assert_eq!(cells.len(), line.graphemes(true).count());
            for (byte, grapheme) in line.grapheme_indices(true) {
                let column = visual.column_of(byte);
                prop_assert!(
                    cells.iter().any(|&(left, right, drawn)| {
                        unmirrored(drawn) == unmirrored(grapheme) && (left == column || right == column)
                    }),
                    "{grapheme:?} at {column} in {cells:?}"
                );
            }
        }

        #[test]
        fn joined_lines_are_never_wider_and_hold_the_cursor(line in "[ء-يپچژکگی\u{64b}-\u{652}\u{200c}\u{200d}a-z0-9 ().]{0,40}") {
            for base in [LeftToRight, RightToLeft] {
                let joined = visual(&line, base);
                let ligatures = arrange(&line, base, false).width() - joined.width();
                prop_assert!(ligatures <= line.matches('ل').count());
                for byte in 0..=line.len() {
                    prop_assert!(joined.column_of(byte) <= joined.width());
                }
            }
        }

        #[test]
        fn any_text_is_survived(line in "(?s).{0,30}", byte in 0_usize..200) {
            for base in [LeftToRight, RightToLeft] {
                prop_assert!(visual(&line, base).column_of(byte) <= width(&line));
            }
        }
    }
}
