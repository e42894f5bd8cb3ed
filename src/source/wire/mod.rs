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
use std::path::Path;

use git2::{Oid, Repository};

use super::address::Place;
use crate::error::{Error, Said, SourceError};
use crate::http;
use advertisement::Advertisement;
pub(super) use exchange::Depth;
use exchange::Failure;
use packet::Fault;
use smart_http::Session;
use stream::Stream;

/// A server that has said what it has.
pub(super) struct Server {
    shown: String,
    advertisement: Advertisement,
    line: Line,
}

enum Line {
    Http(Session),
    Stream(BufReader<Stream>),
}

/// How a request for objects ended.
pub(super) enum Answer {
    /// The objects are there.
    Objects,
    /// The server does not give out an object of this id.
    Refused,
}

/// Connects to `place`, which errors call `shown`, and hears what it has.
///
/// # Errors
/// Those of a source that cannot be reached, refuses us, or is no repository.
pub(super) fn connect(place: &Place, shown: &str, cacert: Option<&Path>) -> Result<Server, Error> {
    let (advertisement, line) = match place {
        Place::Http(url) => {
            let (session, mut body) = Session::open(url, shown, cacert)?;
            let read =
                smart_http::skip_service(&mut body).and_then(|()| Advertisement::read(&mut body));
            (read.map_err(|fault| unanswered(fault, shown))?, Line::Http(session))
        }
        _ => {
            let mut stream = BufReader::new(Stream::open(place, shown)?);
            let read = Advertisement::read(&mut stream);
            let read = read.map_err(|fault| stream.get_mut().explain(fault, shown))?;
            (read, Line::Stream(stream))
        }
    };
    Ok(Server { shown: shown.to_owned(), advertisement, line })
}

impl Server {
    /// What the server has and can do.
    pub fn advertisement(&self) -> &Advertisement {
        &self.advertisement
    }

    /// Fetches `wants` into `repository`; the conversation is then over.
    ///
    /// # Errors
    /// [`SourceError::Broken`] and [`SourceError::Unreachable`]; [`SourceError::Git`] where the pack cannot be stored.
    pub fn fetch(
        self,
        wants: &[Oid],
        depth: Depth,
        repository: &Repository,
    ) -> Result<Answer, Error> {
        if !self.advertisement.can("side-band-64k") {
            return Err(broken(Fault::nonsense("it does not offer side-band-64k"), &self.shown));
        }
        let request = exchange::request(&self.advertisement, wants, depth);
        let received = match self.line {
            Line::Http(session) => exchange::receive(session.request(request)?, repository),
            Line::Stream(mut stream) => {
                let said = stream.get_mut().say(&request);
                said.map_err(|error| Failure::from(Fault::from(error)))
                    .and_then(|()| exchange::receive(&mut stream, repository))
                    .map_err(|failure| stream.get_mut().last_words(failure))
            }
        };
        match received {
            Ok(()) => Ok(Answer::Objects),
            Err(failure) if failure.refuses_id() => Ok(Answer::Refused),
            Err(Failure::Talk(fault)) => Err(broken(fault, &self.shown)),
            Err(Failure::Store(error)) if exchange::is_of_the_system(&error) => {
                Err(Error::from(SourceError::Git {
                    action: "store what was fetched from",
                    place: self.shown,
                    source: error.into(),
                }))
            }
            Err(Failure::Store(error)) => {
                Err(Error::from(SourceError::Broken { place: self.shown, source: error.into() }))
            }
        }
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
