//! The hands of a rehearsal against a real server on this machine, which behaves well, badly, or not at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use rehearsal::live::ai::{AiFailure, AiObjective, AiOutcome, AiReply, AiRequest, Endpoint, Role, ask};
use rehearsal::live::http::{Limits, Request, Response, send};
use rehearsal::live::{Answer, Failure, Job, Worker};
use serde_json::{Value, json};

#[path = "support/server.rs"]
mod server;

use server::{Act, Server, redirect, response};

/// For servers that answer: generous, so that a busy machine fails no test.
const PATIENT: Limits = Limits { timeout: Duration::from_secs(20), body: 64 * 1024, redirects: 3 };
/// For servers that do not.
const SHORT: Limits = Limits { timeout: Duration::from_millis(150), ..PATIENT };
/// What `SHORT` must hold, with room for a busy machine and far below the 10 s of a user.
const SOON: Duration = Duration::from_secs(3);

fn get(url: &str) -> Request {
    Request { method: "GET".to_owned(), url: url.to_owned(), headers: Vec::new(), body: None }
}

fn post(url: &str, body: &str) -> Request {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Request { method: "post".to_owned(), url: url.to_owned(), headers, body: Some(body.to_owned()) }
}

/// What becomes of a `GET` when the server does `act`.
fn met_with(act: Act, limits: &Limits) -> Result<Response, Failure> {
    let server = Server::new(vec![act]);
    send(&get(&server.url("/")), limits)
}

fn raw(text: &str) -> Act {
    Act::Send(text.as_bytes().to_vec())
}

fn word(result: Result<Response, Failure>) -> &'static str {
    let failure = result.unwrap_err();
    assert!(!failure.to_string().is_empty());
    failure.word()
}

