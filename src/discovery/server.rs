//! Discovery by a throw-away redis-server: load the module into one and compare before and after.
//!
//! In: a module, its arguments, and which server to use. Out: [`Discovered`], or an error with what
//! the server's log says about the module. The server listens on a unix socket in a folder of its
//! own and reads no configuration file; it and the folder are gone afterwards, whatever happens.

mod version;

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use self::version::Version;
use super::client::{Client, LoadedModule, NoAnswer, Snapshot};
use super::log::excerpt;
use super::{Command, Discovered, RedisArgs, Subject};
use crate::error::{DiscoveryError, Error, IoContext};
use crate::process::{Ended, Supervised, find_program, new_folder, new_folder_in};

/// The longest path a unix socket may have, its final zero byte left out.
const LONGEST_SOCKET_PATH: usize = 107;
/// How long to wait before looking again whether the server listens.
const PAUSE: Duration = Duration::from_millis(1);

/// A server to load modules into.
#[derive(Debug)]
pub struct Server<'a> {
    /// The program: a redis-server, or one that behaves like it.
    pub program: PathBuf,
    /// For the whole of a discovery.
    pub timeout: Duration,
    /// Further options of the server. Those that discovery itself needs cannot be changed by them.
    pub redis_args: &'a RedisArgs,
}

impl Server<'_> {
    /// The program to use: `explicit` (a bare name is looked for on `PATH`), else the redis-server
    /// on `PATH`.
    ///
    /// # Errors
    /// [`DiscoveryError::NoServer`], [`DiscoveryError::UnusableServer`].
    pub fn find(explicit: Option<&Path>) -> Result<PathBuf, DiscoveryError> {
        let Some(named) = explicit else {
            return find_program(Path::new("redis-server")).ok_or(DiscoveryError::NoServer);
        };
        find_program(named).ok_or_else(|| {
            let problem = match fs::metadata(named) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    "there is no such file"
                }
                Err(_) => "it cannot be reached",
                Ok(file) if file.is_dir() => "it is a folder",
                Ok(_) => "it is not executable",
            };
            DiscoveryError::UnusableServer { program: named.to_owned(), problem }
        })
    }
}

/// What a module registered in a server.
pub struct Served {
    /// What it registered.
    pub discovered: Discovered,
    /// The server's name and version.
    pub name: String,
    /// What the server wrote of it.
    pub log: Vec<String>,
}

/// What a module registers when a server loads it.
///
/// # Errors
/// [`Error::Io`] where the module or the temporary folder cannot be used, otherwise those of the
/// type [`DiscoveryError`].
pub fn discover(subject: &Subject, server: &Server) -> Result<Served, Error> {
    let Subject { path, arguments, .. } = *subject;
    fs::metadata(path).at("read", path)?;
    let module = std::path::absolute(path).at("read", path)?;
    let deadline = Instant::now() + server.timeout;
    let version = Version::of(server, deadline)?;
    version.wants_executable(&module)?;
    let mut session = Session::start(server, version, deadline)?;
    let mut client = session.connect()?;
    let before = client.snapshot().map_err(|why| session.unfit(why))?;
    session.loading_begins();
    let after = client.load(&module, arguments).and_then(|()| client.snapshot());
    let after = after.map_err(|why| session.not_loaded(&module, why))?;
    let (discovered, log) = (registered(&module, &before, after)?, session.log(&module));
    Ok(Served { discovered, name: session.version.name.clone(), log })
}

/// A server that runs, and how much of its log is about its start.
struct Session<'a> {
    server: &'a Server<'a>,
    version: Version,
    running: Supervised,
    socket: PathBuf,
    deadline: Instant,
    log_start: u64,
}

impl<'a> Session<'a> {
    fn start(server: &'a Server<'a>, version: Version, deadline: Instant) -> Result<Self, Error> {
        let folder = private_folder();
        let socket = folder.join("socket");
        let arguments = server_arguments(&folder, &socket, &version, server.redis_args);
        let running = Supervised::start(&server.program, &arguments, folder)?;
        Ok(Self { server, version, running, socket, deadline, log_start: 0 })
    }

    fn connect(&mut self) -> Result<Client, DiscoveryError> {
        loop {
            if let Some(client) = Client::connect(&self.socket, self.deadline) {
                return Ok(client);
            }
            if let Some(ended) = self.running.ended(Instant::now() + PAUSE) {
                let output = self.running.output(0);
                return Err(server_failed(self.server, ended, &output));
            }
            if Instant::now() >= self.deadline {
                return Err(late(self.server));
            }
        }
    }

    /// What the server writes from now on is about the module.
    fn loading_begins(&mut self) {
        self.log_start = self.running.written();
    }

    /// A server that does not even answer the first questions.
    fn unfit(&mut self, why: NoAnswer) -> DiscoveryError {
        match why {
            NoAnswer::Refused(reply) => {
                DiscoveryError::ServerRefused { server: self.version.name.clone(), reply }
            }
            NoAnswer::Late => late(self.server),
            NoAnswer::Gone => {
                let ended = self.running.ended(self.deadline);
                let ended = ended.unwrap_or(Ended::Exited(0));
                server_failed(self.server, ended, &self.running.output(0))
            }
        }
    }

