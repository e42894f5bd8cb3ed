//! Files that appear whole or not at all.
//!
//! In: the path a file shall have. Out: a handle to write and re-read it by, and one step that makes
//! it appear under its name. Until that step the file has no name where the file system allows it
//! (`O_TMPFILE`), so that not even SIGKILL leaves anything behind; elsewhere it has a temporary name
//! beside the target, which goes with us as far as [`scratch`](crate::scratch) can see to it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd as _, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::error::{Error, IoContext};
use crate::scratch::{self, Going};

/// A file that is being written and is not yet visible under its name.
pub struct Staged {
    target: PathBuf,
    folder: OwnedFd,
    draft: Draft,
}

impl Staged {
    /// Opens a file for `target`, in the folder of `target`.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder does not exist or cannot be written to.
    pub fn new(target: &Path) -> Result<Self, Error> {
        let target = &through_links(target);
        let at = folder_of(target);
        let folder = open_folder(at).at("write in", at)?;
        check_place(&folder, target)?;
        let draft = Draft::new(&folder, 0o666).at("write in", at)?;
        Ok(Self { target: target.to_owned(), folder, draft })
    }

    /// The file, for writing and for re-reading.
    pub fn file(&mut self) -> &mut File {
        &mut self.draft.file
    }

    /// Makes the file appear under its name, in place of what had that name before.
    ///
    /// # Errors
    /// [`Error::Io`]; what had the name before is then still there.
    pub fn publish(self) -> Result<(), Error> {
        self.draft.publish(self.folder.as_fd(), name_of(&self.target)).at("write", &self.target)
    }

    /// All that can be known before its turn of whether the file could appear: it is on the disk, its
    /// folder can still be written to, and no folder has come to stand in its place.
    fn prepare(&self) -> Result<(), Error> {
        self.draft.file.sync_all().at("write", &self.target)?;
        let access = Access::WRITE_OK | Access::EXEC_OK;
        rustix::fs::accessat(&self.folder, ".", access, AtFlags::EACCESS)
            .map_err(io::Error::from)
            .at("write in", folder_of(&self.target))?;
        check_place(&self.folder, &self.target)
    }
}

/// Makes files appear, one after the other: no system makes several appear at once. So whatever can be
/// found before is found before the first appears, each is on the disk by then, and a signal waits.
///
/// # Errors
/// Those of [`Staged::publish`], before the first; [`Error::NotAll`] with those that have appeared.
pub fn publish(files: impl IntoIterator<Item = Staged>) -> Result<(), Error> {
    let files: Vec<Staged> = files.into_iter().collect();
    files.iter().try_for_each(Staged::prepare)?;
    let _whole = scratch::whole();
    let mut there = Vec::new();
    for file in files {
        let target = file.target.clone();
        match file.publish() {
            Ok(()) => there.push(target),
            Err(error) if there.is_empty() => return Err(error),
            Err(error) => return Err(Error::NotAll { there, source: Box::new(error) }),
        }
    }
    Ok(())
}

/// A file can have that place in its folder: nothing stands there but a file, and its name is not too
/// long.
fn check_place(folder: &OwnedFd, target: &Path) -> Result<(), Error> {
    let path = target.to_owned();
    match rustix::fs::statat(folder, name_of(target), AtFlags::empty()) {
        Ok(there) => match FileType::from_raw_mode(there.st_mode) {
            FileType::RegularFile => Ok(()),
            FileType::Directory => Err(Error::IsAFolder { path }),
            _ => Err(Error::NotAFile { path }),
        },
        Err(error @ Errno::NAMETOOLONG) => Err(io::Error::from(error)).at("write", path),
        Err(_) => Ok(()),
    }
}

/// A file that is being written, and of which only its file system is certain.
#[derive(Debug)]
pub struct Draft {
    file: File,
    /// Where the file system has no files without a name.
    name: Option<Temporary>,
}

impl Draft {
    /// Opens a file in the file system of `folder`, with a mode from which the umask is taken.
    ///
    /// # Errors
    /// Those of the system.
    pub fn new(folder: &OwnedFd, mode: u32) -> io::Result<Self> {
        let mode = Mode::from_raw_mode(mode);
        if let Some(file) = unnamed(folder, mode)? {
            return Ok(Self { file, name: None });
        }
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC;
        let open = |name: &str| rustix::fs::openat(folder, name, flags, mode);
        let (file, name) = Temporary::make(folder.as_fd(), open)?;
        Ok(Self { file: file.into(), name: Some(name) })
    }

    /// The file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Makes the file appear in `folder`, of the same file system, in place of what has its name
    /// there; of a link the link itself.
    ///
    /// # Errors
    /// Those of the system; what had the name before is then still there.
    pub fn publish(self, folder: BorrowedFd, name: &OsStr) -> io::Result<()> {
        self.file.sync_all()?;
        match self.name {
            Some(temporary) => temporary.rename(folder, name),
            None => link(&self.file, folder, name),
        }
    }
}

