//! Options that say what the module.yaml beside a bundle shall be.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::bundle::Bundle;
use crate::descriptor::{self, Artifact, Module, Rendered};
use crate::digest::Sha256;
use crate::error::{Error, IoContext};
use crate::staged::Staged;

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

/// A module.yaml that is ready to be written.
pub struct ModuleYaml {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub rendered: Rendered,
}

impl ModuleYamlArgs {
    /// Where the module.yaml of the bundle at `target` shall be; `None` where none is wanted.
    pub fn path(&self, target: &Path) -> Option<PathBuf> {
        let beside = || target.with_file_name("module.yaml");
        (!self.no_module_yaml).then(|| self.module_yaml.clone().unwrap_or_else(beside))
    }

    /// Its text, for the bundle at `target` with its digest.
    pub fn render(
        &self,
        bundle: &Bundle,
        target: &Path,
        sha256: Sha256,
    ) -> Result<Option<ModuleYaml>, Error> {
        let Some(path) = self.path(target) else { return Ok(None) };
        let redis_modules = std::env::var_os("REDIS_MODULES").map(PathBuf::from);
        let source = descriptor::source_in_container(target, redis_modules.as_deref())?;
        let text = |name| bundle.metadata.text(name).unwrap_or_default().to_owned();
        let module = Module {
            name: text("module_name"),
            version: text("semantic_version"),
            image: self.image.clone(),
            bundle: Artifact { source, target: None, user: self.user.clone() },
            sha256,
            artifacts: self.artifacts.clone(),
        };
        let rendered = descriptor::renew(&path, &module)?;
        Ok(Some(ModuleYaml { path, rendered }))
    }
}

impl ModuleYaml {
    /// Writes the file; it does not appear until it is published.
    pub fn stage(&self) -> Result<Staged, Error> {
        let mut staged = Staged::new(&self.path)?;
        staged.file().write_all(self.rendered.text.as_bytes()).at("write", &self.path)?;
        Ok(staged)
    }
}

fn owner(text: &str) -> Result<String, String> {
    let is_name = |name: &str| !name.is_empty() && !name.contains([' ', '/']);
    match text.split(':').count() <= 2 && text.split(':').all(is_name) {
        true => Ok(text.to_owned()),
        false => Err("an owner is USER or USER:GROUP, neither of them empty".to_owned()),
    }
}
