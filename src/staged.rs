//! Files that appear whole or not at all.
//!
//! In: the path a file shall have. Out: a handle to write and re-read it by, and one step that makes
//! it appear under its name. Until that step the file has no name where the file system allows it
//! (`O_TMPFILE`), so that not even SIGKILL leaves anything behind; elsewhere it has a temporary name
//! beside the target and is removed by [`Drop`].

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;
use tempfile::TempPath;

use crate::error::{Error, IoContext};

/// A file that is being written and is not yet visible under its name.
pub struct Staged {
    target: PathBuf,
    file: File,
    name: Option<TempPath>,
}

impl Staged {
    /// Opens a file for `target`, in the folder of `target`.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder does not exist or cannot be written to.
    pub fn new(target: &Path) -> Result<Self, Error> {
        let target = &through_links(target);
        let folder = folder_of(target);
        match fs::metadata(target) {
            Ok(there) if there.is_dir() => {
                return Err(Error::IsAFolder { path: target.to_owned() });
            }
            Ok(there) if !there.is_file() => {
                return Err(Error::NotAFile { path: target.to_owned() });
            }
            _ => {}
        }
        let (file, name) = match unnamed(folder).at("write in", folder)? {
            Some(file) => (file, None),
            None => named(folder).at("write in", folder)?,
        };
        Ok(Self { target: target.to_owned(), file, name })
    }

    /// The file, for writing and for re-reading.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Makes the file appear under its name, in place of what had that name before.
    ///
    /// # Errors
    /// [`Error::Io`]; what had the name before is then still there.
    pub fn publish(self) -> Result<(), Error> {
        let Self { target, file, name } = self;
        file.sync_all().at("write", &target)?;
        match name {
            Some(name) => name.persist(&target).map_err(|failed| failed.error),
            None => link(&file, &target),
        }
        .at("write", &target)
    }
}

/// Whether two paths lead to the same file, be it there or not yet.
pub fn is_same(a: &Path, b: &Path) -> bool {
    let file = |path: &Path| fs::metadata(path).map(|file| (file.dev(), file.ino())).ok();
    let place =
        |path: &Path| Some((folder_of(path).canonicalize().ok()?, path.file_name()?.to_owned()));
    match (file(a), file(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a == b || place(a).is_some_and(|a| place(b) == Some(a)),
        _ => false,
    }
}

/// The file a link leads to, which is then replaced and not the link; any other path as it is.
fn through_links(target: &Path) -> PathBuf {
    match target.is_symlink() {
        true => fs::canonicalize(target).unwrap_or_else(|_| target.to_owned()),
        false => target.to_owned(),
    }
}

/// The folder a file lies in: never the empty path.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file without a name, where the file system has such files and `/proc` can name it later.
fn unnamed(folder: &Path) -> io::Result<Option<File>> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::open(folder, flags, Mode::from_raw_mode(0o666)) {
        Ok(file) => Ok(Path::new("/proc/self/fd").is_dir().then(|| File::from(file))),
        Err(Errno::OPNOTSUPP | Errno::ISDIR) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn named(folder: &Path) -> io::Result<(File, Option<TempPath>)> {
    let (file, name) = tempfile::Builder::new()
        .prefix(".rampkit-")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?
        .into_parts();
    Ok((file, Some(name)))
}

/// Gives an unnamed file its name. `linkat` never replaces, so an existing target is replaced by a
/// rename from a name beside it.
fn link(file: &File, target: &Path) -> io::Result<()> {
    let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
    let link_as =
        |name: &Path| rustix::fs::linkat(CWD, unnamed.as_str(), CWD, name, AtFlags::SYMLINK_FOLLOW);
    match link_as(target) {
        Err(Errno::EXIST) => {}
        linked => return Ok(linked?),
    }
    let beside = tempfile::Builder::new()
        .prefix(".rampkit-")
        .make_in(folder_of(target), |name| Ok(link_as(name)?))?;
    beside.into_temp_path().persist(target).map_err(|failed| failed.error)
}
