//! Writes of one size.

use std::io::{self, Write};

/// The size of every write but the last, in bytes.
const BLOCK: usize = 256 * 1024;

/// A writer that hands on blocks of one size, however it is written to: the output of a compressor
/// depends on the sizes of its writes, and those would depend on the file system that is read.
///
/// What is left is handed on by [`flush`](Write::flush).
pub struct Blocks<W> {
    to: W,
    block: Vec<u8>,
}

impl<W: Write> Blocks<W> {
    pub fn new(to: W) -> Self {
        Self { to, block: Vec::with_capacity(BLOCK) }
    }

    /// Hands on what is left, and gives the inner writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Blocks<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..taken]);
        if self.block.len() == BLOCK {
            self.flush()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sizes(Vec<usize>);

    impl Write for Sizes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_sizes_of_the_writes_do_not_depend_on_how_it_is_fed() {
        for step in [1000, BLOCK - 1, BLOCK, 3 * BLOCK] {
            let mut blocks = Blocks::new(Sizes(Vec::new()));
            for chunk in vec![0; 2 * BLOCK + 7].chunks(step) {
                blocks.write_all(chunk).unwrap();
            }
            assert_eq!(blocks.finish().unwrap().0, [BLOCK, BLOCK, 7]);
        }
    }
}
