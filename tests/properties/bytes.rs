//! A byte of a bundle is another one.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::num::NonZeroUsize;
use std::path::Path;

use libtest_mimic::Trial;
use rampkit::archive::Settings;
use rampkit::archive::zip::{self, Kind};
use rampkit::bundle::Opened;
use rampkit::digest::Sha256;
use rampkit::finding::Severity;
use rampkit::progress::Meter;
use rampkit::tree::{Content, Tree};
use serde_json::{Map, Value};

use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(no_bit_of_a_bundle_changes_unseen)]
}

/// What is read: the name, kind and digest of each entry, and the metadata.
type Read = (Vec<(String, Kind, u64, Option<Sha256>)>, Map<String, Value>);

/// Whichever bit is another one: what is read is the same, or there is an error more.
fn no_bit_of_a_bundle_changes_unseen() {
    let bundle = bundle();
    let (expected, known) = read(&bundle);
    let mut seen = 0;
    for at in 0..bundle.len() {
        for bit in 0..8 {
            let mut changed = bundle.clone();
            changed[at] ^= 1 << bit;
            let (found, errors) = read(&changed);
            let is_seen = !errors.is_subset(&known);
            assert!(is_seen || found == expected, "byte {at}, bit {bit}: {found:?}");
            seen += usize::from(is_seen);
        }
    }
    // Times, modes, and who made it are nobody's concern.
    assert!(seen > bundle.len() * 6, "{seen} of {} were errors", bundle.len() * 8);
}

fn bundle() -> Vec<u8> {
    let mut tree = Tree::default();
    let json = r#"{"module_file": "m.so", "module_name": "m", "version": 1}"#;
    tree.push("m.so", Content::Bytes(b"ELF ".repeat(20)), true);
    tree.push("module.json", Content::Bytes(json.into()), false);
    tree.push(
        "deps/ä",
        Content::Bytes(b"\x1f\x8b\x08, that is compressed already".to_vec()),
        false,
    );
    let settings = Settings { threads: NonZeroUsize::MIN, ..Settings::default() };
    let mut bytes = Cursor::new(Vec::new());
    zip::write(&tree, &settings, &Meter::default(), &mut bytes, Path::new("x.zip")).unwrap();
    bytes.into_inner()
}

/// What is read of it, and the errors.
fn read(bundle: &[u8]) -> (Read, BTreeSet<String>) {
    let opened = Opened::of(bundle.to_vec(), Path::new("x.zip")).unwrap();
    let records = opened.archive.records.iter().zip(&opened.digests);
    let entries =
        records.map(|(it, digest)| (it.name.clone(), it.kind, it.size, *digest)).collect();
    let errors = opened.findings.iter().filter(|it| it.severity == Severity::Error);
    ((entries, opened.metadata), errors.map(|it| it.message.clone()).collect())
}
