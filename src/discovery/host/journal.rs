//! What the process that loads a module tells the one that wants to know.
//!
//! In: entries, one by one, as they come up. Out: all of them, in their order, however the process
//! ended. They go through a file that is opened for each entry, as a module may close or use up the
//! descriptors it finds; nobody waits for anybody.

use std::collections::HashSet;
use std::ffi::c_int;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::foreign::ERR;
use super::trace;
use crate::discovery::Discovered;
use crate::discovery::profile::Profile;
use crate::error::HostFault;
use crate::process::OUTPUT;

/// The file of entries: a line of JSON each.
const JOURNAL: &str = "journal";
/// So many entries come up in no module that tries what may fail.
const MOST_ENTRIES: usize = 10_000;

/// What is told.
#[derive(Debug, Serialize, Deserialize)]
pub enum Entry {
    /// A function of the API refused something.
    Refused {
        /// The function and what it was to do.
        call: String,
        why: String,
    },
    /// Something happened that a real server might answer otherwise.
    Doubt(String),
    /// The module asked for a function that the version does not have.
    Lacking(String),
    /// The module is loaded, and this is what it registered.
    Loaded(Discovered),
    /// It is not loaded.
    Failed(HostFault),
}

/// The process's own end of it.
struct Writer {
    journal: PathBuf,
    output: PathBuf,
    profile: Profile,
}

static WRITER: OnceLock<Writer> = OnceLock::new();

/// From now on this process tells what happens to files of `folder`, as a server of `profile`.
pub fn start(folder: &Path, profile: Profile) {
    let (journal, output) = (folder.join(JOURNAL), folder.join(OUTPUT));
    let _ = WRITER.set(Writer { journal, output, profile });
}

/// The version that is imitated.
pub fn profile() -> Profile {
    WRITER.get().map_or(Profile::DEFAULT, |writer| writer.profile)
}

/// The entries that were told: none is told twice.
static TOLD: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// Tells an entry. Where that is not possible the [trace] says why.
pub fn tell(entry: &Entry) {
    let line = serde_json::to_string(entry).expect("an entry is JSON");
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let too_many = told.len() >= MOST_ENTRIES && matches!(entry, Entry::Refused { .. });
    if too_many || told.contains(&line) {
        return;
    }
    write(&line);
    told.insert(line);
}

/// Tells the last entry, whatever it takes: the process has no use for its files any longer.
pub fn tell_last(entry: &Entry) {
    for file in 0..3 {
        // SAFETY: these are the process's own streams, to which nobody writes who shall be heard.
        unsafe { libc::close(file) };
    }
    write(&serde_json::to_string(entry).expect("an entry is JSON"));
}

fn write(line: &str) {
    let Some(writer) = WRITER.get() else { return };
    if let Err(error) = append(&writer.journal, line) {
        let number = error.raw_os_error().unwrap_or(libc::EIO).unsigned_abs();
        trace::current().untold.store(number.into(), Relaxed);
    }
}

/// Tells that `call` is refused, and is the answer to it.
pub fn refuse(call: impl Into<String>, why: impl ToString) -> c_int {
    tell(&Entry::Refused { call: call.into(), why: why.to_string() });
    ERR
}

/// Tells a doubt.
pub fn doubt(why: impl Into<String>) {
    tell(&Entry::Doubt(why.into()));
}

/// A line of the log, between what the module itself prints.
pub fn log(line: &str) {
    let Some(writer) = WRITER.get() else { return };
    let _ = append(&writer.output, line);
}

fn append(file: &Path, line: &str) -> io::Result<()> {
    let line = format!("{line}\n");
    File::options().append(true).create(true).open(file)?.write_all(line.as_bytes())
}

/// All that was told; the last entry may be cut where the disk was full.
pub fn read(folder: &Path) -> Vec<Entry> {
    let text = fs::read(folder.join(JOURNAL)).unwrap_or_default();
    let lines = text.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}
