//! What can stop the system, in words.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use super::Error;

/// Says what was tried on which path, for the errors of `std::io`.
pub trait IoContext<T> {
    /// Turns an I/O error into [`Error::Io`].
    ///
    /// # Errors
    /// [`Error::Io`], where `self` is an error.
    fn at(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, Error>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn at(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, Error> {
        self.map_err(|source| Error::Io { action, path: path.into(), source })
    }
}

/// What to do about it.
pub(super) fn io_hint(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "check the spelling; a folder must be there already",
        ErrorKind::PermissionDenied => "check its owner and mode, and those of its folder",
        ErrorKind::ReadOnlyFilesystem => "choose a writable place",
        ErrorKind::FileTooLarge => "files may not be so long here: see ulimit -f",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room, or choose another place",
        _ => return None,
    })
}
