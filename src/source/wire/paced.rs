//! A limit on the time that a server may take, however little it says at a time.
//!
//! In: a reader that itself gives up where nothing comes for a while. Out: [`Paced`], which also gives
//! up where what comes is next to nothing, and counts it. A conversation is one request with its
//! answer.

use std::io::{self, BufReader, Read};
use std::time::{Duration, Instant};

use super::packet::Fault;

/// How long any conversation may take.
const GRACE: Duration = Duration::from_secs(300);

/// How much a server must give for every second more.
const BYTES_A_SECOND: u64 = 1000;

/// As many bytes may follow an answer and be read, so that the connection can be used again.
const REST: u64 = 1 << 16;

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

/// Reads what is left of a body: only then is its connection used again.
pub(super) fn drain<R: Read>(body: &mut BufReader<Paced<R>>) {
    // Nothing of it is needed, so nothing is lost if it does not come.
    let _ = io::copy(&mut body.take(REST), &mut io::sink());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time, and takes its time for it.
    struct Drip(Duration);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            std::thread::sleep(self.0);
            buffer[0] = b'x';
            Ok(1)
        }
    }

    #[test]
    fn a_drip_ends() {
        let grace = Duration::from_millis(20);
        let mut paced = Paced { grace, ..Paced::new(Drip(Duration::from_millis(1))) };
        let fault = io::copy(&mut paced, &mut io::sink()).map_err(Fault::from);
        assert!(matches!(fault, Err(Fault::Slow { received: 1..=21, .. })), "{fault:?}");
        paced.begin();
        assert_eq!(paced.received(), 0);
        assert!(paced.read(&mut [0]).is_ok());
    }

    #[test]
    fn what_flows_may_take_its_time() {
        let mut paced = Paced { grace: Duration::ZERO, ..Paced::new(io::repeat(1)) };
        assert!(paced.read(&mut [0; 900]).is_err());
        assert!(paced.read(&mut [0; 100_000]).is_ok());
        assert_eq!(paced.received(), 100_900);
    }
}
