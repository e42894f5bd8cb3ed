//! What a server says first, in whichever version of git's protocol it speaks.
//!
//! In: a reader. Out: a [`Greeting`]: the refs at once, as in versions 0 and 1, or only what can be
//! asked for, as in version 2 (gitprotocol-v2(5)). We wish for version 2 and take what comes.

use std::io::Read;

use super::advertisement::{Advertisement, LIMIT, sha256};
use super::capabilities::Capabilities;
use super::packet::{self, Fault, Packet};

/// The wish for version 2, as HTTP's header `Git-Protocol` and ssh's variable `GIT_PROTOCOL` hold it.
pub(super) const WISH: &str = "version=2";

/// Which version it is, and what comes with it.
pub(super) enum Greeting {
    /// Versions 0 and 1.
    Refs(Advertisement),
    /// Version 2.
    Capabilities(Capabilities),
}

impl Greeting {
    /// Reads to the end of the greeting. Over HTTP a line with the service and a flush may stand
    /// before it (gitprotocol-http(5)).
    pub fn read(reader: &mut impl Read) -> Result<Self, Fault> {
        let greeting = packet::within(LIMIT, "the list of refs", reader, |reader| {
            let mut first = packet::read(reader)?;
            if matches!(&first, Packet::Data(line) if line.starts_with(b"# service=")) {
                first = match packet::read(reader)? {
                    Packet::Flush => packet::read(reader)?,
                    _ => return Err(Fault::nonsense("no flush follows the name of the service")),
                };
            }
            match &first {
                Packet::Data(line) if packet::text(line) == "version 2" => {
                    Capabilities::read(reader).map(Self::Capabilities)
                }
                _ => Advertisement::read(first, reader).map(Self::Refs),
            }
        })?;
        match greeting.capabilities().value("object-format=") {
            None | Some("sha1") => Ok(greeting),
            Some(_) => Err(sha256()),
        }
    }

    /// What the server can do.
    pub fn capabilities(&self) -> &Capabilities {
        match self {
            Self::Refs(advertisement) => &advertisement.capabilities,
            Self::Capabilities(capabilities) => capabilities,
        }
    }
}
