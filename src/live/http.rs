//! One HTTP request, sent for real: bounded in time, size and redirects.

use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

use super::failure::{Failure, host};
use super::reach::{Guard, Judge, is_private};
use crate::text::mask;

/// What to send. Texts are sent as they are: filling in and escaping variables is done before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE` or another word of HTTP, in any case.
    pub method: String,
    /// An absolute `http` or `https` address.
    pub url: String,
    /// Names and values. A value is sent as UTF-8. `Content-Length`, `Transfer-Encoding` and `Accept-Encoding` are ignored, for they say
    /// how a message travels, and that is decided here (our choice).
    pub headers: Vec<(String, String)>,
    /// The body; `None` for none. A `GET` may have one too.
    pub body: Option<String>,
}

/// What came back, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status of the last response, redirects followed: 100 to 999.
    pub status: u16,
    /// The body as text. Bytes that are not UTF-8 become U+FFFD; a byte order mark at the start is dropped (our choice).
    pub body: String,
}

/// How far an exchange may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The time for everything: looking up the name, redirects, the last byte of the body.
    pub timeout: Duration,
    /// The most bytes of a body.
    pub body: usize,
    /// The most redirects in a row.
    pub redirects: u32,
}

impl Limits {
    /// For an AI endpoint: a model that runs on the same machine may need a minute for an answer (our choice).
    pub const AI: Self = Self { timeout: Duration::from_mins(1), ..Self::HTTP };
    /// For an `http_request` step: 10 seconds, 1 MiB, 5 redirects (our choice; respond.io does not publish its own).
    pub const HTTP: Self = Self { timeout: Duration::from_secs(10), body: 1024 * 1024, redirects: 5 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::HTTP
    }
}

/// Sends a request and waits for the whole response. Statuses of 400 and above are responses too.
///
/// Redirects are followed as browsers do: 301 and 302 turn a `POST` into a `GET`, 303 turns everything but `HEAD` into one, 307 and 308
/// repeat the request. On the way to another origin every header but `Accept`, `Accept-Language` and `User-Agent` is left behind, for any
/// of them may hold a key, and a request that would have to take its body there is not repeated: that is a failure (our choice). Any
/// address may be asked, private ones and this machine too; but once a public host has answered, a redirect to a private, loopback or
/// link-local address is a failure, whatever name it goes by. No proxy is used, no cookie is kept, and no connection outlives the call.
///
/// # Errors
/// When no response came, or none that can be read. The failure says what happened.
pub fn send(request: &Request, limits: &Limits) -> Result<Response, Failure> {
    send_judged(request, limits, Arc::new(|address| is_private(address.ip())))
}

/// [`send`], with a say in which addresses are private.
fn send_judged(request: &Request, limits: &Limits, judge: Judge) -> Result<Response, Failure> {
    let started = Instant::now();
    let guard = Guard::new(judge);
    let mut call = Call::new(request)?;
    for _ in 0..=limits.redirects {
        let left = limits.timeout.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Err(Failure::Timeout { after: limits.timeout });
        }
        let fail = |error| {
            if guard.has_refused() {
                let why = "a public server must not lead to this machine or its own network";
                return Failure::RedirectRefused { to: mask::url(call.url.as_str()), why };
            }
            Failure::of(error, &call.url, limits.timeout)
        };
        let reply = call.exchange(left, &guard).map_err(fail)?;
        if !call.follow(&reply)? {
            return read(reply, limits.body, |error| Failure::of(error, &call.url, limits.timeout));
        }
    }
    Err(Failure::RedirectLoop { most: limits.redirects, to: mask::url(call.url.as_str()) })
}

/// The text of a response, up to `most` bytes; reading stops there.
fn read(
    reply: ureq::http::Response<ureq::Body>,
    most: usize,
    fail: impl Fn(ureq::Error) -> Failure,
) -> Result<Response, Failure> {
    let (parts, body) = reply.into_parts();
    if let Some(encoding) = parts.headers.get(header::CONTENT_ENCODING)
        && !encoding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        return Err(Failure::NotText { encoding: lossy(encoding) });
    }
    let mut bytes = Vec::new();
    let one_more = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    body.into_reader().take(one_more).read_to_end(&mut bytes).map_err(|error| fail(error.into()))?;
    if bytes.len() > most {
        return Err(Failure::TooLarge { most });
    }
    let text = String::from_utf8_lossy(&bytes);
    let body = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    Ok(Response { status: parts.status.as_u16(), body })
}

/// One request on its way, changed by every redirect.
struct Call<'a> {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<&'a str>,
}

impl<'a> Call<'a> {
    fn new(request: &'a Request) -> Result<Self, Failure> {
        let method = Method::from_bytes(request.method.to_ascii_uppercase().as_bytes())
            .map_err(|_| Failure::BadMethod { method: request.method.clone() })?;
        Ok(Self {
            method,
            url: parse(&request.url)?,
            headers: headers(&request.headers)?,
            body: request.body.as_deref(),
        })
    }

