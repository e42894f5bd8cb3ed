//! Writing a fetched manifest and its lock.
//!
//! In: a [`Locked`] manifest and the path the manifest shall have. Out: both files, each whole. A manifest
//! that somebody edited, or that rampkit did not fetch, is not written over unless that is wanted.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::{Lock, Locked};
use crate::error::{Error, IoContext};
use crate::staged::Staged;

/// What to do with a manifest that is somebody's own work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Leave it, and fail.
    Refuse,
    /// Replace it.
    Force,
}

impl Locked {
    /// Writes the manifest to `output`, and its lock beside it.
    ///
    /// # Errors
    /// [`Error::WouldOverwrite`], [`Error::BadText`] for a lock that is none, [`Error::Io`]. Both files
    /// are then as they were, unless the system gave room for both and then refused a name to one.
    pub fn save(&self, output: &Path, overwrite: Overwrite) -> Result<(), Error> {
        let lock = Lock::beside(output);
        if output.extension().is_some_and(|extension| extension == "lock") {
            let name = output.display();
            return Err(Error::Usage(format!("{name} is the name of a lock, not of a manifest")));
        }
        let mut manifest = Staged::new(output)?;
        if overwrite == Overwrite::Refuse {
            self.check(output, &lock)?;
        }
        manifest.file().write_all(&self.contents).at("write", output)?;
        let mut staged_lock = Staged::new(&lock)?;
        staged_lock.file().write_all(self.lock.to_yaml().as_bytes()).at("write", &lock)?;
        // A manifest with an older lock is asked about; a lock with an older manifest would lie.
        manifest.publish()?;
        staged_lock.publish()
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
