//! Asking for objects, and unpacking the answer (gitprotocol-pack(5), gitprotocol-v2(5)).
//!
//! In: what is wanted, what the server can do, and its answer. Out: the objects, in a repository of
//! ours. Nothing is ever offered as known, so the whole request is one piece of text and serves
//! stateful and stateless transports alike.

use std::io::{self, Read};

use git2::Repository;

use super::advertisement::LIMIT;
use super::capabilities::{AGENT, Capabilities, command};
use super::greeting::Greeting;
use super::packet::{self, Fault, Packet};
use super::sideband::Sideband;
use super::{Depth, Request};
use crate::error::Error;

/// Why a pack did not arrive.
pub(super) enum Failure {
    /// The conversation failed.
    Talk(Fault),
    /// libgit2 could not store it: the disk, or a pack that is wrong in itself.
    Store(git2::Error),
    /// There was no conversation.
    Silent(Error),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Talk(fault)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Silent(error)
    }
}

/// The request for what is `wanted`.
pub(super) fn request(server: &Greeting, wanted: &Request<'_>) -> String {
    match server {
        Greeting::Refs(_) => request_0(server.capabilities(), wanted),
        Greeting::Capabilities(server) => request_2(server, wanted),
    }
}

fn request_0(server: &Capabilities, wanted: &Request<'_>) -> String {
    let offered = ["side-band-64k", "ofs-delta", "no-progress"].into_iter();
    let mut capabilities: Vec<&str> = offered.filter(|name| server.can(name)).collect();
    capabilities.extend(server.value("agent=").map(|_| AGENT));
    let mut text = String::new();
    for (n, want) in wanted.wants.iter().enumerate() {
        let capabilities = if n == 0 { capabilities.join(" ") } else { String::new() };
        text += &packet::line(format!("want {want} {capabilities}").trim_end());
    }
    if wanted.depth == Depth::One {
        text += &packet::line("deepen 1");
    }
    text + packet::FLUSH + &packet::line("done\n")
}

fn request_2(server: &Capabilities, wanted: &Request<'_>) -> String {
    let mut arguments = vec!["no-progress".to_owned(), "ofs-delta".to_owned()];
    if wanted.depth == Depth::One {
        arguments.push("deepen 1".to_owned());
    }
    arguments.extend(wanted.filter.map(|filter| format!("filter {}", filter.spec())));
    arguments.extend(wanted.wants.iter().map(|want| format!("want {want}")));
    arguments.push("done".to_owned());
    command("fetch", server, arguments)
}

/// Reads the answer to a request into `repository`.
pub(super) fn receive(
    server: &Greeting,
    mut answer: impl Read,
    repository: &Repository,
) -> Result<(), Failure> {
    packet::within(LIMIT, "what stands before the pack", &mut answer, |answer| match server {
        Greeting::Refs(_) => skip_to_pack(answer),
        Greeting::Capabilities(_) => skip_sections(answer),
    })?;
    store(&mut Sideband::new(answer), repository)
}

/// Unpacks a pack.
fn store(pack: &mut impl Read, repository: &Repository) -> Result<(), Failure> {
    let odb = repository.odb().map_err(Failure::Store)?;
    let mut writer = odb.packwriter().map_err(Failure::Store)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = pack.read(&mut buffer).map_err(Fault::from)?;
        if length == 0 {
            return writer.commit().map_err(Failure::Store).map(drop);
        }
        // libgit2's writer tells no reason by itself.
        let written = io::Write::write_all(&mut writer, &buffer[..length]);
        written.map_err(|_| Failure::Store(git2::Error::last_error(-1)))?;
    }
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

/// The same in version 2: sections, each with its name and an end.
fn skip_sections(answer: &mut impl Read) -> Result<(), Fault> {
    loop {
        match packet::read(answer)? {
            Packet::Data(line) if packet::text(&line) == "packfile" => return Ok(()),
            Packet::Data(_) | Packet::Delim => {}
            Packet::Flush => return Err(Fault::nonsense("its answer has no pack")),
        }
    }
}

impl Failure {
    /// Did the server refuse an id because it does not have it, or does not give it out? The words are
    /// those of git and of JGit.
    pub fn refuses_id(&self) -> bool {
        let words = ["not our ref", "not valid"];
        matches!(self, Self::Talk(Fault::Said(said)) if words.iter().any(|it| said.contains(it)))
    }
}

/// What a [`git2::Error`] of a pack means: the system's fault, or the server's.
pub(super) fn is_of_the_system(error: &git2::Error) -> bool {
    matches!(error.class(), git2::ErrorClass::Os | git2::ErrorClass::Filesystem)
}
