//! Where a bundle is unpacked, and what lies there already.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use libtest_mimic::Trial;
use snapbox::str;

use super::sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(the_same_files_are_not_touched),
        test!(the_same_module_becomes_executable),
        test!(other_files_are_not_overwritten),
        test!(a_link_is_not_followed_to_a_file),
        test!(a_link_is_not_followed_to_a_folder),
        test!(a_folder_that_is_a_link_itself_may_be_named),
        test!(what_no_file_can_replace),
        test!(a_folder_that_is_none),
        test!(a_folder_that_must_not_be_written_to, Users),
        test!(a_full_disk, Unshare),
    ]
}

fn the_same_files_are_not_touched() {
    let sandbox = sandbox();
    sandbox.ok("rampkit unpack b.zip -C out && rm out/module.json && touch -d 2001-01-01 out/m.so");
    let inode = sandbox.ok("stat -c '%i %Y' out/m.so");
    sandbox.sh("rampkit unpack b.zip -C out").prints(
        str![[r#"
out/m.so
out/module.json
out/deps/d.1.tgz

"#]],
        str![[r#"
  Unpacked b.zip: 3 files, 2 of them there already

"#]],
    );
    assert_eq!(sandbox.ok("stat -c '%i %Y' out/m.so"), inode);
    assert_eq!(sandbox.list("out"), ["deps", "m.so", "module.json"]);
}

fn the_same_module_becomes_executable() {
    let sandbox = sandbox();
    sandbox.ok("rampkit unpack b.zip -C out && chmod 600 out/*.so out/deps/* out/module.json");
    sandbox.sh("umask 022; rampkit unpack b.zip -C out").prints(
        str![[r#"
out/m.so
out/module.json
out/deps/d.1.tgz

"#]],
        str![[r#"
  Unpacked b.zip: 3 files, 2 of them there already

"#]],
    );
    let modes = sandbox.ok("stat -c %a out/m.so out/module.json out/deps/d.1.tgz");
    assert_eq!(modes, "755\n600\n600");
    // Who else may execute it is its owner's affair.
    sandbox.ok("chmod 700 out/m.so && rampkit unpack b.zip -C out");
    assert_eq!(sandbox.ok("stat -c %a out/m.so"), "700");
}

fn other_files_are_not_overwritten() {
    let sandbox = sandbox();
    sandbox.write("out/m.so", "y");
    sandbox.write("out/deps/d.1.tgz", "longer");
    sandbox.sh("rampkit unpack b.zip -C out").fails(
        9,
        str![[r#"
error: other files would be overwritten:
  out/m.so
  out/deps/d.1.tgz
hint: unpack into another folder with -C DIR, or overwrite them with --force

"#]],
    );
    assert_eq!(sandbox.list("out"), ["deps", "m.so"]);
    assert_eq!(sandbox.read("out/m.so"), "y");
    sandbox.sh("rampkit unpack b.zip -C out --metadata-only").prints(
        str![[r#"
out/module.json

"#]],
        str![[r#"
  Unpacked b.zip: 1 file

"#]],
    );
    sandbox.sh("rampkit unpack b.zip -C out --force").prints(
        str![[r#"
out/m.so
out/module.json
out/deps/d.1.tgz

"#]],
        str![[r#"
  Unpacked b.zip: 3 files, 1 of them there already

"#]],
    );
    assert_eq!(sandbox.read("out/m.so") + &sandbox.read("out/deps/d.1.tgz"), "xx");
}

fn a_link_is_not_followed_to_a_file() {
    let sandbox = sandbox();
    sandbox.write("mine", "mine");
    sandbox.ok("mkdir out && ln -s ../mine out/m.so && ln -s nowhere out/module.json");
    sandbox.sh("rampkit unpack b.zip -C out").fails(
        9,
        str![[r#"
error: other files would be overwritten:
  out/m.so
  out/module.json
hint: unpack into another folder with -C DIR, or overwrite them with --force

"#]],
    );
    sandbox.ok("rampkit unpack -q b.zip -C out --force");
    assert_eq!(sandbox.read("mine"), "mine");
    assert!(sandbox.path("out/m.so").symlink_metadata().unwrap().is_file());
    assert!(!sandbox.path("out/nowhere").exists());
}

fn a_link_is_not_followed_to_a_folder() {
    let sandbox = sandbox();
    sandbox.ok("mkdir out mine && ln -s ../mine out/deps");
    for force in ["", "--force"] {
        sandbox.sh(&format!("rampkit unpack b.zip -C out {force}")).fails(
            3,
            str![[r#"
error: out/deps is no folder
hint: move it, or name another folder with -C DIR

"#]],
        );
    }
    assert_eq!(sandbox.list("mine"), [""; 0]);
    assert_eq!(sandbox.list("out"), ["deps"]);
}

fn a_folder_that_is_a_link_itself_may_be_named() {
    let sandbox = sandbox();
    sandbox.ok("mkdir mine");
    symlink("mine", sandbox.path("out")).unwrap();
    sandbox.ok("rampkit unpack b.zip -C out");
    assert_eq!(sandbox.list("mine"), ["deps", "m.so", "module.json"]);
}

fn what_no_file_can_replace() {
    let sandbox = sandbox();
    sandbox.ok("mkdir -p a/m.so b && mkfifo b/module.json");
    sandbox.sh("rampkit unpack b.zip -C a --force").fails(
        3,
        str![[r#"
error: cannot write a/m.so
caused by: is a directory

"#]],
    );
    assert_eq!(sandbox.list("a"), ["m.so"]);
    sandbox.sh("rampkit unpack b.zip -C b").fails(
        9,
        str![[r#"
error: other files would be overwritten:
  b/module.json
hint: unpack into another folder with -C DIR, or overwrite them with --force

"#]],
    );
    sandbox.ok("rampkit unpack b.zip -C b --force && test -f b/module.json");
}

fn a_folder_that_is_none() {
    let sandbox = sandbox();
    sandbox.write("out/deps", "");
    sandbox.sh("rampkit unpack b.zip -C out").fails(
        3,
        str![[r#"
error: out/deps is no folder
hint: move it, or name another folder with -C DIR

"#]],
    );
    sandbox.sh("rampkit unpack b.zip -C b.zip").fails(
        3,
        str![[r#"
error: b.zip is no folder
hint: move it, or name another folder with -C DIR

"#]],
    );
    sandbox.sh("rampkit unpack b.zip -C ''").fails(
        2,
        str![[r#"
error: a value is required for '--directory <DIR>' but none was supplied

For more information, try '--help'.

"#]],
    );
    sandbox.sh("rampkit unpack b.zip -C b.zip/x").fails(
        3,
        str![[r#"
error: cannot open b.zip/x
caused by: Not a directory (os error 20)

"#]],
    );
    assert_eq!(sandbox.list("out"), ["deps"]);
}

fn a_folder_that_must_not_be_written_to() {
    let sandbox = sandbox();
    std::fs::create_dir(sandbox.path("out")).unwrap();
    let mode = std::fs::Permissions::from_mode(0o555);
    std::fs::set_permissions(sandbox.path("out"), mode).unwrap();
    sandbox.ok("chmod -R a+rX ..");
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    sandbox.sh(&format!("{nobody} rampkit unpack b.zip -C out")).fails(
        3,
        str![[r#"
error: cannot write in out
caused by: Permission denied (os error 13)
hint: check its owner and mode, and those of its folder

"#]],
    );
    sandbox.sh(&format!("{nobody} rampkit unpack b.zip -C out/new")).fails(
        3,
        str![[r#"
error: cannot write in out/new
caused by: Permission denied (os error 13)
hint: check its owner and mode, and those of its folder

"#]],
    );
    assert_eq!(sandbox.list("out"), [""; 0]);
    sandbox.ok("chmod 777 out && mkdir out/deps && chmod 555 out/deps");
    sandbox.sh(&format!("{nobody} rampkit unpack b.zip -C out")).fails(
        3,
        str![[r#"
error: cannot write in out/deps
caused by: Permission denied (os error 13)
hint: check its owner and mode, and those of its folder

"#]],
    );
    assert_eq!(sandbox.list("out"), ["deps"]);
}

/// Neither file that had its place is there.
fn a_full_disk() {
    let sandbox = sandbox();
    let mut zip = super::bundle();
    zip.entries.remove(2);
    zip.add("deps/d.1.tgz", &vec![b'x'; 3 << 20]);
    sandbox.write("large.zip", zip.bytes());
    sandbox.ok("mkdir out");
    let line = "mount -t tmpfs -o size=1m none out && rampkit unpack large.zip -C out; code=$?; ls -A out; exit $code";
    sandbox.sh_alone(line).fails(
        3,
        str![[r#"
error: cannot write out/deps/d.1.tgz
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]],
    );
}
