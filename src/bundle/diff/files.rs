//! What two bundles hold: their modules' files, the files of dependencies, further entries.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::compare::{changed, set};
use super::{Change, Subject};
use crate::bundle::inspect::{Dependency, Entry, Named, Portrait};
use crate::elf::{BinaryFacts, RequiredVersion};

/// What is known of the module's file, whatever is said of it.
pub fn module(both: [&Portrait; 2]) -> Vec<Change> {
    let entry =
        |part: fn(&Entry) -> Value| both.map(|it| it.module.as_ref().map_or(Value::Null, part));
    let facts = [
        ("architecture", both.map(|it| json!(it.architecture))),
        ("sha256", entry(|it| json!(it.sha256))),
        ("size", entry(|it| it.size.into())),
    ];
    let facts = facts.into_iter();
    facts.filter_map(|(name, both)| changed(Subject::Module, name, None, both)).collect()
}

/// What the module's file asks of the machine it runs on, and what else is known of it.
pub fn binary(both: [&BinaryFacts; 2]) -> Vec<Change> {
    let facts = [
        ("run_path", both.map(|it| json!(it.run_path.as_ref().map(|path| path.folders.join(":"))))),
        ("executable_stack", both.map(|it| it.executable_stack.into())),
        ("text_relocations", both.map(|it| it.text_relocations.into())),
        ("static_tls", both.map(|it| json!(it.static_tls))),
        ("debug_sections", both.map(|it| it.strippable.debug.into())),
        ("symbol_table", both.map(|it| it.strippable.symbols.into())),
        ("compilers", both.map(|it| json!(it.compilers))),
    ];
    let facts = facts.into_iter();
    let facts = facts.filter_map(|(name, both)| changed(Subject::Module, name, None, both));
    let families: BTreeSet<&str> =
        both.iter().flat_map(|it| it.versions.iter().map(RequiredVersion::family)).collect();
    let symbols = families.into_iter().filter_map(|family| {
        changed(Subject::Symbols, family, None, both.map(|it| highest(it, family)))
    });
    facts.chain(symbols).chain(set(Subject::Library, both.map(|it| it.needed.clone()))).collect()
}

/// "2.28" of `GLIBC_2.28`
fn highest(facts: &BinaryFacts, family: &str) -> Value {
    facts.highest(family).and_then(|it| it.version.rsplit('_').next()).into()
}

/// The dependencies with the entries they are embedded as.
pub fn dependencies(portrait: &Portrait) -> Vec<Named> {
    let whole = |it: &Dependency| {
        let mut named = it.said.clone();
        let entry = it.entry.as_ref();
        named.fields.insert("optional".to_owned(), it.optional.into());
        named.fields.insert("entry".to_owned(), json!(entry.map(|entry| &entry.path)));
        if it.verified != Some(true) {
            let found = entry.and_then(|entry| entry.sha256);
            named.fields.insert("found_sha256".to_owned(), json!(found));
        }
        named
    };
    portrait.dependencies.iter().map(whole).collect()
}

/// The entries that nothing else is told of; `module.json` where it says nothing.
pub fn further(portrait: &Portrait) -> Vec<Named> {
    let embedded = portrait.dependencies.iter().filter_map(|it| it.entry.as_ref());
    let told: HashSet<&Entry> = embedded.chain(&portrait.module).collect();
    let is_told = |entry: &Entry| match entry.path.as_str() {
        "module.json" => !portrait.metadata.is_empty(),
        _ => told.contains(&entry),
    };
    let named = |entry: &Entry| {
        let fields = [("size", entry.size.into()), ("sha256", json!(entry.sha256))];
        let fields = fields.map(|(key, value)| (key.to_owned(), value));
        Named { name: entry.path.clone(), fields: Map::from_iter(fields) }
    };
    portrait.entries.iter().filter(|entry| !is_told(entry)).map(named).collect()
}
