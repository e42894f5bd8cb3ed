//! Options that say how to learn what a module registers.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::Talk;
use crate::discovery::{Discovered, Loading, Method, Profile, RedisArgs, Source, Way};
use crate::error::Error;
use crate::metadata::semantic_version;
use crate::wording::{plural, tame};

/// Where the module is loaded, and how.
#[derive(Args)]
#[command(next_help_heading = "Where the module is loaded")]
pub struct LoadingOptions {
    /// Where to load it
    #[arg(long, value_enum, value_name = "WAY", default_value_t = Choice::Auto)]
    discovery: Choice,

    /// The version that rampkit itself imitates: 7.4, 7.4.1, valkey-8.0 [default: 7.4]
    #[arg(long, value_name = "VERSION")]
    redis_version: Option<Profile>,

    /// Load it in both ways, and fail where they differ
    #[arg(long, conflicts_with = "discovery")]
    verify_discovery: bool,

    /// The redis-server [default: $REDIS_PATH, else the one on PATH]
    #[arg(long, value_name = "PATH")]
    redis_server: Option<PathBuf>,

    /// How long loading the module may take, each time, with the start of a server
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = timeout)]
    timeout: u64,

    /// Further options of the server: {"maxmemory": "1gb"} becomes --maxmemory 1gb
    #[arg(long, value_name = "JSON", default_value = "{}", hide_default_value = true)]
    redis_args: RedisArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    /// In rampkit itself; where that leaves a doubt or fails, in a redis-server, if there is one
    Auto,
    /// In rampkit itself, behind an imitation of the module API
    Embedded,
    /// In a throw-away redis-server
    Server,
}

impl LoadingOptions {
    /// What they ask for.
    ///
    /// # Errors
    /// [`Error::Usage`] where they contradict each other.
    pub fn method(&self) -> Result<Method, Error> {
        let for_server = self.redis_server.is_some() || !self.redis_args.is_empty();
        match self.discovery {
            Choice::Embedded if for_server => {
                return Err(contradiction("--redis-server and --redis-args", "embedded"));
            }
            Choice::Server if self.redis_version.is_some() => {
                return Err(contradiction("--redis-version", "server"));
            }
            _ => {}
        }
        let way = match self.discovery {
            _ if self.verify_discovery => Way::Both,
            Choice::Auto => Way::Auto,
            Choice::Embedded => Way::Embedded,
            Choice::Server => Way::Server,
        };
        Ok(Method::Load(Loading {
            way,
            profile: self.redis_version.unwrap_or(Profile::DEFAULT),
            timeout: Duration::from_secs(self.timeout),
            server: self.redis_server.clone().or_else(from_environment),
            redis_args: self.redis_args.clone(),
        }))
    }
}

fn timeout(text: &str) -> Result<u64, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
    seconds.ok_or_else(|| "a timeout is a whole number of seconds from 1 to 86400".to_owned())
}

fn contradiction(options: &str, way: &str) -> Error {
    Error::Usage(format!("{options} mean nothing with --discovery {way}"))
}

/// Says what a module registers, in short, and where it came to be known.
pub fn say_loaded(talk: &Talk, discovered: &Discovered, source: &Source) {
    let Discovered { name, version, commands, .. } = discovered;
    let version = semantic_version(*version);
    let count = plural(commands.len(), "command", "commands");
    say_source(talk, &tame(&format!("{name} {version} with {count}")), source);
}

/// Says where the module came to be known.
pub fn say_source(talk: &Talk, module: &str, source: &Source) {
    match source {
        Source::File(path) => talk.report.done("Read", path.display()),
        loaded => talk.report.done("Loaded", format!("{module} {loaded}")),
    }
}

/// An empty variable says nothing.
fn from_environment() -> Option<PathBuf> {
    std::env::var_os("REDIS_PATH").filter(|path| !path.is_empty()).map(PathBuf::from)
}
