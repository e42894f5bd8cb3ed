//! A pack as it comes in the lines of an answer (gitprotocol-pack(5), "side-band-64k").
//!
//! In: a reader that stands before the first of those lines. Out: [`Sideband`], a reader of the pack's
//! bytes alone, which ends with the flush behind them. What the server says beside the pack is left
//! out; what it says in its despair is a [`Fault`].

use std::io::{self, BufRead, Read};

use super::packet::{self, Fault, Packet};

/// As many bytes as a server may say beside a pack.
const IDLE_TALK: usize = 16 << 20;

/// Reads the bytes of a pack.
pub(super) struct Sideband<R> {
    lines: R,
    line: Vec<u8>,
    /// How much of the line was read; the first byte names its band.
    at: usize,
    ended: bool,
    talk: usize,
}

impl<R: Read> Sideband<R> {
    /// The pack whose first line `lines` has next.
    pub fn new(lines: R) -> Self {
        Self { lines, line: Vec::new(), at: 0, ended: false, talk: 0 }
    }

    /// Goes to the next line of the pack, or to its end.
    fn advance(&mut self) -> Result<(), Fault> {
        let line = match packet::read(&mut self.lines)? {
            Packet::Data(line) => line,
            Packet::Flush => {
                self.ended = true;
                return Ok(());
            }
            Packet::Delim => return Err(Fault::nonsense("a pack is followed by another section")),
        };
        match line.split_first() {
            Some((1, pack)) if !pack.is_empty() => (self.line, self.at) = (line, 1),
            Some((1 | 2, talk)) => self.count(talk.len())?,
            Some((3, what)) => return Err(Fault::said(what)),
            _ => return Err(Fault::nonsense("a line of a pack has no known band")),
        }
        Ok(())
    }

    fn count(&mut self, length: usize) -> Result<(), Fault> {
        self.talk += length + 5;
        match self.talk {
            ..=IDLE_TALK => Ok(()),
            _ => Err(Fault::nonsense("it says more and more that is no part of the pack")),
        }
    }
}

impl<R: Read> BufRead for Sideband<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.line.len() && !self.ended {
            self.advance()?;
        }
        Ok(&self.line[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

impl<R: Read> Read for Sideband<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, Fault> {
        let mut pack = String::new();
        Sideband::new(text.as_bytes()).read_to_string(&mut pack)?;
        Ok(pack)
    }

    #[test]
    fn the_pack_alone() {
        let text = "0009\u{1}PACK0005\u{1}000a\u{2}hello0008\u{1}end0000and more";
        assert_eq!(read(text).unwrap(), "PACKend");
        assert_eq!(read("0000").unwrap(), "");
        let fault = read("0009\u{1}PACK000a\u{3}sorry");
        assert!(matches!(fault, Err(Fault::Said(said)) if said.to_string() == "sorry"));
        for bad in ["", "0009\u{1}PACK", "0009\u{1}PACK0001", "0005\u{4}", "0004", "0008ERR "] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn talk_without_end() {
        let fault = read(&"0005\u{2}".repeat(4_000_000)).unwrap_err();
        assert_eq!(fault.to_string(), "it says more and more that is no part of the pack");
    }
}
