//! What a module itself registers: its name, its version and its commands.
//!
//! In: a module with the arguments it is loaded with, and a [`Method`]. Out: [`Discovered`], equal to
//! what `MODULE LIST` and `COMMAND INFO` of a Redis server answer once the module is loaded.

mod client;
pub mod command_info;
mod file;
pub mod host;
mod log;
pub mod profile;
mod redis_args;
mod server;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::elf::ElfFacts;
use crate::error::{DiscoveryError, Error};
use crate::platform::Architecture;

pub use redis_args::RedisArgs;
pub use server::Server;

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
    /// Its commands, sorted by name; subcommands are not among them.
    pub commands: Vec<Command>,
}

/// A command as `COMMAND INFO` shows it; the names are those of `module.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Load it into a throw-away redis-server.
    Server {
        /// The redis-server; else the one on `PATH`.
        program: Option<PathBuf>,
        /// How long all of it may take.
        timeout: Duration,
        /// Further options of the server.
        redis_args: RedisArgs,
    },
    /// Load nothing, and read it from a JSON file.
    File(PathBuf),
}

/// Learns what a module registers.
///
/// # Errors
/// [`DiscoveryError`]; [`Error::Io`] and [`Error::BadText`] for a file.
pub fn discover(subject: &Subject, method: &Method) -> Result<Discovered, Error> {
    let (program, timeout, redis_args) = match method {
        Method::File(path) => return file::read(path),
        Method::Server { program, timeout, redis_args } => (program, *timeout, redis_args),
    };
    let Subject { path, facts, arguments } = *subject;
    if Architecture::host() != Some(facts.architecture) {
        let (module, architecture) = (path.to_owned(), facts.architecture.to_string());
        return Err(DiscoveryError::ForeignArchitecture { module, architecture }.into());
    }
    let program = Server::find(program.as_deref())?;
    server::discover(path, arguments, &Server { program, timeout, redis_args })
}
