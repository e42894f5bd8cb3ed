//! pkt-lines: the lines of git's wire protocol (gitprotocol-common(5)).
//!
//! Four hex digits say how long a line is, themselves included; `0000` ends a section. In: a reader.
//! Out: one [`Packet`] after the other, or a [`Fault`]. It does not know what the lines say.

use std::io::{self, Read};

use crate::error::Said;

/// The end of a section.
pub(super) const FLUSH: &str = "0000";

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packet {
    Flush,
    Data(Vec<u8>),
}

/// Why a conversation with a server cannot go on.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server says so itself.
    Said(Said),
    /// The connection broke off, went silent, or carries what is not git's protocol.
    Io(io::Error),
}

impl Fault {
    pub fn nonsense(what: impl Into<String>) -> Self {
        Self::Io(io::Error::new(io::ErrorKind::InvalidData, what.into()))
    }

    pub fn said(what: &[u8]) -> Self {
        Self::Said(Said::new(String::from_utf8_lossy(what)))
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
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
        1..=3 => Err(Fault::nonsense("a line of git's protocol is at least 4 bytes long")),
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

/// A line that says `text`.
pub(super) fn line(text: &str) -> String {
    format!("{:04x}{text}", text.len() + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_what_is_none() {
        let mut input = "0009hello0000".as_bytes();
        assert_eq!(read(&mut input).unwrap(), Packet::Data(b"hello".into()));
        assert_eq!(read(&mut input).unwrap(), Packet::Flush);
        assert_eq!(line("hello"), "0009hello");
        for bad in ["", "00", "0003", "+009hello", "zzzz", "0009hell", "0008ERR "] {
            assert!(read(&mut bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
