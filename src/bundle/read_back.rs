//! The finished file, read by our own reader before anybody else can.
//!
//! In: a file, and what was written to it. Out: its digest, if it holds just that. Inflating and
//! hashing are done side by side.

use std::fs::File;
use std::io;
use std::thread;

use crate::archive::zip::{Archive, Sealed};
use crate::digest::{Hashing, Sha256};
use crate::progress::Meter;

/// What is smaller, in bytes, is read before another thread would have started.
const LARGE: u64 = 1 << 20;

/// The digest of `file`, if our reader finds nothing wrong with it, and in it what was `written`.
///
/// # Errors
/// Those of reading, also where the bytes of an entry are not as its header says.
pub fn read_back(file: &File, written: &[Sealed], meter: &Meter) -> io::Result<Option<Sha256>> {
    let archive = Archive::open(file.try_clone()?)?;
    let total = archive.records.iter().map(|record| record.size).sum();
    meter.begin("Checking", "what was written", Some(total));
    let (source, size) = (archive.source(), file.metadata()?.len());
    let whole = || Sha256::of_reader(source.range(0, size));
    if size < LARGE {
        return holds(&archive, written, meter)?.then(whole).transpose();
    }
    thread::scope(|scope| {
        let whole = scope.spawn(whole);
        let holds = holds(&archive, written, meter)?;
        let whole = whole.join().expect("hashing does not panic")?;
        Ok(holds.then_some(whole))
    })
}

fn holds(archive: &Archive, written: &[Sealed], meter: &Meter) -> io::Result<bool> {
    if !archive.findings.is_empty() || archive.records.len() != written.len() {
        return Ok(false);
    }
    for (index, (path, digest)) in written.iter().enumerate() {
        if archive.records[index].name != *path || hash(archive, index, meter)? != *digest {
            return Ok(false);
        }
    }
    Ok(true)
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
