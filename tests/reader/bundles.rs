//! Bundles that are no bundles: what lies in them, and what their module.json is.

use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Trial;
use rampkit::bundle::Opened;
use serde_json::Value;
use snapbox::{IntoData as _, assert_data_eq, str};

use super::Case;
use crate::harness::{Sandbox, Zip};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(what_lies_in_a_bundle),
        test!(what_module_json_is),
        test!(modules_that_are_none),
        test!(everything_of_a_bundle_is_told),
    ]
}

fn module() -> Vec<u8> {
    std::fs::read(Sandbox::new().module("hello")).unwrap()
}

/// A bundle with the good module and this module.json.
fn bundle(json: &[u8]) -> Zip {
    let mut zip = Zip::default();
    zip.add("hello.so", &module());
    zip.add("module.json", json);
    zip
}

const JSON: &[u8] = br#"{"module_file": "hello.so"}"#;

fn open(zip: &Zip) -> Opened {
    Opened::of(zip.bytes(), Path::new("bundle.zip")).unwrap()
}

fn findings(zip: &Zip) -> String {
    open(zip).findings.iter().fold(String::new(), |mut text, finding| {
        let _ = writeln!(text, "{finding}");
        text
    })
}

fn what_lies_in_a_bundle() {
    let cases: [Case; 14] = [
        ("a good one", |_| {}),
        ("dependencies", |zip| {
            zip.add("deps/", b"");
            zip.add("deps/x.tgz", b"x");
        }),
        ("another file", |zip| {
            zip.add("README", b"x");
        }),
        ("another folder", |zip| {
            zip.add("src/", b"");
        }),
        ("another module", |zip| {
            zip.add("other.so", b"x");
        }),
        ("a library among the dependencies", |zip| {
            zip.add("deps/x.so", b"x");
        }),
        ("many others", |zip| {
            for name in ["1", "2", "3", "4", "5", "6", "\x1b7"] {
                zip.add(name, b"");
            }
        }),
        ("no module.json", |zip| drop(zip.entries.pop())),
        ("nothing", |zip| zip.entries.clear()),
        ("no module", |zip| drop(zip.entries.remove(0))),
        ("a module of another name", |zip| {
            zip.entries[0].both(|header| header.name = b"other.so".to_vec());
        }),
        ("a module in a folder", |zip| {
            zip.entries[0].both(|header| header.name = b"lib/hello.so".to_vec());
        }),
        ("a module.json that cannot be read", |zip| {
            zip.entries[1].both(|header| header.crc = 1);
        }),
        ("no zip", |zip| *zip = Zip { comment_length: Some(1), size: Some(1), ..Zip::default() }),
    ];
    let mut report = String::new();
    for (what, change) in cases {
        let mut zip = bundle(JSON);
        change(&mut zip);
        let _ = write!(report, "# {what}\n{}", findings(&zip));
    }
    assert_data_eq!(report, str![[r##"
# a good one
# dependencies
# another file
error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "README"
# another folder
error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "src/"
# another module
error invalid_number_of_files 2 names end in .so, and the module's alone may: "hello.so", "other.so"
# a library among the dependencies
error invalid_number_of_files 2 names end in .so, and the module's alone may: "hello.so", "deps/x.so"
# many others
error name_control the name "\u{1b}7" has control characters
error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "1", "2", "3", "4", "5", and 2 more
# no module.json
error module_json_missing there is no module.json at the root of the archive
# nothing
error module_json_missing there is no module.json at the root of the archive
error invalid_number_of_files no name ends in .so, as the module's must
# no module
error module_file_missing module_file names "hello.so", which is no file at the archive's root
error invalid_number_of_files no name ends in .so, as the module's must
# a module of another name
error module_file_missing module_file names "hello.so", which is no file at the archive's root
# a module in a folder
error module_file_missing module_file names "hello.so", which is no file at the archive's root
error invalid_number_of_files only the module, module.json and deps/ belong into a bundle: "lib/hello.so"
# a module.json that cannot be read
error checksum_wrong "module.json" has the checksum f1580486 and is said to have 00000001
# no zip
error cut_off the archive's comment has 1 bytes, of which 0 are there
note archive_comment the archive has a comment of 1 bytes
error cut_off the directory has 1 bytes, and only 0 stand before its end

"##]].raw());
}

fn what_module_json_is() {
    let deep = "[".repeat(200);
    let cases: [(&str, &[u8]); 17] = [
        ("empty", b""),
        ("no JSON", b"{module_file: hello.so}"),
        ("cut off", br#"{"module_file": "hello.so""#),
        ("two values", br#"{"module_file": "hello.so"} {}"#),
        ("a list", b"[]"),
        ("a text", b"\"hello.so\""),
        ("no UTF-8", b"{\"author\": \"\xfc\"}"),
        ("UTF-16", b"\xff\xfe{\0}\0"),
        ("a mark before it", b"\xef\xbb\xbf{\"module_file\": \"hello.so\"}"),
        ("what only Python reads", br#"{"version": NaN}"#),
        ("deep", deep.as_bytes()),
        ("a key twice", br#"{"module_file": "a.so", "module_file": "hello.so"}"#),
        ("a key twice, spelled in two ways", br#"{"module_file": "hello.so", "a": 1, "\u0061": 2}"#),
        (
            "keys twice, deep inside",
            br#"{"commands": [{}, {"flags": [], "flags": []}], "crdb": {"\u001b": 1, "\u001b": 1}}"#,
        ),
        ("a module_file that is none", br#"{"module_file": 1}"#),
        ("a module_file elsewhere", br#"{"module_file": "/etc/passwd"}"#),
        ("a module_file that is itself", br#"{"module_file": "module.json"}"#),
    ];
    let mut report = String::new();
    for (what, json) in cases {
        let _ = write!(report, "# {what}\n{}", findings(&bundle(json)));
    }
    assert_data_eq!(report, str![[r##"
# empty
error module_json_invalid module.json is no JSON: EOF while parsing a value at line 1 column 0
# no JSON
error module_json_invalid module.json is no JSON: key must be a string at line 1 column 2
# cut off
error module_json_invalid module.json is no JSON: EOF while parsing an object at line 1 column 26
# two values
error module_json_invalid module.json is no JSON: trailing characters at line 1 column 29
# a list
error module_json_not_object module.json is a list, and must be an object
# a text
error module_json_not_object module.json is a text, and must be an object
# no UTF-8
error module_json_not_utf8 byte 12 of module.json is not UTF-8
# UTF-16
error module_json_not_utf8 byte 0 of module.json is not UTF-8
# a mark before it
warning module_json_mark module.json begins with a byte order mark, which not all readers skip
# what only Python reads
error module_json_invalid module.json is no JSON: expected value at line 1 column 13
# deep
error module_json_invalid module.json is no JSON: recursion limit exceeded at line 1 column 128
# a key twice
error module_json_duplicate_key module_file stands in module.json twice, and readers differ in which counts
# a key twice, spelled in two ways
error module_json_duplicate_key a stands in module.json twice, and readers differ in which counts
# keys twice, deep inside
error module_json_duplicate_key commands[1].flags stands in module.json twice, and readers differ in which counts
error module_json_duplicate_key crdb.\u{1b} stands in module.json twice, and readers differ in which counts
# a module_file that is none
# a module_file elsewhere
error module_file_missing module_file names "/etc/passwd", which is no file at the archive's root
# a module_file that is itself
error module_file_missing module_file names "module.json", which is no file at the archive's root

"##]].raw());
    let large = [&b"{\"author\": \""[..], &vec![b'a'; 1 << 20], b"\"}"].concat();
    assert_data_eq!(
        findings(&bundle(&large)),
        str![[r#"
error module_json_too_large module.json has 1048590 bytes, more than 1048576

"#]]
    );
    let all: String = (0..30).map(|key| format!("\"{key}\": 1, \"{key}\": 2, ")).collect();
    let all = format!("{{{all}\"module_file\": \"hello.so\"}}");
    assert_eq!(findings(&bundle(all.as_bytes())).lines().count(), 20);
}

fn modules_that_are_none() {
    let mut report = String::new();
    for module in [&b""[..], b"hello", b"\x7fELF", &module()[..1000]] {
        let mut zip = Zip::default();
        zip.add("hello.so", module);
        zip.add("module.json", JSON);
        report += &findings(&zip);
    }
    assert_data_eq!(
        report,
        str![[r#"
error not_a_module "hello.so" is no Redis module: it is empty
error not_a_module "hello.so" is no Redis module: it is a text
error not_a_module "hello.so" is no Redis module: it is no ELF file
error not_a_module "hello.so" is no Redis module: it is damaged (it ends before its segments do)

"#]]
    );
}

fn everything_of_a_bundle_is_told() {
    let mut zip = bundle(JSON);
    zip.add("deps/", b"");
    zip.add("deps/x.tgz", b"x");
    zip.add("deps/y.tgz", b"y").both(|header| header.crc = 1);
    let opened = open(&zip);
    assert_eq!(opened.size, zip.bytes().len() as u64);
    let said: Value = serde_json::from_slice(JSON).unwrap();
    assert_eq!(Value::Object(opened.metadata.clone()), said);
    assert_eq!(opened.module, Some(0));
    assert!(opened.facts.as_ref().is_some_and(|facts| !facts.for_valkey));
    let digest = |bytes: &[u8]| Some(rampkit::digest::Sha256::of(bytes));
    assert_eq!(opened.sha256, digest(&zip.bytes()).unwrap());
    let digests = [digest(&module()), digest(JSON), digest(b""), digest(b"x"), None];
    assert_eq!(opened.digests, digests);
    let dependencies: Vec<_> =
        opened.dependencies().map(|(record, digest)| (&*record.name, digest)).collect();
    assert_eq!(dependencies, [("deps/x.tgz", digest(b"x")), ("deps/y.tgz", None)]);
}
