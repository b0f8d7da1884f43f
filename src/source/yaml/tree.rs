//! Builds the tree from the parser's events and notices what authors trip over on the way.

use super::syntax::{Before, too_deep};
use super::{MAX_DEPTH, MAX_FINDINGS, Parsed, quote_help};
use crate::diagnostic::{Diagnostic, Label};
use crate::source::{FileId, Node, NodeKind, Scalar, Span};
use serde_yaml::granit_parser::{Event, ScalarStyle, StructureStyle};
use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// Nodes that aliases and anchors may copy in one file, and the bytes of text in them (our choice: far above any flow, far below harm).
const MAX_COPIED_NODES: usize = 100_000;
const MAX_COPIED_BYTES: usize = 16 << 20;

/// An event either goes on or ends the reading with a finding.
type Step = Result<(), Box<Diagnostic>>;

/// How much a value holds: what a copy of it costs.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    height: usize,
    nodes: usize,
    bytes: usize,
}

impl Size {
    /// The size of a list or mapping grows with every value put in.
    fn add(&mut self, inner: Self) {
        self.height = self.height.max(inner.height + 1);
        self.nodes += inner.nodes;
        self.bytes += inner.bytes;
    }
}

/// A list or mapping whose end has not come yet.
#[derive(Debug)]
struct Open {
    content: Content,
    span: Span,
    flow: bool,
    anchor: usize,
    size: Size,
}

#[derive(Debug)]
enum Content {
    Seq(Vec<Node>),
    Map {
        pairs: Vec<(Node, Node)>,
        key: Option<Node>,
        /// Entries of `{…}` without a colon, by their place in `pairs`.
        bare: Vec<usize>,
    },
}

/// What an anchor marks, to be copied by aliases.
#[derive(Debug)]
struct Anchored {
    node: Node,
    size: Size,
}

/// An anchor in front of a text: if nothing refers to it, it was probably meant as text.
#[derive(Debug)]
struct Suspect {
    token: Span,
    text: Span,
}

/// The tree under construction.
#[derive(Debug)]
pub(super) struct Builder<'text> {
    file: FileId,
    text: &'text str,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Anchored>,
    /// By anchor, which is the order of the file.
    suspects: BTreeMap<usize, Suspect>,
    copied: Size,
    /// The scalar of the event before this one, if it was one, and whether it stood as a value without quotes.
    last: Option<(Span, bool)>,
    before: Before,
    diagnostics: Vec<Diagnostic>,
}

impl<'text> Builder<'text> {
    pub(super) fn new(file: FileId, text: &'text str) -> Self {
        Self {
            file,
            text,
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            suspects: BTreeMap::new(),
            copied: Size::default(),
            last: None,
            before: Before::default(),
            diagnostics: Vec::new(),
        }
    }

    /// What was read so far: what the parser complains about often starts there.
    pub(super) fn before(&self) -> Before {
        Before { open_brace: self.open.last().filter(|open| open.flow).map(|open| open.span.start), ..self.before }
    }

    /// Keeps a finding, unless there are too many already.
    pub(super) fn report(&mut self, finding: Diagnostic) {
        if self.diagnostics.len() < MAX_FINDINGS {
            self.diagnostics.push(finding);
        }
    }

    /// Ends with a finding after which there is no tree. It also tells what was found before about its own bytes.
    pub(super) fn abandon(mut self, fatal: Diagnostic) -> Parsed {
        if let Some(Label { span: whole, .. }) = fatal.labels.first() {
            self.diagnostics.retain(|finding| {
                finding.labels.first().is_none_or(|label| label.span.start < whole.start || label.span.end > whole.end)
            });
        }
        self.diagnostics.push(fatal);
        Parsed { root: None, diagnostics: self.diagnostics }
    }

    /// Ends well.
    pub(super) fn finish(mut self) -> Parsed {
        for suspect in std::mem::take(&mut self.suspects).into_values() {
            let whole = suspect.token.to(suspect.text);
            let name = self.slice(suspect.token).to_owned();
            let help = format!("{}, or remove `{name}`", quote_help(self.slice(whole)));
            self.report(
                Diagnostic::warning(
                    "needs-quotes",
                    self.file,
                    whole,
                    format!("`{name}` is not part of the text: YAML reads it as an anchor"),
                )
                .help(help),
            );
        }
        if self.root.is_none() && self.diagnostics.is_empty() {
            let empty = Diagnostic::error("empty-file", self.file, Span::default(), "the file is empty")
                .help("write at least what its kind requires; a flow needs `version`, `name` and `steps`");
            self.report(empty);
        }
        self.diagnostics.sort_by_key(|finding| finding.labels.first().map(|label| label.span.start));
        Parsed { root: self.root, diagnostics: self.diagnostics }
    }

