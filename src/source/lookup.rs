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

#[cfg(test)]
mod tests {
    use git2::{FileMode, ObjectType, Odb, Repository};

    use super::*;

    /// The tree of these entries: mode, name, id.
    fn tree(odb: &Odb<'_>, entries: &[(FileMode, &str, Oid)]) -> Oid {
        let mut bytes = Vec::new();
        for (mode, name, id) in entries {
            bytes.extend(format!("{:o} {name}\0", i32::from(*mode)).bytes());
            bytes.extend(id.as_bytes());
        }
        odb.write(ObjectType::Tree, &bytes).unwrap()
    }

    #[test]
    fn one_folder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::init_bare(folder.path()).unwrap();
        let odb = repository.odb().unwrap();
        let id = odb.write(ObjectType::Blob, b"x").unwrap();
        let inner = tree(&odb, &[(FileMode::Blob, "file", id)]);
        let root = tree(
            &odb,
            &[
                (FileMode::Tree, "folder", inner),
                (FileMode::Link, "link", id),
                (FileMode::Commit, "module", id),
            ],
        );
        drop(odb);
        let objects = Objects::here(repository, "r");
        let there = |id, kind| Seen::There(Entry { id, kind });
        let stopped =
            |path: &str, kind| Seen::Stopped { path: path.into(), entry: Entry { id, kind } };
        for (path, steps, seen) in [
            ("folder/file", 2, there(id, Kind::File)),
            ("folder", 1, there(inner, Kind::Folder)),
            ("link", 1, there(id, Kind::Link)),
            ("module", 1, there(id, Kind::Submodule)),
            ("folder/none", 2, Seen::Missing),
            ("none/file", 1, Seen::Missing),
            ("folder/file/x", 2, Seen::Missing),
            ("../x", 1, Seen::Missing),
            ("folder//file", 2, Seen::Missing),
            ("", 1, Seen::Missing),
            ("link/a/b", 1, stopped("link", Kind::Link)),
            ("module/a", 1, stopped("module", Kind::Submodule)),
        ] {
            let mut lookup = Lookup::new(path, root);
            for _ in 0..steps {
                assert!(lookup.open().is_some(), "{path}");
                lookup.step(&objects).unwrap();
            }
            assert_eq!((lookup.open(), &lookup.seen), (None, &seen), "{path}");
        }
    }
}
