//! Bundles that mean harm to whoever looks at them.

use libtest_mimic::Trial;
use serde_json::{Map, Value, json};

use super::{by_hand, packed, said};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(nothing_a_stranger_wrote_reaches_the_terminal),
        test!(a_module_that_registers_such_names),
        test!(every_field_of_every_wrong_type),
        test!(paths_that_a_terminal_would_obey),
        test!(a_screen_is_not_flooded),
    ]
}

/// Clears the screen, sets the title, does the same by one byte, turns the direction of writing, is
/// not seen, ends the line.
const WILD: &str = "\x1b[2J\x1b]0;title\x07\u{9b}31m\u{202e}\u{200b}\r\n\x08\x7f";

fn is_wild(c: char) -> bool {
    c != '\n' && (c.is_control() || WILD.contains(c) && !c.is_ascii_graphic())
}

/// Puts the text behind every text, and into every name.
fn wild(value: &Value) -> Value {
    match value {
        Value::String(text) => format!("{text}{WILD}").into(),
        Value::Array(items) => items.iter().map(wild).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), wild(value))).collect()
        }
        other => other.clone(),
    }
}

/// Holds all that rampkit says of `wild.zip` against the rule.
#[track_caller]
fn is_harmless(sandbox: &Sandbox) {
    are_harmless(
        sandbox,
        &[
            "rampkit inspect wild.zip",
            "rampkit inspect --json wild.zip",
            "rampkit diff old.zip wild.zip",
            "rampkit diff wild.zip old.zip",
            "rampkit diff --json wild.zip old.zip",
        ],
    );
}

#[track_caller]
fn are_harmless(sandbox: &Sandbox, lines: &[&str]) {
    for line in lines {
        let run = sandbox.sh(line);
        assert!(run.code < 2, "{line}: {}", run.stderr);
        for text in [&run.stdout, &run.stderr] {
            let found: String = text.chars().filter(|c| is_wild(*c)).collect();
            assert_eq!(found.escape_unicode().to_string(), "", "{line} prints it");
        }
        if line.contains("--json") {
            serde_json::from_str::<Value>(&run.stdout).unwrap();
        }
    }
}

fn nothing_a_stranger_wrote_reaches_the_terminal() {
    let sandbox = packed();
    let mut said = said(&sandbox);
    said["dependencies"] = json!({format!("name{WILD}"): {"url": "u", "sha256": "s", WILD: "x"}});
    said["optional-dependencies"] = json!([{"name": "n", "url": "u"}]);
    for field in ["git_sha", "config_command", "command_line_args", "unknown"] {
        said.insert(field.to_owned(), "text".into());
    }
    let mut wild = wild(&said.into());
    wild["module_file"] = "hello.so".into();
    wild.as_object_mut().unwrap().insert(format!("field{WILD}"), WILD.into());
    by_hand(&sandbox, "wild.zip", &wild, &[(&format!("deps/{WILD}"), "x"), (WILD, "x")]);
    is_harmless(&sandbox);
    // It is said, so that it can be seen.
    let shown = sandbox.ok("rampkit inspect wild.zip");
    let tame = r"\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{202e}\u{200b}\r\n\u{8}\u{7f}";
    assert!(shown.starts_with(&format!("module           hello{tame}\n")), "{shown}");
}

fn a_module_that_registers_such_names() {
    let sandbox = packed();
    let command = "CreateCommand(ctx, \"it\\x1b[2J\\x07\", it, \"\", 0, 0, 0);";
    sandbox.module_that("m\\x1b[2J", command);
    let lines = ["inspect", "inspect --json", "commands", "commands --json", "diff old.zip"];
    let lines = lines.map(|verb| format!("rampkit {verb} *2J.so"));
    are_harmless(&sandbox, &lines.each_ref().map(String::as_str));
    let shown = sandbox.ok("rampkit inspect *2J.so | head -1");
    assert_eq!(shown, r"module           m\u{1b}[2J 0.0.1 (1)");
}

fn every_field_of_every_wrong_type() {
    let sandbox = packed();
    let values = [
        json!(null),
        json!(true),
        json!(-1.5),
        json!(WILD),
        json!([WILD, {}, []]),
        json!({WILD: [1]}),
    ];
    let said = said(&sandbox);
    for value in values {
        let wrong: Map<String, Value> =
            said.keys().map(|key| (key.clone(), value.clone())).collect();
        by_hand(&sandbox, "wild.zip", &wrong.into(), &[]);
        is_harmless(&sandbox);
        let commands = json!([value, {"command_name": "a", "flags": value, "step": value}]);
        let dependencies = json!({"d": value, "e": {"url": value, "sha256": value}});
        let nested = json!({"module_file": "hello.so", "commands": commands,
            "dependencies": dependencies, "capabilities": [value]});
        by_hand(&sandbox, "wild.zip", &nested, &[]);
        is_harmless(&sandbox);
    }
}

/// In errors and in what was done; the lines of a message stay.
fn paths_that_a_terminal_would_obey() {
    let mut sandbox = packed();
    sandbox.env("W", "\x1b[31m\u{202e}");
    sandbox.ok("mkdir $W && cp hello.so ../commands.json $W");
    for line in [
        "rampkit inspect $W.zip",
        "rampkit unpack old.zip -C hello.so/$W",
        "rampkit pack --commands $W/none.json",
        "rampkit pack --commands $W/commands.json -o x.zip",
        "cd $W && cp hello.so $W.so && rampkit pack",
    ] {
        let run = sandbox.sh(line);
        assert!(run.stderr.contains(r"\u{1b}[31m\u{202e}"), "{line}: {}", run.stderr);
        let found: String = run.stderr.chars().filter(|c| is_wild(*c)).collect();
        assert_eq!(found.escape_unicode().to_string(), "", "{line} says it");
    }
}

fn a_screen_is_not_flooded() {
    let sandbox = packed();
    let mut said = said(&sandbox);
    let command = |n: usize| json!({"command_name": format!("c{n}"), "flags": [format!("f{n}")]});
    said["commands"] = (0..5000).map(command).collect();
    said["capabilities"] = (0..5000).map(|n| format!("capability {n}")).collect();
    said["description"] = "word ".repeat(100_000).into();
    said["license"] = "x".repeat(100_000).into();
    by_hand(&sandbox, "large.zip", &said.into(), &[]);
    let screen = sandbox.ok("rampkit inspect large.zip");
    assert!(screen.lines().count() < 180, "{} lines", screen.lines().count());
    assert!(screen.len() < 20_000, "{} bytes", screen.len());
}
