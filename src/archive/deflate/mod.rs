//! Raw DEFLATE, by several threads and with the same bytes for any number of them.
//!
//! In: bytes, in writes of any size. Out: one DEFLATE stream, and the checksum and number of the
//! bytes. They are cut into blocks of one size; each is deflated with the end of the one before it
//! as its dictionary, and ends on a whole byte. Memory is bounded: who writes waits for the threads.
//! What was compressed before is stored as it is.

mod pool;

use std::collections::VecDeque;
use std::io::{self, Write};
use std::mem;
use std::sync::mpsc::{Receiver, TryRecvError};

use flate2::Crc;

use pool::{BLOCK, Block, WINDOW};

pub use pool::Pool;

/// How files begin that are compressed already: gzip, zip, bzip2, xz, Zstandard.
const COMPRESSED: [&[u8]; 5] =
    [b"\x1f\x8b\x08", b"PK\x03\x04", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];

/// What passed through a [`Deflater`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deflated {
    /// Number of the bytes that went in.
    pub size: u64,
    /// Number of the bytes that came out.
    pub compressed: u64,
    /// The CRC-32 of the bytes that went in.
    pub crc: u32,
}

/// A writer that deflates on the way to `to`.
///
/// Nothing of the stream can be relied on before [`finish`](Self::finish); dropped before it, the
/// stream has no end. `flush` does nothing: what is written depends on the bytes alone.
pub struct Deflater<'p, W> {
    to: W,
    pool: &'p mut Pool,
    /// What fills now.
    block: Block,
    /// What is being deflated, in order.
    pending: VecDeque<Receiver<io::Result<Block>>>,
    /// Blocks whose memory can be used again.
    spare: Vec<Block>,
    crc: Crc,
    size: u64,
    compressed: u64,
}

impl<'p, W: Write> Deflater<'p, W> {
    /// A stream of `level` 0 to 9.
    pub fn new(pool: &'p mut Pool, level: u32, to: W) -> Self {
        Self {
            to,
            pool,
            block: Block::new(level),
            pending: VecDeque::new(),
            spare: Vec::new(),
            crc: Crc::new(),
            size: 0,
            compressed: 0,
        }
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn finish(mut self) -> io::Result<(W, Deflated)> {
        self.block.level = self.level();
        self.block.last = true;
        pool::deflate(&mut self.block)?;
        while let Some(result) = self.pending.pop_front() {
            let block = result.recv().map_err(|_| gone())??;
            self.put(block)?;
        }
        let Self { mut to, block, crc, size, compressed, .. } = self;
        to.write_all(&block.output)?;
        let compressed = compressed + block.output.len() as u64;
        Ok((to, Deflated { size, compressed, crc: crc.sum() }))
    }

    /// Begins a block, with the end of the one before it, which is sent on its way.
    fn next_block(&mut self) -> io::Result<()> {
        let level = self.level();
        let mut next = self.spare.pop().unwrap_or_else(|| Block::new(level));
        let before = self.block.input.len().saturating_sub(WINDOW);
        next.input.clear();
        next.input.extend_from_slice(&self.block.input[before..]);
        next.before = next.input.len();
        next.level = level;
        let mut block = mem::replace(&mut self.block, next);
        block.level = level;
        if !self.pool.is_parallel() && self.pending.is_empty() {
            pool::deflate(&mut block)?;
            return self.put(block);
        }
        self.pending.push_back(self.pool.start(block));
        self.drain()
    }

    /// The level of the stream, which its first block decides.
    fn level(&self) -> u32 {
        let is_first = self.block.before == 0;
        let is_compressed = || COMPRESSED.iter().any(|magic| self.block.input.starts_with(magic));
        if is_first && is_compressed() { 0 } else { self.block.level }
    }

    /// Writes what is done, and waits for as much as must not be pending.
    fn drain(&mut self) -> io::Result<()> {
        while let Some(first) = self.pending.front() {
            let block = match first.try_recv() {
                Ok(block) => block?,
                Err(TryRecvError::Empty) if self.pending.len() < self.pool.depth() => break,
                Err(_) => first.recv().map_err(|_| gone())??,
            };
            self.pending.pop_front();
            self.put(block)?;
        }
        Ok(())
    }

    fn put(&mut self, block: Block) -> io::Result<()> {
        self.to.write_all(&block.output)?;
        self.compressed += block.output.len() as u64;
        self.spare.push(block);
        Ok(())
    }
}

impl<W: Write> Write for Deflater<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full block waits for a byte behind it: else it is the last.
        if self.block.input.len() == self.block.before + BLOCK && !bytes.is_empty() {
            self.next_block()?;
        }
        let free = self.block.before + BLOCK - self.block.input.len();
        let taken = &bytes[..bytes.len().min(free)];
        self.block.input.extend_from_slice(taken);
        self.crc.update(taken);
        self.size += taken.len() as u64;
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn gone() -> io::Error {
    io::Error::other("a thread that deflates has ended")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::num::NonZeroUsize;

    use flate2::read::DeflateDecoder;

    use super::*;

    /// Bytes that compress, but not to nothing.
    fn text(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let next = |_| {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12345);
            b"the bytes of a module"[(state >> 16) as usize % 21]
        };
        (0..length).map(next).collect()
    }

