//! All that a module can ask for, in one image.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use snapbox::str;

use super::{Image, loaded};
use crate::harness::Docked;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(all_that_a_module_asks_for_is_there, Docker)]
}

const MODULE: &str = r#"
kind: Module
name: hello
version: 1.2.3
artifacts:
- {source: hello.so, user: "redis:redis", mode: "0550"}
- {source: data, target: /usr/share/hello/}
envs: [{name: GREETING, value: 'say "hello" for $5'}, {name: EMPTY, value: ""}, {name: NONE}]
labels: [{name: com.example.note, value: it's}, {name: com.example.by, value: a module}]
ports: [{value: 6380, protocol: udp}]
volumes: [{path: /var/lib/hello}]
packages: {manager: apt-get, install: [tini]}
execute: [{script: setup.sh, user: root}, {script: own.sh, user: redis}]
config: {maxmemory: 64mb, client-output-buffer-limit: [normal 1 2 3, pubsub 4 5 6]}
command: [--loadmodule, hello.so, a b]
"#;

const TARGET: &str = "
kind: Target
baseimage: all/base
baseuser: redis
modules: {repositories: [{path: modules}], install: [{name: hello}]}
labels: [{name: com.example.by, value: a target}]
ports: [{value: 6381}]
run: {workdir: /usr/share/hello}
config: {maxmemory-policy: allkeys-lru}
";

/// Packages come from where this machine has its own.
fn all_that_a_module_asks_for_is_there() {
    let docked = Docked::new();
    docked.module("hello");
    docked.ok("mkdir -p modules/hello && mv hello.so modules/hello");
    docked.write("modules/hello/module.yaml", MODULE);
    docked.write("modules/hello/data/deep/file", "data");
    docked.write("modules/hello/setup.sh", "#!/bin/sh\nid -un >/etc/setup\ntini --version >&2\n");
    docked.write("modules/hello/own.sh", "id -un >/tmp/own\n");
    docked.ok("chmod 755 modules/hello/setup.sh");
    let more = "RUN mkdir -p /opt/redislabs/lib/modules\nUSER redis";
    let (name, from) = ("all/base", "local/redis");
    Image { name, from, files: "modules/hello/own.sh", folder: "/srv/", more }.build(&docked);
    docked.write("target.yaml", TARGET);
    docked.ok("rampkit dockerfile target.yaml --context build");
    docked.ok("docker build --network=host --tag all/all build");
    settings(&docked);
    files(&docked);
    let hello = r#"hello 10203 /opt/redislabs/lib/modules/hello.so ["a b"]"#;
    assert_eq!(loaded(&docked, "all/all"), [hello]);
}

fn settings(docked: &Docked) {
    let said = docked.ok("docker inspect --format '{{json .Config}}' all/all");
    let said: Value = serde_json::from_str(&said).unwrap();
    let has = |variable: &str| said["Env"].as_array().unwrap().contains(&json!(variable));
    assert!(has("GREETING=say \"hello\" for $5") && has("EMPTY=") && !has("NONE="), "{said}");
    assert_eq!(said["Labels"], json!({ "com.example.note": "it's", "com.example.by": "a target" }));
    assert_eq!(said["ExposedPorts"], json!({ "6379/tcp": {}, "6380/udp": {}, "6381/tcp": {} }));
    assert_eq!(said["Volumes"], json!({ "/data": {}, "/var/lib/hello": {} }));
    assert_eq!(said["User"], "redis");
    assert_eq!(said["Cmd"][0], "/etc/redis/redis.conf");
    assert_eq!(said["WorkingDir"], "/usr/share/hello");
}

fn files(docked: &Docked) {
    let look = "cat /etc/setup /tmp/own deep/file; echo; ls -A /tmp/modules /var/lib/apt/lists; \
                stat -c \"%U:%G %a\" $REDIS_MODULES/hello.so; tini -s -- id -un; \
                grep -v ^# /etc/redis/redis.conf";
    let said = docked.ok(&format!("docker run --rm all/all sh -c '{look}'"));
    snapbox::assert_data_eq!(
        said,
        str![[r#"
root
redis
data
/tmp/modules:

/var/lib/apt/lists:
redis:redis 550
redis
maxmemory 64mb
client-output-buffer-limit normal 1 2 3
client-output-buffer-limit pubsub 4 5 6
maxmemory-policy allkeys-lru
"#]]
    );
}
