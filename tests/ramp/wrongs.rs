//! What users of ramp-packer suffer from, each beside it: there as they say, here right. README's table
//! has a row for each.

use std::fs;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{metadata, ours, theirs};
use crate::harness::{Sandbox, read_entry};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(neither_python_nor_a_server_is_needed),
        test!(another_architecture, RampPacker, RedisServer),
        test!(the_same_bytes_each_time, RampPacker, RedisServer),
        test!(the_commit_is_the_modules, RampPacker, RedisServer),
        test!(bad_yaml_is_an_error, RampPacker, RedisServer),
        test!(unknown_keys_have_a_place, RampPacker, RedisServer),
        test!(no_code_of_a_manifest_runs, RampPacker, RedisServer),
        test!(validation_works, RampPacker, RedisServer),
        test!(unpacking_keeps_everything, RampPacker, RedisServer),
        test!(options_for_the_server_reach_it, RampPacker, RedisServer),
        test!(several_systems, RampPacker, RedisServer),
        test!(dependencies_by_option, RampPacker, RedisServer),
        test!(excludes_in_any_case, RampPacker, RedisServer),
        test!(excludes_of_several_options, RampPacker, RedisServer),
        test!(an_override_of_some_keys, RampPacker, RedisServer),
        test!(an_architecture_by_another_name, RampPacker, RedisServer),
        test!(a_name_that_cannot_be, RampPacker, RedisServer),
        test!(a_module_that_crashes, RampPacker, RedisServer),
    ]
}

/// Both in folders of their own, made ready the same way.
fn both(prepare: &str) -> [Sandbox; 2] {
    let both = [ours(), theirs()];
    both.iter().for_each(|it| drop(it.ok(prepare)));
    both
}

fn field(sandbox: &Sandbox, name: &str) -> Value {
    metadata(sandbox, "module.zip")[name].clone()
}

fn neither_python_nor_a_server_is_needed() {
    let mut sandbox = ours();
    sandbox.env("PATH", sandbox.path("../bin").display().to_string());
    assert_eq!(sandbox.ok("ramp pack -q hello.so"), "module.zip");
}

fn another_architecture() {
    let [ours, theirs] = both("true");
    let machine = if cfg!(target_arch = "x86_64") { 183u16 } else { 62 };
    let other = if cfg!(target_arch = "x86_64") { "aarch64" } else { "x86_64" };
    for sandbox in [&ours, &theirs] {
        let mut bytes = fs::read(sandbox.path("hello.so")).unwrap();
        bytes[18..20].copy_from_slice(&machine.to_le_bytes());
        sandbox.write("hello.so", bytes);
        sandbox.write("c.json", include_str!("../../modules/hello/commands.json"));
    }
    assert_ne!(theirs.sh("ramp pack hello.so").code, 0);
    ours.ok("ramp pack -q --commands c.json hello.so");
    assert_eq!(field(&ours, "architecture"), other);
}

fn the_same_bytes_each_time() {
    let [ours, theirs] =
        both("echo 'dependencies: {p: {url: https://h/p.tgz, local_path: ramp.yml}}' >d.yml");
    let line = "ramp pack -m d.yml hello.so >/dev/null 2>&1 && sha256sum <module.zip && sleep 2";
    assert_ne!(theirs.ok(line), theirs.ok(line));
    assert_eq!(ours.ok(line), ours.ok(line));
}

fn the_commit_is_the_modules() {
    let repository = "git init -q m && mv hello.so m && cd m && git commit -q --allow-empty -m one && \
                      cd .. && git init -q . && git commit -q --allow-empty -m two";
    let [ours, theirs] = both(repository);
    [&ours, &theirs].iter().for_each(|it| drop(it.ok("ramp pack m/hello.so 2>/dev/null")));
    let commit = |it: &Sandbox, folder: &str| it.ok(&format!("git -C {folder} rev-parse HEAD"));
    assert_eq!(field(&ours, "git_sha"), commit(&ours, "m"));
    assert_eq!(field(&theirs, "git_sha"), format!("b'{}'", commit(&theirs, ".")));
}

fn bad_yaml_is_an_error() {
    let [ours, theirs] = both("printf 'author: a\\nemail: [\\n' >bad.yml");
    let line = "ramp pack -m bad.yml hello.so";
    assert_eq!([ours.sh(line).code, theirs.sh(line).code], [6, 0]);
    assert_eq!(field(&theirs, "author"), "");
    assert!(!ours.path("module.zip").exists());
}

fn unknown_keys_have_a_place() {
    let [ours, theirs] = both("printf 'author: a\\nhome_page: x\\n' >k.yml");
    let said = |it: &Sandbox| it.sh("ramp pack -m k.yml hello.so").stderr;
    assert!(said(&theirs).contains("home_page unknown attribute"));
    assert!(
        said(&ours)
            .contains("k.yml:2:1: unknown key \"home_page\"\n   hint: did you mean \"homepage\"?")
    );
}

fn no_code_of_a_manifest_runs() {
    let code = "command_line_args: \"{open('ran', 'w').write('x')}\"";
    let [ours, theirs] = both(&format!("cat >c.yml <<'END'\n{code}\nEND"));
    [&ours, &theirs].iter().for_each(|it| drop(it.ok("ramp pack -m c.yml hello.so 2>/dev/null")));
    assert_eq!([&ours, &theirs].map(|it| it.path("ran").exists()), [false, true]);
}

fn validation_works() {
    let [ours, theirs] = both("ramp pack -m ramp.yml hello.so 2>/dev/null");
    let run = theirs.sh("ramp validate module.zip");
    assert!(run.code != 0 && run.stderr.contains("unexpected extra arguments"), "{}", run.stderr);
    assert_eq!(ours.ok("ramp validate module.zip"), "package is valid");
}

