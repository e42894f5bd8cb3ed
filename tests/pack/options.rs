//! Options that give fields, and what else the reference packer has options for.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use snapbox::str;

use super::{BUNDLE, PACK, harmless, metadata, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(each_gives_its_field),
        test!(values_may_begin_with_a_dash),
        test!(lists_are_united_and_replace_the_manifests),
        test!(commands_and_dependencies_in_json),
        test!(json_that_says_nothing),
        test!(a_field_is_given_once),
        test!(architectures_by_any_name),
        test!(only_the_name),
        test!(the_name_in_a_file),
        test!(a_file_for_the_name_that_cannot_be),
        test!(a_file_for_the_name_in_the_place_of_another),
        test!(verbose_and_debug),
        test!(what_a_module_writes, RedisServer),
    ]
}

fn each_gives_its_field() {
    let sandbox = sample();
    for (option, field, value) in [
        ("-n x", "module_name", json!("x")),
        ("--module-name x", "module_name", json!("x")),
        ("-d x", "display_name", json!("x")),
        ("--display-name x", "display_name", json!("x")),
        ("-b x", "capability_name", json!("x")),
        ("--capability-name x", "capability_name", json!("x")),
        ("--description 'x y'", "description", json!("x y")),
        ("-D 'x y = z'", "description", json!("x y = z")),
        ("-D -x", "description", json!("-x")),
        ("-a x", "author", json!("x")),
        ("--author=x", "author", json!("x")),
        ("-e x", "email", json!("x")),
        ("--email x", "email", json!("x")),
        ("--homepage x", "homepage", json!("x")),
        ("-l x", "license", json!("x")),
        ("--license x", "license", json!("x")),
        ("-O x", "os", json!("x")),
        ("--os x", "os", json!("x")),
        ("-c 'x  y'", "command_line_args", json!("x  y")),
        ("--cmdargs x", "command_line_args", json!("x")),
        ("-r 7.0", "min_redis_version", json!("7.0")),
        ("--redis-min-version 7.10", "min_redis_version", json!("7.10")),
        ("-R 7.0", "min_redis_pack_version", json!("7.0")),
        ("--redis-pack-min-version 7.0", "min_redis_pack_version", json!("7.0")),
        ("-cr 8.0", "compatible_redis_version", json!("8.0")),
        ("-cr=8.0", "compatible_redis_version", json!("8.0")),
        ("--redis-compatible-version 8.0", "compatible_redis_version", json!("8.0")),
        ("-cc 'X SET'", "config_command", json!("X SET")),
        ("--config-command X", "config_command", json!("X")),
        ("--bigstore-version-2-support", "bigstore_version_2_support", json!(true)),
        ("-C types", "capabilities", json!(["types"])),
        ("--capabilities types,flash", "capabilities", json!(["types", "flash"])),
        ("-E hello.get", "exclude_commands", json!(["hello.get"])),
        ("--exclude-commands a,b", "exclude_commands", json!(["a", "b"])),
        ("-d ''", "display_name", json!("")),
        ("-C ''", "capabilities", json!([])),
    ] {
        sandbox.ok(&format!("{PACK} -q -o x.zip {option}"));
        assert_eq!(metadata(&sandbox, "x.zip")[field], value, "{option}");
    }
}

fn values_may_begin_with_a_dash() {
    let sandbox = sample();
    sandbox
        .ok(&format!("{PACK} -q -o x.zip -d -x -a -cr -cc -cc -c '--a -b' -E -y --description --"));
    let said = metadata(&sandbox, "x.zip");
    let fields = ["display_name", "author", "config_command", "command_line_args", "description"];
    assert_eq!(fields.map(|field| &said[field]), ["-x", "-cr", "-cc", "--a -b", "--"]);
    assert_eq!(said["exclude_commands"], json!(["-y"]));
}

fn lists_are_united_and_replace_the_manifests() {
    let sandbox = sample();
    sandbox.ok("echo 'exclude_commands: [hello.world]' >>ramp.yml");
    sandbox.ok(&format!("{PACK} -q -o x.zip -E hello.get,a -E HELLO.set -E ' a ,,b' -C x -C y,x"));
    let said = metadata(&sandbox, "x.zip");
    assert_eq!(said["exclude_commands"], json!(["hello.get", "a", "HELLO.set", "b"]));
    assert_eq!(said["capabilities"], json!(["x", "y"]));
    assert_eq!(said["commands"].as_array().unwrap().len(), 1);
    assert_eq!(said["commands"][0]["command_name"], "hello.world");
}

