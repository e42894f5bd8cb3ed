//! `rampkit dockerfile`: module.yaml files and bundles → one Dockerfile, and what its build needs.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::gathering::{GatheringOptions, TargetOptions};
use super::output::OutputOptions;
use super::{Talk, text};
use crate::assembly::{self, Context, Plan, Request, dockerfile, is_ours, outline};
use crate::error::Error;
use crate::install::{self, Gathered};
use crate::manifest::Place;
use crate::wording::plural;

/// Assemble modules into one image: module.yaml files and bundles → a Dockerfile
#[derive(Args)]
pub struct Dockerfile {
    #[command(flatten)]
    gathering: GatheringOptions,

    #[command(flatten)]
    target: TargetOptions,

    /// The redis.conf that `config` of modules and targets changes [default: an empty one]
    #[arg(long, value_name = "FILE")]
    redis_conf: Option<PathBuf>,

    #[command(flatten)]
    output: OutputOptions,

    /// Collect the Dockerfile and all that its build needs in a folder, new or made so before
    #[arg(long, value_name = "FOLDER", conflicts_with = "output")]
    context: Option<PathBuf>,

    /// Print what the image would hold and why, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Print that as JSON
    #[arg(long, requires = "dry_run")]
    json: bool,
}

impl Dockerfile {
    /// Writes the Dockerfile; stdout is its text, or the paths of what was written.
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        let asked = self.gathering.asked(self.target)?;
        let redis_conf = self.redis_conf.map(Place::from);
        let inputs = asked.files.iter().chain(&redis_conf).filter_map(Place::file);
        self.output.check_apart(inputs)?;
        let redis_conf = redis_conf.map(|place| place.read()).transpose()?;
        let Gathered { made_of, target, origin, installation, warnings, folders: _folders } =
            install::gather(&asked)?;
        let context = match self.context {
            Some(_) => Context::Collected,
            None => Context::InPlace(PathBuf::from(".")),
        };
        let modules = installation.modules;
        let request = Request { made_of, target, origin, modules, context, redis_conf };
        let assembled = assembly::assemble(&request)?;
        talk.warn(&[&warnings[..], &assembled.warnings[..]].concat())?;
        let plan = &assembled.plan;
        match (self.dry_run, self.json, self.context) {
            (true, true, _) => return talk.line(&text::json(&json!(plan))),
            (true, false, _) => return talk.product(outline(plan).as_bytes()),
            (false, _, None) => self.output.write(talk, &dockerfile(plan), is_ours)?,
            (false, _, Some(folder)) => {
                assembled.write(&folder, self.output.force)?;
                talk.line(&folder.display().to_string())?;
            }
        }
        talk.report.done("Assembled", summary(plan));
        Ok(())
    }
}

fn summary(plan: &Plan) -> String {
    format!("{} on {}", plural(plan.modules.len(), "module", "modules"), plan.base)
}
