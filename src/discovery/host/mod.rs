//! Discovery without a server: load the module in a process of its own, behind an imitation of the
//! module API that records what the module registers.
//!
//! In: a module, its arguments, and the version to imitate. Out: [`Hosted`], or why the module was not
//! loaded. This is the only place with `unsafe`; each has its reason. The process isolates crashes; it
//! is no boundary for a module that means harm.

#![expect(unsafe_code, reason = "a module is foreign code, which calls and is called by pointers")]
#![deny(clippy::undocumented_unsafe_blocks)]

mod api;
mod child;
mod crash;
mod foreign;
mod journal;
mod library;
mod outermost;
mod story;
mod table;
mod trace;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::profile::{Profile, redis};
use super::{Discovered, Subject};
use crate::error::{DiscoveryError, Error, IoContext};
use crate::process::{Supervised, new_folder};
use story::Story;

/// The verb of the command line that leads to [`start`].
pub const HOST: &str = "host";
/// The file of the trace, in the folder of the process.
const TRACE: &str = "trace";

/// What a module registered, and what a server might see otherwise.
#[derive(Debug)]
pub struct Hosted {
    /// What it registered.
    pub discovered: Discovered,
    /// In words: "it calls TIME".
    pub doubts: Vec<String>,
    /// What it wrote.
    pub log: Vec<String>,
}

/// What `subject` registers when a server of `profile` loads it.
///
/// # Errors
/// [`Error::Io`] where the module or a temporary folder cannot be used; otherwise
/// [`DiscoveryError::NotHosted`].
pub fn discover(subject: &Subject, profile: Profile, timeout: Duration) -> Result<Hosted, Error> {
    let executable = is_executable(subject.path).at("read", subject.path)?;
    let module = std::path::absolute(subject.path).at("read", subject.path)?;
    if profile.has(redis(6, 0)) && !executable {
        let server = profile.to_string();
        return Err(DiscoveryError::ModuleNotExecutable { module, server }.into());
    }
    let version = profile.to_string().replace(' ', "-");
    let words = ["--".into(), module.clone().into_os_string(), version.into()];
    let arguments = subject.arguments.iter().map(OsString::from);
    let words: Vec<OsString> = words.into_iter().chain(arguments).collect();
    let deadline = Instant::now() + timeout;
    let mut running = Supervised::start_rampkit(HOST, &words, new_folder())?;
    let ended = running.ended(deadline);
    Story::read(&running).tell(ended, &module, profile, timeout)
}

fn is_executable(module: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(module)?.permissions().mode() & 0o111 != 0)
}

/// Starts the process that loads a module, in `folder`; `words` are those that [`discover`] gives.
///
/// # Errors
/// Those of the system.
pub fn start(folder: &Path, words: &[OsString], output: File) -> io::Result<Pid> {
    let [module, profile, arguments @ ..] = words else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let profile = profile.to_str().and_then(|text| text.parse().ok());
    let job = child::Job {
        folder: std::path::absolute(folder)?,
        module: PathBuf::from(module),
        arguments: arguments.iter().map(|it| it.as_bytes().to_vec()).collect(),
        profile: profile.ok_or(io::ErrorKind::InvalidInput)?,
    };
    job.start(output)
}
