//! The spanned JSON tree: strict JSON in, values with the bytes they came from out.
//!
//! `serde_json` judges the text (strict, at most 128 levels deep), `jsonc-parser` then tells where everything stands.

use std::collections::HashMap;

use jsonc_parser::ast::Value as Ast;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::{Map, Number, Value};

use super::remark::MAX_FINDINGS;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// One value of a JSON document with the bytes it came from.
#[derive(Debug, Clone)]
pub(super) struct Json {
    pub(super) span: Span,
    pub(super) kind: JsonKind,
}

#[derive(Debug, Clone)]
pub(super) enum JsonKind {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Map(Vec<Member>),
}

/// A key of an object with its value.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) value: Json,
}

impl Json {
    /// The plain value, as other code passes it on.
    pub(super) fn plain(&self) -> Value {
        match &self.kind {
            JsonKind::Null => Value::Null,
            JsonKind::Bool(value) => Value::Bool(*value),
            JsonKind::Number(number) => Value::Number(number.clone()),
            JsonKind::Text(text) => Value::String(text.clone()),
            JsonKind::List(items) => items.iter().map(Self::plain).collect(),
            JsonKind::Map(members) => Value::Object(
                members.iter().map(|member| (member.key.clone(), member.value.plain())).collect::<Map<_, _>>(),
            ),
        }
    }

    /// What kind of value it is, as people say it.
    pub(super) const fn described(&self) -> &'static str {
        match self.kind {
            JsonKind::Null => "null",
            JsonKind::Bool(_) => "true or false",
            JsonKind::Number(_) => "a number",
            JsonKind::Text(_) => "a text",
            JsonKind::List(_) => "an array",
            JsonKind::Map(_) => "an object",
        }
    }
}

/// A value with the way that led to it: `$.workflow[3].data`.
#[derive(Debug, Clone)]
pub(super) struct At<'j> {
    pub(super) json: &'j Json,
    pub(super) path: String,
}

impl<'j> At<'j> {
    /// The whole document.
    pub(super) fn root(json: &'j Json) -> Self {
        Self { json, path: "$".to_owned() }
    }

