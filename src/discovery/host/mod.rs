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
mod table;
mod trace;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::log::excerpt;
use super::profile::{Profile, redis};
use super::{Discovered, Subject};
use crate::error::{Diagnosis, DiscoveryError, Error, HostFault, IoContext};
use crate::process::{Ended, Supervised, new_folder};
use journal::Entry;
use trace::Trace;

/// The verb of the command line that leads to [`start`].
pub const HOST: &str = "host";
/// The file of the trace, in the folder of the process.
const TRACE: &str = "trace";
/// More refusals than this help nobody; the last ones are kept.
const MOST_REFUSALS: usize = 20;

/// What a module registered, and what a server might see otherwise.
#[derive(Debug)]
pub struct Hosted {
    /// What it registered.
    pub discovered: Discovered,
    /// In words: "it calls TIME".
    pub doubts: Vec<String>,
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

/// What a process has left behind.
struct Story {
    refused: Vec<String>,
    doubts: Vec<String>,
    lacking: Vec<String>,
    outcome: Option<Result<Discovered, HostFault>>,
    trace: Trace,
    output: String,
}

impl Story {
    fn read(running: &Supervised) -> Self {
        let mut story = Self {
            trace: Trace::read(&running.folder().join(TRACE)),
            output: running.output(0),
            refused: Vec::new(),
            doubts: Vec::new(),
            lacking: Vec::new(),
            outcome: None,
        };
        for entry in journal::read(running.folder()) {
            match entry {
                Entry::Refused { call, why } => story.refused.push(format!("{call}: {why}")),
                Entry::Doubt(why) => story.doubts.push(why),
                Entry::Lacking(name) => story.lacking.push(name),
                Entry::Loaded(discovered) => story.outcome = Some(Ok(discovered)),
                Entry::Failed(fault) => story.outcome = Some(Err(fault)),
            }
        }
        let too_many = story.refused.len().saturating_sub(MOST_REFUSALS);
        story.refused.drain(..too_many);
        story
    }

    fn tell(
        mut self,
        ended: Option<Ended>,
        module: &Path,
        profile: Profile,
        timeout: Duration,
    ) -> Result<Hosted, Error> {
        let untold = i32::try_from(self.trace.untold.load(Relaxed)).unwrap_or_default();
        let untold = (untold != 0).then(|| io::Error::from_raw_os_error(untold));
        let fault = match (self.outcome.take(), ended) {
            (Some(Ok(discovered)), _) => {
                let lost = untold.map(|error| format!("a note of what it did was lost: {error}"));
                self.doubts.extend(lost);
                return Ok(Hosted { discovered, doubts: self.doubts });
            }
            (Some(Err(fault)), _) => fault,
            (None, ended) => match untold {
                Some(error) => return Err(error).at("write a file in", std::env::temp_dir()),
                None => self.end(ended, timeout),
            },
        };
        let file = module.file_name().unwrap_or_default().to_string_lossy();
        Err(DiscoveryError::NotHosted(Box::new(Diagnosis {
            module: module.to_owned(),
            profile: profile.to_string(),
            fault,
            log: excerpt(&self.output, &file),
            refused: self.refused,
            last_call: self.trace.last_call().and_then(table::name_of),
            server: None,
        }))
        .into())
    }

    /// Without an outcome of its own.
    fn end(&self, ended: Option<Ended>, timeout: Duration) -> HostFault {
        match ended {
            Some(Ended::Killed(signal)) => self.crash(signal),
            Some(Ended::Exited(code)) => HostFault::Exited { code },
            None if self.trace.signal.load(Relaxed) != 0 => self.crash(libc::SIGALRM),
            None => HostFault::Timeout { seconds: timeout.as_secs() },
        }
    }

    fn crash(&self, signal: i32) -> HostFault {
        let trace = &self.trace;
        let own = trace.signal.load(Relaxed).cast_signed();
        // Another signal than the module's own crash: somebody killed the process.
        if own == 0 || ![own, libc::SIGALRM].contains(&signal) {
            return HostFault::Killed { signal: Ended::Killed(signal).to_string() };
        }
        let signal = Ended::Killed(own).to_string();
        let file = PathBuf::from(OsString::from_vec(trace.file.get().into_bytes()));
        let file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let place = match trace.function.get() {
            _ if file.is_empty() => None,
            function if function.is_empty() => Some(file),
            function => Some(format!("{file}, {function}+{:#x}", trace.offset.load(Relaxed))),
        };
        let why = match () {
            () if trace.null_call.load(Relaxed) == 1 => Some(self.null_call()),
            () if trace.stack_overflow.load(Relaxed) == 1 => {
                Some("its stack has no end".to_owned())
            }
            () => None,
        };
        HostFault::Crashed { signal, place, why }
    }

    /// What a call of nothing probably meant to call.
    fn null_call(&self) -> String {
        match self.lacking.is_empty() {
            true => "it called a function that is NULL".to_owned(),
            false => format!(
                "it called a function that is NULL; it has asked for {}, which this version lacks",
                self.lacking.join(", ")
            ),
        }
    }
}
