//! A zip archive.

mod read;

use std::io::{self, Read, Seek, Write};
use std::mem::ManuallyDrop;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::blocks::Blocks;
use crate::digest::{Hashing, Sha256};
use crate::error::{Error, IoContext};
use crate::tree::{Entry, Tree};

pub use read::{Archive, Kind, ReadError, Record, Source, shown};

/// From this size on an entry's header needs the fields of zip64.
const ZIP64: u64 = u32::MAX as u64;

/// The path and the digest of an entry's bytes.
pub type Sealed = (String, Sha256);

/// Writes the files of `tree` to `to`, in its order; returns what was written.
///
/// # Errors
/// [`Error::Io`].
pub fn write(tree: &Tree, to: impl Write + Seek) -> Result<Vec<Sealed>, Error> {
    // Dropped before it is finished, the writer tries to finish, and talks to stderr where it cannot.
    let mut archive = ManuallyDrop::new(ZipWriter::new(to));
    let sealed = tree
        .entries
        .iter()
        .filter_map(|entry| append(&mut archive, entry).transpose())
        .collect::<Result<_, _>>()?;
    ManuallyDrop::into_inner(archive)
        .finish()
        .map_err(io::Error::from)
        .and_then(|mut to| to.flush())
        .at("write", "the zip")?;
    Ok(sealed)
}

fn append(
    archive: &mut ZipWriter<impl Write + Seek>,
    entry: &Entry,
) -> Result<Option<Sealed>, Error> {
    let Some(mut bytes) = entry.open()? else { return Ok(None) };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(entry.mode())
        .large_file(entry.size()? >= ZIP64);
    let mut pass = || -> io::Result<Sha256> {
        archive.start_file(&entry.path, options)?;
        let mut hashing = Hashing::new(Blocks::new(&mut *archive));
        io::copy(&mut bytes, &mut hashing)?;
        hashing.flush()?;
        Ok(hashing.finish())
    };
    let digest = pass().at("archive", &entry.path)?;
    Ok(Some((entry.path.clone(), digest)))
}

/// Reads a zip to its end: the path and digest of every entry, in the order of its directory.
///
/// # Errors
/// What the reader found wrong: structure, sizes or checksums.
pub fn read(from: impl Read + Seek) -> io::Result<Vec<Sealed>> {
    let mut archive = ZipArchive::new(from)?;
    (0..archive.len())
        .map(|index| {
            let entry = archive.by_index(index)?;
            Ok((entry.name()?.into_owned(), Sha256::of_reader(entry)?))
        })
        .collect()
}
