//! Glyphs: every shape the screen draws besides text of flows and contacts, with plain ASCII in place of each under `--ascii`.

/// One set of shapes. Each is one column wide unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names say what each stands for.
pub struct Glyphs {
    pub top_left: &'static str,
    pub top_right: &'static str,
    pub bottom_left: &'static str,
    pub bottom_right: &'static str,
    pub horizontal: &'static str,
    pub vertical: &'static str,
    pub tee_left: &'static str,
    pub tee_right: &'static str,
    /// Before what is being typed.
    pub prompt: &'static str,
    /// The step that waits; a menu's chosen line.
    pub current: &'static str,
    pub visited: &'static str,
    pub not_visited: &'static str,
    /// A value that just changed.
    pub changed: &'static str,
    pub delivered: &'static str,
    pub failed: &'static str,
    /// A message no step waited for.
    pub unheard: &'static str,
    /// A step that ran before the run was started over.
    pub earlier: &'static str,
    /// Down the levels of a tree.
    pub guide: &'static str,
    pub star: &'static str,
    pub no_star: &'static str,
    /// Time that was skipped; as wide as it is.
    pub jump: &'static str,
    pub running: &'static str,
    pub paused: &'static str,
    /// Before a speed.
    pub times: &'static str,
    pub ellipsis: &'static str,
    /// In place of a value that is not there.
    pub none: &'static str,
    /// Between two things of a line.
    pub dot: &'static str,
    pub arrow: &'static str,
    /// What came back.
    pub back: &'static str,
    /// Before a comment of the team.
    pub comment: &'static str,
    /// Before what an AI does.
    pub ai: &'static str,
    pub down: &'static str,
    pub opened: &'static str,
    pub closed: &'static str,
    /// Beside a bubble that has no colour to fill it.
    pub bar: &'static str,
}

impl Glyphs {
    /// For terminals with a font of today.
    pub const UNICODE: Self = Self {
        top_left: "╭",
        top_right: "╮",
        bottom_left: "╰",
        bottom_right: "╯",
        horizontal: "─",
        vertical: "│",
        tee_left: "├",
        tee_right: "┤",
        prompt: "›",
        current: "▸",
        visited: "✓",
        not_visited: "·",
        changed: "●",
        delivered: "✓",
        failed: "✗",
        unheard: "○",
        earlier: "◦",
        guide: "┆",
        star: "★",
        no_star: "☆",
        jump: "⏩",
        running: "▶",
        paused: "‖",
        times: "×",
        ellipsis: "…",
        none: "–",
        dot: "·",
        arrow: "→",
        back: "←",
        comment: "✎",
        ai: "✦",
        down: "↓",
        opened: "▾",
        closed: "▸",
        bar: "▎",
    };

    /// For every terminal (`--ascii`).
    pub const ASCII: Self = Self {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        horizontal: "-",
        vertical: "|",
        tee_left: "+",
        tee_right: "+",
        prompt: ">",
        current: ">",
        visited: "v",
        not_visited: ".",
        changed: "*",
        delivered: "v",
        failed: "x",
        unheard: "o",
        earlier: ",",
        guide: ":",
        star: "*",
        no_star: ".",
        jump: ">>",
        running: ">",
        paused: "=",
        times: "x",
        ellipsis: "~",
        none: "-",
        dot: "-",
        arrow: "->",
        back: "<-",
        comment: "#",
        ai: "*",
        down: "v",
        opened: "-",
        closed: "+",
        bar: "|",
    };

    /// The set to draw with.
    pub const fn of(ascii: bool) -> &'static Self {
        if ascii { &Self::ASCII } else { &Self::UNICODE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_never_share_a_sign() {
        for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
            let signs = [glyphs.visited, glyphs.failed, glyphs.unheard, glyphs.earlier, glyphs.not_visited];
            for (index, sign) in signs.iter().enumerate() {
                assert!(!signs[..index].contains(sign), "{sign} says two things");
            }
            assert_eq!(glyphs.visited, glyphs.delivered);
        }
        assert_eq!(Glyphs::ASCII.failed, "x", "a cross is what went wrong");
    }
}
