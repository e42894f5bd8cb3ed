//! Options that say what is told of a bundle, and where.
//!
//! In: how the module came to be known, the metadata. Out: texts on stderr.

use std::path::PathBuf;

use clap::Args;

use super::Talk;
use super::show::{self, Packed};
use crate::bundle::Known;

#[derive(Args)]
pub struct TellingOptions {
    /// Print the path that the bundle would have, and write no bundle
    #[arg(short = 'P', long, conflicts_with_all = ["json", "dry_run"])]
    pub print_filename_only: bool,

    /// Write the path to this file, without a line end
    #[arg(long, value_name = "FILE")]
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
}
