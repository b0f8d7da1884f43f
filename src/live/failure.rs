//! Why no response came: one kind per thing that can go wrong on the way.

use std::io;
use std::time::Duration;

use url::Url;

use crate::text::mask;

/// Why a request brought no response. A status such as 404 or 500 is a response, not a failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The time for the whole exchange, redirects and body included, is over.
    #[error("no full response within {} s: the server is slow or hangs", after.as_secs_f64())]
    Timeout {
        /// The time that was given.
        after: Duration,
    },
    /// The response is larger than is read.
    #[error("the response is larger than {most} bytes: ask for less, for instance for one page of a list")]
    TooLarge {
        /// The most bytes that are read.
        most: usize,
    },
    /// One redirect after the other.
    #[error("more than {most} redirects in a row, the last one to {to}: write the final address, or mend the server")]
    RedirectLoop {
        /// The most redirects that are followed.
        most: u32,
        /// Where the last one pointed.
        to: String,
    },
    /// A redirect to something that is not `http` or `https`, or not an address.
    #[error("the server redirects to {to:?}, which is not an http or https address")]
    BadRedirect {
        /// What the server gave as the new address.
        to: String,
    },
    /// A redirect that is not followed, for what it would do.
    #[error("the server redirects to {to}, which was not followed: {why}")]
    RedirectRefused {
        /// Where it leads, without secrets.
        to: String,
        /// What would happen.
        why: &'static str,
    },
    /// Nothing listens there.
    #[error("{host} refused the connection: is the server running, and is the port right?")]
    Refused {
        /// The host and its port.
        host: String,
    },
    /// The encrypted connection did not come about.
    #[error("no encrypted connection to {host}: {why} (a server without TLS is written http://)")]
    Tls {
        /// The host and its port.
        host: String,
        /// What the TLS library says.
        why: String,
    },
    /// The name of the host leads to no address.
    #[error("the host {host} is not known: is its name right, and is there a network?")]
    Dns {
        /// The host and its port.
        host: String,
    },
    /// The server closed the connection before the response was complete.
    #[error("{host} closed the connection before the response was complete")]
    ClosedEarly {
        /// The host and its port.
        host: String,
    },
    /// The connection failed in another way.
    #[error("the connection to {host} failed: {why}")]
    Connection {
        /// The host and its port.
        host: String,
        /// What the system says.
        why: String,
    },
    /// What came back is not HTTP.
    #[error("what {host} sent back is not an HTTP response: {why}")]
    NotHttp {
        /// The host and its port.
        host: String,
        /// What is wrong with it.
        why: String,
    },
    /// The body is packed in a way nobody asked for.
    #[error("the response is packed ({encoding}) and cannot be read as text: let the server send it plain")]
    NotText {
        /// The `Content-Encoding` of the response.
        encoding: String,
    },
    /// The address cannot be asked.
    #[error("{url:?} is not an address that can be asked: {why}")]
    BadUrl {
        /// The address as written.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The method is not a word of HTTP.
    #[error("{method:?} is not a method: write GET, POST, PUT, PATCH or DELETE")]
    BadMethod {
        /// The method as written.
        method: String,
    },
    /// A header that cannot be sent. Its value is not shown, for it may be a secret.
    #[error("the header {name:?} cannot be sent: {why}")]
    BadHeader {
        /// The name as written.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Failure {
    /// A stable word for the event stream.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Timeout { .. } => "timeout",
            Self::TooLarge { .. } => "too_large",
            Self::RedirectLoop { .. } => "redirect_loop",
            Self::BadRedirect { .. } => "bad_redirect",
            Self::RedirectRefused { .. } => "redirect_refused",
            Self::Refused { .. } => "refused",
            Self::Tls { .. } => "tls",
            Self::Dns { .. } => "dns",
            Self::ClosedEarly { .. } => "closed_early",
            Self::Connection { .. } => "connection",
            Self::NotHttp { .. } => "not_http",
            Self::NotText { .. } => "not_text",
            Self::BadUrl { .. } => "bad_url",
            Self::BadMethod { .. } => "bad_method",
            Self::BadHeader { .. } => "bad_header",
        }
    }

    /// What an error of the HTTP client means to the person who asked `url`, with `timeout` for everything.
    pub(super) fn of(error: ureq::Error, url: &Url, timeout: Duration) -> Self {
        match error {
            ureq::Error::Timeout(_) => Self::Timeout { after: timeout },
            ureq::Error::HostNotFound => Self::Dns { host: host(url) },
            ureq::Error::LargeResponseHeader(_, most) => Self::TooLarge { most },
            ureq::Error::Io(error) => Self::of_io(&error, url),
            ureq::Error::Protocol(error) => Self::NotHttp { host: host(url), why: error.to_string() },
            ureq::Error::BadUri(why) => Self::BadUrl { url: mask::url(url.as_str()), why },
            ureq::Error::Http(error) => Self::BadUrl { url: mask::url(url.as_str()), why: error.to_string() },
            ureq::Error::Tls(why) => Self::Tls { host: host(url), why: why.to_owned() },
            ureq::Error::Rustls(error) => Self::Tls { host: host(url), why: error.to_string() },
            error => Self::Connection { host: host(url), why: error.to_string() },
        }
    }

    fn of_io(error: &io::Error, url: &Url) -> Self {
        let host = host(url);
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused { host },
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => Self::ClosedEarly { host },
            // Where the TLS library puts what it says: a certificate it does not trust, or bytes that are no TLS.
            io::ErrorKind::InvalidData if url.scheme() == "https" => Self::Tls { host, why: error.to_string() },
            _ if is_unknown_host(error) => Self::Dns { host },
            _ => Self::Connection { host, why: error.to_string() },
        }
    }
}

/// Whether looking up the name failed. The standard library has no kind for it: only its words, or Windows' numbers, tell.
fn is_unknown_host(error: &io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address")
        || cfg!(windows) && error.raw_os_error().is_some_and(|code| (11_001..=11_004).contains(&code))
}

/// The host with its port, without user, password, path and query, which may hold secrets.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The failure of a request that nobody could even try.
pub(super) fn not_run(url: &str, why: &str) -> Failure {
    Failure::Connection { host: Url::parse(url).map_or_else(|_| mask::url(url), |url| host(&url)), why: why.to_owned() }
}
