//! A small YAML tree and how it is laid out: blocks, with short things in one line.

use super::scalar::{self, Place};

/// Columns a line should not pass.
const WIDTH: usize = 100;
/// Columns that something short may take however deep it stands: far inside, narrow blocks read worse than long lines.
const LEAST: usize = 40;

/// A value that is to be written.
#[derive(Debug, Clone)]
pub(super) enum Yaml {
    /// Stands as it is: a number, `true`, `null`, a word of the format.
    Word(String),
    /// A text, in quotes where it needs them.
    Text(String),
    /// A text that takes quotes in any case.
    Quoted(String),
    /// A list.
    List(Layout, Vec<Yaml>),
    /// A mapping.
    Map(Layout, Vec<(String, Yaml)>),
}

/// How a list or mapping that is not empty may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// On lines of its own.
    Block,
    /// In brackets on one line when it fits there.
    Fit,
}

impl Yaml {
    pub(super) fn word(word: &(impl ToString + ?Sized)) -> Self {
        Self::Word(word.to_string())
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts, in one line when it fits.
    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(Layout::Fit, texts.into_iter().map(Self::text).collect())
    }

    /// The value as a whole file.
    pub(super) fn document(&self) -> String {
        let mut page = Page::default();
        page.value(self, 0, false);
        page.out
    }

    /// The value as a whole file, with an empty line around each entry of several lines.
    pub(super) fn spaced_document(&self) -> String {
        let Self::Map(_, entries) = self else { return self.document() };
        let mut page = Page::default();
        let mut before_long = false;
        for (place, (key, value)) in entries.iter().enumerate() {
            let start = page.out.len();
            page.entry(key, value, 0);
            let long = page.out.get(start..).is_some_and(|written| written.lines().nth(1).is_some());
            // A text that ends with empty lines has brought its own, and one more would be part of it.
            let has_one = page.out.get(..start).is_some_and(|before| before.ends_with("\n\n"));
            if place > 0 && (long || before_long) && !has_one {
                page.out.insert(start, '\n');
            }
            before_long = long;
        }
        page.out
    }
}

/// The entries of a mapping under construction.
#[derive(Debug, Default)]
pub(super) struct Entries(Vec<(String, Yaml)>);

impl Entries {
    /// Adds an entry.
    pub(super) fn put(&mut self, key: impl Into<String>, value: Yaml) -> &mut Self {
        self.0.push((key.into(), value));
        self
    }

    /// Adds an entry when there is a value.
    pub(super) fn put_some(&mut self, key: &str, value: Option<Yaml>) -> &mut Self {
        if let Some(value) = value {
            self.put(key, value);
        }
        self
    }

    /// Adds a text when there is one.
    pub(super) fn put_text(&mut self, key: &str, text: Option<&str>) -> &mut Self {
        self.put_some(key, text.map(Yaml::text))
    }

    /// Adds a list of texts unless it is empty.
    pub(super) fn put_texts<T: Into<String>>(&mut self, key: &str, texts: impl IntoIterator<Item = T>) -> &mut Self {
        let mut texts = texts.into_iter().peekable();
        if texts.peek().is_some() {
            self.put(key, Yaml::texts(texts));
        }
        self
    }

    /// Adds all entries of another mapping.
    pub(super) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mapping, on lines of its own.
    pub(super) fn block(self) -> Yaml {
        Yaml::Map(Layout::Block, self.0)
    }

    /// The mapping, in one line when it fits.
    pub(super) fn fit(self) -> Yaml {
        Yaml::Map(Layout::Fit, self.0)
    }
}

/// What has been written.
#[derive(Debug, Default)]
struct Page {
    out: String,
    /// Whether the line has been begun by the dash of a list item.
    begun: bool,
}

impl Page {
    /// Writes a value behind a key, behind a dash, or as the whole document.
    fn value(&mut self, value: &Yaml, indent: usize, behind_key: bool) {
        let blank = if behind_key { " " } else { "" };
        if let Some(header) = block_header(value) {
            self.begun = false;
            self.out.push_str(blank);
            self.block_text(value, header, indent);
            return;
        }
        let column = self.column() + blank.len();
        if let Some(line) = in_line(value, WIDTH.saturating_sub(column).max(LEAST)) {
            self.begun = false;
            self.out.push_str(blank);
            self.out.push_str(&line);
            self.out.push('\n');
            return;
        }
        if behind_key {
            self.out.push('\n');
        }
        match value {
            Yaml::List(_, items) => {
                for item in items {
                    self.begin(indent);
                    self.out.push_str("- ");
                    self.begun = true;
                    self.value(item, indent + 2, false);
                }
            }
            Yaml::Map(_, entries) => {
                for (key, value) in entries {
                    self.entry(key, value, indent);
                }
            }
            Yaml::Word(_) | Yaml::Text(_) | Yaml::Quoted(_) => {}
        }
    }

    /// Writes an entry of a mapping on lines of its own.
    fn entry(&mut self, key: &str, value: &Yaml, indent: usize) {
        self.begin(indent);
        self.key(key, indent);
        self.value(value, indent + 2, true);
    }

