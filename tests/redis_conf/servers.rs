//! What is written, beside the servers that read it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::process::Child;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::*;
use rampkit::redis_conf::{Changes, RedisConf, typed};
use redis::Value;

use super::reader::read;
use super::{changes, is_open};
use crate::harness::{REAL_SERVERS, RealServer, Sandbox};
use crate::properties::holds;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(redis_7_0_has_what_was_written, Redis70),
        test!(redis_7_4_has_what_was_written, RedisStack),
        test!(redis_8_2_has_what_was_written, FalkorDb),
        test!(valkey_has_what_was_written, Valkey),
        test!(redis_7_0_counts_words_as_we_do, Redis70),
        test!(redis_7_4_counts_words_as_we_do, RedisStack),
        test!(redis_8_2_counts_words_as_we_do, FalkorDb),
        test!(valkey_counts_words_as_we_do, Valkey),
        test!(any_value_comes_back, RedisServer),
        test!(any_typed_line_is_read_as_a_server_reads_it, RedisServer),
        test!(who_needs_no_password, RedisServer),
    ]
}

fn redis_7_0_has_what_was_written() {
    has_what_was_written(REAL_SERVERS[0]);
}

fn redis_7_4_has_what_was_written() {
    has_what_was_written(REAL_SERVERS[1]);
}

fn redis_8_2_has_what_was_written() {
    has_what_was_written(REAL_SERVERS[2]);
}

fn valkey_has_what_was_written() {
    has_what_was_written(REAL_SERVERS[3]);
}

fn redis_7_0_counts_words_as_we_do() {
    counts_words_as_we_do(REAL_SERVERS[0]);
}

fn redis_7_4_counts_words_as_we_do() {
    counts_words_as_we_do(REAL_SERVERS[1]);
}

fn redis_8_2_counts_words_as_we_do() {
    counts_words_as_we_do(REAL_SERVERS[2]);
}

fn valkey_counts_words_as_we_do() {
    counts_words_as_we_do(REAL_SERVERS[3]);
}

