//! Where a manifest is: a file, or stdin.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, IoContext};

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
    /// [`Error::Io`], [`Error::NotText`].
    pub fn read(&self) -> Result<String, Error> {
        let mut bytes = Vec::new();
        match self {
            Self::File(path) => bytes = fs::read(path).at("read", path)?,
            Self::Stdin => drop(io::stdin().read_to_end(&mut bytes).at("read", self.name())?),
        }
        String::from_utf8(bytes).map_err(|error| Error::NotText {
            path: self.name().to_owned(),
            offset: error.utf8_error().valid_up_to(),
        })
    }
}
