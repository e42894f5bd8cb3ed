//! `rampkit fetch`: a repository and a ref → the manifest, and `ramp.lock` beside it.

mod list;

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::Talk;
use crate::error::Error;
use crate::http::certificates;
use crate::source::{self, Access, Address, Locked, Overwrite, Reference, Wanted};

/// Fetch a module's ramp.yml as a tag, a branch or a commit has it, and a ramp.lock that says so
#[derive(Args)]
pub struct Fetch {
    /// https, http, ssh, git or file address, `host:path`, a local folder, or `owner/name` on GitHub
    #[arg(value_name = "REPO")]
    address: String,

    /// tags/v1.2.3, v1.2.3, heads/x, a branch, a commit id, or `latest` for the highest release
    #[arg(value_name = "REF", required_unless_present = "list")]
    reference: Option<String>,

    /// Print the tags of REPO instead, the highest last, with their dates where these are cheap
    #[arg(long, conflicts_with_all = ["reference", "path", "output", "force"])]
    list: bool,

    /// Print the list as JSON
    #[arg(long, requires = "list", conflicts_with = "reference")]
    json: bool,

    /// The manifest's path in the repository [default: the first of the known places]
    #[arg(long, value_name = "PATH", value_parser = NonEmptyStringValueParser::new())]
    path: Option<String>,

    /// Where to write the manifest; `-` for stdout, without ramp.lock
    #[arg(short, long, value_name = "FILE", default_value = "ramp.yml")]
    output: PathBuf,

    /// Overwrite a manifest that was edited by hand
    #[arg(long)]
    force: bool,

    /// Trust the certificates of this PEM file too
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
}

impl Fetch {
    pub(super) fn run(&self, talk: &Talk) -> Result<(), Error> {
        let address: Address = self.address.parse()?;
        let reference: Option<Reference> = self.reference.as_deref().map(str::parse).transpose()?;
        self.cacert.as_deref().map(certificates).transpose()?;
        let access = Access { cacert: self.cacert.clone(), ..Access::default() };
        let Some(reference) = reference else {
            return list::run(&address, &access, self.json, talk);
        };
        let wanted = self.path.clone().map_or(Wanted::First, Wanted::At);
        let fetched = source::fetch(&address, &reference, &wanted, &access)?;
        talk.warn(&fetched.warnings)?;
        for manifest in &fetched.manifests {
            if self.output.as_os_str() == "-" {
                talk.product(&manifest.contents)?;
            } else {
                let overwrite = if self.force { Overwrite::Force } else { Overwrite::Refuse };
                manifest.save(&self.output, overwrite)?;
                talk.line(&self.output.display().to_string())?;
            }
            tell(manifest, talk);
        }
        Ok(())
    }
}

fn tell(manifest: &Locked, talk: &Talk) {
    let Locked { lock, contents } = manifest;
    let commit = &lock.commit.to_string()[..7];
    let at = match lock.reference.strip_prefix("refs/") {
        Some(name) => format!("{name} ({commit})"),
        None => commit.to_owned(),
    };
    let size = contents.len();
    let what = format!("{} at {at} of {}, {size} bytes", lock.path, lock.repository);
    talk.report.done("Fetched", what);
}
