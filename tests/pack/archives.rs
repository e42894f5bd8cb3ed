//! How archives are written: the same bytes whoever writes them, in little memory, and visibly.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use libtest_mimic::Trial;
use snapbox::str;

use super::{PACK, harmless, sample};
use crate::harness::{Sandbox, entries, read_entry};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(the_same_bytes_by_any_number_of_threads),
        test!(the_time_is_that_of_source_date_epoch, Tar),
        test!(a_time_that_is_none),
        test!(levels),
        test!(what_is_compressed_already_is_stored),
        test!(a_large_module_takes_little_memory),
        test!(a_module_that_changes_while_it_is_packed),
        test!(a_dependency_that_changes_while_it_is_packed),
        test!(a_bar_on_a_terminal, Script),
    ]
}

/// Appends bytes that compress as those of a program do; the loader does not mind.
fn grow(sandbox: &Sandbox, module: &str, megabytes: usize) {
    let mut file = File::options().append(true).open(sandbox.path(module)).unwrap();
    let mut state = 1_u32;
    let mut piece = vec![0_u8; 1 << 20];
    for _ in 0..megabytes {
        for bytes in piece.chunks_exact_mut(4) {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12345);
            bytes.copy_from_slice(&(state >> 20).to_le_bytes());
        }
        file.write_all(&piece).unwrap();
    }
}

fn the_same_bytes_by_any_number_of_threads() {
    let sandbox = sample();
    grow(&sandbox, "hello.so", 5);
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: plugin}}\n");
    for name in ["b", "a", "c/x", "c/y"] {
        sandbox.write(format!("plugin/{name}"), name.repeat(700_000));
    }
    sandbox.ok(&format!("{PACK} -o usual.zip"));
    for threads in [1, 2, 16] {
        sandbox.ok(&format!("{PACK} --threads {threads} -o x.zip && cmp x.zip usual.zip"));
    }
    let module = fs::read(sandbox.path("hello.so")).unwrap();
    assert!(read_entry(&sandbox.path("x.zip"), "hello.so") == module);
}

