//! The first files of a module's author: a manifest, a module.yaml, a Dockerfile to pack in.
//!
//! In: what the module itself tells, as [`Known`]. Out: a [`Starter`]: three texts that appear together
//! or not at all, and never in the place of a file that is there. What only the author can say stands
//! in them as a comment or an empty text; nothing is guessed that would be believed.

mod dockerfile;
mod known;
mod manifest;
mod module_yaml;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::{BundleError, Error, IoContext};
use crate::staged::{self, Staged};

pub use known::{Known, Learned};

/// Files that are not written yet: the name and the text of each.
#[derive(Debug)]
pub struct Starter(pub [(&'static str, String); 3]);

impl Starter {
    /// The files for a module.
    pub fn new(known: &Known) -> Self {
        Self([
            ("ramp.yml", manifest::text(known)),
            ("module.yaml", module_yaml::text(known)),
            ("Dockerfile", dockerfile::text(known)),
        ])
    }

    /// The names of the files.
    pub const NAMES: [&str; 3] = ["ramp.yml", "module.yaml", "Dockerfile"];

    /// `folder` is one, or can be made, and nothing stands in the place of any of them in it.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] with all that stands there; [`BundleError::NotAFolder`].
    pub fn check_free(folder: &Path) -> Result<(), Error> {
        if folder.exists() && !folder.is_dir() {
            return Err(BundleError::NotAFolder { path: folder.to_owned() }.into());
        }
        let paths = Self::NAMES.map(|name| folder.join(name));
        let there: Vec<PathBuf> =
            paths.into_iter().filter(|path| path.symlink_metadata().is_ok()).collect();
        match there.is_empty() {
            true => Ok(()),
            false => Err(Error::AlreadyThere { paths: there }),
        }
    }

    /// Makes all files appear in `folder`, which is made where it is not there; returns their paths.
    ///
    /// # Errors
    /// Those of [`check_free`](Self::check_free); [`Error::Io`].
    pub fn publish(&self, folder: &Path) -> Result<Vec<PathBuf>, Error> {
        Self::check_free(folder)?;
        fs::create_dir_all(folder).at("make", folder)?;
        let paths: Vec<PathBuf> = self.0.iter().map(|(name, _)| folder.join(name)).collect();
        let mut staged = Vec::new();
        for ((_, text), path) in self.0.iter().zip(&paths) {
            let mut file = Staged::new(path)?;
            file.file().write_all(text.as_bytes()).at("write", path)?;
            staged.push(file);
        }
        staged::publish(staged)?;
        Ok(paths)
    }
}
