//! What came of a process that loaded a module, put together from all it has left behind.
//!
//! In: its journal, its trace, what it printed, and how it ended. Out: [`Hosted`], or a diagnosis.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::journal::{self, Entry};
use super::trace::Trace;
use super::{Hosted, TRACE, table};
use crate::discovery::Discovered;
use crate::discovery::log::excerpt;
use crate::discovery::profile::Profile;
use crate::error::{Diagnosis, DiscoveryError, Error, HostFault, IoContext};
use crate::process::{Ended, Supervised};

/// More refusals than this help nobody; the last ones are kept.
const MOST_REFUSALS: usize = 20;

/// What a process has left behind.
pub struct Story {
    refused: Vec<String>,
    doubts: Vec<String>,
    lacking: Vec<String>,
    outcome: Option<Result<Discovered, HostFault>>,
    trace: Trace,
    output: String,
}

impl Story {
    pub fn read(running: &Supervised) -> Self {
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

    /// What there is to tell to whoever wanted the module loaded.
    ///
    /// # Errors
    /// [`DiscoveryError::NotHosted`]; [`Error::Io`] where the process could not write.
    pub fn tell(
        mut self,
        ended: Option<Ended>,
        module: &Path,
        profile: Profile,
        timeout: Duration,
    ) -> Result<Hosted, Error> {
        let untold = i32::try_from(self.trace.untold.load(Relaxed)).unwrap_or_default();
        let untold = (untold != 0).then(|| io::Error::from_raw_os_error(untold));
        let file = module.file_name().unwrap_or_default().to_string_lossy();
        let log = excerpt(&self.output, &file);
        let fault = match (self.outcome.take(), ended) {
            (Some(Ok(discovered)), _) => {
                let lost = untold.map(|error| format!("a note of what it did was lost: {error}"));
                self.doubts.extend(lost);
                return Ok(Hosted { discovered, doubts: self.doubts, log });
            }
            (Some(Err(fault)), _) => fault,
            (None, ended) => match untold {
                Some(error) => return Err(error).at("write a file in", std::env::temp_dir()),
                None => self.end(ended, timeout),
            },
        };
        Err(DiscoveryError::NotHosted(Box::new(Diagnosis {
            module: module.to_owned(),
            profile: profile.to_string(),
            fault,
            log,
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
