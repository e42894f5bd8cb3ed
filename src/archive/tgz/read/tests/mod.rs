//! Archives by hand, and all that is found in them.

mod stream;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};

use super::*;

/// A tar archive to be.
#[derive(Default)]
struct Draft(Vec<u8>);

impl Draft {
    /// One more member; names and targets are written as they are.
    fn with(self, kind: u8, name: &str, target: &str, bytes: &[u8]) -> Self {
        self.changed(kind, name, target, bytes, |_| {})
    }

    fn changed(
        mut self,
        kind: u8,
        name: &str,
        target: &str,
        bytes: &[u8],
        change: impl FnOnce(&mut Header),
    ) -> Self {
        let mut header = Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
        header.set_entry_type(EntryType::new(kind));
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        change(&mut header);
        header.set_cksum();
        self.0.extend(header.as_bytes());
        self.0.extend(bytes);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    fn file(self, name: &str) -> Self {
        self.with(b'0', name, "", b"bytes")
    }

    fn finds(mut self) -> Vec<String> {
        self.0.resize(self.0.len() + 1024, 0);
        found(&gzip(&self.0))
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What is read of it in pieces, of whatever size.
fn read(bytes: &[u8]) -> (Contents, Vec<Finding>) {
    let of = |piece: usize| {
        let mut reader = Reader::new(bytes.len() as u64, Reader::ALLOWANCE);
        bytes.chunks(piece).for_each(|piece| reader.write_all(piece).unwrap());
        reader.finish().unwrap()
    };
    let whole = of(bytes.len());
    if bytes.len() < 20_000 {
        [1, 7, 512].into_iter().for_each(|piece| assert_eq!(of(piece), whole));
    }
    whole
}

fn found(bytes: &[u8]) -> Vec<String> {
    read(bytes).1.iter().map(Finding::to_string).collect()
}

fn record(text: &str) -> Vec<u8> {
    let length = (text.len() + 3..).find(|it| it.to_string().len() + 2 + text.len() == *it);
    format!("{} {text}\n", length.unwrap()).into_bytes()
}

#[test]
fn an_archive_without_fault() {
    let mut tar = Draft::default()
        .with(b'5', "./", "", b"")
        .with(b'5', "./a/", "", b"")
        .with(b'0', "./a/b", "", &[1; 700])
        .with(b'2', "a/link", "../a/b", b"")
        .with(b'1', "a/other", "./a/b", b"")
        .with(b'5', "a", "", b"");
    tar.0.extend([0; 1024]);
    let (contents, findings) = read(&gzip(&tar.0));
    assert_eq!(findings, []);
    assert_eq!((contents.files, contents.size), (1, 700));
    let members: Vec<String> = contents
        .members
        .iter()
        .map(|it| format!("{} {:?} {}", it.path, it.kind, it.size))
        .collect();
    let expected =
        [" Folder 0", "a Folder 0", "a/b File 700", "a/link Link 0", "a/other HardLink 0"];
    assert_eq!(members[..5], expected);
}

#[test]
fn names() {
    let of = |name: &str| Draft::default().file(name).finds();
    assert_eq!(of("/etc/passwd"), ["error name_absolute the name \"/etc/passwd\" is absolute"]);
    assert_eq!(of("a/../../b"), ["error name_escapes the name \"a/../../b\" has the part \"..\""]);
    assert_eq!(of("a\nb"), ["error name_control the name \"a\\nb\" has control characters"]);
    assert_eq!(of(""), ["error name_empty the name \"\" is empty"]);
    assert_eq!(of("a/"), ["error kind_wrong \"a/\" is named as a folder and marked as a file"]);
    // On Linux they are names like others.
    assert_eq!(of("c:\\a\\x2d"), [""; 0]);
    let mut latin = Draft::default().changed(b'0', "a", "", b"", |it| {
        it.as_old_mut().name[1] = 0xe9;
    });
    assert_eq!(latin.0.len(), 512);
    latin.0.extend([0; 1024]);
    let text = "error name_not_utf8 the name \"a\\xe9\" is not UTF-8";
    assert_eq!(found(&gzip(&latin.0)), [text]);
}

#[test]
fn names_in_headers_of_their_own() {
    let long = format!("{}/b", "a/".repeat(200));
    let of = |kind, bytes: &[u8]| Draft::default().with(kind, "@", "", bytes).file("short");
    assert_eq!(of(b'L', format!("{long}\0").as_bytes()).finds(), [""; 0]);
    assert_eq!(of(b'x', &record(&format!("path={long}"))).finds(), [""; 0]);
    for (kind, bytes) in [
        (b'L', b"../b\0".to_vec()),
        (b'x', record("path=../b")),
        (b'x', [record("GNU.sparse.name=../b"), record("path=a/b")].concat()),
    ] {
        let text = "error name_escapes the name \"../b\" has the part \"..\"";
        assert_eq!(of(kind, &bytes).finds(), [text]);
    }
    let both = Draft::default().with(b'L', "@", "", b"a\0").with(b'x', "@", "", &record("path=b"));
    let text = "error headers_differ one member is \"a\" and \"b\", and readers differ in which";
    assert_eq!(both.file("a").finds(), [text]);
    let text = "error headers_differ a header for all members gives them names or sizes, and \
                readers differ in which";
    assert_eq!(of(b'g', &record("path=b")).finds(), [text]);
    assert_eq!(of(b'g', &record("comment=0123")).finds(), [""; 0]);
    let text = "error extra_damaged has a pax header that is none";
    assert_eq!(of(b'x', b"path").finds(), [text]);
    let text = "error headers_differ \"short\" has 5 bytes by one header, 0 by another";
    assert_eq!(of(b'x', &record("size=0")).finds()[0], text);
    let large = vec![b'a'; 2 << 20];
    let text = "error name_too_long has a header of 2097152 bytes, more than 1048576";
    assert_eq!(of(b'L', &large).finds(), [text]);
    let prefixed = Draft::default().changed(b'0', "passwd", "", b"", |header| {
        let gnu = Header::new_gnu();
        header.as_mut_bytes()[257..265].copy_from_slice(&gnu.as_bytes()[257..265]);
        header.as_mut_bytes()[345..351].copy_from_slice(b"../etc");
    });
    let text = "error headers_differ \"passwd\" has times that some readers take for the first part of \
                its path";
    assert_eq!(prefixed.finds(), [text]);
}

#[test]
fn links() {
    let of = |kind, name, target| Draft::default().file("f").with(kind, name, target, b"").finds();
    for (kind, name, target) in [
        (b'2', "a/link", "../../etc"),
        (b'2', "link", "/etc/passwd"),
        (b'1', "link", "/etc/passwd"),
        (b'1', "link", "../f"),
        (b'1', "link", "missing"),
        (b'1', "link", "link"),
    ] {
        let text =
            format!("error link_escapes \"{name}\" is a link to \"{target}\", out of the archive");
        assert_eq!(of(kind, name, target), [text]);
    }
    assert_eq!(of(b'2', "a/link", "../missing"), [""; 0]);
    // By its letters the one stays and the other leaves: it is the links between that count.
    let draft = Draft::default().with(b'2', "d/e/top", "../..", b"");
    let text = "error link_escapes \"a\" is a link to \"d/e/top/..\", out of the archive";
    assert_eq!(draft.with(b'2', "a", "d/e/top/..", b"").finds(), [text]);
    let draft = Draft::default().with(b'2', "deep", "d/e", b"");
    assert_eq!(draft.with(b'2', "a", "deep/../..", b"").finds(), [""; 0]);
    for round in ["round", "round/x", "other"] {
        let draft = Draft::default().with(b'2', "round", round, b"");
        assert_eq!(draft.with(b'2', "other", "round", b"").finds(), [""; 0]);
    }
}

#[test]
fn what_meets() {
    let draft = Draft::default().file("a").with(b'5', "a-b", "", b"").file("./a");
    assert_eq!(draft.finds(), ["error duplicate_name \"a\" stands in the archive twice"]);
    let draft = Draft::default().file("a/b").file("a-b").file("a");
    let text = "error file_and_folder \"a\" is a file, and \"a/b\" needs a folder there";
    assert_eq!(draft.finds(), [text]);
    let draft = Draft::default().with(b'2', "a", "b", b"").with(b'5', "a", "", b"").file("a/b/c");
    assert_eq!(
        draft.finds(),
        [
            "error through_link \"a\" is unpacked through the link \"a\"",
            "error through_link \"a/b/c\" is unpacked through the link \"a\"",
        ]
    );
}

#[test]
fn kinds() {
    for kind in [b'3', b'4', b'6'] {
        let text = "error special_file \"a\" is a device or a pipe";
        assert_eq!(Draft::default().with(kind, "a", "", b"").finds(), [text]);
    }
    let sets = |kind, mode| {
        let draft = Draft::default().changed(kind, "a", "", b"", |it| it.set_mode(mode));
        draft.finds()
    };
    let text =
        "error set_user_id \"a\" runs as the user or the group who owns it, whoever starts it";
    assert_eq!(sets(b'0', 0o4755), [text]);
    assert_eq!(sets(b'0', 0o2755), [text]);
    assert_eq!(sets(b'5', 0o2755), [""; 0]);
    let text = "warning unknown_kind \"a\" is of the kind \"V\", which readers take for a file";
    assert_eq!(Draft::default().with(b'V', "a", "", b"bytes").finds(), [text]);
    let text = "error folder_with_bytes \"a\" is no file and has bytes, which not all readers skip";
    let draft = Draft::default().changed(b'5', "a", "", b"", |it| it.set_size(512));
    assert_eq!(draft.finds(), [text]);
}
