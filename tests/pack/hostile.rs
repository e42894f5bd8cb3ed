//! Control characters in keys, variables, names and paths never reach a terminal by a message.

use libtest_mimic::Trial;

use super::{PACK, sample};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(in_manifests), test!(in_options), test!(in_project_files)]
}

/// Colours, a bell, writing from right to left, and a control sequence of eight bits.
const HARM: &str = "\u{1b}[31m\u{7}\u{202e}\u{9b}";
/// The same where quotes of YAML and JSON have escapes.
const ESCAPED: &str = "\\u001b[31m\\u0007\\u202e\\u009b";

/// Runs it with [`HARM`] as `$H`; what it says has none of that.
#[track_caller]
fn is_tamed(sandbox: &Sandbox, line: &str, says: &str) {
    let run = sandbox.end(sandbox.command(line).env("H", HARM));
    let is_harm = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!run.stderr.contains(is_harm), "{line}\n{:?}", run.stderr);
    assert!(run.stderr.contains(says), "{line}\n{}", run.stderr);
}

fn in_manifests() {
    let sandbox = sample();
    for (text, says) in [
        (format!("\"k{ESCAPED}\": 1\n"), "unknown key"),
        (format!("\"k{ESCAPED}\": 1\n\"k{ESCAPED}\": 2\n"), "stands there twice"),
        (format!("capabilities: [\"{ESCAPED}\", \"{ESCAPED}\"]\n"), "twice"),
        (format!("operating_systems: [\"{ESCAPED}\"]\n"), "no Redis Enterprise node"),
        (format!("module_name: \"{ESCAPED}\"\n"), "Packed"),
        (format!("crdb: !{HARM} x\n"), "error"),
        (format!("author: *{HARM}\n"), "error"),
        (format!("author: a: {HARM}\n"), "error"),
        (format!("dependencies: {{\"{ESCAPED}\": {{url: \"{ESCAPED}\"}}}}\n"), "error"),
        (format!("dependencies: {{a: {{local_path: \"{ESCAPED}\"}}}}\n"), "error"),
        (format!("overide_command: [{{command_name: \"{ESCAPED}\"}}]\n"), "warning"),
        (format!("exclude_commands: [\"{ESCAPED}\"]\n"), "warning"),
        (format!("author: '{{{{WHO}}}} {HARM}'\n"), "error"),
    ] {
        sandbox.write("ramp.yml", &text);
        is_tamed(&sandbox, &format!("{PACK} -o x.zip"), says);
        is_tamed(&sandbox, &format!("{PACK} -o x.zip --strict"), "");
    }
}

fn in_options() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "author: '{{A}}'\n");
    sandbox.write("bad.env", format!("A=1\nB{HARM}\n"));
    sandbox.write("bad.yml", format!("A: 1\n\"B{ESCAPED}\": 2\n"));
    for (options, says) in [
        ("-D A=\"$H\"", "error"),
        ("--define-file \"f$H\"", "error"),
        ("--define-file bad.env", "error"),
        ("--define-file bad.yml", "error"),
        ("-D A=1 -n \"a$H\"", "a"),
        ("-D A=1 -n \"$H\" -o '{module_name}.{nome}'", "error"),
        ("-D A=1 --debug-symbols \"$H\"", "error"),
        ("-D A=1 --set \"$H=1\"", "error"),
        ("-D A=1 --overide-command \"{$H\"", "error"),
        ("-D A=1 --also-as \"none$H/x\"", "error"),
        ("-m \"$H\"", "error"),
    ] {
        is_tamed(&sandbox, &format!("{PACK} {options}"), says);
    }
    is_tamed(&sandbox, "rampkit init \"$H\"", "error");
    is_tamed(&sandbox, "cp hello.so \"$H.so\"; rampkit init \"$H.so\"", "");
}

fn in_project_files() {
    let sandbox = sample();
    for text in [
        format!("modules:\n  \"h{ESCAPED}\": {{module: hello.so}}\n"),
        format!("settings: {{\"s{ESCAPED}\": 1}}\nmodules:\n  h: {{module: hello.so}}\n"),
        format!("modules:\n  h: {{module: \"no{ESCAPED}\"}}\n"),
        format!("modules:\n  h: {{module: hello.so, level: \"{ESCAPED}\"}}\n"),
        format!("modules:\n  h: {{module: hello.so, platforms: [\"{ESCAPED}\"]}}\n"),
        format!("modules:\n  h: {{module: hello.so, set: {{\"{ESCAPED}\": 1}}}}\n"),
        format!("modules:\n  h: {{module: hello.so, output: \"none{ESCAPED}/x\"}}\n"),
        format!("modules: *{HARM}\n"),
    ] {
        sandbox.write("rampkit.yaml", &text);
        is_tamed(&sandbox, "rampkit pack --all", "error");
    }
    is_tamed(&sandbox, "rampkit pack --all --project \"$H\"", "error");
    sandbox.write("rampkit.yaml", "modules: {h: {module: hello.so}}\n");
    is_tamed(&sandbox, "rampkit pack --all --only \"$H\"", "error");
}
