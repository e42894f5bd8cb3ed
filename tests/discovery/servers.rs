//! Which server loads the module, with which options, and servers that are none.

use std::path::Path;

use snapbox::str;

use crate::harness::Sandbox;
use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(options_reach_the_server, RedisServer),
        test!(options_that_the_server_refuses, RedisServer),
        test!(options_that_are_no_options),
        test!(no_server),
        test!(a_server_that_is_none),
        test!(a_server_without_its_library, RedisServer),
    ]
}

fn options_reach_the_server() {
    let sandbox = sandbox();
    sandbox.module("prints");
    let other = sandbox.module("hello");
    // The other module is there before; its commands are not those of this one. A socket, a port or
    // a folder of one's own cannot be had.
    let options = format!(
        r#"{{"loadmodule": "{}", "port": 1, "daemonize": true, "dir": "/", "--hz": "50"}}"#,
        other.display()
    );
    run(
        &sandbox,
        &format!("rampkit commands --discovery server prints.so --redis-args '{options}'"),
    )
    .prints(
        str![[r#"
name       arity  flags        first key  last key  step
prints.it     -1  module fast          0         0     0

"#]],
        str![[r#"
    Loaded prints 0.0.1 with 1 command in Redis [..]

"#]],
    );
    run(
        &sandbox,
        r#"rampkit commands --discovery server hello.so --redis-args '{"requirepass": "x"}'"#,
    )
    .fails(
        8,
        str![[r#"
error: Redis [..] does not tell its modules and commands: Authentication required.
hint: it must be 4.0 or later, and its options must not ask for a password

"#]],
    );
}

fn options_that_the_server_refuses() {
    let sandbox = sandbox();
    sandbox.module("hello");
    run(
        &sandbox,
        r#"rampkit commands --discovery server hello.so --redis-args '{"no-such-option": "x"}'"#,
    )
    .fails(
        8,
        str![[r#"
error: [..]/redis-server did not start as a redis-server, it ended with exit code 1
  | *** FATAL CONFIG FILE ERROR (Redis [..]) ***
  | Reading the configuration file, at line 2
  | >>> 'no-such-option "x"'
  | Bad directive or wrong number of arguments
hint: check --redis-server or $REDIS_PATH, and the server's options

"#]],
    );
}

fn options_that_are_no_options() {
    let sandbox = sandbox();
    let line = |json| format!("rampkit commands --discovery server hello.so --redis-args '{json}'");
    run(&sandbox, &line("{")).fails(
        2,
        str![[r#"
error: invalid value '{' for '--redis-args <JSON>': write it as {"maxmemory": "1gb"}: EOF while parsing an object at line 1 column 1

For more information, try '--help'.

"#]],
    );
    run(&sandbox, &line(r#"{"save": ["1", "1"]}"#)).fails(2, str![[r#"
error: invalid value '{"save": ["1", "1"]}' for '--redis-args <JSON>': the value of "save" must be a text, a number, true or false

For more information, try '--help'.

"#]]);
}

fn no_server() {
    let mut sandbox = Sandbox::new();
    sandbox.module("hello");
    let bin = Path::new(env!("CARGO_BIN_EXE_rampkit")).parent().unwrap();
    sandbox.env("PATH", bin.to_str().unwrap());
    sandbox.sh("rampkit commands --discovery server hello.so").fails(
        8,
        str![[r#"
error: there is no redis-server on PATH to load the module into
hint: install one (Debian: apt-get install redis-server) or name one by --redis-server or $REDIS_PATH; --discovery embedded does without

"#]],
    );
}

fn a_server_that_is_none() {
    let sandbox = sandbox();
    sandbox.module("hello");
    sandbox.write("notes.txt", "redis-server\n");
    sandbox.write("broken", "#!/no/such/interpreter\n");
    sandbox.write("slow", "#!/bin/sh\nexec sleep 600\n");
    sandbox.write("talks", "#!/bin/sh\necho frobnicator 1.0\n");
    sandbox.ok("chmod +x broken slow talks");
    let commands = "rampkit commands --discovery server hello.so";
    let with = |server: &str| run(&sandbox, &format!("{commands} --redis-server {server}"));
    with("/no/redis-server").fails(
        8,
        str![[r#"
error: cannot run the redis-server /no/redis-server: there is no such file
hint: check --redis-server or $REDIS_PATH; without either, the one on PATH is used

"#]],
    );
    with("no-such-server").fails(
        8,
        str![[r#"
error: cannot run the redis-server no-such-server: there is no such file
hint: check --redis-server or $REDIS_PATH; without either, the one on PATH is used

"#]],
    );
    with("./tmp").fails(
        8,
        str![[r#"
error: cannot run the redis-server ./tmp: it is a folder
hint: check --redis-server or $REDIS_PATH; without either, the one on PATH is used

"#]],
    );
    with("./notes.txt").fails(
        8,
        str![[r#"
error: cannot run the redis-server ./notes.txt: it is not executable
hint: check --redis-server or $REDIS_PATH; without either, the one on PATH is used

"#]],
    );
    with("./broken").fails(
        8,
        str![[r#"
error: ./broken did not start as a redis-server, it ended with exit code 3
  | error: cannot run ./broken
  | caused by: No such file or directory (os error 2)
  | hint: check the spelling; a folder must be there already
hint: check --redis-server or $REDIS_PATH, and the server's options

"#]],
    );
    with("./talks").fails(
        8,
        str![[r#"
error: ./talks did not start as a redis-server, it ended with exit code 0
  | frobnicator 1.0
hint: check --redis-server or $REDIS_PATH, and the server's options

"#]],
    );
    with("./slow --timeout 1").fails(
        8,
        str![[r#"
error: ./slow did not answer within 1 s
hint: check --redis-server or $REDIS_PATH; --timeout SECONDS gives more time

"#]],
    );
}

/// The redis-server here, made to need a library that is not there.
fn a_server_without_its_library() {
    let mut sandbox = sandbox();
    sandbox.module("hello");
    sandbox.ok("echo 'int x;' | cc -shared -fPIC -x c - -o libneeded.so.1.1");
    sandbox.ok("echo 'extern int x; int main(void) { return x; }' | cc -x c - -x none -L. -l:libneeded.so.1.1 -o server");
    sandbox.env("LD_LIBRARY_PATH", "/nowhere");
    run(&sandbox, "rampkit commands --discovery server hello.so --redis-server ./server").fails(
        8,
        str![[r#"
error: ./server did not start as a redis-server, it ended with exit code 127
  | ./server: error while loading shared libraries: libneeded.so.1.1: cannot open shared object file: No such file or directory
hint: install the package that has libneeded.so.1.1, or put the absolute path of its folder on LD_LIBRARY_PATH

"#]],
    );
}
