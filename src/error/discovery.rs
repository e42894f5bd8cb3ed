//! What can stop discovery: no server, or a module that does not load.

use std::path::PathBuf;

use super::advice::{ARGUMENTS, FROM_FILE, NO_LIBRARY, PLACE, TOO_OLD, indented, install, lines};
use super::host::Diagnosis;

/// Why it is not known what a module registers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// A module that this machine cannot load.
    #[error("{} was built for {architecture} and cannot be loaded on this machine", module.display())]
    ForeignArchitecture {
        /// The module.
        module: PathBuf,
        /// What it was built for.
        architecture: String,
    },
    /// A module that is not loaded without a server.
    #[error("{0}")]
    NotHosted(Box<Diagnosis>),
    /// There is no server to load the module into.
    #[error("there is no redis-server on PATH to load the module into")]
    NoServer,
    /// The server that was named is not a program.
    #[error("cannot run the redis-server {}: {problem}", program.display())]
    UnusableServer {
        /// As it was named.
        program: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The server ended before it answered, or is no Redis server at all.
    #[error("{} did not start as a redis-server, it ended with {ended}{}", program.display(), lines(log))]
    ServerFailed {
        /// The program.
        program: PathBuf,
        /// How it ended.
        ended: String,
        /// What it wrote.
        log: Vec<String>,
    },
    /// The server did not answer in time.
    #[error("{} did not answer within {seconds} s", program.display())]
    ServerTimeout {
        /// The program.
        program: PathBuf,
        /// The time it had.
        seconds: u64,
    },
    /// The server runs and will not say what modules and commands it has.
    #[error("{server} does not tell its modules and commands: {reply}")]
    ServerRefused {
        /// Name and version.
        server: String,
        /// Its answer.
        reply: String,
    },
    /// The module's file has no execute bit.
    #[error("{} is not executable, and {server} loads no such module", module.display())]
    ModuleNotExecutable {
        /// The module.
        module: PathBuf,
        /// Name and version.
        server: String,
    },
    /// The server or the module itself refused.
    #[error("{server} could not load {}: {reply}{}", module.display(), lines(log))]
    ModuleRefused {
        /// The module.
        module: PathBuf,
        /// Name and version.
        server: String,
        /// Its answer.
        reply: String,
        /// What it wrote while it tried.
        log: Vec<String>,
    },
    /// The module crashed the server.
    #[error("{} crashed {server} while it was loaded: {ended}{}", module.display(), lines(log))]
    ModuleCrashed {
        /// The module.
        module: PathBuf,
        /// Name and version.
        server: String,
        /// The signal.
        ended: String,
        /// What it wrote while it tried.
        log: Vec<String>,
    },
    /// The module ended the server.
    #[error("{} ended {server} while it was loaded: {ended}{}", module.display(), lines(log))]
    ModuleExited {
        /// The module.
        module: PathBuf,
        /// Name and version.
        server: String,
        /// The exit code.
        ended: String,
        /// What it wrote while it tried.
        log: Vec<String>,
    },
    /// The module was still loading when its time was over.
    #[error("{} was not loaded within {seconds} s{}", module.display(), lines(log))]
    DiscoveryTimeout {
        /// The module.
        module: PathBuf,
        /// The time it had.
        seconds: u64,
        /// What it wrote while it tried.
        log: Vec<String>,
    },
    /// Loaded here it registers something else than in a server.
    #[error("{} registers something else imitating {profile} than in {server}{}", module.display(), indented(table))]
    Differs {
        /// The module.
        module: PathBuf,
        /// The version that was imitated.
        profile: String,
        /// Name and version.
        server: String,
        /// The lines of a table.
        table: Vec<String>,
    },
    /// Not exactly one module with a version is new.
    #[error("cannot tell which module {} is; new in the server: {found:?}", module.display())]
    UnclearModule {
        /// The module.
        module: PathBuf,
        /// Names and versions.
        found: Vec<String>,
    },
}

impl DiscoveryError {
    /// See [`Error::hint`](super::Error::hint).
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::ForeignArchitecture { .. } => {
                format!("do it on such a machine; {FROM_FILE}")
            }
            Self::NotHosted(diagnosis) => diagnosis.hint(),
            Self::NoServer => NO_SERVER.to_owned(),
            Self::UnusableServer { .. } => {
                "check --redis-server or $REDIS_PATH; without either, the one on PATH is used"
                    .to_owned()
            }
            Self::ServerFailed { log, .. } => match missing_library(log) {
                Some(library) => install(library),
                None => "check --redis-server or $REDIS_PATH, and the server's options".to_owned(),
            },
            Self::ServerTimeout { .. } => {
                "check --redis-server or $REDIS_PATH; --timeout SECONDS gives more time".to_owned()
            }
            Self::ServerRefused { .. } => {
                "it must be 4.0 or later, and its options must not ask for a password".to_owned()
            }
            Self::ModuleNotExecutable { module, .. } => format!("chmod +x {}", module.display()),
            Self::ModuleRefused { log, .. } => return refused(log),
            Self::ModuleCrashed { .. } | Self::ModuleExited { .. } => {
                format!("{ARGUMENTS}; {OTHER_SERVER}; {FROM_FILE}")
            }
            Self::DiscoveryTimeout { .. } => {
                format!("--timeout SECONDS gives it more time; {FROM_FILE}")
            }
            Self::Differs { .. } => "where the versions are not the same, --redis-version names \
                the server's; otherwise use --discovery server, and report the difference"
                .to_owned(),
            Self::UnclearModule { .. } => FROM_FILE.to_owned(),
        };
        Some(hint)
    }
}

const NO_SERVER: &str = "install one (Debian: apt-get install redis-server) or name one by \
    --redis-server or $REDIS_PATH; --discovery embedded does without";
const OTHER_SERVER: &str = "if it needs another version of the server, name one by --redis-server";

/// By how far the server came: to the module's own code or not.
fn refused(log: &[String]) -> Option<String> {
    let says = |words| log.iter().any(|line| line.contains(words));
    match missing_library(log) {
        Some(library) => Some(install(library)),
        None if says("initialization failed") => Some(format!("{ARGUMENTS}; {OTHER_SERVER}")),
        None if says(TOO_OLD) => Some(format!("{PLACE}; {FROM_FILE}")),
        None if says("undefined symbol") => Some(OTHER_SERVER.to_owned()),
        None => None,
    }
}

/// The library without which the dynamic linker did not load the server or the module. A module may
/// log such a message about a library of its own choice: that is not meant.
fn missing_library(log: &[String]) -> Option<&str> {
    log.iter().find_map(|line| {
        let (before, _) = line.split_once(NO_LIBRARY)?;
        let linkers = ["error while loading shared libraries: ", "failed to load: "];
        linkers.iter().find_map(|linker| before.split_once(linker)).map(|(_, library)| library)
    })
}
