//! A RAMP bundle: the module, its `module.json`, and its dependencies, in one zip.
//!
//! In: [`Metadata`] that is settled and a [`Tree`]. Out: a file that appears whole, after our own
//! reader has found in it what was to be written, or not at all.

mod asking;
mod author;
mod check;
mod commit;
mod dependency;
pub mod diff;
pub mod inspect;
mod locate;
mod names;
mod nodes;
mod open;
mod pack;
mod read_back;
mod request;
mod said;
mod unpack;
mod validate;

use std::path::{Path, PathBuf};

use crate::archive::zip;
use crate::digest::Sha256;
use crate::error::{BundleError, DependencyError, Error};
use crate::metadata::Metadata;
use crate::staged::{self, Staged};
use crate::tree::Tree;
use crate::warning::Warning;

pub use dependency::{Awaited, Embed, Network, Obtained, Sources};
pub use locate::locate;
pub use names::check as check_names;
pub use open::Opened;
pub use pack::{Described, Known, describe, pack};
use read_back::{Fault, read_back};
pub use request::Request;
pub use unpack::{Extraction, Naming, Unpacking, Wanted, extract};
pub use validate::{Rules, Target, fitting, validate};

/// How large a bundle, or a file in it, may be for Redis Enterprise, in bytes: 500 MB.
pub const SIZE_LIMIT: u64 = 500 << 20;

/// What a bundle holds.
#[derive(Debug)]
pub struct Bundle {
    /// What `module.json` says.
    pub metadata: Metadata,
    /// The entries of the zip: the module, `module.json`, `deps/…`, in the reference packer's order.
    pub tree: Tree,
    /// How the module came to be known.
    pub known: Known,
    /// What its author should know.
    pub warnings: Vec<Warning>,
    /// Dependencies that were downloaded.
    pub obtained: Vec<Obtained>,
    /// Dependencies that `tree` lacks until they are downloaded; none but where the network is spared.
    pub awaited: Vec<Awaited>,
    /// Files and folders of this machine that dependencies were made of.
    pub inputs: Vec<PathBuf>,
}

impl Bundle {
    /// Whether it has all that it shall have, and can be staged.
    pub fn is_complete(&self) -> bool {
        self.awaited.is_empty()
    }

    /// A file at `path` would be none of those that dependencies are made of, nor lie in one of
    /// their folders: there it would be packed the next time.
    ///
    /// # Errors
    /// [`Error::IsAnInput`], [`DependencyError::Inside`].
    pub fn check_apart(&self, path: &Path) -> Result<(), Error> {
        if self.inputs.iter().any(|input| staged::is_same(input, path)) {
            return Err(Error::IsAnInput { path: path.to_owned() });
        }
        let Ok(lies_in) = staged::folder_of(path).canonicalize() else { return Ok(()) };
        let around =
            |input: &&PathBuf| input.canonicalize().is_ok_and(|it| lies_in.starts_with(it));
        match self.inputs.iter().find(around) {
            None => Ok(()),
            Some(folder) => Err(DependencyError::Inside {
                path: path.display().to_string(),
                folder: folder.display().to_string(),
            }
            .into()),
        }
    }

    /// Writes the bundle for `target` and reads it back; it does not appear until it is published.
    /// Returns the digest of the file as well.
    ///
    /// # Errors
    /// [`Error::Io`]; [`BundleError::Changed`] where the module is no longer the one that was
    /// described; [`BundleError::NotWhatWasWritten`] where the storage gives back something else;
    /// [`BundleError::Refused`] for a bundle that nobody would take.
    pub fn stage(&self, target: &Path, request: &Request) -> Result<(Staged, Sha256), Error> {
        let mut staged = Staged::new(target)?;
        let Request { settings, meter, .. } = request;
        let written = zip::write(&self.tree, settings, meter, staged.file(), target)?;
        let described = self.metadata.text("sha256");
        if let Some((path, digest)) = written.first()
            && described != Some(&digest.to_string())
        {
            return Err(BundleError::Changed { path: path.into() }.into());
        }
        let described = dependency::digests(&self.metadata);
        let differs =
            |(path, digest): &&zip::Sealed| described.get(path).is_some_and(|it| it != digest);
        if let Some((path, _)) = written.iter().find(differs) {
            return Err(BundleError::Changed { path: path.into() }.into());
        }
        let digest = read_back(staged.file(), &written, meter).map_err(|fault| match fault {
            Fault::Unreadable(source) => {
                Error::Io { action: "read back", path: target.to_owned(), source }
            }
            Fault::Differs => BundleError::NotWhatWasWritten { path: target.to_owned() }.into(),
            Fault::Refused(finding) => {
                BundleError::Refused { path: target.to_owned(), why: finding.message }.into()
            }
        })?;
        Ok((staged, digest))
    }
}
