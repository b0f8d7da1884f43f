//! One HTTP request, really sent, and why no response may come. Responses of every status are responses.

use std::io::{self, ErrorKind, Read};
use std::time::Duration;

use ureq::http;

/// A request with nothing left to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method's word, such as `GET`.
    pub method: String,
    /// The address: http or https.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its body. Bytes that are no UTF-8 are replaced.
    pub body: String,
}

/// What a request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first look-up to the last byte.
    pub time: Duration,
    /// Bytes of a body.
    pub body: u64,
    /// Redirects followed.
    pub redirects: u32,
}

impl Default for Limits {
    /// Ten seconds, 1 MiB and five redirects: our choice.
    fn default() -> Self {
        Self { time: Duration::from_secs(10), body: 1 << 20, redirects: 5 }
    }
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address, the method or a header cannot be sent.
    #[error("this request cannot be sent: {0}")]
    BadRequest(String),
    /// Nothing complete came in time.
    #[error("no complete answer came within {} seconds", .0.as_secs_f32())]
    Timeout(Duration),
    /// The host has no address.
    #[error("no host of this name was found")]
    Dns,
    /// Nobody listens there.
    #[error("the host does not take connections there")]
    Refused,
    /// The other side hung up before the answer was complete.
    #[error("the connection was closed before the answer was complete")]
    ClosedEarly,
    /// No secure connection came about.
    #[error("no secure connection came about: {0}")]
    Tls(String),
    /// More redirects than are followed.
    #[error("it redirects more than {0} times")]
    RedirectLoop(u32),
    /// A redirect that leads nowhere a request may go.
    #[error("it redirects to an address that cannot be followed")]
    BadRedirect,
    /// The body is larger than is read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    /// What came is no HTTP, or another fault of the connection.
    #[error("the connection failed: {0}")]
    Connection(String),
}

impl Failure {
    /// The word events and mocks use.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::Timeout(_) => "timeout",
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::ClosedEarly => "closed_early",
            Self::Tls(_) => "tls",
            Self::RedirectLoop(_) => "redirect_loop",
            Self::BadRedirect => "bad_redirect",
            Self::TooLarge(_) => "too_large",
            Self::Connection(_) => "connection",
        }
    }
}

/// Sends a request and reads the whole answer. Blocks, at most for the time the limits give.
pub fn send(request: &Request, limits: &Limits) -> Result<Response, Failure> {
    let bad = |error: http::Error| Failure::BadRequest(error.to_string());
    let mut builder = http::Request::builder().method(request.method.as_str()).uri(&request.url);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let host = builder.uri_ref().and_then(|uri| uri.host()).unwrap_or_default().to_owned();
    let scheme = builder.uri_ref().and_then(|uri| uri.scheme_str()).unwrap_or_default().to_owned();
    if builder.method_ref().is_some() && (host.is_empty() || !matches!(scheme.as_str(), "http" | "https")) {
        return Err(Failure::BadRequest(format!("\"{}\" is no http or https address", request.url)));
    }
    let mut config = ureq::Agent::config_builder()
        .timeout_global(Some(limits.time))
        .max_redirects(limits.redirects)
        .max_redirects_will_error(true)
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .user_agent(concat!("rehearse/", env!("CARGO_PKG_VERSION")));
    if matches!(host.as_str(), "localhost" | "[::1]") || host.starts_with("127.") {
        // What runs on this machine is never asked for through a proxy.
        config = config.proxy(None);
    }
    let agent = config.build().new_agent();
    let answer = match &request.body {
        Some(body) => agent.run(builder.body(body.as_str()).map_err(bad)?),
        None => agent.run(builder.body(()).map_err(bad)?),
    };
    let mut answer = answer.map_err(|error| failure(error, scheme == "https", limits))?;
    let status = answer.status().as_u16();
    let mut bytes = Vec::new();
    // One byte more than is allowed tells a full body from one that is too large.
    let mut reader = answer.body_mut().as_reader().take(limits.body.saturating_add(1));
    reader.read_to_end(&mut bytes).map_err(|error| broken(&error, scheme == "https", limits))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.body {
        return Err(Failure::TooLarge(limits.body));
    }
    Ok(Response { status, body: String::from_utf8_lossy(&bytes).into_owned() })
}

fn failure(error: ureq::Error, secure: bool, limits: &Limits) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::Timeout(limits.time),
        ureq::Error::HostNotFound => Failure::Dns,
        ureq::Error::TooManyRedirects => Failure::RedirectLoop(limits.redirects),
        ureq::Error::RedirectFailed => Failure::BadRedirect,
        ureq::Error::ConnectionFailed => Failure::Refused,
        ureq::Error::Rustls(error) => Failure::Tls(error.to_string()),
        ureq::Error::Tls(why) => Failure::Tls(why.to_owned()),
        ureq::Error::BadUri(why) => Failure::BadRequest(why),
        ureq::Error::Http(error) => Failure::BadRequest(error.to_string()),
        ureq::Error::Io(error) => broken(&error, secure, limits),
        other => Failure::Connection(other.to_string()),
    }
}

fn broken(error: &io::Error, secure: bool, limits: &Limits) -> Failure {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::Timeout(limits.time),
        ErrorKind::ConnectionRefused => Failure::Refused,
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => Failure::ClosedEarly,
        ErrorKind::InvalidData if secure => Failure::Tls(error.to_string()),
        _ => match error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
            Some(ureq::Error::Timeout(_)) => Failure::Timeout(limits.time),
            Some(ureq::Error::Rustls(error)) => Failure::Tls(error.to_string()),
            _ => Failure::Connection(error.to_string()),
        },
    }
}
