//! `rampkit fetch --all-manifests`: those at all known places.

use libtest_mimic::Trial;
use snapbox::str;

use super::with_gears;
use crate::harness::{History, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(each_as_in_the_repository),
        test!(of_several_repositories),
        test!(all_places_there_are),
        test!(one_that_is_no_file),
        test!(none_at_all),
        test!(one_that_was_edited),
        test!(a_folder_that_is_none),
    ]
}

fn each_as_in_the_repository() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears v1.2.13 --all-manifests out/gears").prints(
        str![[r#"
out/gears/pack/ramp.yml
out/gears/ramp_python.yml

"#]],
        str![[r#"
   Fetched pack/ramp.yml at tags/v1.2.13 ([HEX]) of srv/gears, 27 bytes
   Fetched ramp_python.yml at tags/v1.2.13 ([HEX]) of srv/gears, 21 bytes

"#]],
    );
    assert_eq!(
        sandbox.ok("cd out && find . -type f | sort"),
        "./gears/pack/ramp.lock\n./gears/pack/ramp.yml\n./gears/ramp_python.lock\n\
         ./gears/ramp_python.yml"
    );
    assert_eq!(sandbox.read("out/gears/ramp_python.yml"), "display_name: python\n");
    assert!(sandbox.read("out/gears/ramp_python.lock").contains("\npath: ramp_python.yml\n"));
    // Each is as if it were fetched alone.
    sandbox.ok("rampkit fetch srv/gears v1.2.13 --path ramp_python.yml");
    sandbox
        .ok("cmp ramp.yml out/gears/ramp_python.yml && cmp ramp.lock out/gears/ramp_python.lock");
    // Where we are, and again.
    sandbox.ok("rampkit fetch srv/gears v1.2.13 --all-manifests .");
    sandbox.sh("rampkit -q fetch srv/gears v1.2.13 --all-manifests .").prints(
        str![[r#"
pack/ramp.yml
ramp_python.yml

"#]],
        str![],
    );
}

fn of_several_repositories() {
    let sandbox = with_gears();
    History::default().commit("main", &[("src/ramp.yml", "a: b\n")]).write(&sandbox, "srv/r.git");
    sandbox.sh("rampkit fetch srv/gears v1.2.13 srv/r.git main --all-manifests out").prints(
        str![[r#"
out/gears/pack/ramp.yml
out/gears/ramp_python.yml
out/r/src/ramp.yml

"#]],
        str![[r#"
   Fetched gears: pack/ramp.yml at tags/v1.2.13 ([HEX]) of srv/gears, 27 bytes
   Fetched gears: ramp_python.yml at tags/v1.2.13 ([HEX]) of srv/gears, 21 bytes
   Fetched r: src/ramp.yml at heads/main ([HEX]) of srv/r.git, 5 bytes

"#]],
    );
}

/// In the order in which they are looked for.
fn all_places_there_are() {
    let sandbox = Sandbox::new();
    let places = [
        "ramp.yml",
        "pack/ramp.yml",
        "pack/ramp-community.yml",
        "pack/ramp-enterprise.yml",
        "coord/pack/ramp.yml",
        "src/ramp.yml",
        "ramp_python.yml",
        "ramp_manifest.yml",
        "pack/ramp-light.yml",
        "pack/ramp-oss-cluster.yml",
    ];
    let files: Vec<(&str, &str)> = places.iter().rev().map(|path| (*path, *path)).collect();
    History::default().commit("main", &files).write(&sandbox, "srv/r");
    let run = sandbox.sh("rampkit fetch srv/r main --all-manifests out --deny-warnings");
    assert_eq!(run.stdout, places.map(|path| format!("out/{path}\n")).concat());
    for path in places {
        assert_eq!(sandbox.read(format!("out/{path}")), path);
    }
    assert_eq!(sandbox.ok("find out -name '*.lock' | wc -l"), "10");
}

fn one_that_is_no_file() {
    let sandbox = Sandbox::new();
    let files = [("ramp.yml", "a: b\n"), ("120000 src/ramp.yml", "../ramp.yml")];
    History::default().commit("main", &files).write(&sandbox, "srv/r");
    sandbox.sh("rampkit fetch srv/r main --all-manifests out").fails(
        5,
        str![[r#"
error: src/ramp.yml at main of srv/r is a symbolic link, not a file
hint: it points at "../ramp.yml": name the file itself with --path

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn none_at_all() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears v0.1.0 --all-manifests out").fails(5, str![[r#"
error: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at v0.1.0 of srv/gears
hint: is this the right repository? another place can be named with --path

"#]]);
    assert_eq!(sandbox.list("."), ["srv"]);
}

/// What was fetched before is replaced with the others, or not at all.
fn one_that_was_edited() {
    let sandbox = with_gears();
    sandbox.write("out/ramp_python.yml", "author: Ann\n");
    sandbox.sh("rampkit fetch srv/gears v1.2.13 --all-manifests out").fails(9, str![[r#"
error: out/ramp_python.yml would be overwritten: there is no out/ramp_python.lock that says it was fetched
hint: move it away to keep it, or overwrite it with --force

"#]]);
    assert_eq!(sandbox.list("out"), ["ramp_python.yml"]);
    assert_eq!(sandbox.read("out/ramp_python.yml"), "author: Ann\n");
    sandbox.ok("rampkit fetch srv/gears v1.2.13 --all-manifests out --force");
    assert_eq!(sandbox.list("out"), ["pack", "ramp_python.lock", "ramp_python.yml"]);
}

fn a_folder_that_is_none() {
    let sandbox = with_gears();
    sandbox.write("file", "");
    sandbox.sh("rampkit fetch srv/gears v1.2.13 --all-manifests file").fails(
        3,
        str![[r#"
error: cannot make file/pack
caused by: Not a directory (os error 20)

"#]],
    );
    sandbox.ok("mkdir -p out && : >out/pack");
    sandbox.sh("rampkit fetch srv/gears v1.2.13 --all-manifests out").fails(
        3,
        str![[r#"
error: cannot write in out/pack
caused by: Not a directory (os error 20)

"#]],
    );
    assert_eq!(sandbox.list("out"), ["pack"]);
    sandbox.sh("rampkit fetch srv/gears v1.2.13 --all-manifests ''").fails(
        2,
        str![[r#"
error: a value is required for '--all-manifests <FOLDER>' but none was supplied

For more information, try '--help'.

"#]],
    );
}
