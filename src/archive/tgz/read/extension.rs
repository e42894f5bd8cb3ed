//! What stands before a member because its header has no room for it: GNU's long names, and the
//! records of pax.
//!
//! In: the bytes of such a header. Out: what it says of the member. Where it says so twice, and
//! differently, readers differ in which they take.

use crate::archive::findings::{Findings, shown};
use crate::finding::Finding;

/// More than any name takes, in bytes.
pub const LARGEST: u64 = 1 << 20;

/// What an extension is, by the letter of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// The name.
    LongName,
    /// The target of a link.
    LongLink,
    /// Records of the next member.
    Next,
    /// Records of all members that follow.
    All,
}

/// What is said of the next member.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Its path.
    pub path: Option<Vec<u8>>,
    /// Where a link leads.
    pub target: Option<Vec<u8>>,
    /// The bytes that follow its header.
    pub stored: Option<u64>,
    /// The bytes of a file with holes.
    pub size: Option<u64>,
}

impl Said {
    /// Adds what the extension `bytes` say.
    pub fn add(&mut self, extension: Extension, bytes: &[u8], found: &mut Findings) {
        let name = || bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        match extension {
            Extension::LongName => set(&mut self.path, name().to_vec(), found),
            Extension::LongLink => set(&mut self.target, name().to_vec(), found),
            Extension::Next => self.records(bytes, found),
            Extension::All => {
                let mut said = Self::default();
                said.records(bytes, found);
                if said != Self::default() {
                    differ("a header for all members gives them names or sizes", found);
                }
            }
        }
    }

    fn records(&mut self, bytes: &[u8], found: &mut Findings) {
        let mut left = bytes;
        // A name with holes in the file stands for the one that others show.
        let mut real = None;
        while !left.is_empty() {
            let Some((key, value, rest)) = record(left) else {
                found.add(Finding::error("extra_damaged", "has a pax header that is none"));
                return;
            };
            left = rest;
            let number = || std::str::from_utf8(value).ok()?.parse().ok();
            match key {
                b"path" => set(&mut self.path, value.to_vec(), found),
                b"linkpath" => set(&mut self.target, value.to_vec(), found),
                b"size" => self.stored = number(),
                b"GNU.sparse.name" => real = Some(value.to_vec()),
                b"GNU.sparse.realsize" | b"GNU.sparse.size" => self.size = number(),
                _ => {}
            }
        }
        self.path = real.or(self.path.take());
    }
}

fn set(place: &mut Option<Vec<u8>>, value: Vec<u8>, found: &mut Findings) {
    if let Some(other) = place.replace(value)
        && let Some(value) = place
        && *value != other
    {
        differ(&format!("one member is {} and {}", shown(&other), shown(value)), found);
    }
}

fn differ(what: &str, found: &mut Findings) {
    found.add(Finding::error("headers_differ", format!("{what}, and readers differ in which")));
}

/// `length key=value\n`, and what follows; the length is that of all.
fn record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let digits = bytes.iter().take(8).position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()?;
    let (all, rest) = bytes.split_at_checked(length)?;
    let text = all.get(digits + 1..)?.strip_suffix(b"\n")?;
    let equals = text.iter().position(|byte| *byte == b'=')?;
    Some((&text[..equals], &text[equals + 1..], rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_pax() {
        let mut found = Findings::default();
        let mut said = Said::default();
        let bytes = b"12 path=a/b\n18 SCHILY.x=\n=\n 1\n10 size=7\n";
        said.add(Extension::Next, bytes, &mut found);
        assert_eq!(said.path.as_deref(), Some(&b"a/b"[..]));
        assert_eq!(said.stored, Some(7));
        for bad in
            ["5 a=b", "99 path=a\n", "path=a\n", "0 \n", "3 \n", "18446744073709551616 a=b\n"]
        {
            assert_eq!(record(bad.as_bytes()), None, "{bad:?}");
        }
        assert!(found.finish().0.is_empty());
    }
}
