//! Options that say what is told of a bundle, and where.
//!
//! In: how the module came to be known, the metadata, the path of the bundle. Out: texts on stderr, and
//! the file that holds the path.

use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Talk;
use super::show::{self, Packed};
use crate::bundle::Known;
use crate::error::{Error, IoContext};
use crate::packages::Order;
use crate::staged::{self, Staged};

#[derive(Args)]
pub struct TellingOptions {
    /// Print the path that the bundle would have, and write no bundle
    #[arg(short = 'P', long, conflicts_with_all = ["json", "dry_run", "all"])]
    pub print_filename_only: bool,

    /// Write the path to this file, without a line end
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub packname_file: Option<PathBuf>,

    /// Show the metadata
    #[arg(short, long)]
    verbose: bool,

    /// Show the metadata, what the module is loaded with, what it writes and what it registers
    #[arg(long)]
    debug: bool,
}

impl TellingOptions {
    /// Whether the metadata is wanted too.
    pub fn is_verbose(&self) -> bool {
        self.verbose || self.debug
    }

    /// Shows how a module came to be known, if that is wanted.
    pub fn say_known(&self, talk: &Talk, known: &Known) {
        if self.debug {
            talk.report.aside(show::known(known));
        }
    }

    /// Shows the metadata to a person, if it is wanted.
    pub fn say_metadata(&self, talk: &Talk, packed: &Packed) {
        if self.is_verbose() {
            talk.report.aside(packed.metadata());
        }
    }

    /// The file for the bundle's path; it does not appear until it is published.
    ///
    /// # Errors
    /// [`Error::IsAnInput`], [`Error::Usage`] where it would be another file of the run; [`Error::Io`].
    pub fn note(&self, order: &Order, path: &Path) -> Result<Option<Staged>, Error> {
        let Some(file) = &self.packname_file else { return Ok(None) };
        let inputs = [Some(&*order.request.module), order.request.manifest_file()];
        if inputs.into_iter().flatten().any(|input| staged::is_same(input, file)) {
            return Err(Error::IsAnInput { path: file.clone() });
        }
        if staged::is_same(file, path) {
            let file = file.display();
            return Err(Error::Usage(format!("{file} cannot be both bundle and packname file")));
        }
        let mut note = Staged::new(file)?;
        note.file().write_all(path.as_os_str().as_bytes()).at("write", file)?;
        Ok(Some(note))
    }
}
