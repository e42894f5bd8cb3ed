//! One repository of those that are asked, and where its manifests go.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::cli::Talk;
use crate::error::Error;
use crate::source::{self, Access, Address, Fetched, Lock, Locked, Reference, Wanted};
use crate::staged::{Identity, is_same};

/// How manifests are given files of their own.
const ADVICE: &str = "write them to places that differ; the lock of a manifest has its name too";

/// What is fetched.
pub struct Order {
    /// What it is called among others.
    pub label: Option<String>,
    pub address: Address,
    pub reference: Reference,
    pub wanted: Wanted,
    pub place: Place,
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
        self.label.clone().unwrap_or_else(|| self.address.to_string())
    }

    /// Who speaks of it.
    pub fn talk(&self, talk: &Talk) -> Talk {
        match &self.label {
            Some(label) => talk.about(label),
            None => talk.clone(),
        }
    }

    /// # Errors
    /// Those of [`source::fetch`].
    pub fn fetch(&self, access: &Access) -> Result<Fetched, Error> {
        source::fetch(&self.address, &self.reference, &self.wanted, access)
    }

    /// Says what came of it; prints the paths, or the manifest.
    pub fn tell(&self, fetched: &Fetched, talk: &Talk) -> Result<(), Error> {
        for manifest in &fetched.manifests {
            if let Place::Stdout = self.place {
                talk.product(&manifest.contents)?;
            }
            for (path, _) in self.place.paths(std::slice::from_ref(manifest)) {
                talk.line(&path.display().to_string())?;
            }
            talk.report.done("Fetched", told(manifest));
        }
        Ok(())
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
/// [`Error::SameFile`], [`Error::IsAnInput`].
pub fn check_apart(orders: &[Order], read: &[&Path]) -> Result<(), Error> {
    let mut before = HashMap::new();
    for order in orders {
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