    fn pool(threads: usize) -> Pool {
        Pool::new(NonZeroUsize::new(threads).unwrap())
    }

    fn deflate(pool: &mut Pool, level: u32, bytes: &[u8], step: usize) -> (Vec<u8>, Deflated) {
        let mut deflater = Deflater::new(pool, level, Vec::new());
        bytes.chunks(step).for_each(|chunk| deflater.write_all(chunk).unwrap());
        deflater.finish().unwrap()
    }

    #[test]
    fn the_same_stream_for_any_threads_and_any_writes() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 7 * BLOCK, 7 * BLOCK + 5] {
            let bytes = text(length);
            let (stream, deflated) = deflate(&mut pool(1), 6, &bytes, 1000);
            let mut crc = Crc::new();
            crc.update(&bytes);
            let (size, compressed) = (length as u64, stream.len() as u64);
            assert_eq!(deflated, Deflated { size, compressed, crc: crc.sum() });
            let mut inflated = Vec::new();
            DeflateDecoder::new(&*stream).read_to_end(&mut inflated).unwrap();
            assert!(inflated == bytes, "{length}");
            for (threads, step) in [(2, 10 * BLOCK), (2, 7), (16, BLOCK)] {
                assert!(deflate(&mut pool(threads), 6, &bytes, step).0 == stream, "{length}");
            }
        }
    }

    #[test]
    fn every_level_and_no_smaller_one() {
        let bytes = text(3 * BLOCK + 1);
        let mut pool = pool(2);
        let mut sizes = Vec::new();
        for level in 0..=9 {
            let (stream, _) = deflate(&mut pool, level, &bytes, BLOCK);
            let mut inflated = Vec::new();
            DeflateDecoder::new(&*stream).read_to_end(&mut inflated).unwrap();
            assert!(inflated == bytes, "{level}");
            sizes.push(stream.len());
        }
        assert!(sizes[0] > bytes.len() && sizes[0] < bytes.len() + bytes.len() / 1000);
        assert!(sizes[6] < sizes[1] && sizes[1] < sizes[0], "{sizes:?}");
    }

    #[test]
    fn what_is_compressed_already_is_stored() {
        let mut pool = pool(2);
        for magic in COMPRESSED {
            let bytes = [magic, &text(2 * BLOCK)].concat();
            let (stream, _) = deflate(&mut pool, 6, &bytes, 1000);
            assert!(stream.len() > bytes.len(), "{magic:?}");
            let (stream, _) = deflate(&mut pool, 6, &bytes[1..], 1000);
            assert!(stream.len() < bytes.len() * 3 / 4, "{magic:?}");
        }
    }

    #[test]
    fn a_failure_to_write_ends_it() {
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for threads in [1, 2, 16] {
            let mut pool = pool(threads);
            let mut deflater = Deflater::new(&mut pool, 0, Full(5 * BLOCK));
            let error = deflater.write_all(&text(100 * BLOCK)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
            drop(deflater);
            let again = deflate(&mut pool, 6, &text(3 * BLOCK), BLOCK);
            assert!(
                again == deflate(&mut super::Pool::new(NonZeroUsize::MIN), 6, &text(3 * BLOCK), 7)
            );
        }
    }
}
