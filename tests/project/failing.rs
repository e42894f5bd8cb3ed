//! One fails, the others do not.

use libtest_mimic::Trial;
use serde_json::Value;
use snapbox::str;

use super::{hello, project};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(one_among_good_ones),
        test!(modules_that_crash_or_hang),
        test!(denied_warnings),
        test!(told_to_a_program),
        test!(the_highest_exit_code_tells),
    ]
}

fn one_among_good_ones() {
    let sandbox = project();
    sandbox.ok("rm build/rhel8/hello.so && : >build/jammy/beta.so");
    let run = sandbox.sh("rampkit pack --all");
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
    Loaded hello/jammy: hello.so as Redis 7.4.11 does
    Packed hello/jammy: hello 1.2.3: 3 commands
error: hello/rhel8: cannot read build/rhel8/hello.so
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already
    Loaded alpha/jammy: alpha.so as Redis 7.4.11 does
    Packed alpha/jammy: alpha 0.0.1: 1 command
error: beta/jammy: build/jammy/beta.so is no Redis module: it is empty
hint: was its build or its download cut off?
      Read beta/rhel8: commands.json
    Packed beta/rhel8: beta 1.2.3: 3 commands
    Packed 3 of 5 tasks

"#]]
    );
    snapbox::assert_data_eq!(
        run.stdout,
        str![[r#"
task         state   version [..]size  path
hello/jammy  packed  1.2.3 [..]  dist/jammy-hello.1.2.3.zip
hello/rhel8  failed
alpha/jammy  packed  0.0.1 [..]  dist/jammy-alpha.0.0.1.zip
beta/jammy   failed
beta/rhel8   packed  1.2.3 [..]  dist/rhel8-beta.1.2.3.zip

"#]]
    );
    // The worst of them.
    assert_eq!(run.code, 7);
    assert_eq!(
        sandbox.list("dist"),
        ["jammy-alpha.0.0.1.zip", "jammy-hello.1.2.3.zip", "rhel8-beta.1.2.3.zip"]
    );
}

fn modules_that_crash_or_hang() {
    let sandbox = hello(
        "settings: {module: '{name}.so', discovery: embedded, output: '{name}.zip'}\n\
         modules: {hang: {timeout: 3}, crash: , hello: }",
    );
    sandbox.module("hang");
    sandbox.module("crash");
    let run = sandbox.sh("rampkit pack --all");
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
error: hang: [ROOT]/hang.so does not load (imitating Redis 7.4.11): it had not loaded within 3 s
  | <hang> waiting for a licence server
  last call of the module API: Log
hint: --timeout SECONDS gives it more time; rampkit pack --commands FILE packs it without loading it
error: crash: [ROOT]/crash.so does not load (imitating Redis 7.4.11): it crashed in crash.so, RedisModule_OnLoad+[..] (signal 11, SIGSEGV)
  | <crash> about to build the index
  last call of the module API: Log
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it
    Loaded hello: hello.so as Redis 7.4.11 does
    Packed hello: hello 1.2.3: 3 commands
    Packed 1 of 3 tasks

"#]]
    );
    snapbox::assert_data_eq!(
        run.stdout,
        str![[r#"
task   state   version [..]size  path
hang   failed
crash  failed
hello  packed  1.2.3 [..]  hello.zip

"#]]
    );
    assert_eq!(run.code, 8);
    assert_eq!(
        sandbox.list("."),
        ["crash.so", "hang.so", "hello.so", "hello.zip", "ramp.yml", "rampkit.yaml"]
    );
}

fn denied_warnings() {
    let sandbox = hello(
        "settings: {module: hello.so, output: '{name}.zip'}\n\
         modules: {good: , odd: {set: {commands: []}}}",
    );
    let run = sandbox.sh("rampkit pack --all --deny-warnings");
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
    Loaded good: hello.so as Redis 7.4.11 does
    Packed good: hello 1.2.3: 3 commands
    Loaded odd: hello.so as Redis 7.4.11 does
warning: odd: the bundle names no command
   hint: does it need arguments (--run-args), or are all of them excluded?
error: odd: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written
    Packed 1 of 2 tasks

"#]]
    );
    snapbox::assert_data_eq!(
        run.stdout,
        str![[r#"
task  state   version [..]size  path
good  packed  1.2.3 [..]  good.zip
odd   failed

"#]]
    );
    assert_eq!(run.code, 10);
    assert_eq!(sandbox.list("."), ["good.zip", "hello.so", "ramp.yml", "rampkit.yaml"]);
    // Without it both are packed.
    assert_eq!(sandbox.sh("rampkit pack --all").code, 0);
}

fn told_to_a_program() {
    let sandbox = hello("modules: {none: {module: none.so}, hello: {module: hello.so}}");
    let run = sandbox.sh("rampkit pack --all --json --quiet");
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    snapbox::assert_data_eq!(
        told[0].to_string(),
        str![[
            r#"{"error":"cannot read none.so: No such file or directory (os error 2)","hint":"check the spelling; a folder must be there already","task":"none"}"#
        ]]
    );
    assert_eq!((&told[1]["task"], told[1].get("error")), (&"hello".into(), None));
    assert_eq!(run.code, 3);
}

/// In whatever order they fail.
fn the_highest_exit_code_tells() {
    let mut texts = ["a: {module: text}", "b: {module: crash.so}", "c: {module: hello.so}"];
    let sandbox = hello("");
    sandbox.module("crash");
    sandbox.write("text", "no module");
    for _ in 0..2 {
        sandbox.write("rampkit.yaml", format!("modules:\n  {}\n", texts.join("\n  ")));
        assert_eq!(sandbox.sh("rampkit pack --all -q --jobs 1").code, 8, "{texts:?}");
        texts.reverse();
    }
}