    /// Takes the next event with its span and the span of its tag.
    pub(super) fn event(&mut self, event: Event<'_>, span: Span, tag: Option<Span>) -> Step {
        if event.tag().is_some() {
            self.refuse_tag(tag.unwrap_or(span), span);
        }
        let last = self.last.take();
        match event {
            Event::Scalar(value, style, anchor, _) => self.scalar(value, style, anchor, span),
            Event::SequenceStart(style, anchor, _) => return self.start(Content::Seq(Vec::new()), style, anchor, span),
            Event::MappingStart(style, anchor, _) => {
                let content = Content::Map { pairs: Vec::new(), key: None, bare: Vec::new() };
                return self.start(content, style, anchor, span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => return self.alias(anchor, span),
            Event::Anchor(anchor, _) => {
                // The anchor of a text is told after the text, and the text stands behind it on the same line.
                if let Some((text, true)) = last
                    && !self.slice(span.to(text)).contains('\n')
                {
                    self.suspects.insert(anchor, Suspect { token: span, text });
                }
                self.last = last;
            }
            Event::Comment(comment, _) => {
                if let Some((value, true)) = last {
                    self.doubt_comment(value, span, &comment);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn slice(&self, span: Span) -> &'text str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Whether the next node is a mapping's key.
    fn at_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    fn scalar(&mut self, value: Cow<'_, str>, style: ScalarStyle, anchor: usize, mut span: Span) {
        let plain = style == ScalarStyle::Plain;
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if block {
            // The parser counts the empty lines behind a block to it.
            let kept = self.slice(span).trim_end().len();
            span.end = span.start + u32::try_from(kept).unwrap_or_default();
        }
        let key = self.at_key();
        let empty = plain && span.start == span.end;
        if empty && !key && self.text.as_bytes().get(span.start as usize) == Some(&b':') {
            // A missing value stands behind its colon, not in front of it.
            span = Span::new(span.start + 1, span.start + 1);
        }
        self.last = Some((span, plain && !key));
        if !empty {
            self.before.scalar = span;
        }
        let nothing = plain && (value.is_empty() || value == "~" || value == "null");
        let bytes = value.len();
        let kind = if nothing { NodeKind::Null } else { NodeKind::Scalar(Scalar { text: value.into_owned(), plain }) };
        if empty && !key {
            self.note_bare_entry();
        }
        self.put(Node::new(span, kind), Size { height: 0, nodes: 1, bytes }, anchor);
    }

    /// An entry of `{…}` that has no colon is often the tail of a text with a comma in it.
    fn note_bare_entry(&mut self) {
        let text = self.text;
        if let Some(Open { content: Content::Map { pairs, key: Some(key), bare }, flow: true, .. }) =
            self.open.last_mut()
        {
            let behind = text.get(key.span.end as usize..).unwrap_or_default().trim_start();
            if !behind.starts_with(':') {
                bare.push(pairs.len());
            }
        }
    }

    fn start(&mut self, content: Content, style: StructureStyle, anchor: usize, span: Span) -> Step {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(self.file, span)));
        }
        let size = Size { height: 1, nodes: 1, bytes: 0 };
        self.open.push(Open { content, span, flow: style == StructureStyle::Flow, anchor, size });
        Ok(())
    }

    fn end(&mut self, span: Span) {
        let Some(Open { content, span: start, flow, anchor, size }) = self.open.pop() else { return };
        // The end of a block collection is wherever the next token stands; its own last byte is that of its last value.
        let whole = |last: Option<Span>| {
            let end = if span.end > span.start { span.end } else { last.map_or(start.end, |last| last.end) };
            Span::new(start.start, end.max(start.end))
        };
        let node = match content {
            Content::Seq(items) => Node::new(whole(items.last().map(|item| item.span)), NodeKind::Seq(items)),
            Content::Map { pairs, bare, .. } => {
                let span = whole(pairs.last().map(|(key, value)| key.span.to(value.span)));
                self.mapping(pairs, &bare, flow, span)
            }
        };
        if flow {
            self.before.braces = node.span;
        }
        self.put(node, size, anchor);
    }

    /// Puts a finished value where it belongs.
    fn put(&mut self, node: Node, size: Size, anchor: usize) {
        if anchor != 0 {
            // Anchors inside anchors are copied once per level, so these copies count as well. Over the budget nothing is kept:
            // the first alias then says so.
            self.copied.nodes += size.nodes;
            self.copied.bytes += size.bytes;
            if self.within_budget() {
                self.anchors.insert(anchor, Anchored { node: node.clone(), size });
            }
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(open) => {
                open.size.add(size);
                match &mut open.content {
                    Content::Seq(items) => items.push(node),
                    Content::Map { pairs, key, .. } => match key.take() {
                        None => *key = Some(node),
                        Some(key) => pairs.push((key, node)),
                    },
                }
            }
        }
    }

    fn within_budget(&self) -> bool {
        self.copied.nodes <= MAX_COPIED_NODES && self.copied.bytes <= MAX_COPIED_BYTES
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Step {
        self.suspects.remove(&anchor);
        let name = self.slice(span);
        if self.open.iter().any(|open| open.anchor == anchor) {
            let message = format!("`{name}` stands inside the very value it refers to");
            return Err(Box::new(
                Diagnostic::error("recursive-alias", self.file, span, message)
                    .help("write the inner value out, or use `jump_to` to repeat steps"),
            ));
        }
        if let Some(Anchored { size, .. }) = self.anchors.get(&anchor) {
            if self.open.len() + size.height > MAX_DEPTH {
                return Err(Box::new(too_deep(self.file, span)));
            }
            self.copied.nodes += size.nodes;
            self.copied.bytes += size.bytes;
        }
        match self.anchors.get(&anchor) {
            Some(Anchored { node, size }) if self.within_budget() => {
                let (node, size) = (node.clone(), *size);
                self.put(node, size, 0);
                Ok(())
            }
            _ => Err(Box::new(
                Diagnostic::error(
                    "alias-bomb",
                    self.file,
                    span,
                    "the aliases of this file add up to more than a flow can ever need",
                )
                .here(format!("with `{name}` it is too much"))
                .help("write the values out instead of referring to them with `*name`"),
            )),
        }
    }

    fn refuse_tag(&mut self, tag: Span, value: Span) {
        let name = self.slice(tag).to_owned();
        let written = self.slice(tag.to(value));
        let help = if written.contains('\n') || name.starts_with("!!") {
            format!("remove `{name}`")
        } else {
            format!("remove `{name}`, or {}", quote_help(written))
        };
        self.report(
            Diagnostic::error("yaml-tag", self.file, tag, format!("`{name}` is a YAML tag; tags have no meaning here"))
                .help(help),
        );
    }

    /// Warns where ` #` seems to have cut a text rather than to start a comment.
    ///
    /// Comments stand two or more blanks behind their value by custom. One blank is suspicious when no blank follows the `#`
    /// (`Ticket #12`) or when several words stand before it (`Or press # to talk`); numbers are never texts that were cut.
    fn doubt_comment(&mut self, value: Span, comment: Span, words: &str) {
        let text = self.slice(value);
        let single = self.slice(Span::new(value.end, comment.start)) == " ";
        let glued = words.starts_with(|next: char| !next.is_whitespace() && next != '#');
        let sentence = text.split_whitespace().count() > 1;
        let doubtful = if text.is_empty() { glued } else { text.contains(char::is_alphabetic) && (glued || sentence) };
        if !single || !doubtful {
            return;
        }
        let whole = value.to(comment);
        let help = format!("{}; if a comment is meant, put two blanks before `#`", quote_help(self.slice(whole)));
        let message = if text.is_empty() {
            "nothing is left of this text: YAML takes ` #` as the start of a comment"
        } else {
            "this text ends before ` #`: YAML takes the rest as a comment"
        };
        self.report(
            Diagnostic::warning("cut-by-comment", self.file, comment, message).here("not part of the text").help(help),
        );
    }

    /// A finished mapping: its keys are texts, each once, and none of its entries is the tail of a text.
    fn mapping(&mut self, pairs: Vec<(Node, Node)>, bare: &[usize], flow: bool, span: Span) -> Node {
        let braces = flow && self.slice(span).starts_with("{{");
        if braces && bare == [0] && matches!(pairs.as_slice(), [(key, _)] if matches!(key.kind, NodeKind::Map(_))) {
            // `{{$city}}`: two mappings to YAML, a text to everybody else.
            let text = self.slice(span);
            self.report(
                Diagnostic::error("needs-quotes", self.file, span, "a text cannot start with `{` without quotes")
                    .help(quote_help(text)),
            );
            return Node::new(span, NodeKind::Scalar(Scalar { text: text.to_owned(), plain: true }));
        }
        let mut kept: Vec<(Node, Node)> = Vec::with_capacity(pairs.len());
        let mut split: Vec<usize> = Vec::new();
        for (place, (key, value)) in pairs.into_iter().enumerate() {
            if bare.binary_search(&place).is_ok() && rejoin(&mut kept, &key) {
                if split.last() != Some(&(kept.len() - 1)) {
                    split.push(kept.len() - 1);
                }
                continue;
            }
            match &key.kind {
                NodeKind::Scalar(Scalar { text, plain: true }) if text == "<<" => self.report(
                    Diagnostic::error("merge-key", self.file, key.span, "merge keys (`<<`) are not part of the format")
                        .help("write the entries out, or refer to one whole value with `*name`"),
                ),
                NodeKind::Scalar(_) => kept.push((key, value)),
                NodeKind::Null => self.report(
                    Diagnostic::error(
                        "no-key",
                        self.file,
                        key.span.to(value.span),
                        "there is a value here but no key before it",
                    )
                    .help("write a key before the colon, or put the text in quotes"),
                ),
                NodeKind::Seq(_) | NodeKind::Map(_) => {
                    let help = quote_help(self.slice(key.span));
                    let message = "a key must be a text, not a list or a mapping";
                    self.report(Diagnostic::error("needs-quotes", self.file, key.span, message).help(help));
                }
            }
        }
        for place in split {
            let Some((_, Node { span, kind: NodeKind::Scalar(value) })) = kept.get_mut(place) else { continue };
            let written = self.slice(*span);
            written.clone_into(&mut value.text);
            let message = "the comma ends this text: inside `{…}` it starts the next entry";
            let finding = Diagnostic::error("needs-quotes", self.file, *span, message);
            self.report(finding.help(quote_help(written)));
        }
        self.refuse_repeated(&mut kept);
        Node::new(span, NodeKind::Map(kept))
    }

    fn refuse_repeated(&mut self, pairs: &mut Vec<(Node, Node)>) {
        let mut seen: HashMap<String, Span> = HashMap::with_capacity(pairs.len());
        let mut repeated = Vec::new();
        pairs.retain(|(key, _)| {
            let NodeKind::Scalar(Scalar { text, .. }) = &key.kind else { return true };
            match seen.entry(text.clone()) {
                Entry::Vacant(free) => {
                    free.insert(key.span);
                    true
                }
                Entry::Occupied(first) => {
                    repeated.push((text.clone(), key.span, *first.get()));
                    false
                }
            }
        });
        for (name, again, first) in repeated {
            self.report(
                Diagnostic::error(
                    "repeated-key",
                    self.file,
                    again,
                    format!("`{name}` stands twice in the same mapping"),
                )
                .here("again here")
                .also(self.file, first, "first here")
                .help("keep one of the two; for several values, write a list"),
            );
        }
    }
}

/// Joins an entry without a colon to the text before it, as `{ text: Hello, world }` means it. An entry that looks like a word of the
/// format (`{ id: x, open_conversation }`) is left alone.
fn rejoin(before: &mut [(Node, Node)], entry: &Node) -> bool {
    let Some((_, Node { span, kind: NodeKind::Scalar(value) })) = before.last_mut() else { return false };
    let NodeKind::Scalar(Scalar { text: tail, plain: true }) = &entry.kind else { return false };
    let word = tail.contains('_') && tail.chars().all(|c| c == '_' || c.is_ascii_lowercase());
    if !value.plain || word || span.end > entry.span.start {
        return false;
    }
    *span = span.to(entry.span);
    true
}
