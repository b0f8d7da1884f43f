//! Where everything stands: areas computed from the size of the terminal and nothing else.

use ratatui::layout::{Rect, Size};

/// The smallest screen anything is drawn on.
pub const SMALLEST: Size = Size { width: 40, height: 10 };
/// From this size on the panes stand beside the chat.
const BESIDE: Size = Size { width: 72, height: 18 };
/// The input grows to so many lines.
const INPUT_LINES: u16 = 5;

/// How much there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Too small to say anything but that.
    Tiny,
    /// The chat alone; a pane lies over it when it is asked for.
    Narrow,
    /// The chat, and the panes beside it.
    Wide,
}

/// The areas of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// How much there is room for.
    pub mode: Mode,
    /// The bar at the top.
    pub clock: Rect,
    /// The chat with its frame.
    pub chat: Rect,
    /// The messages.
    pub messages: Rect,
    /// The text being typed, its prompt not counted.
    pub input: Rect,
    /// The panes with their frames; empty in [`Mode::Narrow`].
    pub side: Rect,
    /// The hints at the foot.
    pub hints: Rect,
}

impl Layout {
    /// The areas for a size and so many lines of input.
    pub fn of(size: Size, input_lines: u16) -> Self {
        let room = mode(size);
        let chat_width = chat_width(size);
        let body = Rect::new(0, 1, size.width, size.height.saturating_sub(2));
        let chat = Rect { width: chat_width.min(size.width), ..body };
        let panes = Rect { x: chat.width, width: body.width.saturating_sub(chat.width), ..body };
        // A narrow screen has no frame to spare: one line above the messages, one above the input.
        let (edge, foot) = if room == Mode::Wide { (1, 1) } else { (0, 0) };
        let most = (body.height / 3).clamp(1, INPUT_LINES);
        let lines = input_lines.clamp(1, most);
        let input_y = body.bottom().saturating_sub(foot + lines);
        let messages = Rect {
            x: chat.x + edge,
            y: body.y + edge,
            width: chat.width.saturating_sub(2 * edge),
            height: input_y.saturating_sub(1 + body.y + edge),
        };
        let input = Rect { x: chat.x + edge + 3, y: input_y, width: Self::input_columns(size), height: lines };
        Self {
            mode: room,
            clock: Rect::new(0, 0, size.width, 1.min(size.height)),
            chat,
            messages,
            input,
            side: panes,
            hints: Rect::new(0, size.height.saturating_sub(1), size.width, 1.min(size.height)),
        }
    }

    /// Columns of the text being typed.
    pub fn input_columns(size: Size) -> u16 {
        let edge = if mode(size) == Mode::Wide { 2 } else { 0 };
        chat_width(size).min(size.width).saturating_sub(edge + 4)
    }
}

fn mode(size: Size) -> Mode {
    if size.width < SMALLEST.width || size.height < SMALLEST.height {
        Mode::Tiny
    } else if size.width < BESIDE.width || size.height < BESIDE.height {
        Mode::Narrow
    } else {
        Mode::Wide
    }
}

/// Columns of the chat: a little more than half, all of a narrow screen.
fn chat_width(size: Size) -> u16 {
    match mode(size) {
        Mode::Tiny | Mode::Narrow => size.width,
        Mode::Wide => {
            let panes = (size.width * 12 / 25).min(size.width.saturating_sub(46)).min(84);
            size.width - panes
        }
    }
}

/// Rows for each pane of a column, so many lines of content each would like to have. Every pane gets one if there is room at all, the
/// favoured one all it wants; the rest is dealt out one by one.
pub fn share(rows: u16, wishes: [u16; 5], favoured: Option<usize>) -> [u16; 5] {
    /// Who is dealt to first: decisions, outline, contact, variables, timers.
    const ORDER: [usize; 5] = [2, 3, 0, 1, 4];
    let mut shares = [0_u16; 5];
    let mut left = rows;
    let mut give = |shares: &mut [u16; 5], pane: usize, most: u16| {
        let (Some(share), Some(wish)) = (shares.get_mut(pane), wishes.get(pane)) else { return false };
        let given = wish.saturating_sub(*share).min(most).min(left);
        *share += given;
        left -= given;
        given > 0
    };
    for pane in favoured.into_iter().chain(ORDER) {
        give(&mut shares, pane, 1);
    }
    if let Some(pane) = favoured {
        give(&mut shares, pane, u16::MAX);
    }
    let mut dealt = true;
    while dealt {
        dealt = false;
        for pane in ORDER {
            dealt |= give(&mut shares, pane, 1);
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_favoured_pane_gets_what_it_wants_and_the_others_something() {
        assert_eq!(share(20, [4, 2, 30, 8, 1], None), [4, 2, 7, 6, 1]);
        assert_eq!(share(20, [4, 2, 30, 8, 1], Some(3)), [4, 2, 5, 8, 1]);
        assert_eq!(share(3, [4, 2, 30, 8, 1], Some(4)), [0, 0, 1, 1, 1]);
    }

    proptest! {
        #[test]
        fn every_area_lies_on_the_screen(width in 0_u16..300, height in 0_u16..100, lines in 0_u16..50) {
            let layout = Layout::of(Size::new(width, height), lines);
            prop_assume!(layout.mode != Mode::Tiny);
            let screen = Rect::new(0, 0, width, height);
            for area in [layout.clock, layout.chat, layout.messages, layout.input, layout.side, layout.hints] {
                prop_assert_eq!(area.intersection(screen), area);
            }
            prop_assert!(layout.messages.height > 0 && layout.input.y > layout.messages.bottom());
        }
    }
}
