//! What is no manifest though it has its name, what is on the way to one, and what is said of others,
//! where a server gives objects one by one.

use libtest_mimic::Trial;
use snapbox::str;

use super::objects::generous;
use crate::harness::{History, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(what_is_no_file),
        test!(what_is_on_the_way),
        test!(hints_name_files_that_were_not_fetched),
        test!(a_manifest_that_lies_elsewhere),
        test!(a_manifest_that_is_too_large),
    ]
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
