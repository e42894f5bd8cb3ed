//! Which commit `rampkit fetch` takes: tags, branches, ids, `latest`, and what there is not.

use libtest_mimic::Trial;
use snapbox::str;

use super::{locked, with_gears};
use crate::harness::{History, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(every_way_to_name_a_commit),
        test!(latest_is_the_highest_release),
        test!(an_unknown_ref_names_the_nearest),
        test!(an_abbreviated_id_may_be_ambiguous),
        test!(a_tag_of_a_file_is_no_commit),
        test!(a_word_for_a_ref_that_is_spelled_wrong),
    ]
}

fn every_way_to_name_a_commit() {
    let sandbox = with_gears();
    let id = sandbox.ok("git -C srv/gears rev-parse v0.9.0^{commit}");
    let short = &id[..8];
    for (reference, commit, name) in [
        ("v0.4.0", "v0.4.0", "refs/tags/v0.4.0"),
        ("tags/v0.4.0", "v0.4.0", "refs/tags/v0.4.0"),
        ("refs/tags/v0.4.0", "v0.4.0", "refs/tags/v0.4.0"),
        ("stable", "v0.4.0", "refs/tags/stable"),
        ("heads/v0.9.0", "refs/heads/v0.9.0", "refs/heads/v0.9.0"),
        ("main", "main", "refs/heads/main"),
        (&id, "tags/v0.9.0", &id),
        (short, "tags/v0.9.0", &id),
        (&short.to_uppercase(), "tags/v0.9.0", &id),
    ] {
        let path = if commit == "main" { "--path pack/ramp.yml" } else { "" };
        sandbox.ok(&format!("rampkit --deny-warnings fetch srv/gears {reference} {path}"));
        let commit = sandbox.ok(&format!("git -C srv/gears rev-parse '{commit}^{{commit}}'"));
        assert_eq!(
            (locked(&sandbox, "commit"), locked(&sandbox, "ref")),
            (commit, name.to_owned())
        );
    }
    sandbox.sh("rampkit fetch srv/gears v0.9.0").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
warning: v0.9.0 is both refs/tags/v0.9.0 and refs/heads/v0.9.0: took refs/tags/v0.9.0
   hint: say heads/v0.9.0 if that is what you mean
   Fetched ramp.yml at tags/v0.9.0 ([HEX]) of srv/gears, 26 bytes

"#]],
    );
    let before = sandbox.read("ramp.lock");
    sandbox.sh("rampkit --deny-warnings fetch srv/gears v0.9.0").fails(
        10,
        str![[r#"
warning: v0.9.0 is both refs/tags/v0.9.0 and refs/heads/v0.9.0: took refs/tags/v0.9.0
   hint: say heads/v0.9.0 if that is what you mean
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]],
    );
    assert_eq!(sandbox.read("ramp.lock"), before);
    sandbox
        .ok("git -C srv/gears symbolic-ref HEAD refs/heads/v0.9.0 && rampkit fetch srv/gears HEAD");
    assert_eq!(locked(&sandbox, "ref"), "refs/heads/v0.9.0");
}

fn latest_is_the_highest_release() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears latest").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
warning: there are several manifests: pack/ramp.yml, ramp_python.yml; took the first
   hint: --path names another
   Fetched pack/ramp.yml at tags/v1.2.13 ([HEX]) of srv/gears, 27 bytes

"#]],
    );
    sandbox.ok("git -C srv/gears tag v1.10.0 v0.9.0 && git -C srv/gears tag latest v0.4.0");
    sandbox.sh("rampkit fetch srv/gears latest").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
warning: there is also a ref tags/latest; `latest` means the highest release
   hint: say tags/latest for that ref
   Fetched ramp.yml at tags/v1.10.0 ([HEX]) of srv/gears, 26 bytes

