//! Manifests that are templates.

use libtest_mimic::Trial;
use serde_json::Value;
use snapbox::str;

use super::{BUNDLE, PACK, harmless, metadata, sample};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(values_stand_anywhere),
        test!(an_option_wins_over_files_over_the_environment_over_what_is_derived),
        test!(files_of_definitions),
        test!(files_that_define_nothing_are_errors),
        test!(what_has_no_value_is_named_with_all_its_places),
        test!(what_has_no_value_very_often_is_named_a_few_times),
        test!(what_has_no_value_may_be_empty),
        test!(the_module_tells_its_version_and_name),
        test!(options_tell_what_the_module_would),
        test!(a_module_that_cannot_tell),
        test!(the_module_is_loaded_once_where_its_arguments_stay_the_same),
        test!(a_value_has_one_line),
        test!(there_is_no_logic),
        test!(what_is_used_nowhere_is_worth_a_warning),
        test!(other_texts_of_the_short_option_are_the_description),
        test!(a_manifest_from_stdin),
    ]
}

const TEMPLATE: &str = "\
author: '{{WHO}}'
command_line_args: \"PATH /modules/{{ NUMVER }}/deps\"  # or {{ELSE}}
compatible_redis_version: \"7.2\"
operating_systems: [rhel8]
# {{ELSE}}
dependencies:
    {{NAME}}:
        url: https://example.com/{{NAME}}.tgz
        sha256: {{ SHA }}
";

fn template() -> (Sandbox, String) {
    let sandbox = sample();
    sandbox.write("ramp.yml", TEMPLATE);
    (sandbox, format!("-D NAME=plugin -D SHA={}", "5a".repeat(32)))
}

fn values_stand_anywhere() {
    let (sandbox, given) = template();
    sandbox.ok(&format!("{PACK} --embed-deps=none --deny-warnings {given} --define WHO='Bo = B'"));
    let said = metadata(&sandbox, BUNDLE);
    assert_eq!(said["author"], "Bo = B");
    assert_eq!(said["command_line_args"], "PATH /modules/10203/deps");
    assert_eq!(said["dependencies"]["plugin"]["url"], "https://example.com/plugin.tgz");
}

fn an_option_wins_over_files_over_the_environment_over_what_is_derived() {
    let mut sandbox = sample();
    sandbox.write("ramp.yml", "author: '{{NUMVER}}'\n");
    sandbox.write("a.env", "NUMVER=file a\n");
    sandbox.write("b.yml", "NUMVER: file b\n");
    sandbox.env("RK_NUMVER", "environment").env("RK__NUMVER", "other").env("NUMVER", "bare");
    let author = |options: &str| {
        sandbox.ok(&format!("{PACK} -q -o x.zip {options}"));
        metadata(&sandbox, "x.zip")["author"].as_str().unwrap().to_owned()
    };
    let sources = [
        ("", "10203"),
        ("--set version=30405", "30405"),
        ("--define-env RK_", "environment"),
        ("--define-file a.env", "file a"),
        ("--define-file b.yml", "file b"),
        ("-D NUMVER=short", "short"),
        ("--define NUMVER=long", "long"),
    ];
    for (index, (lower, said)) in sources.iter().enumerate() {
        assert_eq!(author(lower), *said, "{lower}");
        for (higher, said) in &sources[index + 1..] {
            assert_eq!(author(&format!("{lower} {higher}")), *said, "{lower} and {higher}");
        }
    }
    // What comes first does not matter, but among files and among options.
    assert_eq!(author("-D NUMVER=short --define-file a.env --define-env RK_"), "short");
    assert_eq!(author("--define-file b.yml --define-file a.env"), "file a");
    assert_eq!(author("-D NUMVER=1 -D NUMVER=2"), "2");
}

