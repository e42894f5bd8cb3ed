//! Where the files of a run lie.
//!
//! In: an order and its bundle. Out: the paths of what is written, or what stands in the way.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::name::Placeholder;
use super::{Beside, Order, Package, Role, checksums, debug_symbols, name};
use crate::bundle::Network;
use crate::discovery::Method;
use crate::error::{BundleError, Error};
use crate::metadata::Metadata;
use crate::platform;
use crate::source::{self, Lock};
use crate::staged::Identity;

/// What one of the files is called.
pub const MODULE_YAML: &str = "module.yaml";

/// The files that are made.
pub(super) struct Places {
    /// The bundle, its further names, then packages of debug symbols in the same order.
    pub packages: Vec<Package>,
    /// What `{branch}` is, where it is known.
    pub branch: Option<String>,
}

impl Places {
    /// Where all files of a bundle lie that says `metadata`; none of them in another's place, nor in that
    /// of something that is read. (Which files dependencies are made of only the bundle knows.)
    pub fn of(order: &Order, metadata: &Metadata) -> Result<Self, Error> {
        let branch = order.branch();
        let paths = order.paths(metadata, branch.clone())?;
        let with_symbols = if order.beside.debug_symbols.is_some() { &paths[..] } else { &[] };
        let symbols = with_symbols.iter().map(|path| debug_symbols::beside(path));
        let bundles = paths.iter().map(|path| (Role::Bundle, path.clone()));
        let symbols = symbols.map(|path| (Role::DebugSymbols, path));
        let package = |(role, path): (Role, PathBuf)| {
            let checksum_file = order.beside.checksum_files.then(|| checksums::beside(&path));
            Package { role, path, size: None, sha256: None, checksum_file }
        };
        let packages: Vec<Package> = bundles.chain(symbols).map(package).collect();
        check(order, &packages)?;
        Ok(Self { packages, branch: branch.ok() })
    }
}

impl Order {
    /// All files that are written with these packages, and what they are; the bundle is the first.
    pub fn outputs(&self, packages: &[Package]) -> Vec<(&'static str, PathBuf)> {
        let Beside { packname_file, result_file, .. } = &self.beside;
        let made = packages.iter().map(|package| (package.role.name(), package.path.clone()));
        let checksum_files = packages.iter().filter_map(|package| package.checksum_file.clone());
        let module_yaml = self.module_yaml.as_ref().map(|yaml| yaml.beside(&packages[0].path));
        let result_file = result_file.as_ref().map(|file| file.path().to_owned());
        made.chain(checksum_files.map(|path| ("checksum file", path)))
            .chain(module_yaml.map(|path| (MODULE_YAML, path)))
            .chain(packname_file.clone().map(|path| ("packname file", path)))
            .chain(result_file.map(|path| ("result file", path)))
            .collect()
    }

    /// All files that are read, but those of dependencies.
    pub fn inputs(&self) -> Vec<PathBuf> {
        let request = &self.request;
        let commands = match &request.discovery {
            Method::File(path) => Some(path.clone()),
            Method::Load(_) => None,
        };
        let manifest = request.manifest_file();
        let lock = manifest.map(Lock::beside);
        let certificates = match &request.sources.network {
            Network::Used(certificates) => certificates.clone(),
            Network::Spared => None,
        };
        let symbols = self.beside.debug_symbols.clone();
        let further = [manifest.map(Path::to_owned), lock, commands, certificates, symbols];
        let files = request.variables.files.iter().chain([&request.module]).cloned();
        further.into_iter().flatten().chain(files).collect()
    }

    /// The files that the bundle shall be; the first beside the module under its default name, unless
    /// the order names a folder or a template for its name.
    fn paths(
        &self,
        metadata: &Metadata,
        branch: Result<String, String>,
    ) -> Result<Vec<PathBuf>, BundleError> {
        let further = self.placeholders(metadata, branch);
        let expand = |template: &str| name::expand(template, metadata, &further);
        let path = |template: &str| {
            if Path::new(template).is_dir() || template.ends_with('/') {
                return Ok(Path::new(template).join(expand(name::DEFAULT)?));
            }
            let path = PathBuf::from(expand(template)?);
            let why = match path.file_name() {
                _ if template == "-" => "a bundle is a file, and not written to stdout",
                None => "nothing is left that could be a file's name",
                Some(_) => return Ok(path),
            };
            Err(BundleError::BadOutputName { template: template.to_owned(), why: why.to_owned() })
        };
        let first = match &self.names.output {
            Some(output) => path(output)?,
            None => self.request.module.with_file_name(expand(name::DEFAULT)?),
        };
        let further = self.names.also_as.iter().map(|template| path(template));
        std::iter::once(Ok(first)).chain(further).collect()
    }

    /// What can stand in names beside the fields.
    fn placeholders(
        &self,
        metadata: &Metadata,
        branch: Result<String, String>,
    ) -> [Placeholder<'static>; 4] {
        let stem = self.request.module.file_stem().unwrap_or_default().to_string_lossy();
        let systems: Vec<String> = metadata.read("operating_systems");
        let of_system = || systems.first().map(|system| platform::nick_of(system));
        let nick = self.names.osnick.clone().or_else(of_system);
        let variant = self.names.variant.as_ref().map(|variant| format!("-{variant}"));
        [
            ("stem", Ok(stem.into_owned())),
            ("osnick", nick.ok_or_else(|| "{osnick} is unknown; say it with --osnick".to_owned())),
            ("variant", Ok(variant.unwrap_or_default())),
            ("branch", branch),
        ]
    }

    /// What `{branch}` is, or why that is not known.
    fn branch(&self) -> Result<String, String> {
        let module = &self.request.module;
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
        let found = match &self.names.branch {
            Some(said) => Ok(Some(said.clone())),
            None => source::head_branch(module),
        };
        let why = match found {
            Ok(Some(branch)) => return Ok(branch.chars().map(plain).collect()),
            Ok(None) => format!("no branch is checked out where {} lies", module.display()),
            Err(error) => error.to_string(),
        };
        Err(format!("{{branch}} is unknown: {why}; say it with --branch NAME"))
    }
}

/// Nothing that is written may take the place of something that is read, or of each other.
fn check(order: &Order, packages: &[Package]) -> Result<(), Error> {
    let inputs: HashSet<Identity> = order.inputs().iter().map(|path| Identity::of(path)).collect();
    let outputs = order.outputs(packages);
    let mut before = HashMap::new();
    for (kind, path) in &outputs {
        let place = Identity::of(path);
        if inputs.contains(&place) {
            return Err(Error::IsAnInput { path: path.clone() });
        }
        if let Some((other, path)) = before.insert(place, (kind, path)) {
            let path = path.display();
            return Err(Error::Usage(match kind == other {
                true => format!("{path} would be written twice, as {kind}"),
                false => format!("{path} cannot be both {other} and {kind}"),
            }));
        }
    }
    Ok(())
}
