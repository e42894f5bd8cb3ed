//! All that is done with what a server says, for a fuzzer to do.
//!
//! In: bytes of anybody. Out: whether some of it was understood; a panic, a hang or much memory is what
//! must not be.

use std::io::BufRead;

use super::delta::Delta;
use super::exchange::Failure;
use super::greeting::Greeting;
use super::pack::Limits;
use super::{exchange, index, ls_refs};

/// Less than [`Limits::FEW`]: what is within these is done in no time.
const LIMITS: Limits = Limits {
    objects: 1000,
    blob: 1 << 20,
    other: 1 << 20,
    total: 4 << 20,
    received: 1 << 20,
    chain: 50,
    work: 16 << 20,
};

/// Takes the bytes for a whole conversation, for a pack, and for a delta on itself.
pub(in crate::source) fn all(bytes: &[u8]) -> bool {
    let made = Delta::read(bytes)
        .filter(|delta| delta.result <= LIMITS.blob)
        .and_then(|delta| delta.apply(bytes));
    conversation(bytes).is_ok() | understand(bytes).is_ok() | made.is_some()
}

/// A greeting, refs where they come by themselves, and an answer with a pack.
fn conversation(mut bytes: &[u8]) -> Result<(), Failure> {
    let server = Greeting::read(&mut bytes)?;
    if let Greeting::Capabilities(_) = server {
        ls_refs::read(&mut bytes)?;
    }
    understand(exchange::pack(&server, bytes)?)
}

fn understand(pack: impl BufRead) -> Result<(), Failure> {
    let file = tempfile::tempfile().map_err(Failure::Write)?;
    let (scanned, ids) = index::read(pack, &file, &LIMITS)?;
    assert_eq!(scanned.entries.len(), ids.len());
    Ok(())
}