"#]],
    );
    sandbox.ok("git -C srv/gears tag -d v0.1.0 v0.4.0 v0.9.0 v1.2.13 v1.10.0 latest");
    sandbox.ok("rampkit fetch srv/gears latest");
    assert_eq!(locked(&sandbox, "ref"), "refs/tags/v2.0.0-m1");
    sandbox.ok("git -C srv/gears tag -d v2.0.0-m1");
    sandbox.sh("rampkit fetch srv/gears latest").fails(
        5,
        str![[r#"
error: srv/gears has no release that `latest` could mean
hint: none of its 2 tags names a version like v1.2.3; name one of them, as note or stable

"#]],
    );
}

fn an_unknown_ref_names_the_nearest() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears tags/v1.99.7").fails(5, str![[r#"
error: srv/gears has no ref tags/v1.99.7
hint: it has 7 tags, the nearest are v1.2.13, v2.0.0-m1, v0.9.0; no tag begins with v1.99: is this the right repository?

"#]]);
    sandbox.sh("rampkit fetch srv/gears v0.4.1").fails(
        5,
        str![[r#"
error: srv/gears has no ref v0.4.1
hint: it has 7 tags, the nearest are v0.4.0, v0.1.0, v0.9.0

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears heads/mian").fails(
        5,
        str![[r#"
error: srv/gears has no ref heads/mian
hint: it has 2 branches, the nearest is main

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears mian").fails(
        5,
        str![[r#"
error: srv/gears has no ref mian
hint: it has 7 tags; it has 2 branches, the nearest is main

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears 1234567890123456789012345678901234567890").fails(
        5,
        str![[r#"
error: srv/gears has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears abcdef12").fails(
        5,
        str![[r#"
error: srv/gears has no commit abcdef12
hint: check the id, and whether that commit was pushed to this repository

"#]],
    );
    sandbox.ok("git init -q srv/empty");
    sandbox.sh("rampkit fetch srv/empty main").fails(
        5,
        str![[r#"
error: srv/empty has no ref main
hint: it is empty: nothing was ever pushed to it

"#]],
    );
    sandbox.sh("rampkit fetch srv/empty latest").fails(
        5,
        str![[r#"
error: srv/empty has no release that `latest` could mean
hint: it is empty: nothing was ever pushed to it

"#]],
    );
    sandbox.ok("git init -q --bare srv/untagged && git -C srv/gears push -q ../untagged main");
    sandbox.sh("rampkit fetch srv/untagged latest").fails(
        5,
        str![[r#"
error: srv/untagged has no release that `latest` could mean
hint: it has no tags at all; name a branch or a commit

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn a_word_for_a_ref_that_is_spelled_wrong() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears lastest").fails(
        5,
        str![[r#"
error: srv/gears has no ref lastest
hint: it has 7 tags; it has 2 branches: main, v0.9.0; or is it `latest`?

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears head").fails(
        5,
        str![[r#"
error: srv/gears has no ref head
hint: it has 7 tags; it has 2 branches: main, v0.9.0; or is it `HEAD`?

"#]],
    );
}

fn an_abbreviated_id_may_be_ambiguous() {
    let sandbox = Sandbox::new();
    let mut history = History::default();
    for n in 0..400 {
        history.commit("main", &[("ramp.yml", n.to_string())]);
    }
    history.write(&sandbox, "srv/r");
    // Of 400 commits some two share their first four digits, as 400 people share a birthday.
    let twice = "git -C srv/r log --format=%H main | cut -c-4 | sort | uniq -d | head -n 1";
    let digits = sandbox.ok(twice);
    assert_eq!(digits.len(), 4, "no two commits begin alike");
    sandbox.sh(&format!("rampkit fetch srv/r {digits}")).fails(
        5,
        str![[r#"
error: 751f is the beginning of 2 commits: [HEX], [HEX]
hint: give more digits

"#]],
    );
}

fn a_tag_of_a_file_is_no_commit() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears note").fails(
        5,
        str![[r#"
error: note of srv/gears does not lead to a commit
hint: it points at a file or a folder; name a ref that points at a commit

"#]],
    );
}
