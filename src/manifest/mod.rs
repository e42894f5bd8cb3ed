//! What the module's author says: `ramp.yml`.
//!
//! In: the text of a manifest. Out: a [`Layer`] of fields with the warnings that its text deserves.
//! A manifest is data: nothing in it is ever evaluated. What the fields are stands in
//! [`fields`]; what becomes of them is not known here.

mod expand;
pub mod fields;
mod layer;
mod value;

use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use crate::error::{BundleError, Error, IoContext};
use crate::warning::Warning;

pub use expand::expand;
pub use layer::Layer;
pub use value::{Dependencies, Dependency, Kind, Override};

/// A manifest that was read.
#[derive(Debug)]
pub struct Manifest {
    /// The fields it gives.
    pub layer: Layer,
    /// What its author should know.
    pub warnings: Vec<Warning>,
}

impl Manifest {
    /// Reads the manifest at `path`.
    ///
    /// # Errors
    /// [`Error::Io`], and those of [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = fs::read(path).at("read", path)?;
        let text = String::from_utf8(bytes).map_err(|error| Error::NotText {
            path: path.to_owned(),
            offset: error.utf8_error().valid_up_to(),
        })?;
        Self::parse(&text, path)
    }

    /// Reads the text of a manifest; `path` is for messages.
    ///
    /// # Errors
    /// [`Error::BadText`] with line and column; [`BundleError::ManifestIsTemplate`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        // Some editors begin a file with a mark that the reader would take for a document.
        let text = text.trim_start_matches('\u{feff}');
        let variables = template_variables(text);
        if !variables.is_empty() {
            return Err(BundleError::ManifestIsTemplate { path: path.to_owned(), variables }.into());
        }
        let read = from_json(text).map_or_else(|| from_yaml(text), Ok);
        let Read { as_it_is, layer, unknown } =
            read.map_err(|error| Error::yaml(path, text, &error))?;
        if as_it_is.is_empty() {
            let what = "it says nothing".to_owned();
            return Err(Error::BadText { path: path.to_owned(), what, location: None });
        }
        let mut warnings: Vec<Warning> =
            unknown.iter().map(|key| unknown_key(path, text, key)).collect();
        warnings.extend(as_it_is.iter().filter_map(|(key, value)| {
            let field = fields::find(key.as_str()?)?;
            habit(field, value, &layer, path)
        }));
        Ok(Self { layer, warnings })
    }
}

/// A text, read.
struct Read {
    as_it_is: serde_yaml::Mapping,
    layer: Layer,
    unknown: Vec<String>,
}

/// A `module.json` is not always the YAML that it looks like, which knows other line ends in texts.
fn from_json(text: &str) -> Option<Read> {
    let as_it_is = serde_json::from_str(text).ok()?;
    let mut json = serde_json::Deserializer::from_str(text);
    let (layer, unknown) = json.deserialize_map(Document).ok()?;
    Some(Read { as_it_is, layer, unknown })
}

fn from_yaml(text: &str) -> Result<Read, serde_yaml::Error> {
    let as_it_is = serde_yaml::from_str(text)?;
    let yaml = serde_yaml::Deserializer::from_str(text);
    let (layer, unknown) = yaml.deserialize_map(Document)?;
    Ok(Read { as_it_is, layer, unknown })
}

/// The top mapping: its known fields, and the keys that are none.
struct Document;

impl<'de> Visitor<'de> for Document {
    type Value = (Layer, Vec<String>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping of fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut layer, mut unknown) = (Layer::default(), Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            match fields::find(&key) {
                Some(field) => layer.set(field, map.next_value_seed(field.kind)?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                    unknown.push(key);
                }
            }
        }
        Ok((layer, unknown))
    }
}

fn unknown_key(path: &Path, text: &str, key: &str) -> Warning {
    let is_key = |line: &str| {
        let behind = line.trim_start_matches(['"', '\'']).strip_prefix(key);
        behind.is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
    };
    let line = text.lines().position(is_key);
    let at = line.map_or(String::new(), |line| format!(":{}", line + 1));
    let warning = Warning::new(format!("{}{at}: unknown key {key:?}", path.display()));
    match fields::near(key).first() {
        Some(near) => warning.advise(format!("did you mean {near:?}? as it stands it is ignored")),
        None => warning.advise("it is ignored"),
    }
}

/// A way of writing a value that works, and that its author should leave.
fn habit(
    field: &'static fields::Field,
    value: &serde_yaml::Value,
    layer: &Layer,
    path: &Path,
) -> Option<Warning> {
    let name = field.name;
    match field.kind {
        Kind::Version if value.is_number() => {
            let typed = layer.text(name)?;
            let message = format!("{}: {name} is the bare number {typed}", path.display());
            Some(Warning::new(message).advise(format!(
                "write {name}: \"{typed}\"; other readers of YAML drop the zeros at its end"
            )))
        }
        Kind::Texts if value.is_string() => {
            let message = format!("{}: {name} is one text instead of a list", path.display());
            Some(Warning::new(message).advise("it was split at its commas; write a YAML list"))
        }
        _ => None,
    }
}

/// The names of `{{NAME}}` variables, each once, sorted. What a comment says counts for nothing.
fn template_variables(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.split("{{").skip(1))
        .filter_map(|rest| rest.split_once("}}"))
        .map(|(name, _)| name.trim())
        .filter(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}
