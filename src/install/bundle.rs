//! A bundle as a module that can be installed.
//!
//! In: the path of a bundle, for whom it is, and the folder for modules. Out: a [`Candidate`] made of
//! the bundle's own metadata. Redis Enterprise gets the bundle itself, in the place of older ones of
//! the same module; any other server gets the module out of it, and a line that loads it. A bundle
//! that is not valid is refused; for another server it need not be fit for a node.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Candidate, Origin};
use crate::bundle::{self, Naming, Opened, Rules, Unpacking, Wanted, validate};
use crate::descriptor::DEFAULT_USER;
use crate::descriptor::document::{Artifact, Definition, Module, ModuleKind, Words};
use crate::error::{AssemblyError, BundleError, Error};
use crate::finding::{Finding, Severity};
use crate::image::{HUB, Reference};
use crate::platform::{Package, Packages, is_everywhere};
use crate::scratch::Scratch;
use crate::staged::folder_of;
use crate::warning::Warning;

/// Who loads the module of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loader {
    /// Redis Enterprise, which takes bundles.
    Enterprise,
    /// Any other server, which takes modules.
    Server,
}

impl Loader {
    /// Who loads modules in an image that is made of `base`, where that is known.
    pub fn of(base: &str) -> Option<Self> {
        let Reference { registry, repository, .. } = base.parse().ok()?;
        match &repository[..] {
            "redislabs/redis" => Some(Self::Enterprise),
            "library/redis" | "valkey/valkey" if registry == HUB => Some(Self::Server),
            stack if registry == HUB && stack.starts_with("redis/redis-stack") => {
                Some(Self::Server)
            }
            _ => None,
        }
    }
}

/// A bundle that can be installed.
pub struct Bundled {
    /// It as a module.
    pub candidate: Candidate,
    /// What its user should know.
    pub warnings: Vec<Warning>,
    /// Where it was unpacked to.
    pub folder: Option<Scratch>,
    /// What the names of the bundles begin with in whose place it comes.
    pub replaces: BTreeSet<String>,
}

/// The bundle at `path` as a module; `modules` is the folder for modules in the image.
///
/// # Errors
/// Those of reading it; [`BundleError::Untrusted`] for one that is not valid;
/// [`AssemblyError::Unbuildable`] where older ones cannot be removed.
pub fn read(path: &Path, loader: Loader, modules: &str) -> Result<Bundled, Error> {
    let opened = Opened::read(path)?;
    let counts = |it: &Finding| loader == Loader::Enterprise || !is_of_nodes(it);
    let findings = validate(&opened, Rules::default()).into_iter().filter(counts);
    let findings: Vec<Finding> = findings.filter(|it| it.severity == Severity::Error).collect();
    if !findings.is_empty() {
        return Err(BundleError::Untrusted { path: path.to_owned(), findings }.into());
    }
    let mut warnings = lacks(path, &opened);
    let mut replaces = BTreeSet::new();
    let (definition, folder) = match loader {
        Loader::Enterprise => {
            replaces = beginnings(path, &opened);
            (whole(path, &opened, modules, &replaces)?, None)
        }
        Loader::Server => {
            warnings.extend(left_out(path, &opened));
            let (definition, folder) = unpacked(path, &opened)?;
            (definition, Some(folder))
        }
    };
    let lies_in = folder.as_ref().map_or(folder_of(path), |folder| folder.path());
    let origin = Origin {
        name: path.display().to_string(),
        folder: Some(lies_in.to_owned()),
        is_passing: folder.is_some(),
    };
    let module = Module {
        kind: ModuleKind::Module,
        name: said(&opened, "module_name"),
        version: Some(said(&opened, "semantic_version")).filter(|version| !version.is_empty()),
        definition,
        ..Module::default()
    };
    Ok(Bundled { candidate: Candidate { module, origin }, warnings, folder, replaces })
}

/// Whether it is only the nodes of Redis Enterprise that this keeps from loading the module.
fn is_of_nodes(finding: &Finding) -> bool {
    finding.code == "operating_system_unknown" || finding.code.starts_with("binary_")
}

impl Bundled {
    /// What this takes away is not one of the bundles that are in the image before it.
    ///
    /// # Errors
    /// [`AssemblyError::Unbuildable`](crate::error::AssemblyError::Unbuildable).
    pub fn check_spares<'a>(
        &self,
        path: &Path,
        before: impl IntoIterator<Item = &'a Candidate>,
    ) -> Result<(), Error> {
        for other in before.into_iter().filter(|it| it.module.name != self.candidate.module.name) {
            let file = name(Path::new(&other.origin.name));
            let takes = |it: &&String| {
                file.strip_prefix(&format!("{it}.")).is_some_and(|rest| rest.ends_with(".zip"))
            };
            if let Some(beginning) = self.replaces.iter().find(takes) {
                let what =
                    format!("it takes the place of all {beginning}.*.zip, and {file} is one");
                return Err(refused(path, what, "give one of the two files another name"));
            }
        }
        Ok(())
    }
}

