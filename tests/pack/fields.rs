//! Where the fields of `module.json` come from.

use std::collections::BTreeSet;
use std::fs;

use libtest_mimic::Trial;
use serde_json::Value;
use snapbox::str;

use super::{BUNDLE, PACK, metadata, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(any_field_can_be_set),
        test!(warnings_name_their_place_and_what_to_do),
        test!(habits_are_worth_a_warning),
        test!(denied_warnings_write_nothing),
        test!(what_nobody_says_is_worth_a_warning),
        test!(what_readers_refuse_is_worth_a_warning),
        test!(a_module_json_is_a_manifest),
        test!(arguments_and_server_options_of_the_manifest, RedisServer),
        test!(a_manifest_that_the_module_contradicts),
        test!(variables_of_the_environment, RedisServer),
        test!(each_manifest_has_a_lock_of_its_own),
        test!(the_commit_comes_from_the_lock_then_the_repository_then_the_option),
    ]
}

fn any_field_can_be_set() {
    let sandbox = sample();
    sandbox.ok(&format!(
        "{PACK} -o x.zip --set author='Bo = B' --set version=20001 --set bigstore_version_2_support=yes \
         --set capabilities=types,flash --set operating_systems='[rhel9]' --set min_redis_version=7.0 \
         --set crdb='{{supported_featureset_versions: [1, 2]}}' --set exclude_commands=HELLO.GET,hello.set \
         --set 'dependencies={{p: {{url: https://h/p.tgz, sha256: {}}}}}' --set module_name=renamed",
        "a".repeat(64)
    ));
    let said = metadata(&sandbox, "x.zip");
    let chosen: serde_json::Map<String, Value> = [
        "author",
        "version",
        "semantic_version",
        "bigstore_version_2_support",
        "capabilities",
        "operating_systems",
        "min_redis_version",
        "crdb",
        "commands",
        "dependencies",
        "module_name",
    ]
    .map(|name| (name.to_owned(), said[name].clone()))
    .into_iter()
    .collect();
    snapbox::assert_data_eq!(
        format!("{:#}\n", Value::from(chosen)),
        str![[r#"
{
  "author": "Bo = B",
  "bigstore_version_2_support": true,
  "capabilities": [
    "types",
    "flash"
  ],
  "commands": [
    {
      "command_arity": -1,
      "command_name": "hello.world",
      "first_key": 0,
      "flags": [
        "readonly",
        "module",
        "fast"
      ],
      "last_key": 0,
      "step": 0
    }
  ],
  "crdb": {
    "supported_featureset_versions": [
      1,
      2
    ]
  },
  "dependencies": {
    "p": {
      "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "url": "https://h/p.tgz"
    }
  },
  "min_redis_version": "7.0",
  "module_name": "renamed",
  "operating_systems": [
    "rhel9"
  ],
  "semantic_version": "2.0.1",
  "version": 20001
}

"#]]
    );
}

fn warnings_name_their_place_and_what_to_do() {
    let sandbox = sample();
    sandbox.write(
        "ramp.yml",
        "compatible_redis_version: 7.40\nmin_redis_version: '6.0'\noperating_systems: rhel8, rhel9\n\
         capabilites: [types]\nxyzzy: 1\narchitecture: sparc\noveride_command:\n  - command_name: no.such\n    step: -1\n",
    );
    sandbox.sh(PACK).prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
      Read ../commands.json
warning: ramp.yml:4:1: unknown key "capabilites"
   hint: did you mean "capabilities"? as it stands it is ignored
warning: ramp.yml:5:1: unknown key "xyzzy"
   hint: it is ignored
warning: ramp.yml:1:27: compatible_redis_version is the bare number 7.40
   hint: write compatible_redis_version: "7.40"; other readers of YAML drop the zeros at its end
warning: ramp.yml:3:20: operating_systems is one text instead of a list
   hint: it was split at its commas; write a YAML list
warning: overide_command names no command of the module: no.such
   hint: take them out, or add them with add_command
warning: the manifest says architecture "sparc", the module "[ARCH]"
   hint: what the module says is written; --set overrides it
    Packed hello 1.2.3: 3 commands

"#]],
    );
    let said = metadata(&sandbox, BUNDLE);
    assert_eq!(said["compatible_redis_version"], "7.40");
    assert_eq!(said["operating_systems"], serde_json::json!(["rhel8", "rhel9"]));
}

/// What works, and means something else to other readers.
fn habits_are_worth_a_warning() {
    let sandbox = sample();
    sandbox.write(
        "ramp.yml",
        "author: yes\nlicense: 2024-01-31\ncommand_line_args: 100\nmin_redis_version: 6\n\
         capabilities:\n  - types\n  - no\n  - types\ncrdb: {a: 1, a: 2}\n\
         operating_systems: [rhel8]\n\"author\": Ann\ncompatible_redis_version: '7.2'\n",
    );
    sandbox.sh(PACK).prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
      Read ../commands.json
warning: ramp.yml:9:14: "a" stands there twice
   hint: the last one counts
warning: ramp.yml:11:1: "author" stands there twice
   hint: the last one counts
warning: ramp.yml:2:10: license is the bare date 2024-01-31
   hint: write license: "2024-01-31"; other readers of YAML take it for no text
warning: ramp.yml:3:20: command_line_args is the bare number 100
   hint: write command_line_args: "100"; other readers of YAML take it for no text
warning: ramp.yml:4:20: min_redis_version is the bare number 6
   hint: write min_redis_version: "6"; other readers of YAML take it for no text
warning: ramp.yml:7:5: an item of capabilities is the bare boolean no
   hint: write "no"; other readers of YAML take it for no text
warning: ramp.yml:8:5: capabilities has "types" twice
   hint: take one of them out; both are written
warning: min_redis_version is "6", and must be as 7.4 or 7.4.1
    Packed hello 1.2.3: 3 commands

"#]],
    );
    let said = metadata(&sandbox, BUNDLE);
    assert_eq!((&said["author"], &said["license"]), (&"Ann".into(), &"2024-01-31".into()));
    assert_eq!(said["crdb"]["a"], 2);
}

