//! Manifests that cannot be followed: one clear error each.

use libtest_mimic::Trial;
use snapbox::str;

use super::{BUNDLE, PACK, harmless, metadata, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_manifest_with_a_syntax_error),
        test!(a_manifest_with_a_wrong_type),
        test!(a_manifest_that_is_no_mapping_or_no_text),
        test!(a_mark_at_its_start_and_braces_in_a_comment),
        test!(a_manifest_that_is_a_template),
    ]
}

fn a_manifest_with_a_syntax_error() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "author: Ann\ncapabilities:\n  - types\n - flash\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:4:2: did not find expected key, while parsing a block mapping
 4 |  - flash
   |  ^

"#]],
    );
    sandbox.write("ramp.yml", "author: Ann\ndescription: \"open\nlicense: MIT\n");
    harmless(&sandbox, PACK).fails(6, str![[r#"
error: ramp.yml:4:1: found unexpected end of stream, while scanning a quoted scalar at line 2 column 14

"#]]);
    sandbox.write("ramp.yml", "capabilities:\n\t- types\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:2:1: found character that cannot start any token, while scanning for the next token
 2 | →- types
   | ^

"#]],
    );
    sandbox.write("ramp.yml", "author: Ann\nauthor: Bo\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:1:1: duplicate entry with key "author"
 1 | author: Ann
   | ^

"#]],
    );
}

fn a_manifest_with_a_wrong_type() {
    let sandbox = sample();
    let run = |manifest: &str| {
        sandbox.write("ramp.yml", manifest);
        harmless(&sandbox, PACK)
    };
    run("author: Ann\ncapabilities:\n  types: yes\n").fails(
        6,
        str![[r#"
error: ramp.yml:3:3: capabilities: invalid type: map, expected a list of texts
 3 |   types: yes
   |   ^

"#]],
    );
    run("author: [Ann, Bo]\n").fails(
        6,
        str![[r#"
error: ramp.yml:1:9: author: invalid type: sequence, expected a string
 1 | author: [Ann, Bo]
   |         ^

"#]],
    );
    run("bigstore_version_2_support: maybe\n").fails(6, str![[r#"
error: ramp.yml:1:29: bigstore_version_2_support: invalid type: string "maybe", expected true or false
 1 | bigstore_version_2_support: maybe
   |                             ^

"#]]);
    run("add_command:\n  - command_name: a.b\n    arity: -1\n").fails(6, str![[r#"
error: ramp.yml:3:5: add_command[0]: unknown field `arity`, expected one of `command_name`, `command_arity`, `flags`, `first_key`, `last_key`, `step`
 3 |     arity: -1
   |     ^

"#]]);
    run("add_command: [a.b]\n").fails(6, str![[r#"
error: ramp.yml:1:15: add_command[0]: invalid type: string "a.b", expected a mapping with command_name and the rest of a command
 1 | add_command: [a.b]
   |               ^

"#]]);
    run("overide_command: [a.b]\n").fails(6, str![[r#"
error: ramp.yml:1:19: overide_command[0]: invalid type: string "a.b", expected a mapping with command_name and what it shall have
 1 | overide_command: [a.b]
   |                   ^

"#]]);
    run("dependencies: [plugin]\n").fails(6, str![[r#"
error: ramp.yml:1:16: dependencies[0]: invalid type: string "plugin", expected a mapping with name, url, sha256, local_path
 1 | dependencies: [plugin]
   |                ^

"#]]);
    run("dependencies: {plugin: plugin.tgz}\n").fails(6, str![[r#"
error: ramp.yml:1:24: dependencies.plugin: invalid type: string "plugin.tgz", expected a mapping with url, sha256, local_path
 1 | dependencies: {plugin: plugin.tgz}
   |                        ^

"#]]);
    run("dependencies:\n  plugin:\n    sha256: abc\n").fails(
        6,
        str![[r#"
error: ramp.yml:3:5: dependencies.plugin: a sha256 has 64 hex digits, this is "abc"
 3 |     sha256: abc
   |     ^

"#]],
    );
}

fn a_manifest_that_is_no_mapping_or_no_text() {
    let sandbox = sample();
    let run = |manifest: &[u8]| {
        sandbox.write("ramp.yml", manifest);
        harmless(&sandbox, PACK)
    };
    run(b"- a\n- b\n").fails(
        6,
        str![[r#"
error: ramp.yml:1:1: invalid type: sequence, expected a YAML mapping
 1 | - a
   | ^

"#]],
    );
    run(b"").fails(
        6,
        str![[r#"
error: ramp.yml: it says nothing

"#]],
    );
    run(b"author: \xff\xfe\n").fails(
        6,
        str![[r#"
error: ramp.yml is not a text: byte 8 is not UTF-8
hint: write it as UTF-8

"#]],
    );
    harmless(&sandbox, &format!("{PACK} -m no-such.yml")).fails(
        3,
        str![[r#"
error: cannot read no-such.yml
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
}

/// What an editor or a habit adds to a manifest, and what does not make it a bad one.
fn a_mark_at_its_start_and_braces_in_a_comment() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "\u{feff}author: Ann\n  # {{NAME}}\ndescription: a{{ b }c}}\n");
    sandbox.ok(&format!("{PACK} -q --set compatible_redis_version=7.2"));
    assert_eq!(metadata(&sandbox, BUNDLE)["author"], "Ann");
}

fn a_manifest_that_is_a_template() {
    let sandbox = sample();
    sandbox
        .write("ramp.yml", "author: {{WHO}}\ndependencies:\n  {{NAME}}:\n    sha256: {{ SHA }}\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml is a template: it has the variables NAME, SHA, WHO
hint: render it first: put a value in the place of each {{NAME}}

"#]],
    );
}