fn commands_and_dependencies_in_json() {
    let sandbox = sample();
    let command = |name: &str| json!({"command_name": name, "command_arity": 1, "flags": [], "first_key": 0, "last_key": 0, "step": 0});
    let sha256 = "a".repeat(64);
    let named = json!({"p": {"url": "https://h/p.tgz", "sha256": sha256}});
    let listed = json!([{"name": "q", "url": "https://h/q.tgz", "sha256": sha256}]);
    sandbox.ok(&format!(
        "{PACK} -q -o x.zip --add-command '{}' --add-command '{:#}' \
         --overide-command '{{\"command_name\": \"HELLO.GET\", \"step\": -2}}' \
         --dependencies '{named}' --optional-dependencies '{listed}'",
        command("x.a"),
        command("x.b"),
    ));
    let said = metadata(&sandbox, "x.zip");
    let commands = said["commands"].as_array().unwrap();
    let steps: Vec<_> = commands.iter().map(|it| (&it["command_name"], &it["step"])).collect();
    let names = ["hello.get", "hello.set", "hello.world", "x.a", "x.b"].map(Value::from);
    let steps_meant = [-2, 1, 0, 0, 0].map(Value::from);
    assert_eq!(steps, names.iter().zip(&steps_meant).collect::<Vec<_>>());
    assert_eq!(said["dependencies"], named);
    let listed = json!({"q": {"url": "https://h/q.tgz", "sha256": sha256}});
    assert_eq!(said["optional-dependencies"], listed);
}

