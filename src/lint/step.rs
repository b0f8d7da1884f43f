//! Steps whose settings contradict their name, and requests that the product or a server will hardly take.

use std::time::Duration;

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::flow::{Fact, format_duration};

/// A step called "Wait 4 hours" that waits 10 minutes.
pub(super) static NAME_SAYS_OTHERWISE: Rule = Rule {
    id: "name-says-otherwise",
    summary: "the name of a step says another time than the step has",
    why: "Times are shortened to try a flow out, and then forgotten.",
    example: "- { name: Wait 4 hours, wait: 10 minutes }",
};

/// A body on a GET.
pub(super) static BODY_WITH_GET: Rule = Rule {
    id: "body-with-get",
    summary: "a GET request has a body",
    why: "Most servers ignore the body of a GET, and some refuse it.",
    example: "- http_request: { method: GET, url: https://example.com, body: { id: 7 } }",
};

/// A host that the product does not call.
pub(super) static REFUSED_HOST: Rule = Rule {
    id: "refused-host",
    summary: "a request goes to respond.io itself",
    why: "The product refuses requests to its own hosts.",
    example: "- http_request: { url: https://api.respond.io/v2/contact }",
};

pub(super) fn judge_name(fact: &Fact, said: Duration, has: Duration) -> Diagnostic {
    let (said, has) = (format_duration(said), format_duration(has));
    let message = format!("the name says {said}, but this step has {has}");
    NAME_SAYS_OTHERWISE.warn(fact, message, format!("write {said}, or give the step another name"))
}

pub(super) fn judge_body(fact: &Fact) -> Diagnostic {
    let message = "a GET request has a body here, which most servers ignore".to_owned();
    BODY_WITH_GET.warn(fact, message, "write `method: POST`, or put the values into the `url`")
}

pub(super) fn judge_host(fact: &Fact, host: &str) -> Diagnostic {
    let message = format!("the product refuses requests to its own host `{host}`");
    REFUSED_HOST.warn(fact, message, "use a step of the workflow instead, or a server of your own in between")
}
