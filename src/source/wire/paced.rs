//! A limit on the time that a server may take, however little it says at a time.
//!
//! In: a reader that itself gives up where nothing comes for a while. Out: [`Paced`], which also gives
//! up where what comes is next to nothing, and counts it. A conversation is one request with its
//! answer.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use super::packet::Fault;

/// How long any conversation may take.
const GRACE: Duration = Duration::from_secs(300);

/// How much a server must give for every second more.
const BYTES_A_SECOND: u64 = 1000;

/// Reads as its reader does, not for ever.
pub(super) struct Paced<R> {
    inner: R,
    grace: Duration,
    since: Instant,
    received: u64,
}

impl<R> Paced<R> {
    /// The conversation begins now.
    pub fn new(inner: R) -> Self {
        Self { inner, grace: GRACE, since: Instant::now(), received: 0 }
    }

    /// Another conversation begins.
    pub fn begin(&mut self) {
        (self.since, self.received) = (Instant::now(), 0);
    }

    /// The bytes of this conversation.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// What is read from.
    pub fn inner(&mut self) -> &mut R {
        &mut self.inner
    }
}

impl<R: Read> Read for Paced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.received += length as u64;
        let after = self.since.elapsed();
        match after > self.grace + Duration::from_secs(self.received / BYTES_A_SECOND) {
            true => Err(Fault::Slow { received: self.received, after }.into()),
            false => Ok(length),
        }
    }
}
