//! What a module itself registers: its name, its version and its commands.
//!
//! In: the path of a module and the arguments it is loaded with. Out: [`Discovered`], equal to what
//! `MODULE LIST` and `COMMAND INFO` of a Redis server answer once the module is loaded.

mod client;
mod file;
mod log;
pub mod server;

pub use file::from_file;

use serde::{Deserialize, Serialize};

/// What a module registers when it is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
