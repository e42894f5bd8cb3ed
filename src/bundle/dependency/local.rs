//! Files of this machine as dependencies.

use std::fs::File;
use std::path::Path;

use crate::archive::tgz;
use crate::bundle::Request;
use crate::digest::Sha256;
use crate::error::{DependencyError, Error, IoContext};
use crate::input;
use crate::tree::Tree;

/// An open file and its digest.
pub struct Verified {
    pub file: File,
    pub sha256: Sha256,
}

/// A .tgz of the file or folder at `path`.
///
/// # Errors
/// Those of [`Tree::of`] and of writing a temporary file.
pub fn archive(path: &Path, request: &Request) -> Result<Verified, Error> {
    let tree = Tree::of(path)?;
    let place = tempfile::env::temp_dir();
    let file = tempfile::tempfile().at("write in", &place)?;
    request.meter.begin("Archiving", path.display().to_string(), Some(tree.size()?));
    let sha256 = tgz::write(&tree, &request.settings, &request.meter, &file, &place)?;
    Ok(Verified { file, sha256 })
}

/// The file at `path` as it is, a folder as a .tgz; it must have the digest, if one is known.
///
/// # Errors
/// [`DependencyError::WrongDigest`]; [`Error::NotAFile`], [`Error::Io`], and those of [`archive`].
pub fn given(path: &Path, expected: Option<Sha256>, request: &Request) -> Result<Verified, Error> {
    let verified = match path.is_dir() {
        true => archive(path, request)?,
        false => {
            let file = input::open(path)?;
            let sha256 = Sha256::of_reader(&file).at("read", path)?;
            Verified { file, sha256 }
        }
    };
    match expected.filter(|expected| *expected != verified.sha256) {
        None => Ok(verified),
        Some(expected) => Err(DependencyError::WrongDigest {
            place: path.display().to_string(),
            expected,
            found: verified.sha256,
            size: verified.file.metadata().at("read", path)?.len(),
            is_page: false,
        }
        .into()),
    }
}
