//! Whatever surrounds rampkit, loading a module here succeeds, or says what is in the way: limits, full
//! disks, signals that are ignored, missing streams, no `/proc`, odd names.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::time::{Duration, Instant};

use crate::harness::Run;
use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(signals_that_are_ignored),
        test!(streams_that_are_closed),
        test!(limits_that_are_low),
        test!(no_longest_file),
        test!(a_stack_without_end_where_none_ends),
        test!(an_empty_environment),
        test!(odd_names_of_modules),
        test!(many_at_once),
        test!(a_user_who_may_not_do_much, Users),
        test!(a_disk_that_is_full, Unshare),
        test!(no_process_information, Unshare),
        test!(the_first_process_of_a_namespace, Unshare),
    ]
}

const HELLO: &str = "rampkit commands --discovery embedded hello.so";
const DAEMON: &str = "rampkit commands --discovery embedded daemon.so \"$PWD/ready\"";

/// It has printed the table of hello's three commands.
#[track_caller]
fn is_loaded(run: &Run) {
    assert_eq!((run.code, run.stdout.lines().count()), (0, 1 + 3), "{}", run.stderr);
}

/// Ignored, SIGCHLD would have the system forget how processes ended.
fn signals_that_are_ignored() {
    let sandbox = sandbox();
    sandbox.module("hello");
    let start = Instant::now();
    is_loaded(&run(&sandbox, &format!("trap '' CHLD PIPE HUP TERM; {HELLO} --timeout 60")));
    assert!(start.elapsed() < Duration::from_secs(40), "it waited in vain");
    sandbox.module_that("system", "extern int system(const char *); return system(\"true\");");
    is_zero(&run(&sandbox, "trap '' CHLD; rampkit commands --discovery embedded system.so"));
}

#[track_caller]
fn is_zero(run: &Run) {
    assert_eq!(run.code, 0, "{}", run.stderr);
}

fn streams_that_are_closed() {
    let sandbox = sandbox();
    sandbox.module("hello");
    for closed in ["<&-", "<&- 2>&-"] {
        is_loaded(&run(&sandbox, &format!("{HELLO} {closed}")));
    }
    is_zero(&run(&sandbox, &format!("{HELLO} <&- >&- 2>&-")));
}

fn limits_that_are_low() {
    let sandbox = sandbox();
    sandbox.module("hello");
    for limit in ["-n 10", "-v 300000", "-s 1024", "-s unlimited"] {
        is_loaded(&run(&sandbox, &format!("ulimit {limit}; {HELLO}")));
    }
}

