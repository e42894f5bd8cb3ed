//! The same module again and again, several at a time: always the same answer, and nothing is left.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

use crate::harness::Sandbox;
use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(a_thousand_answers_are_equal)]
}

const RUNS: usize = 1000;
/// So many run at the same time.
const LANES: usize = 4;

fn a_thousand_answers_are_equal() {
    let sandbox = sandbox();
    sandbox.module("threads");
    let learn = "rampkit --quiet commands --json --discovery embedded threads.so";
    let expected = run(&sandbox, learn);
    assert_eq!(expected.code, 0, "{}", expected.stderr);
    let lane = |number| {
        let again = format!("i=0; while [ $((i += 1)) -le {} ]", RUNS / LANES);
        let line = format!("{again}; do {learn} >>{number}.json || exit; done");
        sandbox.command(&line).spawn().unwrap()
    };
    let lanes: Vec<_> = (0..LANES).map(lane).collect();
    assert!(!processes(&sandbox).is_empty(), "none is seen while they run");
    for mut lane in lanes {
        assert!(lane.wait().unwrap().success());
    }
    assert_eq!(processes(&sandbox), [] as [PathBuf; 0]);
    assert_eq!(sandbox.list("tmp"), [""; 0]);
    for number in 0..LANES {
        let all = sandbox.read(format!("{number}.json"));
        assert!(all == expected.stdout.repeat(RUNS / LANES), "lane {number} has another answer");
    }
}

/// The processes that run in the sandbox, or that have its folder in their words or variables.
fn processes(sandbox: &Sandbox) -> Vec<PathBuf> {
    let folder = sandbox.work();
    let entries = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|process| belongs(process, &folder)).collect()
}

fn belongs(process: &Path, folder: &Path) -> bool {
    let names = |file: &OsStr| {
        let text = fs::read(process.join(file)).unwrap_or_default();
        text.windows(folder.as_os_str().len()).any(|part| part == folder.as_os_str().as_bytes())
    };
    let current = fs::read_link(process.join("cwd"));
    current.is_ok_and(|it| it.starts_with(folder))
        || ["environ", "cmdline"].map(OsStr::new).into_iter().any(names)
}
