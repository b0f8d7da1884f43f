//! Themes: what each colour means, and which colour it is. Colour never says anything alone: a glyph, a word or a place says it too.

use ratatui::style::{Color, Modifier, Style};

crate::flow::words::words! {
    /// The themes of `--theme`.
    #[derive(clap::ValueEnum)]
    Theme {
        /// Light text on dark grey.
        Dark = "dark",
        /// Dark text on white.
        Light = "light",
        /// Black, white and yellow.
        HighContrast = "high-contrast",
        /// The terminal's own two colours, with bold, dim and reversed text.
        None = "none",
    }
}

/// Styles by what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Everything that says nothing else.
    pub base: Style,
    /// Secondary text: times, hints, explanations.
    pub muted: Style,
    /// Lines between panes.
    pub border: Style,
    /// Lines of the pane that takes the keys.
    pub border_focused: Style,
    /// Headings, and what is current.
    pub accent: Style,
    /// A message of the workflow.
    pub bot: Style,
    /// A message of the contact.
    pub contact: Style,
    /// A message of an agent, and internal notes.
    pub agent: Style,
    /// An option that can be picked.
    pub option: Style,
    /// The option, menu line or list line that is picked out.
    pub selected: Style,
    /// It went well; it holds.
    pub ok: Style,
    /// Worth a look: a changed value, a warning.
    pub warn: Style,
    /// It failed.
    pub error: Style,
    /// Keys in hints and help.
    pub key: Style,
    /// Whether bubbles are told apart by their ground; else they get a bar.
    pub filled: bool,
}

impl Theme {
    /// The styles of this theme. Without colour (`NO_COLOR`) every theme is [`Theme::None`].
    pub const fn palette(self, color: bool) -> Palette {
        match self {
            Self::Dark if color => coloured(&DARK),
            Self::Light if color => coloured(&LIGHT),
            Self::HighContrast if color => coloured(&HIGH_CONTRAST),
            _ => PLAIN,
        }
    }
}

/// Indices of the terminal's 256 colours, whose upper 240 are the same everywhere.
struct Colours {
    ground: u8,
    text: u8,
    muted: u8,
    border: u8,
    accent: u8,
    bot: (u8, u8),
    contact: (u8, u8),
    agent: (u8, u8),
    option: (u8, u8),
    selected: (u8, u8),
    ok: u8,
    warn: u8,
    error: u8,
}

// Fills and idle lines reach 3:1 against the ground and text 4.5:1 on its own ground, which a test computes.
const DARK: Colours = Colours {
    ground: 233,
    text: 252,
    muted: 246,
    border: 242,
    accent: 116,
    bot: (231, 241),
    contact: (231, 29),
    agent: (231, 94),
    option: (195, 242),
    selected: (233, 116),
    ok: 114,
    warn: 221,
    error: 210,
};

const LIGHT: Colours = Colours {
    ground: 231,
    text: 236,
    muted: 242,
    border: 245,
    accent: 24,
    bot: (231, 60),
    contact: (231, 29),
    agent: (231, 94),
    option: (231, 25),
    selected: (231, 234),
    ok: 28,
    warn: 94,
    error: 124,
};

const HIGH_CONTRAST: Colours = Colours {
    ground: 16,
    text: 231,
    muted: 231,
    border: 231,
    accent: 226,
    bot: (231, 16),
    contact: (16, 231),
    agent: (16, 123),
    option: (226, 16),
    selected: (16, 226),
    ok: 120,
    warn: 226,
    error: 217,
};

const fn on(ground: u8, text: u8) -> Style {
    Style::new().fg(Color::Indexed(text)).bg(Color::Indexed(ground))
}

