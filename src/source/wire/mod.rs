//! Git's wire protocol, as far as fetching needs it: smart HTTP, `git://` and ssh.
//!
//! In: a place, and later the ids wanted. Out: what the server advertises, and the objects, written
//! into a repository of ours. Which ids to want is decided elsewhere; objects and packs are
//! libgit2's.

mod advertisement;
mod exchange;
mod packet;
mod smart_http;
mod stream;

use std::io::{BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use git2::{Oid, Repository};

use super::address::Place;
use super::refs::Refs;
use crate::error::{Error, Said, SourceError};
use crate::http;
use advertisement::Advertisement;
pub(super) use exchange::Depth;
use exchange::Failure;
use packet::Fault;
use smart_http::Session;
use stream::Stream;

/// A server that has said what it can do, and perhaps what it has.
pub(super) struct Server {
    at: At,
    /// Over what the next request goes; a stream serves one of version 0 only.
    line: Option<Line>,
    advertisement: Advertisement,
    traffic: Traffic,
}

/// Where a server is.
struct At {
    place: Place,
    /// What errors call it.
    shown: String,
    cacert: Option<PathBuf>,
}

enum Line {
    Http(Session),
    Stream(BufReader<Stream>),
}

/// What a server lets us ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Abilities {
    /// The commit alone, without its history.
    pub shallow: bool,
    /// Objects by their ids.
    pub ids: Ids,
}

/// Which objects a server gives by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ids {
    /// Those that its refs point at.
    Advertised,
    /// Those that its refs point at, also the refs it does not show.
    Tips,
    /// All that its refs lead to.
    Reachable,
}

/// What is wanted of a server.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    /// The objects, and all they lead to.
    pub wants: &'a [Oid],
    /// How much of the history.
    pub depth: Depth,
}

/// How much was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traffic {
    /// Questions, the first one included.
    pub requests: u32,
}

/// How a request for objects ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The objects are there.
    Objects,
    /// The server does not give out an object of this id.
    Refused,
}

/// Connects to `place`, which errors call `shown`, and hears what it can do.
///
/// # Errors
/// Those of a source that cannot be reached, refuses us, or is no repository.
pub(super) fn connect(place: &Place, shown: &str, cacert: Option<&Path>) -> Result<Server, Error> {
    let cacert = cacert.map(Path::to_owned);
    let at = At { place: place.clone(), shown: shown.to_owned(), cacert };
    let (advertisement, line) = at.connect()?;
    let traffic = Traffic { requests: 1 };
    Ok(Server { at, line: Some(line), advertisement, traffic })
}

impl At {
    fn connect(&self) -> Result<(Advertisement, Line), Error> {
        let shown = &self.shown;
        if let Place::Http(url) = &self.place {
            let (session, mut body) = Session::open(url, shown, self.cacert.as_deref())?;
            let read =
                smart_http::skip_service(&mut body).and_then(|()| Advertisement::read(&mut body));
            return Ok((read.map_err(|fault| unanswered(fault, shown))?, Line::Http(session)));
        }
        let mut stream = BufReader::new(Stream::open(&self.place, shown)?);
        let read = Advertisement::read(&mut stream);
        let read = read.map_err(|fault| stream.get_mut().explain(fault, shown))?;
        Ok((read, Line::Stream(stream)))
    }
}

impl Server {
    /// The refs whose full names begin with one of `prefixes`, and perhaps more.
    ///
    /// # Errors
    /// [`SourceError::Broken`] and [`SourceError::Unreachable`].
    pub fn refs(&mut self, _prefixes: &[String]) -> Result<Refs, Error> {
        Ok(self.advertisement.refs.clone())
    }

    /// What may be asked for.
    pub fn abilities(&self) -> Abilities {
        let can = |capability| self.advertisement.can(capability);
        let ids = match () {
            () if can("allow-reachable-sha1-in-want") => Ids::Reachable,
            () if can("allow-tip-sha1-in-want") => Ids::Tips,
            () => Ids::Advertised,
        };
        Abilities { shallow: can("shallow"), ids }
    }

    /// How much was said until now.
    #[expect(dead_code, reason = "a session will tell")]
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Fetches into `repository`; connects again where need be.
    ///
    /// # Errors
    /// [`SourceError::Broken`] and [`SourceError::Unreachable`]; [`SourceError::Git`] where the pack cannot be stored.
    pub fn fetch(&mut self, wanted: Request<'_>, into: &Repository) -> Result<Answer, Error> {
        if !self.advertisement.can("side-band-64k") {
            return Err(broken(Fault::nonsense("it does not offer side-band-64k"), &self.at.shown));
        }
        let request = exchange::request(&self.advertisement, wanted.wants, wanted.depth);
        let line = match self.line.take() {
            Some(line) => line,
            None => self.at.connect()?.1,
        };
        self.traffic.requests += 1;
        let received = match line {
            Line::Http(session) => {
                let received = exchange::receive(session.request(request)?, into);
                self.line = Some(Line::Http(session));
                received
            }
            Line::Stream(mut stream) => {
                let said = stream.get_mut().say(&request);
                said.map_err(|error| Failure::from(Fault::from(error)))
                    .and_then(|()| exchange::receive(&mut stream, into))
                    .map_err(|failure| stream.get_mut().last_words(failure))
            }
        };
        let Err(failure) = received else { return Ok(Answer::Objects) };
        match failure {
            failure if failure.refuses_id() => Ok(Answer::Refused),
            failure => Err(failed(failure, &self.at.shown)),
        }
    }
}

/// What it means that a pack did not arrive.
fn failed(failure: Failure, shown: &str) -> Error {
    let place = shown.to_owned();
    match failure {
        Failure::Talk(fault) => broken(fault, shown),
        Failure::Store(error) if exchange::is_of_the_system(&error) => {
            let action = "store what was fetched from";
            Error::from(SourceError::Git { action, place, source: error.into() })
        }
        Failure::Store(error) => Error::from(SourceError::Broken { place, source: error.into() }),
    }
}

/// What it means that a place gave no list of refs.
fn unanswered(fault: Fault, shown: &str) -> Error {
    match fault {
        Fault::Said(source) => {
            let advice = "check the path, and whether the server exports that repository";
            Error::from(SourceError::NotARepository {
                place: shown.to_owned(),
                source,
                advice: advice.to_owned(),
            })
        }
        fault => broken(fault, shown),
    }
}

/// What it means that a conversation broke off.
fn broken(fault: Fault, shown: &str) -> Error {
    let place = shown.to_owned();
    match fault {
        Fault::Said(source) => Error::from(SourceError::Broken { place, source }),
        Fault::Io(error) => match error.kind() {
            ErrorKind::UnexpectedEof => Error::from(SourceError::Broken {
                place,
                source: Said::new("the connection ended too early"),
            }),
            ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                let silence = http::IDLE_TIMEOUT.as_secs();
                let source = Said::new(format!("it said nothing for {silence} seconds"));
                Error::from(SourceError::Unreachable { place, source })
            }
            _ => Error::from(SourceError::Broken { place, source: http::body_failure(&error) }),
        },
    }
}
