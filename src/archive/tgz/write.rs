//! Writing a .tgz.
//!
//! In: a tree. Out: the same bytes for it each time, and their digest.

use std::io::{self, Write};
use std::path::Path;

use tar::{Builder, EntryType, Header};

use crate::archive::deflate::{Deflater, Pool};
use crate::archive::{Settings, exactly};
use crate::digest::{Hashing, Sha256};
use crate::error::{Error, IoContext};
use crate::progress::Meter;
use crate::tree::{Content, Entry, Tree};

/// The header of gzip (RFC 1952, 2.3): deflated, no flags, no time, an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Writes `tree` to `to`, which errors call `place`, in its order; returns the digest of what was
/// written, and counts the bytes of its files.
///
/// # Errors
/// [`Error::Io`], for a file that cannot be read, or an archive that cannot be written;
/// [`BundleError::Changed`](crate::error::BundleError::Changed) for a file that changes meanwhile.
pub fn write(
    tree: &Tree,
    settings: &Settings,
    meter: &Meter,
    to: impl Write,
    place: &Path,
) -> Result<Sha256, Error> {
    let mut to = Hashing::new(to);
    to.write_all(&HEADER).at("write", place)?;
    let mut pool = Pool::new(settings.threads);
    let mut archive = Builder::new(Deflater::new(&mut pool, settings.level, to));
    for entry in &tree.entries {
        append(&mut archive, entry, settings.time, meter, place)?;
    }
    archive.into_inner().and_then(finish).at("write", place)
}

/// Ends the stream and what is around it: checksum and size.
fn finish(deflater: Deflater<Hashing<impl Write>>) -> io::Result<Sha256> {
    let (mut to, deflated) = deflater.finish()?;
    to.write_all(&deflated.crc.to_le_bytes())?;
    // RFC 1952 has it modulo 2^32.
    to.write_all(&(deflated.size as u32).to_le_bytes())?;
    to.flush()?;
    Ok(to.finish())
}

fn append(
    archive: &mut Builder<impl Write>,
    entry: &Entry,
    time: u64,
    meter: &Meter,
    place: &Path,
) -> Result<(), Error> {
    let mut header = Header::new_gnu();
    header.set_mtime(time);
    header.set_mode(entry.mode());
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    let Some((mut bytes, size)) = exactly::open(entry, meter)? else {
        return append_empty(archive, header, entry).at("write", place);
    };
    header.set_size(size);
    let appended = archive.append_data(&mut header, &entry.path, &mut bytes);
    exactly::copied(appended, &bytes, entry, place)
}

/// A link or a folder.
fn append_empty(
    archive: &mut Builder<impl Write>,
    mut header: Header,
    entry: &Entry,
) -> io::Result<()> {
    if let Content::Link(target) = &entry.content {
        header.set_entry_type(EntryType::Symlink);
        return archive.append_link(&mut header, &entry.path, target);
    }
    header.set_entry_type(EntryType::Directory);
    archive.append_data(&mut header, format!("{}/", entry.path), io::empty())
}
