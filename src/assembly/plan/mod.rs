//! What an image holds, as a value.
//!
//! In: nothing but what it is made of. Out: a [`Plan`], for who makes one and for who renders it.

pub(super) mod json;

use serde::Serialize;

use crate::descriptor::document::{Manager, Platform, Port};
use crate::digest::Sha256;

/// What an image holds. One value, several renderers: instructions, a list for people, JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// From what it was made, for people.
    pub made_of: Vec<String>,
    /// The kind of its containers.
    #[serde(serialize_with = "json::name")]
    pub platform: Platform,
    /// The image to begin from; checked.
    pub base: String,
    /// Who runs things in that image; `None` where it is not known. See [`needs_base_user`].
    pub base_user: Option<String>,
    /// The target's instructions before all modules.
    pub script: Option<String>,
    /// The modules, in install order.
    pub modules: Vec<Part>,
    /// What the target adds after them.
    pub target: Part,
    /// The ports of all, each once.
    #[serde(serialize_with = "json::ports")]
    pub ports: Vec<Port>,
    /// The volumes of all, each once.
    pub volumes: Vec<String>,
    /// Who runs it, where that is said; else whom the scripts leave, or the base image's.
    pub user: Option<String>,
    /// The folder that it begins in, unless it is the base image's.
    pub workdir: Option<String>,
    /// The program, unless it is the base image's.
    pub entrypoint: Option<Vec<String>>,
    /// The words of its command, unless they are the base image's.
    pub cmd: Option<Vec<String>>,
}

/// What a module, or the target itself, adds to an image; in this order.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Part {
    /// The name.
    pub name: String,
    /// The version.
    pub version: Option<String>,
    /// Where it is defined, and why it is there: for people.
    pub notes: Vec<String>,
    /// The stage that it copies from, and the image of that stage.
    pub stage: Option<Stage>,
    /// Packages of the system.
    pub packages: Option<Packages>,
    /// Variables with their values.
    #[serde(serialize_with = "json::settings")]
    pub envs: Vec<(String, String)>,
    /// Labels with their values.
    #[serde(serialize_with = "json::settings")]
    pub labels: Vec<(String, String)>,
    /// Instructions as their author wrote them.
    pub script: Option<String>,
    /// Files and folders.
    pub copies: Vec<Copy>,
    /// Scripts that are run.
    pub execute: Option<Execute>,
}

/// An earlier image to copy from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// `[a-z][a-z0-9_.-]*`; unlike every image that is named.
    pub name: String,
    /// The image; checked.
    pub image: String,
}

/// Packages, and who installs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Packages {
    #[serde(serialize_with = "json::name")]
    pub manager: Manager,
    pub install: Vec<String>,
}

/// A file or folder that goes into the image. In its paths, as in all paths of an image, `$NAME` and
/// `${NAME}` are variables of the image, and `\$` is a dollar; see [`escape::pieces`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Copy {
    /// The stage that has it; else the build context.
    pub stage: Option<String>,
    /// Its path there.
    pub source: String,
    /// Where it goes: a folder, with a slash at its end, or a path.
    pub target: String,
    /// `user` or `user:group`.
    pub user: Option<String>,
    /// Octal digits.
    pub mode: Option<String>,
    /// What its bytes must have; checked in the image.
    pub sha256: Option<Sha256>,
}

/// Scripts, and the folder that they lie in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Execute {
    /// The folder, in the build context.
    pub source: String,
    /// Where it is while they run.
    pub folder: String,
    /// Each with who runs it.
    pub scripts: Vec<Script>,
}

/// A script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Script {
    /// Its path below the folder.
    pub path: String,
    /// Who runs it.
    pub user: String,
    /// Whether it runs by itself; else a shell does it.
    #[serde(rename = "executable")]
    pub is_executable: bool,
}
