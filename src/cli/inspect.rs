//! `rampkit inspect`: what a bundle or a module is, on one screen.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Talk;
use super::discovery::LoadingOptions;
use super::portrait::screen;
use super::{subject, text};
use crate::bundle::inspect::{Kind, Portrait};
use crate::error::Error;

/// Show what a bundle or a module is
#[derive(Args)]
pub struct Inspect {
    /// The bundle, or the module's .so
    #[arg(value_name = "BUNDLE|MODULE.so")]
    file: PathBuf,

    /// Arguments to load a module with; behind `--` where they begin with a dash
    arguments: Vec<String>,

    /// Print all of it as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    loading: LoadingOptions,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    /// Of its form: greater where a name was taken away or means something else.
    version: u32,
    path: &'a str,
    #[serde(flatten)]
    portrait: &'a Portrait,
}

impl Inspect {
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        let portrait = &subject::portrait(&self.file, &self.arguments, &self.loading, talk)?;
        if portrait.kind == Kind::Bundle && !self.arguments.is_empty() {
            let path = self.file.display();
            return Err(Error::Usage(format!(
                "{path} is a bundle, and arguments are for a module"
            )));
        }
        let path = &self.file.to_string_lossy();
        talk.line(&match self.json {
            true => text::json(&Document { version: 1, path, portrait }),
            false => screen(portrait, path),
        })
    }
}