const fn coloured(colours: &Colours) -> Palette {
    let ground = colours.ground;
    Palette {
        base: on(ground, colours.text),
        muted: on(ground, colours.muted),
        border: on(ground, colours.border),
        border_focused: on(ground, colours.accent),
        accent: on(ground, colours.accent).add_modifier(Modifier::BOLD),
        bot: on(colours.bot.1, colours.bot.0),
        contact: on(colours.contact.1, colours.contact.0),
        agent: on(colours.agent.1, colours.agent.0),
        option: on(colours.option.1, colours.option.0),
        selected: on(colours.selected.1, colours.selected.0).add_modifier(Modifier::BOLD),
        ok: on(ground, colours.ok),
        warn: on(ground, colours.warn),
        error: on(ground, colours.error),
        key: on(ground, colours.text).add_modifier(Modifier::BOLD),
        // White on black has no second ground for the workflow's bubbles.
        filled: colours.bot.1 != ground,
    }
}

/// No colour at all.
const PLAIN: Palette = Palette {
    base: Style::new(),
    muted: Style::new().add_modifier(Modifier::DIM),
    border: Style::new().add_modifier(Modifier::DIM),
    border_focused: Style::new().add_modifier(Modifier::BOLD),
    accent: Style::new().add_modifier(Modifier::BOLD),
    bot: Style::new(),
    contact: Style::new(),
    agent: Style::new(),
    option: Style::new().add_modifier(Modifier::BOLD),
    selected: Style::new().add_modifier(Modifier::REVERSED),
    ok: Style::new(),
    warn: Style::new().add_modifier(Modifier::BOLD),
    error: Style::new().add_modifier(Modifier::BOLD),
    key: Style::new().add_modifier(Modifier::BOLD),
    filled: false,
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Red, green and blue of an indexed colour.
    fn channels(index: u8) -> [u8; 3] {
        const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
        match index {
            16..=231 => [36, 6, 1].map(|unit| STEPS[usize::from((index - 16) / unit % 6)]),
            _ => [8 + (index - 232) * 10; 3],
        }
    }

    /// The contrast of two colours as WCAG 2 computes it.
    fn contrast(one: u8, other: u8) -> f64 {
        let luminance = |index| {
            let parts = channels(index).map(|part| {
                let part = f64::from(part) / 255.0;
                if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            });
            parts[0] * 0.2126 + parts[1] * 0.7152 + parts[2] * 0.0722 + 0.05
        };
        let (one, other) = (luminance(one), luminance(other));
        one.max(other) / one.min(other)
    }

    #[test]
    fn fills_and_idle_lines_stand_out_from_the_ground_and_text_from_its_fill() {
        assert!((contrast(16, 231) - 21.0).abs() < 0.01, "black on white is 21:1");
        for (theme, colours) in [("dark", &DARK), ("light", &LIGHT), ("high-contrast", &HIGH_CONTRAST)] {
            let mut shapes = vec![("border", colours.border), ("focused border", colours.accent)];
            let fills = [
                ("bot", colours.bot),
                ("contact", colours.contact),
                ("agent", colours.agent),
                ("option", colours.option),
                ("selected", colours.selected),
            ];
            for (name, (text, fill)) in fills {
                assert!(contrast(text, fill) >= 4.5, "{theme} {name}: text at {:.2}", contrast(text, fill));
                // What is not filled has a bar or brackets in the colour of its text.
                shapes.push((name, if fill == colours.ground { text } else { fill }));
            }
            for (name, shape) in shapes {
                let reached = contrast(shape, colours.ground);
                assert!(reached >= 3.0, "{theme} {name}: {reached:.2}");
            }
            for text in [colours.text, colours.muted, colours.accent, colours.ok, colours.warn, colours.error] {
                assert!(contrast(text, colours.ground) >= 4.5, "{theme} text {text}");
            }
        }
    }

    #[test]
    fn no_color_takes_every_colour_from_every_theme() {
        for theme in Theme::ALL {
            assert_eq!(theme.palette(false), PLAIN, "{theme}");
        }
        assert_ne!(Theme::Dark.palette(true), PLAIN);
        assert_eq!(Theme::None.palette(true), PLAIN);
    }
}