/// A name of a file that has no other; given up, the file is gone.
#[derive(Debug)]
struct Temporary {
    folder: OwnedFd,
    name: String,
    _going: Going,
}

impl Temporary {
    /// Lets `make` have names until one is free.
    fn make<T>(
        folder: BorrowedFd,
        make: impl Fn(&str) -> Result<T, Errno>,
    ) -> io::Result<(T, Self)> {
        loop {
            let name = format!(".rampkit-{:016x}", RandomState::new().hash_one(()));
            let ours = (folder.try_clone_to_owned()?, name.clone());
            let folder = folder.try_clone_to_owned()?;
            match scratch::going(|| Ok((make(&name)?, move || unlink(&ours.0, &ours.1)))) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => return made.map(|(made, _going)| (made, Self { folder, name, _going })),
            }
        }
    }

    fn rename(self, folder: BorrowedFd, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.folder, &self.name, folder, name)?)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        unlink(&self.folder, &self.name);
    }
}

fn unlink(folder: &OwnedFd, name: &str) {
    let _ = rustix::fs::unlinkat(folder, name, AtFlags::empty());
}

/// Opens a folder to name files in it.
///
/// # Errors
/// Those of the system.
pub fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?)
}

/// What tells a file from all others, be it there or not yet, whatever path leads to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// It is there: its device and its inode.
    There(u64, u64),
    /// It is not, and its folder is.
    In(PathBuf, OsString),
    /// Neither is.
    Nowhere(PathBuf),
}

impl Identity {
    /// That of the file at `path`.
    pub fn of(path: &Path) -> Self {
        if let Ok(file) = fs::metadata(path) {
            return Self::There(file.dev(), file.ino());
        }
        match (folder_of(path).canonicalize(), path.file_name()) {
            (Ok(folder), Some(name)) => Self::In(folder, name.to_owned()),
            _ => Self::Nowhere(path.to_owned()),
        }
    }
}

/// Whether two paths lead to the same file, be it there or not yet.
pub fn is_same(a: &Path, b: &Path) -> bool {
    Identity::of(a) == Identity::of(b)
}

/// The file a link leads to, which is then replaced and not the link; any other path as it is.
fn through_links(target: &Path) -> PathBuf {
    match target.is_symlink() {
        true => fs::canonicalize(target).unwrap_or_else(|_| target.to_owned()),
        false => target.to_owned(),
    }
}

/// What a file is called in its folder; `.` for what is no more than a folder.
fn name_of(path: &Path) -> &OsStr {
    path.file_name().unwrap_or(OsStr::new("."))
}

/// The folder a file lies in: never the empty path.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file without a name, where the file system has such files and `/proc` can name it later.
fn unnamed(folder: &OwnedFd, mode: Mode) -> io::Result<Option<File>> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::openat(folder, ".", flags, mode) {
        Ok(file) => Ok(Path::new("/proc/self/fd").is_dir().then(|| File::from(file))),
        Err(Errno::OPNOTSUPP | Errno::ISDIR) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Gives an unnamed file its name. `linkat` never replaces, so what is there is replaced by a rename
/// from a name beside it; SIGKILL in the moment between the two leaves the whole file there.
fn link(file: &File, folder: BorrowedFd, name: &OsStr) -> io::Result<()> {
    let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
    let link_as = |name: &OsStr| {
        rustix::fs::linkat(CWD, unnamed.as_str(), folder, name, AtFlags::SYMLINK_FOLLOW)
    };
    match link_as(name) {
        Err(Errno::EXIST) => {}
        linked => return Ok(linked?),
    }
    let ((), beside) = Temporary::make(folder, |name| link_as(name.as_ref()))?;
    beside.rename(folder, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(folder: &Path, names: [&str; 3]) -> [Staged; 3] {
        names.map(|name| Staged::new(&folder.join(name)).unwrap())
    }

    #[test]
    fn what_can_be_found_before_is_found_before_the_first_appears() {
        let folder = tempfile::tempdir().unwrap();
        let files = stage(folder.path(), ["a", "b", "c"]);
        fs::create_dir(folder.path().join("c")).unwrap();
        assert!(matches!(publish(files), Err(Error::IsAFolder { path }) if path.ends_with("c")));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(Staged::new(&folder.path().join("n".repeat(300))).is_err());
    }

    #[test]
    fn an_error_names_the_files_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("d")).unwrap();
        let files = stage(folder.path(), ["a", "d/b", "c"]);
        // Nobody can tell from the folder that it has no place any more.
        fs::remove_dir(folder.path().join("d")).unwrap();
        let error = publish(files).unwrap_err();
        assert_eq!(error.exit_code(), 3);
        let Error::NotAll { there, source } = error else { panic!("{error}") };
        assert_eq!(there, [folder.path().join("a")]);
        assert!(matches!(*source, Error::Io { path, .. } if path.ends_with("d/b")));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
