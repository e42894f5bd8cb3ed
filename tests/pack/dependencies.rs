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
        test!(a_file_that_is_a_bomb_to_readers),
        test!(dependencies_are_embedded_under_the_name_of_their_url, Tar),
        test!(a_dependency_has_the_same_bytes_whenever),
        test!(whatever_a_folder_may_hold, Tar),
        test!(a_folder_that_may_not_be_read, Users),
        test!(a_bundle_is_not_written_among_its_dependencies),
        test!(one_file_for_two_dependencies),
        test!(the_digest_of_a_local_path),
        test!(a_link_is_embedded_under_its_own_name, Tar),
        test!(dependencies_that_cannot_be_embedded),
        test!(urls_that_validation_refuses),
        test!(what_is_not_embedded_is_told),
        test!(files_given_by_hand, Tar),
        test!(files_given_by_hand_that_are_none),
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
warning: Redis Enterprise 8 and later will not download what is not embedded: far
   hint: embed it with --embed-deps; if it is meant so, say --embed-deps=none
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
            format!("dependencies:\n  plugin: {dependency}\n  zlib: {{local_path: ramp.yml}}\n"),
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
error: dependency plugin: its url cannot be used: it does not end with the name of a file

"#]],
    );
    run("{local_path: hello.so, url: 'https://h/zlib.tgz'}").fails(
        6,
        str![[r#"
error: dependency zlib: another one is embedded as deps/zlib.tgz already; give it a url with a file name of its own

"#]],
    );
    run("{local_path: hello.so, url: 'https://h/ZLIB.tgz'}").fails(
        6,
        str![[r#"
error: dependency zlib: another one is embedded as deps/ZLIB.tgz already; give it a url with a file name of its own

"#]],
    );
    run("{local_path: hello.so, url: 'https://h/plugin.so'}").fails(
        6,
        str![[r#"
error: dependency plugin: it would be embedded as deps/plugin.so, and in a bundle only the module's name ends in .so; give it as a .tgz

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
    fs::remove_file(sandbox.path("links/link")).unwrap();
    symlink(sandbox.path("links/file"), sandbox.path("links/link")).unwrap();
    sandbox.write("links/file", "");
    run("{local_path: links}").fails(3, str![[r#"
error: cannot archive [ROOT]/links/link: it is a link to an absolute path, which is another one elsewhere
hint: take it out of the dependency's folder

"#]]);
    // Each of them stays in the folder, but the second leads through the first to the folder's top.
    sandbox.ok("rm links/link && mkdir -p links/a/b && ln -s ../.. links/a/b/top && ln -s a/b/top/.. links/out");
    run("{local_path: links}").fails(
        3,
        str![[r#"
error: cannot archive [ROOT]/links/out: it is a link that leads out of the folder
hint: take it out of the dependency's folder

"#]],
    );
    run("{local_path: /}").fails(
        3,
        str![[r#"
error: cannot archive /: it has no name
hint: take it out of the dependency's folder

"#]],
    );
    run("{local_path: /dev/null}").fails(
        3,
        str![[r#"
error: cannot archive /dev/null: it is a device, a socket or a pipe
hint: take it out of the dependency's folder

"#]],
    );
    sandbox.ok("mkdir latin && touch \"$(printf 'latin/\\344')\"");
    run("{local_path: latin}").fails(
        3,
        str![[r#"
error: cannot archive [ROOT]/latin/�: its name is not UTF-8
hint: take it out of the dependency's folder

"#]],
    );
    run("{local_path: hello.so/x}").fails(
        3,
        str![[r#"
error: cannot read hello.so/x
caused by: Not a directory (os error 20)

"#]],
    );
    run("{local_path: \"{os.getenv('NO_SUCH')}/x\"}").fails(
        6,
        str![[r#"
error: the local_path of dependency plugin: the environment has no variable NO_SUCH
hint: set it: NO_SUCH=… rampkit pack

"#]],
    );
    run("{local_path: hello.so, url: 'https://h/a\\b'}").fails(
        6,
        str![[r#"
error: dependency plugin: its url cannot be used: it does not end with the name of a file

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

/// Before the module is loaded, and where they are only named too.
fn urls_that_validation_refuses() {
    let sandbox = sample();
    let why = |field: &str, url: &str| {
        let sha256 = "a".repeat(64);
        let manifest = format!("{field}: {{plugin: {{url: '{url}', sha256: {sha256}}}}}\n");
        sandbox.write("ramp.yml", manifest);
        let run = harmless(&sandbox, "rampkit pack --commands no-such.json");
        assert_eq!(run.code, 6, "{url}");
        let why = run.stderr.strip_prefix("error: dependency plugin: its url cannot be used: ");
        why.map(|why| why.trim_end().to_owned()).unwrap_or(run.stderr)
    };
    for field in ["dependencies", "optional-dependencies"] {
        assert_eq!(why(field, "a.tgz"), "relative URL without a base");
        assert_eq!(why(field, "ftp://ann:secret@h/a.tgz"), "it must be http or https");
        assert_eq!(why(field, "https://h/{os}.tgz"), "braces in it stand for nothing");
        let no_file = "it does not end with the name of a file";
        assert_eq!(why(field, "https://h"), no_file);
        assert_eq!(why(field, "https://h/a/?b.tgz"), no_file);
    }
}

fn whatever_a_folder_may_hold() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: p}}\n");
    let (long, longer) = ("l".repeat(200), format!("{}/f", "d".repeat(150)));
    let longest = format!("{longer}/{longer}/{longer}");
    sandbox.write(format!("p/{long}"), "long");
    sandbox.write(format!("p/{longest}"), "longest");
    symlink(&longest, sandbox.path("p/to-longest")).unwrap();
    sandbox.ok("cd p && touch setuid sticky read-only 'a b' 'a\nb' ä && mkdir empty && \
                chmod 6755 setuid && chmod 1644 sticky && chmod 400 read-only && chmod 3777 empty && \
                ln read-only hard && ln -s nowhere dangling && ln -s circle circle && ln -s . here");
    sandbox.ok(&format!("{PACK} -q -o x.zip"));
    sandbox.write("x.tgz", read_entry(&sandbox.path("x.zip"), "deps/p.tgz"));
    let list = sandbox.sh(
        "tar -tvzf x.tgz --numeric-owner --quoting-style=escape | sed 's/llll*/LONG/; s/dddd*/D/g'",
    );
    list.prints(
        str![[r#"
drwxr-xr-x 0/0               0 1980-01-01 00:00 p/
-rw-r--r-- 0/0               0 1980-01-01 00:00 p/a/nb
-rw-r--r-- 0/0               0 1980-01-01 00:00 p/a b
lrwxr-xr-x 0/0               0 1980-01-01 00:00 p/circle -> circle
lrwxr-xr-x 0/0               0 1980-01-01 00:00 p/dangling -> nowhere
drwxr-xr-x 0/0               0 1980-01-01 00:00 p/D/
drwxr-xr-x 0/0               0 1980-01-01 00:00 p/D/f/
drwxr-xr-x 0/0               0 1980-01-01 00:00 p/D/f/D/
drwxr-xr-x 0/0               0 1980-01-01 00:00 p/D/f/D/f/
drwxr-xr-x 0/0               0 1980-01-01 00:00 p/D/f/D/f/D/
-rw-r--r-- 0/0               7 1980-01-01 00:00 p/D/f/D/f/D/f
drwxr-xr-x 0/0               0 1980-01-01 00:00 p/empty/
-rw-r--r-- 0/0               0 1980-01-01 00:00 p/hard
lrwxr-xr-x 0/0               0 1980-01-01 00:00 p/here -> .
-rw-r--r-- 0/0               4 1980-01-01 00:00 p/LONG
-rw-r--r-- 0/0               0 1980-01-01 00:00 p/read-only
-rwxr-xr-x 0/0               0 1980-01-01 00:00 p/setuid
-rw-r--r-- 0/0               0 1980-01-01 00:00 p/sticky
lrwxr-xr-x 0/0               0 1980-01-01 00:00 p/to-longest -> D/f/D/f/D/f
-rw-r--r-- 0/0               0 1980-01-01 00:00 p/ä

"#]],
        str![],
    );
    sandbox.ok("mkdir out && tar -xzf x.tgz -C out && diff -r --no-dereference p out/p");
}

fn a_folder_that_may_not_be_read() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: p}}\n");
    sandbox.write("p/a", "");
    sandbox.write("p/secret/b", "");
    sandbox.ok("cp \"$(command -v rampkit)\" ..; chmod 755 .. . ../rampkit; chmod 777 .");
    let run = |mode: &str, path: &str| {
        sandbox.ok(&format!("chmod -R 755 p && chmod {mode} {path}"));
        let user = "setpriv --reuid 61234 --regid 61234 --clear-groups";
        harmless(&sandbox, &PACK.replace("rampkit", &format!("exec {user} ../rampkit")))
    };
    run("600", "p/a").fails(
        3,
        str![[r#"
error: cannot read [ROOT]/p/a
caused by: Permission denied (os error 13)
hint: check its owner and mode, and those of its folder

"#]],
    );
    run("700", "p/secret").fails(
        3,
        str![[r#"
error: cannot read [ROOT]/p/secret
caused by: Permission denied (os error 13)
hint: check its owner and mode, and those of its folder

"#]],
    );
    run("700", "p").fails(
        3,
        str![[r#"
error: cannot read [ROOT]/p
caused by: Permission denied (os error 13)
hint: check its owner and mode, and those of its folder

"#]],
    );
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: p/secret/b}}\n");
    run("700", "p/secret").fails(
        3,
        str![[r#"
error: cannot read p/secret/b
caused by: Permission denied (os error 13)
hint: check its owner and mode, and those of its folder

"#]],
    );
}

/// Packed again it would hold itself.
fn a_bundle_is_not_written_among_its_dependencies() {
    let sandbox = sample();
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: p}, q: {local_path: ../q.txt}}\n");
    sandbox.write("p/lib/a", "");
    sandbox.write("../q.txt", "q");
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("-o p/x.zip").fails(
        9,
        str![[r#"
      Read ../commands.json
error: p/x.zip would lie in p, which is packed as a dependency
hint: write to another place with --output

"#]],
    );
    run("-o x.zip --module-yaml ./p/lib/m.yaml").fails(
        9,
        str![[r#"
      Read ../commands.json
error: ./p/lib/m.yaml would lie in p, which is packed as a dependency
hint: write to another place with --output

"#]],
    );
    run("-o ../q.txt").fails(
        9,
        str![[r#"
      Read ../commands.json
error: ../q.txt is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    assert_eq!(sandbox.read("../q.txt"), "q");
    sandbox.write("ramp.yml", "dependencies: {p: {local_path: .}}\n");
    run("").fails(
        9,
        str![[r#"
      Read ../commands.json
error: hello.Linux-[ARCH].1.2.3.zip would lie in ., which is packed as a dependency
hint: write to another place with --output

"#]],
    );
    sandbox.ok(&format!("{PACK} -o ../x.zip && {PACK} -o ../y.zip && cmp ../x.zip ../y.zip"));
}

fn one_file_for_two_dependencies() {
    let sandbox = sample();
    sandbox.write("one.bin", "one");
    let one = "{local_path: one.bin, url: 'https://h/one.tgz'}";
    sandbox.write(
        "ramp.yml",
        format!("dependencies: {{p: {one}}}\noptional-dependencies: {{q: {one}}}\n"),
    );
    sandbox.ok(&format!("{PACK} -o x.zip"));
    assert_eq!(entries(&sandbox.path("x.zip")), ["hello.so", "module.json", "deps/one.tgz"]);
    // One that is only named would be found there as well: it must be the same.
    let said = metadata(&sandbox, "x.zip");
    let digest = said["dependencies"]["p"]["sha256"].as_str().unwrap();
    let manifest = include_str!("../../modules/hello/ramp.yml");
    let named = |sha256: &str| {
        let named = format!("{{url: 'https://h/x/one.tgz', sha256: {sha256}}}");
        sandbox.write("ramp.yml", format!("{manifest}\ndependencies: {{a: {named}, p: {one}}}\n"));
    };
    named(digest);
    sandbox.ok(&format!("{PACK} -o x.zip --deny-warnings"));
    assert_eq!(entries(&sandbox.path("x.zip")), ["hello.so", "module.json", "deps/one.tgz"]);
    named(&"a".repeat(64));
    harmless(&sandbox, PACK).fails(6, str![[r#"
error: dependency a: another one is embedded as deps/one.tgz already; give it a url with a file name of its own

"#]]);
}

fn the_digest_of_a_local_path() {
    let sandbox = sample();
    sandbox.write("one.bin", "one");
    let manifest = include_str!("../../modules/hello/ramp.yml");
    let need = |sha256: &str| {
        let one = format!("{{local_path: one.bin, sha256: {sha256}}}");
        sandbox.write("ramp.yml", format!("{manifest}\ndependencies: {{one: {one}}}\n"));
    };
    need(&"a".repeat(64));
    sandbox.sh(&format!("{PACK} -o x.zip")).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
warning: dependency one: its local_path is packed with another sha256 than [HEX]
   hint: where there is a local_path the manifest needs no sha256
    Packed hello 1.2.3: 3 commands, 1 dependency

"#]],
    );
    let said = metadata(&sandbox, "x.zip");
    need(said["dependencies"]["one"]["sha256"].as_str().unwrap());
    sandbox.ok(&format!("{PACK} -o x.zip --deny-warnings"));
}

fn what_is_not_embedded_is_told() {
    let sandbox = sample();
    let sha = "a".repeat(64);
    let far = |name: &str| format!("{{url: 'https://example.com/{name}.tgz', sha256: {sha}}}");
    let manifest = include_str!("../../modules/hello/ramp.yml");
    sandbox.write(
        "ramp.yml",
        format!(
            "{manifest}\ndependencies: {{b: {}, a: {}}}\noptional-dependencies: {{c: {}}}\n",
            far("b"),
            far("a"),
            far("c")
        ),
    );
    harmless(&sandbox, &format!("{PACK} --deny-warnings")).fails(
        10,
        str![[r#"
      Read ../commands.json
warning: Redis Enterprise 8 and later will not download what is not embedded: a, b
   hint: embed it with --embed-deps; if it is meant so, say --embed-deps=none
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]],
    );
    sandbox.sh(&format!("{PACK} --deny-warnings --embed-deps=none")).prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
      Read ../commands.json
    Packed hello 1.2.3: 3 commands

"#]],
    );
    // What can be done without is nobody's loss.
    sandbox.write("ramp.yml", format!("{manifest}\noptional-dependencies: {{c: {}}}\n", far("c")));
    sandbox.ok(&format!("{PACK} --deny-warnings"));
}

fn files_given_by_hand() {
    let sandbox = sample();
    sandbox.write("one.bin", "one");
    sandbox.write("folder/a", "a");
    let sha = sandbox.ok("sha256sum < one.bin | cut -d' ' -f1");
    sandbox.write(
        "ramp.yml",
        format!(
            "dependencies:\n  one: {{url: 'https://example.com/one.1.2.bin', sha256: {sha}}}\n  two: {{local_path: no-such}}\n\
             optional-dependencies:\n  three: {{url: 'https://example.com/three.tgz'}}\n"
        ),
    );
    let given = "--dep one=one.bin --dep two=ramp.yml --dep three=folder";
    sandbox.ok(&format!("{PACK} -q {given} -o x.zip"));
    let x = sandbox.path("x.zip");
    assert_eq!(
        entries(&x),
        ["hello.so", "module.json", "deps/one.1.2.bin", "deps/two.tgz", "deps/three.tgz"]
    );
    assert_eq!(read_entry(&x, "deps/one.1.2.bin"), b"one");
    assert_eq!(read_entry(&x, "deps/two.tgz"), fs::read(sandbox.path("ramp.yml")).unwrap());
    let three = sandbox.write("three.tgz", read_entry(&x, "deps/three.tgz"));
    assert_eq!(sandbox.ok("tar -tzf three.tgz"), "folder/\nfolder/a");
    let digest = sandbox.ok(&format!("sha256sum < {} | cut -d' ' -f1", three.display()));
    assert_eq!(metadata(&sandbox, "x.zip")["optional-dependencies"]["three"]["sha256"], digest);
}

fn files_given_by_hand_that_are_none() {
    let sandbox = sample();
    let sha = "a".repeat(64);
    let far = format!("{{url: 'https://example.com/p.tgz', sha256: {sha}}}");
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("--dep plugin=hello.so").fails(
        2,
        str![[r#"
error: --dep plugin=…: there is no dependency plugin
hint: the manifest has none

"#]],
    );
    sandbox.write("ramp.yml", format!("dependencies: {{plugin: {far}, zlib: {far}}}\n"));
    run("--dep plugn=hello.so").fails(
        2,
        str![[r#"
error: --dep plugn=…: there is no dependency plugn
hint: near are plugin

"#]],
    );
    run("--dep xyz=hello.so").fails(
        2,
        str![[r#"
error: --dep xyz=…: there is no dependency xyz
hint: there are plugin, zlib

"#]],
    );
    run("--dep plugin").fails(2, str![[r#"
error: invalid value 'plugin' for '--dep <NAME=FILE>': it is written NAME=FILE, with the name of a dependency

For more information, try '--help'.

"#]]);
    run("--dep plugin=hello.so --dep plugin=ramp.yml").fails(
        2,
        str![[r#"
error: --dep gives plugin twice

"#]],
    );
    run("--dep plugin=none").fails(
        3,
        str![[r#"
error: cannot get dependency plugin
caused by: cannot read none
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    run("--dep plugin=/dev/null").fails(
        3,
        str![[r#"
error: cannot get dependency plugin
caused by: /dev/null is not a file
hint: name a file

"#]],
    );
    run("--dep plugin=ramp.yml").fails(
        11,
        str![[r#"
error: cannot get dependency plugin
caused by: ramp.yml is another file
  expected sha256 [HEX]
     found sha256 [HEX], 249 bytes
hint: ask its author which one is right, before you write another sha256

"#]],
    );
    sandbox.write("ramp.yml", "dependencies: {plugin: {url: 'https://example.com/p.tgz'}}\n");
    run("--dep plugin=one.bin -o one.bin").fails(
        3,
        str![[r#"
error: cannot get dependency plugin
caused by: cannot read one.bin
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    sandbox.write("one.bin", "one");
    run("--dep plugin=one.bin -o one.bin").fails(
        9,
        str![[r#"
      Read ../commands.json
error: one.bin is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
}

/// What no reader would take is no fault of the disk.
fn a_file_that_is_a_bomb_to_readers() {
    let sandbox = sample();
    sandbox.ok("truncate -s 70M zeros");
    sandbox.write("ramp.yml", "dependencies: {plugin: {url: https://example.com/plugin}}\n");
    let pack = format!("{PACK} --dep plugin=zeros --no-module-yaml");
    let run = sandbox.sh(&pack);
    assert_eq!(run.code, 6, "{}", run.stderr);
    let told = "error: readers would refuse hello.Linux-[..]: \"deps/plugin\" unpacks from [..] to \
                73400320 bytes, [..] times; at most 100 are taken\n\
                hint: leave that out of the bundle; what shrinks too well passes with --level 0\n";
    let errors = run.stderr.split_inclusive('\n').filter(|line| !line.contains("Read "));
    snapbox::assert_data_eq!(errors.collect::<String>(), told);
    assert_eq!(sandbox.list("."), ["hello.so", "ramp.yml", "zeros"]);
    sandbox.ok(&format!("{pack} --level 0"));
}
