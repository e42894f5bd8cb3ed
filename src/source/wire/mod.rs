//! Git's wire protocol, as far as fetching needs it: smart HTTP, `git://` and ssh, in version 2 where
//! the server knows it.
//!
//! In: a place, and later the ids wanted. Out: what the server advertises, and the objects, written
//! into a repository of ours. Which ids to want is decided elsewhere; what an object says is
//! libgit2's to read.

mod advertisement;
mod ask;
mod capabilities;
mod delta;
mod exchange;
mod greeting;
mod heard;
mod index;
mod inflate;
mod ls_refs;
mod paced;
mod pack;
mod packet;
mod resolve;
mod sideband;
mod smart_http;
mod stream;
mod trouble;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use git2::Repository;

use super::address::Place;
use super::refs::Refs;
use crate::error::{Error, Said};
pub(super) use ask::{Abilities, Answer, Depth, Filter, Ids, Request, Traffic};
use exchange::Failure;
use greeting::Greeting;
pub(super) use heard::all as heard;
use paced::{Paced, drain};
pub(super) use pack::Limits;
use packet::Fault;
use smart_http::Session;
use stream::Stream;
use trouble::{broken, failed, unanswered};

/// A server that has said what it can do, and perhaps what it has.
pub(super) struct Server {
    at: At,
    /// Over what the next request goes; in versions 0 and 1 a stream serves one only.
    line: Option<Line>,
    greeting: Greeting,
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
    Http(Box<Session>),
    Stream(BufReader<Paced<Stream>>),
}

/// Connects to `place`, which errors call `shown`, and hears what it can do.
///
/// # Errors
/// Those of a source that cannot be reached, refuses us, or is no repository.
pub(super) fn connect(place: &Place, shown: &str, cacert: Option<&Path>) -> Result<Server, Error> {
    let cacert = cacert.map(Path::to_owned);
    let at = At { place: place.clone(), shown: shown.to_owned(), cacert };
    let mut traffic = Traffic::default();
    let (greeting, line) = at.connect(&mut traffic)?;
    Ok(Server { at, line: Some(line), greeting, traffic })
}

impl At {
    fn connect(&self, traffic: &mut Traffic) -> Result<(Greeting, Line), Error> {
        let shown = &self.shown;
        if let Place::Http(url) = &self.place {
            let (session, body) = Session::open(url, shown, self.cacert.as_deref())?;
            let mut body = BufReader::new(Paced::new(body));
            let read = Greeting::read(&mut body).inspect(|_| drain(&mut body));
            traffic.count(0, body.get_ref().received());
            let greeting = read.map_err(|fault| unanswered(fault, shown))?;
            return Ok((greeting, Line::Http(Box::new(session))));
        }
        let (stream, sent) = Stream::open(&self.place, shown)?;
        let mut stream = BufReader::new(Paced::new(stream));
        let read = Greeting::read(&mut stream);
        traffic.count(sent, stream.get_ref().received());
        let read = read.map_err(|fault| stream.get_mut().inner().explain(fault, shown))?;
        Ok((read, Line::Stream(stream)))
    }
}

impl Server {
    /// The refs whose full names begin with one of `prefixes`, and perhaps more; without any prefix,
    /// all.
    ///
    /// # Errors
    /// [`SourceError::Broken`](crate::error::SourceError::Broken) and
    /// [`SourceError::Unreachable`](crate::error::SourceError::Unreachable).
    pub fn refs(&mut self, prefixes: &[String]) -> Result<Refs, Error> {
        if let Greeting::Capabilities(_) = self.greeting {
            self.be_connected()?;
        }
        let request = match &self.greeting {
            Greeting::Refs(advertisement) => return Ok(advertisement.refs.clone()),
            Greeting::Capabilities(server) => ls_refs::request(server, prefixes),
        };
        self.must_know("ls-refs")?;
        let heard = self.ask(&request, |_, answer| Ok(ls_refs::read(answer)?));
        heard.map_err(|failure| failed(failure, &self.at.shown))
    }

