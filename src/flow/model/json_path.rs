//! Paths into JSON (RFC 9535), walked step by step so that no path and no answer can exhaust memory.
//!
//! The crate that reads them has no bounds: `$..*..*..*` makes gigabytes of a short text. So a path is cut into its selectors, each of
//! which only ever looks at one node and its children, and every node that is looked at is counted.

use serde_json::Value as Json;

/// Nodes a path may look at.
const VISITS: usize = 100_000;
/// Nodes a path may find.
const FINDS: usize = 1_000;

/// A path into JSON, as written and as parsed.
#[derive(Debug, Clone)]
pub struct JsonPath {
    source: String,
    segments: Vec<Segment>,
}

impl PartialEq for JsonPath {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for JsonPath {}

/// Why a text is no path that can be walked.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// It is none.
    #[error(transparent)]
    Syntax(#[from] serde_json_path::ParseError),
    /// It asks for more than anybody can look at.
    #[error("{0}")]
    TooCostly(&'static str),
}

/// A path looked at more nodes, or found more of them, than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch;

#[derive(Debug, Clone)]
struct Segment {
    /// `..`: at every depth.
    deep: bool,
    selectors: Vec<Selector>,
}

#[derive(Debug, Clone)]
struct Selector {
    /// The selector on its own, from the node it looks at.
    path: serde_json_path::JsonPath,
    filter: Option<Filter>,
}

/// What a filter costs.
#[derive(Debug, Clone)]
struct Filter {
    written: String,
    /// Paths in it.
    queries: usize,
    /// Whether one of them can find several nodes.
    wide: bool,
    /// Whether one of them starts at the root again.
    absolute: bool,
}

impl JsonPath {
    /// Parses a path such as `$.order.id`. The error says what is wrong and where.
    pub fn parse(source: &str) -> Result<Self, PathError> {
        serde_json_path::JsonPath::parse(source)?;
        let mut segments = Vec::new();
        let mut rest = source.strip_prefix('$').unwrap_or(source).trim_start();
        while !rest.is_empty() {
            let deep = rest.strip_prefix("..");
            rest = deep.or_else(|| rest.strip_prefix('.')).unwrap_or(rest).trim_start();
            let mut selectors = Vec::new();
            if let Some(inner) = rest.strip_prefix('[') {
                let (pieces, after) = pieces(inner);
                for piece in pieces {
                    let filter = piece.strip_prefix('?').map(Filter::read).transpose()?;
                    let path = serde_json_path::JsonPath::parse(&format!("$[{piece}]"))?;
                    selectors.push(Selector { path, filter });
                }
                rest = after;
            } else {
                let end = rest.find(|c: char| matches!(c, '.' | '[') || c.is_ascii_whitespace()).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                selectors
                    .push(Selector { path: serde_json_path::JsonPath::parse(&format!("$.{name}"))?, filter: None });
                rest = after;
            }
            segments.push(Segment { deep: deep.is_some(), selectors });
            rest = rest.trim_start();
        }
        Ok(Self { source: source.to_owned(), segments })
    }

    /// As its author wrote it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it finds, in order; nothing when it leads nowhere.
    ///
    /// # Errors
    /// When it looks at more than 100,000 nodes or finds more than 1,000.
    pub fn find<'j>(&self, json: &'j Json) -> Result<Vec<&'j Json>, TooMuch> {
        let mut walk = Walk { root: json, left: VISITS };
        let mut found = vec![json];
        for segment in &self.segments {
            let mut next = Vec::new();
            for node in found {
                walk.segment(segment, node, &mut next)?;
            }
            found = next;
        }
        if found.len() > FINDS { Err(TooMuch) } else { Ok(found) }
    }
}

struct Walk<'j> {
    root: &'j Json,
    /// Looks that are left.
    left: usize,
}

impl<'j> Walk<'j> {
    fn count(&mut self, looks: usize) -> Result<(), TooMuch> {
        self.left = self.left.checked_sub(looks).ok_or(TooMuch)?;
        Ok(())
    }

    /// JSON nests 128 levels at most, so this may call itself.
    fn segment(&mut self, segment: &Segment, node: &'j Json, found: &mut Vec<&'j Json>) -> Result<(), TooMuch> {
        for selector in &segment.selectors {
            self.selector(selector, node, found)?;
        }
        if segment.deep {
            for child in children(node) {
                self.segment(segment, child, found)?;
            }
        }
        Ok(())
    }

