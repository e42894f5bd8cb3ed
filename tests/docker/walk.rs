//! From a module in its own image to a server that has it.

use libtest_mimic::Trial;

use super::{Image, builds, loaded, put_rampkit};
use crate::harness::Docked;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(what_init_writes_builds, Docker, Binutils),
        test!(a_module_is_assembled_and_loaded, Docker, Binutils),
    ]
}

/// The bundle lies in both images, and the second is as the first in all else.
fn what_init_writes_builds() {
    let docked = Docked::new();
    docked.module("hello");
    let image = Image {
        name: "init/hello:edge",
        from: "local/debian",
        files: "hello.so",
        folder: "/usr/lib/redis/modules/",
        more: "ENV GREETING=hello\nWORKDIR /srv\nUSER nobody\nCMD [\"true\"]",
    };
    image.build(&docked);
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
}

fn a_module_is_assembled_and_loaded() {
    let docked = Docked::new();
    docked.module("hello");
    let image = Image {
        name: "walk/hello:1.2.3",
        from: "local/debian",
        files: "hello.so",
        folder: "/opt/redislabs/lib/modules/",
        more: "",
    };
    image.build(&docked);
    docked.write(
        "assembled/Dockerfile",
        r#"
FROM walk/hello:1.2.3 AS hello
FROM local/redis
ENV REDIS_MODULES=/opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
COPY --from=hello "$REDIS_MODULES/hello.so" "$REDIS_MODULES/"
CMD ["--loadmodule", "/opt/redislabs/lib/modules/hello.so", "one", "two three"]
"#,
    );
    builds(&docked, "assembled", "walk/assembled");
    assert_eq!(
        loaded(&docked, "walk/assembled"),
        [r#"hello 10203 /opt/redislabs/lib/modules/hello.so ["one","two three"]"#]
    );
}
