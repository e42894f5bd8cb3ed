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
use super::index;
use super::pack::Limits;
use super::packet::{self, Fault, Packet};
use super::sideband::Sideband;
use super::{Depth, Request};
use crate::error::{Error, Said};

/// Why a pack did not arrive.
pub(super) enum Failure {
    /// The conversation failed.
    Talk(Fault),
    /// A blob in it is larger than is allowed.
    TooLarge { size: u64 },
    /// It cannot be written.
    Write(io::Error),
    /// libgit2 does not take it.
    Store(Said),
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
    // Azure DevOps answers nobody who cannot do one of the first two. Without an id that is known
    // already there is nothing to acknowledge, and they change nothing.
    let offered = ["multi_ack_detailed", "multi_ack", "side-band-64k", "ofs-delta", "no-progress"];
    let offered = offered.into_iter().filter(|name| server.can(name));
    let mut capabilities: Vec<&str> = offered.collect();
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
    answer: impl Read,
    repository: &Repository,
    limits: &Limits,
) -> Result<(), Failure> {
    index::store(pack(server, answer)?, repository, limits)
}

/// The pack in an answer.
pub(super) fn pack<R: Read>(server: &Greeting, mut answer: R) -> Result<Sideband<R>, Fault> {
    packet::within(LIMIT, "what stands before the pack", &mut answer, |answer| match server {
        Greeting::Refs(_) => skip_to_pack(answer),
        Greeting::Capabilities(_) => skip_sections(answer),
    })?;
    Ok(Sideband::new(answer))
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

#[cfg(test)]
mod tests {
    use git2::Oid;

    use super::super::{Filter, Limits};
    use super::*;

    fn asked(greeting: &str, depth: Depth, filter: Option<Filter>) -> String {
        let greeting = Greeting::read(&mut greeting.as_bytes()).unwrap();
        let wants =
            [Oid::from_str(&"1".repeat(40)).unwrap(), Oid::from_str(&"2".repeat(40)).unwrap()];
        request(&greeting, &Request { wants: &wants, depth, filter, limits: Limits::FEW })
    }

    #[test]
    fn requests_of_version_2() {
        let greeting = "000eversion 2\n0000";
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        assert_eq!(
            asked(greeting, Depth::One, Some(Filter::TreeZero)),
            format!(
                "0012command=fetch\n0001\
                 0010no-progress\n000eofs-delta\n000ddeepen 1\n0012filter tree:0\n\
                 0032want {one}\n0032want {two}\n0009done\n0000"
            )
        );
        assert_eq!(
            asked(greeting, Depth::Whole, None),
            format!(
                "0012command=fetch\n0001\
                 0010no-progress\n000eofs-delta\n0032want {one}\n0032want {two}\n0009done\n0000"
            )
        );
    }

    #[test]
    fn requests_of_version_0() {
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        let head = packet::line(&format!("{one} HEAD\0side-band-64k ofs-delta multi_ack"));
        assert_eq!(
            asked(&(head + "0000"), Depth::One, None),
            format!(
                "0053want {one} multi_ack side-band-64k ofs-delta0031want {two}000cdeepen 100000009done\n"
            )
        );
    }

    #[test]
    fn what_stands_before_a_pack() {
        let shallow = packet::line(&format!("shallow {}\n", "1".repeat(40)));
        let text = format!("0011shallow-info\n{shallow}0001000dpackfile\nrest");
        let mut answer = text.as_bytes();
        skip_sections(&mut answer).unwrap();
        assert_eq!(answer, b"rest");
        let mut none = "0011shallow-info\n0000".as_bytes();
        assert!(skip_sections(&mut none).is_err());
        let mut zero = "00000008NAK\nrest".as_bytes();
        skip_to_pack(&mut zero).unwrap();
        assert_eq!(zero, b"rest");
        let refused = |text: &str| Failure::Talk(Fault::said(text.as_bytes())).refuses_id();
        assert!(refused("upload-pack: not our ref 1") && refused("want 1 not valid"));
        assert!(!refused("filter 'tree' not supported"));
    }
}
