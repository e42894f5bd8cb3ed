//! The kinds of values a field has, and how each is read as people write it.
//!
//! In: YAML, from a manifest or the right side of `--set FIELD=VALUE`. Out: JSON. A version keeps
//! the text its author typed (`5.0`, not the number 5); booleans are YAML 1.1's (`yes`, `on`), as in
//! the reference packer's reader, in quotes too; null says nothing.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::yaml::scalar::truth;
use super::yaml::{self, Fault};
use crate::digest::Sha256;
use crate::discovery::Command;

/// What the value of a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A version: a text that looks like a number when it is not quoted.
    Version,
    /// A whole number, not negative.
    Integer,
    /// True or false.
    Boolean,
    /// A list of texts; also read from one text with commas.
    Texts,
    /// A list of whole commands.
    Commands,
    /// A list of commands of which only what shall differ is given.
    Overrides,
    /// Dependencies by name; also read from a list of them.
    Dependencies,
    /// Any mapping.
    Object,
}

/// A command of which only what shall differ is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping with command_name and what it shall have")]
pub struct Override {
    /// Which command.
    pub command_name: String,
    /// See [`Command::command_arity`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_arity: Option<i64>,
    /// See [`Command::flags`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<String>>,
    /// See [`Command::first_key`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_key: Option<i64>,
    /// See [`Command::last_key`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_key: Option<i64>,
    /// See [`Command::step`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<i64>,
}

/// A file that a module needs beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping with url, sha256, local_path")]
pub struct Dependency {
    /// Where it can be downloaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of the file that the url or the bundle's entry holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256>,
    /// A file or folder to embed; relative to the manifest. Never written into a bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_path: Option<String>,
}

/// Dependencies by name.
pub type Dependencies = BTreeMap<String, Dependency>;

impl Kind {
    /// The kind's empty value.
    pub fn empty(self) -> Value {
        match self {
            Self::Text | Self::Version => "".into(),
            Self::Integer => 0.into(),
            Self::Boolean => false.into(),
            Self::Texts | Self::Commands | Self::Overrides => Value::Array(Vec::new()),
            Self::Dependencies | Self::Object => Value::Object(serde_json::Map::new()),
        }
    }

    /// Reads what a person typed behind `FIELD=`: texts as they are, everything else as YAML.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read_argument(self, text: &str) -> Result<Value, Fault> {
        match self {
            Self::Text | Self::Version => Ok(text.into()),
            Self::Texts | Self::Commands | Self::Overrides | Self::Dependencies | Self::Object
                if text.trim().is_empty() =>
            {
                Ok(self.empty())
            }
            _ => match yaml::compose(text)? {
                (_, twice) if !twice.is_empty() => Err(Fault::twice(&twice[0])),
                (Some(node), _) => self.deserialize(&node),
                (None, _) => Ok(Value::Null),
            },
        }
    }

    /// Reads JSON, and nothing behind it.
    ///
    /// # Errors
    /// What the JSON reader found wrong.
    pub fn read_json(self, text: &str) -> Result<Value, serde_json::Error> {
        let mut json = serde_json::Deserializer::from_str(text);
        let value = self.deserialize(&mut json)?;
        json.end().map(|()| value)
    }

    fn read<'de, D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        match self {
            Self::Text | Self::Version => from.deserialize_str(self),
            Self::Integer | Self::Boolean | Self::Texts | Self::Dependencies => {
                from.deserialize_any(self)
            }
            Self::Commands => json(Vec::<Command>::deserialize(from)?),
            Self::Overrides => json(Vec::<Override>::deserialize(from)?),
            Self::Object => json(BTreeMap::<String, Value>::deserialize(from)?),
        }
    }
}

fn json<E: de::Error>(value: impl Serialize) -> Result<Value, E> {
    serde_json::to_value(value).map_err(E::custom)
}

/// Null becomes JSON's null; the rest is read by its kind.
impl<'de> DeserializeSeed<'de> for Kind {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_option(Nullable(self))
    }
}

struct Nullable(Kind);

impl<'de> Visitor<'de> for Nullable {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        self.0.read(from)
    }
}

/// The kinds that people write in several ways.
impl<'de> Visitor<'de> for Kind {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a text",
            Self::Version => "a version",
            Self::Integer => "a whole number",
            Self::Boolean => "true or false",
            Self::Texts => "a list of texts",
            Self::Commands => "a list of commands",
            Self::Overrides => "a list of commands to override",
            Self::Dependencies => "dependencies by name",
            Self::Object => "a mapping",
        })
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        match self {
            Self::Boolean => Ok(value.into()),
            _ => Err(E::invalid_type(de::Unexpected::Bool(value), &self)),
        }
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        match self {
            Self::Integer => Ok(value.into()),
            _ => Err(E::invalid_type(de::Unexpected::Unsigned(value), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let whole = value as u64;
        match self {
            Self::Integer if whole as f64 == value => Ok(whole.into()),
            _ => Err(E::invalid_type(de::Unexpected::Float(value), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        match (self, truth(value)) {
            (Self::Boolean, Some(truth)) => Ok(truth.into()),
            (Self::Text | Self::Version, _) => Ok(value.into()),
            (Self::Texts, _) => {
                let texts = value.split(',').map(str::trim).filter(|text| !text.is_empty());
                json(texts.collect::<Vec<_>>())
            }
            _ => Err(E::invalid_type(de::Unexpected::Str(value), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        match self {
            Self::Texts => {
                let mut texts = Vec::new();
                while let Some(text) = items.next_element::<String>()? {
                    texts.push(text);
                }
                json(texts)
            }
            Self::Dependencies => {
                let mut named = Dependencies::new();
                while let Some(item) = items.next_element::<NamedDependency>()? {
                    let NamedDependency { name, url, sha256, local_path } = item;
                    named.insert(name, Dependency { url, sha256, local_path });
                }
                json(named)
            }
            _ => Err(de::Error::invalid_type(de::Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        match self {
            Self::Dependencies => {
                json(Dependencies::deserialize(de::value::MapAccessDeserializer::new(map))?)
            }
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}

/// A dependency in the older form, a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with name, url, sha256, local_path")]
struct NamedDependency {
    name: String,
    url: Option<String>,
    sha256: Option<Sha256>,
    local_path: Option<String>,
}
