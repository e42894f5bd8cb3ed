//! The parts that a module or a target of a module.yaml is made of.
//!
//! In: what was read of a text, by [`read`](crate::descriptor::read). Out: what an artifact, a port, a
//! repository and so on say.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::digest::Sha256;

/// A file or folder that is copied out of the module's image.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Artifact {
    /// Its path in the module's image; `$REDIS_MODULES` may stand in it.
    #[schemars(extend("minLength" = 1))]
    pub source: String,
    /// Where it shall go; the folder for modules by default.
    pub target: Option<String>,
    /// Who shall own it: USER or USER:GROUP.
    #[schemars(with = "Option<Typed>", regex(pattern = USER))]
    pub user: Option<String>,
    /// Its mode, in octal digits: "0644".
    #[schemars(with = "Option<Typed>", regex(pattern = "^[0-7]{3,4}$"))]
    pub mode: Option<String>,
    /// Of the file.
    pub sha256: Option<Sha256>,
}

/// A name with a value.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Setting {
    /// The name.
    #[schemars(regex(pattern = r#"^[^\s="'$\\`]+$"#))]
    pub name: String,
    /// The value, as it is typed.
    #[schemars(with = "Option<Typed>")]
    pub value: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// A port.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Port {
    /// The number.
    #[schemars(range(min = 1))]
    pub value: u16,
    /// tcp, if it is left out, or udp.
    pub protocol: Option<Protocol>,
    /// What it is for.
    pub description: Option<String>,
}

/// How a port is talked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Protocol {
    Tcp,
    Udp,
}

impl Protocol {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Tcp, Self::Udp];
}

impl AsRef<str> for Protocol {
    fn as_ref(&self) -> &str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// A folder that outlives a container.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Volume {
    /// The folder.
    #[schemars(regex(pattern = r"^([/$]|[A-Za-z]:[/\\])"))]
    pub path: String,
    /// What it is for.
    pub name: Option<String>,
}

/// Packages of the image's system.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Packages {
    /// Who installs them.
    pub manager: Option<Manager>,
    /// Their names.
    #[schemars(default, inner(regex(pattern = r"^[A-Za-z0-9.+:=~_@/][A-Za-z0-9.+:=~_@/-]*$")))]
    pub install: Vec<String>,
}

/// What installs packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Manager {
    AptGet,
    Apt,
    Yum,
    Dnf,
    Microdnf,
    Apk,
}

impl Manager {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::AptGet, Self::Apt, Self::Yum, Self::Dnf, Self::Microdnf, Self::Apk];
}

impl AsRef<str> for Manager {
    fn as_ref(&self) -> &str {
        match self {
            Self::AptGet => "apt-get",
            Self::Apt => "apt",
            Self::Yum => "yum",
            Self::Dnf => "dnf",
            Self::Microdnf => "microdnf",
            Self::Apk => "apk",
        }
    }
}

/// A script that is run while the image is built.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Execute {
    /// Its path, relative to the module.yaml.
    pub script: String,
    /// Who runs it; root by default.
    #[schemars(with = "Option<Typed>", regex(pattern = USER))]
    pub user: Option<String>,
}

/// How a container is run.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Run {
    /// Who runs it; as in the base image by default.
    #[schemars(with = "Option<Typed>", regex(pattern = USER))]
    pub user: Option<String>,
    /// The folder it begins in.
    pub workdir: Option<String>,
    /// The words of its command.
    #[schemars(with = "Option<Vec<Typed>>")]
    pub cmd: Option<Vec<String>>,
    /// The words of the program that gets them.
    #[schemars(with = "Option<Vec<Typed>>")]
    pub entrypoint: Option<Vec<String>>,
}

/// A directive of redis.conf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Its name: one word.
    pub name: String,
    /// Its values, one for each time that it stands there; none takes it away.
    pub values: Vec<String>,
}

/// Which other modules a module needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Wants {
    /// They are installed before it, in this order.
    #[schemars(default)]
    pub install: Vec<Wanted>,
}

/// Which modules to install, and where they are found.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Found {
    /// Where they are found.
    #[schemars(default)]
    pub repositories: Vec<Repository>,
    /// Which of them to install, in this order.
    #[schemars(default)]
    pub install: Vec<Wanted>,
}

/// Where modules are found: a folder, or a repository.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Repository {
    /// What messages call it.
    pub name: Option<String>,
    /// A folder, relative to the file; in a repository, below its root.
    pub path: Option<String>,
    /// The repository.
    pub git: Option<Git>,
}

/// A state of a repository.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Git {
    /// Where it is.
    pub url: String,
    /// A tag, a branch or a commit.
    #[schemars(rename = "ref")]
    #[schemars(with = "Option<Typed>")]
    pub reference: Option<String>,
}

/// A module that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// Its version; the highest release by default.
    #[schemars(with = "Option<Typed>")]
    pub version: Option<String>,
}

/// A user as an image knows them, with a group perhaps.
pub(super) const USER: &str = r"^[^\s:]+(:[^\s:]+)?$";

/// A text as it is typed, which others read as a number or a truth.
pub(super) struct Typed;

impl JsonSchema for Typed {
    fn schema_name() -> Cow<'static, str> {
        "Typed".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}
