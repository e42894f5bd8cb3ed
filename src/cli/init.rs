//! `rampkit init`: a module's file → what its author begins with.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Talk;
use super::discovery::{LoadingOptions, say_loaded};
use crate::bundle;
use crate::error::Error;
use crate::staged::{folder_of, is_same};
use crate::starter::{Learned, Starter};
use crate::wording::typed;

/// Begin a ramp.yml, a module.yaml, and a Dockerfile that packs the module in its image
#[derive(Args)]
pub struct Init {
    /// The module's .so; else the only one here or where images keep modules
    #[arg(value_name = "MODULE.so")]
    module: Option<PathBuf>,

    /// Arguments to load it with; behind `--` where they begin with a dash
    arguments: Vec<String>,

    /// The image that has the module [default: a name to replace]
    #[arg(long, value_name = "IMAGE", value_parser = image)]
    image: Option<String>,

    /// Where to, made where it is not there [default: the current folder]
    #[arg(short = 'C', long, value_name = "DIR")]
    directory: Option<PathBuf>,

    #[command(flatten)]
    loading: LoadingOptions,
}

impl Init {
    /// Writes all of them, or none; stdout is their paths.
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        let directory = self.directory.unwrap_or_default();
        Starter::check_free(&directory)?;
        let module = match &self.module {
            Some(module) => module.clone(),
            None => bundle::locate(Path::new("."))?,
        };
        let method = self.loading.method()?;
        let Learned { known, source, warnings } =
            Learned::of(&module, self.arguments, &method, self.image)?;
        talk.warn(&warnings)?;
        say_loaded(talk, &known.discovered, &source);
        let written = Starter::new(&known).publish(&directory)?;
        talk.report.done("Next", format!("fill in ramp.yml, then {}", pack(&module, &written)));
        let paths: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        talk.line(&paths.join("\n"))
    }
}

/// How the module is packed with the manifest and the module.yaml among `written`.
fn pack(module: &Path, written: &[PathBuf]) -> String {
    let (manifest, module_yaml) = (&written[0], &written[1]);
    let mut line = format!("rampkit pack {}", typed(&module.to_string_lossy()));
    if !is_same(manifest, Path::new("ramp.yml")) {
        line += &format!(" -m {}", typed(&manifest.to_string_lossy()));
    }
    if !is_same(module_yaml, &folder_of(module).join("module.yaml")) {
        line += &format!(" --module-yaml {}", typed(&module_yaml.to_string_lossy()));
    }
    line
}

/// A reference is made of these; whether there is such an image only a registry knows.
fn image(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/:@[]".contains(c);
    let begins = |c: char| c.is_ascii_alphanumeric() || c == '[';
    match text.starts_with(begins) && text.chars().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err("an image is [HOST/]NAME[:TAG][@DIGEST]".to_owned()),
    }
}
