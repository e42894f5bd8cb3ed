//! The command `ls-refs` of version 2 (gitprotocol-v2(5)).
//!
//! In: the beginnings of the names that are wanted. Out: the request; and from its answer the refs,
//! with annotated tags peeled and what `HEAD` stands for. A server may give more than was asked for.

use std::io::Read;

use super::advertisement::{LIMIT, add, id_of, is_tame, not_a_ref};
use super::capabilities::{Capabilities, command};
use super::packet::{self, Fault, Packet};
use crate::source::refs::{Ref, Refs};

/// The request for the refs whose full names begin with one of `prefixes`; without any, for all.
pub(super) fn request(server: &Capabilities, prefixes: &[String]) -> String {
    let always = ["peel", "symrefs"].into_iter().map(str::to_owned);
    let prefixes = prefixes.iter().map(|prefix| format!("ref-prefix {prefix}"));
    command("ls-refs", server, always.chain(prefixes))
}

/// Reads the answer to its end.
pub(super) fn read(reader: impl Read) -> Result<Refs, Fault> {
    packet::within(LIMIT, "the list of refs", reader, |reader| {
        let mut refs = Refs::default();
        while let Packet::Data(line) = packet::read(reader)? {
            read_ref(&packet::text(&line), &mut refs)?;
        }
        Ok(refs)
    })
}

/// `ID NAME`, and perhaps `symref-target:NAME` and `peeled:ID`.
fn read_ref(line: &str, refs: &mut Refs) -> Result<(), Fault> {
    let mut words = line.split(' ');
    let (Some(id), Some(name)) = (words.next(), words.next().filter(|name| !name.is_empty()))
    else {
        return Err(not_a_ref(line));
    };
    let mut one = Ref { name: name.to_owned(), oid: id_of(id)?, peeled: None };
    for attribute in words {
        if let Some(id) = attribute.strip_prefix("peeled:") {
            one.peeled = Some(id_of(id)?);
        }
        if let Some(target) = attribute.strip_prefix("symref-target:").filter(|_| name == "HEAD") {
            refs.head = Some(target.to_owned()).filter(|name| is_tame(name));
        }
    }
    add(refs, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::refs::full_id;

    const ID: &str = "0123456789012345678901234567890123456789";

    fn refs(lines: &[&str]) -> Result<Refs, Fault> {
        let lines: String = lines.iter().map(|line| packet::line(&format!("{line}\n"))).collect();
        read((lines + packet::FLUSH).as_bytes())
    }

    #[test]
    fn a_request_and_its_answer() {
        let server = Capabilities::of_line("agent=git/2 object-format=sha1");
        let asked = request(&server, &["refs/tags/v1".to_owned()]);
        let expected = [
            "0014command=ls-refs\n",
            &packet::line(concat!("agent=rampkit/", env!("CARGO_PKG_VERSION"), "\n")),
            "0017object-format=sha1\n0001",
            "0009peel\n000csymrefs\n001cref-prefix refs/tags/v1\n0000",
        ];
        assert_eq!(asked, expected.concat());
        let peeled = ID.replace('0', "a");
        let refs = refs(&[
            &format!("{ID} HEAD symref-target:refs/heads/main"),
            &format!("{ID} refs/remotes/origin/HEAD symref-target:refs/remotes/origin/x"),
            &format!("{ID} refs/tags/v1 peeled:{peeled} what-comes-some-day:x"),
        ]);
        let refs = refs.unwrap();
        assert_eq!(refs.head.as_deref(), Some("refs/heads/main"));
        assert_eq!(refs.get("refs/tags/v1").unwrap().peeled, full_id(&peeled));
        assert_eq!((refs.list.len(), refs.get("HEAD").unwrap().peeled), (3, None));
    }

    #[test]
    fn what_is_no_list_of_refs() {
        let sha256 = format!("{ID}{} HEAD", &ID[..24]);
        assert!(matches!(refs(&[&sha256]), Err(Fault::Sha256)));
        let bad = ["", ID, &format!("{ID} "), &format!("{ID} HEAD peeled:1"), "unborn HEAD"];
        for bad in bad.into_iter().chain([&*format!("{ID} refs/\u{7}"), "ERR no"]) {
            assert!(refs(&[bad]).is_err(), "{bad}");
        }
        assert!(refs(&[]).unwrap().list.is_empty());
        let many = packet::line(&format!("{ID} refs/x\n")).repeat(1_000_001) + packet::FLUSH;
        let fault = read(many.as_bytes()).err().unwrap();
        assert_eq!(fault.to_string(), "the list of refs has more than 1000000");
    }
}
