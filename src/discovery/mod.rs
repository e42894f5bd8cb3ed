//! What a module itself registers: its name, its version and its commands.
//!
//! In: a module with the arguments it is loaded with, and a [`Method`]. Out: [`Discovered`], equal to
//! what `MODULE LIST` and `COMMAND INFO` of a Redis server answer once the module is loaded.

mod client;
pub mod command_info;
mod compare;
mod file;
pub mod host;
mod log;
mod policy;
pub mod profile;
mod redis_args;
mod server;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::elf::ElfFacts;
use crate::error::{DiscoveryError, Error};
use crate::platform::Architecture;
use crate::warning::Warning;

pub use profile::Profile;
pub use redis_args::RedisArgs;

/// What a module registers when it is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "a mapping with name, version and commands")]
pub struct Discovered {
    /// The name it gives itself, as in `MODULE LIST`.
    #[serde(alias = "module_name", deserialize_with = "file::name")]
    pub name: String,
    /// The version it gives itself: 10203 means 1.2.3.
    #[serde(deserialize_with = "file::version")]
    pub version: u64,
    /// The same as people write it, where that says more: modules cannot, a file can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub semantic_version: Option<String>,
    /// Its commands, sorted by name; subcommands are not among them.
    pub commands: Vec<Command>,
}

/// A command as `COMMAND INFO` shows it; the names are those of `module.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping with command_name and the rest of a command")]
pub struct Command {
    /// The name, in the case the module gave it.
    pub command_name: String,
    /// Number of words with the name; negative: at least so many.
    pub command_arity: i64,
    /// In the order of the server's answer.
    pub flags: Vec<String>,
    /// Position of the first key; 0: none.
    pub first_key: i64,
    /// Position of the last key; negative: from the end.
    pub last_key: i64,
    /// Distance between keys. -1, -2 and -3 are routing policies of Redis Enterprise's proxy.
    pub step: i64,
}

/// A module that shall be loaded.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its file.
    pub path: &'a Path,
    /// What its file is.
    pub facts: &'a ElfFacts,
    /// What it is loaded with.
    pub arguments: &'a [String],
}

/// How to learn what a module registers.
#[derive(Clone, Debug)]
pub enum Method {
    /// Load it.
    Load(Loading),
    /// Load nothing, and read it from a JSON file.
    File(PathBuf),
}

/// How to load a module.
#[derive(Clone, Debug)]
pub struct Loading {
    /// Where.
    pub way: Way,
    /// The version that is imitated where no server loads it.
    pub profile: Profile,
    /// How long a loading may take, with all that belongs to it.
    pub timeout: Duration,
    /// The redis-server that loads it; else the one on `PATH`.
    pub server: Option<PathBuf>,
    /// Further options of the server.
    pub redis_args: RedisArgs,
}

/// Where to load a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Without a server; where that leaves a doubt or fails, in a server, if there is one.
    Auto,
    /// Without a server.
    Embedded,
    /// In a throw-away redis-server.
    Server,
    /// Both, which must agree.
    Both,
}

/// What a module registers, and who says so.
#[derive(Debug)]
pub struct Discovery {
    /// What it registers.
    pub discovered: Discovered,
    /// Who says so.
    pub source: Source,
    /// What a server might see otherwise.
    pub warnings: Vec<Warning>,
    /// What the module, or the server that loaded it, wrote meanwhile; the last lines of it.
    pub log: Vec<String>,
}

/// Who says what a module registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It was loaded as this version loads it; what a server might see otherwise, where none shall be
    /// asked.
    Embedded(Profile, Option<String>),
    /// It was loaded in a server.
    Server {
        /// "Redis 7.0.15"
        name: String,
        /// Why there, if it was not asked for.
        why: Option<String>,
    },
    /// Both, and they agree.
    Both(Profile, String),
    /// A file.
    File(PathBuf),
}

/// Behind "Loaded": "as Redis 7.4.11 does"
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded(profile, None) => write!(f, "as {profile} does"),
            Self::Embedded(profile, Some(doubt)) => {
                write!(f, "as {profile} does; a server might see more or less: {doubt}")
            }
            Self::Server { name, why: None } => write!(f, "in {name}"),
            Self::Server { name, why: Some(why) } => write!(f, "in {name}, because {why}"),
            Self::Both(profile, name) => write!(f, "as {profile} does and in {name}: they agree"),
            Self::File(path) => write!(f, "not at all, but told by {}", path.display()),
        }
    }
}

/// Learns what a module registers.
///
/// # Errors
/// [`DiscoveryError`]; [`Error::Io`] and [`Error::BadText`] for a file.
pub fn discover(subject: &Subject, method: &Method) -> Result<Discovery, Error> {
    let loading = match method {
        Method::File(path) => {
            let (discovered, source) = (file::read(path)?, Source::File(path.clone()));
            return Ok(Discovery { discovered, source, warnings: Vec::new(), log: Vec::new() });
        }
        Method::Load(loading) => loading,
    };
    let Subject { path, facts, .. } = *subject;
    if Architecture::host() != Some(facts.architecture) {
        let (module, architecture) = (path.to_owned(), facts.architecture.to_string());
        return Err(DiscoveryError::ForeignArchitecture { module, architecture }.into());
    }
    policy::load(subject, loading)
}
