//! The bytes of an entry, which must be those that its header promises.
//!
//! In: a range of the source. Out: at most as many bytes as were promised; then a finding, if they
//! were not the promised ones. Memory does not grow with the entry.

use std::io::{BufRead, BufReader, Read, Write};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::ReadError;
use super::entry::DEFLATED;
use super::findings::shown;
use super::header::Header;
use super::source::Range;
use crate::finding::Finding;

/// How much is read and written at once at most, in bytes.
const PIECE: u64 = 64 << 10;

/// Writes the entry's bytes to `into`, and holds them against its header.
///
/// # Errors
/// [`ReadError`]; what was written until then is not to be trusted.
pub fn read(bytes: Range, header: &Header, into: &mut impl Write) -> Result<(), ReadError> {
    let mut from = BufReader::with_capacity(header.compressed.clamp(1, PIECE) as usize, bytes);
    let mut promised = Promised { header, into, written: 0, crc: Crc::new() };
    match header.method {
        DEFLATED => inflate(&mut from, &mut promised)?,
        _ => copy(&mut from, &mut promised)?,
    }
    promised.finish()
}

/// A sink that takes no more than was promised.
struct Promised<'a, W> {
    header: &'a Header,
    into: &'a mut W,
    written: u64,
    crc: Crc,
}

impl<W: Write> Promised<'_, W> {
    /// Room for a piece of them.
    fn piece(&self) -> Vec<u8> {
        vec![0; self.header.size.clamp(1, PIECE) as usize]
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        self.written += bytes.len() as u64;
        if self.written > self.header.size {
            let text = format!("has more than the {} bytes it is said to have", self.header.size);
            return Err(self.damaged("size_wrong", &text));
        }
        self.crc.update(bytes);
        self.into.write_all(bytes).map_err(ReadError::Write)
    }

    fn finish(self) -> Result<(), ReadError> {
        let (size, crc) = (self.header.size, self.header.crc);
        if self.written < size {
            let text = format!("has {} bytes and is said to have {size}", self.written);
            return Err(self.damaged("size_wrong", &text));
        }
        let sum = self.crc.sum();
        if sum != crc {
            let text = format!("has the checksum {sum:08x} and is said to have {crc:08x}");
            return Err(self.damaged("checksum_wrong", &text));
        }
        Ok(())
    }

    fn damaged(&self, code: &'static str, what: &str) -> ReadError {
        let name = shown(&self.header.name);
        ReadError::Damaged(Finding::error(code, format!("{name} {what}")))
    }
}

fn copy(from: &mut impl Read, to: &mut Promised<impl Write>) -> Result<(), ReadError> {
    let mut piece = to.piece();
    loop {
        match from.read(&mut piece).map_err(ReadError::Read)? {
            0 => return Ok(()),
            read => to.take(&piece[..read])?,
        }
    }
}

fn inflate(from: &mut impl BufRead, to: &mut Promised<impl Write>) -> Result<(), ReadError> {
    let mut inflater = Decompress::new(false);
    let mut piece = to.piece();
    loop {
        let input = from.fill_buf().map_err(ReadError::Read)?;
        let is_end = input.is_empty();
        let (taken, given) = (inflater.total_in(), inflater.total_out());
        let status = inflater.decompress(input, &mut piece, FlushDecompress::None);
        let taken = (inflater.total_in() - taken) as usize;
        let given = (inflater.total_out() - given) as usize;
        from.consume(taken);
        to.take(&piece[..given])?;
        match status {
            Ok(Status::StreamEnd) => break,
            Ok(_) if given > 0 || !is_end && taken > 0 => {}
            Ok(_) if is_end => return Err(to.damaged("cut_off", "ends in the middle of its bytes")),
            Ok(_) | Err(_) => return Err(to.damaged("damaged", "cannot be inflated")),
        }
    }
    let used = inflater.total_in();
    if used < to.header.compressed {
        let text =
            format!("ends after {used} of its {} bytes in the archive", to.header.compressed);
        return Err(to.damaged("compressed_size_wrong", &text));
    }
    Ok(())
}
