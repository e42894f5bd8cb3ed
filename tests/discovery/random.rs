//! What a module registers at random, as a server learns it and as rampkit does without one.
//!
//! A failure names its seed: `RAMPKIT_SEED=1 cargo test random` makes the same calls again.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::registrations::{Call, Random, calls, file};
use crate::harness::{REAL_SERVERS, RealServer, Sandbox};
use crate::supervision::{run, sandbox};
use crate::test;

const MODULES: usize = 16;
const CALLS: usize = 600;
/// How many commands the servers must have shown at least.
const COMMANDS: usize = 2500;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(registrations_in_redis_7_0, Redis70),
        test!(registrations_in_redis_7_4, RedisStack),
        test!(registrations_in_redis_8_2, FalkorDb),
        test!(registrations_in_valkey_9_1, Valkey),
        test!(registrations_that_end_a_server, Redis70),
    ]
}

fn registrations_in_redis_7_0() {
    equal_to(REAL_SERVERS[0]);
}

fn registrations_in_redis_7_4() {
    equal_to(REAL_SERVERS[1]);
}

fn registrations_in_redis_8_2() {
    equal_to(REAL_SERVERS[2]);
}

fn registrations_in_valkey_9_1() {
    equal_to(REAL_SERVERS[3]);
}

fn equal_to(server: RealServer) {
    let seed = std::env::var("RAMPKIT_SEED").ok().map(|seed| seed.parse().expect("a number"));
    let seed = seed
        .unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64);
    let ways = Ways::of(server);
    let mut random = Random(seed);
    let mut seen = 0;
    for number in 0..MODULES {
        let calls = calls(&mut random, CALLS);
        let [theirs, ours] = ways.both(&file(&calls));
        if let Some(difference) = theirs.first_difference(&ours, &calls) {
            panic!("{difference}\nmodule {number}, RAMPKIT_SEED={seed}, {}", server.version);
        }
        seen += theirs.commands.len();
    }
    assert!(seen >= COMMANDS, "RAMPKIT_SEED={seed}: only {seen} commands");
}

/// One of its own assertions fails: two key specs at position 0, a name with `|` given twice.
fn registrations_that_end_a_server() {
    let ways = Ways::of(REAL_SERVERS[0]);
    let specs = |specs: [&str; 2]| {
        let specs = specs.map(|at| format!("spec 2 2 {at} 1\n")).concat();
        format!("create x 1 - 0 0 0\ninfo x\nversion 0\nspecs\n{specs}set\n")
    };
    for calls in [
        specs(["0 - 2 0", "1 - 2 0"]),
        specs(["1 - 2 -1", "0 - 2 0"]),
        specs(["-1 - 2 1", "9 - 1 0"]),
        "create x%7cy 1 - 0 0 0\ncreate X%7cy 1 - 0 0 0\n".to_owned(),
        "create %00 1 - 0 0 0\ncreate %00 1 - 0 0 0\n".to_owned(),
    ] {
        let [theirs, ours] = ways.both(&calls);
        assert_eq!((theirs.code, ours.code), (8, 8), "{calls}");
        assert_eq!(theirs.answers, ours.answers, "{calls}");
    }
}

/// The two ways of discovery, for one version.
struct Ways {
    sandbox: Sandbox,
    options: [String; 2],
}

/// What came out of one of them.
struct Outcome {
    code: i32,
    /// A line for each call.
    answers: Vec<String>,
    commands: Vec<Value>,
}

impl Ways {
    fn of(server: RealServer) -> Self {
        let mut sandbox = sandbox();
        sandbox.old_openssl();
        sandbox.module("registrations");
        let theirs = format!("server --redis-server '{}'", server.program().display());
        let ours = format!("embedded --redis-version {}", server.version);
        Self { sandbox, options: [theirs, ours] }
    }

    fn both(&self, calls: &str) -> [Outcome; 2] {
        self.sandbox.write("calls", calls);
        self.options.each_ref().map(|options| self.outcome(options))
    }

    fn outcome(&self, options: &str) -> Outcome {
        let [calls, answers] = ["calls", "answers"].map(|name| self.sandbox.path(name));
        let files = format!("'{}' '{}'", calls.display(), answers.display());
        let _ = std::fs::remove_file(answers);
        let line =
            format!("rampkit commands --json --discovery {options} registrations.so {files}");
        let run = run(&self.sandbox, &line);
        assert!(matches!(run.code, 0 | 8), "{line}\n{}", run.stderr);
        let discovered: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
        let commands = discovered["commands"].as_array().cloned().unwrap_or_default();
        let answers = self.sandbox.read("answers").lines().map(str::to_owned).collect();
        Outcome { code: run.code, answers, commands }
    }
}

impl Outcome {
    fn first_difference(&self, ours: &Self, calls: &[Call]) -> Option<String> {
        if self.code != ours.code {
            return Some(format!("server: exit code {}, rampkit: {}", self.code, ours.code));
        }
        if let Some(number) =
            (0..calls.len()).find(|i| self.answers.get(*i) != ours.answers.get(*i))
        {
            let (theirs, ours) = (self.answers.get(number), ours.answers.get(number));
            return Some(format!(
                "{}server: {theirs:?}, rampkit: {ours:?}",
                file(&calls[number..=number])
            ));
        }
        let theirs: BTreeSet<String> = self.commands.iter().map(Value::to_string).collect();
        let ours: BTreeSet<String> = ours.commands.iter().map(Value::to_string).collect();
        let only = theirs.symmetric_difference(&ours).next()?;
        let whose = if theirs.contains(only) { "server" } else { "rampkit" };
        Some(format!("only the {whose} has {only}"))
    }
}
