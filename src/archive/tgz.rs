//! A tar archive, compressed with gzip.

use std::io::{self, Read, Write};

use flate2::{Compression, GzBuilder};
use tar::{EntryType, Header};

use super::blocks::Blocks;
use crate::error::{Error, IoContext};
use crate::tree::{Content, Entry, Tree};

/// 1980-01-01T00:00:00Z in seconds: the earliest time that a zip can say, here as there.
const TIME: u64 = 315_532_800;

/// Writes `tree` to `to`, in its order.
///
/// # Errors
/// [`Error::Io`], for a file that cannot be read or an archive that cannot be written.
pub fn write(tree: &Tree, to: impl Write) -> Result<(), Error> {
    let gzip = GzBuilder::new().write(to, Compression::default());
    let mut archive = tar::Builder::new(Blocks::new(gzip));
    for entry in &tree.entries {
        append(&mut archive, entry)?;
    }
    archive
        .into_inner()
        .and_then(Blocks::finish)
        .and_then(|gzip| gzip.finish())
        .at("write", "the .tgz")?;
    Ok(())
}

fn append(archive: &mut tar::Builder<impl Write>, entry: &Entry) -> Result<(), Error> {
    let mut header = Header::new_gnu();
    header.set_mtime(TIME);
    header.set_mode(entry.mode());
    header.set_uid(0);
    header.set_gid(0);
    let size = entry.size()?;
    header.set_size(size);
    match (&entry.content, entry.open()?) {
        (Content::Link(target), _) => {
            header.set_entry_type(EntryType::Symlink);
            archive.append_link(&mut header, &entry.path, target)
        }
        (_, Some(bytes)) => archive.append_data(&mut header, &entry.path, Exactly { bytes, size }),
        (_, None) => {
            header.set_entry_type(EntryType::Directory);
            archive.append_data(&mut header, format!("{}/", entry.path), io::empty())
        }
    }
    .at("archive", &entry.path)
}

/// A reader of as many bytes as the header has announced: a file that changes meanwhile would
/// otherwise give an archive that nobody can read.
struct Exactly<R> {
    bytes: R,
    size: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        if read as u64 > self.size || (read == 0 && self.size > 0) {
            return Err(io::Error::other("it changed while it was read"));
        }
        self.size -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_while_it_is_read_is_an_error() {
        for (bytes, size) in [("abc", 4), ("abc", 2)] {
            let mut reader = Exactly { bytes: bytes.as_bytes(), size };
            assert!(reader.read_to_end(&mut Vec::new()).is_err());
        }
    }
}
