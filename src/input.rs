//! Opening a file that somebody names.
//!
//! In: a path. Out: a regular file, open for reading, or the error that says what is there instead.

use std::fs::{self, File};
use std::path::Path;

use crate::error::{Error, IoContext};

/// Opens the file at `path`.
///
/// # Errors
/// [`Error::Io`], [`Error::IsAFolder`], [`Error::NotAFile`].
pub fn open(path: &Path) -> Result<File, Error> {
    // Opening a pipe would wait for its other end.
    match fs::metadata(path).at("read", path)? {
        there if there.is_dir() => Err(Error::IsAFolder { path: path.to_owned() }),
        there if !there.is_file() => Err(Error::NotAFile { path: path.to_owned() }),
        _ => File::open(path).at("read", path),
    }
}
