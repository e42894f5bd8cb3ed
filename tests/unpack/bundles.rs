//! What is unpacked.

use libtest_mimic::Trial;
use snapbox::str;

use super::{X, bundle, sandbox};
use crate::harness::{Peer, Sandbox, Zip, entries, read_entry};
use crate::pack::{PACK, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(all_of_it_here),
        test!(all_of_it_into_a_new_folder),
        test!(a_part_of_it),
        test!(modes_are_ours),
        test!(what_was_packed_comes_back),
        test!(what_is_odd_is_unpacked_with_a_word),
        test!(no_word_of_what_it_should_be),
        test!(a_bundle_of_the_reference_packer, RampPacker),
        test!(bundles_made_by_hand, Python, InfoZip),
    ]
}

fn all_of_it_here() {
    let sandbox = sandbox();
    sandbox.sh("rampkit unpack b.zip").prints(
        str![[r#"
m.so
module.json
deps/d.1.tgz

"#]],
        str![[r#"
  Unpacked b.zip: 3 files

"#]],
    );
    assert_eq!(sandbox.list("."), ["b.zip", "deps", "m.so", "module.json"]);
    assert_eq!(sandbox.list("deps"), ["d.1.tgz"]);
    assert_eq!(sandbox.read("m.so") + &sandbox.read("deps/d.1.tgz"), "xx");
    let json = read_entry(&sandbox.path("b.zip"), "module.json");
    assert_eq!(sandbox.read("module.json").as_bytes(), json);
}

fn all_of_it_into_a_new_folder() {
    let sandbox = sandbox();
    sandbox.sh("rampkit unpack b.zip -C new/folder/").prints(
        str![[r#"
new/folder/m.so
new/folder/module.json
new/folder/deps/d.1.tgz

"#]],
        str![[r#"
  Unpacked b.zip: 3 files

"#]],
    );
    assert_eq!(sandbox.list("new/folder"), ["deps", "m.so", "module.json"]);
    sandbox.sh("rampkit unpack b.zip -C \"$PWD/new/../other\" -q").prints(
        str![[r#"
[ROOT]/new/../other/m.so
[ROOT]/new/../other/module.json
[ROOT]/new/../other/deps/d.1.tgz

"#]],
        str![""],
    );
    assert_eq!(sandbox.list("other"), ["deps", "m.so", "module.json"]);
}

fn a_part_of_it() {
    let sandbox = sandbox();
    sandbox.sh("rampkit unpack b.zip -C a --metadata-only").prints(
        str![[r#"
a/module.json

"#]],
        str![[r#"
  Unpacked b.zip: 1 file

"#]],
    );
    assert_eq!(sandbox.list("a"), ["module.json"]);
    sandbox.sh("rampkit unpack b.zip -C b --deps-only").prints(
        str![[r#"
b/deps/d.1.tgz

"#]],
        str![[r#"
  Unpacked b.zip: 1 file

"#]],
    );
    assert_eq!(sandbox.list("b"), ["deps"]);
    let run = sandbox.sh("rampkit unpack b.zip --deps-only --metadata-only");
    run.fails(
        2,
        str![[r#"
error: the argument '--deps-only' cannot be used with '--metadata-only'

Usage: rampkit unpack --deps-only <BUNDLE>

For more information, try '--help'.

"#]],
    );
}

fn modes_are_ours() {
    let sandbox = sandbox();
    sandbox.ok("umask 022; rampkit unpack -q b.zip -C a; umask 077; rampkit unpack -q b.zip -C b");
    let modes = "stat -c '%a %n' */m.so */module.json */deps */deps/*";
    sandbox.sh(modes).prints(
        str![[r#"
755 a/m.so
700 b/m.so
644 a/module.json
600 b/module.json
755 a/deps
700 b/deps
644 a/deps/d.1.tgz
600 b/deps/d.1.tgz

"#]],
        str![""],
    );
}

fn what_was_packed_comes_back() {
    let sandbox = sample();
    sandbox.write("data/a.txt", "a");
    let manifest = sandbox.read("ramp.yml");
    sandbox.write(
        "ramp.yml",
        manifest + "dependencies:\n  data:\n    url: https://example.com/data.1.tgz\n    local_path: data\n",
    );
    sandbox.ok(&format!("{PACK} -q --no-module-yaml hello.so -o b.zip"));
    sandbox.sh("rampkit unpack b.zip -C out --deny-warnings").prints(
        str![[r#"
out/hello.so
out/module.json
out/deps/data.1.tgz

"#]],
        str![[r#"
  Unpacked b.zip: 3 files

"#]],
    );
    for entry in entries(&sandbox.path("b.zip")) {
        let unpacked = std::fs::read(sandbox.path("out").join(&entry)).unwrap();
        assert_eq!(unpacked, read_entry(&sandbox.path("b.zip"), &entry), "{entry}");
    }
    sandbox.ok("cmp hello.so out/hello.so && test -x out/hello.so");
    // Packed again, what was unpacked gives the same file.
    let again = "pack -q --no-module-yaml -m ramp.yml --commands out/module.json";
    sandbox.ok(&format!("rampkit {again} out/hello.so -o again.zip && cmp b.zip again.zip"));
}

fn what_is_odd_is_unpacked_with_a_word() {
    let sandbox = sandbox();
    let mut zip = bundle();
    (zip.before, zip.after) = (b"#!/bin/sh".to_vec(), b"more".to_vec());
    zip.add("deps/other.tgz", b"x");
    sandbox.write("odd.zip", zip.bytes());
    sandbox.sh("rampkit unpack odd.zip --deny-warnings").fails(
        10,
        str![[r#"
warning: 4 bytes follow the end of the archive
warning: 9 bytes stand before the first entry
warning: module.json names no dependency that is "deps/other.tgz"
   hint: nothing tells what they must be
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]],
    );
    assert_eq!(sandbox.list("."), ["b.zip", "odd.zip"]);
    sandbox.sh("rampkit unpack odd.zip").prints(
        str![[r#"
m.so
module.json
deps/d.1.tgz
deps/other.tgz

"#]],
        str![[r#"
warning: 4 bytes follow the end of the archive
warning: 9 bytes stand before the first entry
warning: module.json names no dependency that is "deps/other.tgz"
   hint: nothing tells what they must be
  Unpacked odd.zip: 4 files

"#]],
    );
}

fn no_word_of_what_it_should_be() {
    let sandbox = Sandbox::new();
    let mut zip = Zip::default();
    zip.add("m.so", b"x");
    zip.add("module.json", br#"{"module_file": "m.so", "dependencies": {"d": {}, "e": {}}}"#);
    zip.add("deps/d.tgz", b"x");
    sandbox.write("b.zip", zip.bytes());
    sandbox.sh("rampkit unpack b.zip").prints(
        str![[r#"
m.so
module.json
deps/d.tgz

"#]],
        str![[r#"
warning: no sha256 is given for the module
warning: no sha256 is given for dependency "d"
  Unpacked b.zip: 3 files

"#]],
    );
}

/// Its bundle of the sample module, which it describes by a manifest alone.
fn a_bundle_of_the_reference_packer() {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox.write("data/a.txt", "a");
    let python = Peer::RampPacker.found();
    let script = "from RAMP import packer\n\
         from RAMP.module_metadata import create_default_metadata\n\
         metadata = create_default_metadata('hello.so')\n\
         metadata.update(module_name='hello', version=10203)\n\
         metadata['dependencies'] = {'data': {'local_path': 'data', 'url': 'http://h/data.tgz'}}\n\
         packer.archive('hello.so', metadata, 'b.zip')\n";
    sandbox.write("pack.py", script);
    sandbox.ok(&format!("{} pack.py", python.display()));
    sandbox.sh("rampkit unpack b.zip -C out --deny-warnings").prints(
        str![[r#"
out/hello.so
out/module.json
out/deps/data.tgz

"#]],
        str![[r#"
  Unpacked b.zip: 3 files

"#]],
    );
    sandbox.ok("cmp hello.so out/hello.so; tar -tf out/deps/data.tgz");
}

fn bundles_made_by_hand() {
    let sandbox = sandbox();
    sandbox.ok("rampkit unpack -q b.zip -C in");
    sandbox.ok("cd in && zip -q ../1.zip m.so module.json deps/d.1.tgz");
    sandbox.ok("cd in && zip -qr0 ../2.zip .");
    sandbox.ok("cd in && zip -qrfz ../3.zip . && cat m.so | zip -q ../4.zip -");
    sandbox.ok("cd in && python3 -m zipfile -c ../5.zip m.so module.json deps");
    sandbox.write("stream.py", "import sys, zipfile\n\
         class Pipe:\n def __init__(self): self.write = sys.stdout.buffer.write\n def flush(self): pass\n\
         with zipfile.ZipFile(Pipe(), 'w', zipfile.ZIP_DEFLATED) as zip:\n\
        \x20for name in sys.argv[1:]: zip.write(name)\n");
    sandbox.ok("cd in && python3 ../stream.py m.so module.json deps/d.1.tgz >../6.zip");
    for bundle in ["1", "2", "3", "5", "6"] {
        sandbox.ok(&format!(
            "rampkit unpack {bundle}.zip -C {bundle} --deny-warnings && diff -r in {bundle}"
        ));
    }
    sandbox.sh("rampkit unpack 4.zip").fails(
        1,
        str![[r#"
error: 4.zip cannot be trusted:
  error special_file "-" is a device, a pipe or a socket
  error module_json_missing there is no module.json at the root of the archive
  error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "-"
  error invalid_number_of_files no name ends in .so, as the module's must
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
    assert!(sandbox.read("in/module.json").contains(X));
}
