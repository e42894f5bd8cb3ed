//! The manifest that a lock speaks of, once more.
//!
//! In: a [`Lock`]. Out: [`Fetched`] with one manifest whose lock is the same, or an error that says what
//! differs. Where a ref points by now does not matter.

use super::{Access, Address, Fetched, Lock, Reference, Wanted, fetch};
use crate::error::{Error, SourceError};

/// Fetches the manifest that `lock` speaks of: the commit by its id, then path, blob and digest are
/// held against it.
///
/// # Errors
/// [`SourceError::LockBroken`] where the repository has something else; those of [`fetch`].
pub fn fetch_locked(lock: &Lock, access: &Access) -> Result<Fetched, Error> {
    let address: Address = lock.repository.parse()?;
    let wanted = Wanted::At(lock.path.clone());
    let fetched = fetch(&address, &Reference::Commit(lock.commit), &wanted, access);
    let mut fetched = fetched.map_err(|error| match error {
        Error::Source(
            error @ (SourceError::NoManifest { .. }
            | SourceError::NotAFile { .. }
            | SourceError::NotAFolder { .. }),
        ) => broken(lock, error.to_string()),
        error => error,
    })?;
    for manifest in &mut fetched.manifests {
        let found = &manifest.lock;
        if found.commit != lock.commit {
            let why = format!("{} is a tag of the commit {}", lock.commit, found.commit);
            return Err(broken(lock, why));
        }
        let at = format!("{} at {}", lock.path, lock.commit);
        if found.blob != lock.blob {
            return Err(broken(
                lock,
                format!("{at} is the blob {}, not {}", found.blob, lock.blob),
            ));
        }
        if found.sha256 != lock.sha256 {
            let why = format!("{at} has the sha256 {}, not {}", found.sha256, lock.sha256);
            return Err(broken(lock, why));
        }
        manifest.lock = lock.clone();
    }
    Ok(fetched)
}

fn broken(lock: &Lock, why: String) -> Error {
    let (repository, reference) = (lock.repository.clone(), lock.reference.clone());
    Error::from(SourceError::LockBroken { repository, reference, why })
}
