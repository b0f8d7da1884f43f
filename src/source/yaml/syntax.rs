//! What the parser refuses, said in the words of somebody who writes flows.

use super::{MAX_DEPTH, first_line_end, offset, quote_help};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use serde_yaml::granit_parser::{ErrorKind, ScanError};

/// The finding for a document that nests too deep.
pub(super) fn too_deep(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::error(
        "too-deep",
        file,
        span,
        format!("lists and mappings are nested more than {MAX_DEPTH} levels deep here"),
    )
    .help("flatten the file: `jump_to` and `trigger_workflow` lead elsewhere without nesting")
}

/// The finding for a syntax error: where it is, what it means, how to mend it where that can be told.
///
/// `before` is what was read up to there.
pub(super) fn explain(file: FileId, text: &str, error: &ScanError, before: Before) -> Diagnostic {
    let at = offset(text, *error.marker());
    let line_start = text.get(..at as usize).and_then(|read| read.rfind('\n')).map_or(0, |newline| newline + 1);
    let line_start = u32::try_from(line_start).unwrap_or_default();
    Place { file, text, at, before, line_start }.explain(error)
}

/// What was read before an error.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Before {
    /// The last scalar that was not empty.
    pub(super) scalar: Span,
    /// The last `{…}` or `[…]` that was closed.
    pub(super) braces: Span,
    /// The opening `{` or `[` around the error.
    pub(super) open_brace: Option<u32>,
}

/// Where the parser stopped.
struct Place<'text> {
    file: FileId,
    text: &'text str,
    at: u32,
    before: Before,
    line_start: u32,
}

impl<'text> Place<'text> {
    fn slice(&self, start: u32, end: u32) -> &'text str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The rest of the line from here.
    fn to_line_end(&self, start: u32) -> Span {
        Span::new(start, first_line_end(self.text, start).max(start))
    }

    fn error(&self, id: &'static str, span: Span, message: &str) -> Diagnostic {
        Diagnostic::error(id, self.file, span, message)
    }

    /// The finding that what stands here belongs in quotes.
    fn quotes(&self, span: Span, message: &str) -> Diagnostic {
        self.error("needs-quotes", span, message).help(quote_help(self.slice(span.start, span.end)))
    }

    /// What a text that starts here would hold: the rest of the line, or inside braces up to the end of the entry.
    fn to_value_end(&self, start: u32) -> Span {
        let line = self.to_line_end(start);
        if self.before.open_brace.is_none() {
            return line;
        }
        let mut depth = 0_u32;
        let entry = self.slice(line.start, line.end).find(|next: char| {
            match next {
                '{' | '[' => depth += 1,
                '}' | ']' if depth > 0 => depth -= 1,
                ',' | '}' | ']' if depth == 0 => return true,
                _ => {}
            }
            false
        });
        let kept = entry
            .and_then(|end| self.slice(line.start, line.end).get(..end))
            .map_or(line.end - line.start, |entry| u32::try_from(entry.trim_end().len()).unwrap_or_default());
        // A text that starts with the very comma or bracket still shows something.
        if kept == 0 { line } else { Span::new(start, start + kept) }
    }

    /// The character that stands here.
    fn first(&self, at: u32) -> char {
        self.text.get(at as usize..).and_then(|rest| rest.chars().next()).unwrap_or(' ')
    }

