//! `rampkit fetch --locked`: exactly what ramp.lock says, or nothing.

use libtest_mimic::Trial;
use snapbox::str;

use super::servers::not_of_version_2;
use super::{locked, with_gears};
use crate::harness::{Sandbox, git_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(as_it_was_after_the_tag_has_moved),
        test!(from_the_cache_alone),
        test!(from_a_server_that_gives_no_ids),
        test!(the_repository_has_something_else),
        test!(the_commit_is_gone),
        test!(the_lock_names_no_repository),
        test!(a_tag_is_no_commit),
        test!(what_never_ends_is_no_lock),
        test!(where_a_lock_is_wrong),
    ]
}

/// A manifest and its lock; then the tag moves, and the manifest is gone.
fn moved(sandbox: &mut Sandbox, url: &str) -> String {
    sandbox.ok(&format!("rampkit fetch {url} tags/v0.9.0"));
    sandbox.ok("git -C srv/gears tag -f v0.9.0 v0.1.0 && rm ramp.yml");
    sandbox.read("ramp.lock")
}

fn as_it_was_after_the_tag_has_moved() {
    for filters in ["true", "false"] {
        let mut sandbox = with_gears();
        sandbox.ok(&format!("git config --global uploadpack.allowFilter {filters}"));
        let daemon = git_daemon(&mut sandbox);
        let url = format!("git://127.0.0.1:{}/gears", daemon.port);
        for url in [&url, "srv/gears"] {
            let lock = moved(&mut sandbox, url);
            sandbox.ok("rm -rf ../home/.cache && rampkit --deny-warnings fetch --locked");
            assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.9.0\n");
            assert_eq!(sandbox.read("ramp.lock"), lock);
            sandbox.ok("git -C srv/gears tag -f v0.9.0 main~1");
        }
    }
}

fn from_the_cache_alone() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    let lock = moved(&mut sandbox, &url);
    drop(daemon);
    sandbox.ok("rampkit --deny-warnings fetch --locked --offline");
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.9.0\n");
    assert_eq!(sandbox.read("ramp.lock"), lock);
}

/// Version 0, and a commit that no ref has any more: it is found among all of them.
fn from_a_server_that_gives_no_ids() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let old = not_of_version_2(&mut sandbox, daemon.port);
    let url = format!("git://127.0.0.1:{}/gears", old.port());
    let lock = moved(&mut sandbox, &url);
    sandbox.ok("rm -rf ../home/.cache && rampkit fetch --locked");
    assert_eq!(sandbox.read("ramp.lock"), lock);
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.9.0\n");
}

