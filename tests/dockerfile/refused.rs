//! What cannot be built is refused with who wants it, and nothing is written.

use libtest_mimic::Trial;
use snapbox::{IntoData, str};

use super::sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(images),
        test!(artifacts),
        test!(what_must_be_collected),
        test!(packages_and_users),
        test!(scripts),
        test!(commands_and_directives),
        test!(ports_and_values),
    ]
}

/// Nothing appears.
fn refuses(module_yaml: &str, options: &str, stderr: impl IntoData) {
    let sandbox = sandbox(module_yaml);
    let line = format!("rampkit dockerfile m/module.yaml -o Dockerfile {options}");
    sandbox.sh(&line).fails(12, stderr);
    assert_eq!(sandbox.list("."), ["m"]);
}

fn images() {
    refuses("{name: a, image: 'redis:'}", "", str![]);
    refuses("{name: a}", "--module-image a Me/Redis", str![]);
    refuses("{name: a, image: scratch}", "", str![]);
    refuses("{name: a}", "--baseimage 'redis:${TAG}'", str![]);
    refuses("{kind: Target, baseimage: null, name: my image}", "", str![]);
}

fn artifacts() {
    refuses("{name: a, artifacts: [{source: /usr/lib/redis/modules/a.so}]}", "", str![]);
    refuses("{name: a, artifacts: [{source: b.so}]}", "", str![]);
    refuses("{name: a, artifacts: [{source: ../m/a.so}]}", "", str![]);
    refuses("{name: a, artifacts: [{source: '*.txt'}]}", "", str![]);
    refuses("{name: a, artifacts: [{source: '*', target: /x}]}", "", str![]);
    let sha256 = "0".repeat(64);
    let with_digest = |source: &str| {
        format!("{{name: a, artifacts: [{{source: {source}, sha256: '{sha256}'}}]}}")
    };
    refuses(&with_digest("a.so"), "", str![]);
    refuses(&with_digest("lib"), "", str![]);
    refuses(&with_digest("'*.so'"), "", str![]);
    let two = "[{name: a, artifacts: [{source: a.so}]}, {name: b, image: b, artifacts: [{source: /a.so}]}]";
    refuses(two, "", str![]);
    refuses("{name: a, artifacts: [{source: a.so, user: 'a b'}]}", "", str![]);
    let sandbox = sandbox("");
    sandbox
        .sh("echo '{name: a, artifacts: [{source: a.so}]}' | rampkit dockerfile -o Dockerfile")
        .fails(12, str![]);
    assert_eq!(sandbox.list("."), ["m"]);
}

fn what_must_be_collected() {
    refuses("{name: a, config: {maxmemory: 1gb}}", "", str![]);
    let sandbox = sandbox("{name: a, artifacts: [{source: a.so}]}");
    sandbox.ok("mkdir here");
    sandbox.sh("cd here && rampkit dockerfile ../m/module.yaml").fails(12, str![]);
    sandbox.ok("cd here && rampkit dockerfile -q ../m/module.yaml --context ctx");
    assert_eq!(sandbox.list("here/ctx/modules/a"), ["a.so"]);
}

fn packages_and_users() {
    refuses("{name: a, packages: {install: [curl]}}", "--baseimage me/own --baseuser root", str![]);
    refuses("{name: a, packages: {manager: apk, install: [curl]}}", "--baseimage me/own", str![]);
    refuses("{name: a, packages: {install: [curl]}}", "--baseimage scratch", str![]);
    let two = "[{name: a, packages: {manager: apk, install: [b]}}, \
               {name: c, packages: {manager: yum, install: [d]}}]";
    refuses(two, "", str![]);
    let windows = "{kind: Target, platform: windows, baseimage: me/windows, script: '', packages: {install: [b]}}";
    refuses(windows, "", str![]);
}

fn scripts() {
    refuses("{name: a, execute: [{script: none.sh}]}", "", str![]);
    refuses("{name: a, execute: [{script: ../x.sh}]}", "", str![]);
    refuses("{name: a, execute: [{script: lib}]}", "", str![]);
    refuses("{name: a, execute: [{script: x.sh}]}", "--baseimage scratch", str![]);
    refuses("{name: a, script: 'RUN x \\'}", "", str![]);
    refuses("{name: a, script: FROM x}", "", str![]);
    let sandbox = sandbox("{name: a, artifacts: [{source: lib}]}");
    sandbox.ok("ln -s /etc/passwd m/lib/out");
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").fails(12, str![]);
    sandbox.ok("rm m/lib/out && ln -s ../../secret m/a && touch secret");
    sandbox.write("m/module.yaml", "{name: a, artifacts: [{source: a}]}");
    sandbox.sh("rampkit dockerfile m/module.yaml").fails(12, str![]);
    assert_eq!(sandbox.list("."), ["m", "secret"]);
}

fn commands_and_directives() {
    refuses("{name: a, command: \"--x 'y\"}", "", str![]);
    refuses("{name: a, run: {cmd: [redis-server, a.conf]}, config: {maxmemory: 1gb}}", "", str![]);
    refuses("{name: a, config: {maxmemory: '\"'}}", "", str![]);
}

fn ports_and_values() {
    refuses("{name: a}", "--expose 65536", str![]);
    refuses("{name: a}", "--expose 6380/sctp", str![]);
    refuses("{name: a}", "--baseuser 'a b'", str![]);
}
