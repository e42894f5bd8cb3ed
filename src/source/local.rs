//! A repository of this machine, bare or not, read in place.
//!
//! In: its folder and a reference. Out: the commit that is meant. Nothing in it is changed, and no
//! folder above it is searched: what was named is what is read.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryOpenFlags};

use super::objects::Objects;
use super::reference::Target;
use super::refs::{Ref, Refs};
use super::{Found, Reference, by_prefix, unreadable};
use crate::error::{Error, Said, SourceError};

/// Finds the commit that `reference` means in the repository at `folder`.
pub(super) fn find(folder: &Path, shown: &str, reference: &Reference) -> Result<Found, Error> {
    let repository = open(folder, shown)?;
    let refs = refs(&repository).map_err(|error| unreadable(error, shown))?;
    let mut warnings = Vec::new();
    let (id, name) = match reference.resolve(&refs, shown, &mut warnings)? {
        Target::Ref(one) => (one.oid, Some(one.name)),
        Target::Commit(id) => (id, None),
        Target::Prefix(digits) => (by_prefix(&repository, &digits, shown)?, None),
    };
    let mut objects = Objects::here(repository, shown);
    objects.warnings = warnings;
    let commit = objects.peeled(id, reference)?;
    Ok(Found { objects, commit, name: name.unwrap_or_else(|| commit.to_string()) })
}

/// Opens the repository at `folder`, which errors call `shown`.
pub(super) fn open(folder: &Path, shown: &str) -> Result<Repository, Error> {
    let nowhere: [&Path; 0] = [];
    let not = |why: &str, advice: &str| {
        Error::from(SourceError::NotARepository {
            place: shown.to_owned(),
            source: Said::new(why),
            advice: advice.to_owned(),
        })
    };
    match Repository::open_ext(folder, RepositoryOpenFlags::NO_SEARCH, nowhere) {
        Ok(repository) => Ok(repository),
        Err(error) if error.code() == ErrorCode::Owner => {
            Err(Error::from(SourceError::UnsafeOwner { path: absolute(folder) }))
        }
        Err(_) if !folder.exists() => Err(not("there is no folder of this name", &meant(shown))),
        Err(error) if error.code() == ErrorCode::NotFound => Err(not(
            "it holds neither a .git folder nor a bare repository",
            "name the top folder of a work tree, or a bare repository",
        )),
        Err(error) => Err(unreadable(error, shown)),
    }
}

/// What may be meant by the name of a folder that is not there.
fn meant(name: &str) -> String {
    match name.split_once('/') {
        Some((host, path)) if host.trim_start_matches('.').contains('.') && !path.is_empty() => {
            format!("for an address say how to go there: https://{name}")
        }
        _ => "name an address, a folder, or `owner/name` for a repository of GitHub".to_owned(),
    }
}

/// As git wants it in `safe.directory`.
fn absolute(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

/// All refs of a repository.
pub(super) fn refs(repository: &Repository) -> Result<Refs, git2::Error> {
    let mut refs = Refs::default();
    for one in repository.references()? {
        let one = one?;
        let Ok(name) = one.name().map(str::to_owned) else { continue };
        // A symbolic ref that leads nowhere names nothing.
        let Ok(oid) = one.resolve().map(|one| one.target()) else { continue };
        refs.list.extend(oid.map(|oid| Ref { name, oid, peeled: None }));
    }
    if let Ok(head) = repository.head() {
        refs.head = head.name().ok().map(str::to_owned);
        refs.list.extend(head.target().map(|oid| Ref {
            name: "HEAD".to_owned(),
            oid,
            peeled: None,
        }));
    }
    Ok(refs)
}
