//! The bytes of an entry, as many as its header has announced: a file that changes meanwhile would
//! otherwise give an archive that nobody can read.

use std::io::{self, BufReader, Read};
use std::path::Path;

use crate::error::{BundleError, Error, IoContext};
use crate::progress::{Counting, Meter};
use crate::tree::{Changed, Entry};

/// How much is read at once at most, in bytes.
const PIECE: u64 = 64 * 1024;

/// A reader that ends after so many bytes, and fails where there are more or fewer.
pub struct Exactly<R> {
    bytes: R,
    left: u64,
    failed: Option<Failure>,
}

#[derive(Clone, Copy)]
enum Failure {
    /// They are not what they were.
    Changed,
    /// They cannot be read.
    Unreadable,
}

impl Failure {
    fn of(error: &io::Error) -> Option<Self> {
        match error.get_ref() {
            Some(cause) if cause.is::<Changed>() => Some(Self::Changed),
            // It is tried again.
            _ if error.kind() == io::ErrorKind::Interrupted => None,
            _ => Some(Self::Unreadable),
        }
    }
}

/// The bytes of an entry, counted.
pub type Bytes<'a> = BufReader<Exactly<Counting<'a, Box<dyn Read + 'a>>>>;

/// The bytes of `entry` and how many they are; `None` for a folder or a link.
///
/// # Errors
/// Those of [`Entry::open`].
pub fn open<'a>(entry: &'a Entry, meter: &'a Meter) -> Result<Option<(Bytes<'a>, u64)>, Error> {
    let Some((bytes, size)) = entry.open()? else { return Ok(None) };
    let exactly = Exactly { bytes: meter.counting(bytes), left: size, failed: None };
    Ok(Some((BufReader::with_capacity(size.clamp(1, PIECE) as usize, exactly), size)))
}

/// What came of copying the `bytes` of `entry` to `place`: an error is that of the one of the two
/// which could not be used.
///
/// # Errors
/// [`BundleError::Changed`], [`Error::Io`].
pub fn copied<T>(
    result: io::Result<T>,
    bytes: &Bytes,
    entry: &Entry,
    place: &Path,
) -> Result<T, Error> {
    match bytes.get_ref().failed {
        Some(Failure::Changed) => {
            Err(BundleError::Changed { path: entry.path.clone().into() }.into())
        }
        Some(Failure::Unreadable) => result.at("read", &entry.path),
        None => result.at("write", place),
    }
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read =
            self.bytes.read(buffer).and_then(|read| match self.left.checked_sub(read as u64) {
                Some(left) if read > 0 || left == 0 => Ok((read, left)),
                _ => Err(io::Error::other(Changed)),
            });
        let (read, left) = read.inspect_err(|error| self.failed = Failure::of(error))?;
        self.left = left;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_while_it_is_read_is_an_error() {
        for (bytes, left, whole) in [("abc", 3, true), ("abc", 4, false), ("abc", 2, false)] {
            let mut reader = Exactly { bytes: bytes.as_bytes(), left, failed: None };
            assert_eq!(reader.read_to_end(&mut Vec::new()).is_ok(), whole);
        }
    }
}
