//! Several packages of one run: further names, debug symbols, checksums, a file that tells of them.

use std::fs;

use libtest_mimic::Trial;
use serde_json::Value;
use snapbox::str;

use super::{BUNDLE, PACK, harmless, sample};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(release_and_snapshot_of_the_same_bytes),
        test!(everything_is_shown_before_it_is_written),
        test!(the_result_in_both_formats),
        test!(branches),
        test!(branches_that_nobody_knows),
        test!(variants),
        test!(debug_symbols_of_objcopy, Binutils),
        test!(debug_symbols_have_the_same_bytes_each_time),
        test!(debug_symbols_of_something_else),
        test!(debug_symbols_that_are_no_symbols),
        test!(symbols_that_nobody_can_tell, Binutils),
        test!(checksums_of_odd_names),
        test!(files_in_the_place_of_others),
        test!(options_that_say_nothing),
        test!(places_that_cannot_be_written_to),
        test!(names_without_number),
        test!(a_full_disk_for_a_copy, Unshare),
    ]
}

/// Release and snapshot, as the scripts of modules name them.
const NAMES: &str =
    "-o out/ --also-as 'out/{stem}.{os}-{osnick}-{architecture}.{branch}.zip' --branch main";

/// Builds the sample with a build id.
fn build(sandbox: &Sandbox, name: &str, flags: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
    let source = format!("-I'{folder}' '{folder}/hello.c'");
    sandbox.ok(&format!("cc -shared -fPIC {flags} -o {name} {source}"));
}

/// A sandbox with the sample, and `hello.debug`: the same with debug symbols.
fn with_symbols() -> Sandbox {
    let sandbox = sample();
    build(&sandbox, "hello.so", "-Wl,--build-id=0x0123");
    build(&sandbox, "hello.debug", "-g -Wl,--build-id=0x0123");
    sandbox
}

