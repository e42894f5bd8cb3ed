//! `rampkit fetch --locked`: what the lock says, exactly that or nothing.

use libtest_mimic::Trial;
use snapbox::str;

use super::many::harmless;
use super::project::project;
use super::with_gears;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_manifest_that_is_gone),
        test!(whatever_the_ref_points_at_now),
        test!(a_manifest_that_was_edited),
        test!(what_the_repository_does_not_have),
        test!(no_lock),
        test!(a_lock_that_is_none),
        test!(all_of_a_project),
        test!(each_platform_has_its_lock),
        test!(locks_of_something_else),
        test!(how_it_came_here),
    ]
}

fn a_manifest_that_is_gone() {
    let sandbox = with_gears();
    sandbox.ok("rampkit fetch srv/gears v0.4.0 -o a.yml && mv a.yml old");
    // Not even its form changes.
    sandbox.ok("sed -i 's/^# Written/# Mine. Written/' a.lock && cp -p a.lock lock");
    sandbox.sh("rampkit fetch --locked -o a.yml").prints(
        str![[r#"
a.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of srv/gears, 26 bytes

"#]],
    );
    sandbox.ok("cmp a.yml old && cmp a.lock lock && test ! a.lock -nt lock");
    // Again, and where it is by default.
    sandbox.ok("rampkit fetch --locked -o a.yml && cp a.lock ramp.lock");
    sandbox.sh("rampkit -q fetch --locked").prints(
        str![[r#"
ramp.yml

"#]],
        str![],
    );
    sandbox.ok("cmp ramp.yml old");
}

fn whatever_the_ref_points_at_now() {
    let sandbox = with_gears();
    sandbox.ok("rampkit fetch srv/gears v1.2.13 --path ramp_python.yml && cp ramp.yml old");
    sandbox.ok("git -C srv/gears tag -f v1.2.13 v0.4.0 && rm ramp.yml && rampkit fetch --locked");
    sandbox.ok("cmp ramp.yml old");
    assert!(sandbox.read("ramp.lock").contains("\nref: refs/tags/v1.2.13\n"));
}

fn a_manifest_that_was_edited() {
    let sandbox = with_gears();
    sandbox.ok("rampkit fetch srv/gears v0.4.0 && echo author: Ann >>ramp.yml");
    harmless(&sandbox, "rampkit fetch --locked").fails(
        9,
        str![[r#"
error: ramp.yml would be overwritten: it is not as ramp.lock says, so it was edited by hand
hint: move it away to keep it, or overwrite it with --force

"#]],
    );
    sandbox.ok("rampkit fetch --locked --force");
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n");
}

fn what_the_repository_does_not_have() {
    let sandbox = with_gears();
    sandbox.ok("rampkit fetch srv/gears v0.4.0 && rm ramp.yml && cp ramp.lock good");
    let with = |change: &str| {
        sandbox.ok(&format!("sed '{change}' good >ramp.lock"));
        harmless(&sandbox, "rampkit fetch --locked")
    };
    with("s/^commit: .*/commit: 1111111111111111111111111111111111111111/").fails(
        5,
        str![[r#"
error: srv/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    with("s/^path: .*/path: pack.yml/").fails(
        5,
        str![[r#"
error: srv/gears has not what the lock says: there is no pack.yml at [HEX] of srv/gears
hint: fetch refs/tags/v0.4.0 anew, without --locked, to take what it has now

"#]],
    );
    with("s/^blob: ..../blob: 0000/").fails(
        5,
        str![[r#"
error: srv/gears has not what the lock says: ramp.yml at [HEX] is the blob [HEX], not [HEX]
hint: fetch refs/tags/v0.4.0 anew, without --locked, to take what it has now

"#]],
    );
    with("s/^sha256: ..../sha256: 0000/").fails(
        5,
        str![[r#"
error: srv/gears has not what the lock says: ramp.yml at [HEX] has the sha256 [HEX], not [HEX]
hint: fetch refs/tags/v0.4.0 anew, without --locked, to take what it has now

"#]],
    );
    with("s/^repository: .*/repository: none/").fails(
        5,
        str![[r#"
error: none is not a git repository
caused by: there is no folder of this name
hint: name an address, a folder, or `owner/name` for a repository of GitHub

"#]],
    );
}

fn no_lock() {
    let sandbox = with_gears();
    harmless(&sandbox, "rampkit fetch --locked").fails(
        3,
        str![[r#"
error: there is no ramp.lock that says what to fetch
hint: fetch it once without --locked, which writes that

"#]],
    );
    sandbox.write("x.yml", "author: Ann\n");
    harmless(&sandbox, "rampkit fetch --locked -o x.yml").fails(
        3,
        str![[r#"
error: there is no x.lock that says what to fetch
hint: fetch it once without --locked, which writes that

"#]],
    );
}

fn a_lock_that_is_none() {
    let sandbox = with_gears();
    sandbox.write("ramp.lock", "packages: []\n");
    harmless(&sandbox, "rampkit fetch --locked").fails(6, str![[r#"
error: ramp.lock:1:1: unknown field `packages`, expected one of `repository`, `ref`, `commit`, `path`, `blob`, `sha256`
 1 | packages: []
   | ^

"#]]);
    harmless(&sandbox, "rampkit fetch --locked --force").fails(6, str![[r#"
error: ramp.lock:1:1: unknown field `packages`, expected one of `repository`, `ref`, `commit`, `path`, `blob`, `sha256`
 1 | packages: []
   | ^

"#]]);
}

const PROJECT: &str = "\
settings: {manifest: '{name}.yml'}
modules:
  json: {from: {repository: srv/json, ref: v1}}
  mine:
  search: {from: {repository: srv/search.git, ref: tags/v2, path: ./pack/ramp.yml}}
";

fn all_of_a_project() {
    let sandbox = project(PROJECT);
    sandbox.ok("rampkit fetch --from rampkit.yaml && rm *.yml");
    sandbox.ok("git -C srv/json tag -f v1 v0");
    sandbox.sh("rampkit fetch --from rampkit.yaml --locked").prints(
        str![[r#"
json.yml
search.yml

"#]],
        str![[r#"
   Fetched json: ramp.yml at tags/v1 ([HEX]) of srv/json, 19 bytes
   Fetched search: pack/ramp.yml at tags/v2 ([HEX]) of srv/search.git, 21 bytes

"#]],
    );
    assert_eq!(sandbox.read("json.yml"), "display_name: json\n");
    // One that cannot be had, and one that has no lock.
    sandbox.ok("rm *.yml search.lock && sed -i 's/^path: .*/path: x/' json.lock");
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml --locked").fails(
        5,
        str![[r#"
error: json: srv/json has not what the lock says: there is no x at [HEX] of srv/json
hint: fetch refs/tags/v1 anew, without --locked, to take what it has now
error: search: there is no search.lock that says what to fetch
hint: fetch it once without --locked, which writes that
   Fetched 0 of 2; they belong together, so none is written

"#]],
    );
}

fn each_platform_has_its_lock() {
    let sandbox = project(
        "settings: {manifest: '{platform}.yml'}\nplatforms: [jammy, noble]\n\
         modules: {json: {from: {repository: srv/json, ref: HEAD}}}\n",
    );
    sandbox.ok("rampkit fetch --from rampkit.yaml && rm *.yml");
    sandbox.ok(
        "rampkit fetch srv/json v1 -o jammy.yml && sed -i 's/tags.v1/heads\\/main/' jammy.lock",
    );
    sandbox.ok("rm *.yml");
    sandbox.sh("rampkit fetch --from rampkit.yaml --locked").prints(
        str![[r#"
jammy.yml
noble.yml

"#]],
        str![[r#"
   Fetched json/jammy: ramp.yml at heads/main ([HEX]) of srv/json, 19 bytes
   Fetched json/noble: pack/ramp.yml at heads/main ([HEX]) of srv/json, 19 bytes

"#]],
    );
}

/// The project file was changed, and what it says was not fetched since.
fn locks_of_something_else() {
    let sandbox = project(PROJECT);
    sandbox.ok("rampkit fetch --from rampkit.yaml && rm *.yml");
    for (old, new) in
        [("ref: v1", "ref: v2"), ("srv/json", "./srv/json"), ("./pack/ramp.yml", "ramp_python.yml")]
    {
        sandbox.write("rampkit.yaml", PROJECT.replace(old, new));
        let run = harmless(&sandbox, "rampkit fetch --from rampkit.yaml --locked");
        assert_eq!(run.code, 6, "{}", run.stderr);
        assert!(run.stderr.contains(".lock is of "), "{}", run.stderr);
    }
    sandbox.write("rampkit.yaml", PROJECT.replace("ref: v1", "ref: v2"));
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml --locked").fails(
        6,
        str![[r#"
error: json: json.lock is of ramp.yml at refs/tags/v1 of srv/json, not of v2 of srv/json
hint: fetch it anew without --locked, which renews the lock
   Fetched 1 of 2; they belong together, so none is written

"#]],
    );
    sandbox.write("rampkit.yaml", PROJECT.replace("./pack/ramp.yml", "ramp_python.yml"));
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml --locked").fails(6, str![[r#"
error: search: search.lock is of pack/ramp.yml at refs/tags/v2 of srv/search.git, not of ramp_python.yml at tags/v2 of srv/search.git
hint: fetch it anew without --locked, which renews the lock
   Fetched 1 of 2; they belong together, so none is written

"#]]);
}

fn how_it_came_here() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears v0.4.0 -v").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of srv/gears, 26 bytes
       Via no network: it was read in place

"#]],
    );
    sandbox.sh("rampkit fetch --locked --offline --verbose").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of srv/gears, 26 bytes
       Via no network: it was read in place

"#]],
    );
}
