//! Why a manifest cannot be followed that is a template, or must be strict.

use std::path::{Path, PathBuf};

use super::{Error, Location};
use crate::wording;

/// Why there is nothing to pack by.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// Variables of a template that have no value.
    #[error("{}", undefined(path, places, *further))]
    Undefined {
        /// The manifest.
        path: PathBuf,
        /// The names and places of the first, in the order of the text; there is at least one.
        places: Vec<(String, Location)>,
        /// How many there are behind these.
        further: usize,
        /// The names that have a value.
        known: Vec<String>,
        /// Which name without a value looks like which that has one, in words.
        likeness: Option<String>,
    },
    /// A value that would not stay where it is put.
    #[error("the value that {giver} gives to {{{{{name}}}}} has more than one line")]
    VariableOfLines {
        /// The variable.
        name: String,
        /// Who gives it.
        giver: String,
    },
    /// Variables of a template that only the module tells, and it does not.
    #[error("{} needs {}, and the module could not be asked for it", path.display(), names.join(", "))]
    Underivable {
        /// The manifest.
        path: PathBuf,
        /// Their names.
        names: Vec<&'static str>,
        /// Why it could not be loaded.
        #[source]
        source: Box<Error>,
    },
    /// Keys that are no fields, where all must be.
    #[error("{}", keys.iter().map(UnknownKey::line).collect::<Vec<_>>().join("\n"))]
    UnknownKeys {
        /// All of them, in the order of the text; there is at least one.
        keys: Vec<UnknownKey>,
    },
}

/// A key that is no field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKey {
    /// File, line and column.
    pub place: String,
    /// The key.
    pub key: String,
    /// The field that looks most like it.
    pub nearest: Option<&'static str>,
}

impl UnknownKey {
    fn line(&self) -> String {
        let near = self.nearest.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
        format!("{}: unknown key {:?}{near}", self.place, self.key)
    }
}

impl ManifestError {
    /// See [`Error::hint`].
    pub fn hint(&self) -> String {
        match self {
            Self::Undefined { places, known, likeness, .. } => {
                let near = likeness.as_ref().map(|words| format!("{words}; ")).unwrap_or_default();
                let (known, name) = (wording::first(known, MOST_NAMES), &places[0].0);
                format!(
                    "{near}there are {known}; give the value with --define {name}=…, or let what has no \
                     value be empty with --allow-undefined"
                )
            }
            Self::VariableOfLines { .. } => {
                "in the manifest it would begin new lines; give it one line".to_owned()
            }
            Self::Underivable { names, source, .. } => {
                let spared: Vec<String> =
                    names.iter().map(|name| format!("--define {name}=…")).collect();
                let hint = source.hint().map(|hint| format!("; else {hint}")).unwrap_or_default();
                format!("give it yourself: {}{hint}", spared.join(" "))
            }
            Self::UnknownKeys { .. } => {
                "mend or remove them, or leave --strict out; then they are ignored".to_owned()
            }
        }
    }

    /// See [`Error::exit_code`].
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Underivable { source, .. } => source.exit_code(),
            _ => 6,
        }
    }
}

/// How many of the names that there are stand in a hint.
const MOST_NAMES: usize = 20;

/// The first with its line, others with their places, the rest by their number.
fn undefined(path: &Path, places: &[(String, Location)], further: usize) -> String {
    let mut said = String::new();
    for (name, location) in places {
        let place = format!("{}{}", path.display(), location.suffix());
        said += &match said.is_empty() {
            true => format!("{place}: {{{{{name}}}}} has no value{}", location.excerpt()),
            false => format!("\n{place}: {{{{{name}}}}} has no value"),
        };
    }
    if further > 0 {
        said += &format!("\nand {further} more");
    }
    said
}
