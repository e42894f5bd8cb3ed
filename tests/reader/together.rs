//! Entries that share bytes, and archives with more than anybody reads.

use libtest_mimic::Trial;
use snapbox::{assert_data_eq, str};

use super::{read, report};
use crate::harness::Zip;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(entries_that_share_bytes),
        test!(an_archive_with_too_many_entries),
        test!(findings_that_nobody_would_read),
    ]
}

fn entries_that_share_bytes() {
    let report = report(&[
        ("the same bytes twice", |zip| {
            let mut ghost = zip.entries[0].clone();
            (ghost.is_ghost, ghost.offset) = (true, Some(0));
            zip.entries.push(ghost);
        }),
        ("one in another", |zip| {
            let mut inner = Zip::of(&["c"]);
            let bytes = inner.bytes();
            let mut ghost = inner.entries.remove(0);
            zip.store("outer", &bytes[..31 + ghost.bytes.len()]);
            (ghost.is_ghost, ghost.offset) = (true, Some(2 * 34 + 35));
            zip.entries.push(ghost);
        }),
        ("one into the next", |zip| {
            zip.entries[0].both(|it| it.compressed += 1);
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# the same bytes twice
error duplicate_name "a" stands in the archive twice
error overlap "a" and "a" share bytes
not read: "a", "a"
# one in another
error overlap "outer" and "c" share bytes
not read: "outer", "c"
# one into the next
error overlap "a" and "b" share bytes
not read: "a", "b"

"##]]
    );
}

fn an_archive_with_too_many_entries() {
    let mut zip = Zip::of(&["a"]);
    zip.entries = vec![zip.entries[0].clone(); 65_535];
    zip.zip64 = Some(crate::harness::End64 { entries: Some(65_536), ..Default::default() });
    zip.counts = Some([u16::MAX; 2]);
    assert_data_eq!(
        read(zip.bytes()),
        str!["error too_many_entries the archive has 65536 entries, more than 65535"]
    );
    zip = Zip::of(&["a"]);
    zip.entries[0].both(|it| it.extra = [&b"xx\xfb\xff"[..], &[0; 65_531]].concat());
    zip.entries = vec![zip.entries[0].clone(); 257];
    assert_data_eq!(
        read(zip.bytes()),
        str!["error directory_too_large the directory has 16854574 bytes, more than 16777216"]
    );
}

fn findings_that_nobody_would_read() {
    let mut zip = Zip::of(&["a"]);
    zip.entries = vec![zip.entries[0].clone(); 1003];
    let found = read(zip.bytes());
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(lines.len(), 1002);
    assert_eq!(lines[1000], "error too_many_findings 2 further findings are not listed");
    assert!(lines[1001].starts_with("not read: \"a\", \"a\""));
}
