//! Keys and passwords out of sight: the one place that decides what is shown as `***` in events, on screens, in messages and in files.
//!
//! What is really sent stays as it is. [`url()`] and [`header`] mask by where a secret stands; [`Secrets`] knows those of a run and
//! finds them again wherever they are repeated, for instance in a server's answer.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

/// What is shown in place of a secret.
pub const MASK: &str = "***";

/// Shorter secrets are masked where they stand, but not looked for elsewhere: they would be found in everything.
const SHORTEST: usize = 4;
/// So many are remembered, the newest.
const MOST: usize = 256;

/// Whether the value of this name in an address is a secret: `key`, `api_key`, `access_token`, `clientSecret`, `sig`.
fn is_secret_key(name: &str) -> bool {
    let joined: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    // A place in a list of pages is no key, and goes back and forth.
    if joined.contains("page") || joined.contains("continuation") {
        return false;
    }
    let whole = ["key", "sig", "auth", "authorization", "jwt", "pwd", "pass", "sid", "sas", "otp", "pin"];
    let within =
        ["token", "secret", "password", "passwd", "passphrase", "apikey", "accesskey", "signature", "credential"];
    let last = name.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
    whole.contains(&joined.as_str())
        || within.iter().any(|word| joined.contains(word))
        || matches!(last.as_str(), "key" | "sig" | "pwd")
        || name.ends_with("Key")
}

/// Whether the value of this header is a secret: `Authorization`, cookies, `X-Api-Key` and what is named like it.
fn is_secret_header(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    // Neither opens anything by its name: the first tells requests apart, the second says nothing of what it is the key to (our choice).
    !matches!(name.as_str(), "idempotency-key" | "x-key")
        && (name.contains("authorization")
            || name.contains("cookie")
            || name.split(['-', '_']).any(|word| word == "auth")
            || is_secret_key(&name))
}

/// An address without its secrets: user and password, and keys of its query and fragment.
pub fn url(text: &str) -> String {
    let (start, end) = authority(text);
    let mut masked = String::with_capacity(text.len());
    masked.push_str(&text[..start]);
    match text[start..end].rfind('@') {
        Some(at) => {
            masked.push_str(MASK);
            masked.push_str(&text[start + at..end]);
        }
        None => masked.push_str(&text[start..end]),
    }
    let mut is_query = false;
    for part in text[end..].split_inclusive(['?', '#', '&', ';']) {
        let (pair, mark) = match part.char_indices().next_back() {
            Some((at, '?' | '#' | '&' | ';')) => part.split_at(at),
            _ => (part, ""),
        };
        match pair.split_once('=') {
            Some((name, value)) if is_query && !value.is_empty() && is_secret_key(&decoded(name)) => {
                masked.push_str(name);
                masked.push('=');
                masked.push_str(MASK);
            }
            _ => masked.push_str(pair),
        }
        masked.push_str(mark);
        is_query |= matches!(mark, "?" | "#");
    }
    masked
}

/// Where the host of an address stands, with user and password before it. It need be no good address.
fn authority(text: &str) -> (usize, usize) {
    let scheme = text.find(|c: char| !(c.is_ascii_alphanumeric() || "+-. \t\r\n".contains(c)));
    let start = match scheme {
        Some(colon) if text[colon..].starts_with(':') => {
            let rest = &text[colon + 1..];
            colon + 1 + (rest.len() - rest.trim_start_matches(['/', '\\']).len())
        }
        _ => 0,
    };
    let end = text[start..].find(['/', '\\', '?', '#']).map_or(text.len(), |end| start + end);
    (start, end)
}

fn decoded(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

/// The value of a header as it may be shown. The scheme of an `Authorization` stays.
pub fn header(name: &str, value: &str) -> String {
    if value.trim().is_empty() || !is_secret_header(name) {
        return value.to_owned();
    }
    match scheme_and_key(value) {
        Some((scheme, _)) => format!("{scheme} {MASK}"),
        None => MASK.to_owned(),
    }
}

fn scheme_and_key(value: &str) -> Option<(&str, &str)> {
    const SCHEMES: [&str; 7] = ["basic", "bearer", "digest", "token", "apikey", "negotiate", "key"];
    let (scheme, key) = value.trim().split_once(' ')?;
    SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()).then_some((scheme, key.trim()))
}

/// The secrets of a run, in every spelling in which a server may repeat them.
#[derive(Default, Clone)]
pub struct Secrets(VecDeque<String>);

