//! The end of a zip, its directory, and what belongs to no entry.

use libtest_mimic::Trial;
use snapbox::{assert_data_eq, str};

use super::{read, report};
use crate::harness::{End64, Zip};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_good_zip_has_no_findings),
        test!(what_is_no_zip),
        test!(a_zip_that_is_cut_off_anywhere),
        test!(bytes_that_belong_to_no_entry),
        test!(directories_that_cannot_be_trusted),
        test!(zip64),
    ]
}

fn a_good_zip_has_no_findings() {
    assert_eq!(read(Zip::default().bytes()), "");
    assert_eq!(read(Zip::of(&["hello.so", "module.json", "deps/x.tgz"]).bytes()), "");
    let mut zip = Zip::of(&["a"]);
    zip.add("folder/", b"");
    zip.store("b", b"b");
    zip.store("c", b"");
    assert_eq!(read(zip.bytes()), "");
}

fn what_is_no_zip() {
    let cases: [(&str, &[u8]); 5] = [
        ("nothing", b""),
        ("a text", b"hello"),
        ("two letters", b"PK"),
        ("a header", b"PK\x03\x04"),
        ("half an end record", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    ];
    let report: String =
        cases.iter().map(|(what, bytes)| format!("# {what}\n{}\n", read(bytes.to_vec()))).collect();
    assert_data_eq!(
        report,
        str![[r#"
# nothing
error not_a_zip the file is empty
# a text
error not_a_zip the file neither begins nor ends as a zip does
# two letters
error not_a_zip the file neither begins nor ends as a zip does
# a header
error cut_off the file begins as a zip and has no end record where one must be
# half an end record
error not_a_zip the file neither begins nor ends as a zip does

"#]]
    );
}

fn a_zip_that_is_cut_off_anywhere() {
    let mut zip = Zip::of(&["a", "b"]);
    zip.comment = b"a comment".to_vec();
    let bytes = zip.bytes();
    for length in 0..bytes.len() {
        let found = read(bytes[..length].to_vec());
        assert!(found.contains("error cut_off") || found.contains("error not_a_zip"), "{found}");
    }
}

fn bytes_that_belong_to_no_entry() {
    let report = report(&[
        ("behind it", |zip| zip.after = b"more".to_vec()),
        ("a comment", |zip| zip.comment = b"hello".to_vec()),
        ("before it", |zip| zip.before = b"#!/bin/sh\n".to_vec()),
        ("before it, and not counted", |zip| {
            (zip.before, zip.base) = (b"#!/bin/sh\n".to_vec(), 10);
        }),
        ("between entries", |zip| zip.entries[1].gap = b"gap".to_vec()),
        ("before the directory", |zip| zip.entries[1].descriptor = b"gap".to_vec()),
        ("no entries", |zip| (zip.before, zip.entries) = (b"gap".to_vec(), Vec::new())),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# behind it
warning trailing_data 4 bytes follow the end of the archive
# a comment
note archive_comment the archive has a comment of 5 bytes
# before it
warning prepended_data 10 bytes stand before the first entry
# before it, and not counted
warning prepended_data 10 bytes stand before the first entry; offsets count from byte 10, which not all readers see
# between entries
warning gap 3 bytes after "a" belong to no entry
# before the directory
warning gap 3 bytes after "b" belong to no entry
# no entries
warning prepended_data 3 bytes stand before the first entry

"##]]
    );
}

fn directories_that_cannot_be_trusted() {
    let report = report(&[
        ("another end record in the comment", |zip| zip.comment = Zip::default().bytes()),
        ("an end record whose comment is the archive", |zip| {
            *zip = Zip { comment: zip.bytes(), ..Zip::default() };
        }),
        ("half an end record behind it", |zip| zip.after = b"PK\x05\x06".to_vec()),
        ("a shorter comment", |zip| zip.comment_length = Some(9)),
        ("more entries than said", |zip| zip.counts = Some([1, 1])),
        ("fewer entries than said", |zip| zip.counts = Some([3, 3])),
        ("entries on other disks", |zip| zip.counts = Some([1, 2])),
        ("another disk", |zip| zip.disks = [1, 0]),
        ("the directory's disk", |zip| zip.disks = [0, 1]),
        ("an entry's disk", |zip| zip.entries[0].disk = 1),
        ("a larger directory", |zip| zip.size = Some(1000)),
        ("a huge directory", |zip| zip.size = Some(u32::MAX)),
        ("a directory elsewhere", |zip| zip.offset = Some(1000)),
        ("something else in the directory", |zip| zip.directory_end = b"PK\x05\x05\0\0".to_vec()),
        ("two directories", |zip| {
            let own = zip.bytes();
            let start = own.len() - 22 - 2 * 47;
            (zip.before, zip.base) = (own[..own.len() - 22].to_vec(), 0);
            zip.offset = Some(start as u32);
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# another end record in the comment
error several_end_records the file has more than one end record, and readers differ in which they take
warning prepended_data 184 bytes stand before the first entry; offsets count from byte 184, which not all readers see
# an end record whose comment is the archive
error several_end_records the file has more than one end record, and readers differ in which they take
warning prepended_data 22 bytes stand before the first entry; offsets count from byte 22, which not all readers see
# half an end record behind it
error several_end_records the file has more than one end record, and readers differ in which they take
warning trailing_data 4 bytes follow the end of the archive
# a shorter comment
error cut_off the archive's comment has 9 bytes, of which 0 are there
note archive_comment the archive has a comment of 9 bytes
# more entries than said
error directory_damaged the number of entries is said to be 1, and is larger
# fewer entries than said
error directory_damaged the number of entries is said to be 3, and is 2
# entries on other disks
error several_disks the archive is one of several parts, and a bundle is one file
# another disk
error several_disks the archive is one of several parts, and a bundle is one file
# the directory's disk
error several_disks the archive is one of several parts, and a bundle is one file
# an entry's disk
error several_disks "a" is on another disk (1)
not read: "a"
# a larger directory
error cut_off the directory has 1000 bytes, and only 162 stand before its end
# a huge directory
error directory_too_large the directory has 4294967295 bytes, more than 16777216
# a directory elsewhere
error cut_off the directory begins at byte 68, and must at 1000
# something else in the directory
error directory_damaged the directory has something else than an entry at byte 162
# two directories
error several_directories there is a directory at byte 68, and another one before the end record
error no_header "a" is said to be at byte 324, where no entry begins
error no_header "b" is said to be at byte 358, where no entry begins
not read: "a", "b"

"##]]
    );
}

fn zip64() {
    let report = report(&[
        ("where it is needed for the entries' number", |zip| {
            zip.zip64 = Some(End64::default());
            zip.counts = Some([u16::MAX; 2]);
        }),
        ("where the directory would be far", |zip| {
            (zip.zip64, zip.offset) = (Some(End64::default()), Some(u32::MAX));
        }),
        ("where it is not needed", |zip| zip.zip64 = Some(End64::default())),
        ("where it says something else", |zip| {
            zip.zip64 = Some(End64 { entries: Some(1), ..End64::default() });
        }),
        ("where its locator says another place", |zip| {
            zip.zip64 = Some(End64 { record: Some(1), ..End64::default() });
        }),
        ("a place that there cannot be", |zip| {
            zip.zip64 = Some(End64 { record: Some(u64::MAX), ..End64::default() });
        }),
        ("two disks", |zip| zip.zip64 = Some(End64 { disks: Some(2), ..End64::default() })),
        ("sizes that there cannot be", |zip| {
            let most = Some(u64::MAX);
            zip.zip64 = Some(End64 { entries: most, size: most, offset: most, ..End64::default() });
            (zip.counts, zip.size, zip.offset) =
                (Some([u16::MAX; 2]), Some(u32::MAX), Some(u32::MAX));
        }),
        ("a locator without it", |zip| {
            zip.directory_end = b"PK\x06\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec()
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r#"
# where it is needed for the entries' number

# where the directory would be far

# where it is not needed
note zip64_unneeded the end record has a second one for zip64, and no value that needs it
# where it says something else
error zip64_wrong the end records with and without zip64 say different things
error directory_damaged the number of entries is said to be 1, and is larger
# where its locator says another place
note zip64_unneeded the end record has a second one for zip64, and no value that needs it
error zip64_wrong the locator of zip64 says another place than where its end record is
# a place that there cannot be
note zip64_unneeded the end record has a second one for zip64, and no value that needs it
error zip64_wrong the locator of zip64 says another place than where its end record is
# two disks
note zip64_unneeded the end record has a second one for zip64, and no value that needs it
error several_disks the archive is one of several parts, and a bundle is one file
# sizes that there cannot be
error zip64_wrong the locator of zip64 says another place than where its end record is
error too_many_entries the archive has 18446744073709551615 entries, more than 65535
# a locator without it
error zip64_wrong the end record of zip64 is not right before its locator

"#]]
    );
}