    /// The value of a key; `None` when the key is missing or this is no object.
    pub(super) fn get(&self, key: &str) -> Option<At<'j>> {
        let JsonKind::Map(members) = &self.json.kind else { return None };
        let member = members.iter().find(|member| member.key == key)?;
        Some(At { json: &member.value, path: step_into(&self.path, key) })
    }

    /// The value of a key that is there and not null.
    pub(super) fn some(&self, key: &str) -> Option<At<'j>> {
        self.get(key).filter(|at| !at.is_null())
    }

    /// The items of an array; nothing else has any.
    pub(super) fn items(&self) -> Vec<At<'j>> {
        let JsonKind::List(items) = &self.json.kind else { return Vec::new() };
        items.iter().enumerate().map(|(index, json)| At { json, path: format!("{}[{index}]", self.path) }).collect()
    }

    /// The members of an object; nothing else has any.
    pub(super) fn members(&self) -> &'j [Member] {
        match &self.json.kind {
            JsonKind::Map(members) => members,
            _ => &[],
        }
    }

    pub(super) const fn is_null(&self) -> bool {
        matches!(self.json.kind, JsonKind::Null)
    }

    pub(super) fn as_text(&self) -> Option<&'j str> {
        match &self.json.kind {
            JsonKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text, a number or a boolean as the text it would be.
    pub(super) fn as_scalar(&self) -> Option<String> {
        match &self.json.kind {
            JsonKind::Text(text) => Some(text.clone()),
            JsonKind::Number(number) => Some(number.to_string()),
            JsonKind::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    pub(super) const fn as_bool(&self) -> Option<bool> {
        match self.json.kind {
            JsonKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        match &self.json.kind {
            JsonKind::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    pub(super) const fn span(&self) -> Span {
        self.json.span
    }
}

/// A path one key further: `.key`, or `['key']` where a dot would not do.
fn step_into(path: &str, key: &str) -> String {
    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        format!("{path}.{key}")
    } else {
        format!("{path}['{}']", key.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}

/// Parses a text. Every mistake is a finding; without a tree there is at least one.
pub(super) fn parse(file: FileId, text: &str) -> (Option<Json>, Vec<Diagnostic>) {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = text.get(bom..).unwrap_or_default();
    if let Err(finding) = judge(file, body, bom) {
        return (None, vec![*finding]);
    }
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let mut tree = Tree { file, offset: bom, findings: Vec::new() };
    let root = match parse_to_ast(body, &CollectOptions::default(), &strict) {
        Ok(parsed) => parsed.value.map(|value| tree.build(&value, "$")),
        Err(error) => {
            let span = tree.span(error.range());
            tree.findings.push(Diagnostic::error("bad-json", file, span, format!("this is no JSON: {}", error.kind())));
            None
        }
    };
    (root, tree.findings)
}

/// Lets strict JSON through, and says of everything else where it breaks.
fn judge(file: FileId, body: &str, bom: usize) -> Result<(), Box<Diagnostic>> {
    let Err(first) = serde_json::from_str::<Value>(body) else { return Ok(()) };
    // Read once more for the path: only a broken file pays for it.
    let mut reader = serde_json::Deserializer::from_str(body);
    let path = match serde_path_to_error::deserialize::<_, Value>(&mut reader) {
        // `?` stands for a place between two keys, `.` for the document itself.
        Err(error) => format!("$.{}", error.path().to_string().trim_end_matches('?')).trim_end_matches('.').to_owned(),
        Ok(_) => "$".to_owned(),
    };
    let line_start: usize = body.split_inclusive('\n').take(first.line().saturating_sub(1)).map(str::len).sum();
    // serde_json counts columns in bytes, from 1.
    let mut at = (line_start + first.column().saturating_sub(1)).min(body.len());
    while !body.is_char_boundary(at) {
        at -= 1;
    }
    let at = u32::try_from(at + bom).unwrap_or(u32::MAX);
    let reason = first.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    let (id, message) = if reason.contains("recursion limit") {
        ("nested-too-deep", "this JSON is nested more than 128 levels deep, far more than a workflow can be".to_owned())
    } else {
        ("bad-json", format!("this is no JSON, near {path}: {reason}"))
    };
    let help = "export the workflow again; a file that was edited by hand often lacks a comma or a quote";
    Err(Box::new(Diagnostic::error(id, file, Span::new(at, at), message).help(help)))
}

/// Builds the tree, offset by the byte order mark.
struct Tree {
    file: FileId,
    offset: usize,
    findings: Vec<Diagnostic>,
}

impl Tree {
    fn span(&self, range: jsonc_parser::common::Range) -> Span {
        let place = |at: usize| u32::try_from(at + self.offset).unwrap_or(u32::MAX);
        Span::new(place(range.start), place(range.end))
    }

    fn build(&mut self, value: &Ast<'_>, path: &str) -> Json {
        let span = self.span(value.range());
        let kind = match value {
            Ast::NullKeyword(_) => JsonKind::Null,
            Ast::BooleanLit(literal) => JsonKind::Bool(literal.value),
            Ast::StringLit(literal) => JsonKind::Text(literal.value.to_string()),
            // Read by serde_json before, so it reads it again.
            Ast::NumberLit(literal) => literal.value.parse::<Number>().map_or(JsonKind::Null, JsonKind::Number),
            Ast::Array(array) => {
                let build = |(index, item)| self.build(item, &format!("{path}[{index}]"));
                JsonKind::List(array.elements.iter().enumerate().map(build).collect())
            }
            Ast::Object(object) => {
                let mut members: Vec<Member> = Vec::with_capacity(object.properties.len());
                let mut seen: HashMap<&str, Span> = HashMap::new();
                for property in &object.properties {
                    let key = property.name.clone().into_string();
                    let key_span = self.span(property.name.range());
                    let below = step_into(path, &key);
                    if let Some(first) = seen.insert(property.name.as_str(), key_span) {
                        let message = format!("the key {below} stands here a second time");
                        let finding = Diagnostic::error("repeated-key", self.file, key_span, message)
                            .also(self.file, first, "the first one")
                            .help("take one of the two out");
                        if self.findings.len() < MAX_FINDINGS {
                            self.findings.push(finding);
                        }
                    }
                    members.push(Member { key, value: self.build(&property.value, &below) });
                }
                JsonKind::Map(members)
            }
        };
        Json { span, kind }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn findings(text: &str) -> Vec<(&'static str, String)> {
        parse(FileId(0), text).1.into_iter().map(|finding| (finding.id, finding.message)).collect()
    }

    #[test]
    fn values_know_where_they_stand_behind_a_byte_order_mark() {
        let text = "\u{feff}{\"اسم\": [1, \"two\\n\"]}";
        let (root, findings) = parse(FileId(0), text);
        assert!(findings.is_empty(), "{findings:?}");
        let root = root.unwrap();
        let two = At::root(&root).get("اسم").unwrap().items()[1].clone();
        assert_eq!(text.get(two.span().range()), Some("\"two\\n\""));
        assert_eq!((two.path.as_str(), two.as_text()), ("$['اسم'][1]", Some("two\n")));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_path() {
        let found = findings("{\"workflow\": [{\"id\": 1}, {\"id\": }]}");
        assert_eq!(found[0].0, "bad-json");
        assert!(found[0].1.contains("$.workflow[1].id"), "{found:?}");
        for text in ["", "{'a': 1}", "[1,]", "{\"a\" 1}", "// x\n{}", "[0x10]", "NaN", "\"\\ud800\"", "{} {}"] {
            assert_eq!(findings(text).first().map(|found| found.0), Some("bad-json"), "{text}");
        }
    }

    #[test]
    fn a_bomb_is_refused_and_a_repeated_key_is_told() {
        let bomb = "[".repeat(200_000);
        assert_eq!(findings(&bomb)[0].0, "nested-too-deep");
        assert_eq!(findings(&"{\"a\":".repeat(200_000))[0].0, "nested-too-deep");
        assert_eq!(findings(r#"{"a": 1, "a": 2}"#)[0].0, "repeated-key");
    }

    #[test]
    fn thousands_of_repeated_keys_are_a_thousand_findings_with_short_excerpts() {
        let text = format!("{{{}}}", vec![r#""k":1"#; 80_000].join(","));
        let (_, findings) = parse(FileId(0), &text);
        assert_eq!(findings.len(), 1_000);
        let mut sources = crate::source::Sources::default();
        sources.add(crate::source::SourceFile::new("a.json", text));
        let shown = crate::diagnostic::human::render(&findings, &sources, false);
        assert!(shown.len() < 2 << 20, "{}", shown.len());
    }

    proptest! {
        #[test]
        fn the_tree_says_what_serde_says(text in r#"[\[\]{}",:0-9a\\.e\- \n]{0,24}"#) {
            let (root, findings) = parse(FileId(0), &text);
            match serde_json::from_str::<Value>(&text) {
                Ok(value) => prop_assert_eq!(root.unwrap().plain(), value),
                Err(_) => prop_assert!(root.is_none() && !findings.is_empty()),
            }
        }
    }
}
