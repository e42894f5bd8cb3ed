//! What a server says first, in whichever version of git's protocol it speaks.
//!
//! In: a reader. Out: a [`Greeting`]: the refs at once, as in versions 0 and 1, or only what can be
//! asked for, as in version 2 (gitprotocol-v2(5)). We wish for version 2 and take what comes.

use std::io::Read;

use super::advertisement::{Advertisement, LIMIT};
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
            Some(_) => Err(Fault::Sha256),
        }
    }

    /// The version of git's protocol.
    pub fn version(&self) -> u8 {
        match self {
            Self::Refs(advertisement) => advertisement.version,
            Self::Capabilities(_) => 2,
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

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789012345678901234567890123456789";

    /// Reads lines, each `-` a flush.
    fn read(lines: &[&str]) -> Result<Greeting, Fault> {
        let line = |line: &&str| match *line {
            "-" => packet::FLUSH.to_owned(),
            line => packet::line(&format!("{line}\n")),
        };
        Greeting::read(&mut lines.iter().map(line).collect::<String>().as_bytes())
    }

    #[test]
    fn every_version_with_and_without_the_service() {
        let service = ["# service=git-upload-pack", "-"];
        let head = format!("{ID} HEAD\0side-band-64k object-format=sha1");
        let two = ["version 2", "ls-refs=unborn", "fetch=shallow filter", "-"];
        for (version, lines) in
            [(0, &[&*head, "-"][..]), (1, &["version 1", &head, "-"]), (2, &two), (0, &["-"])]
        {
            assert_eq!(read(lines).unwrap().version(), version);
            assert_eq!(read(&[&service, lines].concat()).unwrap().version(), version);
        }
        let greeting = read(&two).unwrap();
        let capabilities = greeting.capabilities();
        assert!(capabilities.fetch_can("filter") && !capabilities.fetch_can("wait-for-done"));
        assert!(capabilities.knows("ls-refs") && !capabilities.knows("ls"));
    }

    #[test]
    fn other_ids_and_what_has_no_end() {
        let head = format!("{ID} HEAD\0object-format=sha256");
        for lines in [&["version 2", "object-format=sha256", "-"][..], &[&head, "-"]] {
            assert!(matches!(read(lines), Err(Fault::Sha256)));
        }
        assert!(read(&["# service=git-upload-pack", "version 2", "-"]).is_err());
        let word = packet::line(&format!("{}\n", "x".repeat(60_000)));
        let endless = |first: &str| {
            let text = packet::line(first) + &word.repeat(1200);
            Greeting::read(&mut text.as_bytes()).err().unwrap().to_string()
        };
        assert_eq!(endless("version 2\n"), "the list of capabilities is longer than 1048576 bytes");
        let word = packet::line(&format!("{ID} refs/{}\n", "x".repeat(60_000)));
        let text = word.repeat(1200);
        let fault = Greeting::read(&mut text.as_bytes()).err().unwrap();
        assert_eq!(fault.to_string(), "the list of refs is longer than 67108864 bytes");
    }
}
