//! Damaged modules, by seeded chance: loading one succeeds or is refused, and nothing is left.
//!
//! A failure names the damaged file's number: `RAMPKIT_SEED` chooses others.

use std::fs;

use super::registrations::Random;
use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![test!(damaged_modules_harm_nobody)]
}

const FILES: usize = 200;
/// Up to here, in bytes, lie headers, and the tables of the dynamic linker.
const TABLES: u64 = 0x700;

fn damaged_modules_harm_nobody() {
    let sandbox = sandbox();
    let path = sandbox.module("hello");
    let whole = fs::read(&path).unwrap();
    let seed = std::env::var("RAMPKIT_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    let mut random = Random(seed);
    let mut codes = [0; 9];
    for number in 0..FILES {
        fs::write(&path, damaged(&whole, &mut random)).unwrap();
        let line = "timeout -s KILL 60 rampkit commands --discovery embedded --timeout 2 hello.so";
        let run = run(&sandbox, line);
        let fits = matches!(run.code, 0 | 7 | 8);
        assert!(fits, "file {number}, RAMPKIT_SEED={seed}: code {}\n{}", run.code, run.stderr);
        codes[run.code.unsigned_abs() as usize] += 1;
    }
    assert!([0, 7, 8].iter().all(|code| codes[*code] > FILES / 20), "{codes:?}");
}

/// With some bytes or words that were others.
pub fn damaged(whole: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let length = bytes.len() as u64;
    for _ in 0..=random.below(3) {
        let end = if random.below(4) > 0 { TABLES } else { length - 8 };
        let place = random.below(end) as usize;
        let word =
            [0, 1, length, 1 << 32, u64::MAX, random.below(1 << 16)][random.below(6) as usize];
        match random.below(3) {
            0 => bytes[place] ^= 1 << random.below(8),
            1 => bytes[place] = random.below(256) as u8,
            _ => bytes[place & !7..][..8].copy_from_slice(&word.to_le_bytes()),
        }
    }
    if random.below(20) == 0 {
        bytes.truncate(random.below(length) as usize);
    }
    bytes
}
