//! Bundles become modules of an image by what they say of themselves.

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::Sandbox;
use crate::pack::{PACK, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(redis_enterprise_gets_them_as_they_are),
        test!(a_server_gets_what_is_in_them),
        test!(who_loads_them_must_be_known),
        test!(what_the_image_may_lack_is_named),
        test!(what_is_not_valid_is_refused, InfoZip),
        test!(two_of_the_same_file_are_refused),
        test!(one_does_not_take_away_the_other),
        test!(a_module_is_to_be_packed_before),
    ]
}

/// Two bundles, `a.zip` and `b.zip`; the second module has arguments.
fn two() -> Sandbox {
    let sandbox = sample();
    sandbox.ok(&format!("{PACK} --no-module-yaml -o a.zip hello.so"));
    sandbox.ok("cp hello.so other.so");
    sandbox.ok(&format!(
        "{PACK} --no-module-yaml -o b.zip --set module_name=other -c 'TIMEOUT 5' other.so"
    ));
    sandbox
}

fn redis_enterprise_gets_them_as_they_are() {
    let run = two().sh("rampkit dockerfile a.zip b.zip --baseimage redislabs/redis");
    run.prints(
        str![[r##"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of a.zip and b.zip.

# The image to begin with.
FROM redislabs/redis
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

# hello 1.2.3
# Says hello; a sample for packing
# From a.zip.
RUN rm -f "$REDIS_MODULES/"a.*.zip "$REDIS_MODULES/"hello.*.zip
COPY --chown=redislabs:redislabs ["a.zip", "$REDIS_MODULES/"]
RUN printf '%s  %s/n' /
        [HEX] "$REDIS_MODULES/a.zip" /
    | sha256sum -c

# other 1.2.3
# Says hello; a sample for packing
# From b.zip.
RUN rm -f "$REDIS_MODULES/"b.*.zip "$REDIS_MODULES/"other.*.zip
COPY --chown=redislabs:redislabs ["b.zip", "$REDIS_MODULES/"]
RUN printf '%s  %s/n' /
        [HEX] "$REDIS_MODULES/b.zip" /
    | sha256sum -c

# How it is run.
EXPOSE 6379/tcp

"##]],
        str![[r#"
 Assembled 2 modules on redislabs/redis

"#]],
    );
}

fn a_server_gets_what_is_in_them() {
    let sandbox = two();
    sandbox
        .sh("rampkit dockerfile a.zip b.zip --baseimage me/redis --for server --context image")
        .prints(
            str![[r#"
image

"#]],
            str![[r#"
 Assembled 2 modules on me/redis

"#]],
        );
    sandbox.sh("grep -v '^# ' image/Dockerfile; find image -type f | sort").prints(
        str![[r#"

FROM me/redis
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data

COPY ["modules/hello/1.2.3/hello.so", "$REDIS_MODULES/"]
RUN printf '%s  %s/n' /
        [HEX] "$REDIS_MODULES/hello.so" /
    | sha256sum -c

COPY ["modules/other/1.2.3/other.so", "$REDIS_MODULES/"]
RUN printf '%s  %s/n' /
        [HEX] "$REDIS_MODULES/other.so" /
    | sha256sum -c

EXPOSE 6379/tcp
CMD ["--loadmodule", "/opt/redislabs/lib/modules/hello.so", /
    "--loadmodule", "/opt/redislabs/lib/modules/other.so", "TIMEOUT", "5"]
image/.rampkit-context.json
image/Dockerfile
image/modules/hello/1.2.3/hello.so
image/modules/other/1.2.3/other.so

"#]],
        "",
    );
}

fn who_loads_them_must_be_known() {
    let sandbox = two();
    let loads = |base: &str| {
        let line = format!("rampkit dockerfile a.zip --baseimage {base} --context image");
        let run = sandbox.sh(&line);
        let is_bundle = sandbox.read("image/Dockerfile").contains("a.zip\"");
        (is_bundle, run.stderr.contains("say --for enterprise, or --for server"))
    };
    assert_eq!(loads("redislabs/redis"), (true, false));
    assert_eq!(loads("gcr.io/redislabs/redis"), (true, false));
    for server in ["redis", "redis/redis-stack", "redis/redis-stack-server", "valkey/valkey"] {
        assert_eq!(loads(server), (false, false), "{server}");
    }
    for unknown in ["me/redis", "quay.io/library/redis", "valkey"] {
        assert_eq!(loads(unknown), (true, true), "{unknown}");
    }
}

fn what_the_image_may_lack_is_named() {
    let sandbox = sample();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
    for library in ["libgomp.so.1", "libbz2.so.1", "libown.so.3"] {
        sandbox.ok(&format!(
            "mkdir -p lib && echo 'int x;' >x.c && cc -shared -o lib/{library} x.c -Wl,-soname,{library}"
        ));
    }
    sandbox.ok(&format!(
        "cc -shared -fPIC -o hello.so -I'{folder}' '{folder}/hello.c' -Wl,--no-as-needed lib/*"
    ));
    sandbox.ok(&format!("{PACK} --no-module-yaml -o a.zip"));
    let run = sandbox.sh("rampkit dockerfile a.zip --baseimage redislabs/redis >/dev/null");
    run.prints("", str![[r#"
warning: a.zip needs libbz2.so.1, which the image may not have
   hint: install it by a Target with packages: {manager: yum, install: [bzip2-libs]}
warning: a.zip needs libgomp.so.1, which the image may not have
   hint: install it by a Target with packages: {manager: apt-get, install: [libgomp1]}; with yum it is libgomp
warning: a.zip needs libown.so.3, which the image may not have
   hint: install the package that has it by `packages` of a Target
 Assembled 1 module on redislabs/redis

"#]]);
}

fn what_is_not_valid_is_refused() {
    let sandbox = two();
    sandbox.ok("mkdir d && rampkit unpack -C d a.zip && printf x >>d/hello.so && rm a.zip");
    sandbox.ok("cd d && zip -q ../a.zip hello.so module.json");
    let run =
        sandbox.sh("rampkit dockerfile a.zip b.zip --baseimage redislabs/redis -o Dockerfile");
    run.fails(
        1,
        str![[r#"
error: a.zip cannot be trusted:
  error sha256_contradicts sha256 is [HEX], and that of the module [HEX]
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
    assert!(!sandbox.path("Dockerfile").exists());
}

/// Each would be loaded as the other.
fn two_of_the_same_file_are_refused() {
    let sandbox = two();
    sandbox.ok("cp a.zip again.zip");
    let line = "rampkit dockerfile b.zip a.zip again.zip --for server --context image";
    sandbox.sh(line).prints(
        str![[r#"
image

"#]],
        str![[r#"
warning: hello of again.zip replaces that of a.zip
   hint: name only the file whose module you want
 Assembled 2 modules on redis:latest

"#]],
    );
    sandbox.ok(&format!("{PACK} --no-module-yaml -o c.zip --set module_name=third hello.so"));
    sandbox.sh("rampkit dockerfile a.zip c.zip --for server --context other").fails(12, str![[r#"
error: c.zip: third: hello.so of a.zip: hello and hello.so of c.zip: third both land on $REDIS_MODULES/hello.so
hint: give one of them another `target`

"#]]);
    assert!(!sandbox.path("other").exists());
}

/// What is removed for the second is what the first is called.
fn one_does_not_take_away_the_other() {
    let sandbox = two();
    sandbox.ok("mv a.zip other.1.zip");
    let line = "rampkit dockerfile other.1.zip b.zip --for enterprise -o Dockerfile";
    sandbox.sh(line).fails(
        12,
        str![[r#"
error: b.zip: it takes the place of all other.*.zip, and other.1.zip is one
hint: give one of the two files another name

"#]],
    );
    assert!(!sandbox.path("Dockerfile").exists());
    // Not where it was removed before it comes, nor where it is no older one.
    sandbox.ok("rampkit dockerfile b.zip other.1.zip --for enterprise");
    sandbox.ok("mv other.1.zip other.zip && rampkit dockerfile other.zip b.zip --for enterprise");
    sandbox.ok("rampkit dockerfile other.zip b.zip --for server --context image");
}

fn a_module_is_to_be_packed_before() {
    sample().sh("rampkit dockerfile hello.so").fails(
        12,
        str![[r#"
error: hello.so: it is a module that is not packed
hint: pack it: rampkit pack hello.so

"#]],
    );
}
