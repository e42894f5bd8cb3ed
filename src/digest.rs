//! SHA-256 digests.
//!
//! In: bytes, a reader, or the 64 hex digits a person or a file gives. Out: a [`Sha256`] that shows
//! itself as lower-case hex.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::mem;
use std::str::FromStr;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// How much is read at once, in bytes.
const PIECE: usize = 32 * 1024;
/// How many pieces may wait for being hashed.
const WAITING: usize = 4;

/// The SHA-256 digest of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The digest of everything `reader` still has.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn of_reader(reader: impl Read) -> io::Result<Self> {
        let mut hashing = Hashing::new(io::sink());
        io::copy(&mut BufReader::with_capacity(PIECE, reader), &mut hashing)?;
        Ok(hashing.finish())
    }

    /// The digest of what `work` writes, taken by a thread of its own while `work` goes on.
    ///
    /// # Errors
    /// Those of `work`; where there can be no thread.
    pub fn beside(work: impl FnOnce(&mut Beside) -> io::Result<()>) -> io::Result<Self> {
        let (filled, pieces) = sync_channel::<Vec<u8>>(WAITING);
        let (used, emptied) = channel();
        thread::scope(|scope| {
            let hashing = thread::Builder::new().spawn_scoped(scope, move || {
                let mut state = sha2::Sha256::new();
                for mut piece in pieces {
                    state.update(&piece);
                    piece.clear();
                    // Nobody wants it back when all is written.
                    let _ = used.send(piece);
                }
                Self(state.finalize().into())
            })?;
            let mut beside = Beside { filled, emptied, piece: Vec::new() };
            let written = work(&mut beside).and_then(|()| beside.flush());
            drop(beside);
            let digest = hashing.join().expect("hashing does not panic");
            written.map(|()| digest)
        })
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

impl JsonSchema for Sha256 {
    fn schema_name() -> Cow<'static, str> {
        "Sha256".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "64 hex digits.",
            // Without a letter or quotes it looks like a number.
            "type": ["string", "number"],
            "pattern": "^[0-9a-fA-F]{64}$",
        })
    }
}

/// The text is not 64 hex digits.
#[derive(Debug, thiserror::Error)]
#[error("a sha256 has 64 hex digits, this is {0:?}")]
pub struct NotADigest(String);

impl FromStr for Sha256 {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let nibbles: Option<Vec<u8>> =
            text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
        match nibbles {
            Some(nibbles) if nibbles.len() == 64 => {
                Ok(Self(std::array::from_fn(|i| nibbles[2 * i] << 4 | nibbles[2 * i + 1])))
            }
            _ => Err(NotADigest(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Sha256 {
    type Error = NotADigest;

    fn try_from(text: String) -> Result<Self, NotADigest> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> Self {
        digest.to_string()
    }
}

/// A writer that hashes what passes through it.
pub struct Hashing<W> {
    inner: W,
    state: sha2::Sha256,
}

impl<W> Hashing<W> {
    /// Hashes on the way to `inner`.
    pub fn new(inner: W) -> Self {
        Self { inner, state: sha2::Sha256::new() }
    }

    /// The digest of all that was written.
    pub fn finish(self) -> Sha256 {
        Sha256(self.state.finalize().into())
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.state.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A writer whose bytes are hashed by another thread: see [`Sha256::beside`].
pub struct Beside {
    filled: SyncSender<Vec<u8>>,
    emptied: Receiver<Vec<u8>>,
    piece: Vec<u8>,
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= 8 * PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let empty = self.emptied.try_recv().unwrap_or_default();
        let piece = mem::replace(&mut self.piece, empty);
        self.filled.send(piece).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_thread_hashes_the_same() {
        let bytes: Vec<u8> = (0..17 * PIECE).map(|byte| byte as u8).collect();
        for step in [1000, PIECE, bytes.len()] {
            let beside =
                Sha256::beside(|to| bytes.chunks(step).try_for_each(|it| to.write_all(it)));
            assert_eq!(beside.unwrap(), Sha256::of(&bytes));
        }
        assert_eq!(Sha256::beside(|_| Ok(())).unwrap(), Sha256::of(b""));
        assert!(
            Sha256::beside(|to| to.write_all(&bytes).and(Err(io::Error::other("no")))).is_err()
        );
    }

    #[test]
    fn hex_and_back() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Sha256::of(b"").to_string(), empty);
        assert_eq!(empty.to_uppercase().parse::<Sha256>().unwrap(), Sha256::of(b""));
        assert!("e3b0".parse::<Sha256>().is_err());
        assert!("é".repeat(32).parse::<Sha256>().is_err());
    }
}
