//! Everything that can stop rampkit, in one enum, grouped by the stage that finds it.
//!
//! A text says what went wrong and where; the cause follows by `source()` and is never repeated in
//! the text; what to do about it stands in [`hint`](Error::hint), and what a script sees in
//! [`exit_code`](Error::exit_code).

mod hint;

use std::io;
use std::path::PathBuf;

use crate::process::Ended;

/// Why rampkit could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "a field is explained by the text it stands in")]
pub enum Error {
    // The system.
    /// A file or folder could not be used.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: a verb, with a preposition where it needs one.
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file was to be written where a folder is.
    #[error("cannot write {}: it is a folder", path.display())]
    IsAFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A file that rampkit did not write would be overwritten.
    #[error("{} would be overwritten: {why}", path.display())]
    WouldOverwrite {
        /// The file in the way.
        path: PathBuf,
        /// How we know that it is someone's own work.
        why: String,
    },

    // The descriptor.
    /// A module.yaml that is there cannot be renewed.
    #[error("{}:{line}:{column}: {what}", path.display())]
    ModuleYaml {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column in characters, counted from 1.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// A path that must be written into a text is not text.
    #[error("{}: a path that is not UTF-8 cannot be named in module.yaml", path.display())]
    NotUtf8 {
        /// The path.
        path: PathBuf,
    },

    // Discovery: what a module registers.
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
    #[error("{} is no redis-server, or one that does not start: it ended with {ended}{}", program.display(), lines(log))]
    ServerFailed {
        /// The program.
        program: PathBuf,
        /// How it ended.
        ended: Ended,
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
        ended: Ended,
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
        ended: Ended,
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
    /// Not exactly one module with a version is new.
    #[error("cannot tell which module {} is; new in the server: {found:?}", module.display())]
    UnclearModule {
        /// The module.
        module: PathBuf,
        /// Names and versions.
        found: Vec<String>,
    },
    /// A file of commands that cannot be understood.
    #[error("{}:{line}:{column}: {problem}", path.display())]
    CommandsFile {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong there.
        problem: String,
    },
    // The source: a repository and what it holds. `place` and `repository` never show a login.
    /// A host did not answer, or not in time.
    #[error("cannot reach {place}")]
    Unreachable { place: String, source: Said },
    /// A host's certificate is not trusted, or TLS failed otherwise.
    #[error("cannot speak to {place} by TLS")]
    Tls { place: String, source: Said },
    /// A proxy does not let us through.
    #[error("cannot reach {place} through the proxy")]
    Proxy { place: String, source: Said },
    /// A host does not know us, or does not let us in.
    #[error("{place} does not let us in: {why}")]
    Refused { place: String, why: String, advice: String },
    /// A server stopped in the middle, or speaks nonsense.
    #[error("{place} did not give what it has")]
    Broken { place: String, source: Said },
    /// There is no repository at a place.
    #[error("{place} is not a git repository")]
    NotARepository { place: String, source: Said, advice: String },
    /// A repository belongs to another user.
    #[error("the repository at {} belongs to another user", path.display())]
    UnsafeOwner { path: PathBuf },
    /// libgit2 could not do something.
    #[error("cannot {action} {place}")]
    Git { action: &'static str, place: String, source: Said },
    /// A repository does not have a ref or a commit.
    #[error("{repository} has no {reference}")]
    UnknownRef { reference: String, repository: String, advice: String },
    /// An abbreviated id fits more than one commit.
    #[error("{digits} is the beginning of {} commits: {}", candidates.len(), candidates.join(", "))]
    AmbiguousCommit { digits: String, candidates: Vec<String> },
    /// A tag leads to a file or a folder.
    #[error("{reference} of {repository} does not lead to a commit")]
    NotACommit { reference: String, repository: String },
    /// A commit has no manifest where it was looked for.
    #[error("there is {what} at {at}")]
    NoManifest { what: String, at: String, advice: String },
    /// A path of a commit is a link, a folder, or a submodule.
    #[error("{path} at {at} is {kind}, not a file")]
    NotAFile { path: String, at: String, kind: &'static str, advice: String },
    /// A `ramp.lock` is not one.
    #[error("{} is not a lock of rampkit", path.display())]
    Lock { path: PathBuf, source: serde_yaml::Error },

    // What was asked for.
    /// Options that do not fit each other or the input.
    #[error("{0}")]
    Usage(String),
    /// There were warnings, and `--deny-warnings` was given.
    #[error("{0} warning(s), and --deny-warnings was given")]
    DeniedWarnings(usize),
}

impl Error {
    /// The exit code of a run that ended with this error; README lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Io { .. } | Self::IsAFolder { .. } | Self::NotUtf8 { .. } => 3,
            Self::ModuleYaml { .. } | Self::CommandsFile { .. } => 6,
            Self::NoServer
            | Self::UnusableServer { .. }
            | Self::ServerFailed { .. }
            | Self::ServerTimeout { .. }
            | Self::ServerRefused { .. }
            | Self::ModuleNotExecutable { .. }
            | Self::ModuleRefused { .. }
            | Self::ModuleCrashed { .. }
            | Self::ModuleExited { .. }
            | Self::DiscoveryTimeout { .. }
            | Self::UnclearModule { .. } => 8,
            Self::Git { .. } => 3,
            Self::Unreachable { .. }
            | Self::Tls { .. }
            | Self::Proxy { .. }
            | Self::Refused { .. }
            | Self::Broken { .. }
            | Self::UnsafeOwner { .. } => 4,
            Self::NotARepository { .. }
            | Self::UnknownRef { .. }
            | Self::AmbiguousCommit { .. }
            | Self::NotACommit { .. }
            | Self::NoManifest { .. }
            | Self::NotAFile { .. } => 5,
            Self::Lock { .. } => 6,
            Self::WouldOverwrite { .. } => 9,
            Self::DeniedWarnings(_) => 10,
        }
    }
}

/// What another program wrote, each line on a line of its own and marked as foreign.
fn lines(log: &[String]) -> String {
    log.iter().map(|line| format!("\n  | {line}")).collect()
}

/// What another program, a server or a library said: on one line, without control characters.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Said(String);

impl Said {
    /// Takes what was said, whatever it holds.
    pub fn new(text: impl Into<String>) -> Self {
        let text: String = text.into().trim().to_owned();
        Self(text.replace(|c: char| c.is_control(), " "))
    }

    /// Was `part` said?
    pub fn contains(&self, part: &str) -> bool {
        self.0.contains(part)
    }
}

/// Says what was tried on which path, for the errors of `std::io`.
pub trait IoContext<T> {
    /// Turns an I/O error into [`Error::Io`].
    ///
    /// # Errors
    /// [`Error::Io`], where `self` is an error.
    fn at(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, Error>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn at(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, Error> {
        self.map_err(|source| Error::Io { action, path: path.into(), source })
    }
}
