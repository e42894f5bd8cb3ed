//! Which commit a module is of.
//!
//! In: where its manifest and its file lie. Out: the field `git_sha`: from the lock beside the
//! manifest, else the repository that holds the module's file, else the option, else nothing. (The
//! reference packer asks the folder it happens to run in.)

use std::path::Path;

use crate::error::Error;
use crate::manifest::Layer;
use crate::metadata::Origin;
use crate::source::{self, Lock};
use crate::warning::Warning;

/// What is known of the commit.
pub struct Commit {
    /// Who says so.
    pub origin: Origin,
    /// The field, where it is known.
    pub layer: Layer,
    /// What the person who packs should know.
    pub warnings: Vec<Warning>,
}

/// The field `git_sha`, where it is known.
///
/// # Errors
/// [`Error::BadText`] for a lock that is none.
pub fn of(module: &Path, manifest: Option<&Path>, option: Option<&str>) -> Result<Commit, Error> {
    let mut warnings = Vec::new();
    let known = known(module, manifest, &mut warnings)?;
    if let (Some((commit, from)), Some(option)) = (&known, option)
        && commit != option
    {
        let message = format!("--git-sha {option} is not used: {from} says {commit}");
        warnings.push(Warning::new(message).advise("--set git_sha=… overrides it"));
    }
    let mut layer = Layer::default();
    let origin = if known.is_some() { Origin::Repository } else { Origin::Option };
    if let Some(commit) = known.map(|(commit, _)| commit).or(option.map(str::to_owned)) {
        layer.put("git_sha", commit);
    }
    Ok(Commit { origin, layer, warnings })
}

/// The commit, and who says so.
fn known(
    module: &Path,
    manifest: Option<&Path>,
    warnings: &mut Vec<Warning>,
) -> Result<Option<(String, &'static str)>, Error> {
    if let Some(manifest) = manifest
        && let Some(lock) = Lock::read(&Lock::beside(manifest))?
    {
        return Ok(Some((lock.commit.to_string(), "the manifest's lock")));
    }
    // A repository that cannot be read is no reason not to pack.
    let head = source::head_commit(module).unwrap_or_else(|error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(" ({cause})"));
        let warning =
            Warning::new(format!("git_sha is unknown: {error}{}", cause.unwrap_or_default()));
        warnings.push(error.hint().into_iter().fold(warning, Warning::advise));
        None
    });
    Ok(head.map(|commit| (commit.to_string(), "the module's repository")))
}
