//! Entries that share bytes, and archives with more than anybody reads.

use std::time::Duration;

use libtest_mimic::Trial;
use rampkit::archive::zip::Archive;
use snapbox::{assert_data_eq, str};

use super::{read, report};
use crate::harness::{Zip, computed};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(entries_that_share_bytes),
        test!(headers_within_headers),
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

/// Each of which has the longest name and fields there are.
fn headers_within_headers() {
    let header = [&b"PK\x03\x04"[..], &[0; 22], &[0xff; 4]].concat();
    let mut zip = Zip { before: header.repeat(60_000), ..Zip::default() };
    let mut ghost = Zip::of(&["a"]).entries.remove(0);
    ghost.is_ghost = true;
    for entry in 0..60_000 {
        ghost.offset = Some(30 * entry);
        ghost.central.name = format!("deps/{entry}").into();
        zip.entries.push(ghost.clone());
    }
    let start = computed();
    let archive = Archive::open(zip.bytes()).unwrap();
    let took = computed() - start;
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert!((0..60_000).all(|index| archive.refusal(index).is_some()));
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
