//! The blocks of a tar archive, one after the other.
//!
//! In: its bytes, in pieces of any size. Out: its members, and findings. A header is held until it is
//! understood, the bytes of a file pass by.

use tar::{EntryType, GnuExtSparseHeader, Header};

use super::Contents;
use super::extension::{Extension, LARGEST, Said};
use super::member::{self, Members};
use crate::archive::findings::Findings;
use crate::finding::Finding;

const BLOCK: usize = 512;

/// Takes the bytes of a tar archive.
pub struct Tape {
    /// The most that is taken, in bytes.
    limit: u64,
    taken: u64,
    block: Vec<u8>,
    next: Next,
    said: Said,
    members: Members,
    found: Findings,
}

/// What comes next.
enum Next {
    Header,
    /// So many bytes of a file, and what fills its last block.
    Bytes(u64),
    /// An extension of so many bytes.
    Extension(Extension, usize, Vec<u8>),
    /// More of the list of holes in a file, then so many bytes.
    Holes(u64),
    /// So many blocks of zeros were seen, with which it ends.
    Zeros(u32),
    /// Nothing that can be understood.
    Nothing,
}

impl Tape {
    /// One that takes `limit` bytes and no more.
    pub fn new(limit: u64) -> Self {
        Self {
            limit,
            taken: 0,
            block: Vec::with_capacity(BLOCK),
            next: Next::Header,
            said: Said::default(),
            members: Members::default(),
            found: Findings::default(),
        }
    }

    /// Whether it takes no more.
    pub fn is_full(&self) -> bool {
        self.taken > self.limit
    }

    /// What was seen; `is_whole` where nothing is known to be missing.
    pub fn finish(mut self, is_whole: bool) -> (Contents, Vec<Finding>) {
        let is_within_block = !self.block.is_empty();
        let cut = || Finding::error("cut_off", "ends in the middle of a member");
        let end = match self.next {
            _ if self.is_full() || !is_whole => None,
            _ if self.taken == 0 => Some(not_a_tar()),
            Next::Header if !is_within_block => {
                Some(Finding::warning("cut_off", "has no end behind its last member"))
            }
            Next::Zeros(_) if self.block.iter().any(|byte| *byte != 0) => Some(trailing()),
            Next::Zeros(_) | Next::Nothing => None,
            _ => Some(cut()),
        };
        end.into_iter().for_each(|finding| self.found.add(finding));
        if self.members.size > self.limit && !self.is_full() {
            self.found.add(bomb(self.limit));
        }
        let contents = self.members.finish(&mut self.found);
        (Contents { unpacked: self.taken, ..contents }, self.found.finish().0)
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.is_full() {
            return;
        }
        self.taken += bytes.len() as u64;
        if self.is_full() {
            self.found.add(bomb(self.limit));
            return;
        }
        let mut left = bytes;
        while !left.is_empty() {
            left = &left[self.take(left)..];
        }
    }

    /// Takes some of `bytes`; returns how many.
    fn take(&mut self, bytes: &[u8]) -> usize {
        match &mut self.next {
            Next::Nothing => bytes.len(),
            Next::Bytes(left) => {
                let taken = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= taken as u64;
                if *left == 0 {
                    self.next = Next::Header;
                }
                taken
            }
            _ => {
                let taken = bytes.len().min(BLOCK - self.block.len());
                self.block.extend(&bytes[..taken]);
                if self.block.len() == BLOCK {
                    let block = std::mem::take(&mut self.block);
                    self.next = self.next(&block);
                    self.block = block;
                    self.block.clear();
                }
                taken
            }
        }
    }

    /// What follows a block.
    fn next(&mut self, block: &[u8]) -> Next {
        let is_zero = block.iter().all(|byte| *byte == 0);
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Header if is_zero => Next::Zeros(1),
            Next::Header => self.header(Header::from_byte_slice(block)),
            Next::Zeros(seen) if is_zero => Next::Zeros(seen.saturating_add(1)),
            Next::Zeros(_) => {
                self.found.add(trailing());
                Next::Nothing
            }
            Next::Extension(kind, size, mut bytes) => {
                bytes.extend(&block[..BLOCK.min(size - bytes.len())]);
                self.extension(kind, size, bytes)
            }
            Next::Holes(size) => {
                let mut holes = GnuExtSparseHeader::new();
                holes.as_mut_bytes().copy_from_slice(block);
                if holes.is_extended() { Next::Holes(size) } else { bytes(size) }
            }
            other @ (Next::Bytes(_) | Next::Nothing) => other,
        }
    }

    fn header(&mut self, header: &Header) -> Next {
        let Some(size) = header.entry_size().ok().filter(|_| has_checksum(header)) else {
            let at = self.members.count;
            self.found.add(match at == 0 && self.said == Said::default() {
                true => not_a_tar(),
                false => Finding::error("damaged", format!("has no header behind member {at}")),
            });
            return Next::Nothing;
        };
        let kind = match header.entry_type() {
            EntryType::GNULongName => Extension::LongName,
            EntryType::GNULongLink => Extension::LongLink,
            EntryType::XHeader => Extension::Next,
            EntryType::XGlobalHeader => Extension::All,
            _ => {
                let said = std::mem::take(&mut self.said);
                let size = member::add(header, size, said, &mut self.members, &mut self.found);
                let is_extended = header.entry_type().is_gnu_sparse()
                    && header.as_gnu().is_some_and(|it| it.is_extended());
                return if is_extended { Next::Holes(size) } else { bytes(size) };
            }
        };
        if size > LARGEST {
            let text = format!("has a header of {size} bytes, more than {LARGEST}");
            self.found.add(Finding::error("name_too_long", text));
            return bytes(size);
        }
        self.extension(kind, size as usize, Vec::new())
    }

    fn extension(&mut self, kind: Extension, size: usize, bytes: Vec<u8>) -> Next {
        if bytes.len() < size {
            return Next::Extension(kind, size, bytes);
        }
        self.said.add(kind, &bytes, &mut self.found);
        Next::Header
    }
}

/// The bytes of a member, up to the next header.
fn bytes(size: u64) -> Next {
    match size.checked_next_multiple_of(BLOCK as u64).unwrap_or(u64::MAX) {
        0 => Next::Header,
        all => Next::Bytes(all),
    }
}

/// Whether the bytes of a header, with blanks for the sum, add up to it.
fn has_checksum(header: &Header) -> bool {
    let bytes = header.as_bytes();
    let others = bytes[..148].iter().chain(&bytes[156..]);
    let sum = others.fold(8 * u32::from(b' '), |sum, byte| sum + u32::from(*byte));
    header.cksum().is_ok_and(|it| it == sum)
}

fn bomb(limit: u64) -> Finding {
    Finding::error("zip_bomb", format!("unpacks to more than {limit} bytes"))
}

fn not_a_tar() -> Finding {
    Finding::warning("not_a_tar", "is compressed, and no tar archive")
}

/// GNU's reader goes on where others end.
fn trailing() -> Finding {
    let text = "has bytes behind its end, which some readers take for members";
    Finding::error("trailing_data", text)
}
