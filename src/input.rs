//! Opening and reading what somebody names.
//!
//! In: a path. Out: a regular file, open for reading, or the error that says what is there instead;
//! the text in it.

use std::fs::{self, File};
use std::io::{self, Read};
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

/// The most bytes that a person writes into a file.
const LONGEST: u64 = 8 << 20;

/// The text that `from` gives, without the mark that some editors put before it; messages call it
/// `path`.
///
/// # Errors
/// [`Error::Io`], [`Error::NotText`], [`Error::BadText`] for what does not end.
pub fn text(from: impl Read, path: &Path) -> Result<String, Error> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut bytes).at("read", path)?;
    if bytes.len() as u64 > LONGEST {
        let what = format!("it has more than {} MB", LONGEST >> 20);
        return Err(Error::BadText { path: path.to_owned(), what, location: None });
    }
    let mut text = String::from_utf8(bytes).map_err(|error| Error::NotText {
        path: path.to_owned(),
        offset: error.utf8_error().valid_up_to(),
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
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
