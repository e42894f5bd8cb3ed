//! `rampkit fetch --from`: what a project file says of manifests.

use libtest_mimic::Trial;
use snapbox::str;

use super::many::{files, harmless, two};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(each_module_that_says_from),
        test!(what_is_fetched_is_packed),
        test!(the_folder_of_the_file),
        test!(a_manifest_for_each_platform),
        test!(the_usual_place),
        test!(one_fails_and_nothing_is_written),
        test!(the_only_one_fails),
        test!(a_manifest_that_was_edited),
        test!(two_that_are_one_file),
        test!(a_file_that_is_read),
    ]
}

/// Two modules that say from, and one that does not.
pub const PROJECT: &str = "\
settings: {module: '{name}.so', manifest: 'manifests/{name}.yml'}
modules:
  json:
    from: {repository: srv/json, ref: v1}
  mine:
    manifest: mine.yml
  search:
    from: {repository: ./srv/search.git, ref: latest, path: pack/ramp.yml}
platforms: [jammy, noble]
";

/// A sandbox with the repositories and a project file of that text.
pub fn project(text: &str) -> Sandbox {
    let sandbox = two();
    sandbox.ok("git -C srv/search.git tag 2.0.0 v2");
    sandbox.write("rampkit.yaml", text);
    sandbox
}

