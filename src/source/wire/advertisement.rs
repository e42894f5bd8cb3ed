//! What a server says first: its refs and its capabilities (gitprotocol-pack(5), version 0 or 1).
//!
//! In: the first line, and a reader of the others. Out: an [`Advertisement`] with annotated tags
//! peeled. The first ref's line carries the capabilities behind a NUL; a tag's line may be followed by
//! one of the same name and `^{}`.

use std::io::Read;

use git2::Oid;

use super::capabilities::Capabilities;
use super::packet::{self, Fault, Packet};
use crate::source::refs::{Ref, Refs, full_id};

/// No server has so many refs that they take more bytes than this.
pub(super) const LIMIT: u64 = 64 << 20;

/// No server has more refs than this.
const REFS: usize = 1_000_000;

/// The refs of a server and what it can do.
#[derive(Debug, Default)]
pub(super) struct Advertisement {
    /// Of git's protocol: 1 where the server says so, else 0.
    pub version: u8,
    pub refs: Refs,
    pub capabilities: Capabilities,
}

impl Advertisement {
    /// Reads to the end of the advertisement, which begins with the line `first`.
    pub(super) fn read(first: Packet, reader: &mut impl Read) -> Result<Self, Fault> {
        let mut advertisement = Self::default();
        let mut next = first;
        while let Packet::Data(line) = next {
            let line = packet::text(&line);
            let line = advertisement.take_capabilities(&line);
            match line.split_once(' ') {
                Some(("shallow", _)) => {}
                Some(("version", "1")) => advertisement.version = 1,
                Some(("version", _)) => return Err(unknown_version(line)),
                Some((id, name)) => advertisement.add(id, name)?,
                None => return Err(not_a_ref(line)),
            }
            next = packet::read(reader)?;
        }
        let head = advertisement.capabilities.value("symref=HEAD:").map(str::to_owned);
        advertisement.refs.head = head.filter(|name| is_tame(name));
        Ok(advertisement)
    }

    fn take_capabilities<'a>(&mut self, line: &'a str) -> &'a str {
        let Some((line, capabilities)) = line.split_once('\0') else { return line };
        self.capabilities = Capabilities::of_line(capabilities);
        line
    }

    fn add(&mut self, id: &str, name: &str) -> Result<(), Fault> {
        let oid = id_of(id)?;
        match (name, name.strip_suffix("^{}"), self.refs.list.last_mut()) {
            // The one line of a repository without refs, which is there for the capabilities.
            ("capabilities^{}", ..) if oid == Oid::ZERO_SHA1 => {}
            (_, Some(tag), Some(last)) if last.name == tag => last.peeled = Some(oid),
            (_, Some(_), _) => return Err(not_a_ref(name)),
            _ => add(&mut self.refs, Ref { name: name.to_owned(), oid, peeled: None })?,
        }
        Ok(())
    }
}

/// Adds a ref, unless there are too many.
pub(super) fn add(refs: &mut Refs, one: Ref) -> Result<(), Fault> {
    if !is_tame(&one.name) {
        return Err(not_a_ref(&one.name));
    }
    if refs.list.len() == REFS {
        return Err(Fault::nonsense(format!("the list of refs has more than {REFS}")));
    }
    refs.list.push(one);
    Ok(())
}

/// The id at the beginning of a ref's line.
pub(super) fn id_of(text: &str) -> Result<Oid, Fault> {
    match full_id(text) {
        Some(id) => Ok(id),
        None if text.len() == 64 => Err(Fault::Sha256),
        None => Err(not_a_ref(text)),
    }
}

/// Could git have made a ref of this name (git-check-ref-format(1))? A terminal would obey others.
pub(super) fn is_tame(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_ascii_control())
}

pub(super) fn not_a_ref(line: &str) -> Fault {
    let shown: String = line.chars().take(60).collect();
    Fault::nonsense(format!("{shown:?} is no line of a list of refs"))
}

fn unknown_version(line: &str) -> Fault {
    let shown: String = line.chars().take(60).collect();
    Fault::nonsense(format!("it speaks {shown:?} of git's protocol, and rampkit 0, 1 and 2"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789012345678901234567890123456789";

    fn read_text(text: &str) -> Result<Advertisement, Fault> {
        let mut text = text.as_bytes();
        Advertisement::read(packet::read(&mut text)?, &mut text)
    }

    fn read(lines: &[String]) -> Result<Advertisement, Fault> {
        let text: String = lines.iter().map(|line| packet::line(line)).collect();
        read_text(&(text + packet::FLUSH))
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
        assert!(read.capabilities.can("shallow") && !read.capabilities.can("agent"));
        assert_eq!(read.refs.head.as_deref(), Some("refs/heads/main"));
        assert_eq!(read.refs.list[1].peeled, full_id(&peeled));
        assert_eq!(read.refs.list.len(), 2);
    }

    #[test]
    fn an_empty_repository_and_nonsense() {
        let empty = format!("{} capabilities^{{}}\0shallow", "0".repeat(40));
        assert!(read(&[empty]).unwrap().refs.list.is_empty());
        let bad = ["<html>", "12 x", "version 3", &format!("{ID} refs/tags/x^{{}}")];
        for bad in bad.into_iter().chain([&*format!("{ID} refs/\u{1b}[31m"), &format!("{ID} ")]) {
            assert!(read(&[bad.to_owned()]).is_err(), "{bad}");
        }
        let sha256 = format!("{ID}{} HEAD", &ID[..24]);
        assert!(matches!(read(&[sha256]), Err(Fault::Sha256)));
        assert!(read_text(&packet::line(&format!("{ID} HEAD"))).is_err());
    }
}