#[test]
fn a_request_arrives_as_written() {
    let server = Server::new(vec![response("201 Created", "", r#"{"id": 7, "name": "نور"}"#)]);
    let mut request = post(&server.url("/orders?q=a b&n=1#part"), r#"{"city": "عمّان"}"#);
    request.headers.push(("X-Key".to_owned(), "s3cret".to_owned()));
    request.headers.push(("X-Name".to_owned(), " نور ".to_owned()));
    request.headers.push(("Content-Length".to_owned(), "9999".to_owned()));
    let got = send(&request, &PATIENT).unwrap();
    assert_eq!(got, Response { status: 201, body: r#"{"id": 7, "name": "نور"}"#.to_owned() });

    let sent = server.request();
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    let lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines[0], "POST /orders?q=a%20b&n=1 HTTP/1.1");
    for wanted in ["content-type: application/json", "x-key: s3cret", "x-name: نور", "content-length: 22"] {
        assert!(lines.iter().any(|line| line.eq_ignore_ascii_case(wanted)), "{wanted} in {lines:?}");
    }
    assert!(lines.iter().any(|line| line.starts_with("user-agent: rehearse/")), "{lines:?}");
    assert_eq!(body, r#"{"city": "عمّان"}"#);
}

#[test]
fn every_method_is_sent_with_and_without_a_body() {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"] {
        for body in [None, Some("b")] {
            let server = Server::new(vec![response("200 OK", "", "ok")]);
            let request = Request { method: method.to_owned(), body: body.map(str::to_owned), ..get(&server.url("/")) };
            assert_eq!(
                send(&request, &PATIENT).map(|response| response.body),
                Ok("ok".to_owned()),
                "{method} {body:?}"
            );
            let sent = server.request();
            assert!(sent.starts_with(&format!("{method} / HTTP/1.1\r\n")), "{sent}");
            assert!(sent.ends_with(&format!("\r\n\r\n{}", body.unwrap_or_default())), "{sent}");
        }
    }
}

#[test]
fn error_statuses_are_responses() {
    for (line, status) in [("404 Not Found", 404), ("500 Internal Server Error", 500), ("304 Not Modified", 304)] {
        assert_eq!(met_with(response(line, "", ""), &PATIENT), Ok(Response { status, body: String::new() }));
    }
    let body = r#"{"error": "no such order"}"#;
    assert_eq!(
        met_with(response("404 Not Found", "", body), &PATIENT),
        Ok(Response { status: 404, body: body.to_owned() })
    );
}

#[test]
fn bodies_of_every_framing_are_read() {
    let body = |act| met_with(act, &PATIENT).unwrap().body;
    assert_eq!(
        body(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")),
        "abcde"
    );
    assert_eq!(body(raw("HTTP/1.1 200 OK\r\n\r\nuntil the end")), "until the end");
    assert_eq!(body(raw("HTTP/1.1 204 No Content\r\n\r\n")), "");
    assert_eq!(body(response("200 OK", "", "\u{feff}{}")), "{}");
    assert_eq!(body(Act::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na\xffb".to_vec())), "a\u{fffd}b");
}

#[test]
fn a_server_that_hangs_is_left() {
    for said in ["", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"] {
        let server = Server::new(vec![Act::Hang(said.as_bytes().to_vec())]);
        let started = Instant::now();
        assert_eq!(send(&get(&server.url("/")), &SHORT), Err(Failure::Timeout { after: SHORT.timeout }), "{said:?}");
        assert!(started.elapsed() < SOON, "{said:?}");
        server.connection_ended();
    }
}

#[test]
fn a_server_that_drips_does_not_stretch_the_time() {
    for (first, then) in [("", "HTTP/1.1 200 OK\r\nX-Slow: aaaaaaaaaa"), ("HTTP/1.1 200 OK\r\n\r\n", "a")] {
        let server = Server::new(vec![Act::Drip(first.as_bytes().to_vec(), then.as_bytes().to_vec())]);
        let started = Instant::now();
        assert_eq!(word(send(&get(&server.url("/")), &SHORT)), "timeout", "{first:?}");
        assert!(started.elapsed() < SOON, "{first:?}");
        server.connection_ended();
    }
}

#[test]
fn a_body_without_end_is_not_read_to_its_end() {
    let block = vec![b'x'; 64 * 1024];
    for head in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"] {
        let server = Server::new(vec![Act::Flood(head.as_bytes().to_vec(), block.clone())]);
        assert_eq!(send(&get(&server.url("/")), &PATIENT), Err(Failure::TooLarge { most: PATIENT.body }));
        server.connection_ended();
    }
    let headers = Act::Flood(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-More: and more\r\n".repeat(500));
    assert!(matches!(word(met_with(headers, &PATIENT)), "too_large" | "not_http"));
}

#[test]
fn a_body_at_the_limit_is_read() {
    let limits = Limits { body: 4, ..PATIENT };
    assert_eq!(met_with(response("200 OK", "", "1234"), &limits).unwrap().body, "1234");
    assert_eq!(met_with(response("200 OK", "", "12345"), &limits), Err(Failure::TooLarge { most: 4 }));
}

#[test]
fn redirects_are_followed() {
    let server = Server::new(vec![redirect("302 Found", "/b?c=1"), response("200 OK", "", "there")]);
    let mut request = post(&server.url("/a"), "{}");
    request.headers.push(("Authorization".to_owned(), "Bearer s3cret".to_owned()));
    assert_eq!(send(&request, &PATIENT).unwrap().body, "there");
    assert!(server.request().starts_with("POST /a HTTP/1.1\r\n"));
    let second = server.request();
    assert!(second.starts_with("GET /b?c=1 HTTP/1.1\r\n") && second.contains("Bearer s3cret"), "{second}");
    assert!(!second.to_ascii_lowercase().contains("content-"), "{second}");

    for status in ["307 Temporary Redirect", "308 Permanent Redirect"] {
        let server = Server::new(vec![redirect(status, "/b"), response("200 OK", "", "")]);
        assert_eq!(send(&post(&server.url("/a"), "{}"), &PATIENT).map(|response| response.status), Ok(200));
        server.request();
        let second = server.request();
        assert!(second.starts_with("POST /b HTTP/1.1\r\n") && second.ends_with("\r\n\r\n{}"), "{second}");
    }
}

#[test]
fn neither_keys_nor_the_body_go_to_another_origin() {
    let keyed = |mut request: Request| {
        for name in ["Authorization", "Cookie", "X-Api-Key", "X-Anything"] {
            request.headers.push((name.to_owned(), "s3cret".to_owned()));
        }
        request
    };
    for status in ["307 Temporary Redirect", "308 Permanent Redirect"] {
        let other = Server::new(vec![response("200 OK", "", "other")]);
        let server = Server::new(vec![redirect(status, &other.url("/?token=s3cret"))]);
        let refused = send(&keyed(post(&server.url("/"), "{}")), &PATIENT).unwrap_err();
        assert_eq!(refused.word(), "redirect_refused", "{refused}");
        assert!(refused.to_string().contains("body") && !refused.to_string().contains("s3cret"), "{refused}");
        assert_eq!(other.unseen(), 0, "nothing is sent there");

        // Without a body there is nothing to keep back but the keys.
        assert_eq!(send(&keyed(get(&server.url("/"))), &PATIENT).unwrap().body, "other");
        let second = other.request();
        assert!(!second.contains("x-anything: s3cret") && !second.contains("Bearer"), "{second}");
        assert_eq!(second.matches("s3cret").count(), 1, "only what the server itself wrote: {second}");
    }
    // As browsers do: the body is dropped, and so are the keys.
    let other = Server::new(vec![response("200 OK", "", "other")]);
    let server = Server::new(vec![redirect("302 Found", &other.url("/"))]);
    assert_eq!(send(&keyed(post(&server.url("/"), "{}")), &PATIENT).unwrap().body, "other");
    let second = other.request();
    assert!(second.starts_with("GET ") && !second.contains("s3cret") && second.ends_with("\r\n\r\n"), "{second}");
}

#[test]
fn redirects_end() {
    let server = Server::new(vec![redirect("302 Found", "/again")]);
    let to = server.url("/again");
    assert_eq!(send(&get(&server.url("/")), &PATIENT), Err(Failure::RedirectLoop { most: 3, to }));
    assert_eq!(server.unseen(), 4);
    assert_eq!(word(met_with(redirect("302 Found", "/"), &Limits { redirects: 0, ..PATIENT })), "redirect_loop");
}

#[test]
fn redirects_lead_to_the_web_only() {
    for to in ["file:///etc/passwd", "ftp://127.0.0.1/", "data:text/plain,x", "http://", "javascript:alert(1)"] {
        let result = met_with(redirect("302 Found", to), &PATIENT);
        assert_eq!(result, Err(Failure::BadRedirect { to: to.to_owned() }));
    }
    let nowhere = met_with(response("302 Found", "", "moved"), &PATIENT);
    assert_eq!(nowhere, Ok(Response { status: 302, body: "moved".to_owned() }));
}

#[test]
fn a_connection_that_ends_early_is_told() {
    assert_eq!(word(met_with(Act::Reset, &PATIENT)), "closed_early");
    for text in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
    ] {
        assert_eq!(word(met_with(raw(text), &PATIENT)), "closed_early", "{text:?}");
    }
}

#[test]
fn what_is_not_http_is_told() {
    for text in ["SSH-2.0-OpenSSH_9.9\r\n\r\n", "220 mail.example ESMTP\r\n", "HTTP/1.1 abc\r\n\r\n"] {
        assert_eq!(word(met_with(raw(text), &PATIENT)), "not_http", "{text:?}");
    }
    let chunks = raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc");
    assert_eq!(word(met_with(chunks, &PATIENT)), "not_http");
    let packed = response("200 OK", "Content-Encoding: gzip\r\n", "abc");
    assert_eq!(met_with(packed, &PATIENT), Err(Failure::NotText { encoding: "gzip".to_owned() }));
}

#[test]
fn nobody_there_is_told() {
    let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let refused = send(&get(&format!("http://{address}/secret")), &PATIENT);
    assert_eq!(refused, Err(Failure::Refused { host: address.to_string() }));

    let started = Instant::now();
    let unknown = send(&get("http://user:s3cret@nowhere.invalid/?key=s3cret"), &SHORT).unwrap_err();
    // A machine without network may need longer than that to find out; it must not keep anybody waiting.
    assert!(matches!(unknown.word(), "dns" | "timeout"), "{unknown}");
    assert!(started.elapsed() < SOON);
    assert!(!unknown.to_string().contains("s3cret"), "{unknown}");
}

#[test]
fn tls_needs_a_server_that_speaks_it() {
    let server = Server::new(vec![raw("HTTP/1.1 400 Bad Request\r\n\r\n")]);
    let url = server.url("/").replace("http:", "https:");
    let failure = send(&get(&url), &PATIENT).unwrap_err();
    assert_eq!(failure.word(), "tls", "{failure}");
    assert!(failure.to_string().contains("http://"), "{failure}");
}

#[test]
fn what_cannot_be_sent_is_refused_before_anything_is() {
    for url in [
        "",
        "example.com/x",
        "/x",
        "ftp://example.com",
        "file:///etc/passwd",
        "http://",
        "http://a b/",
        "http://h:99999/",
    ] {
        assert_eq!(word(send(&get(url), &PATIENT)), "bad_url", "{url:?}");
    }
    for method in ["", "G ET", "GET\r\nX: y", "G\u{e9}T"] {
        let request = Request { method: method.to_owned(), ..get("http://127.0.0.1:9/") };
        assert_eq!(word(send(&request, &PATIENT)), "bad_method", "{method:?}");
    }
    let server = Server::new(vec![response("200 OK", "", "")]);
    for (name, value) in [
        ("X-Name", "Ana\r\nX-Admin: yes"),
        ("X-Name", "Ana\nX-Admin: yes"),
        ("X-Name", "\0"),
        ("X-Name\r\nX-Admin", "s3cret"),
        ("", "s3cret"),
        ("X Name", "s3cret"),
    ] {
        let request = Request { headers: vec![(name.to_owned(), value.to_owned())], ..get(&server.url("/")) };
        let failure = send(&request, &PATIENT).unwrap_err();
        assert_eq!(failure.word(), "bad_header", "{name:?}: {value:?}");
        assert!(!failure.to_string().contains("s3cret") && !failure.to_string().contains('\n'), "{failure}");
    }
    assert_eq!(server.unseen(), 0);
}

fn asked(server: &Server) -> Endpoint {
    Endpoint { url: server.url("/v1/"), model: Some("small".to_owned()), key: Some("s3cret".to_owned()) }
}

fn question() -> AiRequest {
    AiRequest {
        objective: AiObjective::AnswerQuestions,
        instructions: Some("Be kind.".to_owned()),
        knowledge: vec!["Open from 9 to 5.".to_owned()],
        collect: Vec::new(),
        conversation: vec![
            (Role::Contact, "Hi".to_owned()),
            (Role::Assistant, "Hello!".to_owned()),
            (Role::Contact, "When are you open?".to_owned()),
        ],
    }
}

/// A completion whose message is `content`.
fn completion(content: &str) -> Act {
    let body = json!({ "choices": [{ "message": { "role": "assistant", "content": content } }] });
    response("200 OK", "Content-Type: application/json\r\n", &body.to_string())
}

fn answered(act: Act) -> Result<AiReply, AiFailure> {
    let server = Server::new(vec![act]);
    ask(&asked(&server), &question(), &PATIENT)
}

#[test]
fn an_ai_is_asked_with_all_it_needs() {
    let server = Server::new(vec![completion(r#"{"say": "From 9 to 5.", "outcome": "success", "collected": {}}"#)]);
    let reply = ask(&asked(&server), &question(), &PATIENT).unwrap();
    let wanted = AiReply { say: "From 9 to 5.".to_owned(), outcome: Some(AiOutcome::Success), collected: Vec::new() };
    assert_eq!(reply, wanted);

    let sent = server.request();
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{head}");
    assert!(head.to_ascii_lowercase().contains("authorization: bearer s3cret"), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["model"], "small");
    assert_eq!(body["stream"], false);
    let said: Vec<&Value> = body["messages"].as_array().unwrap().iter().skip(1).collect();
    let turn = |role: &str, content: &str| json!({ "role": role, "content": content });
    assert_eq!(said, [&turn("user", "Hi"), &turn("assistant", "Hello!"), &turn("user", "When are you open?")]);
    let told = body["messages"][0]["content"].as_str().unwrap();
    assert!(told.contains("Be kind.") && told.contains("Open from 9 to 5.") && told.contains("\"say\""), "{told}");
}

#[test]
fn an_ai_without_model_and_key_is_asked_at_the_full_address() {
    let server = Server::new(vec![completion("Hello")]);
    let endpoint = Endpoint { url: server.url("/openai/chat/completions?v=1"), model: None, key: None };
    let request = AiRequest { conversation: Vec::new(), ..question() };
    assert_eq!(ask(&endpoint, &request, &PATIENT).unwrap().say, "Hello");
    let sent = server.request();
    assert!(sent.starts_with("POST /openai/chat/completions?v=1 HTTP/1.1\r\n"), "{sent}");
    assert!(!sent.to_ascii_lowercase().contains("authorization"), "{sent}");
    let body: Value = serde_json::from_str(sent.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!((body.get("model"), &body["messages"][1]["role"]), (None, &json!("user")));
}

#[test]
fn what_is_no_completion_is_told() {
    for body in [
        "",
        "<html>",
        "{}",
        "[]",
        r#"{"choices": []}"#,
        r#"{"choices": [{}]}"#,
        r#"{"choices": [{"message": {"content": 1}}]}"#,
    ] {
        let failure = answered(response("200 OK", "", body)).unwrap_err();
        assert_eq!(failure.word(), "not_a_completion", "{body}");
    }
    for message in ["", r#"{"said": "x"}"#, r#"{"say": "x", "outcome": "maybe"}"#, r#"{"say": "x"#] {
        let failure = answered(completion(message)).unwrap_err();
        assert_eq!(failure.word(), "bad_answer", "{message}");
    }
}

#[test]
fn an_endpoint_s_own_complaint_is_told() {
    for (body, wanted) in [
        (r#"{"error": {"message": "model not\nfound"}}"#, "model not"),
        (r#"{"error": "model not found"}"#, "model not found"),
        ("Not Found", "Not Found"),
        ("", "without a word"),
    ] {
        let failure = answered(response("404 Not Found", "", body)).unwrap_err();
        let AiFailure::Status { status: 404, said } = &failure else { panic!("{failure}") };
        assert!(said.starts_with(wanted) && !said.contains('\n'), "{said}");
        assert!(failure.to_string().contains("/v1"), "{failure}");
    }
    let long = answered(response("500 Internal Server Error", "", &"x".repeat(9000))).unwrap_err();
    assert!(long.to_string().len() < 500, "{long}");
}

#[test]
fn an_ai_that_is_away_fails_as_any_server_does() {
    let server = Server::new(vec![Act::Hang(Vec::new())]);
    let failure = ask(&asked(&server), &question(), &SHORT).unwrap_err();
    assert_eq!(failure, AiFailure::NoResponse(Failure::Timeout { after: SHORT.timeout }));
    assert_eq!(failure.word(), "timeout");
    assert!(!format!("{:?}", asked(&server)).contains("s3cret"));
}

fn job(url: &str, limits: Limits) -> Job {
    Job::Http { request: get(url), limits }
}

fn ok(body: &str) -> Answer {
    Answer::Http(Ok(Response { status: 200, body: body.to_owned() }))
}

#[test]
fn a_worker_answers_while_another_server_hangs() {
    let hanging = Server::new(vec![Act::Hang(Vec::new())]);
    let quick = Server::new(vec![response("200 OK", "", "quick")]);
    let mut worker = Worker::new();
    assert_eq!((worker.poll(), worker.wait()), (None, None));

    worker.submit(1, job(&hanging.url("/"), PATIENT));
    hanging.request();
    assert_eq!(worker.poll(), None);
    worker.submit(2, job(&quick.url("/"), PATIENT));
    assert_eq!(worker.wait(), Some((2, ok("quick"))));
    assert_eq!((worker.poll(), worker.waiting()), (None, 1));
    worker.cancel(1);
    assert_eq!((worker.wait(), worker.waiting()), (None, 0));
}

#[test]
fn a_worker_hands_out_failures_and_ai_replies() {
    let hanging = Server::new(vec![Act::Hang(Vec::new())]);
    let ai = Server::new(vec![completion("Hello")]);
    let mut worker = Worker::new();
    worker.submit(1, job(&hanging.url("/"), SHORT));
    assert_eq!(worker.wait(), Some((1, Answer::Http(Err(Failure::Timeout { after: SHORT.timeout })))));
    worker.submit(2, Job::Ai { endpoint: asked(&ai), request: question(), limits: PATIENT });
    let Some((2, Answer::Ai(Ok(reply)))) = worker.wait() else { panic!("an AI's reply") };
    assert_eq!((reply.say.as_str(), reply.outcome), ("Hello", None));
}

#[test]
fn the_answer_of_a_cancelled_or_replaced_job_is_never_handed_out() {
    let server =
        Server::new(vec![response("200 OK", "", "old"), response("200 OK", "", "new"), response("200 OK", "", "last")]);
    let mut worker = Worker::new();
    worker.submit(1, job(&server.url("/"), PATIENT));
    server.request();
    server.connection_ended();
    worker.submit(1, job(&server.url("/"), PATIENT));
    assert_eq!(worker.wait(), Some((1, ok("new"))));
    worker.submit(2, job(&server.url("/"), PATIENT));
    worker.cancel(2);
    assert_eq!((worker.wait(), worker.poll()), (None, None));
}

#[test]
fn a_dropped_worker_waits_for_nobody() {
    let server = Server::new(vec![Act::Hang(Vec::new())]);
    let mut worker = Worker::new();
    worker.submit(1, job(&server.url("/"), Limits { timeout: Duration::from_mins(10), ..PATIENT }));
    server.request();
    let started = Instant::now();
    drop(worker);
    assert!(started.elapsed() < SOON);
}
