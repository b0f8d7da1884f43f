//! Filling variables into addresses, headers and bodies, each value escaped for where it stands.

use url::form_urlencoded::byte_serialize;

/// Where a value is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In an address: percent-encoded, except for a variable the address begins with, which may hold a whole address.
    Url,
    /// In a header: line breaks and other controls become blanks, so that a value cannot add a header.
    Header,
    /// In JSON: as JSON text within quotes, else as a number or a quoted text.
    Json,
    /// In a form (`application/x-www-form-urlencoded`).
    Form,
    /// In any other text: as it is.
    Plain,
}

impl Place {
    /// Where values stand in a body of this content type.
    pub(super) fn of_body(content_type: &str) -> Self {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            _ if kind.ends_with("/json") || kind.ends_with("+json") => Self::Json,
            _ => Self::Plain,
        }
    }
}

/// A text that grows by what its author wrote and by escaped values.
#[derive(Debug)]
pub(super) struct Escaper {
    place: Place,
    out: String,
    /// JSON: how far the text was looked at, and whether a quoted text is open there.
    looked: usize,
    quoted: bool,
    after_backslash: bool,
}

impl Escaper {
    pub(super) fn new(place: Place) -> Self {
        Self { place, out: String::new(), looked: 0, quoted: false, after_backslash: false }
    }

    /// Adds what the author wrote.
    pub(super) fn literal(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Adds a value.
    pub(super) fn value(&mut self, value: &str) {
        match self.place {
            Place::Plain => self.out.push_str(value),
            Place::Header => self.out.extend(value.chars().map(|c| if c.is_control() { ' ' } else { c })),
            Place::Form => self.out.extend(byte_serialize(value.as_bytes())),
            Place::Url if self.out.is_empty() => self.out.push_str(value),
            Place::Url => {
                for part in byte_serialize(value.as_bytes()) {
                    self.out.push_str(if part == "+" { "%20" } else { part });
                }
            }
            Place::Json => {
                self.look();
                let encoded = serde_json::Value::from(value).to_string();
                let within = encoded.get(1..encoded.len().saturating_sub(1)).unwrap_or_default();
                let bare =
                    || serde_json::from_str::<serde_json::Number>(value).is_ok() || matches!(value, "true" | "false");
                let escaped = match (self.quoted, bare()) {
                    (true, _) => within,
                    (false, true) => value,
                    (false, false) => encoded.as_str(),
                };
                self.out.push_str(escaped);
                // An escaped value leaves the quotes as they were.
                self.looked = self.out.len();
            }
        }
    }

    /// Finds out whether a quoted text is open at the end.
    fn look(&mut self) {
        for byte in self.out.bytes().skip(self.looked) {
            match (self.quoted, self.after_backslash, byte) {
                (true, true, _) => self.after_backslash = false,
                (true, false, b'\\') => self.after_backslash = true,
                (_, false, b'"') => self.quoted = !self.quoted,
                _ => {}
            }
        }
        self.looked = self.out.len();
    }

    /// Its bytes so far.
    pub(super) const fn len(&self) -> usize {
        self.out.len()
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(place: Place, parts: &[(&str, &str)]) -> String {
        let mut text = Escaper::new(place);
        for (literal, value) in parts {
            text.literal(literal);
            text.value(value);
        }
        text.finish()
    }

    #[test]
    fn values_are_escaped_for_where_they_stand() {
        let nasty = "a\"b\\c\nd & é";
        assert_eq!(filled(Place::Json, &[("{\"n\":\"x", nasty)]), r#"{"n":"xa\"b\\c\nd & é"#);
        assert_eq!(filled(Place::Json, &[("{\"n\":", nasty)]), r#"{"n":"a\"b\\c\nd & é""#);
        assert_eq!(filled(Place::Json, &[("[", "7"), (",", "007"), (",\"", "7")]), r#"[7,"007","7"#);
        assert_eq!(filled(Place::Json, &[("{\"q\":\"\\\"", "\""), ("\",\"z\":", "z")]), r#"{"q":"\"\"","z":"z""#);
        assert_eq!(filled(Place::Url, &[("https://x.example/", "a b/ü?")]), "https://x.example/a%20b%2F%C3%BC%3F");
        assert_eq!(filled(Place::Url, &[("", "https://x.example/a?b"), ("&q=", "&")]), "https://x.example/a?b&q=%26");
        assert_eq!(filled(Place::Form, &[("a=", "1 & 2")]), "a=1+%26+2");
        assert_eq!(filled(Place::Header, &[("Bearer ", "x\r\nEvil: 1")]), "Bearer x  Evil: 1");
        assert_eq!(filled(Place::Plain, &[("<", nasty)]), format!("<{nasty}"));
    }

    #[test]
    fn the_place_follows_the_content_type() {
        assert_eq!(Place::of_body("Application/JSON; charset=utf-8"), Place::Json);
        assert_eq!(Place::of_body("application/ld+json"), Place::Json);
        assert_eq!(Place::of_body("application/x-www-form-urlencoded"), Place::Form);
        assert_eq!(Place::of_body("text/plain"), Place::Plain);
    }
}
