//! A sudden end in the middle: there are the older bundles or the new ones, whole, and nothing else.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process};

use super::{bundles, project};
use crate::supervision::eventually;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(interrupted_or_terminated)]
}

const PACK: &str = "exec rampkit pack --all --jobs 2 --set author=newer";
/// How often it is ended.
const MOMENTS: u32 = 12;

fn interrupted_or_terminated() {
    let mut sandbox = project();
    fs::create_dir(sandbox.path("tmp")).unwrap();
    let tmp = sandbox.path("tmp").to_str().unwrap().to_owned();
    sandbox.env("TMPDIR", tmp);
    sandbox.ok("for module in build/*/*.so; do head -c 2000000 /dev/urandom >>$module; done");
    sandbox.ok("rampkit pack --all");
    let older = bundles(&sandbox);
    let start = Instant::now();
    sandbox.ok(PACK);
    let time = start.elapsed();
    let newer = bundles(&sandbox);
    let mut ended = 0;
    for moment in 0..MOMENTS {
        older.iter().for_each(|(name, bytes)| {
            fs::write(sandbox.path("dist").join(name), bytes).unwrap();
        });
        let mut rampkit = sandbox.command(PACK);
        let mut rampkit = rampkit.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(time * moment / MOMENTS);
        let signal = [Signal::INT, Signal::TERM][moment as usize % 2];
        let _ = kill_process(Pid::from_child(&rampkit), signal);
        let status = rampkit.wait().unwrap();
        ended += u32::from(status.signal() == Some(signal.as_raw()));
        let there = bundles(&sandbox);
        assert_eq!(there.len(), newer.len());
        for ((now, old), new) in there.iter().zip(&older).zip(&newer) {
            assert!(now == old || now == new, "{} is neither", now.0);
        }
        eventually(|| sandbox.list("tmp").is_empty() && !sandbox.is_inhabited());
    }
    assert!(ended > MOMENTS / 3, "only {ended} times it was ended in the middle");
    assert_ne!(Duration::ZERO, time);
}
