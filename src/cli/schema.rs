//! `rampkit schema`: what editors ask of a file that people write.

use clap::builder::StyledStr;
use clap::{Arg, Args, ValueEnum};

use super::settings::{Options, is_list, name_of, shape};
use super::{Talk, text};
use crate::error::Error;
use crate::schema::{self, Setting};

/// Print the JSON schema of a file that people write, for editors and validators
#[derive(Args)]
pub struct Schema {
    /// Which file
    #[arg(value_enum, value_name = "FILE")]
    file: File,
}

#[derive(Clone, Copy, ValueEnum)]
enum File {
    /// A manifest
    #[value(name = "ramp.yml")]
    Manifest,
    /// What a Dockerfile to come shall copy
    #[value(name = "module.yaml")]
    ModuleYaml,
    /// A project: modules and platforms
    #[value(name = "rampkit.yaml")]
    Project,
}

impl Schema {
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        talk.line(&text::json(&match self.file {
            File::Manifest => schema::manifest(),
            File::ModuleYaml => schema::module_yaml(),
            File::Project => schema::project(&settings()),
        }))
    }
}

/// What can be set for a packing: the options of `pack`, by their names, and the module.
fn settings() -> Vec<Setting> {
    Options::of_pack().each().filter(|option| !option.is_hide_set()).map(setting).collect()
}

fn setting(option: &Arg) -> Setting {
    let about = option.get_help().map(StyledStr::to_string).unwrap_or_default();
    Setting {
        name: name_of(option),
        about: about.replace('\n', " "),
        shape: shape(option),
        is_list: is_list(option),
    }
}
