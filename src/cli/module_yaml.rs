//! Options that say what the module.yaml beside a bundle shall be.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::descriptor::Artifact;
use crate::packages::ModuleYaml;

#[derive(Args)]
#[command(next_help_heading = "The module.yaml that points at the bundle")]
pub struct ModuleYamlArgs {
    /// Where it is [default: module.yaml beside the bundle]
    #[arg(long, value_name = "PATH", conflicts_with = "no_module_yaml")]
    module_yaml: Option<PathBuf>,

    /// Write none
    #[arg(long)]
    no_module_yaml: bool,

    /// The image that holds the bundle
    #[arg(long, value_name = "IMAGE", value_parser = NonEmptyStringValueParser::new(),
        conflicts_with = "no_module_yaml")]
    image: Option<String>,

    /// Who shall own the bundle in the image to come [default: redislabs:redislabs]
    #[arg(long, value_name = "USER[:GROUP]", value_parser = owner,
        conflicts_with = "no_module_yaml")]
    user: Option<String>,

    /// Something else that the image to come shall have; repeatable
    #[arg(long = "artifact", value_name = "SOURCE[:TARGET]", conflicts_with = "no_module_yaml")]
    artifacts: Vec<Artifact>,
}

impl ModuleYamlArgs {
    /// What they ask for; `None` where none is wanted. (Where none is the default, one that is named
    /// is.)
    pub fn wanted(&self) -> Option<ModuleYaml> {
        (!self.no_module_yaml || self.module_yaml.is_some()).then(|| ModuleYaml {
            path: self.module_yaml.clone(),
            image: self.image.clone(),
            user: self.user.clone(),
            artifacts: self.artifacts.clone(),
        })
    }
}

fn owner(text: &str) -> Result<String, String> {
    let is_name = |name: &str| !name.is_empty() && !name.contains([' ', '/']);
    match text.split(':').count() <= 2 && text.split(':').all(is_name) {
        true => Ok(text.to_owned()),
        false => Err("an owner is USER or USER:GROUP, neither of them empty".to_owned()),
    }
}
