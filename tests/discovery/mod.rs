//! What a module registers, as rampkit learns it, in itself or in a redis-server.

mod crashes;
mod damaged;
mod files;
mod hosted;
mod isolation;
pub mod modules;
mod parity;
mod policy;
mod profiles;
mod random;
mod registrations;
mod repeated;
mod running;
mod servers;
mod surroundings;

use std::collections::BTreeMap;

use snapbox::str;

use crate::harness::Peer;
use crate::supervision::{run, sandbox};
use crate::test;
use running::Running;

pub use damaged::damaged;
pub use registrations::Random;

pub fn all() -> Vec<libtest_mimic::Trial> {
    let mut trials = vec![
        test!(a_table_of_commands),
        test!(the_same_table_by_a_server, RedisServer),
        test!(a_module_that_prints),
        test!(redisearch_has_27_commands, RediSearch),
        test!(arguments_reach_the_module),
        test!(equal_to_another_server, RedisServer),
    ];
    trials.extend(modules::all());
    trials.extend(profiles::all());
    trials.extend(servers::all());
    trials.extend(damaged::all());
    trials.extend(files::all());
    trials.extend(crashes::all());
    trials.extend(hosted::all());
    trials.extend(isolation::all());
    trials.extend(parity::all());
    trials.extend(policy::all());
    trials.extend(random::all());
    trials.extend(surroundings::all());
    trials.extend(repeated::all());
    trials
}

fn a_table_of_commands() {
    let sandbox = sandbox();
    sandbox.module("hello");
    run(&sandbox, "rampkit commands hello.so").prints(
        str![[r#"
name         arity  flags                 first key  last key  step
hello.get       -1  readonly module               1         1     1
hello.set       -1  write denyoom module          1         1     1
hello.world     -1  readonly module fast          0         0     0

"#]],
        str![[r#"
    Loaded hello 1.2.3 with 3 commands as Redis 7.4.11 does

"#]],
    );
}

fn the_same_table_by_a_server() {
    let sandbox = sandbox();
    sandbox.module("hello");
    let here = run(&sandbox, "rampkit commands hello.so");
    let table = run(&sandbox, "rampkit commands hello.so --discovery server");
    assert_eq!(here.stdout, table.stdout);
    table.prints(
        here.stdout.clone(),
        str![[r#"
    Loaded hello 1.2.3 with 3 commands in Redis [..]

"#]],
    );
}

fn a_module_that_prints() {
    let sandbox = sandbox();
    sandbox.module("prints");
    run(&sandbox, "rampkit commands --json prints.so").prints(
        str![[r#"
{
  "name": "prints",
  "version": 1,
  "commands": [
    {
      "command_name": "prints.it",
      "command_arity": -1,
      "flags": [
        "module",
        "fast"
      ],
      "first_key": 0,
      "last_key": 0,
      "step": 0
    }
  ]
}

"#]],
        str![[r#"
    Loaded prints 0.0.1 with 1 command as Redis 7.4.11 does

"#]],
    );
}

fn redisearch_has_27_commands() {
    let sandbox = sandbox();
    let module = Peer::RediSearch.found();
    let run = run(&sandbox, &format!("rampkit commands {}", module.display()));
    assert_eq!(run.stdout.lines().count(), 1 + 27, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("\nFT.AGGREGATE "), "{}", run.stdout);
}

fn arguments_reach_the_module() {
    let sandbox = sandbox();
    sandbox.module("arguments");
    run(&sandbox, "rampkit commands arguments.so b.one a.two -- --c.three").prints(
        str![[r#"
name       arity  flags   first key  last key  step
--c.three     -1  module          0         0     0
a.two         -1  module          0         0     0
b.one         -1  module          0         0     0

"#]],
        str![[r#"
    Loaded arguments 0.0.1 with 3 commands as Redis 7.4.11 does

"#]],
    );
    run(&sandbox, "rampkit commands --discovery embedded arguments.so").fails(8, str![[r#"
error: [ROOT]/arguments.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  | <arguments> usage: arguments.so COMMAND...
  last call of the module API: Log
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

/// What a server answers that was started with the module, without any of rampkit's code.
fn equal_to_another_server() {
    for name in ["hello", "keys"] {
        let sandbox = sandbox();
        let module = sandbox.module(name);
        let json = run(&sandbox, &format!("rampkit commands --json {name}.so")).stdout;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let options = ["--loadmodule", module.to_str().unwrap()];
        let mut server = Running::start(&sandbox, &Peer::RedisServer.found(), &options);
        let modules: Vec<BTreeMap<String, redis::Value>> = server.ask(&["MODULE", "LIST"]);
        let named: String = redis::from_redis_value_ref(&modules[0]["name"]).unwrap();
        let version: u64 = redis::from_redis_value_ref(&modules[0]["ver"]).unwrap();
        let commands = commands_of(&mut server, name);
        assert!(commands.len() >= 3);
        let expected = serde_json::json!({"name": named, "version": version, "commands": commands});
        assert_eq!(json, expected);
    }
}

/// The commands whose names begin with that of the module, as `COMMAND INFO` shows them.
fn commands_of(server: &mut Running, module: &str) -> Vec<serde_json::Value> {
    let pattern = format!("{module}.*");
    let mut names: Vec<String> = server.ask(&["COMMAND", "LIST", "FILTERBY", "PATTERN", &pattern]);
    names.retain(|name| !name.contains('|'));
    names.sort();
    type Info = (String, i64, Vec<String>, i64, i64, i64);
    let info = |name: &String| {
        let answer: Vec<Vec<redis::Value>> = server.ask(&["COMMAND", "INFO", name]);
        let first_six = redis::Value::Array(answer[0][..6].to_vec());
        let (name, arity, flags, first, last, step): Info =
            redis::from_redis_value(first_six).unwrap();
        serde_json::json!({
            "command_name": name, "command_arity": arity, "flags": flags,
            "first_key": first, "last_key": last, "step": step,
        })
    };
    names.iter().map(info).collect()
}
