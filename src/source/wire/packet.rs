//! pkt-lines: the lines of git's wire protocol (gitprotocol-common(5)).
//!
//! Four hex digits say how long a line is, themselves included; `0000` ends a message, `0001` a section
//! of one. In: a reader. Out: one [`Packet`] after the other, or a [`Fault`]. It does not know what the
//! lines say.

use std::borrow::Cow;
use std::io::{self, Read, Take};
use std::time::Duration;

use crate::error::Said;

/// The end of a message.
pub(super) const FLUSH: &str = "0000";

/// The end of a section of a message.
pub(super) const DELIM: &str = "0001";

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packet {
    Flush,
    Delim,
    Data(Vec<u8>),
}

/// Why a conversation with a server cannot go on. It travels through readers within an [`io::Error`].
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The server says so itself.
    #[error("{0}")]
    Said(Said),
    /// It gives more than is taken.
    #[error("{0}")]
    TooMuch(Said),
    /// The connection is open, and what comes is next to nothing.
    #[error("it gave {received} bytes in {} seconds", after.as_secs())]
    Slow { received: u64, after: Duration },
    /// The ids of the repository's objects are of the other kind.
    #[error("it has SHA-256 object ids")]
    Sha256,
    /// The connection broke off, went silent, or carries what is not git's protocol.
    #[error("{0}")]
    Io(io::Error),
}

impl Fault {
    pub fn nonsense(what: impl Into<String>) -> Self {
        Self::Io(io::Error::new(io::ErrorKind::InvalidData, what.into()))
    }

    pub fn too_much(what: impl Into<String>) -> Self {
        Self::TooMuch(Said::new(what.into()))
    }

    pub fn said(what: &[u8]) -> Self {
        Self::Said(Said::new(String::from_utf8_lossy(what)))
    }

    /// Has the other side hung up? Where it has not read all that it was told, that is a reset.
    pub fn is_end(&self) -> bool {
        use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
        let ends = [UnexpectedEof, ConnectionReset, BrokenPipe];
        matches!(self, Self::Io(error) if ends.contains(&error.kind()))
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Io)
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Io(error) => error,
            fault => Self::other(fault),
        }
    }
}

/// The next line; a line in which the server reports an error is a [`Fault`].
pub(super) fn read(reader: &mut impl Read) -> Result<Packet, Fault> {
    let mut digits = [0; 4];
    reader.read_exact(&mut digits)?;
    let length = std::str::from_utf8(&digits)
        .ok()
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|digits| usize::from_str_radix(digits, 16).ok())
        .ok_or_else(|| Fault::nonsense("a line of git's protocol begins with its length"))?;
    match length {
        0 => Ok(Packet::Flush),
        1 => Ok(Packet::Delim),
        2..=3 => Err(Fault::nonsense("a line of git's protocol is at least 4 bytes long")),
        _ => {
            let mut line = vec![0; length - 4];
            reader.read_exact(&mut line)?;
            match line.strip_prefix(b"ERR ") {
                Some(what) => Err(Fault::said(what)),
                None => Ok(Packet::Data(line)),
            }
        }
    }
}

/// The text of a line, without its end.
pub(super) fn text(line: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line))
}

/// Lets `read` have as many bytes as `limit` of a reader; `what` names what is longer.
pub(super) fn within<R: Read, T>(
    limit: u64,
    what: &str,
    reader: R,
    read: impl FnOnce(&mut Take<R>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut limited = reader.take(limit);
    read(&mut limited).map_err(|fault| match fault {
        Fault::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof && limited.limit() == 0 => {
            Fault::nonsense(format!("{what} is longer than {limit} bytes"))
        }
        fault => fault,
    })
}

/// A line that says `text`.
pub(super) fn line(text: &str) -> String {
    format!("{:04x}{text}", text.len() + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_what_is_none() {
        let mut input = "0009hello00010000".as_bytes();
        assert_eq!(read(&mut input).unwrap(), Packet::Data(b"hello".into()));
        assert_eq!(read(&mut input).unwrap(), Packet::Delim);
        assert_eq!(read(&mut input).unwrap(), Packet::Flush);
        assert_eq!(line("hello"), "0009hello");
        for bad in ["", "00", "0002", "0003", "+009hello", "zzzz", "0009hell", "0008ERR "] {
            assert!(read(&mut bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
