//! Writing fetched manifests and their locks.
//!
//! In: [`Locked`] manifests, each with the path it shall have. Out: the files, each whole, and all of
//! them or none. A manifest that somebody edited, or that rampkit did not fetch, is not written over
//! unless that is wanted.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Lock, Locked};
use crate::error::{Error, IoContext};
use crate::staged::{self, Staged, folder_of};

/// How manifests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// What to do with what is somebody's own work.
    pub overwrite: Overwrite,
    /// What becomes of the locks beside them.
    pub locks: Locks,
    /// What to do where there is no folder for one.
    pub folders: Folders,
}

/// What to do with a manifest that is somebody's own work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Leave it, and fail.
    Refuse,
    /// Replace it.
    Force,
}

/// What becomes of the lock beside a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locks {
    /// It is written.
    Written,
    /// It stays as it is.
    Kept,
}

/// What to do where there is no folder for a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folders {
    /// Fail.
    Asked,
    /// Make it.
    Made,
}

/// Writes each manifest to its path, and its lock beside it.
///
/// # Errors
/// [`Error::WouldOverwrite`], [`Error::BadText`] for a lock that is none, [`Error::Usage`] for the name
/// of a lock, [`Error::Io`]: all files are then as they were, and no folder is made.
/// [`Error::NotAll`] where the system gave room for all and then refused a name to one.
pub fn save(files: &[(&Path, &Locked)], manner: Manner) -> Result<(), Error> {
    let mut made = MadeFolders::default();
    let mut staged = Vec::new();
    for (output, manifest) in files {
        if manner.folders == Folders::Made {
            made.make(folder_of(output))?;
        }
        staged.extend(manifest.staged(output, manner)?);
    }
    staged::publish(staged)?;
    made.keep();
    Ok(())
}

/// A manifest can have this name.
///
/// # Errors
/// [`Error::Usage`] for that of a lock, [`Error::IsAFolder`] where it has none, as `..`.
pub fn check_name(output: &Path) -> Result<(), Error> {
    if output.file_name().is_none() {
        return Err(Error::IsAFolder { path: output.to_owned() });
    }
    match output.extension().is_some_and(|extension| extension == "lock") {
        false => Ok(()),
        true => {
            let name = output.display();
            Err(Error::Usage(format!("{name} is the name of a lock, not of a manifest")))
        }
    }
}

impl Locked {
    /// The files that it becomes.
    fn staged(&self, output: &Path, manner: Manner) -> Result<Vec<Staged>, Error> {
        check_name(output)?;
        let lock = Lock::beside(output);
        let manifest = Staged::new(output)?;
        if manner.overwrite == Overwrite::Refuse {
            self.check(output, &lock)?;
        }
        let mut files = vec![written(manifest, &self.contents, output)?];
        // A manifest with an older lock is asked about; a lock with an older manifest would lie.
        if manner.locks == Locks::Written {
            files.push(written(Staged::new(&lock)?, self.lock.to_yaml().as_bytes(), &lock)?);
        }
        Ok(files)
    }

    fn check(&self, output: &Path, lock: &Path) -> Result<(), Error> {
        let locked = Lock::read(lock)?;
        let there = match fs::read(output) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            read => read.at("read", output)?,
        };
        let why = match locked {
            _ if there == self.contents => return Ok(()),
            Some(locked) if locked.describes(&there) => return Ok(()),
            Some(_) => format!("it is not as {} says, so it was edited by hand", lock.display()),
            None => format!("there is no {} that says it was fetched", lock.display()),
        };
        Err(Error::WouldOverwrite { path: output.to_owned(), why })
    }
}

fn written(mut file: Staged, bytes: &[u8], path: &Path) -> Result<Staged, Error> {
    file.file().write_all(bytes).at("write", path)?;
    Ok(file)
}

/// Folders that were not there before; given up, they go again where nothing lies in them.
#[derive(Default)]
struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes a folder and those above it where they are not there.
    fn make(&mut self, folder: &Path) -> Result<(), Error> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|it| is_missing(it)).collect();
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                // Another run was faster.
                Err(_) if folder.is_dir() => {}
                made => {
                    made.at("make", folder)?;
                    self.0.push(folder.to_owned());
                }
            }
        }
        Ok(())
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        self.0.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
}

fn is_missing(path: &Path) -> bool {
    !path.as_os_str().is_empty() && !path.exists()
}
