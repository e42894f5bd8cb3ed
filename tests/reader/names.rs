//! Names that lead elsewhere, or that are shown as something else than they are.

use libtest_mimic::Trial;
use snapbox::{IntoData as _, assert_data_eq, str};

use super::read;
use crate::harness::Zip;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(names_that_lead_elsewhere), test!(names_that_meet)]
}

/// What is found in a zip with these names.
fn report(cases: &[&[&[u8]]]) -> String {
    let mut report = String::new();
    for names in cases {
        let mut zip = Zip::default();
        for name in *names {
            let flags = if std::str::from_utf8(name).is_ok() { 1 << 11 } else { 0 };
            zip.add("", b"").both(|header| (header.name, header.flags) = (name.to_vec(), flags));
        }
        let first = names[0].escape_ascii().to_string();
        report += &format!("# {}\n{}\n", first.get(..40).unwrap_or(&first), read(zip.bytes()));
    }
    report
}

fn names_that_lead_elsewhere() {
    let long = [b'x'; 256];
    let deep = b"x/".repeat(2100);
    let umlaut = [&[b'x'; 199][..], "ü".as_bytes(), &long].concat();
    let found = report(&[
        &[b""],
        &[b"/"],
        &[b"/etc/passwd"],
        &[b"//x"],
        &[b"../x"],
        &[b"deps/../../x"],
        &[b"deps/.."],
        &[b"deps//x"],
        &[b"./x"],
        &[b"deps/."],
        &[b"..x/x../..."],
        &[br"deps\x"],
        &[br"..\x"],
        &[b"C:x"],
        &[b"C:/x"],
        &[b"a\0b"],
        &[b"a\nb"],
        &[b"\x1b[2Ja"],
        &["a\u{202e}so.b".as_bytes()],
        &["\u{feff}module.json".as_bytes()],
        &["ü".as_bytes()],
        &[b"\xfc.so"],
        &[&long],
        &[&long[1..]],
        &[&deep],
        &[&umlaut],
    ]);
    assert_data_eq!(
        found,
        str![[r##"
# 
error name_empty the name "" is empty
not read: ""
# /
error name_absolute the name "/" is absolute
not read: "/"
# /etc/passwd
error name_absolute the name "/etc/passwd" is absolute
not read: "/etc/passwd"
# //x
error name_absolute the name "//x" is absolute
error name_blank_part the name "//x" has a part that is empty or "."
not read: "//x"
# ../x
error name_escapes the name "../x" has the part ".."
not read: "../x"
# deps/../../x
error name_escapes the name "deps/../../x" has the part ".."
not read: "deps/../../x"
# deps/..
error name_escapes the name "deps/.." has the part ".."
not read: "deps/.."
# deps//x
error name_blank_part the name "deps//x" has a part that is empty or "."
not read: "deps//x"
# ./x
error name_blank_part the name "./x" has a part that is empty or "."
not read: "./x"
# deps/.
error name_blank_part the name "deps/." has a part that is empty or "."
not read: "deps/."
# ..x/x../...

# deps\\x
error name_backslash the name "deps\\x" has a backslash, which parts names elsewhere
not read: "deps\\x"
# ..\\x
error name_backslash the name "..\\x" has a backslash, which parts names elsewhere
not read: "..\\x"
# C:x
error name_drive the name "C:x" begins with the letter of a drive
not read: "C:x"
# C:/x
error name_drive the name "C:/x" begins with the letter of a drive
not read: "C:/x"
# a\x00b
error name_control the name "a\0b" has control characters
not read: "a\0b"
# a\nb
error name_control the name "a\nb" has control characters
not read: "a\nb"
# \x1b[2Ja
error name_control the name "\u{1b}[2Ja" has control characters
not read: "\u{1b}[2Ja"
# a\xe2\x80\xaeso.b
error name_control the name "a\u{202e}so.b" has control characters
not read: "a\u{202e}so.b"
# \xef\xbb\xbfmodule.json
error name_control the name "\u{feff}module.json" has control characters
not read: "\u{feff}module.json"
# \xc3\xbc

# \xfc.so
error name_not_utf8 the name "\xfc.so" is not UTF-8
not read: "�.so"
# xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
error name_too_long the name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (256 bytes) is longer than a file system takes
not read: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
# xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx

# x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/
error name_too_long the name "x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/"… (4200 bytes) is longer than a file system takes
not read: "x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/"
# xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
error name_too_long the name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (457 bytes) is longer than a file system takes
not read: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

"##]].raw()
    );
    let mut zip = Zip::default();
    zip.add("ü", b"");
    assert_data_eq!(
        read(zip.bytes()),
        str![[
            r#"warning name_unmarked the name "ü" is not marked as UTF-8, and read otherwise elsewhere"#
        ]]
    );
}

fn names_that_meet() {
    let found = report(&[
        &[b"a", b"b", b"a"],
        &[b"a", b"a", b"a"],
        &[b"a/", b"a/"],
        &[b"a", b"a/"],
        &[b"a", b"a!", b"a/b"],
        &[b"a/b", b"a!", b"a"],
        &[b"a/", b"a!", b"a/b"],
        &[b"a", b"ab", b"b/a"],
        &[b"a/B", b"a/b"],
        &["\u{c4}".as_bytes(), "\u{e4}".as_bytes()],
    ]);
    assert_data_eq!(
        found,
        str![[r##"
# a
error duplicate_name "a" stands in the archive twice
not read: "a", "a"
# a
error duplicate_name "a" stands in the archive twice
error duplicate_name "a" stands in the archive twice
not read: "a", "a", "a"
# a/
error duplicate_name "a/" stands in the archive twice
not read: "a/", "a/"
# a
error file_and_folder "a" is a file, and "a/" needs a folder there
not read: "a", "a/"
# a
error file_and_folder "a" is a file, and "a/b" needs a folder there
not read: "a", "a/b"
# a/b
error file_and_folder "a" is a file, and "a/b" needs a folder there
not read: "a/b", "a"
# a/

# a

# a/B
warning names_differ_by_case "a/B" and "a/b" differ only by case
# /xc3/x84
warning names_differ_by_case "Ä" and "ä" differ only by case

"##]]
    );
}
