//! A sudden end, at any moment: each file is the older one or the new one, whole, and there is nothing
//! else.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Instant;

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Sandbox, Zip};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(ended_at_any_moment)]
}

const NAMES: [&str; 4] = ["m.so", "module.json", "deps/a", "deps/b"];

/// How often it is ended.
const ENDS: u32 = 40;

fn ended_at_any_moment() {
    let sandbox = Sandbox::new();
    let large: Vec<u8> = (0..1_500_000_u32).flat_map(u32::to_le_bytes).collect();
    let new =
        |name: &str| if name == "module.json" { br#"{"module_file": "m.so"}"# } else { &*large };
    let mut zip = Zip::default();
    for name in NAMES {
        zip.add(name, new(name));
    }
    sandbox.write("b.zip", zip.bytes());
    let line = "exec rampkit unpack -q b.zip -C out --force";
    let start = Instant::now();
    sandbox.ok(line);
    let mut time = start.elapsed();
    let mut ended = 0;
    for moment in 0..ENDS {
        sandbox.ok("rm -r out");
        // Into a folder that is not there, and over older files.
        let older = moment % 2 == 0;
        for name in NAMES.iter().filter(|_| older) {
            sandbox.write(format!("out/{name}"), "older");
        }
        let mut command = sandbox.command(line);
        let mut rampkit = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(time * moment / ENDS);
        let signal = [Signal::KILL, Signal::TERM, Signal::INT][moment as usize % 3];
        let _ = kill_process(Pid::from_child(&rampkit), signal);
        match rampkit.wait().unwrap() {
            // It was measured while the machine was busier.
            status if status.success() => time = time * 2 / 3,
            status => {
                assert_eq!(status.signal(), Some(signal.as_raw()));
                ended += 1;
            }
        }
        fs::create_dir_all(sandbox.path("out/deps")).unwrap();
        if signal == Signal::KILL {
            let files = NAMES.map(new);
            sandbox.remove_nearly_named("out", &files);
            sandbox.remove_nearly_named("out/deps", &files);
        }
        let found = sandbox.ok("cd out && find . ! -type d | sort");
        for path in found.lines() {
            let name = path.trim_start_matches("./");
            assert!(NAMES.contains(&name), "{found}");
            let bytes = fs::read(sandbox.path("out").join(name)).unwrap();
            assert!(bytes == new(name) || older && bytes == b"older", "{name}: {}", bytes.len());
        }
        assert!(!older || found.lines().count() == NAMES.len());
    }
    assert!(ended > ENDS / 3, "only {ended} times it was ended before it was done");
}
