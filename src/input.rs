//! Opening a file that somebody names.
//!
//! In: a path. Out: a regular file, open for reading, or the error that says what is there instead.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

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

/// Opens the regular file at `path`, or nothing: no link, and no pipe that nobody writes to. A file
/// that is made is one for all to read.
///
/// # Errors
/// Those of the system.
pub fn open_regular(path: &Path, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::from_raw_mode(0o644))?);
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::other("not a file")),
    }
}
