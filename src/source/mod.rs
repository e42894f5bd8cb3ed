//! From a repository and a ref to the manifest as that ref has it.
//!
//! In: an [`Address`], a [`Reference`], and perhaps a path. Out: [`Fetched`]: the bytes of the
//! manifest, and a [`Lock`] that says exactly where they come from. Nothing is written here but a
//! temporary folder; [`Fetched::save`] is a step of its own. A repository of this machine is read in
//! place; from any other no more is asked than its server allows to ask for. [`checkout`] goes the same
//! way to all files of the commit.
//!
//! Read on in this order: [`Address`] and [`Reference`] (what was typed), `local` and `remote` (to
//! the commit), `manifest_path` (to the file), [`Lock`]. `wire` speaks git's protocol and knows no
//! more than ids.

mod address;
mod checkout;
mod credentials;
mod head;
mod instead_of;
mod local;
mod lock;
mod manifest_path;
mod reference;
mod refs;
mod remote;
mod save;
mod ssh;
mod unknown;
mod wire;

use std::path::Path;

use git2::{ErrorCode, ObjectType, Oid, Repository};

use crate::digest::Sha256;
use crate::error::{Error, SourceError};
use crate::scratch::Scratch;
use crate::warning::Warning;

pub use address::Address;
pub use checkout::{Checkout, checkout};
pub use head::{head_branch, head_commit};
pub use lock::Lock;
pub use reference::Reference;
pub use save::Overwrite;

use address::Place;

/// A manifest as a repository has it.
#[derive(Debug)]
pub struct Fetched {
    /// Where it comes from.
    pub lock: Lock,
    /// The file, byte for byte.
    pub contents: Vec<u8>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// A commit, in a repository that has its objects.
struct Found {
    repository: Repository,
    /// The temporary folder the repository lies in, if it is ours.
    _folder: Option<Scratch>,
    commit: Oid,
    /// The full name of the ref that led to it, or its own id.
    name: String,
}

/// Fetches the manifest at `path`, or at the first of the known places, from the commit that
/// `reference` means. `cacert` is a PEM file of further certificates to trust.
///
/// # Errors
/// [`SourceError`], and [`Error::Io`] for a temporary folder.
pub fn fetch(
    address: &Address,
    reference: &Reference,
    path: Option<&str>,
    cacert: Option<&Path>,
) -> Result<Fetched, Error> {
    let mut warnings = Vec::new();
    let shown = address.to_string();
    let found = find(address, reference, cacert, &mut warnings)?;
    let tree = found.repository.find_commit(found.commit).and_then(|commit| commit.tree());
    let tree = tree.map_err(|error| unreadable(error, &shown))?;
    let at = format!("{reference} of {shown}");
    let picked = manifest_path::pick(&found.repository, &tree, path, &at, &mut warnings)?;
    let blob = found.repository.find_blob(picked.blob).map_err(|e| unreadable(e, &shown))?;
    let lock = Lock {
        repository: shown,
        reference: found.name,
        commit: found.commit,
        path: picked.path,
        blob: picked.blob,
        sha256: Sha256::of(blob.content()),
    };
    let contents = blob.content().to_vec();
    Ok(Fetched { lock, contents, warnings })
}

/// The commit that `reference` means, with its objects.
fn find(
    address: &Address,
    reference: &Reference,
    cacert: Option<&Path>,
    warnings: &mut Vec<Warning>,
) -> Result<Found, Error> {
    let shown = address.to_string();
    match address.rewritten(instead_of::by_configuration)?.place() {
        Place::Local(folder) => local::find(folder, &shown, reference, warnings),
        place => remote::find(place, &shown, reference, cacert, warnings),
    }
}

/// libgit2 cannot read what must be there: a repository that is damaged or only partly cloned.
fn unreadable(error: git2::Error, repository: &str) -> Error {
    Error::from(SourceError::Git {
        action: "read",
        place: repository.to_owned(),
        source: error.into(),
    })
}

/// The commit an object leads to, through any number of tags.
fn peeled(
    repository: &Repository,
    id: Oid,
    reference: &Reference,
    shown: &str,
) -> Result<Oid, Error> {
    let object = repository.find_object(id, None).map_err(|error| match error.code() {
        ErrorCode::NotFound => unknown::commit(&reference.to_string(), shown),
        _ => unreadable(error, shown),
    })?;
    object.peel(ObjectType::Commit).map(|commit| commit.id()).map_err(|_| {
        Error::from(SourceError::NotACommit {
            reference: reference.to_string(),
            repository: shown.to_owned(),
        })
    })
}

/// The one commit of `repository` whose id begins with `digits`.
fn by_prefix(repository: &Repository, digits: &str, shown: &str) -> Result<Oid, Error> {
    let mut found = Vec::new();
    let odb = repository.odb().map_err(|error| unreadable(error, shown))?;
    odb.foreach(|id| {
        if id.to_string().starts_with(digits) && repository.find_commit(*id).is_ok() {
            found.push(*id);
        }
        true
    })
    .map_err(|error| unreadable(error, shown))?;
    found.sort();
    found.dedup();
    match found.as_slice() {
        [] => Err(unknown::commit(digits, shown)),
        [one] => Ok(*one),
        more => Err(Error::from(SourceError::AmbiguousCommit {
            digits: digits.to_owned(),
            candidates: more.iter().map(ToString::to_string).collect(),
        })),
    }
}
