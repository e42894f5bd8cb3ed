//! The objects of a pack, by their ids, for libgit2 to read (gitformat-pack(5), version 2 of "*.idx").
//!
//! In: a pack as it arrives. Out: the pack and its index, in a repository of ours. libgit2 could make
//! the index too, but goes round for ever, and takes all memory, where a delta makes an object that is
//! there already; and it does not limit what a delta may become.

use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::Path;

use git2::{Oid, Repository};

use super::exchange::Failure;
use super::pack::{self, Entry, Limits, Scanned};
use super::resolve;

/// Puts the pack that is all of `from` into `repository`, with each object under the id that it has.
pub(super) fn store(
    from: impl BufRead,
    repository: &Repository,
    limits: &Limits,
) -> Result<(), Failure> {
    let folder = repository.path().join("objects/pack");
    let named = tempfile::Builder::new().prefix("pack-").suffix(".pack").tempfile_in(folder);
    let pack = named.map_err(Failure::Write)?;
    let scanned = pack::scan(from, BufWriter::with_capacity(1 << 18, pack.as_file()), limits)?;
    let ids = resolve::all(pack.as_file(), &scanned.entries, limits)?;
    let (_, path) = pack.keep().map_err(|error| Failure::Write(error.error))?;
    write(&path.with_extension("idx"), &scanned, &ids).map_err(Failure::Write)?;
    let refreshed = repository.odb().and_then(|odb| odb.refresh());
    refreshed.map_err(|error| Failure::Store(error.into()))
}

fn write(path: &Path, pack: &Scanned, ids: &[Oid]) -> std::io::Result<()> {
    let mut objects: Vec<(&Oid, &Entry)> = ids.iter().zip(&pack.entries).collect();
    objects.sort_by_key(|(id, _)| **id);
    let mut to = BufWriter::new(File::create_new(path)?);
    to.write_all(b"\xfftOc\0\0\0\x02")?;
    for first in 0..=255 {
        let until = objects.partition_point(|(id, _)| id.as_bytes()[0] <= first);
        to.write_all(&(until as u32).to_be_bytes())?;
    }
    for (id, _) in &objects {
        to.write_all(id.as_bytes())?;
    }
    for (_, entry) in &objects {
        to.write_all(&entry.crc.to_be_bytes())?;
    }
    // What begins behind 2 GB has its place in a table of its own.
    let mut far = Vec::new();
    for (_, entry) in &objects {
        let near = u32::try_from(entry.at).ok().filter(|at| at >> 31 == 0);
        let place = near.unwrap_or_else(|| {
            far.push(entry.at);
            1 << 31 | (far.len() - 1) as u32
        });
        to.write_all(&place.to_be_bytes())?;
    }
    for at in far {
        to.write_all(&at.to_be_bytes())?;
    }
    to.write_all(&pack.trailer)?;
    // The index's own checksum, at which nobody looks who has just written it.
    to.write_all(&[0; 20])?;
    to.flush()
}
