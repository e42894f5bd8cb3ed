//! The commit that is checked out where a file lies.
//!
//! In: the path of a file, tracked or not. Out: the commit of the work tree it lies in, if it lies
//! in one. `GIT_CEILING_DIRECTORIES` ends the search, as with git.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Oid, Repository, RepositoryOpenFlags};

use super::unreadable;
use crate::error::{Error, IoContext, SourceError};
use crate::staged::folder_of;

/// The commit that `HEAD` stands for in the work tree that holds `file`; nothing outside of a work
/// tree, and in one without a commit.
///
/// # Errors
/// [`SourceError::UnsafeOwner`] where the work tree belongs to somebody else and the user has not declared
/// it safe, [`SourceError::Git`] where it cannot be read, [`Error::Io`] for the file's folder.
pub fn head_commit(file: &Path) -> Result<Option<Oid>, Error> {
    let folder = folder_of(file);
    let folder = folder.canonicalize().at("find", folder)?;
    let ceilings: Vec<PathBuf> = std::env::var_os("GIT_CEILING_DIRECTORIES")
        .map(|list| std::env::split_paths(&list).collect())
        .unwrap_or_default();
    let shown = folder.display().to_string();
    let repository = match Repository::open_ext(&folder, RepositoryOpenFlags::empty(), ceilings) {
        Ok(repository) => repository,
        Err(error) => {
            return match error.code() {
                ErrorCode::NotFound => Ok(None),
                ErrorCode::Owner => Err(Error::from(SourceError::UnsafeOwner { path: folder })),
                _ => Err(unreadable(error, &shown)),
            };
        }
    };
    if repository.is_bare() {
        return Ok(None);
    }
    match repository.head().and_then(|head| head.peel_to_commit()) {
        Ok(commit) => Ok(Some(commit.id())),
        Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
            Ok(None)
        }
        Err(error) => Err(unreadable(error, &shown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_before_and_after_the_first_commit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("build/module.so");
        std::fs::create_dir(folder.path().join("build")).unwrap();
        assert_eq!(head_commit(&file).unwrap(), None);
        let repository = Repository::init(folder.path()).unwrap();
        assert_eq!(head_commit(&file).unwrap(), None);
        let ann = git2::Signature::now("Ann", "ann@example.com").unwrap();
        let tree = repository.find_tree(repository.index().unwrap().write_tree().unwrap()).unwrap();
        let commit = repository.commit(Some("HEAD"), &ann, &ann, "work", &tree, &[]).unwrap();
        assert_eq!(head_commit(&file).unwrap(), Some(commit));
        assert!(matches!(head_commit(&folder.path().join("none/x")), Err(Error::Io { .. })));
    }
}
