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
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").prints(
        str![[r#"
ctx

"#]],
        str![[r#"
 Assembled 1 module on redis:latest

"#]],
    );
    sandbox.sh("cat ctx/Dockerfile").prints(
        str![[r##"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of m/module.yaml.

# The image to begin with.
FROM redis:latest
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# hello 1.0
# From m/module.yaml:1.
COPY ["modules/hello/1.0/a.so", "$REDIS_MODULES/"]
COPY ["modules/hello/1.0/lib", "/opt/lib"]
COPY ["modules/hello/1.0", "/tmp/modules/hello-1.0/"]
RUN ["/tmp/modules/hello-1.0/x.sh"]
RUN rm -rf /tmp/modules/hello-1.0

# the target
COPY ["redis.conf", "/etc/redis/redis.conf"]

# How it is run.
EXPOSE 6379/tcp
CMD ["/etc/redis/redis.conf", "--loadmodule", "/opt/redislabs/lib/modules/a.so"]

"##]],
        "",
    );
    sandbox.sh("cd ctx && find * .ram* -type f -printf '%m %p\n' | sort -k 2").prints(
        str![[r#"
644 .rampkit-context.json
644 Dockerfile
644 modules/hello/1.0/a.so
644 modules/hello/1.0/lib/b
644 modules/hello/1.0/module.yaml
755 modules/hello/1.0/x.sh
644 redis.conf

"#]],
        "",
    );
    sandbox.sh("cat ctx/redis.conf").prints(
        str![[r#"
# Set by rampkit:
maxmemory 1gb

"#]],
        "",
    );
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
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").fails(
        9,
        str![[r#"
error: ctx would be replaced: Dockerfile was changed
hint: name another folder, or replace it, with all that is in it, with --force

"#]],
    );
    sandbox
        .ok("rampkit dockerfile -q m/module.yaml --context ctx --force && touch ctx/modules/own");
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").fails(
        9,
        str![[r#"
error: ctx would be replaced: rampkit did not write modules/own
hint: name another folder, or replace it, with all that is in it, with --force

"#]],
    );
    sandbox.ok("rm ctx/modules/own && rampkit dockerfile -q m/module.yaml --context ctx");
    // What rampkit never made is not replaced by --force either.
    sandbox.sh("rampkit dockerfile m/module.yaml --context m --force").fails(
        9,
        str![[r#"
error: m would be replaced: rampkit did not make it
hint: name another folder, one that is empty or not there yet; nothing was written

"#]],
    );
    // Another folder would have its name, and a shell that is in it would see nothing any more.
    for folder in ["empty", "ctx/modules"] {
        let line = format!("mkdir -p {folder} && cd {folder} && rampkit dockerfile -q");
        sandbox.sh(&format!("{line} $OLDPWD/m/module.yaml --context . && ls")).fails(
            9,
            str![[r#"
error: . would be replaced: who is in the current folder would be nowhere
hint: name another folder, one that is empty or not there yet; nothing was written

"#]],
        );
    }
    sandbox
        .sh("cd ctx/modules && rampkit dockerfile ../../m/module.yaml --context .. --force")
        .fails(
            9,
            str![[r#"
error: .. would be replaced: who is in the current folder would be nowhere
hint: name another folder, one that is empty or not there yet; nothing was written

"#]],
        );
    sandbox.ok("rmdir empty");
    sandbox.sh("rampkit dockerfile m/module.yaml --context m/a.so").fails(
        3,
        str![[r#"
error: cannot read m/a.so
caused by: Not a directory (os error 20)

"#]],
    );
    sandbox.sh("rampkit dockerfile m/module.yaml --context no/ctx").fails(
        3,
        str![[r#"
error: cannot write in no
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    sandbox.ok("ln -s ctx link && rampkit dockerfile -q m/module.yaml --context link");
    assert!(sandbox.path("link").is_symlink());
    assert_eq!(sandbox.list("."), ["ctx", "link", "m"]);
    assert_eq!(sandbox.list("m"), ["a.so", "lib", "module.yaml", "x.sh"]);
}

/// How often it is ended.
const ENDS: u32 = 20;

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
        sandbox.ok(if is_there { line } else { "rm -rf ctx" });
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
