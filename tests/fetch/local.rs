//! `rampkit fetch` from repositories of this machine: what it writes, and what is no repository.

use libtest_mimic::Trial;
use snapbox::str;

use super::{locked, with_gears};
use crate::harness::{History, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_tag_becomes_a_manifest_and_a_lock),
        test!(stdout_is_the_manifest_byte_for_byte),
        test!(a_work_tree_and_a_file_address_are_read_in_place),
        test!(what_is_no_repository),
        test!(what_is_no_ref_or_address),
        test!(a_repository_of_somebody_else, Users),
        test!(an_address_without_its_scheme),
        test!(a_configuration_that_cannot_be_read),
    ]
}

fn a_tag_becomes_a_manifest_and_a_lock() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears tags/v0.4.0").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of srv/gears, 26 bytes

"#]],
    );
    assert_eq!(sandbox.list("."), ["ramp.lock", "ramp.yml", "srv"]);
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n");
    snapbox::assert_data_eq!(
        sandbox.read("ramp.lock"),
        str![[r#"
# Written by rampkit fetch: where the manifest beside this file comes from.
repository: srv/gears
ref: refs/tags/v0.4.0
commit: 7584870bce1a43c356a347b2d696ca06ce185abe
path: ramp.yml
blob: 5970034bc0105f8022674c600686d4a7c9ef32eb
sha256: 512e57216ecab7497d3cf74aa64c12d685e30ebf681382bb80cbcaf4ccaf5754

"#]]
    );
    assert_eq!(
        sandbox.ok("git -C srv/gears rev-parse v0.4.0^{commit}"),
        locked(&sandbox, "commit")
    );
    assert_eq!(sandbox.ok("git hash-object ramp.yml"), locked(&sandbox, "blob"));
    assert_eq!(sandbox.ok("sha256sum < ramp.yml | cut -c-64"), locked(&sandbox, "sha256"));
    sandbox.sh("rampkit --quiet fetch srv/gears tags/v0.4.0").prints(
        str![[r#"
ramp.yml

"#]],
        str![],
    );
}

fn stdout_is_the_manifest_byte_for_byte() {
    let sandbox = Sandbox::new();
    let bytes: &[u8] = b"# no line end, CR LF, not UTF-8:\r\n\xff\x00";
    History::default().commit("main", &[("ramp.yml", bytes)]).write(&sandbox, "srv/r");
    sandbox.ok("rampkit fetch srv/r main -o - > out");
    assert_eq!(std::fs::read(sandbox.path("out")).unwrap(), bytes);
    sandbox.ok("rampkit fetch srv/r main -o sub.yml");
    assert_eq!(std::fs::read(sandbox.path("sub.yml")).unwrap(), bytes);
    assert_eq!(sandbox.list("."), ["out", "srv", "sub.lock", "sub.yml"]);
}

fn a_work_tree_and_a_file_address_are_read_in_place() {
    let sandbox = with_gears();
    sandbox.ok("git clone -q srv/gears 'my clone' && cd 'my clone' && echo edited > ramp.yml && git tag mine v0.9.0");
    let before = sandbox.ok("cd 'my clone' && find . -type f | sort | xargs -d '\\n' sha256sum");
    sandbox.sh("rampkit fetch 'my clone' mine").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/mine ([HEX]) of my clone, 26 bytes

"#]],
    );
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.9.0\n");
    sandbox.sh("rampkit fetch \"file://$PWD/my%20clone\" mine").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/mine ([HEX]) of file://[ROOT]/my%20clone, 26 bytes

"#]],
    );
    // A branch that only the origin has is found as git finds it.
    sandbox.ok("rampkit fetch 'my clone' origin/v0.9.0");
    assert_eq!(sandbox.read("ramp.yml"), "display_name: a branch\n");
    let after = sandbox.ok("cd 'my clone' && find . -type f | sort | xargs -d '\\n' sha256sum");
    assert_eq!(before, after);
}

fn what_is_no_repository() {
    let sandbox = with_gears();
    sandbox.write("folder/file", "");
    sandbox.ok("git clone -q srv/gears clone && mkdir clone/inside");
    for (repository, expected) in [
        (
            "folder",
            str![[r#"
error: folder is not a git repository
caused by: it holds neither a .git folder nor a bare repository
hint: name the top folder of a work tree, or a bare repository

"#]],
        ),
        (
            "./none",
            str![[r#"
error: ./none is not a git repository
caused by: there is no folder of this name
hint: name an address, a folder, or `owner/name` for a repository of GitHub

"#]],
        ),
        (
            "folder/file",
            str![[r#"
error: folder/file is not a git repository
caused by: it holds neither a .git folder nor a bare repository
hint: name the top folder of a work tree, or a bare repository

"#]],
        ),
        // It lies in a work tree, but that is not what was named.
        (
            "clone/inside",
            str![[r#"
error: clone/inside is not a git repository
caused by: it holds neither a .git folder nor a bare repository
hint: name the top folder of a work tree, or a bare repository

"#]],
        ),
    ] {
        sandbox.sh(&format!("rampkit fetch {repository} v1")).fails(5, expected);
    }
}

fn what_is_no_ref_or_address() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch srv/gears 'HEAD~1'").fails(
        2,
        str![[r#"
error: "HEAD~1" is no ref: name a tag, a branch, a commit id, or `latest`

"#]],
    );
    sandbox.sh("rampkit fetch https://ann:secret@ v1").fails(
        2,
        str![[r#"
error: "https://" is not the address of a repository: empty host

"#]],
    );
    sandbox.sh("rampkit fetch ftp://host/gears v1").fails(2, str![[r#"
error: "ftp://host/gears" is not the address of a repository: known are https, http, ssh, git and file

"#]]);
    sandbox.sh("rampkit fetch ssh://-oProxyCommand=touch%20x/r v1").fails(2, str![[r#"
error: "ssh://-oProxyCommand=touch%20x/r" is not the address of a repository: no part of it may begin with - or hold control characters

"#]]);
    sandbox.sh("rampkit fetch 'ext::sh -c id' v1").fails(
        2,
        str![[r#"
error: "ext::sh -c id" is not the address of a repository: git's remote helpers are not used

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

/// Only root can give a folder to somebody else; anybody else can but read their own.
fn a_repository_of_somebody_else() {
    let sandbox = with_gears();
    if sandbox.ok("id -u") != "0" {
        sandbox.ok("rampkit fetch srv/gears v0.4.0");
        return;
    }
    sandbox.ok("chown -R 12345 srv/gears");
    sandbox.sh("rampkit fetch srv/gears v0.4.0").fails(
        4,
        str![[r#"
error: the repository at [ROOT]/srv/gears belongs to another user
hint: if you trust it: git config --global --add safe.directory [ROOT]/srv/gears

"#]],
    );
    sandbox.ok("git config --global --add safe.directory \"$PWD/srv/gears\"");
    sandbox.ok("rampkit fetch srv/gears v0.4.0");
}

fn an_address_without_its_scheme() {
    let sandbox = Sandbox::new();
    sandbox.sh("rampkit fetch github.com/owner/name v1").fails(
        5,
        str![[r#"
error: github.com/owner/name is not a git repository
caused by: there is no folder of this name
hint: for an address say how to go there: https://github.com/owner/name

"#]],
    );
    sandbox.sh("rampkit fetch ../owner/name v1").fails(
        5,
        str![[r#"
error: ../owner/name is not a git repository
caused by: there is no folder of this name
hint: name an address, a folder, or `owner/name` for a repository of GitHub

"#]],
    );
    assert_eq!(sandbox.list("."), [""; 0]);
}

fn a_configuration_that_cannot_be_read() {
    let sandbox = with_gears();
    sandbox.write("../home/.gitconfig", "[user\n");
    sandbox.sh("rampkit fetch srv/gears v0.4.0").fails(
        3,
        str![[r#"
error: cannot read srv/gears
caused by: failed to parse config file: [..]
hint: mend that line; `git config --list` says whether git can read it

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}
