//! `rampkit fetch --from`: project files that do not say what to fetch.

use libtest_mimic::Trial;
use snapbox::str;

use super::many::harmless;
use super::project::project;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(no_module_says_from),
        test!(what_from_cannot_say),
        test!(what_a_manifest_cannot_be),
        test!(what_is_no_project),
        test!(a_repository_is_no_project),
    ]
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
    for command in ["fetch --from rampkit.yaml", "pack --all"] {
        harmless(&sandbox, &format!("rampkit {command}")).fails(
            6,
            str![[r#"
error: rampkit.yaml:1:12: there is no setting "from"
 1 | settings: {from: {repository: a/b, ref: c}}
   |            ^
hint: rampkit pack --help names the options that can be set

"#]],
        );
    }
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

/// A login in it is not shown.
fn a_repository_is_no_project() {
    let sandbox = project("");
    harmless(&sandbox, "rampkit fetch --from https://ann:secret@host/r.git").fails(
        2,
        str![[r#"
error: --from takes a project file, and https://host/r.git is a repository: it stands by itself, as REPO REF

"#]],
    );
}
