//! A cache of files by their digest, in a folder that several runs use at once.
//!
//! In: a digest. Out: an open file whose bytes have it, or one to write them to. Nothing in the
//! folder is trusted: a file is held against its digest at each use, and read from the handle that was
//! verified. Without a folder, or where it cannot be written to, files are temporary. It never
//! waits for another run, and nothing is removed: who needs the room may remove the folder.

use std::env;
use std::fs::{self, File};
use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
use std::io::{self, Seek as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags};

use crate::digest::Sha256;
use crate::error::{Error, IoContext};
use crate::input;

/// A folder of verified files.
#[derive(Debug)]
pub struct Cache {
    folder: Option<PathBuf>,
}

/// What the cache has under a digest.
#[derive(Debug)]
pub enum Found {
    /// The file, from its first byte.
    Intact(File),
    /// Something else, at this path.
    Damaged(PathBuf),
    /// Nothing.
    Nothing,
}

/// A file that is on its way into the cache. It may hold the beginning already.
#[derive(Debug)]
pub struct Arriving {
    /// To write to; nobody else does.
    pub file: File,
    /// Its name now, and when it is whole.
    names: Option<(PathBuf, PathBuf)>,
}

impl Cache {
    /// That of the user.
    pub fn of_user() -> Self {
        Self { folder: Self::folder_of_user() }
    }

    /// Where it is: `$RAMPKIT_CACHE`, else `rampkit` where caches are.
    pub fn folder_of_user() -> Option<PathBuf> {
        let named = |name| env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
        let own = || named("XDG_CACHE_HOME").filter(|folder| folder.is_absolute());
        let usual = || Some(named("HOME")?.join(".cache"));
        let caches = || Some(own().or_else(usual)?.join("rampkit"));
        named("RAMPKIT_CACHE").or_else(caches)
    }

    /// Looks for a file.
    pub fn find(&self, sha256: Sha256) -> Found {
        let Some((_, path)) = self.names(sha256) else { return Found::Nothing };
        let mut file = match input::open_regular(&path, OFlags::RDONLY) {
            Ok(file) => file,
            // Not there, or not for us; anything else is in the way.
            Err(error) if matches!(error.kind(), NotFound | PermissionDenied | NotADirectory) => {
                return Found::Nothing;
            }
            Err(_) => return Found::Damaged(path),
        };
        match Sha256::of_reader(&file).and_then(|found| file.rewind().map(|()| found)) {
            Ok(found) if found == sha256 => Found::Intact(file),
            _ => Found::Damaged(path),
        }
    }

    /// A file for what shall be found under that digest.
    ///
    /// # Errors
    /// [`Error::Io`], where not even a temporary file can be made.
    pub fn begin(&self, sha256: Sha256) -> Result<Arriving, Error> {
        if let Some((partial, whole)) = self.names(sha256)
            && let Ok(file) = lock(&partial)
        {
            return Ok(Arriving { file, names: Some((partial, whole)) });
        }
        let file = tempfile::tempfile().at("write in", env::temp_dir())?;
        Ok(Arriving { file, names: None })
    }

    fn names(&self, sha256: Sha256) -> Option<(PathBuf, PathBuf)> {
        let folder = self.folder.as_ref()?;
        let file = sha256.to_string();
        Some((folder.join("partial").join(&file), folder.join("sha256").join(&file)))
    }
}

impl Arriving {
    /// What was written is whole and verified: it can be found from now on. Where the cache does not
    /// take it the file is as good.
    pub fn keep(mut self) -> io::Result<File> {
        if let Some((partial, whole)) = self.names.take() {
            let folder = whole.parent().unwrap_or(&whole);
            let _ = fs::create_dir_all(folder).and_then(|()| fs::rename(partial, &whole));
        }
        self.file.rewind()?;
        self.file.try_clone()
    }
}

/// What has arrived stays for the next time, if anything has.
impl Drop for Arriving {
    fn drop(&mut self) {
        if let Some((partial, _)) = &self.names
            && self.file.metadata().is_ok_and(|file| file.len() == 0)
        {
            let _ = fs::remove_file(partial);
        }
    }
}

/// A file of that name for ourselves.
fn lock(path: &Path) -> io::Result<File> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    let file = input::open_regular(path, OFlags::RDWR | OFlags::CREATE)?;
    rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    // Until the lock was ours another run may have given the file its final name.
    let (ours, named) = (file.metadata()?, fs::symlink_metadata(path)?);
    match (ours.dev(), ours.ino()) == (named.dev(), named.ino()) {
        true => Ok(file),
        false => Err(io::Error::other("it was given away")),
    }
}
