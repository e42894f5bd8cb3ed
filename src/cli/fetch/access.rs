//! Options that say how repositories are reached.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::error::Error;
use crate::http::certificates;
use crate::source::Access;

#[derive(Args)]
pub struct AccessOptions {
    /// Trust the certificates of this PEM file too
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,

    /// Leave the network alone: take what is no local folder from the cache, by a full commit id or
    /// with --locked
    #[arg(long)]
    offline: bool,
}

impl AccessOptions {
    /// What they say; the certificates are there.
    ///
    /// # Errors
    /// Those of [`certificates`].
    pub fn access(&self) -> Result<Access, Error> {
        self.cacert.as_deref().map(certificates).transpose()?;
        Ok(Access { cacert: self.cacert.clone(), offline: self.offline })
    }

    /// The files that are read for them.
    pub fn files(&self) -> Vec<&Path> {
        self.cacert.iter().map(PathBuf::as_path).collect()
    }
}