    fn exchange(&self, timeout: Duration, guard: &Guard) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .proxy(None)
            // Redirects are followed here: the client would repeat no body, and knows no scheme it should refuse.
            .max_redirects(0)
            .max_idle_connections(0)
            .user_agent(concat!("rehearse/", env!("CARGO_PKG_VERSION")))
            .build();
        let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), guard.clone());
        let mut request = ureq::http::Request::builder().method(self.method.clone()).uri(self.url.as_str()).body(())?;
        *request.headers_mut() = self.headers.clone();
        match self.body {
            Some(body) => agent.run(request.map(|()| body)),
            // Servers expect to be told that the body of these is empty.
            None if matches!(self.method, Method::POST | Method::PUT | Method::PATCH) => {
                agent.run(request.map(|()| ""))
            }
            None => agent.run(request),
        }
    }

    /// Turns to where the response points. `false` when it points nowhere.
    fn follow(&mut self, reply: &ureq::http::Response<ureq::Body>) -> Result<bool, Failure> {
        let becomes_get = match reply.status() {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            StatusCode::SEE_OTHER => self.method != Method::HEAD,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => false,
            _ => return Ok(false),
        };
        let Some(location) = reply.headers().get(header::LOCATION).map(lossy) else { return Ok(false) };
        let next = self
            .url
            .join(&location)
            .ok()
            .filter(is_web)
            .ok_or_else(|| Failure::BadRedirect { to: mask::url(&location) })?;
        if becomes_get {
            self.method = Method::GET;
            self.body = None;
            self.headers.remove(header::CONTENT_TYPE);
        }
        if next.origin() != self.url.origin() {
            if self.body.is_some() {
                let why = "the body of the request is not sent to another server; write the final address";
                return Err(Failure::RedirectRefused { to: mask::url(next.as_str()), why });
            }
            let mut kept = HeaderMap::new();
            for name in [header::ACCEPT, header::ACCEPT_LANGUAGE, header::USER_AGENT] {
                if let Some(value) = self.headers.remove(&name) {
                    kept.insert(name, value);
                }
            }
            self.headers = kept;
        }
        self.url = next;
        Ok(true)
    }
}

fn lossy(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && !host(url).is_empty()
}

fn parse(text: &str) -> Result<Url, Failure> {
    let bad = |why: &str| Failure::BadUrl { url: mask::url(text), why: why.to_owned() };
    match Url::parse(text.trim()) {
        Ok(url) if is_web(&url) => Ok(url),
        Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase) => Err(bad("write it with http:// or https://")),
        Err(error) => Err(bad(&error.to_string())),
    }
}

fn headers(written: &[(String, String)]) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let bad = |why| Failure::BadHeader { name: name.clone(), why };
        let known = HeaderName::from_bytes(name.trim().as_bytes())
            .map_err(|_| bad("a name holds letters, digits and hyphens only"))?;
        if matches!(known, header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::ACCEPT_ENCODING) {
            continue;
        }
        // This refuses line ends, with which a variable could smuggle in further headers.
        let value = HeaderValue::from_bytes(value.trim_matches([' ', '\t']).as_bytes())
            .map_err(|_| bad("its value holds a line end or another control character"))?;
        headers.append(known, value);
    }
    Ok(headers)
}

#[cfg(test)]
#[path = "../../tests/support/server.rs"]
#[allow(dead_code, clippy::expect_used)] // What misbehaves is tested elsewhere.
mod server;

#[cfg(test)]
mod tests {
    use super::*;

    use super::server::{Server, redirect, response};

    #[test]
    fn a_public_server_cannot_lead_to_a_private_one() {
        let private = Server::new(vec![response("200 OK", "", "inner")]);
        let public = Server::new(vec![redirect("302 Found", &private.url("/?token=s3cret"))]);
        let request = |url: String| Request { method: "GET".to_owned(), url, headers: Vec::new(), body: None };
        let port = Url::parse(&private.url("/")).unwrap().port();
        // Only this one counts as private.
        let judge: Judge = Arc::new(move |address| Some(address.port()) == port);
        let refused = send_judged(&request(public.url("/")), &Limits::AI, Arc::clone(&judge)).unwrap_err();
        assert_eq!(refused.word(), "redirect_refused", "{refused}");
        assert!(refused.to_string().contains("token=***"), "{refused}");
        assert_eq!(private.unseen(), 0);
        // Whoever asks it by its own address may.
        assert_eq!(send_judged(&request(private.url("/")), &Limits::AI, judge).unwrap().body, "inner");
        // And a private one may lead to another.
        assert_eq!(send(&request(public.url("/")), &Limits::AI).unwrap().body, "inner");
    }
}