    /// What it wrote since loading began.
    fn log(&self, module: &Path) -> Vec<String> {
        let file = module.file_name().unwrap_or_default().to_string_lossy();
        excerpt(&self.running.output(self.log_start), &file)
    }

    fn not_loaded(&mut self, module: &Path, why: NoAnswer) -> DiscoveryError {
        let gone = matches!(why, NoAnswer::Gone);
        let ended = if gone { self.running.ended(self.deadline) } else { None };
        let log = self.log(module);
        let (module, server) = (module.to_owned(), self.version.name.clone());
        match (why, ended) {
            (NoAnswer::Refused(reply), _) => {
                let reply = reply.trim_end_matches(". Please check the server logs.").to_owned();
                DiscoveryError::ModuleRefused { module, server, reply, log }
            }
            (_, Some(ended @ Ended::Killed(_))) => {
                DiscoveryError::ModuleCrashed { module, server, ended: ended.to_string(), log }
            }
            (_, Some(ended @ Ended::Exited(_))) => {
                DiscoveryError::ModuleExited { module, server, ended: ended.to_string(), log }
            }
            (_, None) => {
                let seconds = self.server.timeout.as_secs();
                DiscoveryError::DiscoveryTimeout { module, seconds, log }
            }
        }
    }
}

/// The later of two equal options wins, so the user's come first.
fn server_arguments(
    folder: &Path,
    socket: &Path,
    version: &Version,
    redis_args: &RedisArgs,
) -> Vec<OsString> {
    let users = redis_args.words().map(OsString::from);
    let own = ["--port", "0", "--save", "", "--appendonly", "no", "--daemonize", "no"];
    let own =
        own.into_iter().chain(["--logfile", "", "--unixsocketperm", "700"]).map(OsString::from);
    let places = ["--dir".into(), folder.into(), "--unixsocket".into(), socket.into()];
    let allow =
        (version.major >= 7).then(|| ["--enable-module-command", "local"].map(OsString::from));
    users.chain(own).chain(places).chain(allow.into_iter().flatten()).collect()
}

/// A folder for a server: where `TMPDIR` says, unless a socket there would have too long a path.
fn private_folder() -> PathBuf {
    let usual = new_folder();
    match usual.join("socket").as_os_str().as_bytes().len() {
        0..=LONGEST_SOCKET_PATH => usual,
        _ => new_folder_in(Path::new("/tmp")),
    }
}

fn server_failed(server: &Server, ended: Ended, output: &str) -> DiscoveryError {
    let (program, ended) = (server.program.clone(), ended.to_string());
    DiscoveryError::ServerFailed { program, ended, log: excerpt(output, "") }
}

fn late(server: &Server) -> DiscoveryError {
    let (program, seconds) = (server.program.clone(), server.timeout.as_secs());
    DiscoveryError::ServerTimeout { program, seconds }
}

/// What is there after loading and was not there before.
fn registered(
    module: &Path,
    before: &Snapshot,
    after: Snapshot,
) -> Result<Discovered, DiscoveryError> {
    let is_new = |module: &LoadedModule| before.modules.iter().all(|old| old.name != module.name);
    let mut new: Vec<LoadedModule> = after.modules.into_iter().filter(is_new).collect();
    if new.len() > 1 {
        let here = |loaded: &LoadedModule| loaded.path.as_deref().map(Path::new) == Some(module);
        match new.iter().position(here) {
            Some(position) => new = vec![new.swap_remove(position)],
            None => return Err(unclear(module, &new)),
        }
    }
    let [loaded] = new.as_slice() else { return Err(unclear(module, &new)) };
    let version = u64::try_from(loaded.version).map_err(|_| unclear(module, &new))?;
    let known = |name: &str| before.commands.iter().any(|old| old.command_name == name);
    let new = after.commands.into_iter().filter(|command| !known(&command.command_name));
    let mut commands: Vec<Command> = new.collect();
    commands.sort_by(|a, b| a.command_name.cmp(&b.command_name));
    Ok(Discovered { name: loaded.name.clone(), version, semantic_version: None, commands })
}

fn unclear(module: &Path, new: &[LoadedModule]) -> DiscoveryError {
    let found = new.iter().map(|loaded| format!("{} {}", loaded.name, loaded.version)).collect();
    DiscoveryError::UnclearModule { module: module.to_owned(), found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new() {
        let module = |name: &str, path: Option<&str>| LoadedModule {
            name: name.to_owned(),
            version: 1,
            path: path.map(str::to_owned),
        };
        let found = |modules: Vec<LoadedModule>| {
            let before = Snapshot { modules: vec![module("old", None)], commands: Vec::new() };
            let after = Snapshot { modules, commands: Vec::new() };
            registered(Path::new("/m/a.so"), &before, after).map(|found| found.name).ok()
        };
        assert_eq!(found(vec![module("a", None), module("old", None)]).as_deref(), Some("a"));
        let two = |path| vec![module("b", Some("/m/b.so")), module("a", path)];
        assert_eq!(found(two(Some("/m/a.so"))).as_deref(), Some("a"));
        assert_eq!(found(two(None)), None);
        assert_eq!(found(vec![module("old", None)]), None);
    }
}
