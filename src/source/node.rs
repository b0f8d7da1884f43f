//! The spanned YAML tree: what the rest of the house sees of YAML.
//!
//! [`super::parse`] builds it; only the `yaml` folder knows the crates behind.

use super::Span;
use std::ops::Range;

/// One value of a YAML document with the bytes it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The bytes of the value: a quoted text with its quotes, a collection from its first to its last byte.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a [`Node`] is. YAML's own ideas of types stop here: every scalar that is not nothing is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// An empty value, `~` or unquoted `null`.
    Null,
    /// Any other scalar, as the author wrote it.
    Scalar(Scalar),
    /// A sequence.
    Seq(Vec<Node>),
    /// A mapping in file order. Keys are nodes too, so that a finding can point at them.
    Map(Vec<(Node, Node)>),
}

/// A scalar's text, and whether it stood without quotes (plain texts are where YAML's traps are).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text: for plain scalars the source text itself (`No`, `007`, `1.0`), for the others what the quotes or the block hold.
    pub text: String,
    /// No quotes and no block indicator.
    pub plain: bool,
}

impl Node {
    /// A node from its parts.
    pub const fn new(span: Span, kind: NodeKind) -> Self {
        Self { span, kind }
    }

    /// The bytes of the file that a byte range of this scalar's text came from.
    ///
    /// `source` is the whole text of the file. Exact where the text stands in the source as it is (plain or quoted, without escapes
    /// or folded lines), the whole value otherwise: escapes and folding leave no simple way back.
    pub fn span_of(&self, source: &str, part: Range<usize>) -> Span {
        let NodeKind::Scalar(Scalar { text, .. }) = &self.kind else { return self.span };
        let written = source.get(self.span.range()).unwrap_or_default();
        let quote = usize::from(written.len() == text.len() + 2);
        if text.get(part.clone()).is_none() || written.get(quote..written.len() - quote) != Some(text.as_str()) {
            return self.span;
        }
        let at = |offset: usize| u32::try_from(quote + offset).map_or(self.span.end, |offset| self.span.start + offset);
        Span::new(at(part.start), at(part.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(span: Span, text: &str) -> Node {
        Node::new(span, NodeKind::Scalar(Scalar { text: text.into(), plain: false }))
    }

    #[test]
    fn a_part_of_a_text_is_found_again_in_the_source() {
        let source = "a: \"hi $x\"";
        let node = scalar(Span::new(3, 10), "hi $x");
        assert_eq!(source.get(node.span_of(source, 3..5).range()), Some("$x"));
        let plain = scalar(Span::new(4, 9), "hi $x");
        assert_eq!(source.get(plain.span_of(source, 3..5).range()), Some("$x"));
    }

    #[test]
    fn a_part_behind_an_escape_falls_back_to_the_whole_value() {
        let source = "\"\\t$x\"";
        let node = scalar(Span::new(0, 6), "\t$x");
        assert_eq!(node.span_of(source, 1..3), node.span);
        assert_eq!(node.span_of(source, 2..9), node.span);
    }
}
