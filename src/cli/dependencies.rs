//! Options that say where the files of dependencies come from.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Talk;
use crate::bundle::{Bundle, Embed, Network, Sources};
use crate::error::Error;
use crate::http::certificates;

#[derive(Args)]
#[command(next_help_heading = "The dependencies in the bundle")]
pub struct DependencyOptions {
    /// Download the dependencies that have no local_path, and embed them; alone it means `required`
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true,
        default_missing_value = "required")]
    embed_deps: Option<Which>,

    /// Embed this file, or this folder as a .tgz, as the dependency NAME; repeatable
    #[arg(long = "dep", value_name = "NAME=FILE", value_parser = given)]
    given: Vec<(String, PathBuf)>,

    /// Trust the certificates of this PEM file too
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Those that the module needs
    Required,
    /// optional-dependencies as well
    All,
    /// None, and say nothing of it
    None,
}

impl DependencyOptions {
    /// What they ask for; a `dry_run` spares the network.
    ///
    /// # Errors
    /// [`Error::Usage`] for a dependency that is given twice; that of a bad PEM file.
    pub fn sources(&self, dry_run: bool) -> Result<Sources, Error> {
        for (index, (name, _)) in self.given.iter().enumerate() {
            if self.given[..index].iter().any(|(before, _)| before == name) {
                return Err(Error::Usage(format!("--dep gives {name} twice")));
            }
        }
        self.cacert.as_deref().map(certificates).transpose()?;
        Ok(Sources {
            embed: match self.embed_deps {
                None => Embed::Unsaid,
                Some(Which::None) => Embed::Nothing,
                Some(Which::Required) => Embed::Required,
                Some(Which::All) => Embed::All,
            },
            given: self.given.clone(),
            network: match dry_run {
                true => Network::Spared,
                false => Network::Used(self.cacert.clone()),
            },
        })
    }

    /// Whether `text` stands where a module should, and was meant for `--embed-deps`.
    pub fn is_astray(&self, text: &Path) -> bool {
        let text = text.to_str().unwrap_or_default();
        self.embed_deps == Some(Which::Required) && Which::from_str(text, false).is_ok()
    }
}

/// Says where downloaded files came from.
pub fn say_obtained(talk: &Talk, bundle: &Bundle) {
    for dependency in &bundle.obtained {
        let (name, size) = (&dependency.name, dependency.size);
        match &dependency.url {
            Some(url) => talk.report.done("Downloaded", format!("{name} from {url}, {size} bytes")),
            None => talk.report.done("Cached", format!("{name}, {size} bytes")),
        }
    }
}

fn given(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(file)))
        }
        _ => Err("it is written NAME=FILE, with the name of a dependency".to_owned()),
    }
}
