//! `rampkit unpack`: a bundle → its files.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::Talk;
use crate::bundle::{self, Unpacking, Wanted};
use crate::error::Error;
use crate::wording::plural;

/// Unpack a bundle: the module, module.json as it is, and its dependencies, all verified
#[derive(Args)]
pub struct Unpack {
    /// The bundle
    bundle: PathBuf,

    /// The folder to unpack into; made where there is none
    #[arg(short = 'C', long, value_name = "DIR", default_value = ".")]
    directory: PathBuf,

    /// Unpack what lies in deps/ alone
    #[arg(long, conflicts_with = "metadata_only")]
    deps_only: bool,

    /// Unpack module.json alone
    #[arg(long)]
    metadata_only: bool,

    /// Replace other files that have the names of the bundle's
    #[arg(long)]
    force: bool,
}

impl Unpack {
    /// Unpacks; stdout is the paths of the files.
    pub fn run(&self, talk: &Talk) -> Result<(), Error> {
        let wanted = match (self.deps_only, self.metadata_only) {
            (true, _) => Wanted::Dependencies,
            (_, true) => Wanted::Metadata,
            _ => Wanted::All,
        };
        let Self { bundle, directory, force, .. } = self;
        let unpacking = Unpacking { bundle, wanted, folder: directory, force: *force };
        let extraction = bundle::extract(&unpacking)?;
        talk.warn(&extraction.warnings)?;
        let unchanged = extraction.unchanged();
        let paths = extraction.publish()?;
        let mut summary = format!("{}: {}", bundle.display(), plural(paths.len(), "file", "files"));
        if unchanged > 0 {
            let _ = write!(summary, ", {unchanged} of them there already");
        }
        talk.report.done("Unpacked", summary);
        paths.iter().try_for_each(|path| talk.line(&path.display().to_string()))
    }
}
