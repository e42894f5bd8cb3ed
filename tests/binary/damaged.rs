//! Damaged libraries, by seeded chance: their facts are read or refused, quickly and in little memory.
//!
//! A failure names the damaged file's number: `RAMPKIT_SEED` chooses others.

use std::fs::{self, File};
use std::time::Duration;

use object::{Object as _, ObjectSection as _};
use rampkit::elf::{BinaryFacts, ElfFacts};

use super::build;
use crate::discovery::{Random, damaged};
use crate::harness::{Sandbox, computed};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![test!(damaged_libraries_are_read_or_refused), test!(large_claims_cost_little)]
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
        let start = computed();
        let facts = BinaryFacts::of(&File::open(&path).unwrap());
        let _ = ElfFacts::read(&path);
        let took = computed() - start;
        assert!(took < Duration::from_secs(1), "file {number}, RAMPKIT_SEED={seed}: {took:?}");
        refused += usize::from(facts.is_err());
    }
    assert!((FILES / 20..FILES).contains(&refused), "{refused} of {FILES} were refused");
}

/// 500 MB of segment, as many symbols as can be said, as many sections as there can be.
fn large_claims_cost_little() {
    let sandbox = Sandbox::new();
    let path = build(&sandbox, "large", "int puts();\nint f() { return puts(\"\"); }\n", &[]);
    let mut bytes = fs::read(&path).unwrap();
    let size: u64 = 500 << 20;
    let load = bytes[64..].chunks_exact_mut(56).find(|it| it[..4] == [1, 0, 0, 0]).unwrap();
    load[32..40].copy_from_slice(&size.to_le_bytes()); // p_filesz
    load[40..48].copy_from_slice(&size.to_le_bytes()); // p_memsz
    let elf = object::File::parse(&*bytes).unwrap();
    let hash = elf.section_by_name(".gnu.hash").unwrap().file_range().unwrap().0 as usize;
    bytes[hash + 4..hash + 8].fill(0xff); // the first symbol that others can find
    bytes[hash + 8..hash + 12].fill(0); // the size of the filter
    bytes[0x3c..0x3e].fill(0xff); // e_shnum
    fs::write(&path, bytes).unwrap();
    File::options().write(true).open(&path).unwrap().set_len(size).unwrap();
    let start = computed();
    let facts = BinaryFacts::of(&File::open(&path).unwrap()).unwrap();
    let _ = ElfFacts::read(&path);
    let took = computed() - start;
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(facts.versions.iter().any(|it| it.symbols.contains(&"puts".to_owned())));
}