/// A server that has read a redis.conf. It is killed when it is dropped.
struct Server<'a> {
    child: Child,
    sandbox: &'a Sandbox,
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl<'a> Server<'a> {
    fn start(sandbox: &'a Sandbox, program: &str, conf: impl AsRef<[u8]>) -> Self {
        sandbox.write("redis.conf", conf);
        let _ = std::fs::remove_file(sandbox.path("socket"));
        let line = format!("exec '{program}' redis.conf --port 0 --unixsocket socket");
        let log = File::create(sandbox.path("log")).unwrap();
        let child = sandbox.command(&line).stdout(log.try_clone().unwrap()).stderr(log).spawn();
        Self { child: child.unwrap(), sandbox }
    }

    /// A connection; the server's log where it gave up.
    fn connect(&mut self) -> Result<redis::Connection, String> {
        let url = format!("redis+unix://{}", self.sandbox.path("socket").display());
        let client = redis::Client::open(url).unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            match client.get_connection() {
                Ok(connection) => return Ok(connection),
                Err(_) if self.child.try_wait().unwrap().is_some() => {
                    return Err(self.sandbox.read("log"));
                }
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// What `CONFIG GET` says, each as text.
fn settings(connection: &mut redis::Connection, of: &str) -> BTreeMap<String, Vec<u8>> {
    redis::cmd("CONFIG").arg("GET").arg(of).query(connection).unwrap()
}

/// The words behind each `loadmodule`, as `MODULE LIST` has them since 7.0.
fn arguments(connection: &mut redis::Connection) -> Vec<Vec<Vec<u8>>> {
    let modules: Vec<BTreeMap<String, Value>> =
        redis::cmd("MODULE").arg("LIST").query(connection).unwrap();
    let arguments = |module: &BTreeMap<String, Value>| {
        redis::from_redis_value(module["args"].clone()).expect("a list of texts")
    };
    modules.iter().map(arguments).collect()
}

const EXISTING: &str = "\
# A comment about maxmemory.\r
MAXMEMORY 1mb\r
\r
  save 3600 1\r
save 300 100\r
loadmodule ./hello.so one\r
slave-priority 7\r
timeout 17\r
maxmemory 2mb\r
";

fn has_what_was_written(server: RealServer) {
    let mut sandbox = Sandbox::new();
    sandbox.old_openssl().module("hello");
    let changes = changes(
        r##"
        MaxMemory: 100mb
        maxmemory-policy: allkeys-lru
        Save: [900 1, 60 10000]
        appendonly: 'yes'
        notify-keyspace-events: KEA
        replica-priority: 42
        masterauth: '"a \"b\" \\ c\n\x01 é"'
        masteruser: "'it\\'s # no comment'"
        syslog-ident: ''
        client-output-buffer-limit: [normal 1mb 512kb 30, pubsub 2mb 1mb 60]
        oom-score-adj-values: 1 2 3
        latency-tracking-info-percentiles: 50 99.5
        loadmodule: './hello.so "a b" '''' #x'
        user: [ann on >pass ~* +@all, bob off]
        rename-command: FLUSHALL ""
        unixsocketperm: null
        bind: 127.0.0.1 -::1
        "##,
    );
    let text = RedisConf::parse(EXISTING).unwrap().with(&changes).to_string();
    let mut running = Server::start(&sandbox, &server.program().display().to_string(), &text);
    let mut connection = running.connect().unwrap_or_else(|log| panic!("{text}\n{log}"));
    let settings = settings(&mut connection, "*");
    let is = |name: &str, value: &[u8]| {
        let found = String::from_utf8_lossy(&settings[name]).into_owned();
        assert_eq!(found, String::from_utf8_lossy(value), "{name}\n{text}");
    };
    is("maxmemory", b"104857600");
    is("maxmemory-policy", b"allkeys-lru");
    is("save", b"900 1 60 10000");
    is("appendonly", b"yes");
    is("replica-priority", b"42");
    is("slave-priority", b"42");
    is("timeout", b"17");
    is("masterauth", "a \"b\" \\ c\n\x01 é".as_bytes());
    is("masteruser", b"it's # no comment");
    is("syslog-ident", b"");
    is("oom-score-adj-values", b"1 2 3");
    is("latency-tracking-info-percentiles", b"50 99.5");
    is("bind", b"127.0.0.1 -::1");
    let limits = String::from_utf8_lossy(&settings["client-output-buffer-limit"]).into_owned();
    assert!(limits.contains("normal 1048576 524288 30"), "{limits}");
    assert!(limits.contains("pubsub 2097152 1048576 60"), "{limits}");
    let found = arguments(&mut connection);
    assert!(found.contains(&[&b"a b"[..], b"", b"#x"].map(Vec::from).to_vec()), "{found:?}");
    let users: Vec<String> = redis::cmd("ACL").arg("USERS").query(&mut connection).unwrap();
    assert_eq!(users, ["ann", "bob", "default"]);
    assert!(redis::cmd("FLUSHALL").exec(&mut connection).is_err());
}

/// With two words behind it, a directive is refused by the server where it is by us.
fn counts_words_as_we_do(server: RealServer) {
    let mut sandbox = Sandbox::new();
    sandbox.old_openssl();
    let program = server.program().display().to_string();
    let mut running = Server::start(&sandbox, &program, "");
    let names: BTreeSet<String> =
        settings(&mut running.connect().unwrap(), "*").into_keys().collect();
    drop(running);
    assert!(names.len() > 150);
    for name in names {
        let ours = Changes::default().set(&name, &["xx yy".to_owned()]).is_err();
        sandbox.write("redis.conf", format!("{name} xx yy\n"));
        let run = sandbox.sh(&format!("'{program}' redis.conf --port 0 2>&1"));
        // One directive of 8.2 brings the server down.
        let refusals = ["wrong number of arguments", "REDIS BUG REPORT START"];
        let theirs = refusals.iter().any(|refusal| run.stdout.contains(refusal));
        // Of its three words, that says the same where one is missing.
        let theirs = theirs && name != "oom-score-adj-values";
        assert_eq!(ours, theirs, "{name}: {}", run.stdout);
    }
}

/// Texts with all that needs quotes, and much that does not; a server takes no NUL.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ \"'\\\\#\t\n\r\x01-\x08\x0b\x0c\x7f]",
        "[a-z0-9$%&/=:;,.*-]{1,3}",
        "[éß中🦀\u{85}\u{a0}\u{2028}]",
        "\\\\x[0-9a-f]{0,2}",
    ];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn any_value_comes_back() {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    let values = (vec(nasty(), 3), vec(nasty(), 0..5));
    holds(60, &values, |(values, words)| {
        let names = ["masterauth", "masteruser", "syslog-ident"];
        let mut changes = Changes::default();
        for (name, value) in names.iter().zip(&values) {
            changes.set(name, &[typed([value.as_str()])]).unwrap();
        }
        let module = std::iter::once("./hello.so").chain(words.iter().map(String::as_str));
        changes.set("loadmodule", &[typed(module)]).unwrap();
        let text = RedisConf::default().with(&changes).to_string();
        let by_us: BTreeMap<_, _> = read(text.as_bytes()).unwrap().into_iter().collect();
        let mut running = Server::start(&sandbox, "redis-server", &text);
        let mut connection = running.connect().map_err(TestCaseError::fail)?;
        let by_server = settings(&mut connection, "*");
        for (name, value) in names.iter().zip(&values) {
            prop_assert_eq!(&by_server[*name], value.as_bytes(), "{}", text);
            prop_assert_eq!(&by_us[*name], &[value.as_bytes()], "{}", text);
        }
        let words: Vec<Vec<u8>> = words.into_iter().map(String::into_bytes).collect();
        prop_assert_eq!(&by_us["loadmodule"][1..], &words, "{}", text);
        prop_assert_eq!(arguments(&mut connection), [words], "{}", text);
        Ok(())
    });
}

/// What a person types is taken where a server takes it, and means there what it means to our reader.
fn any_typed_line_is_read_as_a_server_reads_it() {
    let sandbox = Sandbox::new();
    let piece = prop_oneof!["[ \"'\\\\]", "[a-c]", "\\\\[\"'nrtbax0]", "\\\\x[0-9a-g]{2}"];
    let line = vec(piece, 0..7).prop_map(|pieces| pieces.concat());
    holds(80, &line, |line| {
        let mut changes = Changes::default();
        let taken = changes.set("masteruser", std::slice::from_ref(&line)).is_ok();
        let typed = if line.trim().is_empty() { "\"\"" } else { &line };
        let text = format!("masteruser {typed}\n");
        let by_us = read(text.as_bytes()).filter(|lines| lines[0].1.len() == 1);
        let by_us = by_us.map(|lines| lines[0].1[0].clone());
        let has_nul = by_us.as_ref().is_some_and(|value| value.contains(&0));
        let mut running = Server::start(&sandbox, "redis-server", &text);
        let by_server = running.connect().ok().map(|mut connection| {
            settings(&mut connection, "masteruser").remove("masteruser").unwrap()
        });
        prop_assert_eq!(taken, by_server.is_some() && !has_nul, "{}", text);
        if taken {
            prop_assert_eq!(&by_server, &by_us, "{}", text);
            let written = RedisConf::default().with(&changes).to_string();
            prop_assert_eq!(read(written.as_bytes()), read(text.as_bytes()));
        }
        Ok(())
    });
}

/// The server's own user `default`, and when we say that anyone may come in.
fn who_needs_no_password() {
    let sandbox = Sandbox::new();
    let rules = [
        "requirepass ''",
        "requirepass secret",
        "user ann on >secret +@all",
        "user default on nopass +@all",
        "user default off nopass",
        "user default on >secret +@all",
        "user default on nopass >secret",
        "user default on >secret nopass",
        "user default on NOPASS resetpass",
        "user default on nopass reset on",
        "user default nopass",
        "requirepass secret\nuser default on nopass +@all",
        "requirepass ''\nuser default on >secret +@all",
    ];
    for rules in rules {
        let text = format!("protected-mode no\n{rules}\n");
        let mut running = Server::start(&sandbox, "redis-server", &text);
        let mut connection = running.connect().unwrap_or_else(|log| panic!("{text}\n{log}"));
        let asked = redis::cmd("PING").exec(&mut connection);
        let needs_one = asked.is_err_and(|error| error.to_string().contains("NOAUTH"));
        assert_eq!(is_open(&text), !needs_one, "{text}");
    }
    assert!(is_open(&RedisConf::default().with(&changes("protected-mode: no")).to_string()));
}
