//! What a version is said to have, held against the servers themselves.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Stdio};

use rampkit::discovery::host::api_names;
use rampkit::discovery::profile::{Product, Profile};

use crate::harness::{REAL_SERVERS, RealServer, Sandbox};
use crate::supervision::{eventually, sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(redis_7_0, RedisServer),
        test!(redis_7_4, RedisStack),
        test!(redis_8_2, FalkorDb),
        test!(valkey_9_1, Valkey),
    ]
}

fn redis_7_0() {
    agrees(REAL_SERVERS[0]);
}

fn redis_7_4() {
    agrees(REAL_SERVERS[1]);
}

fn redis_8_2() {
    agrees(REAL_SERVERS[2]);
}

fn valkey_9_1() {
    agrees(REAL_SERVERS[3]);
}

/// The server has just what the profile says: functions of the module API, commands, categories,
/// events and sets of flags.
fn agrees(server: RealServer) {
    let profile: Profile = server.version.parse().unwrap();
    let mut sandbox = sandbox();
    sandbox.old_openssl();
    let module = sandbox.module("names");
    let names = ["Redis", "Valkey"].map(every_name).concat();
    let mut server = Running::start(&sandbox, &server.program(), &module, &names);
    same("commands", server.commands(), commands(profile));
    same("categories", server.ask(&["ACL", "CAT"]), set(profile.acl_categories()));
    same("functions", server.words("names.known"), registered(profile));
    same("answers", server.words("names.answers"), answers(profile));
}

#[track_caller]
fn same(what: &str, server: BTreeSet<String>, profile: BTreeSet<String>) {
    let only_server: Vec<_> = server.difference(&profile).collect();
    let only_profile: Vec<_> = profile.difference(&server).collect();
    assert!(
        server == profile,
        "{what} of the server only: {only_server:?}; of the profile only: {only_profile:?}"
    );
}

/// The names of commands and subcommands as `COMMAND LIST` shows them, from 7.0 on.
fn commands(profile: Profile) -> BTreeSet<String> {
    let subcommands = profile.builtin_subcommands();
    let subcommands = subcommands.map(|(command, name)| format!("{command}|{name}"));
    profile.builtins().map(str::to_owned).chain(subcommands).collect()
}

/// Every name that some version has, and one that none has.
fn every_name(prefix: &str) -> Vec<String> {
    // No version has lost a name yet.
    let newest = ["8", "valkey-9"].map(|text| text.parse::<Profile>().unwrap());
    let names: BTreeSet<&str> = newest.into_iter().flat_map(api_names).collect();
    names.into_iter().chain(["NoSuchName"]).map(|name| format!("{prefix}Module_{name}")).collect()
}

/// The names that a module can ask for.
fn registered(profile: Profile) -> BTreeSet<String> {
    let prefixes: &[&str] = match profile.product {
        Product::Redis => &["Redis"],
        Product::Valkey => &["Redis", "Valkey"],
    };
    let all = |prefix| api_names(profile).map(move |name| format!("{prefix}Module_{name}"));
    prefixes.iter().flat_map(all).collect()
}

/// What the module `names` learns from a server of that version.
fn answers(profile: Profile) -> BTreeSet<String> {
    let numbers = [
        ("GetContextFlagsAll", profile.context_flags_all()),
        ("GetKeyspaceNotificationFlagsAll", profile.keyspace_notifications_all()),
        ("GetModuleOptionsAll", profile.module_options_all()),
        ("GetOpenKeyModesAll", profile.open_key_modes_all()),
        ("GetTypeMethodVersion", profile.type_method_version()),
    ];
    let had = numbers.iter().filter(|(name, _)| api_names(profile).any(|known| known == *name));
    let numbers = had.map(|(name, number)| format!("{name}={number}"));
    let events = profile.events().map(|event| {
        format!("event-{}={}:{}", event.id, event.data_version.unwrap_or(9), event.subevents)
    });
    numbers.chain(events).collect()
}

fn set<S: ToString>(words: impl Iterator<Item = S>) -> BTreeSet<String> {
    words.map(|word| word.to_string()).collect()
}

/// A server, and a connection to it.
struct Running {
    process: Child,
    connection: redis::Connection,
}

impl Running {
    fn start(sandbox: &Sandbox, program: &Path, module: &Path, names: &[String]) -> Self {
        let socket = sandbox.path("profile.sock");
        let mut server = sandbox.command("exec \"$@\"");
        server.arg("sh").arg(program);
        server.args(["--port", "0", "--save", "", "--unixsocket"]).arg(&socket);
        server.arg("--loadmodule").arg(module).args(names);
        let process = server.stdout(Stdio::null()).spawn().unwrap();
        let address = format!("unix://{}", socket.display());
        let client = redis::Client::open(address).unwrap();
        let mut connection = None;
        eventually(|| {
            connection = client.get_connection().ok();
            connection.is_some()
        });
        Self { process, connection: connection.unwrap() }
    }

    fn ask<T: redis::FromRedisValue>(&mut self, words: &[&str]) -> T {
        redis::cmd(words[0]).arg(&words[1..]).query(&mut self.connection).unwrap()
    }

    /// The words of a command's answer.
    fn words(&mut self, command: &str) -> BTreeSet<String> {
        set(self.ask::<String>(&[command]).split_ascii_whitespace())
    }

    /// The names of all commands but those of the module `names`, in lower case.
    fn commands(&mut self) -> BTreeSet<String> {
        let names = self.ask::<Vec<String>>(&["COMMAND", "LIST"]);
        let names = names.into_iter().map(|name| name.to_lowercase());
        names.filter(|name| !name.starts_with("names.")).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
