//! From a module in its own image to a server that has it.

use std::path::Path;

use libtest_mimic::Trial;

use super::{Image, builds, loaded, put_rampkit};
use crate::harness::{Docked, Peer};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(what_init_writes_builds, Docker, Binutils),
        test!(a_module_is_packed_in_its_image_and_loaded_in_another, Docker, Binutils),
        test!(modules_of_a_repository_are_loaded, Docker, RediSearch),
        test!(a_server_loads_what_is_in_bundles, Docker, RediSearch),
        test!(redis_enterprise_has_the_new_bundle_only, Docker),
    ]
}

/// Where images keep modules, before they are assembled and after.
const BEFORE: &str = "/usr/lib/redis/modules/";
const AFTER: &str = "/opt/redislabs/lib/modules/";

/// An image with files of the sandbox where modules lie.
fn module_image(docked: &Docked, name: &str, files: &str) {
    Image { name, from: "local/debian", files, folder: BEFORE, more: "" }.build(docked);
}

/// Copies a real module of many commands to `redisearch.so`.
fn redisearch(docked: &Docked) {
    std::fs::copy(Peer::RediSearch.found(), docked.path("redisearch.so")).unwrap();
}

/// The bundle lies in both images, and the second is as the first in all else.
fn what_init_writes_builds() {
    let docked = Docked::new();
    docked.module("hello");
    let more = "ENV GREETING=hello\nWORKDIR /srv\nUSER nobody\nCMD [\"true\"]";
    let name = "init/hello:edge";
    Image { name, from: "local/debian", files: "hello.so", folder: BEFORE, more }.build(&docked);
    docked.ok("rampkit init hello.so --image init/hello:edge -C pack");
    put_rampkit(&docked, "pack");
    let settings = "docker inspect --format '{{json .Config}}' init/hello:edge";
    let before = docked.ok(settings);
    docked.ok("cd pack && docker build --output dist .");
    docked.ok("cd pack && docker build --target packed --tag init/hello:edge .");
    assert_eq!(docked.ok(settings), before);

    let bundle = format!("hello.Linux-{}.1.2.3.zip", std::env::consts::ARCH);
    assert_eq!(docked.list("pack/dist"), [&bundle, "module.yaml"]);
    let digests = "sha256sum *.zip && grep '^ *sha256:' module.yaml";
    let digests = docked.ok(&format!("cd pack/dist && {digests}"));
    let (of_file, named) = digests.split_once('\n').unwrap();
    assert_eq!(of_file.split(' ').next(), named.split(' ').next_back());
    let there =
        docked.ok("docker run --rm init/hello:edge sh -c 'sha256sum /usr/lib/redis/*/*.zip'");
    assert_eq!(there.split(' ').next(), of_file.split(' ').next());

    let base = "rampkit dockerfile pack/dist/module.yaml --baseimage redislabs/redis";
    docked.ok(&format!("mkdir assembled && {base} >assembled/Dockerfile"));
    builds(&docked, "assembled", "init/assembled");
}

