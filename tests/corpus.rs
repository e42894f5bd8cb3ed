//! What a fuzzer begins with, and what fuzzers have found: nothing of it may panic or hang.

#[path = "fuzz/lib.rs"]
mod fuzz;

use std::fs;
use std::path::Path;
use std::time::Duration;

use libtest_mimic::Trial;

use crate::harness::computed;
use crate::test;

/// As long as a fuzzer would wait.
const LIMIT: Duration = Duration::from_secs(10);

pub fn all() -> Vec<Trial> {
    vec![
        test!(bundles),
        test!(dependencies),
        test!(descriptors),
        test!(git_servers),
        test!(metadata),
        test!(manifests),
        test!(templates),
    ]
}

fn bundles() {
    walk("bundle", fuzz::bundle);
}

fn dependencies() {
    walk("dependency", fuzz::dependency);
}

fn descriptors() {
    walk("descriptor", fuzz::descriptor);
}

fn git_servers() {
    walk("git", fuzz::git);
}

fn metadata() {
    walk("metadata", fuzz::metadata);
}

fn manifests() {
    walk("manifest", fuzz::manifest);
}

fn templates() {
    walk("template", fuzz::template);
}

fn walk(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fuzz").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        println!("{}", file.display());
        let bytes = fs::read(&file).unwrap();
        let start = computed();
        body(&bytes);
        let took = computed() - start;
        assert!(took < LIMIT, "{} takes {took:?}", file.display());
    }
}
