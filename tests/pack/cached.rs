//! The cache of downloaded dependencies: it saves the network, and is never trusted.

use std::time::Duration;

use libtest_mimic::Trial;
use snapbox::str;

use super::downloads::{dependency, digest, needs};
use super::{PACK, harmless, sample};
use crate::harness::{Answer, Origin, Sandbox, entries, read_entry};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(the_second_run_needs_no_network),
        test!(a_damaged_file_is_replaced),
        test!(what_is_no_file_is_left_alone),
        test!(where_the_cache_lies),
        test!(without_a_cache),
        test!(a_read_only_cache, Unshare),
        test!(a_full_disk, Unshare),
        test!(many_runs_at_once),
    ]
}

const CONTENT: &[u8] = b"the plugin";

const EMBED: &str = "--embed-deps -o x.zip";

/// A sandbox whose module needs [`CONTENT`], and the server that has it.
fn needing() -> (Sandbox, Origin) {
    let mut sandbox = sample();
    let origin = Origin::start(&mut sandbox, |asked| Answer::of(CONTENT, asked));
    let p = dependency(&sandbox, &format!("{}/p.tgz", origin.url), CONTENT);
    needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
    (sandbox, origin)
}

/// Where the file is kept.
fn kept(sandbox: &Sandbox) -> String {
    format!("../home/.cache/rampkit/sha256/{}", digest(sandbox, CONTENT))
}

#[track_caller]
fn is_embedded(sandbox: &Sandbox) {
    assert_eq!(read_entry(&sandbox.path("x.zip"), "deps/p.tgz"), CONTENT);
    std::fs::remove_file(sandbox.path("x.zip")).unwrap();
}

fn the_second_run_needs_no_network() {
    let (sandbox, origin) = needing();
    sandbox.ok(&format!("{PACK} {EMBED} && mv x.zip first.zip"));
    drop(origin);
    sandbox.sh(&format!("{PACK} {EMBED}")).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
    Cached p, 10 bytes
    Packed hello 1.2.3: 3 commands, 1 dependency

"#]],
    );
    sandbox.ok("cmp x.zip first.zip");
    sandbox.ok(&format!("cmp ../content {}", kept(&sandbox)));
    // By its content, whatever its url.
    let p = dependency(&sandbox, "https://example.com/q.tgz", CONTENT);
    needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
    sandbox.ok(&format!("{PACK} {EMBED}"));
    assert_eq!(entries(&sandbox.path("x.zip"))[2], "deps/q.tgz");
}

