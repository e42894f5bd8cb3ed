//! Dependencies on their way into a bundle.
//!
//! In: the dependencies as the manifest gives them, its folder, and [`Sources`]: what else may give
//! their files. Out: the same as `module.json` says them, and [`Embedded`]: an entry for each that is
//! embedded. Where a url is known the entry is named as its file, since that is where Redis
//! Enterprise 8 looks; the reference packer names it after the dependency, which works only where
//! the two are equal. A file is verified before it is used, and read from the handle that was verified.

mod embed;
mod entry;
mod local;
mod remote;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use self::entry::{entry_path, entry_paths, sound_url};

use self::embed::{Embedder, usable};
use super::Request;
use crate::digest::Sha256;
use crate::error::{DependencyError, Error};
use crate::manifest::Dependencies;
use crate::metadata::Metadata;
use crate::nearest::nearest;
use crate::tree::Entry;
use crate::warning::Warning;

/// The fields that hold dependencies: what a module needs, and what else it can use.
pub const FIELDS: [&str; 2] = [REQUIRED, "optional-dependencies"];
/// The field of those without which it does not work.
pub const REQUIRED: &str = "dependencies";

/// Where the files of dependencies come from, besides their local paths.
#[derive(Debug, Default)]
pub struct Sources {
    /// Which are downloaded.
    pub embed: Embed,
    /// Files and folders by the name of the dependency they are for; they win over all else.
    pub given: Vec<(String, PathBuf)>,
    /// How they are downloaded.
    pub network: Network,
}

/// Which dependencies are downloaded and embedded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Embed {
    /// None, as nobody has said anything; a warning tells what that means.
    #[default]
    Unsaid,
    /// None, as somebody wants it.
    Nothing,
    /// What the module needs.
    Required,
    /// What it can use as well.
    All,
}

/// How the network is used.
#[derive(Debug, Default)]
pub enum Network {
    /// Not at all: what is not in the cache is left out, and [`Awaited`].
    #[default]
    Spared,
    /// For what is not in the cache, trusting the certificates of this PEM file too.
    Used(Option<PathBuf>),
}

/// What has become of the dependencies.
#[derive(Debug, Default)]
pub struct Embedded {
    /// An entry for each that is embedded.
    pub entries: Vec<Entry>,
    /// What could be embedded only after a download.
    pub awaited: Vec<Awaited>,
    /// What was downloaded, now or in an earlier run.
    pub obtained: Vec<Obtained>,
    /// The files and folders of this machine that were packed.
    pub inputs: Vec<PathBuf>,
    /// What their author should know.
    pub warnings: Vec<Warning>,
}

/// A dependency that would be downloaded.
#[derive(Debug)]
pub struct Awaited {
    /// Its entry.
    pub path: String,
    /// From where, without a login.
    pub url: String,
}

/// A dependency that was downloaded.
#[derive(Debug)]
pub struct Obtained {
    /// Its name.
    pub name: String,
    /// From where, without a login; `None`: it was in the cache.
    pub url: Option<String>,
    /// Its size in bytes.
    pub size: u64,
}

/// Checks what can be told before anything is loaded or downloaded.
///
/// # Errors
/// [`BundleError::BadDependency`](crate::error::BundleError::BadDependency) for a url that validation
/// would refuse; [`DependencyError::Unknown`].
pub fn check(metadata: &Metadata, sources: &Sources) -> Result<(), Error> {
    let all = FIELDS.map(|field| metadata.read::<Dependencies>(field));
    for (name, dependency) in all.iter().flatten() {
        dependency.url.as_deref().map_or(Ok(()), |url| usable(name, url).map(drop))?;
    }
    let known: Vec<&str> = all.iter().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match sources.given.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some((name, _)) => {
            let nearest = owned(&nearest(name, known.iter().copied(), 3));
            let known = owned(&known);
            Err(DependencyError::Unknown { name: name.clone(), nearest, known }.into())
        }
    }
}

/// Embeds what shall be embedded, and says in the metadata what it is. `folder` is the manifest's.
///
/// # Errors
/// [`BundleError::BadDependency`](crate::error::BundleError::BadDependency), [`DependencyError`], and
/// those of reading files.
pub fn embed(metadata: &mut Metadata, folder: &Path, request: &Request) -> Result<Embedded, Error> {
    let mut embedder = Embedder::new(folder, request);
    for field in FIELDS {
        let mut dependencies: Dependencies = metadata.read(field);
        for (name, dependency) in &mut dependencies {
            embedder.embed(field, name, dependency)?;
        }
        metadata.replace(field, serde_json::to_value(dependencies).expect("dependencies are JSON"));
    }
    embedder.finish()
}

/// The digest that each entry must have of which the metadata knows.
pub fn digests(metadata: &Metadata) -> BTreeMap<String, Sha256> {
    let all = FIELDS.map(|field| metadata.read::<Dependencies>(field)).into_iter().flatten();
    all.filter_map(|(name, dependency)| {
        Some((entry_path(&name, &dependency).ok()?, dependency.sha256?))
    })
    .collect()
}

impl Embed {
    /// Whether it wants the dependencies of that field.
    fn wants(self, field: &str) -> bool {
        self == Self::All || (self == Self::Required && field == REQUIRED)
    }
}
