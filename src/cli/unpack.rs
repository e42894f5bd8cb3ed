//! `rampkit unpack`: a bundle → its files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Talk;
use crate::bundle::{self, Naming, Unpacking, Wanted};
use crate::error::{Error, IoContext as _};
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
        let paths = self.unpack(&self.directory, Naming::AsItIs, talk)?;
        paths.iter().try_for_each(|path| talk.line(&path.display().to_string()))
    }

    /// Unpacks as ramp-packer does: `module.json` is called after the module; stdout is the absolute
    /// paths, its own first.
    pub fn run_as_ramp(&self, talk: &Talk) -> Result<(), Error> {
        let folder = std::path::absolute(&self.directory).at("find", &self.directory)?;
        let mut paths = self.unpack(&folder, Naming::ByModule, talk)?;
        let is_json = |path: &Path| path.extension().is_some_and(|it| it == "json");
        paths.sort_by_key(|path| path.parent() != Some(&folder) || !is_json(path));
        paths.iter().try_for_each(|path| talk.line(&path.display().to_string()))
    }

    /// The paths of the files, in the bundle's order.
    fn unpack(&self, folder: &Path, naming: Naming, talk: &Talk) -> Result<Vec<PathBuf>, Error> {
        let wanted = match (self.deps_only, self.metadata_only) {
            (true, _) => Wanted::Dependencies,
            (_, true) => Wanted::Metadata,
            _ => Wanted::All,
        };
        let Self { bundle, force, .. } = self;
        let unpacking = Unpacking { bundle, wanted, folder, naming, force: *force };
        let extraction = bundle::extract(&unpacking)?;
        talk.warn(&extraction.warnings)?;
        let unchanged = extraction.unchanged();
        let paths = extraction.publish()?;
        let mut summary = format!("{}: {}", bundle.display(), plural(paths.len(), "file", "files"));
        if unchanged > 0 {
            let _ = write!(summary, ", {unchanged} of them there already");
        }
        talk.report.done("Unpacked", summary);
        Ok(paths)
    }
}
