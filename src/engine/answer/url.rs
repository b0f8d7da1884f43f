//! Web addresses, in the form a URL parser writes them (R13).

use super::InvalidAnswer;

/// Longest address: 2,048 characters, our choice.
const LONGEST: usize = 2_048;

/// Reads an address. With `://` it must be http or https; without, it has no `@` and a dotted host whose last label is not a number,
/// and `https://` is put before it.
pub(super) fn accept(answer: &str) -> Result<String, InvalidAnswer> {
    if answer.len() > LONGEST || answer.contains(char::is_whitespace) {
        return Err(InvalidAnswer::NoUrl);
    }
    if answer.contains("://") && !answer.starts_with(['/', '?', '#']) {
        let scheme = answer.split("://").next().unwrap_or_default();
        if !scheme.contains(['/', '?', '#', '.']) {
            if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
                return Err(InvalidAnswer::UrlScheme);
            }
            let host = answer.get(scheme.len() + 3..).unwrap_or_default();
            if host.starts_with(['/', '?', '#', '\\']) {
                return Err(InvalidAnswer::NoUrl);
            }
            let url = url::Url::parse(answer).map_err(|_| InvalidAnswer::NoUrl)?;
            return if url.host_str().is_some_and(|host| !host.trim_matches('.').is_empty()) {
                Ok(url.into())
            } else {
                Err(InvalidAnswer::NoUrl)
            };
        }
    }
    if answer.contains('@') || answer.starts_with(['/', '\\', '?', '#', '.']) {
        return Err(InvalidAnswer::NoUrl);
    }
    let url = url::Url::parse(&format!("https://{answer}")).map_err(|_| InvalidAnswer::NoUrl)?;
    let Some(url::Host::Domain(host)) = url.host() else { return Err(InvalidAnswer::NoUrl) };
    let host = host.strip_suffix('.').unwrap_or(host);
    let dotted = host.rsplit_once('.');
    let named = dotted.is_some_and(|(before, last)| {
        !before.is_empty() && !last.is_empty() && !last.bytes().all(|byte| byte.is_ascii_digit())
    });
    if named && host.split('.').all(|label| (1..=63).contains(&label.len())) {
        Ok(url.into())
    } else {
        Err(InvalidAnswer::NoUrl)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Question, tests::accept};
    use super::*;

    #[test]
    fn r13_a_web_address_is_http_or_a_dotted_host() {
        for (answer, normal) in [
            ("https://Example.com", "https://example.com/"),
            ("http://localhost:8080/a b".split(' ').next().unwrap_or_default(), "http://localhost:8080/a"),
            ("example.com", "https://example.com/"),
            ("www.Example.com/Path?q=1", "https://www.example.com/Path?q=1"),
            ("مثال.إختبار", "https://xn--mgbh0fb.xn--kgbechtv/"),
            ("example.com/٣", "https://example.com/%D9%A3"),
            ("example.com/می\u{200c}خواهم", "https://example.com/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85"),
            ("\u{200f}example.com\u{200b}/a\u{200e}", "https://example.com/a"),
            ("example.com:81", "https://example.com:81/"),
            ("example.com/?next=https://other.org", "https://example.com/?next=https://other.org"),
        ] {
            assert_eq!(accept(&Question::Url, answer).as_deref(), Ok(normal), "{answer}");
        }
        for answer in [
            "example",
            "1.2.3.4",
            "ana@example.com",
            "hello world.com",
            "https://",
            "https:///example.com",
            "/a.b",
            "example.",
            "http://[::1",
            "javascript:alert(1)",
            "example..com",
            "https://.",
            "localhost",
        ] {
            assert_eq!(accept(&Question::Url, answer), Err(InvalidAnswer::NoUrl), "{answer}");
        }
        assert_eq!(accept(&Question::Url, "ftp://example.com"), Err(InvalidAnswer::UrlScheme));
    }
}