    /// Begins a line, unless a dash has begun it.
    fn begin(&mut self, indent: usize) {
        if !std::mem::take(&mut self.begun) {
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        let written = scalar::line(key, Place::Block);
        if is_long_key(&written) {
            self.out.push_str("? ");
            self.out.push_str(&written);
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.out.push(':');
            return;
        }
        self.out.push_str(&written);
        self.out.push(':');
    }

    fn block_text(&mut self, value: &Yaml, header: &str, indent: usize) {
        let Yaml::Text(text) = value else { return };
        self.out.push_str(header);
        self.out.push('\n');
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if !line.is_empty() {
                self.out.extend(std::iter::repeat_n(' ', indent));
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    /// Columns of the line so far.
    fn column(&self) -> usize {
        self.out.rsplit('\n').next().unwrap_or_default().chars().count()
    }
}

fn block_header(value: &Yaml) -> Option<&'static str> {
    match value {
        Yaml::Text(text) => scalar::block_header(text),
        _ => None,
    }
}

/// YAML lets a key in front of `:` take 1,024 characters; a longer one is written with `?`.
fn is_long_key(written: &str) -> bool {
    written.chars().count() > 1_000
}

/// The value on one line, when it may stand there. A text that is no block always may, however long.
fn in_line(value: &Yaml, width: usize) -> Option<String> {
    if let Yaml::Text(text) = value {
        return Some(scalar::line(text, Place::Block));
    }
    let limit = if matches!(value, Yaml::List(..) | Yaml::Map(..)) { width } else { usize::MAX };
    let mut line = String::new();
    flow(value, limit, &mut line).then_some(line)
}

/// Adds a value in the notation of one line; `false` when it may not stand there or passes the limit.
fn flow(value: &Yaml, limit: usize, line: &mut String) -> bool {
    match value {
        Yaml::Word(word) => line.push_str(word),
        Yaml::Text(text) => line.push_str(&scalar::line(text, Place::Flow)),
        Yaml::Quoted(text) => line.push_str(&scalar::quoted(text)),
        Yaml::List(_, items) if items.is_empty() => line.push_str("[]"),
        Yaml::Map(_, entries) if entries.is_empty() => line.push_str("{}"),
        Yaml::List(Layout::Block, _) | Yaml::Map(Layout::Block, _) => return false,
        Yaml::List(Layout::Fit, items) => {
            for (place, item) in items.iter().enumerate() {
                line.push_str(if place == 0 { "[" } else { ", " });
                if block_header(item).is_some() || !flow(item, limit, line) {
                    return false;
                }
            }
            line.push(']');
        }
        Yaml::Map(Layout::Fit, entries) => {
            for (place, (key, value)) in entries.iter().enumerate() {
                line.push_str(if place == 0 { "{ " } else { ", " });
                line.push_str(&scalar::line(key, Place::Flow));
                line.push_str(": ");
                if block_header(value).is_some() || !flow(value, limit, line) {
                    return false;
                }
            }
            line.push_str(" }");
        }
    }
    line.chars().count() <= limit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(key: &str, texts: &[&str]) -> Yaml {
        let mut entries = Entries::default();
        entries.put_texts(key, texts.iter().copied());
        entries.block()
    }

    #[test]
    fn a_list_stands_on_one_line_up_to_the_hundredth_column() {
        let (long, longer) = ("x".repeat(93), "x".repeat(94));
        assert_eq!(list("key", &[&long]).document(), format!("key: [{long}]\n"));
        assert_eq!(list("key", &[&longer]).document(), format!("key:\n  - {longer}\n"));
        assert_eq!(list("key", &["a\nb"]).document(), "key:\n  - |-\n    a\n    b\n");
    }

    #[test]
    fn far_inside_short_things_still_stand_on_one_line() {
        let mut tree = list("key", &["short", "enough"]);
        for _ in 0..60 {
            let mut entries = Entries::default();
            entries.put("a", tree);
            tree = entries.block();
        }
        assert!(tree.document().ends_with(" key: [short, enough]\n"));
    }

    #[test]
    fn lists_in_lists_and_keys_of_any_length_are_laid_out() {
        let text = |text: &str| Yaml::text(text);
        let inner = Yaml::List(Layout::Block, vec![text("a"), Yaml::Map(Layout::Block, vec![("b".into(), text("c"))])]);
        let long = "k".repeat(1_001);
        let mut entries = Entries::default();
        entries.put("lists", Yaml::List(Layout::Block, vec![inner, Yaml::List(Layout::Fit, Vec::new())]));
        entries.put(long.clone(), text("short"));
        assert_eq!(entries.block().document(), format!("lists:\n  - - a\n    - b: c\n  - []\n? {long}\n: short\n"));
    }

    #[test]
    fn an_empty_line_never_becomes_part_of_a_text() {
        let mut entries = Entries::default();
        entries
            .put("a", Yaml::word(&1))
            .put("b", Yaml::text("x\ny\n\n"))
            .put("c", Yaml::text("x\ny"))
            .put("d", Yaml::word(&2));
        assert_eq!(entries.block().spaced_document(), "a: 1\n\nb: |+\n  x\n  y\n\nc: |-\n  x\n  y\n\nd: 2\n");
    }
}
