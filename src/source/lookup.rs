//! Paths in the tree of a commit, looked up together.
//!
//! In: paths, and the tree they begin at. Out: for each what is there. All paths go down a folder
//! at the same time, so that what they need next can be asked for in one question.

use git2::Oid;

use super::objects::{Entry, Kind, Objects};
use crate::error::Error;

/// A path that is being looked up.
#[derive(Debug)]
pub(super) struct Lookup {
    /// The whole path.
    pub path: String,
    /// How far the way is gone.
    pub seen: Seen,
}

/// Where the way to a path has led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// To a folder; `rest` goes on in it.
    Folder { tree: Oid, rest: String },
    /// To its end.
    There(Entry),
    /// To something on the way, at `path`, that is no folder of this repository.
    Stopped { path: String, entry: Entry },
    /// To nothing.
    Missing,
}

impl Lookup {
    /// Begins at the tree `root`.
    pub fn new(path: &str, root: Oid) -> Self {
        Self { path: path.to_owned(), seen: Seen::Folder { tree: root, rest: path.to_owned() } }
    }

    /// The tree in which the way goes on.
    pub fn open(&self) -> Option<Oid> {
        match self.seen {
            Seen::Folder { tree, .. } => Some(tree),
            _ => None,
        }
    }

    /// The file at the end of the way.
    pub fn file(&self) -> Option<Oid> {
        match self.seen {
            Seen::There(Entry { id, kind: Kind::File }) => Some(id),
            _ => None,
        }
    }

    /// Goes on by one folder, which is here.
    ///
    /// # Errors
    /// Those of [`Objects::entry`].
    pub fn step(&mut self, objects: &Objects) -> Result<(), Error> {
        let Seen::Folder { tree, rest } = &self.seen else { return Ok(()) };
        let (name, rest) = match rest.split_once('/') {
            Some((name, rest)) => (name, Some(rest)),
            None => (rest.as_str(), None),
        };
        let Some(entry) = objects.entry(*tree, name)? else {
            self.seen = Seen::Missing;
            return Ok(());
        };
        self.seen = match (rest, entry.kind) {
            (None, _) => Seen::There(entry),
            (Some(_), Kind::File) => Seen::Missing,
            (Some(rest), Kind::Folder) => Seen::Folder { tree: entry.id, rest: rest.to_owned() },
            (Some(rest), Kind::Link | Kind::Submodule) => {
                let path = self.path[..self.path.len() - rest.len() - 1].to_owned();
                Seen::Stopped { path, entry }
            }
        };
        Ok(())
    }
}
