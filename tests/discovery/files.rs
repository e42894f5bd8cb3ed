//! Commands from a file instead of a server.

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
    for text in [ours, ramps] {
        let path = sandbox.write("x.json", text);
        let found = rampkit::discovery::from_file(&path).unwrap();
        let names: Vec<&str> = found.commands.iter().map(|c| c.command_name.as_str()).collect();
        assert_eq!((found.name.as_str(), found.version, names), ("x", 10203, vec!["x.a", "x.b"]));
    }
}

fn files_without_commands() {
    let sandbox = Sandbox::new();
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
        let path = sandbox.write("x.json", text);
        let error = rampkit::discovery::from_file(&path).unwrap_err();
        assert_eq!(error.exit_code(), 6);
        said += &format!("{error}\n").replace(sandbox.work().to_str().unwrap(), "[ROOT]");
    }
    snapbox::assert_data_eq!(
        said,
        str![[r#"
[ROOT]/x.json:1:0: EOF while parsing a value
[ROOT]/x.json:1:2: expected ident
[ROOT]/x.json:2:14: missing field `commands`
[ROOT]/x.json:1:11: invalid value: string "", expected the module's name
[ROOT]/x.json:1:28: invalid version 1.5, expected a whole number such as 10203
[ROOT]/x.json:1:27: invalid version -1, expected a whole number such as 10203
[ROOT]/x.json:1:28: invalid type: string "1", expected a JSON number
[ROOT]/x.json:1:64: missing field `command_arity`
[ROOT]/x.json:1:48: unknown field `name`, expected one of `command_name`, `command_arity`, `flags`, `first_key`, `last_key`, `step`

"#]]
    );
    assert_eq!(rampkit::discovery::from_file(&sandbox.path("no.json")).unwrap_err().exit_code(), 3);
}