/// Without the secrets.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl Secrets {
    /// The secrets of one request.
    pub fn of_request<'h>(url: &str, headers: impl IntoIterator<Item = (&'h str, &'h str)>) -> Self {
        let mut secrets = Self::default();
        secrets.learn_request(url, headers);
        secrets
    }

    /// Remembers the secrets of a request.
    pub fn learn_request<'h>(&mut self, url: &str, headers: impl IntoIterator<Item = (&'h str, &'h str)>) {
        self.learn_url(url);
        for (name, value) in headers {
            if !is_secret_header(name) {
                continue;
            }
            self.learn(value.trim());
            if let Some((_, key)) = scheme_and_key(value) {
                self.learn(key);
                let pair = STANDARD.decode(key).ok().and_then(|pair| String::from_utf8(pair).ok());
                if let Some((_, password)) = pair.as_deref().and_then(|pair| pair.split_once(':')) {
                    self.learn(password);
                }
            }
            if name.to_ascii_lowercase().contains("cookie") {
                value
                    .split(';')
                    .filter_map(|pair| pair.split_once('='))
                    .for_each(|(_, value)| self.learn(value.trim()));
            }
        }
    }

    fn learn_url(&mut self, text: &str) {
        let (start, end) = authority(text);
        if let Some(at) = text[start..end].rfind('@') {
            let written = &text[start..start + at];
            // Only `%XX` counts here; a `+` is a plus.
            let plain = decoded(&written.replace('+', "%2B").replace('=', "%3D").replace('&', "%26"));
            // As it is sent.
            let sent = if plain.contains(':') { plain.clone() } else { format!("{plain}:") };
            self.learn(&STANDARD.encode(sent));
            for pair in [written, plain.as_str()] {
                self.learn(pair);
                self.learn(pair.split_once(':').map_or(pair, |(_, password)| password));
            }
        }
        let Some(query) = text[end..].find(['?', '#']) else { return };
        for pair in text[end + query + 1..].split(['?', '#', '&', ';']) {
            let Some((name, value)) = pair.split_once('=') else { continue };
            if is_secret_key(&decoded(name)) {
                self.learn(value);
                let value = form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned());
                self.learn(&value.unwrap_or_default());
            }
        }
    }

    /// Remembers a secret.
    pub fn learn(&mut self, secret: &str) {
        if secret.chars().count() < SHORTEST || secret == MASK {
            return;
        }
        let json = serde_json::Value::from(secret).to_string();
        let json = json.get(1..json.len().saturating_sub(1)).unwrap_or_default().to_owned();
        let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for spelling in [secret.to_owned(), json, form.replace('+', "%20"), form] {
            if !self.0.contains(&spelling) {
                self.0.push_back(spelling);
            }
        }
        while self.0.len() > MOST {
            self.0.pop_front();
        }
    }

    /// The text with every secret masked.
    pub fn hide(&self, text: &str) -> String {
        let mut found: Vec<&String> = self.0.iter().filter(|secret| text.contains(secret.as_str())).collect();
        // One may be a part of another.
        found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        found.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MASK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_secrets_and_nothing_else() {
        for (written, shown) in [
            ("https://a.example/x?q=1#part", "https://a.example/x?q=1#part"),
            ("https://ana:s3cret@a.example:8080/x", "https://***@a.example:8080/x"),
            ("https://a@b:s3cret@a.example", "https://***@a.example"),
            ("http:\\\\u:s3cret@a.example", "http:\\\\***@a.example"),
            ("https://a.example/@x?mail=a@b.co", "https://a.example/@x?mail=a@b.co"),
            ("https://a.example?key=s3cret&page=2", "https://a.example?key=***&page=2"),
            ("https://a.example/?a=1&api%5Fkey=s3cret;sig=s3cret", "https://a.example/?a=1&api%5Fkey=***;sig=***"),
            ("/x?accessToken=s3cret#access_token=s3cret", "/x?accessToken=***#access_token=***"),
            ("?X-Amz-Signature=s3cret&client_secret=s=3", "?X-Amz-Signature=***&client_secret=***"),
            (
                "https://a.example/?keyword=x&monkey=y&page_token=z&key=",
                "https://a.example/?keyword=x&monkey=y&page_token=z&key=",
            ),
            ("ana:s3cret@a.example", "ana:***@a.example"),
            ("", ""),
            ("$url?token=$t", "$url?token=***"),
        ] {
            assert_eq!(url(written), shown, "{written}");
        }
    }

    #[test]
    fn headers_that_hold_keys_are_masked() {
        for (name, value, shown) in [
            ("Authorization", "Bearer s3cret", "Bearer ***"),
            ("authorization", "s3cret and more", "***"),
            ("Proxy-Authorization", "Basic s3cret", "Basic ***"),
            ("Cookie", "sid=s3cret; b=2", "***"),
            ("X-API-Key", "s3cret", "***"),
            ("X-Auth-Token", "s3cret", "***"),
            ("X-Functions-Key", "s3cret", "***"),
            ("Idempotency-Key", "7", "7"),
            ("Content-Type", "application/json", "application/json"),
            ("X-Author", "Ana", "Ana"),
            ("Authorization", "", ""),
        ] {
            assert_eq!(header(name, value), shown, "{name}");
        }
    }

    #[test]
    fn what_is_repeated_is_found_in_every_spelling() {
        let headers = [("Authorization", "Bearer to\"ken"), ("Cookie", "a=cookie1; b=cookie2"), ("X-Name", "visible")];
        let secrets = Secrets::of_request("https://ana:p%40ss@a.example/?key=a%20b%2Fc&q=shown", headers);
        let pair = STANDARD.encode("ana:p@ss");
        for told in
            ["to\"ken", "to\\\"ken", "cookie1", "cookie2", "p@ss", "p%40ss", "a b/c", "a%20b%2Fc", "a+b%2Fc", &pair]
        {
            assert_eq!(secrets.hide(&format!("<{told}>")), "<***>", "{told}");
        }
        assert_eq!(secrets.hide("visible shown ana"), "visible shown ana");
        assert_eq!(format!("{secrets:?}").matches("cookie").count(), 0);
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_masked(text in "[a:/@?#&=;%\\\\ é-]{0,24}|\\PC{0,40}") {
            let masked = url(&text);
            proptest::prop_assert_eq!(url(&masked), masked.clone());
            let _ = Secrets::of_request(&text, [("Authorization", text.as_str())]).hide(&text);
        }
    }
}