fn unpacking_keeps_everything() {
    let [ours, theirs] = both(
        "echo 'dependencies: {p: {url: https://h/p.tgz, local_path: ramp.yml}}' >d.yml && \
         ramp pack -m d.yml hello.so 2>/dev/null && mkdir to && echo mine >to/hello.so",
    );
    let unpack = |it: &Sandbox| it.sh("cd to && ramp unpack ../module.zip").code;
    assert_eq!([unpack(&ours), unpack(&theirs)], [9, 0]);
    assert_eq!(ours.read("to/hello.so"), "mine\n");
    assert_eq!(theirs.list("to"), ["hello.json", "hello.so"]);
    let is_same = |it: &Sandbox| {
        let json = read_entry(&it.path("module.zip"), "module.json");
        it.read("to/hello.json").as_bytes() == json
    };
    assert!(!is_same(&theirs));
    ours.ok("rm to/hello.so && cd to && ramp unpack ../module.zip");
    assert!(is_same(&ours));
    assert_eq!(ours.list("to"), ["deps", "hello.json", "hello.so"]);
}

fn options_for_the_server_reach_it() {
    let [ours, theirs] = both("true");
    let line = r#"ramp pack --redis-args '{"no-such-option": "1"}' hello.so"#;
    let run = ours.sh(line);
    assert!(run.stderr.contains("no-such-option"), "{}", run.stderr);
    assert_eq!([run.code, theirs.sh(line).code], [8, 0]);
}

fn several_systems() {
    let [ours, theirs] = both("ramp pack hello.so 2>/dev/null");
    assert_eq!(field(&theirs, "operating_systems").as_array().unwrap().len(), 1);
    ours.ok("ramp pack -q --set operating_systems=rhel8,rhel9 hello.so");
    assert_eq!(field(&ours, "operating_systems"), json!(["rhel8", "rhel9"]));
}

fn dependencies_by_option() {
    let [ours, theirs] = both("true");
    let sha256 = "a".repeat(64);
    let named = format!(r#"{{"p": {{"url": "https://h/p.tgz", "sha256": "{sha256}"}}}}"#);
    let listed = format!(r#"[{{"name": "p", "url": "https://h/p.tgz", "sha256": "{sha256}"}}]"#);
    for (option, field_name) in
        [("--dependencies", "dependencies"), ("--optional-dependencies", "optional-dependencies")]
    {
        for value in [&named, &listed] {
            let line = format!("ramp pack -q {option} '{value}' hello.so");
            ours.ok(&line);
            let expected = json!({"p": {"url": "https://h/p.tgz", "sha256": sha256}});
            assert_eq!(field(&ours, field_name), expected);
            assert_ne!(theirs.sh(&line.replace(" -q", "")).code, 0);
        }
    }
}

fn names(sandbox: &Sandbox) -> Vec<String> {
    let commands = field(sandbox, "commands");
    let name = |command: &Value| command["command_name"].as_str().unwrap().to_owned();
    let mut names: Vec<String> = commands.as_array().unwrap().iter().map(name).collect();
    names.sort();
    names
}

fn excludes_in_any_case() {
    let [ours, theirs] = both("ramp pack -E HELLO.GET hello.so 2>/dev/null");
    assert_eq!(names(&ours), ["hello.set", "hello.world"]);
    assert_eq!(names(&theirs), ["hello.get", "hello.set", "hello.world"]);
}

fn excludes_of_several_options() {
    let [ours, theirs] = both("ramp pack -E hello.get -E hello.set hello.so 2>/dev/null");
    assert_eq!(names(&ours), ["hello.world"]);
    assert_eq!(names(&theirs), ["hello.get", "hello.world"]);
}

fn an_override_of_some_keys() {
    let option = r#"--overide-command '{"command_name": "hello.get", "step": -2}'"#;
    let [ours, theirs] = both(&format!("ramp pack {option} hello.so 2>/dev/null"));
    let of = |it: &Sandbox| {
        let commands = field(it, "commands");
        let is_it = |command: &&Value| command["command_name"] == "hello.get";
        commands.as_array().unwrap().iter().find(is_it).cloned().unwrap()
    };
    assert_eq!(of(&theirs), json!({"command_name": "hello.get", "step": -2}));
    assert_eq!((&of(&ours)["step"], &of(&ours)["command_arity"]), (&json!(-2), &json!(-1)));
}

fn an_architecture_by_another_name() {
    let [ours, theirs] = both("ramp pack -A amd64 hello.so 2>/dev/null");
    assert_eq!(field(&ours, "architecture"), "x86_64");
    assert_eq!(field(&theirs, "architecture"), "amd64");
    let run = ours.sh("ramp pack -A i386 hello.so");
    assert!(run.code == 2 && run.stderr.contains("is neither"), "{}", run.stderr);
}

fn a_name_that_cannot_be() {
    let [ours, theirs] = both("true");
    let line = "ramp pack -o '{module_nme}.zip' hello.so";
    let [our_run, their_run] = [ours.sh(line), theirs.sh(line)];
    assert!(their_run.stderr.contains("Traceback"), "{}", their_run.stderr);
    assert!(our_run.stderr.contains("near are {module_name}"), "{}", our_run.stderr);
    assert_eq!(our_run.code, 2);
}

fn a_module_that_crashes() {
    let [ours, theirs] = both("true");
    let [our_run, their_run] = [&ours, &theirs].map(|it| {
        it.module("crash");
        it.sh("ramp pack crash.so")
    });
    assert!(their_run.stderr.contains("Traceback"), "{}", their_run.stderr);
    assert!(our_run.stderr.contains("crash.so"), "{}", our_run.stderr);
    assert_eq!(our_run.code, 8);
}
