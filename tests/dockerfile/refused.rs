//! What cannot be built is refused with who wants it, and nothing is written.

use libtest_mimic::Trial;
use snapbox::{IntoData, str};

use super::sandbox;
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_terminal_is_not_read_unasked, Script),
        test!(images),
        test!(artifacts),
        test!(what_must_be_collected),
        test!(packages_and_users),
        test!(scripts),
        test!(commands_and_directives),
        test!(ports_and_values),
        test!(bundles),
        test!(what_is_read_is_not_overwritten),
    ]
}

/// Nothing appears.
fn refuses(module_yaml: &str, options: &str, stderr: impl IntoData) {
    let sandbox = sandbox(module_yaml);
    let line = format!("rampkit dockerfile m/module.yaml -o Dockerfile {options}");
    sandbox.sh(&line).fails(12, stderr);
    assert_eq!(sandbox.list("."), ["m"]);
}

/// Nobody knows that something waits for what is typed.
fn a_terminal_is_not_read_unasked() {
    let sandbox = Sandbox::new();
    let run = sandbox.sh("timeout 20 script -qec 'rampkit dockerfile --exclude a' /dev/null");
    assert_eq!((run.code, &*run.stdout), (2, "error: no FILE is named; - reads what is typed\r\n"));
}

fn images() {
    refuses(
        "{name: a, image: 'redis:'}",
        "",
        str![[r#"
error: m/module.yaml:1: a: "redis:" is no reference of an image: its tag is empty
hint: write NAME, NAME:TAG or NAME@sha256:DIGEST

"#]],
    );
    refuses(
        "{name: a}",
        "--module-image a Me/Redis",
        str![[r#"
error: m/module.yaml:1: a: "Me/Redis" is no reference of an image: its name has a capital letter
hint: write NAME, NAME:TAG or NAME@sha256:DIGEST

"#]],
    );
    refuses(
        "{name: a, image: scratch}",
        "",
        str![[r#"
error: m/module.yaml:1: a: its image is scratch, which has no files
hint: name the image that has its artifacts

"#]],
    );
    refuses(
        "{name: a}",
        "--baseimage 'redis:${TAG}'",
        str![[r#"
error: the target: "redis:${TAG}" is no reference of an image: it has a variable, which nothing gives a value
hint: write NAME, NAME:TAG or NAME@sha256:DIGEST

"#]],
    );
    refuses(
        "{kind: Target, baseimage: null, name: my image}",
        "",
        str![[r#"
error: m/module.yaml:1: my image: there is no image to begin from
hint: write `baseimage: IMAGE` in a target, or --baseimage IMAGE

"#]],
    );
}

fn artifacts() {
    refuses(
        "{name: a, artifacts: [{source: /usr/lib/redis/modules/a.so}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: /usr/lib/redis/modules/a.so is not relative to [ROOT]/m
hint: without `image`, what a module has lies in the folder of its file; an image is given by `image`, or --module-image NAME IMAGE

"#]],
    );
    refuses(
        "{name: a, artifacts: [{source: b.so}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: there is no b.so in [ROOT]/m
hint: check its spelling, or build it first

"#]],
    );
    refuses(
        "{name: a, artifacts: [{source: ../m/a.so}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: ../m/a.so is no path below [ROOT]/m
hint: what is copied must lie in the folder of the file that names it

"#]],
    );
    refuses(
        "{name: a, artifacts: [{source: '*.txt'}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: nothing in [ROOT]/m fits *.txt
hint: check the pattern, or build what it names first

"#]],
    );
    refuses(
        "{name: a, artifacts: [{source: '*', target: /x}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: several files fit *, and its target /x is one path
hint: end the target with a slash

"#]],
    );
    let sha256 = "0".repeat(64);
    let with_digest = |source: &str| {
        format!("{{name: a, artifacts: [{{source: {source}, sha256: '{sha256}'}}]}}")
    };
    refuses(
        &with_digest("a.so"),
        "",
        str![[r#"
error: m/module.yaml:1: a: a.so shall have the sha256 [HEX], and has [HEX]
hint: build it anew, or write the sha256 that it has

"#]],
    );
    refuses(
        &with_digest("lib"),
        "",
        str![[r#"
error: m/module.yaml:1: a: lib is a folder, and has a sha256
hint: take the sha256 away, or name its files one by one

"#]],
    );
    refuses(
        &with_digest("'*.so'"),
        "",
        str![[r#"
error: m/module.yaml:1: a: *.so is not one file, and has a sha256
hint: take the sha256 away, or name its files one by one

"#]],
    );
    let two = "[{name: a, artifacts: [{source: a.so}]}, {name: b, image: b, artifacts: [{source: /a.so}]}]";
    refuses(
        two,
        "",
        str![[r#"
error: m/module.yaml:1: b: a.so of m/module.yaml:1: a and /a.so of m/module.yaml:1: b both land on $REDIS_MODULES/a.so
hint: give one of them another `target`

"#]],
    );
    let sandbox = sandbox("");
    sandbox
        .sh("echo '{name: a, artifacts: [{source: a.so}]}' | rampkit dockerfile -o Dockerfile")
        .fails(
            12,
            str![[r#"
error: <stdin>:1: a: a.so lies in no folder: this was read from stdin
hint: name the file, and not stdin

"#]],
        );
    assert_eq!(sandbox.list("."), ["m"]);
}

fn what_must_be_collected() {
    refuses(
        "{name: a, config: {maxmemory: 1gb}}",
        "",
        str![[r#"
error: the target: redis.conf is made by rampkit, and must lie in the build context
hint: collect what the build needs in a folder with --context FOLDER

"#]],
    );
    let sandbox = sandbox("{name: a, artifacts: [{source: a.so}]}");
    sandbox.ok("mkdir here");
    sandbox.sh("cd here && rampkit dockerfile ../m/module.yaml").fails(
        12,
        str![[r#"
error: ../m/module.yaml:1: a: [ROOT]/m/a.so is not below [ROOT]/here, the build context
hint: collect what the build needs in a folder with --context FOLDER

"#]],
    );
    sandbox.ok("cd here && rampkit dockerfile -q ../m/module.yaml --context ctx");
    assert_eq!(sandbox.list("here/ctx/modules/a"), ["a.so"]);
}

fn packages_and_users() {
    refuses(
        "{name: a, packages: {install: [curl]}}",
        "--baseimage me/own --baseuser root",
        str![[r#"
error: m/module.yaml:1: a: it wants the package curl, and it is not known what installs packages in me/own
hint: write `packages: {manager: …}` in one of the files, with apt-get, apk, dnf, microdnf or yum

"#]],
    );
    refuses(
        "{name: a, packages: {manager: apk, install: [curl]}}",
        "--baseimage me/own",
        str![[r#"
error: me/own: something changes who runs things, and who did so before is not known
hint: say it by `baseuser`, or --baseuser USER

"#]],
    );
    refuses(
        "{name: a, packages: {install: [curl]}}",
        "--baseimage scratch",
        str![[r#"
error: m/module.yaml:1: a: it wants the package curl, and there is nothing in scratch to install it
hint: begin with an image that has a manager of packages

"#]],
    );
    let two = "[{name: a, packages: {manager: apk, install: [b]}}, \
               {name: c, packages: {manager: yum, install: [d]}}]";
    refuses(
        two,
        "",
        str![[r#"
error: m/module.yaml:1: c: it wants packages by yum, and m/module.yaml:1: a by apk: an image has one manager of packages
hint: write the one that the base image has in both

"#]],
    );
    let windows = "{kind: Target, platform: windows, baseimage: me/windows, script: '', packages: {install: [b]}}";
    refuses(
        windows,
        "",
        str![[r#"
error: m/module.yaml:1: the target: it wants the package b, and Windows has no manager of packages
hint: install what is needed by instructions in `script`

"#]],
    );
}

fn scripts() {
    refuses(
        "{name: a, execute: [{script: none.sh}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: there is no none.sh in [ROOT]/m
hint: check its spelling, or build it first

"#]],
    );
    refuses(
        "{name: a, execute: [{script: ../x.sh}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: ../x.sh is no path below [ROOT]/m
hint: what is copied must lie in the folder of the file that names it

"#]],
    );
    refuses(
        "{name: a, execute: [{script: lib}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: lib is not a file
hint: check its spelling, or build it first

"#]],
    );
    refuses(
        "{name: a, execute: [{script: x.sh}]}",
        "--baseimage scratch",
        str![[r#"
error: m/module.yaml:1: a: x.sh shall be run, and there is nothing in scratch to run it
hint: begin with an image that has a shell

"#]],
    );
    refuses(
        "{name: a, script: 'RUN x \\'}",
        "",
        str![[r#"
error: m/module.yaml:1: a: its script goes on after its last line: "RUN x //"
hint: what stands after it would be part of it: end it

"#]],
    );
    refuses(
        "{name: a, script: FROM x}",
        "",
        str![[r#"
error: m/module.yaml:1: a: its script begins another image: "FROM x"
hint: FROM is what `image` and `baseimage` are for

"#]],
    );
    let sandbox = sandbox("{name: a, artifacts: [{source: lib}]}");
    sandbox.ok("ln -s /etc/passwd m/lib/out");
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").fails(12, str![[r#"
error: m/module.yaml:1: a: [ROOT]/m/lib/out: it is a link to an absolute path, which is another one elsewhere
hint: leave it out, or put a copy of what it leads to in its place

"#]]);
    sandbox.ok("rm m/lib/out && ln -s ../secret m/a && touch secret");
    sandbox.write("m/module.yaml", "{name: a, artifacts: [{source: a}]}");
    sandbox.sh("rampkit dockerfile m/module.yaml").fails(
        12,
        str![[r#"
error: m/module.yaml:1: a: a is a link that leads out of [ROOT]/m
hint: what is copied must lie in the folder of the file that names it

"#]],
    );
    assert_eq!(sandbox.list("."), ["m", "secret"]);
}

fn commands_and_directives() {
    refuses(
        "{name: a, command: \"--x 'y\"}",
        "",
        str![[r#"
error: m/module.yaml:1: a: its command ends within quotes: --x 'y
hint: close the quote, or write a list of words

"#]],
    );
    let sandbox =
        sandbox("{name: a, run: {cmd: [redis-server, a.conf]}, config: {maxmemory: 1gb}}");
    sandbox.sh("rampkit dockerfile m/module.yaml --context ctx").fails(12, str![[r#"
error: the target: a server reads one file, and there are a.conf of run.cmd and /etc/redis/redis.conf of `config`
hint: take one of them away; an `include` in `config` reads another file

"#]]);
    assert_eq!(sandbox.list("."), ["m"]);
    refuses(
        "{name: a, config: {maxmemory: '\"'}}",
        "",
        str![[r#"
error: m/module.yaml:1: a: config: the value of maxmemory is not readable by a server: its quotes do not pair, or something follows a closing one
hint: put the value in double quotes within quotes of YAML: '"…"'; there /" is a quote, // a backslash, /n a line end

"#]],
    );
}

fn ports_and_values() {
    for text in ["", "@", "a@", "@1"] {
        let sandbox = sandbox("{name: a}");
        let run = sandbox.sh(&format!("rampkit dockerfile --repository m --install '{text}'"));
        run.fails(2, format!("error: --install {text:?}: a module is NAME or NAME@VERSION\n"));
    }
    refuses(
        "{name: a}",
        "--expose 65536",
        str![[r#"
error: the target: "65536" of `expose` is no port
hint: write a number from 1 to 65535, with /tcp or /udp behind it or nothing

"#]],
    );
    refuses(
        "{name: a}",
        "--expose 6380/sctp",
        str![[r#"
error: the target: "6380/sctp" of `expose` is no port
hint: write a number from 1 to 65535, with /tcp or /udp behind it or nothing

"#]],
    );
    refuses(
        "{name: a}",
        "--baseuser 'a b'",
        str![[r#"
error: redis:latest: its user is no user: "a b"
hint: write USER or USER:GROUP

"#]],
    );
    refuses(
        "{name: a, labels: [{name: --link, value: x}]}",
        "",
        str![[r#"
error: m/module.yaml:1: a: the name of a label is no name: "--link"
hint: write letters, digits, _ . and -

"#]],
    );
    refuses(
        "{kind: Target, run: {workdir: --link /data}}",
        "",
        str![[r#"
error: redis:latest: run.workdir begins as an option of the builder does: "--link /data"
hint: write it as an absolute path

"#]],
    );
}

/// What stands in libdir is no command, and no bundle loads on Windows.
fn bundles() {
    let sandbox = Sandbox::new();
    let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/fuzz/bundle/stored.zip");
    sandbox.write("b.zip", std::fs::read(bundle).unwrap());
    let wrong = [r#"/a"; id; ""#, "/`id`", "/$(id)", "/${A:-$(id)}", "/${A", "/$", r"/a\"];
    for libdir in wrong {
        let line = format!("rampkit dockerfile b.zip --for enterprise --libdir '{libdir}'");
        let run = sandbox.sh(&line);
        assert_eq!((run.code, &run.stdout[..]), (12, ""), "{libdir}");
        let expected = format!(
            "error: b.zip: older bundles are removed from libdir, {libdir:?}, by a shell\nhint: write \
             libdir without quotes, backslashes, and any $ but that of $NAME\n"
        );
        assert_eq!(run.stderr, expected);
    }
    sandbox.ok("rampkit dockerfile b.zip --for enterprise --libdir '/a b/$A/${B}c' | grep -q rm");
    let line =
        "echo '{kind: Target, platform: windows, baseimage: a}' | rampkit dockerfile - b.zip";
    sandbox.sh(line).fails(
        12,
        str![[r#"
error: b.zip: servers on Windows cannot load what bundles have
hint: leave it out, or write `platform: linux`

"#]],
    );
}

/// Not even by force.
fn what_is_read_is_not_overwritten() {
    let sandbox = sandbox("name: a\n");
    sandbox.ok("touch redis.conf && ln -s m/module.yaml link");
    let line = "m/module.yaml --redis-conf redis.conf --force -o";
    for (verb, file) in [
        (format!("dockerfile {line}"), "m/module.yaml"),
        (format!("dockerfile {line}"), "link"),
        (format!("dockerfile {line}"), "./redis.conf"),
        ("graph m/module.yaml --format dot --force -o".to_owned(), "m/../m/module.yaml"),
    ] {
        let expected = format!(
            "error: {file} is one of the files that are read, and would be overwritten\nhint: write to \
             another place\n"
        );
        sandbox.sh(&format!("rampkit {verb} {file}")).fails(9, expected);
    }
    assert_eq!(sandbox.read("m/module.yaml"), "name: a\n");
}
