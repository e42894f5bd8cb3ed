//! Temporary files and folders that go when we go.
//!
//! Out: a folder of our own that nobody else can enter, and [`going`] for whatever else has a name that
//! nobody asked for. It is removed when its value is dropped, and also when a person or a system asks us
//! to end (SIGINT, SIGTERM): only SIGKILL leaves it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use tempfile::TempDir;

use crate::error::{Error, IoContext};

/// A temporary folder.
pub struct Scratch {
    folder: TempDir,
    // Dropped after the folder.
    _going: Going,
}

impl Scratch {
    /// Makes one where temporary files belong.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn new() -> Result<Self, Error> {
        let place = tempfile::env::temp_dir();
        Self::made(&place, tempfile::Builder::new().prefix("rampkit-"))
    }

    /// Makes one for all to read, in which something waits until it can be moved within `place`.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn within(place: &Path) -> Result<Self, Error> {
        let for_all = fs::Permissions::from_mode(0o777);
        Self::made(place, tempfile::Builder::new().prefix(".rampkit-").permissions(for_all))
    }

    fn made(place: &Path, builder: &tempfile::Builder) -> Result<Self, Error> {
        let made = going(|| {
            let folder = builder.tempdir_in(place)?;
            let path = folder.path().to_owned();
            Ok((folder, move || remove(&path)))
        });
        let (folder, _going) = made.at("make a folder in", place)?;
        Ok(Self { folder, _going })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// As long as this lives, a signal that ends us removes something before.
#[derive(Debug)]
pub struct Going(usize);

type Removal = Box<dyn Fn() + Send>;

/// What `make` makes, and will be removed as it says if a signal ends us.
///
/// # Errors
/// Those of `make`.
pub fn going<T, R: Fn() + Send + 'static>(
    make: impl FnOnce() -> io::Result<(T, R)>,
) -> io::Result<(T, Going)> {
    static WATCH: Once = Once::new();
    WATCH.call_once(watch);
    // No signal is heard between making it and knowing of it.
    let mut present = present();
    let (made, removal) = make()?;
    let number = present.last_key_value().map_or(0, |(last, _)| last + 1);
    present.insert(number, Box::new(removal));
    Ok((made, Going(number)))
}

/// Does what no signal may disturb, as to give a [`Scratch`] the name under which it stays: what it held
/// would be removed under that name. Where we are ending already, it is not done. Nothing may be made or
/// given up meanwhile.
pub fn undisturbed<T>(act: impl FnOnce() -> T) -> T {
    let _present = present();
    act()
}

impl Drop for Going {
    fn drop(&mut self) {
        present().remove(&self.0);
    }
}

static PRESENT: Mutex<BTreeMap<usize, Removal>> = Mutex::new(BTreeMap::new());

/// How to remove what there is now.
fn present() -> MutexGuard<'static, BTreeMap<usize, Removal>> {
    PRESENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is there before a signal ends us as it would have without us. Where signals cannot
/// be watched, they end us at once.
fn watch() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            // Nothing more is made until we have ended.
            let present = present();
            present.values().for_each(|remove| remove());
            let _ = emulate_default_handler(signal);
        }
    });
}

/// Somebody may still be writing into it: what is made anew is removed again.
fn remove(folder: &Path) {
    const TRIES: usize = 1000;
    let _ = (0..TRIES).find(|_| fs::remove_dir_all(folder).is_ok() || !folder.exists());
}

#[cfg(test)]
mod tests {
    use std::sync::TryLockError;

    use super::*;

    #[test]
    fn nothing_is_removed_while_it_must_not_be_disturbed() {
        let is_held = || matches!(PRESENT.try_lock(), Err(TryLockError::WouldBlock));
        assert!(undisturbed(|| std::thread::spawn(is_held).join().unwrap()));
    }
}
