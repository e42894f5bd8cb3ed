//! Where the bytes of an archive come from.
//!
//! In: a file, or bytes in memory. Out: reads at any offset, so that nothing is loaded that is not
//! looked at, and the same archive can be read by several threads.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;

/// The bytes of an archive.
#[derive(Debug)]
pub enum Source {
    /// Those of a regular file.
    File(File),
    /// Those in memory.
    Bytes(Vec<u8>),
}

impl From<File> for Source {
    fn from(file: File) -> Self {
        Self::File(file)
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl Source {
    /// How many bytes there are.
    ///
    /// # Errors
    /// Those of asking the system.
    pub fn size(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// Reads what there is between two offsets; nothing where the second is not behind the first.
    pub fn range(&self, start: u64, end: u64) -> Range<'_> {
        Range { source: self, at: start, end }
    }

    /// The bytes between two offsets, fewer where the source ends.
    pub(super) fn bytes(&self, start: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.range(start, start.saturating_add(length)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read_at(buffer, offset),
            Self::Bytes(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                (&bytes[start..]).read(buffer)
            }
        }
    }
}

/// A part of a source; it ends early where the source does.
pub struct Range<'a> {
    source: &'a Source,
    at: u64,
    end: u64,
}

impl Read for Range<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        let read = self.source.read_at(&mut buffer[..wanted], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
