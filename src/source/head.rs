//! What is checked out where a file lies.
//!
//! In: the path of a file, tracked or not. Out: commit and branch of the work tree it lies in, if it
//! lies in one. `GIT_CEILING_DIRECTORIES` ends the search, as with git.

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
    let Some((repository, shown)) = around(file)? else { return Ok(None) };
    match repository.head().and_then(|head| head.peel_to_commit()) {
        Ok(commit) => Ok(Some(commit.id())),
        Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
            Ok(None)
        }
        Err(error) => Err(unreadable(error, &shown)),
    }
}

/// The branch that is checked out in the work tree that holds `file`, be there a commit on it or not;
/// nothing outside of a work tree, and in one where a commit is checked out.
///
/// # Errors
/// Those of [`head_commit`].
pub fn head_branch(file: &Path) -> Result<Option<String>, Error> {
    let Some((repository, shown)) = around(file)? else { return Ok(None) };
    let head = repository.find_reference("HEAD").map_err(|error| unreadable(error, &shown))?;
    let name = head.symbolic_target_bytes().map(String::from_utf8_lossy);
    Ok(name.and_then(|name| Some(name.strip_prefix("refs/heads/")?.to_owned())))
}

/// The repository whose work tree holds `file`, and what errors call it.
fn around(file: &Path) -> Result<Option<(Repository, String)>, Error> {
    let folder = folder_of(file);
    let folder = folder.canonicalize().at("find", folder)?;
    let ceilings: Vec<PathBuf> = std::env::var_os("GIT_CEILING_DIRECTORIES")
        .map(|list| std::env::split_paths(&list).collect())
        .unwrap_or_default();
    let shown = folder.display().to_string();
    match Repository::open_ext(&folder, RepositoryOpenFlags::empty(), ceilings) {
        Ok(repository) if repository.is_bare() => Ok(None),
        Ok(repository) => Ok(Some((repository, shown))),
        Err(error) => match error.code() {
            ErrorCode::NotFound => Ok(None),
            ErrorCode::Owner => Err(Error::from(SourceError::UnsafeOwner { path: folder })),
            _ => Err(unreadable(error, &shown)),
        },
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
        assert_eq!((head_commit(&file).unwrap(), head_branch(&file).unwrap()), (None, None));
        let repository = Repository::init(folder.path()).unwrap();
        assert_eq!(head_commit(&file).unwrap(), None);
        repository.set_head("refs/heads/feature/x").unwrap();
        assert_eq!(head_branch(&file).unwrap().as_deref(), Some("feature/x"));
        let ann = git2::Signature::now("Ann", "ann@example.com").unwrap();
        let tree = repository.find_tree(repository.index().unwrap().write_tree().unwrap()).unwrap();
        let commit = repository.commit(Some("HEAD"), &ann, &ann, "work", &tree, &[]).unwrap();
        assert_eq!(head_commit(&file).unwrap(), Some(commit));
        assert_eq!(head_branch(&file).unwrap().as_deref(), Some("feature/x"));
        repository.set_head_detached(commit).unwrap();
        assert_eq!(head_commit(&file).unwrap(), Some(commit));
        assert_eq!(head_branch(&file).unwrap(), None);
        assert!(matches!(head_commit(&folder.path().join("none/x")), Err(Error::Io { .. })));
    }
}
