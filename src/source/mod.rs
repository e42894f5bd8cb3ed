//! From a repository and a ref to the manifest as that ref has it.
//!
//! In: an [`Address`], a [`Reference`], and which manifests are [`Wanted`]. Out: [`Fetched`]: the bytes
//! of each, and a [`Lock`] that says exactly where they come from. Nothing is written here but a
//! temporary folder; [`save`] is a step of its own. A repository of this machine is read in
//! place; from any other no more is asked than its server allows to ask for. [`checkout`] goes the same
//! way to all files of the commit, and [`tags`] tells which commits have names.
//!
//! Read on in this order: [`Address`] and [`Reference`] (what was typed), `local` and `remote` (to
//! the commit), `manifest_path` and `lookup` (to the file), `objects` (what is needed for that, and
//! where it comes from: `kept`, `ways`), [`Lock`]. `wire` speaks git's protocol and knows no more than
//! ids.

mod address;
mod checkout;
mod credentials;
mod head;
mod instead_of;
mod kept;
mod local;
mod lock;
mod locked;
mod lookup;
mod manifest_path;
mod objects;
mod reference;
mod refs;
mod remote;
mod route;
mod save;
mod ssh;
mod tags;
mod unknown;
mod ways;
mod wire;

use std::path::PathBuf;

use git2::{Oid, Repository};

use crate::digest::Sha256;
use crate::error::{Error, SourceError};
use crate::warning::Warning;

pub use address::Address;
pub use checkout::{Checkout, checkout};
pub use head::{head_branch, head_commit};
pub use lock::Lock;
pub use locked::fetch_locked;
pub use reference::Reference;
pub use route::{Route, Way};
pub use save::{Folders, Locks, Manner, Overwrite, check_name, save};
pub use tags::{Tag, Tags, tags};

use address::Place;
use manifest_path::{LARGEST, Picked, too_large};
use objects::Objects;
use remote::Extent;

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

/// Does all that is done with what a git server says, whatever it says; whether any of it was
/// understood. For a fuzzer.
#[doc(hidden)]
pub fn hear(bytes: &[u8]) -> bool {
    wire::heard(bytes)
}

/// A commit, and the objects it leads to.
struct Found {
    objects: Objects,
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
    let shown = address.to_string();
    let mut found = find(address, reference, Extent::Few, access)?;
    let root = found.objects.root(found.commit)?;
    let at = format!("{reference} of {shown}");
    let picked = manifest_path::pick(&mut found.objects, root, wanted, &at)?;
    let manifests = picked.into_iter().map(|picked| found.locked(picked, &shown, &at));
    let manifests = manifests.collect::<Result<_, _>>()?;
    let route = found.objects.route();
    Ok(Fetched { manifests, warnings: found.objects.warnings, route })
}

impl Found {
    fn locked(&self, picked: Picked, shown: &str, at: &str) -> Result<Locked, Error> {
        let Picked { path, blob } = picked;
        let size = self.objects.size(blob)?;
        if size > LARGEST {
            return Err(too_large(path, size, at));
        }
        let contents = self.objects.contents(blob)?;
        if is_lfs_pointer(&contents) {
            return Err(Error::from(SourceError::LfsPointer { path, at: at.to_owned() }));
        }
        let lock = Lock {
            repository: shown.to_owned(),
            reference: self.name.clone(),
            commit: self.commit,
            path,
            blob,
            sha256: Sha256::of(&contents),
        };
        Ok(Locked { lock, contents })
    }
}

/// Whether a file is a pointer to one that lies elsewhere (the specification of Git LFS: its first
/// line is this).
fn is_lfs_pointer(contents: &[u8]) -> bool {
    let first = contents.split(|byte| *byte == b'\n').next().unwrap_or_default();
    first.trim_ascii_end() == b"version https://git-lfs.github.com/spec/v1"
}

/// The commit that `reference` means, with the way to its objects.
fn find(
    address: &Address,
    reference: &Reference,
    extent: Extent,
    access: &Access,
) -> Result<Found, Error> {
    let shown = address.to_string();
    match address.rewritten(instead_of::by_configuration)?.place() {
        Place::Local(folder) => local::find(folder, &shown, reference),
        place => remote::find(place, &shown, reference, extent, access),
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
