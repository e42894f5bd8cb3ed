//! What is read from the file of a shared library, and how it is judged.

mod damaged;
mod facts;
mod judged;
mod peers;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use rampkit::elf::BinaryFacts;

use crate::harness::Sandbox;

pub fn all() -> Vec<libtest_mimic::Trial> {
    [facts::all(), judged::all(), peers::all(), damaged::all()].into_iter().flatten().collect()
}

/// Builds a shared library of a C source.
fn build(sandbox: &Sandbox, name: &str, source: &str, flags: &[&str]) -> PathBuf {
    let source = sandbox.write(format!("{name}.c"), source);
    let library = sandbox.path(format!("{name}.so"));
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).args(flags);
    assert!(cc.current_dir(sandbox.work()).status().expect("a C compiler").success());
    library
}

fn facts(library: &Path) -> BinaryFacts {
    BinaryFacts::of(&File::open(library).unwrap()).unwrap()
}
