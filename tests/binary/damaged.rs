//! Damaged libraries, by seeded chance: their facts are read or refused, quickly and in little memory.
//!
//! A failure names the damaged file's number: `RAMPKIT_SEED` chooses others.

use std::fs::{self, File};
use std::time::{Duration, Instant};

use rampkit::elf::BinaryFacts;

use super::build;
use crate::discovery::{Random, damaged};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![test!(damaged_libraries_are_read_or_refused)]
}

const FILES: usize = 4000;

fn damaged_libraries_are_read_or_refused() {
    let sandbox = Sandbox::new();
    let source = "#include <math.h>\n__thread int x; double f(double y) { return exp(y) + x; }\n";
    let flags = ["-g", "-lm", "-Wl,-rpath,/opt:$ORIGIN", "-Wl,-soname,it.so"];
    let path = build(&sandbox, "whole", source, &flags);
    let whole = fs::read(&path).unwrap();
    let seed = std::env::var("RAMPKIT_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    let mut random = Random(seed);
    let mut refused = 0;
    for number in 0..FILES {
        fs::write(&path, damaged(&whole, &mut random)).unwrap();
        let start = Instant::now();
        let facts = BinaryFacts::of(&File::open(&path).unwrap());
        let took = start.elapsed();
        assert!(took < Duration::from_secs(1), "file {number}, RAMPKIT_SEED={seed}: {took:?}");
        refused += usize::from(facts.is_err());
    }
    assert!((FILES / 20..FILES).contains(&refused), "{refused} of {FILES} were refused");
}