/// The job: the module image, packing in it, the Dockerfile, the image, the server.
fn a_module_is_packed_in_its_image_and_loaded_in_another() {
    let docked = Docked::new();
    docked.module("hello");
    module_image(&docked, "walk/hello:1.2.3", "hello.so");
    docked.ok("mkdir pack build");
    put_rampkit(&docked, "pack");
    docked.write(
        "pack/module.yaml",
        "kind: Module\n\
         name: hello\n\
         artifacts:\n\
         - source: /usr/lib/redis/modules/hello.so\n\
         command: [--loadmodule, /usr/lib/redis/modules/hello.so, one, two three, 'it''s \"$HOME\"']\n",
    );
    docked.write("pack/ramp.yml", "compatible_redis_version: '7.2'\n");
    docked.ok(
        "docker run --name walk --volume \"$PWD/pack:/pack\" --workdir /pack walk/hello:1.2.3 \
         ./rampkit pack --module-yaml module.yaml --user redis:redis",
    );
    docked.ok("docker commit walk walk/hello:packed && docker rm walk");
    docked.ok("rampkit dockerfile --module-image hello walk/hello:packed --baseimage local/redis \
         pack/module.yaml >build/Dockerfile");
    builds(&docked, "build", "walk/assembled");
    assert_eq!(
        loaded(&docked, "walk/assembled"),
        [format!(r#"hello 10203 {AFTER}hello.so ["one","two three","it's \"$HOME\""]"#)]
    );
    let list = "sh -c 'cd $REDIS_MODULES && stat --format \"%U:%G %a %n\" *'";
    let bundle = format!("hello.Linux-{}.1.2.3.zip", std::env::consts::ARCH);
    assert_eq!(
        docked.ok(&format!("docker run --rm walk/assembled {list}")),
        format!("redis:redis 644 {bundle}\nroot:root 755 hello.so")
    );
}

/// What a module asks for is loaded before it.
fn modules_of_a_repository_are_loaded() {
    let docked = Docked::new();
    docked.module("hello");
    redisearch(&docked);
    module_image(&docked, "two/hello", "hello.so");
    module_image(&docked, "two/redisearch", "redisearch.so");
    docked.write(
        "modules/hello/module.yaml",
        "kind: Module\n\
         name: hello\n\
         version: 1.2.3\n\
         image: two/hello\n\
         artifacts: [{source: /usr/lib/redis/modules/hello.so}]\n\
         command: [--loadmodule, hello.so, after, the search]\n\
         modules: {install: [{name: redisearch}]}\n",
    );
    docked.write(
        "modules/redisearch/module.yaml",
        "kind: Module\n\
         name: redisearch\n\
         version: 1.2.2\n\
         image: two/redisearch\n\
         artifacts: [{source: /usr/lib/redis/modules/redisearch.so}]\n\
         command: [--loadmodule, redisearch.so, MAXEXPANSIONS, '42']\n",
    );
    docked.ok("mkdir build && rampkit dockerfile --repository modules --install hello \
         --baseimage local/redis >build/Dockerfile");
    builds(&docked, "build", "two/assembled");
    let modules = loaded(&docked, "two/assembled");
    let hello = format!(r#"hello 10203 {AFTER}hello.so ["after","the search"]"#);
    let search = format!(r#"{AFTER}redisearch.so ["MAXEXPANSIONS","42"]"#);
    assert!(modules[0].ends_with(&search) && modules[1..] == [hello], "{modules:?}");
    let cmd = docked.ok("docker inspect --format '{{json .Config.Cmd}}' two/assembled");
    assert!(cmd.find("redisearch.so") < cmd.find("hello.so"), "{cmd}");
}

fn a_server_loads_what_is_in_bundles() {
    let docked = Docked::new();
    docked.module("hello");
    redisearch(&docked);
    docked.write(
        "ramp.yml",
        "compatible_redis_version: '7.2'\ncommand_line_args: MAXEXPANSIONS 42\n",
    );
    docked.ok("rampkit pack hello.so -o hello.zip && rampkit pack redisearch.so -o redisearch.zip");
    docked.ok("rampkit dockerfile hello.zip redisearch.zip --baseimage local/redis --for server \
         --context build");
    builds(&docked, "build", "bundles/assembled");
    let modules = loaded(&docked, "bundles/assembled");
    let of = |name: &str| format!(r#"{AFTER}{name}.so ["MAXEXPANSIONS","42"]"#);
    assert_eq!(modules.len(), 2);
    assert!(modules.iter().any(|line| line.ends_with(&of("hello"))), "{modules:?}");
    assert!(modules.iter().any(|line| line.ends_with(&of("redisearch"))), "{modules:?}");
}

/// Redis Enterprise itself cannot be had here: an image that looks like one can.
fn redis_enterprise_has_the_new_bundle_only() {
    let docked = Docked::new();
    docked.module("hello");
    docked.write("ramp.yml", "compatible_redis_version: '7.2'\noperating_systems: [ubuntu22]\n");
    let old = ["hello.Linux-x86_64.1.0.0.zip", "hello.zip.txt", "hello2.Linux-x86_64.1.0.0.zip"];
    for name in old {
        docked.write(Path::new("old").join(name), "old");
    }
    let (name, from) = ("redislabs/redis:old", "redislabs/redis");
    Image { name, from, files: "old/*", folder: AFTER, more: "" }.build(&docked);
    docked.ok("rampkit pack hello.so");
    docked.ok("rampkit dockerfile hello.*.zip --baseimage redislabs/redis:old >Dockerfile");
    docked.write(".dockerignore", "old\n");
    builds(&docked, ".", "enterprise/assembled");
    let list = "sh -c 'id -un; cd $REDIS_MODULES; stat --format \"%U:%G %n\" *'";
    let new = format!("hello.Linux-{}.1.2.3.zip", std::env::consts::ARCH);
    assert_eq!(
        docked.ok(&format!("docker run --rm enterprise/assembled {list}")),
        format!("redislabs\nredislabs:redislabs {new}\nroot:root {}\nroot:root {}", old[1], old[2])
    );
    let run = "docker inspect --format '{{json .Config.Cmd}} {{json .Config.Entrypoint}}'";
    assert_eq!(
        docked.ok(&format!("{run} enterprise/assembled")),
        docked.ok(&format!("{run} redislabs/redis"))
    );
}
