//! No room, no right to write, files that may not grow: an error names the place, what was there
//! before stays, and there is nothing else.

use libtest_mimic::Trial;
use snapbox::str;

use super::{PACK, harmless, sample};
use crate::harness::{Run, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_full_disk, Unshare),
        test!(a_full_disk_for_temporary_files, Unshare),
        test!(a_disk_without_inodes, Unshare),
        test!(files_that_may_not_grow),
        test!(a_read_only_disk, Unshare),
        test!(a_folder_that_may_not_be_written, Users),
    ]
}

/// A module of some 300 kB that packing hardly makes smaller, and a folder for its bundle.
fn large() -> Sandbox {
    let sandbox = sample();
    sandbox.ok("mkdir full && head -c 300000 /dev/urandom >>hello.so");
    sandbox
}

/// From nothing to enough, in kB. What is just enough depends on the C compiler.
const ROOM: [u32; 13] = [12, 64, 256, 300, 304, 308, 312, 316, 320, 324, 328, 332, 400];

/// An older bundle.
const OLDER: &str = "echo old >full/x.zip && echo 'kind: Module' >full/module.yaml && \
                     cp full/x.zip ../old.zip";

/// Packs over the older bundle.
const OVER: &str = "rampkit pack --commands ../commands.json -q -o full/x.zip >/dev/null";

/// What is in the folder then.
const THEN: &str = "ls full; if cmp -s full/x.zip ../old.zip; then cat full/module.yaml; else \
                    grep -c $(sha256sum <full/x.zip | cut -d' ' -f1) full/module.yaml; fi";

/// Each run is as it was before or done; returns the errors, each once.
#[track_caller]
fn as_before_or_done(runs: impl IntoIterator<Item = Run>) -> String {
    let mut errors = Vec::new();
    let mut done = 0;
    for run in runs {
        let expected = match run.stderr.is_empty() {
            true => "module.yaml\nx.zip\n1\n",
            false => "module.yaml\nx.zip\nkind: Module\n",
        };
        assert_eq!(run.stdout, expected, "{}", run.stderr);
        done += usize::from(run.stderr.is_empty());
        if !run.stderr.is_empty() && !errors.contains(&run.stderr) {
            errors.push(run.stderr);
        }
    }
    assert!(done > 0, "there was never enough room");
    errors.concat()
}

fn a_full_disk() {
    let sandbox = large();
    let run = |kb| {
        sandbox
            .sh_alone(&format!("mount -t tmpfs -o size={kb}k none full && {OLDER}; {OVER}; {THEN}"))
    };
    snapbox::assert_data_eq!(
        as_before_or_done(ROOM.map(run)),
        str![[r#"
error: cannot write full/x.zip
caused by: No space left on device (os error 28)
hint: make room, or choose another place
error: cannot write full/module.yaml
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]]
    );
}

/// The first is the disk's own folder.
fn a_disk_without_inodes() {
    let sandbox = large();
    let run = |inodes| {
        sandbox.sh_alone(&format!(
            "mount -t tmpfs -o nr_inodes={inodes} none full && {OLDER}; {OVER}; {THEN}"
        ))
    };
    snapbox::assert_data_eq!(
        as_before_or_done([3, 4, 5].map(run)),
        str![[r#"
error: cannot write in full
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]]
    );
}

fn files_that_may_not_grow() {
    let sandbox = large();
    let run = |kb| {
        // In blocks of 512 bytes.
        sandbox.sh(&format!("{OLDER}; (ulimit -f {}; {OVER}); {THEN}", 2 * kb))
    };
    snapbox::assert_data_eq!(
        as_before_or_done([0].into_iter().chain(ROOM).map(run)),
        str![[r#"
error: cannot write full/x.zip
caused by: File too large (os error 27)
hint: files may not be so long here: see ulimit -f

"#]]
    );
}

/// There the .tgz of a dependency is made, and looked into a module.
fn a_full_disk_for_temporary_files() {
    let sandbox = large();
    sandbox.ok("mkdir p && head -c 200000 /dev/urandom >p/a");
    sandbox.ok(&format!("{PACK} -o x.zip --no-module-yaml"));
    sandbox.ok("echo 'dependencies: {p: {local_path: p}}' >>ramp.yml");
    let before = sandbox.list(".");
    for line in [PACK, "rampkit validate x.zip", "rampkit inspect x.zip"] {
        let mount = "mount -t tmpfs -o size=64k none full && export TMPDIR=full";
        sandbox.sh_alone(&format!("{mount} && {line}; code=$?; ls -A full; exit $code")).fails(
            3,
            str![[r#"
error: cannot write full
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]],
        );
        assert_eq!(sandbox.list("."), before);
    }
}

fn a_folder_that_may_not_be_written() {
    let sandbox = sample();
    sandbox.ok("cp \"$(command -v rampkit)\" .. && chmod 755 .. . ../rampkit");
    sandbox.ok("mkdir -m 755 closed && mkdir -m 777 open");
    let user = "setpriv --reuid 61234 --regid 61234 --clear-groups";
    let pack = PACK.replace("rampkit", &format!("exec {user} ../rampkit"));
    let closed = str![[r#"
      Read ../commands.json
error: cannot write in closed
caused by: Permission denied (os error 13)
hint: check its owner and mode, and those of its folder

"#]];
    harmless(&sandbox, &format!("{pack} -o closed/x.zip")).fails(3, closed.clone());
    let yaml = "--module-yaml closed/module.yaml";
    harmless(&sandbox, &format!("{pack} -o open/x.zip {yaml}")).fails(3, closed);
    assert_eq!([sandbox.list("closed"), sandbox.list("open")], [[""; 0]; 2]);
}

fn a_read_only_disk() {
    let sandbox = sample();
    sandbox.ok("mkdir disk");
    let run = sandbox.sh_alone(&format!("mount -t tmpfs -o ro none disk && {PACK} -o disk/x.zip"));
    run.fails(
        3,
        str![[r#"
      Read ../commands.json
error: cannot write in disk
caused by: Read-only file system (os error 30)
hint: choose a writable place

"#]],
    );
}
