//! What one run of packing writes: the bundle under all its names, what lies beside it, and the
//! module.yaml that points at it.
//!
//! In: an [`Order`], and the [`Bundle`] that was packed for it. Out: [`Ready`]: files that are written
//! and checked, and appear when they are published. Nothing that is written takes the place of
//! something that was read, or of each other.

mod checksums;
mod debug_symbols;
mod module_yaml;
pub mod name;
mod outcome;
mod places;
mod together;
mod write;

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::bundle::{Bundle, Request};
use crate::digest::Sha256;
use crate::error::Error;
use crate::metadata::Metadata;
use crate::process;
use crate::staged::{self, Staged};
use crate::warning::Warning;

use debug_symbols::DebugSymbols;
use places::Places;

pub use module_yaml::{ModuleYaml, Renewed};
pub use outcome::{Outcome, ResultFile};
pub use places::MODULE_YAML;
pub use together::{Run, check_apart};

/// What to pack, and what shall come of it.
#[derive(Debug)]
pub struct Order {
    /// What to pack.
    pub request: Request,
    /// How the files are called.
    pub names: Names,
    /// What shall lie beside the bundle.
    pub beside: Beside,
    /// The module.yaml that shall point at the bundle, if one shall.
    pub module_yaml: Option<ModuleYaml>,
}

impl Order {
    /// The path that the bundle would have, also in the file for it; nothing else is written.
    ///
    /// # Errors
    /// Those of the names; [`Error::Usage`] and [`Error::IsAnInput`] for files in each other's place;
    /// [`Error::Io`].
    pub fn publish_name(&self, metadata: &Metadata) -> Result<PathBuf, Error> {
        let path = Places::of(self, metadata)?.packages.remove(0).path;
        staged::publish(self.packname(&path)?)?;
        Ok(path)
    }

    /// The file that holds the path of the bundle, without a line end, if there shall be one.
    fn packname(&self, path: &Path) -> Result<Option<Staged>, Error> {
        let file = self.beside.packname_file.as_ref();
        file.map(|file| write::text(file, path.as_os_str().as_bytes())).transpose()
    }
}

/// How the files are called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// A folder, or a template for the path of the bundle; else it has its default name beside the
    /// module.
    pub output: Option<String>,
    /// Further folders and templates: the same bundle has these names too.
    pub also_as: Vec<String>,
    /// What `{variant}` is, without its dash.
    pub variant: Option<String>,
    /// What `{branch}` is; else the branch that is checked out where the module lies.
    pub branch: Option<String>,
    /// What `{osnick}` is; else that of the first operating system.
    pub osnick: Option<String>,
}

/// What shall lie beside the bundle.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The file of debug symbols that a package of its own shall hold.
    pub debug_symbols: Option<PathBuf>,
    /// Whether each package has a file with its checksum.
    pub checksum_files: bool,
    /// The file that holds the path of the bundle, and nothing else.
    pub packname_file: Option<PathBuf>,
    /// The file that tells what was made.
    pub result_file: Option<ResultFile>,
}

/// What a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A bundle.
    Bundle,
    /// A .tgz of its debug symbols.
    DebugSymbols,
}

impl Role {
    /// As people are told of it.
    fn name(self) -> &'static str {
        match self {
            Self::Bundle => "bundle",
            Self::DebugSymbols => "debug symbols",
        }
    }
}

/// A file that is made to be given to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Package {
    /// What it is.
    pub role: Role,
    /// Where.
    #[serde(serialize_with = "outcome::shown")]
    pub path: PathBuf,
    /// Its bytes; unknown as long as the bundle awaits downloads.
    pub size: Option<u64>,
    /// Their digest, likewise.
    pub sha256: Option<Sha256>,
    /// The file with its checksum, if there is to be one.
    #[serde(serialize_with = "outcome::shown_if_any")]
    pub checksum_file: Option<PathBuf>,
}

/// Files that are written, and do not appear until they are published.
pub struct Ready {
    /// All packages; the first is the bundle.
    pub packages: Vec<Package>,
    /// What their author should know.
    pub warnings: Vec<Warning>,
    staged: Vec<Staged>,
    outcome: Outcome,
    result_file: Option<ResultFile>,
}

impl Ready {
    /// Writes what `order` wants of `bundle`.
    ///
    /// # Errors
    /// Those of the names, of [`Bundle::stage`]; [`Error::Usage`] and [`Error::IsAnInput`] for files in
    /// each other's place; [`NotItsSymbols`](crate::error::BundleError::NotItsSymbols).
    pub fn stage(order: &Order, bundle: &Bundle) -> Result<Self, Error> {
        let Places { mut packages, branch } = Places::of(order, &bundle.metadata)?;
        // They stay open until all of them can appear.
        process::allow_open_files();
        order.outputs(&packages).iter().try_for_each(|(_, path)| bundle.check_apart(path))?;
        let mut staged = Vec::new();
        let mut warnings = Vec::new();
        let request = &order.request;
        // What is said of them is said before anything large is written.
        let symbols = order.beside.debug_symbols.as_deref();
        let symbols = symbols.map(|file| DebugSymbols::of(file, request)).transpose()?;
        if bundle.is_complete() {
            let write = |path: &_| bundle.stage(path, request);
            staged.extend(write::copies(Role::Bundle, &mut packages, &request.meter, write)?);
        }
        if let Some(symbols) = symbols {
            let write = |path: &_| symbols.stage(path, request);
            staged.extend(write::copies(Role::DebugSymbols, &mut packages, &request.meter, write)?);
            warnings.extend(symbols.warnings);
        }
        staged.extend(checksums::stage(&packages)?);
        staged.extend(order.packname(&packages[0].path)?);
        let outcome = Outcome::new(order, bundle, branch, &packages);
        let result_file = order.beside.result_file.clone();
        Ok(Self { packages, warnings, staged, outcome, result_file })
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
            (Some(wanted), Package { path, sha256: Some(sha256), .. }) => {
                wanted.renewed(bundle, path, *sha256).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What is made, for programs.
    pub fn outcome(&self, module_yaml: Option<&Renewed>) -> Outcome {
        let module_yaml = module_yaml.map(|yaml| yaml.path.to_string_lossy().into_owned());
        Outcome { module_yaml, ..self.outcome.clone() }
    }

    /// Makes all of it appear, the file that tells of it last.
    ///
    /// # Errors
    /// Those of [`staged::publish`].
    pub fn publish(self, module_yaml: Option<&Renewed>) -> Result<(), Error> {
        let yaml = module_yaml.map(Renewed::stage).transpose()?;
        let outcome = self.outcome(module_yaml);
        let result = self.result_file.map(|file| file.stage(&outcome)).transpose()?;
        staged::publish(self.staged.into_iter().chain(yaml).chain(result))
    }
}