fn the_time_is_that_of_source_date_epoch() {
    let mut sandbox = sample();
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: plugin}}\n");
    sandbox.write("plugin/a", "a");
    sandbox.ok(&format!("{PACK} -o usual.zip && SOURCE_DATE_EPOCH= {PACK} -o x.zip && cmp *.zip"));
    sandbox.ok("rm usual.zip");
    sandbox.env("SOURCE_DATE_EPOCH", "1577934245").env("TZ", "Asia/Tokyo");
    sandbox.ok(&format!("{PACK} -o x.zip && touch plugin/a && {PACK} -o y.zip && cmp *.zip"));
    sandbox.write("p.tgz", read_entry(&sandbox.path("x.zip"), "deps/p.tgz"));
    sandbox.sh("TZ=UTC tar -tvzf p.tgz --numeric-owner --full-time").prints(
        str![[r#"
drwxr-xr-x 0/0               0 2020-01-02 03:04:05 plugin/
-rw-r--r-- 0/0               1 2020-01-02 03:04:05 plugin/a

"#]],
        str![""],
    );
    // Date and time of MS-DOS stand at byte 10 of the first local header: 03:04:04, 2020-01-02.
    let zip = fs::read(sandbox.path("x.zip")).unwrap();
    assert_eq!(zip[10..14], [0x82, 0x18, 0x22, 0x50]);
}

fn a_time_that_is_none() {
    let sandbox = sample();
    for wrong in ["yesterday", "-1", "1.5", "1577934245000"] {
        let run = harmless(&sandbox, &format!("SOURCE_DATE_EPOCH={wrong} {PACK}"));
        let stderr = format!(
            "error: SOURCE_DATE_EPOCH is {wrong:?}, and not a time in seconds since 1970\n"
        );
        run.fails(2, stderr);
    }
    harmless(&sandbox, &format!("{PACK} --level 10")).fails(
        2,
        str![[r#"
error: invalid value '10' for '--level <0..9>': a level is a number from 0 to 9

For more information, try '--help'.

"#]],
    );
    harmless(&sandbox, &format!("{PACK} --threads 17")).fails(
        2,
        str![[r#"
error: invalid value '17' for '--threads <N>': a number of threads is one from 1 to 16

For more information, try '--help'.

"#]],
    );
}

fn levels() {
    let sandbox = sample();
    grow(&sandbox, "hello.so", 1);
    let module = fs::read(sandbox.path("hello.so")).unwrap();
    let mut sizes = Vec::new();
    for level in 0..=9 {
        sandbox.ok(&format!("{PACK} --level {level} -o x.zip"));
        assert!(read_entry(&sandbox.path("x.zip"), "hello.so") == module, "{level}");
        sizes.push(fs::metadata(sandbox.path("x.zip")).unwrap().len() as usize);
    }
    assert!(sizes[0] > module.len() && sizes[1] < sizes[0] && sizes[6] < sizes[1], "{sizes:?}");
    sandbox.ok(&format!("{PACK} -o y.zip && {PACK} --level 5 -o x.zip && cmp x.zip y.zip"));
}

fn what_is_compressed_already_is_stored() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: plugin}}\n");
    sandbox.write("plugin", "the same again ".repeat(500_000));
    sandbox.ok(&format!("{PACK} -o x.zip"));
    assert_eq!(entries(&sandbox.path("x.zip"))[2], "deps/p.tgz");
    let tgz = read_entry(&sandbox.path("x.zip"), "deps/p.tgz");
    let zip = fs::read(sandbox.path("x.zip")).unwrap();
    // Its compressed bytes would not have its own in them.
    assert!(zip.windows(1000).any(|window| window == &tgz[100..1100]));
}

fn a_large_module_takes_little_memory() {
    let sandbox = sample();
    grow(&sandbox, "hello.so", 200);
    let pack = format!("exec {PACK} -q --no-module-yaml --threads 8 --level 1 -o x.zip");
    let mut packing = sandbox.command(&pack).stdout(Stdio::null()).spawn().unwrap();
    // The largest size that it had in memory is known as long as it lives.
    let status = format!("/proc/{}/status", packing.id());
    let mut peak = 0;
    while packing.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0));
        sleep(Duration::from_millis(10));
    }
    assert!(packing.wait().unwrap().success());
    assert!((8_000..64_000).contains(&peak), "{peak} kB");
}

fn a_module_that_changes_while_it_is_packed() {
    let sandbox = sample();
    let own = sandbox.path("vain.so");
    let append = format!("FILE *own = fopen({own:?}, \"a\"); fputc('x', own); fclose(own);");
    sandbox.module_that("vain", &append);
    harmless(&sandbox, "rampkit pack vain.so").fails(
        3,
        str![[r#"
    Loaded vain.so as Redis 7.4.11 does
error: vain.so changed while it was packed
hint: let its build end first, then pack again

"#]],
    );
}

/// The system makes the text of such a file when it is read, and says before that it is empty.
fn a_dependency_that_changes_while_it_is_packed() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: /proc/self/status}}\n");
    harmless(&sandbox, PACK).fails(
        3,
        str![[r#"
error: status changed while it was packed
hint: let its build end first, then pack again

"#]],
    );
}

fn a_bar_on_a_terminal() {
    let sandbox = sample();
    grow(&sandbox, "hello.so", 40);
    let pack = format!("{PACK} --no-module-yaml --threads 1 --level 9 -o x.zip");
    let on_terminal =
        |line: &str| sandbox.ok(&format!("TERM=xterm script -qec '{line}' /dev/null"));
    let shown = on_terminal(&pack);
    assert!(shown.contains("Packing") && shown.contains(" of 40."), "{shown:?}");
    // The bar has been wiped away.
    let last = shown.rsplit('\r').find(|line| line.contains("Packed")).unwrap();
    assert!(!last.contains("Packing"), "{shown:?}");
    assert_eq!(on_terminal(&format!("{pack} --quiet")), "x.zip\r");
    sandbox.sh(&pack).prints(
        "x.zip\n",
        str![[r#"
      Read ../commands.json
    Packed hello 1.2.3: 3 commands

"#]],
    );
}
