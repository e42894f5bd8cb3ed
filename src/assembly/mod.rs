//! What an image of modules holds, and the Dockerfile that makes it.
//!
//! In: a target and the modules to install, in order. Out: a [`Plan`]; of it, and of nothing else, the
//! instructions of a Dockerfile, and its text.

mod assemble;
mod check;
mod command;
mod commands;
mod config;
mod context;
mod contributor;
mod copies;
mod dockerfile;
pub mod escape;
mod execute;
mod folder;
mod ignored;
pub mod instruction;
mod instructions;
mod json;
mod outline;
mod packages;
mod pattern;
mod ports;
mod running;
pub mod script;
pub mod shell;
mod stage;
#[cfg(test)]
mod tests;
mod users;
mod variables;
mod volumes;

use std::path::PathBuf;

use serde::Serialize;

use crate::descriptor::document::{Manager, Platform, Port, Target};
use crate::digest::Sha256;
use crate::install::{Chosen, Origin};
use crate::warning::Warning;

pub use assemble::assemble;
pub use check::check;
pub use dockerfile::{MARK, dockerfile, is_ours};
pub use instructions::{instructions, needs_base_user};
pub use outline::outline;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// From what it is made, for people: files and repositories, as they were typed.
    pub made_of: Vec<String>,
    /// The target, with options and defaults in it; its list of modules counts no more.
    pub target: Target,
    /// Where that comes from; the first of its files.
    pub origin: Origin,
    /// The modules, in install order; images of options are in them.
    pub modules: Vec<Chosen>,
    /// The folder that is given to the builder, and how files come to be in it.
    pub context: Context,
    /// The text of the redis.conf to begin from.
    pub redis_conf: Option<String>,
}

/// The folder that is given to the builder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// This one, as it is: what is needed must lie in it already.
    InPlace(PathBuf),
    /// A new one: what is needed is collected in it, a folder for each module and version.
    Collected,
}

/// What is made of a request.
#[derive(Debug)]
pub struct Assembled {
    /// What the image holds.
    pub plan: Plan,
    /// What must be collected in the context; nothing where it is used in place.
    pub collected: Vec<Collected>,
    /// What its author should know.
    pub warnings: Vec<Warning>,
}

/// A file, or a folder with all that is in it, that the build context must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Its path in the context.
    pub path: String,
    /// What it is.
    pub content: Content,
}

/// What a file of the context is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A copy of a file or folder of this machine.
    Of(PathBuf),
    /// A text.
    Text(String),
}

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
