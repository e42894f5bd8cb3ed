//! The servers of several versions are those they are taken for, and rampkit runs on another machine.

use libtest_mimic::Trial;

use crate::harness::{REAL_SERVERS, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(servers_have_their_versions, Redis70, RedisStack, FalkorDb, Valkey),
        test!(it_packs_on_aarch64, RampkitAarch64, Qemu, Zig),
        test!(modules_answer_alike_on_aarch64, RampkitAarch64, Qemu, Zig),
    ]
}

fn servers_have_their_versions() {
    let mut sandbox = Sandbox::new();
    sandbox.old_openssl();
    for server in REAL_SERVERS {
        let said = sandbox.ok(&format!("'{}' --version", server.program().display()));
        let version = server.version.trim_start_matches("valkey-");
        assert!(said.contains(&format!(" v={version} ")), "{said}");
    }
}

/// The bundle is the one that is made here without loading the module, blocks of real code included.
fn it_packs_on_aarch64() {
    let sandbox = Sandbox::new();
    sandbox.module_for_aarch64("hello");
    sandbox.ok("head -c 1000000 \"$(command -v rampkit)\" >plugin");
    sandbox.write("ramp.yml", "dependencies: {plugin: {local_path: plugin}}\n");
    let commands = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello/commands.json");
    sandbox.ok(&format!("rampkit pack --commands {commands} --no-module-yaml -o here.zip"));
    let there = sandbox.sh_on_aarch64("rampkit pack --discovery embedded --no-module-yaml");
    assert_eq!(there.stdout, "hello.Linux-aarch64.1.2.3.zip\n", "{}", there.stderr);
    sandbox.ok("cmp here.zip hello.Linux-aarch64.1.2.3.zip");
}

/// What the API answers there is what it answers here, and crashes are told as well.
fn modules_answer_alike_on_aarch64() {
    for module in ["hello", "calls", "command_info", "dictionaries", "events", "logs", "strings"] {
        let sandbox = Sandbox::new();
        let commands = format!("rampkit commands --discovery embedded --json {module}.so");
        sandbox.module(module);
        let here = sandbox.ok(&commands);
        sandbox.module_for_aarch64(module);
        let there = sandbox.sh_on_aarch64(&commands);
        assert_eq!(there.stdout.trim_end(), here, "{module}: {}", there.stderr);
    }
    let sandbox = Sandbox::new();
    sandbox.module_for_aarch64("crash");
    let crashed = sandbox.sh_on_aarch64("rampkit commands --discovery embedded crash.so");
    assert_eq!(crashed.code, 8, "{}", crashed.stderr);
    assert!(crashed.stderr.contains("SIGSEGV"), "{}", crashed.stderr);
}