    fn selector(&mut self, selector: &Selector, node: &'j Json, found: &mut Vec<&'j Json>) -> Result<(), TooMuch> {
        self.count(1)?;
        if let Some(filter) = &selector.filter {
            let children = children(node).count();
            self.count(children.saturating_mul(1 + filter.queries))?;
            if filter.wide {
                let below = size(node, self.left)?;
                let again = if filter.absolute { size(self.root, self.left)?.saturating_mul(children) } else { 0 };
                self.count(below.saturating_add(again).saturating_mul(filter.queries.max(1)))?;
            }
            if filter.absolute && !std::ptr::eq(node, self.root) {
                return self.asked_at_root(filter, node, found);
            }
        }
        let here = selector.path.query(node).all();
        self.count(here.len())?;
        found.extend(here);
        Ok(())
    }

    /// A filter that looks at the root too is asked from there, with the way to its node before it.
    fn asked_at_root(&mut self, filter: &Filter, node: &'j Json, found: &mut Vec<&'j Json>) -> Result<(), TooMuch> {
        self.count(size(self.root, self.left)?)?;
        let mut way = "$".to_owned();
        if !lead(self.root, node, &mut way) {
            return Ok(());
        }
        way.push_str("[?");
        way.push_str(&filter.written);
        way.push(']');
        let Ok(path) = serde_json_path::JsonPath::parse(&way) else { return Ok(()) };
        let here = path.query(self.root).all();
        self.count(here.len())?;
        found.extend(here);
        Ok(())
    }
}

/// Writes the way from one node to another below it; whether there is one.
fn lead(from: &Json, to: &Json, way: &mut String) -> bool {
    if std::ptr::eq(from, to) {
        return true;
    }
    let mut step = |written: &str, child: &Json| {
        let before = way.len();
        way.push_str(written);
        let leads = lead(child, to, way);
        if !leads {
            way.truncate(before);
        }
        leads
    };
    match from {
        Json::Array(items) => items.iter().enumerate().any(|(index, child)| step(&format!("[{index}]"), child)),
        // A name in JSON's own quotes is a name in a path.
        Json::Object(entries) => {
            entries.iter().any(|(name, child)| step(&format!("[{}]", Json::from(name.as_str())), child))
        }
        _ => false,
    }
}

fn children(node: &Json) -> impl Iterator<Item = &Json> {
    let (items, entries) = match node {
        Json::Array(items) => (Some(items.iter()), None),
        Json::Object(entries) => (None, Some(entries.values())),
        _ => (None, None),
    };
    items.into_iter().flatten().chain(entries.into_iter().flatten())
}

/// How many nodes there are from this one on, while that is no more than `most`.
fn size(node: &Json, most: usize) -> Result<usize, TooMuch> {
    let mut nodes = 1;
    for child in children(node) {
        nodes += size(child, most.checked_sub(nodes).ok_or(TooMuch)?)?;
    }
    if nodes > most { Err(TooMuch) } else { Ok(nodes) }
}

impl Filter {
    fn read(written: &str) -> Result<Self, PathError> {
        let mut filter = Self { written: written.to_owned(), queries: 0, wide: false, absolute: false };
        let (mut deep, mut nested) = (0, false);
        let mut open = Vec::new();
        let bare = unquoted(written);
        let mut last = ' ';
        for c in bare.chars() {
            match c {
                '@' => filter.queries += 1,
                '$' => {
                    filter.queries += 1;
                    filter.absolute = true;
                }
                '*' | ':' => filter.wide = true,
                '?' => nested = true,
                '.' if last == '.' => deep += 1,
                '[' | '(' => open.push(c),
                ']' | ')' => drop(open.pop()),
                ',' if open.last() == Some(&'[') => {
                    return Err(PathError::TooCostly("a list in brackets cannot stand inside a filter"));
                }
                _ => {}
            }
            last = c;
        }
        filter.wide |= nested || deep > 0;
        if deep > 1 || (deep > 0 && nested) {
            return Err(PathError::TooCostly(
                "a filter can look at every depth (`..`) once only, and not inside another",
            ));
        }
        if filter.absolute && nested {
            return Err(PathError::TooCostly("a filter that looks at `$` cannot hold another filter"));
        }
        Ok(filter)
    }
}

