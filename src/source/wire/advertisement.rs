//! What a server says first: its refs and its capabilities (gitprotocol-pack(5), version 0 or 1).
//!
//! In: a reader. Out: an [`Advertisement`] with annotated tags peeled. The first line carries the
//! capabilities behind a NUL; a tag's line may be followed by one of the same name and `^{}`.

use std::io::{ErrorKind, Read};

use git2::Oid;

use super::packet::{self, Fault, Packet};
use crate::source::refs::{Ref, Refs, full_id};

/// No server has so many refs that they take more bytes than this.
const LIMIT: u64 = 64 << 20;

/// The refs of a server and what it can do.
#[derive(Debug, Default)]
pub(super) struct Advertisement {
    pub refs: Refs,
    capabilities: Vec<String>,
}

impl Advertisement {
    /// Reads to the end of the advertisement.
    pub(super) fn read(reader: &mut impl Read) -> Result<Self, Fault> {
        let mut limited = reader.take(LIMIT);
        Self::read_all(&mut limited).map_err(|fault| match fault {
            Fault::Io(e) if e.kind() == ErrorKind::UnexpectedEof && limited.limit() == 0 => {
                Fault::nonsense(format!("the list of refs is longer than {LIMIT} bytes"))
            }
            fault => fault,
        })
    }

    fn read_all(reader: &mut impl Read) -> Result<Self, Fault> {
        let mut advertisement = Self::default();
        while let Packet::Data(line) = packet::read(reader)? {
            let line = String::from_utf8_lossy(&line);
            let line = advertisement.take_capabilities(line.trim_end_matches('\n'));
            match line.split_once(' ') {
                Some(("version" | "shallow", _)) => {}
                Some((id, name)) => advertisement.add(id, name)?,
                None => return Err(not_a_ref(line)),
            }
        }
        advertisement.refs.head = advertisement.value("symref=HEAD:").map(str::to_owned);
        Ok(advertisement)
    }

    fn take_capabilities<'a>(&mut self, line: &'a str) -> &'a str {
        let Some((line, capabilities)) = line.split_once('\0') else { return line };
        self.capabilities = capabilities.split_ascii_whitespace().map(str::to_owned).collect();
        line
    }

    fn add(&mut self, id: &str, name: &str) -> Result<(), Fault> {
        let oid = match full_id(id) {
            Some(oid) => oid,
            None if id.len() == 64 => return Err(sha256()),
            None => return Err(not_a_ref(id)),
        };
        match (name, name.strip_suffix("^{}"), self.refs.list.last_mut()) {
            // The one line of a repository without refs, which is there for the capabilities.
            ("capabilities^{}", ..) if oid == Oid::ZERO_SHA1 => {}
            (_, Some(tag), Some(last)) if last.name == tag => last.peeled = Some(oid),
            (_, Some(_), _) => return Err(not_a_ref(name)),
            _ => self.refs.list.push(Ref { name: name.to_owned(), oid, peeled: None }),
        }
        Ok(())
    }

    /// Can the server do this?
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|one| one == capability)
    }

    /// What follows `prefix` in the capability that begins with it.
    pub fn value(&self, prefix: &str) -> Option<&str> {
        self.capabilities.iter().find_map(|one| one.strip_prefix(prefix))
    }
}

fn not_a_ref(line: &str) -> Fault {
    let shown: String = line.chars().take(60).collect();
    Fault::nonsense(format!("{shown:?} is no line of a list of refs"))
}

fn sha256() -> Fault {
    Fault::Io(std::io::Error::new(
        ErrorKind::Unsupported,
        "the repository has SHA-256 object ids, which rampkit cannot read yet",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789012345678901234567890123456789";

    fn read(lines: &[String]) -> Result<Advertisement, Fault> {
        let text: String = lines.iter().map(|line| packet::line(line)).collect();
        Advertisement::read(&mut (text + packet::FLUSH).as_bytes())
    }

    #[test]
    fn refs_peeled_tags_and_capabilities() {
        let peeled = ID.replace('0', "a");
        let read = read(&[
            format!("{ID} HEAD\0shallow symref=HEAD:refs/heads/main agent=x\n"),
            format!("{ID} refs/tags/v1\n"),
            format!("{peeled} refs/tags/v1^{{}}\n"),
        ])
        .unwrap();
        assert!(read.can("shallow") && !read.can("agent"));
        assert_eq!(read.refs.head.as_deref(), Some("refs/heads/main"));
        assert_eq!(read.refs.list[1].peeled, full_id(&peeled));
        assert_eq!(read.refs.list.len(), 2);
    }

    #[test]
    fn an_empty_repository_and_nonsense() {
        let empty = format!("{} capabilities^{{}}\0shallow", "0".repeat(40));
        assert!(read(&[empty]).unwrap().refs.list.is_empty());
        for bad in ["<html>".to_owned(), "12 x".to_owned(), format!("{ID} refs/tags/x^{{}}")] {
            assert!(read(&[bad]).is_err());
        }
        assert!(Advertisement::read(&mut packet::line(&format!("{ID} HEAD")).as_bytes()).is_err());
    }
}
