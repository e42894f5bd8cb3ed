//! zlib streams of a size that is known before (RFC 1950).
//!
//! In: a reader at the start of a stream. Out: its bytes, piece by piece, just as many as were said;
//! the reader then stands behind the stream.

use std::io::{BufRead, ErrorKind};

use flate2::{Decompress, FlushDecompress, Status};

use super::exchange::Failure;
use super::pack::wrong;
use super::packet::Fault;

/// What inflates one stream after the other.
pub(super) struct Inflater {
    zlib: Decompress,
    made: Box<[u8]>,
}

impl Default for Inflater {
    fn default() -> Self {
        Self { zlib: Decompress::new(true), made: vec![0; 64 << 10].into() }
    }
}

impl Inflater {
    /// Inflates the next stream, which must be of `size` bytes.
    pub fn each(
        &mut self,
        from: &mut impl BufRead,
        size: u64,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), Failure> {
        self.zlib.reset(true);
        loop {
            let (read, made) = (self.zlib.total_in(), self.zlib.total_out());
            let input = from.fill_buf().map_err(Fault::from)?;
            if input.is_empty() {
                return Err(Fault::Io(ErrorKind::UnexpectedEof.into()).into());
            }
            let status = self.zlib.decompress(input, &mut self.made, FlushDecompress::None);
            let status = status.map_err(|_| wrong("a damaged zlib stream"))?;
            let read = (self.zlib.total_in() - read) as usize;
            let made = (self.zlib.total_out() - made) as usize;
            from.consume(read);
            take(&self.made[..made]);
            match status {
                _ if self.zlib.total_out() > size => break,
                Status::StreamEnd => break,
                _ if read == 0 && made == 0 => return Err(wrong("a damaged zlib stream")),
                _ => {}
            }
        }
        match self.zlib.total_out() == size {
            true => Ok(()),
            false => Err(wrong(format!("an object that is not of the {size} bytes it claims"))),
        }
    }

    /// The bytes of the next stream, as many as `size`, which is allowed.
    pub fn all(&mut self, from: &mut impl BufRead, size: u64) -> Result<Vec<u8>, Failure> {
        let mut all = Vec::with_capacity(size.min(1 << 20) as usize);
        self.each(from, size, |made| all.extend_from_slice(made))?;
        Ok(all)
    }
}
