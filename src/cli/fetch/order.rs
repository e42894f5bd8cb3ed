//! One repository of those that are asked, and where its manifests go.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::cli::Talk;
use crate::error::{Error, SourceError};
use crate::source::{
    self, Access, Address, Fetched, Lock, Locked, Reference, Route, Wanted, check_name,
};
use crate::staged::{Identity, is_same};

/// How manifests are given files of their own.
const ADVICE: &str = "they need places that differ, for the locks beside them too";

/// What is fetched.
pub struct Order {
    /// What it is called among others.
    pub label: Option<String>,
    pub ask: Ask,
    pub place: Place,
}

/// What a repository is asked for.
pub enum Ask {
    /// What it has now.
    Now(Asked),
    /// What the lock at this path says, which must be of the other if that is known.
    Again(PathBuf, Option<Asked>),
}

/// Manifests of a commit.
#[derive(Clone)]
pub struct Asked {
    pub address: Address,
    pub reference: Reference,
    pub wanted: Wanted,
}

/// Where manifests go.
pub enum Place {
    /// The only one, without its lock.
    Stdout,
    /// The only one, to each of these files.
    Files(Vec<PathBuf>),
    /// Below this folder, each as in the repository.
    Below(PathBuf),
}

impl Place {
    /// The files that the manifests become.
    pub fn paths<'m>(&self, manifests: &'m [Locked]) -> Vec<(PathBuf, &'m Locked)> {
        let each = |manifest: &'m Locked| match self {
            Self::Stdout => Vec::new(),
            Self::Files(paths) => paths.iter().map(|path| (path.clone(), manifest)).collect(),
            Self::Below(folder) => vec![(folder.join(&manifest.lock.path), manifest)],
        };
        manifests.iter().flat_map(each).collect()
    }

    /// What is known of them before they are fetched: the files and their locks, or the folder.
    fn written(&self) -> Vec<PathBuf> {
        match self {
            Self::Stdout => Vec::new(),
            Self::Files(paths) => {
                paths.iter().flat_map(|path| [path.clone(), Lock::beside(path)]).collect()
            }
            Self::Below(folder) => vec![folder.clone()],
        }
    }
}

impl Order {
    /// What it is called where it is shown how far all are.
    pub fn name(&self) -> String {
        self.label.clone().unwrap_or_else(|| match &self.ask {
            Ask::Now(asked) => asked.address.to_string(),
            Ask::Again(lock, _) => lock.display().to_string(),
        })
    }

    /// Who speaks of it.
    pub fn talk(&self, talk: &Talk) -> Talk {
        match &self.label {
            Some(label) => talk.about(label),
            None => talk.clone(),
        }
    }

    /// # Errors
    /// Those of [`source::fetch`] and [`source::fetch_locked`]; [`SourceError::NoLock`],
    /// [`SourceError::BadLock`], [`SourceError::LockOfAnother`].
    pub fn fetch(&self, access: &Access) -> Result<Fetched, Error> {
        match &self.ask {
            Ask::Now(Asked { address, reference, wanted }) => {
                source::fetch(address, reference, wanted, access)
            }
            Ask::Again(path, asked) => source::fetch_locked(&lock(path, asked.as_ref())?, access),
        }
    }

    /// Says what came of it, and how if that is wanted; prints the paths, or the manifest.
    pub fn tell(&self, fetched: &Fetched, verbose: bool, talk: &Talk) -> Result<(), Error> {
        for manifest in &fetched.manifests {
            if let Place::Stdout = self.place {
                talk.product(&manifest.contents)?;
            }
            for (path, _) in self.place.paths(std::slice::from_ref(manifest)) {
                talk.line(&path.display().to_string())?;
            }
            talk.report.done("Fetched", told(manifest));
        }
        if verbose {
            via(fetched.route.as_ref(), talk);
        }
        Ok(())
    }
}

/// Says how it came here.
pub fn via(route: Option<&Route>, talk: &Talk) {
    match route {
        Some(route) => talk.report.done("Via", route),
        None => talk.report.done("Via", "no network: it was read in place"),
    }
}

impl Asked {
    fn is_of(&self, lock: &Lock) -> bool {
        lock.answers(&self.address, &self.reference, &self.wanted)
    }
}

/// `v1.2.3 of owner/name`, or with a path before it.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Wanted::At(path) = &self.wanted {
            write!(f, "{path} at ")?;
        }
        write!(f, "{} of {}", self.reference, self.address)
    }
}

/// The lock at `path`, which is of what is `asked`.
fn lock(path: &Path, asked: Option<&Asked>) -> Result<Lock, Error> {
    let path = path.to_owned();
    let Some(lock) = Lock::read(&path)? else { return Err(SourceError::NoLock { path }.into()) };
    if let Err(error) = lock.repository.parse::<Address>() {
        return Err(SourceError::BadLock { path, why: error.to_string() }.into());
    }
    match asked {
        Some(asked) if !asked.is_of(&lock) => {
            let is = format!("{} at {} of {}", lock.path, lock.reference, lock.repository);
            Err(SourceError::LockOfAnother { path, is, wanted: asked.to_string() }.into())
        }
        _ => Ok(lock),
    }
}

/// What a manifest is, and where it comes from.
fn told(Locked { lock, contents }: &Locked) -> String {
    let commit = &lock.commit.to_string()[..7];
    let at = match lock.reference.strip_prefix("refs/") {
        Some(name) => format!("{name} ({commit})"),
        None => commit.to_owned(),
    };
    let size = contents.len();
    format!("{} at {at} of {}, {size} bytes", lock.path, lock.repository)
}

/// No order writes what another one writes, nor one of the files that are `read`.
///
/// # Errors
/// [`Error::SameFile`], [`Error::IsAnInput`]; those of [`check_name`].
pub fn check_apart(orders: &[Order], read: &[&Path]) -> Result<(), Error> {
    let mut before = HashMap::new();
    for order in orders {
        if let Place::Files(paths) = &order.place {
            paths.iter().try_for_each(|path| check_name(path))?;
        }
        for path in order.place.written() {
            if read.iter().any(|read| is_same(read, &path)) {
                return Err(Error::IsAnInput { path });
            }
            if let Some(other) = before.insert(Identity::of(&path), order.name()) {
                let tasks = [other, order.name()];
                return Err(Error::SameFile { tasks, advice: ADVICE, path });
            }
        }
    }
    Ok(())
}
