//! `module.json`: every field, and where its value comes from.
//!
//! In: layers of fields, each from one [`Origin`]. Out: [`Metadata`], in which the value of the
//! highest origin stands, and its bytes as the reference packer writes them: keys sorted, indented
//! by four, no line end at the end. Precedence: the order of [`Origin`]; then excludes, overrides
//! and additions of commands.

pub mod capabilities;
mod commands;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::manifest::{Layer, fields};
use crate::warning::Warning;

/// Who says what a field is; a later one wins over an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody.
    Default,
    /// The machine it is packed on.
    Host,
    /// The author, in the manifest.
    Manifest,
    /// The module's file.
    File,
    /// The repository the module comes from.
    Repository,
    /// The module, when it was loaded.
    Module,
    /// An option of this run.
    Option,
}

/// The fields of a bundle's `module.json` while it is composed, and after.
#[derive(Clone, Debug)]
pub struct Metadata {
    fields: BTreeMap<&'static str, (Origin, Value)>,
}

impl Metadata {
    /// All defaults.
    pub fn new() -> Self {
        let mut metadata = Self { fields: BTreeMap::new() };
        metadata.add(Origin::Default, Layer::defaults());
        metadata
    }

    /// Adds what `origin` says; a field that a higher origin has given stays.
    pub fn add(&mut self, origin: Origin, layer: Layer) {
        for (name, value) in layer {
            match self.fields.get(name) {
                Some((higher, _)) if *higher > origin => {}
                _ => {
                    self.fields.insert(name, (origin, value));
                }
            }
        }
    }

    /// Computes what follows from other fields: the semantic version, the final list of commands.
    pub fn settle(&mut self) -> Vec<Warning> {
        if let (Some(origin), Some(version)) = (self.origin("version"), self.number("version"))
            && self.origin("semantic_version") < Some(origin)
        {
            self.fields.insert("semantic_version", (origin, semantic_version(version).into()));
        }
        if self.text("compatible_redis_version") == Some("") {
            self.fields.remove("compatible_redis_version");
        }
        let mut commands = self.read("commands");
        let warnings = commands::settle(
            &mut commands,
            &self.read::<Vec<String>>("exclude_commands"),
            &self.read::<Vec<_>>("overide_command"),
            self.read("add_command"),
        );
        self.replace("commands", serde_json::to_value(commands).expect("commands are JSON"));
        warnings
    }

    /// Who gave a field its value.
    pub fn origin(&self, name: &str) -> Option<Origin> {
        self.fields.get(name).map(|(origin, _)| *origin)
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).map(|(_, value)| value)
    }

    /// The text of a field that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The number of a field that is a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.as_u64()
    }

    /// A field as the type that its kind is read into; its empty value where it is not there.
    pub fn read<T: DeserializeOwned + Default>(&self, name: &str) -> T {
        let value = self.get(name).cloned();
        value.map(|value| serde_json::from_value(value).expect("of its kind")).unwrap_or_default()
    }

    /// Replaces the value of a field that is there; its origin stays.
    pub fn replace(&mut self, name: &str, value: Value) {
        if let Some((_, old)) = self.fields.get_mut(name) {
            *old = value;
        }
    }

    /// The fields that are written, sorted by name, with who gave each.
    pub fn written(&self) -> impl Iterator<Item = (&'static str, Origin, &Value)> {
        let is_written = |name: &str| fields::find(name).is_some_and(|field| field.written);
        self.fields
            .iter()
            .filter(move |(name, _)| is_written(name))
            .map(|(name, (origin, value))| (*name, *origin, value))
    }

    /// The fields that are written, as JSON.
    pub fn to_value(&self) -> Value {
        self.written().map(|(name, _, value)| (name.to_owned(), value.clone())).collect()
    }

    /// The bytes of `module.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let indent = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        let mut writer = serde_json::Serializer::with_formatter(&mut bytes, indent);
        self.to_value().serialize(&mut writer).expect("JSON to memory");
        bytes
    }
}

impl Default for Metadata {
    fn default() -> Self {
        Self::new()
    }
}

/// 10203 is 1.2.3: two decimal digits each for minor and patch.
pub fn semantic_version(version: u64) -> String {
    format!("{}.{}.{}", version / 10000, version / 100 % 100, version % 100)
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::Host => "this machine",
            Self::Manifest => "manifest",
            Self::File => "module file",
            Self::Repository => "repository",
            Self::Module => "module",
            Self::Option => "option",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(name: &'static str, value: impl Into<Value>) -> Layer {
        let mut layer = Layer::default();
        layer.put(name, value);
        layer
    }

    #[test]
    fn the_highest_origin_wins_in_whatever_order_they_come() {
        let mut metadata = Metadata::new();
        metadata.add(Origin::Option, layer("author", "option"));
        metadata.add(Origin::Manifest, layer("author", "manifest"));
        assert_eq!(metadata.text("author"), Some("option"));
        metadata.add(Origin::Manifest, layer("min_redis_version", "6.0"));
        assert_eq!(metadata.text("min_redis_version"), Some("6.0"));
    }

    #[test]
    fn the_semantic_version_follows_the_version_unless_it_is_given_higher() {
        let mut metadata = Metadata::new();
        metadata.add(Origin::Manifest, layer("semantic_version", "9.9.9"));
        metadata.add(Origin::Module, layer("version", 10203));
        metadata.settle();
        assert_eq!(metadata.text("semantic_version"), Some("1.2.3"));
        metadata.add(Origin::Option, layer("version", 20000));
        metadata.settle();
        assert_eq!(metadata.text("semantic_version"), Some("2.0.0"));
        metadata.add(Origin::Option, layer("semantic_version", "2.0.0-rc1"));
        metadata.settle();
        assert_eq!(metadata.text("semantic_version"), Some("2.0.0-rc1"));
    }
}
