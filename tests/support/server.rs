//! A server on this machine that answers as it is told, also badly.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the server does once a request has come.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes and closes.
    Send(Vec<u8>),
    /// Sends these bytes and says nothing more until the client goes.
    Hang(Vec<u8>),
    /// Sends the first bytes, then the second ones one by one, again and again, until the client goes.
    Drip(Vec<u8>, Vec<u8>),
    /// Sends the first bytes, then the second ones again and again as fast as they are taken, until the client goes.
    Flood(Vec<u8>, Vec<u8>),
    /// Breaks the connection before the request is read.
    Reset,
}

/// A server that meets its connections with acts, one after the other; the last act meets all further ones.
pub struct Server {
    address: SocketAddr,
    requests: Receiver<String>,
    /// One message for each connection that is over.
    ended: Receiver<()>,
    stop: Arc<Mutex<bool>>,
}

impl Server {
    /// A server that does `acts`.
    pub fn new(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (requests, seen) = channel();
        let (over, ended) = channel();
        let stop = Arc::new(Mutex::new(false));
        let stopped = Arc::clone(&stop);
        thread::spawn(move || {
            let mut acts = acts.into_iter();
            let mut act = acts.next().expect("an act");
            for stream in listener.incoming() {
                if *stopped.lock().expect("a lock") {
                    return;
                }
                let Ok(stream) = stream else { return };
                let (now, requests, over) = (act.clone(), requests.clone(), over.clone());
                thread::spawn(move || {
                    play(stream, &now, &requests);
                    let _ = over.send(());
                });
                act = acts.next().unwrap_or(act);
            }
        });
        Self { address, requests: seen, ended, stop }
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request that came, as it came. Waits for it.
    pub fn request(&self) -> String {
        self.requests.recv_timeout(Duration::from_secs(10)).expect("a request")
    }

    /// How many requests came that nobody has looked at.
    pub fn unseen(&self) -> usize {
        self.requests.try_iter().count()
    }

    /// Waits until one more connection is over, that is until the client has let go of it.
    pub fn connection_ended(&self) {
        self.ended.recv_timeout(Duration::from_secs(10)).expect("the end of a connection");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        *self.stop.lock().expect("a lock") = true;
        // Wakes the listener, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

/// A plain response with a body.
pub fn response(status: &str, headers: &str, body: &str) -> Act {
    Act::Send(format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

/// A redirect.
pub fn redirect(status: &str, to: &str) -> Act {
    response(status, &format!("Location: {to}\r\n"), "")
}

fn play(mut stream: TcpStream, act: &Act, requests: &Sender<String>) {
    if matches!(act, Act::Reset) {
        return;
    }
    let Some(request) = read(&mut stream) else { return };
    let _ = requests.send(request);
    match act {
        Act::Send(bytes) => {
            let _ = stream.write_all(bytes);
            let _ = stream.shutdown(Shutdown::Write);
            wait_for_the_end(&mut stream);
        }
        Act::Hang(bytes) => {
            let _ = stream.write_all(bytes);
            wait_for_the_end(&mut stream);
        }
        Act::Drip(first, then) => {
            let _ = stream.write_all(first);
            // The pause between two bytes is a wait for a client that says nothing more.
            let _ = stream.set_read_timeout(Some(Duration::from_millis(5)));
            for byte in then.iter().cycle() {
                if stream.write_all(&[*byte]).is_err() || matches!(stream.read(&mut [0]), Ok(0)) {
                    return;
                }
            }
        }
        Act::Flood(first, then) => {
            let _ = stream.write_all(first);
            while stream.write_all(then).is_ok() {}
        }
        Act::Reset => {}
    }
}

fn wait_for_the_end(stream: &mut TcpStream) {
    while matches!(stream.read(&mut [0; 512]), Ok(1..)) {}
}

/// One request: its head, and as much body as its length says. What is not HTTP is read once.
fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if !text.contains("HTTP/1.1") {
            return Some(text);
        }
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some(text);
        }
    }
}