fn no_longest_file() {
    let sandbox = sandbox();
    sandbox.module("hello");
    run(&sandbox, &format!("ulimit -f 0; {HELLO}")).fails(
        3,
        snapbox::str![[r#"
error: cannot run a process with files in [ROOT]/tmp
caused by: File too large (os error 27)
hint: files may not be so long here: see ulimit -f

"#]],
    );
}

/// It would take all memory; the second limit is for this machine, should it.
fn a_stack_without_end_where_none_ends() {
    let sandbox = sandbox();
    sandbox.module("stack_overflow");
    let line = "rampkit commands --discovery embedded stack_overflow.so";
    let run = run(&sandbox, &format!("ulimit -s unlimited; ulimit -v 8000000; {line}"));
    assert_eq!(run.code, 8);
    assert!(run.stderr.contains("(signal 11, SIGSEGV): its stack has no end"), "{}", run.stderr);
}

fn an_empty_environment() {
    let sandbox = sandbox();
    sandbox.module("hello");
    let line = "program=$(command -v rampkit)
        exec env -i TMPDIR=\"$TMPDIR\" \"$program\" commands --discovery embedded hello.so";
    is_loaded(&run(&sandbox, line));
}

fn odd_names_of_modules() {
    let sandbox = sandbox();
    let folder = sandbox.path("odd");
    for module in ["hello", "crash"] {
        let module = sandbox.module(module);
        for name in [&b"a b"[..], b"a\nb", b"\xff\xfe", b";'*\"", b"-"] {
            fs::create_dir(&folder).unwrap();
            fs::copy(&module, folder.join(OsStr::from_bytes(name))).unwrap();
            let run = run(&sandbox, "rampkit commands --discovery embedded odd/*");
            match module.ends_with("hello.so") {
                true => is_loaded(&run),
                false => assert!(run.code == 8 && run.stderr.contains("it crashed in")),
            }
            fs::remove_dir_all(&folder).unwrap();
        }
    }
}

fn many_at_once() {
    let sandbox = sandbox();
    sandbox.module("hello");
    let line = format!("for i in $(seq 50); do {HELLO} -q --timeout 300 & done; wait");
    let run = run(&sandbox, &line);
    assert_eq!((run.stdout.lines().count(), run.stderr.as_str()), (50 * 4, ""));
}

/// Neither to make processes nor, by the mask, to read what was made.
fn a_user_who_may_not_do_much() {
    let sandbox = sandbox();
    sandbox.module("hello");
    sandbox.ok("cp \"$(command -v rampkit)\" program; chmod 755 .. . program; chmod 777 tmp");
    let nobody = |shell: &str| {
        let line = "./program commands --discovery embedded hello.so";
        let user = "setpriv --reuid 61234 --regid 61234 --clear-groups";
        run(&sandbox, &format!("exec {user} /bin/sh -c '{shell}; exec {line}'"))
    };
    is_loaded(&nobody("umask 777"));
    for most in 1..=8 {
        // A shell that cannot tell this limit has another letter for it.
        let run = nobody(&format!("ulimit -u {most} 2>/dev/null || ulimit -p {most}"));
        let refused = run.stderr.contains("caused by: Resource temporarily unavailable");
        assert!(run.code == 0 || run.code == 3 && refused, "{}", run.stderr);
    }
}

/// With room for so many files, and for so much.
fn a_disk_that_is_full() {
    let sandbox = sandbox();
    sandbox.module("hello");
    let on = |disk: &str| {
        sandbox
            .sh_alone(&format!("mount -t tmpfs -o {disk} none tmp; {HELLO}; c=$?; ls tmp; exit $c"))
    };
    for files in 1..=6 {
        is_loaded_or_full(&on(&format!("nr_inodes={files}")));
    }
    for pages in 0..=3 {
        let fill = "dd if=/dev/zero of=tmp/fill bs=4096 count";
        let line = format!(
            "mount -t tmpfs -o size=16k none tmp; {fill}={} 2>/dev/null; {HELLO}",
            4 - pages
        );
        is_loaded_or_full(&sandbox.sh_alone(&line));
    }
    is_loaded(&on("size=64k,nr_inodes=10,noexec"));
}

#[track_caller]
fn is_loaded_or_full(run: &Run) {
    match run.code {
        0 => is_loaded(run),
        code => {
            let said = "caused by: No space left on device (os error 28)\nhint: make room";
            assert!(run.stderr.contains(said), "{}", run.stderr);
            assert_eq!((code, run.stdout.as_str()), (3, ""));
        }
    }
}

fn no_process_information() {
    let sandbox = sandbox();
    sandbox.module("hello");
    sandbox.module("daemon");
    is_loaded(&sandbox.sh_alone(&format!("mount -t tmpfs none /proc; {HELLO}")));
    is_zero(&sandbox.sh_alone(&format!("mount -t tmpfs none /proc; {DAEMON}")));
    assert_ne!(sandbox.sh("kill -0 $(cat ready)").code, 0, "the daemon lives");
}

/// /proc is there, but not that of the namespace.
fn the_first_process_of_a_namespace() {
    let sandbox = sandbox();
    sandbox.module("hello");
    sandbox.module("daemon");
    is_loaded(&sandbox.sh_alone(&format!("exec unshare -pf {HELLO}")));
    let line = format!("{DAEMON} || exit 1; kill -0 $(cat ready) && exit 2; exit 0");
    is_zero(&sandbox.sh_alone(&format!("exec unshare -pf sh -c '{line}'")));
}
