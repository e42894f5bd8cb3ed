//! The finished file, read by our own reader before anybody else can.
//!
//! In: a file, and what was written to it. Out: its digest, if it holds just that. Inflating and
//! hashing are done side by side.

use std::fs::File;
use std::io;
use std::thread;

use crate::archive::zip::{Archive, Sealed};
use crate::digest::{Hashing, Sha256};
use crate::finding::{Finding, Severity};
use crate::progress::Meter;

/// What is smaller, in bytes, is read before another thread would have started.
const LARGE: u64 = 1 << 20;

/// Why a finished file must not appear.
pub enum Fault {
    /// It cannot be read, also where the bytes of an entry are not as its header says.
    Unreadable(io::Error),
    /// It holds something else than what was written.
    Differs,
    /// It is what was to be written, and no reader would take it.
    Refused(Finding),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

/// The digest of `file`, if our reader takes it, and finds in it what was `written`.
///
/// # Errors
/// [`Fault`].
pub fn read_back(file: &File, written: &[Sealed], meter: &Meter) -> Result<Sha256, Fault> {
    let archive = Archive::open(file.try_clone()?)?;
    let total = archive.records.iter().map(|record| record.size).sum();
    meter.begin("Checking", "what was written", Some(total));
    let (source, size) = (archive.source(), file.metadata()?.len());
    let whole = || Sha256::of_reader(source.range(0, size));
    if size < LARGE {
        holds(&archive, written, meter)?;
        return Ok(whole()?);
    }
    thread::scope(|scope| {
        let whole = thread::Builder::new().spawn_scoped(scope, whole)?;
        holds(&archive, written, meter)?;
        Ok(whole.join().expect("hashing does not panic")?)
    })
}

fn holds(archive: &Archive, written: &[Sealed], meter: &Meter) -> Result<(), Fault> {
    let names = archive.records.iter().map(|record| &record.name);
    if !names.eq(written.iter().map(|(path, _)| path)) {
        return Err(Fault::Differs);
    }
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    if let Some(finding) = archive.findings.iter().find(is_error) {
        return Err(Fault::Refused(finding.clone()));
    }
    for (index, (_, digest)) in written.iter().enumerate() {
        if hash(archive, index, meter)? != *digest {
            return Err(Fault::Differs);
        }
    }
    Ok(())
}

/// The digest of an entry; of a large one taken while the rest of it is inflated.
fn hash(archive: &Archive, index: usize, meter: &Meter) -> io::Result<Sha256> {
    if archive.records[index].size < LARGE {
        let mut hashing = Hashing::new(io::sink());
        archive.read(index, &mut hashing)?;
        return Ok(hashing.finish());
    }
    Sha256::beside(|to| archive.read(index, &mut meter.counting(to)).map_err(io::Error::from))
}
