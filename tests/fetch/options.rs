//! Command lines of `rampkit fetch` that do not say what to do.

use libtest_mimic::Trial;
use snapbox::str;

use super::many::{harmless, two};
use super::project::{PROJECT, project};
use super::with_gears;
use crate::harness::Sandbox;
use crate::test;

const WAYS: &str = "\
Usage: rampkit fetch [OPTIONS] <REPO> <REF> [<REPO> <REF>]...
       rampkit fetch [OPTIONS] --from <FILE>
       rampkit fetch [OPTIONS] --locked
       rampkit fetch [OPTIONS] --list <REPO>

For more information, try '--help'.
";

pub fn all() -> Vec<Trial> {
    vec![
        test!(operands_that_are_missing),
        test!(options_that_contradict),
        test!(jobs_that_are_none),
        test!(lists_that_there_cannot_be),
        test!(a_project_and_what_contradicts_it),
        test!(a_lock_and_what_contradicts_it),
        test!(what_stands_in_the_place_of_a_ref),
    ]
}

/// Expects that clap says what is wrong, and all ways to say what is wanted.
#[track_caller]
fn misused(sandbox: &Sandbox, line: &str, said: &str) {
    let run = harmless(sandbox, line);
    assert_eq!(run.code, 2);
    let ways = run.stderr.strip_prefix(&format!("error: {said}\n\n"));
    assert_eq!(ways, Some(WAYS), "{}", run.stderr);
}

fn operands_that_are_missing() {
    let sandbox = two();
    misused(
        &sandbox,
        "rampkit fetch",
        "the following required arguments were not provided:\n  <REPO REF>...",
    );
    harmless(&sandbox, "rampkit fetch srv/json").fails(
        2,
        str![[r#"
error: behind srv/json stands no REF: a tag, a branch, a commit id, or `latest`; --list shows the tags

"#]],
    );
    harmless(&sandbox, "rampkit fetch srv/json v1 https://ann:secret@host/r.git").fails(
        2,
        str![[r#"
error: behind https://host/r.git stands no REF: a tag, a branch, a commit id, or `latest`; --list shows the tags

"#]],
    );
    // What is not first is read before anything is fetched, too.
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git a..b").fails(
        2,
        str![[r#"
error: "a..b" is no ref: name a tag, a branch, a commit id, or `latest`

"#]],
    );
    harmless(&sandbox, "rampkit fetch srv/json v1 ftp://host/r v1").fails(
        2,
        str![[r#"
error: "ftp://host/r" is not the address of a repository: known are https, http, ssh, git and file

"#]],
    );
}

fn options_that_contradict() {
    let sandbox = two();
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1 -o -").fails(
        2,
        str![[r#"
error: stdout takes one manifest; for several, --output names a folder

"#]],
    );
    misused(
        &sandbox,
        "rampkit fetch srv/json v1 --all-manifests a -o b",
        "the argument '--all-manifests <FOLDER>' cannot be used with '--output <PATH>'",
    );
    misused(
        &sandbox,
        "rampkit fetch srv/json v1 --all-manifests a --path b",
        "the argument '--all-manifests <FOLDER>' cannot be used with '--path <PATH>'",
    );
    sandbox.write("ca.pem", "");
    harmless(&sandbox, "rampkit fetch srv/json v1 --cacert ca.pem -o ca.pem --force").fails(
        9,
        str![[r#"
error: ca.pem is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
}

fn jobs_that_are_none() {
    let sandbox = two();
    for jobs in ["0", "-1", "many"] {
        let run = harmless(&sandbox, &format!("rampkit fetch srv/json v1 --jobs={jobs}"));
        let expected = format!(
            "error: invalid value '{jobs}' for '--jobs <N>': a number of jobs is a whole number \
             from 1 on\n\nFor more information, try '--help'.\n"
        );
        assert_eq!((run.stderr, run.code), (expected, 2));
    }
}

fn lists_that_there_cannot_be() {
    let sandbox = with_gears();
    misused(
        &sandbox,
        "rampkit fetch --list",
        "the following required arguments were not provided:\n  <REPO REF>...",
    );
    sandbox.sh("rampkit fetch --list srv/gears v0.4.0").fails(
        2,
        str![[r#"
error: --list takes one REPO, and no REF

"#]],
    );
    misused(
        &sandbox,
        "rampkit fetch --list srv/gears --path ramp.yml",
        "the argument '--list' cannot be used with '--path <PATH>'",
    );
    for operands in ["srv/gears", "srv/gears v0.4.0"] {
        misused(
            &sandbox,
            &format!("rampkit fetch --json {operands}"),
            "the following required arguments were not provided:\n  --list",
        );
    }
    sandbox.sh("rampkit fetch srv/gears").fails(
        2,
        str![[r#"
error: behind srv/gears stands no REF: a tag, a branch, a commit id, or `latest`; --list shows the tags

"#]],
    );
    sandbox.sh("rampkit fetch --list ./none").fails(
        5,
        str![[r#"
error: ./none is not a git repository
caused by: there is no folder of this name
hint: name an address, a folder, or `owner/name` for a repository of GitHub

"#]],
    );
    sandbox.sh("rampkit fetch --list --offline git://127.0.0.1/gears").fails(
        4,
        str![[r#"
error: the tags of git://127.0.0.1/gears cannot be listed offline
hint: leave --offline out: a list is never kept, as tags may come and go

"#]],
    );
    sandbox.ok("rampkit fetch --list --offline srv/gears");
    sandbox.sh("rampkit fetch --list srv").fails(
        5,
        str![[r#"
error: srv is not a git repository
caused by: it holds neither a .git folder nor a bare repository
hint: name the top folder of a work tree, or a bare repository

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn a_project_and_what_contradicts_it() {
    let sandbox = project(PROJECT);
    misused(
        &sandbox,
        "rampkit fetch --from rampkit.yaml srv/json v1",
        "the argument '--from <FILE>' cannot be used with '[REPO REF]...'",
    );
    for option in ["-o x", "--path x", "--all-manifests x", "--list", "--json"] {
        let run = harmless(&sandbox, &format!("rampkit fetch --from rampkit.yaml {option}"));
        assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
        assert_eq!(run.code, 2, "{option}");
    }
}

fn a_lock_and_what_contradicts_it() {
    let sandbox = with_gears();
    misused(
        &sandbox,
        "rampkit fetch --locked srv/gears v0.4.0",
        "the argument '--locked' cannot be used with '[REPO REF]...'",
    );
    harmless(&sandbox, "rampkit fetch --locked -o -").fails(
        2,
        str![[r#"
error: --locked reads the lock beside the manifest, and stdout has none

"#]],
    );
    for option in ["--path x", "--all-manifests x", "--list"] {
        let run = harmless(&sandbox, &format!("rampkit fetch --locked {option}"));
        assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
        assert_eq!(run.code, 2, "{option}");
    }
}

/// A login in it is not shown.
fn what_stands_in_the_place_of_a_ref() {
    let sandbox = two();
    harmless(&sandbox, "rampkit fetch v1 https://ann:secret@host/r.git").fails(
        2,
        str![[r#"
error: https://host/r.git stands where a REF should: the repository comes first, then what of it

"#]],
    );
    harmless(&sandbox, "rampkit fetch srv/json https://ann:secret@host:x/").fails(
        2,
        str![[r#"
error: "https://host:x/" is not the address of a repository: invalid port number

"#]],
    );
    let said = "unexpected value 'https://host/r.git' for '--list' found; no more were expected";
    misused(&sandbox, "rampkit fetch --list=https://ann:secret@host/r.git", said);
}
