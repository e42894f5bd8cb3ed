//! The options that choose a server for discovery; the same for every verb that needs one.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use crate::discovery::server::Server;
use crate::error::Error;

/// Which redis-server loads the module, and how.
#[derive(Args)]
pub struct ServerOptions {
    /// The redis-server to load the module into [default: the one on PATH]
    #[arg(long, value_name = "PATH", env = "REDIS_PATH", hide_env_values = true)]
    redis_server: Option<PathBuf>,

    /// How long loading the module may take
    #[arg(long, value_name = "SECONDS", default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,

    /// Further options of the server: {"maxmemory": "1gb"} becomes --maxmemory 1gb
    #[arg(long, value_name = "JSON", value_parser = redis_args)]
    redis_args: Option<RedisArgs>,
}

type RedisArgs = std::sync::Arc<[(String, String)]>;

impl ServerOptions {
    /// The server, with the options that a manifest gives it; those of the command line win.
    ///
    /// # Errors
    /// Where there is none.
    pub fn server(&self, mut redis_args: Vec<(String, String)>) -> Result<Server, Error> {
        let program = Server::find(self.redis_server.as_deref())?;
        redis_args.extend(self.redis_args.iter().flat_map(|given| given.iter().cloned()));
        Ok(Server { program, timeout: Duration::from_secs(self.timeout), redis_args })
    }
}

fn redis_args(json: &str) -> Result<RedisArgs, String> {
    let options: serde_json::Map<String, Value> =
        serde_json::from_str(json).map_err(|error| error.to_string())?;
    let text = |(option, value)| match value {
        Value::String(text) => Ok((option, text)),
        Value::Number(number) => Ok((option, number.to_string())),
        Value::Bool(on) => Ok((option, if on { "yes" } else { "no" }.to_owned())),
        _ => Err(format!("the value of {option:?} must be text, a number, true or false")),
    };
    options.into_iter().map(text).collect()
}
