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
        test!(a_manifest_without_end),
        test!(a_mark_at_its_start_and_braces_in_a_comment),
        test!(keys_that_are_no_fields_are_errors_with_strict),
    ]
}

fn a_manifest_with_a_syntax_error() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "author: Ann\ncapabilities:\n  - types\n - flash\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:4:2: while parsing a block mapping, did not find expected key
 4 |  - flash
   |  ^

"#]],
    );
    sandbox.write("ramp.yml", "author: Ann\ndescription: \"open\nlicense: MIT\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:3:1: invalid indentation in multiline quoted scalar
 3 | license: MIT
   | ^

"#]],
    );
    sandbox.write("ramp.yml", "capabilities:\n\t- types\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:2:2: tabs disallowed within this context (block indentation)
 2 | →- types
   |  ^

"#]],
    );
    sandbox.write("ramp.yml", "author: *who\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:1:9: while parsing node, found unknown anchor
 1 | author: *who
   |         ^

"#]],
    );
    sandbox.write("ramp.yml", "author: Ann\n---\nauthor: Bo\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:3:1: a second document; there can be one only
 3 | author: Bo
   | ^

"#]],
    );
    sandbox.write("ramp.yml", "author: !!python/name:os.system x\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:1:9: the tag !!python/name:os.system means nothing here
 1 | author: !!python/name:os.system x
   |         ^

"#]],
    );
    sandbox.write("ramp.yml", "? [a, b]\n: c\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:1:3: a key must be a text
 1 | ? [a, b]
   |   ^

"#]],
    );
    sandbox.write("ramp.yml", "<<: text\n");
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:1:5: what << merges must be a mapping, or a list of them
 1 | <<: text
   |     ^

"#]],
    );
    let level =
        |n: usize| format!("  a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "));
    let bomb: String = (1..9).map(level).collect();
    sandbox.write("ramp.yml", format!("crdb:\n  a0: &a0 lol\n{bomb}"));
    harmless(&sandbox, PACK).fails(
        6,
        str![[r#"
error: ramp.yml:7:22: aliases make too much of this text
 7 |   a5: &a5 [*a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4]
   |                      ^

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
error: ramp.yml:1:9: author: invalid type: sequence, expected a text
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
    run("dependencies:\n  plugin:\n    url: http://h/{a}\n    sha256: [a]\n").fails(
        6,
        str![[r#"
error: ramp.yml:4:13: dependencies.plugin.sha256: invalid type: sequence, expected a string
 4 |     sha256: [a]
   |             ^

"#]],
    );
    run("overide_command:\n  - {command_name: a.b, step: -1}\n  - {command_name: a.c, flags: [x, [y]]}\n").fails(6, str![[r#"
error: ramp.yml:3:36: overide_command[1].flags[1]: invalid type: sequence, expected a string
 3 |   - {command_name: a.c, flags: [x, [y]]}
   |                                    ^

"#]]);
    run("capabilities: [types, , flash]\n").fails(
        6,
        str![[r#"
error: ramp.yml:1:23: unexpected EOF while parsing an implicit flow mapping
 1 | capabilities: [types, , flash]
   |                       ^

"#]],
    );
    run("capabilities:\n  - types\n  -\n").fails(
        6,
        str![[r#"
error: ramp.yml:3:4: capabilities[1]: nothing, where a text must stand
 3 |   -
   |    ^

"#]],
    );
    run("version: '1'\n").fails(
        6,
        str![[r#"
error: ramp.yml:1:10: version: invalid type: string "1", expected a whole number
 1 | version: '1'
   |          ^

"#]],
    );
    run("version: -1\n").fails(
        6,
        str![[r#"
error: ramp.yml:1:10: version: invalid type: integer `-1`, expected a whole number
 1 | version: -1
   |          ^

"#]],
    );
    run("crdb: {a: .inf}\n").fails(
        6,
        str![[r#"
error: ramp.yml:1:11: crdb.a: .inf is no number of JSON
 1 | crdb: {a: .inf}
   |           ^

"#]],
    );
    run("dependencies:\n  plugin:\n    sha256: abc\n").fails(
        6,
        str![[r#"
error: ramp.yml:3:13: dependencies.plugin.sha256: a sha256 has 64 hex digits, this is "abc"
 3 |     sha256: abc
   |             ^

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
error: ramp.yml:1:1: a manifest is a mapping of fields
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

fn a_manifest_without_end() {
    harmless(&sample(), &format!("{PACK} -m /dev/zero")).fails(
        6,
        str![[r#"
error: /dev/zero: it has more than 8 MB

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

fn keys_that_are_no_fields_are_errors_with_strict() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "author: Ann\ncapabilites: [types]\n? xyzzy\n: {author: Bo}\n");
    harmless(&sandbox, &format!("{PACK} --strict")).fails(
        6,
        str![[r#"
error: ramp.yml:2:1: unknown key "capabilites"; did you mean "capabilities"?
ramp.yml:3:3: unknown key "xyzzy"
hint: mend or remove them, or leave --strict out; then they are ignored

"#]],
    );
}
