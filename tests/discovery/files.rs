//! Commands from a file instead of a server.

use serde_json::{Value, json};
use snapbox::str;

use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![test!(commands_from_a_file), test!(files_without_commands)]
}

fn commands_from_a_file() {
    let sandbox = Sandbox::new();
    let command = |name: &str| {
        format!(
            r#"{{"command_name": "{name}", "command_arity": -1, "flags": ["fast"], "first_key": 1, "last_key": -1, "step": 1}}"#
        )
    };
    let commands = format!("[{}, {}]", command("x.b"), command("x.a"));
    let ours = format!(r#"{{"name": "x", "version": 10203, "commands": {commands}}}"#);
    let ramps = format!(
        r#"{{"author": "A", "commands": {commands}, "module_name": "x", "version": 10203.0}}"#
    );
    sandbox.module("hello");
    for text in [ours, ramps] {
        sandbox.write("x.json", text);
        let said = sandbox.ok("rampkit pack -q --commands x.json --json hello.so");
        let said = &serde_json::from_str::<Value>(&said).unwrap()["metadata"];
        let command = |i: usize| &said["commands"][i]["command_name"];
        assert_eq!((&said["module_name"], &said["version"]), (&json!("x"), &json!(10203)));
        assert_eq!((command(0), command(1)), (&json!("x.a"), &json!("x.b")));
    }
}

fn files_without_commands() {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    let mut said = String::new();
    for text in [
        "",
        "name: x\n",
        "{\"name\": \"x\",\n \"version\": 1}",
        "{\"name\": \"\", \"version\": 1, \"commands\": []}",
        "{\"name\": \"x\", \"version\": 1.5, \"commands\": []}",
        "{\"name\": \"x\", \"version\": -1, \"commands\": []}",
        "{\"name\": \"x\", \"version\": \"1\", \"commands\": []}",
        "{\"name\": \"x\", \"version\": 1, \"commands\": [{\"command_name\": \"x.a\"}]}",
        "{\"name\": \"x\", \"version\": 1, \"commands\": [{\"name\": \"x.a\"}]}",
    ] {
        sandbox.write("x.json", text);
        let run = sandbox.sh("rampkit pack --commands x.json hello.so");
        assert_eq!(run.code, 6);
        said += &run.stderr;
    }
    snapbox::assert_data_eq!(
        said,
        str![[r#"
error: x.json:1:0: EOF while parsing a value
error: x.json:1:2: expected ident
 1 | name: x
   |  ^
error: x.json:2:14: missing field `commands`
 2 |  "version": 1}
   |              ^
error: x.json:1:11: invalid value: string "", expected the module's name
 1 | {"name": "", "version": 1, "commands": []}
   |           ^
error: x.json:1:28: invalid version 1.5, expected a whole number such as 10203
 1 | {"name": "x", "version": 1.5, "commands": []}
   |                            ^
error: x.json:1:27: invalid version -1, expected a whole number such as 10203
 1 | {"name": "x", "version": -1, "commands": []}
   |                           ^
error: x.json:1:28: invalid type: string "1", expected a JSON number
 1 | {"name": "x", "version": "1", "commands": []}
   |                            ^
error: x.json:1:64: missing field `command_arity`
 1 | {"name": "x", "version": 1, "commands": [{"command_name": "x.a"}]}
   |                                                                ^
error: x.json:1:48: unknown field `name`, expected one of `command_name`, `command_arity`, `flags`, `first_key`, `last_key`, `step`
 1 | {"name": "x", "version": 1, "commands": [{"name": "x.a"}]}
   |                                                ^

"#]]
    );
    assert_eq!(sandbox.sh("rampkit pack --commands no.json hello.so").code, 3);
}
