//! Why a module is not loaded where no server does it, and what is known about that.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::advice::{ARGUMENTS, FROM_FILE, NO_LIBRARY, PLACE, TOO_OLD, install, lines};

/// All that is known about a module that was not loaded.
#[derive(Debug)]
pub struct Diagnosis {
    /// The module.
    pub module: PathBuf,
    /// The version that was imitated: "Redis 7.4.11".
    pub profile: String,
    /// What stopped it.
    pub fault: HostFault,
    /// What the module printed and logged.
    pub log: Vec<String>,
    /// What functions of the API refused, and why.
    pub refused: Vec<String>,
    /// The function of the API that was called last.
    pub last_call: Option<&'static str>,
    /// The server that was asked too, as it loads it: "Redis 7.0.15"; or why none does.
    pub server: Option<Result<String, String>>,
}

/// What stops a module from being loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum HostFault {
    /// The dynamic linker refuses it.
    Linker {
        /// In the linker's words.
        said: String,
    },
    /// Nobody has these symbols.
    Unresolved {
        /// Their names.
        symbols: Vec<String>,
    },
    /// It has no function that Redis calls, only one that Valkey calls.
    NoOnLoad,
    /// Its OnLoad returned an error.
    OnLoad,
    /// It never told its name.
    NoName,
    /// It told a version that is none.
    NegativeVersion {
        /// The version.
        version: i32,
    },
    /// It registered configurations and never loaded them.
    NoLoadConfigs,
    /// It crashed.
    Crashed {
        /// "signal 11, SIGSEGV"
        signal: String,
        /// The file and perhaps the function whose code was running.
        place: Option<String>,
        /// What is known about the cause.
        why: Option<String>,
    },
    /// Somebody killed its process.
    Killed {
        /// "signal 9, SIGKILL"
        signal: String,
    },
    /// It ended its process.
    Exited {
        /// The exit code.
        code: i32,
    },
    /// It was still loading when its time was over.
    Timeout {
        /// The time it had.
        seconds: u64,
    },
}

impl fmt::Display for HostFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Linker { said } => write!(f, "the dynamic linker says {said}"),
            Self::Unresolved { symbols } => {
                write!(f, "it needs symbols that nobody has: {}", symbols.join(", "))
            }
            Self::NoOnLoad => f.write_str("it has no RedisModule_OnLoad, only Valkey's"),
            Self::OnLoad => f.write_str("its OnLoad returned an error"),
            Self::NoName => f.write_str("its OnLoad never told its name (RedisModule_Init)"),
            Self::NegativeVersion { version } => write!(f, "it tells {version} as its version"),
            Self::NoLoadConfigs => {
                f.write_str("it registered configurations and never called RedisModule_LoadConfigs")
            }
            Self::Crashed { signal, place, why } => {
                let place = place.as_deref().map(|it| format!(" in {it}")).unwrap_or_default();
                let why = why.as_deref().map(|it| format!(": {it}")).unwrap_or_default();
                write!(f, "it crashed{place} ({signal}){why}")
            }
            Self::Killed { signal } => write!(f, "it was ended by {signal}"),
            Self::Exited { code } => write!(f, "it ended the process with exit code {code}"),
            Self::Timeout { seconds } => write!(f, "it had not loaded within {seconds} s"),
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { module, profile, fault, log, refused, last_call, server } = self;
        write!(f, "{} does not load (imitating {profile}): {fault}", module.display())?;
        f.write_str(&lines(log))?;
        for refusal in refused {
            write!(f, "\n  refused: {refusal}")?;
        }
        if let Some(function) = last_call {
            write!(f, "\n  last call of the module API: {function}")?;
        }
        match server {
            Some(Ok(name)) => write!(f, "\n  a server was asked too: {name} loads it"),
            Some(Err(why)) => {
                write!(f, "\n  a server was asked too: {}", why.replace('\n', "\n  "))
            }
            None => Ok(()),
        }
    }
}

impl Diagnosis {
    /// See [`Error::hint`](super::Error::hint).
    pub(super) fn hint(&self) -> String {
        let clauses: &[&str] = match &self.fault {
            HostFault::Linker { said } if said.contains(NO_SEGMENT) => {
                &["its file system may be mounted noexec: copy it to another one"]
            }
            HostFault::Linker { said } if said.contains(NO_MAIN) => {
                &["#define REDISMODULE_MAIN in one of its files before redismodule.h is included"]
            }
            HostFault::Linker { said } if said.contains(TOO_OLD) => &[PLACE, FROM_FILE],
            HostFault::Linker { said } => match said.split_once(NO_LIBRARY) {
                Some((library, _)) => return install(library),
                None if said.contains("undefined symbol") => &[LINK, OTHER_WAY],
                None => &[OTHER_WAY, FROM_FILE],
            },
            HostFault::Unresolved { .. } => &[LINK, OTHER_WAY],
            HostFault::NoOnLoad => {
                &["it is a module for Valkey: --redis-version valkey-9.1 imitates one"]
            }
            HostFault::NoName | HostFault::NegativeVersion { .. } => {
                &["no server loads such a module; mend its OnLoad"]
            }
            HostFault::NoLoadConfigs => {
                &["no server loads such a module; call it at the end of OnLoad"]
            }
            HostFault::Timeout { .. } => &["--timeout SECONDS gives it more time", FROM_FILE],
            HostFault::Crashed { why: Some(why), .. } if why.contains(LACKS) => {
                &[OTHER_VERSION, OTHER_WAY, FROM_FILE]
            }
            _ => &[ARGUMENTS, OTHER_VERSION, OTHER_WAY, FROM_FILE],
        };
        // A server that does not load it either is no way out.
        let is_open = |clause: &&str| *clause != OTHER_WAY || !matches!(self.server, Some(Err(_)));
        clauses.iter().copied().filter(is_open).collect::<Vec<_>>().join("; ")
    }
}

/// What is known of a crash where a function of the API is missing.
const LACKS: &str = "which this version lacks";
/// The dynamic linker's words where a file must not be run.
const NO_SEGMENT: &str = "failed to map segment from shared object";
/// What the dynamic linker says of a module whose functions of the API are declared and not there.
const NO_MAIN: &str = "undefined symbol: RedisModule_";
const LINK: &str = "link it with the library that has what is missing";
const OTHER_VERSION: &str = "if it needs another version of Redis, name it by --redis-version";
const OTHER_WAY: &str = "a redis-server may load it: --discovery server --redis-server PATH";
