//! A listener in front of a server of this machine: it keeps what goes through, and may change it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::{Listener, Sandbox};

/// Listens until it is dropped.
pub struct Relay {
    listener: Listener,
    heard: Arc<Mutex<Heard>>,
}

/// What went through, headers and all.
#[derive(Default)]
pub struct Heard {
    /// How often somebody connected.
    pub connections: usize,
    /// What the clients said.
    pub asked: Vec<u8>,
    /// What the server said.
    pub answered: Vec<u8>,
}

/// Has what is on its way, as it came from a socket.
pub type Change = fn(&mut Vec<u8>);

impl Relay {
    /// Leads to a port of 127.0.0.1. The sandbox calls its own `[PORT]`.
    pub fn to(sandbox: &mut Sandbox, port: u16) -> Self {
        Self::meddling(sandbox, port, |_| {}, |_| {})
    }

    /// The same, and what clients ask and what the server answers is changed.
    pub fn meddling(sandbox: &mut Sandbox, port: u16, asked: Change, answered: Change) -> Self {
        let heard = Arc::new(Mutex::new(Heard::default()));
        let kept = Arc::clone(&heard);
        let listener = Listener::hostile(move |client| {
            let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
            kept.lock().unwrap().connections += 1;
            let ends = (client.try_clone().unwrap(), server.try_clone().unwrap());
            pump(client, server, asked, Arc::clone(&kept), |heard| &mut heard.asked);
            pump(ends.1, ends.0, answered, Arc::clone(&kept), |heard| &mut heard.answered);
        });
        sandbox.alias(listener.port, "[PORT]");
        Self { listener, heard }
    }

    /// The port of 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.listener.port
    }

    /// What went through since the last call.
    pub fn heard(&self) -> Heard {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

impl Heard {
    /// How many bytes it was, both ways.
    pub fn bytes(&self) -> usize {
        self.asked.len() + self.answered.len()
    }
}

/// Carries bytes until one side ends; the other then ends too.
fn pump(
    mut from: TcpStream,
    mut to: TcpStream,
    change: Change,
    heard: Arc<Mutex<Heard>>,
    part: fn(&mut Heard) -> &mut Vec<u8>,
) {
    thread::spawn(move || {
        let mut buffer = vec![0; 70_000];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let mut piece = buffer[..length].to_vec();
            change(&mut piece);
            part(&mut heard.lock().unwrap()).extend_from_slice(&piece);
            if to.write_all(&piece).is_err() {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Read);
        let _ = to.shutdown(Shutdown::Write);
    });
}
