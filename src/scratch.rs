//! Temporary folders that go when we go.
//!
//! Out: a folder of our own that nobody else can enter. It is removed when its value is dropped, and
//! also when a person or a system asks us to end (SIGINT, SIGTERM): only SIGKILL leaves it. Single
//! files need none of this, see [`staged`](crate::staged).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use tempfile::TempDir;

use crate::error::{Error, IoContext};

/// A temporary folder.
pub struct Scratch(TempDir);

impl Scratch {
    /// Makes one where temporary files belong.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn new() -> Result<Self, Error> {
        static WATCH: Once = Once::new();
        WATCH.call_once(watch);
        // No signal is heard between making it and knowing of it.
        let mut present = present();
        let made = tempfile::Builder::new().prefix("rampkit-").tempdir();
        let folder = made.at("make a folder in", tempfile::env::temp_dir())?;
        present.push(folder.path().to_owned());
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        present().retain(|path| path != self.0.path());
    }
}

/// The folders there are now.
fn present() -> MutexGuard<'static, Vec<PathBuf>> {
    static PRESENT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    PRESENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is there before a signal ends us as it would have without us. Where signals cannot
/// be watched, they end us at once.
fn watch() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            present().iter().for_each(|folder| remove(folder));
            let _ = emulate_default_handler(signal);
        }
    });
}

/// Somebody may still be writing into it: what is made anew is removed again.
fn remove(folder: &Path) {
    const TRIES: usize = 1000;
    let _ = (0..TRIES).find(|_| fs::remove_dir_all(folder).is_ok() || !folder.exists());
}
