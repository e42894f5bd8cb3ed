//! From a repository and a ref to the manifest as that ref has it.
//!
//! In: an [`Address`], a [`Reference`], and which manifests are [`Wanted`]. Out: [`Fetched`]: the bytes
//! of each, and a [`Lock`] that says exactly where they come from. Nothing is written here but a
//! temporary folder; [`Locked::save`] is a step of its own. A repository of this machine is read in
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
mod locked;
mod manifest_path;
mod reference;
mod refs;
mod remote;
mod route;
mod save;
mod ssh;
mod unknown;
mod wire;

use std::path::PathBuf;

use git2::{ErrorCode, ObjectType, Oid, Repository};

use crate::digest::Sha256;
use crate::error::{Error, SourceError};
use crate::scratch::Scratch;
use crate::warning::Warning;

pub use address::Address;
pub use checkout::{Checkout, checkout};
pub use head::{head_branch, head_commit};
pub use lock::Lock;
pub use locked::fetch_locked;
pub use reference::Reference;
pub use route::{Route, Way};
pub use save::Overwrite;

use address::Place;
use manifest_path::Picked;

/// How repositories are reached.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// A PEM file of further certificates to trust.
    pub cacert: Option<PathBuf>,
    /// Whether the network is left alone: what is not on this machine or in the cache is not there.
    pub offline: bool,
}

/// Which manifests of a commit are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The first of the known places.
    First,
    /// The one at this path.
    At(String),
    /// Those at all known places.
    All,
}

/// What a repository has.
#[derive(Debug)]
pub struct Fetched {
    /// The manifests, at least one, in the order of the known places.
    pub manifests: Vec<Locked>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// How it came here; nothing for a repository of this machine, which is read in place.
    pub route: Option<Route>,
}

/// A manifest as a repository has it.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Where it comes from.
    pub lock: Lock,
    /// The file, byte for byte.
    pub contents: Vec<u8>,
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

/// Fetches the manifests that are `wanted` of the commit that `reference` means.
///
/// # Errors
/// [`SourceError`], and [`Error::Io`] for a temporary folder.
pub fn fetch(
    address: &Address,
    reference: &Reference,
    wanted: &Wanted,
    access: &Access,
) -> Result<Fetched, Error> {
    let mut warnings = Vec::new();
    let shown = address.to_string();
    let found = find(address, reference, access, &mut warnings)?;
    let tree = found.repository.find_commit(found.commit).and_then(|commit| commit.tree());
    let tree = tree.map_err(|error| unreadable(error, &shown))?;
    let at = format!("{reference} of {shown}");
    let picked = manifest_path::pick(&found.repository, &tree, wanted, &at, &mut warnings)?;
    let manifests = picked.into_iter().map(|picked| found.locked(picked, &shown));
    Ok(Fetched { manifests: manifests.collect::<Result<_, _>>()?, warnings, route: None })
}

impl Found {
    fn locked(&self, Picked { path, blob: id }: Picked, shown: &str) -> Result<Locked, Error> {
        let blob = self.repository.find_blob(id).map_err(|error| unreadable(error, shown))?;
        let contents = blob.content().to_vec();
        let lock = Lock {
            repository: shown.to_owned(),
            reference: self.name.clone(),
            commit: self.commit,
            path,
            blob: id,
            sha256: Sha256::of(&contents),
        };
        Ok(Locked { lock, contents })
    }
}

/// The commit that `reference` means, with its objects.
fn find(
    address: &Address,
    reference: &Reference,
    access: &Access,
    warnings: &mut Vec<Warning>,
) -> Result<Found, Error> {
    let shown = address.to_string();
    match address.rewritten(instead_of::by_configuration)?.place() {
        Place::Local(folder) => local::find(folder, &shown, reference, warnings),
        place => remote::find(place, &shown, reference, access, warnings),
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
