//! Several runs whose files appear beside each other.
//!
//! In: what is ready to be published, each with what it is called. Out: the error that two of them
//! would write the same file. A module.yaml may be that of several: each run renews its own part.

use std::path::{Path, PathBuf};

use super::{Order, Ready};
use crate::error::Error;
use crate::staged;

/// What one run is about to write.
struct Run<'a> {
    label: &'a str,
    module_yaml: Option<PathBuf>,
    packages: Vec<&'a Path>,
}

/// No run writes a file that another one writes.
///
/// # Errors
/// [`Error::SameFile`] with the labels of the first two that do.
pub fn check_apart<'a>(
    runs: impl IntoIterator<Item = (&'a str, &'a Order, &'a Ready)>,
) -> Result<(), Error> {
    let mut before: Vec<Run> = Vec::new();
    for (label, order, ready) in runs {
        let module_yaml = order.module_yaml.as_ref().map(|it| it.beside(&ready.bundle().path));
        let packages = ready.packages.iter().map(|package| package.path.as_path()).collect();
        let run = Run { label, module_yaml, packages };
        for earlier in &before {
            if let Some(path) = earlier.clash(&run) {
                let tasks = [earlier.label, label].map(str::to_owned);
                return Err(Error::SameFile { tasks, path: path.to_owned() });
            }
        }
        before.push(run);
    }
    Ok(())
}

impl<'a> Run<'a> {
    /// A file that both write.
    fn clash(&'a self, other: &'a Self) -> Option<&'a Path> {
        let is_in = |files: &[&Path], path: &Path| files.iter().any(|it| staged::is_same(it, path));
        let own = self.packages.iter().copied().find(|path| is_in(&other.packages, path));
        let yaml = |run: &'a Self, other: &Self| {
            run.module_yaml.as_deref().filter(|path| is_in(&other.packages, path))
        };
        own.or_else(|| yaml(self, other)).or_else(|| yaml(other, self))
    }
}
