//! What a server can do: words of one line (gitprotocol-capabilities(5)), or, in version 2, a line each
//! (gitprotocol-v2(5)).
//!
//! In: those words or lines. Out: [`Capabilities`], which tells whether one is there and what its value
//! is.

use std::io::Read;

use super::packet::{self, Fault, Packet};

/// No server can do so much that it takes more bytes than this to say.
const LIMIT: u64 = 1 << 20;

/// Our name, where a server tells its own.
pub(super) const AGENT: &str = concat!("agent=rampkit/", env!("CARGO_PKG_VERSION"));

/// Words of the form `name` or `name=value`.
#[derive(Debug, Default)]
pub(super) struct Capabilities(Vec<String>);

impl Capabilities {
    /// Those of one line, with spaces between them.
    pub fn of_line(line: &str) -> Self {
        Self(line.split_ascii_whitespace().map(str::to_owned).collect())
    }

    /// Those of version 2, which follow `version 2`, to the flush.
    pub fn read(reader: impl Read) -> Result<Self, Fault> {
        let mut found = Vec::new();
        packet::within(LIMIT, "the list of capabilities", reader, |reader| {
            while let Packet::Data(line) = packet::read(reader)? {
                found.push(packet::text(&line).into_owned());
            }
            Ok(Self(found))
        })
    }

    /// Can the server do this?
    pub fn can(&self, capability: &str) -> bool {
        self.0.iter().any(|one| one == capability)
    }

    /// What follows `prefix` in the capability that begins with it.
    pub fn value(&self, prefix: &str) -> Option<&str> {
        self.0.iter().find_map(|one| one.strip_prefix(prefix))
    }

    /// Does the server of version 2 know this command?
    pub fn knows(&self, command: &str) -> bool {
        let rest = |one: &String| one.strip_prefix(command).map(|rest| rest.chars().next());
        self.0.iter().filter_map(rest).any(|next| matches!(next, None | Some('=')))
    }

    /// Does the command `fetch` of version 2 know this argument?
    pub fn fetch_can(&self, feature: &str) -> bool {
        self.value("fetch=").is_some_and(|features| features.split(' ').any(|one| one == feature))
    }
}

/// A command of version 2 with its arguments.
pub(super) fn command(
    name: &str,
    server: &Capabilities,
    arguments: impl IntoIterator<Item = String>,
) -> String {
    let mut text = packet::line(&format!("command={name}\n"));
    if server.value("agent=").is_some() {
        text += &packet::line(&format!("{AGENT}\n"));
    }
    if server.value("object-format=").is_some() {
        text += &packet::line("object-format=sha1\n");
    }
    text += packet::DELIM;
    text.extend(arguments.into_iter().map(|argument| packet::line(&format!("{argument}\n"))));
    text + packet::FLUSH
}
