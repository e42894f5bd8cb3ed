//! `rampkit fetch` from servers whose packs are small and become large, or make no sense where one object
//! is made of another.

use git2::{ObjectType, Oid};
use libtest_mimic::Trial;

use super::forged::{Pack, Said, answer, sizes};
use super::hostile::{GOOD, fetch, is_wrong};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_blob_of_ten_gigabytes),
        test!(a_delta_that_becomes_ten_gigabytes),
        test!(more_than_a_few_objects),
        test!(a_large_file_beside_what_was_asked_for),
        test!(deltas_on_deltas),
        test!(a_delta_that_makes_what_is_there),
        test!(deltas_that_fit_nothing),
    ]
}

/// It says so, or it does not.
fn a_blob_of_ten_gigabytes() {
    let claims = Pack::new().zeros(10 << 30, 10 << 10).end();
    is_wrong(&claims, "it sends a file of 10.7 GB");
    let lies = Pack::new().zeros(100, 10 << 10).end();
    is_wrong(&lies, "it sends a pack with an object that is not of the 100 bytes it claims");
    let mut less = Pack::new();
    less.whole(ObjectType::Blob, b"short");
    let mut less = less.end();
    // Where the size stands.
    less[12] += 1;
    is_wrong(&less, "it sends a pack with an object that is not of the 6 bytes it claims");
}

fn a_delta_that_becomes_ten_gigabytes() {
    let mut pack = Pack::new();
    pack.whole(ObjectType::Blob, &[0; 0x1_0000]);
    let copies = [sizes(0x1_0000, 10 << 30), vec![0x80; (10 << 30) / 0x1_0000]].concat();
    is_wrong(&pack.delta(&copies).end(), "it sends a file of 10.7 GB");
    let mut pack = Pack::new();
    let id = pack.whole(ObjectType::Tree, &[0; 0x1_0000]);
    let pack = pack.delta_on(id, &copies).end();
    is_wrong(&pack, "it sends a pack with a tree of 10.7 GB");
    let mut pack = Pack::new();
    pack.whole(ObjectType::Blob, &[0; 0x1_0000]);
    let lies = [sizes(0x1_0000, 100), vec![0x80; (10 << 30) / 0x1_0000]].concat();
    let why = "it sends a pack with a delta that does not fit what it is a delta on";
    is_wrong(&pack.delta(&lies).end(), why);
}

/// Whoever asks for a few objects takes less than whoever asks for all, and then asks for all.
fn more_than_a_few_objects() {
    let mut good = Pack::new();
    let tip = good.commit(GOOD);
    let mut many = Pack::new();
    many.whole(ObjectType::Blob, b"");
    for _ in 0..300 {
        many.delta(&[0; 1 << 20]);
    }
    // Both are no good packs: who reads them to their end does not ask again.
    for pack in [many.end(), Pack::new().end_of(200_001)] {
        let unfiltered = Some(answer(&good.end()));
        let said = Said { unfiltered, ..Said::new(tip, None, &pack).filtering() };
        let (sandbox, run) = fetch(said);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(sandbox.read("ramp.yml").as_bytes(), GOOD);
    }
}

/// A server that offers filters and leaves nothing out is asked for all.
fn a_large_file_beside_what_was_asked_for() {
    let mut pack = Pack::new();
    let tip = pack.commit(GOOD);
    pack.whole(ObjectType::Blob, &vec![b'x'; 3 << 20]);
    let (sandbox, run) = fetch(Said::new(tip, None, &pack.end()).filtering());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(sandbox.read("ramp.yml").as_bytes(), GOOD);
}

fn deltas_on_deltas() {
    let mut pack = Pack::new();
    pack.whole(ObjectType::Blob, b"");
    for length in 0..5000 {
        let mut delta = sizes(length, length + 1);
        if length > 0 {
            delta.extend([0xb0, length as u8, (length >> 8) as u8]);
        }
        delta.extend([1, b'x']);
        pack.delta(&delta);
    }
    is_wrong(&pack.end(), "it sends a pack with more than 4095 deltas on each other");
}

/// libgit2 would go round for ever here.
fn a_delta_that_makes_what_is_there() {
    let mut pack = Pack::new();
    let tip = pack.commit(GOOD);
    let same = pack.whole(ObjectType::Blob, b"same");
    let pack = pack.delta_on(same, &[sizes(4, 4), vec![4], b"same".to_vec()].concat()).end();
    let (sandbox, run) = fetch(Said::new(tip, None, &pack));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(sandbox.read("ramp.yml").as_bytes(), GOOD);
}

fn deltas_that_fit_nothing() {
    let delta = [sizes(4, 4), vec![4], b"same".to_vec()].concat();
    let missing = Pack::new().delta_on(Oid::ZERO_SHA1, &delta).end();
    is_wrong(&missing, "it sends a pack with a delta on an object that it does not have");
    let mut pack = Pack::new();
    pack.whole(ObjectType::Blob, b"other");
    let why = "it sends a pack with a delta that does not fit what it is a delta on";
    is_wrong(&pack.delta(&delta).end(), why);
    let mut pack = Pack::new();
    pack.whole(ObjectType::Blob, b"other");
    is_wrong(&pack.delta(&[]).end(), "it sends a pack with a delta without its sizes");
    // On itself, and on what comes after it.
    for back in [0, 0x7f] {
        let mut bytes = Pack::new().end_of(1);
        bytes.splice(12.., [0x60, back]);
        is_wrong(&bytes, "it sends a pack with a delta on what is no object");
    }
}
