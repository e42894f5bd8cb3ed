//! `rampkit fetch` from a `git daemon`: every kind of ref, and no more than is needed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::Trial;
use snapbox::str;

use super::locked;
use crate::harness::{History, Sandbox, gears, git_daemon, meddled_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(every_ref_from_a_daemon),
        test!(two_thousand_tags),
        test!(a_repository_the_daemon_does_not_have),
        test!(the_history_stays_where_it_is),
        test!(a_server_without_shallow_gives_the_history),
    ]
}

pub fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    gears(&sandbox);
    // Fetched objects go here, and must not stay.
    std::fs::create_dir(sandbox.path("../tmp")).unwrap();
    let tmp = sandbox.path("../tmp").display().to_string();
    sandbox.env("TMPDIR", tmp);
    sandbox
}

fn every_ref_from_a_daemon() {
    let mut sandbox = sandbox();
    let daemon = git_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    sandbox.sh(&format!("rampkit fetch {url} tags/v0.4.0")).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of git://127.0.0.1:[PORT]/gears, 26 bytes

"#]],
    );
    snapbox::assert_data_eq!(
        sandbox.read("ramp.lock").replace(&daemon.port.to_string(), "[PORT]"),
        str![[r#"
# Written by rampkit fetch: where the manifest beside this file comes from.
repository: git://127.0.0.1:[PORT]/gears
ref: refs/tags/v0.4.0
commit: 7584870bce1a43c356a347b2d696ca06ce185abe
path: ramp.yml
blob: 5970034bc0105f8022674c600686d4a7c9ef32eb
sha256: 512e57216ecab7497d3cf74aa64c12d685e30ebf681382bb80cbcaf4ccaf5754

"#]]
    );
    let id = sandbox.ok("git -C srv/gears rev-parse tags/v0.9.0");
    for (reference, commit, name) in [
        ("stable", "v0.4.0", "refs/tags/stable"),
        ("heads/v0.9.0", "heads/v0.9.0", "refs/heads/v0.9.0"),
        ("refs/heads/main", "main", "refs/heads/main"),
        ("HEAD", "main", "refs/heads/main"),
        ("latest", "v1.2.13", "refs/tags/v1.2.13"),
        (&id, "tags/v0.9.0", &id),
        (&id[..7], "tags/v0.9.0", &id),
    ] {
        let several = matches!(commit, "main" | "v1.2.13");
        let path = if several { "--path pack/ramp.yml" } else { "" };
        sandbox.ok(&format!("rampkit --deny-warnings fetch {url} {reference} {path}"));
        let commit = sandbox.ok(&format!("git -C srv/gears rev-parse '{commit}^{{commit}}'"));
        assert_eq!((locked(&sandbox, "commit"), locked(&sandbox, "ref")), (commit, name.into()));
    }
    sandbox.sh(&format!("rampkit fetch {url} v1.99.7")).fails(5, str![[r#"
error: git://127.0.0.1:[PORT]/gears has no ref v1.99.7
hint: it has 7 tags, the nearest are v1.2.13, v2.0.0-m1, v0.9.0; no tag begins with v1.99: is this the right repository?

"#]]);
    sandbox.sh(&format!("rampkit fetch {url} note")).fails(
        5,
        str![[r#"
error: note of git://127.0.0.1:[PORT]/gears does not lead to a commit
hint: it points at a file or a folder; name a ref that points at a commit

"#]],
    );
    sandbox.ok("git init -q --bare srv/empty");
    sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{}/empty v1", daemon.port)).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/empty has no ref v1
hint: it is empty: nothing was ever pushed to it

"#]],
    );
    assert_eq!(sandbox.list("../tmp"), [""; 0]);
}

fn two_thousand_tags() {
    let mut sandbox = sandbox();
    let mut history = History::default();
    history.commit("main", &[("ramp.yml", "a: b\n")]);
    for n in 0..2000 {
        let (major, minor, patch) = (n / 400, n / 20 % 20, n % 20);
        history.point(&format!("refs/tags/v{major}.{minor}.{patch}"), "refs/heads/main");
    }
    history.write(&sandbox, "srv/many tags");
    let daemon = git_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/many%20tags", daemon.port);
    sandbox.sh(&format!("rampkit fetch {url} latest")).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v4.19.19 ([HEX]) of git://127.0.0.1:[PORT]/many%20tags, 5 bytes

"#]],
    );
    sandbox.sh(&format!("rampkit fetch {url} v1.19.27")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/many%20tags has no ref v1.19.27
hint: it has 2000 tags, the nearest are v1.19.19, v1.19.18, v1.19.17

"#]],
    );
    sandbox.sh(&format!("rampkit fetch {url} v1.99.7")).fails(5, str![[r#"
error: git://127.0.0.1:[PORT]/many%20tags has no ref v1.99.7
hint: it has 2000 tags, the nearest are v1.19.19, v1.19.18, v1.19.17; no tag begins with v1.99: is this the right repository?

"#]]);
}

fn a_repository_the_daemon_does_not_have() {
    let mut sandbox = sandbox();
    let daemon = git_daemon(&mut sandbox);
    sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{}/graph v1.0.0", daemon.port)).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/graph is not a git repository
caused by: access denied or repository not exported: /graph
hint: check the path, and whether the server exports that repository

"#]],
    );
}

fn the_history_stays_where_it_is() {
    let mut sandbox = sandbox();
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let daemon = meddled_daemon(&mut sandbox, move |before, said| {
        counted.store(before + said.len(), Ordering::SeqCst);
    });
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    sandbox.sh(&format!("rampkit --deny-warnings fetch {url} tags/v0.9.0")).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.9.0 ([HEX]) of git://127.0.0.1:[PORT]/gears, 26 bytes

"#]],
    );
    // The first commit has a file of 2 MB.
    let sent = sent.load(Ordering::SeqCst);
    assert!((500..5000).contains(&sent), "{sent} bytes were sent");
}

fn a_server_without_shallow_gives_the_history() {
    let mut sandbox = sandbox();
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let daemon = meddled_daemon(&mut sandbox, move |before, said| {
        counted.store(before + said.len(), Ordering::SeqCst);
        if let Some(at) = find(said, b"=shallow") {
            said[at + 1] = b'_';
        }
    });
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    sandbox.sh(&format!("rampkit fetch {url} tags/v0.9.0")).prints(str![[r#"
ramp.yml

"#]], str![[r#"
warning: the whole history of tags/v0.9.0 was fetched: git://127.0.0.1:[PORT]/gears gives out no part of it
   Fetched ramp.yml at tags/v0.9.0 ([HEX]) of git://127.0.0.1:[PORT]/gears, 26 bytes

"#]]);
    assert!(sent.load(Ordering::SeqCst) > 2 << 20);
    sandbox.sh(&format!("rampkit --deny-warnings fetch {url} v0.4.0 -o x.yml")).fails(10, str![[r#"
warning: the whole history of v0.4.0 was fetched: git://127.0.0.1:[PORT]/gears gives out no part of it
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]]);
    assert_eq!(sandbox.list("."), ["ramp.lock", "ramp.yml", "srv"]);
}

pub fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
