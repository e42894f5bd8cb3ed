//! What needs nobody beside it.

use std::fs;

use libtest_mimic::Trial;
use snapbox::str;

use super::{metadata, ours};
use crate::harness::{entries, read_entry};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_session),
        test!(help_is_where_ramp_has_it),
        test!(unpacking_spares_what_is_there),
        test!(a_bundle_whose_module_has_no_sound_name, InfoZip),
        test!(validating, InfoZip),
        test!(a_module_yaml_only_where_it_is_named),
        test!(local_paths_begin_in_the_current_folder),
        test!(a_copy_of_the_binary_is_ramp_too),
    ]
}

fn a_session() {
    let sandbox = ours();
    sandbox
        .sh("ramp pack -m ramp.yml --packname-file f -o '{module_name}.{version}.zip' hello.so")
        .prints(
            str![[r#"
hello.10203.zip

"#]],
            str![[r#"
    Loaded hello.so as Redis 7.4.11 does
    Packed hello 1.2.3: 3 commands

"#]],
        );
    assert_eq!(sandbox.read("f"), "hello.10203.zip");
    assert_eq!(sandbox.list("."), ["f", "hello.10203.zip", "hello.so", "ramp.yml"]);
    sandbox.sh("ramp validate hello.10203.zip").prints(
        str![[r#"
package is valid

"#]],
        str![[r#""#]],
    );
    sandbox.sh("ramp version").prints(
        str![[r#"
RAMP packer v=2.5.19 (rampkit 0.1.0)

"#]],
        str![[r#""#]],
    );
    sandbox.sh("ramp --version").prints(
        str![[r#"
ramp, version 2.5.19 (rampkit 0.1.0)

"#]],
        str![[r#""#]],
    );
    // rampkit's own options are there as well.
    sandbox.ok("ramp pack -q --set os=Plan9 --level 0 -o x.zip hello.so");
    assert_eq!(metadata(&sandbox, "x.zip")["os"], "Plan9");
    // A text that would be a variable elsewhere is the description; of two the later counts.
    sandbox.ok("ramp pack -q -D A=1 --description B=2 -D C=3 -o y.zip hello.so");
    assert_eq!(metadata(&sandbox, "y.zip")["description"], "C=3");
    sandbox.ok("ramp pack -q -D A=1 --description B=2 -o y.zip hello.so");
    assert_eq!(metadata(&sandbox, "y.zip")["description"], "B=2");
    // So is its other long option for variables.
    sandbox.write("t.yml", "author: '{{WHO}}'\n");
    // Hints name it: -D is no definition here.
    let undefined = sandbox.sh("ramp pack -m t.yml hello.so");
    assert!(
        undefined.stderr.contains("give the value with --define WHO=…"),
        "{}",
        undefined.stderr
    );
    sandbox.ok("ramp pack -q -m t.yml --define WHO=Ann -o y.zip hello.so");
    assert_eq!(metadata(&sandbox, "y.zip")["author"], "Ann");
    sandbox.ok("echo 'author: Bo' | ramp pack -q -m - -o y.zip hello.so");
    assert_eq!(metadata(&sandbox, "y.zip")["author"], "Bo");
    // A manifest that nobody names is none, as there.
    assert_eq!(metadata(&sandbox, "x.zip")["author"], "");
}

fn help_is_where_ramp_has_it() {
    let sandbox = ours();
    sandbox.sh("ramp --help").prints(
        str![[r#"
Packs Redis modules into RAMP bundles for Redis Enterprise, as ramp-packer does

Usage: ramp [OPTIONS] <COMMAND>

Commands:
  pack      Pack a module into a RAMP bundle
  unpack    Unpack a bundle: the module, its metadata as MODULE_NAME.json, and its dependencies
  validate  Say whether a bundle is valid, and if not, all reasons
  version   Print the version

Options:
  -h, --help     Print help
  -V, --version  Print version

For every command:
  -q, --quiet          Say only warnings and errors
      --deny-warnings  Treat every warning as an error, before anything is written

"#]],
        str![[r#""#]],
    );
    sandbox.sh("ramp unpack --help").prints(
        str![[r#"
Unpack a bundle: the module, its metadata as MODULE_NAME.json, and its dependencies

Usage: ramp unpack [OPTIONS] <BUNDLE>

Arguments:
  <BUNDLE>  The bundle

Options:
  -C, --directory <DIR>  The folder to unpack into; made where there is none [default: .]
      --deps-only        Unpack what lies in deps/ alone
      --metadata-only    Unpack module.json alone
      --force            Replace other files that have the names of the bundle's
  -h, --help             Print help

For every command:
  -q, --quiet          Say only warnings and errors
      --deny-warnings  Treat every warning as an error, before anything is written

"#]],
        str![[r#""#]],
    );
    let help = sandbox.ok("ramp pack --help");
    assert!(help.contains("-h, --homepage <TEXT>"), "{help}");
    assert!(help.contains("-D <TEXT>"), "{help}");
    assert!(!help.contains("--no-module-yaml"), "{help}");
    let help = sandbox.ok("rampkit pack -h");
    assert!(help.contains("-h, --help"), "{help}");
}

fn unpacking_spares_what_is_there() {
    let sandbox = ours();
    sandbox.write("plugin", "p");
    sandbox.write("d.yml", "dependencies: {p: {url: 'https://h/p.tgz', local_path: plugin}}\n");
    sandbox.ok("ramp pack -q -m d.yml hello.so && mkdir to && cp hello.so to");
    sandbox.sh("cd to && ramp unpack ../module.zip").prints(
        str![[r#"
[ROOT]/to/hello.json
[ROOT]/to/hello.so
[ROOT]/to/deps/p.tgz

"#]],
        str![[r#"
  Unpacked ../module.zip: 3 files, 1 of them there already

"#]],
    );
    let json = read_entry(&sandbox.path("module.zip"), "module.json");
    assert_eq!(sandbox.read("to/hello.json").as_bytes(), json);
    sandbox.write("to/hello.json", "mine");
    sandbox.write("to/deps/p.tgz", "mine");
    sandbox.sh("cd to && ramp unpack ../module.zip").fails(
        9,
        str![[r#"
error: other files would be overwritten:
  [ROOT]/to/hello.json
  [ROOT]/to/deps/p.tgz
hint: unpack into another folder with -C DIR, or overwrite them with --force

"#]],
    );
    assert_eq!([sandbox.read("to/hello.json"), sandbox.read("to/deps/p.tgz")], ["mine", "mine"]);
}

/// It would be written elsewhere.
fn a_bundle_whose_module_has_no_sound_name() {
    let sandbox = ours();
    let said =
        sandbox.ok("ramp pack -q hello.so >name && rm name && unzip -p module.zip module.json");
    sandbox.write("module.json", said.replace("\"hello\"", "\"../../hello\""));
    sandbox.ok("rm module.zip && zip -q module.zip hello.so module.json && rm module.json");
    let before = sandbox.list(".");
    sandbox.sh("ramp unpack module.zip").fails(
        1,
        str![[r#"
error: module.zip cannot be trusted:
  error module_name_invalid module_name is "../../hello", and no file is called so
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
    assert_eq!(sandbox.list("."), before);
}

fn validating() {
    let sandbox = ours();
    sandbox
        .write("module.json", r#"{"module_name": "", "module_file": "hello.so", "version": "x"}"#);
    sandbox.ok("zip -q module.zip hello.so module.json");
    sandbox.sh("ramp validate module.zip").fails(
        1,
        str![[r#"
package is invalid, reason: architecture is missing (module_architecture_not_supported)
  semantic_version is missing (field_missing)
  commands is missing (field_missing)
  capabilities is missing (field_missing)
  min_redis_version is missing (field_missing)
  module_name is empty (module_name_missing)
  version is "x", and must be a whole number (module_version_not_integer)

"#]],
    );
    sandbox.sh("ramp validate none.zip").fails(
        3,
        str![[r#"
error: cannot read none.zip
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
}

fn a_module_yaml_only_where_it_is_named() {
    let sandbox = ours();
    let pack = "ramp pack -q -m ramp.yml hello.so";
    sandbox.ok(&format!("{pack} --module-yaml x.yaml --image here"));
    assert!(sandbox.read("x.yaml").contains("image: here"));
    sandbox.ok(pack);
    assert_eq!(sandbox.list("."), ["hello.so", "module.zip", "ramp.yml", "x.yaml"]);
    let run = sandbox.sh(&format!("{pack} --image here"));
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--module-yaml <PATH>"), "{}", run.stderr);
}

fn local_paths_begin_in_the_current_folder() {
    let sandbox = ours();
    sandbox.write("plugin", "p");
    sandbox.write("pack/ramp.yml", "dependencies: {p: {local_path: plugin}}\n");
    sandbox.ok("ramp pack -q -m pack/ramp.yml hello.so");
    assert_eq!(entries(&sandbox.path("module.zip"))[2..], ["deps/p.tgz"]);
    // There it begins where the manifest lies.
    let run = sandbox.sh("rampkit pack -m pack/ramp.yml hello.so");
    assert!(run.stderr.contains("there is no pack/plugin, its local_path"), "{}", run.stderr);
}

/// It loads the module in a process of its own, which has the same name.
fn a_copy_of_the_binary_is_ramp_too() {
    let sandbox = ours();
    let link = sandbox.path("../bin/ramp");
    let binary = fs::canonicalize(&link).unwrap();
    fs::remove_file(&link).unwrap();
    fs::copy(binary, link).unwrap();
    assert_eq!(sandbox.ok("ramp pack -q hello.so"), "module.zip");
}
