//! What is done with the bytes of a fuzzer, and with those of `fixtures/fuzz`.
//!
//! In: bytes. Out: nothing; a panic, a hang or too much memory is the finding.

use std::io::{Cursor, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use rampkit::archive::tgz::Reader;
use rampkit::archive::{Settings, zip};
use rampkit::bundle::{Opened, Rules, Target, validate};
use rampkit::descriptor::{self, Artifact, Module};
use rampkit::digest::Sha256;
use rampkit::manifest::template::{placeholders, render};
use rampkit::manifest::{Manifest, definitions, expand};
use rampkit::metadata::Metadata;
use rampkit::packages::name;
use rampkit::progress::Meter;
use rampkit::source;
use rampkit::tree::{Content, Tree};

/// Opens a bundle and judges it for every target.
pub fn bundle(bytes: &[u8]) {
    let Ok(opened) = Opened::of(bytes.to_vec(), Path::new("fuzz.zip")) else { return };
    for target in [None].into_iter().chain(Target::ALL.map(Some)) {
        for strict in [false, true] {
            for finding in validate(&opened, Rules { strict, target }) {
                let shown = finding.to_string();
                assert!(!shown.contains(char::is_control), "{shown:?}");
            }
        }
    }
}

/// The same of a sound archive whose `module.json` are the bytes: no checksum keeps a fuzzer from them.
pub fn metadata(bytes: &[u8]) {
    let mut tree = Tree::default();
    tree.push("hello.so", Content::Bytes(b"\x7fELF".to_vec()), true);
    tree.push("module.json", Content::Bytes(bytes.to_vec()), false);
    tree.push("deps/plugin.tgz", Content::Bytes(Vec::new()), false);
    let mut archive = Cursor::new(Vec::new());
    let settings =
        Settings { threads: std::num::NonZeroUsize::MIN, level: 0, ..Settings::default() };
    zip::write(&tree, &settings, &Meter::default(), &mut archive, Path::new("fuzz.zip"))
        .expect("memory");
    bundle(archive.get_ref());
}

/// What a dependency holds: the bytes are those of a tar archive, whose headers get their checksums.
pub fn dependency(bytes: &[u8]) {
    let mut tar = bytes.to_vec();
    for block in tar.chunks_exact_mut(512).filter(|block| block[257..].starts_with(b"ustar")) {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&tar).expect("memory");
    for bytes in [bytes, &gzip.finish().expect("memory")] {
        let mut reader = Reader::new(bytes.len() as u64, Reader::ALLOWANCE);
        reader.write_all(bytes).expect("no write fails");
        let Some((contents, findings)) = reader.finish() else { continue };
        assert!(contents.files <= contents.unpacked / 512, "{contents:?}");
        for finding in findings {
            let shown = finding.to_string();
            assert!(!shown.contains(char::is_control), "{shown:?}");
        }
    }
}

/// Reads a module.yaml, and renews it; one that could be read can be read then.
pub fn descriptor(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let read = descriptor::read(text);
    if let Err(fault) = &read {
        let mut all = std::iter::once(fault).chain(&fault.others);
        assert!(all.all(|fault| !fault.what.contains(char::is_control)), "{fault:?}");
    }
    let bundle = Artifact { source: "hello.1.2.3.zip".to_owned(), target: None, user: None };
    let (name, version) = ("hello".to_owned(), "1.2.3".to_owned());
    let sha256 = Sha256::of(b"");
    let module = Module { name, version, image: None, bundle, sha256, artifacts: Vec::new() };
    let Ok(renewed) = descriptor::render(&module, Some(text)) else { return };
    if read.is_ok() {
        descriptor::read(&renewed.text).expect("it could be read before");
    }
}

/// Reads a manifest.
pub fn manifest(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Manifest::parse(text, Path::new("ramp.yml"));
    }
}

/// What is put in stands where a placeholder stood, and nothing else changes.
fn manifest_template(text: &str) {
    let found = placeholders(text);
    let rendered = render(text, |_| Some("")).expect("all of them have a value");
    let names: usize = found.iter().map(|it| it.range.len()).sum();
    assert_eq!(rendered.len(), text.len() - names);
    let same = render(text, |name| {
        let place = found.iter().find(|it| it.name == name).expect("one of them");
        Some(&text[place.range.clone()])
    });
    assert_eq!(placeholders(&same.expect("all of them have a value")).len(), found.len());
    match render(text, |_| None) {
        Ok(same) => assert!(same == text && found.iter().all(|it| it.in_comment)),
        Err(undefined) => assert!(undefined.iter().all(|it| found.contains(it) && !it.in_comment)),
    }
    let _ = definitions::read(text, Path::new("definitions"));
}

/// Puts values into the templates there are: the name of a bundle, a manifest, and texts of it.
pub fn template(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let expanded = name::expand(text, &Metadata::new(), &[("stem", Ok("hello".to_owned()))]);
    if text.is_empty() {
        expanded.expect_err("no name");
    } else if !text.contains(['{', '}']) {
        assert_eq!(expanded.expect("nothing to expand"), text);
    }
    manifest_template(text);
    if let Ok(expanded) = expand(text)
        && !text.contains("{os.")
    {
        assert_eq!(expanded, text);
    }
}

/// What a git server says; and a pack of entries that the bytes describe, so that no checksum keeps a
/// fuzzer from them: kind, how far back the base is, length, content.
pub fn git(bytes: &[u8]) {
    source::hear(bytes);
    let (mut pack, mut places, mut rest) = (b"PACK\0\0\0\x02\0\0\0\0".to_vec(), Vec::new(), bytes);
    while let [kind, back, length, more @ ..] = rest {
        let length = usize::from(*length).min(more.len());
        let (content, after) = more.split_at(length);
        let base = places.iter().rev().nth(usize::from(*back)).copied().unwrap_or_default();
        let at = pack.len();
        places.push(at);
        pack.extend([0x80 | (kind & 7) << 4 | (length & 15) as u8, (length >> 4) as u8]);
        match kind & 7 {
            6 => pack.extend(distance(at - base)),
            7 => pack.extend(after.iter().copied().chain([0; 20]).take(20)),
            _ => {}
        }
        let mut zlib = ZlibEncoder::new(&mut pack, Compression::none());
        zlib.write_all(content).and_then(|()| zlib.try_finish()).expect("memory");
        drop(zlib);
        rest = after;
    }
    pack[8..12].copy_from_slice(&(places.len() as u32).to_be_bytes());
    pack.extend([0; 20]);
    source::hear(&pack);
}

/// How far back a base is (gitformat-pack(5)).
fn distance(mut back: usize) -> Vec<u8> {
    let mut bytes = vec![(back & 0x7f) as u8];
    while back >= 0x80 {
        back = (back >> 7) - 1;
        bytes.insert(0, 0x80 | (back & 0x7f) as u8);
    }
    bytes
}
