//! Which way a module is loaded, and why.

use snapbox::str;

use crate::harness::Sandbox;
use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(without_a_server),
        test!(a_doubt_is_settled_by_a_server, RedisServer),
        test!(a_doubt_without_a_server),
        test!(a_call_with_many_values),
        test!(a_doubt_that_no_server_settles),
        test!(options_for_a_server, RedisServer),
        test!(a_failure_here_that_a_server_has_not, RedisServer),
        test!(a_failure_in_both, RedisServer),
        test!(both_agree, RedisServer),
        test!(both_differ, RedisServer),
        test!(versions_that_are_none),
        test!(the_default_version_is_fixed, RedisServer),
    ]
}

/// A sandbox in which no redis-server is found.
fn no_server() -> Sandbox {
    let mut sandbox = sandbox();
    sandbox.env("REDIS_PATH", "/no/redis-server");
    sandbox
}

fn without_a_server() {
    let sandbox = no_server();
    sandbox.module("hello");
    assert_eq!(run(&sandbox, "rampkit commands hello.so").code, 0);
    run(&sandbox, "rampkit commands hello.so --discovery server").fails(
        8,
        str![[r#"
error: cannot run the redis-server /no/redis-server: there is no such file
hint: check --redis-server or $REDIS_PATH; without either, the one on PATH is used

"#]],
    );
    sandbox.sh("env -u REDIS_PATH PATH=$(dirname $(command -v rampkit)) rampkit commands hello.so --verify-discovery").fails(8, str![[r#"
error: there is no redis-server on PATH to load the module into
hint: install one (Debian: apt-get install redis-server) or name one by --redis-server or $REDIS_PATH; --discovery embedded does without

"#]]);
}

fn a_doubt_is_settled_by_a_server() {
    let sandbox = sandbox();
    sandbox.module_that("asks", "Call(ctx, \"TIME\", \"\"); Call(ctx, \"TIME\", \"\");");
    run(&sandbox, "rampkit commands asks.so").prints(
        str![[r#"
name     arity  flags   first key  last key  step
asks.it     -1  module          0         0     0

"#]],
        str![[r#"
warning: Redis [..] answers in place of Redis 7.4, and may show other flags
   hint: name a server of that version: --redis-server PATH
    Loaded asks 0.0.1 with 1 command in Redis [..], because it calls TIME

"#]],
    );
    sandbox.module_that("timer", "CreateTimer(ctx, 1000, NULL, NULL);");
    let timer = run(&sandbox, "rampkit commands timer.so --redis-version 7.0");
    assert!(
        timer.stderr.contains(", because it does something later: a timer"),
        "{}",
        timer.stderr
    );
    let later = run(&sandbox, "rampkit commands timer.so --redis-version 7.2");
    assert!(later.stderr.ends_with(" as Redis 7.2.16 does\n"), "{}", later.stderr);
}

fn a_doubt_without_a_server() {
    let mut sandbox = sandbox();
    sandbox.module_that("shares", "GetSharedAPI(ctx, \"other.function\");");
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_rampkit")).parent().unwrap();
    sandbox.env("PATH", bin.to_str().unwrap()).env("REDIS_PATH", "");
    let line = "rampkit commands shares.so";
    sandbox.sh(line).prints(
        str![[r#"
name       arity  flags   first key  last key  step
shares.it     -1  module          0         0     0

"#]],
        str![[r#"
warning: a redis-server might see more or less: it looks for another module's other.function
   hint: let one tell: --discovery server --redis-server PATH
    Loaded shares 0.0.1 with 1 command as Redis 7.4.11 does

"#]],
    );
    sandbox.sh(&format!("{line} --deny-warnings")).fails(
        10,
        str![[r#"
warning: a redis-server might see more or less: it looks for another module's other.function
   hint: let one tell: --discovery server --redis-server PATH
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]],
    );
}

fn a_call_with_many_values() {
    let sandbox = no_server();
    let letters = "c".repeat(20);
    let values = ", \"x\"".repeat(20);
    sandbox.module_that("many", &format!("Call(ctx, \"MGET\", \"{letters}\"{values});"));
    let run = run(&sandbox, "rampkit commands many.so --discovery embedded");
    assert!(run.stderr.contains(": it calls MGET with many values\n"), "{}", run.stderr);
}

fn a_doubt_that_no_server_settles() {
    let sandbox = no_server();
    sandbox.module_that("asks", "Call(ctx, \"INFO\", \"c\", \"keyspace\");");
    run(&sandbox, "rampkit commands asks.so").prints(str![[r#"
name     arity  flags   first key  last key  step
asks.it     -1  module          0         0     0

"#]], str![[r#"
warning: a redis-server might see more or less: it asks for INFO keyspace
   hint: let one tell: --discovery server --redis-server PATH
warning: no redis-server could tell: cannot run the redis-server /no/redis-server: there is no such file
    Loaded asks 0.0.1 with 1 command as Redis 7.4.11 does

"#]]);
}

fn options_for_a_server() {
    let sandbox = sandbox();
    sandbox.module("hello");
    let options = r#"--redis-args '{"maxmemory": "100mb"}'"#;
    run(&sandbox, &format!("rampkit commands hello.so {options}")).prints(
        str![[r#"
name         arity  flags                 first key  last key  step
hello.get       -1  readonly module               1         1     1
hello.set       -1  write denyoom module          1         1     1
hello.world     -1  readonly module fast          0         0     0

"#]],
        str![[r#"
    Loaded hello 1.2.3 with 3 commands in Redis [..], because there are options for a redis-server

"#]],
    );
}

/// It refuses just the version that is imitated.
fn a_failure_here_that_a_server_has_not() {
    let sandbox = sandbox();
    let what = "if (GetServerVersion() == 0x0007040b) return ERR;";
    sandbox.module_that("early", what);
    run(&sandbox, "rampkit commands early.so").prints(str![[r#"
name      arity  flags   first key  last key  step
early.it     -1  module          0         0     0

"#]], str![[r#"
warning: Redis [..] answers in place of Redis 7.4, and may show other flags
   hint: name a server of that version: --redis-server PATH
    Loaded early 0.0.1 with 1 command in Redis [..], because imitating Redis 7.4.11 its OnLoad returned an error

"#]]);
    run(&sandbox, "rampkit commands early.so --discovery embedded").fails(8, str![[r#"
error: [ROOT]/early.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  last call of the module API: GetServerVersion
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
    run(&sandbox, "rampkit commands early.so --verify-discovery").fails(8, str![[r#"
error: [ROOT]/early.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  last call of the module API: GetServerVersion
  a server was asked too: Redis [..] loads it
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_failure_in_both() {
    let sandbox = sandbox();
    sandbox.module("refuse");
    run(&sandbox, "rampkit commands refuse.so").fails(8, str![[r#"
error: [ROOT]/refuse.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  | <refuse> cannot open the dictionary: no such file
  last call of the module API: Log
  a server was asked too: Redis [..] could not load [ROOT]/refuse.so: Error loading the extension
    | <refuse> cannot open the dictionary: no such file
    | Module [ROOT]/refuse.so initialization failed. Module not loaded
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; rampkit pack --commands FILE packs it without loading it

"#]]);
    sandbox.module("crash");
    let crash = run(&sandbox, "rampkit commands crash.so");
    assert_eq!(crash.code, 8);
    assert!(crash.stderr.contains("\n  a server was asked too: "), "{}", crash.stderr);
}

fn both_agree() {
    let sandbox = sandbox();
    sandbox.module("keys");
    let line = "rampkit pack keys.so --verify-discovery --no-module-yaml";
    let run = run(&sandbox, line);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains(": they agree\n"), "{}", run.stderr);
}

fn both_differ() {
    let sandbox = sandbox();
    let what = "if (GetServerVersion() == 0x0007040b) {\n\
        CreateCommand(ctx, \"more.new\", it, \"write\", 1, 1, 1);\n\
        CreateCommand(ctx, \"more.other\", it, \"write fast\", 1, -1, 1);\n} else\n\
        CreateCommand(ctx, \"more.other\", it, \"write\", 1, 1, 1);";
    sandbox.module_that("more", what);
    run(&sandbox, "rampkit commands more.so --verify-discovery").fails(8, str![[r#"
error: more.so registers something else imitating Redis 7.4.11 than in Redis [..]
                       Redis 7.4.11       Redis [..]
  more.new             registered         -
  more.other flags     write module fast  write module
  more.other last key  -1                 1
hint: where the versions are not the same, --redis-version names the server's; otherwise use --discovery server, and report the difference

"#]]);
    let same = run(&sandbox, "rampkit commands more.so --verify-discovery --redis-version 7.0");
    assert_eq!(same.code, 0, "{}", same.stderr);
}

fn versions_that_are_none() {
    let sandbox = sandbox();
    run(&sandbox, "rampkit commands hello.so --redis-version 3.2").fails(2, str![[r#"
error: invalid value '3.2' for '--redis-version <VERSION>': known are Redis 4.0, 5.0, 6.0, 6.2, 7.0, 7.2, 7.4, 8.0, 8.2, 8.4, 8.6, 8.8, 8.10, and as valkey-VERSION Valkey 7.2, 8.0, 8.1, 9.0, 9.1

For more information, try '--help'.

"#]]);
    run(&sandbox, "rampkit commands hello.so --discovery guess").fails(
        2,
        str![[r#"
error: invalid value 'guess' for '--discovery <WAY>'
  [possible values: auto, embedded, server]

For more information, try '--help'.

"#]],
    );
    for contradiction in [
        "embedded --redis-server x",
        "embedded --redis-args {\\\"a\\\":1}",
        "server --redis-version 7.0",
    ] {
        let run = run(&sandbox, &format!("rampkit commands hello.so --discovery {contradiction}"));
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(" mean nothing with --discovery "), "{}", run.stderr);
    }
    run(&sandbox, "rampkit commands hello.so --discovery server --verify-discovery").fails(
        2,
        str![[r#"
error: the argument '--discovery <WAY>' cannot be used with '--verify-discovery'

Usage: rampkit commands --discovery <WAY> <MODULE.so> [ARGUMENTS]...

For more information, try '--help'.

"#]],
    );
}

/// Whatever server is here, a bundle has the same bytes.
fn the_default_version_is_fixed() {
    let (with, without) = (sandbox(), no_server());
    for sandbox in [&with, &without] {
        sandbox.module("hello");
        sandbox.ok("rampkit pack -q --no-module-yaml -o hello.zip hello.so");
    }
    assert_eq!(with.ok("sha256sum hello.zip"), without.ok("sha256sum hello.zip"));
}
