//! What is written is what is read.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::num::NonZeroUsize;
use std::path::Path;

use libtest_mimic::Trial;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use rampkit::archive::{Settings, zip};
use rampkit::bundle::Opened;
use rampkit::digest::Sha256;
use rampkit::progress::Meter;
use rampkit::tree::{Content, Tree};

use super::holds;
use super::manifest::{manifest, text};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(what_is_written_is_read)]
}

/// The same names and bytes, nothing wrong, and the same archive when it is written again.
fn what_is_written_is_read() {
    let cases = (manifest(), files(), 0..=9_u32, any::<u32>());
    holds(150, &cases, |(metadata, files, level, time)| {
        let settings =
            Settings { level, threads: NonZeroUsize::new(2).unwrap(), time: time.into() };
        let json = serde_json::to_vec_pretty(&metadata).unwrap();
        let mut tree = Tree::default();
        tree.push("module.json", Content::Bytes(json), false);
        for (name, (bytes, executable)) in &files {
            tree.push(name, Content::Bytes(bytes.clone()), *executable);
        }
        let bytes = write(&tree, &settings);
        let opened = Opened::of(bytes.clone(), Path::new("x.zip")).unwrap();
        prop_assert_eq!(&opened.archive.findings, &Vec::new());
        prop_assert_eq!(&opened.metadata, &metadata);
        let read: BTreeMap<&str, _> =
            opened.archive.records.iter().map(|it| &*it.name).zip(&opened.digests).collect();
        let written = |content: &Content| match content {
            Content::Bytes(bytes) => Some(Sha256::of(bytes)),
            _ => None,
        };
        let written: BTreeMap<&str, _> =
            tree.entries.iter().map(|it| (&*it.path, written(&it.content))).collect();
        prop_assert!(read.iter().map(|(name, digest)| (*name, **digest)).eq(written));

        let mut again = Tree::default();
        for (index, record) in opened.archive.records.iter().enumerate() {
            let mut bytes = Vec::new();
            opened.archive.read(index, &mut bytes).unwrap();
            again.push(&*record.name, Content::Bytes(bytes), record.mode == 0o755);
        }
        prop_assert!(write(&again, &settings) == bytes);
        Ok(())
    });
}

fn write(tree: &Tree, settings: &Settings) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    zip::write(tree, settings, &Meter::default(), &mut bytes, Path::new("x.zip")).unwrap();
    bytes.into_inner()
}

/// Files by their names; some have several blocks, some are compressed already.
fn files() -> impl Strategy<Value = BTreeMap<String, (Vec<u8>, bool)>> {
    let bytes = prop_oneof![
        6 => vec(any::<u8>(), 0..300),
        2 => (vec(any::<u8>(), 1..50), 1..15_000_usize).prop_map(|(bytes, times)| bytes.repeat(times)),
        1 => vec(any::<u8>(), 0..300).prop_map(|bytes| [b"\x1f\x8b\x08", &*bytes].concat()),
    ];
    let name = (select(vec!["", "deps/", "a/b/"]), text())
        .prop_map(|(folder, name)| folder.to_owned() + &name);
    let name = name.prop_filter("no name", |name| zip::is_sound(name) && !name.ends_with('/'));
    btree_map(name, (bytes, any::<bool>()), 0..5).prop_filter("one is a folder", |files| {
        let lower = |name: &String| name.to_lowercase();
        let all: Vec<String> = files.keys().map(lower).chain(["module.json".to_owned()]).collect();
        let meet = |(a, b): (&String, &String)| a == b || a.starts_with(&format!("{b}/"));
        all.iter()
            .enumerate()
            .all(|(i, a)| all.iter().enumerate().all(|(j, b)| i == j || !meet((a, b))))
    })
}
