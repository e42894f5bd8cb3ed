//! The bytes of an entry, as many as its header has announced: a file that changes meanwhile would
//! otherwise give an archive that nobody can read.

use std::io::{self, BufReader, Read};

use crate::error::Error;
use crate::progress::{Counting, Meter};
use crate::tree::Entry;

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// A reader that ends after so many bytes, and fails where there are more or fewer.
pub struct Exactly<R> {
    bytes: R,
    left: u64,
}

/// The bytes of an entry, counted.
type Bytes<'a> = BufReader<Exactly<Counting<'a, Box<dyn Read + 'a>>>>;

/// The bytes of `entry` and how many they are; `None` for a folder or a link.
///
/// # Errors
/// [`Error::Io`].
pub fn open<'a>(entry: &'a Entry, meter: &'a Meter) -> Result<Option<(Bytes<'a>, u64)>, Error> {
    let size = entry.size()?;
    let exactly = |bytes| Exactly { bytes: meter.counting(bytes), left: size };
    let buffered = |bytes| (BufReader::with_capacity(PIECE, exactly(bytes)), size);
    Ok(entry.open()?.map(buffered))
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        if read as u64 > self.left || (read == 0 && self.left > 0) {
            return Err(io::Error::other("it changed while it was read"));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_while_it_is_read_is_an_error() {
        for (bytes, left, whole) in [("abc", 3, true), ("abc", 4, false), ("abc", 2, false)] {
            let mut reader = Exactly { bytes: bytes.as_bytes(), left };
            assert_eq!(reader.read_to_end(&mut Vec::new()).is_ok(), whole);
        }
    }
}
