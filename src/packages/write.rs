//! The same bytes under several names.
//!
//! In: the packages of a role, and what writes the first. Out: all of them, staged; a copy is read back
//! as the first was.

use std::io::{self, Seek as _, Write as _};
use std::path::Path;

use super::{Package, Role};
use crate::digest::Sha256;
use crate::error::{BundleError, Error, IoContext};
use crate::progress::Meter;
use crate::staged::Staged;

/// Lets `write` write the first of the `packages` that has this role, and copies it to the others;
/// puts size and digest into all of them.
///
/// # Errors
/// Those of `write`; [`Error::Io`]; [`BundleError::NotWhatWasWritten`].
pub fn copies(
    role: Role,
    packages: &mut [Package],
    meter: &Meter,
    write: impl FnOnce(&Path) -> Result<(Staged, Sha256), Error>,
) -> Result<Vec<Staged>, Error> {
    let mut packages = packages.iter_mut().filter(|package| package.role == role);
    let Some(first) = packages.next() else { return Ok(Vec::new()) };
    let (mut original, sha256) = write(&first.path)?;
    let size = original.file().metadata().at("read back", &first.path)?.len();
    (first.size, first.sha256) = (Some(size), Some(sha256));
    let mut copies = Vec::new();
    for package in packages {
        // The kernel copies; it does not say how far it is.
        meter.begin("Copying", package.path.display().to_string(), None);
        copies.push(copy(&mut original, sha256, &package.path, meter)?);
        (package.size, package.sha256) = (Some(size), Some(sha256));
    }
    copies.insert(0, original);
    Ok(copies)
}

fn copy(from: &mut Staged, sha256: Sha256, to: &Path, meter: &Meter) -> Result<Staged, Error> {
    let mut copy = Staged::new(to)?;
    from.file().rewind().at("read back", to)?;
    io::copy(from.file(), copy.file()).at("write", to)?;
    read_back(&mut copy, sha256, to, meter)?;
    Ok(copy)
}

/// The file that was written for `path` has that digest.
///
/// # Errors
/// [`Error::Io`], [`BundleError::NotWhatWasWritten`].
pub fn read_back(
    staged: &mut Staged,
    sha256: Sha256,
    path: &Path,
    meter: &Meter,
) -> Result<(), Error> {
    let size = staged.file().metadata().at("read back", path)?.len();
    meter.begin("Checking", "what was written", Some(size));
    staged.file().rewind().at("read back", path)?;
    match Sha256::of_reader(meter.counting(staged.file())).at("read back", path)? {
        found if found == sha256 => Ok(()),
        _ => Err(BundleError::NotWhatWasWritten { path: path.to_owned() }.into()),
    }
}

/// A small file for `path`.
///
/// # Errors
/// [`Error::Io`].
pub fn text(path: &Path, bytes: &[u8]) -> Result<Staged, Error> {
    let mut staged = Staged::new(path)?;
    staged.file().write_all(bytes).at("write", path)?;
    Ok(staged)
}
