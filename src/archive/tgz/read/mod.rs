//! Reading a .tgz that anybody may have made.
//!
//! In: its bytes, written piece by piece. Out: [`Contents`], and a [`Finding`] for everything that is
//! not as it should be. Nothing is unpacked to anywhere, each byte is looked at once, and what is
//! held in memory is bounded whatever the archive says.

mod extension;
mod member;
mod tape;
#[cfg(test)]
mod tests;
mod together;

use std::io::{self, Write};

use flate2::write::GzDecoder;
use serde::Serialize;

use crate::archive::limits::{HARMLESS, RATIO, TOTAL};
use crate::finding::Finding;
use tape::Tape;

/// What a gzip member begins with (RFC 1952, 2.3.1).
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What a member of an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A further name of a file.
    HardLink,
    /// A device or a pipe.
    Special,
}

/// One member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Where it is unpacked to, without parts that mean nothing; what is not UTF-8 is replaced.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// The bytes of a file; 0 of anything else.
    pub size: u64,
}

/// What a .tgz holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// How many files.
    pub files: u64,
    /// The bytes of all files together.
    pub size: u64,
    /// Bytes of the tar archive.
    #[serde(skip)]
    pub unpacked: u64,
    /// The members in their order; of very many the first ones.
    pub members: Vec<Member>,
}

impl Contents {
    /// The paths of what can be opened as a file.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let files = self.members.iter().filter(|member| member.kind != Kind::Folder);
        files.map(|member| &*member.path)
    }
}

/// Takes the bytes of a .tgz; no write fails.
pub struct Reader {
    /// The first bytes.
    start: Vec<u8>,
    /// The compressed stream that goes on.
    stream: Option<GzDecoder<Vec<u8>>>,
    /// How many streams ended well.
    streams: u64,
    /// Whether nothing more is understood.
    is_lost: bool,
    tape: Tape,
    findings: Vec<Finding>,
}

impl Reader {
    /// What all archives of a bundle together may unpack to, in bytes.
    pub const ALLOWANCE: u64 = TOTAL;

    /// Of a file of `size` bytes, which may unpack to `allowance` bytes at most, or to what is right
    /// for its size if that is less.
    pub fn new(size: u64, allowance: u64) -> Self {
        let limit = size.saturating_mul(RATIO).max(HARMLESS).min(allowance);
        Self {
            start: Vec::new(),
            stream: None,
            streams: 0,
            is_lost: false,
            tape: Tape::new(limit),
            findings: Vec::new(),
        }
    }

    /// What was read, and what is wrong with it; nothing where it is not compressed with gzip.
    pub fn finish(mut self) -> Option<(Contents, Vec<Finding>)> {
        if self.start != MAGIC {
            return None;
        }
        if let Some(mut stream) = self.stream.take() {
            // One that has ended takes nothing more.
            match stream.write(&[0]) {
                Ok(0) => self.end(stream),
                _ => self.lose(stream, "cut_off", "ends in the middle of its compressed bytes"),
            }
        }
        if self.streams > 1 {
            let text = format!("is {} compressed streams, one behind the other", self.streams);
            self.findings.push(Finding::note("gzip_streams", text));
        }
        let (contents, findings) = self.tape.finish(self.streams > 0 && !self.is_lost);
        Some((contents, [self.findings, findings].concat()))
    }

    /// Takes some of `bytes`; returns how many.
    fn take(&mut self, bytes: &[u8]) -> usize {
        let Some(mut stream) = self.stream.take() else { return self.begin(bytes) };
        let taken = stream.write(bytes);
        self.unpack(&mut stream);
        match taken {
            Ok(_) if self.is_lost => {}
            Ok(0) => self.end(stream),
            Ok(_) => self.stream = Some(stream),
            Err(_) => self.lose(stream, "damaged", "cannot be unpacked"),
        }
        taken.unwrap_or(0)
    }

    /// Begins a stream, where there is one.
    fn begin(&mut self, bytes: &[u8]) -> usize {
        match bytes[0] {
            _ if self.is_lost => return bytes.len(),
            // What fills up a tape.
            0 if self.streams > 0 => return 1,
            first if first == MAGIC[0] => self.stream = Some(GzDecoder::new(Vec::new())),
            _ => {
                self.is_lost = true;
                self.findings.push(trailing());
            }
        }
        0
    }

    /// Hands on what has been unpacked.
    fn unpack(&mut self, stream: &mut GzDecoder<Vec<u8>>) {
        self.tape.push(stream.get_ref());
        stream.get_mut().clear();
        self.is_lost |= self.tape.is_full();
    }

    /// Ends a stream that has all its bytes.
    fn end(&mut self, mut stream: GzDecoder<Vec<u8>>) {
        let checked = stream.try_finish();
        self.streams += 1;
        match checked {
            Ok(()) => self.unpack(&mut stream),
            Err(_) => self.lose(stream, "checksum_wrong", "contradicts its checksum"),
        }
    }

    /// Gives up in a stream; behind another one it may be something else.
    fn lose(&mut self, mut stream: GzDecoder<Vec<u8>>, code: &'static str, why: &str) {
        // What was unpacked so far and not handed on.
        let _ = stream.try_finish();
        self.unpack(&mut stream);
        self.is_lost = true;
        let is_one = stream.header().is_some() || self.streams == 0;
        self.findings.push(if is_one { Finding::error(code, why) } else { trailing() });
    }
}

fn trailing() -> Finding {
    Finding::warning("trailing_data", "has bytes behind its compressed ones")
}

impl Write for Reader {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let wanted = MAGIC.len() - self.start.len();
        self.start.extend(bytes.iter().take(wanted));
        let mut left = bytes;
        while !left.is_empty() {
            left = &left[self.take(left)..];
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
