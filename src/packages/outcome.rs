//! What a run has made, for programs.
//!
//! In: the packages, and what else is known of them. Out: a value, shown by `--json` or written to a
//! file as YAML or JSON.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Order, Package, write};
use crate::bundle::Bundle;
use crate::error::Error;
use crate::staged::Staged;

/// What a run has made.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// All packages; the first is the bundle.
    pub packages: Vec<Package>,
    /// The module.yaml that points at the first.
    pub module_yaml: Option<String>,
    /// What `{variant}` is in names, without its dash.
    pub variant: Option<String>,
    /// What `{branch}` is in names, where it is known.
    pub branch: Option<String>,
    /// What module.json says.
    pub metadata: Value,
}

/// The file that tells what was made, in the format that its name ends in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFile {
    path: PathBuf,
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Yaml,
}

impl Outcome {
    pub(super) fn new(
        order: &Order,
        bundle: &Bundle,
        branch: Option<String>,
        packages: &[Package],
    ) -> Self {
        Self {
            packages: packages.to_vec(),
            module_yaml: None,
            variant: order.names.variant.clone(),
            branch,
            metadata: bundle.metadata.to_value(),
        }
    }
}

impl ResultFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn stage(&self, outcome: &Outcome) -> Result<Staged, Error> {
        let text = match self.format {
            Format::Json => serde_json::to_string_pretty(outcome).map(|text| text + "\n").ok(),
            Format::Yaml => serde_yaml::to_string(outcome).ok(),
        };
        write::text(&self.path, text.expect("texts, numbers, lists and objects").as_bytes())
    }
}

impl FromStr for ResultFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = PathBuf::from(text);
        let format = match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => Format::Json,
            Some("yaml" | "yml") => Format::Yaml,
            _ => return Err("a result file ends in .json, .yaml or .yml".to_owned()),
        };
        Ok(Self { path, format })
    }
}

/// A path as a text; what is not UTF-8 is replaced.
pub(super) fn shown<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

pub(super) fn shown_if_any<S: Serializer>(
    path: &Option<PathBuf>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    path.as_ref().map(|path| path.to_string_lossy()).serialize(serializer)
}
