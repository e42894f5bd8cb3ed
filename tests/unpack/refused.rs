//! Bundles that are not unpacked, with all that is wrong with them.

use std::thread;
use std::time::Instant;

use libtest_mimic::Trial;
use snapbox::{IntoData, str};

use super::{X, bundle, sandbox};
use crate::harness::Zip;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(what_is_no_bundle),
        test!(all_errors_are_shown_at_once),
        test!(names_that_lead_out_of_the_folder),
        test!(bytes_that_are_not_what_is_said),
        test!(what_is_not_wanted_is_not_read),
        test!(killed_at_any_moment),
    ]
}

/// Nothing appears where the bundle is not unpacked.
fn refuses(zip: &Zip, stderr: impl IntoData) {
    let sandbox = sandbox();
    sandbox.write("bad.zip", zip.bytes());
    sandbox.sh("rampkit unpack bad.zip -C out --force").fails(1, stderr);
    assert_eq!(sandbox.list("."), ["b.zip", "bad.zip"]);
}

fn what_is_no_bundle() {
    let sandbox = sandbox();
    sandbox.write("text", "hello");
    sandbox.sh("rampkit unpack text").fails(
        1,
        str![[r#"
error: text cannot be trusted:
  error not_a_zip the file neither begins nor ends as a zip does
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
    sandbox.sh("rampkit unpack none.zip").fails(
        3,
        str![[r#"
error: cannot read none.zip
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    sandbox.sh("rampkit unpack .").fails(
        3,
        str![[r#"
error: . is a folder
hint: name a file

"#]],
    );
    sandbox.sh("rampkit unpack /dev/null").fails(
        3,
        str![[r#"
error: /dev/null is not a file
hint: name a file

"#]],
    );
    sandbox.sh("head -c 300 b.zip >cut.zip; rampkit unpack cut.zip").fails(
        1,
        str![[r#"
error: cut.zip cannot be trusted:
  error cut_off the file begins as a zip and has no end record where one must be
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
}

fn all_errors_are_shown_at_once() {
    let mut zip = bundle();
    zip.after = b"more".to_vec();
    zip.entries[0].mode(0o120_777);
    zip.entries[1].both(|header| header.flags |= 1);
    zip.add("README", b"");
    zip.add("README", b"");
    refuses(
        &zip,
        str![[r#"
error: bad.zip cannot be trusted:
  error link "m.so" is a symbolic link
  error encrypted "module.json" is encrypted
  error duplicate_name "README" stands in the archive twice
  error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "README", "README"
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
}

fn names_that_lead_out_of_the_folder() {
    for (name, stderr) in [
        (
            "../x",
            str![[r#"
error: bad.zip cannot be trusted:
  error name_escapes the name "../x" has the part ".."
  error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "../x"
hint: nothing was written; ask whoever made it for a sound one

"#]],
        ),
        (
            "/tmp/x",
            str![[r#"
error: bad.zip cannot be trusted:
  error name_absolute the name "/tmp/x" is absolute
  error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "/tmp/x"
hint: nothing was written; ask whoever made it for a sound one

"#]],
        ),
        (
            "deps/../../x",
            str![[r#"
error: bad.zip cannot be trusted:
  error name_escapes the name "deps/../../x" has the part ".."
hint: nothing was written; ask whoever made it for a sound one

"#]],
        ),
        (
            "deps\\..\\x",
            str![[r#"
error: bad.zip cannot be trusted:
  error name_backslash the name "deps\\..\\x" has a backslash, which parts names elsewhere
  error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "deps\\..\\x"
hint: nothing was written; ask whoever made it for a sound one

"#]],
        ),
        (
            "deps/\x1b[31mx",
            str![[r#"
error: bad.zip cannot be trusted:
  error name_control the name "deps/\u{1b}[31mx" has control characters
hint: nothing was written; ask whoever made it for a sound one

"#]],
        ),
    ] {
        let mut zip = bundle();
        zip.add(name, b"x");
        refuses(&zip, stderr.raw());
    }
}

fn bytes_that_are_not_what_is_said() {
    let mut zip = bundle();
    zip.entries.remove(0);
    zip.add("m.so", b"y");
    zip.entries[1].both(|header| header.crc = 1);
    refuses(
        &zip,
        str![[r#"
error: bad.zip cannot be trusted:
  error checksum_wrong "deps/d.1.tgz" has the checksum 8cdc1683 and is said to have 00000001
  error sha256_contradicts the sha256 of the module is [HEX], and must be [HEX]
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
    let mut zip = Zip::default();
    zip.add("m.so", b"y");
    let json = format!(
        r#"{{"module_file": "m.so", "sha256": "{X}",
        "dependencies": {{"d": {{"sha256": "{X}"}}, "e": {{"sha256": "hello"}}}},
        "optional-dependencies": {{"f": {{"url": "http://h/f.1.tgz", "sha256": "{X}"}}}}}}"#
    );
    zip.add("module.json", json.as_bytes());
    zip.add("deps/d.tgz", b"y");
    zip.add("deps/f.1.tgz", b"y");
    refuses(
        &zip,
        str![[r#"
error: bad.zip cannot be trusted:
  error sha256_contradicts the sha256 of the module is [HEX], and must be [HEX]
  error dependency_sha256_contradicts the sha256 of dependency "d" is [HEX], and must be [HEX]
  error dependency_sha256_contradicts the sha256 of dependency "f" is [HEX], and must be [HEX]
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
    zip.add("deps/e.tgz", b"y");
    refuses(
        &zip,
        str![[r#"
error: bad.zip cannot be trusted:
  error dependency_sha256_invalid the sha256 that is given for dependency "e" is none
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
}

fn what_is_not_wanted_is_not_read() {
    let sandbox = sandbox();
    let mut zip = bundle();
    zip.entries[2].both(|header| header.crc = 1);
    sandbox.write("bad.zip", zip.bytes());
    sandbox.sh("rampkit unpack bad.zip -C out --metadata-only").prints(
        str![[r#"
out/module.json

"#]],
        str![[r#"
  Unpacked bad.zip: 1 file

"#]],
    );
    sandbox.sh("rampkit unpack bad.zip -C out --deps-only").fails(
        1,
        str![[r#"
error: bad.zip cannot be trusted:
  error checksum_wrong "deps/d.1.tgz" has the checksum 8cdc1683 and is said to have 00000001
hint: nothing was written; ask whoever made it for a sound one

"#]],
    );
}

/// Each file is there as a whole or not at all, and nothing else is.
fn killed_at_any_moment() {
    let sandbox = sandbox();
    let mut zip = bundle();
    zip.store("deps/large", &vec![b'x'; 2 << 20]);
    sandbox.write("large.zip", zip.bytes());
    let start = Instant::now();
    sandbox.ok("rampkit unpack -q large.zip -C whole");
    let whole = start.elapsed();
    let (mut seen, mut empty) = (0, 0);
    // From before the first file on; the last one comes to its end, however busy the machine is.
    for moment in 0..40 {
        let line = "exec rampkit unpack -q large.zip -C out 2>/dev/null";
        let mut unpacking = sandbox.command(line).spawn().unwrap();
        if moment < 39 {
            thread::sleep(whole * moment / 30);
            unpacking.kill().unwrap();
        }
        unpacking.wait().unwrap();
        for file in sandbox.ok("mkdir -p out && cd out && find . -type f").lines() {
            sandbox.ok(&format!("cmp out/{file} whole/{file}"));
            seen += 1;
        }
        empty += usize::from(sandbox.list("out").is_empty());
        sandbox.ok("rm -rf out");
    }
    assert!(seen > 0 && empty > 0, "{seen} files were seen, {empty} times none");
}
