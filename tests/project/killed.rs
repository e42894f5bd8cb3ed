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
    vec![test!(ended_at_any_moment), test!(two_at_once)]
}

const PACK: &str = "exec rampkit pack --all --jobs 2 --set author=newer";
/// How often it is ended.
const MOMENTS: u32 = 12;

fn ended_at_any_moment() {
    let mut sandbox = project();
    fs::create_dir(sandbox.path("tmp")).unwrap();
    let tmp = sandbox.path("tmp").to_str().unwrap().to_owned();
    sandbox.env("TMPDIR", tmp);
    sandbox.ok("for module in build/*/*.so; do head -c 2000000 /dev/urandom >>$module; done");
    sandbox.ok("rampkit pack --all");
    let older = bundles(&sandbox);
    let start = Instant::now();
    sandbox.ok(PACK);
    let mut time = start.elapsed();
    let newer = bundles(&sandbox);
    let mut ended = 0;
    for moment in 0..MOMENTS {
        older.iter().for_each(|(name, bytes)| {
            fs::write(sandbox.path("dist").join(name), bytes).unwrap();
        });
        let mut rampkit = sandbox.command(PACK);
        let mut rampkit = rampkit.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(time * moment / MOMENTS);
        let signal = [Signal::INT, Signal::TERM, Signal::KILL][moment as usize % 3];
        let _ = kill_process(Pid::from_child(&rampkit), signal);
        let status = rampkit.wait().unwrap();
        match status.success() {
            // It was measured while the machine was busier.
            true => time = time * 2 / 3,
            false => ended += u32::from(status.signal() == Some(signal.as_raw())),
        }
        let whole: Vec<&[u8]> = newer.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        sandbox.remove_nearly_named("dist", &whole);
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

/// Each file is that of one of them, whole.
fn two_at_once() {
    let sandbox = project();
    let pack = |author: &str| sandbox.command(&PACK.replace("newer", author));
    let mut of = ["one", "two"].map(|author| {
        assert!(
            pack(author).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
        );
        (author, bundles(&sandbox))
    });
    for _ in 0..2 {
        let running = of.each_ref().map(|(author, _)| {
            pack(author).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        });
        for mut run in running {
            assert!(run.wait().unwrap().success());
        }
        let there = bundles(&sandbox);
        assert_eq!(there.len(), of[0].1.len());
        for ((now, one), two) in there.iter().zip(&of[0].1).zip(&of[1].1) {
            assert!(now == one || now == two, "{} is neither", now.0);
        }
        of.reverse();
    }
}
