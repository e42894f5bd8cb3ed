//! How objects came from a server, as `--verbose` tells it.
//!
//! In: what was counted on the way. Out: a [`Route`], which shows itself as one line.

use std::fmt;
use std::time::{Duration, Instant};

use super::wire::Server;
use crate::wording::{plural, size};

/// Which objects a server was asked for: the first of these that it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// None: all were in the cache.
    Cache,
    /// None: no more than the names and ids of its refs.
    Refs,
    /// Each by its id, with the filter `tree:0`.
    TreeZero,
    /// All trees of the commit and each file by its id, with the filter `blob:none`.
    BlobNone,
    /// All of the commit, without its history.
    Commit,
    /// All of the commit, with its history.
    History,
    /// All of the repository.
    Everything,
}

/// What it took to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// How, in the end.
    pub way: Way,
    /// The version of git's protocol that the server spoke; nothing where it was not asked at all.
    pub protocol: Option<u8>,
    /// How many questions were asked.
    pub requests: u32,
    /// Bytes of git's protocol that were sent.
    pub sent: u64,
    /// Bytes of git's protocol that came.
    pub received: u64,
    /// From the first step to the last.
    pub time: Duration,
}

impl Route {
    /// What was gone since `began` with a server, if one was asked.
    pub(super) fn by(way: Way, server: Option<&Server>, began: Instant) -> Self {
        let traffic = server.map(Server::traffic).unwrap_or_default();
        Self {
            way,
            protocol: server.map(Server::version),
            requests: traffic.requests,
            sent: traffic.sent,
            received: traffic.received,
            time: began.elapsed(),
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cache => "all objects from the cache",
            Self::Refs => "the list of refs",
            Self::TreeZero => "filter tree:0",
            Self::BlobNone => "filter blob:none",
            Self::Commit => "no filter, depth 1",
            Self::History => "no filter, with the history",
            Self::Everything => "all of the repository",
        })
    }
}

/// `filter tree:0, git protocol 2: 5 requests, 1203 bytes sent, 2040 bytes received, 37 ms`
impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { way, protocol, requests, sent, received, time } = self;
        let time = time.as_millis();
        let Some(protocol) = protocol else { return write!(f, "{way}: no requests, {time} ms") };
        let requests = plural(*requests as usize, "request", "requests");
        let (sent, received) = (size(*sent), size(*received));
        write!(
            f,
            "{way}, git protocol {protocol}: {requests}, {sent} sent, {received} received, {time} ms"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line() {
        let time = Duration::from_micros(37_900);
        let route = Route {
            way: Way::TreeZero,
            protocol: Some(2),
            requests: 1,
            sent: 1203,
            received: 20_400,
            time,
        };
        let said =
            "filter tree:0, git protocol 2: 1 request, 1203 bytes sent, 20.4 kB received, 37 ms";
        assert_eq!(route.to_string(), said);
        let route = Route { way: Way::Cache, protocol: None, ..route };
        assert_eq!(route.to_string(), "all objects from the cache: no requests, 37 ms");
    }
}