fn json_that_says_nothing() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("--add-command '{\"command_name\": x}'").fails(
        2,
        str![[r#"
error: --add-command:1:18: expected value
 1 | {"command_name": x}
   |                  ^

"#]],
    );
    run("--add-command ''").fails(
        2,
        str![[r#"
error: --add-command:1:1: EOF while parsing a value

"#]],
    );
    run("--add-command 5").fails(2, str![[r#"
error: --add-command:1:1: invalid type: integer `5`, expected a mapping with command_name and the rest of a command
 1 | 5
   | ^

"#]]);
    run("--add-command '{}] ['").fails(
        2,
        str![[r#"
error: --add-command:1:3: trailing characters
 1 | {}] [
   |   ^

"#]],
    );
    run("--overide-command '{\n  \"command_name\": \"hello.get\",\n  \"arity\": 2\n}'")
        .fails(2, str![[r#"
error: --overide-command:3:9: unknown field `arity`, expected one of `command_name`, `command_arity`, `flags`, `first_key`, `last_key`, `step`
 3 |   "arity": 2
   |         ^

"#]]);
    run("--overide-command '{\"step\": 1}'").fails(
        2,
        str![[r#"
error: --overide-command:1:11: missing field `command_name`
 1 | {"step": 1}
   |           ^

"#]],
    );
    run("--dependencies '[{\"name\": \"p\", \"uri\": \"https://h/p.tgz\"}]'")
        .fails(2, str![[r#"
error: --dependencies:1:20: unknown field `uri`, expected one of `name`, `url`, `sha256`, `local_path`
 1 | [{"name": "p", "uri": "https://h/p.tgz"}]
   |                    ^

"#]]);
    run("--dependencies p").fails(
        2,
        str![[r#"
error: --dependencies:1:1: expected value
 1 | p
   | ^

"#]],
    );
    run("--optional-dependencies ''").fails(
        2,
        str![[r#"
error: --optional-dependencies:1:1: EOF while parsing a value

"#]],
    );
    run("--redis-args '{\"a\": [1]}'").fails(2, str![[r#"
error: invalid value '{"a": [1]}' for '--redis-args <JSON>': the value of "a" must be a text, a number, true or false

For more information, try '--help'.

"#]]);
}

fn a_field_is_given_once() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("-n x --set module_name=y").fails(
        2,
        str![[r#"
error: module_name is given twice: by --module-name and by --set module_name=…

"#]],
    );
    run("--set exclude_commands=a -E b").fails(
        2,
        str![[r#"
error: exclude_commands is given twice: by --exclude-commands and by --set exclude_commands=…

"#]],
    );
    run("--set bigstore_version_2_support=no --bigstore-version-2-support").fails(2, str![[r#"
error: bigstore_version_2_support is given twice: by --bigstore-version-2-support and by --set bigstore_version_2_support=…

"#]]);
    run("-cr 7.2 --set compatible_redis_version=7.4").fails(2, str![[r#"
error: compatible_redis_version is given twice: by --redis-compatible-version and by --set compatible_redis_version=…

"#]]);
    run("-D text --description other").fails(
        2,
        str![[r#"
error: description is given twice: by --description and by -D

"#]],
    );
    run("-D text -D other").fails(
        2,
        str![[r#"
error: description is given twice: by -D and by -D

"#]],
    );
    run("-D text --set description=other").fails(
        2,
        str![[r#"
error: description is given twice: by -D and by --set description=…

"#]],
    );
    let line = "rampkit pack --runcmdargs x --set run_command_line_args=y";
    harmless(&sandbox, line).fails(
        2,
        str![[r#"
error: run_command_line_args is given twice: by --run-args and by --set run_command_line_args=…

"#]],
    );
    run("-n x --module-name y").fails(
        2,
        str![[r#"
error: the argument '--module-name <TEXT>' cannot be used multiple times

Usage: rampkit pack [OPTIONS] [MODULE]

For more information, try '--help'.

"#]],
    );
}

fn architectures_by_any_name() {
    let sandbox = sample();
    for (typed, meant) in [
        ("x86_64", "x86_64"),
        ("amd64", "x86_64"),
        ("X64", "x86_64"),
        ("aarch64", "aarch64"),
        ("arm64", "aarch64"),
        ("arm64v8", "aarch64"),
    ] {
        sandbox.ok(&format!("{PACK} -q -o x.zip -A {typed}"));
        assert_eq!(metadata(&sandbox, "x.zip")["architecture"], meant);
    }
    harmless(&sandbox, &format!("{PACK} -A i386")).fails(2, str![[r#"
error: invalid value 'i386' for '--architecture <ARCH>': architecture "i386" is neither [..] nor [..]

For more information, try '--help'.

"#]]);
}

fn only_the_name() {
    let sandbox = sample();
    // What goes into the bundle need not be there yet.
    sandbox.ok("echo 'dependencies: {p: {local_path: not/yet}}' >>ramp.yml");
    harmless(&sandbox, &format!("{PACK} -P")).prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
      Read ../commands.json

"#]],
    );
    let name = harmless(&sandbox, "rampkit pack --print-filename-only -q -o 'b/{module_name}.zip'");
    assert_eq!((name.stdout.as_str(), name.code), ("b/hello.zip\n", 0));
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} -P {options}"));
    run("--json").fails(
        2,
        str![[r#"
error: the argument '--print-filename-only' cannot be used with '--json'

Usage: rampkit pack --commands <FILE> --print-filename-only [MODULE]

For more information, try '--help'.

"#]],
    );
    run("-o '{nothing}'").fails(
        2,
        str![[r#"
      Read ../commands.json
error: cannot name the bundle "{nothing}": there is no field {nothing}
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]],
    );
    run("--set compatible_redis_version= --deny-warnings").fails(
        10,
        str![[r#"
      Read ../commands.json
warning: nobody says compatible_redis_version
   hint: give the Redis version (as 7.4) of the databases the module is for, in the manifest or with --set compatible_redis_version=…; it must equal theirs
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]],
    );
}

fn the_name_in_a_file() {
    let sandbox = sample();
    let name = sandbox.ok(&format!("{PACK} -q --packname-file name"));
    assert_eq!((name.as_str(), sandbox.read("name").as_str()), (BUNDLE, BUNDLE));
    let name = sandbox.ok(&format!("{PACK} -q --packname-file name -P -o x.zip"));
    assert_eq!((name.as_str(), sandbox.read("name").as_str()), ("x.zip", "x.zip"));
    assert!(!sandbox.path("x.zip").exists());
    sandbox.ok(&format!("{PACK} -q --packname-file name --dry-run -o y.zip"));
    assert_eq!(sandbox.read("name"), "x.zip");
}

fn a_file_for_the_name_that_cannot_be() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} -q {options}"));
    run("--packname-file hello.so").fails(
        9,
        str![[r#"
error: hello.so is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("--packname-file ramp.yml").fails(
        9,
        str![[r#"
error: ramp.yml is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("--packname-file x.zip -o x.zip").fails(
        2,
        str![[r#"
error: x.zip cannot be both bundle and packname file

"#]],
    );
    run("--packname-file no/name").fails(
        3,
        str![[r#"
error: cannot write in no
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    run("--packname-file . -P").fails(
        3,
        str![[r#"
error: . is a folder
hint: name a file

"#]],
    );
}

/// Nor with --print-filename-only, since the run to come would fail.
fn a_file_for_the_name_in_the_place_of_another() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} -q {options}"));
    let symbols = "--debug-symbols hello.so";
    for (options, kind, file) in [
        ("-o a.zip --also-as b.zip", "bundle", "b.zip"),
        ("-o a.zip --also-as b.zip", "bundle", "a.zip"),
        ("-o a.zip --checksum-files", "checksum file", "a.zip.sha256"),
        ("-o a.zip", "module.yaml", "module.yaml"),
        ("-o a.zip --module-yaml m.yaml", "module.yaml", "m.yaml"),
        (&format!("-o a.zip {symbols}"), "debug symbols", "a.debug.tgz"),
        (&format!("-o a.zip {symbols} --checksum-files"), "checksum file", "a.debug.tgz.sha256"),
    ] {
        for more in ["", " -P", " --dry-run"] {
            run(&format!("--packname-file {file} {options}{more}"))
                .fails(2, format!("error: {file} cannot be both {kind} and packname file\n"));
        }
    }
    run("--packname-file r.json --result-file r.json").fails(
        2,
        str![[r#"
error: r.json cannot be both packname file and result file

"#]],
    );
    sandbox.write("values.yaml", "A: 1\n");
    for (file, options) in [
        ("../commands.json", ""),
        ("values.yaml", "--define-file values.yaml"),
        ("hello.debug", "--debug-symbols hello.debug"),
    ] {
        for more in ["", " -P"] {
            let run = run(&format!("--packname-file {file} {options}{more}"));
            assert_eq!(run.code, 9, "{file}: {}", run.stderr);
        }
    }
    sandbox.write("ramp.yml", "dependencies: {it: {local_path: ../plugin}}\n");
    sandbox.write("../plugin/it.bin", "it");
    run("--packname-file ../plugin/name").fails(
        9,
        str![[r#"
error: ../plugin/name would lie in ../plugin, which is packed as a dependency
hint: write to another place with --output

"#]],
    );
}

fn verbose_and_debug() {
    let sandbox = sample();
    let pack = "rampkit pack --discovery embedded -q -o x.zip --no-module-yaml";
    let run = sandbox.sh(&format!("{pack} -v"));
    assert_eq!(run.stdout, "x.zip\n");
    let shown = run.stderr.strip_prefix("Module Metadata:\n").unwrap();
    let shown: Value = serde_json::from_str(shown).unwrap();
    assert_eq!(shown, metadata(&sandbox, "x.zip"));
    let debug = sandbox.sh(&format!("{pack} --debug --run-args 'a b' 2>&1 >/dev/null | head -6"));
    debug.prints(
        str![[r#"
it is loaded with a b
it is hello 10203
name         arity  flags                 first key  last key  step
hello.get       -1  readonly module               1         1     1
hello.set       -1  write denyoom module          1         1     1
hello.world     -1  readonly module fast          0         0     0

"#]],
        str![[r#""#]],
    );
    let debug = sandbox.sh(&format!("{PACK} -q -o x.zip --debug 2>&1 >/dev/null | head -3"));
    debug.prints(
        str![[r#"
it is not loaded: ../commands.json tells
it is hello 10203
name         arity  flags                 first key  last key  step

"#]],
        str![[r#""#]],
    );
    let json = sandbox.ok(&format!("{pack} --debug --json"));
    assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
}

fn what_a_module_writes() {
    let sandbox = sample();
    sandbox.module("prints");
    for way in ["embedded", "server"] {
        let pack = format!("rampkit pack -q -o x.zip --debug --discovery {way} prints.so");
        let run = sandbox.sh(&format!("{pack} 2>&1 >/dev/null | sed -n '/^  |/p'"));
        assert!(run.stdout.contains("  | "), "{way}: {}", run.stdout);
    }
}
