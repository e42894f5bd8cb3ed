//! module.yaml as typed values: every shape that one has.
//!
//! In: a YAML value in which every scalar is a text, by serde. Out: an [`Entry`]: a [`Module`] or a
//! [`Target`]. Source of the vocabulary: what the ancestor of such files reads (`dockerfile.py`), and
//! CEKit's for what that has no word for. What may be left out is `None` or empty; whether an entry
//! makes sense is not known here. What is written above a field is what an editor shows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_yaml::Value;

use crate::digest::Sha256;

/// A module, or what modules are installed into. Without a kind it is a module.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// What modules are installed into.
    Target(Box<Target>),
    /// A module.
    Module(Box<Module>),
}

/// A module, and what of it an image shall have.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, extend("patternProperties" = {"^x-": true}))]
pub struct Module {
    /// Module, or left out.
    #[serde(default)]
    pub kind: ModuleKind,
    /// The name by which others ask for it.
    #[schemars(extend("minLength" = 1))]
    pub name: String,
    /// Its version; with quotes, as 1.10 is the number 1.1.
    #[schemars(with = "Option<Typed>")]
    pub version: Option<String>,
    /// The image that holds its artifacts.
    pub image: Option<String>,
    /// What it defines.
    #[serde(flatten)]
    pub definition: Definition,
    /// Keys that it may not have, but for the author's own, which begin with `x-`.
    #[serde(flatten)]
    #[schemars(skip)]
    pub unknown: BTreeMap<String, Value>,
}

/// What modules are installed into.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, extend("patternProperties" = {"^x-": true}))]
pub struct Target {
    /// Target.
    pub kind: TargetKind,
    /// Its name.
    pub name: Option<String>,
    /// Its version; with quotes, as 1.10 is the number 1.1.
    #[schemars(with = "Option<Typed>")]
    pub version: Option<String>,
    /// The image to begin from.
    pub baseimage: Option<String>,
    /// The ports it listens on: one, several parted by spaces, or a list.
    pub expose: Option<Words>,
    /// The folder for modules: where artifacts without a target go.
    pub libdir: Option<String>,
    /// The kind of its containers.
    pub platform: Option<Platform>,
    /// The modules: a list of them, or where they are found and which of them to install.
    pub modules: Option<Modules>,
    /// What it defines beside its modules.
    #[serde(flatten)]
    pub definition: Definition,
    /// Keys that it may not have, but for the author's own, which begin with `x-`.
    #[serde(flatten)]
    #[schemars(skip)]
    pub unknown: BTreeMap<String, Value>,
}

/// What both a module and a target may define.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
pub struct Definition {
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// Instructions of a Dockerfile that stand before its artifacts.
    pub script: Option<String>,
    /// What it adds to the command line of the server: words, or one text.
    pub command: Option<Words>,
    /// What is copied out of its image.
    pub artifacts: Option<Vec<Artifact>>,
    /// Labels of the image to come.
    pub labels: Option<Vec<Setting>>,
    /// Variables of the image to come; one without a value is left to others.
    pub envs: Option<Vec<Setting>>,
    /// Ports that it listens on.
    pub ports: Option<Vec<Port>>,
    /// Folders that outlive a container.
    pub volumes: Option<Vec<Volume>>,
    /// Packages of the image's system.
    pub packages: Option<Packages>,
    /// Scripts that are run while the image is built.
    pub execute: Option<Vec<Execute>>,
    /// How a container is run.
    pub run: Option<Run>,
    /// Directives of redis.conf; null takes one away, a list gives it several times.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub config: Option<BTreeMap<String, Value>>,
}

/// The kind of a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub enum ModuleKind {
    #[default]
    Module,
}

/// The kind of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub enum TargetKind {
    Target,
}

/// A kind of containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Platform {
    Linux,
    Windows,
}

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
    #[serde(deserialize_with = "super::read::number")]
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

/// The modules of a target.
#[derive(Clone, Debug, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum Modules {
    /// They stand there.
    List(Vec<Module>),
    /// They are found in repositories.
    Found(Found),
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

/// Told by its kind which of the two it is, an editor names what is wrong with that one.
impl JsonSchema for Entry {
    fn schema_name() -> Cow<'static, str> {
        "Entry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "if": {
                "type": "object",
                "properties": { "kind": { "const": "Target" } },
                "required": ["kind"],
            },
            "then": generator.subschema_for::<Target>(),
            "else": generator.subschema_for::<Module>(),
        })
    }
}

/// A list of words, or one text.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
#[allow(missing_docs)]
pub enum Words {
    List(#[schemars(with = "Vec<Typed>")] Vec<String>),
    Text(#[schemars(with = "Typed")] String),
}

/// A text as it is typed, which others read as a number.
struct Typed;

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
