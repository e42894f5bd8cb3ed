//! The few questions that discovery has for a running server.
//!
//! In: a unix socket and a deadline. Out: the modules and the commands that the server has, in
//! its own order. It does not know how the server was started nor what its silence means.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use redis::{Cmd, ConnectionAddr, IntoConnectionInfo, RedisResult, Value};

use super::Command;

/// Why there was no answer.
pub(super) enum NoAnswer {
    /// The server refused, in these words.
    Refused(String),
    /// The deadline has passed.
    Late,
    /// The connection broke.
    Gone,
}

/// A module as `MODULE LIST` shows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LoadedModule {
    pub name: String,
    pub version: i64,
    /// Servers before 7.0 do not tell it.
    pub path: Option<String>,
}

/// What a server has at one moment.
pub(super) struct Snapshot {
    pub modules: Vec<LoadedModule>,
    pub commands: Vec<Command>,
}

/// A connection to a server.
pub(super) struct Client {
    connection: redis::Connection,
    deadline: Instant,
}

impl Client {
    /// Connects; `None` where nobody listens at `socket` (yet).
    pub fn connect(socket: &Path, deadline: Instant) -> Option<Self> {
        let address = ConnectionAddr::Unix(socket.to_owned()).into_connection_info().ok()?;
        let silently = address.redis_settings().clone().set_skip_set_lib_name();
        let client = redis::Client::open(address.set_redis_settings(silently)).ok()?;
        let connection = client.get_connection_with_timeout(left(deadline)).ok()?;
        Some(Self { connection, deadline })
    }

    /// Loads a module.
    pub fn load(&mut self, module: &Path, arguments: &[String]) -> Result<(), NoAnswer> {
        use std::os::unix::ffi::OsStrExt;
        let mut command = redis::cmd("MODULE");
        command.arg("LOAD").arg(module.as_os_str().as_bytes()).arg(arguments);
        self.ask(&command).map(|_| ())
    }

    /// What the server has now.
    pub fn snapshot(&mut self) -> Result<Snapshot, NoAnswer> {
        let modules = self.ask(redis::cmd("MODULE").arg("LIST"))?;
        let commands = self.ask(&redis::cmd("COMMAND"))?;
        match (all(&modules, module), all(&commands, command)) {
            (Some(modules), Some(commands)) => Ok(Snapshot { modules, commands }),
            _ => Err(NoAnswer::Refused("an unknown form of MODULE LIST or COMMAND".to_owned())),
        }
    }

    fn ask(&mut self, command: &Cmd) -> Result<Value, NoAnswer> {
        let answer = self.in_time(command);
        answer.map_err(|error| match error.detail() {
            _ if error.is_timeout() => NoAnswer::Late,
            _ if error.is_io_error() || error.is_unrecoverable_error() => NoAnswer::Gone,
            Some(detail) => NoAnswer::Refused(detail.to_owned()),
            None => NoAnswer::Refused(error.to_string()),
        })
    }

    fn in_time(&mut self, command: &Cmd) -> RedisResult<Value> {
        let timeout = Some(left(self.deadline));
        self.connection.set_read_timeout(timeout)?;
        self.connection.set_write_timeout(timeout)?;
        command.query(&mut self.connection)
    }
}

/// The time until `deadline`, which for a socket must not be zero.
fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}

/// Every item of a list, or nothing if one has not the expected form.
fn all<T>(list: &Value, item: fn(&[Value]) -> Option<T>) -> Option<Vec<T>> {
    items(list)?.iter().map(|value| item(items(value)?)).collect()
}

fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(items) | Value::Set(items) => Some(items),
        _ => None,
    }
}

/// Names of modules and commands are text everywhere else in a bundle.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::SimpleString(text) => Some(text.clone()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

/// `name … ver … [path … args …]`
fn module(fields: &[Value]) -> Option<LoadedModule> {
    let fields: HashMap<String, &Value> =
        fields.chunks_exact(2).filter_map(|pair| Some((text(&pair[0])?, &pair[1]))).collect();
    Some(LoadedModule {
        name: text(fields.get("name")?)?,
        version: number(fields.get("ver")?)?,
        path: fields.get("path").and_then(|path| text(path)),
    })
}

/// `name arity [flags] first last step …`
fn command(fields: &[Value]) -> Option<Command> {
    let [name, arity, flags, first, last, step, ..] = fields else { return None };
    Some(Command {
        command_name: text(name)?,
        command_arity: number(arity)?,
        flags: items(flags)?.iter().map(text).collect::<Option<_>>()?,
        first_key: number(first)?,
        last_key: number(last)?,
        step: number(step)?,
    })
}
