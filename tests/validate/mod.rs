//! `rampkit validate`.
//!
//! Each case is a good bundle in which one thing is otherwise, and all that is then found.

mod archives;
mod bundles;
mod commands;
mod dependencies;
mod fields;
mod output;
mod systems;
mod versions;
mod writers;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use libtest_mimic::Trial;
use serde_json::{Value, json};
use sha2::Digest as _;
use snapbox::IntoData;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::architecture::sources;
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    [
        archives::all(),
        bundles::all(),
        commands::all(),
        dependencies::all(),
        fields::all(),
        output::all(),
        systems::all(),
        versions::all(),
        writers::all(),
    ]
    .into_iter()
    .flatten()
    .chain([test!(every_finding_has_a_case)])
    .collect()
}

/// The codes of findings that the sources below a folder of `src` make.
pub fn codes(folder: &str) -> BTreeSet<String> {
    let openings = ["error(", "warning(", "note(", "warns(", "demand(", "audience("];
    let sources = sources().into_iter().filter(|(path, _)| path.starts_with(folder));
    let mut codes = BTreeSet::new();
    for (_, text) in sources {
        for opening in openings {
            let arguments = text.split(opening).skip(1).map(str::trim_start);
            let literals = arguments.filter_map(|text| text.strip_prefix('"')?.split_once("\","));
            let is_code = |word: &&str| {
                word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            };
            codes.extend(literals.map(|(code, _)| code).filter(is_code).map(str::to_owned));
        }
    }
    codes
}

fn every_finding_has_a_case() {
    let tests = [
        include_str!("archives.rs"),
        include_str!("bundles.rs"),
        include_str!("commands.rs"),
        include_str!("dependencies.rs"),
        include_str!("fields.rs"),
        include_str!("systems.rs"),
        include_str!("versions.rs"),
        include_str!("../../src/bundle/validate/binary/mod.rs"),
        include_str!("../../src/bundle/validate/checksums.rs"),
    ];
    let codes = codes("bundle/validate");
    assert!(codes.len() > 40, "{codes:?}");
    for code in codes {
        let is_found = |test: &&str| {
            ["error", "warning", "note"].iter().any(|it| test.contains(&format!("{it} {code} ")))
        };
        assert!(tests.iter().any(is_found), "no test finds {code}");
    }
}

/// The metadata of a bundle with which nothing is wrong.
const GOOD: &str = include_str!("../../fixtures/bundles/module.json");

/// A bundle to be, in a sandbox of its own.
struct Draft {
    sandbox: Sandbox,
    metadata: Value,
    /// What it holds beside `module.json`.
    entries: Vec<(String, Vec<u8>)>,
}

impl Draft {
    /// A good one.
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let mut module = fs::read(sandbox.module("hello")).unwrap();
        // e_machine of ELF: on any machine it is one for x86_64.
        module[18] = 62;
        let mut metadata: Value = serde_json::from_str(GOOD).unwrap();
        metadata["sha256"] = json!(sha256(&module));
        Self { sandbox, metadata, entries: vec![("hello.so".to_owned(), module)] }
    }

    /// The same with another value at a place of its metadata; without it, where there is none.
    fn with(&self, place: &str, value: impl Into<Option<Value>>) -> Changed<'_> {
        Changed { draft: self, metadata: self.metadata.clone() }.and(place, value)
    }

    /// The same with one more entry.
    fn holding(mut self, name: &str, bytes: &str) -> Self {
        self.entries.push((name.to_owned(), bytes.as_bytes().to_vec()));
        self
    }

    fn as_it_is(&self) -> Changed<'_> {
        Changed { draft: self, metadata: self.metadata.clone() }
    }
}

/// A draft whose metadata is otherwise.
struct Changed<'a> {
    draft: &'a Draft,
    metadata: Value,
}

impl Changed<'_> {
    /// One more change; see [`Draft::with`].
    fn and(mut self, place: &str, value: impl Into<Option<Value>>) -> Self {
        let (parent, key) = place.rsplit_once('/').unwrap();
        let parent = self.metadata.pointer_mut(parent).unwrap_or_else(|| panic!("no {place}"));
        match (value.into(), parent) {
            (Some(value), Value::Array(items)) => items[key.parse::<usize>().unwrap()] = value,
            (Some(value), parent) => parent[key] = value,
            (None, parent) => drop(parent.as_object_mut().unwrap().remove(key).unwrap()),
        }
        self
    }

    fn write(&self, name: &str) {
        let json = ("module.json".to_owned(), self.metadata.to_string().into_bytes());
        let entries = self.draft.entries.iter().chain([&json]);
        write(&self.draft.sandbox.path(name), entries);
    }

    /// Judges it, and holds all findings against what they must be; exit code and summary must fit.
    #[track_caller]
    fn finds(&self, options: &str, expected: impl IntoData) {
        self.write("x.zip");
        let run = self.draft.sandbox.sh(&format!("rampkit validate x.zip {options}"));
        // What is shown has backslashes, which are no paths.
        snapbox::assert_data_eq!(run.stdout.clone().raw(), expected.raw());
        let count =
            |severity: &str| run.stdout.lines().filter(|line| line.starts_with(severity)).count();
        let [errors, warnings, notes] = ["error ", "warning ", "note "].map(count);
        assert_eq!(run.code, i32::from(errors > 0), "{}{}", run.stdout, run.stderr);
        let s = |count: usize| if count == 1 { "" } else { "s" };
        let mut summary = format!(
            " Validated x.zip: {errors} error{}, {warnings} warning{}",
            s(errors),
            s(warnings)
        );
        if notes > 0 {
            summary += &format!(", {notes} note{}", s(notes));
        }
        assert_eq!(run.stderr, summary + "\n");
    }
}

fn write<'a>(path: &Path, entries: impl Iterator<Item = &'a (String, Vec<u8>)>) {
    let mut archive = ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in entries {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

fn sha256(bytes: impl AsRef<[u8]>) -> String {
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