/// The bundle as it is, and nothing of the module that was there before.
fn whole(
    path: &Path,
    opened: &Opened,
    modules: &str,
    replaces: &BTreeSet<String>,
) -> Result<Definition, Error> {
    if !is_quotable(modules) {
        let what = format!("older bundles are removed from libdir, {modules:?}, by a shell");
        let advice = "write libdir without quotes, backslashes, and any $ but that of $NAME";
        return Err(refused(path, what, advice));
    }
    let artifact = Artifact {
        user: Some(DEFAULT_USER.to_owned()),
        sha256: Some(opened.sha256),
        ..artifact(name(path))
    };
    let older: Vec<String> = replaces
        .iter()
        .map(|beginning| format!("\"{}\"{beginning}.*.zip", folder(modules)))
        .collect();
    Ok(Definition {
        description: text(opened, "description"),
        script: (!older.is_empty()).then(|| format!("RUN rm -f {}\n", older.join(" "))),
        artifacts: Some(vec![artifact]),
        ..Definition::default()
    })
}

/// Whether a shell takes it, in double quotes, for a path with variables and no more.
fn is_quotable(path: &str) -> bool {
    let mut after_dollars = path.split('$').skip(1);
    !path.contains(['"', '`', '\\', '\n', '\r'])
        && after_dollars.all(|after| {
            let name = match after.strip_prefix('{') {
                Some(braced) => braced.split_once('}').map_or("", |(name, _)| name),
                None => after,
            };
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && (name == after || name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        })
}

/// For a platform whose servers cannot load what is in a bundle.
pub fn unloadable(path: &Path) -> Error {
    let what = "servers on Windows cannot load what bundles have".to_owned();
    refused(path, what, "leave it out, or write `platform: linux`")
}

fn refused(path: &Path, what: String, advice: &str) -> Error {
    let (origin, advice) = (path.display().to_string(), advice.to_owned());
    AssemblyError::Unbuildable { origin, what, advice }.into()
}

/// The module out of the bundle, with the line that loads it.
fn unpacked(path: &Path, opened: &Opened) -> Result<(Definition, Scratch), Error> {
    let scratch = Scratch::new()?;
    let (wanted, naming) = (Wanted::All, Naming::AsItIs);
    let unpacking =
        Unpacking { bundle: path, wanted, folder: scratch.path(), naming, force: false };
    bundle::extract(&unpacking)?.publish()?;
    let file = opened.module.map(|index| opened.archive.records[index].name.clone());
    let file = file.unwrap_or_default();
    let arguments = said(opened, "command_line_args");
    let mut command = vec!["--loadmodule".to_owned(), file.clone()];
    command.extend(arguments.split_whitespace().map(str::to_owned));
    let sha256 = opened.module.and_then(|index| opened.digests[index]);
    let definition = Definition {
        description: text(opened, "description"),
        command: Some(Words::List(command)),
        artifacts: Some(vec![Artifact { sha256, ..artifact(file) }]),
        ..Definition::default()
    };
    Ok((definition, scratch))
}

fn artifact(source: String) -> Artifact {
    Artifact { source, target: None, user: None, mode: None, sha256: None }
}

/// What the names of older bundles of the same module begin with, up to their first dot: as this one,
/// its file, and the module are called.
fn beginnings(path: &Path, opened: &Opened) -> BTreeSet<String> {
    let names = [name(path), said(opened, "module_file"), said(opened, "module_name")];
    let begins = |name: String| name.split('.').next().unwrap_or_default().to_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    names.map(begins).into_iter().filter(|it| !it.is_empty() && it.chars().all(plain)).collect()
}

/// What the module needs and an image may not have.
fn lacks(path: &Path, opened: &Opened) -> Vec<Warning> {
    let needed = opened.binary.iter().flat_map(|binary| &binary.needed);
    let carried = opened.carried();
    let is_carried =
        |library: &str| carried.iter().any(|path| path.rsplit('/').next() == Some(library));
    let lacking = needed.filter(|library| !is_everywhere(library) && !is_carried(library));
    let warning = |library: &String| {
        let message = format!("{} needs {library}, which the image may not have", path.display());
        Warning::new(message).advise(package(library))
    };
    lacking.map(warning).collect()
}

fn package(library: &str) -> String {
    let package = Package::of(library);
    let name = |of| package.as_ref().and_then(|package| package.name(of));
    let example =
        |name: &str, manager: &str| format!("packages: {{manager: {manager}, install: [{name}]}}");
    match (name(Packages::Apt), name(Packages::Yum)) {
        (Some(apt), Some(yum)) => {
            format!("install it by a Target with {}; with yum it is {yum}", example(apt, "apt-get"))
        }
        (Some(apt), None) => format!("install it by a Target with {}", example(apt, "apt-get")),
        (None, Some(yum)) => format!("install it by a Target with {}", example(yum, "yum")),
        (None, None) => "install the package that has it by `packages` of a Target".to_owned(),
    }
}

/// What only Redis Enterprise unpacks.
fn left_out(path: &Path, opened: &Opened) -> Option<Warning> {
    let names: Vec<&str> = opened.dependencies().map(|(record, _)| &*record.name).collect();
    let message = format!("{} brings {}, which stay out", path.display(), names.join(", "));
    let advice =
        "Redis Enterprise unpacks them for itself; for a server copy them by a module.yaml";
    (!names.is_empty()).then(|| Warning::new(message).advise(advice))
}

fn said(opened: &Opened, field: &str) -> String {
    opened.metadata.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn text(opened: &Opened, field: &str) -> Option<String> {
    Some(said(opened, field)).filter(|text| !text.is_empty())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A folder with a slash at its end.
fn folder(path: &str) -> String {
    format!("{}/", path.trim_end_matches('/'))
}
