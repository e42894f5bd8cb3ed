//! `rampkit dockerfile`.

mod ancestor;
mod bundles;
mod cekit;
mod collected;
mod effect;
mod instructions;
mod linter;
mod precedence;
mod random;
mod refused;
mod repositories;

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

use crate::harness::{Run, Sandbox};

pub fn all() -> Vec<Trial> {
    let files = [
        ancestor::all(),
        bundles::all(),
        cekit::all(),
        collected::all(),
        linter::all(),
        precedence::all(),
        random::all(),
        refused::all(),
        repositories::all(),
    ];
    files.into_iter().flatten().collect()
}

/// A folder of fixtures.
fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// The names of its folders.
fn folders(of: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(of).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// All that is in a folder, for a sandbox.
fn lay_out(folder: &Path, sandbox: &Sandbox) {
    if folder.is_dir() {
        sandbox.ok(&format!("cp -r '{}/.' .", folder.display()));
    }
}

/// `rampkit dockerfile` with words as they are.
fn rampkit(sandbox: &Sandbox, words: &[String]) -> Run {
    let words: String = words.iter().map(|word| format!(" '{word}'")).collect();
    let stdin = if sandbox.path("stdin.yaml").exists() { " < stdin.yaml" } else { "" };
    sandbox.sh(&format!("rampkit dockerfile{words}{stdin}"))
}

/// A sandbox with the folder `m`: a module.yaml, and what it may name.
fn sandbox(module_yaml: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("m/module.yaml", module_yaml);
    sandbox.write("m/a.so", "x");
    sandbox.write("m/lib/b", "y");
    sandbox.write("m/x.sh", "#!/bin/sh\n");
    sandbox.ok("chmod 755 m/x.sh");
    sandbox
}
