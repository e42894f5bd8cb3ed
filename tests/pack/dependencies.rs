//! Dependencies, embedded or named.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use libtest_mimic::Trial;
use snapbox::str;

use super::{PACK, harmless, metadata, sample};
use crate::harness::{entries, read_entry};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(dependencies_are_embedded_under_the_name_of_their_url, Tar),
        test!(a_dependency_has_the_same_bytes_whenever),
        test!(a_link_is_embedded_under_its_own_name, Tar),
        test!(dependencies_that_cannot_be_embedded),
    ]
}

fn dependencies_are_embedded_under_the_name_of_their_url() {
    let sandbox = sample();
    sandbox.write("pack/files/plugin/lib/a.txt", "a");
    sandbox.write("pack/files/plugin/run.sh", "#!/bin/sh\n");
    sandbox.ok("chmod 700 pack/files/plugin/run.sh && mkdir pack/files/plugin/empty");
    symlink("lib/a.txt", sandbox.path("pack/files/plugin/link")).unwrap();
    sandbox.write("pack/one.bin", "one");
    let sha = "a".repeat(64);
    sandbox.write(
        "pack/ramp.yml",
        format!(
            "operating_systems: [rhel8]\ncompatible_redis_version: '7.2'\ndependencies:\n  plugin:\n    \
             url: https://example.com/plugin.Linux.1.2.tgz?x=1\n    local_path: files/plugin\n  one:\n    \
             local_path: one.bin\n  far:\n    url: https://example.com/far.tgz\n    sha256: {sha}\n"
        ),
    );
    sandbox.sh(&format!("{PACK} -m pack/ramp.yml -o x.zip")).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
    Packed hello 1.2.3: 3 commands, 2 dependencies

"#]],
    );
    assert_eq!(
        entries(&sandbox.path("x.zip")),
        ["hello.so", "module.json", "deps/one.tgz", "deps/plugin.Linux.1.2.tgz"]
    );
    let tgz = |name: &str| {
        sandbox.write(name, read_entry(&sandbox.path("x.zip"), &format!("deps/{name}")))
    };
    tgz("plugin.Linux.1.2.tgz");
    sandbox.sh("TZ=UTC tar -tvzf plugin.Linux.1.2.tgz --numeric-owner").prints(
        str![[r#"
drwxr-xr-x 0/0               0 1980-01-01 00:00 plugin/
drwxr-xr-x 0/0               0 1980-01-01 00:00 plugin/empty/
drwxr-xr-x 0/0               0 1980-01-01 00:00 plugin/lib/
-rw-r--r-- 0/0               1 1980-01-01 00:00 plugin/lib/a.txt
lrwxr-xr-x 0/0               0 1980-01-01 00:00 plugin/link -> lib/a.txt
-rwxr-xr-x 0/0              10 1980-01-01 00:00 plugin/run.sh

"#]],
        str![""],
    );
    let said = metadata(&sandbox, "x.zip");
    for (name, entry) in [("plugin", "plugin.Linux.1.2.tgz"), ("one", "one.tgz")] {
        let digest = sandbox.ok(&format!("sha256sum < {} | cut -d' ' -f1", tgz(entry).display()));
        assert_eq!(said["dependencies"][name]["sha256"], digest);
        assert_eq!(said["dependencies"][name].get("local_path"), None);
    }
    assert_eq!(said["dependencies"]["far"]["sha256"], sha);
}

fn a_dependency_has_the_same_bytes_whenever() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: plugin}}\n");
    for name in ["b", "a", "c/x", "c/y"] {
        sandbox.write(format!("plugin/{name}"), name.repeat(100_000));
    }
    sandbox.ok(&format!("{PACK} -o one.zip"));
    sandbox.ok(
        "cp -r plugin again && rm -r plugin && mv again plugin && touch -d 2001-02-03 plugin/*",
    );
    sandbox.ok(&format!("chmod -R g-rwx,o-rwx plugin && {PACK} -o two.zip && cmp one.zip two.zip"));
}

fn a_link_is_embedded_under_its_own_name() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: liba.so}, q: {local_path: .}}\n");
    sandbox.ok("mkdir ../lib && mv * ../lib && cd ../lib && echo a > liba.so.1.2 && ln -s liba.so.1.2 liba.so");
    sandbox
        .ok("cd ../lib && rampkit pack -q --commands ../commands.json -o ../here/x.zip hello.so");
    for (dependency, member) in [("p", "liba.so"), ("q", "lib/")] {
        let tgz = read_entry(&sandbox.path("x.zip"), &format!("deps/{dependency}.tgz"));
        sandbox.write("x.tgz", tgz);
        assert_eq!(sandbox.ok("tar -tzf x.tgz | head -1"), member);
    }
}

fn dependencies_that_cannot_be_embedded() {
    let sandbox = sample();
    let run = |dependency: &str| {
        sandbox.write(
            "ramp.yml",
            format!("dependencies:\n  plugin: {dependency}\n  zlib: {{local_path: hello.so}}\n"),
        );
        harmless(&sandbox, PACK)
    };
    run("{url: 'https://h/p.tgz'}").fails(
        6,
        str![[r#"
error: dependency plugin: it needs a url and a sha256, or a local_path to embed

"#]],
    );
    run("{local_path: no-such}").fails(
        6,
        str![[r#"
error: dependency plugin: there is no no-such, its local_path

"#]],
    );
    run("{local_path: hello.so, url: 'https://h/'}").fails(
        6,
        str![[r#"
error: dependency plugin: "", the last part of its url, cannot be the name of its entry

"#]],
    );
    run("{local_path: hello.so, url: 'https://h/zlib.tgz'}").fails(
        6,
        str![[r#"
error: dependency zlib: another one is embedded as deps/zlib.tgz already; give it a url with a file name of its own

"#]],
    );
    fs::create_dir(sandbox.path("folder")).unwrap();
    let _socket = UnixListener::bind(sandbox.path("folder/socket")).unwrap();
    fs::create_dir(sandbox.path("links")).unwrap();
    symlink("../../secret", sandbox.path("links/link")).unwrap();
    run("{local_path: links}").fails(
        3,
        str![[r#"
error: cannot archive [ROOT]/links/link: it is a link that leads out of the folder
hint: take it out of the dependency's folder

"#]],
    );
    run("{local_path: folder}").fails(
        3,
        str![[r#"
error: cannot archive [ROOT]/folder/socket: it is a device, a socket or a pipe
hint: take it out of the dependency's folder

"#]],
    );
}