fn files_of_definitions() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "author: '{{A}}'\ndescription: '{{B}}'\nlicense: '{{C}}'\n");
    for (name, text) in [
        ("x.env", "# values\nexport A=\"1.10\"\nB='two words' # c\n\nC=\n"),
        ("x", "\u{feff}A=1.10\r\nB=two words\r\nC=\r\n"),
        ("x.yml", "A: 1.10\nB: two words\nC:\n"),
        ("x.json", "{\"A\": \"1.10\", \"B\": \"two words\", \"C\": null}"),
        ("plain", "# values\nA: 1.10\nB: two words\nC: ~\n"),
    ] {
        sandbox.write(name, text);
        sandbox.ok(&format!("{PACK} -q -o x.zip --define-file {name}"));
        let said = metadata(&sandbox, "x.zip");
        let said = ["author", "description", "license"].map(|field| said[field].clone());
        assert_eq!(said, ["1.10", "two words", ""].map(Value::from), "{name}");
    }
    sandbox.ok(&format!("printf 'A=1\\nB=2\\nC=3' | {PACK} -q -o x.zip --define-file -"));
    assert_eq!(metadata(&sandbox, "x.zip")["license"], "3");
}

fn files_that_define_nothing_are_errors() {
    let sandbox = sample();
    let run = |name: &str, text: &str| {
        sandbox.write(name, text);
        harmless(&sandbox, &format!("{PACK} --define-file {name}"))
    };
    run("x.env", "A=1\nB = 2\n").fails(
        6,
        str![[r#"
error: x.env:2:1: the name of a variable has letters, digits and _, and no digit in front
 2 | B = 2
   | ^

"#]],
    );
    run("x.env", "A='1\n").fails(
        6,
        str![[r#"
error: x.env:1:3: its quote is not closed
 1 | A='1
   |   ^

"#]],
    );
    run("x.env", "A='1' 2\n").fails(
        6,
        str![[r#"
error: x.env:1:6: something stands behind the quote
 1 | A='1' 2
   |      ^

"#]],
    );
    run("x.env", "A\n").fails(
        6,
        str![[r#"
error: x.env:1:1: there is no = in it
 1 | A
   | ^

"#]],
    );
    run("x.yml", "A: 1\nB: [2]\n").fails(
        6,
        str![[r#"
error: x.yml:2:4: a variable has a text or a number, and no list or mapping
 2 | B: [2]
   |    ^

"#]],
    );
    run("x.yml", "A: 1\nB-C: 2\n").fails(
        6,
        str![[r#"
error: x.yml:2:1: the name of a variable has letters, digits and _, and no digit in front
 2 | B-C: 2
   | ^

"#]],
    );
    run("x.json", "{\"A\": ").fails(
        6,
        str![[r#"
error: x.json:1:1: unclosed bracket '{'
 1 | {"A": 
   | ^

"#]],
    );
    run("x", "some words\n").fails(
        6,
        str![[r#"
error: x:1:1: neither lines NAME=VALUE nor a mapping of names and values
 1 | some words
   | ^

"#]],
    );
    harmless(&sandbox, &format!("{PACK} --define-file no-such")).fails(
        3,
        str![[r#"
error: cannot read no-such
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    sandbox.write("x.zip", "A=1\n");
    harmless(&sandbox, &format!("{PACK} -q --define-file x.zip -o x.zip")).fails(
        9,
        str![[r#"
error: x.zip is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    harmless(&sandbox, &format!("{PACK} --define 1=2")).fails(2, str![[r#"
error: invalid value '1=2' for '--define <NAME=VALUE>': a name has letters, digits and _, and no digit in front

For more information, try '--help'.

"#]]);
    harmless(&sandbox, &format!("{PACK} --define A")).fails(
        2,
        str![[r#"
error: invalid value 'A' for '--define <NAME=VALUE>': write it as --define NAME=VALUE

For more information, try '--help'.

"#]],
    );
}

fn what_has_no_value_is_named_with_all_its_places() {
    let (sandbox, _) = template();
    harmless(&sandbox, &format!("{PACK} -D NAMES=x")).fails(6, str![[r#"
error: ramp.yml:1:10: {{WHO}} has no value
 1 | author: '{{WHO}}'
   |          ^
ramp.yml:7:5: {{NAME}} has no value
ramp.yml:8:34: {{NAME}} has no value
ramp.yml:9:17: {{SHA}} has no value
hint: NAME looks like NAMES; there are ARCH, MODULE_NAME, NAMES, NUMVER, OS, OSNICK, SEMVER; give the value with --define WHO=…, or let what has no value be empty with --allow-undefined

"#]]);
}

fn what_has_no_value_very_often_is_named_a_few_times() {
    let sandbox = sample();
    let numbers = || 0..20_000;
    let places: String = numbers().map(|it| format!("k{it}: {{{{V{it}}}}}\n")).collect();
    let known: String = numbers().map(|it| format!("W{it}=1\n")).collect();
    sandbox.write("ramp.yml", places);
    sandbox.write("many.env", known);
    harmless(&sandbox, &format!("{PACK} --define-file many.env")).fails(6, str![[r#"
error: ramp.yml:1:5: {{V0}} has no value
 1 | k0: {{V0}}
   |     ^
ramp.yml:2:5: {{V1}} has no value
ramp.yml:3:5: {{V2}} has no value
ramp.yml:4:5: {{V3}} has no value
ramp.yml:5:5: {{V4}} has no value
ramp.yml:6:5: {{V5}} has no value
ramp.yml:7:5: {{V6}} has no value
ramp.yml:8:5: {{V7}} has no value
ramp.yml:9:5: {{V8}} has no value
ramp.yml:10:5: {{V9}} has no value
ramp.yml:11:6: {{V10}} has no value
ramp.yml:12:6: {{V11}} has no value
ramp.yml:13:6: {{V12}} has no value
ramp.yml:14:6: {{V13}} has no value
ramp.yml:15:6: {{V14}} has no value
ramp.yml:16:6: {{V15}} has no value
ramp.yml:17:6: {{V16}} has no value
ramp.yml:18:6: {{V17}} has no value
ramp.yml:19:6: {{V18}} has no value
ramp.yml:20:6: {{V19}} has no value
and 19980 more
hint: there are ARCH, MODULE_NAME, NUMVER, OS, OSNICK, SEMVER, W0, W1, W10, W100, W1000, W10000, W10001, W10002, W10003, W10004, W10005, W10006, W10007, W10008 and 19986 more; give the value with --define V0=…, or let what has no value be empty with --allow-undefined

"#]]);
}

fn what_has_no_value_may_be_empty() {
    let sandbox = sample();
    sandbox.write(
        "ramp.yml",
        "author: a{{WHO}}b\ncompatible_redis_version: '7.2'\noperating_systems: [rhel8]\n",
    );
    sandbox.ok(&format!("{PACK} --allow-undefined --deny-warnings"));
    assert_eq!(metadata(&sandbox, BUNDLE)["author"], "ab");
}

const DERIVED: &str = "author: '{{NUMVER}} {{SEMVER}} {{MODULE_NAME}}'\ndescription: '{{OS}} {{OSNICK}} {{ARCH}}'\n\
                       compatible_redis_version: '7.2'\n";

fn the_module_tells_its_version_and_name() {
    let sandbox = sample();
    sandbox.write("ramp.yml", DERIVED);
    sandbox.ok("rampkit pack -q --set operating_systems=ubuntu22,rhel9");
    let said = metadata(&sandbox, BUNDLE);
    assert_eq!(said["author"], "10203 1.2.3 hello");
    assert_eq!(said["description"], format!("Linux ubuntu22.04 {}", std::env::consts::ARCH));
}

/// And nothing is loaded for it.
fn options_tell_what_the_module_would() {
    let sandbox = sample();
    sandbox.write("ramp.yml", DERIVED);
    let given =
        "--set operating_systems=rhel8 --set version=20304 --set module_name=other --set os=Darwin";
    sandbox.ok(&format!("{PACK} -q -o x.zip {given}"));
    let said = metadata(&sandbox, "x.zip");
    assert_eq!(said["author"], "20304 2.3.4 other");
    assert_eq!(said["description"], format!("Darwin rhel8 {}", std::env::consts::ARCH));
}

fn a_module_that_cannot_tell() {
    let sandbox = Sandbox::new();
    sandbox.module_that("picky", "if (argc == 0) return 1;");
    sandbox
        .write("ramp.yml", "command_line_args: 'AT /modules/{{NUMVER}}'\nauthor: '{{NUMVER}}'\n");
    let pack = "rampkit pack --discovery embedded";
    harmless(&sandbox, pack).fails(8, str![[r#"
error: ramp.yml needs NUMVER, and the module could not be asked for it
caused by: [ROOT]/picky.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  last call of the module API: SetModuleAttribs
hint: give it yourself: --define NUMVER=…; else if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
    sandbox.ok(&format!("{pack} -q -o x.zip -D NUMVER=1"));
    // The arguments that it needs to tell.
    sandbox.ok(&format!("{pack} -q -o x.zip --run-args x"));
    assert_ne!(metadata(&sandbox, "x.zip")["author"], "");
}

fn the_module_is_loaded_once_where_its_arguments_stay_the_same() {
    let sandbox = Sandbox::new();
    let log = sandbox.path("log");
    sandbox.module_that("told", &format!(
        "char line[64]; int log = open(\"{}\", 02101, 0600); write(log, line, sprintf(line, \"%d arguments\\n\", argc));",
        log.display()
    ).replace("char line", "int open(const char*, int, ...); long write(int, const void*, unsigned long); int sprintf(char*, const char*, ...); char line"));
    let loaded = |manifest: &str| {
        let _ = std::fs::remove_file(&log);
        sandbox.write("ramp.yml", manifest);
        sandbox.ok("rampkit pack -q --discovery embedded -o x.zip");
        sandbox.read("log")
    };
    assert_eq!(loaded("command_line_args: 'a b'\n"), "2 arguments\n");
    assert_eq!(loaded("command_line_args: 'a b'\nauthor: '{{NUMVER}}'\n"), "2 arguments\n");
    assert_eq!(loaded("command_line_args: 'a {{NUMVER}}'\n"), "0 arguments\n2 arguments\n");
    assert_eq!(
        loaded("command_line_args: 'a {{NUMVER}}'\nrun_command_line_args: c\n"),
        "1 arguments\n"
    );
    assert_eq!(loaded("author: '{{SEMVER}}'\nversion: {{NUMVER}}\n"), "0 arguments\n");
}

fn a_value_has_one_line() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "author: {{WHO}}\n");
    harmless(&sandbox, &format!("{PACK} -D WHO=\"$(printf 'a\\nlicense: b')\"")).fails(
        6,
        str![[r#"
error: the value that --define gives to {{WHO}} has more than one line
hint: in the manifest it would begin new lines; give it one line

"#]],
    );
    sandbox.write("x.yml", "WHO: |\n  Ann\n");
    harmless(&sandbox, &format!("{PACK} --define-file x.yml")).fails(
        6,
        str![[r#"
error: the value that x.yml gives to {{WHO}} has more than one line
hint: in the manifest it would begin new lines; give it one line

"#]],
    );
    // Ends of lines that YAML knows besides.
    for end in ["\\r", "\\u0085", "\\u2028", "\\u2029"] {
        sandbox.write("x.json", format!("{{\"WHO\": \"a{end}license: b\"}}"));
        let run = harmless(&sandbox, &format!("{PACK} --define-file x.json"));
        assert!(run.stderr.contains("has more than one line"), "{end}: {}", run.stderr);
    }
    // Where nothing uses it, it does no harm.
    sandbox.ok(&format!("OF_B=\"$(printf 'a\\nb')\" {PACK} -q -D WHO=c --define-env OF_"));
}

fn there_is_no_logic() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "author: {{WHO|upper}}\n");
    harmless(&sandbox, &format!("{PACK} -D WHO=Ann")).fails(
        6,
        str![[r#"
error: ramp.yml:1:10: a key must be a text
 1 | author: {{WHO|upper}}
   |          ^
hint: a template has {{NAME}}, with a name alone in it, and no logic

"#]],
    );
    sandbox.write("ramp.yml", "author: {% if WHO %}Ann{% endif %}\n");
    harmless(&sandbox, &format!("{PACK} -D WHO=Ann")).fails(
        6,
        str![[r#"
error: ramp.yml:1:10: unexpected character: `%'
 1 | author: {% if WHO %}Ann{% endif %}
   |          ^
hint: a template has {{NAME}}, with a name alone in it, and no logic

"#]],
    );
}

fn what_is_used_nowhere_is_worth_a_warning() {
    let sandbox = sample();
    sandbox.write("one.env", "AUTHOR=Ann\nOTHER=b\n");
    sandbox.write("two.env", "OTHER=b\n");
    sandbox.write(
        "ramp.yml",
        "author: '{{AUTHOR}}'\ncompatible_redis_version: '7.2'\noperating_systems: [rhel8]\n",
    );
    let given = "-D AUTOR=a --define-file one.env --define-file two.env --define-env HO";
    sandbox.sh(&format!("{PACK} {given}")).prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
      Read ../commands.json
warning: {{AUTOR}} is given a value and stands nowhere in the manifest
   hint: check the spelling, or leave it out
warning: two.env: the manifest uses nothing of it
   hint: leave it out, or write {{NAME}} in the manifest
    Packed hello 1.2.3: 3 commands

"#]],
    );
}

fn other_texts_of_the_short_option_are_the_description() {
    let sandbox = sample();
    sandbox.write(
        "ramp.yml",
        "author: '{{A}}'\ncompatible_redis_version: '7.2'\noperating_systems: [rhel8]\n",
    );
    sandbox.ok(&format!("{PACK} --deny-warnings -D A=1 -D 'Says a = b'"));
    let said = metadata(&sandbox, BUNDLE);
    assert_eq!((&said["author"], &said["description"]), (&"1".into(), &"Says a = b".into()));
}

fn a_manifest_from_stdin() {
    let sandbox = sample();
    sandbox.write("ramp.lock", "damaged: a lock that is not its own\n");
    sandbox.write("plugin/file", "");
    let manifest = "autor: {{WHO}}\ndependencies: {plugin: {local_path: plugin}}";
    sandbox.sh(&format!("printf '{manifest}' | {PACK} -m - -D WHO=Ann --set operating_systems=rhel8")).prints(str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]], str![[r#"
      Read ../commands.json
warning: <stdin>:1:1: unknown key "autor"
   hint: did you mean "author"? as it stands it is ignored
warning: nobody says compatible_redis_version
   hint: give the Redis version (as 7.4) of the databases the module is for, in the manifest or with --set compatible_redis_version=…; it must equal theirs
    Packed hello 1.2.3: 3 commands, 1 dependency

"#]]);
    sandbox.sh(&format!("printf '\\n author: {{{{WHO' | {PACK} -m -")).fails(
        6,
        str![[r#"
error: <stdin>:2:11: unclosed bracket '{'
 2 |  author: {{WHO
   |           ^
hint: a template has {{NAME}}, with a name alone in it, and no logic

"#]],
    );
    sandbox.sh(&format!("printf 'a: {{{{WHO}}}}' | {PACK} -m -")).fails(6, str![[r#"
error: <stdin>:1:4: {{WHO}} has no value
 1 | a: {{WHO}}
   |    ^
hint: there are ARCH, MODULE_NAME, NUMVER, OS, OSNICK, SEMVER; give the value with --define WHO=…, or let what has no value be empty with --allow-undefined

"#]]);
}
