//! Options that say how to learn what a module registers.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::discovery::{Method, RedisArgs};

/// Which redis-server loads the module, and how.
#[derive(Args)]
#[command(next_help_heading = "The server that loads the module")]
pub struct ServerOptions {
    /// The redis-server [default: $REDIS_PATH, else the one on PATH]
    #[arg(long, value_name = "PATH")]
    redis_server: Option<PathBuf>,

    /// How long starting it and loading the module may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,

    /// Further options of the server: {"maxmemory": "1gb"} becomes --maxmemory 1gb
    #[arg(long, value_name = "JSON", default_value = "{}", hide_default_value = true)]
    redis_args: RedisArgs,
}

impl ServerOptions {
    /// What they ask for.
    pub fn method(&self) -> Method {
        Method::Server {
            program: self.redis_server.clone().or_else(from_environment),
            timeout: Duration::from_secs(self.timeout),
            redis_args: self.redis_args.clone(),
        }
    }
}

/// An empty variable says nothing.
fn from_environment() -> Option<PathBuf> {
    std::env::var_os("REDIS_PATH").filter(|path| !path.is_empty()).map(PathBuf::from)
}
