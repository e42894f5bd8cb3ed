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
        test!(what_is_no_file),
        test!(what_is_on_the_way),
        test!(hints_name_files_that_were_not_fetched),
        test!(a_manifest_that_lies_elsewhere),
        test!(a_manifest_that_is_too_large),
    ]
}

/// A daemon that gives all objects by their ids.
fn generous(sandbox: &mut Sandbox) -> Listener {
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

/// Fetches from `srv/r` in place, and from a daemon that gives each object by its id: what is said
/// is the same.
#[track_caller]
fn fails_either_way(files: &[(&str, &str)], arguments: &str, stderr: impl snapbox::IntoData) {
    let mut sandbox = Sandbox::new();
    History::default().commit("main", files).write(&sandbox, "srv/r");
    let here = sandbox.sh(&format!("rampkit fetch srv/r main {arguments}"));
    let daemon = generous(&mut sandbox);
    let there =
        sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{}/r main {arguments}", daemon.port));
    assert_eq!(there.stderr.replace("git://127.0.0.1:[PORT]/r", "srv/r"), here.stderr);
    assert_eq!((there.code, there.stdout), (5, String::new()));
    assert!(sandbox.read("../heard").contains("filter tree:0"));
    here.fails(5, stderr);
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn what_is_no_file() {
    let link = [("120000 ramp.yml", "pack/ramp.yml"), ("pack/ramp.yml", "a: b\n")];
    fails_either_way(
        &link,
        "",
        str![[r#"
error: ramp.yml at main of srv/r is a symbolic link, not a file
hint: it points at "pack/ramp.yml": name the file itself with --path

"#]],
    );
    fails_either_way(
        &link,
        "--path pack",
        str![[r#"
error: pack at main of srv/r is a folder, not a file
hint: name a file in it with --path

"#]],
    );
    let module = "1".repeat(40);
    fails_either_way(
        &[("160000 ramp.yml", module.as_str()), ("x", "y")],
        "",
        str![[r#"
error: ramp.yml at main of srv/r is a submodule, not a file
hint: fetch from that repository itself

"#]],
    );
    fails_either_way(
        &[("ramp.yml/x", "y")],
        "",
        str![[r#"
error: ramp.yml at main of srv/r is a folder, not a file
hint: name a file in it with --path

"#]],
    );
}

fn what_is_on_the_way() {
    let module = "1".repeat(40);
    let submodule = [("160000 pack", module.as_str()), ("README.md", "r")];
    fails_either_way(
        &submodule,
        "",
        str![[r#"
error: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at main of srv/r
hint: pack is a submodule: if the manifest lies there, fetch from that repository

"#]],
    );
    fails_either_way(
        &submodule,
        "--path pack/ramp.yml",
        str![[r#"
error: pack at main of srv/r is a submodule, not a folder
hint: fetch from that repository itself

"#]],
    );
    let link = [("120000 pack", "build/pack"), ("build/pack/ramp.yml", "a: b\n")];
    fails_either_way(
        &link,
        "",
        str![[r#"
error: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at main of srv/r
hint: there is build/pack/ramp.yml: name it with --path

"#]],
    );
    fails_either_way(
        &link,
        "--path pack/ramp.yml",
        str![[r#"
error: pack at main of srv/r is a symbolic link, not a folder
hint: it points at "build/pack": name the path there with --path

"#]],
    );
    fails_either_way(
        &[("120000 pack", "../x")],
        "",
        str![[r#"
error: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at main of srv/r
hint: pack is a symbolic link: if the manifest lies behind it, name its path with --path

"#]],
    );
    fails_either_way(
        &[("pack", "a file\n")],
        "--path pack/ramp.yml",
        str![[r#"
error: there is no pack/ramp.yml at main of srv/r
hint: there is pack

"#]],
    );
}

fn hints_name_files_that_were_not_fetched() {
    let files = [("opt/build/ramp.yml", "a: b\n"), ("src/x.c", "x"), ("ramp_python.yml", "a: c\n")];
    fails_either_way(
        &files[..2],
        "",
        str![[r#"
error: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at main of srv/r
hint: there is opt/build/ramp.yml: name it with --path

"#]],
    );
    fails_either_way(
        &files,
        "--path opt/biuld/ramp.yml",
        str![[r#"
error: there is no opt/biuld/ramp.yml at main of srv/r
hint: there is opt/build/ramp.yml, ramp_python.yml

"#]],
    );
    fails_either_way(
        &files[1..2],
        "--path ../x",
        str![[r#"
error: there is no ../x at main of srv/r
hint: none of its 1 files has a path like that

"#]],
    );
}

fn a_manifest_that_lies_elsewhere() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    fails_either_way(
        &[("ramp.yml", pointer)],
        "",
        str![[r#"
error: ramp.yml at main of srv/r is a pointer of Git LFS, not the file itself
hint: commit it as an ordinary file: a manifest is small, and other tools read it from git too

"#]],
    );
}

fn a_manifest_that_is_too_large() {
    let large = "#".repeat(1_000_001);
    fails_either_way(
        &[("ramp.yml", &large)],
        "",
        str![[r#"
error: ramp.yml at main of srv/r has [HEX] bytes, and a manifest has at most [HEX]
hint: is it the right file? --path names another

"#]],
    );
    let mut sandbox = Sandbox::new();
    let most = [("ramp.yml", &large[1..])];
    History::default().commit("main", &most).write(&sandbox, "srv/r");
    let daemon = generous(&mut sandbox);
    sandbox.ok(&format!("rampkit --deny-warnings fetch git://127.0.0.1:{}/r main", daemon.port));
}
