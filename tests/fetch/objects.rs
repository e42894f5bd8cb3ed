//! Which objects `rampkit fetch` asks a server for that gives them one by one, and what it makes of
//! them.

use libtest_mimic::Trial;
use snapbox::str;

use super::git::sandbox;
use super::servers::forget;
use super::{locked, with_gears};
use crate::harness::{History, Listener, Sandbox, git_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(no_more_than_is_needed),
        test!(what_lies_below_two_folders),
        test!(all_places_at_once),
        test!(all_commits_for_the_first_digits),
        test!(a_commit_that_is_not_there),
    ]
}

/// A daemon that gives all objects by their ids.
pub fn generous(sandbox: &mut Sandbox) -> Listener {
    sandbox.ok("git config --global uploadpack.allowFilter true");
    git_daemon(sandbox)
}

/// The ids that were wanted, as `COMMIT:PATH` where that is what they stand for; one line for each
/// request.
fn wanted(sandbox: &Sandbox, names: &[(&str, &str)]) -> Vec<String> {
    let mut requests = Vec::new();
    let heard = sandbox.read("../heard");
    for line in heard.lines().filter_map(|line| line.split_once("upload-pack< ")) {
        match line.1.split_once([' ', '=']) {
            Some(("command", "fetch")) => requests.push(Vec::new()),
            Some(("want", id)) => requests.last_mut().unwrap().push(id.to_owned()),
            _ => {}
        }
    }
    let name = |id: &String| {
        let known = names.iter().find(|(_, at)| sandbox.ok(&format!("git -C srv/{at}")) == *id);
        known.map_or_else(|| id.clone(), |(name, _)| (*name).to_owned())
    };
    let line = |ids: Vec<String>| {
        let mut names: Vec<String> = ids.iter().map(name).collect();
        names.sort();
        names.join(" ")
    };
    requests.into_iter().map(line).collect()
}

fn no_more_than_is_needed() {
    let mut sandbox = with_gears();
    let daemon = generous(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    sandbox.ok(&format!("rampkit --deny-warnings fetch {url} v0.4.0"));
    let names = [
        ("tag", "gears rev-parse v0.4.0"),
        ("root", "gears rev-parse v0.4.0:"),
        ("file", "gears rev-parse v0.4.0:ramp.yml"),
    ];
    assert_eq!(wanted(&sandbox, &names), ["tag", "root", "file"]);
    forget(&sandbox);
    sandbox.ok(&format!("rampkit fetch {url} latest"));
    let names = [
        ("tag", "gears rev-parse v1.2.13"),
        ("root", "gears rev-parse v1.2.13:"),
        ("pack", "gears rev-parse v1.2.13:pack"),
        ("file", "gears rev-parse v1.2.13:pack/ramp.yml"),
    ];
    assert_eq!(wanted(&sandbox, &names), ["tag", "root", "pack", "file"]);
    forget(&sandbox);
    let python = "--path build/ramp-python.yml";
    sandbox.ok(&format!("rampkit --deny-warnings fetch {url} heads/main {python}"));
    // The same commit: only what is new of it.
    let names = [
        ("build", "gears rev-parse main:build"),
        ("file", "gears rev-parse main:build/ramp-python.yml"),
    ];
    assert_eq!(wanted(&sandbox, &names), ["build", "file"]);
}

/// A repository with every folder that manifests may be in.
fn with_folders(sandbox: &Sandbox, pack: &str, coord: &str) {
    let mut history = History::default();
    history.commit(
        "main",
        &[
            ("README.md", "r"),
            ("ramp.yml", "display_name: top\n"),
            ("pack/ramp.yml", pack),
            ("coord/pack/ramp.yml", coord),
            ("src/main.c", "int main;\n"),
        ],
    );
    history.write(sandbox, "srv/r");
}

fn all_places_at_once() {
    let mut sandbox = Sandbox::new();
    with_folders(&sandbox, "display_name: pack\n", "display_name: coord\n");
    let daemon = generous(&mut sandbox);
    sandbox.ok(&format!("rampkit fetch git://127.0.0.1:{}/r main", daemon.port));
    let names = [
        ("commit", "r rev-parse main"),
        ("root", "r rev-parse main:"),
        ("file", "r rev-parse main:ramp.yml"),
        ("pack", "r rev-parse main:pack"),
        ("coord", "r rev-parse main:coord"),
        ("coord/pack", "r rev-parse main:coord/pack"),
        ("src", "r rev-parse main:src"),
    ];
    assert_eq!(wanted(&sandbox, &names), ["commit", "root", "coord file pack src", "coord/pack"]);
}

/// Git leaves out a folder that is wanted where it also lies below another that was wanted before it.
fn what_lies_below_two_folders() {
    let mut sandbox = Sandbox::new();
    with_folders(&sandbox, "display_name: alike\n", "display_name: alike\n");
    let daemon = generous(&mut sandbox);
    sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{}/r main", daemon.port)).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
warning: there are several manifests: ramp.yml, pack/ramp.yml, coord/pack/ramp.yml; took the first
   hint: --path names another
   Fetched ramp.yml at heads/main ([HEX]) of git://127.0.0.1:[PORT]/r, 18 bytes

"#]],
    );
    let names = [
        ("commit", "r rev-parse main"),
        ("root", "r rev-parse main:"),
        ("file", "r rev-parse main:ramp.yml"),
        ("pack", "r rev-parse main:pack"),
        ("coord", "r rev-parse main:coord"),
        ("src", "r rev-parse main:src"),
    ];
    assert_eq!(wanted(&sandbox, &names), ["commit", "root", "coord file pack src", "pack"]);
}

fn all_commits_for_the_first_digits() {
    let mut sandbox = sandbox();
    sandbox.ok("git -C srv/gears tag -d v0.4.0 stable");
    let id = sandbox.ok("git -C srv/gears rev-parse tags/v0.9.0~1");
    let daemon = generous(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    sandbox.sh(&format!("rampkit fetch {url} {}", &id[..7])).prints(str![[r#"
ramp.yml

"#]], str![[r#"
warning: all commits of git://127.0.0.1:[PORT]/gears were fetched to find [HEX]: no server looks for the first digits of an id
   hint: give the full id, or a ref that points at it
   Fetched ramp.yml at [HEX] of git://127.0.0.1:[PORT]/gears, 26 bytes

"#]]);
    assert_eq!((locked(&sandbox, "commit"), locked(&sandbox, "ref")), (id.clone(), id));
    assert!(!sandbox.read("../heard").contains("want-ref"));
    sandbox.sh(&format!("rampkit fetch {url} 1111111")).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    assert_eq!(sandbox.list("../tmp"), [""; 0]);
}

fn a_commit_that_is_not_there() {
    let mut sandbox = with_gears();
    let daemon = generous(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    sandbox.sh(&format!("rampkit fetch {url} {}", "1".repeat(40))).fails(
        5,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    let blob = sandbox.ok("git -C srv/gears rev-parse main:ramp_python.yml");
    let refused = str![[r#"
error: [HEX] of git://127.0.0.1:[PORT]/gears does not lead to a commit
hint: it points at a file or a folder; name a ref that points at a commit

"#]];
    sandbox.sh(&format!("rampkit fetch {url} {blob}")).fails(5, refused);
}
