//! Every byte of a zip, changed: an entry that is read is as it was, whatever else is found.

use libtest_mimic::Trial;
use rampkit::archive::zip::Archive;

use crate::harness::{End64, Zip};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(no_changed_byte_goes_unseen_into_an_entry),
        test!(many_changed_bytes_neither_panic_nor_hang),
    ]
}

fn zips() -> [Vec<u8>; 3] {
    let plain = Zip::of(&["hello.so", "module.json", "deps/x.tgz"]);
    let mut streamed = plain.clone();
    streamed.entries.iter_mut().for_each(|entry| {
        entry.streamed(true, false);
    });
    streamed.comment = b"comment".to_vec();
    let mut wide = plain.clone();
    (wide.zip64, wide.counts) = (Some(End64::default()), Some([u16::MAX; 2]));
    [plain, streamed, wide].map(|zip| zip.bytes())
}

/// The names of those entries that can be read, with their bytes.
fn contents(bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let archive = Archive::open(bytes).unwrap();
    let read = |index| {
        let mut bytes = Vec::new();
        archive.read(index, &mut bytes).ok().map(|()| bytes)
    };
    let records = archive.records.iter().enumerate();
    records.filter_map(|(index, record)| Some((record.name.clone(), read(index)?))).collect()
}

fn no_changed_byte_goes_unseen_into_an_entry() {
    for good in zips() {
        let all = contents(good.clone());
        assert_eq!(all.len(), 3);
        for place in 0..good.len() {
            for change in [0x01, 0x20, 0x80, 0xff] {
                let mut bytes = good.clone();
                bytes[place] ^= change;
                for entry in contents(bytes) {
                    assert!(all.contains(&entry), "byte {place} ^ {change:#x}: {entry:?}");
                }
            }
        }
    }
}

fn many_changed_bytes_neither_panic_nor_hang() {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let good = zips();
    for _ in 0..20_000 {
        let mut bytes = good[random(3)].clone();
        for _ in 0..=random(8) {
            let (place, interesting) = (random(bytes.len()), [0, 1, 0x7f, 0x80, 0xfe, 0xff]);
            match random(4) {
                0 => bytes[place] = interesting[random(6)],
                1 => bytes[place] = random(256) as u8,
                2 => drop(bytes.drain(place..(place + random(9)).min(bytes.len()))),
                _ => {
                    let from = random(bytes.len());
                    let piece = bytes[from..(from + random(60)).min(bytes.len())].to_vec();
                    bytes.splice(place..place, piece);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        contents(bytes);
    }
}
