//! A sudden end, at any moment: each file is the older one or the new one, whole, in the order in which
//! they appear, and there is nothing else.

use std::fs;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::sample;
use crate::harness::Sandbox;
use crate::supervision::eventually;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(killed_at_any_moment),
        test!(interrupted_or_terminated),
        test!(where_every_file_has_a_name),
    ]
}

/// How often it is killed.
const KILLS: u32 = 50;

fn killed_at_any_moment() {
    let mut harmed = Harmed::new();
    let mut killed = 0;
    for moment in 0..KILLS {
        let status = harmed.ends(harmed.time * moment / KILLS, |rampkit| {
            // All that a terminal's Ctrl-C reaches.
            let _ = kill_process_group(Pid::from_child(rampkit), Signal::KILL);
        });
        match status.success() {
            // It was measured while the machine was busier.
            true => harmed.time = harmed.time * 2 / 3,
            false => killed += 1,
        }
        let newer: Vec<&[u8]> = harmed.newer.iter().map(Vec::as_slice).collect();
        harmed.sandbox.remove_nearly_named(".", &newer);
        harmed.is_as_before_or_done();
    }
    assert!(killed > KILLS / 3, "only {killed} times it was killed before its end");
}

fn interrupted_or_terminated() {
    let harmed = Harmed::new();
    for moment in 0..10 {
        let signal = [Signal::INT, Signal::TERM][moment as usize % 2];
        let status = harmed.ends(harmed.time * moment / 10, |rampkit| {
            kill_process(Pid::from_child(rampkit), signal).unwrap();
        });
        assert!(status.success() || status.signal() == Some(signal.as_raw()), "{status}");
        harmed.is_as_before_or_done();
    }
}

/// There only SIGKILL leaves the file that is being written.
fn where_every_file_has_a_name() {
    let harmed = Harmed::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/programs/named-files.c");
    harmed.sandbox.ok(&format!("cc -o ../named-files {source}"));
    let pack = PACK.replace("rampkit", "../named-files rampkit");
    let is_being_written =
        || harmed.sandbox.list(".").iter().any(|name| name.starts_with(".rampkit-"));
    for signal in [Signal::INT, Signal::TERM] {
        let status = harmed.packing(&pack, |rampkit| {
            eventually(is_being_written);
            kill_process(Pid::from_child(rampkit), signal).unwrap();
        });
        assert_eq!(status.signal(), Some(signal.as_raw()));
        harmed.is_as_before_or_done();
    }
    assert!(harmed.packing(&pack, |_| eventually(is_being_written)).success());
    harmed.is_as_before_or_done();
    assert_eq!(fs::read(harmed.sandbox.path("x.zip")).unwrap(), harmed.newer[0]);
}

/// What packs a module of some megabytes and its dependency over an older bundle.
const PACK: &str = "exec rampkit pack -q --discovery embedded -o x.zip --also-as y.zip \
                    --checksum-files --result-file r.json";
/// What it writes, in the order in which it appears: each tells of what is before it.
const OUTPUTS: [&str; 6] =
    ["x.zip", "y.zip", "x.zip.sha256", "y.zip.sha256", "module.yaml", "r.json"];

struct Harmed {
    sandbox: Sandbox,
    /// How long it takes where nobody harms it.
    time: Duration,
    /// What is written, before and after.
    older: [Vec<u8>; OUTPUTS.len()],
    newer: [Vec<u8>; OUTPUTS.len()],
}

impl Harmed {
    fn new() -> Self {
        let mut sandbox = sample();
        sandbox.ok("head -c 3000000 /dev/urandom >>hello.so && mkdir tmp p");
        sandbox.ok("head -c 500000 /dev/urandom >p/a && echo 'dependencies: {p: {local_path: p}}' >>ramp.yml");
        let tmp = sandbox.path("tmp").to_str().unwrap().to_owned();
        sandbox.env("TMPDIR", tmp);
        let outputs = || OUTPUTS.map(|name| fs::read(sandbox.path(name)).unwrap());
        sandbox.ok(&format!("{PACK} --set author=older"));
        let older = outputs();
        let start = Instant::now();
        sandbox.ok(PACK);
        let time = start.elapsed();
        let newer = outputs();
        Self { sandbox, time, older, newer }
    }

    /// Waits before it does `harm`.
    fn ends(&self, after: Duration, harm: impl FnOnce(&Child)) -> ExitStatus {
        self.packing(PACK, |rampkit| {
            sleep(after);
            harm(rampkit);
        })
    }

    /// Begins with the older bundle, and does `harm` to what packs.
    fn packing(&self, pack: &str, harm: impl FnOnce(&Child)) -> ExitStatus {
        for (name, older) in OUTPUTS.into_iter().zip(&self.older) {
            fs::write(self.sandbox.path(name), older).unwrap();
        }
        let mut command = self.sandbox.command(pack);
        let mut rampkit = command.process_group(0).stdout(Stdio::null()).spawn().unwrap();
        harm(&rampkit);
        rampkit.wait().unwrap()
    }

    #[track_caller]
    fn is_as_before_or_done(&self) {
        let sandbox = &self.sandbox;
        let mut names = [&OUTPUTS[..], &["hello.so", "p", "ramp.yml", "tmp"]].concat();
        names.sort();
        assert_eq!(sandbox.list("."), names);
        let there = OUTPUTS.map(|name| fs::read(sandbox.path(name)).unwrap());
        let pairs = || there.iter().zip(&self.newer);
        let done = pairs().take_while(|(there, newer)| there == newer).count();
        assert!(
            there[done..] == self.older[done..],
            "{done} are new, and the others not all older"
        );
        eventually(|| sandbox.list("tmp").is_empty() && !sandbox.is_inhabited());
    }
}
