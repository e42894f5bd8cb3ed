//! `rampkit init`: what it writes packs, and nothing that is there is lost.

use std::process::Command;

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::{Peer, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(three_files),
        test!(the_manifest),
        test!(the_module_yaml_and_the_dockerfile),
        test!(what_it_writes_packs),
        test!(every_example_is_valid),
        test!(a_module_that_no_node_would_load),
        test!(names_that_mean_something_else),
        test!(arguments_are_kept),
        test!(another_folder_another_module),
        test!(in_the_image_itself, Unshare),
        test!(what_is_there_stays),
        test!(what_is_no_module),
        test!(an_image_by_its_digest),
        test!(what_is_no_image),
        test!(a_linter_has_nothing_to_say, Hadolint),
    ]
}

fn hello() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox
}

fn three_files() {
    let sandbox = hello();
    sandbox.sh("rampkit init").prints(
        str![[r#"
ramp.yml
module.yaml
Dockerfile

"#]],
        str![[r#"
    Loaded hello 1.2.3 with 3 commands as Redis 7.4.11 does
      Next fill in ramp.yml, then rampkit pack hello.so

"#]],
    );
    assert_eq!(sandbox.list("."), ["Dockerfile", "hello.so", "module.yaml", "ramp.yml"]);
}

fn the_manifest() {
    let sandbox = hello();
    sandbox.ok("rampkit init");
    sandbox.sh("cat ramp.yml").prints(str![[r##"
# What the bundle of hello.so says to Redis Enterprise.
# The module itself tells its name (hello), its version (1.2.3) and its 3 commands.
# What only its author knows stands here. YAML behind a # is an example: take the # away from lines
# that are true.

# What people call it, and what it adds to a database: "Search and query", "JSON", "Time Series", …
display_name: hello
capability_name: ""
# What it does, in a sentence.
description: ""
# Who wrote it, and where more can be read.
author: ""
email: ""
homepage: ""
# As SPDX has it: MIT, Apache-2.0, …
license: ""

# The Redis version of the databases that it is for. It must equal theirs; nobody can guess it.
#compatible_redis_version: "7.4"
# The oldest Redis, and the oldest Redis Enterprise, that it works with; 4.0 and 5.2 if nobody says.
# Versions want quotes: 7.10 is the number 7.1.
#min_redis_version: "6.0"
#min_redis_pack_version: "6.0"

# The systems whose nodes take the bundle: as far as its file tells, it can be loaded on
# these.
...

# What a database with the module may do.
capabilities:
#  - types                  # has data types of its own
#  - no_multi_key           # no command works on several keys
#  - replica_of             # works in a database that is a Replica Of another
#  - backup_restore         # its data can be exported and imported
#  - eviction_expiry        # its keys can expire and be evicted
#  - reshard_rebalance      # its keys can move to other shards
#  - failover_migrate       # survives failover and migration of a shard
#  - persistence_aof        # its data is persisted in an append-only file
#  - persistence_rdb        # its data is persisted in snapshots
#  - hash_policy            # works with a hashing policy of the database's own
#  - flash                  # works with Auto Tiering: data in RAM and flash
#  - crdb                   # works in an Active-Active database
#  - clustering             # works in a database of several shards
#  - intershard_tls         # its own traffic between shards can be encrypted
#  - intershard_tls_pass    # takes a password for the keys of that encryption
#  - ipv6                   # works over IPv6
#  - bigstore_version_2     # works with the second version of Auto Tiering
#  - asm                    # works while slots migrate atomically
#  - short_form_clusterset  # understands the short form of CLUSTERSET

# The arguments that a database passes to it where its owner gives none.
command_line_args: ""
# Those that it is loaded with while it is packed, where the former will not do.
#run_command_line_args: MAX 5

# The command that changes its settings while it runs.
#config_command: hello.CONFIG SET
# The feature sets of Active-Active that it understands.
#crdb: {supported_featureset_versions: [1]}
# Whether it works with the second version of Auto Tiering.
#bigstore_version_2_support: true

# Commands that a database shall not have.
#exclude_commands:
#  - hello.world
# Commands of which something shall differ; the format spells it so. Steps of -1, -2 and -3 are policies
# by which the proxy of Redis Enterprise chooses a shard.
#overide_command:
#  - command_name: hello.world
#    step: -2

# Files that it needs beside it. local_path instead of sha256 embeds a file or folder of yours.
# {{NAME}} stands for a value that packing puts in its place, wherever it stands.
#dependencies:
#  plugin:
#    url: https://example.com/plugin.{{OS}}-{{ARCH}}.{{SEMVER}}.tgz
#    sha256: [HEX]

"##]], "");
}

fn the_module_yaml_and_the_dockerfile() {
    let sandbox = hello();
    sandbox.ok("rampkit init --image registry.example.com:5000/hello:edge hello.so");
    sandbox.sh("cat module.yaml Dockerfile").prints(str![[r##"
# For the Dockerfile that installs hello. rampkit pack renews the version and the bundle; what is added
# by hand (script, command, artifacts, comments) stays.
kind: Module
name: hello
version: 1.2.3
# The image that holds what shall be copied.
image: registry.example.com:5000/hello:edge
artifacts:
  - source: /usr/lib/redis/modules/hello.Linux-[ARCH].1.2.3.zip
    user: redislabs:redislabs
# What else shall be copied; without a target it goes to the module folder, as the bundle does.
# A server that is no Redis Enterprise needs the module itself, and to be told to load it.
#  - source: /usr/lib/redis/modules/hello.so
# Instructions that stand before the copying; these remove older bundles.
#script: |
#  RUN rm -f "$REDIS_MODULES"/hello.*.zip
# Packages of the image's system that it needs.
#packages: {manager: apt-get, install: [libgomp1]}
# What the image to come adds to the command line of its server.
#command: ["--loadmodule","/opt/redislabs/lib/modules/hello.so"]
# Packs hello.so in the image that has it; the module runs there, no server does. Put a rampkit for
# that image beside this file, or name another place by --build-arg RAMPKIT=PATH, then
#   docker build --output dist .
# writes the bundle and its module.yaml to dist, and
#   docker build --target packed --tag registry.example.com:5000/hello:edge .
# makes the image that module.yaml names: the one that has the module, and beside it the bundle. Then
#   rampkit dockerfile --baseimage redislabs/redis --output dist/Dockerfile dist/module.yaml
#   docker build dist
# makes an image of Redis Enterprise that has it.

# Where the module lies in its image.
ARG MODULE_FOLDER="/usr/lib/redis/modules"

FROM registry.example.com:5000/hello:edge AS pack
# The bundle is written beside the module, which may be root's.
# hadolint ignore=DL3002
USER 0
ARG RAMPKIT=rampkit
COPY ["${RAMPKIT}", "/usr/local/bin/rampkit"]
# With them whatever a local_path of ramp.yml names.
COPY ["ramp.yml", "module.yaml", "/pack/"]
WORKDIR /pack
ARG MODULE_FOLDER
ARG MODULE_FILE="hello.so"
RUN chmod 755 /usr/local/bin/rampkit /
    && bundle="$(rampkit pack --module-yaml module.yaml -- "$MODULE_FOLDER/$MODULE_FILE")" /
    && mkdir /dist && cp "$bundle" module.yaml /dist/

# As whoever it ran before, and without what was needed for packing.
FROM registry.example.com:5000/hello:edge AS packed
ARG MODULE_FOLDER
COPY --from=pack ["/dist/*.zip", "${MODULE_FOLDER}/"]

FROM scratch
COPY --from=pack ["/dist/", "/"]

"##]], "");
}

fn what_it_writes_packs() {
    let sandbox = hello();
    sandbox.ok("rampkit init");
    sandbox.ok("cp module.yaml before && sed -i 's/^#compatible/compatible/' ramp.yml");
    sandbox.ok("rampkit pack hello.so --deny-warnings");
    sandbox.sh("diff before module.yaml; true").prints(
        str![[r#"
9c9
<   - source: /usr/lib/redis/modules/hello.Linux-[ARCH].1.2.3.zip
---
>   - source: [ROOT]/hello.Linux-[ARCH].1.2.3.zip
10a11
>     sha256: [HEX]

"#]],
        "",
    );
}

/// The manifest with all lines of one example alive, for each of them.
fn examples(text: &str) -> Vec<String> {
    let is_prose = |line: &str| line.starts_with("# ") && !line.starts_with("#  ");
    let is_example = |line: &str| line.starts_with('#') && !is_prose(line);
    let begins = |line: &str| is_example(line) && !line.starts_with("#  ");
    let lines: Vec<&str> = text.lines().collect();
    let first = |n: &usize| {
        begins(lines[*n]) || (is_example(lines[*n]) && (*n == 0 || !is_example(lines[n - 1])))
    };
    let alive = |from: usize| {
        let end = (from + 1..lines.len()).find(|n| first(n) || !is_example(lines[*n]));
        let within = from..end.unwrap_or(lines.len());
        let line = |(n, line): (usize, &&str)| match within.contains(&n) {
            true => format!("{}\n", &line[1..]),
            false => format!("{line}\n"),
        };
        lines.iter().enumerate().map(line).collect()
    };
    (0..lines.len()).filter(first).map(alive).collect()
}

fn every_example_is_valid() {
    let sandbox = hello();
    sandbox.ok("rampkit init");
    let manifest = sandbox.read("ramp.yml");
    let alive = examples(&manifest);
    assert_eq!(alive.len(), 11, "{alive:#?}");
    for text in alive {
        assert_ne!(text, manifest);
        sandbox.write("ramp.yml", &text);
        let run = sandbox.sh("rampkit pack hello.so --embed-deps=none");
        assert_eq!(run.code, 0, "{text}{}", run.stderr);
        assert!(!run.stderr.contains("unknown"), "{text}{}", run.stderr);
    }
    sandbox.write("ramp.yml", &manifest);
    let module_yaml = sandbox.read("module.yaml");
    let alive = examples(&module_yaml);
    assert_eq!(alive.len(), 4, "{alive:#?}");
    for text in alive {
        sandbox.write("module.yaml", &text);
        sandbox.ok("rampkit pack hello.so");
        let added: Vec<&str> =
            text.lines().filter(|line| !module_yaml.lines().any(|it| it == *line)).collect();
        let now = sandbox.read("module.yaml");
        assert!(added.iter().all(|line| now.contains(line)), "{added:?}\n{now}");
    }
}

fn a_module_that_no_node_would_load() {
    let sandbox = Sandbox::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
    let musl = format!("libc.musl-{}.so.1", std::env::consts::ARCH);
    sandbox.ok(&format!(
        "mkdir lib && echo 'int musl;' >lib/musl.c && cc -shared -o lib/{musl} lib/musl.c \
         -Wl,-soname,{musl} && cc -shared -fPIC -o hello.so -I'{folder}' '{folder}/hello.c' \
         -Wl,--no-as-needed lib/{musl}"
    ));
    sandbox.ok("LD_LIBRARY_PATH=$PWD/lib rampkit init hello.so");
    sandbox.sh("grep -A 4 '^# The systems' ramp.yml").prints(
        str![[r#"
# The systems whose nodes take the bundle; no node of today's
# would load it, as it needs libc.musl-[ARCH].so.1, and the C library of nodes is glibc.
#operating_systems:
#  - rhel9


"#]],
        "",
    );
}

fn names_that_mean_something_else() {
    let sandbox = Sandbox::new();
    sandbox.module_that(
        "yes",
        "CreateCommand(ctx, \"no\", it, \"\", 0, 0, 0);\n\
         CreateCommand(ctx, \"ON.CONFIGSET\", it, \"\", 0, 0, 0);\n\
         CreateCommand(ctx, \"#CONFIG\", it, \"\", 0, 0, 0);",
    );
    sandbox.ok(r#"mv yes.so 'a $(b) "c" '\''d.so' && rampkit init *.so"#);
    sandbox
        .sh("grep -hE '^ *[a-z]*name:|config_command|exclude|^#  - [^a-z]' ramp.yml module.yaml")
        .prints(
            str![[r#"
#config_command: '#CONFIG SET'
#config_command: ON.CONFIGSET
#exclude_commands:
name: 'yes'

"#]],
            "",
        );
    sandbox.sh("grep -hE 'source|image|command:' module.yaml").prints(
        str![[r##"
# The image that holds what shall be copied.
image: yes:0.0.1
  - source: /usr/lib/redis/modules/a $(b) "c" 'd.Linux-[ARCH].0.0.1.zip
#  - source: /usr/lib/redis/modules/a $(b) "c" 'd.so
# Packages of the image's system that it needs.
# What the image to come adds to the command line of its server.
#command: ["--loadmodule","/opt/redislabs/lib/modules/a $(b) /"c/" 'd.so"]

"##]],
        "",
    );
    sandbox.sh("grep -E '^(FROM|ARG)' Dockerfile").prints(
        str![[r#"
ARG MODULE_FOLDER="/usr/lib/redis/modules"
FROM yes:0.0.1 AS pack
ARG RAMPKIT=rampkit
ARG MODULE_FOLDER
ARG MODULE_FILE="a /$(b) /"c/" 'd.so"
FROM yes:0.0.1 AS packed
ARG MODULE_FOLDER
FROM scratch

"#]],
        "",
    );
    sandbox.ok("rampkit pack *.so");
    for text in examples(&sandbox.read("ramp.yml")) {
        sandbox.write("ramp.yml", &text);
        sandbox.ok("rampkit pack *.so --embed-deps=none");
    }
}

fn arguments_are_kept() {
    let sandbox = Sandbox::new();
    sandbox.module("count_arguments");
    sandbox.ok("rampkit init count_arguments.so -- -a 'b: c'");
    sandbox.sh("grep run_command_line_args ramp.yml").prints(
        str![[r#"
run_command_line_args: '-a b: c'

"#]],
        "",
    );
    sandbox.ok("rampkit pack");
}

fn another_folder_another_module() {
    let sandbox = hello();
    sandbox.ok("mkdir built && mv hello.so 'built/my hello.so'");
    sandbox.sh("rampkit init -C new/begin 'built/my hello.so'").prints(str![[r#"
new/begin/ramp.yml
new/begin/module.yaml
new/begin/Dockerfile

"#]], str![[r#"
    Loaded hello 1.2.3 with 3 commands as Redis 7.4.11 does
      Next fill in ramp.yml, then rampkit pack 'built/my hello.so' -m new/begin/ramp.yml --module-yaml new/begin/module.yaml

"#]]);
    let next = "rampkit pack 'built/my hello.so' -m new/begin/ramp.yml \
                --module-yaml new/begin/module.yaml";
    let before = sandbox.read("new/begin/module.yaml");
    sandbox.ok(next);
    assert_ne!(sandbox.read("new/begin/module.yaml"), before);
    assert_eq!(sandbox.list("."), ["built", "new"]);
}

/// In the image the module has its place, and is found there.
fn in_the_image_itself() {
    let sandbox = hello();
    let run = sandbox.sh_alone(
        "mkdir -p image && mv hello.so image && mount -t tmpfs none /opt && \
         mkdir -p /opt/redislabs/lib/modules && cp image/hello.so /opt/redislabs/lib/modules && \
         rampkit init /opt/redislabs/lib/modules/hello.so && grep ARG Dockerfile && \
         rampkit pack /opt/redislabs/lib/modules/hello.so --module-yaml module.yaml && \
         grep source module.yaml",
    );
    run.prints(str![[r#"
ramp.yml
module.yaml
Dockerfile
ARG MODULE_FOLDER="/opt/redislabs/lib/modules"
ARG RAMPKIT=rampkit
ARG MODULE_FOLDER
ARG MODULE_FILE="hello.so"
ARG MODULE_FOLDER
/opt/redislabs/lib/modules/hello.Linux-[ARCH].1.2.3.zip
  - source: $REDIS_MODULES/hello.Linux-[ARCH].1.2.3.zip
#  - source: $REDIS_MODULES/hello.so

"#]], str![[r#"
    Loaded hello 1.2.3 with 3 commands as Redis 7.4.11 does
      Next fill in ramp.yml, then rampkit pack /opt/redislabs/lib/modules/hello.so --module-yaml module.yaml
    Loaded hello.so as Redis 7.4.11 does
warning: nobody says compatible_redis_version
   hint: give the Redis version (as 7.4) of the databases the module is for, in the manifest or with --set compatible_redis_version=…; it must equal theirs
    Packed hello 1.2.3: 3 commands

"#]]);
}

fn what_is_there_stays() {
    let sandbox = hello();
    for there in ["ramp.yml", "module.yaml", "Dockerfile", "ramp.yml Dockerfile"] {
        sandbox.ok(&format!("rm -rf d && mkdir d && cd d && touch {there}"));
        let before = sandbox.list("d");
        let list = there.split(' ').map(|name| format!("  d/{name}\n")).collect::<String>();
        sandbox.sh("rampkit init -C d").fails(
            9,
            format!(
                "error: these are there already:\n{list}\
                 hint: begin in another folder with -C DIR; nothing was written\n"
            ),
        );
        assert_eq!(sandbox.list("d"), before);
        assert!(before.iter().all(|name| sandbox.read(format!("d/{name}")).is_empty()));
    }
    sandbox.ok("rm -rf d && mkdir d && ln -s nowhere d/Dockerfile");
    assert_eq!(sandbox.sh("rampkit init -C d").code, 9);
    sandbox.ok("rm -rf d && touch d");
    sandbox.sh("rampkit init -C d").fails(
        3,
        str![[r#"
error: d is no folder
hint: move it, or name another folder with -C DIR

"#]],
    );
}

fn what_is_no_module() {
    let sandbox = Sandbox::new();
    sandbox.write("text.so", "text");
    sandbox.sh("rampkit init text.so").fails(
        7,
        str![[r#"
error: text.so is no Redis module: it is a text
hint: name the .so that the module's build made on Linux

"#]],
    );
    sandbox.module("crash");
    sandbox.sh("rampkit init crash.so --discovery embedded -C new").fails(8, str![[r#"
error: [ROOT]/crash.so does not load (imitating Redis 7.4.11): it crashed in crash.so, RedisModule_OnLoad+[..] (signal 11, SIGSEGV)
  | <crash> about to build the index
  last call of the module API: Log
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
    assert!(!sandbox.path("new").exists());
}

/// With the bundle in it it has another one.
fn an_image_by_its_digest() {
    let sandbox = hello();
    sandbox.ok(&format!("rampkit init --image h:1@sha256:{}", "0".repeat(64)));
    sandbox.sh("grep -hE '^FROM|--tag|^image' Dockerfile module.yaml").prints(
        str![[r#"
#   docker build --target packed --tag h:1 .
FROM h:1@sha256:[HEX] AS pack
FROM h:1@sha256:[HEX] AS packed
FROM scratch
image: h:1

"#]],
        "",
    );
}

fn what_is_no_image() {
    let sandbox = hello();
    sandbox.sh("rampkit init --image 'a b'").fails(
        2,
        str![[r#"
error: invalid value 'a b' for '--image <IMAGE>': an image is [HOST/]NAME[:TAG][@DIGEST]

For more information, try '--help'.

"#]],
    );
    for image in ["''", "'$IMAGE'", "'a\nRUN b'", "--platform=x"] {
        assert_eq!(sandbox.sh(&format!("rampkit init --image={image}")).code, 2, "{image}");
    }
    assert_eq!(sandbox.list("."), ["hello.so"]);
}

fn a_linter_has_nothing_to_say() {
    let sandbox = hello();
    sandbox.ok(r#"cp hello.so 'a $(b) "c" '\''d.so'"#);
    for arguments in ["hello.so", "hello.so --image h:1", "a*.so"] {
        sandbox.ok(&format!("rm -f ramp.yml module.yaml Dockerfile && rampkit init {arguments}"));
        let lint = |more: &str| {
            let path = sandbox.path("Dockerfile");
            let mut hadolint = Command::new(Peer::Hadolint.found().join("hadolint"));
            let output = hadolint.args(["--no-color", more]).arg(path).output().unwrap();
            (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
        };
        assert_eq!(lint("--failure-threshold=warning"), (Some(0), String::new()), "{arguments}");
        // What it is let pass is the one thing that was meant.
        let (code, said) = lint("--disable-ignore-pragma");
        assert!(code == Some(1) && said.lines().count() == 1 && said.contains("DL3002"), "{said}");
    }
}
