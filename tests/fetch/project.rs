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
        test!(no_module_says_from),
        test!(what_from_cannot_say),
        test!(what_a_manifest_cannot_be),
        test!(what_is_no_project),
        test!(options_that_contradict),
    ]
}

/// Two modules that say from, and one that does not.
const PROJECT: &str = "\
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

fn no_module_says_from() {
    let sandbox = project("modules: {a: , b: {from: ~}}");
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(
        6,
        str![[r#"
error: rampkit.yaml: no module says where its manifest comes from
hint: write `from: {repository: owner/name, ref: v1.2.3}` below one

"#]],
    );
}

#[track_caller]
fn refused(from: &str, stderr: impl snapbox::IntoData) {
    let sandbox = project(&format!("modules:\n  json:\n    from: {from}\n"));
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(6, stderr);
}

fn what_from_cannot_say() {
    refused(
        "srv/json",
        str![[r#"
error: rampkit.yaml:3:11: a mapping should stand here
 3 |     from: srv/json
   |           ^

"#]],
    );
    refused(
        "[srv/json, v1]",
        str![[r#"
error: rampkit.yaml:3:11: a mapping should stand here
 3 |     from: [srv/json, v1]
   |           ^

"#]],
    );
    refused(
        "{repository: srv/json}",
        str![[r#"
error: rampkit.yaml:3:11: it does not say which `ref`
 3 |     from: {repository: srv/json}
   |           ^

"#]],
    );
    refused(
        "{ref: v1, repository: ~}",
        str![[r#"
error: rampkit.yaml:3:11: it does not say which `repository`
 3 |     from: {ref: v1, repository: ~}
   |           ^

"#]],
    );
    refused(
        "{repository: srv/json, reff: v1}",
        str![[r#"
error: rampkit.yaml:3:34: there is no key "reff"
 3 |     from: {repository: srv/json, reff: v1}
   |                                  ^
hint: did you mean "ref"?

"#]],
    );
    refused(
        "{repository: srv/json, ref: [v1]}",
        str![[r#"
error: rampkit.yaml:3:39: a text should stand here
 3 |     from: {repository: srv/json, ref: [v1]}
   |                                       ^

"#]],
    );
    refused(
        "{repository: srv/json, ref: v1, path: {a: b}}",
        str![[r#"
error: rampkit.yaml:3:49: a text should stand here
 3 |     from: {repository: srv/json, ref: v1, path: {a: b}}
   |                                                 ^

"#]],
    );
    refused(
        "{repository: srv/json, ref: a..b}",
        str![[r#"
error: rampkit.yaml:3:11: json: "a..b" is no ref: name a tag, a branch, a commit id, or `latest`
 3 |     from: {repository: srv/json, ref: a..b}
   |           ^

"#]],
    );
    refused(
        "{repository: 'ftp://ann:secret@host/r', ref: v1}",
        str![[r#"
error: rampkit.yaml:3:11: json: "ftp://host/r" is not the address of a repository: known are https, http, ssh, git and file
 3 |     from: {repository: 'ftp://ann:secret@host/r', ref: v1}
   |           ^

"#]],
    );
    // It is of a module, and no option of rampkit pack.
    let sandbox = project("settings: {from: {repository: a/b, ref: c}}\nmodules: {a: }\n");
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(
        6,
        str![[r#"
error: rampkit.yaml:1:12: there is no setting "from"
 1 | settings: {from: {repository: a/b, ref: c}}
   |            ^
hint: rampkit pack --help names the options that can be set

"#]],
    );
    harmless(&sandbox, "rampkit pack --all").fails(
        6,
        str![[r#"
error: rampkit.yaml:1:12: there is no setting "from"
 1 | settings: {from: {repository: a/b, ref: c}}
   |            ^
hint: rampkit pack --help names the options that can be set

"#]],
    );
}

fn what_a_manifest_cannot_be() {
    for (manifest, stderr) in [
        (
            "'-'",
            str![[r#"
error: rampkit.yaml:3:5: a: manifest is a file where it is fetched
 3 |     manifest: '-'
   |     ^

"#]],
        ),
        (
            "''",
            str![[r#"
error: rampkit.yaml:3:5: a: manifest takes one value
 3 |     manifest: ''
   |     ^

"#]],
        ),
        (
            "[a]",
            str![[r#"
error: rampkit.yaml:3:5: a: manifest takes one value
 3 |     manifest: [a]
   |     ^

"#]],
        ),
    ] {
        let text = format!(
            "modules:\n  a:\n    manifest: {manifest}\n    from: {{repository: srv/json, ref: v1}}\n"
        );
        harmless(&project(&text), "rampkit fetch --from rampkit.yaml").fails(6, stderr);
    }
    let text = "modules: {a: {manifest: a.lock, from: {repository: srv/json, ref: v1}}}";
    harmless(&project(text), "rampkit fetch --from rampkit.yaml").fails(
        2,
        str![[r#"
error: a.lock is the name of a lock, not of a manifest

"#]],
    );
}

fn what_is_no_project() {
    let sandbox = project("modules: {a: {manifset: x, from: {repository: srv/json, ref: v1}}}");
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml").fails(
        6,
        str![[r#"
error: rampkit.yaml:1:15: there is no setting "manifset"
 1 | modules: {a: {manifset: x, from: {repository: srv/json, ref: v1}}}
   |               ^
hint: did you mean "manifest"?

"#]],
    );
    harmless(&sandbox, "rampkit fetch --from none.yaml").fails(
        3,
        str![[r#"
error: cannot read none.yaml
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    harmless(&sandbox, "rampkit fetch --from srv").fails(
        3,
        str![[r#"
error: srv is a folder
hint: name a file

"#]],
    );
}

fn options_that_contradict() {
    let sandbox = project(PROJECT);
    harmless(&sandbox, "rampkit fetch --from rampkit.yaml srv/json v1").fails(
        2,
        str![[r#"
error: the argument '--from <FILE>' cannot be used with '[REPO REF]...'

Usage: rampkit fetch --from <FILE> [REPO REF]...

For more information, try '--help'.

"#]],
    );
    for option in ["-o x", "--path x", "--all-manifests x", "--list", "--json"] {
        let run = harmless(&sandbox, &format!("rampkit fetch --from rampkit.yaml {option}"));
        assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
        assert_eq!(run.code, 2, "{option}");
    }
}
