//! What is chosen, in which order, and what is said where nothing can be.

use super::*;
use crate::descriptor::document::{Module, Wants};
use crate::install::{Candidate, Origin, later_wins};

/// A module, as `NAME[@VERSION][: NAME[@VERSION] …]`.
fn candidate(n: usize, line: &str) -> Candidate {
    let (label, wants) = line.split_once(": ").unwrap_or((line, ""));
    let Wanted { name, version } = wanted(label);
    let install = wants.split_whitespace().map(wanted).collect();
    let module = Module { name, version, modules: Some(Wants { install }), ..Module::default() };
    let name = format!("{n}/module.yaml:1");
    Candidate { module, origin: Origin { name, folder: None, is_passing: false } }
}

fn wanted(label: &str) -> Wanted {
    let (name, version) = label.split_once('@').map_or((label, None), |(n, v)| (n, Some(v)));
    Wanted { name: name.to_owned(), version: version.map(str::to_owned) }
}

fn catalogue(lines: &[&str]) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for (n, line) in lines.iter().enumerate() {
        catalogue.add(candidate(n, line)).unwrap();
    }
    catalogue
}

fn chosen(lines: &[&str], target: &str, excluded: &[&str]) -> Result<Installation, Error> {
    // What begins with `=` is defined by a file, which pins nothing.
    let wish = |label: &str| match label.strip_prefix('=') {
        Some(label) => Wish::new(&wanted(label), "file.yaml:1"),
        None => Wish::new(&wanted(label), "image.yaml:1").pinning(),
    };
    let wishes: Vec<Wish> = target.split_whitespace().map(wish).collect();
    let excluded: Vec<String> = excluded.iter().map(|it| (*it).to_owned()).collect();
    choose(&catalogue(lines), &wishes, &excluded)
}

fn order(lines: &[&str], target: &str) -> String {
    let installation = chosen(lines, target, &[]).unwrap();
    let labels: Vec<String> =
        installation.modules.iter().map(|chosen| chosen.candidate.label()).collect();
    labels.join(" ")
}

/// The error and its hint.
fn error(lines: &[&str], target: &str, excluded: &[&str]) -> String {
    let error = chosen(lines, target, excluded).unwrap_err();
    format!("{error}; {}", error.hint().unwrap())
}

#[test]
fn a_module_stands_behind_what_it_asks_for() {
    assert_eq!(order(&["a: b c", "b: d", "c", "d", "e"], "a e"), "d b c a e");
    assert_eq!(order(&["a: b c", "b: d", "c: d", "d"], "a"), "d b c a");
    assert_eq!(order(&["a: b c", "b: d", "c: d", "d"], "c a c"), "d c b a");
    assert_eq!(order(&["a"], ""), "");
}

#[test]
fn who_asks_for_whom() {
    let installation = chosen(&["a: b c b", "b: d", "c: d@1", "d@1"], "a d a", &[]).unwrap();
    assert_eq!(installation.edges, [(1, 0), (2, 0), (3, 1), (3, 2)]);
    let why = |n: usize| {
        let why = installation.modules[n].why.iter();
        why.map(|wish| format!("{}: {}", wish.by, wish.label())).collect::<Vec<String>>().join(", ")
    };
    assert_eq!(why(0), "b: d, c: d 1, image.yaml:1: d");
    assert_eq!((why(1), why(3)), ("a: b".into(), "image.yaml:1: a".into()));
}

#[test]
fn a_ring_is_printed() {
    assert_eq!(
        error(&["z: a", "a: b", "b: c", "c: a"], "z", &[]),
        "modules ask for each other: a → b → c → a; take one of these out of the other's \
         modules.install"
    );
    let own = error(&["a@1: a", "a@2"], "a@1", &[]);
    assert!(own.starts_with("modules ask for each other: a 1 → a 1;"), "{own}");
}

#[test]
fn what_is_missing_and_who_asks_for_it() {
    let lines = &["lib@1.9", "lib@1.10", "lib@2.0.dev1", "pre@1-rc1", "a@1: lib@3", "libs: libz"];
    assert_eq!(
        error(lines, "a", &[]),
        "there is no lib 3, which a 1 asks for; there are lib 2.0.dev1, 1.10, 1.9"
    );
    assert_eq!(
        error(lines, "libs", &[]),
        "there is no module libz, which libs asks for; the nearest names are lib and libs"
    );
    assert_eq!(
        error(lines, "pre", &[]),
        "there is no release of pre, which image.yaml:1 asks for; its newest pre-release is 1-rc1: \
         ask for that with `version: 1-rc1`, or for it in the target's modules.install"
    );
    assert_eq!(
        error(&["x", "y"], "zzz", &[]),
        "there is no module zzz, which image.yaml:1 asks for; 2 modules are there: x, y"
    );
    assert_eq!(
        error(&["x"], "x@1", &[]),
        "there is no x 1, which image.yaml:1 asks for; x is there without a version: ask for it \
         without one"
    );
}

