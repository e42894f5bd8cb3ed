//! Temporary files and folders that go when we go.
//!
//! Out: a folder of our own that nobody else can enter, and [`going`] for whatever else has a name that
//! nobody asked for. It is removed when its value is dropped, and also when a person or a system asks us
//! to end (SIGHUP, SIGINT, SIGTERM): only SIGKILL leaves it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
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

/// As long as this is held, a signal that ends us waits: for what must not be done by half, as to give
/// several files their names. Where we are ending already, it is never had.
pub fn whole() -> MutexGuard<'static, ()> {
    WHOLE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Going {
    fn drop(&mut self) {
        present().remove(&self.0);
    }
}

/// Held before [`PRESENT`] by who holds both.
static WHOLE: Mutex<()> = Mutex::new(());

static PRESENT: Mutex<BTreeMap<usize, Removal>> = Mutex::new(BTreeMap::new());

/// How to remove what there is now.
fn present() -> MutexGuard<'static, BTreeMap<usize, Removal>> {
    PRESENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is there before a signal ends us as it would have without us. Where signals cannot
/// be watched, they end us at once.
fn watch() {
    let Ok(mut signals) = Signals::new(heard()) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            // Nothing more is made until we have ended.
            let (_whole, present) = (whole(), present());
            present.values().for_each(|remove| remove());
            let _ = emulate_default_handler(signal);
        }
    });
}

/// The signals that end us: not those that whoever started us has us ignore, as `nohup` does
/// (proc_pid_status(5)).
fn heard() -> impl Iterator<Item = i32> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    [SIGHUP, SIGINT, SIGTERM].into_iter().filter(move |signal| ignored >> (signal - 1) & 1 == 0)
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
        let is_waited_for = || matches!(WHOLE.try_lock(), Err(TryLockError::WouldBlock));
        let _whole = whole();
        assert!(std::thread::spawn(is_waited_for).join().unwrap());
    }
}