fn each_module_that_says_from() {
    let sandbox = project(PROJECT);
    sandbox.sh("rampkit fetch --from rampkit.yaml").prints(
        str![[r#"
manifests/json.yml
manifests/search.yml

"#]],
        str![[r#"
   Fetched json: ramp.yml at tags/v1 ([HEX]) of srv/json, 19 bytes
   Fetched search: pack/ramp.yml at tags/2.0.0 ([HEX]) of ./srv/search.git, 21 bytes

"#]],
    );
    assert_eq!(sandbox.list("manifests"), ["json.lock", "json.yml", "search.lock", "search.yml"]);
    assert_eq!(sandbox.read("manifests/search.yml"), "display_name: search\n");
    // As if each were fetched alone, and again.
    sandbox.ok("rampkit fetch srv/json v1 -o json.yml && cmp json.lock manifests/json.lock");
    sandbox.sh("rampkit -q fetch --from rampkit.yaml --jobs 1").prints(
        str![[r#"
manifests/json.yml
manifests/search.yml

"#]],
        str![],
    );
}

fn what_is_fetched_is_packed() {
    let sandbox = project(
        "modules:\n  hello: {module: hello.so, manifest: h.yml, from: {repository: srv/json, ref: v1}}\n",
    );
    sandbox.module("hello");
    sandbox.ok("rampkit fetch --from rampkit.yaml");
    let packed = sandbox.ok("rampkit pack --all --json");
    assert!(packed.contains(&sandbox.ok("git -C srv/json rev-parse v1")), "{packed}");
}

/// Where all its paths begin.
fn the_folder_of_the_file() {
    let sandbox = project(PROJECT);
    sandbox.ok("mkdir sub");
    sandbox.sh("cd sub && rampkit fetch --from ../rampkit.yaml").prints(
        str![[r#"
manifests/json.yml
manifests/search.yml

"#]],
        str![[r#"
   Entered ..
   Fetched json: ramp.yml at tags/v1 ([HEX]) of srv/json, 19 bytes
   Fetched search: pack/ramp.yml at tags/2.0.0 ([HEX]) of ./srv/search.git, 21 bytes

"#]],
    );
    assert_eq!(sandbox.list("sub"), [""; 0]);
    assert!(sandbox.read("manifests/json.lock").contains("\nrepository: srv/json\n"));
}

fn a_manifest_for_each_platform() {
    let sandbox = project(
        "settings: {manifest: '{platform}/{name}.yml'}\nplatforms: [jammy, noble]\nmodules:\n  \
         json: {from: {repository: srv/json, ref: v1}}\n",
    );
    sandbox.sh("rampkit fetch --from rampkit.yaml").prints(
        str![[r#"
jammy/json.yml
noble/json.yml

"#]],
        str![[r#"
   Fetched json: ramp.yml at tags/v1 ([HEX]) of srv/json, 19 bytes

"#]],
    );
    sandbox.ok("cmp jammy/json.yml noble/json.yml && cmp jammy/json.lock noble/json.lock");
}

fn the_usual_place() {
    for manifest in ["", "manifest: ~, "] {
        let text = format!("modules: {{a: {{{manifest}from: {{repository: srv/json, ref: v1}}}}}}");
        let sandbox = project(&text);
        sandbox.sh("rampkit fetch --from rampkit.yaml").prints(
            str![[r#"
ramp.yml

"#]],
            str![[r#"
   Fetched a: ramp.yml at tags/v1 ([HEX]) of srv/json, 19 bytes

"#]],
        );
        assert_eq!(files(&sandbox), "./ramp.lock\n./ramp.yml\n./rampkit.yaml");
    }
}

fn one_fails_and_nothing_is_written() {
    let sandbox = project(&PROJECT.replace("v1", "v0").replace("latest", "v3"));
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(5, str![[r#"
error: json: there is no manifest at any of the known places (ramp.yml, pack/ramp.yml, pack/ramp-community.yml, pack/ramp-enterprise.yml, coord/pack/ramp.yml, src/ramp.yml, ramp_python.yml, ramp_manifest.yml, pack/ramp-light.yml, pack/ramp-oss-cluster.yml) at v0 of srv/json
hint: is this the right repository? another place can be named with --path
error: search: ./srv/search.git has no ref v3
hint: it has 4 tags; it has 1 branch: main
   Fetched 0 of 2; they belong together, so none is written

"#]]);
}

/// Nothing is said of others where there are none.
fn the_only_one_fails() {
    let sandbox = project("modules: {a: {from: {repository: srv/json, ref: v9}}}");
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(
        5,
        str![[r#"
error: a: srv/json has no ref v9
hint: it has 3 tags: v0, v1, v2; it has 1 branch: main

"#]],
    );
}

fn a_manifest_that_was_edited() {
    let sandbox = project(PROJECT);
    sandbox.write("manifests/search.yml", "author: Ann\n");
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(9, str![[r#"
error: manifests/search.yml would be overwritten: there is no manifests/search.lock that says it was fetched
hint: move it away to keep it, or overwrite it with --force

"#]]);
    sandbox.ok("rampkit fetch --from rampkit.yaml --force");
    assert_eq!(sandbox.read("manifests/search.yml"), "display_name: search\n");
}

fn two_that_are_one_file() {
    let sandbox = project(&PROJECT.replace("{name}.yml", "x.yml"));
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(
        9,
        str![[r#"
error: json and search would both write manifests/x.yml
hint: nothing was written; they need places that differ, for the locks beside them too

"#]],
    );
    // By another path, and by their locks.
    let text = "modules:\n  a: {manifest: x.yml, from: {repository: srv/json, ref: v1}}\n  \
                b: {manifest: ./x.yml, from: {repository: srv/json, ref: v1}}\n";
    sandbox.write("rampkit.yaml", text);
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(
        9,
        str![[r#"
error: a and b would both write ./x.yml
hint: nothing was written; they need places that differ, for the locks beside them too

"#]],
    );
    sandbox.write("rampkit.yaml", text.replace("./x.yml", "x.yaml"));
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(
        9,
        str![[r#"
error: a and b would both write x.lock
hint: nothing was written; they need places that differ, for the locks beside them too

"#]],
    );
}

fn a_file_that_is_read() {
    let sandbox =
        project("modules: {a: {manifest: rampkit.yaml, from: {repository: srv/json, ref: v1}}}");
    sandbox.ok("mkdir sub");
    for line in
        ["rampkit fetch --from rampkit.yaml", "cd sub && rampkit -q fetch --from ../rampkit.yaml"]
    {
        harmless(&sandbox, &format!("{line} --force")).fails(
            9,
            str![[r#"
error: rampkit.yaml is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
        );
    }
}
