//! Where `rampkit fetch` looks for the manifest, and what it does with one that is already here.

use libtest_mimic::Trial;
use snapbox::str;

use super::{locked, with_gears};
use crate::harness::{History, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(the_first_known_place_is_taken),
        test!(a_path_is_named),
        test!(spaces_and_letters_of_all_kinds),
        test!(no_manifest_at_a_known_place),
        test!(no_manifest_at_the_named_path),
        test!(links_folders_and_submodules_are_no_files),
        test!(an_edited_manifest_is_kept),
        test!(a_manifest_of_ones_own_is_kept),
        test!(a_lock_that_is_none_is_kept),
        test!(the_output_cannot_be_written),
    ]
}

fn the_first_known_place_is_taken() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears v1.2.13").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
warning: there are several manifests: pack/ramp.yml, ramp_python.yml; took the first
   hint: --path names another
   Fetched pack/ramp.yml at tags/v1.2.13 ([HEX]) of srv/gears, 27 bytes

"#]],
    );
    assert_eq!(locked(&sandbox, "path"), "pack/ramp.yml");
}

fn a_path_is_named() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears v1.2.13 --path ./build/ramp-python.yml -o x.yml").prints(
        str![[r#"
x.yml

"#]],
        str![[r#"
   Fetched build/ramp-python.yml at tags/v1.2.13 ([HEX]) of srv/gears, 20 bytes

"#]],
    );
    assert_eq!(sandbox.read("x.yml"), "display_name: build\n");
    assert!(sandbox.read("x.lock").contains("\npath: build/ramp-python.yml\n"));
}

fn spaces_and_letters_of_all_kinds() {
    let sandbox = Sandbox::new();
    let path = "mein Pack/rämp für 模块 'x'.yml";
    History::default().commit("zweig/ü", &[(path, "a: b\n")]).write(&sandbox, "srv/mein repo");
    sandbox
        .sh(&format!("rampkit fetch 'srv/mein repo' zweig/ü --path \"{path}\" -o 'mein ü.yml'"))
        .prints(
            str![[r#"
mein ü.yml

"#]],
            str![[r#"
   Fetched mein Pack/rämp für 模块 'x'.yml at heads/zweig/ü ([HEX]) of srv/mein repo, 5 bytes

"#]],
        );
    assert_eq!(sandbox.read("mein ü.yml"), "a: b\n");
    snapbox::assert_data_eq!(
        sandbox.read("mein ü.lock"),
        str![[r#"
# Written by rampkit fetch: where the manifest beside this file comes from.
repository: srv/mein repo
ref: refs/heads/zweig/ü
commit: acb73936815c7ec720b2ece3d4259d136757aaa5
path: mein Pack/rämp für 模块 'x'.yml
blob: 26a745ddb6d38e2a9c75d0035c81ca98ae530474
sha256: 52c9693cf3f219d51ba6af4362ee092c55fb5e6f96d6f9da13c8ede7eff8e71b

"#]]
    );
}

fn no_manifest_at_a_known_place() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears v0.1.0").fails(5, str![[r#"
error: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at v0.1.0 of srv/gears
hint: is this the right repository? another place can be named with --path

"#]]);
    History::default().commit("main", &[("opt/build/ramp.yml", "a: b")]).write(&sandbox, "srv/r");
    sandbox.sh("rampkit fetch srv/r main").fails(5, str![[r#"
error: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at main of srv/r
hint: there is opt/build/ramp.yml: name it with --path

"#]]);
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn no_manifest_at_the_named_path() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears v1.2.13 --path ramp.yml").fails(
        5,
        str![[r#"
error: there is no ramp.yml at v1.2.13 of srv/gears
hint: there is pack/ramp.yml, ramp_python.yml

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears v1.2.13 --path build/ramp-pyhton.yml").fails(
        5,
        str![[r#"
error: there is no build/ramp-pyhton.yml at v1.2.13 of srv/gears
hint: there is build/ramp-python.yml, ramp_python.yml, pack/ramp.yml

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears v0.1.0 --path ../x").fails(
        5,
        str![[r#"
error: there is no ../x at v0.1.0 of srv/gears
hint: none of its 2 files has a path like that

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn links_folders_and_submodules_are_no_files() {
    let sandbox = Sandbox::new();
    let module = "1".repeat(40);
    let mut history = History::default();
    history.commit(
        "main",
        &[
            ("120000 ramp.yml", "pack/ramp.yml"),
            ("pack/ramp.yml", "a: b\n"),
            ("160000 deps", &module),
        ],
    );
    history.write(&sandbox, "srv/r");
    sandbox.sh("rampkit fetch srv/r main").fails(
        5,
        str![[r#"
error: ramp.yml at main of srv/r is a symbolic link, not a file
hint: it points at "pack/ramp.yml": name the file itself with --path

"#]],
    );
    sandbox.sh("rampkit fetch srv/r main --path pack").fails(
        5,
        str![[r#"
error: pack at main of srv/r is a folder, not a file
hint: name a file in it with --path

"#]],
    );
    sandbox.sh("rampkit fetch srv/r main --path deps").fails(
        5,
        str![[r#"
error: deps at main of srv/r is a submodule, not a file
hint: fetch from that repository itself

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn an_edited_manifest_is_kept() {
    let sandbox = with_gears();
    sandbox.ok("rampkit fetch srv/gears v0.4.0");
    let lock = sandbox.read("ramp.lock");
    sandbox.ok("echo 'author: Ann' >> ramp.yml");
    sandbox.sh("rampkit fetch srv/gears tags/v0.9.0").fails(
        9,
        str![[r#"
error: ramp.yml would be overwritten: it is not as ramp.lock says, so it was edited by hand
hint: move it away to keep it, or overwrite it with --force

"#]],
    );
    assert!(sandbox.read("ramp.yml").ends_with("author: Ann\n"));
    assert_eq!(sandbox.read("ramp.lock"), lock);
    sandbox.ok("rampkit fetch srv/gears tags/v0.9.0 --force");
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.9.0\n");
    // As it was fetched: another version may replace it.
    sandbox.ok("rampkit fetch srv/gears v0.4.0");
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n");
}

fn a_manifest_of_ones_own_is_kept() {
    let sandbox = with_gears();
    sandbox.write("ramp.yml", "author: Ann\n");
    sandbox.sh("rampkit fetch srv/gears v0.4.0").fails(
        9,
        str![[r#"
error: ramp.yml would be overwritten: there is no ramp.lock that says it was fetched
hint: move it away to keep it, or overwrite it with --force

"#]],
    );
    assert_eq!(sandbox.read("ramp.yml"), "author: Ann\n");
    assert_eq!(sandbox.list("."), ["ramp.yml", "srv"]);
    // The same content is nobody's loss.
    sandbox.write("ramp.yml", "display_name: gears 0.4.0\n");
    sandbox.ok("rampkit fetch srv/gears v0.4.0");
}

fn a_lock_that_is_none_is_kept() {
    let sandbox = with_gears();
    sandbox.write("ramp.lock", "packages:\n- x\n");
    sandbox.sh("rampkit fetch srv/gears v0.4.0").fails(6, str![[r#"
error: ramp.lock:1:1: unknown field `packages`, expected one of `repository`, `ref`, `commit`, `path`, `blob`, `sha256`
 1 | packages:
   | ^

"#]]);
    assert_eq!(sandbox.read("ramp.lock"), "packages:\n- x\n");
    assert_eq!(sandbox.list("."), ["ramp.lock", "srv"]);
    sandbox.sh("rampkit fetch srv/gears v0.4.0 -o ramp.lock").fails(
        2,
        str![[r#"
error: ramp.lock is the name of a lock, not of a manifest

"#]],
    );
    sandbox.ok("rampkit fetch srv/gears v0.4.0 --force");
}

fn the_output_cannot_be_written() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears v0.4.0 -o ..").fails(
        3,
        str![[r#"
error: .. is a folder
hint: name a file

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears v0.4.0 -o none/ramp.yml").fails(
        3,
        str![[r#"
error: cannot write in none
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears v0.4.0 -o srv").fails(
        3,
        str![[r#"
error: srv is a folder
hint: name a file

"#]],
    );
    sandbox.write("file", "");
    sandbox.sh("rampkit fetch srv/gears v0.4.0 -o file/ramp.yml").fails(
        3,
        str![[r#"
error: cannot write in file
caused by: Not a directory (os error 20)

"#]],
    );
    sandbox.ok("mkdir ramp.lock");
    sandbox.sh("rampkit fetch srv/gears v0.4.0").fails(
        3,
        str![[r#"
error: ramp.lock is a folder
hint: name a file

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears v0.4.0 --force").fails(
        3,
        str![[r#"
error: ramp.lock is a folder
hint: name a file

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears v0.4.0 -o - > /dev/full").fails(
        3,
        str![[r#"
error: cannot write to stdout
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]],
    );
    assert_eq!(sandbox.list("."), ["file", "ramp.lock", "srv"]);
}