    fn explain(&self, error: &ScanError) -> Diagnostic {
        let here = self.to_value_end(self.at);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => too_deep(self.file, Span::new(self.at, self.at)),
            ErrorKind::UnexpectedCharacter { character } if character.is_control() && *character != '\t' => {
                let code = u32::from(*character);
                let here = Span::new(self.at, self.at + u32::try_from(character.len_utf8()).unwrap_or_default());
                self.error(
                    "control-character",
                    here,
                    &format!("the control character U+{code:04X} stands here, which no file may hold"),
                )
                .help("remove it; most editors can show such characters")
            }
            ErrorKind::UnexpectedCharacter { character } => {
                self.quotes(here, &format!("a text cannot start with `{character}` without quotes"))
            }
            ErrorKind::UnknownAnchor => self.unknown_alias(),
            ErrorKind::MissingAnchorOrAliasName | ErrorKind::InvalidBlockScalarHeader => {
                self.quotes(here, &format!("a text cannot start with `{}` without quotes", self.first(self.at)))
            }
            ErrorKind::ExpectedTagBang
            | ErrorKind::InvalidGlobalTagCharacter
            | ErrorKind::InvalidTagTerminator
            | ErrorKind::MissingTagUri
            | ErrorKind::UnclosedVerbatimTag
            | ErrorKind::InvalidTagEscape
            | ErrorKind::InvalidTagUtf8
            | ErrorKind::InvalidTagUtf8LeadingByte
            | ErrorKind::InvalidTagUtf8TrailingByte
            | ErrorKind::UndeclaredTagHandle => self
                .error("yaml-tag", here, "`!` starts a YAML tag here; tags have no meaning in this format")
                .help(quote_help(self.slice(here.start, here.end))),
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar => self.tab(),
            ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
                let (quote, here) = (self.first(self.at), self.to_line_end(self.at));
                self.error("unclosed-quote", here, &format!("this quote is never closed: {quote}"))
                    .help(format!("write another {quote} where the text ends"))
            }
            ErrorKind::UnclosedFlowCollection { .. } => self.unclosed(self.at),
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
                let right = if *open == '[' { ']' } else { '}' };
                self.error("unclosed-bracket", here, &format!("this `{open}` is closed by `{close}`"))
                    .help(format!("close it with `{right}`"))
            }
            ErrorKind::InvalidTrailingSingleQuotedScalar => self
                .error("quote-in-text", here, "the text goes on behind its closing quote")
                .help("write '' for an apostrophe inside single quotes, or put the whole text in double quotes"),
            ErrorKind::InvalidTrailingDoubleQuotedScalar => self
                .error("quote-in-text", here, "the text goes on behind its closing quote")
                .help("write \\\" for a quote inside double quotes, or put the whole text in single quotes"),
            ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidLowSurrogateHexEscape
            | ErrorKind::InvalidLowSurrogate
            | ErrorKind::MissingLowSurrogate
            | ErrorKind::UnpairedLowSurrogate
            | ErrorKind::InvalidUnicodeEscape => self
                .error(
                    "unknown-escape",
                    here,
                    "in double quotes a backslash starts an escape, and there is none of this name",
                )
                .help("write \\\\ for a backslash, or put the text in single quotes"),
            ErrorKind::MappingValueNotAllowed
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::InvalidColonPlacement => self.colon(),
            ErrorKind::CommentInterceptedScalar => {
                let whole = Span::new(self.before.scalar.start, here.end);
                self.quotes(whole, "` #` starts a comment in the middle of this text")
            }
            ErrorKind::BlockSequenceEntryNotAllowed => self
                .error("yaml-syntax", here, "a list cannot start behind a key on the same line")
                .help(format!("start the list on the next line; if a text is meant, {}", self.hint(here))),
            _ => self.structure(error),
        }
    }

    fn hint(&self, span: Span) -> String {
        quote_help(self.slice(span.start, span.end))
    }

    fn unknown_alias(&self) -> Diagnostic {
        let line = self.to_value_end(self.at);
        let written = self.slice(line.start, line.end);
        let name = written.split([' ', ',', ']', '}', '\t']).next().unwrap_or(written);
        let inner = name.trim_start_matches('*');
        if inner.contains('*')
            || written.get(name.len()..).is_some_and(|rest| rest.trim_start().starts_with(char::is_alphanumeric))
        {
            return self.quotes(line, "a text cannot start with `*` without quotes");
        }
        let span = Span::new(self.at, self.at + u32::try_from(name.len()).unwrap_or_default());
        self.error("unknown-alias", span, &format!("`{name}` refers to nothing: there is no `&{inner}` before it"))
            .help(format!("mark the value it should repeat with `&{inner}`; if a text is meant, {}", self.hint(line)))
    }

    fn tab(&self) -> Diagnostic {
        // The parser stops before or behind the tab, or at the start of a text that runs into it.
        let from = self.line_start as usize;
        let tab = self.text.get(from..).and_then(|rest| rest.find('\t')).and_then(|tab| u32::try_from(from + tab).ok());
        let start = tab.unwrap_or(self.at);
        let tabs =
            self.slice(start, first_line_end(self.text, start).max(start)).chars().take_while(|c| *c == '\t').count();
        let end = start + u32::try_from(tabs).unwrap_or_default();
        self.error("tab-indentation", Span::new(start, end), "there is a tab here; YAML indents with blanks only")
            .help("replace the tab by blanks, two for each level")
    }

    /// A colon where none may be: a text with `: ` in it, or a line that became part of the text above.
    fn colon(&self) -> Diagnostic {
        if let Some(text) = self.text_behind_braces() {
            return text;
        }
        let last = self.before.scalar;
        if self.slice(last.start, last.end).contains('\n') || last.end <= self.line_start {
            return self.swallowed();
        }
        if self.first(self.at) != ':' {
            return self.structure_at("yaml-syntax", "a comma or a closing `}` is missing here");
        }
        let span = self.to_value_end(last.start);
        if matches!(self.first(last.start), '"' | '\'') {
            return self
                .error("yaml-syntax", span, "a text in quotes ends at its closing quote, but something follows")
                .help("put the whole text in one pair of quotes");
        }
        self.quotes(span, "a text that holds `: ` needs quotes: YAML takes the colon as the end of a key")
    }

    /// `{{$city}} …` and `[link] …` begin as collections; the parser stumbles over what follows on the line.
    fn text_behind_braces(&self) -> Option<Diagnostic> {
        let braces = self.before.braces;
        let between = self.text.get(braces.end as usize..self.at as usize)?;
        if braces.end == 0 || !between.chars().all(|c| c == ' ') || matches!(self.first(self.at), '\n' | '\r') {
            return None;
        }
        let message = format!("a text cannot start with `{}` without quotes", self.first(braces.start));
        Some(self.quotes(self.to_value_end(braces.start), &message))
    }

    /// The finding for a bracket that is opened here and never closed.
    fn unclosed(&self, at: u32) -> Diagnostic {
        let (open, line) = (self.first(at), self.to_line_end(at));
        let close = if open == '[' { ']' } else { '}' };
        self.error("unclosed-bracket", line, &format!("this `{open}` is never closed"))
            .help(format!("write `{close}` where it ends; if it is part of a text, {}", self.hint(line)))
    }

    /// A line that YAML read as the continuation of the one above.
    fn swallowed(&self) -> Diagnostic {
        let line = self.to_line_end(self.indented_start());
        if let Some(brace) = self.before.open_brace {
            return self.unclosed(brace).also(self.file, line, "this line is taken as part of it");
        }
        let first = self.to_line_end(self.before.scalar.start);
        let above = self.slice(first.start, first.end);
        let glued = above.split_once(':').filter(|(key, value)| {
            !key.contains(char::is_whitespace) && value.starts_with(|next: char| !next.is_whitespace() && next != '/')
        });
        match glued {
            Some((key, value)) => self
                .error("missing-blank", first, "a blank is missing behind the colon")
                .help(format!("write `{key}: {value}`")),
            None => {
                Diagnostic::error("bad-indentation", self.file, line, "this line has become part of the text above it")
                    .also(self.file, first, "the text starts here")
                    .help("indent the line exactly as the keys beside it, or put the whole text in quotes")
            }
        }
    }

    /// Where the visible part of the line begins.
    fn indented_start(&self) -> u32 {
        let line = self.slice(self.line_start, first_line_end(self.text, self.line_start).max(self.line_start));
        self.line_start + u32::try_from(line.len() - line.trim_start().len()).unwrap_or_default()
    }

    /// Everything else: what stands here does not fit what stands around it.
    fn structure(&self, error: &ScanError) -> Diagnostic {
        if let Some(text) = self.text_behind_braces() {
            return text;
        }
        if self.is_shallow_text() {
            let line = self.to_line_end(self.indented_start());
            return self
                .error("bad-indentation", line, "this text is not indented deeper than the key it belongs to")
                .help("indent every line of the text by two blanks more than its key");
        }
        let first = self.first(self.at);
        if matches!(first, '{' | '[' | ']' | '}' | ',') {
            return self
                .quotes(self.to_value_end(self.at), &format!("a text cannot start with `{first}` without quotes"));
        }
        match error.kind() {
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
                self.structure_at("yaml-syntax", "a key and a colon are expected here, such as `name: …`")
            }
            ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::ExpectedBlockSequenceEntry
            | ErrorKind::InvalidIndentation => {
                if self.slice(self.indented_start(), self.at).trim_start_matches('-').trim().is_empty() {
                    self.structure_at("bad-indentation", "this line is not indented like the ones it belongs to")
                } else {
                    self.structure_at("yaml-syntax", "the value before this has already ended")
                }
            }
            ErrorKind::ExpectedFlowSequenceSeparator => {
                self.structure_at("yaml-syntax", "a comma or a closing `]` is missing here")
            }
            other => self.structure_at("yaml-syntax", &format!("this is not YAML: {other}")),
        }
    }

    /// Whether this line is meant as text of the `|` or `>` above it, but not indented deeper than its key.
    fn is_shallow_text(&self) -> bool {
        let indent = self.slice(self.line_start, self.indented_start()).len();
        for line in self.slice(0, self.line_start).lines().rev().filter(|line| !line.trim().is_empty()) {
            let blanks = line.len() - line.trim_start().len();
            let marker = line.trim_end().trim_end_matches(['-', '+']);
            let header = marker.strip_suffix(['|', '>']).is_some_and(|key| key.trim_end().ends_with(':'));
            if header {
                let dashes = line.trim_start().len() - line.trim_start().trim_start_matches(['-', ' ']).len();
                return blanks + dashes >= indent;
            }
            if blanks != indent {
                return false;
            }
        }
        false
    }

    fn structure_at(&self, id: &'static str, message: &str) -> Diagnostic {
        let indentation = id == "bad-indentation";
        let line = self.to_line_end(if indentation { self.indented_start() } else { self.at });
        let help = if indentation {
            "indent keys of one mapping alike, and start every item of a list with `- ` in the same column"
        } else {
            "check the commas, brackets and colons around it; a text that holds such characters belongs in quotes"
        };
        self.error(id, line, message).help(help)
    }
}
