//! Modules that harm the process that loads them: rampkit says so in its own words, and nothing of
//! them is left. What it says where no server loads them is in [`hosted`](super::hosted).

use libtest_mimic::Trial;

use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(modules_in_a_server_harm_nobody, RedisServer),
        test!(modules_that_hold_on),
        test!(modules_that_hold_on_in_a_server, RedisServer),
    ]
}

/// A module, and whether it loads all the same.
const HOSTILE: [(&str, bool); 15] = [
    ("abort", false),
    ("constructor_crash", false),
    ("crash", false),
    ("exits", false),
    ("floods", true),
    ("hang", false),
    ("kills_group", false),
    ("missing_function", false),
    ("no_init", false),
    ("reads_stdin", true),
    ("spins", false),
    ("stack_overflow", false),
    ("thread_bomb", true),
    ("thread_exits", false),
    ("undefined_data", false),
];

fn modules_in_a_server_harm_nobody() {
    let sandbox = sandbox();
    let commands = |module: &str, timeout: u32| {
        sandbox.module(module);
        let line = format!("--timeout {timeout} --discovery server {module}.so");
        run(&sandbox, &format!("echo unread | rampkit commands {line}"))
    };
    for (module, loads) in HOSTILE {
        let ended = commands(module, if loads { 60 } else { 3 });
        assert_eq!(ended.code, if loads { 0 } else { 8 }, "{module}: {}", ended.stderr);
        let words = ended.stderr.starts_with("error: ") && ended.stderr.contains("\nhint: ");
        assert_eq!(words, !loads, "{module}: {}", ended.stderr);
    }
    // A server cannot go on without its files, or hardly.
    let ended = commands("closes_files", 3);
    assert!([0, 8].contains(&ended.code), "{}", ended.stderr);
}

fn modules_that_hold_on() {
    hold_on("embedded");
}

fn modules_that_hold_on_in_a_server() {
    hold_on("server");
}

/// Neither the end of rampkit nor that of the module can be put off.
fn hold_on(way: &str) {
    let sandbox = sandbox();
    for module in ["stops_parent", "joins_parent"] {
        sandbox.module(module);
        let line = format!("rampkit commands --timeout 2 --discovery {way} {module}.so");
        let ended = run(&sandbox, &format!("timeout -s KILL 100 {line}"));
        assert_eq!(ended.code, 8, "{module}: {}", ended.stderr);
    }
}
