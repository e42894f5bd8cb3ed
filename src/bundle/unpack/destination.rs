//! The folder that a bundle is unpacked into, and what lies there already.
//!
//! In: the folder's path and names below it. Out: files that wait in its file system, and their
//! places. Folders are opened one by one and never through a link, so that nothing that anybody has
//! put there leads out of it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::Verified;
use crate::digest::Sha256;
use crate::error::{BundleError, Error, IoContext};
use crate::staged::{Draft, folder_of, open_folder};

/// The bit of a file's mode.
const OWNER_EXECUTES: u32 = 0o100;

/// A folder, whether it is there or not yet.
#[derive(Debug)]
pub struct Destination {
    /// What it is called.
    path: PathBuf,
    /// The folder nearest to it that is there, maybe itself.
    anchor: OwnedFd,
    /// What is missing from there to it.
    missing: Vec<OsString>,
}

/// What lies where a file shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// Nothing.
    Nothing,
    /// A file with the same bytes.
    Same,
    /// One with the same bytes that its owner cannot execute as they should.
    NotExecutable,
    /// Another file, a link, a pipe.
    Other,
}

impl Destination {
    /// The folder at `path`.
    ///
    /// # Errors
    /// [`Error::Io`]; [`BundleError::NotAFolder`].
    pub fn new(path: &Path) -> Result<Self, Error> {
        let (mut there, mut missing) = (path, Vec::new());
        loop {
            match (fs::metadata(there), there.components().next_back()) {
                (Ok(it), _) if !it.is_dir() => {
                    return Err(BundleError::NotAFolder { path: there.to_owned() }.into());
                }
                (Err(error), Some(last @ (Component::Normal(_) | Component::ParentDir)))
                    if error.kind() == ErrorKind::NotFound =>
                {
                    missing.insert(0, last.as_os_str().to_owned());
                    there = folder_of(there);
                }
                (found, _) => {
                    let anchor = found.and_then(|_| open_folder(there)).at("open", there)?;
                    return Ok(Self { path: path.to_owned(), anchor, missing });
                }
            }
        }
    }

    /// What the file `name`, with `/` between its parts, is called.
    pub fn shown(&self, name: &str) -> PathBuf {
        self.path.strip_prefix(".").unwrap_or(&self.path).join(name)
    }

    /// Opens a file that shall be `name` later.
    ///
    /// # Errors
    /// [`Error::Io`]; [`BundleError::NotAFolder`].
    pub fn draft(&self, name: &str, mode: u32) -> Result<Draft, Error> {
        let (nearest, _) = self.walk(name, false)?;
        Draft::new(&nearest, mode).at("write in", folder_of(&self.shown(name)))
    }

    /// What lies at `name`, where the file shall be.
    ///
    /// # Errors
    /// [`Error::Io`], also for a folder, which no file can replace; [`BundleError::NotAFolder`].
    pub fn there(&self, file: &Verified) -> Result<There, Error> {
        let Verified { name, size, digest, mode, .. } = file;
        let shown = self.shown(name);
        let (folder, is_there) = self.walk(name, false)?;
        if !is_there {
            return Ok(There::Nothing);
        }
        let found = rustix::fs::statat(&folder, file_name(name), AtFlags::SYMLINK_NOFOLLOW);
        let kind = match found {
            Err(Errno::NOENT) => return Ok(There::Nothing),
            found => found.map_err(io::Error::from).map(|it| FileType::from_raw_mode(it.st_mode)),
        };
        match kind.at("read", &shown)? {
            FileType::RegularFile => {}
            FileType::Directory => return Err(ErrorKind::IsADirectory.into()).at("write", &shown),
            _ => return Ok(There::Other),
        }
        let flags = OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let open = rustix::fs::openat(&folder, file_name(name), flags, Mode::empty());
        let file = open.map(File::from).map_err(io::Error::from).at("read", &shown)?;
        let found = file.metadata().at("read", &shown)?;
        let is_same =
            found.len() == *size && Sha256::of_reader(file).at("read", &shown)? == *digest;
        Ok(match is_same {
            true if mode & !found.mode() & OWNER_EXECUTES != 0 => There::NotExecutable,
            true => There::Same,
            false => There::Other,
        })
    }

    /// Lets the file appear as `name`, with the folders above it.
    ///
    /// # Errors
    /// [`Error::Io`]; [`BundleError::NotAFolder`].
    pub fn publish(&self, draft: Draft, name: &str) -> Result<(), Error> {
        let (folder, _) = self.walk(name, true)?;
        draft.publish(folder.as_fd(), file_name(name)).at("write", self.shown(name))
    }

    /// Opens the folder of `name`, or the nearest one above it that is there; whether it is the one.
    fn walk(&self, name: &str, makes: bool) -> Result<(OwnedFd, bool), Error> {
        let mut folder = self.anchor.try_clone().at("open", &self.path)?;
        let mut at = self.path.clone();
        let below: Vec<&OsStr> = Path::new(name).parent().into_iter().flatten().collect();
        for (index, part) in self.missing.iter().map(OsString::as_os_str).chain(below).enumerate() {
            if index >= self.missing.len() {
                at.push(part);
            }
            if makes {
                make_folder(&folder, part).at("make", &at)?;
            }
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            folder = match rustix::fs::openat(&folder, part, flags, Mode::empty()) {
                Err(Errno::NOENT) => return Ok((folder, false)),
                Err(Errno::NOTDIR | Errno::LOOP) => {
                    return Err(BundleError::NotAFolder { path: at }.into());
                }
                opened => opened.map_err(io::Error::from).at("open", &at)?,
            };
        }
        Ok((folder, true))
    }
}

fn make_folder(within: &OwnedFd, name: &OsStr) -> io::Result<()> {
    match rustix::fs::mkdirat(within, name, Mode::from_raw_mode(0o777)) {
        Err(Errno::EXIST) => Ok(()),
        made => Ok(made?),
    }
}

fn file_name(name: &str) -> &OsStr {
    Path::new(name).file_name().unwrap_or_default()
}
