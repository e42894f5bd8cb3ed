//! What `rampkit fetch` keeps for the next time, and that it does not trust it.

use std::process::Stdio;

use libtest_mimic::Trial;
use snapbox::str;

use super::servers::{forget, heard};
use super::{locked, with_gears};
use crate::harness::{Sandbox, git_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_commit_is_asked_for_once),
        test!(a_ref_is_asked_for_anew),
        test!(what_is_damaged_is_fetched_anew),
        test!(without_a_place_nothing_is_kept),
        test!(each_repository_has_its_own),
        test!(several_runs_at_once),
    ]
}

const FILES: &str = "find ../home/.cache/rampkit/git -type f";

/// The repository that a daemon serves, its settings.
fn url(sandbox: &Sandbox, port: u16) -> String {
    sandbox.ok("git config --global uploadpack.allowFilter true");
    format!("git://127.0.0.1:{port}/gears")
}

fn a_commit_is_asked_for_once() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = url(&sandbox, daemon.port);
    sandbox.ok(&format!("rampkit fetch {url} v0.4.0"));
    // The tag, its commit, the tree, the file: as git counts the id, and no more.
    assert_eq!(sandbox.ok(&format!("{FILES} | wc -l")), "4");
    let names = sandbox.ok(&format!("{FILES} | sed 's|.*/\\(..\\)/|\\1|' | sort"));
    assert_eq!(names, sandbox.ok(&format!("{FILES} -exec sha1sum {{}} + | cut -c-40 | sort")));
    let (id, lock) = (locked(&sandbox, "commit"), sandbox.read("ramp.lock"));
    // Nobody is there any more.
    drop(daemon);
    sandbox.sh(&format!("rampkit --deny-warnings fetch {url} {id}")).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at [HEX] of git://127.0.0.1:[PORT]/gears, 26 bytes

"#]],
    );
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n");
    assert_eq!(sandbox.read("ramp.lock"), lock.replace("refs/tags/v0.4.0", &id));
}

fn a_ref_is_asked_for_anew() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = url(&sandbox, daemon.port);
    sandbox.ok(&format!("rampkit fetch {url} tags/v0.9.0"));
    forget(&sandbox);
    sandbox.ok(&format!("rampkit fetch {url} tags/v0.9.0"));
    assert_eq!(heard(&sandbox), ["v2", "ls-refs"]);
    sandbox.ok("git -C srv/gears tag -f v0.9.0 v0.4.0");
    forget(&sandbox);
    sandbox.ok(&format!("rampkit fetch {url} tags/v0.9.0"));
    assert_eq!(heard(&sandbox).len(), 3, "{:?}", heard(&sandbox));
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n");
}

fn what_is_damaged_is_fetched_anew() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = url(&sandbox, daemon.port);
    sandbox.ok(&format!("rampkit fetch {url} v0.4.0"));
    let sums = sandbox.ok(&format!("{FILES} -exec sha1sum {{}} + | sort"));
    let files = sandbox.ok(&format!("{FILES} | sort"));
    for file in files.lines() {
        for damage in ["printf x >>", ": >", "rm -f F; mkfifo", "rm -f F; ln -s /dev/zero"] {
            let damage = damage.replace('F', file);
            sandbox.ok(&format!("{damage} {file}"));
            let run = sandbox.sh(&format!("rampkit fetch {url} v0.4.0"));
            let warning = " was damaged: it was fetched anew\n   Fetched ramp.yml at tags/v0.4.0 (7584870) of git://127.0.0.1:[PORT]/gears, 26 bytes\n";
            assert_eq!(run.code, 0, "{}", run.stderr);
            assert!(run.stderr.ends_with(warning), "{}", run.stderr);
            assert!(run.stderr.starts_with("warning: /"), "{}", run.stderr);
            assert_eq!(sandbox.ok(&format!("{FILES} -exec sha1sum {{}} + | sort")), sums);
            sandbox.ok(&format!("rampkit --deny-warnings fetch {url} v0.4.0"));
        }
    }
    // Nothing that is half written.
    assert_eq!(sandbox.ok(&format!("{FILES} | sort")), files);
}

fn without_a_place_nothing_is_kept() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = url(&sandbox, daemon.port);
    sandbox.write("file", "");
    for cache in ["RAMPKIT_CACHE=file", "RAMPKIT_CACHE=/dev/null", "RAMPKIT_CACHE=/proc", "HOME="] {
        sandbox.ok(&format!("{cache} rampkit --deny-warnings fetch {url} v0.4.0 -o x.yml"));
        assert_eq!(sandbox.ok("cat x.yml && rm x.yml x.lock"), "display_name: gears 0.4.0");
        assert_eq!(sandbox.list("."), ["file", "srv"]);
    }
    // What lies on this machine is read there.
    sandbox.ok("rampkit fetch srv/gears v0.4.0");
    assert!(!sandbox.path("../home/.cache").exists());
}

fn each_repository_has_its_own() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = url(&sandbox, daemon.port);
    sandbox.ok(&format!("rampkit fetch {url} v0.4.0 && git init -q --bare srv/other"));
    let (other, id) = (url.replace("gears", "other"), locked(&sandbox, "commit"));
    sandbox.sh(&format!("rampkit fetch {other} {id}")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/other has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
}

fn several_runs_at_once() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = url(&sandbox, daemon.port);
    let run = |n: usize| {
        let line = format!("rampkit --deny-warnings fetch {url} v0.4.0 -o {n}.yml");
        let mut command = sandbox.command(&line);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..8).map(run).collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert_eq!(sandbox.ok(&format!("{FILES} | wc -l")), "4");
    assert_eq!(sandbox.ok("cat *.yml | uniq -c").trim(), "8 display_name: gears 0.4.0");
}
