//! What `module.json` promises of the bytes of other entries.
//!
//! In: an outline. Out: for entries the digests they must have, a [`Finding`] for a promise that
//! cannot be held against anything, a [`Warning`] for an entry of which nothing is promised.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::archive::zip::{Kind, shown};
use crate::bundle::dependency::{FIELDS, entry_paths};
use crate::bundle::open::{Outline, listed};
use crate::digest::Sha256;
use crate::finding::Finding;
use crate::warning::Warning;

/// What is promised.
#[derive(Debug, Default)]
pub struct Promised {
    /// By the index of the entry: the code of the finding that a broken promise is, who gives it,
    /// and the digest.
    digests: BTreeMap<usize, Vec<(&'static str, String, Sha256)>>,
    /// Promises that say nothing.
    pub findings: Vec<Finding>,
    /// Entries of which nothing is promised.
    pub warnings: Vec<Warning>,
}

impl Promised {
    /// Reads what the bundle's `module.json` promises.
    pub fn by(outline: &Outline) -> Self {
        let mut promised = Self::default();
        let codes = ["sha256_contradicts", "sha256_invalid"];
        if let Some(module) = outline.module {
            promised.add(module, codes, "the module", outline.metadata.get("sha256"));
        }
        let codes = ["dependency_sha256_contradicts", "dependency_sha256_invalid"];
        let entries = dependencies(outline);
        for field in FIELDS {
            let named = outline.metadata.get(field).and_then(Value::as_object);
            for (name, said) in named.into_iter().flatten() {
                let url = said.get("url").and_then(Value::as_str);
                let entry = entry_paths(name, url).find_map(|path| entries.get(&*path));
                if let Some(&entry) = entry {
                    let who = format!("dependency {}", shown(name.as_bytes()));
                    promised.add(entry, codes, &who, said.get("sha256"));
                }
            }
        }
        promised.doubt_the_rest(&entries);
        promised
    }

    /// Whether the entry at `index` is what was promised; its digest is `actual`.
    pub fn broken(&self, index: usize, actual: Sha256) -> impl Iterator<Item = Finding> {
        let promises = self.digests.get(&index).into_iter().flatten();
        promises.filter(move |(.., said)| *said != actual).map(move |(code, who, said)| {
            Finding::error(code, format!("the sha256 of {who} is {actual}, and must be {said}"))
        })
    }

    fn add(&mut self, index: usize, codes: [&'static str; 2], who: &str, said: Option<&Value>) {
        let [contradicts, invalid] = codes;
        let promises = self.digests.entry(index).or_default();
        match said.map(|said| said.as_str().map(str::parse)) {
            Some(Some(Ok(digest))) => promises.push((contradicts, who.to_owned(), digest)),
            Some(_) => {
                let text = format!("the sha256 that is given for {who} is none");
                self.findings.push(Finding::error(invalid, text));
            }
            None => self.warnings.push(Warning::new(format!("no sha256 is given for {who}"))),
        }
    }

    fn doubt_the_rest(&mut self, entries: &BTreeMap<&str, usize>) {
        let rest = entries.iter().filter(|(_, index)| !self.digests.contains_key(index));
        let rest: Vec<&str> = rest.map(|(name, _)| *name).collect();
        if !rest.is_empty() {
            let text = format!("module.json names no dependency that is {}", listed(&rest));
            self.warnings.push(Warning::new(text).advise("nothing tells what they must be"));
        }
    }
}

/// The index of each file in `deps/`, by its name.
fn dependencies(outline: &Outline) -> BTreeMap<&str, usize> {
    let records = outline.archive.records.iter().enumerate();
    records
        .filter(|(_, record)| record.kind == Kind::File && record.name.starts_with("deps/"))
        .map(|(index, record)| (&*record.name, index))
        .collect()
}