/// A text with what stands in quotes blanked out.
fn unquoted(text: &str) -> String {
    let mut quote = None;
    let mut escaped = false;
    let blank = |c: char| {
        let within = quote.is_some();
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                return ' ';
            }
            _ => {}
        }
        if within { ' ' } else { c }
    };
    text.chars().map(blank).collect()
}

/// What stands in brackets, cut at its commas, and what comes after the closing one.
fn pieces(text: &str) -> (Vec<&str>, &str) {
    let mut pieces = Vec::new();
    let mut depth = 0_usize;
    let mut from = 0;
    // Blanks take the place of characters in quotes, so places are those of the characters.
    for ((at, c), bare) in text.char_indices().zip(unquoted(text).chars()) {
        match bare {
            '[' | '(' => depth += 1,
            ']' if depth == 0 => {
                pieces.push(text.get(from..at).unwrap_or_default().trim());
                return (pieces, text.get(at + c.len_utf8()..).unwrap_or_default());
            }
            ']' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                pieces.push(text.get(from..at).unwrap_or_default().trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    (pieces, "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn find(path: &str, json: &str) -> Result<usize, TooMuch> {
        let json: Json = serde_json::from_str(json).unwrap();
        JsonPath::parse(path).unwrap().find(&json).map(|found| found.len())
    }

    #[test]
    fn paths_find_what_they_always_found() {
        let json: Json = serde_json::from_str(
            r#"{"most":2,"a b":{"c":[1,2,{"d":null},[4,[5]]]},"items":[{"id":1,"n":"x","deep":{"id":7}},
                {"id":2,"n":"it's, [y]"},{"id":3,"tags":["p","q"]}],"é":{"]":",'"}}"#,
        )
        .unwrap();
        for path in [
            "$",
            "$.most",
            "$['a b'].c",
            "$[\"a b\"]['c'][2]['d']",
            "$..id",
            "$..*",
            "$.*",
            "$.items[*].id",
            "$..[0]",
            "$['a b'].c[1:]",
            "$.items[::-1].id",
            "$.items[-1].tags[*]",
            "$.items[?@.id == 2].n",
            "$.items[0, 2].id",
            "$.items[?@.id > 1 && @.n].n",
            "$.items[?@.id <= $.most].id",
            "$..[?@.id == $.most]",
            "$.items[?count(@.*) > 2].id",
            "$.items[?@.n == \"it's, [y]\"].id",
            "$.items[?@.tags[?@ == 'q']].id",
            "$ .items [0] .id",
            "$.é[']']",
            "$.items[?length(@.n) == 1, ?@.tags].id",
            "$..c[3]..*",
            "$.items[?@..id].n",
            "$['most','most']",
            "$.none..x",
        ] {
            let whole = serde_json_path::JsonPath::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
            let ours = JsonPath::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(ours.find(&json).unwrap(), whole.query(&json).all(), "{path}");
        }
    }

    #[test]
    fn bombs_stop_at_the_bounds() {
        let nest = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        let wide = format!("[{}]", vec!["[0,0,0,0,0,0,0,0,0]"; 60].join(","));
        assert_eq!(find("$..*..*..*..*..*..*..*..*", &nest), Err(TooMuch));
        assert_eq!(find(&format!("${}", "[*,*]".repeat(20)), &nest), Err(TooMuch));
        assert_eq!(find("$..[?@..*]..[?@..*]..*", &nest), Err(TooMuch));
        assert_eq!(find("$..[?$..*]..[?$..*]", &wide), Err(TooMuch));
        let many = |count: usize| format!("[{}]", vec!["1"; count].join(","));
        assert_eq!((find("$[*]", &many(1_000)), find("$[*]", &many(1_001))), (Ok(1_000), Err(TooMuch)));
        assert_eq!((find("$[?@ == 2]", &many(40_000)), find("$[?@ == 2]", &many(60_000))), (Ok(0), Err(TooMuch)));
    }

    #[test]
    fn filters_nobody_can_bound_are_refused() {
        for path in ["$[?@..*..*]", "$[?@[*,*][*,*]]", "$[?@[?@..a]]", "$[?@[?$.a]]"] {
            assert!(matches!(JsonPath::parse(path), Err(PathError::TooCostly(_))), "{path}");
        }
    }
}