fn denied_warnings_write_nothing() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "operating_systems: [rhel8]\n");
    sandbox.sh(&format!("{PACK} --deny-warnings")).fails(10, str![[r#"
      Read ../commands.json
warning: nobody says compatible_redis_version
   hint: give the Redis version (as 7.4) of the databases the module is for, in the manifest or with --set compatible_redis_version=…; it must equal theirs
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]]);
    assert_eq!(sandbox.list("."), ["hello.so", "ramp.yml"]);
}

fn what_nobody_says_is_worth_a_warning() {
    let sandbox = sample();
    fs::remove_file(sandbox.path("ramp.yml")).unwrap();
    let set = "--set operating_systems=rhel8";
    sandbox.sh(&format!("{PACK} {set}")).prints(str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]], str![[r#"
      Read ../commands.json
warning: there is no manifest: author, capabilities and more stay empty
   hint: write a ramp.yml, or fetch the module's own with rampkit fetch
warning: nobody says compatible_redis_version
   hint: give the Redis version (as 7.4) of the databases the module is for, in the manifest or with --set compatible_redis_version=…; it must equal theirs
    Packed hello 1.2.3: 3 commands

"#]]);
    assert_eq!(metadata(&sandbox, BUNDLE).get("compatible_redis_version"), None);
    let run = sandbox.sh(&format!("{PACK} {set} --set compatible_redis_version=7.2 -q"));
    run.prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
warning: there is no manifest: author, capabilities and more stay empty
   hint: write a ramp.yml, or fetch the module's own with rampkit fetch

"#]],
    );
}

