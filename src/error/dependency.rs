//! What can go wrong with a dependency's file. `url` and `place` never show a login.

use super::{Error, Said};
use crate::digest::Sha256;

/// Why a file that a module needs cannot be had.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "a field is explained by the text it stands in")]
#[non_exhaustive]
pub enum DependencyError {
    /// Its file cannot be had, for a reason that knows nothing of dependencies.
    #[error("cannot get dependency {name}")]
    Unobtainable { name: String, source: Box<Error> },
    /// `--dep` names one that there is not.
    #[error("--dep {name}=…: there is no dependency {name}")]
    Unknown { name: String, nearest: Vec<String>, known: Vec<String> },
    /// A file that is written lies in a folder that is packed.
    #[error("{path} would lie in {folder}, which is packed as a dependency")]
    Inside { path: String, folder: String },

    // Downloads.
    /// A server has no such file.
    #[error("there is no file at {url}")]
    NoFile { url: String, source: Said },
    /// A server does not give the file to us.
    #[error("{url} does not let us in")]
    Refused { url: String, source: Said },
    /// A server fails.
    #[error("{url} cannot be downloaded")]
    Failed { url: String, source: Said },
    /// A server stopped in the middle.
    #[error("{url} broke off after {received} bytes")]
    BrokeOff { url: String, received: u64, source: Said },
    /// What is at a place is not what the manifest means.
    #[error("{place} is another file{}\n  expected sha256 {expected}\n     found sha256 {found}, {size} bytes", kind(*is_page))]
    WrongDigest { place: String, expected: Sha256, found: Sha256, size: u64, is_page: bool },
    /// What is at a place is too large for any bundle.
    #[error("{url} is larger than {} MB", limit >> 20)]
    TooLarge { url: String, limit: u64 },
}

impl DependencyError {
    /// See [`Error::hint`].
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unobtainable { source, .. } => return source.hint(),
            Self::Unknown { nearest, .. } if !nearest.is_empty() => {
                format!("near are {}", nearest.join(", "))
            }
            Self::Unknown { known, .. } if known.is_empty() => "the manifest has none".to_owned(),
            Self::Unknown { known, .. } => format!("there are {}", known.join(", ")),
            Self::Inside { .. } => "write to another place with --output".to_owned(),
            Self::NoFile { .. } => {
                "check the url; a private file looks the same to who may not read it: download \
                 that yourself, and give it with --dep NAME=FILE"
                    .to_owned()
            }
            Self::Refused { .. } | Self::WrongDigest { is_page: true, .. } => {
                "download it yourself, and give it with --dep NAME=FILE".to_owned()
            }
            Self::Failed { .. } | Self::BrokeOff { .. } => {
                "try again later, or give the file with --dep NAME=FILE".to_owned()
            }
            Self::WrongDigest { .. } => {
                "ask its author which one is right, before you write another sha256".to_owned()
            }
            Self::TooLarge { .. } => "Redis Enterprise takes no bundle of that size".to_owned(),
        };
        Some(hint)
    }

    /// See [`Error::exit_code`].
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unobtainable { source, .. } => source.exit_code(),
            Self::Unknown { .. } => 2,
            Self::Refused { .. } | Self::Failed { .. } | Self::BrokeOff { .. } => 4,
            Self::NoFile { .. } => 5,
            Self::Inside { .. } => 9,
            Self::WrongDigest { .. } | Self::TooLarge { .. } => 11,
        }
    }
}

fn kind(is_page: bool) -> &'static str {
    if is_page { ": a web page" } else { "" }
}
