//! Where a manifest is: a file, or stdin.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, IoContext};
use crate::input;

/// Where a manifest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// Whoever writes into this process.
    Stdin,
}

/// `-` is stdin.
impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        match path.as_os_str() == "-" {
            true => Self::Stdin,
            false => Self::File(path),
        }
    }
}

impl Place {
    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Stdin => None,
        }
    }

    /// What messages call it.
    pub fn name(&self) -> &Path {
        self.file().unwrap_or(Path::new("<stdin>"))
    }

    /// The text; stdin can be read once.
    ///
    /// # Errors
    /// [`Error::IsAFolder`], [`Error::Io`], and those of [`input::text`].
    pub fn read(&self) -> Result<String, Error> {
        match self {
            Self::File(path) if path.is_dir() => Err(Error::IsAFolder { path: path.clone() }),
            // A pipe will do: a shell makes one of <(…).
            Self::File(path) => input::text(File::open(path).at("read", path)?, path),
            Self::Stdin => input::text(io::stdin(), self.name()),
        }
    }
}
