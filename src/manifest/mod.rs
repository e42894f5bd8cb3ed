//! What the module's author says: `ramp.yml`.
//!
//! In: the text of a manifest. Out: a [`Layer`] of fields with the warnings that its text deserves.
//! A manifest is data: nothing in it is ever evaluated. What the fields are stands in
//! [`fields`]; what becomes of them is not known here.

pub mod definitions;
mod expand;
pub mod fields;
mod habits;
mod layer;
mod lines;
mod place;
pub mod template;
mod value;
mod variables;
pub(crate) mod yaml;

use std::path::Path;

use serde::de::DeserializeSeed as _;

use crate::error::{Error, UnknownKey};
use crate::warning::Warning;

pub use expand::expand;
pub use layer::Layer;
pub use place::Place;
pub use value::{Dependencies, Dependency, Kind, Override};
pub use variables::{Giver, Variables};
use yaml::{Content, Fault, Mark, Node, Twice};

/// A manifest that was read.
#[derive(Debug)]
pub struct Manifest {
    /// The fields it gives.
    pub layer: Layer,
    /// What its author should know.
    pub warnings: Vec<Warning>,
    /// The keys that are no fields.
    pub unknown: Vec<UnknownKey>,
}

impl Manifest {
    /// Reads the text of a manifest without variables; `path` is for messages.
    ///
    /// # Errors
    /// [`Error::BadText`] with line and column.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        match (Self::from_yaml(text, path), layer_of_json(text)) {
            (Ok(read), Some(layer)) => Ok(Self { layer, ..read }),
            (Err(_), Some(layer)) => Ok(Self { layer, warnings: Vec::new(), unknown: Vec::new() }),
            (read, None) => read,
        }
    }

    fn from_yaml(text: &str, path: &Path) -> Result<Self, Error> {
        let (document, twice) = yaml::compose(text).map_err(|fault| fault.in_file(text, path))?;
        let nothing = || Fault::new(None, "it says nothing").in_file(text, path);
        let document = document.ok_or_else(nothing)?;
        Self::of(&document, &twice, path).map_err(|fault| fault.in_file(text, path))
    }

    fn of(document: &Node, twice: &[Twice], path: &Path) -> Result<Self, Fault> {
        let Content::Mapping(pairs) = &document.content else {
            return Err(Fault::new(Some(document.at), "a manifest is a mapping of fields"));
        };
        let mut manifest =
            Self { layer: Layer::default(), warnings: Vec::new(), unknown: Vec::new() };
        let warn = |(line, column): Mark, what: String, advice: String| {
            let message = format!("{}:{line}:{column}: {what}", path.display());
            Warning::new(message).advise(advice)
        };
        for Twice { at, key, .. } in twice {
            let (what, advice) = (format!("{key:?} stands there twice"), "the last one counts");
            manifest.warnings.push(warn(*at, what, advice.to_owned()));
        }
        for (key, value) in pairs {
            let name = key.text().unwrap_or_default();
            let Some(field) = fields::find(name) else {
                let place = format!("{}:{}:{}", path.display(), key.at.0, key.at.1);
                let nearest = fields::near(name).first().copied();
                manifest.unknown.push(UnknownKey { place, key: name.to_owned(), nearest });
                continue;
            };
            let habits = habits::of(field, value).into_iter();
            manifest.warnings.extend(habits.map(|(at, what, advice)| warn(at, what, advice)));
            let read = field.kind.deserialize(value);
            manifest.layer.set(field, read.map_err(|fault| fault.below(name))?);
        }
        Ok(manifest)
    }
}

impl From<&UnknownKey> for Warning {
    fn from(unknown: &UnknownKey) -> Self {
        let UnknownKey { place, key, nearest } = unknown;
        Self::new(format!("{place}: unknown key {key:?}")).advise(match nearest {
            Some(near) => format!("did you mean {near:?}? as it stands it is ignored"),
            None => "it is ignored".to_owned(),
        })
    }
}

/// A `module.json` is not always the YAML that it looks like, which knows other line ends in texts, and
/// other numbers.
fn layer_of_json(text: &str) -> Option<Layer> {
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    let mut layer = Layer::default();
    for (name, value) in members {
        if let Some(field) = fields::find(&name) {
            layer.set(field, field.kind.deserialize(value).ok()?);
        }
    }
    Some(layer).filter(|layer| layer.iter().next().is_some())
}
