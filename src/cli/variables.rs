//! Options that give values to the variables of a manifest.

use std::convert::Infallible;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::error::Error;
use crate::manifest::template::is_name;
use crate::manifest::{Giver, Place, Variables, definitions};

#[derive(Args)]
#[command(next_help_heading = "Values for {{NAME}} in the manifest")]
pub struct VariableOptions {
    /// Give {{NAME}} a value; repeatable. Any other text is the --description
    #[arg(short = 'D', value_name = "NAME=VALUE", allow_hyphen_values = true,
        value_parser = either)]
    definitions: Vec<Short>,

    /// Give {{NAME}} a value; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = definition)]
    define: Vec<(String, String)>,

    /// Take values from a file: lines NAME=VALUE, or a mapping in YAML or JSON; repeatable
    #[arg(long = "define-file", value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Take values from variables of the environment that begin with PREFIX, without it; repeatable
    #[arg(long = "define-env", value_name = "PREFIX")]
    prefixes: Vec<String>,

    /// Let what has no value be empty
    #[arg(long)]
    allow_undefined: bool,
}

/// What stands behind `-D`.
#[derive(Clone)]
pub enum Short {
    /// A variable and its value.
    Definition(String, String),
    /// The description of the module, as in the reference packer.
    Description(String),
}

impl VariableOptions {
    /// The values: those of `--define` over those of `-D` over those of files over those of the
    /// environment, each later one over the earlier.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::NotText`], [`Error::BadText`] for a file.
    pub fn read(&self) -> Result<Variables, Error> {
        let mut variables = Variables::default();
        variables.allow_undefined = self.allow_undefined;
        for prefix in &self.prefixes {
            let text = |(name, value): (OsString, OsString)| {
                Some((name.into_string().ok()?, value.into_string().ok()?))
            };
            variables.define_from(prefix, std::env::vars_os().filter_map(text));
        }
        for file in &self.files {
            let place = Place::from(file.clone());
            variables.files.extend(place.file().map(Path::to_owned));
            for (name, value) in definitions::read(&place.read()?, place.name())? {
                variables.define(&name, &value, Giver::File(place.name().to_owned()));
            }
        }
        let short = self.definitions.iter().filter_map(|short| match short {
            Short::Definition(name, value) => Some((name, value)),
            Short::Description(_) => None,
        });
        let long = self.define.iter().map(|(name, value)| (name, value));
        for (name, value) in short.chain(long) {
            variables.define(name, value, Giver::Option);
        }
        Ok(variables)
    }

    /// What `-D` says that is no definition, each time.
    pub fn descriptions(&self) -> impl Iterator<Item = &str> {
        self.definitions.iter().filter_map(|short| match short {
            Short::Description(text) => Some(text.as_str()),
            Short::Definition(..) => None,
        })
    }

    /// How many files, with this manifest, are stdin.
    pub fn stdin_files(&self, manifest: Option<&Path>) -> usize {
        let files = self.files.iter().map(PathBuf::as_path).chain(manifest);
        files.filter(|file| *file == Path::new("-")).count()
    }
}

fn either(text: &str) -> Result<Short, Infallible> {
    let is_definition = definition(text).map(|(name, value)| Short::Definition(name, value));
    Ok(is_definition.unwrap_or_else(|_| Short::Description(text.to_owned())))
}

/// `-D` that is always the description.
pub fn description(text: &str) -> Result<Short, Infallible> {
    Ok(Short::Description(text.to_owned()))
}

fn definition(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if is_name(name) => Ok((name.to_owned(), value.to_owned())),
        Some(_) => Err("a name has letters, digits and _, and no digit in front".to_owned()),
        None => Err("write it as --define NAME=VALUE".to_owned()),
    }
}
