//! The command `ls-refs` of version 2 (gitprotocol-v2(5)).
//!
//! In: the beginnings of the names that are wanted. Out: the request; and from its answer the refs,
//! with annotated tags peeled and what `HEAD` stands for. A server may give more than was asked for.

use std::io::Read;

use super::advertisement::{LIMIT, add, id_of, not_a_ref};
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
            refs.head = Some(target.to_owned());
        }
    }
    add(refs, one)
}