#[test]
fn the_version() {
    let libs = ["lib@1.9", "lib@1.10", "lib@2.0.dev1"];
    let with = |more: &[&'static str]| [&libs[..], more].concat();
    assert_eq!(order(&libs, "lib"), "lib 1.10");
    assert_eq!(order(&libs, "lib@2.0.dev1"), "lib 2.0.dev1");
    assert_eq!(order(&libs, "lib@v1.9.0"), "lib 1.9");
    // Whoever says none takes what somebody else says, before or behind it.
    assert_eq!(order(&with(&["a: lib", "b: lib@1.9"]), "a b"), "lib 1.9 a b");
    assert_eq!(order(&with(&["a: lib", "b: lib@1.9"]), "b a"), "lib 1.9 b a");
    assert_eq!(order(&with(&["a: lib", "b: lib@2.0.dev1"]), "a lib b"), "lib 2.0.dev1 a b");
    assert_eq!(order(&with(&["b: lib@1.9", "c: b"]), "lib c"), "lib 1.9 b c");
}

#[test]
fn versions_in_conflict() {
    let lines = &["lib@1.9", "lib@1.10", "a@1: lib@1.9", "b@1: lib@1.10"];
    assert_eq!(
        error(lines, "a b", &[]),
        "a 1 asks for lib 1.9, and b 1 for lib 1.10; pin one in the target's modules.install"
    );
    assert_eq!(
        order(lines, "a b lib@1.9"),
        "lib 1.9 a b".replace("lib 1.9 a", "lib 1.9 a 1") + " 1"
    );
    assert_eq!(order(lines, "lib@1.10 a b"), "lib 1.10 a 1 b 1");
    assert_eq!(
        error(lines, "a =lib@1.10", &[]),
        "a 1 asks for lib 1.9, and file.yaml:1 for lib 1.10; pin one in the target's modules.install"
    );
    assert_eq!(order(lines, "a =lib@1.10 lib@1.10"), "lib 1.10 a 1");
    assert_eq!(
        error(lines, "lib@1.9 lib@1.10", &[]),
        "image.yaml:1 asks for lib 1.9, and image.yaml:1 for lib 1.10; leave one of them out"
    );
}

#[test]
fn a_conflict_that_another_version_takes_away_is_none() {
    let lines = &["lib@1", "lib@2: y@1", "y@1", "y@2", "b: lib@1", "c: y@2"];
    assert_eq!(order(lines, "lib b c"), "lib 1 b y 2 c");
    // Who asks for another version is there only with this one.
    let lines = &["lib@1", "lib@2: c", "c: lib@1"];
    assert_eq!(
        error(lines, "lib", &[]),
        "who asks for a version of lib is there only with another version of it; say in the \
         target's modules.install which version to take"
    );
    let lines = &["p@1", "p@2: q@1", "q@1", "q@2: p@1"];
    assert!(error(lines, "p q", &[]).starts_with("who asks for a version of p and q is"));
    assert_eq!(order(lines, "p@2 q"), "q 1 p 2");
    assert_eq!(order(lines, "p q@2"), "p 1 q 2");
}

#[test]
fn the_same_version_twice() {
    let mut there = catalogue(&["a@1"]);
    there.add(candidate(0, "a@1")).unwrap();
    let error_of = |error: Error| format!("{error}; {}", error.hint().unwrap());
    assert_eq!(
        error_of(there.add(candidate(1, "a@1")).unwrap_err()),
        "a 1 is defined twice: 0/module.yaml:1 and 1/module.yaml:1; remove one, or give it another \
         version"
    );
    let lines = &["a@1.0", "a@1.0.0", "a@0.1"];
    assert_eq!(order(lines, "a@1.0.0"), "a 1.0.0");
    for target in ["a", "a@1"] {
        let said = error(lines, target, &[]);
        assert!(said.starts_with("a 1.0 (or a 1.0.0) is defined twice: 0/"), "{said}");
    }
    assert!(error(&["a", "a@1"], "a", &[]).starts_with("a (or a 1) is defined twice"));
}

#[test]
fn what_is_excluded_stays_out() {
    let lines = &["a: b", "b: c", "c", "d"];
    let installation = chosen(lines, "a d", &["a", "nix"]).unwrap();
    assert_eq!(installation.modules.len(), 1);
    assert_eq!(
        error(lines, "a", &["c"]),
        "c is excluded, and b asks for it; exclude that one as well, or leave out --exclude c"
    );
    assert!(chosen(lines, "a", &["a", "b", "c"]).unwrap().modules.is_empty());
}

#[test]
fn a_later_module_replaces_an_earlier_one() {
    let of = |n, line| candidate(n, line);
    let mut other_line = of(2, "b@3");
    other_line.origin.name = "2/module.yaml:7".to_owned();
    let (modules, warnings) =
        later_wins(vec![of(1, "a@1"), of(2, "b@1"), of(3, "c"), of(12, "a@2"), other_line]);
    let labels: Vec<String> = modules.iter().map(Candidate::label).collect();
    assert_eq!(labels, ["a 2", "b 3", "c"]);
    let warnings: Vec<String> = warnings.into_iter().map(|it| it.message).collect();
    assert_eq!(warnings, ["a of 12/module.yaml:1 replaces that of 1/module.yaml:1"]);
    let file = |name: &str| Origin { name: name.to_owned(), folder: None, is_passing: false };
    assert_eq!(file("a:b1:3").file(), "a:b1");
    assert_eq!(file("m/v2:3:5").file(), "m/v2");
    assert_eq!(file("redis-1.zip").file(), "redis-1.zip");
}
