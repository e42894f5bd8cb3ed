//! `rampkit schema`: what editors ask of a file that people write.

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Args, Command, ValueEnum};

use super::pack::Pack;
use super::{Talk, text};
use crate::error::Error;
use crate::schema::{self, Setting, Shape};

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
    /// Modules for pack --all
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
    let pack = Pack::augment_args(Command::new("pack"));
    pack.get_arguments().filter(|option| !option.is_hide_set()).map(setting).collect()
}

fn setting(option: &Arg) -> Setting {
    let name = option.get_long().unwrap_or(option.get_id().as_str()).to_owned();
    let about = option.get_help().map(StyledStr::to_string).unwrap_or_default();
    let is_list = matches!(option.get_action(), ArgAction::Append);
    Setting { name, about: about.replace('\n', " "), shape: shape(option), is_list }
}

fn shape(option: &Arg) -> Shape {
    let words = option.get_possible_values();
    let has = |what: &str| {
        option.get_value_names().unwrap_or_default().iter().any(|name| name.contains(what))
    };
    let may_be_bare = option.get_num_args().is_some_and(|count| count.min_values() == 0);
    match option.get_action() {
        ArgAction::SetTrue => Shape::Truth,
        _ if may_be_bare => Shape::TextOrTruth,
        _ if !words.is_empty() => {
            Shape::Choice(words.iter().map(|word| word.get_name().to_owned()).collect())
        }
        _ if has("=") => Shape::Pairs,
        _ if has("JSON") => Shape::Json,
        _ => Shape::Text,
    }
}
