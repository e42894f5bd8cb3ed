//! module.yaml as typed values: every shape that one has.
//!
//! In: what was read of a text, by [`read`](super::read). Out: an [`Entry`]: a [`Module`] or a
//! [`Target`]. Source of the vocabulary: what the ancestor of such files reads (`dockerfile.py`), and
//! CEKit's for what that has no word for. What may be left out is `None` or empty; whether an entry
//! makes sense is not known here. What is written above a field is what an editor shows.

mod overrides;
mod parts;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::Placed;
use parts::{Typed, USER};

pub use parts::{
    Artifact, Directive, Execute, Found, Git, Manager, Packages, Port, Protocol, Repository, Run,
    Setting, Volume, Wanted, Wants,
};

/// A module, or what modules are installed into. Without a kind it is a module.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// What modules are installed into.
    Target(Box<Target>),
    /// A module.
    Module(Box<Module>),
}

/// A module, and what of it an image shall have.
#[derive(Clone, Debug, Default, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields, extend("patternProperties" = {"^x-": true}))]
pub struct Module {
    /// Module, or left out.
    #[schemars(default)]
    pub kind: ModuleKind,
    /// The name by which others ask for it.
    #[schemars(extend("minLength" = 1))]
    pub name: String,
    /// Its version; with quotes, as 1.10 is the number 1.1.
    #[schemars(with = "Option<Typed>")]
    pub version: Option<String>,
    /// The image that holds its artifacts.
    pub image: Option<String>,
    /// Which other modules it needs.
    pub modules: Option<Wants>,
    /// What it defines.
    #[schemars(flatten)]
    pub definition: Definition,
}

/// What modules are installed into.
#[derive(Clone, Debug, Default, PartialEq, JsonSchema)]
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
    /// Who runs things in that image: USER or USER:GROUP; `run.user` wins.
    #[schemars(with = "Option<Typed>", regex(pattern = USER))]
    pub baseuser: Option<String>,
    /// The ports it listens on: one, several parted by spaces, or a list.
    pub expose: Option<Words>,
    /// The folder for modules: where artifacts without a target go.
    pub libdir: Option<String>,
    /// The kind of its containers.
    pub platform: Option<Platform>,
    /// The modules: a list of them, or where they are found and which of them to install.
    pub modules: Option<Modules>,
    /// What it defines beside its modules.
    #[schemars(flatten)]
    pub definition: Definition,
    /// Which of its keys are there, and null: they take away what an earlier target has.
    #[schemars(skip)]
    pub nulls: BTreeSet<&'static str>,
}

/// What both a module and a target may define.
#[derive(Clone, Debug, Default, PartialEq, JsonSchema)]
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
    pub config: Option<Vec<Directive>>,
}

/// The kind of a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema)]
#[allow(missing_docs)]
pub enum ModuleKind {
    #[default]
    Module,
}

/// The kind of a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema)]
#[allow(missing_docs)]
pub enum TargetKind {
    #[default]
    Target,
}

/// A kind of containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Platform {
    Linux,
    Windows,
}

impl Platform {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Linux, Self::Windows];
}

impl AsRef<str> for Platform {
    fn as_ref(&self) -> &str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
        }
    }
}

/// The modules of a target.
#[derive(Clone, Debug, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum Modules {
    /// They stand there.
    List(#[schemars(with = "Vec<Module>")] Vec<Placed<Module>>),
    /// They are found in repositories.
    Found(Found),
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