fn the_repository_has_something_else() {
    let sandbox = with_gears();
    sandbox.ok("rampkit fetch srv/gears v1.2.13 --path pack/ramp.yml && rm ramp.yml");
    let lock = sandbox.read("ramp.lock");
    let python = sandbox.ok("git -C srv/gears rev-parse main:ramp_python.yml");
    for (key, value, stderr) in [
        (
            "path",
            "ramp_python.yml",
            str![[r#"
error: srv/gears has not what the lock says: ramp_python.yml at [HEX] is the blob [HEX], not [HEX]
hint: fetch refs/tags/v1.2.13 anew, without --locked, to take what it has now

"#]],
        ),
        (
            "path",
            "pack/none.yml",
            str![[r#"
error: srv/gears has not what the lock says: there is no pack/none.yml at [HEX] of srv/gears
hint: fetch refs/tags/v1.2.13 anew, without --locked, to take what it has now

"#]],
        ),
        (
            "path",
            "pack",
            str![[r#"
error: srv/gears has not what the lock says: pack at [HEX] of srv/gears is a folder, not a file
hint: fetch refs/tags/v1.2.13 anew, without --locked, to take what it has now

"#]],
        ),
        (
            "blob",
            &python,
            str![[r#"
error: srv/gears has not what the lock says: pack/ramp.yml at [HEX] is the blob [HEX], not [HEX]
hint: fetch refs/tags/v1.2.13 anew, without --locked, to take what it has now

"#]],
        ),
        (
            "sha256",
            &"1".repeat(64),
            str![[r#"
error: srv/gears has not what the lock says: pack/ramp.yml at [HEX] has the sha256 [HEX], not [HEX]
hint: fetch refs/tags/v1.2.13 anew, without --locked, to take what it has now

"#]],
        ),
    ] {
        let was = format!("{key}: {}\n", locked(&sandbox, key));
        sandbox.write("ramp.lock", lock.replace(&was, &format!("{key}: \"{value}\"\n")));
        sandbox.sh("rampkit fetch --locked").fails(5, stderr);
        assert_eq!(sandbox.list("."), ["ramp.lock", "srv"]);
        sandbox.write("ramp.lock", &lock);
    }
}

fn the_commit_is_gone() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    sandbox.ok(&format!("rampkit fetch {url} heads/v0.9.0 && rm -rf ramp.yml ../home/.cache"));
    sandbox.ok("cd srv/gears && git branch -D v0.9.0 && git reflog expire --expire=now --all && git gc -q --prune=now");
    sandbox.sh("rampkit fetch --locked").fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    assert_eq!(sandbox.list("."), ["ramp.lock", "srv"]);
}

fn the_lock_names_no_repository() {
    let sandbox = with_gears();
    sandbox.ok("rampkit fetch srv/gears v1.2.13 --path pack/ramp.yml && rm ramp.yml");
    let lock = sandbox.read("ramp.lock");
    for (address, why) in [("ht!tp://x y", ": relative URL without a base"), ("", "")] {
        let by = format!("repository: \"{address}\"");
        sandbox.write("ramp.lock", lock.replace("repository: srv/gears", &by));
        sandbox.sh("rampkit fetch --locked").fails(
            6,
            format!(
                "error: ramp.lock cannot be used: \"{address}\" is not the address of a repository{why}\n\
                 hint: fetch it anew without --locked, which renews the lock\n"
            ),
        );
        assert_eq!(sandbox.list("."), ["ramp.lock", "srv"]);
    }
    sandbox
        .sh("rampkit fetch '' v1.2.13")
        .fails(2, "error: \"\" is not the address of a repository\n");
}

/// An annotated tag leads to the manifest as well, but a lock names the commit.
fn a_tag_is_no_commit() {
    let sandbox = with_gears();
    sandbox.ok("git -C srv/gears tag -a -m t annotated v0.4.0");
    sandbox.ok("rampkit fetch srv/gears annotated && rm ramp.yml");
    let tag = sandbox.ok("git -C srv/gears rev-parse refs/tags/annotated");
    let lock = sandbox.read("ramp.lock").replace(&locked(&sandbox, "commit"), &tag);
    sandbox.write("ramp.lock", lock);
    sandbox.sh("rampkit fetch --locked").fails(
        5,
        str![[r#"
error: srv/gears has not what the lock says: [HEX] is a tag of the commit [HEX]
hint: fetch refs/tags/annotated anew, without --locked, to take what it has now

"#]],
    );
    assert_eq!(sandbox.list("."), ["ramp.lock", "srv"]);
}

/// It is neither waited for nor read on and on.
fn what_never_ends_is_no_lock() {
    let sandbox = with_gears();
    for make in ["mkfifo ramp.lock", "ln -s /dev/zero ramp.lock"] {
        sandbox.ok(make);
        for fetch in ["--locked", "srv/gears v0.4.0"] {
            sandbox.ok("echo mine > ramp.yml");
            sandbox.sh(&format!("timeout 20 rampkit fetch {fetch}")).fails(
                3,
                str![[r#"
error: ramp.lock is not a file
hint: name a file

"#]],
            );
            assert_eq!(sandbox.read("ramp.yml"), "mine\n");
        }
        sandbox.ok("rm ramp.lock");
    }
    sandbox.ok("yes '# long' | head -c 9000000 > ramp.lock");
    sandbox.sh("rampkit fetch --locked").fails(
        6,
        str![[r#"
error: ramp.lock: it has more than 8 MB

"#]],
    );
}

fn where_a_lock_is_wrong() {
    let sandbox = with_gears();
    sandbox.ok("rampkit fetch srv/gears v0.4.0");
    for (key, stderr) in [
        (
            "commit",
            str![[r#"
error: ramp.lock:4:9: commit: an object id has 40 hex digits, this is "12ab"
 4 | commit: 12ab
   |         ^

"#]],
        ),
        (
            "blob",
            str![[r#"
error: ramp.lock:6:7: blob: an object id has 40 hex digits, this is "12ab"
 6 | blob: 12ab
   |       ^

"#]],
        ),
        (
            "sha256",
            str![[r#"
error: ramp.lock:7:9: sha256: a sha256 has 64 hex digits, this is "12ab"
 7 | sha256: 12ab
   |         ^

"#]],
        ),
    ] {
        sandbox.ok(&format!("cp ramp.lock lock && sed -i 's/^{key}: .*/{key}: 12ab/' ramp.lock"));
        sandbox.sh("rampkit fetch --locked").fails(6, stderr);
        sandbox.ok("mv lock ramp.lock");
    }
}
