//! What a project file cannot say: one clear error each, and nothing is packed.

use libtest_mimic::Trial;
use snapbox::{IntoData, str};

use super::{harmless, hello, project};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(no_file),
        test!(no_yaml),
        test!(another_shape),
        test!(origins_that_are_none),
        test!(names_that_are_none),
        test!(settings_that_there_are_not),
        test!(values_that_are_wrong),
        test!(settings_that_contradict),
        test!(stdin_is_for_one),
        test!(options_that_contradict),
        test!(a_module_yaml_without_a_name),
        test!(files_that_two_tasks_would_write),
        test!(files_that_another_task_reads),
    ]
}

#[track_caller]
fn refused(text: &str, stderr: impl IntoData) {
    let sandbox = hello(text);
    sandbox.ok("cp hello.so fine.so");
    harmless(&sandbox, "rampkit pack --all").fails(6, stderr);
}

/// With a module that would be packed.
fn with(line: &str) -> String {
    format!("modules:\n  fine: {{module: fine.so}}\n  hello:\n    module: hello.so\n    {line}\n")
}

fn no_file() {
    let sandbox = hello("");
    harmless(&sandbox, "rm rampkit.yaml; rampkit pack --all; code=$?; : >rampkit.yaml; exit $code")
        .fails(
            3,
            str![[r#"
error: cannot read rampkit.yaml
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
        );
    harmless(&sandbox, "rampkit pack --all --project .").fails(
        3,
        str![[r#"
error: . is a folder
hint: name a file

"#]],
    );
    sandbox.write("rampkit.yaml", b"modules: {h\xe9llo: }");
    harmless(&sandbox, "rampkit pack --all").fails(
        6,
        str![[r#"
error: rampkit.yaml is not a text: byte 11 is not UTF-8
hint: write it as UTF-8

"#]],
    );
}

fn no_yaml() {
    refused(
        "",
        str![[r#"
error: rampkit.yaml: it says nothing

"#]],
    );
    refused(
        "# nothing\n",
        str![[r#"
error: rampkit.yaml: it says nothing

"#]],
    );
    refused(
        "modules:\n  a: [\n",
        str![[r#"
error: rampkit.yaml:2:6: unclosed bracket '['
 2 |   a: [
   |      ^

"#]],
    );
    refused(
        "modules:\n  a: 1\n  a: 2\n",
        str![[r#"
error: rampkit.yaml:3:3: "a" stands there twice
 3 |   a: 2
   |   ^

"#]],
    );
    refused(
        "modules: {hello: }\n---\nmodules: {hello: }\n",
        str![[r#"
error: rampkit.yaml:3:1: a second document; there can be one only
 3 | modules: {hello: }
   | ^

"#]],
    );
}

fn another_shape() {
    refused(
        "- modules\n",
        str![[r#"
error: rampkit.yaml:1:1: a mapping should stand here
 1 | - modules
   | ^

"#]],
    );
    refused(
        "modules: []\n",
        str![[r#"
error: rampkit.yaml:1:10: a mapping should stand here
 1 | modules: []
   |          ^

"#]],
    );
    refused(
        "modules:\n",
        str![[r#"
error: rampkit.yaml:1:1: it names no modules
 1 | modules:
   | ^

"#]],
    );
    refused(
        "settings: {}\n",
        str![[r#"
error: rampkit.yaml:1:1: it names no modules
 1 | settings: {}
   | ^

"#]],
    );
    refused(
        "modules:\n  hello: hello.so\n",
        str![[r#"
error: rampkit.yaml:2:10: a mapping should stand here
 2 |   hello: hello.so
   |          ^

"#]],
    );
    refused(
        "module:\n  hello: {module: hello.so}\n",
        str![[r#"
error: rampkit.yaml:1:1: there is no key "module"
 1 | module:
   | ^
hint: did you mean "modules"?

"#]],
    );
    refused(
        "zzz: {}\n",
        str![[r#"
error: rampkit.yaml:1:1: there is no key "zzz"
 1 | zzz: {}
   | ^
hint: there are settings, modules, platforms

"#]],
    );
    refused(
        "modules:\n  ? [a]\n  : {}\n",
        str![[r#"
error: rampkit.yaml:2:5: a key must be a text
 2 |   ? [a]
   |     ^

"#]],
    );
    refused(
        "modules:\n  fine: {module: fine.so}\n  hello:\n",
        str![[r#"
error: rampkit.yaml:3:3: hello: nothing says which module to pack
 3 |   hello:
   |   ^
hint: name its file: `module: build/it.so`, or one with {name} in `settings`

"#]],
    );
    refused(
        "modules:\n  hello: {module: '{platform}.so'}\n",
        str![[r#"
error: rampkit.yaml:2:11: hello has no platform that {platform} could stand for
 2 |   hello: {module: '{platform}.so'}
   |           ^

"#]],
    );
}

/// What it fetches from is checked as well, where it is only packed.
fn origins_that_are_none() {
    refused(
        &with("from: {repository: a/b}"),
        str![[r#"
error: rampkit.yaml:5:11: it does not say which `ref`
 5 |     from: {repository: a/b}
   |           ^

"#]],
    );
    refused(
        &with("from: {repository: a/b, ref: c, pth: d}"),
        str![[r#"
error: rampkit.yaml:5:37: there is no key "pth"
 5 |     from: {repository: a/b, ref: c, pth: d}
   |                                     ^
hint: did you mean "path"?

"#]],
    );
}

fn names_that_are_none() {
    refused(
        "modules: {a/b: {module: hello.so}}\n",
        str![[r#"
error: rampkit.yaml:1:11: "a/b" is no name: a name is of letters, digits, `.`, `_` and `-`, and begins with none of the last
 1 | modules: {a/b: {module: hello.so}}
   |           ^

"#]],
    );
    refused(
        "modules: {'': {module: hello.so}}\n",
        str![[r#"
error: rampkit.yaml:1:11: "" is no name: a name is of letters, digits, `.`, `_` and `-`, and begins with none of the last
 1 | modules: {'': {module: hello.so}}
   |           ^

"#]],
    );
    refused(
        "modules: {hello: }\nplatforms: [-x]\n",
        str![[r#"
error: rampkit.yaml:2:13: "-x" is no name: a name is of letters, digits, `.`, `_` and `-`, and begins with none of the last
 2 | platforms: [-x]
   |             ^

"#]],
    );
    refused(
        "modules: {hello: }\nplatforms: [a, b, a]\n",
        str![[r#"
error: rampkit.yaml:2:19: a stands there twice
 2 | platforms: [a, b, a]
   |                   ^

"#]],
    );
    refused(
        "modules:\n  hello:\n    platforms: [jamy]\nplatforms: [jammy, noble]\n",
        str![[r#"
error: rampkit.yaml:3:17: there is no platform "jamy"
 3 |     platforms: [jamy]
   |                 ^
hint: did you mean "jammy"?

"#]],
    );
    refused(
        "modules:\n  hello:\n    platforms: {x: {level: 1}}\nplatforms: [jammy, noble]\n",
        str![[r#"
error: rampkit.yaml:3:17: there is no platform "x"
 3 |     platforms: {x: {level: 1}}
   |                 ^
hint: there are jammy, noble

"#]],
    );
    refused(
        "modules:\n  hello:\n    platforms: [jammy]\n",
        str![[r#"
error: rampkit.yaml:3:17: there is no platform "jammy"
 3 |     platforms: [jammy]
   |                 ^
hint: there is no platform at all

"#]],
    );
}

fn settings_that_there_are_not() {
    refused(
        &with("levl: 9"),
        str![[r#"
error: rampkit.yaml:5:5: there is no setting "levl"
 5 |     levl: 9
   |     ^
hint: did you mean "level"?

"#]],
    );
    refused(
        &with("xyzzy: 9"),
        str![[r#"
error: rampkit.yaml:5:5: there is no setting "xyzzy"
 5 |     xyzzy: 9
   |     ^
hint: rampkit pack --help names the options that can be set

"#]],
    );
    refused(
        &with("display_name: x"),
        str![[r#"
error: rampkit.yaml:5:5: there is no setting "display_name"
 5 |     display_name: x
   |     ^
hint: did you mean "display-name"?

"#]],
    );
    refused(
        "modules: {hello: {module: hello.so}}\nplatforms: {p: {levle: 1}}\n",
        str![[r#"
error: rampkit.yaml:2:17: there is no setting "levle"
 2 | platforms: {p: {levle: 1}}
   |                 ^
hint: did you mean "level"?

"#]],
    );
    refused(
        "modules: {hello: {module: hello.so, platforms: []}}\nplatforms: {p: {zz: 1}}\n",
        str![[r#"
error: rampkit.yaml:2:17: there is no setting "zz"
 2 | platforms: {p: {zz: 1}}
   |                 ^
hint: rampkit pack --help names the options that can be set

"#]],
    );
}

fn values_that_are_wrong() {
    refused(
        &with("level: 10"),
        str![[r#"
error: rampkit.yaml:5:5: hello: invalid value '10' for '--level <0..9>': a level is a number from 0 to 9
 5 |     level: 10
   |     ^

"#]],
    );
    refused(
        &with("level: [1]"),
        str![[r#"
error: rampkit.yaml:5:5: hello: level takes one value
 5 |     level: [1]
   |     ^

"#]],
    );
    refused(
        &with("verify-discovery: perhaps"),
        str![[r#"
error: rampkit.yaml:5:5: hello: verify-discovery is true or false
 5 |     verify-discovery: perhaps
   |     ^

"#]],
    );
    refused(
        &with("verify-discovery: 'true'"),
        str![[r#"
error: rampkit.yaml:5:5: hello: verify-discovery is true or false
 5 |     verify-discovery: 'true'
   |     ^

"#]],
    );
    refused(
        &with("discovery: guess"),
        str![[r#"
error: rampkit.yaml:5:5: hello: invalid value 'guess' for '--discovery <WAY>' [possible values: auto, embedded, server]
 5 |     discovery: guess
   |     ^

"#]],
    );
    refused(
        &with("artifact: {a: b}"),
        str![[r#"
error: rampkit.yaml:5:5: hello: artifact takes a list
 5 |     artifact: {a: b}
   |     ^

"#]],
    );
    refused(
        &with("redis-args: [1]"),
        str![[r#"
error: rampkit.yaml:5:5: hello: invalid value '[1]' for '--redis-args <JSON>': write it as {"maxmemory": "1gb"}: invalid type: sequence, expected a map at line 1 column 0
 5 |     redis-args: [1]
   |     ^

"#]],
    );
    refused(
        &with("output: {a: b}"),
        str![[r#"
error: rampkit.yaml:5:5: hello: output takes one value
 5 |     output: {a: b}
   |     ^

"#]],
    );
    refused(
        &with("timeout:\n      0"),
        str![[r#"
error: rampkit.yaml:5:5: hello: invalid value '0' for '--timeout <SECONDS>': a timeout is a whole number of seconds from 1 to 86400
 5 |     timeout:
   |     ^

"#]],
    );
    refused(
        &with("module-yaml: m.yaml\n    image: ''"),
        str![[r#"
error: rampkit.yaml:6:5: hello: a value is required for '--image <IMAGE>' but none was supplied
 6 |     image: ''
   |     ^

"#]],
    );
}

fn settings_that_contradict() {
    refused(
        &with("no-module-yaml: true\n    module-yaml: x"),
        str![[r#"
error: rampkit.yaml:5:5: hello: the argument '--no-module-yaml' cannot be used with '--module-yaml <PATH>'
 5 |     no-module-yaml: true
   |     ^

"#]],
    );
    // What is found behind the options themselves has no place in the file.
    let sandbox = hello(&with("set: {authr: x}"));
    sandbox.ok("cp hello.so fine.so");
    harmless(&sandbox, "rampkit pack --all").fails(
        2,
        str![[r#"
error: hello: there is no field "authr"
hint: near are author

"#]],
    );
    sandbox.write(
        "rampkit.yaml",
        with("cacert: none.pem")
            + "    discovery: embedded\n  other: {module: x, dep: [a=b, a=c]}\n",
    );
    harmless(&sandbox, "rampkit pack --all").fails(
        3,
        str![[r#"
error: hello: cannot read none.pem
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already
error: other: --dep gives a twice

"#]],
    );
}

fn stdin_is_for_one() {
    let sandbox = hello("modules: {hello: {module: hello.so, manifest: '-'}}");
    harmless(&sandbox, "rampkit pack --all").fails(
        2,
        str![[r#"
error: hello: where several are packed, none has its manifest or values from stdin

"#]],
    );
    let values = hello("settings: {define-file: '-'}\nmodules: {hello: {module: hello.so}}");
    assert_eq!(harmless(&values, "rampkit pack --all").code, 2);
    harmless(&sandbox, "rampkit pack --all -m -").fails(
        2,
        str![[r#"
error: hello: where several are packed, none has its manifest or values from stdin

"#]],
    );
}

fn options_that_contradict() {
    let sandbox = project();
    let run = |options: &str| harmless(&sandbox, &format!("rampkit pack {options}"));
    for options in ["--only x", "--jobs 2", "--project x"] {
        let run = run(options);
        assert!(run.stderr.contains("  --all\n"), "{}", run.stderr);
        assert_eq!(run.code, 2);
    }
    run("--all hello.so").fails(
        2,
        str![[r#"
error: the argument '--all' cannot be used with '[MODULE]'

Usage: rampkit pack --all [MODULE]

For more information, try '--help'.

"#]],
    );
    run("--all --jobs 0").fails(
        2,
        str![[r#"
error: invalid value '0' for '--jobs <N>': a number of jobs is a whole number from 1 on

For more information, try '--help'.

"#]],
    );
    run("--all --only helo").fails(
        2,
        str![[r#"
error: there is no task "helo"; near is hello

"#]],
    );
    run("--all --only xyzzy").fails(
        2,
        str![[r#"
error: there is no task "xyzzy"; there are hello/jammy, hello/rhel8, alpha/jammy, beta/jammy, beta/rhel8

"#]],
    );
    run("--all --only alpha/rhel8").fails(
        2,
        str![[r#"
error: there is no task "alpha/rhel8"; near is alpha

"#]],
    );
}

fn a_module_yaml_without_a_name() {
    let sandbox = hello(&with("image: acme/x"));
    sandbox.ok("cp hello.so fine.so");
    harmless(&sandbox, "rampkit pack --all").fails(
        2,
        str![[r#"
error: hello: image, user and artifact are said in a module.yaml: name it with module-yaml

"#]],
    );
}

fn files_that_two_tasks_would_write() {
    let sandbox = project();
    harmless(&sandbox, "rampkit pack --all -o 'dist/{module_name}.zip'").fails(
        9,
        str![[r#"
error: hello/jammy and hello/rhel8 would both write dist/hello.zip
hint: nothing was written; give them names that differ, as by {name} or {platform} in `output`

"#]],
    );
    // By another path, and the name of a module.yaml.
    sandbox.ok("ln -s dist also");
    let text = "modules:\n  a: {module: build/jammy/hello.so, output: dist/x.zip}\n  \
                b: {module: build/rhel8/hello.so, output: also/x.zip}\n";
    sandbox.write("rampkit.yaml", text);
    harmless(&sandbox, "rampkit pack --all -q -m pack/ramp.yml").fails(
        9,
        str![[r#"
error: a and b would both write dist/x.zip
hint: nothing was written; give them names that differ, as by {name} or {platform} in `output`

"#]],
    );
    let text = text.replace("also/x.zip", "y.zip, module-yaml: dist/x.zip");
    sandbox.write("rampkit.yaml", &text);
    harmless(&sandbox, "rampkit pack --all -q -m pack/ramp.yml").fails(
        9,
        str![[r#"
error: a and b would both write dist/x.zip
hint: nothing was written; give them names that differ, as by {name} or {platform} in `output`

"#]],
    );
    let swapped = "modules:\n  a: {module: build/jammy/hello.so, output: y.zip, module-yaml: dist/x.zip}\n  \
                   b: {module: build/rhel8/hello.so, output: dist/x.zip}\n";
    sandbox.write("rampkit.yaml", swapped);
    let run = harmless(&sandbox, "rampkit pack --all -q -m pack/ramp.yml");
    assert!(run.stderr.starts_with("error: a and b would both write"), "{}", run.stderr);
    // What is told of it, and what lies beside it.
    let text = text.replace(", module-yaml: dist/x.zip", "");
    sandbox.write("rampkit.yaml", &text);
    harmless(&sandbox, "rampkit pack --all -q -m pack/ramp.yml --result-file r.json").fails(
        9,
        str![[r#"
error: a and b would both write r.json
hint: nothing was written; give them names that differ, as by {name} or {platform} in `output`

"#]],
    );
    let text = text.replace("y.zip", "y.zip, also-as: [dist/x.zip]");
    sandbox.write("rampkit.yaml", text);
    harmless(&sandbox, "rampkit pack --all -q -m pack/ramp.yml").fails(
        9,
        str![[r#"
error: a and b would both write dist/x.zip
hint: nothing was written; give them names that differ, as by {name} or {platform} in `output`

"#]],
    );
}

fn files_that_another_task_reads() {
    let sandbox = project();
    sandbox.write("d/x/plugin", "p");
    sandbox.write("d.yml", "dependencies: {p: {local_path: d}}\n");
    sandbox.write("more.env", "A=1\n");
    let text = |output: &str| {
        format!(
            "settings: {{manifest: pack/ramp.yml}}\nmodules:\n  \
             a: {{module: build/jammy/hello.so, {output}}}\n  \
             b: {{module: build/rhel8/hello.so, manifest: d.yml, define-file: more.env}}\n"
        )
    };
    for (output, path) in [
        ("output: rampkit.yaml", "rampkit.yaml"),
        ("output: x.zip, result-file: ./rampkit.yaml", "./rampkit.yaml"),
        ("output: x.zip, module-yaml: rampkit.yaml", "rampkit.yaml"),
        ("output: build/rhel8/hello.so", "build/rhel8/hello.so"),
        ("output: x.zip, also-as: d.yml", "d.yml"),
        ("output: x.zip, result-file: ramp.lock.yaml, also-as: more.env", "more.env"),
    ] {
        sandbox.write("rampkit.yaml", text(output));
        let run = harmless(&sandbox, "rampkit pack --all -q --project rampkit.yaml");
        let expected = format!(
            "error: {path} is one of the files that are read, and would be overwritten\n\
             hint: write to another place\n"
        );
        assert_eq!((run.stderr, run.code), (expected, 9), "{output}");
    }
    // From another folder, and in the folder that is a dependency.
    sandbox.write("rampkit.yaml", text("output: rampkit.yaml"));
    let run = harmless(&sandbox, "cd build && rampkit pack --all -q --project ../rampkit.yaml");
    assert_eq!(run.code, 9, "{}", run.stderr);
    sandbox.write("rampkit.yaml", text("output: d/x/a.zip"));
    let run = harmless(&sandbox, "rampkit pack --all -q");
    assert!(run.stderr.starts_with("error: d/x/a.zip would lie in d,"), "{}", run.stderr);
}
