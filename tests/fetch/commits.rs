//! Commits that no ref of a server points at: what `rampkit fetch` gets of them, and at what price.

use libtest_mimic::Trial;
use snapbox::str;

use super::git::sandbox;
use super::locked;
use super::servers::not_of_version_2;
use crate::harness::{Listener, Relay, Sandbox, git_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_commit_that_a_ref_has),
        test!(a_commit_that_no_ref_has),
        test!(a_commit_that_the_server_gives_out),
        test!(hidden_refs),
        test!(any_commit_in_version_2),
    ]
}

/// A daemon, and a relay by which it never hears of version 2: it gives out what its refs point at.
fn old_daemon(sandbox: &mut Sandbox) -> (Listener, Relay) {
    let daemon = git_daemon(sandbox);
    let relay = not_of_version_2(sandbox, daemon.port);
    (daemon, relay)
}

/// The commit before `v0.9.0`: no ref points at it once its tags are gone.
fn orphan(sandbox: &Sandbox) -> String {
    sandbox.ok("git -C srv/gears tag -d v0.4.0 stable");
    sandbox.ok("git -C srv/gears rev-parse tags/v0.9.0~1")
}

/// It comes by the ref, alone; of a tag that is an object of its own, with that.
fn a_commit_that_a_ref_has() {
    let mut sandbox = sandbox();
    let (_daemon, old) = old_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", old.port());
    sandbox.ok("git -C srv/gears -c user.name=A -c user.email=a@b tag -a -m x ours main~1");
    for name in ["main", "ours^{commit}"] {
        let id = sandbox.ok(&format!("git -C srv/gears rev-parse '{name}'"));
        let run = sandbox.sh(&format!("rampkit fetch {url} {id} --force"));
        assert!(run.code == 0 && !run.stderr.contains("all of"), "{}", run.stderr);
        assert_eq!(locked(&sandbox, "commit"), id);
    }
}

fn a_commit_that_no_ref_has() {
    let mut sandbox = sandbox();
    let id = orphan(&sandbox);
    let (_daemon, old) = old_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", old.port());
    sandbox.sh(&format!("rampkit fetch {url} {id}")).prints(str![[r#"
ramp.yml

"#]], str![[r#"
warning: all of git://127.0.0.1:[PORT]/gears was fetched to find [HEX]: it gives out no commit by its id
   hint: name a ref that points at it
   Fetched ramp.yml at [HEX] of git://127.0.0.1:[PORT]/gears, 26 bytes

"#]]);
    assert_eq!(locked(&sandbox, "commit"), id);
    sandbox.sh(&format!("rampkit fetch {url} {}", &id[..7])).prints(str![[r#"
ramp.yml

"#]], str![[r#"
warning: all of git://127.0.0.1:[PORT]/gears was fetched to find [HEX]: no server looks for the first digits of an id
   hint: give the full id, or a ref that points at it
   Fetched ramp.yml at [HEX] of git://127.0.0.1:[PORT]/gears, 26 bytes

"#]]);
    assert_eq!((locked(&sandbox, "commit"), locked(&sandbox, "ref")), (id.clone(), id));
    let none = "1".repeat(40);
    sandbox.sh(&format!("rampkit fetch {url} {none}")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    sandbox.sh(&format!("rampkit fetch {url} 1111111")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    assert_eq!(sandbox.list("../tmp"), [""; 0]);
}

fn a_commit_that_the_server_gives_out() {
    let mut sandbox = sandbox();
    let id = orphan(&sandbox);
    sandbox.ok("git -C srv/gears config uploadpack.allowReachableSHA1InWant true");
    let (_daemon, old) = old_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", old.port());
    sandbox.ok(&format!("rampkit --deny-warnings fetch {url} {id}"));
    assert_eq!(locked(&sandbox, "commit"), id);
    let none = "1".repeat(40);
    sandbox.sh(&format!("rampkit fetch {url} {none}")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
}

fn hidden_refs() {
    let mut sandbox = sandbox();
    let id = sandbox.ok("git -C srv/gears rev-parse heads/v0.9.0");
    let inner = orphan(&sandbox);
    sandbox.ok("cd srv/gears && git config uploadpack.hideRefs refs/heads/v0.9.0");
    let (_daemon, old) = old_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", old.port());
    sandbox.sh(&format!("rampkit fetch {url} heads/v0.9.0")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no ref heads/v0.9.0
hint: it has 1 branch: main

"#]],
    );
    sandbox.sh(&format!("rampkit fetch {url} {id}")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    sandbox.ok("git -C srv/gears config uploadpack.allowTipSHA1InWant true");
    sandbox.ok(&format!("rampkit --deny-warnings fetch {url} {id}"));
    assert_eq!(sandbox.read("ramp.yml"), "display_name: a branch\n");
    // Not a tip: the server refuses it, and is asked again for everything.
    sandbox.sh(&format!("rampkit fetch {url} {inner}")).prints(str![[r#"
ramp.yml

"#]], str![[r#"
warning: all of git://127.0.0.1:[PORT]/gears was fetched to find [HEX]: it gives out no commit by its id
   hint: name a ref that points at it
   Fetched ramp.yml at [HEX] of git://127.0.0.1:[PORT]/gears, 26 bytes

"#]]);
}

/// No ref need lead there, and none is told.
fn any_commit_in_version_2() {
    let mut sandbox = sandbox();
    let hidden = sandbox.ok("git -C srv/gears rev-parse heads/v0.9.0");
    let inner = orphan(&sandbox);
    sandbox.ok("cd srv/gears && git config uploadpack.hideRefs refs/heads/v0.9.0");
    let daemon = git_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    for id in [hidden, inner] {
        sandbox.ok(&format!("rampkit --deny-warnings fetch {url} {id}"));
        assert_eq!((locked(&sandbox, "commit"), locked(&sandbox, "ref")), (id.clone(), id));
    }
    let none = "1".repeat(40);
    sandbox.sh(&format!("rampkit fetch {url} {none}")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
}
