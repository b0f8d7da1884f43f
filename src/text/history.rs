//! The lines sent before, as the up and down keys of an input recall them.

use std::collections::VecDeque;

/// Lines kept; older ones are forgotten (our choice).
pub const MAX_HISTORY: usize = 500;

/// Sent lines, oldest first, and the draft that was being written when looking back began.
///
/// Changes made to a recalled line are not kept: leaving it and coming back shows it as it was sent.
#[derive(Debug, Clone, Default)]
pub struct History {
    lines: VecDeque<String>,
    draft: String,
    /// The line now recalled; none while the draft is shown.
    recalled: Option<usize>,
}

impl History {
    /// An empty history.
    pub fn new() -> Self {
        Self::default()
    }

    /// Remembers a line that was sent and ends looking back. An empty line, or the same as the last one, is not kept again.
    pub fn push(&mut self, line: impl Into<String>) {
        let line = line.into();
        self.recalled = None;
        self.draft.clear();
        if line.is_empty() || self.lines.back() == Some(&line) {
            return;
        }
        if self.lines.len() == MAX_HISTORY {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    /// One line back, or none if there is nothing older. `current_draft` is kept when looking back begins, for [`History::next`].
    pub fn previous(&mut self, current_draft: &str) -> Option<&str> {
        let older = self.recalled.unwrap_or(self.lines.len()).checked_sub(1)?;
        if self.recalled.is_none() {
            current_draft.clone_into(&mut self.draft);
        }
        self.recalled = Some(older);
        self.lines.get(older).map(String::as_str)
    }

    /// One line forward, after the last one the draft; none if the draft is already shown.
    #[expect(clippy::should_implement_trait, reason = "a place to move about in, not an iterator")]
    pub fn next(&mut self) -> Option<&str> {
        let newer = self.recalled? + 1;
        self.recalled = (newer < self.lines.len()).then_some(newer);
        self.lines.get(newer).map(String::as_str).or(Some(&self.draft))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> History {
        let mut history = History::new();
        for line in lines {
            history.push(*line);
        }
        history
    }

    #[test]
    fn looks_back_and_returns_to_the_draft() {
        let mut history = of(&["one", "two"]);
        assert_eq!(history.next(), None);
        assert_eq!(history.previous("dra"), Some("two"));
        assert_eq!(history.previous("two, edited"), Some("one"));
        assert_eq!(history.previous("one"), None);
        assert_eq!(history.next(), Some("two"));
        assert_eq!(history.next(), Some("dra"));
        assert_eq!(history.next(), None);
        assert_eq!(history.previous("another"), Some("two"));
        assert_eq!(history.next(), Some("another"));
    }

    #[test]
    fn an_empty_history_has_nothing_to_recall() {
        let mut history = History::new();
        assert_eq!(history.previous("draft"), None);
        assert_eq!(history.next(), None);
    }

    #[test]
    fn repeats_and_empty_lines_are_kept_once() {
        let mut history = of(&["a", "a", "", "b", "a"]);
        assert_eq!(history.previous(""), Some("a"));
        assert_eq!(history.previous(""), Some("b"));
        assert_eq!(history.previous(""), Some("a"));
        assert_eq!(history.previous(""), None);
    }

    #[test]
    fn sending_ends_looking_back() {
        let mut history = of(&["one", "two"]);
        history.previous("draft");
        history.previous("draft");
        history.push("two");
        assert_eq!(history.next(), None);
        assert_eq!(history.previous(""), Some("two"));
    }

    #[test]
    fn only_the_newest_lines_are_kept() {
        let mut history = History::new();
        for number in 0..=MAX_HISTORY {
            history.push(number.to_string());
        }
        let mut oldest = None;
        while let Some(line) = history.previous("") {
            oldest = Some(line.to_owned());
        }
        assert_eq!(oldest.as_deref(), Some("1"));
    }
}
