//! The objects of a repository: those that are here, and those that can still be had.
//!
//! In: a repository of this machine, or one somewhere else with the ways to it. Out: commits, trees
//! and files by their ids. What is needed comes from the cache, else from the server; an id is made
//! of the bytes it stands for, so what has the right id is right, whoever gave it. It does not know
//! which objects are needed.

use std::collections::BTreeSet;

use git2::{ErrorClass, ObjectType, Odb, Oid, Repository};

use super::kept::{Kept, Look};
use super::remote::Remote;
use super::{Reference, Route, unknown, unreadable};
use crate::error::{Error, SourceError};
use crate::scratch::Scratch;
use crate::warning::Warning;

/// No tag leads to a commit through more tags than this.
const TAGS: usize = 100;

/// A repository, and where the rest of it is.
pub(super) struct Objects {
    repository: Repository,
    /// What messages call it.
    shown: String,
    /// Nothing for a repository that has all it will ever have.
    elsewhere: Option<Elsewhere>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// Where objects come from.
struct Elsewhere {
    remote: Remote,
    cache: Kept,
    /// Those that need not be looked for again.
    done: BTreeSet<Oid>,
    /// The temporary folder that the repository lies in.
    _folder: Scratch,
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// A folder.
    Folder,
    /// A commit of another repository.
    Submodule,
}

/// What a folder has under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its object.
    pub id: Oid,
    /// What it is.
    pub kind: Kind,
}

impl Objects {
    /// Those of a repository that has all of them.
    pub fn here(repository: Repository, shown: &str) -> Self {
        Self { repository, shown: shown.to_owned(), elsewhere: None, warnings: Vec::new() }
    }

    /// Those that `remote` has, each kept in `cache`. `repository` lies in `folder`, and is empty.
    pub fn elsewhere(
        repository: Repository,
        folder: Scratch,
        remote: Remote,
        cache: Kept,
        shown: &str,
    ) -> Self {
        let elsewhere = Elsewhere { remote, cache, done: BTreeSet::new(), _folder: folder };
        Self { elsewhere: Some(elsewhere), ..Self::here(repository, shown) }
    }

    /// What it means that libgit2 cannot read what must be here: a server gave something else, or a
    /// repository of this machine is damaged or only partly cloned.
    pub fn unreadable(&self, error: git2::Error) -> Error {
        let is_of_the_system = matches!(error.class(), ErrorClass::Os | ErrorClass::Filesystem);
        match self.elsewhere {
            Some(_) if !is_of_the_system => {
                let (place, source) = (self.shown.clone(), error.into());
                Error::from(SourceError::Broken { place, source })
            }
            _ => unreadable(error, &self.shown),
        }
    }

    /// What libgit2 makes of them.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// How they came here until now; nothing where they were here.
    pub fn route(&self) -> Option<Route> {
        self.elsewhere.as_ref().map(|elsewhere| elsewhere.remote.route())
    }

    /// Makes sure that these objects are here.
    ///
    /// # Errors
    /// Those of a server that does not give them; of a repository that is here none.
    pub fn need(&mut self, ids: &[Oid]) -> Result<(), Error> {
        self.need_files(ids, &[]).map(drop)
    }

    /// Makes sure that these objects are here, and `files` too; what comes out is the size of a file
    /// that is too large to be taken.
    ///
    /// # Errors
    /// As [`need`](Self::need).
    pub fn need_files(&mut self, ids: &[Oid], files: &[Oid]) -> Result<Option<u64>, Error> {
        let Some(elsewhere) = &mut self.elsewhere else { return Ok(None) };
        let odb = self.repository.odb().map_err(|error| unreadable(error, &self.shown))?;
        let ids: BTreeSet<Oid> =
            ids.iter().chain(files).copied().filter(|id| !elsewhere.done.contains(id)).collect();
        let (mut missing, mut new) = (Vec::new(), Vec::new());
        for id in ids.iter().copied() {
            let is_kept = elsewhere.take(id, &odb, &mut self.warnings);
            if !is_kept {
                new.push(id);
            }
            if !is_kept && !odb.exists(id) {
                missing.push(id);
            }
        }
        if !missing.is_empty() {
            let warnings = &mut self.warnings;
            let large = elsewhere.remote.get(&missing, files, &self.repository, warnings)?;
            if large.is_some() {
                return Ok(large);
            }
        }
        new.iter().for_each(|id| elsewhere.keep(*id, &odb));
        elsewhere.done.extend(ids);
        Ok(None)
    }