fn release_and_snapshot_of_the_same_bytes() {
    let sandbox = with_symbols();
    sandbox.ok("mkdir out");
    let beside = "--debug-symbols hello.debug --checksum-files --result-file out/result.yaml";
    sandbox.sh(&format!("{PACK} {NAMES} {beside}")).prints(
        str![[r#"
out/hello.Linux-[ARCH].1.2.3.zip
out/hello.Linux-rhel8-[ARCH].main.zip
out/hello.Linux-[ARCH].1.2.3.debug.tgz
out/hello.Linux-rhel8-[ARCH].main.debug.tgz

"#]],
        str![[r#"
      Read ../commands.json
    Packed hello 1.2.3: 3 commands

"#]],
    );
    assert_eq!(sandbox.list("out").len(), 10);
    sandbox.ok("cd out && cmp *.1.2.3.zip *.main.zip && cmp *.1.2.3.debug.tgz *.main.debug.tgz");
    assert_eq!(sandbox.ok("cd out && cat *.sha256 | sha256sum -c").matches(": OK").count(), 4);
    sandbox.ok("tar xzf out/*.main.debug.tgz -O hello.debug | cmp - hello.debug");
    // It points at the first of them only.
    assert_eq!(sandbox.read("out/module.yaml").matches("source:").count(), 1);
    sandbox.ok("grep -q 'source: .*\\.1\\.2\\.3\\.zip' out/module.yaml");
    sandbox.ok("rampkit validate -q out/*.zip");
}

fn everything_is_shown_before_it_is_written() {
    let sandbox = with_symbols();
    let beside = "--debug-symbols hello.debug --checksum-files --result-file result.json";
    let names = "-o a.zip --also-as 'b.{branch}' --branch main --no-module-yaml";
    let run = harmless(&sandbox, &format!("{PACK} {names} {beside} --dry-run | sed '/^module/q'"));
    run.prints(
        str![[r#"
a.zip
[..]hello.so
[..]module.json

beside it
  bundle         b.main
  debug symbols  a.debug.tgz
  debug symbols  b.main.debug.tgz
  checksum file  a.zip.sha256
  checksum file  b.main.sha256
  checksum file  a.debug.tgz.sha256
  checksum file  b.main.debug.tgz.sha256
  result file    result.json

module.json

"#]],
        str![[r#"
      Read ../commands.json
Would pack hello 1.2.3: 3 commands

"#]],
    );
}

fn the_result_in_both_formats() {
    let sandbox = with_symbols();
    let line = format!(
        "{PACK} --variant asan --branch main --also-as again.zip --debug-symbols hello.debug"
    );
    let shown = sandbox.ok(&format!("{line} --checksum-files --json --result-file r.json"));
    let mut shown: Value = serde_json::from_str(&shown).unwrap();
    let json: Value = serde_json::from_str(&sandbox.read("r.json")).unwrap();
    sandbox.ok(&format!("{line} --checksum-files --result-file r.yml"));
    let yaml: Value = serde_yaml::from_str(&sandbox.read("r.yml")).unwrap();
    assert_eq!(json, yaml);
    // --json says where the bundle is besides.
    let all = shown.as_object_mut().unwrap();
    assert_eq!(all.remove("bundle").unwrap(), json["packages"][0]["path"]);
    assert_eq!(all.remove("sha256").unwrap(), json["packages"][0]["sha256"]);
    assert_eq!(shown, json);

    assert_eq!((&json["variant"], &json["branch"]), (&"asan".into(), &"main".into()));
    assert_eq!(json["module_yaml"], "module.yaml");
    assert_eq!(json["metadata"]["module_name"], "hello");
    let packages = json["packages"].as_array().unwrap();
    let roles: Vec<&str> = packages.iter().map(|it| it["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["bundle", "bundle", "debug_symbols", "debug_symbols"]);
    for package in packages {
        let path = package["path"].as_str().unwrap();
        assert_eq!(package["size"], fs::metadata(sandbox.path(path)).unwrap().len());
        let sum = sandbox.ok(&format!("sha256sum {path}"));
        assert!(sum.starts_with(package["sha256"].as_str().unwrap()), "{package}");
        assert_eq!(sandbox.read(package["checksum_file"].as_str().unwrap()), sum + "\n");
    }
}

fn branches() {
    let sandbox = sample();
    let run = |options: &str| {
        let line = format!("{PACK} -q --no-module-yaml -o '{{branch}}.zip' {options}");
        let path = sandbox.ok(&line);
        sandbox.ok(&format!("rm {path}"));
        path
    };
    assert_eq!(run("--branch 'a/b c:ä'"), "a_b_c__.zip");
    sandbox.ok("git init -q -b feature/x ../repo && cp hello.so ../repo");
    // What is checked out here is of no interest, and one without a commit is a branch too.
    sandbox.ok("git init -q -b other .");
    assert_eq!(run("../repo/hello.so"), "feature_x.zip");
    sandbox.ok("cd ../repo && git add . && git commit -q -m one && git checkout -q -b next");
    assert_eq!(run("../repo/hello.so"), "next.zip");
    assert_eq!(run("hello.so"), "other.zip");
    assert_eq!(run("../repo/hello.so --branch main"), "main.zip");
}

fn branches_that_nobody_knows() {
    let sandbox = sample();
    let line = format!("{PACK} --also-as '{{branch}}.zip'");
    harmless(&sandbox, &line).fails(2, str![[r#"
      Read ../commands.json
error: cannot name the bundle "{branch}.zip": {branch} is unknown: no branch is checked out where hello.so lies; say it with --branch NAME
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]]);
    sandbox.ok("git init -q . && git add . && git commit -q -m one && git checkout -q --detach");
    harmless(&sandbox, &line).fails(2, str![[r#"
      Read ../commands.json
error: cannot name the bundle "{branch}.zip": {branch} is unknown: no branch is checked out where hello.so lies; say it with --branch NAME
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]]);
    // Nobody asks for it.
    sandbox.ok(&format!("{PACK} --result-file r.json && grep -q '\"branch\": null' r.json"));
}

fn variants() {
    let sandbox = sample();
    let run = |options: &str| sandbox.ok(&format!("{PACK} -q {options}"));
    assert_eq!(run("--variant asan"), BUNDLE.replace("1.2.3", "1.2.3-asan"));
    assert_eq!(run("--variant v1.0_x -o '{stem}{variant}.zip'"), "hello-v1.0_x.zip");
    assert_eq!(run("-o '{stem}{variant}.zip'"), "hello.zip");
}

fn debug_symbols_of_objcopy() {
    let sandbox = sample();
    build(&sandbox, "hello.so", "-g -Wl,--build-id");
    sandbox.ok("cp hello.so whole && objcopy --only-keep-debug hello.so hello.debug");
    sandbox
        .ok("strip --strip-unneeded hello.so && objcopy --add-gnu-debuglink=hello.debug hello.so");
    let run = |file: &str| {
        sandbox.sh(&format!("{PACK} --no-module-yaml -o x.zip --debug-symbols {file}"))
    };
    let done = str![[r#"
      Read ../commands.json
    Packed hello 1.2.3: 3 commands

"#]];
    let paths = str![[r#"
x.zip
x.debug.tgz

"#]];
    run("hello.debug").prints(paths.clone(), done.clone());
    run("whole").prints(
        paths.clone(),
        str![[r#"
      Read ../commands.json
warning: whole is not the file that the module's .gnu_debuglink means
   hint: its checksum differs: name the file that --add-gnu-debuglink was given
    Packed hello 1.2.3: 3 commands

"#]],
    );
    // Without a build id the checksum tells.
    sandbox.ok("objcopy --remove-section .note.gnu.build-id hello.so");
    run("hello.debug").prints(paths, done);
    sandbox.ok("rm x.*");
    harmless(&sandbox, &format!("{PACK} --debug-symbols whole")).fails(
        7,
        str![[r#"
      Read ../commands.json
error: whole has no debug symbols of the module: the module's .gnu_debuglink has another checksum
hint: name the file of symbols that was made with this build of the module

"#]],
    );
}

fn debug_symbols_have_the_same_bytes_each_time() {
    let sandbox = with_symbols();
    let line = format!("{PACK} -q --no-module-yaml -o x.zip --debug-symbols hello.debug");
    sandbox.ok(&format!("{line} && mv x.debug.tgz before.tgz && mkdir -m 700 other"));
    sandbox.ok("touch -d 2001-01-01 hello.debug && chmod 755 hello.debug");
    sandbox.ok("mv hello.debug other/symbols && ln -s other/symbols hello.debug");
    sandbox.ok(&format!("{line} --threads 2 && cmp x.debug.tgz before.tgz"));
    sandbox.ok(&format!("SOURCE_DATE_EPOCH=1000000000 {line} && ! cmp -s x.debug.tgz before.tgz"));
}

fn debug_symbols_of_something_else() {
    let sandbox = with_symbols();
    build(&sandbox, "other.debug", "-g -Wl,--build-id=0x4567");
    sandbox.write("text", "symbols");
    sandbox.write("empty", "");
    sandbox.ok("mkdir folder && mkfifo pipe");
    let run = |file: &str| harmless(&sandbox, &format!("{PACK} --debug-symbols {file}"));
    run("other.debug").fails(
        7,
        str![[r#"
      Read ../commands.json
error: other.debug has no debug symbols of the module: their build id is 4567, and the module's 0123
hint: name the file of symbols that was made with this build of the module

"#]],
    );
    // What was made of the same source for another processor: byte 18 names it.
    sandbox.ok(
        "cp hello.debug another && printf '\\363' | dd of=another bs=1 seek=18 conv=notrunc 2>&1",
    );
    let run_another = run("another");
    assert_eq!(run_another.code, 7);
    assert!(run_another.stderr.contains("another architecture"), "{}", run_another.stderr);
    run("text").fails(
        7,
        str![[r#"
      Read ../commands.json
error: text has no debug symbols of the module: it is a text
hint: name the file of symbols that was made with this build of the module

"#]],
    );
    run("empty").fails(
        7,
        str![[r#"
      Read ../commands.json
error: empty has no debug symbols of the module: it is empty
hint: name the file of symbols that was made with this build of the module

"#]],
    );
    run("folder").fails(
        3,
        str![[r#"
      Read ../commands.json
error: folder is a folder
hint: name a file

"#]],
    );
    run("pipe").fails(
        3,
        str![[r#"
      Read ../commands.json
error: pipe is not a file
hint: name a file

"#]],
    );
    run("no.debug").fails(
        3,
        str![[r#"
      Read ../commands.json
error: cannot read no.debug
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
}

fn debug_symbols_that_are_no_symbols() {
    let sandbox = with_symbols();
    let line = format!("{PACK} --debug-symbols hello.so");
    sandbox.sh(&format!("{line} -o x.zip")).prints(str![[r#"
x.zip
x.debug.tgz

"#]], str![[r#"
      Read ../commands.json
warning: hello.so has no debug sections
   hint: compile with -g, and name the module as it was before it was stripped, or what objcopy --only-keep-debug kept of it
    Packed hello 1.2.3: 3 commands

"#]]);
    harmless(&sandbox, &format!("{line} --deny-warnings")).fails(10, str![[r#"
      Read ../commands.json
warning: hello.so has no debug sections
   hint: compile with -g, and name the module as it was before it was stripped, or what objcopy --only-keep-debug kept of it
warning: module.yaml names another bundle of hello too: [ROOT]/x.zip
   hint: remove it, unless the image shall have both
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]]);
}

fn symbols_that_nobody_can_tell() {
    let sandbox = with_symbols();
    let run = |file: &str| {
        sandbox.sh(&format!("{PACK} --no-module-yaml -o x.zip --debug-symbols {file} >/dev/null"))
    };
    sandbox.ok("objcopy --remove-section .note.gnu.build-id hello.debug nameless.debug");
    run("nameless.debug").prints(
        "",
        str![[r#"
      Read ../commands.json
warning: nobody can tell whether nameless.debug is of this module: it has no build id
   hint: link the module with -Wl,--build-id
    Packed hello 1.2.3: 3 commands

"#]],
    );
    sandbox.ok("objcopy --remove-section .note.gnu.build-id hello.so");
    run("hello.debug").prints(
        "",
        str![[r#"
      Read ../commands.json
warning: nobody can tell whether hello.debug is of this module: the module has no build id
   hint: link the module with -Wl,--build-id
    Packed hello 1.2.3: 3 commands

"#]],
    );
    run("nameless.debug").prints(
        "",
        str![[r#"
      Read ../commands.json
warning: nobody can tell whether nameless.debug is of this module: neither has a build id
   hint: link the module with -Wl,--build-id
    Packed hello 1.2.3: 3 commands

"#]],
    );
}

fn checksums_of_odd_names() {
    let sandbox = sample();
    sandbox.ok("mkdir 'o u\tt'");
    for name in ["'a b.zip'", "'o u\tt/ä.zip'", "\"$(printf 'a\\nb\\\\c.zip')\"", "./-x.zip"] {
        sandbox.ok(&format!("{PACK} -q --no-module-yaml --checksum-files -o {name}"));
    }
    let sums = sandbox.ok("sha256sum -c --status ./*.sha256 && cd o* && sha256sum -c *.sha256");
    assert_eq!(sums, "ä.zip: OK");
    // Word for word what it writes itself.
    sandbox.ok("sha256sum -- *.zip | sort >theirs; cat ./*.sha256 | sort | cmp - theirs");
    sandbox.ok("echo 0 >>'a b.zip' && ! sha256sum -c --status 'a b.zip.sha256'");
}

fn files_in_the_place_of_others() {
    let sandbox = with_symbols();
    let run = |options: &str| {
        let before = sandbox.ok("cat hello.* ramp.yml ../commands.json | sha256sum");
        let run = harmless(&sandbox, &format!("{PACK} -q {options}"));
        assert_eq!(sandbox.ok("cat hello.* ramp.yml ../commands.json | sha256sum"), before);
        run
    };
    run("-o x.zip --also-as ./x.zip").fails(
        2,
        str![[r#"
error: x.zip would be written twice, as bundle

"#]],
    );
    run("-o x.zip --also-as module.yaml").fails(
        2,
        str![[r#"
error: module.yaml cannot be both bundle and module.yaml

"#]],
    );
    run("-o x.json --result-file ../here/x.json").fails(
        2,
        str![[r#"
error: x.json cannot be both bundle and result file

"#]],
    );
    run("--module-yaml r.yaml --result-file r.yaml").fails(
        2,
        str![[r#"
error: r.yaml cannot be both module.yaml and result file

"#]],
    );
    run("-o x --also-as x.sha256 --checksum-files").fails(
        2,
        str![[r#"
error: x.sha256 cannot be both bundle and checksum file

"#]],
    );
    run("-o x --also-as x.zip --debug-symbols hello.debug").fails(
        2,
        str![[r#"
error: x.debug.tgz would be written twice, as debug symbols

"#]],
    );
    run("-o x --also-as hello.so").fails(
        9,
        str![[r#"
error: hello.so is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("-o x --also-as hello.debug --debug-symbols hello.debug").fails(
        9,
        str![[r#"
error: hello.debug is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("--result-file ramp.yml").fails(
        9,
        str![[r#"
error: ramp.yml is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    sandbox.write("values.yaml", "A: 1\n");
    run("--define-file values.yaml --result-file ./values.yaml").fails(
        9,
        str![[r#"
error: ./values.yaml is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
    run("--result-file ../commands.json").fails(
        9,
        str![[r#"
error: ../commands.json is one of the files that are read, and would be overwritten
hint: write to another place

"#]],
    );
}

fn options_that_say_nothing() {
    let sandbox = sample();
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} {options}"));
    run("--variant a/b").fails(2, str![[r#"
error: invalid value 'a/b' for '--variant <NAME>': it becomes part of a name, and has letters, digits, ., _ and - only

For more information, try '--help'.

"#]]);
    run("--result-file result.txt").fails(2, str![[r#"
error: invalid value 'result.txt' for '--result-file <FILE>': a result file ends in .json, .yaml or .yml

For more information, try '--help'.

"#]]);
    run("--also-as ''").fails(
        2,
        str![[r#"
error: a value is required for '--also-as <NAME>' but none was supplied

For more information, try '--help'.

"#]],
    );
    run("--branch ''").fails(
        2,
        str![[r#"
error: a value is required for '--branch <NAME>' but none was supplied

For more information, try '--help'.

"#]],
    );
    run("--also-as -").fails(2, str![[r#"
      Read ../commands.json
error: cannot name the bundle "-": a bundle is a file, and not written to stdout
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]]);
    run("--also-as '{brnch}.zip'").fails(2, str![[r#"
      Read ../commands.json
error: cannot name the bundle "{brnch}.zip": there is no field {brnch}; near are {branch}
hint: any field of module.json can stand in it, as {semantic_version}, and {stem}, {osnick}, {variant}, {branch}

"#]]);
}

/// All of it appears, or nothing.
fn places_that_cannot_be_written_to() {
    let sandbox = with_symbols();
    sandbox.ok("mkdir folder.json && mkfifo x.zip.sha256");
    let run = |options: &str| harmless(&sandbox, &format!("{PACK} -q {options}"));
    run("--also-as no/such.zip").fails(
        3,
        str![[r#"
error: cannot write in no
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    run("--result-file no/such.json").fails(
        3,
        str![[r#"
error: cannot write in no
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    run("--result-file folder.json").fails(
        3,
        str![[r#"
error: folder.json is a folder
hint: name a file

"#]],
    );
    run("-o x.zip --checksum-files").fails(
        3,
        str![[r#"
error: x.zip.sha256 is not a file
hint: name a file

"#]],
    );
}

/// More files than may be open at once by default, and one that cannot appear.
fn names_without_number() {
    let sandbox = sample();
    sandbox.ok("mkdir many");
    let names = "$(seq -f '--also-as=many/%g.zip' 100)";
    let line = format!("ulimit -Sn 100 && {PACK} -q --no-module-yaml -o x.zip {names}");
    let run = sandbox.sh(&format!("{line} --also-as many/$(printf '%0300d' 1)"));
    run.fails(
        3,
        str![[r#"
error: cannot write many/00[..]1
caused by: File name too long (os error 36)

"#]],
    );
    assert_eq!(sandbox.list("many"), [""; 0]);
    assert_eq!(sandbox.ok(&line).lines().count(), 101);
    assert_eq!(sandbox.list("many").len(), 100);
}

fn a_full_disk_for_a_copy() {
    let sandbox = sample();
    sandbox.ok("mkdir full && head -c 300000 /dev/urandom >>hello.so");
    let line = format!("{PACK} -q -o x.zip --also-as full/x.zip --checksum-files");
    let run =
        |kb| sandbox.sh_alone(&format!("mount -t tmpfs -o size={kb}k none full; {line}; ls full"));
    run(64).fails(
        0,
        str![[r#"
error: cannot write full/x.zip
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]],
    );
    assert_eq!(sandbox.list("."), ["full", "hello.so", "ramp.yml"]);
    assert_eq!(run(1000).stdout, "x.zip\nfull/x.zip\nx.zip\nx.zip.sha256\n");
}
