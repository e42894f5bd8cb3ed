//! Everything that can stop rampkit, in one enum, grouped by the stage that finds it.
//!
//! A text says what went wrong and where; the cause follows by `source()` and is never repeated in
//! the text; what to do about it stands in [`hint`](Error::hint), and what a script sees in
//! [`exit_code`](Error::exit_code).

mod hint;

use std::io;
use std::path::PathBuf;

/// Why rampkit could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
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
            Self::ModuleYaml { .. } => 6,
            Self::WouldOverwrite { .. } => 9,
            Self::DeniedWarnings(_) => 10,
        }
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
