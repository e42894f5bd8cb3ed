//! Modules out of repositories: folders, and git repositories.
//!
//! In: the repositories of a target, and where that stands. Out: the modules that they have, each with
//! its place. What of a git repository is needed goes into a temporary folder, which stays as long as
//! its [`Scratch`] does.

mod folder;

use std::path::{Component, Path, PathBuf};

use super::{Candidate, Origin};
use crate::descriptor::document::{Git, Repository};
use crate::error::{AssemblyError, Error};
use crate::scratch::Scratch;
use crate::source::{self, Access, Address, Reference};
use crate::warning::Warning;

use folder::Folder;

/// What repositories have.
#[derive(Default)]
pub struct Repositories {
    /// What messages call each of them.
    pub names: Vec<String>,
    /// The modules of all, in the order of the repositories, and in each by their paths.
    pub candidates: Vec<Candidate>,
    /// Where the files of git repositories lie, as long as this is kept.
    pub folders: Vec<Scratch>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// The modules of all `repositories` of the target at `origin`.
///
/// In a repository, each `module.yaml` and `module.yml` is read that is not below a hidden folder;
/// links are not followed.
///
/// # Errors
/// [`AssemblyError::Unbuildable`] for a repository that is not there, has no module or has a target;
/// those of [`source::checkout`], and of reading each file.
pub fn repositories(
    repositories: &[Repository],
    origin: &Origin,
    access: &Access,
) -> Result<Repositories, Error> {
    let mut read = Repositories::default();
    for repository in repositories {
        let folder = match &repository.git {
            Some(git) => read.fetched(git, repository.path.as_deref(), origin, access)?,
            None => local(repository.path.as_deref().unwrap_or_default(), origin)?,
        };
        read.names.push(folder.shown.clone());
        let before = read.candidates.len();
        folder.read(&mut read)?;
        if read.candidates.len() == before {
            let what = format!("there is no module.yaml in {}", folder.shown);
            let advice = "each of its folders that is not hidden was looked into; name another";
            return Err(wrong(origin, what, advice));
        }
    }
    Ok(read)
}

impl Repositories {
    /// A state of a git repository, in a folder of ours.
    fn fetched(
        &mut self,
        git: &Git,
        below: Option<&str>,
        origin: &Origin,
        access: &Access,
    ) -> Result<Folder, Error> {
        let mend = |error: Error| wrong(origin, error.to_string(), "mend `url` or `ref` there");
        let address = address(&git.url, origin).map_err(mend)?;
        let typed = git.reference.as_deref().unwrap_or("HEAD");
        let reference: Reference = typed.parse().map_err(mend)?;
        let scratch = Scratch::new()?;
        let checkout = source::checkout(&address, &reference, below, access, scratch.path())?;
        let commit = checkout.commit.to_string();
        if git.reference.is_none() {
            let message =
                format!("{address} has no `ref`: {} was taken, which is {commit}", checkout.name);
            let advice = format!("write `ref: {commit}` to get the same next time");
            self.warnings.push(Warning::new(message).advise(advice));
        }
        self.warnings.extend(checkout.warnings);
        let at = git.reference.as_deref().unwrap_or(&commit[..10]);
        let below = below.map(|below| format!("/{}", below.trim_matches('/')));
        let shown = format!("{address}@{at}{}", below.unwrap_or_default());
        let path = scratch.path().to_owned();
        self.folders.push(scratch);
        Ok(Folder { path, shown, is_passing: true })
    }
}

/// A folder of this machine.
fn local(typed: &str, origin: &Origin) -> Result<Folder, Error> {
    let path = beside(origin, typed);
    let shown = path.display().to_string();
    if path.is_dir() {
        return Ok(Folder { path, shown, is_passing: origin.is_passing });
    }
    let what = match path.exists() {
        true => format!("{shown} is a file, and a repository of modules is a folder"),
        false => format!("there is no folder {shown}"),
    };
    Err(wrong(origin, what, "a path counts from the folder of the file that has it"))
}

/// The address of a repository: a folder beside the file, if there is one.
fn address(typed: &str, origin: &Origin) -> Result<Address, Error> {
    let folder = beside(origin, typed);
    folder.to_str().filter(|_| folder.exists()).unwrap_or(typed).parse()
}

/// What a relative path means that stands in a file.
fn beside(origin: &Origin, typed: &str) -> PathBuf {
    let folder = origin.folder.as_deref().unwrap_or(Path::new(""));
    let parts = folder.join(typed);
    let path: PathBuf = parts.components().filter(|part| *part != Component::CurDir).collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

fn wrong(origin: &Origin, what: String, advice: &str) -> Error {
    let origin = origin.name.clone();
    AssemblyError::Unbuildable { origin, what, advice: advice.to_owned() }.into()
}
