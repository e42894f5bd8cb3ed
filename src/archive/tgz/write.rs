//! Writing a .tgz.
//!
//! In: a tree. Out: the same bytes for it each time, and their digest.

use std::io::{self, Write};

use tar::{Builder, EntryType, Header};

use crate::archive::deflate::{Deflater, Pool};
use crate::archive::{Settings, exactly};
use crate::digest::{Hashing, Sha256};
use crate::error::{Error, IoContext};
use crate::progress::Meter;
use crate::tree::{Content, Entry, Tree};

/// The header of gzip (RFC 1952, 2.3): deflated, no flags, no time, an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Writes `tree` to `to`, in its order; returns the digest of what was written, and counts the bytes
/// of its files.
///
/// # Errors
/// [`Error::Io`], for a file that cannot be read or changes meanwhile, or an archive that cannot be
/// written.
pub fn write(
    tree: &Tree,
    settings: &Settings,
    meter: &Meter,
    to: impl Write,
) -> Result<Sha256, Error> {
    let mut to = Hashing::new(to);
    to.write_all(&HEADER).at("write", "the .tgz")?;
    let mut pool = Pool::new(settings.threads);
    let mut archive = Builder::new(Deflater::new(&mut pool, settings.level, to));
    for entry in &tree.entries {
        append(&mut archive, entry, settings.time, meter)?;
    }
    archive.into_inner().and_then(finish).at("write", "the .tgz")
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
) -> Result<(), Error> {
    let mut header = Header::new_gnu();
    header.set_mtime(time);
    header.set_mode(entry.mode());
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    match (&entry.content, exactly::open(entry, meter)?) {
        (Content::Link(target), _) => {
            header.set_entry_type(EntryType::Symlink);
            archive.append_link(&mut header, &entry.path, target)
        }
        (_, Some((bytes, size))) => {
            header.set_size(size);
            archive.append_data(&mut header, &entry.path, bytes)
        }
        (_, None) => {
            header.set_entry_type(EntryType::Directory);
            archive.append_data(&mut header, format!("{}/", entry.path), io::empty())
        }
    }
    .at("archive", &entry.path)
}
