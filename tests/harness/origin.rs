//! A web server that answers as badly as a test wants, and knows what it was asked for.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::{Listener, Sandbox};

/// Listens until it is dropped.
pub struct Origin {
    _listener: Listener,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    log: Arc<Mutex<Vec<String>>>,
}

/// A request: which it is, counted from 0, for which path, from which byte on, and whether it has a
/// login.
pub struct Asked {
    pub number: usize,
    pub path: String,
    pub from: Option<usize>,
    pub has_login: bool,
}

/// What a server says to a request, before it ends the connection.
pub struct Answer {
    head: String,
    body: Vec<u8>,
    /// After each of so many bytes it takes a rest.
    pace: (usize, Duration),
    /// It waits for the other side to end the connection.
    waits: bool,
}

impl Answer {
    /// A status, and headers with `\n` at their ends.
    pub fn new(status: &str, headers: &str, body: &[u8]) -> Self {
        let headers = headers.replace('\n', "\r\n");
        let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
        Self { head, body: body.to_vec(), pace: (usize::MAX, Duration::ZERO), waits: false }
    }

    /// All of `bytes`.
    pub fn whole(bytes: &[u8]) -> Self {
        Self::new("200 OK", &format!("Content-Length: {}\n", bytes.len()), bytes)
    }

    /// What a good server gives of `bytes`: the part that was asked for.
    pub fn of(bytes: &[u8], asked: &Asked) -> Self {
        let Some(from) = asked.from else { return Self::whole(bytes) };
        let size = bytes.len();
        if from >= size {
            return Self::new("416 Range Not Satisfiable", "Content-Length: 0\n", b"");
        }
        let headers = format!(
            "Content-Length: {}\nContent-Range: bytes {from}-{}/{size}\n",
            size - from,
            size - 1
        );
        Self::new("206 Partial Content", &headers, &bytes[from..])
    }

    /// The same, but the connection ends before the rest comes.
    pub fn cut(mut self, at: usize) -> Self {
        self.body.truncate(at);
        self
    }

    /// Nothing at all.
    pub fn nothing() -> Self {
        Self { head: String::new(), ..Self::new("", "", b"") }
    }

    /// The same, and then nothing, until nobody waits for the rest any more.
    pub fn waiting(mut self) -> Self {
        self.waits = true;
        self
    }

    /// The same in pieces of so many bytes, each after a rest.
    pub fn slow(mut self, piece: usize, rest: Duration) -> Self {
        self.pace = (piece, rest);
        self
    }

    fn give(&self, mut socket: TcpStream) -> io::Result<()> {
        socket.write_all(self.head.as_bytes())?;
        for piece in self.body.chunks(self.pace.0) {
            thread::sleep(self.pace.1);
            socket.write_all(piece)?;
        }
        if self.waits {
            io::copy(&mut socket, &mut io::sink())?;
        }
        socket.shutdown(Shutdown::Both)
    }
}

impl Origin {
    /// The sandbox calls its port `[PORT]`.
    pub fn start(
        sandbox: &mut Sandbox,
        answer: impl Fn(&Asked) -> Answer + Send + 'static,
    ) -> Self {
        let log = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&log);
        let listener = Listener::hostile(move |socket| {
            let mut lines =
                BufReader::new(socket.try_clone().unwrap()).lines().map_while(Result::ok);
            let Some(first) = lines.next() else { return };
            let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
            let header = |name: &str| {
                let lower = headers.iter().map(|line| line.to_lowercase());
                lower.filter_map(|line| line.strip_prefix(name).map(str::to_owned)).next()
            };
            let range = header("range: bytes=");
            let has_login = header("authorization: ").is_some();
            let from = range.map(|range| range.trim_end_matches('-').parse().unwrap());
            let asked = Asked { number: written.lock().unwrap().len(), path, from, has_login };
            let answer = answer(&asked);
            let status = answer.head.split(' ').nth(1).unwrap_or("no answer");
            let range = from.map_or_else(String::new, |from| format!(" from {from}"));
            let line = format!("{}{range}: {status}, {} bytes", asked.path, answer.body.len());
            written.lock().unwrap().push(line);
            let _ = answer.give(socket);
        });
        sandbox.alias(listener.port, "[PORT]");
        let url = format!("http://127.0.0.1:{}", listener.port);
        Self { _listener: listener, url, log }
    }

    /// One line for each request since the last call: `/path from BYTE: STATUS, SENT bytes`.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}
