//! What is asked of a server, what it allows to ask, and how that ended: values.

use git2::Oid;

use super::pack::Limits;
use crate::error::Said;

/// What a server lets us ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) struct Abilities {
    /// The commit alone, without its history.
    pub shallow: bool,
    /// Objects by their ids.
    pub ids: Ids,
    /// Less than all that an object leads to.
    pub filter: bool,
}

/// Which objects a server gives by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Ids {
    /// Those that its refs point at.
    Advertised,
    /// Those that its refs point at, also the refs it does not show.
    Tips,
    /// All commits that its refs lead to.
    Reachable,
    /// All, of whatever kind, unless it says no.
    Any,
}

/// How much of the history is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Depth {
    /// The commit alone, without those before it.
    One,
    /// All of it.
    Whole,
}

/// What of a commit is left out (git-rev-list(1), `--filter`); what is wanted by its id is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Filter {
    /// All folders and files.
    TreeZero,
    /// All files.
    BlobNone,
}

impl Filter {
    /// As git writes it.
    pub fn spec(self) -> &'static str {
        match self {
            Self::TreeZero => "tree:0",
            Self::BlobNone => "blob:none",
        }
    }
}

/// What is wanted of a server.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct Request<'a> {
    /// The objects, and all they lead to.
    pub wants: &'a [Oid],
    /// How much of the history.
    pub depth: Depth,
    /// What is left out, where [`Abilities::filter`] allows it.
    pub filter: Option<Filter>,
    /// How large the answer may be.
    pub limits: Limits,
}

/// How a request for objects ended.
#[derive(Debug)]
pub(in crate::source) enum Answer {
    /// The objects are there, as far as the server says; which they are must be looked at.
    Objects,
    /// The server does not have an object of this id, or does not give it out.
    Refused,
    /// The server says something else against this very request. Another may be granted.
    Unwilling(Said),
    /// A blob is larger than the limits allow; nothing of the answer was taken.
    TooLarge { size: u64 },
}

/// How much was said, in bytes of git's protocol: without what HTTP, TLS or ssh add.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct Traffic {
    /// Questions, the first one of each connection included.
    pub requests: u32,
    /// Bytes that the server was told.
    pub sent: u64,
    /// Bytes that it gave.
    pub received: u64,
}

impl Traffic {
    /// Counts one question with its answer.
    pub fn count(&mut self, sent: usize, received: u64) {
        self.requests += 1;
        self.sent += sent as u64;
        self.received += received;
    }
}
