//! Reading a zip that anybody may have made.
//!
//! In: a file or bytes. Out: an [`Archive`]: its entries as far as they can be told, and a
//! [`Finding`] for everything that is not as it should be. Whoever reads an entry gets its bytes or
//! an error, never more bytes than the directory says and never bytes that its checksum contradicts;
//! an entry with an error is not read at all. Nothing is loaded but the directory.

mod content;
mod end;
mod entry;
mod header;
mod local;
mod name;
mod source;
mod together;

use std::collections::BTreeMap;
use std::io;

use crate::archive::findings::{self, Findings};
use crate::finding::Finding;
use header::{Central, Header, Numbers, Zip64};
use local::Place;

pub use findings::shown;
pub use name::is_sound;
pub use source::Source;

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
    source: Source,
    /// The entries, in the order of the directory; duplicates as often as they stand there.
    pub records: Vec<Record>,
    /// What is wrong with its structure.
    pub findings: Vec<Finding>,
    headers: Vec<Header>,
    places: Vec<Option<Place>>,
    refused: BTreeMap<usize, Finding>,
}

/// Why an entry cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It must not be trusted; what follows is not written.
    #[error("{}", .0.message)]
    Damaged(Finding),
    /// The archive cannot be read.
    #[error(transparent)]
    Read(io::Error),
    /// Its bytes cannot be written.
    #[error(transparent)]
    Write(io::Error),
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Read(error) | ReadError::Write(error) => error,
            damaged @ ReadError::Damaged(_) => Self::new(io::ErrorKind::InvalidData, damaged),
        }
    }
}

impl Archive {
    /// Reads the directory, and holds every header against it. What is no zip has no records, and a
    /// finding.
    ///
    /// # Errors
    /// Those of the system in reading.
    pub fn open(source: impl Into<Source>) -> io::Result<Self> {
        let source = source.into();
        let mut found = Findings::default();
        let (mut entries, mut places) = (Vec::new(), Vec::new());
        if let Some(directory) = end::locate(&source, &mut found)? {
            entries =
                headers(&source.bytes(directory.start, directory.size)?, &directory, &mut found);
            entry::judge(&entries, &mut found);
            together::names(&entries, &mut found);
            places = local::places(&source, &directory, &entries, &mut found)?;
            together::gaps(&places, &entries, &directory, &mut found);
        }
        let records = entries.iter().map(record).collect();
        let (findings, refused) = found.finish();
        let headers = entries.into_iter().map(|entry| entry.header).collect();
        Ok(Self { source, records, findings, headers, places, refused })
    }

    /// The first of the findings for which the entry at `index` is not read.
    pub fn refusal(&self, index: usize) -> Option<&Finding> {
        self.refused.get(&index)
    }

    /// Writes the bytes of the entry at `index` of [`records`](Self::records) to `into`.
    ///
    /// # Errors
    /// [`ReadError`]: those of reading and writing; a finding where size, checksum or stream are not
    /// as they were said to be, or where the entry is refused.
    pub fn read(&self, index: usize, into: &mut impl io::Write) -> Result<(), ReadError> {
        if let Some(finding) = self.refusal(index) {
            return Err(ReadError::Damaged(finding.clone()));
        }
        let place = self.places[index].expect("an entry without a place is refused");
        content::read(self.source.range(place.bytes, place.end), &self.headers[index], into)
    }

    /// The bytes of the archive itself.
    pub fn source(&self) -> &Source {
        &self.source
    }
}

/// The headers of the directory, as many as there are.
fn headers(bytes: &[u8], directory: &end::Directory, found: &mut Findings) -> Vec<Central> {
    let mut at = Numbers(bytes);
    let mut entries = Vec::new();
    while !at.0.is_empty() && entries.len() as u64 <= directory.entries {
        let Some(entry) = Central::parse(&mut at) else {
            let offset = directory.start + (bytes.len() - at.0.len()) as u64;
            let text = format!("the directory has something else than an entry at byte {offset}");
            found.add(Finding::error("directory_damaged", text));
            return entries;
        };
        entries.push(entry);
    }
    let (there, said) = (entries.len() as u64, directory.entries);
    if there != said {
        let there = if there > said { "larger".to_owned() } else { there.to_string() };
        let text = format!("the number of entries is said to be {said}, and is {there}");
        found.add(Finding::error("directory_damaged", text));
    }
    if entries.iter().any(|entry| entry.header.zip64 == Zip64::Unneeded) {
        let text = "entries have fields of zip64 that no value needs";
        found.add(Finding::note("zip64_unneeded", text));
    }
    entries
}

fn record(entry: &Central) -> Record {
    Record {
        name: String::from_utf8_lossy(&entry.header.name).into_owned(),
        kind: entry::kind(entry),
        size: entry.header.size,
        compressed: entry.header.compressed,
        mode: entry.attributes >> 16 & 0o7777,
    }
}
