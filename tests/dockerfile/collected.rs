//! `--context`: the folder with all that a build needs.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Instant;

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process};
use snapbox::str;

use super::sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_folder_has_all_that_is_copied),
        test!(somebodys_work_stays),
        test!(ended_at_any_moment),
    ]
}

const MODULE: &str = "\
name: hello
version: '1.0'
artifacts: [{source: a.so}, {source: lib, target: /opt/lib}]
execute: [{script: x.sh}]
command: --loadmodule a.so
config: {maxmemory: 1gb}
";

fn a_folder_has_all_that_is_copied() {
    let sandbox = sandbox(MODULE);
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").prints(str![], str![]);
    sandbox.sh("cat ctx/Dockerfile").prints(str![], "");
    sandbox.sh("cd ctx && find * .ram* -type f -printf '%m %p\n' | sort -k 2").prints(str![], "");
    sandbox.sh("cat ctx/redis.conf").prints(str![], "");
    // What it is made of is collected anew, and is not collected twice.
    sandbox.ok("rm m/lib/b && rampkit dockerfile -q m/module.yaml --context ctx");
    sandbox.ok("rampkit dockerfile -q m/module.yaml --context m/ctx");
    sandbox.ok("rampkit dockerfile -q m/module.yaml --context m/ctx && diff -r ctx m/ctx");
    assert_eq!(sandbox.list("."), ["ctx", "m"]);
}

fn somebodys_work_stays() {
    let sandbox = sandbox(MODULE);
    sandbox.ok("mkdir ctx && rampkit dockerfile -q m/module.yaml --context ctx");
    sandbox.ok("echo USER me >>ctx/Dockerfile");
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").fails(9, str![]);
    sandbox
        .ok("rampkit dockerfile -q m/module.yaml --context ctx --force && touch ctx/modules/own");
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").fails(9, str![]);
    sandbox.ok("rm ctx/modules/own && rampkit dockerfile -q m/module.yaml --context ctx");
    // What rampkit never made is not replaced by --force either.
    sandbox.sh("rampkit dockerfile m/module.yaml --context m --force").fails(9, str![]);
    sandbox.sh("rampkit dockerfile m/module.yaml --context m/a.so").fails(3, str![]);
    sandbox.sh("rampkit dockerfile m/module.yaml --context no/ctx").fails(3, str![]);
    sandbox.ok("ln -s ctx link && rampkit dockerfile -q m/module.yaml --context link");
    assert!(sandbox.path("link").is_symlink());
    assert_eq!(sandbox.list("."), ["ctx", "link", "m"]);
    assert_eq!(sandbox.list("m"), ["a.so", "lib", "module.yaml", "x.sh"]);
}

/// How often it is ended.
const ENDS: u32 = 30;

fn ended_at_any_moment() {
    let sandbox = sandbox(MODULE);
    let large: Vec<u8> = (0..1_500_000_u32).flat_map(u32::to_le_bytes).collect();
    sandbox.write("m/a.so", &large);
    (0..50).for_each(|n| drop(sandbox.write(format!("m/lib/{n}"), "z")));
    let line = "exec rampkit dockerfile -q m/module.yaml --context ctx";
    let start = Instant::now();
    sandbox.ok(line);
    let mut time = start.elapsed();
    let mut ended = 0;
    for moment in 0..ENDS {
        let is_there = moment % 2 == 0;
        if !is_there {
            sandbox.ok("rm -rf ctx");
        }
        let mut command = sandbox.command(line);
        let mut rampkit = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(time * moment / ENDS);
        let signal = [Signal::KILL, Signal::TERM, Signal::INT][moment as usize % 3];
        let _ = kill_process(Pid::from_child(&rampkit), signal);
        match rampkit.wait().unwrap() {
            status if status.success() => time = time * 9 / 10,
            status => {
                assert_eq!(status.signal(), Some(signal.as_raw()));
                ended += 1;
            }
        }
        // Of a folder that was being made SIGKILL alone leaves something, under a name of its own.
        if signal == Signal::KILL {
            sandbox.ok("rm -rf .rampkit-*");
        }
        let names = sandbox.list(".");
        assert!(names == ["ctx", "m"] || !is_there && names == ["m"], "{names:?} by {signal:?}");
        if names.len() == 2 {
            assert_eq!(sandbox.list("ctx").len(), 4);
            sandbox.ok("cmp m/a.so ctx/modules/hello/1.0/a.so && diff -r m ctx/modules/hello/1.0");
        }
    }
    assert!(ended > ENDS / 5, "only {ended} were ended");
}