    /// What may be asked for.
    pub fn abilities(&self) -> Abilities {
        let Greeting::Refs(advertisement) = &self.greeting else {
            let fetch_can = |feature| self.greeting.capabilities().fetch_can(feature);
            let (shallow, filter) = (fetch_can("shallow"), fetch_can("filter"));
            return Abilities { shallow, ids: Ids::Any, filter };
        };
        let can = |capability| advertisement.capabilities.can(capability);
        let ids = match () {
            () if can("allow-reachable-sha1-in-want") => Ids::Reachable,
            () if can("allow-tip-sha1-in-want") => Ids::Tips,
            () => Ids::Advertised,
        };
        Abilities { shallow: can("shallow"), ids, filter: false }
    }

    /// The version of git's protocol that it speaks.
    pub fn version(&self) -> u8 {
        self.greeting.version()
    }

    /// How much was said until now.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Fetches into `repository`; connects again where need be.
    ///
    /// # Errors
    /// [`SourceError::Broken`](crate::error::SourceError::Broken) and
    /// [`SourceError::Unreachable`](crate::error::SourceError::Unreachable);
    /// [`SourceError::Git`](crate::error::SourceError::Git) where the pack cannot be stored.
    pub fn fetch(&mut self, wanted: Request<'_>, into: &Repository) -> Result<Answer, Error> {
        self.be_connected()?;
        self.must_know("fetch")?;
        let request = exchange::request(&self.greeting, &wanted);
        let before = self.traffic.received;
        let heard = self.ask(&request, |server, answer| {
            exchange::receive(server, answer, into, &wanted.limits)
        });
        let Err(failure) = heard else { return Ok(Answer::Objects) };
        let is_silent = self.traffic.received == before;
        match failure {
            failure if failure.refuses_id() => Ok(Answer::Refused),
            Failure::Talk(Fault::Said(said)) => Ok(Answer::Unwilling(said)),
            Failure::TooLarge { size } => Ok(Answer::TooLarge { size }),
            // What a filter should have left out; another way has other limits.
            Failure::Talk(Fault::TooMuch(why)) if wanted.filter.is_some() => {
                Ok(Answer::Unwilling(why))
            }
            // So ends git's own server where it does not know what it was asked.
            Failure::Talk(fault) if fault.is_end() && is_silent && wanted.filter.is_some() => {
                Ok(Answer::Unwilling(Said::new("it ended the connection without a word")))
            }
            failure => Err(failed(failure, &self.at.shown)),
        }
    }

    /// A server that cannot do what every server can is none.
    fn must_know(&self, command: &str) -> Result<(), Error> {
        let missing = match &self.greeting {
            Greeting::Refs(server) if !server.capabilities.can("side-band-64k") => "side-band-64k",
            Greeting::Capabilities(server) if !server.knows(command) => command,
            _ => return Ok(()),
        };
        let fault = Fault::nonsense(format!("it does not offer {missing}"));
        Err(broken(fault, &self.at.shown))
    }

    /// Connects again where the last request has ended the connection, perhaps to a server of another
    /// version.
    fn be_connected(&mut self) -> Result<(), Error> {
        if self.line.is_none() {
            let (greeting, line) = self.at.connect(&mut self.traffic)?;
            (self.greeting, self.line) = (greeting, Some(line));
        }
        Ok(())
    }

    /// Says `request`, and lets `hear` have the answer. The connection stays where another command
    /// can follow.
    fn ask<T>(
        &mut self,
        request: &str,
        hear: impl FnOnce(&Greeting, &mut dyn BufRead) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let greeting = &self.greeting;
        let (line, heard, received) = match self.line.take() {
            None => unreachable!("who asks is connected"),
            Some(Line::Http(session)) => {
                let (heard, received) = session.ask(request, |answer| hear(greeting, answer));
                (Some(Line::Http(session)), heard, received)
            }
            Some(Line::Stream(mut stream)) => {
                let (heard, received) =
                    stream::ask(&mut stream, request, |answer| hear(greeting, answer));
                let stays = heard.is_ok() && matches!(greeting, Greeting::Capabilities(_));
                (stays.then_some(Line::Stream(stream)), heard, received)
            }
        };
        self.line = line;
        self.traffic.count(request.len(), received);
        heard
    }
}

impl Drop for Server {
    /// A stream that waits for another request is told that none comes.
    fn drop(&mut self) {
        if let Some(Line::Stream(stream)) = &mut self.line {
            // It may be gone already.
            let _ = stream.get_mut().inner().say(packet::FLUSH);
        }
    }
}