    /// Makes sure, as far as the server allows, that all folders below a tree are here, and says
    /// whether they are.
    pub fn need_folders(&mut self, tree: Oid) -> bool {
        self.elsewhere.as_mut().is_none_or(|it| it.remote.get_folders(tree, &self.repository))
    }

    /// The commit an object leads to, through tags.
    ///
    /// # Errors
    /// [`SourceError::NotACommit`], [`SourceError::UnknownRef`], and those of [`need`](Self::need).
    pub fn peeled(&mut self, id: Oid, reference: &Reference) -> Result<Oid, Error> {
        let mut id = id;
        for _ in 0..TAGS {
            self.need(&[id])?;
            let tag = match self.kind(id) {
                Some(ObjectType::Commit) => return Ok(id),
                Some(ObjectType::Tag) => self.repository.find_tag(id),
                Some(_) => break,
                None => return Err(unknown::commit(&reference.to_string(), &self.shown)),
            };
            id = tag.map_err(|error| self.unreadable(error))?.target_id();
        }
        let (reference, repository) = (reference.to_string(), self.shown.clone());
        Err(Error::from(SourceError::NotACommit { reference, repository }))
    }

    fn kind(&self, id: Oid) -> Option<ObjectType> {
        let header = self.repository.odb().and_then(|odb| odb.read_header(id));
        header.ok().map(|(_, kind)| kind)
    }

    /// The tree of a commit that is here.
    ///
    /// # Errors
    /// [`SourceError::Git`].
    pub fn root(&self, commit: Oid) -> Result<Oid, Error> {
        let commit = self.repository.find_commit(commit);
        Ok(commit.map_err(|error| self.unreadable(error))?.tree_id())
    }

    /// What a tree that is here has under a name.
    ///
    /// # Errors
    /// [`SourceError::Git`].
    pub fn entry(&self, tree: Oid, name: &str) -> Result<Option<Entry>, Error> {
        const LINK: i32 = 0o120_000;
        let tree = self.repository.find_tree(tree);
        let tree = tree.map_err(|error| self.unreadable(error))?;
        Ok(tree.get_name(name).map(|entry| {
            let kind = match (entry.kind(), entry.filemode()) {
                (Some(ObjectType::Blob), LINK) => Kind::Link,
                (Some(ObjectType::Blob), _) => Kind::File,
                (Some(ObjectType::Tree), _) => Kind::Folder,
                _ => Kind::Submodule,
            };
            Entry { id: entry.id(), kind }
        }))
    }

    /// How many bytes a file has that is here.
    ///
    /// # Errors
    /// [`SourceError::Git`].
    pub fn size(&self, blob: Oid) -> Result<u64, Error> {
        let header = self.repository.odb().and_then(|odb| odb.read_header(blob));
        Ok(header.map_err(|error| self.unreadable(error))?.0 as u64)
    }

    /// The bytes of a file that is here.
    ///
    /// # Errors
    /// [`SourceError::Git`].
    pub fn contents(&self, blob: Oid) -> Result<Vec<u8>, Error> {
        let blob = self.repository.find_blob(blob);
        Ok(blob.map_err(|error| self.unreadable(error))?.content().to_vec())
    }
}

impl Elsewhere {
    /// Takes an object from the cache, and says whether it was there.
    fn take(&self, id: Oid, odb: &Odb<'_>, warnings: &mut Vec<Warning>) -> bool {
        match self.cache.look(id) {
            Look::Intact(kind, bytes) => odb.exists(id) || odb.write(kind, &bytes).is_ok(),
            Look::Nothing => false,
            Look::Damaged(path) => {
                let message = format!("{} was damaged: it was fetched anew", path.display());
                warnings.push(Warning::new(message));
                false
            }
        }
    }

    /// Keeps an object that is here for the next time, if the cache takes it.
    fn keep(&self, id: Oid, odb: &Odb<'_>) {
        if let Ok(object) = odb.read(id) {
            self.cache.keep(id, object.kind(), object.data());
        }
    }
}
