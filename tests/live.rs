//! The outside world against a real server that hangs, lies, floods, loops or hangs up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test may fail.

#[path = "support/server.rs"]
mod server;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use rehearsal::flow::model::{AiObjective, AiOutcome};
use rehearsal::live::ai::{self, AiFailure, Endpoint, Question};
use rehearsal::live::http::{self, Failure, Limits, Request, Response};
use server::{Server, answer};

const LIMITS: Limits = Limits { time: Duration::from_secs(5), body: 10_000, redirects: 3 };
/// For servers that never answer: the time is waited out.
const BRIEF: Limits = Limits { time: Duration::from_millis(150), ..LIMITS };

fn get(url: &str) -> Request {
    Request { method: "GET".into(), url: url.into(), headers: Vec::new(), body: None }
}

fn failed(server: &Server, limits: &Limits) -> Failure {
    http::send(&get(&server.url("/")), limits).expect_err("no response")
}

/// Holds the connection until the other side closes it.
fn hold(stream: &mut std::net::TcpStream) {
    let _ = stream.read(&mut [0]);
}

#[test]
fn what_is_sent_arrives_and_what_is_answered_comes_back() {
    let server = Server::saying(&answer("201 Created", "{\"id\": 7, \"n\": \"نعم\"}"));
    let request = Request {
        method: "PATCH".into(),
        url: server.url("/a%20b?q=1"),
        headers: vec![("X-One".into(), "1".into()), ("Content-Type".into(), "text/plain".into())],
        body: Some("grüße".into()),
    };
    let response = http::send(&request, &LIMITS).unwrap();
    assert_eq!(response, Response { status: 201, body: "{\"id\": 7, \"n\": \"نعم\"}".into() });
    let asked = server.asked().concat();
    assert!(asked.starts_with("PATCH /a%20b?q=1 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.to_lowercase().contains("x-one: 1\r\n") && asked.ends_with("\r\n\r\ngrüße"), "{asked}");
}

#[test]
fn every_status_is_a_response() {
    for status in ["404 Not Found", "500 Oops", "204 No Content"] {
        let response = http::send(&get(&Server::saying(&answer(status, "")).url("/")), &LIMITS).unwrap();
        assert_eq!(response.status.to_string(), status[..3]);
    }
}

#[test]
fn a_server_that_hangs_is_given_up() {
    assert_eq!(failed(&Server::start(|_, stream| hold(stream)), &BRIEF), Failure::Timeout(BRIEF.time));
    // One that answers a letter now and then does not keep us either.
    let drip = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            let _ = stream.set_read_timeout(Some(Duration::from_millis(20)));
            if matches!(stream.read(&mut [0]), Ok(0)) {
                return;
            }
        }
    });
    assert_eq!(failed(&drip, &BRIEF), Failure::Timeout(BRIEF.time));
}

#[test]
fn a_flood_is_stopped() {
    let endless = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    assert_eq!(failed(&endless, &LIMITS), Failure::TooLarge(LIMITS.body));
    let told = Server::saying(&answer("200 OK", &"x".repeat(10_001)));
    assert_eq!(failed(&told, &LIMITS), Failure::TooLarge(LIMITS.body));
    let just = http::send(&get(&Server::saying(&answer("200 OK", &"x".repeat(10_000))).url("/")), &LIMITS);
    assert_eq!(just.unwrap().body.len(), 10_000);
}

#[test]
fn redirects_are_followed_but_not_for_ever() {
    let once = Server::start(|number, stream| {
        let text = if number == 0 {
            "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
        } else {
            answer("200 OK", "here")
        };
        let _ = stream.write_all(text.as_bytes());
    });
    assert_eq!(http::send(&get(&once.url("/")), &LIMITS).unwrap().body, "here");
    assert!(once.asked()[1].starts_with("GET /there "));

    let round = Server::saying("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert_eq!(failed(&round, &LIMITS), Failure::RedirectLoop(LIMITS.redirects));
    let away = Server::saying(
        "HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let failure = failed(&away, &LIMITS);
    assert!(matches!(failure, Failure::BadRedirect | Failure::BadRequest(_) | Failure::Connection(_)), "{failure:?}");
}

#[test]
fn who_hangs_up_early_is_told_apart_from_who_answers() {
    for text in ["", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"] {
        assert_eq!(failed(&Server::saying(text), &LIMITS), Failure::ClosedEarly, "{text}");
    }
    let failure = failed(&Server::saying("what is this?\r\n\r\n"), &LIMITS);
    assert_eq!(failure.word(), "connection", "{failure}");
}

#[test]
fn hosts_that_are_not_there_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = http::send(&get(&format!("http://{closed}/")), &LIMITS).unwrap_err();
    assert_eq!(refused, Failure::Refused);
    let plain = Server::saying("no TLS here\r\n");
    let tls = http::send(&get(&plain.url("/").replace("http:", "https:")), &LIMITS).unwrap_err();
    assert_eq!(tls.word(), "tls", "{tls}");
}

#[test]
fn what_cannot_be_sent_is_said_before_anything_is_opened() {
    for url in ["ftp://example.com/", "no address", "https://", "/path"] {
        let failure = http::send(&get(url), &LIMITS).unwrap_err();
        assert_eq!(failure.word(), "bad_request", "{url}: {failure}");
    }
    let mut request = get("http://127.0.0.1:9/");
    request.headers = vec![("X-Said".into(), "a\r\nEvil: 1".into())];
    assert_eq!(http::send(&request, &LIMITS).unwrap_err().word(), "bad_request");
}

fn question() -> Question {
    Question {
        objective: AiObjective::AnswerQuestions,
        instructions: None,
        knowledge: Vec::new(),
        collect: Vec::new(),
        talk: vec![(true, "hello".into())],
    }
}

fn endpoint(url: String) -> Endpoint {
    Endpoint { url, model: Some("small".into()), key: Some("secret".into()) }
}

#[test]
fn a_model_is_asked_and_its_reply_read() {
    let content = serde_json::json!({"say": "Hi!", "outcome": "success"}).to_string();
    let body = serde_json::json!({"choices": [{"message": {"role": "assistant", "content": content}}]}).to_string();
    let server = Server::saying(&answer("200 OK", &body));
    let reply = ai::ask(&endpoint(server.url("/v1/")), &question(), &LIMITS).unwrap();
    assert_eq!((reply.say.as_str(), reply.outcome), ("Hi!", Some(AiOutcome::Success)));
    let asked = server.asked().concat();
    assert!(
        asked.starts_with("POST /v1/chat/completions ")
            && asked.to_lowercase().contains("authorization: bearer secret")
    );
    assert!(asked.contains("\"role\":\"user\",\"content\":\"hello\""), "{asked}");
}

#[test]
fn what_is_no_reply_of_a_model_is_refused() {
    let failure = |text: &str| ai::ask(&endpoint(Server::saying(text).url("/v1")), &question(), &LIMITS).unwrap_err();
    assert!(
        matches!(failure(&answer("401 No", "who are you?")), AiFailure::Status(401, words) if words == "who are you?")
    );
    assert!(matches!(failure(&answer("200 OK", "<html>")), AiFailure::Shape(_)));
    assert!(matches!(failure(&answer("200 OK", "{\"choices\": []}")), AiFailure::Shape(_)));
    assert_eq!(failure("").word(), "closed_early");
}