fn a_damaged_file_is_replaced() {
    let (sandbox, origin) = needing();
    sandbox.write(kept(&sandbox), "poison");
    sandbox.sh(&format!("{PACK} {EMBED}")).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
Downloaded p from http://127.0.0.1:[PORT]/p.tgz, 10 bytes
warning: [..]/home/.cache/rampkit/sha256/[HEX] was damaged: dependency p was downloaded anew
   hint: the cache has it again; if that recurs, check the disk
    Packed hello 1.2.3: 3 commands, 1 dependency

"#]],
    );
    is_embedded(&sandbox);
    assert_eq!(origin.asked().len(), 1);
    sandbox.ok(&format!("{PACK} {EMBED} --deny-warnings"));
    assert_eq!(origin.asked().len(), 0);
    // Without a server it is damaged still, and still not used.
    drop(origin);
    sandbox.write(kept(&sandbox), "poison");
    harmless(&sandbox, &format!("{PACK} {EMBED}")).fails(4, str![[r#"
error: cannot get dependency p
caused by: cannot reach http://127.0.0.1:[PORT]
caused by: Connection refused (os error 111)
hint: check the name and the network; behind a proxy set HTTPS_PROXY, and NO_PROXY for hosts without it

"#]]);
}

/// A link, a pipe, a folder: neither followed nor waited for.
fn what_is_no_file_is_left_alone() {
    for thing in ["ln -s $PWD/../content", "mkfifo", "mkdir"] {
        for name in ["sha256", "partial"] {
            let (sandbox, origin) = needing();
            let path = kept(&sandbox).replace("sha256", name);
            sandbox.write("../content", "another");
            sandbox.ok(&format!("mkdir -p ../home/.cache/rampkit/{name} && {thing} {path}"));
            for _ in 0..2 {
                sandbox.ok(&format!("{PACK} -q {EMBED}"));
                is_embedded(&sandbox);
            }
            assert_eq!(sandbox.read("../content"), "another");
            // Without a file to begin in it is downloaded to a temporary one.
            let times = if name == "sha256" { 1 } else { 2 };
            assert_eq!(origin.asked().len(), times, "{thing} {name}");
        }
    }
}

fn where_the_cache_lies() {
    for (variables, folder) in [
        ("RAMPKIT_CACHE=mine XDG_CACHE_HOME=$PWD/xdg", "mine"),
        ("RAMPKIT_CACHE= XDG_CACHE_HOME=$PWD/xdg", "xdg/rampkit"),
        ("XDG_CACHE_HOME=xdg", "../home/.cache/rampkit"),
    ] {
        let (sandbox, _origin) = needing();
        sandbox.ok(&format!("umask 000; {variables} {PACK} {EMBED}"));
        sandbox.ok(&format!("cmp ../content {folder}/sha256/*"));
        assert_eq!(sandbox.ok(&format!("stat -c %a {folder}/sha256/*")), "644");
    }
}

fn without_a_cache() {
    for variables in ["unset HOME", "RAMPKIT_CACHE=hello.so", "RAMPKIT_CACHE=/proc/none"] {
        let (sandbox, origin) = needing();
        for _ in 0..2 {
            sandbox.ok(&format!("export {variables}; {variables}; {PACK} {EMBED} --deny-warnings"));
            is_embedded(&sandbox);
        }
        assert_eq!(origin.asked().len(), 2);
        assert_eq!(sandbox.list("../home"), [".gitconfig"]);
    }
}

/// What it has is used; what it cannot take is downloaded each time.
fn a_read_only_cache() {
    let (sandbox, origin) = needing();
    let read_only =
        "mkdir -p ../home/.cache/rampkit && mount -t tmpfs -o ro none ../home/.cache/rampkit";
    let run = sandbox.sh_alone(&format!("{read_only} && {PACK} -q {EMBED} --deny-warnings"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    is_embedded(&sandbox);
    sandbox.write(kept(&sandbox), CONTENT);
    let read_only = "mount --bind -o ro ../home/.cache ../home/.cache";
    let run = sandbox.sh_alone(&format!("{read_only} && {PACK} -q {EMBED}"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    is_embedded(&sandbox);
    assert_eq!(origin.asked().len(), 1);
    sandbox.write(kept(&sandbox), "poison");
    let run = sandbox.sh_alone(&format!("{read_only} && {PACK} -q {EMBED}"));
    assert!(run.code == 0 && run.stderr.contains("was damaged"), "{}", run.stderr);
    is_embedded(&sandbox);
}

fn a_full_disk() {
    let mut sandbox = sample();
    let content = vec![7; 300_000];
    let bytes = content.clone();
    let origin = Origin::start(&mut sandbox, move |asked| Answer::of(&bytes, asked));
    let p = dependency(&sandbox, &format!("{}/p.tgz", origin.url), &content);
    needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
    sandbox.ok("mkdir full");
    let mount = "mount -t tmpfs -o size=128k none full && export RAMPKIT_CACHE=full";
    sandbox.sh_alone(&format!("{mount} && {PACK} {EMBED}")).fails(
        3,
        str![[r#"
error: cannot get dependency p
caused by: cannot write the download of http://127.0.0.1:[PORT]/p.tgz
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]],
    );
    assert_eq!(origin.asked().len(), 1);
}

/// None waits for another, and all have the whole file.
fn many_runs_at_once() {
    let mut sandbox = sample();
    let rest = Duration::from_millis(20);
    let origin = Origin::start(&mut sandbox, move |asked| Answer::of(CONTENT, asked).slow(2, rest));
    let p = dependency(&sandbox, &format!("{}/p.tgz", origin.url), CONTENT);
    needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
    let run = sandbox.sh(&format!(
        "for i in $(seq 8); do {PACK} -q --embed-deps --no-module-yaml -o $i.zip & done; wait"
    ));
    assert_eq!(run.stderr, "");
    for run in 1..=8 {
        assert_eq!(read_entry(&sandbox.path(format!("{run}.zip")), "deps/p.tgz"), CONTENT);
    }
    assert!((1..=8).contains(&origin.asked().len()));
    sandbox.ok(&format!("cmp ../content {}", kept(&sandbox)));
    assert_eq!(sandbox.list("../home/.cache/rampkit/partial"), [""; 0]);
}
