//! Streams that are damaged, too long or none, and archives that cost too much.

use super::*;

#[test]
fn what_is_damaged() {
    let tar = Draft::default().file("a").file("b").0;
    let ended = [&*tar, &[0; 1024]].concat();
    let whole = gzip(&ended);
    assert_eq!(found(&whole), [""; 0]);
    let text = "warning cut_off has no end behind its last member";
    assert_eq!(found(&gzip(&tar)), [text]);
    for length in [100, 600, 1400] {
        let text = "error cut_off ends in the middle of a member";
        assert_eq!(found(&gzip(&tar[..length])), [text], "{length}");
    }
    for length in [2, 9, 10, 20, whole.len() - 8, whole.len() - 1] {
        let text = "error cut_off ends in the middle of its compressed bytes";
        assert_eq!(found(&whole[..length]), [text], "{length}");
    }
    let mut changed = whole.clone();
    let at = changed.len() - 8;
    changed[at] ^= 1;
    assert_eq!(found(&changed), ["error checksum_wrong contradicts its checksum"]);
    changed[10] = 0xff;
    assert_eq!(found(&changed)[0], "error damaged cannot be unpacked");
    changed[3] = 0xff;
    assert_eq!(found(&changed), ["error damaged cannot be unpacked"]);
    let mut broken = ended.clone();
    broken[1024] ^= 1;
    assert_eq!(found(&gzip(&broken)), ["error damaged has no header behind member 1"]);
}

#[test]
fn what_follows() {
    let tar = [Draft::default().file("a").0, vec![0; 1024]].concat();
    let text = "error trailing_data has bytes behind its end, which some readers take for members";
    assert_eq!(found(&gzip(&[&*tar, &*Draft::default().file("b").0].concat())), [text]);
    assert_eq!(found(&gzip(&[&*tar, b"x"].concat())), [text]);
    let with = |more: &[u8]| found(&[&*gzip(&tar), more].concat());
    assert_eq!(with(&[0; 700]), [""; 0]);
    let text = "warning trailing_data has bytes behind its compressed ones";
    assert_eq!(with(b"more"), [text]);
    assert_eq!(with(&[0x1f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), [text]);
    let text = "note gzip_streams is 2 compressed streams, one behind the other";
    assert_eq!(with(&gzip(&[0; 512])), [text]);
}

#[test]
fn what_is_no_archive() {
    let text = "warning not_a_tar is compressed, and no tar archive";
    for bytes in [&b""[..], b"text", &[7; 2000]] {
        let expected =
            if bytes == b"text" { "error cut_off ends in the middle of a member" } else { text };
        assert_eq!(found(&gzip(bytes)), [expected]);
    }
    for bytes in [&b""[..], b"\x1f", b"PK\x03\x04", b"\x1f\x8c\x08"] {
        let mut reader = Reader::new(bytes.len() as u64, Reader::ALLOWANCE);
        reader.write_all(bytes).unwrap();
        assert_eq!(reader.finish(), None);
    }
}

#[test]
fn bombs() {
    let zeros = Draft::default().with(b'0', "a", "", &vec![0; 70 << 20]);
    let text = "error zip_bomb unpacks to more than 67108864 bytes";
    assert_eq!(zeros.finds(), [text]);
    // One that is said to be large, and has holes.
    let draft = Draft::default().with(b'x', "@", "", &record("GNU.sparse.realsize=99999999999"));
    assert_eq!(draft.file("a").finds(), [text]);
    let mut reader = Reader::new(1000, 1000);
    reader.write_all(&gzip(&[0; 2000])).unwrap();
    let (contents, findings) = reader.finish().unwrap();
    assert_eq!(findings[0].message, "unpacks to more than 1000 bytes");
    assert_eq!(contents.members, []);
}

#[test]
fn many_members_and_links_cost_little() {
    let mut draft = Draft::default();
    for number in 0..120_000 {
        draft = draft.with(b'2', &format!("l{number}"), &format!("l{}/x/../y", number + 1), b"");
    }
    let findings = draft.finds();
    assert!(
        findings[0].starts_with("error link_escapes has links that lead through"),
        "{findings:?}"
    );
    let text = "warning too_many_entries has 120000 members, of which 100000 were compared with \
                each other";
    assert_eq!(findings[1], text);
}
