//! The parts that a module or a target of a module.yaml is made of.
//!
//! In: YAML values in which every scalar is a text, by serde. Out: what an artifact, a port, a
//! repository and so on say.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

use crate::digest::Sha256;

/// A file or folder that is copied out of the module's image.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// Its path in the module's image; `$REDIS_MODULES` may stand in it.
    #[schemars(extend("minLength" = 1))]
    pub source: String,
    /// Where it shall go; the folder for modules by default.
    pub target: Option<String>,
    /// Who shall own it: USER or USER:GROUP.
    #[schemars(with = "Option<Typed>")]
    pub user: Option<String>,
    /// Its mode, in octal digits: "0644".
    #[schemars(with = "Option<Typed>")]
    pub mode: Option<String>,
    /// Of the file.
    pub sha256: Option<Sha256>,
}

/// A name with a value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The name.
    #[schemars(extend("minLength" = 1))]
    pub name: String,
    /// The value, as it is typed.
    #[schemars(with = "Option<Typed>")]
    pub value: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// A port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// The number.
    #[serde(deserialize_with = "number")]
    pub value: u16,
    /// tcp, if it is left out, or udp.
    pub protocol: Option<Protocol>,
    /// What it is for.
    pub description: Option<String>,
}

/// How a port is talked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Protocol {
    Tcp,
    Udp,
}

/// A folder that outlives a container.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// The folder.
    pub path: String,
    /// What it is for.
    pub name: Option<String>,
}

/// Packages of the image's system.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Packages {
    /// Who installs them: apt-get, yum, …
    pub manager: Option<String>,
    /// Their names.
    #[serde(default)]
    pub install: Vec<String>,
}

/// A script that is run while the image is built.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Execute {
    /// Its path, relative to the module.yaml.
    pub script: String,
    /// Who runs it; root by default.
    #[schemars(with = "Option<Typed>")]
    pub user: Option<String>,
}

/// How a container is run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Who runs it; as in the base image by default.
    #[schemars(with = "Option<Typed>")]
    pub user: Option<String>,
    /// The folder it begins in.
    pub workdir: Option<String>,
    /// The words of its command.
    pub cmd: Option<Vec<String>>,
    /// The words of the program that gets them.
    pub entrypoint: Option<Vec<String>>,
}

/// Which modules to install, and where they are found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Where they are found.
    #[serde(default)]
    pub repositories: Vec<Repository>,
    /// Which of them to install, in this order.
    #[serde(default)]
    pub install: Vec<Wanted>,
}

/// Where modules are found: a folder, or a repository.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// What messages call it.
    pub name: Option<String>,
    /// A folder, relative to the file; in a repository, below its root.
    pub path: Option<String>,
    /// The repository.
    pub git: Option<Git>,
}

/// A state of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Git {
    /// Where it is.
    pub url: String,
    /// A tag, a branch or a commit.
    #[serde(rename = "ref")]
    #[schemars(with = "Option<Typed>")]
    pub reference: Option<String>,
}

/// A module that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// Its version; the highest release by default.
    #[schemars(with = "Option<Typed>")]
    pub version: Option<String>,
}

/// A text as it is typed, which others read as a number.
pub(super) struct Typed;

impl JsonSchema for Typed {
    fn schema_name() -> Cow<'static, str> {
        "Typed".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"] })
    }
}

/// A number that was typed.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|_| de::Error::custom(format!("{text:?} is no port: 0 to 65535")))
}
