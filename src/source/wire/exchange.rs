//! Asking for objects, and unpacking the answer (gitprotocol-pack(5)).
//!
//! In: the ids wanted, what the server can do, and its answer. Out: the objects, in a repository of
//! ours. Nothing is ever offered as known, so the whole request is one piece of text and serves
//! stateful and stateless transports alike.

use std::io::{Read, Write};

use git2::{Oid, Repository};

use super::advertisement::Advertisement;
use super::packet::{self, Fault, Packet};

/// How much of the history is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::source) enum Depth {
    /// The commit alone, without those before it.
    One,
    /// All of it.
    Whole,
}

/// Why a pack did not arrive.
pub(super) enum Failure {
    /// The conversation failed.
    Talk(Fault),
    /// libgit2 could not store it: the disk, or a pack that is wrong in itself.
    Store(git2::Error),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Talk(fault)
    }
}

/// The request for `wants`.
pub(super) fn request(server: &Advertisement, wants: &[Oid], depth: Depth) -> String {
    let offered = ["side-band-64k", "ofs-delta", "no-progress"].into_iter();
    let mut capabilities: Vec<&str> = offered.filter(|name| server.can(name)).collect();
    let agent = concat!("agent=rampkit/", env!("CARGO_PKG_VERSION"));
    capabilities.extend(server.value("agent=").map(|_| agent));
    let mut text = String::new();
    for (n, want) in wants.iter().enumerate() {
        let capabilities = if n == 0 { capabilities.join(" ") } else { String::new() };
        text += &packet::line(format!("want {want} {capabilities}").trim_end());
    }
    if depth == Depth::One {
        text += &packet::line("deepen 1");
    }
    text + packet::FLUSH + &packet::line("done\n")
}

/// Reads the answer to a request into `repository`.
pub(super) fn receive(mut answer: impl Read, repository: &Repository) -> Result<(), Failure> {
    skip_to_pack(&mut answer)?;
    let odb = repository.odb().map_err(Failure::Store)?;
    let mut pack = odb.packwriter().map_err(Failure::Store)?;
    while let Packet::Data(line) = packet::read(&mut answer)? {
        match line.split_first() {
            // libgit2's writer tells no reason by itself.
            Some((1, data)) => {
                pack.write_all(data).map_err(|_| Failure::Store(git2::Error::last_error(-1)))?
            }
            Some((2, _progress)) => {}
            Some((3, what)) => return Err(Fault::said(what).into()),
            _ => return Err(Fault::nonsense("a line of a pack has no known band").into()),
        }
    }
    pack.commit().map_err(Failure::Store).map(drop)
}

/// What stands before the pack: the commits at which the history is cut, and `NAK`.
fn skip_to_pack(answer: &mut impl Read) -> Result<(), Fault> {
    loop {
        let Packet::Data(line) = packet::read(answer)? else { continue };
        match String::from_utf8_lossy(&line).split_whitespace().next() {
            Some("shallow" | "unshallow") => {}
            Some("NAK" | "ACK") => return Ok(()),
            _ => return Err(Fault::said(&line)),
        }
    }
}

impl Failure {
    /// Did the server refuse an id because it does not have it, or does not give it out?
    pub fn refuses_id(&self) -> bool {
        matches!(self, Self::Talk(Fault::Said(said)) if said.contains("not our ref"))
    }
}

/// What a [`git2::Error`] of a pack means: the system's fault, or the server's.
pub(super) fn is_of_the_system(error: &git2::Error) -> bool {
    matches!(error.class(), git2::ErrorClass::Os | git2::ErrorClass::Filesystem)
}