fn arguments_and_server_options_of_the_manifest() {
    let sandbox = sample();
    sandbox.module("count_arguments");
    fs::remove_file(sandbox.path("hello.so")).unwrap();
    let commands = |manifest: &str, options: &str| {
        sandbox.write("ramp.yml", manifest);
        let run = sandbox.sh(&format!("rampkit pack -q --json {options}"));
        let said: Value =
            serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
        said["metadata"]["commands"][0]["command_name"].as_str().unwrap().to_owned()
    };
    assert_eq!(commands("command_line_args: 'a  b'\n", ""), "args.2");
    assert_eq!(commands("command_line_args: a b\nrun_command_line_args: a\n", ""), "args.1");
    assert_eq!(commands("command_line_args: ''\n", ""), "args.0");
    // Nothing is nobody's wish in a manifest, and one on the command line.
    assert_eq!(commands("command_line_args: a b\nrun_command_line_args: ''\n", ""), "args.2");
    assert_eq!(commands("command_line_args: a b\n", "--run-args ''"), "args.0");
    assert_eq!(commands("command_line_args: a\n", "--run-args 'x y z'"), "args.3");
    assert_eq!(commands("redis_args: {maxmemory: 100mb, maxclients: 50}\n", ""), "args.0");
    sandbox.write("ramp.yml", "redis_args: {no-such-option: 1}\n");
    sandbox.sh("rampkit pack").fails(
        8,
        str![[r#"
error: [..]/redis-server did not start as a redis-server, it ended with exit code 1
  | *** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***
  | Reading the configuration file, at line 2
  | >>> 'no-such-option "1"'
  | Bad directive or wrong number of arguments
hint: check --redis-server or $REDIS_PATH, and the server's options

"#]],
    );
}

fn a_manifest_that_the_module_contradicts() {
    let sandbox = sample();
    let manifest = "operating_systems: [rhel8]\ncompatible_redis_version: ''\nmodule_name: other\n\
                    architecture: amd64\nsemantic_version: 9.9.9\n";
    sandbox.write("ramp.yml", manifest.replace("amd64", std::env::consts::ARCH));
    sandbox.sh(PACK).prints(str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]], str![[r#"
      Read ../commands.json
warning: the manifest says module_name "other", the module "hello"
   hint: what the module says is written; --set overrides it
warning: the manifest says semantic_version "9.9.9", the module "1.2.3"
   hint: what the module says is written; --set overrides it
warning: nobody says compatible_redis_version
   hint: give the Redis version (as 7.4) of the databases the module is for, in the manifest or with --set compatible_redis_version=…; it must equal theirs
    Packed hello 1.2.3: 3 commands

"#]]);
    assert_eq!(metadata(&sandbox, BUNDLE).get("compatible_redis_version"), None);
}

fn variables_of_the_environment() {
    let mut sandbox = sample();
    sandbox.module("count_arguments");
    sandbox.env("TWO", "a b").env("FILE", "hello.so");
    sandbox.write(
        "ramp.yml",
        "run_command_line_args: \"{os.getenv('TWO')} c\"\ncommand_line_args: \"{os.getenv('NO')}\"\n\
         dependencies:\n  p:\n    local_path: \"{os.environ['FILE']}\"\n",
    );
    sandbox.ok("rampkit pack -q -o x.zip count_arguments.so");
    let said = metadata(&sandbox, "x.zip");
    assert_eq!(said["commands"][0]["command_name"], "args.3");
    assert_eq!(said["command_line_args"], "{os.getenv('NO')}");
    sandbox.write("ramp.yml", "command_line_args: \"{os.getenv('NO')}\"\n");
    sandbox.sh("rampkit pack count_arguments.so").fails(
        6,
        str![[r#"
error: the arguments of the module: the environment has no variable NO
hint: set it: NO=… rampkit pack

"#]],
    );
}

fn each_manifest_has_a_lock_of_its_own() {
    let sandbox = sample();
    let commits = ["a", "b"].map(|name| {
        let commit = "git add . && git commit -q -m one && git rev-parse HEAD";
        let id = sandbox.ok(&format!(
            "git init -q ../{name} && cd ../{name} && echo author: {name} > ramp.yml && {commit}"
        ));
        sandbox.ok(&format!("rampkit fetch ../{name} HEAD -o {name}.yml"));
        id
    });
    for (name, commit) in ["a", "b"].iter().zip(commits) {
        sandbox.ok(&format!("{PACK} -q -m {name}.yml -o x.zip"));
        assert_eq!(metadata(&sandbox, "x.zip")["git_sha"], commit);
        sandbox.ok(&format!("rampkit fetch ../{name} HEAD -o {name}.yml"));
    }
}

fn the_commit_comes_from_the_lock_then_the_repository_then_the_option() {
    let sandbox = sample();
    let pack = |options: &str| sandbox.sh(&format!("{PACK} -o x.zip {options}"));
    let commit = |options: &str| {
        assert_eq!(pack(options).code, 0);
        metadata(&sandbox, "x.zip")["git_sha"].clone()
    };
    let option = format!("--git-sha {}", "1".repeat(40));
    assert_eq!(commit(""), Value::Null);
    assert_eq!(commit(&option), "1".repeat(40));
    sandbox.ok("git init -q . && git commit -q --allow-empty -m one");
    let head = sandbox.ok("git rev-parse HEAD");
    assert_eq!(commit(&option), head);
    pack(&option).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
warning: --git-sha [HEX] is not used: the module's repository says [HEX]
   hint: --set git_sha=… overrides it
    Packed hello 1.2.3 ([HEX]): 3 commands

"#]],
    );
    sandbox.ok("git init -q ../repo && cp ramp.yml ../repo && cd ../repo && git add . && git commit -q -m two");
    sandbox.ok("rampkit fetch ../repo main --force");
    assert_eq!(commit(""), sandbox.ok("git -C ../repo rev-parse HEAD"));
    assert_eq!(commit("--set git_sha=mine"), "mine");
}

fn what_readers_refuse_is_worth_a_warning() {
    let sandbox = sample();
    sandbox.write(
        "ramp.yml",
        "operating_systems: [debian12]\ncompatible_redis_version: '99.99'\nmin_redis_version: six\n\
         crdb: {supported_featureset_versions: [a]}\n",
    );
    let other = if cfg!(target_arch = "x86_64") { "aarch64" } else { "x86_64" };
    let warned = format!("-o x.zip --set version=0 --set architecture={other}");
    sandbox.sh(&format!("{PACK} {warned}")).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
warning: no Redis Enterprise node runs "debian12"
   hint: say which nodes it is for; by what its file needs it can be --operating-system [..]
warning: supported_featureset_versions of crdb has "a", and must be a list of whole numbers
warning: version is 0, which readers take for none
warning: compatible_redis_version is "99.99", a placeholder that no database has
warning: min_redis_version is "six", and must be as 7.4 or 7.4.1
warning: architecture is [..], and the module was built for [ARCH]
    Packed hello 0.0.0: 3 commands

"#]],
    );
    // Just that is what they refuse.
    let refused = sandbox.sh("rampkit validate x.zip -q | sed -n 's/^error [a-z_]* //p'").stdout;
    let warned = sandbox.sh(&format!("{PACK} {warned} 2>&1 | sed -n 's/^warning: //p'")).stdout;
    assert_eq!(refused.lines().collect::<BTreeSet<_>>(), warned.lines().collect::<BTreeSet<_>>());
}

/// Whatever texts stand in it; and it says more of the version than a number can.
fn a_module_json_is_a_manifest() {
    let sandbox = sample();
    let text = "\u{7f}\u{85} next\u{2028}\u{feff}\u{2029} \\ \" \t\r\n\u{0}{ # : é";
    sandbox.write("text", text);
    sandbox.ok(&format!(
        "{PACK} -q -o one.zip --set description=\"$(tr -d '\\000' <text)\" --set crdb='{{a: [0.1, 1e300, -0.0, null]}}' \
         --set author=\"$(printf '%2000s' a)\" --set semantic_version=1.2.3-rc.1+b \
         --set command_line_args=\"{{os.getenv('NO_SUCH')}}\""
    ));
    sandbox.ok("rampkit unpack -q one.zip -C one");
    let again = "--no-module-yaml -m one/module.json --commands one/module.json one/hello.so";
    sandbox.sh(&format!("rampkit pack {again} -o two.zip --deny-warnings")).prints(
        str![[r#"
two.zip

"#]],
        str![[r#"
      Read one/module.json
    Packed hello 1.2.3-rc.1+b: 3 commands

"#]],
    );
    sandbox.ok("cmp one.zip two.zip");
}
