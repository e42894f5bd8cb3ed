//! Several repositories whose manifests cannot be written.

use libtest_mimic::Trial;
use snapbox::str;

use super::many::{harmless, two};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_manifest_that_was_edited),
        test!(a_place_that_is_taken),
        test!(two_of_one_name),
        test!(names_that_are_none),
    ]
}

fn a_manifest_that_was_edited() {
    let sandbox = two();
    sandbox.write("search/ramp.yml", "author: Ann\n");
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1").fails(
        9,
        str![[r#"
error: search/ramp.yml would be overwritten: there is no search/ramp.lock that says it was fetched
hint: move it away to keep it, or overwrite it with --force

"#]],
    );
    sandbox.ok("rampkit fetch srv/json v1 srv/search.git v1 --force");
    assert_eq!(sandbox.read("search/ramp.yml"), "display_name: search\n");
    sandbox.ok("echo author: Ann >>json/ramp.yml");
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1").fails(9, str![[r#"
error: json/ramp.yml would be overwritten: it is not as json/ramp.lock says, so it was edited by hand
hint: move it away to keep it, or overwrite it with --force

"#]]);
}

fn a_place_that_is_taken() {
    let sandbox = two();
    sandbox.write("search", "a file");
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1").fails(
        3,
        str![[r#"
error: cannot write in search
caused by: Not a directory (os error 20)

"#]],
    );
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1 -o search").fails(
        3,
        str![[r#"
error: cannot make search/json
caused by: Not a directory (os error 20)

"#]],
    );
    sandbox.ok("rm search && mkdir -p search/ramp.lock");
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1").fails(
        3,
        str![[r#"
error: search/ramp.lock is a folder
hint: name a file

"#]],
    );
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1 --force").fails(
        3,
        str![[r#"
error: search/ramp.lock is a folder
hint: name a file

"#]],
    );
    // By a link both are in one folder.
    sandbox.ok("rm -r search && mkdir search && ln -s search json");
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1").fails(
        9,
        str![[r#"
error: json and search would both write search/ramp.yml
hint: nothing was written; they need places that differ, for the locks beside them too

"#]],
    );
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/search.git v1 --all-manifests .").fails(
        9,
        str![[r#"
error: json and search would both write search
hint: nothing was written; they need places that differ, for the locks beside them too

"#]],
    );
}

fn two_of_one_name() {
    let sandbox = two();
    sandbox.ok("cp -r srv/json srv/search");
    harmless(&sandbox, "rampkit fetch srv/search v1 srv/search.git v1").fails(2, str![[r#"
error: srv/search and srv/search.git would both be written to search/; fetch one of them by itself, with an --output of its own

"#]]);
    harmless(&sandbox, "rampkit fetch srv/json v1 srv/json v2 -o there").fails(2, str![[r#"
error: srv/json and srv/json would both be written to json/; fetch one of them by itself, with an --output of its own

"#]]);
    harmless(&sandbox, "rampkit fetch srv/json v1 https://ann:secret@host/x/json.git v2")
        .fails(2, str![[r#"
error: srv/json and https://host/x/json.git would both be written to json/; fetch one of them by itself, with an --output of its own

"#]]);
}

fn names_that_are_none() {
    let sandbox = two();
    harmless(&sandbox, "rampkit fetch srv/json v1 https://ann:secret@host/ v1").fails(
        2,
        str![[r#"
error: no folder can have the name of https://host/; fetch it by itself, with an --output of its own

"#]],
    );
    harmless(&sandbox, "rampkit fetch srv/json v1 host:a/.. v1").fails(
        2,
        str![[r#"
error: no folder can have the name of host:a/..; fetch it by itself, with an --output of its own

"#]],
    );
}
