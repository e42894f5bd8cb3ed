//! What one run of packing writes: the bundle, and the module.yaml that points at it.
//!
//! In: an [`Order`], and the [`Bundle`] that was packed for it. Out: [`Ready`]: files that are written
//! and checked, and appear when they are published. Nothing that is written takes the place of
//! something that was read, or of each other.

mod module_yaml;
pub mod name;
mod places;

use std::path::PathBuf;

use crate::bundle::{Bundle, Request};
use crate::digest::Sha256;
use crate::error::Error;
use crate::staged::Staged;

pub use module_yaml::{ModuleYaml, Renewed};

/// What to pack, and what shall come of it.
#[derive(Debug)]
pub struct Order {
    /// What to pack.
    pub request: Request,
    /// How the files are called.
    pub names: Names,
    /// The module.yaml that shall point at the bundle, if one shall.
    pub module_yaml: Option<ModuleYaml>,
}

/// How the files are called.
#[derive(Debug, Default)]
pub struct Names {
    /// A folder, or a template for the path of the bundle; else it has its default name beside the
    /// module.
    pub output: Option<String>,
}

/// A file that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Where.
    pub path: PathBuf,
    /// Of its bytes; unknown as long as the bundle awaits downloads.
    pub sha256: Option<Sha256>,
}

/// Files that are written, and do not appear until they are published.
pub struct Ready {
    /// All of them; the first is the bundle.
    pub packages: Vec<Package>,
    staged: Vec<Staged>,
}

impl Ready {
    /// Writes what `order` wants of `bundle`.
    ///
    /// # Errors
    /// Those of the names, of [`Bundle::stage`]; [`Error::Usage`] and [`Error::IsAnInput`] for files in
    /// each other's place.
    pub fn stage(order: &Order, bundle: &Bundle) -> Result<Self, Error> {
        let path = order.bundle_path(bundle)?;
        places::check(order, bundle, &path)?;
        let staged =
            bundle.is_complete().then(|| bundle.stage(&path, &order.request)).transpose()?;
        let sha256 = staged.as_ref().map(|(_, sha256)| *sha256);
        let staged = staged.into_iter().map(|(staged, _)| staged).collect();
        Ok(Self { packages: vec![Package { path, sha256 }], staged })
    }

    /// The bundle.
    pub fn bundle(&self) -> &Package {
        &self.packages[0]
    }

    /// The module.yaml that points at the bundle: wanted, and the bundle's digest known.
    ///
    /// # Errors
    /// Those of [`renew`](crate::descriptor::renew).
    pub fn module_yaml(&self, order: &Order, bundle: &Bundle) -> Result<Option<Renewed>, Error> {
        match (&order.module_yaml, self.bundle()) {
            (Some(wanted), Package { path, sha256: Some(sha256) }) => {
                wanted.renewed(bundle, path, *sha256).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Makes all of it appear.
    ///
    /// # Errors
    /// [`Error::Io`]; what stands in the place of a file that did not appear is still there.
    pub fn publish(self, module_yaml: Option<&Renewed>) -> Result<(), Error> {
        let beside = module_yaml.map(Renewed::stage).transpose()?;
        self.staged.into_iter().chain(beside).try_for_each(Staged::publish)
    }
}
